//! Address and password.

use atrium_ui::{Button, ButtonKind, FieldKind, InlineError, TextField, el, spawn};
use leptos::prelude::*;

use crate::api::{self, Failure};
use crate::session::{Session, State};

/// The form of the sign-in page, and of the dialog that asks again when a session has ended.
#[component]
pub fn SignInForm(
    /// Called once somebody is signed in.
    on_signed_in: Callback<()>,
) -> impl IntoView {
    let session = Session::current();
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.with_untracked(Option::is_some) {
            return;
        }
        let (address, secret) = (email.get_untracked().trim().to_owned(), password.get_untracked());
        if address.is_empty() || secret.is_empty() {
            error.set(Some("Enter your email address and your password.".to_owned()));
            return;
        }
        error.set(None);
        busy.set(Some("Signing in".to_owned()));
        spawn(async move {
            let result = match api::sign_in(&address, &secret).await {
                Ok(()) => match session.enter().await {
                    State::SignedIn => Ok(()),
                    State::Failed(error) => Err(error.sentence),
                    _ => Err("The server signed you in and out again at once. Try again.".to_owned()),
                },
                Err(failed) if failed.failure == Failure::SignedOut => {
                    Err("The email address or the password is not right. Check both, then try again."
                        .to_owned())
                }
                Err(failed) => Err(failed.sentence),
            };
            busy.try_set(None);
            match result {
                Ok(()) => {
                    password.try_set(String::new());
                    session.state.set(State::SignedIn);
                    on_signed_in.run(());
                }
                Err(sentence) => {
                    error.try_set(Some(sentence));
                }
            }
        });
    };
    let email_field = view! {
        <TextField label="Email" value=email kind=FieldKind::Email autocomplete="username" autofocus=true />
    };
    let password_field = view! {
        <TextField label="Password" value=password kind=FieldKind::Password autocomplete="current-password" />
    };
    el("form")
        .class("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(email_field)
        .with(password_field)
        .with(view! { <InlineError text=error /> })
        .with(view! { <Button label="Sign in" kind=ButtonKind::Primary submit=true block=true busy=busy /> })
        .view()
}
