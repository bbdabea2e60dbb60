//! "Review changes": everything that is collected as one difference, and the button that makes it.

use std::collections::BTreeMap;

use atrium_domain::change_set::{Change, Effect, Kind};
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Banner, Button, ButtonKind, Dialog, DialogActions, DialogKind, El, Icon, Messages, TableFrame, Tone, all,
    cell, derive, el, heading_row, keyed, lower, memo, optional, spawn, table_parts, text, when,
};
use leptos::prelude::*;

use super::Tray;
use super::apply::{Progress, apply};
use crate::api::{self, Paged, Query, query};
use crate::components::{money, number};
use crate::forms::{seats_of, tier_of};
use crate::session::{Place, Session, organization_role_of};

/// Up to so many workspaces have a column each; more stand in one, as words.
const MOST_COLUMNS: usize = 5;
/// Up to so many people are named in a sentence.
const MOST_NAMES: usize = 3;

/// The dialog "Review changes".
#[component]
pub fn ReviewChanges(
    /// What is collected.
    tray: Tray,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let progress = RwSignal::new(None::<Progress>);
    let stop = RwSignal::new(false);
    // While changes are made there is something to stop first.
    let close = Callback::new(move |()| {
        if progress.with_untracked(Option::is_some) { stop.set(true) } else { open.set(false) }
    });
    view! {
        <Dialog title="Review changes" open kind=DialogKind::Wide on_close=close>
            <Review tray open progress stop close />
        </Dialog>
    }
    .into_any()
}

/// What the review knows beside the changes.
#[derive(Clone, Copy)]
struct Around {
    place: Place,
    tray: Tray,
    count: Query<Paged<()>>,
    admins: Query<u64>,
    /// The workspaces of the organization, by id and name.
    all: Memo<Vec<(String, String)>>,
}

impl Around {
    fn ask(place: Place, session: Session, tray: Tray) -> Self {
        let organization = move || place.organization.get();
        let count = query(organization, move || {
            session.changes.members.track();
            Some(api::count_everybody(place.organization.get()))
        });
        let admins = query(organization, move || {
            session.changes.members.track();
            let extended = session.info.with(|info| info.instance_flags.members_query);
            Some(api::count_admins(place.organization.get(), extended))
        });
        let all = memo(move || {
            place.workspaces.data.with(|all| {
                let all = all.iter().flatten();
                all.map(|one| (one.id.clone(), one.display_name.clone())).collect::<Vec<_>>()
            })
        });
        Self { place, tray, count, admins, all }
    }

    /// Why the changes cannot be made as they are. Reads signals.
    fn refusal(self) -> Option<String> {
        let fewer = self.tray.set.with(|set| set.admins());
        if fewer >= 0 {
            return None;
        }
        let admins = i64::try_from(self.admins.data.get()?).unwrap_or(i64::MAX);
        (admins + fewer <= 0).then(|| {
            "No Organization Admin would be left. Take one of these changes out, or make somebody else \
             Organization Admin first."
                .to_owned()
        })
    }

    /// Why a change will be refused, as far as is known. Reads signals.
    fn why_not(self, change: &Change) -> Option<String> {
        let known = |role: &Option<atrium_domain::change_set::RoleHeld>| {
            let role = role.as_ref()?;
            self.place
                .roles
                .data
                .with(|roles| organization_role_of(roles.as_deref()?, Some(&role.id), Some(&role.name)))
        };
        let action = match (change.kind, known(&change.from), known(&change.to)) {
            (Kind::Invite, _, Some(to)) => return self.place.why_not(&Action::Invite(&to)),
            (Kind::Role, Some(from), Some(to)) => {
                return self.place.why_not(&Action::ChangeRole(&from, &to));
            }
            // Everybody may go, whatever their role.
            (Kind::Remove, ..) if change.is_self => return None,
            (Kind::Remove | Kind::Revoke, from, _) => from.unwrap_or(OrganizationRole::User),
            _ => return None,
        };
        self.place.why_not(&Action::Remove(&action))
    }

    fn seats_text(self) -> String {
        let more = self.tray.set.with(|set| set.seats());
        let Some(seats) = seats_of(self.place, self.count) else {
            return match more {
                0 => "No seat is taken and none becomes free.".to_owned(),
                more => format!("{} {}.", plus(more), if more.abs() == 1 { "seat" } else { "seats" }),
            };
        };
        let after = u64::try_from(i64::from(seats.used()) + more).unwrap_or_default();
        let (used, limit) = (u64::from(seats.used()), u64::from(seats.limit));
        if after > limit {
            return format!(
                "{} of {} used now; this takes {}. {} too few: some invitations will be refused.",
                number(used),
                number(limit),
                number(after),
                number(after - limit)
            );
        }
        format!("{} of {} used now, {} after this.", number(used), number(limit), number(after))
    }

    fn cost_text(self) -> String {
        let more = self.tray.set.with(|set| set.seats());
        let (Some(seats), tier) = (seats_of(self.place, self.count), tier_of(self.place)) else {
            return String::new();
        };
        match tier.terms().price_per_seat.map(u64::from) {
            None => "What a seat costs is agreed in your contract.".to_owned(),
            Some(0) => "Seats cost nothing on this plan.".to_owned(),
            Some(price) => {
                let after = u64::try_from(i64::from(seats.used()) + more).unwrap_or_default();
                format!(
                    "{} a month now, {} after this ({} a seat).",
                    money(price * u64::from(seats.used())),
                    money(price * after),
                    money(price)
                )
            }
        }
    }

    /// What to think of before. Reads signals.
    fn risks(self) -> Vec<String> {
        let changes = self.tray.set.with(|set| set.changes().to_vec());
        let named = |is: &dyn Fn(&Change) -> bool| {
            let emails: Vec<_> =
                changes.iter().filter(|change| is(change)).map(|one| one.email.as_str()).collect();
            names(&emails)
        };
        let mut risks = Vec::new();
        let new_admin = |change: &Change| {
            let is = |role: &Option<atrium_domain::change_set::RoleHeld>| {
                role.as_ref().is_some_and(|role| role.is_admin)
            };
            is(&change.to) && !is(&change.from)
        };
        if let Some(who) = named(&new_admin) {
            risks.push(format!(
                "Organization Admin, in every workspace and able to do everything here: {who}."
            ));
        }
        let fewer = self.tray.set.with(|set| set.admins());
        let now = self.admins.data.get().and_then(|now| i64::try_from(now).ok());
        if changes.iter().any(|change| change.admins() < 0) && now.map(|now| now + fewer) == Some(1) {
            risks.push(
                "One Organization Admin is left after this: nobody else could help that person.".into(),
            );
        }
        if changes.iter().any(|change| change.is_self && change.kind == Kind::Role) {
            risks.push("Your own role changes. You may be unable to take that back yourself.".to_owned());
        }
        if changes.iter().any(|change| change.is_self && change.kind == Kind::Remove) {
            risks.push("You leave this organization. Somebody else has to invite you back.".to_owned());
        }
        if let Some(who) = named(&|change| change.kind == Kind::Remove) {
            risks.push(format!(
                "API tokens and sessions of whoever is removed end, and do not come back with a new \
                 invitation: {who}."
            ));
        }
        risks
    }
}

/// A number with its sign.
fn plus(value: i64) -> String {
    if value > 0 { format!("+{value}") } else { value.to_string().replace('-', "−") }
}

/// Some people, the first few by name.
fn names(emails: &[&str]) -> Option<String> {
    match emails {
        [] => None,
        some if some.len() <= MOST_NAMES => Some(some.join(", ")),
        many => Some(format!("{} and {} more", many[..MOST_NAMES].join(", "), many.len() - MOST_NAMES)),
    }
}

#[component]
fn Review(
    tray: Tray,
    open: RwSignal<bool>,
    progress: RwSignal<Option<Progress>>,
    stop: RwSignal<bool>,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let around = Around::ask(place, session, tray);
    let busy = memo(move || progress.with(Option::is_some));
    // The last one was taken out: there is nothing left to review.
    atrium_ui::effect(move || {
        if tray.set.with(|set| set.is_empty()) && !busy.get() {
            open.set(false);
        }
    });
    let make = Callback::new(move |()| {
        if busy.get_untracked() || untrack(|| around.refusal()).is_some() {
            return;
        }
        stop.set(false);
        tray.failed.update(BTreeMap::clear);
        progress.set(Some(Progress::default()));
        spawn(async move {
            let done = apply((place, session), tray, progress, stop).await;
            let text = match done.made {
                1 => "1 change was made.".to_owned(),
                many => format!("{many} changes were made."),
            };
            if done.made == done.all {
                let _ = open.try_set(false);
                let _ = tray.collecting.try_set(false);
                messages.success(text);
            } else if done.made > 0 {
                messages.success(format!("{text} {} stay collected.", done.all - done.made));
            }
        });
    });
    let label = derive(move || {
        let again = tray.failed.with(|failed| !failed.is_empty());
        let count = tray.set.with(|set| set.len());
        match (again, count) {
            (true, _) => "Try again".to_owned(),
            (false, 1) => "Apply 1 change".to_owned(),
            (false, count) => format!("Apply {count} changes"),
        }
    });
    let at_work = derive(move || busy.get().then(|| "Applying".to_owned()));
    let refusal = derive(move || around.refusal());
    let lead = move || {
        let words = if busy.get() {
            "The changes are made from the first to the last. Whatever was made leaves this list."
        } else if tray.failed.with(|failed| !failed.is_empty()) {
            "This is what is left. Nothing of it is made yet."
        } else {
            "Nothing is made yet. This is what becomes of whom:"
        };
        words.to_owned()
    };
    let cancel_label = derive(move || if busy.get() { "Stop" } else { "Keep collecting" }.to_owned());
    let buttons = all([
        view! { <Button label=cancel_label on_press=close /> }.into_any(),
        view! {
            <Button
                label
                kind=ButtonKind::Primary
                busy=at_work
                disabled_reason=refusal
                on_press=make
            />
        }
        .into_any(),
    ]);
    let warning = optional(move || {
        refusal.get().map(|text| {
            view! { <Banner tone=Tone::Bad title="These changes cannot be applied together" text /> }
                .into_any()
        })
    });
    all([
        el("p").class("muted").with(text(lead)).view(),
        difference(around, busy),
        facts(around),
        warning,
        failures(tray, busy),
        progress_bar(progress),
        view! { <DialogActions>{buttons}</DialogActions> }.into_any(),
    ])
}

/// How far it is, to see and to hear.
fn progress_bar(progress: RwSignal<Option<Progress>>) -> AnyView {
    let of = move |read: fn(Progress) -> usize| {
        derive(move || progress.get().map(|progress| read(progress).to_string()))
    };
    when(
        move || progress.with(Option::is_some),
        move || {
            el("div")
                .class("changes-progress")
                .with(
                    el("progress")
                        .attr("aria-label", "Applying the changes")
                        .live("max", of(|progress| progress.all.max(1)))
                        .live("value", of(|progress| progress.tried)),
                )
                .with(el("span").with(text(move || {
                    let now = progress.get().unwrap_or_default();
                    format!("{} of {}", now.tried, now.all)
                })))
                .view()
        },
    )
}

/// What could not be made, in short: each row says why.
fn failures(tray: Tray, busy: Memo<bool>) -> AnyView {
    let count = move || tray.failed.with(BTreeMap::len);
    let shown = when(
        move || count() > 0 && !busy.get(),
        move || {
            let text = derive(move || match count() {
                1 => "1 change was not made, and stays collected. Its row says why.".to_owned(),
                many => format!("{many} changes were not made, and stay collected. Their rows say why."),
            });
            view! { <Banner tone=Tone::Bad title="Not everything could be applied" text /> }.into_any()
        },
    );
    el("div").attr("role", "alert").with(shown).view()
}

/// Seats, cost and risks.
fn facts(around: Around) -> AnyView {
    let fact = |name: &str, value: AnyView| all([el("dt").with(name).view(), el("dd").with(value).view()]);
    let risks = memo(move || around.risks());
    let list = when(
        move || risks.with(|risks| !risks.is_empty()),
        move || {
            let items = optional(move || {
                let list = el("ul").class("changes-risks");
                Some(risks.get().iter().fold(list, |list, one| list.with(el("li").with(one))).view())
            });
            fact("Risks", items)
        },
    );
    el("dl")
        .class("changes-facts")
        .with(fact("Seats", el("span").with(text(move || around.seats_text())).view()))
        .with(fact("Cost", el("span").with(text(move || around.cost_text())).view()))
        .with(list)
        .view()
}

/// People by workspaces.
fn difference(around: Around, busy: Memo<bool>) -> AnyView {
    let tray = around.tray;
    let touched = memo(move || {
        let mut names = BTreeMap::new();
        tray.set.with(|set| {
            for effect in set.changes().iter().flat_map(|change| around.all.with(|all| change.effects(all))) {
                names.insert((lower(&effect.name), effect.workspace), effect.name);
            }
        });
        names.into_iter().map(|((_, id), name)| (id, name)).collect::<Vec<_>>()
    });
    let table = move || {
        let columns = touched.get();
        let columns = (columns.len() <= MOST_COLUMNS).then_some(columns);
        let mut names = vec!["Person".to_owned(), "Organization role".to_owned()];
        match &columns {
            Some(columns) => names.extend(columns.iter().map(|(_, name)| name.clone())),
            None => names.push("Workspaces".to_owned()),
        }
        let headings = move || {
            let mut all: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
            all.push(("Actions", "actions"));
            heading_row(&all)
        };
        let columns = StoredValue::new(columns);
        let emails = derive(move || {
            tray.set.with(|set| set.changes().iter().map(|one| one.email.clone()).collect::<Vec<_>>())
        });
        let count = derive(move || emails.with(|emails| emails.len() + 1));
        let row = move |email: String| row(around, email, columns.get_value(), busy);
        view! {
            <TableFrame label="Changes" row_count=count>
                {table_parts(headings(), keyed(emails, row))}
            </TableFrame>
        }
        .into_any()
    };
    atrium_ui::dynamic(move || {
        touched.track();
        table()
    })
}

fn row(around: Around, email: String, columns: Option<Vec<(String, String)>>, busy: Memo<bool>) -> AnyView {
    let tray = around.tray;
    let change = tray.of(&email);
    let role = optional(move || {
        let change = change.get()?;
        let of =
            |role: &Option<atrium_domain::change_set::RoleHeld>| role.as_ref().map(|role| role.name.clone());
        let before = of(&change.from).filter(|_| change.kind != Kind::Revoke);
        Some(step(before, of(&change.to)))
    });
    let what = text(move || {
        change.with(|change| {
            let kind = change.as_ref().map(|change| (change.kind, change.is_self));
            let words = match kind {
                Some((Kind::Invite, _)) => "Is invited",
                Some((Kind::Role, true)) => "You: the role changes",
                Some((Kind::Role, false)) => "The role changes",
                Some((Kind::Remove, true)) => "You: you leave",
                Some((Kind::Remove, false)) => "Is removed",
                Some((Kind::Revoke, _)) => "The invitation is revoked",
                None => "",
            };
            words.to_owned()
        })
    });
    let failed_of = email.clone();
    let problem = derive(move || {
        let failed = tray.failed.with(|failed| failed.get(&failed_of).cloned());
        failed.or_else(|| change.with(|change| change.as_ref().and_then(|change| around.why_not(change))))
    });
    let note = optional(move || {
        problem.get().map(|sentence| el("span").class("changes-problem").with(sentence).view())
    });
    let effects = memo(move || {
        change.with(|change| {
            let effects = change.as_ref().map(|change| around.all.with(|all| change.effects(all)));
            effects.unwrap_or_default()
        })
    });
    let out = {
        let email = email.clone();
        Callback::new(move |()| {
            if !busy.get_untracked() {
                tray.remove(&email);
            }
        })
    };
    let locked = derive(move || busy.get().then(|| "The changes are being applied.".to_owned()));
    let row = el("tr")
        .attr("role", "row")
        .class("changes-row")
        .with(
            cell("Person").with(
                el("span")
                    .class("two-lines")
                    .with(el("span").class("row-name").with(&email))
                    .with(el("span").class("row-note").with(what))
                    .with(note),
            ),
        )
        .with(cell("Organization role").with(role));
    let row = match columns {
        Some(columns) => columns.into_iter().fold(row, |row, (id, name)| {
            row.with(cell(&name).with(optional(move || {
                let effect = effects.with(|all| all.iter().find(|one| one.workspace == id).cloned());
                Some(match effect {
                    Some(Effect { before, after, .. }) => step(before, after),
                    None => el("span").class("muted").with("no change").view(),
                })
            })))
        }),
        None => row.with(cell("Workspaces").with(optional(move || {
            let list = effects.with(|all| {
                all.iter().fold(el("ul").class("changes-effects"), |list, one| {
                    let words = el("li").with(&one.name).with(": ");
                    list.with(words.with(step(one.before.clone(), one.after.clone())))
                })
            });
            Some(list.view())
        }))),
    };
    row.with(actions(&email, out, locked)).view()
}

fn actions(email: &str, out: Callback<()>, locked: Signal<Option<String>>) -> El {
    el("td").attr("role", "cell").class("actions").with(view! {
        <Button
            label=format!("Take out {email}")
            icon=Icon::X
            icon_only=true
            kind=ButtonKind::Quiet
            disabled_reason=locked
            on_press=out
        />
    })
}

/// What was and what comes, told by words, and not by colour alone.
fn step(before: Option<String>, after: Option<String>) -> AnyView {
    let (class, words) = match (before, after) {
        (None, Some(after)) => ("added", format!("+ {after}")),
        (Some(before), None) => ("taken", format!("− {before}")),
        (Some(before), Some(after)) if before != after => ("changed", format!("{before} → {after}")),
        (Some(same), _) => ("muted", same),
        (None, None) => ("muted", String::new()),
    };
    el("span").class(&format!("changes-step {class}")).with(words).view()
}
