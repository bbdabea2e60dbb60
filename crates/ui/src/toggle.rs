//! One of few, all in sight.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::dom::next_id;
use crate::{El, SelectOption, el};

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
    let group = el("div").class("segments").attr("role", "radiogroup").attr("aria-label", &label);
    let add = |group: El, option: SelectOption| {
        let (mine, picked) = (option.value.clone(), option.value);
        let radio = el("input")
            .class("visually-hidden")
            .attr("type", "radio")
            .attr("name", &name)
            .attr("value", &picked)
            .react(move |radio| {
                radio.unchecked_ref::<HtmlInputElement>().set_checked(value.with(|value| *value == mine));
            })
            .on("change", move |_| on_change.run(picked.clone()));
        group.with(el("label").class("segment").with(radio).with(el("span").with(&option.label)))
    };
    options.into_iter().fold(group, add).view()
}
