//! A card that is being added.

use sea_orm::entity::prelude::*;

/// A card that is being added.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "setup_intent")]
pub struct Model {
    /// The intent's id at the provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The organization that pays.
    pub organization_id: Uuid,
    /// SHA-256 of the client secret, in hex.
    pub secret_hash: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When a card was kept with it; once only.
    pub used_at: Option<DateTimeUtc>,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
