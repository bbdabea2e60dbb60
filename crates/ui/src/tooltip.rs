//! One tooltip for the whole page. Whatever carries `data-tip` shows its text on hover and on keyboard focus. It
//! lives in the top layer, so that no table or dialog cuts it off, and is created with the first part that needs
//! it. It repeats for the eye what the accessible name or description says, so it is hidden from the tree.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

thread_local! {
    static INSTALLED: Cell<bool> = const { Cell::new(false) };
}

/// Makes tooltips work; calls after the first do nothing.
pub(crate) fn install() {
    if INSTALLED.replace(true) {
        return;
    }
    let Ok(tip) = document().create_element("div") else { return };
    let Ok(tip) = tip.dyn_into::<HtmlElement>() else { return };
    tip.set_class_name("tooltip");
    let _ = tip.set_attribute("popover", "manual");
    let _ = tip.set_attribute("aria-hidden", "true");
    let Some(body) = document().body() else { return };
    let _ = body.append_child(&tip);

    let handle = Closure::<dyn FnMut(Event)>::new(move |event: Event| on_event(&tip, &event));
    for name in ["mouseover", "focusin", "mouseout", "focusout", "mousedown", "keydown", "scroll"] {
        let _ =
            document().add_event_listener_with_callback_and_bool(name, handle.as_ref().unchecked_ref(), true);
    }
    handle.forget(); // lives as long as the page
}

fn on_event(tip: &HtmlElement, event: &Event) {
    let by_key = event.type_() == "focusin";
    if by_key || event.type_() == "mouseover" {
        let host = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let host = host.and_then(|element| element.closest("[data-tip]").ok().flatten());
        if let Some(host) = host
            && (!by_key || host.matches(":focus-visible, :has(:focus-visible)").unwrap_or(false))
        {
            show(tip, &host);
        }
        return;
    }
    if event.type_() == "keydown"
        && event.dyn_ref::<KeyboardEvent>().is_none_or(|event| event.key() != "Escape")
    {
        return;
    }
    let _ = tip.hide_popover();
}

fn show(tip: &HtmlElement, host: &Element) {
    let Some(text) = host.get_attribute("data-tip").filter(|text| !text.is_empty()) else { return };
    tip.set_text_content(Some(&text));
    let _ = tip.hide_popover(); // shown again, it is above a dialog that opened since
    let _ = tip.show_popover();
    let (host, own) = (host.get_bounding_client_rect(), tip.get_bounding_client_rect());
    let width = document().document_element().map_or(0.0, |root| f64::from(root.client_width()));
    let x = (host.left() + (host.width() - own.width()) / 2.0).min(width - own.width() - 8.0).max(8.0);
    let below = host.top() < own.height() + 16.0;
    let y = if below { host.bottom() + 6.0 } else { host.top() - own.height() - 6.0 };
    place(tip, "left", x);
    place(tip, "top", y);
}

/// Sets a length in whole pixels. Printing fractions would bring 10 KB of code for that alone.
pub(crate) fn place(element: &HtmlElement, property: &str, pixels: f64) {
    #[allow(clippy::cast_possible_truncation)] // no screen is that wide
    let _ = element.style().set_property(property, &format!("{}px", pixels as i32));
}
