//! Billing providers. A card never passes through this code: the browser gives it to the provider
//! under a setup intent, and the provider tells what may be shown of it.

pub mod outbox;
pub mod reconcile;
pub mod standing;
mod stripe;
mod test_provider;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use atrium_domain::Tier;
use atrium_domain::wire::{BusinessInfo, CustomerBillingInfo, PaymentMethod};
use serde_json::{Map, Value};
use tokio::sync::watch;
use uuid::Uuid;

use crate::db::{Change, Db};
use crate::error::{ApiError, Result};

#[cfg(any(test, fuzzing))]
pub use stripe::read_message;
use stripe::{Config, Receipt as StripeReceipt, Stripe};
use test_provider::TestBilling;

/// What a call of a provider gives back, later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A place for a card, made before the card is known.
pub struct Intent {
    /// Its id at the provider.
    pub id: String,
    /// The secret with which the browser confirms a card; begins with the id.
    pub client_secret: String,
}

/// What a provider has done and the database does not hold yet. It goes to
/// [`BillingProvider::record`] in the transaction that saves the rest, and to
/// [`BillingProvider::close`] after it, whether or not that could be saved.
#[derive(Default)]
pub struct Receipt(Option<Box<StripeReceipt>>);

/// Where the page of a provider's card field comes from: sources for the Content-Security-Policy,
/// each list beginning with a space, or empty.
#[derive(Default)]
pub struct Sources {
    /// For `script-src`.
    pub script: String,
    /// For `frame-src`.
    pub frame: String,
    /// For `connect-src`.
    pub connect: String,
}

/// Somebody who takes payments. Calls are made outside of database transactions: a provider may
/// be slow, and a change must not hold off the others meanwhile.
///
/// Errors are answers: 402 where the card is refused, 502 where the provider fails, 504 where it
/// does not answer in time. The organization is as it was then.
pub trait BillingProvider: Send + Sync {
    /// The word of `instance_flags.billing`.
    fn name(&self) -> &'static str;

    /// What else `instance_flags` tells the app.
    fn flags(&self) -> Map<String, Value> {
        Map::new()
    }

    /// Where the card field comes from.
    fn sources(&self) -> Sources {
        Sources::default()
    }

    /// Whether the provider ends plans by itself. Where it does not, the organization holds when
    /// its plan ends, and `crate::plan` ends it then.
    fn ends_plans(&self) -> bool {
        false
    }

    /// Makes a setup intent for an organization.
    fn setup_intent(&self, organization: Uuid) -> Later<'_, Intent>;

    /// Keeps the card of a confirmed intent, as the one that is charged from now on, and tells
    /// what may be shown of it.
    fn keep_card<'a>(
        &'a self,
        organization: Uuid,
        intent: &'a str,
        payer: &'a CustomerBillingInfo,
    ) -> Later<'a, (PaymentMethod, Receipt)>;

    /// Begins to charge an organization for a plan and a number of seats, or goes on with another
    /// plan.
    fn set_plan<'a>(&'a self, organization: Uuid, tier: &'a Tier, seats: u64) -> Later<'a, Receipt>;

    /// Ends the plan with the period that is paid.
    fn end_plan(&self, _organization: Uuid) -> Later<'_, Receipt> {
        Box::pin(async { Ok(Receipt::default()) })
    }

    /// Ends the plan at once, and with it all charges: the organization is about to be deleted.
    fn end_at_once(&self, _organization: Uuid) -> Later<'_, Receipt> {
        Box::pin(async { Ok(Receipt::default()) })
    }

    /// Tells the business behind an organization: it stands on the invoices.
    fn set_business_info<'a>(&'a self, _organization: Uuid, _info: &'a BusinessInfo) -> Later<'a, Receipt> {
        Box::pin(async { Ok(Receipt::default()) })
    }

    /// Saves what the receipt holds.
    fn record<'a>(&'a self, _change: &'a Change, _receipt: &'a Receipt) -> Later<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Ends what the receipt began. What could not be saved is taken back at the provider.
    fn close(&self, _receipt: Receipt, _saved: bool) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Takes a message of the provider (a webhook), by the header with its signature.
    fn event<'a>(&'a self, _signature: Option<&'a str>, _body: &'a [u8]) -> Later<'a, ()> {
        Box::pin(async { Err(ApiError::not_found("Not Found")) })
    }
}

/// The provider that the environment chooses: Stripe where its keys are set, else test billing.
/// Stripe's work in the background goes on until `stop` says so.
///
/// # Errors
/// A sentence for settings that cannot be used.
pub fn provider(
    db: &Db,
    stop: watch::Receiver<bool>,
) -> std::result::Result<Arc<dyn BillingProvider>, String> {
    let Some(config) = Config::from(|name| std::env::var(name).ok())? else {
        return Ok(Arc::new(TestBilling));
    };
    if !config.takes_events() {
        tracing::warn!(
            "STRIPE_WEBHOOK_SECRET is not set: no webhooks are taken, run `atrium-server reconcile` regularly"
        );
    }
    let stripe = Arc::new(Stripe::new(config, db.clone())?);
    tokio::spawn(Arc::clone(&stripe).work(stop));
    Ok(stripe)
}
