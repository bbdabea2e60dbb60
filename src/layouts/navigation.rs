//! The main navigation: the workspace's pages, or the settings, and the profile.

use atrium_domain::wire::Workspace;
use atrium_ui::{Avatar, Icon, IconView, dynamic, memo, text};
use leptos::prelude::*;

use crate::api::{self, query};
use crate::components::Link;
use crate::paths::{self, Page, ResourceKind, Settings};
use crate::session::{Place, Session, recall};

/// The workspace of the address, or else the one last seen in this organization, or the first.
pub fn latest_workspace(place: Place) -> Memo<Option<Workspace>> {
    let account = Session::current().account;
    Memo::new(move |before: Option<&Option<Workspace>>| {
        let all = place.workspaces.data.get()?;
        let before = before.and_then(Option::as_ref).map(|one| one.id.clone());
        let remembered = || {
            let path = recall(&super::shell::last_place_key(&account.get_untracked()))?;
            paths::workspace_of(&path).map(str::to_owned)
        };
        let wanted = place.workspace.get().or(before).or_else(remembered);
        let found = wanted.and_then(|id| all.iter().find(|one| one.id == id).cloned());
        found.or_else(|| all.into_iter().next())
    })
}

/// The links of the side bar, and the button that opens the drawer.
#[component]
pub fn Navigation(
    /// Whether the Organizations drawer is open.
    drawer: RwSignal<bool>,
    /// The name of the navigation.
    label: &'static str,
) -> impl IntoView {
    let place = Place::current();
    let in_settings = memo(move || place.page.get().is_settings());
    let latest = latest_workspace(place);
    view! {
        <nav class="nav" aria-label=label>
            <div class="nav-head">
                <Link to=Signal::derive(move || paths::organization(&place.organization.get())) class="nav-brand">
                    <span class="nav-logo">
                        <IconView icon=Icon::Logo />
                    </span>
                    <span class="nav-text">
                        {text(move || {
                            let name = place.organization_name();
                            if name.is_empty() { "Atrium".to_owned() } else { name }
                        })}
                    </span>
                </Link>
            </div>
            <ul class="nav-list">
                {dynamic(move || if in_settings.get() { settings_links(place, latest) } else { workspace_links(place, latest) })}
            </ul>
            <ProfileButton drawer />
        </nav>
    }
    .into_any()
}

fn workspace_links(place: Place, latest: Memo<Option<Workspace>>) -> AnyView {
    let resources = dynamic(move || {
        let Some(workspace) = latest.get() else { return ().into_any() };
        let organization = place.organization.get();
        let home = paths::workspace(&organization, &workspace.id);
        let mut links = vec![link(home, "Home", Icon::Home, false)];
        links.extend(ResourceKind::ALL.map(|kind| {
            let (label, icon) = kind_label(kind);
            link(paths::resources(&organization, &workspace.id, kind), label, icon, false)
        }));
        links.into_any()
    });
    let settings = paths::settings(&place.organization.get(), Settings::Members);
    vec![
        resources,
        view! { <li class="nav-rule"></li> }.into_any(),
        link(settings, "Settings", Icon::Settings, false),
    ]
    .into_any()
}

fn settings_links(place: Place, latest: Memo<Option<Workspace>>) -> AnyView {
    let organization = place.organization.get();
    let to = |page| paths::settings(&organization, page);
    let back = dynamic(move || {
        let Some(workspace) = latest.get() else { return ().into_any() };
        let home = paths::workspace(&place.organization.get(), &workspace.id);
        link(home, "Back to the workspace", Icon::ChevronLeft, false)
    });
    // Two pages stand behind one link: it leads to the one that is shown, or to the members.
    let members = Signal::derive(move || {
        let page = if place.page.get() == Page::Settings(Settings::Roles) {
            Settings::Roles
        } else {
            Settings::Members
        };
        paths::settings(&place.organization.get(), page)
    });
    vec![
        back,
        view! {
            <li class="nav-title">
                <span class="nav-text">"Settings"</span>
            </li>
        }
        .into_any(),
        link(to(Settings::Workspaces), "Workspaces", Icon::Layers, true),
        link(members, "Members and roles", Icon::Users, false),
        link(to(Settings::Billing), "Usage and billing", Icon::CreditCard, false),
    ]
    .into_any()
}

/// The name and icon of a kind of resource.
pub fn kind_label(kind: ResourceKind) -> (&'static str, Icon) {
    match kind {
        ResourceKind::Projects => ("Projects", Icon::Folder),
        ResourceKind::Datasets => ("Datasets", Icon::Database),
        ResourceKind::Queues => ("Annotation queues", Icon::ListChecks),
        ResourceKind::Prompts => ("Prompts", Icon::MessageSquare),
    }
}

fn link(to: impl Into<Signal<String>>, label: &'static str, icon: Icon, with_pages_below: bool) -> AnyView {
    view! {
        <li title=label>
            <Link to=to.into() class="nav-link" with_pages_below>
                <IconView icon />
                <span class="nav-text">{label}</span>
            </Link>
        </li>
    }
    .into_any()
}

/// The profile at the bottom left, which opens the Organizations drawer.
#[component]
fn ProfileButton(drawer: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let methods = query(
        move || place.organization.get(),
        move || place.info.data.with(Option::is_some).then(|| api::login_methods(place.organization.get())),
    );
    let person = memo(move || {
        methods.data.with(|all| {
            let first = all.as_ref().and_then(|all| all.first());
            let email = first.and_then(|one| one.email.clone()).unwrap_or_default();
            let name = first.and_then(|one| one.full_name.clone()).unwrap_or_else(|| email.clone());
            (name, email)
        })
    });
    view! {
        <button
            type="button"
            class="nav-profile"
            aria-label="Profile"
            aria-haspopup="dialog"
            aria-expanded=Signal::derive(move || Some(drawer.get().to_string()))
            title="Profile and organizations"
            on:click=move |_| drawer.set(true)
        >
            {dynamic(move || {
                let (name, email) = person.get();
                view! {
                    <Avatar name=name.clone() seed=email.clone() />
                    <span class="nav-person">
                        <span class="nav-person-name">{name}</span>
                        <span class="nav-person-email">{email}</span>
                    </span>
                }
                    .into_any()
            })}
        </button>
    }
    .into_any()
}
