//! Settings > Members and roles: the frame of its two tabs, each with an address of its own.

use atrium_domain::wire::OrganizationMembers;
use atrium_ui::{Tab, Tabs, all, derive, dynamic, memo};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::members::MembersPage;
use super::roles::RolesPage;
use crate::api::{self, Query, query};
use crate::components::{OrganizationIdButton, PageTitle};
use crate::paths::{self, Page, Settings};
use crate::session::{Place, Session};

/// The people of the organization, asked for once for both tabs.
#[derive(Clone, Copy)]
pub struct People(pub Query<OrganizationMembers>);

impl People {
    /// Asks for the people of the current organization.
    fn ask() -> Self {
        let session = Session::current();
        let place = Place::current();
        Self(query(
            move || place.organization.get(),
            move || {
                session.changes.members.track();
                Some(api::members(place.organization.get()))
            },
        ))
    }

    /// The people that the frame asked for.
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::ask)
    }
}

/// `/o/{organization}/settings/members` and `/roles`: the heading and the tabs.
#[component]
pub fn MembersAndRoles() -> impl IntoView {
    let place = Place::current();
    let people = People::ask();
    provide_context(people);
    let navigate = use_navigate();
    let tabs = derive(move || {
        let count =
            people.0.data.with(|all| all.as_ref().map(|all| (all.members.len() + all.pending.len()) as u64));
        let roles = place.roles.data.with(|roles| roles.as_ref().map(|roles| roles.len() as u64));
        vec![
            Tab { id: "members".to_owned(), label: "Members".to_owned(), count },
            Tab { id: "roles".to_owned(), label: "Roles".to_owned(), count: roles },
        ]
    });
    let on_roles = memo(move || place.page.get() == Page::Settings(Settings::Roles));
    let selected = derive(move || if on_roles.get() { "roles".to_owned() } else { "members".to_owned() });
    let on_select = Callback::new(move |id: String| {
        let page = if id == "roles" { Settings::Roles } else { Settings::Members };
        navigate(&paths::settings(&place.organization_id(), page), NavigateOptions::default());
    });
    let page = move || {
        if on_roles.get() { view! { <RolesPage /> }.into_any() } else { view! { <MembersPage /> }.into_any() }
    };
    let title = view! {
        <PageTitle title="Members and roles">
            <OrganizationIdButton />
        </PageTitle>
    };
    let tabs = view! {
        <Tabs label="Members and roles" tabs selected on_select>
            {dynamic(page)}
        </Tabs>
    };
    all([title.into_any(), tabs.into_any()])
}
