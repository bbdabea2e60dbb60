//! What is known about the request that is being answered: kept beside the work, so that a log
//! line, an error, an entry of the audit log and a kept answer can name it without each handler
//! handing it on.

pub mod idempotency;
pub mod observe;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::HeaderMap;
use uuid::Uuid;

use crate::auth::sessions::Signed;

/// The header with the id of a request, of the client's making or of the server's.
pub const ID_HEADER: &str = "x-request-id";
/// Longest id that is taken from a client, in bytes.
const MAX_ID: usize = 64;
/// Longest path and list of proxies that are kept, in characters.
const MAX_KEPT: usize = 300;

tokio::task_local! {
    static CURRENT: Arc<Context>;
}

/// A request that is being answered.
pub struct Context {
    /// Its id.
    pub id: String,
    /// Its method.
    pub method: String,
    /// The template of its route; none where no route has this address.
    pub route: Option<String>,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The other end of the connection.
    pub peer: Option<SocketAddr>,
    /// What proxies say about where it came from; anybody can write this.
    pub forwarded_for: Option<String>,
    account: OnceLock<Uuid>,
    place: Mutex<Option<Place>>,
    repeatable: OnceLock<idempotency::Repeatable>,
    kept: AtomicBool,
    overtaken: AtomicBool,
    replayed: AtomicBool,
}

/// Where the caller was found to be a member.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The caller.
    pub who: Signed,
    /// The organization.
    pub organization: Uuid,
    /// The workspace of it that was asked for.
    pub workspace: Option<Uuid>,
}

impl Context {
    /// Reads a request.
    pub fn of(request: &Request) -> Self {
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let extensions = request.extensions();
        Self {
            id: id_of(request.headers()),
            method: request.method().as_str().to_owned(),
            route: extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned()),
            path: request.uri().path().chars().take(MAX_KEPT).collect(),
            peer: extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer),
            forwarded_for: text("x-forwarded-for").map(|value| value.chars().take(MAX_KEPT).collect()),
            account: OnceLock::new(),
            place: Mutex::new(None),
            repeatable: OnceLock::new(),
            kept: AtomicBool::new(false),
            overtaken: AtomicBool::new(false),
            replayed: AtomicBool::new(false),
        }
    }

    /// The account that sent it, once that is known.
    pub fn account(&self) -> Option<Uuid> {
        self.account.get().copied()
    }

    /// Where the caller was found to be a member, if anywhere.
    pub fn place(&self) -> Option<Place> {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Under what the answer is to be kept for a repeated request.
    pub fn repeatable(&self) -> Option<&idempotency::Repeatable> {
        self.repeatable.get()
    }

    /// Says that the answer is kept: it was saved with the change that it tells of.
    pub fn answer_is_kept(&self) {
        self.kept.store(true, Ordering::Relaxed);
    }

    /// Says that another server answered the same request first.
    pub fn was_overtaken(&self) {
        self.overtaken.store(true, Ordering::Relaxed);
    }

    /// Whether the answer is a kept one, given again.
    pub fn is_replayed(&self) -> bool {
        self.replayed.load(Ordering::Relaxed)
    }
}

/// The id of a request: the client's where it is a plain word, else a new one. An underscore is
/// not taken: every secret here has one in its prefix, and an id is logged.
pub fn id_of(headers: &HeaderMap) -> String {
    let given = headers.get(ID_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if !given.is_empty() && given.len() <= MAX_ID && given.bytes().all(plain) {
        given.to_owned()
    } else {
        Uuid::now_v7().to_string()
    }
}

/// The request that this work is for; none in a command.
pub fn current() -> Option<Arc<Context>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Does work for a request.
pub fn within<F: Future>(context: Arc<Context>, work: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(context, work)
}

/// Makes something for a request.
pub fn within_now<T>(context: Arc<Context>, make: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(context, make)
}

/// Notes who sent the request.
pub fn note_account(account: Uuid) {
    // The first stays: a request has one sender.
    let _ = CURRENT.try_with(|context| context.account.set(account));
}

/// Notes that the caller is a member of the place that the request is about. A refusal after this
/// is one of a member, and is written to the audit log.
pub fn note_place(place: Place) {
    let _ = CURRENT
        .try_with(|context| *context.place.lock().unwrap_or_else(PoisonError::into_inner) = Some(place));
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn taken(text: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ID_HEADER, HeaderValue::from_str(text).unwrap());
        id_of(&headers) == text
    }

    #[test]
    fn only_plain_ids_are_taken_from_a_client() {
        for sane in
            ["0190163d-8694-739b-aea5-966c26f8ad91", "7f3a-FRA", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "a.b", "1"]
        {
            assert!(taken(sane), "{sane}");
        }
        let long = "x".repeat(MAX_ID + 1);
        for bad in ["", "a b", "ada@acme.example", "atr_0123456789", "lsv2_pt_x", "a\"b", "{}", "a;b", &long]
        {
            assert!(!taken(bad), "{bad}");
        }
        assert_ne!(id_of(&HeaderMap::new()), id_of(&HeaderMap::new()));
    }
}
