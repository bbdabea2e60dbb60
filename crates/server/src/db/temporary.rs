//! Databases of unit tests.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};

use super::Db;

impl Db {
    /// A new SQLite database, which goes with its directory.
    pub async fn temporary() -> (tempfile::TempDir, Self) {
        let directory = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite://{}", directory.path().join("a.db").display());
        let db = Self::open(&url, true).await.unwrap();
        (directory, db)
    }
}

/// A new and empty PostgreSQL database.
pub struct Postgres {
    admin: DatabaseConnection,
    server: String,
    name: String,
}

impl Postgres {
    /// Makes one where this run has a server (`scripts/postgres.sh`). `what` names it among those of
    /// the other tests.
    pub async fn make(what: &str) -> Option<Self> {
        let address = std::env::var("ATRIUM_TEST_POSTGRES").ok()?;
        let admin = Database::connect(&address).await.unwrap();
        let name = format!("atrium_{what}_{}", std::process::id());
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        let server = address.rsplit_once('/').unwrap().0.to_owned();
        Some(Self { admin, server, name })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    /// Removes it, whoever is connected.
    pub async fn remove(self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        self.admin.execute_unprepared(&sql).await.unwrap();
    }
}
