//! API keys: the service keys of workspaces and organizations, and one's own personal tokens. A
//! key is given out once, by the answer that makes it.

use std::collections::HashMap;

use atrium_domain::{Action, KeyKind};
use atrium_words::mark;
use axum::extract::State;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::members::workspace_ids;
use super::{Answer, Answers};
use crate::answers::keys::{KeyAnswer, MadeKey};
use crate::audit::{Draft, Operation, views};
use crate::auth::access::{OrgAccess, PlacePermit, key_reach, workspace_roles};
use crate::db::entity::{api_key, api_key_workspace, workspace};
use crate::error::{ApiError, Result};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Id, OptionalBody};

mod create;

/// The answers for keys, newest first as they came. The names of workspaces are those that the
/// caller can enter.
async fn answers<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    rows: Vec<api_key::Model>,
) -> Result<Vec<KeyAnswer>> {
    let opens = opened_by(connection, &rows).await?;
    let mut wanted: Vec<Uuid> = opens.values().flatten().copied().collect();
    wanted.extend(rows.iter().filter_map(|row| row.default_workspace_id));
    wanted.sort();
    wanted.dedup();
    let roles = workspace_roles(connection, access, &wanted).await?;
    let names: HashMap<Uuid, String> = workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(access.organization.id))
        .filter(workspace::Column::Id.is_in(roles.into_keys()))
        .select_only()
        .columns([workspace::Column::Id, workspace::Column::DisplayName])
        .into_tuple()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let answer = |row: api_key::Model| {
        let of_workspaces = row.member_id.is_none() && row.organization_role.is_none();
        let opened = opens.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let workspace_names =
            of_workspaces.then(|| opened.iter().filter_map(|id| names.get(id).cloned()).collect());
        let default = row.default_workspace_id.and_then(|id| names.get(&id).cloned());
        KeyAnswer::new(row, workspace_names, default)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// The workspaces that keys open, by key.
async fn opened_by<C: ConnectionTrait>(
    connection: &C,
    keys: &[api_key::Model],
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut opens: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let rows = api_key_workspace::Entity::find()
        .filter(api_key_workspace::Column::ApiKeyId.is_in(keys.iter().map(|key| key.id)))
        .order_by_asc(api_key_workspace::Column::WorkspaceId)
        .all(connection)
        .await?;
    for row in rows {
        opens.entry(row.api_key_id).or_default().push(row.workspace_id);
    }
    Ok(opens)
}

async fn answer<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    row: api_key::Model,
) -> Result<KeyAnswer> {
    let made = answers(connection, access, vec![row]).await?.pop();
    made.ok_or_else(|| ApiError::internal("a key has no answer"))
}

/// `GET /api/v1/api-key`: the service keys of the workspace; of the organization's workspaces that
/// the caller can enter where no workspace is named, with the organization's own for its managers.
pub async fn list(State(state): State<AppState>, permit: PlacePermit) -> Answers<KeyAnswer> {
    let (access, workspace) = permit.check(&*state.db).await?;
    let all = match &workspace {
        Some(workspace) => vec![workspace.id],
        None => workspace_ids(&*state.db, access.organization.id).await?,
    };
    let inside: Vec<Uuid> = workspace_roles(&*state.db, &access, &all)
        .await?
        .into_keys()
        .filter(|id| workspace.as_ref().is_none_or(|workspace| workspace.id == *id))
        .collect();
    let opening = api_key_workspace::Entity::find()
        .filter(api_key_workspace::Column::WorkspaceId.is_in(inside))
        .select_only()
        .column(api_key_workspace::Column::ApiKeyId)
        .into_query();
    let mut shown = Condition::any().add(api_key::Column::Id.in_subquery(opening));
    if workspace.is_none() && access.may(&Action::UpdateOrganization).is_ok() {
        shown = shown.add(api_key::Column::OrganizationRole.is_not_null());
    }
    let rows = api_key::Entity::find()
        .filter(api_key::Column::OrganizationId.eq(access.organization.id))
        .filter(api_key::Column::Kind.eq(KeyKind::Service.as_str()))
        .filter(shown)
        .order_by_desc(api_key::Column::CreatedAt)
        .order_by_asc(api_key::Column::Id)
        .all(&*state.db)
        .await?;
    Ok(List(answers(&*state.db, &access, rows).await?))
}

/// `POST /api/v1/api-key`
pub async fn create(
    State(state): State<AppState>,
    permit: PlacePermit,
    OptionalBody(body): OptionalBody<create::Wanted>,
) -> Answer<MadeKey> {
    create::service(&state, &permit, body).await
}

/// `DELETE /api/v1/api-key/{api_key_id}`
pub async fn remove(State(state): State<AppState>, permit: PlacePermit, Id(id): Id) -> Answer<KeyAnswer> {
    let change = state.db.change().await?;
    let (access, workspace) = permit.check(&*change).await?;
    let found = api_key::Entity::find_by_id(id)
        .filter(api_key::Column::OrganizationId.eq(access.organization.id))
        .filter(api_key::Column::Kind.eq(KeyKind::Service.as_str()))
        .one(&*change)
        .await?;
    let mut reached: Vec<Uuid> = workspace.iter().map(|workspace| workspace.id).collect();
    let mut of_organization = false;
    if let Some(row) = &found {
        of_organization = row.organization_role.is_some();
        reached = opened_by(&*change, std::slice::from_ref(row)).await?.remove(&row.id).unwrap_or_default();
    }
    let reach = key_reach(&*change, &access, (!of_organization).then_some(&reached)).await?;
    // Somebody who may delete none is told so, whether or not there is such a key.
    access.may(&Action::DeleteServiceKey(reach))?;
    let here = |id: &Uuid| workspace.as_ref().is_none_or(|workspace| workspace.id == *id);
    let row = found.filter(|_| reached.iter().any(here) || (of_organization && workspace.is_none()));
    let row = row.ok_or_else(|| ApiError::not_found(mark!("There is no such service key here.")))?;
    let entry = entry(&access, Operation::DeleteServiceKey, workspace.as_ref());
    let entry = entry.deleted(&[id], views::api_key(&row, &reached));
    let shown = answer(&*change, &access, row).await?;
    api_key::Entity::delete_by_id(id).exec(&*change).await?;
    change.answer(entry, shown).await
}

/// Begins an entry of the audit log about a key.
fn entry(access: &OrgAccess, operation: Operation, workspace: Option<&workspace::Model>) -> Draft {
    let draft = access.entry(operation);
    match workspace {
        Some(workspace) => draft.within(workspace.id),
        None => draft,
    }
}

/// `GET /api/v1/api-key/current`: one's own tokens for the organization.
pub async fn tokens(State(state): State<AppState>, permit: PlacePermit) -> Answers<KeyAnswer> {
    let (access, _) = permit.check(&*state.db).await?;
    let rows = api_key::Entity::find()
        .filter(api_key::Column::MemberId.eq(access.member.as_ref().map(|member| member.id)))
        .order_by_desc(api_key::Column::CreatedAt)
        .order_by_asc(api_key::Column::Id)
        .all(&*state.db)
        .await?;
    Ok(List(answers(&*state.db, &access, rows).await?))
}

/// `POST /api/v1/api-key/current`
pub async fn create_token(
    State(state): State<AppState>,
    permit: PlacePermit,
    OptionalBody(body): OptionalBody<create::Wanted>,
) -> Answer<MadeKey> {
    create::token(&state, &permit, body).await
}

/// `DELETE /api/v1/api-key/current/{pat_id}`
pub async fn remove_token(
    State(state): State<AppState>,
    permit: PlacePermit,
    Id(id): Id,
) -> Answer<KeyAnswer> {
    let change = state.db.change().await?;
    let (access, workspace) = permit.check(&*change).await?;
    let row = api_key::Entity::find_by_id(id)
        .filter(api_key::Column::MemberId.eq(access.member.as_ref().map(|member| member.id)))
        .one(&*change)
        .await?
        .ok_or_else(|| ApiError::not_found(mark!("You have no such token in this organization.")))?;
    let entry = entry(&access, Operation::DeletePersonalAccessToken, workspace.as_ref());
    let entry = entry.deleted(&[id], views::api_key(&row, &[]));
    let shown = answer(&*change, &access, row).await?;
    api_key::Entity::delete_by_id(id).exec(&*change).await?;
    change.answer(entry, shown).await
}
