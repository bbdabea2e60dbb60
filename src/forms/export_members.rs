//! "Export members": everybody who matches, or who is selected, as a file.

use atrium_domain::OrganizationRole;
use atrium_domain::people_export::{ExportedPerson, csv_head};
use atrium_ui::{
    Banner, Button, ButtonKind, Dialog, DialogActions, InlineError, Messages, Tone, all, dynamic, effect, el,
    mend_focus, spawn, text,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::export::{File, Format, choose_format, while_reading};
use crate::api::{Pace, PeopleQuery, Person};
use crate::components::Progress;
use crate::session::Place;
use crate::table::{Chosen, Ids, Selection, Step, line_of, read_all, read_chosen};

/// Adds people to a file, each with the names of roles and workspaces.
fn add(file: &mut File, place: Place, people: Vec<Person>) {
    let (roles, workspaces) = untrack(|| {
        let workspaces = place.workspaces.data.get();
        (place.roles.data.get().unwrap_or_default(), workspaces.unwrap_or_default())
    });
    for person in people {
        let line = line_of(person, &roles, &workspaces, None);
        let exported = ExportedPerson {
            status: match (line.invited, line.is_disabled) {
                _ if line.removed.is_some() => "Removed",
                (true, _) => "Invited",
                (_, true) => "Disabled",
                _ => "Active",
            },
            in_all: line.role == OrganizationRole::Admin,
            email: line.email,
            name: line.name,
            role: line.role_name,
            workspaces: line
                .workspaces
                .into_iter()
                // One that cannot be entered has no name here.
                .map(|one| (if one.name.is_empty() { one.id } else { one.name }, one.role))
                .collect(),
            since: line.since,
            invited: line.invited,
        };
        file.add(|text| exported.write_csv(text), |text| exported.write_json(text));
    }
}

/// The dialog "Export members".
#[component]
pub fn ExportMembers(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Who is selected.
    selection: Selection,
    /// How many match.
    count: Signal<usize>,
    /// Whether they are exactly so many.
    exact: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Dialog title=t!("Export members") open>
            <Body open selection count exact />
        </Dialog>
    }
    .into_any()
}

/// How far an export has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    Reading(Format),
    /// It was read, but the list moved.
    Moved(Format),
}

#[component]
fn Body(
    open: RwSignal<bool>,
    selection: Selection,
    count: Signal<usize>,
    exact: RwSignal<bool>,
) -> impl IntoView {
    let place = Place::current();
    let messages = Messages::expect();
    let stage = RwSignal::new(Stage::Asking);
    let error = RwSignal::new(None::<String>);
    let progress: Progress = RwSignal::new((0, None));
    let made = StoredValue::new_local(None::<File>);
    let pace = Pace::new();
    on_cleanup(move || pace.stop());
    let finish = move || {
        let people = made.try_update_value(|made| {
            let made = made.take()?;
            Some((made.rows, made.save()))
        });
        let Some(Some((people, name))) = people else { return };
        messages.success(tn!(
            people,
            "{count} person exported to {name}.",
            "{count} people exported to {name}.",
            name
        ));
        open.set(false);
    };
    let begin = Callback::new(move |format: Format| {
        error.set(None);
        progress.set((0, None));
        stage.set(Stage::Reading(format));
        pace.begin();
        let (chosen, asked) = selection.now();
        let only_selected = selection.count.get_untracked() > 0;
        spawn(async move {
            let organization = place.organization_id();
            let result =
                write(format, place, &organization, only_selected.then_some(chosen), asked, pace, progress);
            match result.await {
                Ok((file, still)) => {
                    if made.try_set_value(Some(file)).is_some() {
                        return;
                    }
                    if still { finish() } else { stage.set(Stage::Moved(format)) }
                }
                Err(_) if pace.is_stopped() => _ = stage.try_set(Stage::Asking),
                Err(failed) => {
                    stage.try_set(Stage::Asking);
                    error.try_set(Some(t!("Nothing was exported. {why}", why = failed.sentence)));
                }
            }
        });
    });
    let who = move || {
        let selected = selection.count.get();
        let who = match (selected > 0, exact.get()) {
            (true, _) => tn!(selected, "{count} person selected", "{count} people selected"),
            (false, true) => tn!(
                count.get(),
                "{count} person who matches the search and the filters",
                "{count} people who match the search and the filters"
            ),
            (false, false) => tn!(
                count.get(),
                "{count}+ person who matches the search and the filters",
                "{count}+ people who match the search and the filters"
            ),
        };
        t!(
            "{who}: address, name, status, role, workspaces with the role in each, and when they joined or were invited.",
            who
        )
    };
    // Each stage has buttons of its own.
    effect(move || {
        stage.track();
        mend_focus("dialog[open] footer button");
    });
    let view = move || match stage.get() {
        Stage::Asking => all([
            el("p").with(text(who)).view(),
            view! { <InlineError text=error /> }.into_any(),
            choose_format(open, begin),
        ]),
        Stage::Reading(_) => while_reading(t!("Reading the members"), progress, pace),
        Stage::Moved(format) => {
            let again = Callback::new(move |()| begin.run(format));
            let anyway = Callback::new(move |()| finish());
            let banner = view! {
                <Banner
                    tone=Tone::Warn
                    title=t!("The list changed while it was read")
                    text=t!("It was read three times, and somebody changed it each time. Somebody may be missing from the file, or be in it as they were before.")
                />
            };
            let buttons = all([
                view! { <Button label=t!("Save it anyway") on_press=anyway /> }.into_any(),
                view! { <Button label=t!("Read it again") kind=ButtonKind::Primary autofocus=true on_press=again /> }.into_any(),
            ]);
            all([banner.into_any(), view! { <DialogActions>{buttons}</DialogActions> }.into_any()])
        }
    };
    el("div").class("bulk").with(dynamic(view)).view()
}

/// The file, and whether the list stood still while it was read.
async fn write(
    format: Format,
    place: Place,
    organization: &str,
    chosen: Option<Chosen>,
    asked: PeopleQuery,
    pace: Pace,
    progress: Progress,
) -> Result<(File, bool), crate::api::ApiError> {
    let mut made = File::new(format, "members", csv_head);
    if let Some(Chosen::Some(ids)) = chosen {
        let chosen = Chosen::Some(ids);
        let read = read_chosen(organization, &chosen, &asked, pace, progress).await?;
        add(&mut made, place, read.0);
        return Ok((made, read.1));
    }
    let but = match chosen {
        Some(Chosen::AllBut(ids)) => ids,
        _ => Ids::new(),
    };
    let mut take = |step: Step| match step {
        Step::Begin => made.begin(),
        Step::People(mut people) => {
            people.retain(|person| !but.contains_key(&person.id));
            add(&mut made, place, people);
        }
    };
    let still = read_all(organization, &asked, pace, progress, &mut take).await?;
    Ok((made, still))
}
