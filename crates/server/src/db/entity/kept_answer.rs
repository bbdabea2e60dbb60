//! The first answer to a request with an `Idempotency-Key`.

use sea_orm::entity::prelude::*;

/// The first answer to a request with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_answer")]
pub struct Model {
    /// SHA-256 of the caller and the key, in hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// SHA-256 of the request, in hex.
    pub fingerprint: String,
    /// The status.
    pub status: i32,
    /// The JSON that was answered; none where it had a secret.
    #[sea_orm(column_type = "Text", nullable)]
    pub body: Option<String>,
    /// When it was answered.
    pub created_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
