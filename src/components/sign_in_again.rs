//! Signing in again over the page, when the session ended while it was open.

use atrium_ui::{Button, ButtonKind, Dialog, DialogActions, DialogKind, all, effect};
use atrium_words::t;
use leptos::prelude::*;

use super::SignInForm;
use crate::session::{Session, State};

/// The dialog that a page with an ended session shows. What was typed below it stays.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let session = Session::current();
    let open = RwSignal::new(false);
    let was = StoredValue::new(String::new());
    effect(move || match session.state.get() {
        State::Expired => {
            was.set_value(session.account.get_untracked());
            open.set(true);
        }
        _ => open.set(false),
    });
    let on_signed_in = Callback::new(move |()| {
        // Somebody else must not see the page of the person before.
        if session.account.get_untracked() != was.get_value() {
            let _ = window().location().reload();
        }
    });
    let leave = Callback::new(move |()| session.state.set(State::SignedOut));
    let content = move || {
        let actions = view! {
            <DialogActions>
                <Button label=t!("Go to the sign-in page") kind=ButtonKind::Quiet on_press=leave />
            </DialogActions>
        };
        all([view! { <SignInForm on_signed_in /> }.into_any(), actions.into_any()])
    };
    view! {
        <Dialog
            title=t!("Your session has ended")
            kind=DialogKind::Alert
            open
            on_close=leave
            description=t!("Sign in to go on. What you entered on this page is still there.")
        >
            {content()}
        </Dialog>
    }
    .into_any()
}
