//! Customers whom Stripe is to delete, since their organization is no more: they outlive it here until
//! Stripe has heard it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, timestamp_with_time_zone, uuid};

use super::index;

/// The step.
pub struct EndedCustomers;

impl MigrationName for EndedCustomers {
    fn name(&self) -> &str {
        "m0017_stripe_ended_customers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for EndedCustomers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("stripe_ended_customer")
            .col(string("customer_id").primary_key())
            .col(uuid("organization_id"))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone("next_try_at"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("stripe_ended_customer", &["next_try_at"], false)).await
    }
}
