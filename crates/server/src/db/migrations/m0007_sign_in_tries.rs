//! The tries to sign in and up, which all servers on a database count together.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{pk_uuid, string, timestamp_with_time_zone};

use super::index;

/// The step.
pub struct SignInTries;

impl MigrationName for SignInTries {
    fn name(&self) -> &str {
        "m0007_sign_in_tries"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SignInTries {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("sign_in_try")
            .col(pk_uuid("id"))
            .col(string("key"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("sign_in_try", &["key", "created_at"], false)).await?;
        manager.create_index(index("sign_in_try", &["created_at"], false)).await
    }
}
