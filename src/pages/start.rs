//! The start: leads to the place where the person was last, or to the personal organization.

use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{EmptyState, Icon, Skeleton, all, derive, dynamic, effect, el, memo};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api::{self, query};
use crate::components::{FailurePage, Link, PageTitle};
use crate::paths::{self, Settings};
use crate::session::{Place, Session, State, last_place};

/// `/`
#[component]
pub fn StartPage() -> impl IntoView {
    let session = Session::current();
    let navigate = use_navigate();
    let all = query(
        move || session.account.get(),
        move || (session.state.get() == State::SignedIn).then(api::organizations),
    );
    effect(move || {
        let Some(all) = all.data.get() else { return };
        let account = session.account.get_untracked();
        if let Some(path) = first_place(&all, last_place(&account).as_deref()) {
            // Where that is not open any more, nobody asked for it: see NoWorkspace.
            session.chosen.set(path.clone());
            navigate(&path, NavigateOptions { replace: true, ..Default::default() });
        }
    });
    let failed = memo(move || all.error.with(Option::is_some));
    let sentence = derive(move || all.error.get().map(|error| error.sentence).unwrap_or_default());
    dynamic(move || {
        if failed.get() {
            let retry = Callback::new(move |()| all.reload());
            let failure = view! { <FailurePage title=t!("Your organizations could not be loaded") text=sentence retry /> };
            el("main").with(failure).view()
        } else {
            let skeleton = view! { <Skeleton rows=4 label=t!("Loading your organizations") /> };
            el("main").class("page-alone").with(skeleton).view()
        }
    })
}

/// Where to begin: the last place, if the person is still in that organization; else a usable
/// organization, the personal one first.
fn first_place(all: &[OrganizationSlim], last: Option<&str>) -> Option<String> {
    let is_mine = |path: &&str| {
        let organization = paths::organization_of(path);
        all.iter().any(|one| Some(one.id.as_str()) == organization)
    };
    if let Some(last) = last.filter(is_mine) {
        return Some(last.to_owned());
    }
    let usable = |one: &&OrganizationSlim| !one.is_pending();
    let personal = all.iter().find(|one| one.is_personal);
    let found = personal.or_else(|| all.iter().find(usable)).or_else(|| all.first())?;
    Some(paths::organization(&found.id))
}

/// `/o/{organization}`: leads to a workspace of it.
#[component]
pub fn OrganizationStart() -> impl IntoView {
    let place = Place::current();
    let navigate = use_navigate();
    let latest = crate::layouts::latest_workspace(place);
    effect(move || {
        if let Some(workspace) = latest.get() {
            let home = paths::workspace(&place.organization.get_untracked(), &workspace.id);
            navigate(&home, NavigateOptions { replace: true, ..Default::default() });
        }
    });
    let none = memo(move || place.workspaces.data.with(|all| all.as_ref().is_some_and(Vec::is_empty)));
    let failed = memo(move || {
        place.workspaces.data.with(Option::is_none) && place.workspaces.error.with(Option::is_some)
    });
    let sentence =
        derive(move || place.workspaces.error.get().map(|error| error.sentence).unwrap_or_default());
    dynamic(move || {
        if failed.get() {
            let retry = Callback::new(move |()| place.workspaces.reload());
            view! { <FailurePage title=t!("The workspaces could not be loaded") text=sentence retry /> }
                .into_any()
        } else if none.get() {
            view! { <NoWorkspaces /> }.into_any()
        } else {
            view! { <Skeleton rows=6 label=t!("Loading the workspaces") /> }.into_any()
        }
    })
}

/// Somebody who is in the organization and in none of its workspaces.
#[component]
fn NoWorkspaces() -> impl IntoView {
    let place = Place::current();
    let members = derive(move || paths::settings(&place.organization.get(), Settings::Members));
    let state = view! {
        <EmptyState
            title=t!("You are in no workspace yet")
            text=t!("Projects, datasets, annotation queues and prompts live in workspaces. Ask an Organization Admin to add you to one.")
            icon=Icon::Layers
        >
            <Link to=members class="link">{t!("See who is an Admin")}</Link>
        </EmptyState>
    };
    let title = derive(move || place.organization_name());
    all([view! { <PageTitle title /> }.into_any(), state.into_any()])
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn organization(id: &str, is_personal: bool, disabled: bool) -> OrganizationSlim {
        OrganizationSlim {
            id: id.into(),
            display_name: id.into(),
            is_personal,
            disabled,
            ..OrganizationSlim::default()
        }
    }

    #[wasm_bindgen_test]
    fn begins_where_one_was_last() {
        let all = [organization("p", true, false), organization("a", false, false)];
        assert_eq!(first_place(&all, Some("/o/a/w/1")).as_deref(), Some("/o/a/w/1"));
        assert_eq!(first_place(&all, Some("/o/gone/w/1")).as_deref(), Some("/o/p"));
        assert_eq!(first_place(&all, None).as_deref(), Some("/o/p"));
    }

    #[wasm_bindgen_test]
    fn a_pending_organization_comes_last() {
        let all = [organization("waiting", false, true), organization("a", false, false)];
        assert_eq!(first_place(&all, None).as_deref(), Some("/o/a"));
        assert_eq!(first_place(&all[..1], None).as_deref(), Some("/o/waiting"));
        assert_eq!(first_place(&[], None), None);
    }
}
