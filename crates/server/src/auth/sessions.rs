//! Who is asking. Sessions: a cookie for 30 days, and access tokens of 15 minutes made from it.
//! Only hashes of either are kept.

use atrium_domain::Credential;
use atrium_words::mark;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::keys::{self, Key};
use crate::db::entity::{access_token, account, session};
use crate::db::now;
use crate::error::{ApiError, Result};
use crate::request;
use crate::serve::AppState;

/// The name of the session cookie.
pub const COOKIE: &str = "atrium_session";
/// The only path to which the cookie is sent: no other request can be made with it.
pub const COOKIE_PATH: &str = "/api/v1/session";
const SESSION_DAYS: i64 = 30;
const TOKEN_MINUTES: i64 = 15;

/// The answer to a request without a live access token.
const SIGN_IN: &str = mark!("You are not signed in, or your session has ended. Sign in again.");

/// What a sign-in hands out: both secrets, once.
pub struct Secrets {
    /// For the cookie.
    pub cookie: String,
    /// The first access token.
    pub access_token: String,
}

/// Whoever sent a live access token or API key.
#[derive(Clone, Copy, Debug)]
pub struct Signed {
    /// The account; none behind a service key.
    pub account: Option<Uuid>,
    /// With what the caller came.
    pub credential: Credential,
    /// The session of an access token.
    pub session: Option<Uuid>,
    /// The API key, if it is one.
    pub key: Option<Key>,
}

impl Signed {
    /// The account whose own affairs this is about.
    ///
    /// # Errors
    /// 403 for a service key, which has none.
    pub fn own_account(&self) -> Result<Uuid> {
        self.credential.as_account()?;
        self.account.ok_or_else(no_session)
    }
}

impl FromRequestParts<AppState> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        // Several extractors of a request ask for it.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(*known);
        }
        let signed = match bearer(&parts.headers) {
            None if parts.headers.contains_key(keys::HEADER) => keys::recognize(state, parts).await?,
            _ => {
                let session = by_bearer(&*state.db, &parts.headers).await?.ok_or_else(no_session)?;
                check_enabled(&*state.db, session.account_id).await?;
                Self {
                    account: Some(session.account_id),
                    credential: Credential::Session,
                    session: Some(session.id),
                    key: None,
                }
            }
        };
        if let Some(account) = signed.account {
            request::note_account(account);
        }
        parts.extensions.insert(signed);
        Ok(signed)
    }
}

/// A person who has signed in: what the contract does not open to API keys.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The account.
    pub account: Uuid,
    session: Option<Uuid>,
}

impl From<Person> for Signed {
    fn from(person: Person) -> Self {
        Self {
            account: Some(person.account),
            credential: Credential::Session,
            session: person.session,
            key: None,
        }
    }
}

impl FromRequestParts<AppState> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let who = Signed::from_request_parts(parts, state).await?;
        who.credential.in_person()?;
        let account = who.account.ok_or_else(no_session)?;
        Ok(Self { account, session: who.session })
    }
}

/// Refuses an account that is switched off.
///
/// # Errors
/// 403 where it is, 401 where it is gone.
pub async fn check_enabled<C: ConnectionTrait>(connection: &C, account: Uuid) -> Result<()> {
    let disabled: Option<bool> = account::Entity::find_by_id(account)
        .select_only()
        .column(account::Column::IsDisabled)
        .into_tuple()
        .one(connection)
        .await?;
    match disabled {
        Some(false) => Ok(()),
        Some(true) => Err(switched_off()),
        None => Err(no_session()),
    }
}

/// 403 for an account that is switched off.
pub fn switched_off() -> ApiError {
    ApiError::forbidden(mark!("This account is switched off. Ask the people who run this installation."))
}

/// 401 for a request without a session.
pub fn no_session() -> ApiError {
    ApiError::unauthorized(SIGN_IN)
}

/// A new secret: 256 random bits behind a prefix that secret scanners can look for.
///
/// # Errors
/// 500 where the system gives no random numbers.
pub fn secret(prefix: &str) -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(ApiError::internal)?;
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// SHA-256 of a secret, in hex. Secrets are random, so a fast hash without salt is enough.
pub fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Begins a session.
///
/// # Errors
/// 500 where the database fails.
pub async fn begin<C: ConnectionTrait>(connection: &C, account: Uuid) -> Result<Secrets> {
    let now = now();
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::ExpiresAt.lte(now))
        .exec(connection)
        .await?;
    let id = Uuid::now_v7();
    let cookie = secret("atr_session_")?;
    let row = session::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        cookie_hash: Set(digest(&cookie)),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::days(SESSION_DAYS)),
    };
    session::Entity::insert(row).exec_without_returning(connection).await?;
    let access_token = issue(connection, id).await?;
    Ok(Secrets { cookie, access_token })
}

/// Makes an access token of a session, and forgets those that have ended.
///
/// # Errors
/// 500 where the database fails.
pub async fn issue<C: ConnectionTrait>(connection: &C, session: Uuid) -> Result<String> {
    let now = now();
    access_token::Entity::delete_many()
        .filter(access_token::Column::SessionId.eq(session))
        .filter(access_token::Column::ExpiresAt.lte(now))
        .exec(connection)
        .await?;
    let token = secret("atr_")?;
    let row = access_token::ActiveModel {
        hash: Set(digest(&token)),
        session_id: Set(session),
        expires_at: Set(now + TimeDelta::minutes(TOKEN_MINUTES)),
    };
    access_token::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(token)
}

/// The token of a bearer header.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The live session of the request's access token.
///
/// # Errors
/// 500 where the database fails.
pub async fn by_bearer<C: ConnectionTrait>(
    connection: &C,
    headers: &HeaderMap,
) -> Result<Option<session::Model>> {
    let Some(token) = bearer(headers) else { return Ok(None) };
    let now = now();
    let found = access_token::Entity::find_by_id(digest(token))
        .filter(access_token::Column::ExpiresAt.gt(now))
        .find_also_related(session::Entity)
        .one(connection)
        .await?;
    Ok(found.and_then(|(_, session)| session).filter(|session| session.expires_at > now))
}

/// The live session of the request's cookie.
///
/// # Errors
/// 500 where the database fails.
pub async fn by_cookie<C: ConnectionTrait>(
    connection: &C,
    headers: &HeaderMap,
) -> Result<Option<session::Model>> {
    let Some(secret) = cookie(headers) else { return Ok(None) };
    Ok(session::Entity::find()
        .filter(session::Column::CookieHash.eq(digest(secret)))
        .filter(session::Column::ExpiresAt.gt(now()))
        .one(connection)
        .await?)
}

/// What the session cookie holds.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let mut pairs = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, secret)| secret)
}

/// The header that hands the cookie to the browser; an empty secret takes it back.
pub fn set_cookie(headers: &HeaderMap, secret: &str) -> HeaderValue {
    let age = if secret.is_empty() { 0 } else { SESSION_DAYS * 24 * 60 * 60 };
    // Behind a proxy that ends TLS the browser's connection is known by this header alone.
    let https = headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes().starts_with(b"https"));
    let secure = if https { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={secret}; Path={COOKIE_PATH}; Max-Age={age}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_and_differ() {
        let one = secret("atr_").unwrap();
        assert!(one.starts_with("atr_") && one.len() == 4 + 43, "{one}");
        assert_ne!(one, secret("atr_").unwrap());
        assert_eq!(digest("a").len(), 64);
    }

    #[test]
    fn the_cookie_is_secure_behind_tls() {
        let mut headers = HeaderMap::new();
        assert!(!set_cookie(&headers, "x").to_str().unwrap().contains("Secure"));
        headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
        let cookie = set_cookie(&headers, "x").to_str().unwrap().to_owned();
        assert!(cookie.contains("; Secure") && cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
        assert!(set_cookie(&headers, "").to_str().unwrap().contains("Max-Age=0"));
    }
}
