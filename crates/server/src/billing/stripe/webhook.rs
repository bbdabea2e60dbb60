//! Messages of Stripe. A message is a hint that something has changed, no more: what has changed
//! is asked from Stripe. So it may come late, twice or in another order.

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, TryInsertResult};
use serde_json::Value;
use sha2::Sha256;

use super::Stripe;
use super::objects::id_of;
use crate::billing::outbox;
use crate::db::entity::{stripe_account, stripe_event};
use crate::db::now;
use crate::error::{ApiError, Result};

/// How old a signature may be, in seconds, and how far ahead our clock may be behind.
const TOLERANCE: i64 = 300;
/// How long the ids of messages are kept, in days: longer than Stripe repeats one.
const KEPT: i64 = 30;
/// The kinds of messages that are heeded, by how they begin.
const HEEDED: &[&str] = &["customer.", "invoice.", "payment_method."];

/// Takes a message: verified, once.
///
/// # Errors
/// 404 where no secret is set, 400 for a message that is not Stripe's or too old.
pub async fn take(stripe: &Stripe, signature: Option<&str>, body: &[u8]) -> Result<()> {
    let secret = stripe.config.webhook_secret.as_deref();
    let secret = secret.ok_or_else(|| ApiError::not_found("Not Found"))?;
    verify(secret, signature.unwrap_or_default(), body, now().timestamp()).map_err(ApiError::bad_request)?;
    let event: Value = serde_json::from_slice(body).unwrap_or_default();
    let (Some(id), Some(kind)) =
        (event.get("id").and_then(Value::as_str), event.get("type").and_then(Value::as_str))
    else {
        return Err(ApiError::bad_request("This is no event."));
    };
    let customer = customer_of(&event).filter(|_| HEEDED.iter().any(|own| kind.starts_with(own)));
    let Some(customer) = customer else { return Ok(()) };
    let change = stripe.db.change().await?;
    let account = stripe_account::Entity::find()
        .filter(stripe_account::Column::CustomerId.eq(customer))
        .one(&*change)
        .await?;
    // Others may use the same account at Stripe.
    let Some(account) = account else { return Ok(()) };
    let row = stripe_event::Model { id: id.to_owned(), received_at: now() };
    let inserted = stripe_event::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing()
        .exec_without_returning(&*change)
        .await?;
    if !matches!(inserted, TryInsertResult::Inserted(1)) {
        return Ok(());
    }
    let old = stripe_event::Column::ReceivedAt.lt(now() - TimeDelta::days(KEPT));
    stripe_event::Entity::delete_many().filter(old).exec(&*change).await?;
    outbox::compare(&*change, account.organization_id).await?;
    change.commit_unrecorded().await?;
    Ok(())
}

/// Reads a message as [`take`] does, for the fuzz targets; gives back whether it passed for Stripe's.
#[cfg(fuzzing)]
pub fn read_message(header: &str, body: &[u8]) -> bool {
    use super::objects::{Card, Customer, Subscription};
    let event: Value = serde_json::from_slice(body).unwrap_or_default();
    customer_of(&event);
    for object in [&event, event.pointer("/data/object").unwrap_or(&Value::Null)] {
        Customer::read(object);
        Card::read(object);
        Subscription::read(object);
    }
    verify("whsec_nobody_knows", header, body, now().timestamp()).is_ok()
}

/// The customer whom a message is about.
fn customer_of(event: &Value) -> Option<String> {
    let object = event.pointer("/data/object")?;
    if object.get("object").and_then(Value::as_str) == Some("customer") {
        return id_of(Some(object));
    }
    // A card that was detached has a customer no more.
    let before = event.pointer("/data/previous_attributes/customer");
    id_of(object.get("customer")).or_else(|| id_of(before))
}

/// Whether a message is Stripe's: `t=…,v1=…` with the HMAC-SHA256 of time, point and body, of the
/// last five minutes (<https://docs.stripe.com/webhooks#verify-manually>).
fn verify(secret: &str, header: &str, body: &[u8], now: i64) -> std::result::Result<(), &'static str> {
    let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let time = pairs().find(|(name, _)| *name == "t").map(|(_, value)| value).unwrap_or_default();
    let genuine =
        pairs().filter(|(name, _)| *name == "v1").filter_map(|(_, value)| unhex(value)).any(|given| {
            Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mac| {
                let signed = mac.chain_update(time).chain_update(b".").chain_update(body);
                signed.verify_slice(&given).is_ok()
            })
        });
    let sent = time.parse::<i64>().ok().filter(|_| genuine);
    let sent = sent.ok_or("The signature is not Stripe's for this endpoint.")?;
    if now.abs_diff(sent) > TOLERANCE.unsigned_abs() {
        return Err("The signature is older than five minutes, or from the future.");
    }
    Ok(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sign(secret: &str, time: &str, body: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let bytes = mac.chain_update(time).chain_update(b".").chain_update(body).finalize().into_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn only_stripes_own_fresh_messages() {
        let (body, now) = (br#"{"id":"evt_1"}"#.as_slice(), 1_800_000_000);
        let good = sign("whsec_1", "1800000000", body);
        let check = |header: &str, now| verify("whsec_1", header, body, now);
        assert_eq!(check(&format!("t=1800000000,v1={good}"), now), Ok(()));
        assert_eq!(
            check(&format!("t=1800000000, v0=00, v1=ff, v1={good}"), now + 300),
            Ok(()),
            "a new secret"
        );
        assert!(check(&format!("t=1800000000,v1={good}"), now + 301).unwrap_err().contains("older"));
        assert!(check(&format!("t=1800000000,v1={good}"), now - 301).unwrap_err().contains("future"));
        let other = sign("whsec_2", "1800000000", body);
        for bad in [
            String::new(),
            format!("v1={good}"),
            format!("t=1800000001,v1={good}"),
            format!("t=1800000000,v0={good}"),
            format!("t=1800000000,v1={other}"),
            format!("t=1800000000,v1={}", &good[..62]),
            format!("t=1800000000,v1={}x", &good[..63]),
            "t=,v1=".to_owned(),
            format!("t=99999999999999999999,v1={}", sign("whsec_1", "99999999999999999999", body)),
        ] {
            assert!(check(&bad, now).unwrap_err().contains("not Stripe's"), "{bad}");
        }
        assert!(verify("whsec_1", &format!("t=1800000000,v1={good}"), br#"{"id":"evt_2"}"#, now).is_err());
    }

    #[test]
    fn whom_a_message_is_about() {
        let about = |object: Value, before: Value| {
            customer_of(&json!({ "data": { "object": object, "previous_attributes": before } }))
        };
        let customer = json!({ "object": "customer", "id": "cus_1" });
        assert_eq!(about(customer, json!({})).as_deref(), Some("cus_1"));
        let invoice = json!({ "object": "invoice", "id": "in_1", "customer": "cus_2" });
        assert_eq!(about(invoice, json!({})).as_deref(), Some("cus_2"));
        let card = json!({ "object": "payment_method", "id": "pm_1", "customer": null });
        assert_eq!(about(card, json!({ "customer": "cus_3" })).as_deref(), Some("cus_3"));
        assert_eq!(about(json!({ "object": "plan" }), Value::Null), None);
    }
}
