//! A change at Stripe that was begun and whose outcome is not known yet.

use sea_orm::entity::prelude::*;

/// A change at Stripe that was begun and whose outcome is not known yet. Written before the first
/// call, so that a repeat, even after a crash, sends the same idempotency keys.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_operation")]
pub struct Model {
    /// The id that the keys are made from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The organization.
    pub organization_id: Uuid,
    /// What is done, with everything that a repeat must have in common.
    pub kind: String,
    /// The seats that were sent: a repeat sends the same.
    pub seats: Option<i64>,
    /// When it was begun.
    pub created_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
