//! An organization. The table has three columns more, which the database counts by itself: `members`
//! and `invitations` (`db/seats.rs`), and `people_version` (`db/totals.rs`). Named here, `copy` would
//! write them, and they were counted twice.

use sea_orm::entity::prelude::*;

/// An organization.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The name.
    pub display_name: String,
    /// The plan, as a word of the contract.
    pub tier: String,
    /// Whether it is switched off, as while pending.
    pub disabled: bool,
    /// Whose personal organization it is; none for a shared one.
    pub personal_of: Option<Uuid>,
    /// Who made it.
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub modified_at: DateTimeUtc,
    /// Since when it is on its plan.
    pub plan_since: Option<DateTimeUtc>,
    /// When that ends, where somebody ended it and nobody outside bills it.
    pub plan_ends_at: Option<DateTimeUtc>,
    /// The settings of `OrganizationUpdate` that were ever set.
    pub settings: Json,
    /// The business behind it (`StripeBusinessInfo`).
    pub business_info: Option<Json>,
    /// The card on file (`StripePaymentMethodInfo`).
    pub payment_method: Option<Json>,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The table `member`.
    #[sea_orm(has_many = "super::member::Entity")]
    Member,
    /// The table `workspace`.
    #[sea_orm(has_many = "super::workspace::Entity")]
    Workspace,
    /// The table `invitation`.
    #[sea_orm(has_many = "super::invitation::Entity")]
    Invitation,
}

impl Related<super::member::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Member.def()
    }
}

impl Related<super::workspace::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Workspace.def()
    }
}

impl Related<super::invitation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Invitation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
