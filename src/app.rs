//! Providers, and the choice of the page by the address.

use atrium_ui::{MessageRegion, Messages, all, derive, dynamic, effect, el, memo};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::hooks::use_navigate;
use leptos_router::{NavigateOptions, WildcardSegment};

use crate::components::{FailurePage, Shown, SignInAgain, current_path};
use crate::config;
use crate::layouts::OrganizationFrame;
use crate::pages::{LoginPage, NotFoundPage, SignUpPage, StartPage};
use crate::paths::{self, Page};
use crate::session::{Place, Session, State};

/// The whole app.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::provide();
    let messages = Messages::provide();
    effect(move || {
        if session.state.get() != State::Starting
            && let Some(skeleton) = document().get_element_by_id("skeleton")
        {
            skeleton.remove();
        }
    });
    let started = memo(move || match session.state.get() {
        State::Starting => Shown::Waiting,
        State::Failed(_) => Shown::Failed,
        _ => Shown::Ready,
    });
    let page = dynamic(move || match started.get() {
        Shown::Waiting | Shown::Missing => ().into_any(),
        Shown::Failed => view! { <Unreachable session /> }.into_any(),
        // One route: `paths` takes addresses apart, and a router's table would do it again, at
        // 90 KB of wasm for ours (before wasm-opt).
        Shown::Ready => view! {
            <Router base=config::base_path()>
                <FlatRoutes fallback=|| ()>
                    <Route path=WildcardSegment("page") view=Pages />
                </FlatRoutes>
            </Router>
        }
        .into_any(),
    });
    all([page, view! { <MessageRegion messages /> }.into_any()])
}

#[component]
fn Unreachable(session: Session) -> impl IntoView {
    let text = derive(move || match session.state.get() {
        State::Failed(error) => error.sentence,
        _ => String::new(),
    });
    let retry = Callback::new(move |()| session.start());
    el("main").with(view! { <FailurePage title=t!("Atrium could not start") text retry /> }).view()
}

/// What stands outside of any organization, or the organization's frame.
#[component]
fn Pages() -> impl IntoView {
    let session = Session::current();
    let path = current_path();
    Place::provide(session);
    lead_to_sign_in(session, path);
    let frame = memo(move || match path.with(|path| Page::of(path)) {
        page @ (Page::Start | Page::Login | Page::SignUp | Page::Missing) => page,
        _ => Page::Organization,
    });
    let page = dynamic(move || match frame.get() {
        Page::Start => view! { <StartPage /> }.into_any(),
        Page::Login => view! { <LoginPage /> }.into_any(),
        Page::SignUp => view! { <SignUpPage /> }.into_any(),
        Page::Missing => view! { <NotFoundPage /> }.into_any(),
        _ => view! { <OrganizationFrame /> }.into_any(),
    });
    all([page, view! { <SignInAgain /> }.into_any()])
}

/// Leads a person who is not signed in to the sign-in page, and back afterwards.
fn lead_to_sign_in(session: Session, path: Memo<String>) {
    let navigate = use_navigate();
    let location = leptos_router::hooks::use_location();
    effect(move || {
        if session.state.get() != State::SignedOut {
            return;
        }
        let path = path.get();
        if !matches!(Page::of(&path), Page::Login | Page::SignUp) {
            let search = location.search.get_untracked();
            let next = if search.is_empty() { path } else { format!("{path}?{search}") };
            navigate(&paths::login(&next), NavigateOptions { replace: true, ..Default::default() });
        }
    });
}
