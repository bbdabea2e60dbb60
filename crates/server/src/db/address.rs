//! The address of a database, as `--database` gives it.

use std::fmt;
use std::path::PathBuf;

use sea_orm::sqlx::postgres::PgConnectOptions;

/// Where the database is. Shown without its password.
#[derive(Debug)]
pub enum Address {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres {
        /// The whole address, password and all: to connect with, never to show.
        url: String,
        /// The same without the password.
        shown: String,
    },
}

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// A sentence for what is none. Of an address that may hold a password it shows nothing but its
    /// scheme and the driver's reason.
    pub fn parse(url: &str) -> Result<Self, String> {
        if let Some(rest) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            return sqlite(rest).ok_or_else(|| {
                format!("“{url}” is not the address of a SQLite file, such as sqlite://data/atrium.db.")
            });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return postgres(url).map_err(|error| {
                format!(
                    "This is not the address of a PostgreSQL database, such as \
                     postgres://atrium:password@db.example.com:5432/atrium: {error}."
                )
            });
        }
        let shown = url.split_once("://").map_or(url, |(scheme, _)| scheme);
        Err(format!(
            "“{shown}” is not a database that Atrium knows. Name a SQLite file, such as \
             sqlite://data/atrium.db, or a PostgreSQL database, such as postgres://atrium@localhost/atrium."
        ))
    }
}

fn sqlite(rest: &str) -> Option<Address> {
    let path = rest.split('?').next().unwrap_or(rest);
    (!path.is_empty() && !path.starts_with(':')).then(|| Address::Sqlite(PathBuf::from(path)))
}

fn postgres(url: &str) -> Result<Address, sea_orm::sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let database = options.get_database().unwrap_or(options.get_username());
    let shown = match options.get_socket() {
        Some(socket) => format!("postgres://{}/{database} in {}", options.get_username(), socket.display()),
        None => format!(
            "postgres://{}@{}:{}/{database}",
            options.get_username(),
            options.get_host(),
            options.get_port()
        ),
    };
    // SeaORM takes one of the two schemes that PostgreSQL's own programs take.
    let url = url.replacen("postgresql://", "postgres://", 1);
    Ok(Address::Postgres { url, shown })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "{}", path.display()),
            Self::Postgres { shown, .. } => f.write_str(shown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        Address::parse(url).map_or_else(|sentence| sentence, |address| address.to_string())
    }

    #[test]
    fn addresses_of_files() {
        assert_eq!(shown("sqlite://data/atrium.db"), "data/atrium.db");
        assert_eq!(shown("sqlite:///tmp/a.db?mode=rwc"), "/tmp/a.db");
        for bad in ["", "data/atrium.db", "sqlite::memory:", "sqlite://"] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(
            shown("postgres://ada:secret@db.example:5433/atrium"),
            "postgres://ada@db.example:5433/atrium"
        );
        assert_eq!(
            shown("postgresql://ada:secret@db.example/atrium?sslmode=require"),
            "postgres://ada@db.example:5432/atrium"
        );
        for bad in [
            "postgres://ada:secret@db.example:port/atrium",
            "postgres://ada:secret@db.example/atrium?sslmode=moon",
            "mysql://ada:secret@db.example/atrium",
        ] {
            let told = Address::parse(bad).unwrap_err();
            assert!(!told.contains("secret"), "{told}");
        }
    }
}
