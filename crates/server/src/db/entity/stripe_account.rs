//! What is known of an organization at Stripe.

use sea_orm::entity::prelude::*;

/// What is known of an organization at Stripe. Stripe is right about payments, this database about
/// seats and plans; `crate::billing::stripe::sync` brings both in line.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stripe_account")]
pub struct Model {
    /// The organization.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: Uuid,
    /// The customer's id (`cus_…`), once there is one.
    pub customer_id: Option<String>,
    /// The id of the subscription that pays for the plan (`sub_…`), while there is one.
    pub subscription_id: Option<String>,
    /// The plan that the subscription pays for, as a word of the contract.
    pub tier: Option<String>,
    /// The subscription's status, as Stripe's word; stays when it has ended.
    pub status: Option<String>,
    /// The seats that Stripe bills.
    pub seats: Option<i64>,
    /// When the paid period ends.
    pub period_end: Option<DateTimeUtc>,
    /// Whether the subscription ends then.
    pub cancels: bool,
    /// The id of the card's payment method (`pm_…`).
    pub payment_method_id: Option<String>,
    /// The id of the tax id (`txi_…`) that the business information made.
    pub tax_id: Option<String>,
    /// That tax id as it was sent: type, colon, value.
    pub tax_value: Option<String>,
    /// Until when somebody is dealing with Stripe for this organization; see
    /// `crate::billing::stripe::turn`.
    pub busy_until: Option<DateTimeUtc>,
    /// Whose turn that is.
    pub busy_by: Option<Uuid>,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
