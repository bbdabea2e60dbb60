//! The Organizations drawer, opened by the profile button.

use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{
    Avatar, Badge, Button, ButtonKind, Dialog, DialogKind, Icon, IconView, Messages, SelectOption,
    ToggleGroup, Tone, memo, spawn,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::{Link, Loaded};
use crate::api::{self, query};
use crate::forms::CreateOrganization;
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
    view! {
        <Dialog title="Organizations" kind=DialogKind::Drawer open>
            <div class="drawer">
                <Person />
                <OrganizationList open />
                <Button label="New" icon=Icon::Plus block=true on_press=create />
                <DrawerLinks open />
                <ThemeChoice />
                <SignOut />
            </div>
        </Dialog>
        <CreateOrganization open=creating />
    }
    .into_any()
}

#[component]
fn Person() -> impl IntoView {
    let place = Place::current();
    let own = move || place.own.data.with(|own| own.as_ref().and_then(|own| own.first().cloned()));
    move || {
        own().map(|member| {
            let email = member.email.unwrap_or_default();
            let name = member.full_name.unwrap_or_else(|| email.clone());
            view! {
                <div class="drawer-person">
                    <Avatar name=name.clone() seed=email.clone() />
                    <div>
                        <p class="drawer-name">{name}</p>
                        <p class="drawer-email">{email}</p>
                    </div>
                </div>
            }
        })
    }
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
        list.sort_by_key(|one| (!one.is_personal, one.display_name.to_lowercase()));
        list
    });
    view! {
        <Loaded query=all what="your organizations" rows=3>
            <ul class="drawer-list" aria-label="Organizations">
                <For each=move || sorted.get() key=|one| (one.id.clone(), one.display_name.clone(), one.tier.clone()) let(one)>
                    <OrganizationEntry one open />
                </For>
            </ul>
        </Loaded>
    }
    .into_any()
}

#[component]
fn OrganizationEntry(one: OrganizationSlim, open: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let navigate = use_navigate();
    let described = format!("organization-{}", one.id);
    let pending = one.is_pending();
    let (name, notes) = (one.display_name.clone(), described.clone());
    let plan = one.tier.as_ref().filter(|_| !pending).map(|tier| tier.label().to_owned());
    let (id, pressed) = (one.id.clone(), one.id.clone());
    let current = move || (place.organization.get() == id).then_some("true");
    let choose = move |_| {
        open.set(false);
        navigate(&paths::organization(&pressed), NavigateOptions::default());
    };
    view! {
        <li>
            <button
                type="button"
                class="drawer-organization"
                aria-label=name
                aria-describedby=notes
                aria-current=current
                on:click=choose
            >
                <Avatar name=one.display_name.clone() seed=one.id.clone() square=true />
                <span class="drawer-organization-name">{one.display_name}</span>
                <span class="drawer-organization-notes" id=described>
                    {one.is_personal.then(|| view! { <Badge text="Personal" tone=Tone::Neutral /> })}
                    {pending.then(|| view! { <Badge text="Pending" tone=Tone::Warn /> })}
                    {plan.map(|plan| view! { <Badge text=plan tone=Tone::Neutral /> })}
                </span>
                <span class="drawer-check">
                    <IconView icon=Icon::Check />
                </span>
            </button>
        </li>
    }
    .into_any()
}

#[component]
fn DrawerLinks(open: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let to = move |page| Signal::derive(move || paths::settings(&place.organization.get(), page));
    view! {
        <ul class="drawer-links" on:click=move |_| open.set(false)>
            <li>
                <Link to=to(Settings::Members) class="nav-link">
                    <IconView icon=Icon::Users />
                    "Members and roles"
                </Link>
            </li>
            <li>
                <Link to=to(Settings::Workspaces) class="nav-link">
                    <IconView icon=Icon::Layers />
                    "Workspaces"
                </Link>
            </li>
            <li>
                <Link to=to(Settings::Billing) class="nav-link">
                    <IconView icon=Icon::CreditCard />
                    "Usage and billing"
                </Link>
            </li>
        </ul>
    }
    .into_any()
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
    view! { <Button label="Sign out" kind=ButtonKind::Quiet icon=Icon::LogOut block=true busy=busy on_press=sign_out /> }.into_any()
}
