//! The projects, datasets, annotation queues or prompts of a workspace.

mod list;

use std::rc::Rc;

use atrium_domain::roles::permission;
use atrium_domain::wire::Resource;
use atrium_ui::{
    El, EmptyState, TableFrame, all, cell, derive, dynamic, el, heading_row, keyed, memo, table_parts,
};
use atrium_words::t;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;

use crate::api::Query;
use crate::components::{Link, Loaded, PageTitle, day, number};
use crate::layouts::kind_label;
use crate::parts::{Build, Coming, Frame, part, prepare};
use crate::paths::{self, ResourceKind};
use crate::session::Place;

/// The permission that shows the resources of a kind.
pub fn permission_to_read(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Projects => permission::PROJECTS_READ,
        ResourceKind::Datasets => permission::DATASETS_READ,
        ResourceKind::Queues => permission::QUEUES_READ,
        ResourceKind::Prompts => permission::PROMPTS_READ,
    }
}

/// Whether the signed-in person's role in the workspace of the address permits this. Reads signals.
pub fn permits(place: Place, name: &str) -> bool {
    place.current_workspace().is_none_or(|workspace| workspace.permits(name))
}

/// Makes the list of a kind.
type Make = fn(ResourceKind) -> AnyView;

/// The way into the lists, a part of their own (`src/parts.rs`): whoever looks at a workspace's home never
/// downloads them.
///
/// # Errors
/// Where its file could not be loaded; the next call tries again.
#[cfg(not(test))]
#[allow(unsafe_code)] // what the macro writes: an import that only the loader calls
#[leptos::wasm_split::wasm_split(lists, wasm_split_path = leptos::wasm_split, fallible)]
fn lists_part() -> Result<Make, SplitLoaderError> {
    Ok(list::list)
}

/// The tests in wasm are one part.
#[cfg(test)]
async fn lists_part() -> Result<Make, SplitLoaderError> {
    Ok(list::list)
}

fn load(kind: ResourceKind) -> Coming {
    Box::pin(async move {
        let make = lists_part().await.ok()?;
        Some(Rc::new(move || make(kind)) as Build)
    })
}

/// Begins to load the lists, as when somebody reaches for the link to one.
pub fn prepare_lists() {
    prepare(load(ResourceKind::Projects));
}

/// `/o/{organization}/w/{workspace}/{kind}`
#[component]
pub fn ResourcesPage(
    /// The kind.
    kind: ResourceKind,
) -> impl IntoView {
    let (label, _) = kind_label(kind);
    all([
        view! { <PageTitle title=label /> }.into_any(),
        part(Frame::Page, t!("the list"), move || load(kind)),
    ])
}

/// What a kind counts, for its last column.
fn measure(kind: ResourceKind, one: &Resource) -> Option<u64> {
    match kind {
        ResourceKind::Projects => one.run_count,
        ResourceKind::Datasets => one.example_count,
        ResourceKind::Queues => one.total_runs,
        ResourceKind::Prompts => one.num_commits,
    }
}

fn measure_label(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Projects | ResourceKind::Queues => t!("Runs"),
        ResourceKind::Datasets => t!("Examples"),
        ResourceKind::Prompts => t!("Commits"),
    }
}

/// A kind inside of a sentence.
fn named(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Projects => t!("projects"),
        ResourceKind::Datasets => t!("datasets"),
        ResourceKind::Queues => t!("annotation queues"),
        ResourceKind::Prompts => t!("prompts"),
    }
}

fn empty_title(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Projects => t!("No projects yet"),
        ResourceKind::Datasets => t!("No datasets yet"),
        ResourceKind::Queues => t!("No annotation queues yet"),
        ResourceKind::Prompts => t!("No prompts yet"),
    }
}

fn empty_text(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Projects => {
            t!("A project collects the traces of one application. It appears with the first trace.")
        }
        ResourceKind::Datasets => t!("A dataset holds examples to test an application with."),
        ResourceKind::Queues => t!("An annotation queue collects runs for people to review."),
        ResourceKind::Prompts => {
            t!("A prompt is kept here with its versions, to be used by your applications.")
        }
    }
}

/// The newest resources of a kind, as a workspace's home shows them.
#[component]
pub fn ResourceTable(
    /// Their kind.
    kind: ResourceKind,
    /// The resources.
    list: Query<Vec<Resource>>,
) -> impl IntoView {
    let place = Place::current();
    let (label, icon) = kind_label(kind);
    let count = derive(move || list.data.with(|list| list.as_ref().map_or(0, Vec::len)));
    let none = memo(move || count.get() == 0);
    let headings = [(t!("Name"), ""), (created_label(kind), ""), (measure_label(kind), "num")];
    let content = move || {
        if none.get() {
            let to = derive(move || {
                let workspace = place.workspace.get().unwrap_or_default();
                paths::resources(&place.organization.get(), &workspace, kind)
            });
            return view! {
                <EmptyState title=empty_title(kind) text=empty_text(kind) icon>
                    <Link to class="link">{t!("How to make the first one")}</Link>
                </EmptyState>
            }
            .into_any();
        }
        let row_count = derive(move || count.get() + 1);
        view! {
            <TableFrame label row_count>{table_parts(heading_row(&headings), rows(kind, list, usize::MAX))}</TableFrame>
        }
        .into_any()
    };
    view! { <Loaded query=list what=named(kind) rows=3>{dynamic(content)}</Loaded> }.into_any()
}

/// The rows of a list, so many at most.
fn rows(kind: ResourceKind, list: Query<Vec<Resource>>, most: usize) -> AnyView {
    let ids = derive(move || {
        list.data.with(|list| list.iter().flatten().take(most).map(|one| one.id.clone()).collect::<Vec<_>>())
    });
    keyed(ids, move |id: String| {
        let one = list.data.with_untracked(|list| list.iter().flatten().find(|one| one.id == id).cloned());
        one.map_or_else(|| ().into_any(), |one| row(kind, one).view())
    })
}

/// What the column of the time is called: prompts are sorted by their last change.
fn created_label(kind: ResourceKind) -> &'static str {
    if kind == ResourceKind::Prompts { t!("Updated") } else { t!("Created") }
}

fn row(kind: ResourceKind, one: Resource) -> El {
    let count = measure(kind, &one).map(number).unwrap_or_else(|| "–".to_owned());
    let time = if kind == ResourceKind::Prompts { one.updated_at } else { None };
    let created = time.or(one.created_at).or(one.start_time).map(|time| day(&time)).unwrap_or_default();
    let name = one.name.or(one.repo_handle).unwrap_or_default();
    let note = one.description.filter(|text| !text.is_empty());
    let words = el("span")
        .class("two-lines")
        .with(el("span").class("row-name").with(name))
        .with(note.map(|note| el("span").class("row-note").with(note)));
    let name = cell(t!("Name")).with(words);
    el("tr")
        .attr("role", "row")
        .with(name)
        .with(cell(created_label(kind)).with(created))
        .with(cell(measure_label(kind)).class("num").with(count))
}
