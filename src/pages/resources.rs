//! The projects, datasets, annotation queues or prompts of a workspace.

use atrium_domain::roles::permission;
use atrium_domain::wire::Resource;
use atrium_ui::{Button, EmptyState, Icon, TableFrame, memo, spawn};
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
    view! {
        <PageTitle title=label />
        {atrium_ui::dynamic(move || {
            if permitted.get() {
                view! {
                    <ResourceTable kind list />
                    <More kind list />
                }
                    .into_any()
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
        })}
    }
    .into_any()
}

/// The button that adds the next page, while there may be one.
#[component]
fn More(kind: ResourceKind, list: Query<Vec<Resource>>) -> impl IntoView {
    let place = Place::current();
    let busy = RwSignal::new(None::<String>);
    let more = memo(move || {
        list.data.with(|data| data.as_ref().is_some_and(|data| !data.is_empty() && data.len() % PAGE == 0))
    });
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
    move || more.get().then(|| view! { <Button label="Show more" busy=busy on_press=load /> })
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
    let all = list.or_default();
    let none = memo(move || all.with(Vec::is_empty));
    view! {
        <Loaded query=list what=label.to_lowercase() rows=3>
            {atrium_ui::dynamic(move || {
                if none.get() {
                    view! { <EmptyState title=format!("No {} yet", label.to_lowercase()) text=empty_text(kind) icon /> }.into_any()
                } else {
                    view! {
                        <TableFrame label row_count=Signal::derive(move || all.with(Vec::len) + 1)>
                            <thead role="rowgroup">
                                <tr role="row">
                                    <th role="columnheader" scope="col">"Name"</th>
                                    <th role="columnheader" scope="col">"Created"</th>
                                    <th role="columnheader" scope="col" class="num">{measure_label(kind)}</th>
                                </tr>
                            </thead>
                            <tbody role="rowgroup">
                                <For each=move || all.get() key=|one| one.id.clone() let(one)>
                                    <Row kind one />
                                </For>
                            </tbody>
                        </TableFrame>
                    }
                        .into_any()
                }
            })}
        </Loaded>
    }
    .into_any()
}

#[component]
fn Row(kind: ResourceKind, one: Resource) -> impl IntoView {
    let count = measure(kind, &one).map(number).unwrap_or_else(|| "–".to_owned());
    let created = one.created_at.or(one.start_time).map(|time| day(&time)).unwrap_or_default();
    let name = one.name.or(one.repo_handle).unwrap_or_default();
    view! {
        <tr role="row">
            <td role="cell" data-label="Name">
                <span class="row-name">{name}</span>
                {one
                    .description
                    .filter(|text| !text.is_empty())
                    .map(|text| view! { <span class="row-note">{text}</span> })}
            </td>
            <td role="cell" data-label="Created">{created}</td>
            <td role="cell" data-label=measure_label(kind) class="num">{count}</td>
        </tr>
    }
    .into_any()
}
