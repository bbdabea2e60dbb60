//! An account: somebody who can sign in.

use sea_orm::entity::prelude::*;

/// An account: somebody who can sign in.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// The id (`ls_user_id`).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The address, normalized.
    pub email: String,
    /// The person's name.
    pub full_name: String,
    /// The name in lower case, to search and sort by.
    pub name_key: String,
    /// The argon2id hash, in PHC form.
    pub password_hash: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Whether it is switched off: it can do nothing then.
    pub is_disabled: bool,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The table `member`.
    #[sea_orm(has_many = "super::member::Entity")]
    Member,
}

impl Related<super::member::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Member.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
