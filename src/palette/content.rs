//! What is in the palette: a field, the list of what it finds, and how many that are. The focus stays in the
//! field; which entry Enter takes is told by `aria-activedescendant`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use atrium_domain::fuzzy::{Query, parts};
use atrium_ui::{
    Avatar, El, HEADING, Icon, IconView, Messages, derive, dynamic, effect, el, memo, mend_focus, next_id,
    sentence, text,
};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{
    Event, HtmlElement, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions, ScrollLogicalPosition,
};

use super::Palette;
use super::entries::{Asked, Does, Entry, Picture, Question, entries};
use super::found::{Group, Row, groups, summary};
use super::recent::note;
use crate::api::{self, query};
use crate::components::address_state;
use crate::paths;
use crate::session::{Place, Session, last_place_in};

/// Whoever types on within this time is not searched for yet.
const PAUSE: Duration = Duration::from_millis(120);
/// Members are searched for with so many letters.
const LETTERS: usize = 2;

/// What was typed, what that finds, and what Enter would take.
#[derive(Clone, Copy)]
struct Finder {
    typed: RwSignal<String>,
    groups: Memo<Vec<Group>>,
    /// The key of the entry that the person went to, or that was the first when they typed.
    wanted: RwSignal<String>,
    /// Whether they went to it themselves.
    moved: RwSignal<bool>,
    /// The key of the entry that Enter takes.
    active: Memo<String>,
    /// Why what was chosen cannot be.
    refused: RwSignal<Option<String>>,
    choose: Callback<String>,
    base: StoredValue<String>,
}

/// The content of the dialog.
pub fn content(palette: Palette) -> AnyView {
    let session = Session::current();
    let place = Place::current();
    let asked = Asked::of(palette, session, place);
    let typed = RwSignal::new(String::new());
    let searched = searched(typed);
    let found = query(
        move || place.organization.get(),
        move || {
            let text = searched.get();
            (!text.is_empty()).then(|| api::find_members(place.organization.get(), &text))
        },
    );
    // With too few letters nobody is asked for, and who was found before goes.
    effect(move || {
        if searched.with(String::is_empty) {
            found.data.set(None);
            found.error.set(None);
        }
    });
    let all = memo(move || entries(place, asked, found));
    let shown = memo(move || {
        let typed = typed.with(|typed| Query::new(typed));
        all.with(|all| asked.recent.with(|recent| groups(all, recent, &typed)))
    });
    let (wanted, moved) = (RwSignal::new(String::new()), RwSignal::new(false));
    let active = memo(move || {
        let (wanted, moved) = (wanted.get(), moved.get());
        shown.with(|groups| {
            let mut rows = groups.iter().flat_map(|group| &group.rows);
            let first = rows.clone().next();
            let kept = rows.find(|row| row.entry.key() == wanted);
            // What comes late takes nothing from under the finger on Enter, unless it was there by chance.
            let is_good = |row: &&Row| moved || !row.found.scattered;
            let is_better = first.is_some_and(|row| !row.found.scattered);
            let taken = if is_better { kept.filter(is_good).or(first) } else { kept.or(first) };
            taken.map(|row| row.entry.key()).unwrap_or_default()
        })
    });
    let refused = RwSignal::new(None::<String>);
    let retry = Callback::new(move |question| match question {
        Question::Organizations => asked.organizations.reload(),
        Question::Recent => asked.members.reload(),
        Question::Members => found.reload(),
    });
    let went = Arc::new(AtomicBool::new(false));
    let choose = choose(palette, shown, refused, retry, Arc::clone(&went));
    let base = StoredValue::new(next_id("palette"));
    let finder = Finder { typed, groups: shown, wanted, moved, active, refused, choose, base };
    on_cleanup(move || lead_focus(went.load(Ordering::Relaxed)));
    let asking =
        move || searched_for(&typed.get()).is_some_and(|text| searched.get() != text) || found.loading.get();
    let said = move || match refused.get() {
        Some(reason) => reason,
        None => shown.with(|groups| typed.with(|typed| summary(groups, typed, asking()))),
    };
    let keys = [
        ("↑↓", t!("{key} to move")),
        (t!("Enter"), t!("{key} to choose")),
        (t!("Esc"), t!("{key} to close")),
    ]
    .map(|(key, words)| el("span").with(sentence(words, |_| el("kbd").with(key).view())));
    let foot = el("div")
        .class("palette-foot")
        .with(el("p").attr("role", "status").with(text(said)))
        .with(el("p").class("palette-keys").attr("aria-hidden", "true").with(keys));
    el("div").class("palette-content").with(finder.field()).with(finder.list()).with(foot).view()
}

/// What members are searched for: nothing for a single letter.
fn searched_for(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (typed.chars().count() >= LETTERS).then(|| typed.to_owned())
}

/// The same a moment after the last letter; empty for nothing.
fn searched(typed: RwSignal<String>) -> RwSignal<String> {
    let searched = RwSignal::new(String::new());
    let newest = StoredValue::new(0_u32);
    effect(move || {
        let wanted = typed.with(|typed| searched_for(typed)).unwrap_or_default();
        let number = newest.get_value() + 1;
        newest.set_value(number);
        let ask = move || {
            if newest.try_get_value() == Some(number) && searched.with_untracked(|now| *now != wanted) {
                searched.set(wanted);
            }
        };
        set_timeout(ask, PAUSE);
    });
    searched
}

/// The palette has closed, and the focus is where it was before. Whoever goes somewhere begins at the top of
/// the page, although it may have the same frame as the one before. Where what had the focus is gone, as a
/// list that was open, the palette's button gets it.
fn lead_focus(went: bool) {
    if !went {
        return mend_focus(".palette-button");
    }
    let active = document().active_element().and_then(|active| active.dyn_into::<HtmlElement>().ok());
    if let Some(active) = active {
        let _ = active.blur();
    }
    mend_focus(HEADING);
}

/// Takes the entry with this key: closes the palette and does it, or says why not. `went` tells afterwards
/// whether that leads to a page.
fn choose(
    palette: Palette,
    shown: Memo<Vec<Group>>,
    refused: RwSignal<Option<String>>,
    retry: Callback<Question>,
    went: Arc<AtomicBool>,
) -> Callback<String> {
    let (session, place, messages) = (Session::current(), Place::current(), Messages::expect());
    let navigate = use_navigate();
    let errand = address_state(paths::ERRAND);
    Callback::new(move |key: String| {
        let entry = shown.with_untracked(|groups| {
            let mut rows = groups.iter().flat_map(|group| &group.rows);
            rows.find(|row| row.entry.key() == key).map(|row| row.entry.clone())
        });
        let Some(Entry { reason, does, .. }) = entry else { return };
        if reason.is_some() {
            return refused.set(reason);
        }
        if let Does::Retry(question) = does {
            return retry.run(question);
        }
        note(&session.account.get_untracked(), &key);
        went.store(!matches!(does, Does::Act(_)), Ordering::Relaxed);
        palette.open.set(false);
        match does {
            Does::Go(path) => navigate(&path, NavigateOptions::default()),
            Does::Enter(id) if place.organization_id() == id => {}
            Does::Enter(id) => {
                let last = last_place_in(&session.account.get_untracked(), &id);
                let path = last.unwrap_or_else(|| paths::organization(&id));
                // Where that place is not open any more, the organization itself is meant.
                session.chosen.set(path.clone());
                navigate(&path, NavigateOptions::default());
            }
            // There already: the page keeps its filters.
            Does::Errand(path, word) if place.path.get_untracked() == path => errand.set.run(word.to_owned()),
            Does::Errand(path, word) => {
                navigate(&paths::with_errand(&path, word), NavigateOptions::default());
            }
            Does::Act(act) => act.run(palette, session, place, messages),
            Does::Retry(_) => {}
        }
    })
}

impl Finder {
    /// The id of an entry's element, by the entry's key. What an id may not hold becomes a hyphen.
    fn element_id(self, key: &str) -> String {
        let key = key.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        self.base.with_value(|base| format!("{base}-{key}"))
    }

    fn list_id(self) -> String {
        self.element_id("list")
    }

    fn field(self) -> El {
        let name = t!("Where to, or what to do?");
        let typed = move |event: Event| {
            let Some(input) = event.target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) else {
                return;
            };
            self.typed.set(input.value());
            self.refused.set(None);
            self.moved.set(false);
            // The first entry for these letters, whatever comes later.
            self.wanted.set(String::new());
            let first = untrack(|| self.active.get());
            self.wanted.set(first);
            self.reveal();
        };
        let active = derive(move || {
            let active = self.active.get();
            (!active.is_empty()).then(|| self.element_id(&active))
        });
        let input = el("input")
            .class("input")
            .attr("type", "text")
            .attr("role", "combobox")
            .attr("autocomplete", "off")
            .attr("autofocus", "")
            .attr("spellcheck", "false")
            .attr("aria-label", name)
            .attr("placeholder", name)
            .attr("aria-autocomplete", "list")
            .attr("aria-expanded", "true")
            .attr("aria-controls", &self.list_id())
            .live("aria-activedescendant", active)
            .on("input", typed)
            .on("keydown", move |event| self.on_key(&event));
        el("div")
            .class("field-box with-icon picker-filter palette-field")
            .with(view! { <IconView icon=Icon::Search /> })
            .with(input)
    }

    fn list(self) -> El {
        let rows = dynamic(move || {
            let groups = self.groups.get();
            groups.into_iter().map(|group| self.group(group).view()).collect::<Vec<_>>().into_any()
        });
        el("div")
            .class("palette-list")
            .attr("role", "listbox")
            .attr("id", &self.list_id())
            .attr("aria-label", t!("Found"))
            .attr("tabindex", "-1")
            // The focus stays in the field.
            .on("mousedown", |event: Event| event.prevent_default())
            .with(rows)
    }

    fn group(self, group: Group) -> El {
        let shown = group.rows.iter().filter(|row| !matches!(row.entry.does, Does::Retry(_))).count();
        let count = (shown < group.total).then(|| t!("{shown} of {total}", shown, total = group.total));
        let heading = el("div")
            .class("palette-title")
            .attr("aria-hidden", "true")
            .with(group.title)
            .with(count.as_ref().map(|count| el("span").class("num").with(count)));
        let name = match count {
            Some(count) => format!("{}, {count}", group.title),
            None => group.title.to_owned(),
        };
        el("div")
            .attr("role", "group")
            .attr("aria-label", &name)
            .with(heading)
            .with(group.rows.into_iter().map(|row| self.option(row)).collect::<Vec<_>>())
    }

    fn option(self, row: Row) -> El {
        let Row { entry, found } = row;
        let key = entry.key();
        let id = self.element_id(&key);
        let (note_id, reason_id) = (format!("{id}-note"), format!("{id}-why"));
        let places = |index: usize| found.places.get(index).map(Vec::as_slice).unwrap_or_default();
        let has_note = !entry.note.is_empty();
        let described = [has_note.then_some(&note_id), entry.reason.as_ref().map(|_| &reason_id)];
        let described = described.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        let is_active = {
            let key = key.clone();
            memo(move || self.active.with(|active| *active == key))
        };
        let words = el("span")
            .class("palette-words")
            .with(marked(el("span").class("palette-label"), &entry.label, places(0)))
            .with(has_note.then(|| {
                marked(el("span").class("palette-note").attr("id", &note_id), &entry.note, places(1))
            }))
            .with(
                entry
                    .reason
                    .as_ref()
                    .map(|why| el("span").class("palette-why").attr("id", &reason_id).with(why)),
            );
        let over = key.clone();
        el("div")
            .class("picker-option palette-option")
            .attr("role", "option")
            .attr("id", &id)
            .attr("aria-label", &entry.label)
            .attr_if("aria-describedby", (!described.is_empty()).then_some(described.as_str()))
            .attr_if("aria-disabled", entry.reason.is_some().then_some("true"))
            .live("aria-selected", derive(move || Some(is_active.get().to_string())))
            .live("data-active", derive(move || is_active.get().then(String::new)))
            // Not pointerenter: a list that changes below a resting pointer moves nothing.
            .on("mousemove", move |_| {
                if !is_active.get_untracked() {
                    self.go_to(over.clone());
                }
            })
            .on("click", move |_| self.choose.run(key.clone()))
            .with(picture(&entry))
            .with(words)
    }

    fn go_to(self, key: String) {
        self.moved.set(true);
        self.refused.set(None);
        self.wanted.set(key);
    }

    fn on_key(self, event: &Event) {
        let Some(pressed) = event.dyn_ref::<KeyboardEvent>().filter(|pressed| !pressed.is_composing()) else {
            return;
        };
        let keys: Vec<String> = self.groups.with_untracked(|groups| {
            groups.iter().flat_map(|group| group.rows.iter().map(|row| row.entry.key())).collect()
        });
        let now = self.active.get_untracked();
        let last = keys.len().saturating_sub(1);
        let at = keys.iter().position(|key| *key == now);
        let next = match pressed.key().as_str() {
            "Enter" => {
                event.prevent_default();
                return self.choose.run(now);
            }
            "ArrowDown" => at.map_or(0, |at| if at == last { 0 } else { at + 1 }),
            "ArrowUp" => at.and_then(|at| at.checked_sub(1)).unwrap_or(last),
            // With Shift they select what was typed.
            "Home" if !pressed.shift_key() => 0,
            "End" if !pressed.shift_key() => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(key) = keys.get(next) {
            self.go_to(key.clone());
            self.reveal();
        }
    }

    /// Brings the entry that Enter takes into sight, once it is there.
    fn reveal(self) {
        request_animation_frame(move || {
            let Some(active) = self.active.try_get_untracked() else { return };
            if let Some(option) = document().get_element_by_id(&self.element_id(&active)) {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
}

fn picture(entry: &Entry) -> AnyView {
    let name = entry.label.clone();
    match &entry.picture {
        Picture::Icon(icon) => view! { <IconView icon=*icon /> }.into_any(),
        Picture::Square(seed) => view! { <Avatar name seed=seed.clone() square=true /> }.into_any(),
        Picture::Person(seed) => view! { <Avatar name seed=seed.clone() /> }.into_any(),
    }
}

/// A text whose found letters stand out.
fn marked(into: El, text: &str, places: &[usize]) -> El {
    parts(text, places).into_iter().fold(into, |into, (part, found)| {
        if found { into.with(el("mark").with(part)) } else { into.with(part) }
    })
}
