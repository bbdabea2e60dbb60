//! The audit log.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, integer_null, json, json_null, pk_uuid, string, string_null, timestamp_with_time_zone, uuid,
    uuid_null,
};

use super::index;

/// The step.
pub struct Audit;

impl MigrationName for Audit {
    fn name(&self) -> &str {
        "m0003_audit"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Audit {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No foreign keys: an entry outlives the workspace, the account and the key that it names.
        let table = Table::create()
            .table("audit_entry")
            .col(pk_uuid("id"))
            .col(uuid("organization_id"))
            .col(uuid_null("workspace_id"))
            .col(string("operation"))
            .col(boolean("succeeded"))
            .col(integer_null("status"))
            .col(uuid_null("account_id"))
            .col(uuid_null("api_key_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(string_null("request_id"))
            .col(string_null("method"))
            .col(string_null("path"))
            .col(string_null("client_host"))
            .col(integer_null("client_port"))
            .col(string_null("forwarded_for"))
            .col(json("resources"))
            .col(json_null("before"))
            .col(json_null("after"))
            .to_owned();
        manager.create_table(table).await?;
        for columns in [
            &["organization_id", "created_at", "id"][..],
            &["organization_id", "workspace_id", "created_at", "id"],
            &["organization_id", "operation", "created_at", "id"],
        ] {
            manager.create_index(index("audit_entry", columns, false)).await?;
        }
        Ok(())
    }
}
