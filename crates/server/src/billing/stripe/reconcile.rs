//! Comparing every organization with Stripe, one after the other.

use std::collections::HashSet;
use std::time::Duration;

use sea_orm::{EntityTrait, QueryOrder};
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;

use super::client::StripeError;
use super::objects::{Health, Subscription};
use super::turn;
use super::{Failure, Stripe};
use crate::billing::outbox;
use crate::db::entity::{organization, stripe_account, stripe_outbox};
use crate::error::Result;

/// How long an organization may be in somebody else's hands before it is passed over.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many subscriptions are listed at once.
const PAGE: &str = "100";

impl Stripe {
    /// Compares every organization that has a customer, or a subscription that names it.
    ///
    /// # Errors
    /// A sentence where Stripe cannot be asked, or an organization could not be compared.
    pub async fn reconcile(&self, tell: &mut (dyn FnMut(&str) + Send)) -> std::result::Result<(), String> {
        let failed = |failure: Failure| match failure {
            Failure::Stripe(error) => {
                format!("Stripe cannot be asked ({}). Nothing more was compared.", error.word())
            }
            Failure::Here(_) => "The database failed. Nothing more was compared.".to_owned(),
        };
        let left = self.end_all_customers(tell).await.map_err(|error| failed(error.into()))?;
        self.find_lost(tell).await.map_err(failed)?;
        let accounts = stripe_account::Entity::find()
            .order_by_asc(stripe_account::Column::OrganizationId)
            .all(&*self.db)
            .await
            .map_err(|error| failed(error.into()))?;
        let all: Vec<Uuid> = accounts
            .into_iter()
            .filter(|row| row.customer_id.is_some())
            .map(|row| row.organization_id)
            .collect();
        let (mut changed, mut missed) = (0, 0);
        for id in &all {
            let name = organization::Entity::find_by_id(*id).one(&*self.db).await;
            let name =
                name.map_err(|error| failed(error.into()))?.map(|row| row.display_name).unwrap_or_default();
            match self.compare_now(*id).await {
                Ok(changes) if changes.is_empty() => {}
                Ok(changes) => {
                    changed += 1;
                    tell(&format!("{name} ({id}): {}.", changes.join("; ")));
                }
                Err(Failure::Stripe(error)) => {
                    missed += 1;
                    tell(&format!("{name} ({id}): not compared, Stripe: {}.", error.word()));
                }
                Err(Failure::Here(_)) => {
                    missed += 1;
                    tell(&format!(
                        "{name} ({id}): not compared, somebody else is at it or the database failed."
                    ));
                }
            }
        }
        tell(&format!("{} compared with Stripe, {changed} changed.", all.len() - missed));
        match missed {
            0 if left > 0 => {
                Err(format!("{left} of the customers that are to be deleted are left. Run it again later."))
            }
            0 => Ok(()),
            missed => Err(format!("{missed} of {} could not be compared. Run it again later.", all.len())),
        }
    }

    async fn compare_now(&self, id: Uuid) -> std::result::Result<Vec<String>, Failure> {
        let taken = turn::take(&self.db, id, self.config.limit, PATIENCE).await?;
        let turn = taken.ok_or_else(turn::busy)?;
        let compared = async {
            // The row before the seats: what changes after it gets another row.
            let row = stripe_outbox::Entity::find_by_id(id).one(&*self.db).await?;
            let seats = outbox::seats(&*self.db, id).await?;
            self.compare(&turn, i64::try_from(seats).unwrap_or(i64::MAX), true, row.as_ref()).await
        };
        let compared = compared.await;
        if compared.is_err() {
            self.give_up(&turn, false).await;
        }
        Ok(compared?.changes)
    }

    /// Finds customers of organizations here that the database has lost, by the subscriptions that
    /// name them.
    async fn find_lost(&self, tell: &mut (dyn FnMut(&str) + Send)) -> std::result::Result<(), Failure> {
        let mut after: Option<String> = None;
        let mut unknown = HashSet::new();
        loop {
            let mut query = vec![("limit", PAGE)];
            query.extend(after.as_deref().map(|id| ("starting_after", id)));
            let page = self.client.get("subscriptions", &query, Instant::now() + self.config.limit).await?;
            let rows = page.get("data").and_then(Value::as_array).ok_or(StripeError::Failed)?;
            for subscription in rows.iter().filter_map(Subscription::read) {
                let (Some(id), Some(customer)) = (subscription.organization, &subscription.customer) else {
                    continue;
                };
                if subscription.health() == Health::Ended || self.knows(id, customer).await? {
                    continue;
                }
                if unknown.insert(id) {
                    tell(&format!(
                        "Subscription {} is for an organization that is not in this database ({id}), or has another customer. It was left alone.",
                        subscription.id
                    ));
                }
            }
            after = rows.last().and_then(|row| row.get("id")).and_then(Value::as_str).map(str::to_owned);
            if page.get("has_more").and_then(Value::as_bool) != Some(true) || after.is_none() {
                return Ok(());
            }
        }
    }

    /// Whether the customer is the organization's; one that was forgotten is noted.
    async fn knows(&self, id: Uuid, customer: &str) -> Result<bool> {
        let account = stripe_account::Entity::find_by_id(id).one(&*self.db).await?;
        if let Some(known) = account.and_then(|account| account.customer_id) {
            return Ok(known == customer);
        }
        let limit = Duration::from_secs(1);
        let Some(turn) = turn::take(&self.db, id, limit, PATIENCE).await? else { return Ok(false) };
        let account =
            stripe_account::Model { customer_id: Some(customer.to_owned()), ..turn.account.clone() };
        let change = self.db.change().await?;
        turn.end(&*change, account).await?;
        change.commit_unrecorded().await?;
        Ok(true)
    }
}
