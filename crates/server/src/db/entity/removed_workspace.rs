//! A workspace that a removed member was in.

use sea_orm::entity::prelude::*;

/// A workspace that a removed member was in.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "removed_workspace")]
pub struct Model {
    /// The removed member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub removed_id: Uuid,
    /// The workspace; it may be deleted by now.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// The `identity_id` that the membership of it had, and will have again.
    pub membership_id: Uuid,
    /// The role in it; it may be deleted by now.
    pub role_id: Uuid,
    /// The workspace's name when the member was removed.
    pub workspace_name: String,
    /// The role's name when the member was removed.
    pub role_name: String,
    /// When the person was added.
    pub added_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
