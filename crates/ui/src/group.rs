//! Fields that belong together.

use leptos::prelude::*;

use crate::dom::{Words, described_by, next_id};
use crate::el;
use crate::field::hint_view;

/// Related fields under one name, so that "Research" in a list of checkboxes is known to be a workspace.
#[component]
pub fn Group(
    /// What they are together.
    #[prop(into)]
    legend: String,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let hint_id = next_id("hint");
    el("fieldset")
        .class("group")
        .live_if("aria-describedby", described_by(vec![(hint_id.clone(), hint)]))
        .with(el("legend").class("field-label").with(&legend))
        .with(hint_view(&hint_id, hint))
        .with(el("div").class("group-body").with(children()))
        .view()
}
