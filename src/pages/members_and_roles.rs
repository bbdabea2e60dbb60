//! Settings > Members and roles: the frame of its two tabs, each with an address of its own.

use atrium_domain::billing::{Facts, State};
use atrium_ui::{Tab, Tabs, all, derive, dynamic, memo, when};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::members::MembersPage;
use super::roles::RolesPage;
use crate::change_set::Tray;
use crate::components::{BillingBanner, OrganizationIdButton, PageTitle, PeopleCount};
use crate::forms::TakingBack;
use crate::paths::{self, Page, Settings};
use crate::session::{Place, Session};

/// `/o/{organization}/settings/members` and `/roles`: the heading and the tabs.
#[component]
pub fn MembersAndRoles() -> impl IntoView {
    let place = Place::current();
    let people = PeopleCount::ask();
    Tray::provide(place, Session::current());
    let navigate = use_navigate();
    let tabs = derive(move || {
        let count = people.total();
        let roles = place.roles.data.with(|roles| roles.as_ref().map(|roles| roles.len() as u64));
        vec![
            Tab { id: "members".to_owned(), label: t!("Members").to_owned(), count },
            Tab { id: "roles".to_owned(), label: t!("Roles").to_owned(), count: roles },
        ]
    });
    let on_roles = memo(move || place.page.get() == Page::Settings(Settings::Roles));
    let selected = derive(move || if on_roles.get() { "roles".to_owned() } else { "members".to_owned() });
    let on_select = Callback::new(move |id: String| {
        let page = if id == "roles" { Settings::Roles } else { Settings::Members };
        navigate(&paths::settings(&place.organization_id(), page), NavigateOptions::default());
    });
    let page = move || {
        if on_roles.get() {
            view! { <RolesPage /> }.into_any()
        } else {
            view! { <MembersPage people /> }.into_any()
        }
    };
    let title = view! {
        <PageTitle title=t!("Members and roles")>
            <OrganizationIdButton />
        </PageTitle>
    };
    let tabs = view! {
        <Tabs label=t!("Members and roles") tabs selected on_select>
            {dynamic(page)}
        </Tabs>
    };
    // Whoever changes members feels the seats and what keeps them from their work.
    let state = memo(move || {
        let seats = people.total().map(|total| u32::try_from(total).unwrap_or(u32::MAX));
        place.info.data.with(|info| info.as_ref().map(|info| State::of(&Facts::of_info(info, seats, None))))
    });
    let banner = move || view! { <BillingBanner state /> }.into_any();
    all([
        title.into_any(),
        when(move || !on_roles.get(), banner),
        tabs.into_any(),
        view! { <TakingBack /> }.into_any(),
    ])
}
