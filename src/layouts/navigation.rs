//! The main navigation: the workspace's pages, or the settings, and the profile.

use atrium_domain::wire::Workspace;
use atrium_ui::{Avatar, El, Icon, IconView, all, derive, dynamic, el, memo, text};
use atrium_words::t;
use leptos::prelude::*;

use crate::api::{self, query};
use crate::components::{Drawer, Link};
use crate::pages::{prepare_lists, prepare_settings};
use crate::paths::{self, Page, ResourceKind, Settings};
use crate::session::{Place, Session, last_workspace_in};

/// The workspace of the address, or else the one last seen in this organization, or the first.
pub fn latest_workspace(place: Place) -> Memo<Option<Workspace>> {
    let account = Session::current().account;
    Memo::new(move |before: Option<&Option<Workspace>>| {
        let all = place.workspaces.data.get()?;
        let before = before.and_then(Option::as_ref).map(|one| one.id.clone());
        let organization = place.organization.get_untracked();
        let remembered = || last_workspace_in(&account.get_untracked(), &organization);
        let wanted = place.workspace.get().or(before).or_else(remembered);
        let found = wanted.and_then(|id| all.iter().find(|one| one.id == id).cloned());
        found.or_else(|| all.into_iter().next())
    })
}

/// The links of the side bar, and the button that opens the drawer.
#[component]
pub fn Navigation(
    /// The Organizations drawer.
    drawer: Drawer,
    /// The name of the navigation.
    label: &'static str,
) -> impl IntoView {
    let place = Place::current();
    let in_settings = memo(move || place.page.get().is_settings());
    let latest = latest_workspace(place);
    let start = derive(move || paths::organization(&place.organization.get()));
    let name = move || {
        let name = place.organization_name();
        if name.is_empty() { "Atrium".to_owned() } else { name }
    };
    let brand = view! {
        <Link to=start class="nav-brand">
            {all([
                el("span").class("nav-logo").with(view! { <IconView icon=Icon::Logo /> }).view(),
                el("span").class("nav-text").with(text(name)).view(),
            ])}
        </Link>
    };
    let links = dynamic(move || {
        if in_settings.get() { settings_links(place, latest) } else { workspace_links(place, latest) }
    });
    el("nav")
        .class("nav")
        .attr("aria-label", label)
        .with(el("div").class("nav-head").with(brand))
        .with(el("ul").class("nav-list").with(links))
        .with(view! { <ProfileButton drawer /> })
        .view()
}

fn workspace_links(place: Place, latest: Memo<Option<Workspace>>) -> AnyView {
    let resources = dynamic(move || {
        let Some(workspace) = latest.get() else { return ().into_any() };
        let organization = place.organization.get();
        let home = paths::workspace(&organization, &workspace.id);
        let mut links = vec![link(home, t!("Home"), Icon::Home, false)];
        links.extend(ResourceKind::ALL.map(|kind| {
            let (label, icon) = kind_label(kind);
            let to = paths::resources(&organization, &workspace.id, kind);
            entry(to, label, icon, false)
                .on("pointerenter", |_| prepare_lists())
                .on("focusin", |_| prepare_lists())
                .view()
        }));
        links.into_any()
    });
    let settings = paths::settings(&place.organization.get(), Settings::Members);
    // Whoever reaches for the link gets the part of the members meanwhile.
    let settings = entry(settings, t!("Settings"), Icon::Settings, false)
        .on("pointerenter", |_| prepare_settings(Settings::Members))
        .on("focusin", |_| prepare_settings(Settings::Members));
    all([resources, el("li").class("nav-rule").view(), settings.view()])
}

fn settings_links(place: Place, latest: Memo<Option<Workspace>>) -> AnyView {
    let organization = place.organization.get();
    // Whoever reaches for a link gets the part of its page meanwhile.
    let to = |to: Signal<String>, page, label, icon, with_pages_below| {
        entry(to, label, icon, with_pages_below)
            .on("pointerenter", move |_| prepare_settings(page))
            .on("focusin", move |_| prepare_settings(page))
            .view()
    };
    let other = |page, label, icon, with_pages_below| {
        to(Signal::stored(paths::settings(&organization, page)), page, label, icon, with_pages_below)
    };
    let back = dynamic(move || {
        let Some(workspace) = latest.get() else { return ().into_any() };
        let home = paths::workspace(&place.organization.get(), &workspace.id);
        link(home, t!("Back to the workspace"), Icon::ChevronLeft, false)
    });
    // Two pages stand behind one link: it leads to the one that is shown, or to the members.
    let members = derive(move || {
        let page = if place.page.get() == Page::Settings(Settings::Roles) {
            Settings::Roles
        } else {
            Settings::Members
        };
        paths::settings(&place.organization.get(), page)
    });
    all([
        back,
        el("li").class("nav-title").with(el("span").class("nav-text").with(t!("Settings"))).view(),
        other(Settings::Organization, t!("Organization"), Icon::Building, false),
        other(Settings::Workspaces, t!("Workspaces"), Icon::Layers, true),
        to(members, Settings::Members, t!("Members and roles"), Icon::Users, false),
        other(Settings::Billing, t!("Usage and billing"), Icon::CreditCard, false),
        other(Settings::AuditLog, t!("Audit log"), Icon::Clock, false),
    ])
}

/// The name and icon of a kind of resource.
pub fn kind_label(kind: ResourceKind) -> (&'static str, Icon) {
    match kind {
        ResourceKind::Projects => (t!("Projects"), Icon::Folder),
        ResourceKind::Datasets => (t!("Datasets"), Icon::Database),
        ResourceKind::Queues => (t!("Annotation queues"), Icon::ListChecks),
        ResourceKind::Prompts => (t!("Prompts"), Icon::MessageSquare),
    }
}

fn link(to: impl Into<Signal<String>>, label: &'static str, icon: Icon, with_pages_below: bool) -> AnyView {
    entry(to.into(), label, icon, with_pages_below).view()
}

fn entry(to: impl Into<Signal<String>>, label: &'static str, icon: Icon, with_pages_below: bool) -> El {
    let link = view! {
        <Link to=to.into() class="nav-link" with_pages_below>
            {all([
                view! { <IconView icon /> }.into_any(),
                el("span").class("nav-text").with(label).view(),
            ])}
        </Link>
    };
    el("li").attr("title", label).with(link)
}

/// The profile at the bottom left, which opens the Organizations drawer.
#[component]
fn ProfileButton(drawer: Drawer) -> impl IntoView {
    let place = Place::current();
    let methods = query(
        move || place.organization.get(),
        move || place.info.data.with(Option::is_some).then(|| api::login_methods(place.organization.get())),
    );
    let email =
        memo(move || methods.data.with(|all| all.as_ref()?.first()?.email.clone()).unwrap_or_default());
    let name = memo(move || {
        let name = methods.data.with(|all| all.as_ref()?.first()?.full_name.clone());
        let unnamed = || if api::by_key() { t!("API key").to_owned() } else { email.get() };
        name.filter(|name| !name.is_empty()).unwrap_or_else(unnamed)
    });
    let avatar = dynamic(move || view! { <Avatar name=name.get() seed=email.get() /> }.into_any());
    let person = el("span")
        .class("nav-person")
        .with(el("span").class("nav-person-name").with(Signal::<String>::from(name)))
        .with(el("span").class("nav-person-email").with(Signal::<String>::from(email)));
    el("button")
        .attr("type", "button")
        .class("nav-profile")
        .attr("aria-label", t!("Profile"))
        .attr("aria-haspopup", "dialog")
        .live("aria-expanded", derive(move || Some(drawer.open.get().to_string())))
        .attr("title", t!("Profile and organizations"))
        // Whoever reaches for it gets the drawer's part of the app meanwhile.
        .on("pointerenter", move |_| drawer.prepare())
        .on("focus", move |_| drawer.prepare())
        .on("click", move |_| drawer.show())
        .with(avatar)
        .with(person)
        .view()
}
