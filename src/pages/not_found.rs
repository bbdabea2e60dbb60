//! Addresses that lead nowhere, and organizations that are not the person's.

use atrium_ui::{Button, EmptyState, Icon, Messages, all, dynamic, el, spawn};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api::{self, query};
use crate::components::{Link, PageTitle};
use crate::paths;
use crate::session::Session;

/// Any address that no page has.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    el("main").class("page-alone").with(view! { <MissingPage /> }).view()
}

/// Any address in an organization that no page has.
#[component]
pub fn MissingPage() -> impl IntoView {
    let state = view! {
        <EmptyState title="" text=t!("The address may be mistyped, or the page may be gone.") icon=Icon::Search>
            <Link to=paths::START class="link">
                {t!("Go to the start page")}
            </Link>
        </EmptyState>
    };
    all([view! { <PageTitle title=t!("There is no such page") /> }.into_any(), state.into_any()])
}

/// An organization that the signed-in person is not a member of, or no longer.
#[component]
pub fn NotMemberPage() -> impl IntoView {
    let navigate = use_navigate();
    let leave = Callback::new(move |()| navigate(paths::START, NavigateOptions::default()));
    view! {
        <NoAccess
            heading=t!("This organization is not open to you")
            title=t!("You cannot open this organization")
            why=t!("You are not a member of it, or it does not exist any more.")
            advice=t!("Ask an Organization Admin to invite this address, or sign in with another account.")
            elsewhere=t!("Go to your organizations")
            leave
        />
    }
    .into_any()
}

/// A place that the signed-in person may not enter: why, as whom they are signed in, since the usual
/// reason is to be signed in as somebody else, and the ways on.
#[component]
pub fn NoAccess(
    /// The page's heading.
    heading: &'static str,
    /// What cannot be done.
    title: &'static str,
    /// Why not.
    why: &'static str,
    /// Whom to ask.
    #[prop(into)]
    advice: String,
    /// The button that leads to a place of one's own.
    elsewhere: &'static str,
    /// What it does.
    leave: Callback<()>,
) -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let email = query(
        move || session.account.get(),
        move || (!session.account.with(String::is_empty)).then(api::own_address),
    );
    let text = move || match email.data.get() {
        _ if api::by_key() => format!("{why} {} {advice}", t!("You are signed in with an API key.")),
        Some(who) if !who.is_empty() => format!("{why} {} {advice}", t!("You are signed in as {who}.", who)),
        _ => format!("{why} {advice}"),
    };
    // The sign-in page leads back here, with the other account.
    let switch = Callback::new(move |()| {
        spawn(async move {
            if let Err(error) = session.sign_out().await {
                messages.failure(format!("{} {}", t!("You are still signed in."), error.sentence), None);
            }
        });
    });
    let buttons = move || {
        all([
            view! { <Button label=elsewhere on_press=leave /> }.into_any(),
            view! { <Button label=t!("Use another account") on_press=switch /> }.into_any(),
        ])
    };
    let state = dynamic(move || {
        view! {
            <EmptyState title text=text() icon=Icon::Lock>
                {buttons()}
            </EmptyState>
        }
        .into_any()
    });
    all([view! { <PageTitle title=heading /> }.into_any(), state])
}
