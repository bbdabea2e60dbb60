//! Bringing the tables forward from whatever earlier version made them.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, PaginatorTrait};
use sea_orm_migration::{MigratorTrait, SchemaManager, seaql_migrations};

use super::migrations::Migrator;
use super::{Change, Db, postgres};

/// Why a database is not brought forward.
pub enum Refused {
    /// A newer version made these steps.
    Newer(Vec<String>),
    /// It failed, and nothing was changed.
    Failed(DbErr),
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self::Failed(error)
    }
}

/// Makes the steps that the database lacks, all or none, one server at a time.
///
/// # Errors
/// Where a newer version was here, or a step fails.
pub async fn upgrade(db: &Db) -> Result<(), Refused> {
    if !is_behind(&SchemaManager::new(&db.connection)).await? {
        return Ok(());
    }
    // Another server may be at it, for as long as that takes.
    let change = db.long_change().await?;
    let mut behind = is_behind(&SchemaManager::new(&*change)).await?;
    if behind {
        // The list of steps, before it is read: a connection reads no column any more that was
        // changed since.
        sorted(&change, Migrator::install(&*change)).await?;
    }
    while behind {
        sorted(&change, Migrator::up(&*change, Some(1))).await?;
        behind = is_behind(&SchemaManager::new(&*change)).await?;
    }
    change.commit_unrecorded().await?;
    Ok(())
}

/// Makes a step, and has PostgreSQL sort its columns as SQLite does. After each step and not after
/// the last one: PostgreSQL changes no column any more that a trigger of a later step looks at.
async fn sorted(change: &Change, step: impl Future<Output = Result<(), DbErr>>) -> Result<(), DbErr> {
    if change.get_database_backend() != DbBackend::Postgres {
        return step.await;
    }
    let before: HashSet<_> = postgres::text_columns(&**change).await?.into_iter().collect();
    step.await?;
    let made = postgres::text_columns(&**change).await?.into_iter().filter(|column| !before.contains(column));
    postgres::sort_by_code_points(&**change, made).await
}

/// Whether the database has every step of this version, and maybe more. Asked again and again.
///
/// # Errors
/// Whatever the database says.
pub async fn is_up_to_date(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    let made = seaql_migrations::Entity::find().count(connection).await?;
    Ok(made >= Migrator::migrations().len() as u64)
}

/// Whether there are steps to make.
async fn is_behind(manager: &SchemaManager<'_>) -> Result<bool, Refused> {
    let known: HashSet<_> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let made = made(manager).await?;
    let mut newer: Vec<_> = made.difference(&known).cloned().collect();
    newer.sort();
    if newer.is_empty() { Ok(made.len() < known.len()) } else { Err(Refused::Newer(newer)) }
}

/// The names of the steps that were made.
async fn made(manager: &SchemaManager<'_>) -> Result<HashSet<String>, DbErr> {
    // Asked first: of a new database, and of one that is not Atrium's, nothing is changed yet.
    if !manager.has_table("seaql_migrations").await? {
        return Ok(HashSet::new());
    }
    let rows = seaql_migrations::Entity::find().all(manager.get_connection()).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}
