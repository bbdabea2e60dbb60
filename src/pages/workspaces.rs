//! Settings > Workspaces: the list, and the page of one workspace.

use atrium_domain::Action;
use atrium_domain::billing::{Facts, State};
use atrium_domain::wire::Workspace;
use atrium_ui::{
    Avatar, Button, ButtonKind, CopyButton, El, EmptyState, Icon, TableFrame, all, cell, derive, dynamic, el,
    heading_row, keyed, memo, table_parts, text,
};
use leptos::prelude::*;

use crate::components::{BillingBanner, Link, Loaded, PageTitle, day};
use crate::forms::AddWorkspace;
use crate::paths;
use crate::session::Place;

/// `/o/{organization}/settings/workspaces`
#[component]
pub fn WorkspacesPage() -> impl IntoView {
    let place = Place::current();
    let adding = RwSignal::new(false);
    let reason = derive(move || place.why_not(&Action::CreateWorkspace));
    let workspaces = place.workspaces.or_default();
    let limit =
        move || place.info.data.with(|info| info.as_ref().map_or(0, |info| info.config.max_workspaces));
    let title = view! {
        <PageTitle title="Workspaces">
            <Button
                label="Add workspace"
                kind=ButtonKind::Primary
                icon=Icon::Plus
                disabled_reason=reason
                on_press=Callback::new(move |()| adding.set(true))
            />
        </PageTitle>
    };
    let lead = el("p")
        .class("lead")
        .with(
            "Workspaces keep projects, datasets, annotation queues and prompts of different groups apart. \
             This plan has up to ",
        )
        .with(text(move || limit().to_string()))
        .with(".");
    let keys = derive(move || workspaces.with(|all| all.iter().map(key).collect::<Vec<_>>()));
    let row = move |wanted: String| {
        let one = place
            .workspaces
            .data
            .with_untracked(|all| all.iter().flatten().find(|one| key(one) == wanted).cloned());
        one.map_or_else(|| ().into_any(), |one| row(one, place))
    };
    let headings = [("Name", ""), ("Your role", ""), ("Created", "")];
    let table = view! {
        <Loaded query=place.workspaces what="the workspaces">
            <TableFrame label="Workspaces" row_count=derive(move || workspaces.with(Vec::len) + 1)>
                {table_parts(heading_row(&headings), keyed(keys, row))}
            </TableFrame>
        </Loaded>
    };
    // An Organization Admin sees all workspaces; for others those that they see are too few to count.
    let state = memo(move || {
        let count =
            place.workspaces.data.with(|all| all.as_ref().and_then(|all| u32::try_from(all.len()).ok()));
        place.info.data.with(|info| info.as_ref().map(|info| State::of(&Facts::of_info(info, None, count))))
    });
    let banner = view! { <BillingBanner state /> };
    all([
        title.into_any(),
        banner.into_any(),
        lead.view(),
        table.into_any(),
        view! { <AddWorkspace open=adding /> }.into_any(),
    ])
}

/// A row is rebuilt when anything that it shows has changed.
fn key(one: &Workspace) -> String {
    format!("{}\n{}\n{}", one.id, one.display_name, one.role_name.as_deref().unwrap_or_default())
}

fn row(one: Workspace, place: Place) -> AnyView {
    let href = paths::workspace_settings(&place.organization_id(), &one.id);
    let name = one.display_name.clone();
    let link = view! {
        <Link to=href class="row-link">
            {name}
        </Link>
    };
    let name = el("span")
        .class("with-avatar")
        .with(view! { <Avatar name=one.display_name seed=one.id square=true /> })
        .with(link);
    el("tr")
        .attr("role", "row")
        .with(cell("Name").with(name))
        .with(cell("Your role").with(one.role_name))
        .with(cell("Created").with(day(&one.created_at)))
        .view()
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
    let name =
        derive(move || found.get().flatten().map_or_else(|| "Workspace".to_owned(), |one| one.display_name));
    let facts = move || match found.get().flatten() {
        Some(one) => {
            let facts = el("dl")
                .class("facts")
                .with(fact("Created", &day(&one.created_at)))
                .with(fact("Your role", &one.role_name.unwrap_or_default()));
            let link = view! {
                <Link to=paths::workspace(&place.organization.get(), &one.id) class="link">
                    "Open this workspace"
                </Link>
            };
            all([facts.view(), link.into_any()])
        }
        None => view! {
            <EmptyState
                title="This workspace is not open to you"
                text="It was deleted, or you were not added to it. Ask an Organization Admin."
                icon=Icon::Lock
            />
        }
        .into_any(),
    };
    let title = view! {
        <PageTitle title=name>
            <CopyButton label="Workspace ID" value=id />
        </PageTitle>
    };
    let page = view! {
        <Loaded query=place.workspaces what="the workspace">
            {dynamic(facts)}
        </Loaded>
    };
    all([title.into_any(), page.into_any()])
}

fn fact(name: &str, value: &str) -> El {
    el("div").with(el("dt").with(name)).with(el("dd").with(value))
}
