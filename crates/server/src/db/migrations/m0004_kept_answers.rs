//! The answers to requests with an `Idempotency-Key`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, string, text_null, timestamp_with_time_zone};

use super::index;

/// The step.
pub struct KeptAnswers;

impl MigrationName for KeptAnswers {
    fn name(&self) -> &str {
        "m0004_kept_answers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for KeptAnswers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("kept_answer")
            .col(string("id").primary_key())
            .col(string("fingerprint"))
            .col(integer("status"))
            .col(text_null("body"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(table).await?;
        manager.create_index(index("kept_answer", &["created_at"], false)).await
    }
}
