//! Something to take along.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Clipboard, HtmlInputElement};

use crate::{Icon, IconView};

#[derive(Clone, Copy, PartialEq)]
enum Copied {
    NotYet,
    Yes,
    /// The browser did not let us: the text lies ready to be copied by hand.
    Refused,
}

/// Copies a value (an organization's id). It says "Copied" where the user looks and where they listen; where the
/// browser refuses, it lays the value out, selected.
#[component]
pub fn CopyButton(
    /// What is copied: "Organization ID".
    #[prop(into)]
    label: String,
    /// The value.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    let state = RwSignal::new(Copied::NotYet);
    let copy = move |_| {
        spawn_local(async move {
            let done = write(&value.get_untracked()).await;
            let _ = state.try_set(if done { Copied::Yes } else { Copied::Refused });
            if done {
                set_timeout(move || _ = state.try_set(Copied::NotYet), Duration::from_secs(2));
            }
        });
    };
    let name = label.clone();
    let by_hand = move || {
        (state.get() == Copied::Refused).then(|| {
            view! {
                <input
                    class="input copy-by-hand"
                    readonly=true
                    aria-label=format!("{name}: press Ctrl+C to copy")
                    prop:value=value
                    node_ref=selected_field()
                />
            }
            .into_any()
        })
    };
    let mark = move || {
        let icon = if state.get() == Copied::Yes { Icon::Check } else { Icon::Copy };
        view! { <IconView icon /> }.into_any()
    };
    let said = Signal::derive(move || match state.get() {
        Copied::NotYet => String::new(),
        Copied::Yes => "Copied".to_owned(),
        Copied::Refused => "Press Ctrl+C to copy".to_owned(),
    });
    view! {
        <span class="copy">
            <button type="button" class="button quiet" on:click=copy>
                <span class="button-face">{mark}<span class="button-label">{label}</span></span>
            </button>
            {by_hand}
            <span class="copy-said" role="status">{said}</span>
        </span>
    }
    .into_any()
}

/// A reference that selects its field's text as soon as the field is in the page.
fn selected_field() -> NodeRef<leptos::html::Input> {
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            let field: &HtmlInputElement = &field;
            let _ = field.focus();
            field.select();
        }
    });
    field
}

/// Whether the clipboard took it. There is none where the page is not served securely.
async fn write(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard"));
    let Some(clipboard) = clipboard.ok().filter(|value| value.is_object()) else { return false };
    clipboard.unchecked_ref::<Clipboard>().write_text(text).await.is_ok()
}
