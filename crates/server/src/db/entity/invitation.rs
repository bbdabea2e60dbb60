//! An invitation that waits.

use sea_orm::entity::prelude::*;

/// An invitation that waits.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// The `identity_id`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The organization.
    pub organization_id: Uuid,
    /// The invited address, normalized.
    pub email: String,
    /// The name that the inviter gave.
    pub full_name: Option<String>,
    /// The same in small letters, to search and sort by; empty without a name.
    pub name_key: String,
    /// The organization role that it gives.
    pub role: String,
    /// The role in its workspaces.
    pub workspace_role_id: Option<Uuid>,
    /// When it was sent.
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
    /// The table `invitation_workspace`.
    #[sea_orm(has_many = "super::invitation_workspace::Entity")]
    InvitationWorkspace,
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organization.def()
    }
}

impl Related<super::invitation_workspace::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InvitationWorkspace.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
