//! Messages of the payment provider.

use atrium_words::mark;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;

use super::{Answer, done};
use crate::error::ApiError;
use crate::serve::AppState;

/// `POST /api/v1/webhooks/stripe`, Atrium's own. Whoever calls is known by the signature alone.
pub async fn stripe(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let body =
        body.map_err(|rejection| ApiError::new(rejection.status(), mark!("The message could not be read.")))?;
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    state.billing.event(signature, &body).await?;
    Ok(Json(done()))
}
