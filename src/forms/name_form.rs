//! The form of everything that is made by giving it a name.

use atrium_ui::{Button, ButtonKind, InlineError, TextField, derive, el, spawn};
use leptos::prelude::*;

use super::cancel_or;
use crate::api::Answer;

/// One field and two buttons, for a dialog that makes something by its name.
#[component]
pub fn NameForm(
    /// What is named.
    label: &'static str,
    /// What a name may hold.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    /// Says what is wrong with a name before it is sent.
    check: fn(&str) -> Result<(), String>,
    /// The button.
    verb: &'static str,
    /// The button while the answer is on its way.
    busy_word: &'static str,
    /// The name that there is so far.
    #[prop(optional, into)]
    first: String,
    /// The dialog around it.
    open: RwSignal<bool>,
    /// Makes the thing; does all that follows from success but closing the dialog.
    save: Callback<String, Answer<()>>,
) -> impl IntoView {
    let name = RwSignal::new(first);
    let refused = RwSignal::new(None::<String>);
    // While it is typed, too: a character that cannot be in it is said when it comes. That nothing is
    // there yet is nobody's mistake before the form is sent.
    let field_error = derive(move || {
        let typed = name.get();
        let typed = typed.trim();
        refused.get().or_else(|| if typed.is_empty() { None } else { check(typed).err() })
    });
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(None::<String>);
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.with_untracked(Option::is_some) {
            return;
        }
        let wanted = name.get_untracked().trim().to_owned();
        if let Err(sentence) = check(&wanted) {
            refused.set(Some(sentence));
            return;
        }
        refused.set(None);
        error.set(None);
        busy.set(Some(busy_word.to_owned()));
        spawn(async move {
            let result = save.run(wanted).await;
            busy.try_set(None);
            match result {
                Ok(()) => {
                    open.try_set(false);
                }
                Err(failed) => match failed.of_field("display_name") {
                    Some(sentence) => {
                        refused.try_set(Some(sentence));
                    }
                    None => {
                        error.try_set(Some(failed.sentence));
                    }
                },
            }
        });
    };
    let typed = Callback::new(move |_: String| refused.set(None));
    let cancel = Callback::new(move |()| open.set(false));
    let act = view! { <Button label=verb kind=ButtonKind::Primary submit=true busy=busy /> };
    el("form")
        .class("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(view! { <TextField label value=name autofocus=true required=true hint error=field_error on_input=typed /> })
        .with(view! { <InlineError text=error /> })
        .with(cancel_or(cancel, false, act.into_any()))
        .view()
}
