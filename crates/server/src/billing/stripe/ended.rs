//! Customers whose organization was deleted: Stripe deletes them, and ends with them whatever it still
//! did for a request that nobody waited for any more.

use std::sync::Arc;

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::client::StripeError;
use super::flows;
use super::operation::Operation;
use super::worker::{AT_ONCE, pause};
use super::{Failure, Stripe};
use crate::db::entity::stripe_ended_customer::{ActiveModel, Column, Entity, Model};
use crate::db::{Db, now};

impl Stripe {
    /// Deletes the customers that are due.
    pub(super) async fn end_customers(self: &Arc<Self>) -> Result<(), DbErr> {
        let due = Entity::find().filter(Column::NextTryAt.lte(now())).order_by_asc(Column::NextTryAt);
        let mut tasks = JoinSet::new();
        for row in due.limit(AT_ONCE).all(&*self.db).await? {
            let stripe = Arc::clone(self);
            tasks.spawn(async move {
                let organization = row.organization_id;
                match stripe.end_customer(&row).await {
                    Ok(()) => tracing::info!(%organization, "the customer was deleted at Stripe"),
                    Err(failure) => {
                        let word = failure.word();
                        let attempts = row.attempts + 1;
                        tracing::warn!(%organization, attempts, word, "the customer is not deleted at Stripe yet");
                        if let Err(error) = put_off(&stripe.db, &row).await {
                            tracing::error!(%error, "a customer that is to be deleted cannot be put off");
                        }
                    }
                }
            });
        }
        while tasks.join_next().await.is_some() {}
        Ok(())
    }

    /// Deletes all of them, due or not, and tells of each; gives back how many are left.
    pub(super) async fn end_all_customers(
        &self,
        tell: &mut (dyn FnMut(&str) + Send),
    ) -> Result<usize, DbErr> {
        let mut left = 0;
        for row in Entity::find().order_by_asc(Column::CustomerId).all(&*self.db).await? {
            let (customer, organization) = (&row.customer_id, row.organization_id);
            let what = format!("Customer {customer} of an organization that was deleted ({organization})");
            match self.end_customer(&row).await {
                Ok(()) => tell(&format!("{what}: deleted at Stripe.")),
                Err(failure) => {
                    left += 1;
                    tell(&format!("{what}: not deleted, {}.", failure.word()));
                }
            }
        }
        Ok(left)
    }

    /// Deletes a customer at Stripe, and then here. Done again, by another process or after a crash, it
    /// does nothing more.
    async fn end_customer(&self, row: &Model) -> Result<(), Failure> {
        let until = Instant::now() + self.config.limit;
        let there = match self.subscriptions(until, &row.customer_id).await {
            Err(Failure::Stripe(StripeError::Missing)) => Vec::new(),
            there => there?,
        };
        // All that was known has ended before. What is there came of a request that was told to have
        // failed, so its money goes back; what somebody made by hand at Stripe just ends.
        for subscription in there.iter().filter(|one| one.organization == Some(row.organization_id)) {
            let Some(id) = subscription.operation else { continue };
            // Gone with the organization; its keys, which stand on its id, are those of every try.
            let operation = Operation {
                id,
                organization_id: row.organization_id,
                kind: flows::PLAN.to_owned(),
                seats: None,
                created_at: now(),
            };
            flows::undo(self, until, &operation, subscription).await?;
        }
        self.client.delete(&format!("customers/{}", row.customer_id), &[], until).await?;
        let change = self.db.change().await?;
        Entity::delete_by_id(&row.customer_id).exec(&*change).await?;
        change.commit_unrecorded().await?;
        Ok(())
    }
}

async fn put_off(db: &Db, row: &Model) -> Result<(), DbErr> {
    let later = ActiveModel {
        attempts: Set(row.attempts.saturating_add(1)),
        next_try_at: Set(now() + pause(row.attempts)),
        ..Default::default()
    };
    let change = db.change().await?;
    Entity::update_many().set(later).filter(Column::CustomerId.eq(&row.customer_id)).exec(&*change).await?;
    change.commit_unrecorded().await
}
