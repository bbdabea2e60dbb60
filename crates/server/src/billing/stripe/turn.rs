//! Whose turn it is: one at a time deals with Stripe for an organization, among all requests, the
//! task in the background, and other processes on the same database.

use std::time::Duration;

use atrium_words::mark;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
};
use tokio::time::Instant;
use uuid::Uuid;

use crate::db::entity::{organization, stripe_account};
use crate::db::{Db, now};
use crate::error::{ApiError, Result};

/// How long to wait before looking again whether the turn is free.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// How much longer than its calls a turn lasts, at least: time for the database.
const SPARE: Duration = Duration::from_secs(5);

/// A turn. Given back with [`Turn::end`]; after a crash it ends by itself.
pub struct Turn {
    /// The account, which nobody else changes meanwhile.
    pub account: stripe_account::Model,
    /// Until when calls may be made.
    pub until: Instant,
    token: Uuid,
}

impl Turn {
    /// The organization.
    pub fn organization(&self) -> Uuid {
        self.account.organization_id
    }

    /// The idempotency key of a call that sets something: sent again within the turn it counts once.
    /// What makes something new takes its key from an [`super::operation::Operation`].
    pub fn key(&self, step: &str) -> String {
        format!("atrium-{}-{step}", self.token)
    }

    /// Saves the account and ends the turn.
    ///
    /// # Errors
    /// 503 where the turn has ended by itself, so that somebody else may have changed the account.
    pub async fn end<C: ConnectionTrait>(
        &self,
        connection: &C,
        account: stripe_account::Model,
    ) -> Result<()> {
        let mut row = account.into_active_model().reset_all();
        row.busy_until = Set(None);
        row.busy_by = Set(None);
        let saved = stripe_account::Entity::update_many()
            .set(row)
            .filter(stripe_account::Column::OrganizationId.eq(self.organization()))
            .filter(stripe_account::Column::BusyBy.eq(self.token))
            .exec(connection)
            .await?;
        if saved.rows_affected == 0 { Err(busy()) } else { Ok(()) }
    }
}

/// 503: somebody else is at it.
pub fn busy() -> ApiError {
    let sentence =
        mark!("The billing of this organization is being changed right now. Try again in a moment.");
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, sentence)
        .with_header(RETRY_AFTER, HeaderValue::from_static("2"))
}

/// Takes the turn of an organization, for calls that last no longer than `limit`; waits for it at
/// most `patience`. `None` where it did not come, or there is no such organization.
///
/// # Errors
/// 500 where the database fails.
pub async fn take(db: &Db, id: Uuid, limit: Duration, patience: Duration) -> Result<Option<Turn>> {
    let began = Instant::now();
    loop {
        let account = stripe_account::Entity::find_by_id(id).one(&**db).await?;
        if account.is_none() && organization::Entity::find_by_id(id).one(&**db).await?.is_none() {
            return Ok(None);
        }
        let held = account.is_some_and(|account| account.busy_until.is_some_and(|until| until > now()));
        if !held && let Some(turn) = try_take(db, id, limit).await? {
            return Ok(Some(turn));
        }
        if began.elapsed() >= patience {
            return Ok(None);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn try_take(db: &Db, id: Uuid, limit: Duration) -> Result<Option<Turn>> {
    use stripe_account::Column;
    let change = db.change().await?;
    if stripe_account::Entity::find_by_id(id).one(&*change).await?.is_none() {
        let row = empty(id).into_active_model();
        stripe_account::Entity::insert(row).on_conflict_do_nothing().exec_without_returning(&*change).await?;
    }
    let token = Uuid::new_v4();
    let lasts = limit * 2 + SPARE;
    let until = Instant::now() + limit;
    let row = stripe_account::ActiveModel {
        busy_until: Set(Some(now() + lasts)),
        busy_by: Set(Some(token)),
        ..Default::default()
    };
    let free = Condition::any().add(Column::BusyUntil.is_null()).add(Column::BusyUntil.lte(now()));
    let taken = stripe_account::Entity::update_many()
        .set(row)
        .filter(Column::OrganizationId.eq(id))
        .filter(free)
        .exec(&*change)
        .await?;
    let account = stripe_account::Entity::find_by_id(id).one(&*change).await?;
    let Some(account) = account.filter(|_| taken.rows_affected == 1) else { return Ok(None) };
    change.commit_unrecorded().await?;
    Ok(Some(Turn { account, until, token }))
}

fn empty(organization_id: Uuid) -> stripe_account::Model {
    stripe_account::Model {
        organization_id,
        customer_id: None,
        subscription_id: None,
        tier: None,
        status: None,
        seats: None,
        period_end: None,
        cancels: false,
        payment_method_id: None,
        tax_id: None,
        tax_value: None,
        busy_until: None,
        busy_by: None,
    }
}
