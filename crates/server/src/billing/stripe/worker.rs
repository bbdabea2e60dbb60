//! The task in the background: works the outbox off, again and again until Stripe has heard it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

use super::Stripe;
use super::turn::{self, Turn};
use crate::billing::outbox;
use crate::db::entity::{invitation, member, stripe_account, stripe_outbox};
use crate::db::now;
use crate::error::Result;

/// How often the outbox is looked at. Other processes write to it, too.
const EVERY: Duration = Duration::from_secs(1);
/// How often all seats are counted, for what no outbox row tells.
const COUNT_EVERY: Duration = Duration::from_secs(300);
/// How many organizations are dealt with at once.
pub(super) const AT_ONCE: u64 = 8;
/// The longest pause between two tries, in seconds.
const LONGEST: u64 = 600;

impl Stripe {
    /// Works the outbox off until `stop` says so.
    pub async fn work(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut counted: Option<Instant> = None;
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
            if counted.is_none_or(|counted| counted.elapsed() >= COUNT_EVERY) {
                if let Err(error) = self.count().await {
                    tracing::error!(%error, "the seats cannot be counted");
                }
                counted = Some(Instant::now());
            }
            if let Err(error) = self.round().await {
                tracing::error!(%error, "the outbox cannot be read");
            }
            if let Err(error) = self.end_customers().await {
                tracing::error!(%error, "the customers that are to be deleted cannot be read");
            }
        }
    }

    /// Deals with everything that is due.
    async fn round(self: &Arc<Self>) -> std::result::Result<(), DbErr> {
        loop {
            let due = stripe_outbox::Entity::find()
                .filter(stripe_outbox::Column::NextTryAt.lte(now()))
                .order_by_asc(stripe_outbox::Column::NextTryAt)
                .limit(AT_ONCE)
                .all(&*self.db)
                .await?;
            let all = due.len() as u64 == AT_ONCE;
            let mut tasks = JoinSet::new();
            for row in due {
                let stripe = Arc::clone(self);
                tasks.spawn(async move { stripe.tell(row.organization_id).await });
            }
            let mut moved = false;
            while let Some(done) = tasks.join_next().await {
                moved |= matches!(done, Ok(Ok(true)));
            }
            // Where nothing moved the same rows would come again at once.
            if !all || !moved {
                return Ok(());
            }
        }
    }

    /// Tells Stripe about one organization. Whether its row has moved on.
    async fn tell(&self, organization: Uuid) -> Result<bool> {
        let taken = turn::take(&self.db, organization, self.config.limit, Duration::ZERO).await?;
        // Somebody else deals with it; the row stays due.
        let Some(turn) = taken else { return Ok(false) };
        // Only now: what was written while somebody else had the turn counts.
        let Some(row) = stripe_outbox::Entity::find_by_id(organization).one(&*self.db).await? else {
            self.give_up(&turn, false).await;
            return Ok(true);
        };
        match self.compare(&turn, row.seats, false, Some(&row)).await {
            Ok(compared) => {
                if !compared.changes.is_empty() {
                    tracing::info!(%organization, changes = compared.changes.join("; "), "in line with Stripe");
                }
            }
            Err(failure) => {
                let word = failure.word();
                tracing::warn!(%organization, attempts = row.attempts + 1, word, "not in line with Stripe yet");
                self.put_off(&turn, &row).await?;
            }
        }
        Ok(true)
    }

    async fn put_off(&self, turn: &Turn, row: &stripe_outbox::Model) -> Result<()> {
        use stripe_outbox::Column;
        let later = stripe_outbox::ActiveModel {
            attempts: Set(row.attempts.saturating_add(1)),
            next_try_at: Set(now() + pause(row.attempts)),
            ..Default::default()
        };
        let change = self.db.change().await?;
        stripe_outbox::Entity::update_many()
            .set(later)
            .filter(Column::OrganizationId.eq(row.organization_id))
            .filter(Column::Id.eq(row.id))
            .exec(&*change)
            .await?;
        change.commit_unrecorded().await?;
        self.give_up(turn, false).await;
        Ok(())
    }

    /// Notes every organization whose billed seats are not those that it has. The outbox knows of
    /// each change; this is for what was lost with a database that was put back.
    async fn count(&self) -> std::result::Result<(), DbErr> {
        let accounts = stripe_account::Entity::find()
            .filter(stripe_account::Column::SubscriptionId.is_not_null())
            .all(&*self.db)
            .await?;
        let paying = || {
            stripe_account::Entity::find()
                .select_only()
                .column(stripe_account::Column::OrganizationId)
                .filter(stripe_account::Column::SubscriptionId.is_not_null())
                .into_query()
        };
        let mut seats: HashMap<Uuid, i64> = HashMap::new();
        let members = member::Entity::find()
            .select_only()
            .column_as(member::Column::OrganizationId, "organization")
            .column_as(member::Column::Id.count(), "seats")
            .filter(member::Column::OrganizationId.in_subquery(paying()))
            .group_by(member::Column::OrganizationId)
            .into_model::<Counted>();
        let invitations = invitation::Entity::find()
            .select_only()
            .column_as(invitation::Column::OrganizationId, "organization")
            .column_as(invitation::Column::Id.count(), "seats")
            .filter(invitation::Column::OrganizationId.in_subquery(paying()))
            .group_by(invitation::Column::OrganizationId)
            .into_model::<Counted>();
        for row in members.all(&*self.db).await?.into_iter().chain(invitations.all(&*self.db).await?) {
            *seats.entry(row.organization).or_default() += row.seats;
        }
        for account in accounts {
            if account.seats != seats.get(&account.organization_id).copied() {
                let change = self.db.change().await?;
                outbox::seats_changed(&*change, account.organization_id).await?;
                change.commit_unrecorded().await?;
            }
        }
        Ok(())
    }
}

#[derive(FromQueryResult)]
struct Counted {
    organization: Uuid,
    seats: i64,
}

/// How long to wait after so many tries in vain: doubling, and not the same for everybody.
pub(super) fn pause(attempts: i32) -> TimeDelta {
    let seconds = 1_u64.checked_shl(u32::try_from(attempts).unwrap_or(0)).unwrap_or(LONGEST).min(LONGEST);
    let mut byte = [0];
    // Without randomness everybody comes at the same moment, no more.
    let _ = getrandom::fill(&mut byte);
    let millis = seconds * (1000 + u64::from(byte[0]));
    TimeDelta::milliseconds(i64::try_from(millis).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_ten_minutes() {
        for (attempts, least) in
            [(0, 1), (1, 2), (5, 32), (9, 512), (10, 600), (63, 600), (64, 600), (9999, 600)]
        {
            let pause = pause(attempts).num_milliseconds();
            assert!((least * 1000..least * 1300).contains(&pause), "{attempts}: {pause}");
        }
    }
}
