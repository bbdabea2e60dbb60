//! Settings beside the button that opens them.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusEvent, HtmlElement, Node};

use crate::dom::{find, focus, key, next_id, true_or_false};
use crate::icon::draw;
use crate::picker::{opens, place};
use crate::{Icon, el, when};

/// A button that opens a few fields in a popover below it. Escape, a press beside it, and Tab out of it close it.
#[component]
pub fn PopoverButton(
    /// What it opens: "Columns".
    #[prop(into)]
    label: String,
    /// A picture before the label.
    icon: Icon,
    /// The fields.
    children: ChildrenFn,
) -> impl IntoView {
    let id = next_id("popover");
    let expanded = RwSignal::new(false);
    let popover = el("div").class("picker-popover").attr("id", &id).attr("popover", "auto");
    let button = el("button").class("button secondary").attr("type", "button");
    let to_button = button.node().clone();
    let to_popover: HtmlElement = popover.node().clone().unchecked_into();
    let before = {
        let (button, popover) = (to_button.clone(), to_popover.clone());
        move |event: Event| {
            if opens(&event) {
                place(&button, &popover);
            }
            expanded.set(opens(&event));
        }
    };
    let after = {
        let popover = to_popover.clone();
        move |event: Event| {
            if opens(&event)
                && let Some(first) = find(&popover, "input, button")
            {
                focus(&first);
            }
        }
    };
    let closing = to_button.clone();
    let leave = move |event: Event| {
        let to = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
        let to = to.and_then(|to| to.dyn_into::<Node>().ok());
        if to.is_some() && !to_popover.contains(to.as_ref()) && !to_button.contains(to.as_ref()) {
            let _ = to_popover.hide_popover();
        }
    };
    // Left to the browser, the fields are gone before it gives the focus back.
    let on_key = move |event: Event| {
        if key(&event) == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            focus(&closing);
            if let Some(popover) = event.current_target().and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                let _ = popover.hide_popover();
            }
        }
    };
    let button =
        button.attr("popovertarget", &id).live("aria-expanded", true_or_false(move || expanded.get())).with(
            el("span")
                .class("button-face")
                .with(draw(icon))
                .with(el("span").class("button-label").with(&label)),
        );
    let popover = popover
        .on("beforetoggle", before)
        .on("toggle", after)
        .on("keydown", on_key)
        .on("focusout", leave)
        .with(when(move || expanded.get(), move || el("div").class("popover-body").with(children()).view()));
    el("div").class("picker").with(button).with(popover).view()
}
