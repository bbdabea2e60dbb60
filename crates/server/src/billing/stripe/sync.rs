//! Bringing an organization and Stripe in line: what the database knows goes to Stripe (seats, the
//! plan, the business information), what Stripe knows comes from there (payments, the card, the end
//! of a subscription). Everything is looked at afresh, so it does not matter which message was
//! missed, came twice or in another order.

use atrium_domain::Tier;
use atrium_domain::wire::BusinessInfo;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::Value;
use uuid::Uuid;

use super::business::{self, CUSTOMER, TAX};
use super::client::StripeError;
use super::flows::{self, note};
use super::objects::{Card, Customer, Health, Subscription, health};
use super::operation::{self, Operation};
use super::turn::Turn;
use super::{Failure, Stripe, form, organization, unreadable};
use crate::audit::{Draft, Entry, Operation as AuditName, views};
use crate::db::Change;
use crate::db::entity::{organization as org, stripe_account, stripe_outbox};
use crate::db::now;
use crate::error::{ApiError, Result};
use crate::plan::put_on;

/// How long somebody whose request came to nothing has to try again and take up what it left,
/// before it is taken back.
const GRACE: TimeDelta = TimeDelta::minutes(2);

/// What was found and done.
pub struct Compared {
    /// What was changed, here or at Stripe, each as a sentence.
    pub changes: Vec<String>,
    /// When to look again.
    pub again: Option<DateTime<Utc>>,
}

/// What is to be saved, and what was done at Stripe.
struct Found {
    account: stripe_account::Model,
    /// The card that Stripe charges.
    card: Option<Card>,
    /// The plan that a subscription pays for which was taken up.
    taken_up: Option<Tier>,
    ended: Vec<Uuid>,
    compared: Compared,
}

impl Stripe {
    /// Compares an organization with Stripe and repairs what differs. `seats` is what Stripe is to
    /// bill. With `at_once`, what a failed request left is taken back without waiting.
    pub(super) async fn compare(
        &self,
        turn: &Turn,
        seats: i64,
        at_once: bool,
        row: Option<&stripe_outbox::Model>,
    ) -> std::result::Result<Compared, Failure> {
        let found = self.look(turn, seats, at_once).await?;
        let change = self.db.change().await?;
        let (compared, entry) = save(&change, turn, found).await?;
        if let Some(row) = row {
            done(&change, row, compared.again).await?;
        }
        match entry {
            Some(entry) => change.commit(entry).await?,
            None => change.commit_unrecorded().await?,
        }
        Ok(compared)
    }

    async fn look(&self, turn: &Turn, seats: i64, at_once: bool) -> std::result::Result<Found, Failure> {
        let mut found = Found {
            account: turn.account.clone(),
            card: None,
            taken_up: None,
            ended: Vec::new(),
            compared: Compared { changes: Vec::new(), again: None },
        };
        let Some(id) = found.account.customer_id.clone() else { return Ok(found) };
        let organization = organization(&self.db, turn).await?;
        let customer = match self.client.get(&format!("customers/{id}"), &CUSTOMER, turn.until).await {
            Ok(value) => Customer::read(&value),
            Err(StripeError::Missing) => None,
            Err(error) => return Err(error.into()),
        };
        let Some(customer) = customer else {
            found.compared.changes.push("the customer is gone at Stripe".to_owned());
            found.account.customer_id = None;
            found.account.tax_id = None;
            found.account.tax_value = None;
            over(&mut found.account);
            return Ok(found);
        };
        let open = operation::open(&*self.db, organization.id).await?;
        let there = self.subscriptions(turn.until, &id).await?;
        self.current(turn, &organization, &there, seats, &mut found).await?;
        self.others(turn, &organization, &there, &open, (seats, at_once), &mut found).await?;
        self.business(turn, &organization, &customer, &open, &mut found).await?;
        found.account.payment_method_id = customer.card.as_ref().map(|card| card.id.clone());
        found.card = customer.card;
        Ok(found)
    }

    /// The subscription that pays for the organization: its state comes from Stripe, its seats go
    /// there.
    async fn current(
        &self,
        turn: &Turn,
        organization: &org::Model,
        there: &[Subscription],
        seats: i64,
        found: &mut Found,
    ) -> std::result::Result<(), Failure> {
        let Some(id) = found.account.subscription_id.clone() else { return Ok(()) };
        let Some(subscription) = there.iter().find(|row| row.id == id) else {
            found.compared.changes.push("the subscription has ended at Stripe".to_owned());
            over(&mut found.account);
            return Ok(());
        };
        if found.account.tier.as_deref() != Some(organization.tier.as_str()) {
            // An operator put it on another plan, which this subscription does not pay for.
            self.end(turn, subscription).await?;
            let label = Tier::from(organization.tier.as_str()).label().to_owned();
            found.compared.changes.push(format!("the subscription was ended, since the plan is {label}"));
            over(&mut found.account);
            return Ok(());
        }
        let (before, cancelled) = (found.account.status.clone(), found.account.cancels);
        note(&mut found.account, subscription);
        if before.as_deref() != Some(subscription.status.as_str()) {
            let was = before.as_deref().unwrap_or("unknown");
            found.compared.changes.push(format!("the subscription is {} and was {was}", subscription.status));
        }
        if cancelled != subscription.cancels {
            let what = if subscription.cancels { "ends with its period" } else { "goes on" };
            found.compared.changes.push(format!("the subscription {what}"));
        }
        self.bill(turn, subscription, seats, found).await
    }

    /// Has a subscription bill the seats that there are.
    async fn bill(
        &self,
        turn: &Turn,
        subscription: &Subscription,
        seats: i64,
        found: &mut Found,
    ) -> std::result::Result<(), Failure> {
        if subscription.seats == seats {
            return Ok(());
        }
        let path = format!("subscriptions/{}", subscription.id);
        let fields = form([("items[0][id]", &subscription.item), ("items[0][quantity]", &seats.to_string())]);
        let told = self.set(turn, "seats", &path, &fields).await?;
        let told = Subscription::read(&told).ok_or_else(unreadable)?;
        let change = format!("{} seats are billed instead of {}", told.seats, subscription.seats);
        found.compared.changes.push(change);
        note(&mut found.account, &told);
        Ok(())
    }

    /// Subscriptions of the organization that nothing here knows of: what failed requests and lost
    /// answers left.
    async fn others(
        &self,
        turn: &Turn,
        organization: &org::Model,
        there: &[Subscription],
        open: &[Operation],
        (seats, at_once): (i64, bool),
        found: &mut Found,
    ) -> std::result::Result<(), Failure> {
        for subscription in there {
            // What somebody made by hand at Stripe carries no mark and is left alone.
            let ours = subscription.organization == Some(organization.id);
            if !ours || turn.account.subscription_id.as_ref() == Some(&subscription.id) {
                continue;
            }
            if let Some(operation) = flows::plan_of(open, subscription.operation) {
                let until = operation.created_at + GRACE;
                if !at_once && until > now() {
                    found.compared.again = Some(until);
                    continue;
                }
                let refunded = flows::undo(self, turn.until, operation, subscription).await?;
                found.ended.push(operation.id);
                let money = match refunded {
                    true => "and its payment refunded",
                    false => "and Stripe refuses to refund its payment",
                };
                let change = format!("a subscription from a request that had failed was ended, {money}");
                found.compared.changes.push(change);
                continue;
            }
            let tier =
                subscription.tier.as_deref().map(Tier::from).filter(|tier| self.config.price(tier).is_some());
            let fits =
                |tier: &Tier| [Tier::NoPlan.as_str(), tier.as_str()].contains(&organization.tier.as_str());
            match tier.filter(|tier| {
                fits(tier) && subscription.is_paid() && found.account.subscription_id.is_none()
            }) {
                Some(tier) => {
                    note(&mut found.account, subscription);
                    found.account.tier = Some(tier.as_str().to_owned());
                    found.compared.changes.push(format!(
                        "the plan is {}, since a subscription at Stripe pays for it",
                        tier.label()
                    ));
                    found.taken_up = Some(tier);
                    self.bill(turn, subscription, seats, found).await?;
                }
                None => {
                    self.end(turn, subscription).await?;
                    found.compared.changes.push("a subscription that paid for nothing was ended".to_owned());
                }
            }
        }
        Ok(())
    }

    /// Ends a subscription at once; what was paid beyond today is credited.
    async fn end(&self, turn: &Turn, subscription: &Subscription) -> std::result::Result<(), Failure> {
        let query = [("prorate", "true"), ("invoice_now", "true")];
        Ok(self.client.delete(&format!("subscriptions/{}", subscription.id), &query, turn.until).await?)
    }

    /// The business information, and tax ids that lost answers left.
    async fn business(
        &self,
        turn: &Turn,
        organization: &org::Model,
        customer: &Customer,
        open: &[Operation],
        found: &mut Found,
    ) -> std::result::Result<(), Failure> {
        let id = found.account.customer_id.clone().unwrap_or_default();
        for operation in open {
            let Some(value) = operation.kind.strip_prefix(TAX) else { continue };
            let stray = customer
                .tax_ids
                .iter()
                .find(|(id, own)| own == value && found.account.tax_id.as_ref() != Some(id));
            if let Some((stray, _)) = stray {
                self.client.delete(&format!("customers/{id}/tax_ids/{stray}"), &[], turn.until).await?;
                found.compared.changes.push("a tax id from a request that had failed was removed".to_owned());
                found.ended.push(operation.id);
            }
        }
        let info = organization.business_info.clone();
        let Some(info) = info.and_then(|info| serde_json::from_value::<BusinessInfo>(info).ok()) else {
            return Ok(());
        };
        match business::write(self, turn, &mut found.account, customer, &info).await {
            Ok(written) => {
                found.ended.extend(written.ended);
                if written.changed {
                    found.compared.changes.push("the business information was sent to Stripe".to_owned());
                }
                Ok(())
            }
            // What Stripe will never take must not keep the seats from being told.
            Err(Failure::Here(error)) if error.status.is_client_error() => {
                tracing::warn!(organization = %organization.id, "Stripe does not take the business information");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// Notes that no subscription pays any more.
fn over(account: &mut stripe_account::Model) {
    account.subscription_id = None;
    account.status = Some("canceled".to_owned());
    account.seats = None;
    account.period_end = None;
    account.cancels = false;
}

/// Saves what was found, and lets the organization follow: it works, is switched off, or is without
/// a plan again. The entry for the audit log is there where the organization was changed.
async fn save(change: &Change, turn: &Turn, found: Found) -> Result<(Compared, Option<Entry>)> {
    let mut compared = found.compared;
    let organization = org::Entity::find_by_id(turn.organization())
        .one(&**change)
        .await?
        .ok_or_else(|| ApiError::internal("an account at Stripe without its organization"))?;
    let paid_by_us = found.account.tier.as_deref() == Some(organization.tier.as_str());
    let had = turn.account.subscription_id.is_some();
    let has = found.account.subscription_id.is_some();
    let (old_card, was_disabled) = (organization.payment_method.clone(), organization.disabled);
    let (id, before) = (organization.id, shown(&organization));
    let was = (organization.tier.clone(), organization.disabled);
    let mut row = match &found.taken_up {
        Some(tier) => put_on(organization, tier),
        None if had && !has && paid_by_us => {
            compared.changes.push("the organization is pending again".to_owned());
            put_on(organization, &Tier::NoPlan)
        }
        None => organization.into_active_model(),
    };
    if has && paid_by_us && found.taken_up.is_none() {
        let status = found.account.status.as_deref().unwrap_or_default();
        let disabled = health(status) == Health::Suspended;
        if disabled != was_disabled {
            row.disabled = Set(disabled);
            let what = if disabled { "is switched off" } else { "works again" };
            compared.changes.push(format!("the organization {what}"));
        }
    }
    let card = match found.card {
        Some(card) => Some(serde_json::to_value(card.shown).map_err(ApiError::internal)?),
        None => None,
    };
    // An organization that never had to do with Stripe keeps what it has.
    if turn.account.customer_id.is_some() && !same(old_card.as_ref(), card.as_ref()) {
        compared
            .changes
            .push(if card.is_some() { "the card is another one" } else { "there is no card" }.to_owned());
        row.payment_method = Set(card);
    }
    let mut entry = None;
    if row.is_changed() {
        row.modified_at = Set(now());
        let row = row.update(&**change).await?;
        let same_plan = was == (row.tier.clone(), row.disabled);
        let what = if same_plan { AuditName::UpdatePaymentMethod } else { AuditName::UpdatePaymentPlan };
        // By nobody who is signed in.
        entry = Some(Draft::by_operator(what, id).updated(&[id], before, shown(&row)));
    }
    turn.end(&**change, found.account).await?;
    operation::end(&**change, &found.ended).await?;
    Ok((compared, entry))
}

/// What the audit log shows of an organization and its card.
fn shown(organization: &org::Model) -> Value {
    let mut shown = views::organization(organization);
    shown["payment_method"] = views::card(organization.payment_method.as_ref());
    shown
}

/// Whether two cards show the same.
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    let parts = |card: Option<&Value>| {
        card.map(|card| ["brand", "last4", "exp_month", "exp_year"].map(|part| card.get(part).cloned()))
    };
    parts(one) == parts(other)
}

/// Removes the row that was worked off, if nothing was added to it meanwhile; or puts it off.
async fn done(change: &Change, row: &stripe_outbox::Model, again: Option<DateTime<Utc>>) -> Result<()> {
    use stripe_outbox::Column;
    let same =
        Condition::all().add(Column::OrganizationId.eq(row.organization_id)).add(Column::Id.eq(row.id));
    match again {
        Some(again) => {
            let later = stripe_outbox::ActiveModel {
                next_try_at: Set(again),
                attempts: Set(0),
                ..Default::default()
            };
            stripe_outbox::Entity::update_many().set(later).filter(same).exec(&**change).await?;
        }
        None => {
            stripe_outbox::Entity::delete_many().filter(same).exec(&**change).await?;
        }
    }
    Ok(())
}
