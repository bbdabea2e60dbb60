//! Billing through Stripe: a customer for each organization, a subscription with one item whose
//! quantity is the seats. Requests of people are in `flows.rs` and `business.rs`; what the
//! background does in `sync.rs`, `ended.rs` and `worker.rs`; messages of Stripe come in through `webhook.rs`.
//!
//! Stripe is right about payments, cards and the state of a subscription; the database is right
//! about seats, plans and the business information.

mod business;
mod client;
mod config;
mod ended;
mod flows;
mod objects;
mod operation;
mod reconcile;
mod sync;
mod turn;
mod webhook;
mod worker;

use std::time::Duration;

use atrium_domain::Tier;
use atrium_domain::wire::{BusinessInfo, CustomerBillingInfo, PaymentMethod};
use axum::http::StatusCode;
use chrono::TimeDelta;
use sea_orm::{DbErr, EntityTrait};
use serde_json::{Map, Value};
use tokio::time::Instant;
use uuid::Uuid;

use self::client::{Client, Form, StripeError};
use self::objects::Subscription;
use self::operation::Operation;
use self::turn::Turn;
use super::{BillingProvider, Intent, Later, Receipt as AnyReceipt, Sources, outbox};
use crate::db::entity::{organization, stripe_account};
use crate::db::{Change, Db};
use crate::error::{ApiError, Result};

pub use self::config::Config;
#[cfg(any(test, fuzzing))]
pub use self::webhook::read_message;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long after a request that failed the background looks at what it left, in seconds: whoever
/// asks again at once goes first.
const AFTERWARDS: TimeDelta = TimeDelta::seconds(15);

/// What was done at Stripe and is to be saved.
pub struct Receipt {
    turn: Turn,
    account: stripe_account::Model,
    ended: Vec<Uuid>,
    /// Whether Stripe knows more than the receipt.
    compare: bool,
}

/// Billing through Stripe.
pub struct Stripe {
    config: Config,
    client: Client,
    db: Db,
}

/// Why something was not done.
enum Failure {
    /// Because of Stripe.
    Stripe(StripeError),
    /// Because of something here.
    Here(ApiError),
}

impl Failure {
    /// A word for the log.
    fn word(&self) -> &'static str {
        match self {
            Self::Stripe(error) => error.word(),
            Self::Here(_) => "failed here",
        }
    }
}

impl From<StripeError> for Failure {
    fn from(error: StripeError) -> Self {
        Self::Stripe(error)
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Here(error)
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        Self::Here(error.into())
    }
}

/// An answer of Stripe's that lacks what it must have.
fn unreadable() -> Failure {
    StripeError::Failed.into()
}

impl Stripe {
    /// Billing by these settings.
    ///
    /// # Errors
    /// A sentence where TLS cannot be set up.
    pub fn new(config: Config, db: Db) -> std::result::Result<Self, String> {
        Ok(Self { client: Client::new(&config)?, config, db })
    }

    /// Takes the turn of an organization.
    async fn take(&self, organization: Uuid) -> Result<Turn> {
        turn::take(&self.db, organization, self.config.limit, PATIENCE).await?.ok_or_else(turn::busy)
    }

    /// Turns what a flow gave into its answer and a receipt. Where it failed the turn ends, and the
    /// background task looks at what the flow may have left at Stripe.
    async fn receipt<T>(
        &self,
        turn: Turn,
        done: std::result::Result<(T, Kept), Failure>,
    ) -> Result<(T, AnyReceipt)> {
        match done {
            Ok((value, Kept { account, ended, compare })) => {
                let receipt = Receipt { turn, account, ended, compare };
                Ok((value, AnyReceipt(Some(Box::new(receipt)))))
            }
            Err(failure) => {
                let error = match failure {
                    Failure::Stripe(error) => error.into(),
                    Failure::Here(error) => error,
                };
                // A request that makes no sense has left nothing at Stripe.
                let compare = error.status.is_server_error() || error.status == StatusCode::PAYMENT_REQUIRED;
                self.give_up(&turn, compare).await;
                Err(error)
            }
        }
    }

    /// Ends a turn without a result. That this fails is no answer of its own: the turn ends by
    /// itself then, and the next comparison finds what was left.
    async fn give_up(&self, turn: &Turn, compare: bool) {
        let given = async {
            let change = self.db.change().await?;
            // The account as it is: a flow saves a customer that it made at once.
            let account = stripe_account::Entity::find_by_id(turn.organization()).one(&*change).await?;
            if let Some(account) = account {
                turn.end(&*change, account).await?;
            }
            if compare {
                outbox::compare_in(&*change, turn.organization(), AFTERWARDS).await?;
            }
            change.commit_unrecorded().await?;
            Ok::<_, ApiError>(())
        };
        if given.await.is_err() {
            tracing::warn!(organization = %turn.organization(), "a turn with Stripe could not be ended");
        }
    }

    /// Sends a step of an operation. A final refusal uses the operation's keys up.
    async fn post(
        &self,
        until: Instant,
        operation: &Operation,
        step: &str,
        path: &str,
        form: &Form,
    ) -> std::result::Result<Value, Failure> {
        let answer = self.client.post(path, form, &operation.key(step), until).await;
        if answer.as_ref().is_err_and(StripeError::is_final) {
            let change = self.db.change().await?;
            operation::end(&*change, &[operation.id]).await?;
            change.commit_unrecorded().await?;
        }
        Ok(answer?)
    }

    /// Sets something, for which a repeat in a later turn need not be known as one.
    async fn set(
        &self,
        turn: &Turn,
        step: &str,
        path: &str,
        form: &Form,
    ) -> std::result::Result<Value, Failure> {
        Ok(self.client.post(path, form, &turn.key(step), turn.until).await?)
    }

    /// The subscriptions of a customer that have not ended.
    async fn subscriptions(
        &self,
        until: Instant,
        customer: &str,
    ) -> std::result::Result<Vec<Subscription>, Failure> {
        let query = [("customer", customer), ("limit", "100")];
        let list = self.client.get("subscriptions", &query, until).await?;
        let rows = list.get("data").and_then(Value::as_array).ok_or_else(unreadable)?;
        let all = rows.iter().filter_map(Subscription::read);
        Ok(all.filter(|subscription| subscription.health() != objects::Health::Ended).collect())
    }
}

/// What a flow leaves to be saved.
struct Kept {
    account: stripe_account::Model,
    ended: Vec<Uuid>,
    compare: bool,
}

impl Kept {
    fn account(account: stripe_account::Model) -> Self {
        Self { account, ended: Vec::new(), compare: false }
    }
}

/// A form of fixed fields.
fn form<const N: usize>(fields: [(&str, &str); N]) -> Form {
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// The organization of a turn.
async fn organization(db: &Db, turn: &Turn) -> Result<organization::Model> {
    organization::Entity::find_by_id(turn.organization())
        .one(&**db)
        .await?
        .ok_or_else(|| ApiError::internal("an account at Stripe without its organization"))
}

impl BillingProvider for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn flags(&self) -> Map<String, Value> {
        self.config.flags()
    }

    fn sources(&self) -> Sources {
        self.config.sources()
    }

    fn ends_plans(&self) -> bool {
        true
    }

    fn setup_intent(&self, organization: Uuid) -> Later<'_, Intent> {
        Box::pin(async move {
            let turn = self.take(organization).await?;
            let made = flows::setup_intent(self, &turn).await;
            let (intent, receipt) = self.receipt(turn, made).await?;
            // Nothing that the caller saves belongs to it.
            let saved = async {
                let change = self.db.change().await?;
                self.record(&change, &receipt).await?;
                change.commit_unrecorded().await?;
                Ok::<_, ApiError>(())
            };
            let saved = saved.await;
            self.close(receipt, saved.is_ok()).await?;
            saved.map(|()| intent)
        })
    }

    fn keep_card<'a>(
        &'a self,
        organization: Uuid,
        intent: &'a str,
        payer: &'a CustomerBillingInfo,
    ) -> Later<'a, (PaymentMethod, AnyReceipt)> {
        Box::pin(async move {
            let turn = self.take(organization).await?;
            let kept = flows::keep_card(self, &turn, intent, payer).await;
            self.receipt(turn, kept).await
        })
    }

    fn set_plan<'a>(&'a self, organization: Uuid, tier: &'a Tier, seats: u64) -> Later<'a, AnyReceipt> {
        Box::pin(async move {
            let turn = self.take(organization).await?;
            let set = flows::set_plan(self, &turn, tier, seats).await;
            Ok(self.receipt(turn, set).await?.1)
        })
    }

    fn end_plan(&self, organization: Uuid) -> Later<'_, AnyReceipt> {
        Box::pin(async move {
            let turn = self.take(organization).await?;
            let ended = flows::end_plan(self, &turn).await;
            Ok(self.receipt(turn, ended).await?.1)
        })
    }

    fn end_at_once(&self, organization: Uuid) -> Later<'_, AnyReceipt> {
        Box::pin(async move {
            let turn = self.take(organization).await?;
            let ended = flows::end_at_once(self, &turn).await;
            Ok(self.receipt(turn, ended).await?.1)
        })
    }

    fn set_business_info<'a>(&'a self, organization: Uuid, info: &'a BusinessInfo) -> Later<'a, AnyReceipt> {
        Box::pin(async move {
            let turn = self.take(organization).await?;
            let set = business::set(self, &turn, info).await;
            Ok(self.receipt(turn, set).await?.1)
        })
    }

    fn record<'a>(&'a self, change: &'a Change, receipt: &'a AnyReceipt) -> Later<'a, ()> {
        Box::pin(async move {
            let Some(receipt) = &receipt.0 else { return Ok(()) };
            receipt.turn.end(&**change, receipt.account.clone()).await?;
            operation::end(&**change, &receipt.ended).await?;
            if receipt.compare {
                outbox::compare(&**change, receipt.turn.organization()).await?;
            }
            // Members may have come and gone since the seats were counted for Stripe: the end of
            // the change counts them again.
            Ok(())
        })
    }

    fn close(&self, receipt: AnyReceipt, saved: bool) -> Later<'_, ()> {
        Box::pin(async move {
            if let Some(receipt) = receipt.0.filter(|_| !saved) {
                self.give_up(&receipt.turn, true).await;
            }
            Ok(())
        })
    }

    fn event<'a>(&'a self, signature: Option<&'a str>, body: &'a [u8]) -> Later<'a, ()> {
        Box::pin(webhook::take(self, signature, body))
    }
}
