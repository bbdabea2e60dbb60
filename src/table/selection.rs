//! Who is selected in the members table, whether or not their rows are in the page.
//!
//! Either some people, by their ids, or all that the table's question finds but some: those need not
//! be known, and whoever is invited meanwhile is among them. Another question has another list, and
//! the selection does not outlive it; another order of the same list changes nothing.

use std::collections::BTreeMap;

use atrium_ui::{Messages, Pick, effect, memo, spawn};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Pages;
use crate::api::{self, Kind, MOST_ADDRESSES, MOST_PEOPLE, PeopleQuery, Person};
use crate::session::{Place, Session};

/// Of more selected people than this nobody asks after each change whether all are still there; what
/// is done with them finds out.
const MOST_CHECKED: usize = 1_000;

/// People by their ids, each with the address.
pub type Ids = BTreeMap<String, String>;

/// Who is selected.
#[derive(Clone, Debug, PartialEq)]
pub enum Chosen {
    /// These.
    Some(Ids),
    /// All that match but these.
    AllBut(Ids),
}

impl Default for Chosen {
    fn default() -> Self {
        Self::Some(Ids::new())
    }
}

impl Chosen {
    /// Whether this person is among them.
    pub fn holds(&self, id: &str) -> bool {
        match self {
            Self::Some(ids) => ids.contains_key(id),
            Self::AllBut(ids) => !ids.contains_key(id),
        }
    }

    /// How many they are of so many.
    pub fn count(&self, of: usize) -> usize {
        match self {
            Self::Some(ids) => ids.len(),
            Self::AllBut(ids) => of.saturating_sub(ids.len()),
        }
    }

    fn put(&mut self, people: impl Iterator<Item = (String, String)>, on: bool) {
        let (ids, add) = match self {
            Self::Some(ids) => (ids, on),
            Self::AllBut(ids) => (ids, !on),
        };
        for (id, email) in people {
            if add {
                ids.insert(id, email);
            } else {
                ids.remove(&id);
            }
        }
    }

    fn ids(&mut self) -> &mut Ids {
        match self {
            Self::Some(ids) | Self::AllBut(ids) => ids,
        }
    }
}

/// The selection of a table. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Selection {
    place: Place,
    messages: Messages,
    pages: Pages,
    asked: Memo<Option<PeopleQuery>>,
    chosen: RwSignal<Chosen>,
    /// Whether people of a range are being fetched.
    pub reading: RwSignal<bool>,
    /// How many are selected.
    pub count: Memo<usize>,
    /// Where a range begins: who was picked last.
    anchor: StoredValue<Option<String>>,
    /// Up to which place Shift and the arrows have come.
    reach: StoredValue<Option<usize>>,
    /// Grows when the selection is another; what was fetched for an older one is dropped.
    number: StoredValue<u32>,
}

impl Selection {
    /// Nobody yet.
    pub fn new(place: Place, pages: Pages, asked: Memo<Option<PeopleQuery>>) -> Self {
        let chosen = RwSignal::new(Chosen::default());
        let count = memo(move || chosen.with(|chosen| chosen.count(pages.count.get().unwrap_or_default())));
        let selection = Self {
            place,
            messages: Messages::expect(),
            pages,
            asked,
            chosen,
            reading: RwSignal::new(false),
            count,
            anchor: StoredValue::new(None),
            reach: StoredValue::new(None),
            number: StoredValue::new(0),
        };
        selection.end_with_the_question();
        selection.follow_changes();
        selection
    }

    /// Whether nobody can be selected: who was removed can only be brought back, one at a time, each with
    /// a look at what comes back. Reads a signal.
    pub fn is_off(self) -> bool {
        self.asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.kind == Kind::Removed))
    }

    /// Whether this person is selected. Reads a signal.
    pub fn holds(self, id: &str) -> bool {
        self.chosen.with(|chosen| chosen.holds(id))
    }

    /// Whether all that match are. Reads signals.
    pub fn is_all(self) -> bool {
        let count = self.count.get();
        count > 0 && self.pages.exact.get() && Some(count) == self.pages.count.get()
            || self.chosen.with(|chosen| matches!(chosen, Chosen::AllBut(but) if but.is_empty()))
    }

    /// How many are selected, in words. Reads signals.
    pub fn in_words(self) -> String {
        let open = !self.pages.exact.get() && self.chosen.with(|one| matches!(one, Chosen::AllBut(_)));
        let count = self.count.get();
        if open {
            tn!(count, "{count}+ selected", "{count}+ selected")
        } else {
            tn!(count, "{count} selected", "{count} selected")
        }
    }

    /// Who is selected, and of which question. Does not listen.
    pub fn now(self) -> (Chosen, PeopleQuery) {
        let mut asked = self.asked.get_untracked().unwrap_or_default();
        if !asked.extended {
            // The lists that such a backend sorts do not tell of workspaces.
            asked.sort = None;
        }
        (self.chosen.get_untracked(), asked)
    }

    /// Selects all that match, or nobody.
    pub fn set_all(self, on: bool) {
        let on = on && !untrack(|| self.is_off());
        self.renew();
        self.chosen.set(if on { Chosen::AllBut(Ids::new()) } else { Chosen::default() });
    }

    /// Selects nobody.
    pub fn clear(self) {
        self.set_all(false);
    }

    /// Selects somebody or not; `range` means all from who was picked before up to this one.
    pub fn pick(self, id: &str, on: bool, range: bool) {
        self.reach.set_value(None);
        let from = self.anchor.get_value().filter(|_| range);
        let places = untrack(|| Some((self.pages.place_of(&from?)?, self.pages.place_of(id)?)));
        match places {
            Some((from, to)) => self.put_range(from.min(to), from.max(to), on),
            None => {
                let email = untrack(|| self.pages.person(id)).map(|person| person.email).unwrap_or_default();
                self.put(std::iter::once((id.to_owned(), email)), on);
            }
        }
        self.anchor.set_value(Some(id.to_owned()));
    }

    /// What the keyboard does in the row at a place.
    pub fn on_pick(self, place: usize, how: Pick) {
        if untrack(|| self.is_off()) {
            return;
        }
        let Some(id) = self.id_at(place) else { return };
        match how {
            Pick::One => self.pick(&id, !untrack(|| self.holds(&id)), false),
            Pick::Range => self.pick(&id, true, true),
            Pick::Extend(from) => self.extend(from, place),
        }
    }

    /// Shift and an arrow went from one place to the next: the rows from where that began up to here
    /// are selected, and those that it has left again are not.
    fn extend(self, from: usize, place: usize) {
        let goes_on = self.reach.get_value() == Some(from);
        let began = self.anchor.get_value().filter(|_| goes_on);
        let began = untrack(|| self.pages.place_of(&began?)).unwrap_or_else(|| {
            self.anchor.set_value(self.id_at(from));
            from
        });
        if from.abs_diff(began) > place.abs_diff(began) {
            self.put_range(from, from, false);
        }
        self.put_range(began.min(place), began.max(place), true);
        self.reach.set_value(Some(place));
    }

    fn id_at(self, place: usize) -> Option<String> {
        untrack(|| self.pages.person(&self.pages.key_at(place))).map(|person| person.id)
    }

    fn put(self, people: impl Iterator<Item = (String, String)>, on: bool) {
        self.chosen.update(|chosen| chosen.put(people, on));
        // All but everybody is nobody.
        if self.count.get_untracked() == 0 && self.pages.exact.get_untracked() {
            self.clear();
        }
    }

    /// Selects those from one place to another, or not. Who is not known yet is fetched.
    fn put_range(self, from: usize, to: usize, on: bool) {
        let known = |place: usize| {
            let person = untrack(|| self.pages.person(&self.pages.key_at(place)))?;
            Some((person.id, person.email))
        };
        let found: Vec<Option<(String, String)>> = (from..=to).map(known).collect();
        let missing: Vec<usize> =
            found.iter().enumerate().filter(|(_, one)| one.is_none()).map(|(at, _)| from + at).collect();
        self.put(found.into_iter().flatten(), on);
        if let (Some(first), Some(last)) = (missing.first(), missing.last()) {
            self.fetch(*first, *last + 1, on);
        }
    }

    fn fetch(self, from: usize, to: usize, on: bool) {
        // "Try again" may be pressed when this page is gone.
        let Some(asked) = self.asked.try_get_untracked().flatten() else { return };
        let (organization, number) = (self.place.organization_id(), self.number.get_value());
        self.reading.set(true);
        spawn(async move {
            let mut at = from;
            while at < to {
                let limit = MOST_PEOPLE.min(to - at);
                let page = api::people(organization.clone(), &asked, at, limit).await;
                if self.number.try_get_value() != Some(number) {
                    return;
                }
                match page {
                    Ok(page) if page.rows.is_empty() => break,
                    Ok(page) => {
                        at += page.rows.len();
                        self.put(page.rows.into_iter().map(|person| (person.id, person.email)), on);
                    }
                    Err(error) => {
                        let text =
                            t!("Not everybody in between was selected. {reason}", reason = error.sentence);
                        let again = Callback::new(move |()| self.fetch(at, to, on));
                        self.messages.failure(text, Some(again));
                        break;
                    }
                }
            }
            self.reading.set(false);
        });
    }

    /// What is on its way for the selection as it was is dropped.
    fn renew(self) {
        self.number.update_value(|number| *number += 1);
        self.anchor.set_value(None);
        self.reach.set_value(None);
        self.reading.set(false);
    }

    /// Another list is asked for: the selection goes, and says so.
    fn end_with_the_question(self) {
        let about = memo(move || {
            let people = self.asked.get().map(|asked| PeopleQuery { sort: None, ..asked });
            (self.place.organization.get(), people)
        });
        let before = StoredValue::new(about.get_untracked());
        effect(move || {
            let now = about.get();
            if before.try_update_value(|old| std::mem::replace(old, now.clone()) != now) != Some(true) {
                return;
            }
            let was =
                self.chosen.with_untracked(|chosen| !matches!(chosen, Chosen::Some(ids) if ids.is_empty()));
            self.clear();
            if was {
                self.messages.success(t!("Nobody is selected any more: the search or a filter has changed."));
            }
        });
    }

    /// Whoever is gone from the organization is selected no more.
    fn follow_changes(self) {
        let changes = Session::current().changes;
        let first = StoredValue::new(true);
        effect(move || {
            changes.members.track();
            self.pages.moved.track();
            if first.try_update_value(|first| std::mem::replace(first, false)) == Some(true) {
                return;
            }
            let ids = self.chosen.with_untracked(|chosen| chosen.clone().ids().clone());
            if ids.is_empty() || ids.len() > MOST_CHECKED {
                return;
            }
            let (organization, number) = (self.place.organization_id(), self.number.get_value());
            spawn(async move {
                let all: Vec<(String, String)> = ids.into_iter().collect();
                for some in all.chunks(MOST_ADDRESSES) {
                    let addresses: Vec<String> = some.iter().map(|(_, email)| email.clone()).collect();
                    let Ok(there) = api::people_among(organization.clone(), &addresses).await else { return };
                    if self.number.try_get_value() != Some(number) {
                        return;
                    }
                    let gone = |id: &String| !there.iter().any(|person: &Person| person.id == *id);
                    let gone: Vec<&String> = some.iter().map(|(id, _)| id).filter(|id| gone(id)).collect();
                    if !gone.is_empty() {
                        self.chosen.update(|chosen| chosen.ids().retain(|id, _| !gone.contains(&id)));
                    }
                }
            });
        });
        // All of a list that has nobody left is nobody.
        effect(move || {
            let none = self.pages.count.get() == Some(0) && !self.pages.loading.get();
            if none && self.chosen.with_untracked(|chosen| matches!(chosen, Chosen::AllBut(_))) {
                self.clear();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn one(id: &str) -> std::iter::Once<(String, String)> {
        std::iter::once((id.to_owned(), format!("{id}@example.com")))
    }

    #[wasm_bindgen_test]
    fn some_or_all_but_some() {
        let mut chosen = Chosen::default();
        chosen.put(one("a"), true);
        chosen.put(one("b"), true);
        chosen.put(one("a"), false);
        assert!(chosen.holds("b") && !chosen.holds("a") && chosen.count(100) == 1);
        let mut chosen = Chosen::AllBut(Ids::new());
        chosen.put(one("a"), false);
        assert!(chosen.holds("b") && !chosen.holds("a") && chosen.count(100) == 99);
        chosen.put(one("a"), true);
        assert_eq!(chosen.count(100), 100);
    }
}
