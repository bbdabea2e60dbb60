//! One of few, all in sight.

use leptos::prelude::*;

use crate::SelectOption;
use crate::dom::next_id;

/// A row of segments of which one is on. Radio buttons underneath: arrow keys and names come from the browser.
#[component]
pub fn ToggleGroup(
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// What there is to choose from.
    options: Vec<SelectOption>,
    /// The choice, by its option's value.
    #[prop(into)]
    value: Signal<String>,
    /// Called with the value the user picked.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    let name = next_id("toggle");
    let segments: Vec<AnyView> = options
        .into_iter()
        .map(|option| {
            let (mine, picked) = (option.value.clone(), option.value);
            let on = Signal::derive(move || value.with(|value| *value == mine));
            view! {
                <label class="segment">
                    <input
                        class="visually-hidden"
                        type="radio"
                        name=name.clone()
                        value=picked.clone()
                        prop:checked=on
                        on:change=move |_| on_change.run(picked.clone())
                    />
                    <span>{option.label}</span>
                </label>
            }
            .into_any()
        })
        .collect();
    view! { <div class="segments" role="radiogroup" aria-label=label>{segments}</div> }.into_any()
}
