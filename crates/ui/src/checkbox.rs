//! Yes or no.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use crate::button::hidden_reason;
use crate::dom::{Words, current, described_by, next_id, says, true_while_said};
use crate::field::hint_view;
use crate::{el, tooltip};

/// A checkbox. It is controlled: it always shows `checked`, and a change that the caller does not take over
/// springs back.
#[component]
pub fn Checkbox(
    /// What is said yes to.
    #[prop(into)]
    label: String,
    /// Whether it is.
    #[prop(into)]
    checked: Signal<bool>,
    /// Called with what the user wants it to be.
    #[prop(into)]
    on_change: Callback<bool>,
    /// What it means.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// Why it can't be changed now.
    #[prop(optional, into)]
    disabled_reason: Option<Words>,
    /// Hides the label from the eye, where the place says it all (a row's selection).
    #[prop(optional)]
    hide_label: bool,
    /// Neither: some of what it stands for is checked and some is not.
    #[prop(optional, into)]
    indeterminate: Option<Signal<bool>>,
) -> impl IntoView {
    tooltip::install();
    let id = next_id("check");
    let (hint_id, why_id) = (format!("{id}-hint"), format!("{id}-why"));
    let described = described_by(vec![(hint_id.clone(), hint), (why_id.clone(), disabled_reason)]);
    let show = move |element: &Element| {
        let element: &HtmlInputElement = element.unchecked_ref();
        element.set_checked(checked.get());
        element.set_indeterminate(indeterminate.is_some_and(|some| some.get()));
    };
    let changed = move |event: Event| {
        on_change.run(event_target_checked(&event));
        if checked.try_get_untracked().is_some() {
            current(&event).iter().for_each(|element| untrack(|| show(element)));
        }
    };
    let guard = move |event: Event| {
        if says(disabled_reason) {
            event.prevent_default();
        }
    };
    let input = el("input")
        .attr("id", &id)
        .class("checkbox")
        .attr("type", "checkbox")
        .live_if("aria-disabled", true_while_said(disabled_reason))
        .live_if("aria-describedby", described)
        .react(show)
        .on("click", guard)
        .on("change", changed);
    let class = if hide_label { "check-label visually-hidden" } else { "check-label" };
    el("div")
        .class("check")
        .live_if("data-tip", disabled_reason)
        .with(input)
        .with(
            el("div")
                .class("check-words")
                .with(el("label").class(class).attr("for", &id).with(&label))
                .with(hint_view(&hint_id, hint)),
        )
        .with(disabled_reason.map(|reason| hidden_reason(&why_id, reason)))
        .view()
}
