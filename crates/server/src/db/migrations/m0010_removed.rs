//! Members who were removed, with what they had, so that they can be brought back for a while.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{pk_uuid, string, timestamp_with_time_zone, uuid, uuid_null};

use super::{index, owned_by, reference};

/// The step.
pub struct Removed;

impl MigrationName for Removed {
    fn name(&self) -> &str {
        "m0010_removed"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Removed {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let member = Table::create()
            .table("removed_member")
            .col(pk_uuid("id"))
            .col(uuid("organization_id"))
            .col(uuid("account_id"))
            .col(string("role"))
            .col(timestamp_with_time_zone("joined_at"))
            .col(timestamp_with_time_zone("removed_at"))
            .col(uuid_null("removed_by"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .foreign_key(&mut owned_by("account_id", "account"))
            .foreign_key(&mut reference("removed_by", "account", ForeignKeyAction::SetNull))
            .to_owned();
        manager.create_table(member).await?;
        // No references to workspace and role: either may be deleted, and is then told by its name.
        let workspace = Table::create()
            .table("removed_workspace")
            .col(uuid("removed_id"))
            .col(uuid("workspace_id"))
            .col(uuid("membership_id"))
            .col(uuid("role_id"))
            .col(string("workspace_name"))
            .col(string("role_name"))
            .col(timestamp_with_time_zone("added_at"))
            .primary_key(Index::create().col("removed_id").col("workspace_id"))
            .foreign_key(&mut owned_by("removed_id", "removed_member"))
            .to_owned();
        manager.create_table(workspace).await?;
        for index in [
            index("removed_member", &["organization_id", "account_id"], true),
            index("removed_member", &["account_id"], false),
            index("removed_member", &["removed_by"], false),
            index("removed_member", &["removed_at"], false),
            index("removed_workspace", &["workspace_id"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
