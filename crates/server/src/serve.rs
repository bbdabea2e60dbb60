//! `atrium-server serve`: one process for the API and the app's files.

use std::future::IntoFuture;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::Instant;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::auth::admission::Admission;
use crate::auth::passwords::{self, Passwords};
use crate::billing::{self, BillingProvider, Sources};
use crate::contract::{self, Contract};
use crate::db::Db;
use crate::db::totals::Totals;
use crate::metrics::{self, Metrics};
use crate::net::client::Network;
use crate::net::connections;
use crate::net::limits::{Limits, within};
use crate::request::idempotency::Turns;
use crate::request::observe::observe;
use crate::{routes, static_files, sweep};

/// Longest body, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// How long the database may take to close.
const LAST_MOMENT: Duration = Duration::from_secs(2);

/// What every request may use.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Who takes payments.
    pub billing: Arc<dyn BillingProvider>,
    /// Hashing of passwords.
    pub passwords: Passwords,
    /// Requests with an `Idempotency-Key` that are under way.
    pub turns: Arc<Turns>,
    /// Tries to sign in, by network address and account.
    pub admission: Arc<Admission>,
    /// The proxies whose word on a client's network address is taken.
    pub proxies: Arc<[Network]>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Totals of searches that still hold.
    pub totals: Arc<Totals>,
    /// Whether the server is ending.
    pub stopping: watch::Receiver<bool>,
}

/// What `atrium-server serve` is told.
pub struct Options {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address of the database.
    pub database: String,
    /// The directory with the built app.
    pub files: Option<PathBuf>,
    /// Where metrics are served.
    pub metrics_listen: Option<SocketAddr>,
    /// An OpenAPI document, where nothing but what it has is to be offered.
    pub contract: Option<PathBuf>,
    /// What clients can take.
    pub limits: Limits,
}

/// Serves until SIGINT or SIGTERM, and then until requests that are under way are answered; a
/// second signal ends it at once.
///
/// # Errors
/// A sentence where the database or an address cannot be used.
pub async fn serve(options: Options) -> Result<(), String> {
    let Options { listen, database, files, metrics_listen, contract, limits } = options;
    if let Some(directory) = files.as_deref().filter(|directory| !directory.join("index.html").is_file()) {
        return Err(format!("There is no index.html in {}. Build the app first.", directory.display()));
    }
    let contract = contract.as_deref().map(Contract::read).transpose()?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let metrics = Arc::new(Metrics::default());
    let (stop, stopping) = watch::channel(false);
    let db = Db::open(&database, true).await?;
    let state = AppState {
        billing: billing::provider(&db, stopping.clone())?,
        db,
        passwords: Passwords::new(metrics.hashes.clone()),
        turns: Arc::default(),
        admission: Arc::new(Admission::new(&limits)),
        proxies: limits.trust_proxy.clone().into(),
        metrics: Arc::clone(&metrics),
        totals: Arc::default(),
        stopping: stopping.clone(),
    };
    let app = app(state.clone(), files, contract, &limits)?;
    passwords::warm_up().await;
    let (listener, address) = bind(listen).await?;
    let metrics_listener = match metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    tokio::spawn(sweep::regularly(state.db.clone()));
    announce(&format!("Atrium is at http://{address}"));
    if let Some((listener, address)) = metrics_listener {
        announce(&metrics::announcement(address));
        // Until the process ends: it tells of the draining too.
        tokio::spawn(axum::serve(listener, metrics::router(state.clone())).into_future());
    }
    let mut served = pin!(connections::serve(listener, app, &limits, metrics.connections.clone(), stopping));
    let signalled = async |interrupt: &mut Signal, terminate: &mut Signal| {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    tokio::select! {
        () = signalled(&mut interrupt, &mut terminate) => tracing::info!("ending"),
        () = &mut served => {}
    }
    let _ = stop.send(true);
    let until = Instant::now() + limits.drain();
    tokio::select! {
        () = signalled(&mut interrupt, &mut terminate) => tracing::warn!("ending at once"),
        () = async {
            served.await;
            // Work whose client did not wait for it is finished too.
            let _ = tokio::time::timeout_at(until, metrics.all_answered()).await;
        } => {}
    }
    let _ = tokio::time::timeout(LAST_MOMENT, (*state.db).clone().close()).await;
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), String> {
    let failed = |error| format!("The address {address} cannot be listened on: {error}.");
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// A line that other programs wait for. That nobody reads it is no reason to stop.
fn announce(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// The API and the files behind one set of headers.
fn app(
    state: AppState,
    files: Option<PathBuf>,
    contract: Option<Contract>,
    limits: &Limits,
) -> Result<Router, String> {
    let policy = policy(&state.billing.sources());
    let metrics = Arc::clone(&state.metrics);
    let api = routes::router(state)?;
    let api = match contract {
        Some(contract) => api.layer(middleware::from_fn_with_state(Arc::new(contract), contract::only)),
        None => api,
    };
    let app = match files {
        Some(directory) => api.fallback_service(static_files::service(directory)),
        None => api.fallback(routes::not_found),
    };
    // From the inside out: metrics count the answer of a request that was given up, and both are
    // in the task that `observe` gives each request.
    let app = app
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(RequestBodyTimeoutLayer::new(limits.stall()))
        .layer(middleware::from_fn_with_state(limits.request(), within))
        .layer(middleware::from_fn_with_state(metrics, metrics::observe))
        .layer(middleware::from_fn(observe))
        .layer(middleware::from_fn_with_state(policy, security_headers));
    // Around the whole: what is inside has chosen its route before its layers see the request.
    Ok(Router::new().fallback_service(app).layer(middleware::map_request(without_slash)))
}

/// Takes the slash from the end of an API's path: LangSmith's clients write `/repos/`.
async fn without_slash(mut request: Request) -> Request {
    let uri = request.uri();
    let path = uri.path();
    if let Some(shorter) = path.strip_suffix('/').filter(|shorter| is_api(shorter)) {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = format!("{shorter}{query}").parse().ok();
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
    request
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
