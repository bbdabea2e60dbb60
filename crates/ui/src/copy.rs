//! Something to take along.

use std::time::Duration;

use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Clipboard, HtmlInputElement};

use crate::icon::draw;
use crate::{Icon, derive, el, spawn};

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
    /// The accessible name where it must say more than the label ("Copy the message for ada@acme.com").
    #[prop(optional, into)]
    name: Option<String>,
) -> impl IntoView {
    let taken = RwSignal::new(None::<bool>); // whether the clipboard took it
    let by_hand = el("input")
        .class("input copy-by-hand")
        .attr("readonly", "")
        .attr("hidden", "")
        .attr("aria-label", &t!("{label}: press Ctrl+C to copy", label))
        .react(move |field| field.unchecked_ref::<HtmlInputElement>().set_value(&value.get()));
    let field: HtmlInputElement = by_hand.node().clone().unchecked_into();
    let copy = move |_| {
        let field = field.clone();
        spawn(async move {
            if copy_text(&value.get_untracked()).await {
                taken.try_set(Some(true));
                set_timeout(move || _ = taken.try_set(None), Duration::from_secs(2));
            } else {
                taken.try_set(Some(false));
                let _ = field.remove_attribute("hidden");
                let _ = field.focus();
                field.select();
            }
        });
    };
    let copied = move || taken.get() == Some(true);
    let said = derive(move || {
        let words = match taken.get()? {
            true => t!("Copied"),
            false => t!("Press Ctrl+C to copy"),
        };
        Some(words.to_owned())
    });
    let face = el("span")
        .class("button-face")
        .with(draw(Icon::Copy).live("hidden", derive(move || copied().then(String::new))))
        .with(draw(Icon::Check).live("hidden", derive(move || (!copied()).then(String::new))))
        .with(el("span").class("button-label").with(&label));
    el("span")
        .class("copy")
        .with(
            el("button")
                .attr("type", "button")
                .class("button quiet")
                .attr_if("aria-label", name.as_deref())
                .on("click", copy)
                .with(face),
        )
        .with(by_hand)
        .with(el("span").class("copy-said").attr("role", "status").with(said))
        .view()
}

/// Copies a text: whether the clipboard took it. There is none where the page is not served securely.
pub async fn copy_text(text: &str) -> bool {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard"));
    let Some(clipboard) = clipboard.ok().filter(|value| value.is_object()) else { return false };
    clipboard.unchecked_ref::<Clipboard>().write_text(text).await.is_ok()
}
