//! The projects, datasets, annotation queues or prompts of a workspace.

use atrium_domain::roles::permission;
use atrium_domain::wire::Resource;
use atrium_ui::{
    Button, El, EmptyState, Icon, TableFrame, all, derive, dynamic, el, keyed, lower, memo, spawn, when,
};
use leptos::prelude::*;

use crate::api::{self, PAGE, Query, query};
use crate::components::{Loaded, PageTitle, day, number};
use crate::layouts::kind_label;
use crate::paths::ResourceKind;
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

/// `/o/{organization}/w/{workspace}/{kind}`
#[component]
pub fn ResourcesPage(
    /// The kind.
    kind: ResourceKind,
) -> impl IntoView {
    let place = Place::current();
    let (label, _) = kind_label(kind);
    let permitted = memo(move || {
        place.current_workspace().is_none_or(|workspace| workspace.permits(permission_to_read(kind)))
    });
    let list = query(
        move || place.path.get(),
        move || {
            if !permitted.get() {
                return None;
            }
            Some(api::resources(place.organization.get(), place.workspace.get()?, kind, 0, PAGE))
        },
    );
    let content = dynamic(move || {
        if permitted.get() {
            all([view! { <ResourceTable kind list /> }.into_any(), view! { <More kind list /> }.into_any()])
        } else {
            view! {
                <EmptyState
                    title="Your role does not show these"
                    text="Ask an Admin of this workspace for a role that reads them."
                    icon=Icon::Lock
                />
            }
            .into_any()
        }
    });
    all([view! { <PageTitle title=label /> }.into_any(), content])
}

/// The button that adds the next page, while there may be one.
#[component]
fn More(kind: ResourceKind, list: Query<Vec<Resource>>) -> impl IntoView {
    let place = Place::current();
    let busy = RwSignal::new(None::<String>);
    let more = move || {
        list.data.with(|data| data.as_ref().is_some_and(|data| !data.is_empty() && data.len() % PAGE == 0))
    };
    let load = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        let offset = list.data.with_untracked(|data| data.as_ref().map_or(0, Vec::len));
        let Some(workspace) = place.workspace.get_untracked() else { return };
        busy.set(Some("Loading more".to_owned()));
        spawn(async move {
            let result = api::resources(place.organization_id(), workspace, kind, offset, PAGE).await;
            busy.try_set(None);
            match result {
                Ok(next) => {
                    list.data.try_update(|data| {
                        // The list may have been asked anew meanwhile; a page then fits no more.
                        if let Some(data) = data
                            && data.len() == offset
                        {
                            data.extend(next);
                        }
                    });
                }
                Err(error) => {
                    list.error.try_set(Some(error));
                }
            }
        });
    });
    when(more, move || view! { <Button label="Show more" busy=busy on_press=load /> }.into_any())
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
        ResourceKind::Projects | ResourceKind::Queues => "Runs",
        ResourceKind::Datasets => "Examples",
        ResourceKind::Prompts => "Commits",
    }
}

fn empty_text(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Projects => {
            "A project collects the traces of one application. It appears with the first trace."
        }
        ResourceKind::Datasets => {
            "A dataset holds examples to test an application with. Make one with LangSmith's client."
        }
        ResourceKind::Queues => "An annotation queue collects runs for people to review.",
        ResourceKind::Prompts => "A prompt is kept here with its versions, to be used by your applications.",
    }
}

/// A list of resources.
#[component]
pub fn ResourceTable(
    /// Their kind.
    kind: ResourceKind,
    /// The resources.
    list: Query<Vec<Resource>>,
) -> impl IntoView {
    let (label, icon) = kind_label(kind);
    let count = derive(move || list.data.with(|list| list.as_ref().map_or(0, Vec::len)));
    let ids = derive(move || {
        list.data.with(|list| list.iter().flatten().map(|one| one.id.clone()).collect::<Vec<_>>())
    });
    let none = memo(move || count.get() == 0);
    let row_of = move |id: String| {
        let one = list.data.with_untracked(|list| list.iter().flatten().find(|one| one.id == id).cloned());
        one.map_or_else(|| ().into_any(), |one| row(kind, one).view())
    };
    let rows = move || {
        let body = el("tbody").attr("role", "rowgroup").with(keyed(ids, row_of));
        all([table_head(kind).view(), body.view()])
    };
    let content = move || {
        if none.get() {
            let title = format!("No {} yet", lower(label));
            return view! { <EmptyState title text=empty_text(kind) icon /> }.into_any();
        }
        let row_count = derive(move || count.get() + 1);
        view! { <TableFrame label row_count>{rows()}</TableFrame> }.into_any()
    };
    view! { <Loaded query=list what=lower(label) rows=3>{dynamic(content)}</Loaded> }.into_any()
}

fn table_head(kind: ResourceKind) -> El {
    let head = |label: &str| el("th").attr("role", "columnheader").attr("scope", "col").with(label);
    let cells = [head("Name"), head("Created"), head(measure_label(kind)).class("num")];
    el("thead").attr("role", "rowgroup").with(el("tr").attr("role", "row").with(cells))
}

fn row(kind: ResourceKind, one: Resource) -> El {
    let count = measure(kind, &one).map(number).unwrap_or_else(|| "–".to_owned());
    let created = one.created_at.or(one.start_time).map(|time| day(&time)).unwrap_or_default();
    let name = one.name.or(one.repo_handle).unwrap_or_default();
    let note = one.description.filter(|text| !text.is_empty());
    let cell = |label: &str| el("td").attr("role", "cell").attr("data-label", label);
    let name = cell("Name")
        .with(el("span").class("row-name").with(name))
        .with(note.map(|note| el("span").class("row-note").with(note)));
    el("tr")
        .attr("role", "row")
        .with(name)
        .with(cell("Created").with(created))
        .with(cell(measure_label(kind)).class("num").with(count))
}
