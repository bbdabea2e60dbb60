//! "Set up billing": the team and what it costs, then the card.

use atrium_domain::Tier;
use atrium_domain::wire::{
    Address, BusinessInfo, CompanyInfo, CustomerBillingInfo, OrganizationMembers, PaymentInformation,
    team_cost,
};
use atrium_ui::{
    Banner, Button, ButtonKind, Checkbox, Dialog, DialogActions, FieldKind, InlineError, Messages, Status,
    Steps, TableFrame, TextField, Tone, all, cell, derive, dynamic, el, heading_row, keyed, memo, spawn,
    table_parts, text, when,
};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::cancel_or;
use crate::api::{self, ApiError, Query, query};
use crate::components::{Loaded, money};
use crate::paths;
use crate::session::{Place, Session, changed};

/// The dialog "Set up billing".
#[component]
pub fn SetUpBilling(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The plan that was chosen.
    tier: Tier,
) -> impl IntoView {
    view! {
        <Dialog title="Set up billing" open>
            <Flow open tier=tier.clone() />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Flow(open: RwSignal<bool>, tier: Tier) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let step = RwSignal::new(0_usize);
    let members = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            Some(api::members(place.organization.get()))
        },
    );
    let tier_of_card = tier.clone();
    let elsewhere = derive(move || (step.get() != 0).then(String::new));
    all([
        view! { <Steps steps=vec!["Review team".to_owned(), "Add card".to_owned()] current=step /> }
            .into_any(),
        el("div").live("hidden", elsewhere).with(view! { <ReviewTeam members tier open step /> }).view(),
        when(
            move || step.get() == 1,
            move || view! { <AddCard tier=tier_of_card.clone() open step /> }.into_any(),
        ),
    ])
}

/// The first step: who is in the team, and what that costs.
#[component]
fn ReviewTeam(
    members: Query<OrganizationMembers>,
    tier: Tier,
    open: RwSignal<bool>,
    step: RwSignal<usize>,
) -> impl IntoView {
    let ids = memo(move || {
        members.data.with(|members| {
            let Some(members) = members else { return Vec::new() };
            let active = members.members.iter().map(|one| one.id.clone());
            active.chain(members.pending.iter().map(|one| one.id.clone())).collect::<Vec<_>>()
        })
    });
    let count = memo(move || ids.with(Vec::len));
    let price = tier.terms().price_per_seat.map(u64::from).unwrap_or_default();
    let total = move || team_cost(&tier, count.get(), 0).map(money).unwrap_or_default();
    let seats = move || match count.get() {
        1 => "1 seat".to_owned(),
        many => format!("{many} seats"),
    };
    let waits = derive(move || {
        members.data.with(Option::is_none).then(|| "The team is still being counted.".to_owned())
    });
    let row = move |id: String| {
        let (email, status, tone) = members.data.with_untracked(|all| {
            let active = all.iter().flat_map(|all| &all.members).find(|one| one.id == id);
            let invited = all.iter().flat_map(|all| &all.pending).find(|one| one.id == id);
            match (active, invited) {
                (Some(one), _) => (one.email.clone().unwrap_or_default(), "Active", Tone::Good),
                (None, Some(one)) => (one.email.clone(), "Invited", Tone::Neutral),
                (None, None) => (String::new(), "", Tone::Neutral),
            }
        });
        el("tr")
            .attr("role", "row")
            .with(cell("Email").with(email))
            .with(cell("Status").with(view! { <Status text=status tone /> }))
            .with(cell("A month").class("num").with(money(price)))
            .view()
    };
    let headings = [("Email", ""), ("Status", ""), ("A month", "num")];
    let team = view! {
        <Loaded query=members what="the team" rows=2>
            <TableFrame label="Team members" row_count=derive(move || count.get() + 1)>
                {table_parts(heading_row(&headings), keyed(ids, row))}
            </TableFrame>
        </Loaded>
    };
    let sum = el("div")
        .class("total")
        .with(el("span").with("Total"))
        .with(el("strong").with(text(total)).with(" a month"))
        .with(el("span").class("muted").with(text(seats)).with(" × ").with(money(price)));
    let cancel = Callback::new(move |()| open.set(false));
    let next = view! {
        <Button
            label="Continue"
            kind=ButtonKind::Primary
            disabled_reason=waits
            on_press=Callback::new(move |()| step.set(1))
        />
    };
    let lead = format!(
        "Each seat costs {} a month. Invitations take a seat as well, until you revoke them.",
        money(price)
    );
    all([
        el("p").class("muted").with(lead).view(),
        team.into_any(),
        sum.view(),
        cancel_or(cancel, false, next.into_any()),
    ])
}

/// What is asked about a business.
#[derive(Clone, Copy)]
struct Business {
    on: RwSignal<bool>,
    name: RwSignal<String>,
    line1: RwSignal<String>,
    city: RwSignal<String>,
    postal_code: RwSignal<String>,
    country: RwSignal<String>,
    invoice_email: RwSignal<String>,
}

impl Business {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            on: RwSignal::new(false),
            name: text(),
            line1: text(),
            city: text(),
            postal_code: text(),
            country: text(),
            invoice_email: text(),
        }
    }

    /// What is to be kept; nothing where the payer is no business.
    fn info(self) -> Option<BusinessInfo> {
        let read = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let address = Address {
            line1: read(self.line1),
            city: read(self.city),
            postal_code: read(self.postal_code),
            country: read(self.country).to_ascii_uppercase(),
            line2: None,
            state: None,
        };
        let has_address =
            !(address.line1.is_empty() && address.city.is_empty() && address.postal_code.is_empty());
        self.on.get_untracked().then(|| BusinessInfo {
            company_info: Some(CompanyInfo {
                name: read(self.name),
                address: has_address.then_some(address),
            }),
            tax_id: None,
            invoice_email: Some(read(self.invoice_email)).filter(|email| !email.is_empty()),
            is_business: true,
        })
    }
}

/// The second step: the card. Card numbers go to the payment provider only; test billing has none.
#[component]
fn AddCard(tier: Tier, open: RwSignal<bool>, step: RwSignal<usize>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    let is_test = move || session.info.with(|info| info.instance_flags.billing.as_deref() == Some("test"));
    let intent = RwSignal::new(None::<String>);
    let card_error = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let name_error = RwSignal::new(None::<String>);
    let preparing = RwSignal::new(None::<String>);
    let busy = RwSignal::new(None::<String>);
    // What was done already is not done again when a later step fails and is tried anew.
    let card_kept = StoredValue::new(false);
    let business = Business::new();

    let use_test_card = Callback::new(move |()| {
        preparing.set(Some("Adding the test card".to_owned()));
        card_error.set(None);
        spawn(async move {
            let result = api::setup_intent(place.organization_id()).await;
            preparing.try_set(None);
            match result {
                Ok(made) => {
                    intent.try_set(Some(made.id().to_owned()));
                }
                Err(failed) => {
                    card_error.try_set(Some(failed.sentence));
                }
            }
        });
    });
    let subscribe = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        let Some(setup_intent) = intent.get_untracked() else {
            card_error.set(Some("Add a card first.".to_owned()));
            return;
        };
        let company = business.info();
        let nameless = company
            .as_ref()
            .and_then(|info| info.company_info.as_ref())
            .is_some_and(|one| one.name.is_empty());
        if nameless {
            name_error.set(Some("Enter the name of the business.".to_owned()));
            return;
        }
        name_error.set(None);
        error.set(None);
        busy.set(Some("Subscribing".to_owned()));
        let payment = PaymentInformation { billing_info: test_payer(place), setup_intent };
        let (tier, navigate) = (tier.clone(), navigate.clone());
        spawn(async move {
            let result = pay(place.organization_id(), company, card_kept, payment, tier.clone()).await;
            busy.try_set(None);
            match result {
                Ok(()) => {
                    open.try_set(false);
                    messages.success(format!(
                        "{} is on {} and ready to use.",
                        untrack(|| place.organization_name()),
                        tier.label()
                    ));
                    changed(session.changes.organizations);
                    changed(session.changes.organization);
                    navigate(&paths::organization(&place.organization_id()), NavigateOptions::default());
                }
                Err(failed) => {
                    error.try_set(Some(failed.sentence));
                }
            }
        });
    });
    let has_card = memo(move || intent.with(Option::is_some));
    let no_card = derive(move || (!has_card.get()).then(|| "Add a card first.".to_owned()));
    let choice = move || {
        if has_card.get() {
            el("p").with(view! { <Status text="Test card, Visa ending in 4242" tone=Tone::Good /> }).view()
        } else {
            view! { <Button label="Use test card" busy=preparing on_press=use_test_card autofocus=true /> }
                .into_any()
        }
    };
    let card = move || {
        if is_test() {
            let banner = view! {
                <Banner
                    tone=Tone::Accent
                    title="Test billing"
                    text="This installation charges nobody. No card number is asked for."
                />
            };
            all([banner.into_any(), el("div").class("card-choice").with(dynamic(choice)).view()])
        } else {
            view! {
                <Banner
                    tone=Tone::Warn
                    title="No card can be added here"
                    text="This version of Atrium takes cards through test billing only. Add the card in the console of your installation, then reload this page."
                />
            }
            .into_any()
        }
    };
    let is_business = view! {
        <Checkbox
            label="This is a business"
            checked=business.on
            on_change=Callback::new(move |on| business.on.set(on))
            hint="Adds the business to your invoices."
        />
    };
    let back = Callback::new(move |()| step.set(0));
    let back = view! { <Button label="Back" kind=ButtonKind::Quiet on_press=back /> }.into_any();
    let subscribe = view! {
        <Button
            label="Subscribe"
            kind=ButtonKind::Primary
            disabled_reason=no_card
            busy=busy
            on_press=subscribe
        />
    }
    .into_any();
    all([
        dynamic(card),
        view! { <InlineError text=card_error /> }.into_any(),
        is_business.into_any(),
        when(move || business.on.get(), move || business_fields(business, name_error)),
        view! { <InlineError text=error /> }.into_any(),
        view! { <DialogActions>{all([back, subscribe])}</DialogActions> }.into_any(),
    ])
}

fn business_fields(business: Business, name_error: RwSignal<Option<String>>) -> AnyView {
    let name = view! {
        <TextField
            label="Business name"
            value=business.name
            autocomplete="organization"
            error=name_error
            required=true
        />
    };
    let country = view! {
        <TextField
            label="Country"
            value=business.country
            autocomplete="country"
            hint="Two letters, such as US or DE."
        />
    };
    let invoice_email = view! {
        <TextField
            label="Invoice email"
            value=business.invoice_email
            kind=FieldKind::Email
            autocomplete="email"
            hint="Invoices go here as well."
        />
    };
    el("div")
        .class("fields")
        .with(name)
        .with(view! { <TextField label="Address" value=business.line1 autocomplete="address-line1" /> })
        .with(view! { <TextField label="City" value=business.city autocomplete="address-level2" /> })
        .with(
            view! { <TextField label="Postal code" value=business.postal_code autocomplete="postal-code" /> },
        )
        .with(country)
        .with(invoice_email)
        .view()
}

/// Test billing has no card holder; the API wants one all the same.
fn test_payer(place: Place) -> CustomerBillingInfo {
    let name = place.own.data.with_untracked(|own| {
        let own = own.as_ref().and_then(|own| own.first());
        own.and_then(|member| member.full_name.clone().or_else(|| member.email.clone()))
    });
    CustomerBillingInfo {
        name: name.unwrap_or_else(|| "Test".to_owned()),
        address: Address {
            line1: "Test billing".to_owned(),
            city: "Test billing".to_owned(),
            postal_code: "00000".to_owned(),
            country: "US".to_owned(),
            line2: None,
            state: None,
        },
    }
}

/// The calls in their order: the business, the card, and last what costs money.
async fn pay(
    organization: String,
    company: Option<BusinessInfo>,
    card_kept: StoredValue<bool>,
    payment: PaymentInformation,
    tier: Tier,
) -> Result<(), ApiError> {
    if let Some(company) = company {
        api::set_business_info(organization.clone(), &company).await?;
    }
    if card_kept.try_get_value() != Some(true) {
        api::add_payment_method(organization.clone(), &payment).await?;
        card_kept.try_set_value(true);
    }
    api::change_plan(organization, tier).await
}
