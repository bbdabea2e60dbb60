//! What the collected changes come to, beside what becomes of each person.

use atrium_domain::change_set::{Change, Kind, RoleHeld};
use atrium_domain::{Action, OrganizationRole, Tier};
use atrium_ui::{all, el, memo, optional, text, when};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Tray;
use crate::api::{self, Paged, Query, query};
use crate::components::{money, number, some_of};
use crate::forms::{seats_of, tier_of};
use crate::session::{Place, Session, organization_role_of};

/// What the changes come to: seats, cost, Organization Admins, risks. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Outlook {
    place: Place,
    /// The changes.
    pub tray: Tray,
    count: Query<Paged<()>>,
    admins: Query<u64>,
    /// The workspaces of the organization, by id and name.
    pub all: Memo<Vec<(String, String)>>,
}

impl Outlook {
    /// Asks for it.
    pub fn ask(place: Place, session: Session, tray: Tray) -> Self {
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
    pub fn refusal(self) -> Option<String> {
        let fewer = self.tray.set.with(|set| set.admins());
        if fewer >= 0 {
            return None;
        }
        let admins = i64::try_from(self.admins.data.get()?).unwrap_or(i64::MAX);
        (admins + fewer <= 0).then(|| {
            t!("No Organization Admin would be left. Take one of these changes out, or make somebody else \
                 Organization Admin first.")
            .to_owned()
        })
    }

    /// Why a change will be refused, as far as is known. Reads signals.
    pub fn why_not(self, change: &Change) -> Option<String> {
        let known = |role: &Option<RoleHeld>| {
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
                0 => t!("No seat is taken and none becomes free.").to_owned(),
                more => tn!(more.unsigned_abs(), "{signed} seat.", "{signed} seats.", signed = plus(more)),
            };
        };
        let after = u64::try_from(i64::from(seats.used()) + more).unwrap_or_default();
        let (used, limit) = (u64::from(seats.used()), u64::from(seats.limit));
        if after > limit {
            return tn!(
                after - limit,
                "{used} of {limit} used now; this takes {after}. {count} too few: some invitations will be refused.",
                "{used} of {limit} used now; this takes {after}. {count} too few: some invitations will be refused.",
                used = number(used),
                limit = number(limit),
                after = number(after)
            );
        }
        t!(
            "{used} of {limit} used now, {after} after this.",
            used = number(used),
            limit = number(limit),
            after = number(after)
        )
    }

    fn cost_text(self) -> String {
        let more = self.tray.set.with(|set| set.seats());
        let (Some(seats), tier) = (seats_of(self.place, self.count), tier_of(self.place)) else {
            return String::new();
        };
        match (&tier, tier.terms().price_per_seat.map(u64::from)) {
            (Tier::NoPlan, _) => t!("Nothing is charged while the organization is pending.").to_owned(),
            (Tier::Other(_), _) => String::new(),
            (_, None) => t!("What a seat costs is agreed in your contract.").to_owned(),
            (_, Some(0)) => t!("Seats cost nothing on this plan.").to_owned(),
            (_, Some(price)) => {
                let after = u64::try_from(i64::from(seats.used()) + more).unwrap_or_default();
                t!(
                    "{now} a month now, {after} after this ({seat} a seat).",
                    now = money(price * u64::from(seats.used())),
                    after = money(price * after),
                    seat = money(price)
                )
            }
        }
    }

    /// Why the person cannot take the changes back: they change what the person may do. Reads signals.
    pub fn lowers_self(self) -> Option<&'static str> {
        let own = self.tray.set.with(|set| set.changes().iter().find(|change| change.is_self).cloned())?;
        let role = |role: &Option<RoleHeld>| {
            let id = role.as_ref().map(|role| role.id.clone());
            self.place.roles.data.with(|roles| organization_role_of(roles.as_deref()?, id.as_ref(), None))
        };
        match (own.kind, role(&own.from), role(&own.to)) {
            (Kind::Remove, ..) => Some(t!("You cannot undo this: you leave with it.")),
            (Kind::Role, Some(from), Some(to)) => {
                let mut caller = self.place.caller.get()?;
                caller.role = to.clone();
                let denied = caller.may(&Action::ChangeRole(&to, &from)).is_err();
                denied.then(|| {
                    t!("You cannot undo this: it changes your own role, and with it what you may do.")
                })
            }
            _ => None,
        }
    }

    /// Whether it can be taken back, and what of it cannot. Reads signals.
    fn way_back(self, keeps: bool) -> String {
        if let Some(sentence) = self.lowers_self() {
            return sentence.to_owned();
        }
        let removes = self.tray.set.with(|set| set.changes().iter().any(|one| one.kind == Kind::Remove));
        match (removes, keeps) {
            (false, _) => t!("You can undo this for ten seconds after it is made."),
            (true, true) => t!(
                "You can undo this for ten seconds after it is made. API tokens of whoever is removed do not \
                 come back."
            ),
            (true, false) => t!(
                "You can undo this for ten seconds after it is made, but for removals: whoever is removed has \
                 to be invited again."
            ),
        }
        .to_owned()
    }

    /// What to think of before. Reads signals.
    fn risks(self) -> Vec<String> {
        let changes = self.tray.set.with(|set| set.changes().to_vec());
        let named = |is: &dyn Fn(&Change) -> bool| {
            let emails: Vec<_> =
                changes.iter().filter(|change| is(change)).map(|one| one.email.as_str()).collect();
            (!emails.is_empty()).then(|| some_of(&emails))
        };
        let mut risks = Vec::new();
        let new_admin = |change: &Change| {
            let is = |role: &Option<RoleHeld>| role.as_ref().is_some_and(|role| role.is_admin);
            is(&change.to) && !is(&change.from)
        };
        if let Some(who) = named(&new_admin) {
            risks.push(t!(
                "Organization Admin, in every workspace and able to do everything here: {who}.",
                who
            ));
        }
        let fewer = self.tray.set.with(|set| set.admins());
        let now = self.admins.data.get().and_then(|now| i64::try_from(now).ok());
        if changes.iter().any(|change| change.admins() < 0) && now.map(|now| now + fewer) == Some(1) {
            risks.push(
                t!("One Organization Admin is left after this: nobody else could help that person.")
                    .to_owned(),
            );
        }
        if changes.iter().any(|change| change.is_self && change.kind == Kind::Role) {
            risks.push(t!("Your own role changes. You may be unable to take that back yourself.").to_owned());
        }
        if changes.iter().any(|change| change.is_self && change.kind == Kind::Remove) {
            risks.push(t!("You leave this organization. Somebody else has to invite you back.").to_owned());
        }
        if let Some(who) = named(&|change| change.kind == Kind::Remove) {
            risks.push(t!(
                "API tokens and sessions of whoever is removed end, and do not come back with a new \
                 invitation: {who}.",
                who
            ));
        }
        risks
    }
}

/// A number with its sign.
fn plus(value: i64) -> String {
    if value > 0 { format!("+{value}") } else { value.to_string().replace('-', "−") }
}

/// Seats, cost and risks.
pub fn facts(outlook: Outlook) -> AnyView {
    let keeps = Session::current().info.with_untracked(|info| info.instance_flags.removed_members);
    let fact = |name: &str, value: AnyView| all([el("dt").with(name).view(), el("dd").with(value).view()]);
    let risks = memo(move || outlook.risks());
    let list = when(
        move || risks.with(|risks| !risks.is_empty()),
        move || {
            let items = optional(move || {
                let list = el("ul").class("changes-risks");
                Some(risks.get().iter().fold(list, |list, one| list.with(el("li").with(one))).view())
            });
            fact(t!("Risks"), items)
        },
    );
    el("dl")
        .class("changes-facts")
        .with(fact(t!("Seats"), el("span").with(text(move || outlook.seats_text())).view()))
        .with(fact(t!("Cost"), el("span").with(text(move || outlook.cost_text())).view()))
        .with(list)
        .with(fact(t!("Undo"), el("span").with(text(move || outlook.way_back(keeps))).view()))
        .view()
}
