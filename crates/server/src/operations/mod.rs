//! The list of operations: each with what it needs and who answers it. Routes, guard and OpenAPI
//! document are all made from this one list, so that none of them can name what another does not.

pub mod describe;
mod document;
mod guard;
pub mod need;
mod page;

use axum::Router;
use axum::body::Bytes;
use axum::handler::Handler;
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, get, on};
use utoipa::openapi::HttpMethod;

use self::describe::{Described, Sketch};
use self::document::Document;
use self::guard::guard;
use self::need::Need;
use crate::serve::AppState;

/// Where the document is.
pub const DOCUMENT: &str = "/api/v1/openapi.json";
/// Where the document can be read by people.
pub const PAGE: &str = "/docs";
/// The page's style, a file of its own for the Content-Security-Policy's sake.
const STYLE: &str = "/docs/style.css";

/// Operations as they are registered.
pub struct Operations {
    state: AppState,
    router: Router<AppState>,
    document: Document,
    /// Handlers that want what their operation's need does not give.
    faults: Vec<String>,
}

impl Operations {
    /// An empty list.
    pub fn new(state: AppState) -> Self {
        Self { state, router: Router::new(), document: Document::default(), faults: Vec::new() }
    }

    /// Begins a subject: the operations that follow belong to it in the document.
    pub fn subject(&mut self, name: &'static str) {
        self.document.subject(name);
    }

    /// Registers an operation that reads.
    pub fn get<H, T, U>(&mut self, path: &'static str, need: Need, summary: &'static str, handler: H)
    where
        H: Handler<T, AppState> + Described<U>,
        T: 'static,
    {
        self.add(HttpMethod::Get, path, need, summary, handler);
    }

    /// Registers an operation that makes or does something.
    pub fn post<H, T, U>(&mut self, path: &'static str, need: Need, summary: &'static str, handler: H)
    where
        H: Handler<T, AppState> + Described<U>,
        T: 'static,
    {
        self.add(HttpMethod::Post, path, need, summary, handler);
    }

    /// Registers an operation that changes something.
    pub fn patch<H, T, U>(&mut self, path: &'static str, need: Need, summary: &'static str, handler: H)
    where
        H: Handler<T, AppState> + Described<U>,
        T: 'static,
    {
        self.add(HttpMethod::Patch, path, need, summary, handler);
    }

    /// Registers an operation that removes something.
    pub fn delete<H, T, U>(&mut self, path: &'static str, need: Need, summary: &'static str, handler: H)
    where
        H: Handler<T, AppState> + Described<U>,
        T: 'static,
    {
        self.add(HttpMethod::Delete, path, need, summary, handler);
    }

    fn add<H, T, U>(
        &mut self,
        method: HttpMethod,
        path: &'static str,
        need: Need,
        summary: &'static str,
        handler: H,
    ) where
        H: Handler<T, AppState> + Described<U>,
        T: 'static,
    {
        let filter = match method {
            HttpMethod::Post => MethodFilter::POST,
            HttpMethod::Patch => MethodFilter::PATCH,
            HttpMethod::Delete => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        let mut sketch = Sketch::default();
        H::describe(&mut sketch);
        for wanted in &sketch.wants {
            if !need.gives(*wanted) {
                self.faults.push(format!("{path}: {need:?} does not give the handler {wanted:?}"));
            }
        }
        self.document.operation(method, path, &need, summary, sketch);
        let guarded = on(filter, handler).route_layer(from_fn_with_state((self.state.clone(), need), guard));
        self.router = std::mem::take(&mut self.router).route(path, guarded);
    }

    /// The routes: every operation behind its guard, and the document with its page, which are open
    /// to everybody.
    ///
    /// # Errors
    /// A sentence where a handler wants what its operation's need does not give: such a server does
    /// not start.
    pub fn finish(self) -> Result<Router<AppState>, String> {
        if !self.faults.is_empty() {
            return Err(format!("The list of operations is wrong: {}.", self.faults.join("; ")));
        }
        let document = self.document.finish().map_err(|error| error.to_string())?;
        let json = serde_json::to_vec(&document).map_err(|error| error.to_string())?;
        let page = page::page(&document);
        Ok(self
            .router
            .route(DOCUMENT, file("application/json", json))
            .route(PAGE, file("text/html; charset=utf-8", page))
            .route(STYLE, file("text/css; charset=utf-8", include_str!("style.css"))))
    }
}

/// A text that was made at the start, or before.
fn file(kind: &'static str, content: impl Into<Bytes>) -> axum::routing::MethodRouter<AppState> {
    let content = content.into();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    get(move || async move { (headers, content) })
}
