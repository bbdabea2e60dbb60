//! One of many, behind a button: which workspace, which organization.

mod keys;
mod list;

use leptos::children::ViewFn;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, FocusEvent, HtmlElement, Node, ToggleEvent};

use crate::dom::{next_id, true_or_false};
use crate::{Avatar, Icon, IconView};

/// Pixels that a list wants below its button.
const ROOM: f64 = 320.0;

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
    popover: NodeRef<html::Div>,
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
    let picking = Picking {
        items,
        selected,
        on_pick,
        base: StoredValue::new(base),
        expanded: RwSignal::new(false),
        query: RwSignal::new(String::new()),
        active: RwSignal::new(String::new()),
        popover: NodeRef::new(),
        typed: StoredValue::new((String::new(), 0.0)),
    };
    let button = NodeRef::<html::Button>::new();
    // Before it shows: content and place. After it shows: the focus, which something hidden can't take.
    let before = move |event: Event| {
        let opens = opens(&event);
        if opens {
            picking.query.set(String::new());
            picking.active.set(selected.get_untracked());
            place(button.get_untracked().as_deref(), picking.popover.get_untracked().as_deref());
        }
        picking.expanded.set(opens);
    };
    let after = move |event: Event| {
        if opens(&event)
            && let Some(popover) = picking.popover.get_untracked()
            && let Some(target) = crate::dom::find(&popover, "input, [role='listbox']")
        {
            crate::dom::focus(&target);
            picking.reveal();
        }
    };
    let avatar = move || {
        let seed = items.with(|items| {
            selected.with(|id| items.iter().find(|item| item.id == *id).map(|item| item.seed.clone()))
        });
        view! { <Avatar name=button_text.get() seed=seed.unwrap_or_default() square=true /> }
    };
    let content = move || {
        picking.expanded.get().then(|| {
            let footer = footer.clone().map(|footer| {
                view! { <div class="picker-footer" on:click=move |_| picking.close()>{footer.run()}</div> }.into_any()
            });
            view! { {picking.list(list_name.clone(), filter_name.clone())}{footer} }.into_any()
        })
    };
    // The focus moves on: the list goes. To the button it only moves by a press, which closes the list itself.
    let leave = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let within = |part: Option<HtmlElement>| part.is_some_and(|part| part.contains(to.as_ref()));
        let own = within(picking.popover.get_untracked().map(Into::into))
            || within(button.get_untracked().map(Into::into));
        if to.is_some() && !own {
            picking.close();
        }
    };
    view! {
        <div class="picker">
            <button
                type="button"
                class="picker-button"
                node_ref=button
                popovertarget=popover_id.clone()
                aria-haspopup="listbox"
                aria-expanded=true_or_false(move || picking.expanded.get())
                aria-label=button_name
            >
                {avatar}
                <span class="picker-text">{button_text}</span>
                <IconView icon=Icon::ChevronDown />
            </button>
            <div
                class="picker-popover"
                id=popover_id
                popover="auto"
                tabindex="-1"
                node_ref=picking.popover
                on:beforetoggle=before
                on:toggle=after
                on:keydown=move |event| picking.on_key(event)
                on:focusout=leave
            >
                {content}
            </div>
        </div>
    }
    .into_any()
}

fn opens(event: &Event) -> bool {
    event.unchecked_ref::<ToggleEvent>().new_state() == "open"
}

/// Below the button, or above it where that leaves more room.
fn place(button: Option<&HtmlElement>, popover: Option<&HtmlElement>) {
    let (Some(button), Some(popover)) = (button, popover) else { return };
    let rect = button.get_bounding_client_rect();
    let height = document().document_element().map_or(0.0, |root| f64::from(root.client_height()));
    let above = height - rect.bottom() < ROOM && rect.top() > height - rect.bottom();
    let y = if above { height - rect.top() } else { rect.bottom() };
    let _ = popover.toggle_attribute_with_force("data-above", above);
    let _ = popover.style().set_property("--picker-x", &format!("{}px", rect.left()));
    let _ = popover.style().set_property("--picker-y", &format!("{y}px"));
}

impl Picking {
    fn option_id(self, id: &str) -> String {
        self.base.with_value(|base| format!("{base}-{id}"))
    }

    fn close(self) {
        if let Some(popover) = self.popover.try_get_untracked().flatten() {
            let _ = popover.hide_popover(); // the browser returns the focus
        }
    }

    fn pick(self, id: String) {
        self.close();
        self.on_pick.run(id);
    }

    /// The ids that the filter leaves.
    fn visible(self) -> Vec<String> {
        let query = self.query.get().trim().to_lowercase();
        self.items.with(|items| {
            items
                .iter()
                .filter(|item| item.label.to_lowercase().contains(&query))
                .map(|item| item.id.clone())
                .collect()
        })
    }

    fn reveal(self) {
        let id = self.active.with_untracked(|active| self.option_id(active));
        if let Some(option) = document().get_element_by_id(&id) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }
}
