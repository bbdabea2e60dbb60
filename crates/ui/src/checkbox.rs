//! Yes or no.

use leptos::prelude::*;

use crate::dom::{Words, described_by, next_id, says, true_while};
use crate::tooltip;

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
    hint: Words,
    /// Why it can't be changed now.
    #[prop(optional, into)]
    disabled_reason: Words,
    /// Hides the label from the eye, where the place says it all (a row's selection).
    #[prop(optional)]
    hide_label: bool,
    /// Neither: some of what it stands for is checked and some is not.
    #[prop(optional, into)]
    indeterminate: Signal<bool>,
) -> impl IntoView {
    tooltip::install();
    let id = next_id("check");
    let (hint_id, why_id) = (format!("{id}-hint"), format!("{id}-why"));
    let described = described_by(vec![(hint_id.clone(), hint), (why_id.clone(), disabled_reason)]);
    let element = NodeRef::<leptos::html::Input>::new();
    let changed = move |event: web_sys::Event| {
        on_change.run(event_target_checked(&event));
        if let (Some(element), Some(checked)) =
            (element.try_get_untracked().flatten(), checked.try_get_untracked())
        {
            element.set_checked(checked);
            element.set_indeterminate(indeterminate.try_get_untracked().unwrap_or(false));
        }
    };
    let guard = move |event: web_sys::MouseEvent| {
        if says(disabled_reason) {
            event.prevent_default();
        }
    };
    view! {
        <div class="check" data-tip=disabled_reason>
            <input
                id=id.clone()
                class="checkbox"
                type="checkbox"
                node_ref=element
                aria-disabled=true_while(move || disabled_reason.with(Option::is_some))
                aria-describedby=described
                prop:checked=checked
                prop:indeterminate=indeterminate
                on:click=guard
                on:change=changed
            />
            <div class="check-words">
                <label class=if hide_label { "check-label visually-hidden" } else { "check-label" } for=id>{label}</label>
                <p class="field-hint" id=hint_id>{hint}</p>
            </div>
            <span hidden id=why_id>{disabled_reason}</span>
        </div>
    }
    .into_any()
}
