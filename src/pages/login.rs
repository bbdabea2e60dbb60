//! The sign-in page.

use atrium_ui::{Icon, IconView, all, derive, effect, el, memo, sentence, when};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use crate::components::{Link, PageTitle, SignInForm};
use crate::paths;
use crate::session::{Session, State};

/// The address to go to once somebody is signed in.
pub fn next_address() -> Memo<String> {
    let query = use_location().query;
    memo(move || {
        let next = query.with(|query| query.get("next").unwrap_or_default());
        paths::safe_next(&next).unwrap_or(paths::START).to_owned()
    })
}

/// Leads somebody who is signed in on to where they wanted to go.
pub fn leave_when_signed_in(session: Session, next: Memo<String>) {
    let navigate = use_navigate();
    effect(move || {
        if session.state.get() == State::SignedIn {
            navigate(&next.get_untracked(), NavigateOptions { replace: true, ..Default::default() });
        }
    });
}

/// The frame of the pages before signing in.
#[component]
pub fn FrontFrame(
    /// What the page is.
    title: &'static str,
    /// The form and what is below it.
    children: Children,
) -> impl IntoView {
    let card = el("div")
        .class("front-card")
        .with(el("p").class("front-brand").with(view! { <IconView icon=Icon::Logo /> }).with("Atrium"))
        .with(view! { <PageTitle title /> })
        .with(children());
    el("main").class("front page-alone").with(card).view()
}

/// Why an account cannot be made here.
pub fn by_invitation() -> AnyView {
    let why = t!("New here? This server makes no accounts here. Ask whoever runs it for one.");
    el("p").class("front-other").with(why).view()
}

/// `/login`
#[component]
pub fn LoginPage() -> impl IntoView {
    let session = Session::current();
    let next = next_address();
    leave_when_signed_in(session, next);
    let can_sign_up = move || session.info.with(|info| info.instance_flags.sign_up);
    let signup = derive(move || paths::with_next(paths::SIGNUP, &next.get()));
    let other = move || {
        let link = |_: &str| view! { <Link to=signup>{t!("Create an account")}</Link> }.into_any();
        el("p").class("front-other").with(sentence(t!("New here? {link}"), link)).view()
    };
    view! {
        <FrontFrame title=t!("Sign in")>
            {all([
                view! { <SignInForm on_signed_in=Callback::new(|()| ()) /> }.into_any(),
                when(can_sign_up, other),
                when(move || !can_sign_up(), by_invitation),
            ])}
        </FrontFrame>
    }
    .into_any()
}
