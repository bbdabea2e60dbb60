//! A workspace (`tenant`).

use sea_orm::entity::prelude::*;

/// A workspace (`tenant`).
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "workspace")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The organization.
    pub organization_id: Uuid,
    /// The name.
    pub display_name: String,
    /// The handle of its prompts.
    pub tenant_handle: Option<String>,
    /// The colour that was chosen for it.
    pub color: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The table `organization`.
    #[sea_orm(
        belongs_to = "super::organization::Entity",
        from = "Column::OrganizationId",
        to = "super::organization::Column::Id"
    )]
    Organization,
    /// The table `workspace_member`.
    #[sea_orm(has_many = "super::workspace_member::Entity")]
    WorkspaceMember,
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organization.def()
    }
}

impl Related<super::workspace_member::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::WorkspaceMember.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
