//! A workspace role: a system role, or an organization's own.

use sea_orm::entity::prelude::*;

/// A workspace role: a system role, or an organization's own.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The organization that made it; none for system roles.
    pub organization_id: Option<Uuid>,
    /// The word of a system role, or `CUSTOM`.
    pub name: String,
    /// The name for people.
    pub display_name: String,
    /// That name in lower case; unique in the organization.
    pub name_key: String,
    /// What it is for.
    pub description: String,
    /// What a custom role permits, as a list of names.
    pub permissions: Json,
    /// Always `workspace`: there are no custom organization roles.
    pub access_scope: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
