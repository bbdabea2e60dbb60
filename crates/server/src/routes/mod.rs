//! The operations of the API, a file a subject.

mod api_keys;
mod audit_logs;
mod auth;
mod basic;
mod billing;
mod info;
mod invitations;
mod members;
mod orgs;
mod pending;
mod platform;
mod resources;
mod roles;
mod webhooks;
mod workspace_invitations;
mod workspace_members;
mod workspaces;

use axum::Json;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{delete, get, patch, post};
use serde_json::{Value, json};

use crate::audit::refusals;
use crate::error::{ApiError, Result};
use crate::request::idempotency;
use crate::serve::AppState;

#[cfg(fuzzing)]
pub use audit_logs::read_cursor;
#[cfg(fuzzing)]
pub use auth::credentials;
pub use info::ready;
pub use orgs::organization_row;

/// What a handler answers.
type Answer = Result<Json<Value>>;

/// The answer of an operation whose contract says nothing about it.
fn done() -> Value {
    json!({})
}

/// The answer to an address that is none.
pub async fn not_found() -> ApiError {
    ApiError::not_found("Not Found")
}

async fn wrong_method() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}

/// Every operation.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/api/v1/info", get(info::info))
        .route("/api/v1/info/health", get(info::health))
        .route("/api/v1/info/ready", get(info::ready))
        .route("/api/v1/signup", post(auth::sign_up))
        .route("/api/v1/login", post(auth::sign_in))
        .route("/api/v1/session", post(auth::renew).delete(auth::sign_out))
        .route("/api/v1/me/ls_user_id", get(auth::me))
        .route("/api/v1/webhooks/stripe", post(webhooks::stripe))
        .merge(organizations())
        .merge(workspaces())
        .merge(keys())
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(state.clone(), idempotency::layer))
        .layer(middleware::from_fn_with_state(state.clone(), refusals::layer))
        .with_state(state)
}

fn organizations() -> Router<AppState> {
    Router::new()
        .route("/api/v1/orgs", get(orgs::list).post(orgs::create))
        .route("/api/v1/orgs/permissions", get(roles::permissions))
        .route("/api/v1/orgs/pending", get(pending::list))
        .route("/api/v1/orgs/pending/{organization_id}", delete(pending::decline))
        .route("/api/v1/orgs/pending/{organization_id}/claim", post(pending::claim))
        .route("/api/v1/orgs/current", get(orgs::current))
        .route("/api/v1/orgs/current/info", get(orgs::info).patch(orgs::update))
        .route("/api/v1/orgs/current/user/login-methods", get(orgs::login_methods))
        .route("/api/v1/orgs/current/billing", get(billing::billing))
        .route("/api/v1/orgs/current/setup", post(billing::setup))
        .route("/api/v1/orgs/current/payment-method", post(billing::payment_method))
        .route("/api/v1/orgs/current/plan", post(billing::plan))
        .route(
            "/api/v1/orgs/current/business-info",
            get(billing::business_info).post(billing::set_business_info),
        )
        .route("/api/v1/orgs/current/members", get(members::all).post(invitations::invite))
        .route("/api/v1/orgs/current/members/active", get(members::active))
        .route("/api/v1/orgs/current/members/pending", get(invitations::pending))
        .route("/api/v1/orgs/current/members/batch", post(invitations::invite_many))
        .route("/api/v1/orgs/current/members/basic/batch", post(basic::add_many))
        .route("/api/v1/orgs/members/basic", patch(basic::update_own))
        .route("/api/v1/orgs/current/members/{identity_id}", patch(members::update).delete(members::remove))
        .route("/api/v1/orgs/current/members/{identity_id}/pending", delete(invitations::revoke))
        .route("/v1/platform/orgs/current/members", get(platform::members))
        .route("/api/v1/orgs/current/roles", get(roles::list).post(roles::create))
        .route("/api/v1/orgs/current/roles/{role_id}", patch(roles::update).delete(roles::remove))
        .route("/api/v1/audit-logs", get(audit_logs::list))
}

fn workspaces() -> Router<AppState> {
    Router::new()
        .route("/api/v1/workspaces", get(workspaces::list).post(workspaces::create))
        .route("/api/v1/workspaces/pending", get(workspace_invitations::list))
        .route("/api/v1/workspaces/pending/{id}", delete(workspace_invitations::decline))
        .route("/api/v1/workspaces/pending/{workspace_id}/claim", post(workspace_invitations::claim))
        .route("/api/v1/workspaces/current/stats", get(workspaces::stats))
        .route("/api/v1/workspaces/current/members", get(workspace_members::all).post(workspace_members::add))
        .route("/api/v1/workspaces/current/members/active", get(workspace_members::active))
        .route("/api/v1/workspaces/current/members/batch", post(workspace_invitations::invite_many))
        .route("/api/v1/workspaces/current/members/pending", get(workspace_members::pending))
        .route(
            "/api/v1/workspaces/current/members/{identity_id}",
            patch(workspace_members::update).delete(workspace_members::remove),
        )
        .route("/api/v1/workspaces/current/members/{identity_id}/pending", delete(workspace_members::revoke))
        .route("/api/v1/workspaces/{workspace_id}", patch(workspaces::rename).delete(workspaces::remove))
        .route("/api/v1/sessions", get(resources::projects).post(resources::create_project))
        .route("/api/v1/datasets", get(resources::datasets).post(resources::create_dataset))
        .route("/api/v1/annotation-queues", get(resources::queues).post(resources::create_queue))
        .route("/api/v1/repos", get(resources::prompts))
}

fn keys() -> Router<AppState> {
    Router::new()
        .route("/api/v1/api-key", get(api_keys::list).post(api_keys::create))
        .route("/api/v1/api-key/{api_key_id}", delete(api_keys::remove))
        .route("/api/v1/api-key/current", get(api_keys::tokens).post(api_keys::create_token))
        .route("/api/v1/api-key/current/{pat_id}", delete(api_keys::remove_token))
}
