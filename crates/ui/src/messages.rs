//! What the app has to say about something that has just happened.

use std::time::Duration;

use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlElement, KeyboardEvent};

use crate::dom::{find, focus, key, next_number};
use crate::icon::draw;
use crate::{Button, ButtonKind, Icon, derive, effect, el, keyed};

const STAY: Duration = Duration::from_secs(10);
const STAY_AFTER_READING: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct Message {
    id: usize,
    text: String,
    failure: bool,
    /// A button's label and what it does.
    action: Option<(&'static str, Callback<()>)>,
}

/// The messages on screen. Cheap to copy; one for the whole app, in the context.
#[derive(Clone, Copy)]
pub struct Messages {
    list: RwSignal<Vec<Message>>,
}

impl Messages {
    /// Makes the app's messages and puts them into the context.
    pub fn provide() -> Self {
        let messages = Self { list: RwSignal::new(Vec::new()) };
        provide_context(messages);
        messages
    }

    /// The app's messages. Without any in the context (a part tested alone), fresh ones that nobody shows.
    pub fn expect() -> Self {
        use_context().unwrap_or_else(|| Self { list: RwSignal::new(Vec::new()) })
    }

    /// Says that something was done. Goes by itself after ten seconds.
    pub fn success(self, text: impl Into<String>) {
        self.push(text.into(), false, None);
    }

    /// Says that something was done, and offers to take it back. Gives what it can be dismissed by.
    pub fn undoable(self, text: impl Into<String>, undo: Callback<()>) -> usize {
        self.push(text.into(), false, Some((t!("Undo"), undo)))
    }

    /// Takes the newest change back whose message is still there: whether there is one.
    fn undo_newest(self) -> bool {
        let newest = self.list.with_untracked(|list| {
            let mut undoable = list.iter().rev().filter(|message| !message.failure);
            undoable.find_map(|message| message.action.map(|(_, undo)| (message.id, undo)))
        });
        if let Some((id, undo)) = newest {
            self.dismiss(id);
            undo.run(());
        }
        newest.is_some()
    }

    /// Says that something failed: what happened, what it means, what to do. Stays until it is dismissed.
    pub fn failure(self, text: impl Into<String>, retry: Option<Callback<()>>) {
        self.push(text.into(), true, retry.map(|retry| (t!("Try again"), retry)));
    }

    /// Takes a message away.
    pub fn dismiss(self, id: usize) {
        let _ = self.list.try_update(|list| list.retain(|message| message.id != id));
    }

    /// Takes all failures away, since what they were about has now worked or is gone.
    pub fn clear_failures(self) {
        let _ = self.list.try_update(|list| list.retain(|message| !message.failure));
    }

    fn push(self, text: String, failure: bool, action: Option<(&'static str, Callback<()>)>) -> usize {
        let id = next_number();
        let _ = self.list.try_update(|list| {
            // Again: read out again, but not shown twice; one that can be taken back is another one each time.
            list.retain(|message| message.text != text || (message.action.is_some() && !message.failure));
            list.push(Message { id, text, failure, action });
        });
        if !failure {
            self.expire(id, STAY);
        }
        id
    }

    /// Dismisses it after a while, but not from under the pointer or the focus.
    fn expire(self, id: usize, after: Duration) {
        set_timeout(
            move || {
                let row = document().get_element_by_id(&row_id(id));
                if row.is_some_and(|row| row.matches(":hover, :focus-within").unwrap_or(false)) {
                    self.expire(id, STAY_AFTER_READING);
                } else {
                    self.dismiss(id);
                }
            },
            after,
        );
    }

    fn keys(self, failure: bool) -> Signal<Vec<String>> {
        let list = self.list;
        derive(move || {
            list.with(|list| list.iter().filter(|m| m.failure == failure).map(|m| m.id.to_string()).collect())
        })
    }

    fn find(self, key: &str) -> Option<Message> {
        self.list.with_untracked(|list| list.iter().find(|message| message.id.to_string() == key).cloned())
    }
}

/// Whether a key asks to take the last change back: Ctrl+Z, or Cmd+Z, outside of a text, which has an
/// undo of its own.
fn undoes(event: &Event) -> bool {
    let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else { return false };
    let with = (pressed.ctrl_key() || pressed.meta_key()) && !pressed.shift_key() && !pressed.alt_key();
    let in_text = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| element.matches("input, textarea, [contenteditable]").unwrap_or(false));
    with && !in_text && !event.default_prevented() && matches!(key(event).as_str(), "z" | "Z")
}

fn row_id(id: usize) -> String {
    format!("message-{id}")
}

/// Where messages show: bottom left, above everything. Its live regions exist from the start, since one that
/// arrives together with its text is not announced. What is outside an open modal dialog can be neither pressed nor
/// heard, so [`move_to`] takes the region along into the topmost one.
#[component]
pub fn MessageRegion(
    /// What to show.
    messages: Messages,
) -> impl IntoView {
    let region = el("div").class("messages").attr("popover", "manual");
    let element: StoredValue<HtmlElement, LocalStorage> =
        StoredValue::new_local(region.node().clone().unchecked_into());
    effect(move || _ = element.with_value(HtmlElement::show_popover));
    // It may be in a dialog, out of reach for the page's own removal.
    on_cleanup(move || _ = element.try_with_value(|region| region.remove()));
    let undo_key = window_event_listener_untyped("keydown", move |event| {
        if undoes(&event) && messages.undo_newest() {
            event.prevent_default();
        }
    });
    on_cleanup(move || undo_key.remove());
    let came_from = StoredValue::new_local(None::<Element>);
    // Where to go back to when the message that has the focus is dismissed.
    let on_focus = move |event: Event| {
        let from = event.dyn_ref::<FocusEvent>().and_then(FocusEvent::related_target);
        if let Some(from) = from.and_then(|from| from.dyn_into::<Element>().ok())
            && !element.with_value(|region| region.contains(Some(&from)))
        {
            came_from.set_value(Some(from));
        }
    };
    let done = Callback::new(move |id: usize| {
        let next = element.with_value(|region| {
            let had_focus = region.matches(":focus-within").unwrap_or(false);
            let next = find(region, &format!(".message:not(#{}) button", row_id(id)));
            if had_focus { next.or_else(|| came_from.get_value()) } else { None }
        });
        next.iter().for_each(focus);
        messages.dismiss(id);
    });
    let row = move |key: String| match messages.find(&key) {
        Some(message) => message_view(message, done),
        None => ().into_any(),
    };
    let list = |role: &str, failure: bool| {
        let keys = messages.keys(failure);
        el("div")
            .class("messages-list")
            .attr("role", role)
            .attr("aria-atomic", "false")
            .with(keyed(keys, row))
    };
    let region = region.on("focusin", on_focus).with(list("alert", true)).with(list("status", false));
    el("div").class("messages-home").with(region).view()
}

fn message_view(message: Message, done: Callback<usize>) -> AnyView {
    let id = message.id;
    let (tone, icon) = if message.failure { ("bad", Icon::AlertTriangle) } else { ("good", Icon::Check) };
    let row = el("div")
        .class(&format!("message {tone}"))
        .attr("id", &row_id(id))
        .with(draw(icon))
        .with(el("p").class("message-text").with(&message.text));
    let row = match message.action {
        Some((label, run)) => {
            let press = Callback::new(move |()| {
                done.run(id);
                run.run(());
            });
            // Within ten seconds nobody tabs to it from anywhere: there is a key.
            let key = (!message.failure).then(|| el("kbd").class("message-key").with(t!("Ctrl+Z")));
            row.with(key).with(view! { <Button label=label on_press=press /> }.into_any())
        }
        None => row,
    };
    let dismiss = Callback::new(move |()| done.run(id));
    let close = view! {
        <Button label=t!("Dismiss message") icon=Icon::X icon_only=true kind=ButtonKind::Quiet on_press=dismiss />
    };
    row.with(close.into_any()).view()
}

/// Takes the region into a dialog that has opened, or back home.
pub(crate) fn move_to(dialog: Option<&web_sys::HtmlDialogElement>) {
    let Some(root) = document().document_element() else { return };
    let Some(region) = find(&root, ".messages") else { return };
    let home: Option<Element> = match dialog {
        Some(dialog) => Some(dialog.clone().into()),
        None => find(&root, ".messages-home"),
    };
    if let (Some(home), Some(region)) = (home, region.dyn_ref::<HtmlElement>()) {
        let _ = home.append_child(region);
        let _ = region.show_popover(); // moving hides it; shown again, it is on top
    }
}
