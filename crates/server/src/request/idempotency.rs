//! `Idempotency-Key`: a request that is sent again with the same key gets the first answer.
//!
//! The answer of a change is saved in the change's own transaction ([`crate::db::Change::answer`]),
//! so there is never a change without its answer nor an answer without its change, whenever the
//! server is killed. What is kept is found by a hash of the caller and the key.
//!
//! Requests with one key take turns within a process. Two servers on one database may begin both;
//! the second to save meets the row of the first, is rolled back, and gives the first's answer.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use atrium_words::mark;
use axum::body::{self, Body};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use super::{Context, current};
use crate::auth::access::{OrgPermit, WorkspacePermit};
use crate::auth::sessions::Signed;
use crate::db::entity::kept_answer::{Column, Entity, Model};
use crate::db::{Db, now};
use crate::error::{ApiError, Result, is_duplicate};
use crate::serve::AppState;
use crate::sweep::delete_until;
use crate::validate::read_body;

/// The header with the key.
pub const KEY: &str = "idempotency-key";
/// Tells that an answer is a kept one, given again.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Longest key, in characters.
pub const MAX_KEY: usize = 255;
/// How long an answer is kept.
const KEPT_HOURS: i64 = 24;
/// How long a repeated request waits for the first before it is told to come back.
const WAIT: Duration = Duration::from_secs(10);
/// Operations that hand out sessions: their answers are secrets, and signing in twice does no harm.
pub const LEFT_OUT: [&str; 3] = ["/api/v1/signup", "/api/v1/login", "/api/v1/session"];

/// Under what an answer is kept.
#[derive(Debug)]
pub struct Repeatable {
    /// Hash of the caller and the key.
    id: String,
    /// Hash of the request, so that another one with the same key is noticed.
    fingerprint: String,
}

/// Who is answering a request with a key at this moment, by [`Repeatable::id`].
#[derive(Default)]
pub struct Turns(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

/// A turn; the next begins when it goes away.
struct Turn<'a> {
    turns: &'a Turns,
    id: String,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for the requests before this one.
    ///
    /// # Errors
    /// 409 with `Retry-After` where that takes too long.
    async fn take(&self, id: &str) -> Result<Turn<'_>> {
        let own = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(id.to_owned()).or_default())
        };
        // Made first, so that one who gives up waiting leaves nothing behind either.
        let mut turn = Turn { turns: self, id: id.to_owned(), guard: None };
        match tokio::time::timeout(WAIT, own.lock_owned()).await {
            Ok(guard) => {
                turn.guard = Some(guard);
                Ok(turn)
            }
            Err(_) => Err(under_way()),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut all = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.guard.take());
        // The map's own is the last one: nobody holds it and nobody waits.
        if all.get(&self.id).is_some_and(|own| Arc::strong_count(own) == 1) {
            all.remove(&self.id);
        }
    }
}

fn under_way() -> ApiError {
    ApiError::conflict(mark!(
        "A request with this Idempotency-Key is still under way. Send it again in a second."
    ))
    .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
}

/// Answers a POST with an `Idempotency-Key`: once by the handler, after that from what was kept.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let applies = request.method() == Method::POST
        && request.headers().contains_key(KEY)
        && !LEFT_OUT.contains(&request.uri().path());
    match current().filter(|_| applies) {
        Some(context) => {
            answer(&state, &context, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        None => next.run(request).await,
    }
}

async fn answer(state: &AppState, context: &Context, request: Request, next: Next) -> Result<Response> {
    let key = key(request.headers())?;
    let (mut parts, body) = request.into_parts();
    let Ok(who) = Signed::from_request_parts(&mut parts, state).await else {
        // Nobody's request is refused by the handler, in its own words.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let headers = parts.headers.clone();
    let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let bytes = read_body(Request::from_parts(parts.clone(), body)).await?;
    let organization = headers.get("x-organization-id").map_or(&[][..], HeaderValue::as_bytes);
    let workspace = headers.get("x-tenant-id").map_or(&[][..], HeaderValue::as_bytes);
    // A token is another caller than its owner: it works in one organization only.
    let Some(caller) = who.key.map(|key| key.id).or(who.account) else {
        return Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await);
    };
    let repeatable = Repeatable {
        id: hash(&[caller.as_bytes(), key.as_bytes()]),
        fingerprint: hash(&[target.as_bytes(), organization, workspace, &bytes]),
    };

    let _turn = state.turns.take(&repeatable.id).await?;
    let kept = find(&*state.db, &repeatable.id).await?;
    let is_kept = kept.is_some();
    if let Some(kept) = kept {
        check(&repeatable, &kept)?;
        if still_inside(&*state.db, who, &headers).await? {
            return replay(context, kept);
        }
        // Somebody who is out gets nothing any more; the handler says so.
    }
    let id = repeatable.id.clone();
    let _ = context.repeatable.set(repeatable);
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    if context.overtaken.load(Ordering::Relaxed) {
        return again_or(state, context, &id, response).await;
    }
    if is_kept || context.kept.load(Ordering::Relaxed) || !is_final(&response) {
        return Ok(response);
    }
    // Nothing was changed: it is enough to keep the answer by itself.
    let (parts, body) = response.into_parts();
    let bytes = body::to_bytes(body, usize::MAX).await.map_err(ApiError::internal)?;
    let response = Response::from_parts(parts, Body::from(bytes.clone()));
    let (Ok(text), Some(repeatable)) = (std::str::from_utf8(&bytes), context.repeatable()) else {
        return Ok(response);
    };
    let change = state.db.change().await?;
    match keep(&*change, repeatable, response.status(), Some(text)).await {
        Err(error) if is_duplicate(&error) => {
            drop(change);
            again_or(state, context, &id, response).await
        }
        kept => {
            kept?;
            change.commit_unrecorded().await?;
            Ok(response)
        }
    }
}

/// The one key of a request.
pub fn key(headers: &HeaderMap) -> Result<String> {
    let mut all = headers.get_all(KEY).iter();
    let text = all.next().and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if text.is_empty() || text.len() > MAX_KEY || all.next().is_some() {
        return Err(ApiError::invalid(
            ["header", KEY],
            format!("Send one key of 1 to {MAX_KEY} visible ASCII characters, such as a new UUID."),
        ));
    }
    Ok(text.to_owned())
}

/// SHA-256 of some parts, in hex; each with its length before it, so that they cannot run together.
fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether an answer is about the request itself and would be the same again for as long as
/// nothing changes: not where the caller has to sign in, wait, send less or try again.
fn is_final(response: &Response) -> bool {
    let status = response.status();
    let passing = [
        StatusCode::UNAUTHORIZED,
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::PAYLOAD_TOO_LARGE,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    !status.is_server_error()
        && !passing.contains(&status)
        && !response.headers().contains_key(header::SET_COOKIE)
}

/// The answer that another server kept meanwhile, or else this one.
async fn again_or(state: &AppState, context: &Context, id: &str, response: Response) -> Result<Response> {
    match (find(&*state.db, id).await?, context.repeatable()) {
        (Some(kept), Some(repeatable)) => {
            check(repeatable, &kept)?;
            replay(context, kept)
        }
        _ => Ok(response),
    }
}

/// Whether an answer is one to this request.
fn check(repeatable: &Repeatable, kept: &Model) -> Result<()> {
    if kept.fingerprint == repeatable.fingerprint {
        return Ok(());
    }
    Err(ApiError::invalid(
        ["header", KEY],
        mark!("This Idempotency-Key was used with another request. Take a new key for each request."),
    ))
}

/// A kept answer, given again.
fn replay(context: &Context, kept: Model) -> Result<Response> {
    context.replayed.store(true, Ordering::Relaxed);
    let Some(text) = kept.body else {
        return Err(ApiError::conflict(mark!(
            "This was done already with this Idempotency-Key. The answer had a secret, which is shown once \
             and not kept: make another one with a new key."
        )));
    };
    let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.ok_or_else(|| ApiError::internal("a kept answer has no status"))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (REPLAYED, HeaderValue::from_static("true")),
    ];
    Ok((status, headers, text).into_response())
}

/// Whether the caller is still in the organization or workspace that the headers name.
async fn still_inside<C: ConnectionTrait>(connection: &C, who: Signed, headers: &HeaderMap) -> Result<bool> {
    let id = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| Uuid::try_parse(text.trim()).ok())
    };
    let organization = id("x-organization-id").or(who.key.map(|key| key.organization));
    let inside = match (organization, id("x-tenant-id")) {
        (Some(organization), _) => {
            OrgPermit::new(who, organization, None).check(connection).await.map(|_| ())
        }
        (None, Some(workspace)) => {
            WorkspacePermit::by_header(who, workspace, None).check(connection).await.map(|_| ())
        }
        (None, None) => Ok(()),
    };
    match inside {
        Ok(()) => Ok(true),
        Err(error) if error.status == StatusCode::FORBIDDEN => Ok(false),
        Err(error) => Err(error),
    }
}

fn oldest() -> DateTime<Utc> {
    now() - TimeDelta::hours(KEPT_HOURS)
}

async fn find<C: ConnectionTrait>(connection: &C, id: &str) -> std::result::Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::CreatedAt.gt(oldest())).one(connection).await
}

/// Keeps an answer; without a body where it holds a secret.
///
/// # Errors
/// A duplicate where one is kept under this key already.
pub async fn keep<C: ConnectionTrait>(
    connection: &C,
    repeatable: &Repeatable,
    status: StatusCode,
    body: Option<&str>,
) -> std::result::Result<(), DbErr> {
    Entity::delete_by_id(&repeatable.id).filter(Column::CreatedAt.lte(oldest())).exec(connection).await?;
    let row = Model {
        id: repeatable.id.clone(),
        fingerprint: repeatable.fingerprint.clone(),
        status: i32::from(status.as_u16()),
        body: body.map(str::to_owned),
        created_at: now(),
    };
    Entity::insert(row.into_active_model()).exec_without_returning(connection).await.map(|_| ())
}

/// Deletes what is kept no longer; gives back how many.
///
/// # Errors
/// Whatever the database says.
pub async fn sweep(db: &Db) -> std::result::Result<u64, DbErr> {
    delete_until::<Entity>(db, Column::Id, Column::CreatedAt, oldest()).await
}

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveModelTrait, PaginatorTrait, Set};

    use super::*;

    fn repeatable(id: &str) -> Repeatable {
        Repeatable { id: id.to_owned(), fingerprint: "f".to_owned() }
    }

    async fn age(db: &Db, id: &str, hours: i64) {
        let mut row = Entity::find_by_id(id).one(&**db).await.unwrap().unwrap().into_active_model();
        row.created_at = Set(now() - TimeDelta::hours(hours));
        row.update(&**db).await.unwrap();
    }

    #[tokio::test]
    async fn an_answer_is_kept_for_a_day_and_then_swept() {
        let (_directory, db) = Db::temporary().await;
        for id in ["new", "young", "old"] {
            keep(&*db, &repeatable(id), StatusCode::OK, Some("{}")).await.unwrap();
        }
        age(&db, "young", 23).await;
        age(&db, "old", 24).await;
        assert!(find(&*db, "young").await.unwrap().is_some());
        assert!(find(&*db, "old").await.unwrap().is_none());
        let twice = keep(&*db, &repeatable("young"), StatusCode::OK, Some("{}")).await;
        assert!(is_duplicate(&twice.unwrap_err()));
        assert_eq!(sweep(&db).await.unwrap(), 1);
        assert_eq!(Entity::find().count(&*db).await.unwrap(), 2);
        // An old one that was not swept yet is no obstacle.
        age(&db, "young", 25).await;
        keep(&*db, &repeatable("young"), StatusCode::OK, Some("{}")).await.unwrap();
        assert!(find(&*db, "young").await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_sweep_takes_everything_however_much() {
        let (_directory, db) = Db::temporary().await;
        let row = |index: u64| Model {
            id: index.to_string(),
            fingerprint: String::new(),
            status: 200,
            body: None,
            created_at: now() - TimeDelta::days(2),
        };
        let change = db.change().await.unwrap();
        let many = 2 * crate::sweep::SOME + 1;
        let rows = (0..many).map(|index| row(index).into_active_model());
        Entity::insert_many(rows).exec_without_returning(&*change).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        assert_eq!(sweep(&db).await.unwrap(), many);
        assert_eq!(sweep(&db).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn turns_are_taken_one_by_one_and_leave_nothing() {
        let turns = Turns::default();
        let first = turns.take("a").await.unwrap();
        let other = turns.take("b").await.unwrap();
        let second = tokio::time::timeout(Duration::from_millis(20), turns.take("a")).await;
        assert!(second.is_err(), "the second has to wait");
        drop(first);
        let second = turns.take("a").await.unwrap();
        drop((second, other));
        assert!(turns.0.lock().unwrap().is_empty());
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert_ne!(hash(&[b"", b"a"]), hash(&[b"a", b""]));
        assert_eq!(hash(&[b"a"]).len(), 64);
    }
}
