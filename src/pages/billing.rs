//! Settings > Usage and billing: the gate of a pending organization, plans, card and seats.

use atrium_domain::wire::{BillingInfo, OrganizationSlim, PaymentMethod};
use atrium_domain::{Action, Tier};
use atrium_ui::{
    Badge, Banner, Button, ButtonKind, El, Icon, IconView, Text, Tone, all, derive, dynamic, el, lower, memo,
    text, when,
};
use leptos::prelude::*;

use crate::api::{self, Query, query};
use crate::components::{Discard, Loaded, OrganizationIdButton, PageTitle, PeopleCount, money, number};
use crate::forms::SetUpBilling;
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
            Some(api::billing(place.organization.get()))
        },
    );
    let title =
        derive(
            move || {
                if pending.get() { "Set up billing".to_owned() } else { "Usage and billing".to_owned() }
            },
        );
    let title = view! {
        <PageTitle title>
            <OrganizationIdButton />
        </PageTitle>
    };
    let banner = || {
        view! {
            <Banner
                tone=Tone::Warn
                title="This organization is pending"
                text="It can be used once it has a plan and a card. Nothing is charged before you subscribe. You can already invite people."
            />
        }
        .into_any()
    };
    let page = view! {
        <Loaded query=billing what="billing" rows=4>
            <Billing billing />
        </Loaded>
    };
    all([
        title.into_any(),
        when(move || pending.get(), banner),
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
        .with(el("h2").attr("id", "discard").with("Not needed after all?"))
        .with(
            el("p")
                .class("muted")
                .with("It waits here and in the Organizations drawer as long as you like. If nobody goes on with it, discard it."),
        )
        .with(view! {
            <Button label="Discard this organization" icon=Icon::Trash disabled_reason=reason on_press=ask />
        });
    all([section.view(), view! { <Discard asked /> }.into_any()])
}

#[component]
fn Billing(billing: Query<BillingInfo>) -> impl IntoView {
    let place = Place::current();
    let session = Session::current();
    let subscribing = RwSignal::new(false);
    let tier = memo(move || {
        billing.data.with(|data| data.as_ref().and_then(|data| data.tier.clone())).unwrap_or(Tier::NoPlan)
    });
    let personal = memo(move || billing.data.with(|data| data.as_ref().is_some_and(|data| data.is_personal)));
    let pending = memo(move || tier.get() == Tier::NoPlan);
    let card =
        memo(move || billing.data.with(|data| data.as_ref().and_then(|data| data.payment_method.clone())));
    let is_test = move || session.info.with(|info| info.instance_flags.billing.as_deref() == Some("test"));
    let plans = move || {
        if personal.get() {
            return el("p")
                .class("lead")
                .with(
                    "A personal organization is free and yours alone. Make a shared organization, with New in \
                     the Organizations drawer, to work with others.",
                )
                .view();
        }
        let test =
            || el("p").class("muted").with("This installation uses test billing: nobody is charged.").view();
        let plans = el("section")
            .class("plans")
            .attr("aria-labelledby", "plans")
            .with(el("h2").attr("id", "plans").with("Plans"))
            .with(
                el("div")
                    .class("plan-list")
                    .with(plus_plan(place, tier, subscribing))
                    .with(enterprise_plan(tier)),
            )
            .with(when(is_test, test));
        all([plans.view(), view! { <SetUpBilling open=subscribing tier=Tier::Plus /> }.into_any()])
    };
    let who_may = || {
        el("p")
            .class("note")
            .with("Organization Admins and Operators manage billing. Ask one of them to change it.")
            .view()
    };
    all([
        when(move || !pending.get(), move || view! { <Usage billing /> }.into_any()),
        when(move || !pending.get() && !personal.get(), move || card_panel(card)),
        dynamic(plans),
        when(move || place.why_not(&Action::ManageBilling).is_some(), who_may),
    ])
}

/// The plan, the seats and the workspaces.
#[component]
fn Usage(billing: Query<BillingInfo>) -> impl IntoView {
    let place = Place::current();
    let people = PeopleCount::ask();
    let plan = move || {
        billing
            .data
            .with(|data| data.as_ref().and_then(|data| data.tier.clone()))
            .map_or_else(String::new, |tier| tier.label().to_owned())
    };
    let limit = move || billing.data.with(|data| data.as_ref().map_or(0, |data| data.config.max_identities));
    let workspaces_limit =
        move || billing.data.with(|data| data.as_ref().map_or(0, |data| data.config.max_workspaces));
    let seats = move || people.total().map_or_else(|| "–".to_owned(), number);
    let workspaces = move || {
        place
            .workspaces
            .data
            .with(|all| all.as_ref().map_or_else(|| "–".to_owned(), |all| number(all.len() as u64)))
    };
    let count = |name: &str, number: El| el("div").class("count").with(el("dt").with(name)).with(number);
    let of = |limit: Text| el("span").class("of").with(" of ").with(limit);
    let seats = el("dd").with(text(seats)).with(of(text(move || number(u64::from(limit())))));
    let workspaces =
        el("dd").with(text(workspaces)).with(of(text(move || number(u64::from(workspaces_limit())))));
    el("dl")
        .class("counts")
        .with(count("Plan", el("dd").with(text(plan))))
        .with(count("Seats used", seats))
        .with(count("Workspaces open to you", workspaces))
        .view()
}

/// The card on file.
fn card_panel(card: Memo<Option<PaymentMethod>>) -> AnyView {
    let on_file = move || match card.get() {
        Some(card) => el("p")
            .class("card-on-file")
            .with(view! { <IconView icon=Icon::CreditCard /> })
            .with(el("span").with(card_text(&card)))
            .view(),
        None => el("p")
            .class("muted")
            .with("No card is on file. This plan was set by the operator of the installation.")
            .view(),
    };
    el("section")
        .class("panel")
        .attr("aria-label", "Payment method")
        .with(el("h2").with("Payment method"))
        .with(dynamic(on_file))
        .view()
}

fn card_text(card: &PaymentMethod) -> String {
    let brand = card.brand.as_deref().unwrap_or("card");
    let mut letters = brand.chars();
    let brand = letters
        .next()
        .map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect::<String>())
        .unwrap_or_default();
    let digits = card.last4.as_deref().map(|digits| format!(" ending in {digits}")).unwrap_or_default();
    let expiry = match (card.exp_month, card.exp_year) {
        (Some(month), Some(year)) => format!(", valid until {month:02}/{year}"),
        _ => String::new(),
    };
    format!("{brand}{digits}{expiry}")
}

/// A plan, as a card of the list. `mark` is the button, or the mark of the current plan.
fn plan(name: &str, price: String, unit: &str, points: Vec<String>, mark: AnyView) -> El {
    let id = format!("plan-{}", lower(name));
    let point = |list: El, point: String| {
        list.with(el("li").with(view! { <IconView icon=Icon::Check /> }).with(point))
    };
    el("article")
        .class("plan")
        .attr("aria-labelledby", &id)
        .with(el("div").class("plan-head").with(el("h3").attr("id", &id).with(name)).with(mark))
        .with(
            el("p")
                .class("plan-price")
                .with(el("strong").with(price))
                .with(" ")
                .with(el("span").class("muted").with(unit)),
        )
        .with(points.into_iter().fold(el("ul").class("plan-points"), point))
}

fn plus_plan(place: Place, tier: Memo<Tier>, subscribing: RwSignal<bool>) -> El {
    let terms = Tier::Plus.terms();
    let points = vec![
        format!("Up to {} seats", terms.max_identities),
        format!("Up to {} workspaces", terms.max_workspaces),
        "Organization roles that differ".to_owned(),
    ];
    let price = terms.price_per_seat.map(|price| money(u64::from(price))).unwrap_or_default();
    let reason = derive(move || place.why_not(&Action::ManageBilling));
    let current = memo(move || tier.with(|tier| tier.label() == Tier::Plus.label()));
    let above = memo(move || tier.with(|tier| matches!(tier.label(), "Enterprise" | "Premier")));
    let mark = move || {
        if current.get() {
            view! { <Badge text="Current plan" tone=Tone::Good /> }.into_any()
        } else if above.get() {
            ().into_any()
        } else {
            view! {
                <Button
                    label="Subscribe"
                    kind=ButtonKind::Primary
                    disabled_reason=reason
                    on_press=Callback::new(move |()| subscribing.set(true))
                />
            }
            .into_any()
        }
    };
    plan("Plus", price, "a seat and month", points, dynamic(mark))
}

fn enterprise_plan(tier: Memo<Tier>) -> El {
    let current = memo(move || tier.with(|tier| tier.label() == Tier::Enterprise.label()));
    let points = vec![
        "Workspace roles that differ".to_owned(),
        "Custom roles, permission by permission".to_owned(),
        "Audit log".to_owned(),
        "Ask the operator of this installation for it".to_owned(),
    ];
    let mark = move || {
        if current.get() {
            view! { <Badge text="Current plan" tone=Tone::Good /> }.into_any()
        } else {
            el("span").class("plan-note muted").with("Sold by people").view()
        }
    };
    plan("Enterprise", "By agreement".to_owned(), "", points, dynamic(mark))
}
