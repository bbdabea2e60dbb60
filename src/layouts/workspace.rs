//! Everything below `/o/{organization}/w/{workspace}`: the page, if the person can enter it.

use atrium_ui::{Skeleton, derive, dynamic, memo};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::components::{FailurePage, Shown};
use crate::pages::{NoAccess, ResourcesPage, WorkspaceHome};
use crate::paths::{self, Page};
use crate::session::{Place, Session};

/// The frame of a workspace's pages.
#[component]
pub fn WorkspaceFrame() -> impl IntoView {
    let place = Place::current();
    // Which one was found not to be there: its page stays as it is while the list is asked for anew.
    let missing = StoredValue::new(None::<String>);
    let shown = memo(move || {
        if place.workspaces.data.with(Option::is_some) {
            let here = place.workspace.get();
            if place.current_workspace().is_some() {
                missing.set_value(None);
                Shown::Ready
            } else if missing.with_value(|missing| *missing == here) {
                Shown::Missing
            } else if place.workspaces.loading.get() {
                // It may be in the list that is on its way: somebody was just let in.
                Shown::Waiting
            } else if place.workspaces.error.with(Option::is_some) {
                Shown::Failed
            } else {
                missing.set_value(here);
                Shown::Missing
            }
        } else if place.workspaces.error.with(Option::is_some) {
            Shown::Failed
        } else {
            Shown::Waiting
        }
    });
    let sentence =
        derive(move || place.workspaces.error.get().map(|error| error.sentence).unwrap_or_default());
    dynamic(move || match shown.get() {
        Shown::Waiting => view! { <Skeleton rows=6 label=t!("Loading the workspace") /> }.into_any(),
        Shown::Failed => {
            let retry = Callback::new(move |()| place.workspaces.reload());
            view! { <FailurePage title=t!("The workspaces could not be loaded") text=sentence retry /> }
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
    let session = Session::current();
    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        navigate(&paths::organization(&place.organization_id()), NavigateOptions::default());
    });
    if session.chosen.get_untracked() == place.path.get_untracked() {
        // Nobody asked for this workspace, only for the organization: it was the last place in it. On the
        // way from one place to the next, too, one is for a moment in a workspace that is not there.
        let navigate = use_navigate();
        request_animation_frame(move || {
            let is_settled = place.workspace.try_get_untracked().flatten().is_some()
                && !place.workspaces.loading.get_untracked()
                && untrack(|| place.current_workspace()).is_none();
            if is_settled && session.chosen.get_untracked() == place.path.get_untracked() {
                session.chosen.set(String::new());
                let start = paths::organization(&place.organization_id());
                navigate(&start, NavigateOptions { replace: true, ..Default::default() });
            }
        });
        return ().into_any();
    }
    let name = untrack(|| place.organization_name());
    view! {
        <NoAccess
            heading=t!("This workspace is not open to you")
            title=t!("You cannot enter this workspace")
            why=t!("It was deleted, or you were not added to it.")
            advice=t!("Ask an Organization Admin of {name} to add this account, or sign in with another one.", name)
            elsewhere=t!("Go to a workspace of yours")
            leave
        />
    }
    .into_any()
}
