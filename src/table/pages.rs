//! The people that match, fetched in pages as they are needed.
//!
//! A question (search, filters, order) asked anew replaces everything, and so does a change of a
//! member: what is in sight is asked again in one call, and what is not is forgotten, so that no row
//! is stale, missing or there twice. While somebody scrolls, what is missing near the window is
//! fetched; where such an answer shows that the list has moved since (another length, or a person who
//! was known at another place), what was known is forgotten as well.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use atrium_ui::{effect, spawn};
use leptos::prelude::*;

use crate::api::{self, ApiError, MOST_PEOPLE, Paged, PeopleQuery, Person, ReadAt};

/// How many rows are fetched at once, at least.
const PAGE: usize = 100;
/// How many rows are kept; those far from the window go first.
const MOST_KEPT: usize = 5_000;
/// So many calls for missing rows may be on their way at once: whoever drags the scroll bar through
/// a hundred thousand rows needs those where they stop, not all in between.
const AT_ONCE: usize = 2;
/// A question that follows another one within this time waits for its answer, in milliseconds.
const PACE: f64 = 250.0;
/// So often what is known is forgotten because the list moved, before something else is asked: a
/// backend without a stable order would otherwise be asked for ever.
const MOST_SHIFTS: u32 = 5;

/// Of which organization, and which people.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    organization: String,
    people: PeopleQuery,
}

/// The people of a table.
#[derive(Clone, Copy)]
pub struct Pages {
    /// How many rows there are; `None` before the first answer.
    pub count: RwSignal<Option<usize>>,
    /// Whether there are exactly so many.
    pub exact: RwSignal<bool>,
    /// Why the newest call failed.
    pub error: RwSignal<Option<ApiError>>,
    /// Whether the answer to a new question is on its way.
    pub loading: RwSignal<bool>,
    /// From which row up to before which one they are needed.
    pub seen: RwSignal<(usize, usize)>,
    /// Moves when a new question was answered.
    pub answered: RwSignal<u32>,
    /// Moves when an answer showed that somebody else changed the list.
    pub moved: RwSignal<u32>,
    /// Moves when rows change.
    version: RwSignal<u32>,
    again: RwSignal<u32>,
    store: StoredValue<Store>,
}

#[derive(Default)]
struct Store {
    /// What the rows answer.
    asked: Option<Asked>,
    /// The rows that are known, by their place.
    rows: BTreeMap<usize, Person>,
    /// Their places, by their ids.
    places: BTreeMap<String, usize>,
    /// The number of the question; what answers an older one is dropped.
    number: u32,
    /// The question that is on its way: its number and when it was sent.
    open: Option<(u32, f64)>,
    /// A question that waits for that one.
    waiting: Option<Asked>,
    /// The rows that calls are on their way for, and that need not be asked again.
    fetching: Vec<(usize, usize)>,
    /// The pages that were answered, whether or not with all their rows.
    fetched: BTreeSet<usize>,
    shifts: u32,
}

/// The key of a person's row. A member, an invitation and somebody who was removed have other cells and other
/// actions: where one becomes another while the id stays, the row is made anew; so it is under another name.
fn key_of(person: &Person) -> String {
    let kind = match person {
        Person { removed_at: Some(_), .. } => "removed",
        Person { invited: true, .. } => "invited",
        _ => "member",
    };
    format!("{} {kind} {}", person.id, person.name)
}

/// The id in a key; an id is its own.
fn id_of(key: &str) -> &str {
    key.split_once(' ').map_or(key, |(id, _)| id)
}

/// A page of people, who are what they were when it was asked for.
fn people(
    organization: String,
    asked: &PeopleQuery,
    offset: usize,
    limit: usize,
) -> impl Future<Output = Result<Paged<Person>, ApiError>> + use<> {
    let read_at = ReadAt::now();
    let answer = api::people(organization, asked, offset, limit);
    async move {
        let mut page = answer.await?;
        page.rows.iter_mut().for_each(|person| person.read_at = read_at);
        Ok(page)
    }
}

impl Store {
    /// The person with an id or a key. Whoever is something else by now does not have the key.
    fn person(&self, key: &str) -> Option<&Person> {
        let person = self.rows.get(self.places.get(id_of(key))?)?;
        (key == person.id || key == key_of(person)).then_some(person)
    }

    fn forget(&mut self) {
        self.rows.clear();
        self.places.clear();
        self.fetched.clear();
    }

    /// Takes the rows of an answer over: whether they belong to what was known before.
    fn take(&mut self, offset: usize, limit: usize, people: Vec<Person>) -> bool {
        let range = offset..offset + limit;
        let moved = |store: &Self| {
            people
                .iter()
                .any(|person| store.places.get(&person.id).is_some_and(|place| !range.contains(place)))
        };
        let fits = !moved(self);
        if !fits {
            if self.shifts < MOST_SHIFTS {
                self.forget();
            }
            self.shifts += 1;
        }
        for place in range {
            if let Some(old) = self.rows.remove(&place) {
                self.places.remove(&old.id);
            }
        }
        for (index, person) in people.into_iter().enumerate() {
            // A row is known by its id: nobody is there twice.
            if !self.places.contains_key(&person.id) {
                self.places.insert(person.id.clone(), offset + index);
                self.rows.insert(offset + index, person);
            }
        }
        self.fetched.extend(offset / PAGE..(offset + limit).div_ceil(PAGE));
        fits
    }

    /// Forgets rows that are far from these.
    fn trim(&mut self, (from, to): (usize, usize)) {
        if self.rows.len() <= MOST_KEPT {
            return;
        }
        let near = from.saturating_sub(MOST_KEPT / 4)..to + MOST_KEPT / 4;
        self.rows.retain(|place, _| near.contains(place));
        self.places.retain(|_, place| near.contains(place));
        self.fetched.retain(|page| near.contains(&(page * PAGE)) && near.contains(&(page * PAGE + PAGE - 1)));
    }

    /// The pages that are missing among these rows, as an offset and a limit.
    fn missing(&self, (from, to): (usize, usize)) -> Option<(usize, usize)> {
        let under_way =
            |page: usize| self.fetching.iter().any(|(from, to)| (*from..*to).contains(&(page * PAGE)));
        let mut pages =
            (from / PAGE..to.div_ceil(PAGE)).filter(|page| !self.fetched.contains(page) && !under_way(*page));
        let first = pages.next()?;
        let last = pages.next_back().unwrap_or(first).min(first + MOST_PEOPLE / PAGE - 1);
        Some((first * PAGE, (last + 1 - first) * PAGE))
    }
}

impl Pages {
    /// Asks for people, and again whenever a signal that `people` reads changes; `None` while
    /// nothing is to be asked.
    pub fn ask(
        organization: Memo<String>,
        people: Memo<Option<PeopleQuery>>,
        changed: RwSignal<u32>,
    ) -> Self {
        let pages = Self {
            count: RwSignal::new(None),
            exact: RwSignal::new(true),
            error: RwSignal::new(None),
            loading: RwSignal::new(false),
            seen: RwSignal::new((0, 0)),
            answered: RwSignal::new(0),
            moved: RwSignal::new(0),
            version: RwSignal::new(0),
            again: RwSignal::new(0),
            store: StoredValue::new(Store::default()),
        };
        effect(move || {
            changed.track();
            pages.again.track();
            let organization = organization.get();
            if let Some(people) = people.get() {
                pages.begin(Asked { organization, people });
            }
        });
        effect(move || {
            pages.seen.track();
            pages.version.track();
            untrack(|| pages.fill());
        });
        pages
    }

    /// Asks again for what is not there.
    pub fn retry(self) {
        self.error.set(None);
        self.again.update(|count| *count += 1);
    }

    /// The person with an id, or with the key of a row. Reads a signal.
    pub fn person(self, key: &str) -> Option<Person> {
        self.version.track();
        self.store.try_with_value(|store| store.person(key).cloned()).flatten()
    }

    /// The place of an id, or of the key of a row. Reads a signal.
    pub fn place_of(self, key: &str) -> Option<usize> {
        if let Some(place) = key.strip_prefix('#') {
            return place.parse().ok();
        }
        self.version.track();
        self.store.try_with_value(|store| store.places.get(id_of(key)).copied()).flatten()
    }

    /// The key of the row at a place, or one that no person's is like. Reads a signal.
    pub fn key_at(self, place: usize) -> String {
        self.version.track();
        let known = self.store.try_with_value(|store| store.rows.get(&place).map(key_of)).flatten();
        known.unwrap_or_else(|| format!("#{place}"))
    }

    /// Asks a question, or what has changed of one. One at a time is on its way, unless it takes
    /// long: somebody types faster than a server answers.
    fn begin(self, asked: Asked) {
        let elsewhere = self.store.with_value(|store| {
            store.asked.as_ref().is_some_and(|before| before.organization != asked.organization)
        });
        if elsewhere {
            // What is known of one organization is never shown for another.
            self.store.update_value(|store| {
                store.forget();
                store.asked = None;
            });
            self.count.set(None);
            self.error.set(None);
        }
        self.loading.set(true);
        let now = js_sys::Date::now();
        let open = self.store.with_value(|store| store.open);
        if let Some((number, sent)) = open.filter(|(_, sent)| now - sent < PACE && !elsewhere) {
            self.store.update_value(|store| store.waiting = Some(asked));
            let left = Duration::from_secs_f64((PACE - (now - sent)).max(0.0) / 1000.0);
            set_timeout(
                move || {
                    let still = self.store.try_with_value(|store| store.open.map(|(number, _)| number));
                    if still == Some(Some(number)) {
                        self.send_waiting();
                    }
                },
                left,
            );
            return;
        }
        self.send(asked);
    }

    fn send_waiting(self) -> bool {
        let waiting = self.store.try_update_value(|store| store.waiting.take()).flatten();
        let some = waiting.is_some();
        if let Some(asked) = waiting {
            self.send(asked);
        }
        some
    }

    fn send(self, asked: Asked) {
        let number = self.store.try_update_value(|store| {
            store.number += 1;
            store.open = Some((store.number, js_sys::Date::now()));
            store.waiting = None;
            store.fetching.clear();
            store.number
        });
        let Some(number) = number else { return };
        let same = self.store.with_value(|store| store.asked.as_ref() == Some(&asked));
        // The same people, of whom some may have changed: all that are in sight, in one call.
        let (from, to) = if same { self.seen.get_untracked() } else { (0, PAGE) };
        let offset = from / PAGE * PAGE;
        let limit = (to.div_ceil(PAGE) * PAGE).saturating_sub(offset).clamp(PAGE, MOST_PEOPLE);
        let answer = people(asked.organization.clone(), &asked.people, offset, limit);
        spawn(async move {
            let result = answer.await;
            if self.store.try_with_value(|store| store.number) != Some(number) {
                return;
            }
            self.store.update_value(|store| store.open = None);
            if self.send_waiting() {
                return;
            }
            // Rows that answer another question stay dimmed where this one failed.
            self.loading.set(result.is_err() && !same);
            match result {
                Ok(page) => {
                    self.error.set(None);
                    self.store.update_value(|store| {
                        store.forget();
                        store.shifts = 0;
                        store.asked = Some(asked);
                    });
                    self.take(offset, limit, page);
                    if !same {
                        self.answered.update(|count| *count = count.wrapping_add(1));
                    }
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Fetches rows that are needed and missing.
    fn fill(self) {
        if self.loading.get_untracked() || self.error.with_untracked(Option::is_some) {
            return;
        }
        let (from, to) = self.seen.get_untracked();
        let to = to.min(self.count.get_untracked().unwrap_or_default());
        let next = self.store.with_value(|store| {
            let busy = store.fetching.len() >= AT_ONCE;
            let (offset, limit) = store.missing((from, to)).filter(|_| !busy)?;
            Some((store.asked.clone()?, store.number, offset, limit))
        });
        let Some((asked, number, offset, limit)) = next else { return };
        let range = (offset, offset + limit);
        self.store.update_value(|store| store.fetching.push(range));
        let answer = people(asked.organization, &asked.people, offset, limit);
        spawn(async move {
            let result = answer.await;
            if self.store.try_with_value(|store| store.number) != Some(number) {
                return;
            }
            self.store.update_value(|store| store.fetching.retain(|one| *one != range));
            match result {
                Ok(page) => self.take(offset, limit, page),
                Err(error) => self.error.set(Some(error)),
            }
            self.fill();
        });
    }

    /// Takes an answer over.
    fn take(self, offset: usize, limit: usize, page: Paged<Person>) {
        let got = page.rows.len();
        let known = self.count.get_untracked();
        let (count, exact) = match page.total {
            Some(total) => (usize::try_from(total).unwrap_or(usize::MAX), true),
            // A page that is not full is the last one, unless there is nothing on it at all.
            None if got < limit && (got > 0 || offset == 0) => (offset + got, true),
            None => (known.unwrap_or_default().max(offset + got + usize::from(got == limit)), false),
        };
        let longer = self.exact.get_untracked() && exact && known.is_some_and(|known| known != count);
        let moved = self.store.try_update_value(|store| {
            let longer = longer && !store.rows.is_empty() && store.shifts < MOST_SHIFTS;
            if longer {
                store.forget();
                store.shifts += 1;
            }
            let fits = store.take(offset, limit, page.rows);
            store.trim(self.seen.get_untracked());
            longer || (!fits && store.shifts < MOST_SHIFTS)
        });
        if moved == Some(true) {
            self.moved.update(|count| *count = count.wrapping_add(1));
        }
        self.exact.set(exact);
        if known != Some(count) {
            self.count.set(Some(count));
        }
        self.version.update(|version| *version = version.wrapping_add(1));
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn people(ids: std::ops::Range<usize>) -> Vec<Person> {
        ids.map(|id| Person { id: format!("p{id}"), ..Default::default() }).collect()
    }

    #[wasm_bindgen_test]
    fn what_is_missing_is_asked_in_whole_pages() {
        let mut store = Store::default();
        assert_eq!(store.missing((0, 30)), Some((0, 100)));
        assert!(store.take(0, 100, people(0..100)));
        assert_eq!(store.missing((0, 30)), None);
        assert_eq!(store.missing((90, 120)), Some((100, 100)));
        assert_eq!(store.missing((190, 320)), Some((100, 300)));
        store.fetching.push((100, 200));
        assert_eq!(store.missing((190, 320)), Some((200, 200)));
        assert_eq!(store.missing((0, 100_000)), Some((200, 500)), "no more than one call may bring");
    }

    #[wasm_bindgen_test]
    fn somebody_known_elsewhere_means_that_the_list_moved() {
        let mut store = Store::default();
        store.take(0, 100, people(0..100));
        // Somebody was removed meanwhile: the last of the first page is the first of the second.
        assert!(!store.take(100, 100, people(99..199)));
        assert_eq!(store.places.get("p99"), Some(&100));
        assert_eq!(store.rows.len(), 100, "the first page is asked for anew");
        assert_eq!(store.missing((90, 120)), Some((0, 100)));
    }

    #[wasm_bindgen_test]
    fn nobody_is_there_twice_even_where_the_list_never_stands_still() {
        let mut store = Store { shifts: MOST_SHIFTS, ..Default::default() };
        store.take(0, 100, people(0..100));
        store.take(100, 100, people(99..199));
        assert_eq!((store.rows.len(), store.places.len()), (199, 199));
        assert_eq!(store.missing((0, 200)), None, "and it is not asked for ever");
    }

    #[wasm_bindgen_test]
    fn who_was_removed_has_another_row_than_the_member_was() {
        let mut store = Store::default();
        let member = Person { id: "p1".into(), name: "Bob Ross".into(), ..Default::default() };
        let before = key_of(&member);
        store.take(0, 100, vec![member.clone()]);
        assert_eq!(store.person(&before), Some(&member));
        assert_eq!(store.person("p1"), Some(&member), "an id is a key too");
        let removed = Person { removed_at: Some("2026-11-28".into()), ..member.clone() };
        let after = key_of(&removed);
        store.forget();
        store.take(0, 100, vec![removed.clone()]);
        assert_ne!(before, after);
        assert_eq!(store.person(&before), None);
        assert_eq!(store.person(&after), Some(&removed));
        assert_eq!((id_of(&before), id_of(&after)), ("p1", "p1"));
        assert_ne!(key_of(&Person { invited: true, ..member.clone() }), before);
        assert_ne!(key_of(&Person { name: "Bob".into(), ..member }), before);
    }

    #[wasm_bindgen_test]
    fn rows_far_away_are_forgotten() {
        let mut store = Store::default();
        for page in 0..60 {
            store.take(page * PAGE, PAGE, people(page * PAGE..page * PAGE + PAGE));
        }
        store.trim((5_900, 5_940));
        assert!(store.rows.len() <= MOST_KEPT && store.rows.contains_key(&5_900));
        assert_eq!(store.rows.len(), store.places.len());
        assert_eq!(store.missing((0, 10)), Some((0, 100)));
        assert_eq!(store.missing((5_900, 5_940)), None);
    }
}
