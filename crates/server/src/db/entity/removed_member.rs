//! A member who was removed, and can be brought back.

use sea_orm::entity::prelude::*;

/// A member who was removed, and can be brought back.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "removed_member")]
pub struct Model {
    /// The `identity_id` that the membership had, and will have again.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The organization.
    pub organization_id: Uuid,
    /// Who.
    pub account_id: Uuid,
    /// The organization role, as a word of the contract.
    pub role: String,
    /// When the person joined.
    pub joined_at: DateTimeUtc,
    /// When the person was removed.
    pub removed_at: DateTimeUtc,
    /// The account that did it; none where a service key did.
    pub removed_by: Option<Uuid>,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The table `account`.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
