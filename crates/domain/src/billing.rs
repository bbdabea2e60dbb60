//! How an organization stands with its billing: one state, made of whatever the API tells of it, with
//! the sentences that the app shows and the server refuses with.

use atrium_words::{commas, look, mark, t, tn, translated};

use crate::plan::Tier;
use crate::seats;
use crate::wire::{BillingInfo, OrganizationInfo, OrganizationSlim};

/// What a pending organization is refused with: its title, and what to do.
pub const PENDING: &str = mark!("This organization is pending. Set up billing to use it.");
/// What an organization is refused with that is on a plan and switched off.
pub const SWITCHED_OFF: &str = mark!("This organization is switched off. Settle its billing to use it.");
/// What another workspace is refused with.
pub const NO_WORKSPACE_LEFT: &str =
    mark!("The plan's limit of workspaces is reached. Change the plan, or delete a workspace.");
/// What somebody should do when Stripe has given up on a subscription's payments.
pub const PAYMENTS_FAILED: &str =
    mark!("The payments failed, and the organization is switched off. Change the card to go on.");
/// What somebody should do when a payment failed and is tried again.
pub const PAYMENT_FAILED: &str =
    mark!("The last payment failed. Change the card before the organization is switched off.");
/// What somebody should do about a card that is good no more.
pub const CARD_EXPIRED: &str = mark!("The card has expired. Add another one before the next payment.");

/// What is used of something, and how much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// How much is used.
    pub used: u32,
    /// How much the plan has.
    pub limit: u32,
}

impl Used {
    /// What is left; 0 where it is more than there is.
    pub fn free(self) -> u32 {
        self.limit.saturating_sub(self.used)
    }

    /// Whether it is more than there is.
    pub fn is_over(self) -> bool {
        self.used > self.limit
    }
}

/// What is known of an organization's billing. What an answer does not tell is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The plan.
    pub tier: Option<Tier>,
    /// Whether it is switched off.
    pub disabled: bool,
    /// What the backend says of the payments, as a sentence.
    pub problem: Option<String>,
    /// When the plan ends, where it does.
    pub ends_on: Option<String>,
    /// Seats of members and invitations.
    pub seats: Option<Used>,
    /// Workspaces.
    pub workspaces: Option<Used>,
}

impl Facts {
    /// What every member is told. `seats` and `workspaces` are counted by whoever asks.
    pub fn of_info(info: &OrganizationInfo, seats: Option<u32>, workspaces: Option<u32>) -> Self {
        let of = |used: Option<u32>, limit| used.map(|used| Used { used, limit });
        Self {
            tier: info.tier.clone(),
            disabled: info.disabled,
            seats: of(seats, info.config.max_identities),
            workspaces: of(workspaces, info.config.max_workspaces),
            ..Self::default()
        }
    }

    /// What the list of somebody's organizations tells. A plan that ends at a time which is not told ends
    /// at an empty one.
    pub fn of_listed(one: &OrganizationSlim) -> Self {
        let ends_on = one.has_cancelled.then(|| one.end_of_billing_period.clone().unwrap_or_default());
        let tier = if one.is_pending() { Some(Tier::NoPlan) } else { one.tier.clone() };
        Self {
            tier,
            disabled: one.disabled,
            problem: one.payment_problem.clone(),
            ends_on,
            ..Self::default()
        }
    }

    /// What billing tells. Its own counts are taken before those of whoever asks.
    pub fn of_billing(billing: &BillingInfo, seats: Option<u32>, workspaces: Option<u32>) -> Self {
        let usage = billing.usage.as_ref();
        let seats = usage.map(|usage| usage.members.saturating_add(usage.invitations)).or(seats);
        let workspaces = usage.map(|usage| usage.workspaces).or(workspaces);
        let of = |used: Option<u32>, limit| used.map(|used| Used { used, limit });
        Self {
            tier: billing.tier.clone(),
            disabled: billing.disabled,
            problem: billing.payment_problem.clone().filter(|said| !said.is_empty()),
            ends_on: billing.current_plan.as_ref().and_then(|plan| plan.ends_on.clone()),
            seats: of(seats, billing.config.max_identities),
            workspaces: of(workspaces, billing.config.max_workspaces),
        }
    }
}

/// How an organization stands.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It waits for a plan.
    Pending,
    /// All is well.
    Active,
    /// Somebody has to see to the payments. The flag says whether it is switched off until then.
    PaymentFailed(bool, String),
    /// The plan ends at this time.
    Cancelled(String),
    /// More is used than the plan has: seats, workspaces.
    OverLimit(Option<Used>, Option<Used>),
    /// It is switched off, and the answer does not say why.
    Unknown,
}

/// What the page says of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What is the matter.
    pub title: String,
    /// The reason, and what to do.
    pub text: String,
    /// Whether people are kept from their work.
    pub stops: bool,
}

/// The way out of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WayOut {
    /// Choose a plan.
    ChoosePlan,
    /// See what billing says.
    LookAtBilling,
    /// Give another card.
    ChangeCard,
    /// Take the end of the plan back.
    KeepPlan,
    /// Free seats.
    FreeSeats,
    /// Delete workspaces.
    FreeWorkspaces,
}

impl State {
    /// The state that the facts make. Of several, the one that keeps people from more.
    pub fn of(facts: &Facts) -> Self {
        if facts.tier == Some(Tier::NoPlan) {
            return Self::Pending;
        }
        match (&facts.problem, facts.disabled) {
            (Some(said), off) => return Self::PaymentFailed(off, said.clone()),
            // Where no plan is told, being switched off is what there is to go by.
            (None, true) => return Self::Unknown,
            (None, false) => {}
        }
        let over = |used: Option<Used>| used.filter(|used| used.is_over());
        let (seats, workspaces) = (over(facts.seats), over(facts.workspaces));
        if seats.is_some() || workspaces.is_some() {
            return Self::OverLimit(seats, workspaces);
        }
        match &facts.ends_on {
            Some(time) => Self::Cancelled(time.clone()),
            None => Self::Active,
        }
    }

    /// What the page says; nothing while all is well. `day` writes a time as a day.
    pub fn notice(&self, day: impl Fn(&str) -> String) -> Option<Notice> {
        let said = |title: &str, texts: &[&str], stops| {
            let texts: Vec<_> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
            Some(Notice { title: title.to_owned(), text: texts.join(" "), stops })
        };
        match self {
            Self::Active => None,
            Self::Pending => {
                let free = t!("Nothing is charged before you subscribe. You can already invite people.");
                said(t!("This organization is pending"), &[t!("Set up billing to use it."), free], true)
            }
            Self::Unknown => said(
                t!("This organization is switched off"),
                &[t!("Settle its billing to use it."), t!("Ask the operator of this installation why.")],
                true,
            ),
            Self::PaymentFailed(true, problem) => said(
                t!("This organization is switched off"),
                &[t!("Settle its billing to use it."), &translated(problem)],
                true,
            ),
            Self::PaymentFailed(false, problem) => {
                let (title, text) = problem_parts(problem);
                said(title, &[text], false)
            }
            Self::Cancelled(time) => {
                let day = day(time);
                let day = if day.is_empty() { time.clone() } else { day };
                let after = t!(
                    "After it the organization is pending: nobody can work in it until it has a plan again. \
                     Nothing in it is deleted."
                );
                let title = t!("The plan ends on {day}", day);
                said(&title, &[t!("Until then everything works as before."), after], false)
            }
            Self::OverLimit(seats, workspaces) => {
                let seats = seats.map(|used| seats::over(used.used, used.limit)).unwrap_or_default();
                let (counted, left) = match workspaces {
                    Some(Used { used, limit }) => {
                        let counted = tn!(
                            used,
                            "There are {count} workspaces, and the plan has {limit}.",
                            "There are {count} workspaces, and the plan has {limit}.",
                            limit,
                        );
                        (counted, look(NO_WORKSPACE_LEFT))
                    }
                    None => (String::new(), ""),
                };
                let goes_on = t!("Everything that is there goes on working; nothing can be added.");
                said(t!("This organization is over its limit"), &[&seats, &counted, left, goes_on], false)
            }
        }
    }

    /// What gets an organization out of the state.
    pub fn way_out(&self) -> Option<WayOut> {
        match self {
            Self::Active => None,
            Self::Unknown => Some(WayOut::LookAtBilling),
            Self::Pending => Some(WayOut::ChoosePlan),
            Self::PaymentFailed(..) => Some(WayOut::ChangeCard),
            Self::Cancelled(_) => Some(WayOut::KeepPlan),
            Self::OverLimit(Some(_), _) => Some(WayOut::FreeSeats),
            Self::OverLimit(None, _) => Some(WayOut::FreeWorkspaces),
        }
    }
}

/// What the backend says of the payments as a title and a text; a sentence that is not known here is cut
/// after its first.
fn problem_parts(problem: &str) -> (&str, &str) {
    match problem {
        PAYMENTS_FAILED => {
            (t!("The payments failed, and the organization is switched off"), t!("Change the card to go on."))
        }
        PAYMENT_FAILED => {
            (t!("The last payment failed"), t!("Change the card before the organization is switched off."))
        }
        CARD_EXPIRED => (t!("The card has expired"), t!("Add another one before the next payment.")),
        other => other.split_once(". ").unwrap_or((other.trim_end_matches('.'), "")),
    }
}

/// What an organization has, where another plan is to be chosen for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Seats taken by members and invitations.
    pub seats: u64,
    /// Workspaces.
    pub workspaces: u64,
    /// The names of its custom roles, where the plan before has them. Without workspace roles that
    /// differ nobody could delete them any more, so they are no reason then.
    pub custom_roles: Vec<String>,
}

/// A part of a plan that would be too small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Seats.
    Seats,
    /// Workspaces.
    Workspaces,
    /// Custom roles.
    Roles,
}

/// What of an organization would not fit a plan, each with the sentence that says so.
pub fn misfits(tier: &Tier, has: &Holdings) -> Vec<(Part, String)> {
    let terms = tier.terms();
    let plan = tier.label();
    let mut found = Vec::new();
    if has.seats > u64::from(terms.max_identities) {
        let sentence = t!(
            "The {plan} plan has {seats}, and {taken} are taken by members and invitations. Remove some \
             first.",
            plan,
            seats = seats::seats(terms.max_identities),
            taken = has.seats,
        );
        found.push((Part::Seats, sentence));
    }
    if has.workspaces > u64::from(terms.max_workspaces) {
        let sentence = tn!(
            terms.max_workspaces,
            "The {plan} plan has {count} workspace, and there are {existing}. Delete some first.",
            "The {plan} plan has {count} workspaces, and there are {existing}. Delete some first.",
            plan,
            existing = has.workspaces,
        );
        found.push((Part::Workspaces, sentence));
    }
    if !terms.can_use_rbac && !has.custom_roles.is_empty() {
        let mut names = commas(has.custom_roles.iter().take(5).cloned());
        let more = has.custom_roles.len().saturating_sub(5);
        if more > 0 {
            names = tn!(more, "{names} and {count} more", "{names} and {count} more", names);
        }
        let sentence = tn!(
            has.custom_roles.len(),
            "The {plan} plan has no custom roles, and there is {count}: {names}. Delete them first.",
            "The {plan} plan has no custom roles, and there are {count}: {names}. Delete them first.",
            plan,
            names,
        );
        found.push((Part::Roles, sentence));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(tier: Tier) -> Facts {
        Facts { tier: Some(tier), ..Facts::default() }
    }

    fn notice(state: &State) -> Notice {
        state.notice(|time| time.get(..10).unwrap_or_default().to_owned()).unwrap()
    }

    #[test]
    fn a_page_says_what_the_api_refuses_with() {
        for (state, sentence) in [
            (State::Pending, PENDING),
            (State::Unknown, SWITCHED_OFF),
            (State::PaymentFailed(true, PAYMENTS_FAILED.to_owned()), SWITCHED_OFF),
            (State::PaymentFailed(false, PAYMENT_FAILED.to_owned()), PAYMENT_FAILED),
            (State::PaymentFailed(false, CARD_EXPIRED.to_owned()), CARD_EXPIRED),
        ] {
            let notice = notice(&state);
            let words = format!("{}. {}", notice.title, notice.text);
            assert!(words.starts_with(sentence), "{words}");
            assert_eq!(
                notice.stops,
                matches!(state, State::PaymentFailed(true, _) | State::Pending | State::Unknown)
            );
        }
        let seats = Used { used: 12, limit: 10 };
        let over = notice(&State::OverLimit(Some(seats), Some(Used { used: 4, limit: 3 })));
        let refused = seats::Seats { limit: 10, members: 12, invitations: 0 }.check(1).unwrap_err();
        assert!(over.text.contains(&refused) && over.text.contains(NO_WORKSPACE_LEFT), "{}", over.text);
    }

    #[test]
    fn one_state_of_several() {
        assert_eq!(State::of(&facts(Tier::Plus)), State::Active);
        assert_eq!(State::of(&facts(Tier::NoPlan)), State::Pending);
        assert_eq!(State::of(&Facts { disabled: true, ..facts(Tier::NoPlan) }), State::Pending);
        assert_eq!(State::of(&Facts { disabled: true, ..facts(Tier::Plus) }), State::Unknown);
        let over = Some(Used { used: 4, limit: 3 });
        let all = Facts {
            disabled: true,
            problem: Some("Pay.".into()),
            ends_on: Some("2026-12-03T00:00:00Z".into()),
            workspaces: over,
            ..facts(Tier::Plus)
        };
        assert_eq!(State::of(&all), State::PaymentFailed(true, "Pay.".into()));
        let some = Facts { disabled: false, problem: None, ..all };
        assert_eq!(State::of(&some), State::OverLimit(None, over));
        assert_eq!(State::of(&some).way_out(), Some(WayOut::FreeWorkspaces));
        let fits = Facts { workspaces: Some(Used { used: 3, limit: 3 }), ..some };
        let ends = State::of(&fits);
        assert_eq!(ends, State::Cancelled("2026-12-03T00:00:00Z".into()));
        assert_eq!(notice(&ends).title, "The plan ends on 2026-12-03");
    }

    #[test]
    fn what_nobody_knows_yet_breaks_nothing() {
        assert_eq!(State::of(&facts(Tier::Other("galactic".into()))), State::Active);
        assert_eq!(State::of(&Facts::default()), State::Active);
        let odd = State::PaymentFailed(false, "?".into());
        assert_eq!((notice(&odd).title.as_str(), notice(&odd).text.as_str()), ("?", ""));
        // A time that cannot be written as a day stands as it came.
        let ends = State::Cancelled("soon".into()).notice(|_| String::new()).unwrap();
        assert_eq!(ends.title, "The plan ends on soon");
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let has = Holdings {
            seats: 12,
            workspaces: 4,
            custom_roles: ["A", "B", "C", "D", "E", "F"].map(str::to_owned).to_vec(),
        };
        assert_eq!(misfits(&Tier::Enterprise, &has), []);
        let found = misfits(&Tier::Plus, &has);
        let parts: Vec<Part> = found.iter().map(|(part, _)| *part).collect();
        assert_eq!(parts, [Part::Seats, Part::Workspaces, Part::Roles]);
        assert_eq!(
            found[0].1,
            "The Plus plan has 10 seats, and 12 are taken by members and invitations. Remove some first."
        );
        assert_eq!(found[1].1, "The Plus plan has 3 workspaces, and there are 4. Delete some first.");
        assert_eq!(
            found[2].1,
            "The Plus plan has no custom roles, and there are 6: A, B, C, D, E and 1 more. Delete them first."
        );
        assert_eq!(misfits(&Tier::Plus, &Holdings { seats: 10, workspaces: 3, custom_roles: vec![] }), []);
    }
}
