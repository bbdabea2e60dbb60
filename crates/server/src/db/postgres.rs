//! What only PostgreSQL has: reaching it, and taking turns across servers.

use std::time::Duration;

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{self, ConnectOptions as _, Connection};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, Statement,
};

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that was idle for as long is tried before it is used: the database may have been
/// restarted. Asking each time would double the way of every statement.
const TRY_AFTER_IDLE: Duration = Duration::from_secs(1);

/// Opens the database, which must be there and be UTF-8.
///
/// # Errors
/// What the database or the way to it says.
pub async fn connect(url: &str) -> Result<DatabaseConnection, String> {
    // One connection by itself, whose failure says why; the pool would go on trying for a while
    // and then say that time is up.
    let options: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| error.to_string())?;
    let encoding = first_contact(options).await.map_err(|error| error.to_string())?;
    if encoding != "UTF8" {
        return Err(format!("it keeps texts in {encoding}. Make it anew with ENCODING 'UTF8'."));
    }
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(8)
        .acquire_timeout(PATIENCE)
        .test_before_acquire_if_idle_for(TRY_AFTER_IDLE)
        .set_application_name("atrium")
        .sqlx_logging(false);
    Database::connect(options).await.map_err(|error| error.to_string())
}

async fn first_contact(options: PgConnectOptions) -> Result<String, sqlx::Error> {
    let mut connection = options.disable_statement_logging().connect().await?;
    let encoding = sqlx::query_scalar("SHOW server_encoding").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(encoding)
}

/// The advisory lock that a change holds, by a number of Atrium's own ("atrium" in ASCII). Such
/// locks are each database's own.
const TURN: i64 = 0x6174_7269_756d;

/// Waits for the change before this one, on whichever server it is. Must be the first statement of
/// the transaction; the turn ends with it, and with the connection. A change with `patience` waits
/// for no longer than that, and itself keeps the others waiting for no longer: one that does
/// nothing for half of it is ended, because its server was suspended or cut off.
///
/// # Errors
/// Whatever the database says; that it took too long, too.
pub async fn take_turn(transaction: &DatabaseTransaction, patience: Option<Duration>) -> Result<(), DbErr> {
    // Zero is for ever.
    let wait = patience.unwrap_or_default().as_millis();
    let idle = wait / 2;
    // All in one message to the database. READ COMMITTED, whatever the database's default is:
    // each statement sees all that was committed before it, and so before this turn began.
    let sql = format!(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; \
         SET LOCAL idle_in_transaction_session_timeout = {idle}; \
         SET LOCAL lock_timeout = {wait}; \
         SELECT pg_advisory_xact_lock({TURN})"
    );
    transaction.execute_unprepared(&sql).await.map(|_| ())
}

/// A text column of the current schema that is sorted as the database as a whole is.
#[derive(PartialEq, Eq, Hash)]
pub struct TextColumn {
    table: String,
    column: String,
    kind: String,
}

/// Every [`TextColumn`].
///
/// # Errors
/// Whatever the database says.
pub async fn text_columns<C: ConnectionTrait>(connection: &C) -> Result<Vec<TextColumn>, DbErr> {
    let sql = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod) \
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation l ON l.oid = a.attcollation \
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 \
         AND NOT a.attisdropped AND l.collname = 'default' ORDER BY 1, 2";
    let rows =
        connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(TextColumn {
                table: row.try_get_by_index(0)?,
                column: row.try_get_by_index(1)?,
                kind: row.try_get_by_index(2)?,
            })
        })
        .collect()
}

/// Has columns sorted by code points, as SQLite sorts them, whatever the database's own language
/// is: lists have one order on both, and their indexes serve searches by the beginning of a text.
///
/// # Errors
/// Whatever the database says.
pub async fn sort_by_code_points<C: ConnectionTrait>(
    connection: &C,
    columns: impl IntoIterator<Item = TextColumn>,
) -> Result<(), DbErr> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    for TextColumn { table, column, kind } in columns {
        let (table, column) = (quoted(&table), quoted(&column));
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind} COLLATE \"C\"");
        connection.execute_unprepared(&sql).await?;
    }
    Ok(())
}
