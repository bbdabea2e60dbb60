//! A try to sign in or up, counted for a while.

use sea_orm::entity::prelude::*;

/// A try to sign in or up, counted for a while by what it came from or was for.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_try")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of what is counted by, in hex: no address of a person or a network stands here.
    pub key: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
