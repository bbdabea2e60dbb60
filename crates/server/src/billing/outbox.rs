//! What Stripe has to be told, written with the change that makes it so: a seat is never billed
//! before it is taken, and never forgotten after. The task in `stripe/worker.rs` does the telling.
//! Organizations without an account at Stripe leave nothing here.

use chrono::TimeDelta;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::db::entity::{stripe_account, stripe_ended_customer, stripe_outbox};
use crate::db::now;
use crate::db::seats::taken;

/// The seats that an organization pays for: its members and its open invitations, as
/// `atrium_domain::seats` counts them.
///
/// # Errors
/// Whatever the database says.
pub async fn seats<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<u64, DbErr> {
    let taken = taken(connection, organization).await?;
    Ok(taken.members + taken.invitations)
}

/// Notes the seats of an organization where they are not those that Stripe bills. Every change of
/// an organization does, in its own transaction ([`crate::db::Change::answer`]).
///
/// # Errors
/// Whatever the database says.
pub async fn seats_changed<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<(), DbErr> {
    let Some(account) = stripe_account::Entity::find_by_id(organization).one(connection).await? else {
        return Ok(());
    };
    if account.subscription_id.is_none() {
        return Ok(());
    }
    let seats = seats(connection, organization).await?;
    let waits = stripe_outbox::Entity::find_by_id(organization).one(connection).await?.is_some();
    // A row that waits may be on its way to Stripe with another number: it is always replaced.
    if waits || account.seats != i64::try_from(seats).ok() {
        put(connection, organization, seats, TimeDelta::zero()).await?;
    }
    Ok(())
}

/// Notes that an organization and Stripe may differ, in whatever.
///
/// # Errors
/// Whatever the database says.
pub async fn compare<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<(), DbErr> {
    compare_in(connection, organization, TimeDelta::zero()).await
}

/// The same, to be looked at after a while.
///
/// # Errors
/// Whatever the database says.
pub async fn compare_in<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
    after: TimeDelta,
) -> Result<(), DbErr> {
    let account = stripe_account::Entity::find_by_id(organization).one(connection).await?;
    if account.is_some_and(|account| account.customer_id.is_some()) {
        let seats = seats(connection, organization).await?;
        put(connection, organization, seats, after).await?;
    }
    Ok(())
}

/// Notes that an organization's customer is to be deleted, in the change that deletes the organization.
/// What Stripe still does for a request that nobody waits for any more ends with the customer.
///
/// # Errors
/// Whatever the database says.
pub async fn customer_ends<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<(), DbErr> {
    let account = stripe_account::Entity::find_by_id(organization).one(connection).await?;
    let Some(customer_id) = account.and_then(|account| account.customer_id) else { return Ok(()) };
    let row = stripe_ended_customer::Model {
        customer_id,
        organization_id: organization,
        attempts: 0,
        next_try_at: now(),
    };
    stripe_ended_customer::Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

async fn put<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
    seats: u64,
    after: TimeDelta,
) -> Result<(), DbErr> {
    use stripe_outbox::Column;
    let row = stripe_outbox::Model {
        organization_id: organization,
        id: Uuid::new_v4(),
        seats: i64::try_from(seats).unwrap_or(i64::MAX),
        attempts: 0,
        next_try_at: now() + after,
    };
    let mut replace = OnConflict::column(Column::OrganizationId);
    replace.update_columns([Column::Id, Column::Seats, Column::Attempts, Column::NextTryAt]);
    stripe_outbox::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
