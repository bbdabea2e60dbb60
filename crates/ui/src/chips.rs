//! Several values in one field.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::dom::{Words, described_by, find, focus, focus_id, next_id, true_while};
use crate::field::field_notes;
use crate::{Icon, IconView, KeyedList, Tone};

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
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Words,
    /// What is wrong, and what to do.
    #[prop(optional, into)]
    error: Words,
    /// An example, never the label.
    #[prop(optional, into)]
    placeholder: String,
) -> impl IntoView {
    let id = next_id("chips");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = described_by(vec![(hint_id.clone(), hint), (error_id.clone(), error)]);
    let commit = move || {
        let raw = text.get_untracked();
        text.set(String::new());
        if raw.chars().any(|c| !separates(c)) {
            on_commit.run(raw);
        }
    };
    let typed = move |event: web_sys::Event| {
        let raw = event_target_value(&event);
        let finished = raw.contains(separates);
        text.set(raw);
        if finished {
            commit();
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            commit();
        }
        "Backspace" if text.with_untracked(String::is_empty) => {
            if let Some(last) = chips.with_untracked(|chips| chips.last().map(|chip| chip.value.clone())) {
                on_remove.run(last);
            }
        }
        _ => {}
    };
    let keys = Signal::derive(move || chips.with(|chips| chips.iter().map(Chip::key).collect::<Vec<_>>()));
    let box_id = id.clone();
    let row = Callback::new(move |key: String| {
        let chip = chips.with_untracked(|chips| chips.iter().find(|chip| chip.key() == key).cloned());
        chip_view(chip.unwrap_or_default(), on_remove, box_id.clone())
    });
    let example = Signal::derive(move || {
        let wanted = !placeholder.is_empty() && chips.with(Vec::is_empty);
        wanted.then(|| placeholder.clone())
    });
    let list_name = format!("{label}, added");
    let to_box = id.clone();
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <div
                class="chips"
                data-invalid=true_while(move || error.with(Option::is_some))
                on:click=move |event| {
                    if event.target() == event.current_target() {
                        focus_id(&to_box);
                    }
                }
            >
                <ul class="chips-list" role="list" aria-label=list_name>
                    <KeyedList keys row />
                </ul>
                <textarea
                    id=id
                    class="chips-text"
                    rows="1"
                    autocapitalize="none"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder=example
                    aria-invalid=true_while(move || error.with(Option::is_some))
                    aria-describedby=described
                    prop:value=text
                    on:input=typed
                    on:keydown=on_key
                    on:blur=move |_| commit()
                ></textarea>
            </div>
            {field_notes(hint_id, hint, error_id, error)}
        </div>
    }
    .into_any()
}

fn separates(c: char) -> bool {
    matches!(c, ',' | ';') || c.is_whitespace()
}

fn chip_view(chip: Chip, on_remove: Callback<String>, box_id: String) -> AnyView {
    let value = chip.value.clone();
    let remove = move |event: web_sys::MouseEvent| {
        // The next chip, while it is still clear which that is.
        let item = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
        let next = item.and_then(|button| button.closest("li").ok().flatten());
        let next = next.and_then(|item| item.next_element_sibling()).and_then(|item| find(&item, "button"));
        match next {
            Some(button) => focus(&button),
            None => focus_id(&box_id),
        }
        on_remove.run(value.clone());
    };
    let note_id = next_id("note");
    let described = chip.note.is_some().then(|| note_id.clone());
    let note = chip.note.map(|note| view! { <span class="chip-note" id=note_id>{note}</span> }.into_any());
    view! {
        <li class=format!("chip {}", chip.tone.class()) role="listitem">
            <span class="chip-value">{chip.value.clone()}</span>
            {note}
            <button
                type="button"
                class="chip-remove"
                aria-label=format!("Remove {}", chip.value)
                aria-describedby=described
                on:click=remove
            >
                <IconView icon=Icon::X />
            </button>
        </li>
    }
    .into_any()
}
