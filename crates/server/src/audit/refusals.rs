//! Refused changes of members: written down by the contract's `operation_succeeded` and
//! `response_status_code`. A refusal of somebody who is no member is none of the organization's
//! business to read about, and would let strangers write into its log.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use super::{Draft, Operation};
use crate::request::{self, Context};
use crate::serve::AppState;

/// Answers a request, and writes down what was refused to a member.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status();
    if method.is_safe() || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let Some(context) = request::current().filter(|context| !context.is_replayed()) else { return response };
    let Some(entry) = entry(&context, &method) else { return response };
    let saved = match state.db.change().await {
        Ok(change) => change.commit(entry.refused(&ids(&context.path), status)).await,
        Err(error) => Err(error),
    };
    if let Err(cause) = saved {
        // Nothing was changed, so nothing is missing that was; the refusal itself stands.
        tracing::error!(%cause, "a refusal could not be written to the audit log");
    }
    response
}

fn entry(context: &Context, method: &Method) -> Option<Draft> {
    let place = context.place()?;
    let route = context.route.as_deref()?;
    let Some(operation) = Operation::of_route(method, route) else {
        tracing::warn!(%method, route, "this route changes something and has no name in the audit log");
        return None;
    };
    let draft = Draft::by(place.who, operation, place.organization);
    Some(match place.workspace {
        Some(workspace) => draft.within(workspace),
        None => draft,
    })
}

/// The ids in a path: what the caller wanted to change.
fn ids(path: &str) -> Vec<Uuid> {
    path.split('/').filter_map(|part| Uuid::try_parse(part).ok()).collect()
}
