//! When the plan of an organization ends that is billed by nobody outside (test billing). What is
//! billed through Stripe ends there, and is known by its account (`m0005_stripe`).

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

/// The step.
pub struct PlanEnds;

impl MigrationName for PlanEnds {
    fn name(&self) -> &str {
        "m0014_plan_ends"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for PlanEnds {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut column = timestamp_with_time_zone_null("plan_ends_at");
        manager.alter_table(Table::alter().table("organization").add_column(&mut column).to_owned()).await?;
        let mut index = super::index("organization", &["plan_ends_at"], false);
        manager.create_index(index.take()).await
    }
}
