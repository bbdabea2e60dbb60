//! Addresses that lead nowhere, and organizations that are not the person's.

use atrium_domain::json::Json;
use atrium_ui::{Button, EmptyState, Icon, Messages, all, dynamic, el, spawn};
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
        <EmptyState title="" text="The address may be mistyped, or the page may be gone." icon=Icon::Search>
            <Link to=paths::START class="link">
                "Go to the start page"
            </Link>
        </EmptyState>
    };
    all([view! { <PageTitle title="There is no such page" /> }.into_any(), state.into_any()])
}

/// An organization that the signed-in person is not a member of, or no longer.
#[component]
pub fn NotMemberPage() -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    // Names the account, since the usual reason is to be signed in as somebody else.
    let email = query(
        move || session.account.get(),
        move || (!session.account.with(String::is_empty)).then(own_address),
    );
    let who = move || email.data.get().unwrap_or_default();
    let text = move || {
        let who = who();
        let signed_in = if who.is_empty() { String::new() } else { format!(" You are signed in as {who}.") };
        format!(
            "You are not a member of it, or it does not exist any more.{signed_in} Ask an Organization Admin to invite this address, or sign in with another account."
        )
    };
    let go = {
        let navigate = navigate.clone();
        Callback::new(move |()| navigate(paths::START, NavigateOptions::default()))
    };
    let switch = Callback::new(move |()| {
        spawn(async move {
            if let Err(error) = session.sign_out().await {
                messages.failure(format!("You are still signed in. {}", error.sentence), None);
            }
        });
    });
    let buttons = move || {
        all([
            view! { <Button label="Go to your organizations" on_press=go /> }.into_any(),
            view! { <Button label="Use another account" on_press=switch /> }.into_any(),
        ])
    };
    let state = dynamic(move || {
        view! {
            <EmptyState title="You cannot open this organization" text=text() icon=Icon::Lock>
                {buttons()}
            </EmptyState>
        }
        .into_any()
    });
    all([view! { <PageTitle title="This organization is not open to you" /> }.into_any(), state])
}

/// The address of the signed-in account. It is told by an organization, so one of the person's own
/// is asked.
fn own_address() -> api::Answer<String> {
    api::Answer::of(async {
        let all = api::organizations().await?;
        let Some(own) = all.into_iter().next() else { return Ok(Json::Text(String::new())) };
        let methods = api::login_methods(own.id).await?;
        Ok(Json::Text(methods.into_iter().find_map(|one| one.email).unwrap_or_default()))
    })
}
