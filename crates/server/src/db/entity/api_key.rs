//! An API key: a personal token of a member, or a service key.

use sea_orm::entity::prelude::*;

/// An API key: a personal token of a member, or a service key.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The only organization in which it works.
    pub organization_id: Uuid,
    /// `personal` or `service`.
    pub kind: String,
    /// Whose personal token it is.
    pub member_id: Option<Uuid>,
    /// SHA-256 of the key, in hex.
    pub hash: String,
    /// What may be shown of it.
    pub short_key: String,
    /// What it is for.
    pub description: String,
    /// Whether it only reads.
    pub read_only: bool,
    /// A service key's role in the organization; none for the key of workspaces.
    pub organization_role: Option<String>,
    /// A service key's role in its workspaces; for a key of the organization, in every workspace.
    pub role_id: Option<Uuid>,
    /// The workspace that a request without a header means.
    pub default_workspace_id: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it ends by itself.
    pub expires_at: Option<DateTimeUtc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTimeUtc>,
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
    /// The table `member`.
    #[sea_orm(
        belongs_to = "super::member::Entity",
        from = "Column::MemberId",
        to = "super::member::Column::Id"
    )]
    Member,
    /// The table `api_key_workspace`.
    #[sea_orm(has_many = "super::api_key_workspace::Entity")]
    ApiKeyWorkspace,
}

impl Related<super::organization::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organization.def()
    }
}

impl Related<super::member::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Member.def()
    }
}

impl Related<super::api_key_workspace::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ApiKeyWorkspace.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
