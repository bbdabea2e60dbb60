//! Stripe's objects, as far as they are looked at.

use atrium_domain::wire::PaymentMethod;
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// What marks an object at Stripe as one of an organization here.
pub const ORGANIZATION: &str = "atrium_organization";
/// What marks the operation that made an object.
pub const OPERATION: &str = "atrium_operation";
/// What marks the plan that a subscription pays for.
pub const TIER: &str = "atrium_tier";

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The id of what may be given as an id or as the object itself.
pub fn id_of(value: Option<&Value>) -> Option<String> {
    let value = value?;
    value.as_str().map(str::to_owned).or_else(|| text(value, "/id"))
}

/// A customer.
pub struct Customer {
    /// The name, the address line by line, and the email address: what the business information sets.
    pub details: Details,
    /// The tax ids: each its id, and type, colon, value.
    pub tax_ids: Vec<(String, String)>,
    /// The card that is charged.
    pub card: Option<Card>,
}

/// Name, address and email address; what is empty is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// The name.
    pub name: Option<String>,
    /// The address: line1, line2, city, state, postal_code, country.
    pub address: [Option<String>; 6],
    /// The email address.
    pub email: Option<String>,
}

/// The fields of an address, in the order of [`Details::address`].
pub const ADDRESS: [&str; 6] = ["line1", "line2", "city", "state", "postal_code", "country"];

impl Customer {
    /// Reads one; `None` for one that was deleted.
    pub fn read(value: &Value) -> Option<Self> {
        if value.get("deleted").and_then(Value::as_bool) == Some(true) {
            return None;
        }
        let tax_ids = value.pointer("/tax_ids/data").and_then(Value::as_array);
        Some(Self {
            details: Details {
                name: text(value, "/name"),
                address: ADDRESS.map(|field| text(value, &format!("/address/{field}"))),
                email: text(value, "/email"),
            },
            tax_ids: tax_ids.into_iter().flatten().filter_map(tax_id).collect(),
            card: value.pointer("/invoice_settings/default_payment_method").and_then(Card::read),
        })
    }
}

fn tax_id(row: &Value) -> Option<(String, String)> {
    Some((text(row, "/id")?, format!("{}:{}", text(row, "/type")?, text(row, "/value")?)))
}

/// A payment method with what may be shown of its card.
pub struct Card {
    /// The id (`pm_…`).
    pub id: String,
    /// The customer that it is attached to.
    pub customer: Option<String>,
    /// What may be shown.
    pub shown: PaymentMethod,
}

impl Card {
    /// Reads one.
    pub fn read(value: &Value) -> Option<Self> {
        let number = |pointer: &str| {
            value.pointer(pointer).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok())
        };
        Some(Self {
            id: text(value, "/id")?,
            customer: id_of(value.get("customer")),
            shown: PaymentMethod {
                brand: text(value, "/card/brand"),
                last4: text(value, "/card/last4"),
                exp_month: number("/card/exp_month"),
                exp_year: number("/card/exp_year"),
                email: text(value, "/billing_details/email"),
            },
        })
    }
}

/// What a subscription's status means for the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Paid, or Stripe still tries to get the money: the organization works.
    Works,
    /// Nobody pays: it is switched off until somebody does.
    Suspended,
    /// It is over.
    Ended,
}

/// What a status means. A word of Stripe's that is not known here switches nobody off.
pub fn health(status: &str) -> Health {
    match status {
        "canceled" | "incomplete_expired" => Health::Ended,
        "unpaid" | "paused" | "incomplete" => Health::Suspended,
        _ => Health::Works,
    }
}

/// A subscription.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The id (`sub_…`).
    pub id: String,
    /// The status, as Stripe's word.
    pub status: String,
    /// The id of the item that bills the seats (`si_…`).
    pub item: String,
    /// The price of a seat.
    pub price: String,
    /// The seats that are billed.
    pub seats: i64,
    /// When the paid period ends.
    pub period_end: Option<DateTime<Utc>>,
    /// Whether it ends then.
    pub cancels: bool,
    /// The organization that it was made for.
    pub organization: Option<Uuid>,
    /// The operation that made it.
    pub operation: Option<Uuid>,
    /// The plan that it pays for, as a word of the contract.
    pub tier: Option<String>,
    /// The customer.
    pub customer: Option<String>,
    /// The last invoice, or its id.
    pub invoice: Option<Value>,
}

impl Subscription {
    /// Reads one.
    pub fn read(value: &Value) -> Option<Self> {
        let marked = |name: &str| text(value, &format!("/metadata/{name}"));
        let uuid = |name: &str| marked(name).and_then(|text| Uuid::try_parse(&text).ok());
        // One item is ours; what somebody adds by hand at Stripe comes after it.
        let item = value.pointer("/items/data/0")?;
        let seconds = [value.get("current_period_end"), item.get("current_period_end")];
        let seconds = seconds.into_iter().flatten().find_map(Value::as_i64);
        let ends_at_period = value.get("cancel_at_period_end").and_then(Value::as_bool) == Some(true);
        Some(Self {
            id: text(value, "/id")?,
            status: text(value, "/status")?,
            item: text(item, "/id")?,
            price: text(item, "/price/id").or_else(|| text(item, "/plan/id")).unwrap_or_default(),
            seats: item.get("quantity").and_then(Value::as_i64).unwrap_or(1),
            period_end: seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            cancels: ends_at_period || value.get("cancel_at").is_some_and(Value::is_number),
            organization: uuid(ORGANIZATION),
            operation: uuid(OPERATION),
            tier: marked(TIER),
            customer: id_of(value.get("customer")),
            invoice: value.get("latest_invoice").filter(|invoice| !invoice.is_null()).cloned(),
        })
    }

    /// What its status means.
    pub fn health(&self) -> Health {
        health(&self.status)
    }

    /// Whether it is paid for now.
    pub fn is_paid(&self) -> bool {
        matches!(self.status.as_str(), "active" | "trialing")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_subscription_in_both_shapes_of_the_api() {
        let item = json!({ "id": "si_1", "quantity": 3, "plan": { "id": "plan_1" } });
        let old = json!({
            "id": "sub_1", "status": "active", "current_period_end": 1_800_000_000, "cancel_at_period_end": true,
            "items": { "data": [item] }, "metadata": { TIER: "plus" }, "customer": "cus_1",
        });
        let read = Subscription::read(&old).unwrap();
        assert_eq!((read.seats, read.price.as_str(), read.cancels), (3, "plan_1", true));
        assert_eq!(read.tier.as_deref(), Some("plus"));
        let item = json!({ "id": "si_1", "price": { "id": "price_1" }, "current_period_end": 1_800_000_000 });
        let new = json!({
            "id": "sub_1", "status": "unpaid", "items": { "data": [item] }, "metadata": {},
            "customer": { "id": "cus_1" }, "cancel_at": null,
        });
        let read = Subscription::read(&new).unwrap();
        assert_eq!((read.price.as_str(), read.cancels, read.health()), ("price_1", false, Health::Suspended));
        assert_eq!(read.period_end.unwrap().timestamp(), 1_800_000_000);
        assert_eq!(read.customer.as_deref(), Some("cus_1"));
        assert!(Subscription::read(&json!({ "id": "sub_1", "items": { "data": [] } })).is_none());
    }

    #[test]
    fn a_deleted_customer_is_none() {
        assert!(Customer::read(&json!({ "id": "cus_1", "deleted": true })).is_none());
        let card = json!({ "id": "pm_1", "customer": "cus_1", "card": { "last4": "4242", "exp_month": 1 } });
        let value = json!({
            "id": "cus_1", "name": "", "address": { "line1": "1", "line2": "" },
            "tax_ids": { "data": [{ "id": "txi_1", "type": "eu_vat", "value": "DE1" }] }, "invoice_settings": { "default_payment_method": card },
        });
        let read = Customer::read(&value).unwrap();
        assert_eq!((read.details.name, read.details.address[0].as_deref()), (None, Some("1")));
        assert_eq!(
            (read.details.address[1].clone(), read.tax_ids),
            (None, vec![("txi_1".to_owned(), "eu_vat:DE1".to_owned())])
        );
        assert_eq!(read.card.unwrap().shown.last4.as_deref(), Some("4242"));
    }
}
