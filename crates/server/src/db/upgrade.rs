//! Bringing the tables forward from whatever earlier version made them.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait};
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
    if is_behind(&SchemaManager::new(&*change)).await? {
        step(&change).await?;
        change.commit_unrecorded().await?;
    }
    Ok(())
}

async fn step(change: &Change) -> Result<(), DbErr> {
    if change.get_database_backend() != DbBackend::Postgres {
        return Migrator::up(&**change, None).await;
    }
    let before: HashSet<_> = postgres::text_columns(&**change).await?.into_iter().collect();
    Migrator::up(&**change, None).await?;
    let made = postgres::text_columns(&**change).await?.into_iter().filter(|column| !before.contains(column));
    postgres::sort_by_code_points(&**change, made).await
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
