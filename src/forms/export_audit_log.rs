//! "Export audit log": all entries that match, as a file.

use atrium_domain::audit::{Entry, Exported, csv_head};
use atrium_ui::{
    Button, ButtonKind, Dialog, DialogActions, Icon, InlineError, Messages, all, dynamic, effect, el,
    mend_focus, spawn,
};
use leptos::prelude::*;

use crate::api::{self, ApiError, AuditQuery, MOST_ENTRIES, Pace};
use crate::components::{Actors, Progress, count_of, progress_bar};
use crate::download;
use crate::session::Place;

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

impl Format {
    const fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("audit-log.csv", "text/csv;charset=utf-8"),
            Self::Json => ("audit-log.json", "application/json"),
        }
    }
}

/// The dialog "Export audit log".
#[component]
pub fn ExportAuditLog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Which entries.
    asked: Memo<AuditQuery>,
    /// Who did it.
    actors: Actors,
) -> impl IntoView {
    view! {
        <Dialog title="Export audit log" open>
            <Body open asked actors />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Body(open: RwSignal<bool>, asked: Memo<AuditQuery>, actors: Actors) -> impl IntoView {
    let place = Place::current();
    let messages = Messages::expect();
    let reading = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let progress: Progress = RwSignal::new((0, None));
    let pace = Pace::new();
    on_cleanup(move || pace.stop());
    let begin = Callback::new(move |format: Format| {
        error.set(None);
        progress.set((0, None));
        reading.set(true);
        pace.begin();
        let question = asked.get_untracked();
        spawn(async move {
            let result = write(format, place, &question, actors, pace, progress).await;
            let _ = reading.try_set(false);
            if pace.is_stopped() {
                return;
            }
            match result {
                Ok((text, count)) => {
                    let (name, kind) = format.file();
                    download::save(name, kind, &text);
                    messages.success(format!("{} exported to {name}.", count_of(count, "entry", "entries")));
                    let _ = open.try_set(false);
                }
                Err(failed) => {
                    error.try_set(Some(format!("Nothing was exported. {}", failed.sentence)));
                }
            }
        });
    });
    // Each stage has buttons of its own.
    effect(move || {
        reading.track();
        mend_focus("dialog[open] footer button");
    });
    let view = move || {
        if reading.get() {
            let stop = Callback::new(move |()| pace.stop());
            let cancel = view! { <Button label="Cancel" autofocus=true on_press=stop /> };
            return all([
                progress_bar("Reading the audit log", progress, pace),
                view! { <DialogActions>{cancel.into_any()}</DialogActions> }.into_any(),
            ]);
        }
        let close = Callback::new(move |()| open.set(false));
        let button = |label: &'static str, format: Format, kind: ButtonKind| {
            let press = Callback::new(move |()| begin.run(format));
            let autofocus = format == Format::Csv;
            view! { <Button label kind icon=Icon::Download autofocus on_press=press /> }.into_any()
        };
        let buttons = all([
            view! { <Button label="Cancel" on_press=close /> }.into_any(),
            button("Export as JSON", Format::Json, ButtonKind::Secondary),
            button("Export as CSV", Format::Csv, ButtonKind::Primary),
        ]);
        let words = "All entries that match the filters, also those not shown yet: when, who, what, where, the outcome, \
                     what was there before and after, and the request.";
        all([
            el("p").with(words).view(),
            view! { <InlineError text=error /> }.into_any(),
            view! { <DialogActions>{buttons}</DialogActions> }.into_any(),
        ])
    };
    el("div").class("bulk").with(dynamic(view)).view()
}

/// The file, and how many entries are in it. New entries come before the cursor: they neither move the
/// pages nor get into the file twice.
async fn write(
    format: Format,
    place: Place,
    asked: &AuditQuery,
    actors: Actors,
    pace: Pace,
    progress: Progress,
) -> Result<(String, usize), ApiError> {
    let mut text = match format {
        Format::Csv => csv_head(),
        Format::Json => "[".to_owned(),
    };
    let (mut count, mut cursor) = (0, None::<String>);
    loop {
        let ask = || api::audit_log(place.organization_id(), asked, cursor.as_deref(), MOST_ENTRIES);
        let page = pace.run(ask).await?;
        pace.run(|| actors.learn(&page.entries)).await?;
        // Left meanwhile: the page's signals may be gone, and nobody waits for the file.
        if pace.is_stopped() {
            break;
        }
        for entry in &page.entries {
            let line = exported(entry, place, actors);
            match format {
                Format::Csv => line.write_csv(&mut text),
                Format::Json => {
                    text.push_str(if count == 0 { "\n" } else { ",\n" });
                    line.write_json(&mut text);
                }
            }
            count += 1;
        }
        progress.try_set((count, None));
        if pace.is_stopped() {
            break;
        }
        match page.cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    if format == Format::Json {
        text.push_str("\n]\n");
    }
    Ok((text, count))
}

fn exported(entry: &Entry, place: Place, actors: Actors) -> Exported<'_> {
    untrack(|| {
        let (name, way) = actors.name(entry);
        let workspace = entry.workspace.as_ref().and_then(|id| {
            place.workspaces.data.with(|all| {
                all.iter().flatten().find(|one| one.id == *id).map(|one| one.display_name.clone())
            })
        });
        Exported {
            entry,
            actor: way.map_or_else(|| name.clone(), |way| format!("{name}, {way}")),
            workspace: workspace.unwrap_or_default(),
        }
    })
}
