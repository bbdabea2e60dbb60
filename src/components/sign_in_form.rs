//! Address and password, or an API key.

use atrium_ui::{Button, ButtonKind, FieldKind, InlineError, TextField, all, derive, dynamic, el, spawn};
use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::api::{self, Answer, Failure};
use crate::session::{Session, State};

/// The form of the sign-in page, and of the dialog that asks again when a session has ended.
#[component]
pub fn SignInForm(
    /// Called once somebody is signed in.
    on_signed_in: Callback<()>,
) -> impl IntoView {
    let by_key = RwSignal::new(false);
    dynamic(move || {
        let (form, other) = if by_key.get() {
            (view! { <KeyForm on_signed_in /> }.into_any(), t!("Use email and password"))
        } else {
            (view! { <PasswordForm on_signed_in /> }.into_any(), t!("Use an API key"))
        };
        let switch = Callback::new(move |()| {
            by_key.update(|by_key| *by_key = !*by_key);
            request_animation_frame(focus_first_field);
        });
        all([
            form,
            view! { <Button label=other kind=ButtonKind::Quiet block=true on_press=switch /> }.into_any(),
        ])
    })
}

/// The browser heeds `autofocus` when a page or a dialog opens, not when a form takes another's place.
fn focus_first_field() {
    if let Ok(Some(field)) = document().query_selector("form [autofocus]")
        && let Some(field) = field.dyn_ref::<web_sys::HtmlElement>()
    {
        let _ = field.focus();
    }
}

/// What both forms have: the attempt that is under way, and why the last one failed.
#[derive(Clone, Copy)]
struct Attempt {
    session: Session,
    on_signed_in: Callback<()>,
    busy: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
}

impl Attempt {
    fn new(on_signed_in: Callback<()>) -> Self {
        let none = || RwSignal::new(None::<String>);
        Self { session: Session::current(), on_signed_in, busy: none(), error: none() }
    }

    /// Tries to sign in. The secret is forgotten once that has worked.
    fn begin(self, sign_in: Answer<()>, secret: RwSignal<String>, not_right: &'static str) {
        self.error.set(None);
        self.busy.set(Some(t!("Signing in").to_owned()));
        spawn(async move {
            let result = match sign_in.await {
                Ok(()) => match self.session.enter().await {
                    State::SignedIn => Ok(()),
                    State::Failed(error) => Err(error.sentence),
                    _ => Err(t!("The server signed you in and out again at once. Try again.").to_owned()),
                },
                Err(failed) if failed.failure == Failure::SignedOut => Err(not_right.to_owned()),
                Err(failed) => Err(failed.sentence),
            };
            self.busy.try_set(None);
            match result {
                Ok(()) => {
                    secret.try_set(String::new());
                    self.session.state.set(State::SignedIn);
                    // The dialog may be gone: another tab signed in as well.
                    let _ = self.on_signed_in.try_run(());
                }
                Err(sentence) => {
                    self.error.try_set(Some(sentence));
                }
            }
        });
    }

    /// The form around these fields; `send` runs when nothing is under way.
    fn form(self, fields: Vec<AnyView>, send: impl Fn() + 'static) -> AnyView {
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            if self.busy.with_untracked(Option::is_none) {
                send();
            }
        };
        let button = view! { <Button label=t!("Sign in") kind=ButtonKind::Primary submit=true block=true busy=self.busy /> };
        el("form")
            .class("form")
            .attr("novalidate", "")
            .on("submit", submit)
            .with(fields)
            .with(view! { <InlineError text=self.error /> })
            .with(button)
            .view()
    }
}

#[component]
fn PasswordForm(on_signed_in: Callback<()>) -> impl IntoView {
    let attempt = Attempt::new(on_signed_in);
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let send = move || {
        let (address, secret) = (email.get_untracked().trim().to_owned(), password.get_untracked());
        if address.is_empty() || secret.is_empty() {
            attempt.error.set(Some(t!("Enter your email address and your password.").to_owned()));
            return;
        }
        let not_right = t!("The email address or the password is not right. Check both, then try again.");
        attempt.begin(api::sign_in(address, secret), password, not_right);
    };
    let email_field = view! {
        <TextField label=t!("Email") value=email kind=FieldKind::Email autocomplete="username" autofocus=true />
    };
    // How long signing in lasts where no session does.
    let until_left =
        t!("This server keeps no sessions: you are signed in until you leave or reload this page.");
    let hint = derive(move || (!attempt.session.lasting.get()).then(|| until_left.to_owned()));
    let password_field = view! {
        <TextField label=t!("Password") value=password kind=FieldKind::Password autocomplete="current-password" hint />
    };
    attempt.form(vec![email_field.into_any(), password_field.into_any()], send)
}

#[component]
fn KeyForm(on_signed_in: Callback<()>) -> impl IntoView {
    let attempt = Attempt::new(on_signed_in);
    let key = RwSignal::new(String::new());
    let send = move || {
        let secret = key.get_untracked().trim().to_owned();
        // What a header may hold; a key has no other characters.
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            attempt.error.set(Some(t!("Enter an API key, such as lsv2_pt_… or lsv2_sk_….").to_owned()));
            return;
        }
        let not_right = t!("This key is not known here, or it has ended. Check it, or make another one.");
        attempt.begin(api::use_key(secret), key, not_right);
    };
    let field = view! {
        <TextField
            label=t!("API key")
            value=key
            kind=FieldKind::Password
            autocomplete="off"
            autofocus=true
            hint=t!("It is kept until you leave or reload this page, and nowhere else.")
        />
    };
    attempt.form(vec![field.into_any()], send)
}
