//! What shows who is selected: the checkboxes, and the toolbar of what can be done to them.

use atrium_domain::Action;
use atrium_ui::{Button, ButtonKind, Checkbox, El, Icon, derive, el, focus, key_along, memo, text, when};
use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

use super::{MemberLine, Selection};
use crate::change_set::Tray;
use crate::forms::BulkAction;
use crate::session::Place;

/// The heading with the checkbox "Select all": all that match, also those who were never loaded.
pub fn select_all(selection: Selection) -> El {
    let checked = derive(move || selection.is_all());
    let some = derive(move || selection.count.get() > 0 && !selection.is_all());
    let on_change = Callback::new(move |on| selection.set_all(on));
    // A heading is never without a name, also where there is nothing to select.
    let nothing = || el("span").class("visually-hidden").with(t!("Selection")).view();
    el("th")
        .attr("role", "columnheader")
        .attr("scope", "col")
        .class("selection")
        .with(when(
            move || !selection.is_off(),
            move || {
                view! { <Checkbox label=t!("Select all") hide_label=true checked indeterminate=some on_change /> }
                    .into_any()
            },
        ))
        .with(when(move || selection.is_off(), nothing))
}

/// The cell with the checkbox "Select EMAIL". With Shift it selects all from who was picked before.
pub fn select_one(selection: Selection, line: &MemberLine) -> El {
    let id = line.identity.clone();
    let own = id.clone();
    let checked = derive(move || selection.holds(&own));
    let shift = StoredValue::new(false);
    let with_shift = StoredValue::new(false);
    let on_change = Callback::new(move |on| selection.pick(&id, on, shift.get_value()));
    // The click comes before the change. One that the Space key makes may not tell of Shift.
    let on_click = move |event: Event| {
        let held = event.dyn_ref::<MouseEvent>().is_some_and(MouseEvent::shift_key);
        shift.set_value(held || with_shift.get_value());
        with_shift.set_value(false);
    };
    let on_key = move |event: Event| {
        if let Some(key) = event.dyn_ref::<KeyboardEvent>().filter(|key| key.key() == " ") {
            with_shift.set_value(key.shift_key());
        }
    };
    // Else Shift and a press select the text in between.
    let on_down = move |event: Event| {
        if event.dyn_ref::<MouseEvent>().is_some_and(MouseEvent::shift_key) {
            event.prevent_default();
        }
    };
    let label = t!("Select {email}", email = line.email);
    el("td")
        .attr("role", "cell")
        .class("selection")
        .on("click", on_click)
        .on("keydown", on_key)
        .on("mousedown", on_down)
        .with(view! { <Checkbox label hide_label=true checked on_change /> })
}

/// The toolbar "Selected members", while somebody is selected.
#[component]
pub fn SelectedMembers(
    /// Who is selected.
    selection: Selection,
    /// What is asked to be done to them.
    asked: RwSignal<Option<BulkAction>>,
) -> impl IntoView {
    let some = memo(move || selection.count.get() > 0);
    let escape = window_event_listener_untyped("keydown", move |event| {
        let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
        let taken = event.default_prevented() || is_for_another(&event);
        if key.as_deref() == Some("Escape") && !taken && some.get_untracked() {
            clear(selection);
        }
    });
    on_cleanup(move || escape.remove());
    // Said also where the toolbar is out of sight, and when it goes.
    let count = move || if some.get() { selection.in_words() } else { String::new() };
    let words = el("span").class("visually-hidden").attr("role", "status").with(text(count));
    atrium_ui::all([words.view(), when(move || some.get(), move || toolbar(selection, asked))])
}

/// Selects nobody. The toolbar goes with the selection, and a focus in it to "Select all".
fn clear(selection: Selection) {
    let active = document().active_element();
    let inside = active.is_some_and(|active| active.closest(".selected").ok().flatten().is_some());
    selection.clear();
    if inside {
        request_animation_frame(|| {
            if let Ok(Some(all)) = document().query_selector("th.selection input") {
                focus(&all);
            }
        });
    }
}

/// Whether Escape closes or empties something else.
fn is_for_another(event: &Event) -> bool {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let inside = |target: Element| {
        let found = target.closest("dialog, select, input[type=search], [popover]").ok().flatten();
        found.is_some()
    };
    let open = document().query_selector("dialog[open]").ok().flatten().is_some();
    open || target.is_some_and(inside)
}

fn toolbar(selection: Selection, asked: RwSignal<Option<BulkAction>>) -> AnyView {
    let place = Place::current();
    let tray = Tray::current();
    let button = |action: BulkAction| {
        // Who is in a workspace its Admin decides as well.
        let of_members = !matches!(action, BulkAction::AddToWorkspaces | BulkAction::RemoveFromWorkspaces);
        let why_not = derive(move || {
            if tray.is_some_and(Tray::is_collecting) {
                let sentence =
                    t!("Changes are being collected one by one. Apply them, or stop collecting, first.");
                return Some(sentence.to_owned());
            }
            if of_members { place.why_not(&Action::ManageMembers) } else { None }
        });
        let press = Callback::new(move |()| asked.set(Some(action)));
        view! { <Button label=action.label() disabled_reason=why_not on_press=press /> }.into_any()
    };
    let on_clear = Callback::new(move |()| clear(selection));
    let count = el("span").class("selected-count").with(text(move || selection.in_words()));
    let reading =
        text(move || if selection.reading.get() { t!("Selecting…").to_owned() } else { String::new() });
    el("div")
        .class("selected")
        .attr("role", "toolbar")
        .attr("aria-label", t!("Selected members"))
        .on("keydown", along)
        .react(one_stop)
        .with(count)
        .with(el("span").class("muted").with(reading))
        .with(BulkAction::ALL.map(button))
        .with(view! {
            <Button label=t!("Clear selection") icon=Icon::X icon_only=true kind=ButtonKind::Quiet on_press=on_clear />
        })
        .view()
}

fn buttons(toolbar: &Element) -> Vec<Element> {
    let Ok(found) = toolbar.query_selector_all("button") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// Tab leads to one button of a toolbar, the arrows to the others.
fn one_stop(toolbar: &Element) {
    let toolbar = toolbar.clone();
    // The buttons are put in after this.
    request_animation_frame(move || {
        for (at, button) in buttons(&toolbar).iter().enumerate() {
            let _ = button.set_attribute("tabindex", if at == 0 { "0" } else { "-1" });
        }
    });
}

fn along(event: Event) {
    let toolbar = event.current_target().and_then(|toolbar| toolbar.dyn_into::<Element>().ok());
    let Some(toolbar) = toolbar else { return };
    let all = buttons(&toolbar);
    let active = document().active_element();
    let Some(here) = all.iter().position(|button| Some(button) == active.as_ref()) else { return };
    let to = match key_along(&event).as_str() {
        "ArrowRight" | "ArrowDown" => (here + 1) % all.len(),
        "ArrowLeft" | "ArrowUp" => (here + all.len() - 1) % all.len(),
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return,
    };
    event.prevent_default();
    for (at, button) in all.iter().enumerate() {
        let _ = button.set_attribute("tabindex", if at == to { "0" } else { "-1" });
    }
    focus(&all[to]);
}
