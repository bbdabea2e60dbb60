//! Settings > Audit log: who changed what, where and when, with what was there before and after.

mod example;
mod filters;
mod line;

use atrium_domain::Action;
use atrium_domain::audit::Entry;
use atrium_ui::{
    Button, ButtonKind, EmptyState, Icon, InlineError, TableFrame, all, derive, dynamic, effect, el,
    heading_row, keyed, memo, spawn, table_parts, text, when,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use self::filters::Filters;
use crate::api::{self, AUDIT_PAGE, AuditQuery, query};
use crate::components::{Actors, Loaded, PageTitle};
use crate::forms::ExportAuditLog;
use crate::session::{Place, Session};

/// The columns, each with its class.
fn headings() -> [(&'static str, &'static str); 5] {
    [(t!("When"), ""), (t!("Who"), ""), (t!("What"), ""), (t!("Where"), ""), (t!("Before and after"), "")]
}

/// `/o/{organization}/settings/audit-log`
#[component]
pub fn AuditLogPage() -> impl IntoView {
    let place = Place::current();
    let denied = memo(move || place.why_not(&Action::ReadAuditLog));
    let in_plan =
        memo(move || place.caller.with(|caller| caller.as_ref().is_some_and(|one| one.can_use_audit_logs)));
    let page = dynamic(move || match denied.get() {
        None => log(place),
        Some(reason) if in_plan.get() => {
            let ask = t!("An Organization Admin or Operator can look something up for you.");
            let text = format!("{reason} {ask}");
            view! { <EmptyState title=t!("You may not read the audit log") text icon=Icon::Lock /> }
                .into_any()
        }
        Some(reason) => example::not_in_plan(place, reason),
    });
    all([view! { <PageTitle title=t!("Audit log") /> }.into_any(), page])
}

/// What was read so far: the first page, and what was asked for after it.
#[derive(Clone, Copy)]
struct Read {
    more: RwSignal<Vec<Entry>>,
    /// Where the next page begins; none where all was read.
    next: RwSignal<Option<String>>,
    /// Whether the first page is asked for anew.
    loading: RwSignal<bool>,
    busy: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
}

fn log(place: Place) -> AnyView {
    let session = Session::current();
    let filters = Filters::read();
    let actors = Actors::new(place);
    let exporting = RwSignal::new(false);
    let again = RwSignal::new(0_u32);
    let asked = memo(move || {
        again.track();
        filters.question(session.info.with(|info| info.instance_flags.audit_query))
    });
    let first = query(
        move || place.organization.get(),
        move || Some(api::audit_log(place.organization.get(), &asked.get(), None, AUDIT_PAGE)),
    );
    let more = RwSignal::new(Vec::<Entry>::new());
    let entries = derive(move || {
        let mut all =
            first.data.with(|page| page.as_ref().map(|page| page.entries.clone()).unwrap_or_default());
        more.with(|more| all.extend(more.iter().cloned()));
        all
    });
    let read = Read {
        more,
        next: RwSignal::new(None),
        loading: first.loading,
        busy: RwSignal::new(None),
        error: RwSignal::new(None),
    };
    effect(move || {
        let (cursor, some) = first
            .data
            .with(|page| page.as_ref().map(|page| (page.cursor.clone(), page.entries.clone())))
            .unwrap_or_default();
        more.set(Vec::new());
        read.next.set(cursor);
        read.error.set(None);
        learn(actors, some);
    });
    let count = memo(move || entries.with(Vec::len));
    let refresh = Callback::new(move |()| again.update(|count| *count += 1));
    let export = Callback::new(move |()| exporting.set(true));
    let bar = filters
        .bar(place, actors)
        .with(el("span").class("toolbar-gap").attr("role", "status").with(text(move || {
            if first.data.with(Option::is_none) {
                return String::new();
            }
            if read.next.with(Option::is_some) {
                tn!(count.get(), "{count}+ entry", "{count}+ entries")
            } else {
                tn!(count.get(), "{count} entry", "{count} entries")
            }
        })))
        .with(view! { <Button label=t!("Refresh") icon=Icon::Refresh icon_only=true kind=ButtonKind::Quiet on_press=refresh /> })
        .with(view! { <Button label=t!("Export") icon=Icon::Download on_press=export /> });
    let keys = derive(move || {
        let key = |(index, one): (usize, &Entry)| format!("{index} {}", one.id);
        entries.with(|all| all.iter().enumerate().map(key).collect::<Vec<_>>())
    });
    let context =
        line::Context { place, actors, only: filters.can_ask_for_actors(session), choose: filters.actor.set };
    let row = move |key: String| {
        let index = key.split(' ').next().and_then(|index| index.parse::<usize>().ok());
        let one = entries.with_untracked(|all| all.get(index?).cloned());
        one.map_or_else(|| ().into_any(), |one| line::row(one, context))
    };
    let table = move || {
        if count.get() == 0 {
            return nothing(filters);
        }
        let rows = derive(move || count.get() + 1);
        view! {
            <TableFrame label=t!("Audit log") row_count=rows busy=derive(move || first.loading.get())>
                {table_parts(heading_row(&headings()), keyed(keys, row))}
            </TableFrame>
        }
        .into_any()
    };
    let empty = memo(move || count.get() == 0);
    let list = view! {
        <Loaded query=first what=t!("the audit log") rows=8>
            {dynamic(move || {
                // The rows follow by themselves. A memo that nobody reads is told of nothing.
                let _ = empty.get();
                untrack(table)
            })}
        </Loaded>
    };
    all([
        el("p")
            .class("lead")
            .with(t!("Every change of this organization, the newest first: who made it, and what was there before and after."))
            .view(),
        bar.view(),
        list.into_any(),
        older(place, read, actors, asked),
        view! { <ExportAuditLog open=exporting asked actors /> }.into_any(),
    ])
}

/// Names show when they come; where they cannot be asked for, the entries are there all the same.
fn learn(actors: Actors, entries: Vec<Entry>) {
    spawn(async move {
        let _ = actors.learn(&entries).await;
    });
}

fn nothing(filters: Filters) -> AnyView {
    if !filters.any() {
        let text = t!(
            "Nothing was changed yet. Invitations, roles, workspaces, keys and billing will be told of here."
        );
        return view! { <EmptyState title=t!("No entries yet") text icon=Icon::Clock /> }.into_any();
    }
    let clear = Callback::new(move |()| filters.clear());
    view! {
        <EmptyState
            title=t!("Nothing matches")
            text=t!("No change has this operation, outcome, workspace and person in this time.")
            icon=Icon::Search
        >
            <Button label=t!("Clear the filters") on_press=clear />
        </EmptyState>
    }
    .into_any()
}

/// The way to what happened before.
fn older(place: Place, read: Read, actors: Actors, asked: Memo<AuditQuery>) -> AnyView {
    let press = Callback::new(move |()| {
        let Some(cursor) = read.next.get_untracked() else { return };
        // The cursor is the earlier question's until the new one is answered.
        if read.loading.get_untracked() || read.busy.with_untracked(Option::is_some) {
            return;
        }
        read.error.set(None);
        read.busy.set(Some(t!("Loading older entries").to_owned()));
        let question = asked.get_untracked();
        spawn(async move {
            let answer = api::audit_log(place.organization_id(), &question, Some(&cursor), AUDIT_PAGE).await;
            read.busy.try_set(None);
            // Another question was asked meanwhile, or the page is gone.
            if read.next.try_get_untracked().flatten().as_ref() != Some(&cursor) {
                return;
            }
            match answer {
                Ok(page) => {
                    learn(actors, page.entries.clone());
                    read.next.set(page.cursor);
                    read.more.update(|more| more.extend(page.entries));
                }
                Err(failed) => {
                    let said = t!("Older entries were not loaded.");
                    read.error.set(Some(format!("{said} {}", failed.sentence)));
                }
            }
        });
    });
    when(
        move || read.next.with(Option::is_some),
        move || {
            el("div")
                .class("more")
                .with(view! { <Button label=t!("Show older entries") busy=read.busy on_press=press /> })
                .with(view! { <InlineError text=read.error /> })
                .view()
        },
    )
}
