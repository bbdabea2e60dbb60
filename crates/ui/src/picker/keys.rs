//! The keyboard in a picker's list: arrows, Home and End, Enter, Escape, and letters where there is no filter.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use super::Picking;
use crate::dom::{key, lower};

const TYPE_AHEAD_MS: f64 = 700.0;

impl Picking {
    pub(super) fn on_key(self, event: &Event) {
        let ids = untrack(|| self.visible());
        let last = ids.len().saturating_sub(1);
        let now = self.active.with_untracked(|active| ids.iter().position(|id| id == active));
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let role = target.and_then(|target| target.get_attribute("role")).unwrap_or_default();
        let filtered = role == "combobox";
        let next = match key(event).as_str() {
            "Escape" => {
                self.close();
                event.prevent_default();
                event.stop_propagation();
                return;
            }
            _ if !filtered && role != "listbox" => return,
            "Enter" => {
                event.prevent_default();
                if let Some(id) = now.and_then(|now| ids.get(now)) {
                    self.pick(id.clone());
                }
                return;
            }
            "ArrowDown" => now.map_or(0, |now| if now == last { 0 } else { now + 1 }),
            "ArrowUp" => now.and_then(|now| now.checked_sub(1)).unwrap_or(last),
            "Home" if !filtered => 0,
            "End" if !filtered => last,
            letter if !filtered && is_letter(letter, event) => {
                match self.type_ahead(letter, &ids, now.unwrap_or(0)) {
                    Some(found) => found,
                    None => return,
                }
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(id) = ids.get(next) {
            self.reach(next);
            self.active.set(id.clone());
            // One that has just come into the page is there with the next frame.
            request_animation_frame(move || self.reveal());
        }
    }

    /// The next option that begins with what was typed in one go.
    fn type_ahead(self, letter: &str, ids: &[String], now: usize) -> Option<usize> {
        let time = js_sys::Date::now();
        let typed = self.typed.try_update_value(|(typed, at)| {
            if time - *at > TYPE_AHEAD_MS {
                typed.clear();
            }
            typed.push_str(&lower(letter));
            *at = time;
            typed.clone()
        })?;
        let from = if typed.chars().count() == 1 { now + 1 } else { now };
        self.items.with_untracked(|items| {
            let begins = |id: &String| {
                items.iter().any(|item| item.id == *id && lower(&item.label).starts_with(&typed))
            };
            (from..from + ids.len())
                .map(|index| index % ids.len())
                .find(|index| ids.get(*index).is_some_and(begins))
        })
    }
}

/// Whether a key writes something and is no shortcut.
fn is_letter(key: &str, event: &Event) -> bool {
    let shortcut = |event: &KeyboardEvent| event.ctrl_key() || event.meta_key() || event.alt_key();
    key.chars().count() == 1 && !event.dyn_ref().is_some_and(shortcut)
}
