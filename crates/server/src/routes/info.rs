//! What this installation is and whether it works.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::Answer;
use crate::answers::info::{Health, Info, Ready};
use crate::error::ApiError;
use crate::serve::AppState;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /api/v1/info`
pub async fn info(State(state): State<AppState>) -> Answer<Info> {
    let mut flags = state.billing.flags();
    flags.insert("sign_up".to_owned(), true.into());
    flags.insert("billing".to_owned(), state.billing.name().into());
    for own in [
        "members_query",
        "member_ends",
        "removed_members",
        "access_query",
        "workspace_count_sort",
        "delete_organization",
        "workspace_colors",
        "audit_query",
    ] {
        flags.insert(own.to_owned(), true.into());
    }
    Ok(Json(Info::new(flags)))
}

/// `GET /api/v1/info/health`: the process is up and answers. Whether it can be of use is asked by
/// [`ready`]; restarting a server does not bring its database back. There is no ClickHouse here,
/// whose disk is full.
pub async fn health() -> Answer<Health> {
    Ok(Json(Health::good()))
}

/// `GET /api/v1/info/ready`, Atrium's own: whether requests should be sent here. 503 while the
/// database does not answer or lacks tables of this version, and once the server is ending.
pub async fn ready(State(state): State<AppState>) -> Answer<Ready> {
    let refuse = |sentence: &str| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, sentence);
    if *state.stopping.borrow() {
        return Err(refuse("This server is ending."));
    }
    match tokio::time::timeout(PATIENCE, state.db.is_up_to_date()).await {
        Ok(Ok(true)) => Ok(Json(Ready::now())),
        Ok(Ok(false)) => Err(refuse("The database is not up to date.")),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database does not answer");
            Err(refuse("The database does not answer."))
        }
        Err(_) => Err(refuse("The database does not answer in time.")),
    }
}
