//! The database: opening it, and one writer at a time.

mod commit;
pub mod entity;
mod migrations;
pub mod people;
pub mod system_roles;

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigratorTrait, seaql_migrations};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// An open database. Reads go through it as it is; changes through [`Db::change`].
#[derive(Clone)]
pub struct Db {
    connection: DatabaseConnection,
    turn: Arc<Mutex<()>>,
}

/// One change: a write transaction that sees everything committed before it and holds off every
/// other writer, so that what it read (seats left, admins left) is still true when it commits.
/// Dropped without [`Change::answer`] or [`Change::commit`], it leaves no trace.
pub struct Change {
    transaction: DatabaseTransaction,
    _turn: OwnedMutexGuard<()>,
}

impl Deref for Db {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.connection
    }
}

impl Deref for Change {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl Db {
    /// Opens the database at `url` and brings its tables up to date. Makes the file and its
    /// directory where `create` says so.
    ///
    /// # Errors
    /// A sentence where the address is not one of a SQLite file or it cannot be opened.
    pub async fn open(url: &str, create: bool) -> Result<Self, String> {
        let path = file_of(url)?;
        if create {
            make_directory(&path)?;
        } else if !path.exists() {
            return Err(format!("There is no database at {}.", path.display()));
        }
        let mut options = ConnectOptions::new(url);
        options.max_connections(8).sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(create)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                // With WAL this is durable against a crash of the process and consistent after one
                // of the machine (https://sqlite.org/pragma.html#pragma_synchronous).
                .synchronous(SqliteSynchronous::Normal)
                .busy_timeout(Duration::from_secs(10))
        });
        options.map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_connect(|connection, _| Box::pin(people::index_of_texts(connection)))
        });
        let failed = |error: DbErr| format!("The database at {} cannot be used: {error}", path.display());
        let connection = Database::connect(options).await.map_err(failed)?;
        migrations::Migrator::up(&connection, None).await.map_err(failed)?;
        Ok(Self { connection, turn: Arc::default() })
    }

    /// Begins a change. Waits for the writer before it, in this process by a queue and against
    /// other processes (`atrium-server plan`) by SQLite's own lock.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn change(&self) -> Result<Change, DbErr> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Change { transaction: self.connection.begin_with_options(options).await?, _turn: turn })
    }

    /// The connections that are open, and how many of them nobody uses.
    pub fn pool(&self) -> (u32, usize) {
        let pool = self.connection.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle())
    }

    /// Whether the database has every step of this version.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn is_up_to_date(&self) -> Result<bool, DbErr> {
        let made = seaql_migrations::Entity::find().count(&self.connection).await?;
        Ok(made >= migrations::Migrator::migrations().len() as u64)
    }
}

/// The present moment as the database keeps it: in UTC, to the microsecond.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

fn file_of(url: &str) -> Result<PathBuf, String> {
    let rest = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    let path = rest.map(|rest| rest.split('?').next().unwrap_or(rest)).unwrap_or_default();
    if path.is_empty() || path.starts_with(':') {
        return Err(format!("“{url}” is not the address of a SQLite file, such as sqlite://data/atrium.db."));
    }
    Ok(PathBuf::from(path))
}

fn make_directory(file: &Path) -> Result<(), String> {
    match file.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => std::fs::create_dir_all(directory)
            .map_err(|error| format!("The directory {} cannot be made: {error}", directory.display())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_files() {
        assert_eq!(file_of("sqlite://data/atrium.db"), Ok(PathBuf::from("data/atrium.db")));
        assert_eq!(file_of("sqlite:///tmp/a.db?mode=rwc"), Ok(PathBuf::from("/tmp/a.db")));
        for bad in ["", "data/atrium.db", "postgres://localhost/atrium", "sqlite::memory:", "sqlite://"] {
            assert!(file_of(bad).is_err(), "{bad}");
        }
    }
}
