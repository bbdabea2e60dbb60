//! Rows that are of no use any more, deleted now and then, and plans that are over, ended.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::auth::tries;
use crate::db::Db;
use crate::plan;
use crate::request::idempotency;
use crate::routes::removed;

/// Rows that one change deletes, so that no writer waits long.
pub const SOME: u64 = 1_000;
/// How often.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// Deletes the rows of a table that were made at a moment or before, some at a time; gives back how
/// many. `id` is the column of its primary key, `made` that of the moment.
///
/// # Errors
/// Whatever the database says; what was deleted before stays so.
pub async fn delete_until<E>(
    db: &Db,
    id: E::Column,
    made: E::Column,
    until: DateTime<Utc>,
) -> Result<u64, DbErr>
where
    E: EntityTrait,
{
    let old = E::find().filter(made.lte(until)).limit(SOME);
    let mut deleted = 0;
    // Asked before: where there is nothing to delete nobody waits for a turn to write.
    while old.clone().one(&**db).await?.is_some() {
        let some = old.clone().select_only().column(id).into_query();
        let change = db.change().await?;
        deleted += E::delete_many().filter(id.in_subquery(some)).exec(&*change).await?.rows_affected;
        change.commit_unrecorded().await?;
    }
    Ok(deleted)
}

/// Sweeps for as long as the server runs.
pub async fn regularly(db: Db) {
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        for (what, swept) in [
            ("answers", idempotency::sweep(&db).await),
            ("tries to sign in", tries::sweep(&db).await),
            ("removed members", removed::sweep(&db).await),
        ] {
            if let Err(cause) = swept {
                tracing::warn!(%cause, what, "old rows could not be swept; they are tried again later");
            }
        }
        if let Err(cause) = plan::end_those_over(&db).await {
            tracing::warn!(%cause, "plans that are over could not be ended; they are tried again later");
        }
    }
}
