//! One of many, behind a button: which workspace, which organization.

mod keys;
mod list;

use leptos::children::ViewFn;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlElement, Node, ToggleEvent};

use crate::dom::{find, focus, is_right_to_left, lower, next_id, true_or_false};
use crate::icon::draw;
use crate::tooltip::place as set_length;
use crate::{Icon, avatar, derive, dynamic, el, when};

/// Pixels that a list wants below its button.
const ROOM: f64 = 320.0;
/// So many options come into the page at once: with hundreds, the list is there as quickly as with ten.
const STEP: usize = 50;

/// One of the things to pick from.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct PickerItem {
    /// What it is known by; what `on_pick` gets. Part of an element's id: no spaces.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What else to know: "Viewer", "12 members".
    pub note: Option<String>,
    /// What its colour follows from.
    pub seed: String,
}

#[derive(Clone, Copy)]
struct Picking {
    items: Signal<Vec<PickerItem>>,
    selected: Signal<String>,
    on_pick: Callback<String>,
    base: StoredValue<String>,
    expanded: RwSignal<bool>,
    query: RwSignal<String>,
    /// The id of the option that Enter would take.
    active: RwSignal<String>,
    popover: StoredValue<HtmlElement, LocalStorage>,
    /// So many of the options are in the page; the others come when somebody goes there.
    limit: RwSignal<usize>,
    /// What was typed in one go, and when it began to count.
    typed: StoredValue<(String, f64)>,
}

/// A button that shows the current choice and opens the list of all: a listbox, with a field to narrow it when it
/// is long. The list is a popover in the top layer, placed below its button when it opens.
#[component]
pub fn Picker(
    /// The button's accessible name: "Workspace: Research".
    #[prop(into)]
    button_name: Signal<String>,
    /// What the button shows.
    #[prop(into)]
    button_text: Signal<String>,
    /// The list's name: "Workspaces".
    #[prop(into)]
    list_name: String,
    /// The narrowing field's name: "Find a workspace".
    #[prop(into)]
    filter_name: String,
    /// What there is to pick from.
    #[prop(into)]
    items: Signal<Vec<PickerItem>>,
    /// The choice, by its id.
    #[prop(into)]
    selected: Signal<String>,
    /// Called with the id of what the user picked.
    #[prop(into)]
    on_pick: Callback<String>,
    /// Below the list: links to what manages it. A press on it closes the list.
    #[prop(optional, into)]
    footer: Option<ViewFn>,
) -> impl IntoView {
    let base = next_id("picker");
    let popover_id = format!("{base}-pop");
    let popover = el("div")
        .class("picker-popover")
        .attr("id", &popover_id)
        .attr("popover", "auto")
        .attr("tabindex", "-1");
    let button = el("button").class("picker-button").attr("type", "button");
    let to_button = button.node().clone();
    let to_popover: HtmlElement = popover.node().clone().unchecked_into();
    let picking = Picking {
        items,
        selected,
        on_pick,
        base: StoredValue::new(base),
        expanded: RwSignal::new(false),
        query: RwSignal::new(String::new()),
        active: RwSignal::new(String::new()),
        popover: StoredValue::new_local(to_popover.clone()),
        limit: RwSignal::new(STEP),
        typed: StoredValue::new((String::new(), 0.0)),
    };
    // Before it shows: content and place. After it shows: the focus, which something hidden can't take.
    let before = {
        let (button, popover) = (to_button.clone(), to_popover.clone());
        move |event: Event| {
            let opens = opens(&event);
            if opens {
                picking.query.set(String::new());
                let chosen = selected.get_untracked();
                let at = items.with_untracked(|all| all.iter().position(|item| item.id == chosen));
                picking.limit.set(at.unwrap_or(0) + STEP);
                picking.active.set(chosen);
                place(&button, &popover);
            }
            picking.expanded.set(opens);
        }
    };
    let after = {
        let popover = to_popover.clone();
        move |event: Event| {
            if opens(&event)
                && let Some(target) = find(&popover, "input, [role='listbox']")
            {
                focus(&target);
                picking.reveal();
            }
        }
    };
    // The focus moves on: the list goes. To the button it only moves by a press, which closes the list itself.
    let leave = move |event: Event| {
        let to = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
        let to = to.and_then(|to| to.dyn_into::<Node>().ok());
        if to.is_some() && !to_popover.contains(to.as_ref()) && !to_button.contains(to.as_ref()) {
            picking.close();
        }
    };
    let picture = dynamic(move || {
        let seed = items.with(|items| {
            selected.with(|id| items.iter().find(|item| item.id == *id).map(|item| item.seed.clone()))
        });
        avatar::draw(&button_text.get(), &seed.unwrap_or_default(), true).view()
    });
    let content = move || {
        let footer = footer.as_ref().map(|footer| {
            el("div").class("picker-footer").on("click", move |_| picking.close()).with(footer.run())
        });
        picking.list(&list_name, &filter_name).with(footer).view()
    };
    let button = button
        .attr("popovertarget", &popover_id)
        .attr("aria-haspopup", "listbox")
        .live("aria-expanded", true_or_false(move || picking.expanded.get()))
        .live("aria-label", derive(move || Some(button_name.get())))
        .with(picture)
        .with(el("span").class("picker-text").with(button_text))
        .with(draw(Icon::ChevronDown));
    let popover = popover
        .on("beforetoggle", before)
        .on("toggle", after)
        .on("keydown", move |event| picking.on_key(&event))
        .on("focusout", leave)
        .with(when(move || picking.expanded.get(), content));
    el("div").class("picker").with(button).with(popover).view()
}

pub(crate) fn opens(event: &Event) -> bool {
    event.unchecked_ref::<ToggleEvent>().new_state() == "open"
}

/// Below the button, or above it where that leaves more room.
pub(crate) fn place(button: &Element, popover: &HtmlElement) {
    let rect = button.get_bounding_client_rect();
    let height = document().document_element().map_or(0.0, |root| f64::from(root.client_height()));
    let above = height - rect.bottom() < ROOM && rect.top() > height - rect.bottom();
    let _ = popover.toggle_attribute_with_force("data-above", above);
    let width = document().document_element().map_or(0.0, |root| f64::from(root.client_width()));
    set_length(popover, "--picker-x", if is_right_to_left() { width - rect.right() } else { rect.left() });
    set_length(popover, "--picker-y", if above { height - rect.top() } else { rect.bottom() });
}

impl Picking {
    fn option_id(self, id: &str) -> String {
        self.base.with_value(|base| format!("{base}-{id}"))
    }

    fn close(self) {
        let _ = self.popover.try_with_value(HtmlElement::hide_popover); // the browser returns the focus
    }

    fn pick(self, id: String) {
        self.close();
        self.on_pick.run(id);
    }

    /// The ids that the filter leaves.
    fn visible(self) -> Vec<String> {
        let query = lower(self.query.get().trim());
        self.items.with(|items| {
            items
                .iter()
                .filter(|item| query.is_empty() || lower(&item.label).contains(&query))
                .map(|item| item.id.clone())
                .collect()
        })
    }

    /// Has so many options in the page, and some more.
    fn reach(self, count: usize) {
        if self.limit.get_untracked() < count + STEP / 5 {
            self.limit.set(count + STEP);
        }
    }

    fn reveal(self) {
        // In a frame of its own, by when the picker may be gone.
        let Some(id) = self.active.try_with_untracked(|active| self.option_id(active)) else { return };
        if let Some(option) = document().get_element_by_id(&id) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }
}
