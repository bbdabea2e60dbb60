//! What this installation is and whether it works.

use axum::Json;
use axum::extract::State;
use sea_orm::ConnectionTrait;

use super::Answer;
use crate::answers::info::{Health, Info};
use crate::serve::AppState;

/// `GET /api/v1/info`
pub async fn info(State(state): State<AppState>) -> Answer<Info> {
    let mut flags = state.billing.flags();
    flags.insert("sign_up".to_owned(), true.into());
    flags.insert("billing".to_owned(), state.billing.name().into());
    Ok(Json(Info::new(flags)))
}

/// `GET /api/v1/info/health`: whether the database answers.
pub async fn health(State(state): State<AppState>) -> Answer<Health> {
    state.db.execute_unprepared("SELECT 1").await?;
    Ok(Json(Health::good()))
}
