//! Accounts and sessions.

use atrium_domain::json::Json;
use atrium_domain::wire::{AccessToken, Info, LoginMethod, SignUp};
use atrium_words::t;
use gloo_net::http::Method;

use super::transport::{
    Answer, Call, Scope, by_key, change, command, forget_token, get, keep_key, keep_token, read,
};
use super::{ApiError, Failure};

/// What the installation offers.
pub fn info() -> Answer<Info> {
    get(Scope::Account, "/api/v1/info")
}

/// Makes an account and signs in.
///
/// # Errors
/// A conflict where the address has an account, invalid fields, or no answer.
pub async fn sign_up(account: SignUp) -> Result<(), ApiError> {
    let token: AccessToken = change(Method::POST, Scope::Account, "/api/v1/signup", &account).await?;
    keep_token(token);
    Ok(())
}

/// Signs in with HTTP Basic.
///
/// # Errors
/// [`Failure::SignedOut`] where address and password do not fit, too many attempts, or no answer.
pub fn sign_in(email: String, password: String) -> Answer<()> {
    Answer::done(async move {
        let token: AccessToken = read(Call {
            method: Method::POST,
            path: "/api/v1/login".to_owned(),
            scope: Scope::Account,
            body: None,
            basic: Some(basic(&email, &password)?),
            if_match: None,
            once: None,
        })
        .await?;
        keep_token(token);
        Ok(())
    })
}

/// Signs in with an API key, until the page is left: a key is kept in memory alone, like a token.
///
/// # Errors
/// [`Failure::SignedOut`] or [`Failure::Refused`] where the key is none or has ended, or no answer.
pub fn use_key(key: String) -> Answer<()> {
    Answer::done(async move {
        keep_key(&key);
        let known = super::organizations().await;
        if known.is_err() {
            forget_token();
        }
        known.map(drop)
    })
}

/// The value of an `Authorization: Basic` header, in UTF-8 (RFC 7617). `btoa` takes one character
/// a byte, so the text goes in as Latin-1.
fn basic(email: &str, password: &str) -> Result<String, ApiError> {
    let bytes: String = format!("{email}:{password}").bytes().map(char::from).collect();
    leptos::prelude::window().btoa(&bytes).map(|encoded| format!("Basic {encoded}")).map_err(|_| {
        ApiError::new(Failure::Other, t!("This browser could not encode the password. Try another one."))
    })
}

/// Ends the session everywhere it is held, and forgets its token here in any case.
///
/// # Errors
/// Where the server could not be told: the session then still stands in the cookie.
pub async fn sign_out() -> Result<(), ApiError> {
    if by_key() {
        forget_token();
        return Ok(());
    }
    let ended = command(Method::DELETE, Scope::Account, "/api/v1/session", None).await;
    match ended {
        // A backend that keeps no sessions has none to end.
        Err(error) if error.failure != Failure::Missing => Err(error),
        _ => {
            forget_token();
            Ok(())
        }
    }
}

/// What stands for the account where an API key is used: a key does not tell whose it is.
pub const KEY_ACCOUNT: &str = "api-key";

/// The id of the account that is signed in.
pub fn own_id() -> Answer<String> {
    if by_key() {
        return Answer::known(Json::Text(KEY_ACCOUNT.to_owned()));
    }
    get(Scope::Account, "/api/v1/me/ls_user_id")
}

/// The address of the account that is signed in; empty where nothing tells it, as with an API key. It is
/// told by an organization, so one of the person's own is asked.
pub fn own_address() -> Answer<String> {
    Answer::of(async {
        if by_key() {
            return Ok(Json::Text(String::new()));
        }
        let all = super::organizations().await?;
        let Some(own) = all.into_iter().next() else { return Ok(Json::Text(String::new())) };
        let methods = login_methods(own.id).await?;
        Ok(Json::Text(methods.into_iter().find_map(|one| one.email).unwrap_or_default()))
    })
}

/// The ways in which the signed-in person signs in: the address and the name.
pub fn login_methods(organization: String) -> Answer<Vec<LoginMethod>> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/user/login-methods")
}
