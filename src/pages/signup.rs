//! The sign-up page.

use atrium_domain::email::is_address;
use atrium_domain::names::{check_full_name, check_password};
use atrium_domain::wire::SignUp;
use atrium_ui::{
    Button, ButtonKind, FieldKind, InlineError, TextField, all, derive, el, sentence, spawn, when,
};
use atrium_words::t;
use leptos::prelude::*;

use super::login::{FrontFrame, by_invitation, leave_when_signed_in, next_address};
use crate::api::{self, ApiError};
use crate::components::Link;
use crate::paths;
use crate::session::{Session, State};

/// `/signup`
#[component]
pub fn SignUpPage() -> impl IntoView {
    let session = Session::current();
    let next = next_address();
    leave_when_signed_in(session, next);
    let can_sign_up = move || session.info.with(|info| info.instance_flags.sign_up);
    let login = derive(move || paths::with_next(paths::LOGIN, &next.get()));
    let other = move || {
        let link = |_: &str| view! { <Link to=login>{t!("Sign in")}</Link> }.into_any();
        el("p").class("front-other").with(sentence(t!("You have one already? {link}"), link)).view()
    };
    view! {
        <FrontFrame title=t!("Create an account")>
            {all([
                when(can_sign_up, move || view! { <Form session /> }.into_any()),
                when(move || !can_sign_up(), by_invitation),
                other(),
            ])}
        </FrontFrame>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Fields {
    full_name: RwSignal<String>,
    email: RwSignal<String>,
    password: RwSignal<String>,
    full_name_error: RwSignal<Option<String>>,
    email_error: RwSignal<Option<String>>,
    password_error: RwSignal<Option<String>>,
    error: RwSignal<Option<String>>,
}

impl Fields {
    /// What is wrong, beside each field; the account to make where nothing is.
    fn check(self) -> Option<SignUp> {
        let account = SignUp {
            full_name: self.full_name.get_untracked().trim().to_owned(),
            email: self.email.get_untracked().trim().to_owned(),
            password: self.password.get_untracked(),
        };
        let email_error = if is_address(&account.email) {
            None
        } else {
            Some(t!("Enter an email address, such as ada@example.com.").to_owned())
        };
        self.full_name_error.set(check_full_name(&account.full_name).err());
        self.email_error.set(email_error);
        self.password_error.set(check_password(&account.password).err());
        self.error.set(None);
        let good = [self.full_name_error, self.email_error, self.password_error]
            .iter()
            .all(|error| error.with_untracked(Option::is_none));
        good.then_some(account)
    }

    /// Shows what the server refused, beside the field where it names one.
    fn refuse(self, failed: &ApiError) {
        let fields = [
            ("full_name", self.full_name_error),
            ("email", self.email_error),
            ("password", self.password_error),
        ];
        let mut shown = false;
        for (name, error) in fields {
            if let Some(sentence) = failed.of_field(name) {
                error.try_set(Some(sentence));
                shown = true;
            }
        }
        if !shown {
            self.error.try_set(Some(failed.sentence.clone()));
        }
    }
}

#[component]
fn Form(session: Session) -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let none = || RwSignal::new(None::<String>);
    let fields = Fields {
        full_name: text(),
        email: text(),
        password: text(),
        full_name_error: none(),
        email_error: none(),
        password_error: none(),
        error: none(),
    };
    let busy = none();
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.with_untracked(Option::is_some) {
            return;
        }
        let Some(account) = fields.check() else { return };
        busy.set(Some(t!("Creating your account").to_owned()));
        spawn(async move {
            let result = api::sign_up(account).await;
            let state = match result {
                Ok(()) => session.enter().await,
                Err(failed) => {
                    busy.try_set(None);
                    fields.refuse(&failed);
                    return;
                }
            };
            busy.try_set(None);
            match state {
                State::Failed(failed) => fields.refuse(&failed),
                state => session.state.set(state),
            }
        });
    };
    let full_name = view! {
        <TextField
            label=t!("Full name")
            value=fields.full_name
            autocomplete="name"
            autofocus=true
            error=fields.full_name_error
        />
    };
    let email = view! {
        <TextField
            label=t!("Email")
            value=fields.email
            kind=FieldKind::Email
            autocomplete="username"
            error=fields.email_error
        />
    };
    let password = view! {
        <TextField
            label=t!("Password")
            value=fields.password
            kind=FieldKind::Password
            autocomplete="new-password"
            hint=t!("At least 8 characters.")
            error=fields.password_error
        />
    };
    let send = view! {
        <Button label=t!("Create account") kind=ButtonKind::Primary submit=true block=true busy=busy />
    };
    el("form")
        .class("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(full_name)
        .with(email)
        .with(password)
        .with(view! { <InlineError text=fields.error /> })
        .with(send)
        .view()
}
