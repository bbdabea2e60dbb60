//! What only SQLite has: its file, and copying it while it is in use.

use std::fmt::Display;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions as _, Connection};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use super::{PATIENCE, people};

/// Opens the file. Makes it and its directory where `create` says so.
///
/// # Errors
/// A sentence where it is not there, or cannot be opened.
pub async fn connect(path: &Path, create: bool) -> Result<DatabaseConnection, String> {
    if create {
        make_directory(path)?;
    } else {
        must_exist(path)?;
    }
    let sqlite = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(create)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Each commit waits for the disk: what was answered with success outlives a loss of power.
        // NORMAL would lose the last commits then (https://sqlite.org/wal.html);
        // bench/durability.sh shows what the difference costs.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .disable_statement_logging();
    turn_on_wal(&sqlite).await.map_err(|error| unusable(path, error))?;
    let mut options = ConnectOptions::new("sqlite:");
    options
        .max_connections(8)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |_| sqlite.clone())
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_connect(|connection, _| Box::pin(people::index_of_texts(connection)))
        });
    Database::connect(options).await.map_err(|error| unusable(path, error))
}

/// Opens the file once by itself. Its mode is kept in it, and is changed by one process alone:
/// SQLite refuses others that start at the same moment, without the patience that it has
/// otherwise.
async fn turn_on_wal(options: &SqliteConnectOptions) -> Result<(), sqlx::Error> {
    let began = Instant::now();
    loop {
        match options.connect().await {
            Err(sqlx::Error::Database(error)) if is_busy(&*error) && began.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            connection => return connection?.close().await,
        }
    }
}

/// The lowest byte of an extended code is the plain one; 5 is `SQLITE_BUSY`.
fn is_busy(error: &dyn DatabaseError) -> bool {
    error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}

fn must_exist(path: &Path) -> Result<(), String> {
    if path.exists() { Ok(()) } else { Err(format!("There is no database at {}.", path.display())) }
}

fn unusable(path: &Path, error: impl Display) -> String {
    format!("The database at {} cannot be used: {error}", path.display())
}

fn make_directory(file: &Path) -> Result<(), String> {
    match file.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => std::fs::create_dir_all(directory)
            .map_err(|error| format!("The directory {} cannot be made: {error}", directory.display())),
        _ => Ok(()),
    }
}

/// Copies the database to `to` as it is at one moment, whoever writes to it meanwhile. The copy
/// is checked and on the disk when this comes back; gives back its size in bytes. Nothing is left
/// at `to` where it fails.
///
/// # Errors
/// A sentence where the database is not there, `to` is taken, or the copy cannot be made.
pub async fn backup(from: &Path, to: &Path) -> Result<u64, String> {
    must_exist(from)?;
    let taken = || format!("{} is there already, and a backup overwrites nothing.", to.display());
    if to.symlink_metadata().is_ok() {
        return Err(taken());
    }
    // Under another name until it is whole: a copy that was cut off is not taken for a backup.
    let part = partial(to)?;
    let failed = |error: String| format!("The backup was not made: {error}");
    let made = copy(from, &part).await.map_err(failed);
    let placed = match made {
        Ok(()) => place(&part, to).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => taken(),
            _ => failed(error.to_string()),
        }),
        Err(error) => Err(error),
    };
    let _ = std::fs::remove_file(&part);
    placed
}

/// `FILE.part`, which must not be there: another backup may be writing it.
fn partial(to: &Path) -> Result<PathBuf, String> {
    let mut name =
        to.file_name().ok_or_else(|| format!("{} is not a file's name.", to.display()))?.to_owned();
    name.push(".part");
    let part = to.with_file_name(name);
    // The database's own mode comes last; until then it is nobody else's.
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(|error| {
        match error.kind() {
            ErrorKind::AlreadyExists => format!(
                "{} is there already. If no other backup is running, one was cut off: remove it.",
                part.display()
            ),
            _ => format!("{} cannot be written: {error}", part.display()),
        }
    })?;
    Ok(part)
}

async fn copy(from: &Path, part: &Path) -> Result<(), String> {
    let name = part.to_str().ok_or("the name of the file is not UTF-8")?;
    let failed = |error: sqlx::Error| error.to_string();
    let options =
        SqliteConnectOptions::new().filename(from).busy_timeout(PATIENCE).disable_statement_logging();
    let mut source = options.connect().await.map_err(failed)?;
    // One read transaction: it sees every commit before it and none after, and writers go on.
    sqlx::query("VACUUM INTO ?").bind(name).execute(&mut source).await.map_err(failed)?;
    source.close().await.map_err(failed)?;
    check(part).await?;
    // As readable as the database itself, which holds hashes and addresses.
    let permissions = std::fs::metadata(from).map_err(|error| error.to_string())?.permissions();
    std::fs::set_permissions(part, permissions).map_err(|error| error.to_string())
}

/// A copy that cannot be restored is none.
async fn check(part: &Path) -> Result<(), String> {
    let failed = |error: sqlx::Error| error.to_string();
    let options = SqliteConnectOptions::new().filename(part).disable_statement_logging();
    let mut copy = options.connect().await.map_err(failed)?;
    let found: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut copy).await.map_err(failed)?;
    copy.close().await.map_err(failed)?;
    if found == ["ok"] { Ok(()) } else { Err(format!("the copy is damaged: {}", found.join("; "))) }
}

/// Puts the copy on the disk for good (`VACUUM INTO` does not wait for it) and in its place.
fn place(part: &Path, to: &Path) -> std::io::Result<u64> {
    let file = std::fs::File::open(part)?;
    file.sync_all()?;
    let size = file.metadata()?.len();
    // A link, because renaming would overwrite what somebody put there meanwhile. Some file
    // systems have none.
    match std::fs::hard_link(part, to) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists || to.symlink_metadata().is_ok() => {
            return Err(ErrorKind::AlreadyExists.into());
        }
        Err(_) => std::fs::rename(part, to)?,
    }
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(directory)?.sync_all()?;
    Ok(size)
}
