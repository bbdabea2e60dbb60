//! The database of a test: a SQLite file, or, where `ATRIUM_TEST_POSTGRES` names a PostgreSQL
//! (`scripts/postgres.sh` starts one), a database of its own in that.

use std::collections::HashSet;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

/// The PostgreSQL of this run, if it has one.
pub fn postgres() -> Option<String> {
    std::env::var("ATRIUM_TEST_POSTGRES").ok().filter(|address| !address.is_empty())
}

/// The databases of PostgreSQL that were made, by name.
static MADE: Mutex<Option<HashSet<String>>> = Mutex::new(None);

/// The address of the database that belongs to a path: the file there, or a database of
/// PostgreSQL that is made when it is first asked for.
pub fn url(path: &Path) -> String {
    let Some(server) = postgres() else { return format!("sqlite://{}", path.display()) };
    let name = name(path);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.get_or_insert_default().insert(name.clone()) {
        execute(&server, &format!("CREATE DATABASE {name}"));
    }
    in_server(&server, &name)
}

/// Removes the database of a path.
pub fn remove(path: &Path) {
    let Some(server) = postgres() else {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", path.display()));
        }
        return;
    };
    let name = name(path);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.get_or_insert_default().remove(&name) {
        execute(&server, &format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}

fn name(path: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    (std::process::id(), path).hash(&mut hasher);
    format!("atrium_{:016x}", hasher.finish())
}

fn in_server(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, ""), |(address, rest)| (address, rest));
    let (server, _) = address.rsplit_once('/').expect("a database in ATRIUM_TEST_POSTGRES");
    format!("{server}/{name}{}{options}", if options.is_empty() { "" } else { "?" })
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn connect(url: &str) -> DatabaseConnection {
    let url = if url.starts_with("sqlite") { format!("{url}?mode=rwc") } else { url.to_owned() };
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// Runs statements, without a server.
pub fn execute(url: &str, sql: &str) {
    wait(async {
        let database = connect(url).await;
        database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        database.close().await.unwrap();
    });
}

/// Changes one row of the database of a path, without a server.
#[track_caller]
pub fn change_one(path: &Path, sql: &str) {
    let changed = wait(async {
        let database = connect(&url(path)).await;
        let done = database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        database.close().await.unwrap();
        done.rows_affected()
    });
    assert_eq!(changed, 1, "{sql}");
}

/// The first column of what a query finds, as texts (or numbers).
pub fn query(url: &str, sql: &str) -> Vec<String> {
    wait(async {
        let database = connect(url).await;
        let statement = Statement::from_string(database.get_database_backend(), sql);
        let rows = database.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        let text = |row: sea_orm::QueryResult| {
            let number = |_| row.try_get_by_index::<i64>(0).map(|number| number.to_string());
            row.try_get_by_index::<String>(0).or_else(number).unwrap()
        };
        let found = rows.into_iter().map(text).collect();
        database.close().await.unwrap();
        found
    })
}

/// Everything that the database of a path keeps, one way or another.
pub fn everything(path: &Path) -> Vec<u8> {
    if postgres().is_none() {
        return ["", "-wal"]
            .iter()
            .flat_map(|ending| std::fs::read(format!("{}{ending}", path.display())).unwrap_or_default())
            .collect();
    }
    let url = url(path);
    let tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()";
    let rows = |table: String| query(&url, &format!("SELECT row_to_json(t)::text FROM {table} t"));
    query(&url, tables).into_iter().flat_map(rows).flat_map(String::into_bytes).collect()
}

/// Memberships carry their accounts' addresses and names, and the index of them holds them all.
#[track_caller]
pub fn finds_everybody(url: &str) {
    let differ = "SELECT a.email FROM member m JOIN account a ON a.id = m.account_id \
         WHERE m.email <> a.email OR m.name_key <> a.name_key";
    assert_eq!(query(url, differ), Vec::<String>::new(), "members with texts that are not their accounts'");
    if url.starts_with("sqlite") {
        assert_eq!(query(url, "SELECT count(*) FROM member WHERE text_id IS NULL"), ["0"]);
        // With the 1 it is compared with the members (https://sqlite.org/fts5.html#the_integrity_check_command).
        execute(url, "INSERT INTO member_text (member_text, rank) VALUES ('integrity-check', 1)");
    }
}

/// Nothing is half made and nothing refers to nothing, in a database where nobody signed out and
/// nobody left.
#[track_caller]
pub fn is_sound(url: &str) {
    if url.starts_with("sqlite") {
        assert_eq!(query(url, "PRAGMA integrity_check"), ["ok"]);
        assert_eq!(query(url, "SELECT count(*) FROM pragma_foreign_key_check"), ["0"]);
    }
    finds_everybody(url);
    // Every organization has its maker in it and a workspace: they are made in one change.
    for other in ["member", "workspace"] {
        let missing = format!(
            "SELECT o.display_name FROM organization o LEFT JOIN {other} x ON x.organization_id = o.id \
             WHERE x.id IS NULL"
        );
        assert_eq!(query(url, &missing), Vec::<String>::new(), "organizations without a {other}");
    }
    let homeless = "SELECT w.display_name FROM workspace w LEFT JOIN workspace_member m \
         ON m.workspace_id = w.id WHERE m.id IS NULL";
    assert_eq!(query(url, homeless), Vec::<String>::new(), "workspaces without a member");
    let unused =
        "SELECT a.email FROM account a LEFT JOIN session s ON s.account_id = a.id WHERE s.id IS NULL";
    assert_eq!(query(url, unused), Vec::<String>::new(), "accounts without the session of their making");
}
