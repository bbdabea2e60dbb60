//! Settings > Workspaces: the list, and the page of one workspace.

use atrium_domain::Action;
use atrium_domain::wire::Workspace;
use atrium_ui::{Avatar, Button, ButtonKind, CopyButton, EmptyState, Icon, TableFrame, memo};
use leptos::prelude::*;

use crate::components::{Link, Loaded, PageTitle, day};
use crate::forms::AddWorkspace;
use crate::paths;
use crate::session::Place;

/// `/o/{organization}/settings/workspaces`
#[component]
pub fn WorkspacesPage() -> impl IntoView {
    let place = Place::current();
    let adding = RwSignal::new(false);
    let reason = Signal::derive(move || place.why_not(&Action::CreateWorkspace));
    let all = place.workspaces.or_default();
    let limit =
        move || place.info.data.with(|info| info.as_ref().map_or(0, |info| info.config.max_workspaces));
    view! {
        <PageTitle title="Workspaces">
            <Button
                label="Add workspace"
                kind=ButtonKind::Primary
                icon=Icon::Plus
                disabled_reason=reason
                on_press=Callback::new(move |()| adding.set(true))
            />
        </PageTitle>
        <p class="lead">
            "Workspaces keep projects, datasets, annotation queues and prompts of different groups apart. This plan has up to "
            {limit} "."
        </p>
        <Loaded query=place.workspaces what="the workspaces">
            <TableFrame label="Workspaces" row_count=Signal::derive(move || all.with(Vec::len) + 1)>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Name"</th>
                        <th role="columnheader" scope="col">"Your role"</th>
                        <th role="columnheader" scope="col">"Created"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || all.get() key=|one| (one.id.clone(), one.display_name.clone()) let(one)>
                        <Row one />
                    </For>
                </tbody>
            </TableFrame>
        </Loaded>
        <AddWorkspace open=adding />
    }
    .into_any()
}

#[component]
fn Row(one: Workspace) -> impl IntoView {
    let place = Place::current();
    let href = paths::workspace_settings(&place.organization.get_untracked(), &one.id);
    view! {
        <tr role="row">
            <td role="cell" data-label="Name">
                <span class="with-avatar">
                    <Avatar name=one.display_name.clone() seed=one.id square=true />
                    <Link to=href class="row-link">
                        {one.display_name}
                    </Link>
                </span>
            </td>
            <td role="cell" data-label="Your role">{one.role_name.unwrap_or_default()}</td>
            <td role="cell" data-label="Created">{day(&one.created_at)}</td>
        </tr>
    }
    .into_any()
}

/// `/o/{organization}/settings/workspaces/{workspace}`
#[component]
pub fn WorkspaceSettingsPage() -> impl IntoView {
    let place = Place::current();
    let id = memo(move || {
        place.path.with(|path| paths::workspace_in_settings(path).unwrap_or_default().to_owned())
    });
    let found = memo(move || {
        place
            .workspaces
            .data
            .with(|all| all.as_ref().map(|all| all.iter().find(|one| one.id == id.get()).cloned()))
    });
    let name = Signal::derive(move || {
        found.get().flatten().map_or_else(|| "Workspace".to_owned(), |one| one.display_name)
    });
    view! {
        <PageTitle title=name>
            <CopyButton label="Workspace ID" value=id />
        </PageTitle>
        <Loaded query=place.workspaces what="the workspace">
            {atrium_ui::dynamic(move || match found.get().flatten() {
                Some(one) => {
                    view! {
                        <dl class="facts">
                            <div>
                                <dt>"Created"</dt>
                                <dd>{day(&one.created_at)}</dd>
                            </div>
                            <div>
                                <dt>"Your role"</dt>
                                <dd>{one.role_name.unwrap_or_default()}</dd>
                            </div>
                        </dl>
                        <Link to=paths::workspace(&place.organization.get(), &one.id) class="link">
                            "Open this workspace"
                        </Link>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <EmptyState
                            title="This workspace is not open to you"
                            text="It was deleted, or you were not added to it. Ask an Organization Admin."
                            icon=Icon::Lock
                        />
                    }
                        .into_any()
                }
            })}
        </Loaded>
    }
    .into_any()
}
