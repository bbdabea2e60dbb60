//! One of several.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlSelectElement};

use crate::button::hidden_reason;
use crate::dom::{Words, described_by, key, next_id, says, true_while_said};
use crate::field::{error_view, hint_view, label_class};
use crate::{El, el, tooltip};

/// One of the things to choose from.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct SelectOption {
    /// What it stands for; what `on_change` gets.
    pub value: String,
    /// What the user reads.
    pub label: String,
    /// Why it can't be chosen now.
    pub disabled_reason: Option<String>,
}

impl SelectOption {
    /// An option that can be chosen.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), disabled_reason: None }
    }
}

/// A choice that shows one option and offers the others. It is controlled: it always shows `value`, and a choice
/// that the caller does not take over springs back.
#[component]
pub fn Select(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The choice, by its option's value.
    #[prop(into)]
    value: Signal<String>,
    /// What there is to choose from.
    #[prop(into)]
    options: Signal<Vec<SelectOption>>,
    /// Called with the value the user picked.
    #[prop(into)]
    on_change: Callback<String>,
    /// Hides the label from the eye, where the place says it all (a role in its table row).
    #[prop(optional)]
    hide_label: bool,
    /// Why nothing can be chosen now.
    #[prop(optional, into)]
    disabled_reason: Option<Words>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// What is wrong with the choice, and what to do.
    #[prop(optional, into)]
    error: Option<Words>,
    /// Low and as wide as its text, for toolbars and tables.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    tooltip::install();
    let id = next_id("select");
    let (hint_id, error_id, why_id) = (format!("{id}-hint"), format!("{id}-error"), format!("{id}-why"));
    let described = described_by(vec![
        (hint_id.clone(), hint),
        (error_id.clone(), error),
        (why_id.clone(), disabled_reason),
    ]);
    let list = el("select").class("select").attr("id", &id);
    let element: HtmlSelectElement = list.node().clone().unchecked_into();
    let changed = {
        let element = element.clone();
        move |_| {
            let picked = element.value();
            let now = value.get_untracked();
            element.set_value(&now);
            if !says(disabled_reason) && picked != now {
                // From its list, which closes: what a dialog that opens now goes back to.
                let _ = element.focus();
                on_change.run(picked);
                element.set_value(&value.try_get_untracked().unwrap_or(now));
            }
        }
    };
    // A native select has no aria-disabled of its own: it must not open.
    let guard = move |event: Event| {
        if says(disabled_reason) && key(&event) != "Tab" {
            event.prevent_default();
            let _ = element.focus();
        }
    };
    let list = list
        .live_if("aria-invalid", true_while_said(error))
        .live_if("aria-disabled", true_while_said(disabled_reason))
        .live_if("aria-describedby", described)
        .live_if("data-tip", disabled_reason)
        .react(move |list| {
            list.set_text_content(None);
            options.with(|options| {
                options.iter().for_each(|option| drop(list.append_child(option_view(option).node())))
            });
            list.unchecked_ref::<HtmlSelectElement>().set_value(&value.get_untracked());
        })
        .react(move |list| list.unchecked_ref::<HtmlSelectElement>().set_value(&value.get()))
        .on("change", changed)
        .on("mousedown", guard.clone())
        .on("keydown", guard);
    el("div")
        .class(if compact { "field compact" } else { "field" })
        .with(el("label").class(label_class(hide_label)).attr("for", &id).with(label))
        .with(list)
        .with(disabled_reason.map(|reason| hidden_reason(&why_id, reason)))
        .with(hint_view(&hint_id, hint))
        .with(error_view(&error_id, error))
        .view()
}

fn option_view(option: &SelectOption) -> El {
    let view = el("option").attr("value", &option.value);
    match &option.disabled_reason {
        Some(reason) => view.attr("disabled", "").with(format!("{} — {reason}", option.label)),
        None => view.with(&option.label),
    }
}
