//! What several parts need from the document: ids, words for attributes, focus.

use crate::derive;
use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Text that may be absent, as an attribute or a description takes it. One type for all of them: every further
/// type of reactive attribute is compiled anew.
pub(crate) type Words = Signal<Option<String>>;

static NEXT: AtomicUsize = AtomicUsize::new(1);

/// An id that no other part of the page has.
pub fn next_id(prefix: &str) -> String {
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A number that no other caller got.
pub(crate) fn next_number() -> usize {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// `Some("true")` while the condition holds, and no attribute otherwise.
pub(crate) fn true_while(condition: impl Fn() -> bool + Send + Sync + 'static) -> Words {
    derive(move || condition().then(|| "true".to_owned()))
}

/// `"true"` or `"false"`, for attributes that must always be there.
pub(crate) fn true_or_false(condition: impl Fn() -> bool + Send + Sync + 'static) -> Words {
    derive(move || Some(if condition() { "true" } else { "false" }.to_owned()))
}

/// `"true"` while these words say something.
pub(crate) fn true_while_said(said: Option<Words>) -> Option<Words> {
    said.map(|said| true_while(move || said.with(Option::is_some)))
}

/// The ids of those descriptions that have something to say, for `aria-describedby`.
pub(crate) fn described_by(parts: Vec<(String, Option<Words>)>) -> Option<Words> {
    if parts.iter().all(|(_, said)| said.is_none()) {
        return None;
    }
    Some(derive(move || {
        let says = |said: &Option<Words>| said.is_some_and(|said| said.with(Option::is_some));
        let ids: Vec<&str> = parts.iter().filter(|(_, said)| says(said)).map(|(id, _)| id.as_str()).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }))
}

/// Whether this text is there, without listening to it.
pub(crate) fn says(words: Option<Words>) -> bool {
    words.and_then(|words| words.try_with_untracked(Option::is_some)).unwrap_or(false)
}

/// Puts the focus on an element, if it can take it.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Whether the focus is nowhere: what had it has gone, and the keyboard would begin at the top of the page.
pub fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// The selector of the page's heading, where the focus goes when there is no better place for it.
pub const HEADING: &str = "main h1[tabindex]";

/// The page's heading.
pub(crate) fn heading() -> Option<Element> {
    document().document_element().and_then(|root| find(&root, HEADING))
}

/// With the next frame, where the focus has gone with what had it: puts it on what is found by a selector, else on
/// the page's heading.
pub fn mend_focus(selector: &'static str) {
    request_animation_frame(move || {
        let Some(root) = document().document_element().filter(|_| is_focus_lost()) else { return };
        find(&root, selector).or_else(heading).iter().for_each(focus);
    });
}

/// Puts the focus on the element with this id.
pub(crate) fn focus_id(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        focus(&element);
    }
}

/// The first element inside `root` that the selector finds; a selector that this browser doesn't know finds none.
pub(crate) fn find(root: &Element, selector: &str) -> Option<Element> {
    root.query_selector(selector).ok().flatten()
}

/// Puts the focus on the first field inside `root` that carries an error, so that a refused form starts the
/// correction where it is due. Call it in `request_animation_frame` after the errors were set.
pub fn focus_first_error(root: &Element) {
    if let Some(field) = find(root, "[aria-invalid='true']") {
        focus(&field);
    }
}

/// The element that an event was listened for on.
pub(crate) fn current(event: &web_sys::Event) -> Option<Element> {
    event.current_target().and_then(|target| target.dyn_into().ok())
}

/// Whether the event happened on the very element that listens, not inside it.
pub(crate) fn on_itself(event: &web_sys::Event) -> bool {
    event.target() == event.current_target()
}

/// Whether the page is written from right to left.
pub fn is_right_to_left() -> bool {
    document().document_element().is_some_and(|root| root.get_attribute("dir").as_deref() == Some("rtl"))
}

/// The key of an event, as it is in a page from left to right: in the other direction the arrows
/// to the left and to the right trade places, so that "ArrowRight" always goes on.
pub fn key_along(event: &web_sys::Event) -> String {
    let key = key(event);
    match key.as_str() {
        "ArrowRight" if is_right_to_left() => "ArrowLeft".to_owned(),
        "ArrowLeft" if is_right_to_left() => "ArrowRight".to_owned(),
        _ => key,
    }
}

/// The key that was pressed; nothing while text is being composed.
pub(crate) fn key(event: &web_sys::Event) -> String {
    event
        .dyn_ref::<KeyboardEvent>()
        .filter(|event| !event.is_composing())
        .map(KeyboardEvent::key)
        .unwrap_or_default()
}

/// In small letters, whatever the script. The browser has the tables for that; Rust's would be sent along.
pub fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}
