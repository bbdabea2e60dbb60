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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sea_orm::Statement;

    use super::super::address::Address;
    use super::super::seats::{Taken, taken};
    use super::super::temporary::Postgres;
    use super::*;

    async fn texts<C: ConnectionTrait>(connection: &C, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        rows.into_iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// What tables, columns, indexes and triggers there are.
    async fn shape(db: &Db) -> Vec<String> {
        let postgres =
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default,
                collation_name) AS what FROM information_schema.columns WHERE table_schema = 'public'
            UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION SELECT conrelid::regclass::text || pg_get_constraintdef(oid) FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace
            ORDER BY 1";
        let sqlite = "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY 1";
        let sql = if db.get_database_backend() == DbBackend::Postgres { postgres } else { sqlite };
        texts(&db.connection, sql).await
    }

    async fn rows(db: &Db) -> BTreeMap<String, String> {
        let postgres = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
        let sqlite = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'member_text%'";
        let sql = if db.get_database_backend() == DbBackend::Postgres { postgres } else { sqlite };
        let mut counts = BTreeMap::new();
        for table in texts(&db.connection, sql).await.into_iter().filter(|name| name != "seaql_migrations") {
            let sql = format!("SELECT CAST(COUNT(*) AS varchar) FROM {table}");
            counts.insert(table, texts(&db.connection, &sql).await.remove(0));
        }
        counts
    }

    /// As the version with so many steps left it, with what the first one had in it and an invitation
    /// that this version made.
    async fn of_version(url: &str, steps: usize) -> Db {
        let db = Db::connect(&Address::parse(url).unwrap(), true).await.unwrap();
        let first = if db.get_database_backend() == DbBackend::Postgres {
            include_str!("../../tests/api/fixtures/m0001.postgres.sql")
        } else {
            include_str!("../../tests/api/fixtures/m0001.sqlite.sql")
        };
        db.connection.execute_unprepared(first).await.unwrap();
        let change = db.long_change().await.unwrap();
        sorted(&change, Migrator::install(&*change)).await.unwrap();
        for _ in 1..steps {
            sorted(&change, Migrator::up(&*change, Some(1))).await.unwrap();
        }
        for sql in [
            "CREATE TABLE copy AS SELECT * FROM invitation",
            "UPDATE copy SET email = 'dora@example.com', id = (SELECT id FROM account LIMIT 1)",
            "INSERT INTO invitation SELECT * FROM copy",
            "DROP TABLE copy",
        ] {
            change.execute_unprepared(sql).await.unwrap();
        }
        change.commit_unrecorded().await.unwrap();
        db
    }

    async fn comes_forward(url: &str, steps: usize, new: &[String]) {
        let old = of_version(url, steps).await;
        let before = rows(&old).await;
        old.connection.close().await.unwrap();
        let db = Db::open(url, false).await.unwrap();
        assert!(db.is_up_to_date().await.unwrap());
        assert_eq!(shape(&db).await, new, "from the version with {steps} steps");
        let after = rows(&db).await;
        for (table, count) in &before {
            assert_eq!(after.get(table), Some(count), "{table}, from the version with {steps} steps");
        }
        let acme = super::super::entity::organization::Entity::find().all(&*db).await.unwrap();
        let acme = acme.iter().find(|row| row.display_name == "Acme").unwrap();
        assert_eq!(taken(&*db, acme.id).await.unwrap(), Taken { members: 2, invitations: 2 });
        if db.get_database_backend() == DbBackend::Sqlite {
            assert!(texts(&db.connection, "SELECT \"table\" FROM pragma_foreign_key_check").await.is_empty());
        }
        db.connection.close().await.unwrap();
    }

    #[tokio::test]
    async fn every_earlier_version_comes_forward_on_sqlite() {
        let (_directory, new) = Db::temporary().await;
        let new = shape(&new).await;
        for steps in 1..=Migrator::migrations().len() {
            let directory = tempfile::TempDir::new().unwrap();
            let url = format!("sqlite://{}", directory.path().join("a.db").display());
            comes_forward(&url, steps, &new).await;
        }
    }

    #[tokio::test]
    async fn every_earlier_version_comes_forward_on_postgresql() {
        let Some(database) = Postgres::make("new").await else { return };
        let db = Db::open(&database.url(), false).await.unwrap();
        let new = shape(&db).await;
        db.connection.close().await.unwrap();
        database.remove().await;
        for steps in 1..=Migrator::migrations().len() {
            let database = Postgres::make(&format!("version_{steps}")).await.unwrap();
            comes_forward(&database.url(), steps, &new).await;
            database.remove().await;
        }
    }
}
