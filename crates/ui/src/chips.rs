//! Several values in one field.

use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use crate::dom::{
    Words, current, described_by, find, focus, focus_id, key, key_along, next_id, on_itself, true_while_said,
};
use crate::field::{error_view, hint_view, show_value};
use crate::icon::draw;
use crate::{Icon, Tone, derive, el, keyed};

/// One value that was taken in.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Chip {
    /// The value, which is also what the user reads.
    pub value: String,
    /// Whether there is something about it to note.
    pub tone: Tone,
    /// What there is to note: "Already a member".
    pub note: Option<String>,
}

impl Chip {
    /// A row is rebuilt when anything that it shows has changed.
    fn key(&self) -> String {
        format!("{}\n{}\n{}", self.value, self.tone.class(), self.note.as_deref().unwrap_or_default())
    }
}

/// Takes one or many values, typed or pasted, and shows each as a chip that can be removed. It only finds out when
/// the user has finished a piece of text; what the text means is the caller's business.
#[component]
pub fn ChipsField(
    /// What the values are.
    #[prop(into)]
    label: String,
    /// What is being typed. Emptied when it is handed to `on_commit`, which may put back what it could not use.
    text: RwSignal<String>,
    /// What was taken in, without doubles.
    #[prop(into)]
    chips: Signal<Vec<Chip>>,
    /// Gets the raw text on Enter, a separator, a pasted list, or when the user leaves the field.
    #[prop(into)]
    on_commit: Callback<String>,
    /// Gets the value whose chip is removed.
    #[prop(into)]
    on_remove: Callback<String>,
    /// Gets the value whose chip is pressed, to change it. Without it chips can only be removed.
    #[prop(optional, into)]
    on_edit: Option<Callback<String>>,
    /// Takes back what was entered last, as Backspace in the empty field does; without it, the last chip.
    #[prop(optional, into)]
    on_back: Option<Callback<()>>,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<Words>,
    /// What is wrong, and what to do.
    #[prop(optional, into)]
    error: Option<Words>,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: String,
) -> impl IntoView {
    let id = next_id("chips");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = described_by(vec![(hint_id.clone(), hint), (error_id.clone(), error)]);
    let commit = move || {
        // Also called when the field goes, and what it belongs to has gone before.
        let Some(raw) = text.try_get_untracked() else { return };
        text.set(String::new());
        if raw.chars().any(|c| !separates(c)) {
            on_commit.run(raw);
        }
    };
    let typed = move |event: Event| {
        let raw = event_target_value(&event);
        let finished = raw.contains(separates);
        text.set(raw);
        if finished {
            commit();
        }
    };
    let on_key = move |event: Event| match key(&event).as_str() {
        "Enter" => {
            event.prevent_default();
            commit();
        }
        "Backspace" if text.with_untracked(String::is_empty) => {
            if let Some(on_back) = on_back {
                on_back.run(());
            } else if let Some(last) =
                chips.with_untracked(|chips| chips.last().map(|chip| chip.value.clone()))
            {
                on_remove.run(last);
            }
        }
        _ => {}
    };
    let keys = derive(move || chips.with(|chips| chips.iter().map(Chip::key).collect::<Vec<_>>()));
    let box_id = id.clone();
    let row = move |key: String| {
        let chip = chips.with_untracked(|chips| chips.iter().find(|chip| chip.key() == key).cloned());
        chip_view(chip.unwrap_or_default(), on_remove, on_edit, box_id.clone())
    };
    let example = derive(move || {
        let wanted = !placeholder.is_empty() && chips.with(Vec::is_empty);
        wanted.then(|| placeholder.clone())
    });
    let list = el("ul")
        .class("chips-list")
        .attr("role", "list")
        .attr("aria-label", &t!("{label}, added", label))
        .react(move |list| {
            keys.track();
            let list = list.clone();
            request_animation_frame(move || one_stop(&list, None)); // once the chips are there
        })
        .on("focusin", |event| {
            if let Some(list) = current(&event) {
                one_stop(&list, document().active_element().as_ref());
            }
        })
        .on("keydown", by_arrows)
        .with(keyed(keys, row));
    let area = el("textarea")
        .attr("id", &id)
        .class("chips-text")
        .attr("rows", "1")
        .attr("autocapitalize", "none")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .live("placeholder", example)
        .live_if("aria-invalid", true_while_said(error))
        .live_if("aria-describedby", described)
        .react(move |area| show_value(area, &text.get()))
        .on("input", typed)
        .on("keydown", on_key)
        .on("blur", move |_| commit());
    let to_area = area.node().clone();
    let frame = el("div")
        .class("chips")
        .live_if("data-invalid", true_while_said(error))
        .on("click", move |event| {
            if on_itself(&event) {
                focus(&to_area);
            }
        })
        .with(list)
        .with(area);
    el("div")
        .class("field")
        .with(el("label").class("field-label").attr("for", &id).with(&label))
        .with(frame)
        .with(hint_view(&hint_id, hint))
        .with(error_view(&error_id, error))
        .view()
}

fn separates(c: char) -> bool {
    matches!(c, ',' | ';') || c.is_whitespace()
}

/// Makes one of the buttons the one that Tab stops at, so that five hundred chips are one step and the arrows do the
/// rest: this one, else the one that is it, else the first.
fn one_stop(list: &Element, wanted: Option<&Element>) {
    let Ok(buttons) = list.query_selector_all("button") else { return };
    let buttons: Vec<Element> =
        (0..buttons.length()).filter_map(|index| buttons.get(index)?.dyn_into().ok()).collect();
    let is_stop = |button: &&Element| button.get_attribute("tabindex").as_deref() == Some("0");
    let stop = wanted.or_else(|| buttons.iter().find(is_stop)).or(buttons.first());
    for button in &buttons {
        let _ = button.set_attribute("tabindex", if Some(button) == stop { "0" } else { "-1" });
    }
}

/// Left and right, Home and End go through the chips.
fn by_arrows(event: Event) {
    let (Some(list), Some(active)) = (current(&event), document().active_element()) else { return };
    let Ok(buttons) = list.query_selector_all("button") else { return };
    let count = buttons.length();
    let here = (0..count).find(|index| buttons.get(*index).as_ref() == Some(active.as_ref()));
    let Some(here) = here else { return };
    let there = match key_along(&event).as_str() {
        "ArrowLeft" => here.saturating_sub(1),
        "ArrowRight" => (here + 1).min(count - 1),
        "Home" => 0,
        "End" => count - 1,
        _ => return,
    };
    event.prevent_default();
    if let Some(button) = buttons.get(there).and_then(|node| node.dyn_into::<Element>().ok()) {
        focus(&button);
    }
}

fn chip_view(
    chip: Chip,
    on_remove: Callback<String>,
    on_edit: Option<Callback<String>>,
    box_id: String,
) -> AnyView {
    let value = chip.value.clone();
    let remove = move |event: Event| {
        // The next chip, while it is still clear which that is.
        let item = current(&event).and_then(|button| button.parent_element());
        let next =
            item.and_then(|item| item.next_element_sibling()).and_then(|item| find(&item, ".chip-remove"));
        match next {
            Some(button) => focus(&button),
            None => focus_id(&box_id),
        }
        on_remove.run(value.clone());
    };
    let note_id = next_id("note");
    let described = chip.note.is_some().then_some(note_id.as_str());
    let button = el("button")
        .attr("type", "button")
        .attr("tabindex", "-1")
        .class("chip-remove")
        .attr("aria-label", &t!("Remove {value}", value = chip.value))
        .attr_if("aria-describedby", described)
        .on("click", remove)
        .with(draw(Icon::X));
    let note = chip.note.as_ref().map(|note| el("span").class("chip-note").attr("id", &note_id).with(note));
    let words = el("span").class("chip-value").with(&chip.value);
    let words = match on_edit {
        Some(on_edit) => {
            let value = chip.value.clone();
            el("button")
                .attr("type", "button")
                .attr("tabindex", "-1")
                .class("chip-edit")
                .attr("aria-label", &t!("Edit {value}", value = chip.value))
                .attr_if("aria-describedby", described)
                .on("click", move |_| on_edit.run(value.clone()))
                .with(words)
        }
        None => words,
    };
    el("li")
        .class(&format!("chip {}", chip.tone.class()))
        .attr("role", "listitem")
        .with(words)
        .with(note)
        .with(button)
        .view()
}
