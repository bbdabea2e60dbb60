//! The keyboard in a windowed table: the arrows go from row to row, PageUp and PageDown by what is seen, Home and
//! End to the first and the last. To the right are a row's controls. Tab goes through all of them as everywhere.
//! Space picks the row, and with Shift the arrows pick the rows that they pass.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, Node, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::{Pick, Window, focus_in};
use crate::dom::{focus, heading, key_along};

/// What can have the focus inside a row.
pub(super) const CONTROLS: &str = "button, select, input, a[href]";

/// Where in a row something is: which of its cells, and which of the controls there.
pub(super) type Spot = (u32, u32);

/// The row that an event happened in, and where, if it was in one of its cells.
fn row_of(event: &Event) -> Option<(Element, Option<Spot>)> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let row = target.closest("tbody > tr").ok().flatten()?;
    let cell = target.closest("td").ok().flatten().map(|cell| {
        let controls = cell.query_selector_all(CONTROLS).ok();
        let control = controls.and_then(|all| {
            (0..all.length()).find(|index| all.item(*index).as_ref() == Some(target.unchecked_ref::<Node>()))
        });
        let mut before = 0;
        let mut at = cell;
        while let Some(previous) = at.previous_element_sibling() {
            at = previous;
            before += 1;
        }
        (before, control.unwrap_or(0))
    });
    Some((row, cell))
}

fn place_of(row: &Element) -> Option<usize> {
    row.get_attribute("aria-rowindex")?.parse::<usize>().ok()?.checked_sub(2)
}

impl Window {
    pub(super) fn on_key(self, event: &Event) {
        let Some((row, cell)) = row_of(event) else { return };
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let Some(keyboard) = event.dyn_ref::<KeyboardEvent>() else { return };
        // A select has its own use for these keys.
        let taken = target.matches("select, option, input:not([type=checkbox]), textarea").unwrap_or(false);
        if taken || event.default_prevented() || keyboard.alt_key() || keyboard.meta_key() {
            return;
        }
        let Some(here) = self.wanted.get_value().map(|(place, _)| place).or_else(|| place_of(&row)) else {
            return;
        };
        let last = self.rows.count.get_untracked().saturating_sub(1);
        let (first_seen, last_seen) = self.view.get_untracked();
        // What sticks to the edges covers some rows; one stays in sight.
        let page = last_seen.saturating_sub(first_seen).saturating_sub(3).max(1);
        let name = key_along(event);
        let shift = keyboard.shift_key();
        if name == " " && target == row {
            event.prevent_default(); // else the page scrolls
            return self.rows.on_pick.run((here, if shift { Pick::Range } else { Pick::One }));
        }
        if shift && !matches!(name.as_str(), "ArrowDown" | "ArrowUp") {
            return;
        }
        let to = match name.as_str() {
            "ArrowDown" => (here + 1).min(last),
            "ArrowUp" => here.saturating_sub(1),
            "PageDown" => (here + page).min(last),
            "PageUp" => here.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            "ArrowRight" => return along(event, &row, &target, true),
            "ArrowLeft" => return along(event, &row, &target, false),
            _ => return,
        };
        event.prevent_default();
        self.go_to(to, cell);
        if shift && to != here {
            self.rows.on_pick.run((to, Pick::Extend(here)));
        }
    }

    /// Puts the focus on a row, and scrolls to it.
    fn go_to(self, place: usize, cell: Option<Spot>) {
        self.stop.set(place);
        self.wanted.set_value(Some((place, cell)));
        if self.row_at(place).is_none() {
            self.approach(place);
        }
        self.take_focus();
    }

    /// Puts the focus where it is wanted, if that row is in the page by now.
    pub(super) fn take_focus(self) {
        let Some((place, cell)) = self.wanted.try_get_value().flatten() else { return };
        let Some(row) = self.row_at(place) else { return };
        self.wanted.set_value(None);
        focus_in(&row, cell);
        let nearest = ScrollIntoViewOptions::new();
        nearest.set_block(ScrollLogicalPosition::Nearest);
        row.scroll_into_view_with_scroll_into_view_options(&nearest);
    }

    pub(super) fn on_focus(self, event: &Event) {
        let Some((row, cell)) = row_of(event) else { return };
        let Some(place) = place_of(&row) else { return };
        self.wanted.set_value(None);
        self.cell.set_value(cell);
        self.held.set(Some(place));
        self.stop.set(place);
    }

    /// The focus went elsewhere. Where it went because its element did, nothing is to be forgotten.
    pub(super) fn on_leave(self, event: &Event) {
        let left: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        request_animation_frame(move || {
            let active = document().active_element().filter(|active| active.tag_name() != "BODY");
            let elsewhere = active.is_some_and(|active| !self.holds(&active));
            if left.is_some_and(|left| left.is_connected()) && elsewhere {
                let _ = self.held.try_set(None);
                let _ = self.wanted.try_set_value(None);
            }
        });
    }

    /// A row that went with the focus in it hands it on: to the row that took its place, else to the page's heading.
    /// Left alone the focus would be nowhere, and the keyboard would begin at the top of the page again.
    pub(super) fn mend_focus(self) {
        let active = document().active_element().filter(|active| active.tag_name() != "BODY");
        let lost = active.is_none();
        // It went with its element, and somewhere else since: nobody holds that row any more, which would
        // else stay in the page, wherever that is, and nobody fetches what stands in it.
        if active.is_some_and(|active| !self.holds(&active)) {
            let _ = self.held.try_set(None);
            let _ = self.wanted.try_set_value(None);
        }
        // A press beside everything takes it away as well, and that is meant so.
        let lost = lost && self.inside.try_update_value(std::mem::take) == Some(true);
        let Some(held) = self.held.try_get_untracked().flatten().filter(|_| lost) else { return };
        let count = self.rows.count.get_untracked();
        if count == 0 {
            heading().iter().for_each(focus);
            return;
        }
        let place = held.min(count - 1);
        match self.row_at(place) {
            Some(row) => focus_in(&row, self.cell.get_value()),
            None => self.wanted.set_value(Some((place, self.cell.get_value()))),
        }
    }
}

/// To the next control of the row, or the one before; before the first is the row itself.
fn along(event: &Event, row: &Element, target: &Element, forwards: bool) {
    let Ok(all) = row.query_selector_all(CONTROLS) else { return };
    let here =
        (0..all.length()).find(|index| all.item(*index).as_ref() == Some(target.unchecked_ref::<Node>()));
    let to = match (here, forwards) {
        (None, true) => 0,
        (Some(here), true) => here + 1,
        (Some(0), false) => {
            event.prevent_default();
            return focus(row);
        }
        (Some(here), false) => here - 1,
        (None, false) => return,
    };
    if let Some(control) = all.item(to).and_then(|node| node.dyn_into::<Element>().ok()) {
        event.prevent_default();
        focus(&control);
    }
}
