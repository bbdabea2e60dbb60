//! The newer list of members (`/v1/platform`): each with the role in each workspace.

use std::collections::HashMap;

use atrium_domain::{Action, OrganizationRole};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use uuid::Uuid;

use super::members::with_accounts;
use crate::answers::people::{MemberRow, role_in_workspace};
use crate::answers::time;
use crate::auth::access::{Org, OrgAccess};
use crate::auth::sessions::Signed;
use crate::db::entity::{account, invitation, member, role, workspace, workspace_member};
use crate::db::system_roles;
use crate::error::{ApiError, Result};
use crate::serve::AppState;
use crate::validate::{Params, contains};

/// The page of the list: what is given without `limit`, and the most.
const PAGE: (u64, u64) = (50, 10_000);
/// The number of all that match, beside the page.
const TOTAL: HeaderName = HeaderName::from_static("x-pagination-total");
/// Filters of the contract that this version does not have. Ignoring them would show people that
/// were not asked for.
const NOT_YET: [&str; 3] = ["workspace_name_like", "organization_role_like", "workspace_role_like"];

/// `GET /v1/platform/orgs/current/members`: members, then invitations, oldest first.
pub async fn members(
    State(state): State<AppState>,
    who: Signed,
    Org(id): Org,
    params: Params,
) -> Result<([(HeaderName, String); 1], Json<Vec<Value>>)> {
    let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
    for key in NOT_YET {
        if params.text(key)?.is_some() {
            return Err(ApiError::invalid(["query", key], "This version of the server has no such filter."));
        }
    }
    let (only_active, only_pending) = (params.flag("active_is", false)?, params.flag("pending_is", false)?);
    let email = params.text("email_like")?;
    let name = params.text("name_like")?;
    let access = OrgAccess::allow(&*state.db, who, id, &Action::ReadOrganization).await?;

    let mut of_members = Condition::all().add(member::Column::OrganizationId.eq(id));
    let mut of_invitations = Condition::all().add(invitation::Column::OrganizationId.eq(id));
    if let Some(text) = email {
        of_members = of_members.add(account::Column::Email.like(contains(text)));
        of_invitations = of_invitations.add(invitation::Column::Email.like(contains(text)));
    }
    if let Some(text) = name {
        of_members = of_members.add(account::Column::NameKey.like(contains(text)));
        of_invitations = of_invitations.add(invitation::Column::FullName.like(contains(text)));
    }
    let active = with_accounts(member::Entity::find().filter(of_members));
    let pending = invitation::Entity::find().filter(of_invitations);
    let active_count = if only_pending { 0 } else { active.clone().count(&*state.db).await? };
    let pending_count = if only_active { 0 } else { pending.clone().count(&*state.db).await? };

    let mut found = Vec::new();
    if offset < active_count {
        let rows: Vec<MemberRow> = active
            .order_by_asc(member::Column::CreatedAt)
            .order_by_asc(member::Column::Id)
            .limit(limit)
            .offset(offset)
            .into_model()
            .all(&*state.db)
            .await?;
        found = active_answers(&state, &access, rows).await?;
    }
    let left = limit.saturating_sub(found.len() as u64);
    if pending_count > 0 && left > 0 {
        let rows = pending
            .order_by_asc(invitation::Column::CreatedAt)
            .order_by_asc(invitation::Column::Id)
            .limit(left)
            .offset(offset.saturating_sub(active_count))
            .all(&*state.db)
            .await?;
        found.extend(rows.iter().map(invited_answer));
    }
    Ok(([(TOTAL, (active_count + pending_count).to_string())], Json(found)))
}

/// The members, each with the workspaces and the role in each. An Organization Admin is in all by
/// that role; only the workspaces that somebody was added to are listed.
async fn active_answers(state: &AppState, access: &OrgAccess, rows: Vec<MemberRow>) -> Result<Vec<Value>> {
    let names: HashMap<Uuid, String> = workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(access.organization.id))
        .all(&*state.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.display_name))
        .collect();
    let roles: HashMap<Uuid, role::Model> = role::Entity::find()
        .filter(
            Condition::any()
                .add(role::Column::OrganizationId.is_null())
                .add(role::Column::OrganizationId.eq(access.organization.id)),
        )
        .all(&*state.db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut added: HashMap<Uuid, Vec<workspace_member::Model>> = HashMap::new();
    let memberships = workspace_member::Entity::find()
        .filter(workspace_member::Column::WorkspaceId.is_in(names.keys().copied()))
        .all(&*state.db)
        .await?;
    for membership in memberships {
        added.entry(membership.member_id).or_default().push(membership);
    }
    let answer = |row: MemberRow| {
        let workspaces: Vec<_> = added
            .remove(&row.id)
            .unwrap_or_default()
            .into_iter()
            .map(|one| {
                let role = role_in_workspace(&access.caller, &row.role, Some(one.role_id), &roles);
                json!({
                    "workspace_id": one.workspace_id,
                    "workspace_name": names.get(&one.workspace_id),
                    "role_id": role.id,
                    "role_name": role.label,
                })
            })
            .collect();
        let role = OrganizationRole::from(row.role.as_str());
        json!({
            "avatar_url": "",
            "created_at": time(row.created_at),
            "display_name": row.full_name,
            "email": row.email,
            "id": row.id,
            "is_disabled": false,
            "is_pending": false,
            "linked_login_methods": [{ "provider": "email", "provisioning": "" }],
            "ls_user_id": row.account_id,
            "role_id": system_roles::organization_role_id(&role),
            "role_name": role.label(),
            "scim_groups": [],
            "workspace_memberships": workspaces,
        })
    };
    Ok(rows.into_iter().map(answer).collect())
}

fn invited_answer(row: &invitation::Model) -> Value {
    let role = OrganizationRole::from(row.role.as_str());
    json!({
        "avatar_url": "",
        "created_at": time(row.created_at),
        "display_name": row.full_name.as_deref().unwrap_or_default(),
        "email": row.email,
        "id": row.id,
        "is_disabled": false,
        "is_pending": true,
        "linked_login_methods": [],
        "ls_user_id": "",
        "role_id": system_roles::organization_role_id(&role),
        "role_name": role.label(),
        "scim_groups": [],
        "workspace_memberships": [],
    })
}
