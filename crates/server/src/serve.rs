//! `atrium-server serve`: one process for the API and the app's files.

use std::future::IntoFuture;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use crate::auth::attempts::Attempts;
use crate::auth::passwords::{self, Passwords};
use crate::billing::{self, BillingProvider, Sources};
use crate::db::Db;
use crate::request::idempotency::{Turns, sweep_regularly};
use crate::request::observe::observe;
use crate::{routes, static_files};

/// Longest body, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// How long requests that are under way may take to finish after a signal.
const LAST_REQUESTS: Duration = Duration::from_millis(1500);

/// What every request may use.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Who takes payments.
    pub billing: Arc<dyn BillingProvider>,
    /// Hashing of passwords.
    pub passwords: Passwords,
    /// Failed sign-ins.
    pub attempts: Arc<Attempts>,
    /// Requests with an `Idempotency-Key` that are under way.
    pub turns: Arc<Turns>,
}

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
/// A sentence where the database or the address cannot be used.
pub async fn serve(listen: SocketAddr, database: &str, files: Option<PathBuf>) -> Result<(), String> {
    if let Some(directory) = files.as_deref().filter(|directory| !directory.join("index.html").is_file()) {
        return Err(format!("There is no index.html in {}. Build the app first.", directory.display()));
    }
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let (stop, mut stopped) = watch::channel(false);
    let db = Db::open(database, true).await?;
    let state = AppState {
        billing: billing::provider(&db, stopped.clone())?,
        db,
        passwords: Passwords::default(),
        attempts: Arc::default(),
        turns: Arc::default(),
    };
    let app = app(state.clone(), files)?;
    passwords::warm_up().await;
    let listener = TcpListener::bind(listen)
        .await
        .map_err(|error| format!("The address {listen} cannot be listened on: {error}."))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    announce(address);
    tokio::spawn(sweep_regularly(state.db.clone()));
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app)
        .with_graceful_shutdown(async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        })
        .into_future();
    let server = tokio::spawn(server);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("ending");
    let _ = stop.send(true);
    // A connection that never finishes its request must not keep the server from ending.
    let _ = tokio::time::timeout(LAST_REQUESTS, server).await;
    let _ = (*state.db).clone().close().await;
    Ok(())
}

/// The one line that other programs wait for. That nobody reads it is no reason to stop.
fn announce(address: SocketAddr) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "Atrium is at http://{address}");
    let _ = out.flush();
}

/// The API and the files behind one set of headers.
fn app(state: AppState, files: Option<PathBuf>) -> Result<Router, String> {
    let policy = policy(&state.billing.sources());
    let api = routes::router(state)?.layer(DefaultBodyLimit::max(MAX_BODY));
    let app = match files {
        Some(directory) => api.fallback_service(static_files::service(directory)),
        None => api.fallback(routes::not_found),
    };
    let app = app.layer(middleware::from_fn(observe));
    Ok(app.layer(middleware::from_fn_with_state(policy, security_headers)))
}

/// The policy of every answer; nothing from elsewhere but the field of a payment provider.
fn policy(Sources { script, frame, connect }: &Sources) -> HeaderValue {
    let frame = if frame.is_empty() { String::new() } else { format!(" frame-src{frame};") };
    let text = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{script}; style-src 'self'; \
        img-src 'self' data:; font-src 'self'; connect-src 'self'{connect};{frame} manifest-src 'self'; \
        base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Adds the headers that every answer carries, and keeps answers of the API out of caches.
async fn security_headers(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in
        [(header::X_CONTENT_TYPE_OPTIONS, "nosniff"), (header::REFERRER_POLICY, "no-referrer")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers
        .insert("permissions-policy", HeaderValue::from_static("camera=(), geolocation=(), microphone=()"));
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Whether a path is the API's, which a page can never have.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/") || path == "/v1" || path.starts_with("/v1/")
}
