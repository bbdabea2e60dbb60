//! Fields that belong together.

use leptos::prelude::*;

use crate::dom::{Words, described_by, next_id};

/// Related fields under one name, so that "Research" in a list of checkboxes is known to be a workspace.
#[component]
pub fn Group(
    /// What they are together.
    #[prop(into)]
    legend: String,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Words,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let hint_id = next_id("hint");
    let described = described_by(vec![(hint_id.clone(), hint)]);
    view! {
        <fieldset class="group" aria-describedby=described>
            <legend class="field-label">{legend}</legend>
            <p class="field-hint" id=hint_id>{hint}</p>
            <div class="group-body">{children()}</div>
        </fieldset>
    }
    .into_any()
}
