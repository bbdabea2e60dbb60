//! The Organizations drawer, opened by the profile button.

use atrium_domain::Tier;
use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{
    Avatar, Badge, Button, ButtonKind, Dialog, DialogKind, Icon, IconView, Messages, SelectOption,
    ToggleGroup, Tone, all, derive, el, keyed, lower, memo, optional, spawn,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{Link, Loaded};
use crate::api::{self, query};
use crate::forms::CreateOrganization;
use crate::pages::prepare_settings;
use crate::paths::{self, Settings};
use crate::session::{Place, Session, recall, remember};

/// Where the choice of theme is kept; `public/theme.js` reads it before the first paint.
const THEME: &str = "atrium.theme";

/// The dialog "Organizations": who is signed in, the organizations, theme and signing out.
#[component]
pub fn OrganizationsDrawer(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let creating = RwSignal::new(false);
    let create = Callback::new(move |()| {
        open.set(false);
        creating.set(true);
    });
    let content = move || {
        let why_not = api::by_key().then(|| {
            "An API key belongs to one organization. Sign in with your email address to make another."
                .to_owned()
        });
        let why_not = derive(move || why_not.clone());
        el("div")
            .class("drawer")
            .with(view! { <Person /> })
            .with(view! { <OrganizationList open /> })
            .with(view! {
                <Button label="New" icon=Icon::Plus block=true disabled_reason=why_not on_press=create />
            })
            .with(view! { <DrawerLinks open /> })
            .with(view! { <ThemeChoice /> })
            .with(view! { <SignOut /> })
            .view()
    };
    let drawer = view! { <Dialog title="Organizations" kind=DialogKind::Drawer open>{content()}</Dialog> };
    all([drawer.into_any(), view! { <CreateOrganization open=creating /> }.into_any()])
}

#[component]
fn Person() -> impl IntoView {
    let place = Place::current();
    let own = move || place.own.data.with(|own| own.as_ref().and_then(|own| own.first().cloned()));
    optional(move || {
        if api::by_key() {
            return Some(el("p").class("drawer-email").with("Signed in with an API key").view());
        }
        let member = own()?;
        let email = member.email.unwrap_or_default();
        let name = member.full_name.unwrap_or_else(|| email.clone());
        let words = el("div")
            .with(el("p").class("drawer-name").with(&name))
            .with(el("p").class("drawer-email").with(&email));
        Some(el("div").class("drawer-person").with(view! { <Avatar name seed=email /> }).with(words).view())
    })
}

#[component]
fn OrganizationList(open: RwSignal<bool>) -> impl IntoView {
    let session = Session::current();
    let all = query(
        move || session.account.get(),
        move || {
            session.changes.organizations.track();
            session.changes.organization.track();
            Some(api::organizations())
        },
    );
    // Personal ones first, then by name, as people look for them.
    let sorted = memo(move || {
        let mut list = all.data.get().unwrap_or_default();
        list.sort_by_key(|one| (!one.is_personal, lower(&one.display_name)));
        list
    });
    let keys = derive(move || sorted.with(|list| list.iter().map(key).collect::<Vec<_>>()));
    let row = move |wanted: String| {
        let one = sorted.with_untracked(|list| list.iter().find(|one| key(one) == wanted).cloned());
        one.map_or_else(|| ().into_any(), |one| view! { <OrganizationEntry one open /> }.into_any())
    };
    let list = move || {
        el("ul").class("drawer-list").attr("aria-label", "Organizations").with(keyed(keys, row)).view()
    };
    view! { <Loaded query=all what="your organizations" rows=3>{list()}</Loaded> }.into_any()
}

/// An entry is made anew when something that it shows has changed.
fn key(one: &OrganizationSlim) -> String {
    let plan = one.tier.as_ref().map(Tier::label).unwrap_or_default();
    format!("{}\n{}\n{plan}", one.id, one.display_name)
}

#[component]
fn OrganizationEntry(one: OrganizationSlim, open: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let navigate = use_navigate();
    let described = format!("organization-{}", one.id);
    let pending = one.is_pending();
    let plan = one.tier.as_ref().filter(|_| !pending).map(|tier| tier.label().to_owned());
    let (id, pressed) = (one.id.clone(), one.id.clone());
    let current =
        derive(move || place.organization.with(|current| *current == id).then(|| "true".to_owned()));
    let choose = move |_| {
        open.set(false);
        navigate(&paths::organization(&pressed), NavigateOptions::default());
    };
    let notes = el("span")
        .class("drawer-organization-notes")
        .attr("id", &described)
        .with(one.is_personal.then(|| view! { <Badge text="Personal" tone=Tone::Neutral /> }))
        .with(pending.then(|| view! { <Badge text="Pending" tone=Tone::Warn /> }))
        .with(plan.map(|plan| view! { <Badge text=plan tone=Tone::Neutral /> }));
    let button = el("button")
        .attr("type", "button")
        .class("drawer-organization")
        .attr("aria-label", &one.display_name)
        .attr("aria-describedby", &described)
        .live("aria-current", current)
        .on("click", choose)
        .with(view! { <Avatar name=one.display_name.clone() seed=one.id square=true /> })
        .with(el("span").class("drawer-organization-name").with(&one.display_name))
        .with(notes)
        .with(el("span").class("drawer-check").with(view! { <IconView icon=Icon::Check /> }));
    el("li").with(button).view()
}

#[component]
fn DrawerLinks(open: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let link = |page: Settings, icon: Icon, label: &'static str| {
        let to = derive(move || paths::settings(&place.organization.get(), page));
        let link = view! {
            <Link to class="nav-link">
                {all([view! { <IconView icon /> }.into_any(), label.into_any()])}
            </Link>
        };
        el("li").with(link)
    };
    el("ul")
        .class("drawer-links")
        .on("pointerenter", |_| prepare_settings())
        .on("focusin", |_| prepare_settings())
        .on("click", move |_| open.set(false))
        .with(link(Settings::Members, Icon::Users, "Members and roles"))
        .with(link(Settings::Workspaces, Icon::Layers, "Workspaces"))
        .with(link(Settings::Billing, Icon::CreditCard, "Usage and billing"))
        .view()
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let chosen = RwSignal::new(recall(THEME).unwrap_or_default());
    let options = vec![
        SelectOption::new("", "System"),
        SelectOption::new("light", "Light"),
        SelectOption::new("dark", "Dark"),
    ];
    let on_change = Callback::new(move |theme: String| {
        remember(THEME, &theme);
        if let Some(root) = document().document_element() {
            let _ = if theme.is_empty() {
                root.remove_attribute("data-theme")
            } else {
                root.set_attribute("data-theme", &theme)
            };
        }
        chosen.set(theme);
    });
    view! { <ToggleGroup label="Theme" options value=chosen on_change /> }.into_any()
}

#[component]
fn SignOut() -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(None::<String>);
    let sign_out = Callback::new(move |()| {
        busy.set(Some("Signing out".to_owned()));
        spawn(async move {
            let result = session.sign_out().await;
            busy.try_set(None);
            if let Err(error) = result {
                messages.failure(format!("You are still signed in. {}", error.sentence), None);
            }
        });
    });
    view! {
        <Button
            label="Sign out"
            kind=ButtonKind::Quiet
            icon=Icon::LogOut
            block=true
            busy=busy
            on_press=sign_out
        />
    }
    .into_any()
}
