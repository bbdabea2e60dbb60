//! Indexes for what the audit log is asked besides: who did it, and whether it was refused.

use sea_orm_migration::prelude::*;

use super::index;

/// The step.
pub struct AuditFilters;

impl MigrationName for AuditFilters {
    fn name(&self) -> &str {
        "m0016_audit_filters"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for AuditFilters {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let by = |column| index("audit_entry", &["organization_id", column, "created_at", "id"], false);
        for column in ["account_id", "succeeded"] {
            manager.create_index(by(column)).await?;
        }
        // Most is done without a key, and the index holds none of that.
        let with_key = Expr::col("api_key_id").is_not_null();
        manager.create_index(by("api_key_id").and_where(with_key).to_owned()).await
    }
}
