//! Atrium's reference backend: the organization API of LangSmith's contract, on SQLite or
//! PostgreSQL.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use atrium_server::{Limits, accounts, backup, copy, demo, plan, reconcile, serve};
use clap::{Parser, Subcommand, ValueEnum};
use tracing_subscriber::EnvFilter;

/// Atrium's reference backend.
#[derive(Parser)]
#[command(name = "atrium-server", version)]
struct Cli {
    /// How log lines are written to standard error
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Command,
}

/// How log lines are written.
#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// An object a line, for programs
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, and the app's files where --static names them
    Serve {
        /// The address to listen on; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// The database: a SQLite file, made where absent with its directory, or postgres://…
        #[arg(long, default_value = "sqlite://data/atrium.db")]
        database: String,
        /// The directory with the built app
        #[arg(long = "static", value_name = "DIRECTORY")]
        files: Option<PathBuf>,
        /// Serve /metrics, /health and /ready there, such as 127.0.0.1:9464; nowhere where absent
        #[arg(long, value_name = "ADDRESS")]
        metrics_listen: Option<SocketAddr>,
        /// Offer only what an OpenAPI document has, such as LangSmith's, and nothing of Atrium's own:
        /// to try the app with such a backend
        #[arg(long, value_name = "FILE")]
        contract_only: Option<PathBuf>,
        #[command(flatten)]
        limits: Limits,
    },
    /// Put an organization on a plan, as an operator: Enterprise is sold by people
    Plan {
        /// The organization's id
        organization_id: String,
        /// The plan, such as enterprise, plus or no_plan
        tier: String,
        /// The database
        #[arg(long, default_value = "sqlite://data/atrium.db")]
        database: String,
    },
    /// Compare every organization with Stripe, repair what a missed webhook left, and print it
    Reconcile {
        /// The database
        #[arg(long, default_value = "sqlite://data/atrium.db")]
        database: String,
    },
    /// Switch an account off, as an operator: its owner can do nothing until it is switched on
    Disable {
        /// The address of the account
        email: String,
        /// The database
        #[arg(long, default_value = "sqlite://data/atrium.db")]
        database: String,
    },
    /// Switch an account on again
    Enable {
        /// The address of the account
        email: String,
        /// The database
        #[arg(long, default_value = "sqlite://data/atrium.db")]
        database: String,
    },
    /// Copy a SQLite database, consistently, while a server uses it
    Backup {
        /// The file to make; one that is there is not overwritten
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// The database
        #[arg(long, default_value = "sqlite://data/atrium.db")]
        database: String,
    },
    /// Copy everything into another database that is empty, such as from SQLite to PostgreSQL
    Copy {
        /// The database to copy; nobody can change it meanwhile
        #[arg(long, default_value = "sqlite://data/atrium.db")]
        from: String,
        /// The database to fill, such as postgres://atrium@localhost/atrium
        #[arg(long)]
        to: String,
    },
    /// Fill a database with a believable organization to look at
    Demo {
        /// How many members the organization has
        #[arg(long, default_value_t = 250, value_parser = clap::value_parser!(u32).range(4..=100_000))]
        members: u32,
        /// The database: a SQLite file, made where absent with its directory, or postgres://…
        #[arg(long, default_value = "sqlite://data/demo.db")]
        database: String,
    },
}

/// Begins to log. Standard output is for the one line that other programs read.
fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sea_orm_migration=warn,sqlx::postgres::notice=warn"));
    let to_stderr = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match format {
        LogFormat::Text => to_stderr.init(),
        LogFormat::Json => to_stderr.json().flatten_event(true).with_span_list(false).init(),
    }
    // Where, and not the words of it: they may hold what a log must not.
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(location = panic.location().map(tracing::field::display), "a panic");
    }));
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    log(cli.log_format);
    let done = match cli.command {
        Command::Serve { listen, database, files, metrics_listen, contract_only: contract, limits } => {
            serve::serve(serve::Options { listen, database, files, metrics_listen, contract, limits }).await
        }
        Command::Plan { organization_id, tier, database } => {
            plan::run(&organization_id, &tier, &database).await
        }
        Command::Disable { email, database } => accounts::run(&email, true, &database).await,
        Command::Enable { email, database } => accounts::run(&email, false, &database).await,
        Command::Reconcile { database } => reconcile::run(&database).await,
        Command::Backup { to, database } => backup::run(&to, &database).await,
        Command::Copy { from, to } => copy::run(&from, &to).await,
        Command::Demo { members, database } => demo::run(members, &database).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
