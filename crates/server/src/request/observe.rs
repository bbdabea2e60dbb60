//! One line in the log for each request, and its id in the answer.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::{Context, ID_HEADER, within, within_now};
use crate::error;

/// What the line says of a request whose sender did not wait for the answer, as nginx has it. The
/// work itself went on.
const CLIENT_LEFT: u16 = 499;

/// Answers a request in a task of its own: the change that it began is finished or rolled back
/// whether or not the client waits for the answer, and a handler that panics answers as any other
/// failure.
pub async fn observe(request: Request, next: Next) -> Response {
    let context = Arc::new(Context::of(&request));
    let line = Line { context: Arc::clone(&context), began: Instant::now(), status: CLIENT_LEFT };
    // Whatever is logged on the way carries the id.
    let span = tracing::info_span!("request", request_id = %context.id);
    let work = within(Arc::clone(&context), next.run(request)).instrument(span);
    let answered = tokio::spawn(work).await;
    let mut response = answered.unwrap_or_else(|_| within_now(Arc::clone(&context), error::panicked));
    if let Ok(id) = HeaderValue::from_str(&context.id) {
        response.headers_mut().insert(ID_HEADER, id);
    }
    line.end(response.status());
    response
}

/// The line, written when it goes away.
struct Line {
    context: Arc<Context>,
    began: Instant,
    status: u16,
}

impl Line {
    fn end(mut self, status: StatusCode) {
        self.status = status.as_u16();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // The template and not the path, no query, and no method but a known one: what a client
        // can write freely may be an address or a secret.
        let method = match self.context.method.as_str() {
            known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
            _ => "OTHER",
        };
        let ms = (self.began.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        tracing::info!(
            target: "atrium::request",
            method,
            route = self.context.route.as_deref().unwrap_or("none"),
            status = self.status,
            ms,
            request_id = %self.context.id,
            account = self.context.account().map(tracing::field::display),
            "answered"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Mutex, PoisonError};

    use axum::body::{Body, to_bytes};
    use axum::middleware::from_fn;
    use axum::routing::get;
    use axum::{Router, http};
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;
    use crate::error::{ApiError, Result};

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Log {
        fn begin(&self) -> tracing::subscriber::DefaultGuard {
            let own = self.clone();
            let log = tracing_subscriber::fmt().with_writer(move || own.clone()).json().flatten_event(true);
            tracing::subscriber::set_default(log.finish())
        }

        fn lines(&self) -> Vec<Value> {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        }
    }

    fn app() -> Router {
        let fails = || async { Err::<(), ApiError>(ApiError::internal("the disk is full")) };
        let panics = || async {
            assert_eq!(1, 2);
            Result::Ok(())
        };
        let waits = || std::future::pending::<()>();
        Router::new()
            .route("/fails", get(fails))
            .route("/panics/{id}", get(panics))
            .route("/waits", get(waits))
            .layer(from_fn(observe))
    }

    fn ask(path: &str) -> http::Request<Body> {
        http::Request::builder().uri(path).header(ID_HEADER, "the-one").body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_failure_is_logged_with_its_cause_and_the_id_that_the_answer_tells() {
        for path in ["/fails", "/panics/secret"] {
            let log = Log::default();
            let guard = log.begin();
            let response = app().oneshot(ask(path)).await.unwrap();
            drop(guard);
            assert_eq!(response.status(), 500);
            assert_eq!(response.headers()[ID_HEADER], "the-one");
            let body: Value =
                serde_json::from_slice(&to_bytes(response.into_body(), 1 << 20).await.unwrap()).unwrap();
            assert_eq!(body["request_id"], "the-one");
            assert!(body["detail"].as_str().unwrap().contains("Nothing was changed"), "{body}");
            assert!(!body.to_string().contains("disk"), "the cause is not for the client: {body}");
            let lines = log.lines();
            let [cause, line] = &lines[..] else { panic!("{lines:?}") };
            assert!(cause["level"] == "ERROR" && cause["cause"].is_string(), "{cause}");
            if path == "/fails" {
                assert_eq!(cause["span"]["request_id"], "the-one", "{cause}");
            }
            assert_eq!((&line["status"], &line["request_id"]), (&500.into(), &"the-one".into()));
            assert!(!format!("{lines:?}").contains("secret"), "{lines:?}");
        }
    }

    #[tokio::test]
    async fn a_request_whose_sender_left_has_a_line_too() {
        let log = Log::default();
        let guard = log.begin();
        let waiting = app().oneshot(ask("/waits"));
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), waiting).await.is_err());
        drop(guard);
        let lines = log.lines();
        assert_eq!((lines.len(), &lines[0]["status"]), (1, &499.into()), "{lines:?}");
        assert_eq!(lines[0]["route"], "/waits");
    }
}
