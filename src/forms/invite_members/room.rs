//! Seats: how many are free, what they cost, and what to do where there are too few.

use atrium_domain::plan::with_room;
use atrium_domain::seats::Seats;
use atrium_domain::wire::Invitation;
use atrium_domain::{Action, Tier};
use atrium_ui::{
    Button, ButtonKind, El, InlineError, all, derive, effect, el, focus, is_focus_lost, keyed, memo,
    optional, spawn, text, when,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::people::Invitees;
use crate::api::{self, Paged, Query, query};
use crate::components::{ago, money, number};
use crate::forms::revoke;
use crate::paths::{self, Settings};
use crate::session::{Place, Session, changed, organization_role_of};

/// How often it is looked whether there is room, in milliseconds, while invitations wait for it.
const LOOK_AGAIN: u64 = 3_000;

/// How many people a page of the list says there are; an empty one says so by itself.
fn counted(page: &Paged<()>) -> Option<u64> {
    page.total.or(if page.rows.is_empty() { Some(0) } else { None })
}

/// The seats of the organization, all that are taken as members'; `None` while `count` has no answer,
/// and where the server does not count them. Reads signals.
pub fn seats_of(place: Place, count: Query<Paged<()>>) -> Option<Seats> {
    let limit = place.info.data.with(|info| info.as_ref().map(|info| info.config.max_identities))?;
    let used = count.data.with(|page| page.as_ref().and_then(counted))?;
    Some(Seats { limit, members: u32::try_from(used).unwrap_or(u32::MAX), invitations: 0 })
}

/// The plan of the organization. Reads signals.
pub fn tier_of(place: Place) -> Tier {
    let tier = place.info.data.with(|info| info.as_ref().and_then(|info| info.tier.clone()));
    tier.unwrap_or_else(|| Tier::Other(String::new()))
}

/// The seats of the organization, as the server counts them.
#[derive(Clone, Copy)]
pub struct Room {
    place: Place,
    people: Invitees,
    count: Query<Paged<()>>,
    /// Whether the invitations go out by themselves once there is room.
    pub waiting: RwSignal<bool>,
    /// How many they were when that began.
    waited_for: StoredValue<u32>,
}

impl Room {
    /// Counts the seats.
    pub fn new(place: Place, people: Invitees) -> Self {
        let session = Session::current();
        let count = query(
            move || place.organization.get(),
            move || {
                session.changes.members.track();
                Some(api::count_everybody(place.organization.get()))
            },
        );
        let room =
            Self { place, people, count, waiting: RwSignal::new(false), waited_for: StoredValue::new(0) };
        // Somebody who changes the list means to press the button again.
        effect(move || {
            if people.wanted() != room.waited_for.get_value() {
                room.waiting.set(false);
            }
        });
        // Somebody else may free seats or change the plan, here or in another window.
        let looking = set_interval_with_handle(
            move || {
                if room.waiting.try_get_untracked() == Some(true) && !document().hidden() {
                    count.reload();
                    place.info.reload();
                }
            },
            std::time::Duration::from_millis(LOOK_AGAIN),
        );
        on_cleanup(move || {
            if let Ok(looking) = looking {
                looking.clear();
            }
        });
        room
    }

    /// Waits for room for those who are here now.
    pub fn wait(self) {
        self.waited_for.set_value(untrack(|| self.people.wanted()));
        self.waiting.set(true);
    }

    /// Whether those who waited fit now. Reads signals.
    pub fn is_ready(self) -> bool {
        let the_same = self.people.wanted() == self.waited_for.get_value();
        self.waiting.get() && the_same && self.missing() == 0
    }

    /// The seats; `None` while they are counted, and where the server does not count them. Reads signals.
    fn seats(self) -> Option<Seats> {
        seats_of(self.place, self.count)
    }

    /// How many seats are missing; 0 also where that is not known: the server decides. Reads signals.
    pub fn missing(self) -> u32 {
        self.seats().map_or(0, |seats| seats.missing(self.people.wanted()))
    }

    fn tier(self) -> Tier {
        tier_of(self.place)
    }

    fn used_text(self) -> String {
        let wanted = self.people.wanted();
        match self.seats() {
            Some(seats) if wanted == 0 => {
                tn!(
                    seats.free(),
                    "{used} of {limit} used; {free} free.",
                    "{used} of {limit} used; {free} free.",
                    used = number(seats.used().into()),
                    limit = number(seats.limit.into()),
                    free = number(seats.free().into()),
                )
            }
            Some(seats) if seats.missing(wanted) == 0 => {
                let left = seats.free() - wanted;
                tn!(
                    left,
                    "{used} of {limit} used; {free} free after this.",
                    "{used} of {limit} used; {free} free after this.",
                    used = number(seats.used().into()),
                    limit = number(seats.limit.into()),
                    free = number(left.into()),
                )
            }
            Some(seats) => {
                let limit = number(seats.limit.into());
                t!("{used} of {limit} used.", used = number(seats.used().into()), limit)
            }
            None if self.count.error.with(Option::is_some) || self.count.data.with(Option::is_some) => {
                t!("They could not be counted; they are checked when you send.").to_owned()
            }
            None => t!("Counting seats").to_owned(),
        }
    }

    /// What a seat costs, and what that comes to.
    fn cost_text(self) -> String {
        let (Some(seats), tier) = (self.seats(), self.tier()) else { return String::new() };
        let wanted = self.people.wanted();
        let (now, more) = (u64::from(seats.used()), u64::from(wanted));
        match (&tier, tier.terms().price_per_seat.map(u64::from)) {
            (Tier::NoPlan, _) => {
                let price = Tier::Plus.terms().price_per_seat.map(u64::from).unwrap_or_default();
                t!(
                    "Nothing is charged while the organization is pending. On Plus each seat costs {price} a month: {sum} a month for all.",
                    price = money(price),
                    sum = money(price * (now + more)),
                )
            }
            (Tier::Other(_), _) => String::new(),
            (_, None) => t!("What a seat costs is agreed in your contract.").to_owned(),
            (_, Some(0)) => t!("Seats cost nothing on this plan.").to_owned(),
            (_, Some(price)) if more == 0 => {
                let sum = money(price * now);
                t!("Each seat costs {price} a month: {sum} a month now.", price = money(price), sum)
            }
            (_, Some(price)) => t!(
                "Each seat costs {price} a month: the bill becomes {sum} a month, {more} more than now.",
                price = money(price),
                sum = money(price * (now + more)),
                more = money(price * more),
            ),
        }
    }

    /// What it takes where seats are missing.
    fn shortage_text(self) -> String {
        let Some(now) = self.seats() else { return String::new() };
        let wanted = self.people.wanted();
        let missing = now.missing(wanted);
        let need = tn!(wanted, "{count} person needs {count} seat", "{count} people need {count} seats");
        let free = match now.free() {
            0 => t!("none of {limit} is free", limit = now.limit),
            free => {
                tn!(free, "{count} of {limit} is free", "{count} of {limit} are free", limit = now.limit)
            }
        };
        let needed = t!("{need}; {free}.", need, free);
        let takes = tn!(missing, "It takes {count} more.", "It takes {count} more.");
        let plan = match with_room(now.used().saturating_add(wanted)) {
            Some(plan) if plan.label() != self.tier().label() => {
                let most = plan.terms().max_identities;
                let has_room = tn!(
                    most,
                    "{plan} has room: up to {number} seat.",
                    "{plan} has room: up to {number} seats.",
                    plan = plan.label(),
                    number = number(most.into()),
                );
                let or = tn!(missing, "Or free {count} seat here.", "Or free {count} seats here.");
                format!("{has_room} {or}")
            }
            _ => tn!(
                missing,
                "Free {count} seat here, or invite fewer people.",
                "Free {count} seats here, or invite fewer people.",
            ),
        };
        format!("{needed} {takes} {plan}")
    }
}

/// The line "Seats", and below it what to do where they do not suffice.
pub fn seats_panel(room: Room) -> AnyView {
    let line = el("p")
        .class("seats")
        .with(el("strong").with(t!("Seats")))
        .with(" ")
        .with(el("span").with(text(move || room.used_text())))
        .with(" ")
        .with(el("span").with(text(move || room.cost_text())));
    all([line.view(), when(move || room.missing() > 0, move || shortage(room))])
}

fn shortage(room: Room) -> AnyView {
    let session = Session::current();
    let place = room.place;
    let error = RwSignal::new(None::<String>);
    let oldest = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            Some(api::oldest_invitations(place.organization.get()))
        },
    );
    let revocable = memo(move || {
        let roles = place.roles.data.get().unwrap_or_default();
        let may = |one: &Invitation| {
            let role = organization_role_of(&roles, one.org_role_id.as_ref(), one.org_role_name.as_ref());
            role.is_some_and(|role| place.why_not(&Action::Remove(&role)).is_none())
        };
        oldest.data.with(|all| all.iter().flatten().filter(|one| may(one)).cloned().collect::<Vec<_>>())
    });
    let ids = derive(move || revocable.with(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>()));
    // A row that goes takes the focus along; it moves on to the next.
    effect(move || {
        ids.track();
        request_animation_frame(move || {
            let nowhere = is_focus_lost();
            let next = document().query_selector("dialog[open] .shortage-row button").ok().flatten();
            next.filter(|_| nowhere).iter().for_each(focus);
        });
    });
    let row = move |id: String| {
        let one = revocable.with_untracked(|all| all.iter().find(|one| one.id == id).cloned());
        one.map_or_else(|| ().into_any(), |one| freeable(place, session, one, error))
    };
    let list = move || {
        all([
            el("p")
                .class("shortage-lead")
                .with(t!("Invitations that were never accepted, the oldest first:"))
                .view(),
            el("ul").class("shortage-list").attr("role", "list").with(keyed(ids, row)).view(),
        ])
    };
    let waits = move || {
        room.waiting.get().then(|| {
            let stop = Callback::new(move |()| room.waiting.set(false));
            el("div")
                .class("shortage-waits")
                .with(el("span").class("spinner").attr("aria-hidden", "true"))
                .with(el("span").class("shortage-words").with(text(move || {
                    tn!(
                        room.missing(),
                        "Waiting for {count} seat. The invitations go out by themselves then; keep this dialog open.",
                        "Waiting for {count} seats. The invitations go out by themselves then; keep this dialog open.",
                    )
                })))
                .with(view! { <Button label=t!("Stop waiting") kind=ButtonKind::Quiet on_press=stop /> })
                .view()
        })
    };
    el("div")
        .class("shortage")
        .attr("role", "group")
        .attr("aria-label", t!("Not enough seats"))
        .with(
            el("p")
                .class("shortage-text")
                .with(text(move || room.shortage_text()))
                .with(" ")
                .with(to_billing(place)),
        )
        .with(when(move || ids.with(|ids| !ids.is_empty()), list))
        .with(view! { <InlineError text=error /> })
        .with(el("div").attr("role", "status").with(optional(waits)))
        .view()
}

/// The plans are in another tab, so that nothing typed here is lost.
fn to_billing(place: Place) -> El {
    let address = format!(
        "{}{}",
        crate::config::base_path(),
        paths::settings(&place.organization_id(), Settings::Billing)
    );
    el("a")
        .class("link")
        .attr("href", &address)
        .attr("target", "_blank")
        .attr("rel", "noopener")
        .with(t!("See the plans"))
        .with(el("span").class("visually-hidden").with(" ").with(t!("(opens in a new tab)")))
}

/// An invitation whose seat could be freed.
fn freeable(place: Place, session: Session, one: Invitation, error: RwSignal<Option<String>>) -> AnyView {
    let busy = RwSignal::new(None::<String>);
    let words = el("span")
        .class("shortage-who")
        .with(el("span").class("shortage-address").with(&one.email))
        .with(el("span").class("muted").with(t!("sent {ago}", ago = ago(&one.created_at))));
    let name = t!("Revoke invitation to {email}", email = one.email);
    let revoke = Callback::new(move |()| {
        busy.set(Some(t!("Revoking").to_owned()));
        error.set(None);
        let one = one.clone();
        spawn(async move {
            let result = revoke(session, place.organization_id(), &one.id, &one.email).await;
            busy.try_set(None);
            if let Err(failed) = result {
                let stays = t!("The invitation to {email} stays.", email = one.email);
                error.try_set(Some(format!("{stays} {}", failed.sentence)));
            }
            // After a refusal too: it may have been accepted meanwhile.
            changed(session.changes.members);
        });
    });
    let button =
        view! { <Button label=t!("Revoke") name kind=ButtonKind::Secondary busy=busy on_press=revoke /> };
    el("li").attr("role", "listitem").class("shortage-row").with(words).with(button).view()
}
