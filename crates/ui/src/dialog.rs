//! Dialogs: native, so that the page behind is inert, the focus stays inside and returns to the opener.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlDialogElement};

use crate::dom::{HEADING, current, find, focus, key, mend_focus, next_id, on_itself};
use crate::{Button, ButtonKind, Icon, effect, el, messages, when};

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
    /// A long form, docked at the end edge, beside which the page stays in sight.
    Side,
}

impl DialogKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Dialog => "dialog",
            Self::Alert => "dialog dialog-alert",
            Self::Drawer => "dialog dialog-drawer",
            Self::Wide => "dialog dialog-wide",
            Self::Side => "dialog dialog-side",
        }
    }
}

thread_local! {
    /// The open dialogs, the topmost last, each with what had the focus before.
    static OPEN: RefCell<Vec<(HtmlDialogElement, Option<Element>)>> = const { RefCell::new(Vec::new()) };
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
    let shown = RwSignal::new(false); // follows `open`, but the content goes only after the element has closed
    let leave = Callback::new(move |()| match on_close {
        Some(on_close) => on_close.run(()),
        None => open.set(false),
    });
    let frame = el("dialog")
        .class(kind.class())
        .attr_if("role", (kind == DialogKind::Alert).then_some("alertdialog"))
        .attr("aria-labelledby", &title_id)
        .attr_if("aria-describedby", description.is_some().then_some(&description_id));
    let element: StoredValue<HtmlDialogElement, LocalStorage> =
        StoredValue::new_local(frame.node().clone().unchecked_into());
    let hide = move || _ = element.try_with_value(hide);
    effect(move || {
        if open.get() {
            shown.set(true);
        } else {
            hide();
            shown.set(false);
        }
    });
    on_cleanup(hide);

    let on_key = move |event: Event| {
        if key(&event) != "Escape" || event.default_prevented() {
            return;
        }
        event.stop_propagation(); // from here on it must not reach a dialog around this one
        if current(&event).is_some_and(|element| !has_open_list(&element)) {
            event.prevent_default();
            leave.run(());
        }
    };
    // Ways of closing that have no key: a phone's back gesture, a second Escape that the browser doesn't let us refuse.
    let on_cancel = move |event: Event| {
        if on_itself(&event) {
            event.prevent_default();
            leave.run(());
        }
    };
    let still_open = move || open.try_get_untracked().unwrap_or(false);
    let on_closed = move |event: Event| {
        // The event comes late: opened again meanwhile, it is about the time before.
        let is_closed = element.try_with_value(|element| !element.open()).unwrap_or(false);
        if on_itself(&event) && is_closed && still_open() {
            leave.run(());
            if still_open() {
                element.with_value(show);
            }
        }
    };
    let pressed_beside = Rc::new(Cell::new(false)); // a selection dragged out of the dialog is no press beside it
    let pressed = Rc::clone(&pressed_beside);
    let on_down = move |event: Event| {
        pressed.set(on_itself(&event));
        if on_itself(&event) {
            event.prevent_default(); // the focus stays where it is
        }
    };
    let on_click = move |event: Event| {
        if kind != DialogKind::Alert && pressed_beside.get() && on_itself(&event) {
            leave.run(());
        }
    };
    let content = move || {
        effect(move || {
            if still_open() {
                element.with_value(show);
            }
        });
        let about =
            description.map(|text| el("p").class("dialog-about").attr("id", &description_id).with(text));
        let head = el("header")
            .class("dialog-head")
            .with(el("h2").class("dialog-title").attr("id", &title_id).with(title))
            .with(view! { <Button label=t!("Close") icon=Icon::X icon_only=true kind=ButtonKind::Quiet on_press=leave /> }.into_any())
            .with(about);
        let body = el("div").class("dialog-body").with(children());
        el("div").class("dialog-sheet").with(head).with(body).view()
    };
    frame
        .on("keydown", on_key)
        .on("cancel", on_cancel)
        .on("close", on_closed)
        .on("mousedown", on_down)
        .on("click", on_click)
        .with(when(move || shown.get(), content))
        .view()
}

/// The row of buttons that ends a dialog, the safe choice first. It stays in sight while the rest scrolls.
#[component]
pub fn DialogActions(
    /// The buttons.
    children: Children,
) -> impl IntoView {
    el("footer").class("dialog-actions").with(children()).view()
}

fn show(element: &HtmlDialogElement) {
    let opener = document().active_element().filter(|active| active.tag_name() != "BODY");
    if element.open() || element.show_modal().is_err() {
        return;
    }
    OPEN.with_borrow_mut(|open| open.push((element.clone(), opener)));
    messages::move_to(Some(element));
    start(element);
}

/// Puts the focus where it starts in a dialog.
fn start(element: &HtmlDialogElement) {
    let fields = ".dialog-body :is(input, select, textarea)";
    let any = ".dialog-body :is(button, a[href], input, select, textarea)";
    let is_drawer = element.class_list().contains("dialog-drawer");
    let first = find(element, "[autofocus]")
        .or_else(|| if is_drawer { None } else { find(element, fields) })
        .or_else(|| find(element, any))
        .or_else(|| find(element, "button"));
    if let Some(first) = first {
        focus(&first);
    }
}

/// Whether any dialog is open.
pub fn is_dialog_open() -> bool {
    OPEN.with_borrow(|open| !open.is_empty())
}

/// With the next frame, puts the focus where it starts in the topmost dialog: for content that came late. Whoever
/// types there already, or has gone on in it by then, is left alone.
pub fn start_dialog() {
    let before = document().active_element();
    request_animation_frame(move || {
        let Some((top, _)) = OPEN.with_borrow(|open| open.last().cloned()) else { return };
        let now = document().active_element();
        let is_at_work = now.as_ref().is_some_and(|now| {
            let types = matches!(now.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
            types || (before.as_ref() != Some(now) && top.contains(Some(now)))
        });
        if !is_at_work {
            start(&top);
        }
    });
}

fn hide(element: &HtmlDialogElement) {
    let (opener, below) = OPEN.with_borrow_mut(|open| {
        let place = open.iter().position(|(other, _)| other == element);
        let opener = place.and_then(|place| open.remove(place).1);
        (opener, open.last().map(|(below, _)| below.clone()))
    });
    if element.open() {
        messages::move_to(below.as_ref());
        element.close();
        // The browser gives the focus back to what opened it; where that is gone, or goes now, it would be nowhere.
        // A frame later than whoever closes the dialog and knows a better place.
        if let Some(opener) = opener.filter(|_| below.is_none()) {
            request_animation_frame(move || {
                if !opener.is_connected() {
                    mend_focus(HEADING);
                }
            });
        }
    }
}

/// Whether a list that Escape should close first is open inside. A browser that doesn't know a selector has none.
fn has_open_list(element: &Element) -> bool {
    find(element, "select:open").is_some()
        || find(element, ":popover-open:not(.messages)")
            .is_some_and(|list| list.dyn_ref::<Element>().is_some())
}
