//! Keys that work on every page of an organization, outside of texts: `g` and then `o` opens the
//! organizations, `?` says what keys there are.

use atrium_ui::is_dialog_open;
use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use crate::components::Drawer;

/// How long after `g` the second key may come, in milliseconds.
const TOGETHER: f64 = 1500.0;

/// What takes letters for itself: texts, and lists that find by the first letters.
const TAKES_LETTERS: &str = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=listbox], [role=option]";

/// Listens as long as the shell is there.
pub fn listen(drawer: Drawer) {
    let began = StoredValue::new(f64::MIN);
    let keys = window_event_listener_untyped("keydown", move |event| {
        let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else { return };
        let held = pressed.ctrl_key() || pressed.meta_key() || pressed.alt_key();
        if held || event.default_prevented() || takes_letters(&event) {
            return;
        }
        let now = Date::now();
        let follows = now - began.get_value() < TOGETHER;
        began.set_value(f64::MIN);
        match pressed.key().as_str() {
            "g" if !is_dialog_open() => {
                began.set_value(now);
                drawer.prepare();
            }
            "o" if follows && !is_dialog_open() => {
                event.prevent_default();
                drawer.show();
            }
            "?" => {
                event.prevent_default();
                drawer.shortcuts.set(true);
            }
            _ => {}
        }
    });
    on_cleanup(move || keys.remove());
}

fn takes_letters(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(TAKES_LETTERS).unwrap_or(false))
}
