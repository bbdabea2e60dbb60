//! Tries to sign in and up, counted in the database, so that several servers on it count together
//! and a restart forgets nothing: no more than so many within a span of time that moves along.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use super::sessions::digest;
use crate::db::entity::sign_in_try::{ActiveModel, Column, Entity};
use crate::db::{Db, now};
use crate::sweep::delete_until;

/// How long any try counts at most; older ones are swept.
pub const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Something that tries are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    key: String,
    most: u64,
    span: Duration,
}

impl Limit {
    /// At most `most` (from 1) within `span` (up to [`LONGEST`]) for `who`, in the count named `kind`.
    pub fn new(kind: &str, who: &str, most: u64, span: Duration) -> Self {
        Self { key: digest(&format!("{kind} {who}")), most: most.max(1), span: span.min(LONGEST) }
    }

    /// Since when a try counts.
    fn since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - TimeDelta::from_std(self.span).unwrap_or_default()
    }

    /// How long until there is a place; `None` where there is one.
    async fn wait<C: ConnectionTrait>(
        &self,
        connection: &C,
        now: DateTime<Utc>,
    ) -> Result<Option<Duration>, DbErr> {
        // Of the last `most` tries the first: when it no longer counts, its place is free.
        let first: Option<DateTime<Utc>> = Entity::find()
            .filter(Column::Key.eq(&self.key))
            .filter(Column::CreatedAt.gt(self.since(now)))
            .order_by_desc(Column::CreatedAt)
            .offset(self.most - 1)
            .limit(1)
            .select_only()
            .column(Column::CreatedAt)
            .into_tuple()
            .one(connection)
            .await?;
        Ok(first.map(|first| (first - self.since(now)).to_std().unwrap_or_default()))
    }
}

/// Counts a try for each of the limits, if all of them have a place. Otherwise for none, and gives
/// back which one has not, and how long until it has.
///
/// # Errors
/// Whatever the database says.
pub async fn take(db: &Db, limits: &[Limit]) -> Result<Result<(), (usize, Duration)>, DbErr> {
    // Whoever is over a limit must not make others wait for a turn to write.
    if let Some(full) = full(&**db, limits).await? {
        return Ok(Err(full));
    }
    let change = db.change().await?;
    if let Some(full) = full(&*change, limits).await? {
        return Ok(Err(full));
    }
    let now = now();
    let row = |limit: &Limit| ActiveModel {
        id: Set(Uuid::now_v7()),
        key: Set(limit.key.clone()),
        created_at: Set(now),
    };
    Entity::insert_many(limits.iter().map(row)).exec_without_returning(&*change).await?;
    change.commit_unrecorded().await?;
    Ok(Ok(()))
}

async fn full<C: ConnectionTrait>(
    connection: &C,
    limits: &[Limit],
) -> Result<Option<(usize, Duration)>, DbErr> {
    let now = now();
    for (place, limit) in limits.iter().enumerate() {
        if let Some(wait) = limit.wait(connection, now).await? {
            return Ok(Some((place, wait)));
        }
    }
    Ok(None)
}

/// Forgets what was counted by a limit.
///
/// # Errors
/// Whatever the database says.
pub async fn forget<C: ConnectionTrait>(connection: &C, limit: &Limit) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::Key.eq(&limit.key)).exec(connection).await?;
    Ok(())
}

/// Deletes the tries that count no more; gives back how many.
///
/// # Errors
/// Whatever the database says.
pub async fn sweep(db: &Db) -> Result<u64, DbErr> {
    let until = now() - TimeDelta::from_std(LONGEST).unwrap_or_default();
    delete_until::<Entity>(db, Column::Id, Column::CreatedAt, until).await
}

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveModelTrait, IntoActiveModel, PaginatorTrait};

    use super::*;

    /// As if the tries had been made so much sooner.
    async fn pass(db: &Db, seconds: i64) {
        for row in Entity::find().all(&**db).await.unwrap() {
            let before = row.created_at - TimeDelta::seconds(seconds);
            let mut row = row.into_active_model();
            row.created_at = Set(before);
            row.update(&**db).await.unwrap();
        }
    }

    #[tokio::test]
    async fn the_window_moves_along() {
        let (_directory, db) = Db::temporary().await;
        let minute = [Limit::new("a", "x", 3, Duration::from_secs(60))];
        for _ in 0..3 {
            assert_eq!(take(&db, &minute).await.unwrap(), Ok(()));
            pass(&db, 10).await;
        }
        let (place, wait) = take(&db, &minute).await.unwrap().unwrap_err();
        assert_eq!(place, 0);
        assert!(wait <= Duration::from_secs(30) && wait > Duration::ZERO, "{wait:?}");
        pass(&db, 30).await;
        assert_eq!(take(&db, &minute).await.unwrap(), Ok(()), "the first counts no more");
        assert!(take(&db, &minute).await.unwrap().is_err(), "the second does");
        let other = [Limit::new("a", "y", 3, Duration::from_secs(60))];
        assert_eq!(take(&db, &other).await.unwrap(), Ok(()), "each has its own");
        let other = [Limit::new("b", "x", 3, Duration::from_secs(60))];
        assert_eq!(take(&db, &other).await.unwrap(), Ok(()), "each kind has its own");
    }

    #[tokio::test]
    async fn a_try_counts_for_all_or_for_none() {
        let (_directory, db) = Db::temporary().await;
        let two = Limit::new("a", "x", 2, LONGEST);
        let one = Limit::new("b", "x", 1, LONGEST);
        let both = [two.clone(), one.clone()];
        assert_eq!(take(&db, &both).await.unwrap(), Ok(()));
        assert_eq!(take(&db, &both).await.unwrap().unwrap_err().0, 1);
        assert_eq!(
            take(&db, std::slice::from_ref(&two)).await.unwrap(),
            Ok(()),
            "the refused try left its place"
        );
        assert_eq!(take(&db, &both).await.unwrap().unwrap_err().0, 0);
        forget(&*db, &two).await.unwrap();
        assert_eq!(take(&db, std::slice::from_ref(&two)).await.unwrap(), Ok(()));
        assert!(take(&db, &[one]).await.unwrap().is_err(), "only that one was forgotten");
    }

    #[tokio::test]
    async fn only_those_that_count_no_more_are_swept() {
        let (_directory, db) = Db::temporary().await;
        take(&db, &[Limit::new("a", "x", 9, LONGEST)]).await.unwrap().unwrap();
        pass(&db, 301).await;
        take(&db, &[Limit::new("a", "x", 9, LONGEST)]).await.unwrap().unwrap();
        assert_eq!(sweep(&db).await.unwrap(), 1);
        assert_eq!(Entity::find().count(&*db).await.unwrap(), 1);
        let row = Entity::find().one(&*db).await.unwrap().unwrap();
        assert!(row.key.len() == 64 && !row.key.contains('x'), "{}", row.key);
    }
}
