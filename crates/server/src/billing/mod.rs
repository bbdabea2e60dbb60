//! Billing providers. A card never passes through this code: the browser gives it to the provider
//! under a setup intent, and the provider tells what may be shown of it.

mod test_provider;

use std::future::Future;
use std::pin::Pin;

use atrium_domain::Tier;
use atrium_domain::wire::{CustomerBillingInfo, PaymentMethod};
use uuid::Uuid;

use crate::error::Result;

pub use test_provider::TestBilling;

/// What a call of a provider gives back, later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A place for a card, made before the card is known.
pub struct Intent {
    /// Its id at the provider.
    pub id: String,
    /// The secret with which the browser confirms a card; begins with the id.
    pub client_secret: String,
}

/// Somebody who takes payments. Calls are made outside of database transactions: a provider may
/// be slow, and a change must not hold off the others meanwhile.
pub trait BillingProvider: Send + Sync {
    /// The word of `instance_flags.billing`.
    fn name(&self) -> &'static str;

    /// Makes a setup intent for an organization.
    fn setup_intent(&self, organization: Uuid) -> Later<'_, Intent>;

    /// Keeps the card of a confirmed intent and tells what may be shown of it.
    fn keep_card<'a>(&'a self, intent: &'a str, payer: &'a CustomerBillingInfo) -> Later<'a, PaymentMethod>;

    /// Begins to charge an organization for a plan and a number of seats.
    fn set_plan<'a>(&'a self, organization: Uuid, tier: &'a Tier, seats: u64) -> Later<'a, ()>;
}
