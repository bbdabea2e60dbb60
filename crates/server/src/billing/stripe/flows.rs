//! What people ask for: a place for a card, a card, a plan, the end of a plan.

use atrium_domain::Tier;
use atrium_domain::wire::{CustomerBillingInfo, PaymentMethod};
use atrium_words::mark;
use sea_orm::{EntityTrait, Set};
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;

use super::business::address_fields;
use super::client::{Form, StripeError};
use super::objects::{self, Card, Health, Subscription, id_of};
use super::operation::{self, Operation};
use super::turn::Turn;
use super::{Failure, Kept, Stripe, form, organization, unreadable};
use crate::billing::{Intent, outbox};
use crate::db::entity::stripe_account;
use crate::error::ApiError;

/// Begins the kind of an operation that makes a subscription.
pub const PLAN: &str = "plan ";

const NO_CARD: &str = mark!("There is no payment method on file. Add a card first.");

/// Makes a setup intent, and the customer before it where there is none.
pub async fn setup_intent(stripe: &Stripe, turn: &Turn) -> Result<(Intent, Kept), Failure> {
    let account = with_customer(stripe, turn).await?;
    let customer = account.customer_id.clone().unwrap_or_default();
    let operation = operation::begin(&stripe.db, turn.organization(), "setup", None).await?;
    let fields = form([
        ("customer", &customer),
        ("usage", "off_session"),
        ("payment_method_types[0]", "card"),
        (&format!("metadata[{}]", objects::ORGANIZATION), &turn.organization().to_string()),
    ]);
    let made = stripe.post(turn.until, &operation, "intent", "setup_intents", &fields).await?;
    let text = |name: &str| made.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(unreadable);
    let intent = Intent { id: text("id")?, client_secret: text("client_secret")? };
    Ok((intent, Kept { ended: vec![operation.id], ..Kept::account(account) }))
}

/// The account with its customer, who is made and saved where there is none.
async fn with_customer(stripe: &Stripe, turn: &Turn) -> Result<stripe_account::Model, Failure> {
    if turn.account.customer_id.is_some() {
        return Ok(turn.account.clone());
    }
    let organization = organization(&stripe.db, turn).await?;
    let operation = operation::begin(&stripe.db, organization.id, "customer", None).await?;
    let fields = form([
        ("name", &organization.display_name),
        (&format!("metadata[{}]", objects::ORGANIZATION), &organization.id.to_string()),
    ]);
    let made = stripe.post(turn.until, &operation, "make", "customers", &fields).await?;
    let id = id_of(Some(&made)).ok_or_else(unreadable)?;
    let change = stripe.db.change().await?;
    let row = stripe_account::ActiveModel {
        organization_id: Set(organization.id),
        customer_id: Set(Some(id.clone())),
        ..Default::default()
    };
    stripe_account::Entity::update(row).exec(&*change).await?;
    operation::end(&*change, &[operation.id]).await?;
    if organization.business_info.is_some() {
        outbox::compare(&*change, organization.id).await?;
    }
    change.commit_unrecorded().await?;
    Ok(stripe_account::Model { customer_id: Some(id), ..turn.account.clone() })
}

/// Makes the card of a confirmed intent the one that is charged, and has an invoice that waits for
/// its money paid with it.
pub async fn keep_card(
    stripe: &Stripe,
    turn: &Turn,
    intent: &str,
    payer: &CustomerBillingInfo,
) -> Result<(PaymentMethod, Kept), Failure> {
    let mut account = turn.account.clone();
    let customer = account.customer_id.clone().ok_or(StripeError::Failed)?;
    let query = [("expand[]", "payment_method")];
    let confirmed = stripe.client.get(&format!("setup_intents/{intent}"), &query, turn.until).await?;
    let succeeded = confirmed.get("status").and_then(Value::as_str) == Some("succeeded");
    let card = confirmed.get("payment_method").and_then(Card::read).filter(|_| succeeded).ok_or(
        StripeError::Declined(mark!(
            "Stripe refused the card: It was not confirmed. Enter it again, or another one. The \
                 organization is as it was."
        )),
    )?;
    if card.customer.as_deref() != Some(&customer) {
        let path = format!("payment_methods/{}/attach", card.id);
        stripe.set(turn, "attach", &path, &form([("customer", &customer)])).await?;
    }
    let path = format!("customers/{customer}");
    let mut fields = default_card(&card.id);
    // Until somebody tells the business behind it, invoices go to whoever pays.
    if company_of(stripe, turn).await?.is_none() {
        fields.push(("name".to_owned(), payer.name.clone()));
        fields.extend(address_fields(&payer.address));
    }
    stripe.set(turn, "default", &path, &fields).await.map_err(|error| {
        super::business::at_field(error, &["body", "billing_info"], &["body", "billing_info"])
    })?;
    let mut compare = false;
    if let Some(subscription) = account.subscription_id.clone() {
        match pay_what_waits(stripe, turn, &subscription).await {
            Ok(paid) => compare = paid,
            Err(error) => {
                // The organization stays as it was: the card before this one is charged again.
                let before = account.payment_method_id.as_deref().unwrap_or_default();
                stripe.set(turn, "back", &path, &default_card(before)).await?;
                let path = format!("payment_methods/{}/detach", card.id);
                stripe.set(turn, "detach", &path, &Form::new()).await?;
                return Err(error);
            }
        }
    }
    account.payment_method_id = Some(card.id);
    Ok((card.shown, Kept { compare, ..Kept::account(account) }))
}

fn default_card(id: &str) -> Form {
    form([("invoice_settings[default_payment_method]", id)])
}

async fn company_of(stripe: &Stripe, turn: &Turn) -> Result<Option<Value>, Failure> {
    let info = organization(&stripe.db, turn).await?.business_info;
    Ok(info.and_then(|info| info.get("company_info").cloned()).filter(|company| !company.is_null()))
}

/// Pays the last invoice of a subscription if it waits for that. Whether it did.
async fn pay_what_waits(stripe: &Stripe, turn: &Turn, subscription: &str) -> Result<bool, Failure> {
    let query = [("expand[]", "latest_invoice")];
    let path = format!("subscriptions/{subscription}");
    let found = match stripe.client.get(&path, &query, turn.until).await {
        Err(StripeError::Missing) => return Ok(false),
        found => found?,
    };
    let owes =
        !matches!(found.get("status").and_then(Value::as_str), Some("active" | "trialing" | "canceled"));
    let open = found.pointer("/latest_invoice/status").and_then(Value::as_str) == Some("open");
    let Some(invoice) = id_of(found.get("latest_invoice")).filter(|_| owes && open) else { return Ok(false) };
    let paid = stripe.set(turn, "pay", &format!("invoices/{invoice}/pay"), &Form::new()).await?;
    match paid.get("status").and_then(Value::as_str) {
        Some("paid") => Ok(true),
        _ => Err(StripeError::Declined(mark!(
            "Stripe refused the card: The open invoice could not be paid with it. The organization is as it \
             was."
        ))
        .into()),
    }
}

/// Subscribes, or moves the subscription to another plan.
pub async fn set_plan(stripe: &Stripe, turn: &Turn, tier: &Tier, seats: u64) -> Result<((), Kept), Failure> {
    let mut account = turn.account.clone();
    let customer = account.customer_id.clone().filter(|_| account.payment_method_id.is_some());
    let customer = customer.ok_or_else(|| ApiError::bad_request(NO_CARD))?;
    let price = stripe.config.price(tier).ok_or(StripeError::Failed)?;
    let seats = i64::try_from(seats).unwrap_or(i64::MAX);
    let kind = format!("{PLAN}{} {price}", tier.as_str());
    let operation = operation::begin(&stripe.db, turn.organization(), &kind, Some(seats)).await?;
    let open = operation::open(&*stripe.db, turn.organization()).await?;
    // Before anything is bought: what is there already, by this or by an earlier try.
    let there = stripe.subscriptions(turn.until, &customer).await?;
    let current = |row: &&Subscription| account.subscription_id.as_ref() == Some(&row.id);
    let ours = |row: &&Subscription| {
        row.organization == Some(turn.organization()) && row.is_paid() && !is_undone(&open, row.operation)
    };
    let subscription = match there.iter().find(current).or_else(|| there.iter().find(ours)) {
        Some(found) if found.health() == Health::Suspended => {
            return Err(StripeError::Declined(mark!(
                "Stripe refused the card: The last payments failed. Add another card first. The \
                 organization is as it was."
            ))
            .into());
        }
        Some(found) => move_to(stripe, turn, found, tier, price).await?,
        None => subscribe(stripe, turn, &operation, &customer, tier, price).await?,
    };
    note(&mut account, &subscription);
    account.tier = Some(tier.as_str().to_owned());
    // Whatever was tried before this one has come to its end with it.
    let ended = open.into_iter().filter(|row| row.kind.starts_with(PLAN)).map(|row| row.id).collect();
    Ok(((), Kept { ended, ..Kept::account(account) }))
}

/// Notes a subscription as the one that pays for the organization.
pub fn note(account: &mut stripe_account::Model, subscription: &Subscription) {
    account.subscription_id = Some(subscription.id.clone());
    account.status = Some(subscription.status.clone());
    account.seats = Some(subscription.seats);
    account.period_end = subscription.period_end;
    account.cancels = subscription.cancels;
}

async fn move_to(
    stripe: &Stripe,
    turn: &Turn,
    found: &Subscription,
    tier: &Tier,
    price: &str,
) -> Result<Subscription, Failure> {
    let mut fields = Form::new();
    if found.price != price {
        fields.extend(form([
            ("items[0][id]", &found.item),
            ("items[0][plan]", price),
            ("items[0][quantity]", &found.seats.to_string()),
        ]));
    }
    if found.cancels {
        fields.extend(form([("cancel_at_period_end", "false")]));
    }
    if found.tier.as_deref() != Some(tier.as_str()) {
        fields.extend(form([(&format!("metadata[{}]", objects::TIER), tier.as_str())]));
    }
    if fields.is_empty() {
        return Ok(found.clone());
    }
    let moved = stripe.set(turn, "move", &format!("subscriptions/{}", found.id), &fields).await?;
    Subscription::read(&moved).ok_or_else(unreadable)
}

async fn subscribe(
    stripe: &Stripe,
    turn: &Turn,
    operation: &Operation,
    customer: &str,
    tier: &Tier,
    price: &str,
) -> Result<Subscription, Failure> {
    let metadata = |name: &str| format!("metadata[{name}]");
    let fields = form([
        ("customer", customer),
        // Stripe takes a price's id under its older name, too; localstripe knows that one alone.
        ("items[0][plan]", price),
        ("items[0][quantity]", &operation.seats.unwrap_or(1).to_string()),
        // No subscription at all rather than one that nobody has paid.
        ("payment_behavior", "error_if_incomplete"),
        (&metadata(objects::ORGANIZATION), &turn.organization().to_string()),
        (&metadata(objects::OPERATION), &operation.id.to_string()),
        (&metadata(objects::TIER), tier.as_str()),
    ]);
    let made = stripe.post(turn.until, operation, "subscribe", "subscriptions", &fields).await?;
    let made = Subscription::read(&made).ok_or_else(unreadable)?;
    if made.is_paid() {
        return Ok(made);
    }
    stripe.client.delete(&format!("subscriptions/{}", made.id), &[], turn.until).await?;
    let change = stripe.db.change().await?;
    operation::end(&*change, &[operation.id]).await?;
    change.commit_unrecorded().await?;
    Err(StripeError::Declined(mark!(
        "Stripe refused the card: Its bank wants the payment confirmed. Enter it again, or another one. The \
         organization is as it was."
    ))
    .into())
}

/// Ends the subscription with the period that is paid.
pub async fn end_plan(stripe: &Stripe, turn: &Turn) -> Result<((), Kept), Failure> {
    let mut account = turn.account.clone();
    let none = || ApiError::bad_request(mark!("This organization has no subscription to end."));
    let id = account.subscription_id.clone().ok_or_else(none)?;
    let fields = form([("cancel_at_period_end", "true")]);
    let ended = match stripe.set(turn, "end", &format!("subscriptions/{id}"), &fields).await {
        // It has ended already; the background task finds that out for the rest.
        Err(Failure::Stripe(StripeError::Missing)) => return Err(none().into()),
        ended => Subscription::read(&ended?).ok_or_else(unreadable)?,
    };
    note(&mut account, &ended);
    Ok(((), Kept::account(account)))
}

/// Ends every subscription of the customer at once. What was paid is not given back, but for a
/// subscription that came of a request which was told to have failed.
pub async fn end_at_once(stripe: &Stripe, turn: &Turn) -> Result<((), Kept), Failure> {
    let mut account = turn.account.clone();
    if let Some(customer) = &account.customer_id {
        let open = operation::open(&*stripe.db, turn.organization()).await?;
        for subscription in stripe.subscriptions(turn.until, customer).await? {
            let kept = account.subscription_id.as_ref() == Some(&subscription.id);
            if let Some(operation) = plan_of(&open, subscription.operation).filter(|_| !kept) {
                undo(stripe, turn.until, operation, &subscription).await?;
                continue;
            }
            let path = format!("subscriptions/{}", subscription.id);
            match stripe.client.delete(&path, &[], turn.until).await {
                // It has ended already.
                Ok(_) | Err(StripeError::Missing) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    account.subscription_id = None;
    account.cancels = false;
    Ok(((), Kept::account(account)))
}

/// Takes a subscription back that came of a request which was told to have failed: the money goes
/// back, and it ends at once. `false` where Stripe refuses the first for good.
///
/// It ends last: what has ended is not found again, so a try that fails on the way is made again, with
/// the same refund.
pub async fn undo(
    stripe: &Stripe,
    until: Instant,
    operation: &Operation,
    subscription: &Subscription,
) -> Result<bool, Failure> {
    // Before anything else: whoever asks for the plan meanwhile buys it, and does not take up what is
    // paid back.
    operation::undo(&stripe.db, operation.id).await?;
    let refunded = refund(stripe, until, operation, subscription).await?;
    stripe.client.delete(&format!("subscriptions/{}", subscription.id), &[], until).await?;
    Ok(refunded)
}

/// Gives back what was paid for a subscription. `false` where Stripe refuses that for good.
async fn refund(
    stripe: &Stripe,
    until: Instant,
    operation: &Operation,
    subscription: &Subscription,
) -> Result<bool, Failure> {
    let Some(invoice) = id_of(subscription.invoice.as_ref()) else { return Ok(true) };
    let invoice = stripe.client.get(&format!("invoices/{invoice}"), &[], until).await?;
    let paid = invoice.get("amount_paid").and_then(Value::as_i64).unwrap_or(0) > 0;
    let Some(charge) = id_of(invoice.get("charge")).filter(|_| paid) else { return Ok(true) };
    // Not as a step that ends the operation where it is refused: the subscription is there yet.
    let fields = form([("charge", &charge)]);
    match stripe.client.post("refunds", &fields, &operation.key("refund"), until).await {
        Ok(_) => Ok(true),
        Err(StripeError::Invalid { code, .. }) if code == "charge_already_refunded" => Ok(true),
        // Another try would hear the same, and the next month would be charged meanwhile.
        Err(StripeError::Refused(_) | StripeError::Invalid { .. } | StripeError::Missing) => {
            let organization = operation.organization_id;
            tracing::error!(%organization, "Stripe refuses to refund a payment; it is to be done by hand");
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// The open operation that may have made a subscription, or that takes it back.
pub fn plan_of(open: &[Operation], id: Option<Uuid>) -> Option<&Operation> {
    let fits = |row: &&Operation| row.kind.starts_with(PLAN) || row.kind.starts_with(operation::UNDO);
    open.iter().filter(fits).find(|row| Some(row.id) == id)
}

/// Whether a subscription is being taken back.
fn is_undone(open: &[Operation], id: Option<Uuid>) -> bool {
    plan_of(open, id).is_some_and(|row| row.kind.starts_with(operation::UNDO))
}
