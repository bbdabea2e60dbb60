//! Accepting connections: no more than so many, none that stands still, and an orderly end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use prometheus_client::metrics::gauge::Gauge;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::limits::Limits;

/// What a connection keeps of a head or of an answer at most, in bytes. A longer head is refused
/// (431).
const BUFFER: usize = 64 * 1024;
/// How long to wait after a connection could not be accepted, as where there are no more file
/// descriptors: trying at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves until `stop` says so. Then no connection is accepted any more, requests that are under
/// way finish, idle connections end; those that take longer than [`Limits::drain`] are cut off.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: &Limits,
    open: Gauge,
    mut stop: watch::Receiver<bool>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.idle()).max_buf_size(BUFFER);
    let slots = Arc::new(Semaphore::new(limits.max_connections as usize));
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer, slot) = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let held = Held { open: open.clone(), _slot: slot };
        held.open.inc();
        let app = app.clone();
        let service = service_fn(move |request| answer(app.clone(), peer, request));
        let connection = http.serve_connection(TokioIo::new(Box::pin(paced(stream, limits))), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that goes away or stands still is none of the server's errors.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(held);
        });
    }
    drop(listener);
    let left = graceful.count();
    tracing::info!(connections = left, "draining");
    if tokio::time::timeout(limits.drain(), graceful.shutdown()).await.is_err() {
        tracing::warn!("requests that did not finish in time are cut off");
    }
}

/// A connection's place among [`Limits::max_connections`].
struct Held {
    open: Gauge,
    _slot: OwnedSemaphorePermit,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.open.dec();
    }
}

/// The next connection, as soon as there is room for one. Until then clients wait in the system's
/// queue, where they cost nothing.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let slot = Arc::clone(slots).acquire_owned().await;
        match (listener.accept().await, slot) {
            (Ok((stream, peer)), Ok(slot)) => return (stream, peer, slot),
            (Err(error), _) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
            (_, Err(_)) => std::future::pending().await,
        }
    }
}

/// A stream that ends where the client takes nothing of an answer for [`Limits::stall`]. What it
/// sends has limits of its own: the head's, and the body's (`serve::app`).
fn paced(stream: TcpStream, limits: &Limits) -> TimeoutStream<TcpStream> {
    // Answers are written whole; holding back their last packet would only delay them.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stall()));
    stream
}

async fn answer(app: Router, peer: SocketAddr, request: Request<Incoming>) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    app.oneshot(request).await
}
