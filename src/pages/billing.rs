//! Settings > Usage and billing: the gate of a pending organization, plans, card and seats.

use atrium_domain::wire::{BillingInfo, PaymentMethod};
use atrium_domain::{Action, Tier};
use atrium_ui::{Badge, Banner, Button, ButtonKind, Icon, IconView, Tone, memo};
use leptos::prelude::*;

use crate::api::{self, Query, query};
use crate::components::{Loaded, OrganizationIdButton, PageTitle, money, number};
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
    let title = Signal::derive(move || {
        if pending.get() { "Set up billing".to_owned() } else { "Usage and billing".to_owned() }
    });
    view! {
        <PageTitle title>
            <OrganizationIdButton />
        </PageTitle>
        {atrium_ui::optional(move || {
            pending
                .get()
                .then(|| {
                    view! {
                        <Banner
                            tone=Tone::Warn
                            title="This organization is pending"
                            text="It can be used once it has a plan and a card. Nothing is charged before you subscribe. You can already invite people."
                        />
                    }.into_any()
                })
        })}
        <Loaded query=billing what="billing" rows=4>
            <Billing billing />
        </Loaded>
    }
    .into_any()
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
    view! {
        {atrium_ui::optional(move || (!pending.get()).then(|| view! { <Usage billing /> }.into_any()))}
        {atrium_ui::optional(move || {
            (!pending.get() && !personal.get()).then(|| view! { <Card card /> }.into_any())
        })}
        {atrium_ui::dynamic(move || {
            if personal.get() {
                view! {
                    <p class="lead">
                        "A personal organization is free and yours alone. Make a shared organization, with New in the Organizations drawer, to work with others."
                    </p>
                }
                    .into_any()
            } else {
                view! {
                    <section class="plans" aria-labelledby="plans">
                        <h2 id="plans">"Plans"</h2>
                        <div class="plan-list">
                            <PlusPlan tier subscribing />
                            <EnterprisePlan tier />
                        </div>
                        {atrium_ui::optional(move || {
                            is_test()
                                .then(|| view! { <p class="muted">"This installation uses test billing: nobody is charged."</p> }.into_any())
                        })}
                    </section>
                    <SetUpBilling open=subscribing tier=Tier::Plus />
                }
                    .into_any()
            }
        })}
        {atrium_ui::optional(move || {
            place.why_not(&Action::ManageBilling)
                .map(|_| view! { <p class="note">"Organization Admins and Operators manage billing. Ask one of them to change it."</p> }.into_any())
        })}
    }
    .into_any()
}

/// The plan, the seats and the workspaces.
#[component]
fn Usage(billing: Query<BillingInfo>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let members = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            Some(api::members(place.organization.get()))
        },
    );
    let plan = move || {
        billing
            .data
            .with(|data| data.as_ref().and_then(|data| data.tier.clone()))
            .map(|tier| tier.label().to_owned())
    };
    let limit = move || billing.data.with(|data| data.as_ref().map_or(0, |data| data.config.max_identities));
    let workspaces_limit =
        move || billing.data.with(|data| data.as_ref().map_or(0, |data| data.config.max_workspaces));
    let seats = move || {
        members.data.with(|members| match members {
            Some(members) => number((members.members.len() + members.pending.len()) as u64),
            None => "–".to_owned(),
        })
    };
    let workspaces = move || {
        place
            .workspaces
            .data
            .with(|all| all.as_ref().map_or_else(|| "–".to_owned(), |all| number(all.len() as u64)))
    };
    view! {
        <dl class="counts">
            <div class="count">
                <dt>"Plan"</dt>
                <dd>{plan}</dd>
            </div>
            <div class="count">
                <dt>"Seats used"</dt>
                <dd>{seats} <span class="of">" of " {atrium_ui::text(move || number(u64::from(limit())))}</span></dd>
            </div>
            <div class="count">
                <dt>"Workspaces open to you"</dt>
                <dd>{workspaces} <span class="of">" of " {atrium_ui::text(move || number(u64::from(workspaces_limit())))}</span></dd>
            </div>
        </dl>
    }
    .into_any()
}

/// The card on file.
#[component]
fn Card(card: Memo<Option<PaymentMethod>>) -> impl IntoView {
    view! {
        <section class="panel" aria-label="Payment method">
            <h2>"Payment method"</h2>
            {atrium_ui::dynamic(move || match card.get() {
                Some(card) => {
                    view! {
                        <p class="card-on-file">
                            <IconView icon=Icon::CreditCard />
                            <span>{card_text(&card)}</span>
                        </p>
                    }
                        .into_any()
                }
                None => view! { <p class="muted">"No card is on file. This plan was set by the operator of the installation."</p> }.into_any(),
            })}
        </section>
    }
    .into_any()
}

fn card_text(card: &PaymentMethod) -> String {
    let brand = card.brand.as_deref().unwrap_or("card");
    let mut letters = brand.chars();
    let brand = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect::<String>())
        .unwrap_or_default();
    let digits = card.last4.as_deref().map(|digits| format!(" ending in {digits}")).unwrap_or_default();
    let expiry = match (card.exp_month, card.exp_year) {
        (Some(month), Some(year)) => format!(", valid until {month:02}/{year}"),
        _ => String::new(),
    };
    format!("{brand}{digits}{expiry}")
}

/// A plan, as a card of the list.
#[component]
fn Plan(
    name: &'static str,
    price: String,
    unit: &'static str,
    points: Vec<String>,
    /// The button, or the mark of the current plan.
    children: Children,
) -> impl IntoView {
    let id = format!("plan-{}", name.to_lowercase());
    let labelled_by = id.clone();
    view! {
        <article class="plan" aria-labelledby=labelled_by>
            <div class="plan-head">
                <h3 id=id>{name}</h3>
                {children()}
            </div>
            <p class="plan-price">
                <strong>{price}</strong>
                " "
                <span class="muted">{unit}</span>
            </p>
            <ul class="plan-points">
                {points
                    .into_iter()
                    .map(|point| {
                        view! {
                            <li>
                                <IconView icon=Icon::Check />
                                {point}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </article>
    }
    .into_any()
}

#[component]
fn PlusPlan(tier: Memo<Tier>, subscribing: RwSignal<bool>) -> impl IntoView {
    let place = Place::current();
    let terms = Tier::Plus.terms();
    let points = vec![
        format!("Up to {} seats", terms.max_identities),
        format!("Up to {} workspaces", terms.max_workspaces),
        "Organization roles that differ".to_owned(),
    ];
    let price = terms.price_per_seat.map(|price| money(u64::from(price))).unwrap_or_default();
    let reason = Signal::derive(move || place.why_not(&Action::ManageBilling));
    let current = memo(move || tier.with(|tier| tier.label() == Tier::Plus.label()));
    let above = memo(move || tier.with(|tier| matches!(tier.label(), "Enterprise" | "Premier")));
    view! {
        <Plan name="Plus" price unit="a seat and month" points>
            {atrium_ui::dynamic(move || {
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
            })}
        </Plan>
    }
    .into_any()
}

#[component]
fn EnterprisePlan(tier: Memo<Tier>) -> impl IntoView {
    let current = memo(move || tier.with(|tier| tier.label() == Tier::Enterprise.label()));
    let points = vec![
        "Workspace roles that differ".to_owned(),
        "Custom roles, permission by permission".to_owned(),
        "Audit log".to_owned(),
        "Ask the operator of this installation for it".to_owned(),
    ];
    view! {
        <Plan name="Enterprise" price="By agreement".to_owned() unit="" points>
            {atrium_ui::dynamic(move || {
                if current.get() {
                    view! { <Badge text="Current plan" tone=Tone::Good /> }.into_any()
                } else {
                    view! { <span class="plan-note muted">"Sold by people"</span> }.into_any()
                }
            })}
        </Plan>
    }
    .into_any()
}
