//! What a page is sent for: `?do=invite` in its address opens the dialog "Invite members".

use atrium_ui::{Messages, effect};
use leptos::prelude::*;

use super::address_state;
use crate::paths;

/// Takes up an errand when the address of this page names it, once: it goes from the address at once, so
/// that neither a reload nor Back does it again. Somebody who may not do it is told why.
pub fn take_errand(word: &'static str, why_not: Signal<Option<String>>, run: Callback<()>) {
    let errand = address_state(paths::ERRAND);
    let messages = Messages::expect();
    effect(move || {
        if errand.value.with(|value| value != word) {
            return;
        }
        errand.set.run(String::new());
        match why_not.get_untracked() {
            Some(reason) => messages.failure(reason, None),
            None => run.run(()),
        }
    });
}
