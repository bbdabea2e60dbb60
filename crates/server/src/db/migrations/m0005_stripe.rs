//! What the server keeps of its dealings with Stripe. No table holds anything of a card.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, big_integer_null, boolean, integer, string, string_null, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use super::{index, needs, owned_by};

/// The step.
pub struct Stripe;

impl MigrationName for Stripe {
    fn name(&self) -> &str {
        "m0005_stripe"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Stripe {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for index in [
            index("stripe_account", &["customer_id"], true),
            index("stripe_operation", &["organization_id", "kind"], true),
            index("stripe_outbox", &["next_try_at"], false),
            index("stripe_event", &["received_at"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        // An organization with an account here cannot be deleted: its subscription would go on.
        Table::create()
            .table("stripe_account")
            .col(uuid("organization_id").primary_key())
            .col(string_null("customer_id"))
            .col(string_null("subscription_id"))
            .col(string_null("tier"))
            .col(string_null("status"))
            .col(big_integer_null("seats"))
            .col(timestamp_with_time_zone_null("period_end"))
            .col(boolean("cancels"))
            .col(string_null("payment_method_id"))
            .col(string_null("tax_id"))
            .col(string_null("tax_value"))
            .col(timestamp_with_time_zone_null("busy_until"))
            .col(uuid_null("busy_by"))
            .foreign_key(&mut needs("organization_id", "organization"))
            .to_owned(),
        Table::create()
            .table("stripe_operation")
            .col(uuid("id").primary_key())
            .col(uuid("organization_id"))
            .col(string("kind"))
            .col(big_integer_null("seats"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .to_owned(),
        Table::create()
            .table("stripe_outbox")
            .col(uuid("organization_id").primary_key())
            .col(uuid("id"))
            .col(big_integer("seats"))
            .col(integer("attempts"))
            .col(timestamp_with_time_zone("next_try_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .to_owned(),
        Table::create()
            .table("stripe_event")
            .col(string("id").primary_key())
            .col(timestamp_with_time_zone("received_at"))
            .to_owned(),
    ]
}
