//! What Stripe has still to be told.

use sea_orm::entity::prelude::*;

/// What Stripe has still to be told: an organization and the seats that it has. Written in the
/// transaction that changed them.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_outbox")]
pub struct Model {
    /// The organization; the newest row counts, so there is one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// New with every change: whoever has told Stripe removes the row only if it is still the same.
    pub id: Uuid,
    /// The seats that Stripe is to bill.
    pub seats: i64,
    /// How often it was tried in vain.
    pub attempts: i32,
    /// When to try next.
    pub next_try_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
