//! The organizations in the drawer: personal and shared ones, pinned ones first, found by name, walked
//! through with the keyboard.

use atrium_domain::Tier;
use atrium_domain::billing::{Facts, State};
use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{
    Avatar, Badge, Button, ButtonKind, El, FieldKind, Icon, IconView, TextField, Tone, all, derive, effect,
    el, focus, keyed, lower, memo, start_dialog, text, when,
};
use atrium_words::{t, translated};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::pins::Pins;
use super::{Discard, Drawer};
use crate::components::{Loaded, day, number};
use crate::paths;
use crate::session::{Place, Session, last_place_in};

/// From how many organizations on they can be searched.
const SEARCHED: usize = 8;
/// How many can be gone to by a digit.
const DIGITS: usize = 9;

/// What the rows share.
#[derive(Clone, Copy)]
struct Shown {
    drawer: Drawer,
    pins: Pins,
    /// All that are found, in their order.
    found: Memo<Vec<OrganizationSlim>>,
    /// Whether there is more than one, so that an order matters.
    several: Memo<bool>,
    /// Which pending one somebody wants to discard.
    discarding: RwSignal<Option<OrganizationSlim>>,
}

/// The search, both groups, and the question before one is discarded.
#[component]
pub fn OrganizationList(
    /// The drawer.
    drawer: Drawer,
) -> impl IntoView {
    let session = Session::current();
    let pins = Pins::of(session.account.get_untracked());
    let wanted = RwSignal::new(String::new());
    let found = memo(move || {
        let words = lower(wanted.get().trim());
        let mut list = drawer.all.data.get().unwrap_or_default();
        list.retain(|one| lower(&one.display_name).contains(&words));
        // Personal ones first, then pinned ones, then by name, as people look for them.
        list.sort_by_cached_key(|one| {
            (!one.is_personal, !pins.holds(&one.id), lower(&one.display_name), one.id.clone())
        });
        list
    });
    let count = memo(move || drawer.all.data.with(|all| all.as_ref().map_or(0, Vec::len)));
    let several = memo(move || count.get() > 1);
    let discarding = RwSignal::new(None);
    let shown = Shown { drawer, pins, found, several, discarding };
    let search = when(
        move || count.get() >= SEARCHED,
        move || {
            view! {
                <TextField
                    label=t!("Find an organization")
                    value=wanted
                    kind=FieldKind::Search
                    placeholder=t!("Find an organization")
                    autocomplete="off"
                    hide_label=true
                />
            }
            .into_any()
        },
    );
    let told = text(move || {
        let (found, all, words) = (found.with(Vec::len), count.get(), wanted.get());
        match found {
            _ if words.trim().is_empty() => String::new(),
            0 => t!("No organization has “{words}” in its name.", words = words.trim()),
            some => t!("{found} of {all}", found = number(some as u64), all = number(all as u64)),
        }
    });
    let list = move || {
        // Somebody who opened the drawer before the list was there is led to it.
        effect(start_dialog);
        el("ul")
            .class("drawer-groups")
            .attr("aria-label", t!("Organizations"))
            .with(group(shown, true))
            .with(group(shown, false))
            .view()
    };
    let body = view! {
        <Loaded query=drawer.all what=t!("your organizations") rows=3>
            {list()}
        </Loaded>
    };
    let root = el("div").class("drawer-organizations");
    let node = root.node().clone();
    let root = root
        .on("keydown", move |event| on_key(&event, &node))
        .with(search)
        .with(el("p").class("drawer-found").attr("role", "status").with(told))
        .with(body);
    all([root.view(), view! { <Discard asked=discarding /> }.into_any()])
}

/// The personal organization, or the shared ones.
fn group(shown: Shown, personal: bool) -> AnyView {
    let of_group = move |one: &&OrganizationSlim| one.is_personal == personal;
    let keys =
        derive(move || shown.found.with(|list| list.iter().filter(of_group).map(key).collect::<Vec<_>>()));
    let row = move |wanted: String| {
        let one = shown.found.with_untracked(|list| list.iter().find(|one| key(one) == wanted).cloned());
        one.map_or_else(|| ().into_any(), |one| entry(shown, one))
    };
    let (title, id) =
        if personal { (t!("Personal"), "drawer-personal") } else { (t!("Shared"), "drawer-shared") };
    when(
        move || keys.with(|keys| !keys.is_empty()),
        move || {
            el("li")
                .class("drawer-group")
                .with(el("h3").attr("id", id).with(title))
                .with(el("ul").class("drawer-list").attr("aria-labelledby", id).with(keyed(keys, row)))
                .view()
        },
    )
}

/// An entry is made anew when something that it shows has changed.
fn key(one: &OrganizationSlim) -> String {
    let plan = one.tier.as_ref().map(Tier::label).unwrap_or_default();
    let (word, note) = state(one).map(|(word, _, note)| (word, note)).unwrap_or_default();
    format!("{}\n{}\n{plan}\n{word}\n{note}", one.id, one.display_name)
}

/// How an organization stands, where that is worth a word: the word, its tone, and what is missing or
/// when what ends.
fn state(one: &OrganizationSlim) -> Option<(&'static str, Tone, String)> {
    match State::of(&Facts::of_listed(one)) {
        State::Pending => {
            // A backend that does not tell of the card leaves it open.
            let missing = match one.has_card {
                Some(false) => t!("No plan and no card yet"),
                _ => t!("No plan yet"),
            };
            Some((t!("Pending"), Tone::Warn, missing.to_owned()))
        }
        State::PaymentFailed(off, problem) => {
            let word = if off { t!("Switched off") } else { t!("Check payment") };
            Some((word, Tone::Bad, translated(&problem).into_owned()))
        }
        State::Unknown => {
            let note = t!("Its plan has ended, or its payments failed");
            Some((t!("Switched off"), Tone::Bad, note.to_owned()))
        }
        State::Cancelled(time) => {
            let note = match day(&time) {
                day if day.is_empty() => t!("Ends with the paid period").to_owned(),
                day => t!("Ends on {day}", day),
            };
            Some((t!("Cancelled"), Tone::Warn, note))
        }
        // How much is used, the list does not tell.
        State::Active | State::OverLimit(..) => None,
    }
}

fn entry(shown: Shown, one: OrganizationSlim) -> AnyView {
    let session = Session::current();
    let place = Place::current();
    let navigate = use_navigate();
    let described = format!("organization-{}", one.id);
    let (id, pressed, numbered) = (one.id.clone(), one.id.clone(), one.id.clone());
    let is_current = memo(move || place.organization.with(|current| *current == id));
    let choose = move |_| {
        shown.drawer.open.set(false);
        if is_current.get_untracked() {
            return;
        }
        let last = last_place_in(&session.account.get_untracked(), &pressed);
        let path = last.unwrap_or_else(|| paths::organization(&pressed));
        // Where that place is not open any more, the organization itself is meant.
        session.chosen.set(path.clone());
        navigate(&path, NavigateOptions::default());
    };
    let state = state(&one);
    let plan = one.tier.as_ref().filter(|_| !one.is_pending()).map(|tier| tier.label().to_owned());
    let note = state.as_ref().map(|(_, _, note)| el("span").class("drawer-note").with(note));
    let notes = el("span")
        .class("drawer-organization-notes")
        .attr("id", &described)
        .with(one.is_personal.then(|| view! { <Badge text=t!("Personal") tone=Tone::Neutral /> }))
        .with(plan.map(|plan| view! { <Badge text=plan tone=Tone::Neutral /> }))
        .with(state.map(|(word, tone, _)| view! { <Badge text=word tone /> }))
        .with(note);
    let digit = text(move || {
        let place = shown.found.with(|list| list.iter().position(|one| one.id == numbered));
        place
            .filter(|place| shown.several.get() && *place < DIGITS)
            .map_or_else(String::new, |place| (place + 1).to_string())
    });
    let button = el("button")
        .attr("type", "button")
        .class("drawer-organization")
        .attr("aria-label", &one.display_name)
        .attr("aria-describedby", &described)
        .attr_if("autofocus", is_current.get_untracked().then_some(""))
        .live("aria-current", derive(move || is_current.get().then(|| "true".to_owned())))
        .on("click", choose)
        .with(view! { <Avatar name=one.display_name.clone() seed=one.id.clone() square=true /> })
        .with(el("span").class("drawer-organization-name").with(&one.display_name))
        .with(notes)
        .with(el("kbd").class("drawer-digit").attr("aria-hidden", "true").with(digit))
        .with(el("span").class("drawer-check").with(view! { <IconView icon=Icon::Check /> }));
    let pending = one.is_pending() && !one.is_personal;
    let row = el("li").class("drawer-row").attr("data-organization", &one.id).with(button);
    let row = if pending { row.with(discard(shown, one.clone())) } else { row };
    row.with(when(move || shown.several.get(), move || pin(shown, &one.id, &one.display_name))).view()
}

/// The button of a pending organization that nobody goes on with.
fn discard(shown: Shown, one: OrganizationSlim) -> El {
    let name = t!("Discard {name}", name = one.display_name);
    let ask = Callback::new(move |()| shown.discarding.set(Some(one.clone())));
    el("span").class("drawer-act").with(view! {
        <Button label=name icon=Icon::Trash icon_only=true kind=ButtonKind::Quiet on_press=ask />
    })
}

fn pin(shown: Shown, id: &str, name: &str) -> AnyView {
    let (held, kept, name) = (id.to_owned(), id.to_owned(), name.to_owned());
    let pinned = derive(move || shown.pins.holds(&held));
    let label = derive(move || if pinned.get() { t!("Unpin {name}", name) } else { t!("Pin {name}", name) });
    let toggle = Callback::new(move |()| {
        shown.pins.toggle(&kept);
        // The row has moved, and a browser takes the focus from what moves.
        let selector = format!("[data-organization='{kept}'] .drawer-pin button");
        request_animation_frame(move || {
            document().query_selector(&selector).ok().flatten().iter().for_each(focus);
        });
    });
    el("span")
        .class("drawer-act drawer-pin")
        .with(view! {
            <Button
                label
                icon=Icon::Pin
                icon_only=true
                kind=ButtonKind::Quiet
                pressed_state=pinned
                on_press=toggle
            />
        })
        .view()
}

/// Arrow keys walk, digits choose, letters search.
fn on_key(event: &Event, root: &Element) {
    let Some(pressed) = event.dyn_ref::<KeyboardEvent>() else { return };
    let held = pressed.ctrl_key() || pressed.meta_key() || pressed.alt_key() || pressed.is_composing();
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if held || event.default_prevented() {
        return;
    }
    let rows = entries(root);
    let in_search = target.tag_name() == "INPUT";
    let here =
        rows.iter().position(|row| row.parent_element().is_some_and(|row| row.contains(Some(&target))));
    let name = pressed.key();
    let last = rows.len().saturating_sub(1);
    let to = match (name.as_str(), here) {
        ("ArrowDown", None) => 0,
        ("ArrowDown", Some(here)) => (here + 1).min(last),
        ("ArrowUp", Some(here)) => here.saturating_sub(1),
        ("Home", Some(_)) => 0,
        ("End", Some(_)) => last,
        ("Enter", None) if in_search => return press(event, rows.first()),
        (digit, _) if !in_search && digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit() => {
            let place = usize::from(digit.as_bytes()[0] - b'0');
            return press(event, place.checked_sub(1).and_then(|place| rows.get(place)));
        }
        (letter, _) if !in_search && letter.chars().count() == 1 && !matches!(letter, " " | "?") => {
            // The letter itself goes where the focus is by then.
            root.query_selector("input[type=search]").ok().flatten().iter().for_each(focus);
            return;
        }
        _ => return,
    };
    if let Some(row) = rows.get(to) {
        event.prevent_default();
        focus(row);
    }
}

fn press(event: &Event, row: Option<&Element>) {
    if let Some(row) = row.and_then(|row| row.dyn_ref::<HtmlElement>()) {
        event.prevent_default();
        row.click();
    }
}

/// The buttons of the organizations, as they stand.
fn entries(root: &Element) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(".drawer-organization") else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn organization(tier: &str) -> OrganizationSlim {
        OrganizationSlim {
            id: "1".into(),
            display_name: "Acme".into(),
            tier: Some(Tier::from(tier)),
            ..OrganizationSlim::default()
        }
    }

    #[wasm_bindgen_test]
    fn a_pending_organization_says_what_is_missing() {
        let one = OrganizationSlim { has_card: Some(false), ..organization("no_plan") };
        assert_eq!(state(&one).unwrap().2, "No plan and no card yet");
        let one = OrganizationSlim { has_card: Some(true), ..organization("no_plan") };
        assert_eq!(state(&one).unwrap().2, "No plan yet");
        assert_eq!(state(&organization("no_plan")).unwrap().2, "No plan yet");
    }

    #[wasm_bindgen_test]
    fn what_the_server_tells_of_payments_is_said() {
        assert_eq!(state(&organization("plus")), None);
        let end = Some("2030-05-03T00:00:00Z".to_owned());
        let one =
            OrganizationSlim { has_cancelled: true, end_of_billing_period: end, ..organization("plus") };
        let (word, _, note) = state(&one).unwrap();
        assert!(word == "Cancelled" && note.starts_with("Ends on ") && note.contains("2030"), "{note}");
        let problem = Some("The last payment failed.".to_owned());
        let one = OrganizationSlim { payment_problem: problem.clone(), ..organization("plus") };
        assert_eq!(state(&one).unwrap().0, "Check payment");
        let one = OrganizationSlim { payment_problem: problem, disabled: true, ..organization("plus") };
        assert_eq!(state(&one).unwrap().0, "Switched off");
    }
}
