//! Idempotency keys of what makes something new at Stripe: a customer, a subscription, a refund. It
//! gets a row first; the keys of its calls are made from the row's id. Where the outcome stays unknown the row stays, so that whoever asks for the
//! same again, even after a crash, sends the same keys and nothing happens twice.

use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use crate::db::entity::stripe_operation;
use crate::db::{Db, now};
use crate::error::Result;

/// How long a row's keys are good, in hours: Stripe forgets keys after 24.
const GOOD_FOR: i64 = 23;

/// Begins the kind of an operation whose work is taken back.
pub const UNDO: &str = "undo ";

/// Something that is done at Stripe.
pub type Operation = stripe_operation::Model;

impl stripe_operation::Model {
    /// The key of one of its calls.
    pub fn key(&self, step: &str) -> String {
        format!("atrium-{}-{step}", self.id)
    }
}

/// Begins something, or goes on with it where the same was begun before. `kind` holds everything
/// that a repeat must have in common, but for the seats: those of the first time are kept.
///
/// # Errors
/// 500 where the database fails.
pub async fn begin(db: &Db, organization: Uuid, kind: &str, seats: Option<i64>) -> Result<Operation> {
    use stripe_operation::Column;
    let change = db.change().await?;
    let found = stripe_operation::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::Kind.eq(kind))
        .one(&*change)
        .await?;
    if let Some(found) = found {
        if found.created_at > now() - TimeDelta::hours(GOOD_FOR) {
            return Ok(found);
        }
        stripe_operation::Entity::delete_by_id(found.id).exec(&*change).await?;
    }
    let row = stripe_operation::Model {
        id: Uuid::new_v4(),
        organization_id: organization,
        kind: kind.to_owned(),
        seats,
        created_at: now(),
    };
    stripe_operation::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&*change)
        .await?;
    change.commit_unrecorded().await?;
    Ok(row)
}

/// The operations of an organization whose outcome is not known.
///
/// # Errors
/// 500 where the database fails.
pub async fn open<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<Vec<Operation>> {
    let own = stripe_operation::Column::OrganizationId.eq(organization);
    Ok(stripe_operation::Entity::find().filter(own).all(connection).await?)
}

/// Notes that what an operation made is taken back: nobody goes on with it any more. One that went with
/// its organization stays gone.
///
/// # Errors
/// 500 where the database fails.
pub async fn undo(db: &Db, id: Uuid) -> Result<()> {
    let row = stripe_operation::ActiveModel { kind: Set(format!("{UNDO}{id}")), ..Default::default() };
    let change = db.change().await?;
    let this = stripe_operation::Column::Id.eq(id);
    stripe_operation::Entity::update_many().set(row).filter(this).exec(&*change).await?;
    change.commit_unrecorded().await?;
    Ok(())
}

/// Ends operations whose outcome is known: the next time is another one.
///
/// # Errors
/// 500 where the database fails.
pub async fn end<C: ConnectionTrait>(connection: &C, ids: &[Uuid]) -> Result<()> {
    if !ids.is_empty() {
        let those = stripe_operation::Column::Id.is_in(ids.iter().copied());
        stripe_operation::Entity::delete_many().filter(those).exec(connection).await?;
    }
    Ok(())
}
