//! Workspaces: those that the caller can enter, making, renaming, deleting, and their counts.

use std::collections::HashMap;

use atrium_domain::OrganizationRole;
use atrium_domain::access::LAST_WORKSPACE;
use atrium_domain::colors::check_color;
use atrium_domain::names::check_workspace_name;
use atrium_domain::wire::WorkspaceName;
use atrium_words::mark;
use axum::Json;
use axum::extract::State;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Answer, Answers, done};
use crate::answers::workspace::{Settings, Stats, Workspace, WorkspaceForUser};
use crate::audit::{Operation, views};
use crate::auth::access::{OrgAccess, OrgPermit, WorkspaceAccess, WorkspacePermit, workspace_roles};
use crate::auth::keys;
use crate::db::entity::{deleted_workspace, resource, workspace, workspace_member};
use crate::db::{now, system_roles};
use crate::error::{ApiError, Result, is_duplicate};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Params, body_id, check_text, checked};

/// `GET /api/v1/workspaces`: those that the caller can enter, with the caller's role in each.
pub async fn list(
    State(state): State<AppState>,
    access: OrgAccess,
    Asked(Deleted(include_deleted)): Asked<Deleted>,
) -> Answers<WorkspaceForUser> {
    let rows = workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(access.organization.id))
        .order_by_asc(workspace::Column::CreatedAt)
        .order_by_asc(workspace::Column::Id)
        .all(&*state.db)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut roles = workspace_roles(&*state.db, &access, &ids).await?;
    let mut answer: Vec<_> = rows
        .iter()
        .filter_map(|row| roles.remove(&row.id).map(|role| WorkspaceForUser::new(row, &access.caller, role)))
        .collect();
    // Whoever could enter them all may know what there was.
    if include_deleted && access.caller.role == OrganizationRole::Admin {
        let deleted = deleted_workspace::Entity::find()
            .filter(deleted_workspace::Column::OrganizationId.eq(access.organization.id))
            .order_by_asc(deleted_workspace::Column::CreatedAt)
            .order_by_asc(deleted_workspace::Column::Id)
            .all(&*state.db)
            .await?;
        answer.extend(deleted.into_iter().map(WorkspaceForUser::deleted));
    }
    Ok(List(answer))
}

/// Whether deleted ones are to be included.
pub struct Deleted(bool);

impl FromQuery for Deleted {
    fn read(params: &Params) -> Result<Self> {
        params.flag("include_deleted", false).map(Self)
    }
}

/// Saves a new workspace with its maker as its Admin; a service key is no member of anything.
pub async fn new_workspace<C: ConnectionTrait>(
    connection: &C,
    id: Uuid,
    organization: Uuid,
    name: &str,
    handle: Option<String>,
    maker: Option<Uuid>,
) -> std::result::Result<workspace::Model, DbErr> {
    let row = workspace::Model {
        id,
        organization_id: organization,
        display_name: name.to_owned(),
        tenant_handle: handle,
        color: None,
        created_at: now(),
    };
    workspace::Entity::insert(row.clone().into_active_model()).exec_without_returning(connection).await?;
    let Some(member_id) = maker else { return Ok(row) };
    let membership = workspace_member::Model {
        id: Uuid::new_v4(),
        workspace_id: row.id,
        member_id,
        role_id: system_roles::WORKSPACE_ADMIN,
        created_at: row.created_at,
    };
    workspace_member::Entity::insert(membership.into_active_model())
        .exec_without_returning(connection)
        .await?;
    Ok(row)
}

/// A workspace to make.
#[derive(Deserialize, ToSchema)]
#[schema(as = WorkspaceCreate)]
pub struct Create {
    #[schema(min_length = 1, max_length = 100, pattern = r"^[a-zA-Z0-9\-_ '@()]+$")]
    display_name: String,
    #[schema(format = Uuid)]
    id: Option<String>,
    #[schema(max_length = 100)]
    tenant_handle: Option<String>,
}

/// `POST /api/v1/workspaces`
pub async fn create(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(body): Body<Create>,
) -> Answer<Workspace> {
    checked(check_workspace_name(&body.display_name), "display_name")?;
    let id = body.id.as_deref().map_or_else(|| Ok(Uuid::new_v4()), |text| body_id(text, "id"))?;
    check_text(body.tenant_handle.as_deref().unwrap_or_default(), &["body", "tenant_handle"], 0, 100)?;
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let organization = access.organization.id;
    let name = body.display_name.trim();
    let maker = access.member.as_ref().map(|member| member.id);
    let made = new_workspace(&*change, id, organization, name, body.tenant_handle, maker).await;
    let row = match made {
        Err(error) if is_duplicate(&error) => {
            return Err(ApiError::conflict(mark!("This id is taken. Leave it out.")));
        }
        made => made?,
    };
    let entry =
        access.entry(Operation::CreateWorkspace).within(row.id).created(&[row.id], views::workspace(&row));
    change.answer(entry, Workspace::new(&row, false)).await
}

/// `PATCH /api/v1/workspaces/{workspace_id}`: the name, and (Atrium's own) the colour.
pub async fn rename(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Body(body): Body<WorkspaceName>,
) -> Answer<Workspace> {
    checked(check_workspace_name(&body.display_name), "display_name")?;
    let chosen = body.color.as_deref().filter(|color| !color.is_empty());
    checked(chosen.map_or(Ok(()), check_color), "color")?;
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let draft = access.entry(Operation::UpdateWorkspace);
    let before = views::workspace(&access.workspace);
    let mut row = access.workspace.into_active_model();
    row.display_name = Set(body.display_name.trim().to_owned());
    if body.color.is_some() {
        row.color = Set(chosen.map(str::to_owned));
    }
    let row = row.update(&*change).await?;
    let entry = draft.updated(&[row.id], before, views::workspace(&row));
    change.answer(entry, Workspace::new(&row, access.org.caller.is_personal)).await
}

/// `DELETE /api/v1/workspaces/{workspace_id}`, with everything in it. The last one stays: without
/// any, nobody in the organization would have a place to be.
pub async fn remove(State(state): State<AppState>, permit: WorkspacePermit) -> Answer {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let workspaces = workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(access.org.organization.id))
        .count(&*change)
        .await?;
    if workspaces <= 1 {
        return Err(ApiError::conflict(LAST_WORKSPACE.0));
    }
    // What goes with it, counted: its parts may be many.
    let id = access.workspace.id;
    let mut before = views::workspace(&access.workspace);
    before["resources"] = json!(counts(&*change, id).await?);
    workspace::Entity::delete_by_id(id).exec(&*change).await?;
    let entry = access.entry(Operation::DeleteWorkspace).deleted(&[id], before);
    keys::delete_idle(&*change, access.org.organization.id).await?;
    let gone = deleted_workspace::Model {
        id,
        organization_id: access.workspace.organization_id,
        display_name: access.workspace.display_name,
        tenant_handle: access.workspace.tenant_handle,
        created_at: access.workspace.created_at,
        deleted_at: now(),
    };
    // The id may have been chosen, deleted and chosen again.
    deleted_workspace::Entity::delete_by_id((gone.organization_id, id)).exec(&*change).await?;
    deleted_workspace::Entity::insert(gone.into_active_model()).exec_without_returning(&*change).await?;
    change.answer(entry, done()).await
}

/// `GET /api/v1/settings`
pub async fn settings(access: WorkspaceAccess) -> Answer<Settings> {
    Ok(Json(access.workspace.into()))
}

/// `GET /api/v1/workspaces/current/stats`
pub async fn stats(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(Tagged): Asked<Tagged>,
) -> Answer<Stats> {
    let id = access.workspace.id;
    Ok(Json(Stats::new(id, &counts(&*state.db, id).await?)))
}

/// Tags, of which there are none here.
pub struct Tagged;

impl FromQuery for Tagged {
    fn read(params: &Params) -> Result<Self> {
        params.ids("tag_value_id").map(|_| Self)
    }
}

async fn counts<C: ConnectionTrait>(connection: &C, workspace: Uuid) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = resource::Entity::find()
        .filter(resource::Column::WorkspaceId.eq(workspace))
        .select_only()
        .column(resource::Column::Kind)
        .column_as(resource::Column::Id.count(), "count")
        .group_by(resource::Column::Kind)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}
