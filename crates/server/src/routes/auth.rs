//! Signing up, in and out.

use atrium_domain::email;
use atrium_domain::names::{MAX_PASSWORD, check_full_name, check_password};
use atrium_domain::wire::{AccessToken, SignUp};
use atrium_words::{mark, t};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::Answer;
use crate::answers::Done;
use crate::auth::admission::{Admitted, succeeded};
use crate::auth::sessions::{self, Person, Secrets};
use crate::db::entity::{account, session};
use crate::db::now;
use crate::error::{ApiError, Result, field, is_duplicate, name};
use crate::metrics::Refusal;
use crate::operations::describe::WithCookie;
use crate::request::note_account;
use crate::serve::AppState;
use crate::validate::Body;

/// The same for an unknown address and a wrong password.
const WRONG: &str = mark!("The email address or the password is not right.");

type Begun = WithCookie<AccessToken>;

fn signed_in(headers: &HeaderMap, secrets: Secrets) -> Begun {
    let cookie = sessions::set_cookie(headers, &secrets.cookie);
    WithCookie { cookie, answer: AccessToken { access_token: secrets.access_token } }
}

/// `POST /api/v1/signup`, Atrium's own: makes an account and signs in.
pub async fn sign_up(
    State(state): State<AppState>,
    admitted: Admitted,
    headers: HeaderMap,
    Body(body): Body<SignUp>,
) -> Result<Begun> {
    let address = email::normalize(&body.email);
    let mut refused = Vec::new();
    let mut check = |key: &str, result: std::result::Result<(), String>| {
        if let Err(sentence) = result {
            refused.push(field(vec![name("body"), name(key)], sentence));
        }
    };
    let is_address = email::is_address(&address);
    check("email", if is_address { Ok(()) } else { Err(mark!("This is not an email address.").to_owned()) });
    check("password", check_password(&body.password));
    check("full_name", check_full_name(&body.full_name));
    if !refused.is_empty() {
        return Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, refused));
    }
    admitted.sign_up(&state, &address).await?;
    let hash = state.passwords.hash(body.password).await?;
    let full_name = body.full_name.trim().to_owned();
    let id = Uuid::now_v7();
    let row = account::ActiveModel {
        id: Set(id),
        email: Set(address.clone()),
        name_key: Set(full_name.to_lowercase()),
        full_name: Set(full_name),
        password_hash: Set(hash),
        created_at: Set(now()),
        is_disabled: Set(false),
    };
    let change = state.db.change().await?;
    match account::Entity::insert(row).exec_without_returning(&*change).await {
        Err(error) if is_duplicate(&error) => {
            return Err(ApiError::conflict(t!(
                "There is an account for {address} already. Sign in.",
                address
            )));
        }
        inserted => inserted?,
    };
    let secrets = sessions::begin(&*change, id).await?;
    change.commit_unrecorded().await?;
    note_account(id);
    Ok(signed_in(&headers, secrets))
}

/// `POST /api/v1/login` with HTTP Basic.
pub async fn sign_in(State(state): State<AppState>, admitted: Admitted, headers: HeaderMap) -> Result<Begun> {
    let wrong = || {
        state.metrics.refused(Refusal::Credentials);
        ApiError::unauthorized(WRONG)
    };
    let (address, password) = credentials(&headers).ok_or_else(wrong)?;
    let address = email::normalize(&address);
    admitted.sign_in(&state, &address).await?;
    let found = account::Entity::find().filter(account::Column::Email.eq(&address)).one(&*state.db).await?;
    let hash = found.as_ref().map(|account| account.password_hash.clone());
    let right = state.passwords.check(password, hash).await?;
    let account = found.filter(|_| right).ok_or_else(wrong)?;
    // Only whoever knows the password learns that the account is switched off.
    if account.is_disabled {
        return Err(sessions::switched_off());
    }
    let change = state.db.change().await?;
    succeeded(&*change, &address).await?;
    let secrets = sessions::begin(&*change, account.id).await?;
    change.commit_unrecorded().await?;
    note_account(account.id);
    Ok(signed_in(&headers, secrets))
}

/// Address and password of a Basic header. No `WWW-Authenticate` answers a missing one: browsers
/// would ask with a window of their own.
pub fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (address, password) = decoded.split_once(':')?;
    let sane = scheme.eq_ignore_ascii_case("basic")
        && address.len() <= email::MAX_ADDRESS
        && !address.contains('\0')
        && password.chars().count() <= MAX_PASSWORD;
    sane.then(|| (address.to_owned(), password.to_owned()))
}

/// `POST /api/v1/session`, Atrium's own: a new access token for the cookie.
pub async fn renew(
    State(state): State<AppState>,
    admitted: Admitted,
    headers: HeaderMap,
) -> Answer<AccessToken> {
    // Read first: a page without a session must not queue for a write.
    let found = sessions::by_cookie(&*state.db, &headers).await?.ok_or_else(|| {
        state.metrics.refused(Refusal::Session);
        sessions::no_session()
    })?;
    admitted.renewal(&state, found.account_id)?;
    let change = state.db.change().await?;
    session::Entity::find_by_id(found.id).one(&*change).await?.ok_or_else(sessions::no_session)?;
    sessions::check_enabled(&*change, found.account_id).await?;
    let access_token = sessions::issue(&*change, found.id).await?;
    change.commit_unrecorded().await?;
    note_account(found.account_id);
    Ok(Json(AccessToken { access_token }))
}

/// `DELETE /api/v1/session`, Atrium's own: ends the session of the token, the cookie or both, with
/// every access token made from it.
pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<WithCookie<Done>> {
    // Read first, as above: whoever has no session must not make others wait.
    let by_bearer = sessions::by_bearer(&*state.db, &headers).await?;
    let by_cookie = sessions::by_cookie(&*state.db, &headers).await?;
    let ended: Vec<Uuid> = by_bearer.iter().chain(&by_cookie).map(|session| session.id).collect();
    let cleared = sessions::set_cookie(&headers, "");
    if ended.is_empty() {
        return Err(sessions::no_session().with_header(header::SET_COOKIE, cleared));
    }
    let change = state.db.change().await?;
    session::Entity::delete_many().filter(session::Column::Id.is_in(ended)).exec(&*change).await?;
    change.commit_unrecorded().await?;
    Ok(WithCookie { cookie: cleared, answer: Done {} })
}

/// `GET /api/v1/me/ls_user_id`
pub async fn me(who: Person) -> Answer<String> {
    Ok(Json(who.account.to_string()))
}
