//! Who may try to sign in, sign up or renew a session now: counted by network address, and by
//! account. What could be a guess is counted in the database ([`tries`]), for all servers on it
//! together. Before that each server counts every request by itself, which costs the others nothing.

use std::net::IpAddr;
use std::time::Duration;

use atrium_words::mark;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::tries::{self, Limit};
use super::window::Window;
use crate::error::{ApiError, Result};
use crate::metrics::Refusal;
use crate::net::client::Client;
use crate::net::limits::Limits;
use crate::serve::AppState;

const MINUTE: Duration = Duration::from_secs(60);
/// Most failed sign-ins, and most sign-ups, for an account's address within [`WINDOW`].
const MOST: u64 = 10;
/// How long these count.
const WINDOW: Duration = tries::LONGEST;
/// Keys that each count keeps at most: some 10 MB at 60 a minute, if all of them are used up.
const KEYS: usize = 10_000;

/// What was tried in the last minutes.
pub struct Admission {
    most: u64,
    network: Window<IpAddr>,
    renewals: Window<Uuid>,
}

impl Admission {
    /// By the options of `atrium-server serve`.
    pub fn new(limits: &Limits) -> Self {
        let most = usize::try_from(limits.sign_in_limit).unwrap_or(usize::MAX);
        Self {
            most: limits.sign_in_limit.into(),
            network: Window::new(most, MINUTE, KEYS),
            renewals: Window::new(most, MINUTE, KEYS),
        }
    }
}

const NETWORK: &str = mark!("Too many tries to sign in came from your network.");

/// A request that was counted for its network address and may go on. An extractor, so that it
/// comes before the body is read.
pub struct Admitted(Client);

impl FromRequestParts<AppState> for Admitted {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let client = Client::from_request_parts(parts, state).await?;
        state.admission.network.take(&client.0).map_err(|wait| {
            state.metrics.refused(Refusal::Network);
            too_many(NETWORK, wait)
        })?;
        Ok(Self(client))
    }
}

impl Admitted {
    /// Counts a sign-up for the account's address.
    ///
    /// # Errors
    /// 429 where it was tried too often, at whichever server.
    pub async fn sign_up(&self, state: &AppState, address: &str) -> Result<()> {
        let limit = Limit::new("sign-up", address, MOST, WINDOW);
        self.take(state, limit, mark!("Too many tries to sign up with this address.")).await
    }

    /// Counts a sign-in for the account's address. It counts as failed until [`succeeded`] says
    /// otherwise, so that many at once are no way around.
    ///
    /// # Errors
    /// 429 where too many failed, at whichever server.
    pub async fn sign_in(&self, state: &AppState, address: &str) -> Result<()> {
        self.take(state, failures(address), mark!("Too many sign-ins with this address failed.")).await
    }

    async fn take(&self, state: &AppState, account: Limit, sentence: &str) -> Result<()> {
        let network = Limit::new("network", &self.0.0.to_string(), state.admission.most, MINUTE);
        match tries::take(&state.db, &[network, account]).await? {
            Ok(()) => Ok(()),
            Err((0, wait)) => {
                state.metrics.refused(Refusal::Network);
                Err(too_many(NETWORK, wait))
            }
            Err((_, wait)) => {
                state.metrics.refused(Refusal::Account);
                Err(too_many(sentence, wait))
            }
        }
    }

    /// Counts the renewal of a live session, for its account instead of the network address: who
    /// holds the cookie guesses nothing, and behind one address may sit a whole company.
    ///
    /// # Errors
    /// 429 where the account renewed too often.
    pub fn renewal(&self, state: &AppState, account: Uuid) -> Result<()> {
        state.admission.network.give_back(&self.0.0);
        state.admission.renewals.take(&account).map_err(|wait| {
            state.metrics.refused(Refusal::Account);
            too_many(mark!("Your sessions were renewed too often."), wait)
        })
    }
}

fn failures(address: &str) -> Limit {
    Limit::new("failed sign-in", address, MOST, WINDOW)
}

/// Forgets the failures of an address whose owner signed in.
///
/// # Errors
/// Whatever the database says.
pub async fn succeeded<C: ConnectionTrait>(connection: &C, address: &str) -> std::result::Result<(), DbErr> {
    tries::forget(connection, &failures(address)).await
}

/// 429 with `Retry-After`, in whole seconds, and the same for people.
pub fn too_many(sentence: &str, wait: Duration) -> ApiError {
    let seconds = wait.as_secs() + 1;
    let again = if seconds > 90 { format!("{} min", seconds.div_ceil(60)) } else { format!("{seconds} s") };
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, format!("{sentence} Try again in {again}."))
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
}
