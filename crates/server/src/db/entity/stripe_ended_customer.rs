//! A customer whom Stripe is to delete.

use sea_orm::entity::prelude::*;

/// A customer whom Stripe is to delete, with every subscription that is left. Written in the
/// transaction that deletes the organization, which it outlives; goes once Stripe has done it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_ended_customer")]
pub struct Model {
    /// The customer (`cus_…`).
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer_id: String,
    /// The organization that was deleted.
    pub organization_id: Uuid,
    /// How often it was tried in vain.
    pub attempts: i32,
    /// When to try next.
    pub next_try_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
