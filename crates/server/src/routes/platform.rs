//! The newer list of members (`/v1/platform`): each with the role in each workspace.

use std::collections::HashMap;

use atrium_domain::{Action, OrganizationRole};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::members::with_accounts;
use super::pending::default_role;
use super::workspace_members::roles;
use crate::answers::people::{MemberRow, role_in_workspace};
use crate::answers::time;
use crate::auth::access::{EffectiveRole, Org, OrgAccess, working_role};
use crate::auth::sessions::Signed;
use crate::db::entity::{
    account, invitation, invitation_workspace, member, role, workspace, workspace_member,
};
use crate::db::system_roles;
use crate::error::Result;
use crate::serve::AppState;
use crate::validate::{Params, contains};

/// The page of the list: what is given without `limit`, and the most.
const PAGE: (u64, u64) = (50, 10_000);
/// The number of all that match, beside the page.
const TOTAL: HeaderName = HeaderName::from_static("x-pagination-total");
/// Whether each member's workspaces are all there, and not only those that the caller can enter.
const ALL_WORKSPACES: HeaderName = HeaderName::from_static("x-members-list-all-workspaces");

/// What the list is asked for. Each field given more than once means any of its values.
struct Filters<'a> {
    name: Vec<&'a str>,
    email: Vec<&'a str>,
    workspace_name: Vec<&'a str>,
    /// The organization roles that were asked for.
    roles: Option<Vec<&'static str>>,
    /// The workspace roles that were asked for.
    workspace_roles: Option<Vec<Uuid>>,
    default_role: Uuid,
}

/// Whether a name or word holds one of the texts, whatever the case.
fn matches(texts: &[&str], names: [&str; 2]) -> bool {
    let names = names.map(str::to_lowercase);
    texts.iter().any(|text| names.iter().any(|name| name.contains(&text.to_lowercase())))
}

/// A condition that holds where one of the texts is in the value.
fn any_like(texts: &[&str], value: &Expr) -> Condition {
    let like = |condition: Condition, text: &&str| condition.add(value.clone().like(contains(text)));
    if texts.is_empty() { Condition::all() } else { texts.iter().fold(Condition::any(), like) }
}

fn lower<C: ColumnTrait>(column: C) -> Expr {
    Func::lower(column.into_expr()).into()
}

impl<'a> Filters<'a> {
    fn read(params: &'a Params, access: &OrgAccess, all: &HashMap<Uuid, role::Model>) -> Result<Self> {
        let roles = params.texts("organization_role_like")?;
        let workspace_roles = params.texts("workspace_role_like")?;
        let organization_role = |role: &&OrganizationRole| matches(&roles, [role.label(), role.as_str()]);
        let workspace_role = |row: &&role::Model| {
            // The role as it works: without RBAC everybody is Admin.
            let works = working_role(&access.caller, row);
            let word = if works.id == row.id { row.name.as_str() } else { "" };
            matches(&workspace_roles, [works.label.as_str(), word])
        };
        Ok(Self {
            name: params.texts("name_like")?,
            email: params.texts("email_like")?,
            workspace_name: params.texts("workspace_name_like")?,
            roles: (!roles.is_empty()).then(|| {
                let known = OrganizationRole::KNOWN.iter().filter(organization_role);
                known.map(|role| role.as_str()).collect()
            }),
            workspace_roles: (!workspace_roles.is_empty())
                .then(|| all.values().filter(workspace_role).map(|row| row.id).collect()),
            default_role: default_role(&access.organization),
        })
    }

    fn asks_for_workspaces(&self) -> bool {
        !self.workspace_name.is_empty() || self.workspace_roles.is_some()
    }

    fn members(&self, organization: Uuid) -> Condition {
        let mut condition = Condition::all()
            .add(member::Column::OrganizationId.eq(organization))
            .add(any_like(&self.name, &account::Column::NameKey.into_expr()))
            .add(any_like(&self.email, &account::Column::Email.into_expr()));
        if let Some(roles) = &self.roles {
            condition = condition.add(member::Column::Role.is_in(roles.iter().copied()));
        }
        if self.asks_for_workspaces() {
            let mut inside = workspace_member::Entity::find()
                .join(JoinType::InnerJoin, workspace_member::Relation::Workspace.def())
                .filter(workspace::Column::OrganizationId.eq(organization))
                .filter(any_like(&self.workspace_name, &lower(workspace::Column::DisplayName)));
            if let Some(roles) = &self.workspace_roles {
                inside = inside.filter(workspace_member::Column::RoleId.is_in(roles.iter().copied()));
            }
            let ids = inside.select_only().column(workspace_member::Column::MemberId).into_query();
            condition = condition.add(member::Column::Id.in_subquery(ids));
        }
        condition
    }

    fn invitations(&self, organization: Uuid) -> Condition {
        let mut condition = Condition::all()
            .add(invitation::Column::OrganizationId.eq(organization))
            .add(any_like(&self.name, &lower(invitation::Column::FullName)))
            .add(any_like(&self.email, &invitation::Column::Email.into_expr()));
        if let Some(roles) = &self.roles {
            condition = condition.add(invitation::Column::Role.is_in(roles.iter().copied()));
        }
        if self.asks_for_workspaces() {
            let opened = invitation_workspace::Entity::find()
                .join(JoinType::InnerJoin, invitation_workspace::Relation::Workspace.def())
                .filter(workspace::Column::OrganizationId.eq(organization))
                .filter(any_like(&self.workspace_name, &lower(workspace::Column::DisplayName)))
                .select_only()
                .column(invitation_workspace::Column::InvitationId)
                .into_query();
            condition = condition.add(invitation::Column::Id.in_subquery(opened));
        }
        if let Some(roles) = &self.workspace_roles {
            let mut with =
                Condition::any().add(invitation::Column::WorkspaceRoleId.is_in(roles.iter().copied()));
            if roles.contains(&self.default_role) {
                with = with.add(invitation::Column::WorkspaceRoleId.is_null());
            }
            condition = condition.add(with);
        }
        condition
    }
}

/// `GET /v1/platform/orgs/current/members`: members, then invitations, oldest first.
pub async fn members(
    State(state): State<AppState>,
    who: Signed,
    Org(id): Org,
    params: Params,
) -> Result<([(HeaderName, String); 2], Json<Vec<Value>>)> {
    let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
    let (only_active, only_pending) = (params.flag("active_is", false)?, params.flag("pending_is", false)?);
    let access = OrgAccess::allow(&*state.db, who, id, &Action::ReadOrganization).await?;
    let roles = roles(&*state.db, id).await?;
    let filters = Filters::read(&params, &access, &roles)?;
    let active = with_accounts(member::Entity::find().filter(filters.members(id)));
    let pending = invitation::Entity::find().filter(filters.invitations(id));
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
        found = active_answers(&state, &access, &roles, rows).await?;
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
        found.extend(invited_answers(&state, &access, &roles, rows).await?);
    }
    let headers = [(TOTAL, (active_count + pending_count).to_string()), (ALL_WORKSPACES, true.to_string())];
    Ok((headers, Json(found)))
}

/// The names of the organization's workspaces, by id.
async fn names(state: &AppState, access: &OrgAccess) -> Result<HashMap<Uuid, String>> {
    let rows = workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(access.organization.id))
        .all(&*state.db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.display_name)).collect())
}

/// A workspace that somebody is in or will be, with the role there.
fn inside(id: Uuid, name: Option<&String>, role: &EffectiveRole) -> Value {
    json!({ "workspace_id": id, "workspace_name": name, "role_id": role.id, "role_name": role.label })
}

/// The members, each with the workspaces and the role in each. An Organization Admin is in all by
/// that role; only the workspaces that somebody was added to are listed.
async fn active_answers(
    state: &AppState,
    access: &OrgAccess,
    roles: &HashMap<Uuid, role::Model>,
    rows: Vec<MemberRow>,
) -> Result<Vec<Value>> {
    let names = names(state, access).await?;
    let mut added: HashMap<Uuid, Vec<workspace_member::Model>> = HashMap::new();
    let memberships = workspace_member::Entity::find()
        .filter(workspace_member::Column::MemberId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(workspace_member::Column::CreatedAt)
        .order_by_asc(workspace_member::Column::Id)
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
                let role = role_in_workspace(&access.caller, &row.role, Some(one.role_id), roles);
                inside(one.workspace_id, names.get(&one.workspace_id), &role)
            })
            .collect();
        let role = OrganizationRole::from(row.role.as_str());
        json!({
            "avatar_url": "",
            "created_at": time(row.created_at),
            "display_name": row.full_name,
            "email": row.email,
            "id": row.id,
            "is_disabled": row.is_disabled,
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

/// The invitations, each with the workspaces that it opens and the role there.
async fn invited_answers(
    state: &AppState,
    access: &OrgAccess,
    roles: &HashMap<Uuid, role::Model>,
    rows: Vec<invitation::Model>,
) -> Result<Vec<Value>> {
    let names = names(state, access).await?;
    let default = default_role(&access.organization);
    let mut opens: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let pairs = invitation_workspace::Entity::find()
        .filter(invitation_workspace::Column::InvitationId.is_in(rows.iter().map(|row| row.id)))
        .all(&*state.db)
        .await?;
    for pair in pairs {
        opens.entry(pair.invitation_id).or_default().push(pair.workspace_id);
    }
    let answer = |row: invitation::Model| {
        let stored = row.workspace_role_id.or(Some(default));
        let workspace_role = role_in_workspace(&access.caller, &row.role, stored, roles);
        let opened = opens.remove(&row.id).unwrap_or_default();
        let opened: Vec<_> = opened.iter().map(|id| inside(*id, names.get(id), &workspace_role)).collect();
        let role = OrganizationRole::from(row.role.as_str());
        json!({
            "avatar_url": "",
            "created_at": time(row.created_at),
            "display_name": row.full_name.unwrap_or_default(),
            "email": row.email,
            "id": row.id,
            "is_disabled": false,
            "is_pending": true,
            "linked_login_methods": [],
            "ls_user_id": "",
            "role_id": system_roles::organization_role_id(&role),
            "role_name": role.label(),
            "scim_groups": [],
            "workspace_memberships": opened,
        })
    };
    Ok(rows.into_iter().map(answer).collect())
}
