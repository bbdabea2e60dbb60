//! The database: opening it, and one writer at a time.

mod address;
mod commit;
pub mod entity;
mod migrations;
pub mod people;
mod postgres;
pub mod seats;
mod sqlite;
pub mod system_roles;
#[cfg(test)]
pub mod temporary;
pub mod totals;
mod upgrade;

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use address::Address;
use chrono::{DateTime, SubsecRound, Utc};
pub use commit::is_uncertain;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};
use upgrade::Refused;

/// How long a change waits for those of other processes before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

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
    /// Opens the database as it is.
    async fn connect(address: &Address, create: bool) -> Result<Self, String> {
        let connection = match address {
            Address::Sqlite(path) => sqlite::connect(path, create).await?,
            Address::Postgres { url, .. } => postgres::connect(url)
                .await
                .map_err(|error| format!("The database {address} cannot be used: {error}"))?,
        };
        Ok(Self { connection, turn: Arc::default() })
    }

    /// Opens the database at `url` and brings its tables up to date. Makes a SQLite file and its
    /// directory where `create` says so.
    ///
    /// # Errors
    /// A sentence where the address is none, the database cannot be opened, or a newer version of
    /// this program has used it.
    pub async fn open(url: &str, create: bool) -> Result<Self, String> {
        let address = Address::parse(url)?;
        let db = Self::connect(&address, create).await?;
        upgrade::upgrade(&db).await.map_err(|refused| match refused {
            Refused::Newer(steps) => format!(
                "The database {address} was used by a newer version of Atrium: it has {}, which this \
                 version does not know. Start that version, or restore a backup from before it.",
                steps.join(", ")
            ),
            Refused::Failed(error) => format!("The database {address} cannot be used: {error}"),
        })?;
        Ok(db)
    }

    /// Begins a change. Waits for the writer before it: in this process by a queue, against other
    /// processes by SQLite's own lock, and by a lock in PostgreSQL, on whichever machine they are.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn change(&self) -> Result<Change, DbErr> {
        self.begin(Some(PATIENCE)).await
    }

    /// Begins a change of a command that fills or copies a database, which takes what time it wants.
    /// In PostgreSQL it waits for as long as it takes, in SQLite as long as any change.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn long_change(&self) -> Result<Change, DbErr> {
        self.begin(None).await
    }

    async fn begin(&self, patience: Option<Duration>) -> Result<Change, DbErr> {
        // Those who wait do it without a connection, of which there are few.
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connection.begin_with_options(options).await?;
        if transaction.get_database_backend() == DbBackend::Postgres {
            postgres::take_turn(&transaction, patience).await?;
        }
        Ok(Change { transaction, _turn: turn })
    }

    /// The connections that are open, and how many of them nobody uses.
    pub fn pool(&self) -> (u32, usize) {
        if self.connection.get_database_backend() == DbBackend::Postgres {
            let pool = self.connection.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = self.connection.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        }
    }

    /// Whether the database has every step of this version.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn is_up_to_date(&self) -> Result<bool, DbErr> {
        upgrade::is_up_to_date(&self.connection).await
    }
}

/// Copies the SQLite database at `url` to the file `to`, while it is in use. Gives back the size
/// of the copy in bytes.
///
/// # Errors
/// A sentence where it cannot be done, and for PostgreSQL, which has a program of its own for it.
pub async fn backup(url: &str, to: &Path) -> Result<u64, String> {
    match Address::parse(url)? {
        Address::Sqlite(path) => sqlite::backup(&path, to).await,
        address @ Address::Postgres { .. } => Err(format!(
            "This command copies SQLite files. Back {address} up with PostgreSQL's own program: \
             pg_dump --format=custom --file={} {address}",
            to.display()
        )),
    }
}

/// The present moment as the database keeps it: in UTC, to the microsecond.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
