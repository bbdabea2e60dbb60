//! "Export members": everybody who matches, or who is selected, as a file.

use atrium_domain::OrganizationRole;
use atrium_domain::people_export::{ExportedPerson, csv_head};
use atrium_ui::{
    Banner, Button, ButtonKind, Dialog, DialogActions, Icon, InlineError, Messages, Tone, all, dynamic,
    effect, el, mend_focus, spawn, text,
};
use leptos::prelude::*;

use crate::api::{Pace, PeopleQuery, Person};
use crate::components::{Progress, number, progress_bar};
use crate::download;
use crate::session::Place;
use crate::table::{Chosen, Ids, Selection, Step, line_of, read_all, read_chosen};

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

impl Format {
    const fn file(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("members.csv", "text/csv;charset=utf-8"),
            Self::Json => ("members.json", "application/json"),
        }
    }
}

/// A file in the making.
struct Made {
    format: Format,
    place: Place,
    text: String,
    people: usize,
}

impl Made {
    fn new(format: Format, place: Place) -> Self {
        let mut made = Self { format, place, text: String::new(), people: 0 };
        made.begin();
        made
    }

    fn begin(&mut self) {
        self.people = 0;
        self.text = match self.format {
            Format::Csv => csv_head(),
            Format::Json => "[".to_owned(),
        };
    }

    fn add(&mut self, people: Vec<Person>) {
        let (roles, workspaces) = untrack(|| {
            let workspaces = self.place.workspaces.data.get();
            (self.place.roles.data.get().unwrap_or_default(), workspaces.unwrap_or_default())
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
            match self.format {
                Format::Csv => exported.write_csv(&mut self.text),
                Format::Json => {
                    self.text.push_str(if self.people == 0 { "\n" } else { ",\n" });
                    exported.write_json(&mut self.text);
                }
            }
            self.people += 1;
        }
    }

    fn save(&mut self) {
        if self.format == Format::Json {
            self.text.push_str("\n]\n");
        }
        let (name, kind) = self.format.file();
        download::save(name, kind, &self.text);
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
        <Dialog title="Export members" open>
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
    let made = StoredValue::new_local(None::<Made>);
    let pace = Pace::new();
    on_cleanup(move || pace.stop());
    let finish = move || {
        let people = made.try_update_value(|made| {
            let mut made = made.take()?;
            made.save();
            Some((made.people, made.format.file().0))
        });
        let Some(Some((people, name))) = people else { return };
        let who = if people == 1 { "person" } else { "people" };
        messages.success(format!("{} {who} exported to {name}.", number(people as u64)));
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
                    error.try_set(Some(format!("Nothing was exported. {}", failed.sentence)));
                }
            }
        });
    });
    let who = move || {
        let selected = selection.count.get();
        let (words, number) = if selected > 0 {
            ("selected", selected)
        } else {
            ("who match the search and the filters", count.get())
        };
        let more = if exact.get() || selected > 0 { "" } else { "+" };
        let people = if number == 1 { "person" } else { "people" };
        format!(
            "{}{more} {people} {words}: address, name, status, role, workspaces with the role in each, and when they joined or were invited.",
            crate::components::number(number as u64)
        )
    };
    // Each stage has buttons of its own.
    effect(move || {
        stage.track();
        mend_focus("dialog[open] footer button");
    });
    let view = move || match stage.get() {
        Stage::Asking => {
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
            all([
                el("p").with(text(who)).view(),
                view! { <InlineError text=error /> }.into_any(),
                view! { <DialogActions>{buttons}</DialogActions> }.into_any(),
            ])
        }
        Stage::Reading(_) => {
            let stop = Callback::new(move |()| pace.stop());
            let cancel = view! { <Button label="Cancel" autofocus=true on_press=stop /> };
            all([
                progress_bar("Reading the members", progress, pace),
                view! { <DialogActions>{cancel.into_any()}</DialogActions> }.into_any(),
            ])
        }
        Stage::Moved(format) => {
            let again = Callback::new(move |()| begin.run(format));
            let anyway = Callback::new(move |()| finish());
            let banner = view! {
                <Banner
                    tone=Tone::Warn
                    title="The list changed while it was read"
                    text="It was read three times, and somebody changed it each time. Somebody may be missing from the file, or be in it as they were before."
                />
            };
            let buttons = all([
                view! { <Button label="Save it anyway" on_press=anyway /> }.into_any(),
                view! { <Button label="Read it again" kind=ButtonKind::Primary autofocus=true on_press=again /> }.into_any(),
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
) -> Result<(Made, bool), crate::api::ApiError> {
    let mut made = Made::new(format, place);
    if let Some(Chosen::Some(ids)) = chosen {
        let chosen = Chosen::Some(ids);
        let read = read_chosen(organization, &chosen, &asked, pace, progress).await?;
        made.add(read.0);
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
            made.add(people);
        }
    };
    let still = read_all(organization, &asked, pace, progress, &mut take).await?;
    Ok((made, still))
}
