//! Tables of any length, of which only what is seen is in the page.
//!
//! The page scrolls, not the table: it lays itself out as high as all its rows, and puts those near
//! the window into their places. All rows are equally high (the style sheet's doing); how high is
//! measured. A row is known by its key, so it keeps its elements, and with them focus and state, while
//! the rows around it change. Whether the keyboard, a finger or a screen reader moves on, the page
//! scrolls, and the next rows are there.

mod keys;

use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use crate::dom::{find, focus, true_while};
use crate::{El, derive, effect, el, memo};

/// Rows beyond each edge of the window that are in the page.
const OVERSCAN: usize = 8;
/// The rows in the page change by so many at once: less often than the window moves.
const STEP: usize = 4;
/// How high a row is until one was measured, in pixels.
const GUESS: f64 = 44.0;
/// No browser lays out more than this (Firefox ends near 17.8 million pixels, others at twice that).
/// A longer table moves faster than its page.
const HIGHEST: f64 = 15_000_000.0;

/// The rows of a [`WindowedTable`]; what its owner knows of them.
#[derive(Clone, Copy)]
pub struct Rows {
    /// How many there are.
    pub count: Signal<usize>,
    /// Whether that is exactly so many; where it is not, there may be more.
    pub exact: Signal<bool>,
    /// From which row up to before which one they are in the page. The table says it, its owner reads it.
    pub seen: RwSignal<(usize, usize)>,
    /// The key of the row at a place, and another one while nothing is known of it. Reads signals.
    pub key_at: Callback<usize, String>,
    /// The place of a row. Reads signals.
    pub place_of: Callback<String, Option<usize>>,
    /// Makes the row with a key: a `tr`, to which the table adds its place.
    pub row: Callback<String, El>,
    /// Called when the row at a place is picked with the keyboard.
    pub on_pick: Callback<(usize, Pick)>,
}

/// How a row is picked with the keyboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pick {
    /// Space: it alone.
    One,
    /// Shift and Space: all from the one picked before up to it.
    Range,
    /// Shift and an arrow, which came to it from the row at this place: what is picked reaches from where
    /// that began up to it.
    Extend(usize),
}

/// A table that shows the rows near the window.
#[derive(Clone, Copy)]
struct Window {
    rows: Rows,
    /// Its tbody.
    body: StoredValue<Element, LocalStorage>,
    /// How high a row is, with the gap after it.
    pitch: RwSignal<f64>,
    /// What rows are moved by while the table is higher than the page can be.
    shift: RwSignal<f64>,
    /// The first and the last row to be seen.
    view: RwSignal<(usize, usize)>,
    /// The row that Tab leads to.
    stop: RwSignal<usize>,
    /// The row that has the focus; it stays in the page, wherever that scrolls.
    held: RwSignal<Option<usize>>,
    /// Where the focus is to go once that row is in the page: its place, and which of its cells.
    wanted: StoredValue<Option<(usize, Option<keys::Spot>)>>,
    /// Where in the held row the focus is.
    cell: StoredValue<Option<keys::Spot>>,
    /// Whether the focus was in a row before the rows last changed.
    inside: StoredValue<bool>,
}

/// A table whose rows come and go with the window.
#[component]
pub fn WindowedTable(
    /// The table's name.
    #[prop(into)]
    label: String,
    /// Its rows.
    rows: Rows,
    /// Other rows are on their way; the old ones stay, dimmed.
    busy: Signal<bool>,
    /// How wide the columns are: `grid-template-columns`.
    columns: Signal<String>,
    /// The columns that are hidden, by the words in `data-column` of their cells.
    hidden: Signal<String>,
    /// The row of headings.
    headings: El,
) -> impl IntoView {
    let group = |tag: &str| el(tag).attr("role", "rowgroup");
    let body = group("tbody");
    let window = Window {
        rows,
        body: StoredValue::new_local(body.node().clone()),
        pitch: RwSignal::new(GUESS),
        shift: RwSignal::new(0.0),
        view: RwSignal::new((0, 0)),
        stop: RwSignal::new(0),
        held: RwSignal::new(None),
        wanted: StoredValue::new(None),
        cell: StoredValue::new(None),
        inside: StoredValue::new(false),
    };
    window.follow_the_page();
    let keys = memo(move || window.keys());
    effect(move || {
        keys.track();
        window.pitch.track();
        // Without rows nothing else changes when there are some again.
        rows.count.track();
        request_animation_frame(move || {
            window.measure();
            window.take_focus();
            window.mend_focus();
        });
    });
    // Other columns, other heights (on a card each is a line).
    effect(move || {
        hidden.track();
        request_animation_frame(move || window.measure());
    });
    let body = body
        .react(move |body| {
            #[allow(clippy::cast_precision_loss)]
            let height = (rows.count.get() as f64 * window.pitch.get()).min(HIGHEST);
            set_length(body, "block-size", height);
        })
        .on("keydown", move |event| window.on_key(&event))
        .on("focusin", move |event| window.on_focus(&event))
        .on("focusout", move |event| window.on_leave(&event))
        .react(window.keep_rows(keys));
    let row_count = derive(move || {
        let count = if rows.exact.get() { (rows.count.get() + 1).to_string() } else { "-1".to_owned() };
        Some(count)
    });
    let table = el("table")
        .class("table windowed")
        .attr("role", "table")
        .attr("aria-label", &label)
        .live("aria-rowcount", row_count)
        .live("aria-busy", true_while(move || busy.get()))
        .live("data-hidden", derive(move || Some(hidden.get())))
        .react(move |table| set_property(table, "--columns", &columns.get()))
        .with(group("thead").with(headings.attr("aria-rowindex", "1")))
        .with(body);
    el("div").class("table-frame windowed").with(table).view()
}

impl Window {
    /// Has a row in the page for each key. A list of Leptos moves elements in the page that need not move, and an
    /// element that moves loses the focus; here the one that has it stays where it is.
    fn keep_rows(self, keys: Memo<Vec<String>>) -> impl Fn(&Element) + 'static {
        type Kept = Vec<(String, El, Option<Owner>)>;
        let kept = StoredValue::new_local(Kept::new());
        let parent = Owner::current();
        move |body| {
            let Some(keys) = keys.try_get() else { return };
            let mut old = kept.try_update_value(std::mem::take).unwrap_or_default();
            old.retain(|(key, row, owner)| {
                let stays = keys.contains(key);
                if !stays {
                    row.node().remove();
                    owner.iter().for_each(Owner::cleanup);
                }
                stays
            });
            let mut new = Kept::with_capacity(keys.len());
            let mut next: Option<Element> = None;
            for key in keys.into_iter().rev() {
                let known = old.iter().position(|(own, ..)| *own == key).map(|at| old.swap_remove(at));
                let (key, row, owner) = known.unwrap_or_else(|| {
                    let owner = parent.as_ref().map(Owner::child);
                    let make = || untrack(|| self.row(key.clone()));
                    let row = owner.as_ref().map_or_else(make, |owner| owner.with(make));
                    (key, row, owner)
                });
                let node = row.node().clone();
                if !node.is_connected() || node.next_element_sibling() != next {
                    let before = next.as_ref().map(AsRef::<web_sys::Node>::as_ref);
                    let _ = body.insert_before(&node, before);
                }
                next = Some(node);
                new.push((key, row, owner));
            }
            let _ = kept.try_set_value(new);
        }
    }

    /// The keys of the rows in the page, in their order.
    fn keys(self) -> Vec<String> {
        let active = document().active_element();
        let inside = active.is_some_and(|active| self.holds(&active));
        let _ = self.inside.try_set_value(inside);
        let count = self.rows.count.get();
        let (from, to) = self.rows.seen.get();
        let held = self.held.get().filter(|held| *held < count && (*held < from || *held >= to));
        let mut places: Vec<usize> = (from.min(count)..to.min(count)).collect();
        match held {
            Some(held) if held < from => places.insert(0, held),
            Some(held) => places.push(held),
            None => {}
        }
        places.into_iter().map(|place| self.rows.key_at.run(place)).collect()
    }

    /// Whether an element is in one of the rows.
    fn holds(self, element: &Element) -> bool {
        self.body.try_with_value(|body| body.contains(Some(element))).unwrap_or(false)
    }

    fn row(self, key: String) -> El {
        let own = key.clone();
        let place = memo(move || self.rows.place_of.run(own.clone()).unwrap_or_default());
        let stop = memo(move || {
            let (first, last) = self.view.get();
            let stop = self.stop.get();
            // Where that row is out of sight, Tab leads to the first one in sight.
            place.get() == if (first..=last).contains(&stop) { stop } else { first }
        });
        self.rows
            .row
            .run(key)
            .live("aria-rowindex", derive(move || Some((place.get() + 2).to_string())))
            .live(
                "tabindex",
                derive(move || Some(if stop.try_get() == Some(true) { "0" } else { "-1" }.to_owned())),
            )
            .react(move |row| {
                if let (Some(place), Some(pitch)) = (place.try_get(), self.pitch.try_get()) {
                    set_length(row, "inset-block-start", top_of(place, pitch) + self.shift.get());
                }
            })
    }

    /// Looks where the window is whenever the page scrolls or changes its size.
    fn follow_the_page(self) {
        let look = Closure::<dyn FnMut()>::new(move || self.measure());
        let look = StoredValue::new_local(look);
        type Bind = fn(&web_sys::EventTarget, &str, &JsValue) -> Result<(), JsValue>;
        let bind = move |bind: Bind| {
            let _ = look.try_with_value(|look| {
                let look = look.as_ref();
                let _ = bind(&document(), "scroll", look);
                let _ = bind(&window(), "resize", look);
            });
        };
        bind(|to, event, look| {
            to.add_event_listener_with_callback_and_bool(event, look.unchecked_ref(), true)
        });
        on_cleanup(move || {
            bind(|to, event, look| {
                to.remove_event_listener_with_callback_and_bool(event, look.unchecked_ref(), true)
            });
        });
    }

    /// Finds out which rows are to be seen.
    fn measure(self) {
        let Some(count) = self.rows.count.try_get_untracked() else { return };
        let Some(body) = self.body.try_get_value().filter(|body| body.is_connected()) else { return };
        let Some(height) = document().document_element().map(|root| f64::from(root.client_height())) else {
            return;
        };
        let above = -body.get_bounding_client_rect().top();
        if let Some(row) = find(&body, "tr") {
            let pitch = row.get_bounding_client_rect().height() + gap_after(&row);
            if pitch > 1.0 && (pitch - self.pitch.get_untracked()).abs() > 0.25 {
                self.pitch.set(pitch);
            }
        }
        let pitch = self.pitch.get_untracked();
        #[allow(clippy::cast_precision_loss)]
        let whole = count as f64 * pitch;
        let from = if whole > HIGHEST {
            let share = (above / (HIGHEST - height)).clamp(0.0, 1.0);
            let from = share * (whole - height);
            set_if_new(self.shift, above.max(0.0) - from);
            from
        } else {
            set_if_new(self.shift, 0.0);
            above
        };
        let last_place = count.saturating_sub(1);
        let place = |y: f64| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // both ends are cut off
            let place = (y.max(0.0) / pitch) as usize;
            place.min(last_place)
        };
        let (first, last) = (place(from), place(from + height));
        set_if_new(self.view, (first, last));
        let from = first.saturating_sub(OVERSCAN) / STEP * STEP;
        let to = ((last + 1 + OVERSCAN).div_ceil(STEP) * STEP).min(count);
        set_if_new(self.rows.seen, (from, to));
    }

    /// Scrolls to a row that is not in the page yet, so that it will be.
    fn approach(self, place: usize) {
        let Some(body) = self.body.try_get_value() else { return };
        let Some(root) = document().document_element() else { return };
        let (height, pitch) = (f64::from(root.client_height()), self.pitch.get_untracked());
        let top = body.get_bounding_client_rect().top();
        #[allow(clippy::cast_precision_loss)]
        let whole = self.rows.count.get_untracked() as f64 * pitch;
        let y = top_of(place, pitch);
        // Below what sticks to the window's upper edge, or at its lower edge.
        let below = place > self.view.get_untracked().0;
        let from = if below { y + 2.0 * pitch - height } else { y - 4.0 * pitch };
        let target = if whole > HIGHEST {
            (from / (whole - height)).clamp(0.0, 1.0) * (HIGHEST - height)
        } else {
            from
        };
        window().scroll_by_with_x_and_y(0.0, top + target);
        self.measure();
    }

    /// The row at a place, if it is in the page.
    fn row_at(self, place: usize) -> Option<Element> {
        find(&self.body.try_get_value()?, &format!("tr[aria-rowindex=\"{}\"]", place + 2))
    }
}

/// Where a row begins.
#[allow(clippy::cast_precision_loss)]
fn top_of(place: usize, pitch: f64) -> f64 {
    place as f64 * pitch
}

fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}

/// The gap that the style sheet leaves after a row, in pixels.
fn gap_after(row: &Element) -> f64 {
    let style = window().get_computed_style(row).ok().flatten();
    let gap = style.and_then(|style| style.get_property_value("margin-bottom").ok());
    gap.map(|gap| js_sys::parse_float(&gap)).filter(|gap| gap.is_finite()).unwrap_or(0.0)
}

fn set_property(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.style().set_property(name, value);
    }
}

/// Sets a length in whole pixels; see [`crate::tooltip::place`].
fn set_length(element: &Element, name: &str, pixels: f64) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        crate::tooltip::place(element, name, pixels);
    }
}

/// Puts the focus on a row or into the cell of it that was asked for, without scrolling.
fn focus_in(row: &Element, spot: Option<keys::Spot>) {
    let inside = spot.and_then(|(cell, control)| {
        let cell = row.query_selector_all("td").ok()?.item(cell)?;
        let controls = cell.dyn_ref::<Element>()?.query_selector_all(keys::CONTROLS).ok()?;
        // Another row may have fewer of them there.
        controls.item(control.min(controls.length().checked_sub(1)?))?.dyn_into::<Element>().ok()
    });
    focus(&inside.unwrap_or_else(|| row.clone()));
}
