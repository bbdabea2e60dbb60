//! The colour that was chosen for a workspace.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::string_null;

/// The step.
pub struct WorkspaceColor;

impl MigrationName for WorkspaceColor {
    fn name(&self) -> &str {
        "m0015_workspace_color"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for WorkspaceColor {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = string_null("color");
        manager.alter_table(Table::alter().table("workspace").add_column(column).to_owned()).await
    }
}
