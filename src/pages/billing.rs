//! Settings > Usage and billing: the gate of a pending organization, plans, card and seats.

mod after;
mod plans;
mod usage;
mod who;

use atrium_domain::billing::{Facts, State, WayOut};
use atrium_domain::wire::{BillingInfo, OrganizationSlim};
use atrium_domain::{Action, Tier};
use atrium_ui::{Button, Icon, all, derive, el, memo, when};
use atrium_words::t;
use leptos::prelude::*;

use self::after::After;
use self::plans::Plans;
use self::usage::Usage;
use self::who::WhoToAsk;
use crate::api::{self, Query, query};
use crate::components::{BillingBanner, Discard, Loaded, OrganizationIdButton, PageTitle, PeopleCount};
use crate::forms::{AddCard, ChangePlan, EndPlan, KeepPlan, SetUpBilling};
use crate::session::{Place, Session};

/// `/o/{organization}/settings/billing`
#[component]
pub fn BillingPage() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let pending = memo(move || {
        place.info.data.with(|info| info.as_ref().is_some_and(|info| info.tier == Some(Tier::NoPlan)))
    });
    let billing = query(
        move || place.organization.get(),
        move || {
            session.changes.organization.track();
            session.changes.members.track();
            session.changes.workspaces.track();
            Some(api::billing(place.organization.get()))
        },
    );
    let title = derive(move || {
        if pending.get() { t!("Set up billing").to_owned() } else { t!("Usage and billing").to_owned() }
    });
    let title = view! {
        <PageTitle title>
            <OrganizationIdButton />
        </PageTitle>
    };
    let page = view! {
        <Loaded query=billing what=t!("billing") rows=4>
            <Billing billing />
        </Loaded>
    };
    all([
        title.into_any(),
        page.into_any(),
        when(move || pending.get(), move || view! { <DiscardIt place /> }.into_any()),
    ])
}

/// The way out of an organization that nobody goes on with.
#[component]
fn DiscardIt(place: Place) -> impl IntoView {
    let asked = RwSignal::new(None);
    let ask = Callback::new(move |()| {
        asked.set(Some(OrganizationSlim {
            id: place.organization_id(),
            display_name: untrack(|| place.organization_name()),
            ..OrganizationSlim::default()
        }));
    });
    let reason = derive(move || place.why_not(&Action::DeleteOrganization));
    let section = el("section")
        .class("panel")
        .attr("aria-labelledby", "discard")
        .with(el("h2").attr("id", "discard").with(t!("Not needed after all?")))
        .with(
            el("p")
                .class("muted")
                .with(t!("It waits here and in the Organizations drawer as long as you like. If nobody goes on with it, discard it.")),
        )
        .with(view! {
            <Button label=t!("Discard this organization") icon=Icon::Trash disabled_reason=reason on_press=ask />
        });
    all([section.view(), view! { <Discard asked /> }.into_any()])
}

/// What is open on the page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Open {
    /// "Set up billing".
    set_up: RwSignal<bool>,
    /// "Change to …".
    change: RwSignal<bool>,
    /// Another card.
    card: RwSignal<bool>,
    /// The end of the plan.
    end: RwSignal<bool>,
}

/// What billing tells, as the page looks at it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Known {
    /// The answer.
    billing: Query<BillingInfo>,
    /// The plan.
    tier: Memo<Tier>,
    /// What of the plan is used, and how the organization stands.
    facts: Memo<Facts>,
}

#[component]
fn Billing(billing: Query<BillingInfo>) -> impl IntoView {
    let place = Place::current();
    let people = PeopleCount::ask();
    let shut = || RwSignal::new(false);
    let open = Open { set_up: shut(), change: shut(), card: shut(), end: shut() };
    let tier = memo(move || {
        billing.data.with(|data| data.as_ref().and_then(|data| data.tier.clone())).unwrap_or(Tier::NoPlan)
    });
    let facts = memo(move || {
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let seats = people.total().map(count);
        let workspaces = place.workspaces.data.with(|all| all.as_ref().map(|all| count(all.len() as u64)));
        billing
            .data
            .with(|data| data.as_ref().map(|data| Facts::of_billing(data, seats, workspaces)))
            .unwrap_or_default()
    });
    let known = Known { billing, tier, facts };
    let personal = memo(move || billing.data.with(|data| data.as_ref().is_some_and(|data| data.is_personal)));
    let shared = move || !personal.get();
    let used = memo(move || tier.get() != Tier::NoPlan);
    let manages = memo(move || place.why_not(&Action::ManageBilling).is_none());
    // Not before it is known: whoever manages billing is not told to ask.
    let asks = memo(move || place.caller.with(Option::is_some) && !manages.get());
    let keep = KeepPlan::new(tier);
    let button = Callback::new(move |way: WayOut| {
        if !manages.get_untracked() {
            return None;
        }
        match way {
            WayOut::ChangeCard => {
                let press = Callback::new(move |()| open.card.set(true));
                Some(view! { <Button label=t!("Change the card") on_press=press /> }.into_any())
            }
            WayOut::KeepPlan => Some(keep.button()),
            _ => None,
        }
    });
    let state = derive(move || Some(facts.with(State::of)));
    let banner = move || view! { <BillingBanner state button /> }.into_any();
    let dialogs = move || {
        all([
            view! { <SetUpBilling open=open.set_up tier=Tier::Plus billing /> }.into_any(),
            view! { <ChangePlan open=open.change from=tier to=Tier::Plus facts=known.facts /> }.into_any(),
            view! { <AddCard open=open.card /> }.into_any(),
            view! { <EndPlan open=open.end tier billing /> }.into_any(),
        ])
    };
    let plan = move || view! { <Plans known open /> }.into_any();
    let after = move || view! { <After known open keep /> }.into_any();
    el("div")
        .class("billing")
        .with(when(shared, banner))
        .with(when(move || used.get(), move || view! { <Usage known /> }.into_any()))
        .with(when(move || shared() && asks.get(), || view! { <WhoToAsk /> }.into_any()))
        .with(when(move || shared() && manages.get() && used.get(), after))
        .with(when(move || personal.get(), own_words))
        .with(when(shared, plan))
        .with(when(shared, dialogs))
        .view()
}

/// What billing is in a personal organization.
fn own_words() -> AnyView {
    el("p")
        .class("lead")
        .with(t!(
            "A personal organization is free and yours alone. Make a shared organization, with New in the \
             Organizations drawer, to work with others."
        ))
        .view()
}
