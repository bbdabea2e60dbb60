//! "Export audit log": all entries that match, as a file.

use atrium_domain::audit::{Entry, Exported, csv_head};
use atrium_ui::{Dialog, InlineError, Messages, all, dynamic, effect, el, mend_focus, spawn};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::export::{File, Format, choose_format, while_reading};
use crate::api::{self, ApiError, AuditQuery, MOST_ENTRIES, Pace};
use crate::components::{Actors, Progress};
use crate::session::Place;

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
        <Dialog title=t!("Export audit log") open>
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
                Ok(file) => {
                    let (rows, name) = (file.rows, file.save());
                    messages.success(tn!(
                        rows,
                        "{count} entry exported to {name}.",
                        "{count} entries exported to {name}.",
                        name
                    ));
                    let _ = open.try_set(false);
                }
                Err(failed) => {
                    error.try_set(Some(t!("Nothing was exported. {why}", why = failed.sentence)));
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
            return while_reading(t!("Reading the audit log"), progress, pace);
        }
        let words = t!(
            "All entries that match the filters, also those not shown yet: when, who, what, where, the outcome, \
             what was there before and after, and the request."
        );
        all([
            el("p").with(words).view(),
            view! { <InlineError text=error /> }.into_any(),
            choose_format(open, begin),
        ])
    };
    el("div").class("bulk").with(dynamic(view)).view()
}

/// The file. New entries come before the cursor: they neither move the pages nor get into it twice.
async fn write(
    format: Format,
    place: Place,
    asked: &AuditQuery,
    actors: Actors,
    pace: Pace,
    progress: Progress,
) -> Result<File, ApiError> {
    let mut file = File::new(format, "audit-log", csv_head);
    let mut cursor = None::<String>;
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
            file.add(|text| line.write_csv(text), |text| line.write_json(text));
        }
        progress.try_set((file.rows, None));
        if pace.is_stopped() {
            break;
        }
        match page.cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    Ok(file)
}

fn exported(entry: &Entry, place: Place, actors: Actors) -> Exported<'_> {
    untrack(|| {
        let (name, way) = actors.english(entry);
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
