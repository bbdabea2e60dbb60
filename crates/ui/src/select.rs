//! One of several.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::dom::{Words, described_by, next_id, says, true_while};
use crate::field::{field_notes, label_class};
use crate::tooltip;

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
    disabled_reason: Words,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Words,
    /// What is wrong with the choice, and what to do.
    #[prop(optional, into)]
    error: Words,
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
    let element = NodeRef::<leptos::html::Select>::new();
    let show_value = move || {
        if let (Some(element), Some(value)) =
            (element.try_get_untracked().flatten(), value.try_get_untracked())
        {
            element.set_value(&value);
        }
    };
    Effect::new(move || {
        value.track();
        options.track();
        queue_microtask(show_value); // after the options were rendered
    });
    let changed = move |event: web_sys::Event| {
        let picked = event_target_value(&event);
        show_value();
        if says(disabled_reason) || value.with_untracked(|value| *value == picked) {
            return;
        }
        on_change.run(picked);
        show_value();
    };
    // A native select has no aria-disabled of its own: it must not open.
    let guard = move |event: web_sys::Event| {
        let leaves = event.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|event| event.key() == "Tab");
        if says(disabled_reason) && !leaves {
            event.prevent_default();
            if let Some(element) = element.get_untracked() {
                let _ = element.focus();
            }
        }
    };
    let list = move || options.get().into_iter().map(option).collect::<Vec<AnyView>>();
    view! {
        <div class=if compact { "field compact" } else { "field" }>
            <label class=label_class(hide_label) for=id.clone()>{label}</label>
            <select
                id=id
                class="select"
                node_ref=element
                aria-invalid=true_while(move || error.with(Option::is_some))
                aria-disabled=true_while(move || disabled_reason.with(Option::is_some))
                aria-describedby=described
                data-tip=disabled_reason
                on:change=changed
                on:mousedown=move |event| guard(event.into())
                on:keydown=move |event| guard(event.into())
            >
                {list}
            </select>
            <span hidden id=why_id>{disabled_reason}</span>
            {field_notes(hint_id, hint, error_id, error)}
        </div>
    }
    .into_any()
}

fn option(option: SelectOption) -> AnyView {
    let disabled = option.disabled_reason.is_some();
    let text = match option.disabled_reason {
        Some(reason) => format!("{} — {reason}", option.label),
        None => option.label,
    };
    view! { <option value=option.value disabled=disabled>{text}</option> }.into_any()
}
