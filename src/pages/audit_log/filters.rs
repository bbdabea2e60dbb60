//! What of the audit log is wanted. All of it is in the address.

use atrium_domain::audit::{OPERATIONS, operation_words};
use atrium_domain::wire::Member;
use atrium_ui::{El, Select, SelectOption, derive, effect, el, keyed, next_id, spawn, when};
use atrium_words::{look, mark, t};
use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlInputElement;

use crate::api::{self, AuditQuery};
use crate::components::{Actors, AddressState, address_state};
use crate::session::{Place, Session};

/// A day in milliseconds.
const DAY: f64 = 86_400_000.0;
/// The periods that reach back from now, in days.
const PERIODS: [(&str, &str, f64); 4] = [
    ("day", mark!("Last 24 hours"), 1.0),
    ("week", mark!("Last 7 days"), 7.0),
    ("month", mark!("Last 30 days"), 30.0),
    ("quarter", mark!("Last 90 days"), 90.0),
];
/// A period with a first and a last day.
const CUSTOM: &str = "custom";
/// What happened before this is in no log.
const BEGINNING: &str = "2000-01-01T00:00:00Z";
/// Why an actor and an outcome cannot be asked for.
const NOT_HERE: &str = mark!("This server’s audit log cannot be asked for that. Export it, and look there.");

/// What the address asks for.
#[derive(Clone, Copy)]
pub struct Filters {
    /// The account or the API key.
    pub actor: AddressState,
    operation: AddressState,
    outcome: AddressState,
    workspace: AddressState,
    period: AddressState,
    from: AddressState,
    to: AddressState,
}

impl Filters {
    /// Reads the address.
    pub fn read() -> Self {
        Self {
            actor: address_state("actor"),
            operation: address_state("operation"),
            outcome: address_state("outcome"),
            workspace: address_state("workspace"),
            period: address_state("period"),
            from: address_state("from"),
            to: address_state("to"),
        }
    }

    fn all(self) -> [AddressState; 7] {
        [self.actor, self.operation, self.outcome, self.workspace, self.period, self.from, self.to]
    }

    /// Whether less than everything is wanted. Reads signals.
    pub fn any(self) -> bool {
        self.all().into_iter().any(|one| !one.value.with(String::is_empty))
    }

    /// Wants everything again.
    pub fn clear(self) {
        for one in self.all() {
            one.set.run(String::new());
        }
    }

    /// Whether the backend can be asked for an actor.
    pub fn can_ask_for_actors(self, session: Session) -> bool {
        session.info.with_untracked(|info| info.instance_flags.audit_query)
    }

    /// What the server is asked; `extended` where it can be asked for an actor and an outcome. Reads
    /// signals.
    pub fn question(self, extended: bool) -> AuditQuery {
        let now = Date::now();
        let period = self.period.value.get();
        let (from, until) = if period == CUSTOM {
            // The days as the person who reads has them.
            (midnight(&self.from.value.get(), 0.0), midnight(&self.to.value.get(), DAY))
        } else {
            let back = PERIODS.iter().find(|(word, ..)| *word == period).map(|(.., days)| days * DAY);
            (back.map(|back| moment(now - back)), None)
        };
        AuditQuery {
            operation: self.operation.value.get(),
            workspace: self.workspace.value.get(),
            actor: if extended { self.actor.value.get() } else { String::new() },
            succeeded: match self.outcome.value.get().as_str() {
                "done" if extended => Some(true),
                "refused" if extended => Some(false),
                _ => None,
            },
            from: from.unwrap_or_else(|| BEGINNING.to_owned()),
            // A little later than now, for a server whose clock is ahead.
            until: until.unwrap_or_else(|| moment(now + DAY)),
        }
    }

    /// The row of filters.
    pub fn bar(self, place: Place, actors: Actors) -> El {
        let session = Session::current();
        let cannot = derive(move || {
            (!session.info.with(|info| info.instance_flags.audit_query)).then(|| look(NOT_HERE).to_owned())
        });
        let operations = derive(move || {
            let chosen = self.operation.value.get();
            let known = OPERATIONS.iter().map(|&(word, words)| SelectOption::new(word, look(words)));
            let mut all: Vec<_> =
                std::iter::once(SelectOption::new("", t!("All operations"))).chain(known).collect();
            // The log has more than are offered; a link may name any.
            if !all.iter().any(|one| one.value == chosen) {
                all.push(SelectOption::new(chosen.clone(), operation_words(&chosen)));
            }
            all
        });
        let outcomes = derive(|| {
            let all = [("", t!("Done and refused")), ("done", t!("Done")), ("refused", t!("Refused"))];
            all.into_iter().map(|(word, label)| SelectOption::new(word, label)).collect()
        });
        let workspaces = derive(move || {
            let chosen = self.workspace.value.get();
            let all = place.workspaces.data.get().unwrap_or_default();
            let known = all.into_iter().map(|one| SelectOption::new(one.id, one.display_name));
            let mut all: Vec<_> =
                std::iter::once(SelectOption::new("", t!("All workspaces"))).chain(known).collect();
            if !all.iter().any(|one| one.value == chosen) {
                all.push(SelectOption::new(chosen, t!("A workspace that you cannot enter")));
            }
            all
        });
        let periods = derive(|| {
            let fixed = PERIODS.iter().map(|&(word, label, _)| SelectOption::new(word, look(label)));
            let mut all: Vec<_> =
                std::iter::once(SelectOption::new("", t!("Any time"))).chain(fixed).collect();
            all.push(SelectOption::new(CUSTOM, t!("From … to …")));
            all
        });
        let choice = |label: &'static str, state: AddressState, options: Signal<Vec<SelectOption>>| {
            view! { <Select label hide_label=true compact=true value=state.value options on_change=state.set /> }.into_any()
        };
        let outcome = view! {
            <Select
                label=t!("Filter by outcome")
                hide_label=true
                compact=true
                value=self.outcome.value
                options=outcomes
                on_change=self.outcome.set
                disabled_reason=cannot
            />
        };
        let period = self.period.value;
        let days = when(
            move || period.with(|period| period == CUSTOM),
            move || {
                let days = el("span").class("audit-days");
                days.with(day(t!("From"), self.from)).with(day(t!("To"), self.to)).view()
            },
        );
        el("div")
            .class("toolbar")
            .with(choice(t!("Filter by operation"), self.operation, operations))
            .with(outcome)
            .with(choice(t!("Filter by workspace"), self.workspace, workspaces))
            .with(self.person(place, actors, cannot))
            .with(choice(t!("Filter by time"), self.period, periods))
            .with(days)
    }

    /// A field that finds members by address or name; the address gets the account.
    fn person(self, place: Place, actors: Actors, cannot: Signal<Option<String>>) -> El {
        let found = RwSignal::new(Vec::<Member>::new());
        let newest = StoredValue::new(0_u32);
        let (list_id, why_id) = (next_id("people"), next_id("people-why"));
        let look = move |wanted: String| {
            newest.update_value(|newest| *newest += 1);
            let number = newest.get_value();
            let exact = |all: &[Member]| {
                let same = |one: &&Member| {
                    one.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(wanted.trim()))
                };
                all.iter().find(same).cloned()
            };
            let take = move |one: Member| {
                if let Some(email) = one.email.clone() {
                    actors.keep(one.ls_user_id.clone(), email);
                }
                self.actor.set.run(one.ls_user_id);
            };
            if wanted.trim().is_empty() {
                self.actor.set.run(String::new());
            }
            // What was picked from the list is there whole.
            if let Some(one) = found.with_untracked(|all| exact(all)) {
                return take(one);
            }
            let wanted = wanted.clone();
            spawn(async move {
                let answer = api::find_members(place.organization_id(), wanted.trim()).await;
                // Typed on meanwhile: a later answer counts.
                if newest.try_get_value() != Some(number) {
                    return;
                }
                if let Ok(all) = answer {
                    let same = |one: &&Member| {
                        one.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(wanted.trim()))
                    };
                    let exact = all.iter().find(same).cloned();
                    found.try_set(all);
                    if let Some(one) = exact {
                        take(one);
                    }
                }
            });
        };
        let keys = derive(move || {
            found.with(|all| all.iter().filter_map(|one| one.email.clone()).collect::<Vec<_>>())
        });
        let option = move |email: String| {
            let name = found.with_untracked(|all| {
                let one = all.iter().find(|one| one.email.as_deref() == Some(email.as_str()));
                one.and_then(|one| one.full_name.clone()).unwrap_or_default()
            });
            el("option").attr("value", &email).with(name).view()
        };
        let input = el("input")
            .class("input")
            .attr("type", "search")
            .attr("list", &list_id)
            .attr("aria-label", t!("Filter by person"))
            .attr("aria-describedby", &why_id)
            .attr("autocomplete", "off")
            .attr("autocapitalize", "none")
            .attr("spellcheck", "false")
            .attr("placeholder", t!("Anybody"))
            .live("disabled", derive(move || cannot.get().map(|_| String::new())))
            .live("title", cannot)
            .on("focus", move |_| {
                if found.with_untracked(Vec::is_empty) {
                    spawn(async move {
                        // The first few are there before anything is typed.
                        if let Ok(all) = api::find_members(place.organization_id(), "").await {
                            found.try_set(all);
                        }
                    });
                }
            })
            .on("input", move |event| look(event_target_value(&event)));
        // What the address says shows in the field, once it has a name; what is being typed stays.
        let field: HtmlInputElement = input.node().clone().unchecked_into();
        let field = StoredValue::new_local(field);
        let show = move |left: bool| {
            let actor = self.actor.value.get();
            let name = actors.of_account(&actor).unwrap_or_else(|| {
                if actor.is_empty() {
                    String::new()
                } else {
                    t!("Somebody who is no member, or a key").to_owned()
                }
            });
            let _ = field.try_with_value(|field| {
                let typing = !left && document().active_element().as_ref() == Some(field.as_ref());
                if !typing && field.value() != name {
                    field.set_value(&name);
                }
            });
        };
        effect(move || show(false));
        // What was typed and is nobody's filters nothing.
        let input = input.on("blur", move |_| untrack(|| show(true)));
        // A link names an account that nobody was asked about.
        let linked = self.actor.value.get_untracked();
        if !linked.is_empty() {
            spawn(async move {
                if let Ok(all) = api::members_by_account(place.organization_id(), &[linked]).await
                    && let Some(one) = all.into_iter().next()
                    && let Some(email) = one.email
                {
                    actors.keep(one.ls_user_id, email);
                }
            });
        }
        el("span")
            .class("toolbar-search")
            .with(input)
            .with(el("datalist").attr("id", &list_id).with(keyed(keys, option)))
            .with(el("span").class("visually-hidden").attr("id", &why_id).with(cannot))
    }
}

/// A field for a day.
fn day(label: &'static str, state: AddressState) -> El {
    let input = el("input")
        .class("input")
        .attr("type", "date")
        .live("value", derive(move || Some(state.value.get())))
        .on("change", move |event| state.set.run(event_target_value(&event)));
    el("label").class("audit-day").with(el("span").with(label)).with(input)
}

/// The beginning of a day, where the person who reads is, so many milliseconds later; nothing where it
/// is no day.
fn midnight(day: &str, later: f64) -> Option<String> {
    let date = Date::new(&JsValue::from_str(&format!("{day}T00:00:00")));
    let time = date.get_time();
    (!time.is_nan()).then(|| moment(time + later))
}

/// A moment as the API takes it.
fn moment(milliseconds: f64) -> String {
    Date::new(&JsValue::from_f64(milliseconds)).to_iso_string().into()
}
