//! What a picker's popover shows: the options, and the field that narrows them.

use atrium_words::t;
use leptos::prelude::*;
use web_sys::Event;

use super::{Picking, STEP};
use crate::dom::{Words, current, next_id, true_or_false, true_while};
use crate::field::show_value;
use crate::icon::draw;
use crate::{El, Icon, avatar, derive, el, keyed, memo};

/// With more than this, a field to narrow the list.
const FILTER_FROM: usize = 10;

impl Picking {
    pub(super) fn list(self, list_name: &str, filter_name: &str) -> El {
        let list_id = next_id("list");
        let found = memo(move || self.visible());
        let keys: Signal<Vec<String>> =
            memo(move || found.with(|all| all.iter().take(self.limit.get()).cloned().collect())).into();
        let active = derive(move || {
            let active = self.active.get();
            keys.with(|keys| keys.contains(&active)).then(|| self.option_id(&active))
        });
        let filtered = self.items.with_untracked(Vec::len) > FILTER_FROM;
        let row = move |id: String| self.option(id, found);
        let scrolled = move |event: Event| {
            let Some(list) = current(&event) else { return };
            // A list's height ahead of the eye.
            if list.scroll_top() + 2 * list.client_height() >= list.scroll_height() {
                let there = self.limit.get_untracked();
                if found.with_untracked(|all| all.len() > there) {
                    self.reach(there);
                }
            }
        };
        let none = derive(move || {
            let nothing = keys.with(Vec::is_empty);
            nothing.then(|| t!("Nothing is called “{query}”.", query = self.query.get().trim()))
        });
        let list = el("div")
            .class("picker-list")
            .attr("role", "listbox")
            .attr("id", &list_id)
            .attr("aria-label", list_name)
            .attr("tabindex", if filtered { "-1" } else { "0" })
            .live("aria-activedescendant", active)
            .on("scroll", scrolled)
            .with(keyed(keys, row));
        el("div")
            .class("picker-content")
            .with(filtered.then(|| self.filter(filter_name, &list_id, active)))
            .with(list)
            .with(el("p").class("picker-none").attr("role", "status").with(none))
    }

    fn filter(self, name: &str, list_id: &str, active: Words) -> El {
        let typed = move |event: Event| {
            self.query.set(event_target_value(&event));
            self.limit.set(STEP);
            self.active.set(untrack(|| self.visible()).into_iter().next().unwrap_or_default());
        };
        let input = el("input")
            .class("input")
            .attr("type", "text")
            .attr("role", "combobox")
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .attr("aria-label", name)
            .attr("placeholder", name)
            .attr("aria-autocomplete", "list")
            .attr("aria-expanded", "true")
            .attr("aria-controls", list_id)
            .live("aria-activedescendant", active)
            .react(move |input| show_value(input, &self.query.get()))
            .on("input", typed);
        el("div").class("field-box with-icon picker-filter").with(draw(Icon::Search)).with(input)
    }

    fn option(self, id: String, found: Memo<Vec<String>>) -> AnyView {
        let item = self.items.with_untracked(|items| items.iter().find(|item| item.id == id).cloned());
        let item = item.unwrap_or_default();
        let element_id = self.option_id(&id);
        let note_id = format!("{element_id}-note");
        let described = item.note.is_some().then_some(note_id.as_str());
        let note =
            item.note.as_ref().map(|note| el("span").class("picker-note").attr("id", &note_id).with(note));
        let (mine, chosen, over, own) = (id.clone(), id.clone(), id.clone(), id.clone());
        // How many there are and the place among them, where not all are in the page.
        let size = derive(move || Some(found.with(Vec::len).to_string()));
        let at = derive(move || {
            found.with(|all| all.iter().position(|other| *other == own)).map(|at| (at + 1).to_string())
        });
        el("div")
            .class("picker-option")
            .attr("role", "option")
            .attr("id", &element_id)
            .attr("aria-label", &item.label)
            .attr_if("aria-describedby", described)
            .live("aria-setsize", size)
            .live("aria-posinset", at)
            .live("aria-selected", true_or_false(move || self.selected.with(|selected| *selected == chosen)))
            .live("data-active", true_while(move || self.active.with(|active| *active == mine)))
            .on("mousemove", move |_| {
                if self.active.with_untracked(|active| *active != over) {
                    self.active.set(over.clone());
                }
            })
            .on("click", move |_| self.pick(id.clone()))
            .with(avatar::draw(&item.label, &item.seed, true))
            .with(el("span").class("picker-label").with(&item.label))
            .with(note)
            .with(el("span").class("picker-check").with(draw(Icon::Check)))
            .view()
    }
}
