//! What it costs that SQLite waits for the disk at each commit (`synchronous = FULL`, as the
//! server has it) instead of leaving the last commits to the system (`NORMAL`). Both by turns in
//! one run, on files in one directory; a commit is what a small change of the server writes: a
//! row of 300 bytes behind one index. Figures to read, not a test: the disk decides.

use std::path::Path;
use std::time::{Duration, Instant};

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, ConnectOptions, Connection, SqliteConnection};

/// Turns of each, and commits in a turn.
const TURNS: usize = 10;
const COMMITS: usize = 300;

async fn open(file: &Path, synchronous: SqliteSynchronous) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    let table = "CREATE TABLE change (id TEXT PRIMARY KEY, organization TEXT, body TEXT); \
         CREATE INDEX by_organization ON change (organization)";
    sqlx::raw_sql(table).execute(&mut connection).await?;
    Ok(connection)
}

async fn commits(connection: &mut SqliteConnection, turn: usize) -> Result<Vec<Duration>, sqlx::Error> {
    let mut times = Vec::with_capacity(COMMITS);
    let body = "x".repeat(300);
    for number in 0..COMMITS {
        let began = Instant::now();
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("INSERT INTO change VALUES (?, ?, ?)")
            .bind(format!("{turn}-{number}"))
            .bind(format!("{}", number % 10))
            .bind(&body)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        times.push(began.elapsed());
    }
    Ok(times)
}

fn tell(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let all: Duration = times.iter().sum();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    println!(
        "{name:7} {:6.0} commits a second; a commit takes {:.2} ms (median), {:.2} ms (99 of 100)",
        times.len() as f64 / all.as_secs_f64(),
        at(0.5),
        at(0.99)
    );
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Where the data would be, not in a memory file system: ATRIUM_BENCH_DIRECTORY names another.
    let place =
        std::env::var("ATRIUM_BENCH_DIRECTORY").unwrap_or_else(|_| env!("CARGO_TARGET_TMPDIR").to_owned());
    let directory = tempfile::TempDir::new_in(place)?;
    let mut full = open(&directory.path().join("full.db"), SqliteSynchronous::Full).await?;
    let mut normal = open(&directory.path().join("normal.db"), SqliteSynchronous::Normal).await?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        with.extend(commits(&mut full, turn).await?);
        without.extend(commits(&mut normal, turn).await?);
    }
    println!("{} commits of each, in {}", TURNS * COMMITS, directory.path().display());
    tell("FULL", with);
    tell("NORMAL", without);
    Ok(())
}
