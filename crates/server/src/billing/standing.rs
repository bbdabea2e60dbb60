//! How an organization stands with Stripe, as far as answers tell it.

use chrono::{DateTime, Datelike, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde_json::Value;

use crate::db::entity::{organization, stripe_account};
use crate::db::now;

/// How an organization stands with Stripe.
pub struct Standing {
    /// When the paid period ends.
    pub period_end: Option<DateTime<Utc>>,
    /// Whether the plan ends then.
    pub ends: bool,
    /// What somebody should do about the payments, as a sentence.
    pub problem: Option<&'static str>,
}

/// Looks up how an organization stands; `None` where it has nothing to do with Stripe.
///
/// # Errors
/// Whatever the database says.
pub async fn of<C: ConnectionTrait>(
    connection: &C,
    organization: &organization::Model,
) -> Result<Option<Standing>, DbErr> {
    let account = stripe_account::Entity::find_by_id(organization.id).one(connection).await?;
    let Some(account) = account.filter(|account| account.customer_id.is_some()) else { return Ok(None) };
    let pays = account.subscription_id.is_some();
    let problem = match account.status.as_deref().filter(|_| pays) {
        Some("past_due") => {
            Some("The last payment failed. Change the card before the organization is switched off.")
        }
        Some("unpaid" | "paused" | "incomplete") => {
            Some("The payments failed, and the organization is switched off. Change the card to go on.")
        }
        _ if has_expired(organization.payment_method.as_ref()) => {
            Some("The card has expired. Add another one before the next payment.")
        }
        _ => None,
    };
    let period_end = account.period_end.filter(|_| pays);
    Ok(Some(Standing { period_end, ends: pays && account.cancels, problem }))
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
