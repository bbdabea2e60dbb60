//! Everything below `/o/{organization}/w/{workspace}`: the page, if the person can enter it.

use atrium_ui::{Button, EmptyState, Icon, Skeleton, all, derive, dynamic, memo};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::{FailurePage, PageTitle, Shown};
use crate::pages::{ResourcesPage, WorkspaceHome};
use crate::paths::{self, Page};
use crate::session::Place;

/// The frame of a workspace's pages.
#[component]
pub fn WorkspaceFrame() -> impl IntoView {
    let place = Place::current();
    let shown = memo(move || {
        if place.workspaces.data.with(Option::is_some) {
            if place.current_workspace().is_some() { Shown::Ready } else { Shown::Missing }
        } else if place.workspaces.error.with(Option::is_some) {
            Shown::Failed
        } else {
            Shown::Waiting
        }
    });
    let sentence =
        derive(move || place.workspaces.error.get().map(|error| error.sentence).unwrap_or_default());
    dynamic(move || match shown.get() {
        Shown::Waiting => view! { <Skeleton rows=6 label="Loading the workspace" /> }.into_any(),
        Shown::Failed => {
            let retry = Callback::new(move |()| place.workspaces.reload());
            view! { <FailurePage title="The workspaces could not be loaded" text=sentence retry /> }
                .into_any()
        }
        Shown::Missing => view! { <NoWorkspace /> }.into_any(),
        Shown::Ready => page_of(place),
    })
}

fn page_of(place: Place) -> AnyView {
    let page = memo(move || match place.page.get() {
        page @ Page::Resources(_) => page,
        _ => Page::Home,
    });
    dynamic(move || match page.get() {
        Page::Resources(kind) => view! { <ResourcesPage kind /> }.into_any(),
        _ => view! { <WorkspaceHome /> }.into_any(),
    })
}

/// A workspace that is not there, or not for this person.
#[component]
fn NoWorkspace() -> impl IntoView {
    let place = Place::current();
    let navigate = use_navigate();
    let text = move || {
        format!(
            "It was deleted, or you were not added to it. Ask an Organization Admin of {}.",
            place.organization_name()
        )
    };
    let leave = Callback::new(move |()| {
        navigate(&paths::organization(&place.organization_id()), NavigateOptions::default());
    });
    let state = view! {
        <EmptyState title="You cannot enter this workspace" text=text() icon=Icon::Lock>
            <Button label="Go to a workspace of yours" on_press=leave />
        </EmptyState>
    };
    all([view! { <PageTitle title="This workspace is not open to you" /> }.into_any(), state.into_any()])
}
