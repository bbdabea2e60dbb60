//! Dialogs: native, so that the page behind is inert, the focus stays inside and returns to the opener.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement, KeyboardEvent, MouseEvent};

use crate::dom::{find, focus, next_id};
use crate::{Button, ButtonKind, Icon, messages};

/// What a dialog is for.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum DialogKind {
    /// A short form.
    #[default]
    Dialog,
    /// A question that must be answered: an alertdialog, which a press beside it doesn't close.
    Alert,
    /// Docked at the left edge.
    Drawer,
    /// A form with a table in it.
    Wide,
}

impl DialogKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Dialog => "dialog",
            Self::Alert => "dialog dialog-alert",
            Self::Drawer => "dialog dialog-drawer",
            Self::Wide => "dialog dialog-wide",
        }
    }
}

thread_local! {
    /// The open dialogs, the topmost last.
    static OPEN: RefCell<Vec<HtmlDialogElement>> = const { RefCell::new(Vec::new()) };
}

/// A modal dialog. Its content exists only while it is open, so that it starts afresh each time. The focus starts
/// on what has `autofocus`, else on the first field (in a drawer: the first thing that takes it).
#[component]
pub fn Dialog(
    /// Names the act: "Remove bob@example.com from Acme".
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it is for.
    #[prop(optional)]
    kind: DialogKind,
    /// Asked when the user wants to leave (Escape, the close button, a press beside the dialog). When given, it
    /// decides, and sets `open` itself.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// What to know before anything else; under the title, and read with it.
    #[prop(optional, into)]
    description: Option<Signal<String>>,
    /// The content, ending in [`DialogActions`].
    children: ChildrenFn,
) -> impl IntoView {
    let (title_id, description_id) = (next_id("title"), next_id("about"));
    let frame = NodeRef::<leptos::html::Dialog>::new();
    let body = NodeRef::<leptos::html::Div>::new();
    let shown = RwSignal::new(false); // follows `open`, but the content goes only after the element has closed
    let leave = Callback::new(move |()| match on_close {
        Some(on_close) => on_close.run(()),
        None => open.set(false),
    });
    let element = move || -> Option<HtmlDialogElement> { frame.try_get_untracked().flatten() };
    Effect::new(move || {
        if open.get() {
            shown.set(true);
        } else {
            element().iter().for_each(hide);
            shown.set(false);
        }
    });
    Effect::new(move || {
        if body.get().is_some() && open.get_untracked() {
            element().iter().for_each(|element| show(element, kind));
        }
    });
    on_cleanup(move || element().iter().for_each(hide));

    let on_key = move |event: KeyboardEvent| {
        if event.key() != "Escape" || event.is_composing() || event.default_prevented() {
            return;
        }
        event.stop_propagation(); // from here on it must not reach a dialog around this one
        if element().is_some_and(|element| !has_open_list(&element)) {
            event.prevent_default();
            leave.run(());
        }
    };
    // Ways of closing that have no key: a phone's back gesture, a second Escape that the browser doesn't let us refuse.
    let on_cancel = move |event: Event| {
        if event.target() == event.current_target() {
            event.prevent_default();
            leave.run(());
        }
    };
    let on_closed = move |event: Event| {
        if event.target() == event.current_target() && open.get_untracked() {
            leave.run(());
            if open.get_untracked() {
                element().iter().for_each(|element| show(element, kind));
            }
        }
    };
    let pressed_beside = RwSignal::new(false); // a selection that is dragged out of the dialog is no press beside it
    let on_down = move |event: MouseEvent| {
        let beside = event.target() == event.current_target();
        pressed_beside.set(beside);
        if beside {
            event.prevent_default(); // the focus stays where it is
        }
    };
    let on_click = move |event: MouseEvent| {
        if kind != DialogKind::Alert
            && pressed_beside.get_untracked()
            && event.target() == event.current_target()
        {
            leave.run(());
        }
    };
    let described = description.is_some().then(|| description_id.clone());
    let labelled = title_id.clone();
    let content = move || {
        let about = description
            .map(|text| view! { <p class="dialog-about" id=description_id.clone()>{text}</p> }.into_any());
        view! {
            <div class="dialog-sheet">
                <header class="dialog-head">
                    <h2 class="dialog-title" id=title_id.clone()>{title}</h2>
                    <Button label="Close" icon=Icon::X icon_only=true kind=ButtonKind::Quiet on_press=leave />
                    {about}
                </header>
                <div class="dialog-body" node_ref=body>{children()}</div>
            </div>
        }
        .into_any()
    };
    view! {
        <dialog
            node_ref=frame
            class=kind.class()
            role=(kind == DialogKind::Alert).then_some("alertdialog")
            aria-labelledby=labelled
            aria-describedby=described
            on:keydown=on_key
            on:cancel=on_cancel
            on:close=on_closed
            on:mousedown=on_down
            on:click=on_click
        >
            {move || shown.get().then(&content)}
        </dialog>
    }
    .into_any()
}

/// The row of buttons that ends a dialog, the safe choice first. It stays in sight while the rest scrolls.
#[component]
pub fn DialogActions(
    /// The buttons.
    children: Children,
) -> impl IntoView {
    view! { <footer class="dialog-actions">{children()}</footer> }.into_any()
}

fn show(element: &HtmlDialogElement, kind: DialogKind) {
    if element.open() || element.show_modal().is_err() {
        return;
    }
    OPEN.with_borrow_mut(|open| open.push(element.clone()));
    messages::move_to(Some(element));
    let fields = ".dialog-body :is(input, select, textarea)";
    let any = ".dialog-body :is(button, a[href], input, select, textarea)";
    let first = find(element, "[autofocus]")
        .or_else(|| if kind == DialogKind::Drawer { None } else { find(element, fields) })
        .or_else(|| find(element, any))
        .or_else(|| find(element, "button"));
    if let Some(first) = first {
        focus(&first);
    }
}

fn hide(element: &HtmlDialogElement) {
    let below = OPEN.with_borrow_mut(|open| {
        open.retain(|other| other != element);
        open.last().cloned()
    });
    if element.open() {
        messages::move_to(below.as_ref());
        element.close();
    }
}

/// Whether a list that Escape should close first is open inside. A browser that doesn't know a selector has none.
fn has_open_list(element: &Element) -> bool {
    find(element, "select:open").is_some()
        || find(element, ":popover-open:not(.messages)")
            .is_some_and(|list| list.dyn_ref::<Element>().is_some())
}
