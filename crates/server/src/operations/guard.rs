//! The guard before every operation: who asks, and whether the operation's need is met.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::need::Need;
use crate::auth::access::{Org, OrgPermit, Place, PlacePermit, Tenant, WorkspacePermit};
use crate::auth::sessions::Signed;
use crate::error::Result;
use crate::serve::AppState;
use crate::validate::Id;

/// Lets a request through to its handler, with what was looked up, if the need is met.
pub async fn guard(State((state, need)): State<(AppState, Need)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&state, &need, &mut parts).await {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(refused) => refused.into_response(),
    }
}

/// Who asks is asked first, then where, then what may be done there: a refusal never tells more
/// than the one before it allows.
async fn admit(state: &AppState, need: &Need, parts: &mut Parts) -> Result<()> {
    if *need == Need::Nobody {
        return Ok(());
    }
    let who = Signed::from_request_parts(parts, state).await?;
    match need {
        Need::Nobody => {}
        Need::SignedIn => who.credential.in_person()?,
        Need::Account => {
            who.own_account()?;
        }
        Need::OrganizationMember | Need::Organization(_) => {
            let Org(id) = Org::from_request_parts(parts, state).await?;
            let action = if let Need::Organization(action) = need { Some(action.clone()) } else { None };
            let permit = OrgPermit::new(who, id, action);
            parts.extensions.insert(permit.check(&*state.db).await?);
            parts.extensions.insert(permit);
        }
        Need::Place(action) => {
            let place = Place::from_request_parts(parts, state).await?;
            let permit = PlacePermit::new(who, place, action.clone());
            permit.check(&*state.db).await?;
            parts.extensions.insert(permit);
        }
        Need::WorkspaceMember | Need::Workspace(_) => {
            let Tenant(id) = Tenant::from_request_parts(parts, state).await?;
            let permission = if let Need::Workspace(name) = need { Some(*name) } else { None };
            let permit = WorkspacePermit::by_header(who, id, permission);
            parts.extensions.insert(permit.check(&*state.db).await?);
            parts.extensions.insert(permit);
        }
        Need::WorkspaceInPath(permission) => {
            let Id(id) = Id::from_request_parts(parts, state).await?;
            let permit = WorkspacePermit::in_path(who, id, permission);
            parts.extensions.insert(permit.check(&*state.db).await?);
            parts.extensions.insert(permit);
        }
    }
    Ok(())
}
