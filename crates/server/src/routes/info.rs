//! What this installation is and whether it works.

use axum::Json;
use axum::extract::State;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::Answer;
use crate::answers::complete;
use crate::serve::AppState;

/// `GET /api/v1/info`
pub async fn info(State(state): State<AppState>) -> Answer {
    let mut flags = state.billing.flags();
    flags.insert("sign_up".to_owned(), true.into());
    flags.insert("billing".to_owned(), state.billing.name().into());
    let known = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "batch_ingest_config": complete("BatchIngestConfig", json!({})),
        "instance_flags": flags,
    });
    Ok(Json(complete("InfoGetResponse", known)))
}

/// `GET /api/v1/info/health`. There is no ClickHouse here, whose disk is full; that the database
/// answers is what the caller wants to know.
pub async fn health(State(state): State<AppState>) -> Answer {
    state.db.execute_unprepared("SELECT 1").await?;
    Ok(Json(json!({ "clickhouse_disk_free_pct": 100.0 })))
}
