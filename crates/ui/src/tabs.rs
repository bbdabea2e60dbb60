//! Views of one thing, one at a time.

use leptos::prelude::*;
use web_sys::Event;

use crate::dom::{described_by, focus_id, key_along, next_id, true_or_false};
use crate::{derive, el, keyed, memo};

/// One of the views.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Tab {
    /// What it is known by; what `on_select` gets. Part of an element's id: no spaces.
    pub id: String,
    /// What the user reads; also its accessible name, without the count.
    pub label: String,
    /// How much is in it.
    pub count: Option<u64>,
}

/// Tabs and the panel below them. One tab is in the Tab order; arrow keys, Home and End go through the others and
/// select as they go.
#[component]
pub fn Tabs(
    /// What the views are of.
    #[prop(into)]
    label: String,
    /// The views.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// The one that shows, by its id.
    #[prop(into)]
    selected: Signal<String>,
    /// Called with the id of the one the user wants.
    #[prop(into)]
    on_select: Callback<String>,
    /// What the selected view shows.
    children: Children,
) -> impl IntoView {
    let base = next_id("tab");
    let keys = derive(move || tabs.with(|tabs| tabs.iter().map(|tab| tab.id.clone()).collect::<Vec<_>>()));
    let to_focus = base.clone();
    let on_key = move |event: Event| {
        let ids = keys.get_untracked();
        let Some(last) = ids.len().checked_sub(1) else { return };
        let now = selected.with_untracked(|selected| ids.iter().position(|id| id == selected)).unwrap_or(0);
        let next = match key_along(&event).as_str() {
            "ArrowRight" if now == last => 0,
            "ArrowRight" => now + 1,
            "ArrowLeft" => now.checked_sub(1).unwrap_or(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(id) = ids.get(next) {
            on_select.run(id.clone());
            focus_id(&format!("{to_focus}-{id}"));
        }
    };
    let panel_id = format!("{base}-panel");
    let labelled = {
        let base = base.clone();
        derive(move || Some(format!("{base}-{}", selected.get())))
    };
    let controls = panel_id.clone();
    let row = move |id: String| tab_view(&base, &controls, id, tabs, selected, on_select);
    let list = el("div")
        .class("tab-list")
        .attr("role", "tablist")
        .attr("aria-label", &label)
        .on("keydown", on_key)
        .with(keyed(keys, row));
    let panel = el("div")
        .class("tab-panel")
        .attr("role", "tabpanel")
        .attr("id", &panel_id)
        .live("aria-labelledby", labelled)
        .with(children());
    el("div").class("tabs").with(list).with(panel).view()
}

fn tab_view(
    base: &str,
    panel: &str,
    id: String,
    tabs: Signal<Vec<Tab>>,
    selected: Signal<String>,
    on_select: Callback<String>,
) -> AnyView {
    let element_id = format!("{base}-{id}");
    let count_id = format!("{element_id}-count");
    let of_tab = {
        let id = id.clone();
        memo(move || tabs.with(|tabs| tabs.iter().find(|tab| tab.id == id).cloned().unwrap_or_default()))
    };
    let on = {
        let id = id.clone();
        memo(move || selected.with(|selected| *selected == id))
    };
    let label = derive(move || of_tab.with(|tab| Some(tab.label.clone())));
    let count = derive(move || of_tab.with(|tab| tab.count.map(|count| count.to_string())));
    el("button")
        .attr("type", "button")
        .class("tab")
        .attr("role", "tab")
        .attr("id", &element_id)
        .attr("aria-controls", panel)
        .live("aria-selected", true_or_false(move || on.get()))
        .live_if("aria-describedby", described_by(vec![(count_id.clone(), Some(count))]))
        .live("tabindex", derive(move || Some(if on.get() { "0" } else { "-1" }.to_owned())))
        .on("click", move |_| on_select.run(id.clone()))
        .with(el("span").class("tab-label").with(label))
        .with(el("span").class("tab-count").attr("id", &count_id).attr("aria-hidden", "true").with(count))
        .view()
}
