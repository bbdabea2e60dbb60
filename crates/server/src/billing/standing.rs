//! How an organization stands with its payments, as far as answers tell it.

use std::collections::HashMap;

use atrium_domain::billing::{CARD_EXPIRED, PAYMENT_FAILED, PAYMENTS_FAILED};
use chrono::{DateTime, Datelike, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::Value;
use uuid::Uuid;

use crate::db::entity::{organization, stripe_account};
use crate::db::now;

/// How an organization stands with its payments.
pub struct Standing {
    /// Whether it has a customer at Stripe.
    pub stripe: bool,
    /// When the paid period ends.
    pub period_end: Option<DateTime<Utc>>,
    /// Whether the plan ends then.
    pub ends: bool,
    /// What somebody should do about the payments, as a sentence.
    pub problem: Option<&'static str>,
}

/// Looks up how an organization stands; `None` where it has nothing to do with Stripe, and its plan
/// goes on.
///
/// # Errors
/// Whatever the database says.
pub async fn of<C: ConnectionTrait>(
    connection: &C,
    organization: &organization::Model,
) -> Result<Option<Standing>, DbErr> {
    let account = stripe_account::Entity::find_by_id(organization.id).one(connection).await?;
    let told = account.and_then(|account| told_by(account, organization));
    Ok(told.or_else(|| without_stripe(organization)))
}

/// How many organizations stand, by their ids, in one way to the database.
///
/// # Errors
/// Whatever the database says.
pub async fn of_all<C: ConnectionTrait>(
    connection: &C,
    organizations: &[organization::Model],
) -> Result<HashMap<Uuid, Standing>, DbErr> {
    let ids = organizations.iter().map(|organization| organization.id);
    let accounts = stripe_account::Entity::find()
        .filter(stripe_account::Column::OrganizationId.is_in(ids))
        .all(connection)
        .await?;
    let standing = |account: stripe_account::Model| {
        let of = organizations.iter().find(|organization| organization.id == account.organization_id)?;
        Some((of.id, told_by(account, of)?))
    };
    let told: HashMap<_, _> = accounts.into_iter().filter_map(standing).collect();
    let others = organizations.iter().filter(|one| !told.contains_key(&one.id));
    let others: Vec<_> = others.filter_map(|one| Some((one.id, without_stripe(one)?))).collect();
    Ok(told.into_iter().chain(others).collect())
}

/// Where no payments run through Stripe, only that the plan ends can be told.
fn without_stripe(organization: &organization::Model) -> Option<Standing> {
    let ends = |end| Standing { stripe: false, period_end: Some(end), ends: true, problem: None };
    organization.plan_ends_at.map(ends)
}

/// What an account tells; nothing where Stripe has no customer for it.
fn told_by(account: stripe_account::Model, organization: &organization::Model) -> Option<Standing> {
    account.customer_id.as_ref()?;
    let pays = account.subscription_id.is_some();
    let problem = match account.status.as_deref().filter(|_| pays) {
        Some("past_due") => Some(PAYMENT_FAILED),
        Some("unpaid" | "paused" | "incomplete") => Some(PAYMENTS_FAILED),
        _ if has_expired(organization.payment_method.as_ref()) => Some(CARD_EXPIRED),
        _ => None,
    };
    let period_end = account.period_end.filter(|_| pays);
    // An end that was set before payments ran through Stripe comes all the same.
    let here = organization.plan_ends_at.filter(|_| !pays);
    let ends = (pays && account.cancels) || here.is_some();
    Some(Standing { stripe: true, period_end: period_end.or(here), ends, problem })
}

/// Whether the month that stands on the card is over.
fn has_expired(card: Option<&Value>) -> bool {
    let part = |name: &str| card.and_then(|card| card.get(name)).and_then(Value::as_i64);
    let (Some(year), Some(month)) = (part("exp_year"), part("exp_month")) else { return false };
    let today = now();
    (year, month) < (i64::from(today.year()), i64::from(today.month()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        let today = now();
        let card = |year: i32, month: u32| json!({ "exp_year": year, "exp_month": month });
        assert!(!has_expired(Some(&card(today.year(), today.month()))));
        assert!(!has_expired(Some(&card(today.year() + 1, 1))));
        assert!(has_expired(Some(&card(today.year() - 1, 12))));
        assert!(!has_expired(Some(&json!({ "last4": "4242" }))) && !has_expired(None));
    }
}
