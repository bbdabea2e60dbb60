//! Who may try to sign in, sign up or renew a session now: counted by network address, and by
//! account. `attempts` counts failed sign-ins by account beside it.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::attempts;
use super::window::Window;
use crate::error::{ApiError, Result};
use crate::metrics::Refusal;
use crate::net::client::Client;
use crate::net::limits::Limits;
use crate::serve::AppState;

const MINUTE: Duration = Duration::from_secs(60);
/// Keys that each count keeps at most: some 10 MB at 60 a minute, if all of them are used up.
const KEYS: usize = 10_000;

/// What was tried in the last minutes.
pub struct Admission {
    network: Window<IpAddr>,
    sign_ups: Window<String>,
    renewals: Window<Uuid>,
}

impl Admission {
    /// By the options of `atrium-server serve`.
    pub fn new(limits: &Limits) -> Self {
        let most = usize::try_from(limits.sign_in_limit).unwrap_or(usize::MAX);
        Self {
            network: Window::new(most, MINUTE, KEYS),
            sign_ups: Window::new(attempts::MOST, attempts::WINDOW, KEYS),
            renewals: Window::new(most, MINUTE, KEYS),
        }
    }
}

/// A request that was counted for its network address and may go on. An extractor, so that it
/// comes before the body is read.
pub struct Admitted(Client);

impl FromRequestParts<AppState> for Admitted {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let client = Client::from_request_parts(parts, state).await?;
        state.admission.network.take(&client.0).map_err(|wait| {
            state.metrics.refused(Refusal::Network);
            too_many("Too many tries to sign in came from your network.", wait)
        })?;
        Ok(Self(client))
    }
}

impl Admitted {
    /// Counts a sign-up for the account's address.
    ///
    /// # Errors
    /// 429 where it was tried too often.
    pub fn sign_up(&self, state: &AppState, address: &str) -> Result<()> {
        state.admission.sign_ups.take(&address.to_owned()).map_err(|wait| {
            state.metrics.refused(Refusal::Account);
            too_many("Too many tries to sign up with this address.", wait)
        })
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
            too_many("Your sessions were renewed too often.", wait)
        })
    }
}

/// 429 with `Retry-After`, in whole seconds, and the same for people.
pub fn too_many(sentence: &str, wait: Duration) -> ApiError {
    let seconds = wait.as_secs() + 1;
    let again = if seconds > 90 { format!("{} min", seconds.div_ceil(60)) } else { format!("{seconds} s") };
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, format!("{sentence} Try again in {again}."))
        .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
}
