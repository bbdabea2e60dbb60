//! What a picker's popover shows: the options, and the field that narrows them.

use leptos::prelude::*;
use web_sys::Event;

use super::Picking;
use crate::dom::{Words, true_or_false};
use crate::{Avatar, Icon, IconView, KeyedList};

/// With more than this, a field to narrow the list.
const FILTER_FROM: usize = 10;

impl Picking {
    pub(super) fn list(self, list_name: String, filter_name: String) -> AnyView {
        let list_id = self.base.with_value(|base| format!("{base}-list"));
        let keys: Signal<Vec<String>> = Memo::new(move |_| self.visible()).into();
        let active: Words = Signal::derive(move || {
            let active = self.active.get();
            keys.with(|keys| keys.contains(&active)).then(|| self.option_id(&active))
        });
        let filtered = self.items.with_untracked(Vec::len) > FILTER_FROM;
        let filter = filtered.then(|| self.filter(filter_name, list_id.clone(), active));
        let row = Callback::new(move |id: String| self.option(id));
        let none = Signal::derive(move || {
            let nothing = keys.with(Vec::is_empty);
            nothing.then(|| format!("Nothing is called “{}”.", self.query.get().trim()))
        });
        view! {
            {filter}
            <div
                class="picker-list"
                role="listbox"
                id=list_id
                aria-label=list_name
                tabindex=if filtered { "-1" } else { "0" }
                aria-activedescendant=active
            >
                <KeyedList keys row />
            </div>
            <p class="picker-none" role="status">{none}</p>
        }
        .into_any()
    }

    fn filter(self, name: String, list_id: String, active: Words) -> AnyView {
        let typed = move |event: Event| {
            self.query.set(event_target_value(&event));
            self.active.set(untrack(|| self.visible()).into_iter().next().unwrap_or_default());
        };
        view! {
            <div class="field-box with-icon picker-filter">
                <IconView icon=Icon::Search />
                <input
                    class="input"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=name.clone()
                    placeholder=name
                    aria-autocomplete="list"
                    aria-expanded="true"
                    aria-controls=list_id
                    aria-activedescendant=active
                    prop:value=self.query
                    on:input=typed
                />
            </div>
        }
        .into_any()
    }

    fn option(self, id: String) -> AnyView {
        let item = self.items.with_untracked(|items| items.iter().find(|item| item.id == id).cloned());
        let item = item.unwrap_or_default();
        let element_id = self.option_id(&id);
        let note_id = format!("{element_id}-note");
        let described = item.note.is_some().then(|| note_id.clone());
        let note =
            item.note.map(|note| view! { <span class="picker-note" id=note_id>{note}</span> }.into_any());
        let (label, initials) = (item.label.clone(), item.label.clone());
        let (mine, chosen, over) = (id.clone(), id.clone(), id.clone());
        view! {
            <div
                class="picker-option"
                role="option"
                id=element_id
                aria-label=label
                aria-describedby=described
                aria-selected=true_or_false(move || self.selected.with(|selected| *selected == chosen))
                data-active=crate::dom::true_while(move || self.active.with(|active| *active == mine))
                on:mousemove=move |_| {
                    if self.active.with_untracked(|active| *active != over) {
                        self.active.set(over.clone());
                    }
                }
                on:click=move |_| self.pick(id.clone())
            >
                <Avatar name=initials seed=item.seed square=true />
                <span class="picker-label">{item.label}</span>
                {note}
                <span class="picker-check"><IconView icon=Icon::Check /></span>
            </div>
        }
        .into_any()
    }
}
