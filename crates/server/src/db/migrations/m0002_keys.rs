//! API keys, invitations to a workspace, accounts that are switched off, and what is remembered of
//! deleted workspaces.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    boolean, pk_uuid, string, string_null, string_uniq, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null,
};

use super::{index, owned_by, reference};

pub struct Keys;

impl MigrationName for Keys {
    fn name(&self) -> &str {
        "m0002_keys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Keys {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let disabled = Table::alter()
            .table("account")
            .add_column(boolean("is_disabled").default(false).take())
            .to_owned();
        manager.alter_table(disabled).await?;
        for table in tables() {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// A reference to a role that keeps it from being deleted, but not its whole organization with it.
fn role(column: &'static str) -> ForeignKeyCreateStatement {
    reference(column, "role", ForeignKeyAction::NoAction)
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("api_key")
            .col(pk_uuid("id"))
            .col(uuid("organization_id"))
            .col(string("kind"))
            // A personal token's owner; it goes with the membership, which goes with the account.
            .col(uuid_null("member_id"))
            .col(string_uniq("hash"))
            .col(string("short_key"))
            .col(string("description"))
            .col(boolean("read_only"))
            // A service key's own roles.
            .col(string_null("organization_role"))
            .col(uuid_null("role_id"))
            .col(uuid_null("default_workspace_id"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("expires_at"))
            .col(timestamp_with_time_zone_null("last_used_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .foreign_key(&mut owned_by("member_id", "member"))
            .foreign_key(&mut role("role_id"))
            .foreign_key(&mut reference("default_workspace_id", "workspace", ForeignKeyAction::SetNull))
            .to_owned(),
        Table::create()
            .table("api_key_workspace")
            .col(uuid("api_key_id"))
            .col(uuid("workspace_id"))
            .primary_key(Index::create().col("api_key_id").col("workspace_id"))
            .foreign_key(&mut owned_by("api_key_id", "api_key"))
            .foreign_key(&mut owned_by("workspace_id", "workspace"))
            .to_owned(),
        Table::create()
            .table("workspace_invitation")
            .col(pk_uuid("id"))
            .col(uuid("workspace_id"))
            .col(uuid("member_id"))
            .col(uuid("role_id"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut owned_by("workspace_id", "workspace"))
            .foreign_key(&mut owned_by("member_id", "member"))
            .foreign_key(&mut role("role_id"))
            .to_owned(),
        Table::create()
            .table("deleted_workspace")
            .col(uuid("organization_id"))
            .col(uuid("id"))
            .col(string("display_name"))
            .col(string_null("tenant_handle"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("deleted_at"))
            // An id may be used again, also by others.
            .primary_key(Index::create().col("organization_id").col("id"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .to_owned(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("api_key", &["organization_id", "kind"], false),
        index("api_key", &["member_id"], false),
        index("api_key", &["role_id"], false),
        index("api_key", &["default_workspace_id"], false),
        index("api_key_workspace", &["workspace_id"], false),
        index("workspace_invitation", &["workspace_id", "member_id"], true),
        index("workspace_invitation", &["member_id"], false),
        index("workspace_invitation", &["role_id"], false),
    ]
}
