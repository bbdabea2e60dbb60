//! What is remembered of a deleted workspace: nothing that was in it.

use sea_orm::entity::prelude::*;

/// What is remembered of a deleted workspace: nothing that was in it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deleted_workspace")]
pub struct Model {
    /// The organization.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// The id that it had.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its name.
    pub display_name: String,
    /// The handle of its prompts.
    pub tenant_handle: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was deleted.
    pub deleted_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
