//! One call: headers, time limit, the access token and its renewal.
//!
//! The access token or API key lives in this module's memory and nowhere else; the HttpOnly cookie
//! that renews the token is the browser's. One concrete function sends; the typed ones are thin shells.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::AccessToken;
use atrium_words::t;
use gloo_net::http::{Method, RequestBuilder};
use leptos::prelude::{Callable, Callback};
use serde::Serialize;
use web_sys::{AbortSignal, RequestCredentials};

use super::error::{ApiError, Failure};
use crate::config;

/// How long a call may take, in milliseconds.
const TIME_LIMIT: u32 = 20_000;

/// The answer to a call, on its way: the call, which is the same for all types, and what reads the
/// answer. A future of each type would be a copy of the whole call (19 copies, 36 KB of wasm before
/// wasm-opt).
pub struct Answer<T> {
    /// The answer as it comes.
    pub(super) json: Pending,
    /// What it says.
    pub(super) read: fn(&Json) -> Option<T>,
}

/// An answer that was not read yet.
pub(super) type Pending = Pin<Box<dyn Future<Output = Result<Json, ApiError>>>>;

impl<T: FromJson> Answer<T> {
    /// What some calls come to, one after the other.
    pub fn of(calls: impl Future<Output = Result<Json, ApiError>> + 'static) -> Self {
        Self { json: Box::pin(calls), read: T::from_json }
    }
}

impl<T: FromJson> Answer<T> {
    /// What is known without a call.
    pub(super) fn known(json: Json) -> Self {
        Self::of(async { Ok(json) })
    }
}

impl Answer<()> {
    /// What some calls come to that have no answer of interest.
    pub fn done(calls: impl Future<Output = Result<(), ApiError>> + 'static) -> Self {
        Self { json: Box::pin(async { calls.await.map(|()| Json::Null) }), read: |_| Some(()) }
    }
}

impl<T> Future for Answer<T> {
    type Output = Result<T, ApiError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let read = self.read;
        self.json.as_mut().poll(context).map(|json| read(&json?).ok_or_else(unreadable))
    }
}

/// What a call is about; every call names it, so two tabs in two organizations never mix.
#[derive(Clone, Debug, PartialEq)]
pub enum Scope {
    /// The account, or nobody.
    Account,
    /// An organization.
    Organization(String),
    /// A workspace of an organization.
    Workspace(String, String),
}

/// What calls are made with.
#[derive(Clone, PartialEq)]
enum Secret {
    /// The access token of a session.
    Token(String),
    /// An API key. Nothing renews it.
    Key(String),
}

thread_local! {
    static SECRET: RefCell<Option<Secret>> = const { RefCell::new(None) };
    static LOST: Cell<Option<Callback<()>>> = const { Cell::new(None) };
    static REFUSED: Cell<Option<Callback<Scope>>> = const { Cell::new(None) };
}

/// Keeps the access token for the calls that follow.
pub(super) fn keep_token(token: AccessToken) {
    SECRET.set(Some(Secret::Token(token.access_token)));
}

/// Keeps an API key for the calls that follow.
pub(super) fn keep_key(key: &str) {
    SECRET.set(Some(Secret::Key(key.to_owned())));
}

/// Whether calls are made with an API key: it belongs to one organization, and some operations are
/// for people alone.
pub fn by_key() -> bool {
    SECRET.with_borrow(|secret| matches!(secret, Some(Secret::Key(_))))
}

/// Forgets the access token or key, as on signing out.
pub fn forget_token() {
    SECRET.set(None);
}

/// Names what to do when a call finds that nobody is signed in any more.
pub fn on_session_lost(callback: Callback<()>) {
    LOST.set(Some(callback));
}

/// Names what to do when a call about a place is refused (403): the person may be in it no more. Calls
/// that ask about the place itself are left out, so that looking is not followed by looking.
pub fn on_refused(callback: Callback<Scope>) {
    REFUSED.set(Some(callback));
}

/// A call to send.
pub(super) struct Call {
    /// GET, POST, PATCH or DELETE.
    pub method: Method,
    /// The path, with its query.
    pub path: String,
    /// What it is about.
    pub scope: Scope,
    /// The body, as JSON.
    pub body: Option<String>,
    /// `Basic …`, for signing in.
    pub basic: Option<String>,
    /// The entity tag that what is changed has to have.
    pub if_match: Option<String>,
    /// Names a request that may be sent again and is done once (`Idempotency-Key`).
    pub once: Option<String>,
}

/// Asks for something.
pub(super) fn get<T: FromJson>(scope: Scope, path: impl Into<String>) -> Answer<T> {
    read(Call {
        method: Method::GET,
        path: path.into(),
        scope,
        body: None,
        basic: None,
        if_match: None,
        once: None,
    })
}

/// Changes something and reads the answer.
pub(super) fn change<T: FromJson>(
    method: Method,
    scope: Scope,
    path: impl Into<String>,
    body: &impl Serialize,
) -> Answer<T> {
    read(call_with(method, scope, path.into(), body))
}

/// Changes something where the answer does not matter.
pub(super) fn command(
    method: Method,
    scope: Scope,
    path: impl Into<String>,
    body: Option<String>,
) -> Answer<()> {
    command_if(method, scope, path, body, None)
}

/// The same, only as long as what is changed has this entity tag.
pub(super) fn command_if(
    method: Method,
    scope: Scope,
    path: impl Into<String>,
    body: Option<String>,
    if_match: Option<String>,
) -> Answer<()> {
    let call = Call { method, path: path.into(), scope, body, basic: None, if_match, once: None };
    read_as(call, |_| Some(()))
}

/// Changes something that must not be done twice: sent again with the same key it is not.
pub(super) fn command_once(scope: Scope, path: String, body: Option<String>, key: &str) -> Answer<()> {
    let once = Some(key.to_owned());
    read_as(Call { method: Method::POST, path, scope, body, basic: None, if_match: None, once }, |_| Some(()))
}

/// The JSON of a body. The types of the API always have one.
pub(super) fn json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

fn call_with(method: Method, scope: Scope, path: String, body: &impl Serialize) -> Call {
    Call { method, path, scope, body: json(body), basic: None, if_match: None, once: None }
}

/// Sends a call and reads its answer.
pub(super) fn read<T: FromJson>(call: Call) -> Answer<T> {
    read_as(call, T::from_json)
}

/// Sends a call and reads its answer in a way of its own.
pub(super) fn read_as<T>(call: Call, read: fn(&Json) -> Option<T>) -> Answer<T> {
    Answer { json: pending(call), read }
}

/// Sends a call. An answer that is no JSON, or none at all, reads as null.
fn pending(call: Call) -> Pending {
    Box::pin(async move {
        let reply = send(call).await?;
        Ok(Json::parse(&reply.body).unwrap_or(Json::Null))
    })
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// What is on it.
    pub rows: Vec<T>,
    /// How many there are on all pages, where the server tells.
    pub total: Option<u64>,
}

impl<T: FromJson> FromJson for Paged<T> {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { rows: json.read("rows")?, total: json.read_or_default("total") })
    }
}

/// Asks for a page of a list whose length comes beside it, in a header.
pub(super) fn get_page<T: FromJson>(scope: Scope, path: String) -> Answer<Paged<T>> {
    let call = Call { method: Method::GET, path, scope, body: None, basic: None, if_match: None, once: None };
    Answer::of(async move {
        let reply = send(call).await?;
        let rows = Json::parse(&reply.body).unwrap_or(Json::Null);
        let total = Json::Number(reply.total.and_then(|total| total.parse().ok()));
        Ok(Json::Object(vec![("rows".to_owned(), rows), ("total".to_owned(), total)]))
    })
}

pub(super) fn unreadable() -> ApiError {
    ApiError::new(
        Failure::Server,
        t!(
            "The server's answer could not be read. Try again; if it stays so, the server and this page do not fit each other."
        ),
    )
}

/// Sends a call. On 401 it renews the access token and sends once more: a call that was refused
/// for its token has changed nothing.
async fn send(call: Call) -> Result<Reply, ApiError> {
    let used = SECRET.with_borrow(Clone::clone);
    let first = send_once(&call, used.as_ref()).await;
    if matches!(&first, Err(error) if error.failure == Failure::Refused)
        && call.scope != Scope::Account
        && !["/api/v1/orgs/current/info", "/api/v1/workspaces"].contains(&call.path.as_str())
        && let Some(refused) = REFUSED.get()
    {
        refused.run(call.scope.clone());
    }
    let signed_out = matches!(&first, Err(error) if error.failure == Failure::SignedOut);
    if !signed_out || used.is_none() || call.basic.is_some() {
        return first;
    }
    let current = SECRET.with_borrow(Clone::clone);
    let secret = match current {
        Some(Secret::Key(_)) => None,
        current if current.is_some() && current != used => current,
        _ => renew().await,
    };
    let second = match secret {
        Some(secret) => send_once(&call, Some(&secret)).await,
        None => first,
    };
    if matches!(&second, Err(error) if error.failure == Failure::SignedOut)
        && let Some(lost) = LOST.get()
    {
        lost.run(());
    }
    second
}

/// A new access token for the session in the cookie, kept for the calls that follow.
async fn renew() -> Option<Secret> {
    restore_session().await.ok()?;
    SECRET.with_borrow(Clone::clone)
}

/// Turns the session's cookie into an access token (`POST /api/v1/session`).
///
/// # Errors
/// [`Failure::SignedOut`] where there is no session, or whatever keeps the server from answering.
pub async fn restore_session() -> Result<(), ApiError> {
    let call = Call {
        method: Method::POST,
        path: "/api/v1/session".to_owned(),
        scope: Scope::Account,
        body: None,
        basic: None,
        if_match: None,
        once: None,
    };
    let reply = send_once(&call, None).await?;
    let token = Json::parse(&reply.body).and_then(|json| AccessToken::from_json(&json));
    keep_token(token.ok_or_else(unreadable)?);
    Ok(())
}

/// What came back.
struct Reply {
    body: String,
    /// How long the list is of which this is a page.
    total: Option<String>,
}

async fn send_once(call: &Call, secret: Option<&Secret>) -> Result<Reply, ApiError> {
    let mut request = RequestBuilder::new(&config::api_address(&call.path))
        .method(call.method.clone())
        .credentials(RequestCredentials::Include)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)))
        .header("Accept", "application/json");
    if let Some(basic) = &call.basic {
        request = request.header("Authorization", basic);
    } else {
        request = match secret {
            Some(Secret::Token(token)) => request.header("Authorization", &format!("Bearer {token}")),
            Some(Secret::Key(key)) => request.header("X-API-Key", key),
            None => request,
        };
    }
    match &call.scope {
        Scope::Account => {}
        Scope::Organization(organization) => request = request.header("X-Organization-Id", organization),
        Scope::Workspace(organization, workspace) => {
            request = request.header("X-Organization-Id", organization).header("X-Tenant-Id", workspace);
        }
    }
    if let Some(tag) = &call.if_match {
        request = request.header("If-Match", tag);
    }
    if let Some(key) = &call.once {
        request = request.header("Idempotency-Key", key);
    }
    let request = match &call.body {
        Some(body) => request.header("Content-Type", "application/json").body(body.as_str()),
        None => request.build(),
    };
    let response =
        request.map_err(|_| unreachable_server())?.send().await.map_err(|error| lost_answer(call, &error))?;
    let status = response.status();
    let retry_after = response.headers().get("Retry-After");
    let total = response.headers().get("X-Pagination-Total");
    let body = response.text().await.map_err(|error| lost_answer(call, &error))?;
    if response.ok() {
        Ok(Reply { body, total })
    } else {
        Err(ApiError::from_answer(status, retry_after, &body))
    }
}

fn unreachable_server() -> ApiError {
    ApiError::new(
        Failure::Unreachable,
        t!(
            "The server cannot be reached. What you entered is still here. Check your connection, then try again."
        ),
    )
}

/// A call without an answer. Where it was to change something, nobody can know whether it did, and
/// the sentence says so instead of inviting to do it twice.
fn lost_answer(call: &Call, error: &gloo_net::Error) -> ApiError {
    let timed_out = error.to_string().contains("TimeoutError") || error.to_string().contains("timed out");
    if !timed_out {
        return unreachable_server();
    }
    let sentence = if call.method == Method::GET {
        t!("The server took too long to answer. Check your connection, then try again.")
    } else {
        t!(
            "The server took too long to answer, so it may or may not have done this. What you entered is still here. Look at the list before you try again."
        )
    };
    ApiError::new(Failure::TimedOut, sentence)
}
