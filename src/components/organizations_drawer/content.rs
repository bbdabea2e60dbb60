//! What is in the drawer, from who is signed in to signing out.

use atrium_ui::{
    Avatar, Button, ButtonKind, Icon, IconView, InlineError, Messages, Picker, PickerItem, SelectOption,
    ToggleGroup, all, derive, el, memo, next_id, optional, spawn,
};
use atrium_words::t;
use leptos::prelude::*;

use super::Drawer;
use super::list::OrganizationList;
use crate::api::{self, query};
use crate::components::{Link, WaitingInvitations, set_theme, theme};
use crate::language::{self, LANGUAGES};
use crate::pages::prepare_settings;
use crate::paths::{self, Settings};
use crate::session::{Place, Session};

/// Everything in the drawer.
#[component]
pub fn Content(
    /// The drawer.
    drawer: Drawer,
) -> impl IntoView {
    let create = Callback::new(move |()| {
        drawer.open.set(false);
        drawer.creating.set(true);
    });
    let why_not = api::by_key().then(|| {
        t!("An API key belongs to one organization. Sign in with your email address to make another.")
            .to_owned()
    });
    let why_not = derive(move || why_not.clone());
    let close = Callback::new(move |()| drawer.open.set(false));
    let keys = Callback::new(move |()| drawer.shortcuts.set(true));
    el("div")
        .class("drawer")
        .with(view! { <Person /> })
        .with(view! { <WaitingInvitations label=t!("Waiting invitations") on_accept=close /> })
        .with(view! { <OrganizationList drawer /> })
        .with(view! {
            <Button label=t!("New") icon=Icon::Plus block=true disabled_reason=why_not on_press=create />
        })
        .with(view! { <DrawerLinks open=drawer.open /> })
        .with(view! { <ThemeChoice /> })
        .with(view! { <LanguageChoice /> })
        .with(
            el("div")
                .class("drawer-end")
                .with(view! {
                    <Button
                        label=t!("Keyboard shortcuts")
                        kind=ButtonKind::Quiet
                        icon=Icon::Keyboard
                        block=true
                        on_press=keys
                    />
                })
                .with(view! { <SignOut /> }),
        )
        .view()
}

#[component]
fn Person() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let own = move || place.own.data.with(|own| own.as_ref().and_then(|own| own.first().cloned()));
    // In an organization that is not the person's, another one tells who they are.
    let elsewhere = memo(move || own().is_none() && place.own.error.with(Option::is_some));
    let address = query(
        move || session.account.get(),
        move || (elsewhere.get() && !api::by_key()).then(api::own_address),
    );
    optional(move || {
        if api::by_key() {
            return Some(el("p").class("drawer-email").with(t!("Signed in with an API key")).view());
        }
        let (name, email) = match own() {
            Some(member) => {
                let email = member.email.unwrap_or_default();
                (member.full_name.unwrap_or_else(|| email.clone()), email)
            }
            None => {
                let email = address.data.get().filter(|email| !email.is_empty())?;
                (email.clone(), email)
            }
        };
        let second = (name != email).then(|| el("p").class("drawer-email").with(&email));
        let words = el("div").with(el("p").class("drawer-name").with(&name)).with(second);
        Some(el("div").class("drawer-person").with(view! { <Avatar name seed=email /> }).with(words).view())
    })
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
        el("li")
            .on("pointerenter", move |_| prepare_settings(page))
            .on("focusin", move |_| prepare_settings(page))
            .with(link)
    };
    el("ul")
        .class("drawer-links")
        .attr("aria-label", t!("Settings"))
        .on("click", move |_| open.set(false))
        .with(link(Settings::Organization, Icon::Building, t!("Organization")))
        .with(link(Settings::Members, Icon::Users, t!("Members and roles")))
        .with(link(Settings::Workspaces, Icon::Layers, t!("Workspaces")))
        .with(link(Settings::Billing, Icon::CreditCard, t!("Usage and billing")))
        .view()
}

#[component]
fn ThemeChoice() -> impl IntoView {
    let chosen = RwSignal::new(theme());
    let options = vec![
        SelectOption::new("", t!("System")),
        SelectOption::new("light", t!("Light")),
        SelectOption::new("dark", t!("Dark")),
    ];
    let on_change = Callback::new(move |theme: String| {
        set_theme(&theme);
        chosen.set(theme);
    });
    view! { <ToggleGroup label=t!("Theme") options value=chosen on_change /> }.into_any()
}

/// Nothing is chosen before Enter or a press: the page loads again with the choice.
#[component]
fn LanguageChoice() -> impl IntoView {
    let here = language::current();
    // Each is named in itself.
    let item = |(code, name): (&str, &str)| {
        let (id, label) = (code.to_owned(), name.to_owned());
        PickerItem { id, label, ..PickerItem::default() }
    };
    let items = LANGUAGES.into_iter().map(item).collect::<Vec<_>>();
    let name = LANGUAGES.iter().find(|(code, _)| *code == here).map_or("", |(_, name)| *name);
    let shown = t!("Language: {name}", name);
    let error = RwSignal::new(None::<String>);
    let choose = Callback::new(move |code: String| {
        let failed = code != here && !language::choose(&code);
        let why = t!(
            "This browser keeps nothing for Atrium, so the language cannot be changed here. Atrium follows the browser's own languages."
        );
        error.set(failed.then(|| why.to_owned()));
    });
    let picker = view! {
        <Picker
            button_name=shown.clone()
            button_text=shown
            list_name=t!("Language")
            filter_name=t!("Language")
            items
            selected=here
            on_pick=choose
        />
    };
    let choice = el("div").class("drawer-language").with(picker);
    let signs_out = api::by_key() || !Session::current().lasting.get_untracked();
    let hint = signs_out.then(|| {
        let id = next_id("language-hint");
        if let Ok(Some(button)) = choice.node().query_selector(".picker-button") {
            let _ = button.set_attribute("aria-describedby", &id);
        }
        let words = t!("Choosing another language loads this page again, and you sign in again.");
        el("p").class("field-hint").attr("id", &id).with(words)
    });
    choice.with(hint).with(view! { <InlineError text=error /> }).view()
}

#[component]
fn SignOut() -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(None::<String>);
    let sign_out = Callback::new(move |()| {
        busy.set(Some(t!("Signing out").to_owned()));
        spawn(async move {
            let result = session.sign_out().await;
            busy.try_set(None);
            if let Err(error) = result {
                messages.failure(format!("{} {}", t!("You are still signed in."), error.sentence), None);
            }
        });
    });
    view! {
        <Button
            label=t!("Sign out")
            kind=ButtonKind::Quiet
            icon=Icon::LogOut
            block=true
            busy=busy
            on_press=sign_out
        />
    }
    .into_any()
}
