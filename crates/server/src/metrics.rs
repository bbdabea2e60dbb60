//! What the server counts of itself, for Prometheus. On a listener of its own (`--metrics-listen`)
//! and never on the public one: it tells how busy an installation is and how it is attacked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::routes::ready;
use crate::serve::AppState;

/// What Prometheus reads (https://prometheus.io/docs/specs/om/open_metrics_spec/).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The upper bounds of the histogram's buckets, in seconds: the goal of a list is 20 ms.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How long to wait between two looks at what is under way.
const GLANCE: Duration = Duration::from_millis(10);
/// The route of what matches none: files of the app, and addresses that are none. Their own paths
/// would be without number.
const NO_ROUTE: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Routed {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    reason: Refusal,
}

/// Why somebody was not signed in or up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Refusal {
    /// The address or the password was not right.
    Credentials,
    /// There was no live session to renew.
    Session,
    /// Too many tries for one account.
    Account,
    /// Too many tries from one network address.
    Network,
}

/// All counts, and where they are written from.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Routed, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    refusals: Family<Refused, Counter>,
    pool_open: Gauge,
    pool_idle: Gauge,
    /// Connections of clients that are open.
    pub connections: Gauge,
    /// Passwords hashed, to keep or to check.
    pub hashes: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("atrium");
        let requests = Family::default();
        let durations: Family<_, _, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let (in_flight, connections) = (Gauge::default(), Gauge::default());
        let (pool_open, pool_idle) = (Gauge::default(), Gauge::default());
        let refusals = Family::default();
        let hashes = Counter::default();
        registry.register("http_requests", "Requests that were answered", requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time from the head of a request to the head of its answer",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register("http_requests_in_flight", "Requests that are not answered yet", in_flight.clone());
        registry.register("http_connections", "Connections of clients that are open", connections.clone());
        registry.register("database_connections", "Connections to the database", pool_open.clone());
        registry.register("database_connections_idle", "Those that nobody uses", pool_idle.clone());
        registry.register("sign_in_refusals", "Sign-ins, sign-ups and renewals refused", refusals.clone());
        registry.register("password_hashes", "Passwords hashed, to keep or to check", hashes.clone());
        Self { registry, requests, durations, in_flight, refusals, pool_open, pool_idle, connections, hashes }
    }
}

impl Metrics {
    /// Counts a refusal.
    pub fn refused(&self, reason: Refusal) {
        self.refusals.get_or_create(&Refused { reason }).inc();
    }

    /// Waits until no request is under way.
    pub async fn all_answered(&self) {
        while self.in_flight.get() > 0 {
            tokio::time::sleep(GLANCE).await;
        }
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A request while it is under way. Counted when it is dropped, so that one whose handler panics
/// is counted as well.
struct UnderWay {
    metrics: Arc<Metrics>,
    method: &'static str,
    route: String,
    began: Instant,
    status: StatusCode,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let (method, route) = (self.method, std::mem::take(&mut self.route));
        self.metrics.in_flight.dec();
        let seconds = self.began.elapsed().as_secs_f64();
        self.metrics.durations.get_or_create(&Routed { method, route: route.clone() }).observe(seconds);
        let answered = Answered { method, route, status: self.status.as_u16() };
        self.metrics.requests.get_or_create(&answered).inc();
    }
}

/// Counts a request by the template of its route: an address with an id in it is no route of its
/// own.
pub async fn observe(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let mut under_way = UnderWay {
        method: known(request.method()),
        route: route.map_or(NO_ROUTE, MatchedPath::as_str).to_owned(),
        began: Instant::now(),
        status: StatusCode::INTERNAL_SERVER_ERROR,
        metrics,
    };
    under_way.metrics.in_flight.inc();
    let response = next.run(request).await;
    under_way.status = response.status();
    response
}

/// The method, as one of few words: a client may send any.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// What `--metrics-listen` serves.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .route("/health", get(|| async { "ok" }))
        .route("/ready", get(ready))
        .with_state(state)
}

/// The line that tells where; on standard output, after the one of the public listener.
pub fn announcement(address: SocketAddr) -> String {
    format!("Metrics are at http://{address}/metrics")
}

async fn show(State(state): State<AppState>) -> Response {
    let (open, idle) = state.db.pool();
    state.metrics.pool_open.set(i64::from(open));
    state.metrics.pool_idle.set(i64::try_from(idle).unwrap_or(i64::MAX));
    match state.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => crate::error::ApiError::internal(error).into_response(),
    }
}
