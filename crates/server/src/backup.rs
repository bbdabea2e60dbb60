//! `atrium-server backup`: a consistent copy of a SQLite database, while a server uses it.

use std::path::Path;

use crate::db;

/// Copies the database.
///
/// # Errors
/// A sentence where the file is there already, or the copy cannot be made.
pub async fn run(to: &Path, database: &str) -> Result<(), String> {
    let size = db::backup(database, to).await?;
    println!("{} holds the database as it was when this began: {size} bytes, checked.", to.display());
    Ok(())
}
