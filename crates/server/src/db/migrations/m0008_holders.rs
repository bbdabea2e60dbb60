//! Whether a member holds a role in a workspace, looked up in one index.

use sea_orm_migration::prelude::*;

use super::index;

/// The step.
pub struct Holders;

impl MigrationName for Holders {
    fn name(&self) -> &str {
        "m0008_holders"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Holders {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // By the role alone, SQLite goes through all of its holders for each member that it looks
        // at: with 100,000 members the list of those with a role took over a minute.
        let both = index("workspace_member", &["role_id", "member_id"], false);
        manager.create_index(both).await?;
        let old = Index::drop().name("workspace_member_role_id").table("workspace_member").to_owned();
        manager.drop_index(old).await
    }
}
