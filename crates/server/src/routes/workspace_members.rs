//! Members of a workspace. An Organization Admin is in every one without being added; such a
//! member is listed, and neither changed nor removed here.

use std::collections::HashMap;

use atrium_domain::access::ADMIN_OF_ALL;
use atrium_domain::roles::permission;
use atrium_domain::{Action, OrganizationRole};
use atrium_words::{mark, t};
use axum::Json;
use axum::extract::State;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType,
    Order, QueryFilter, QuerySelect, RelationTrait, Select, Set,
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::members;
use super::pending::{default_role, read_only_role};
use super::roles::workspace_role;
use super::workspace_invitations::{self, Waiting};
use super::{Answer, Answers, done};
use crate::answers::people::{
    Identity, MemberIdentity, PendingIdentity, TenantMembers, WorkspaceMemberRow, role_in_workspace,
};
use crate::audit::{Operation, views};
use crate::auth::access::{WorkspaceAccess, WorkspacePermit, working_role};
use crate::db::entity::{
    account, invitation, invitation_workspace, member, role, workspace_invitation, workspace_member,
};
use crate::db::now;
use crate::db::people::{By, People};
use crate::error::{ApiError, Result, is_duplicate};
use crate::operations::describe::{List, Page};
use crate::serve::AppState;
use crate::validate::{Asked, Body, Id, body_id};

/// The memberships of workspaces that a member holds.
///
/// # Errors
/// Whatever the database says.
pub async fn memberships_of<C: ConnectionTrait>(
    connection: &C,
    member: Uuid,
) -> std::result::Result<Vec<workspace_member::Model>, DbErr> {
    workspace_member::Entity::find()
        .filter(workspace_member::Column::MemberId.eq(member))
        .all(connection)
        .await
}

/// `GET /api/v1/workspaces/current/members`
pub async fn all(State(state): State<AppState>, access: WorkspaceAccess) -> Answer<TenantMembers> {
    let id = access.workspace.id;
    let people = People::of(access.workspace.organization_id).inside(&*state.db, id).await?;
    let rows = with_memberships(&access, people.page((By::CreatedAt, Order::Desc), i64::MAX as u64, 0));
    let members = answers(&*state.db, &access, rows).await?;
    let pending = workspace_invitations::waiting(&*state.db, &access, Waiting::default()).await?;
    Ok(Json(TenantMembers { tenant_id: id, members, pending }))
}

/// `GET /api/v1/workspaces/current/members/active`; how many there are is told beside the page (Atrium's own).
pub async fn active(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(asked): Asked<members::Active>,
) -> Result<Page<MemberIdentity>> {
    let people = asked.chosen.among(&*state.db, People::of(access.workspace.organization_id)).await?;
    let people = people.inside(&*state.db, access.workspace.id).await?;
    let total = people.total(&*state.db).await?;
    let rows = with_memberships(&access, people.page(asked.order, asked.limit, asked.offset));
    Ok(Page { rows: answers(&*state.db, &access, rows).await?, total })
}

/// `GET /api/v1/workspaces/current/members/pending`: invitations that open this workspace.
pub async fn pending(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(asked): Asked<Waiting>,
) -> Answers<PendingIdentity> {
    Ok(List(workspace_invitations::waiting(&*state.db, &access, asked).await?))
}

/// Members with what each has in the workspace; nothing where an Organization Admin was never
/// added.
fn with_memberships(access: &WorkspaceAccess, page: Select<member::Entity>) -> Select<member::Entity> {
    let workspace = access.workspace.id;
    let here = member::Relation::WorkspaceMember.def().on_condition(move |_, right| {
        Expr::col((right, workspace_member::Column::WorkspaceId)).eq(workspace).into_condition()
    });
    page.join(JoinType::LeftJoin, here)
        .column_as(workspace_member::Column::Id, "workspace_member_id")
        .column_as(workspace_member::Column::RoleId, "workspace_role_id")
        .column_as(workspace_member::Column::CreatedAt, "added_at")
}

/// The workspace roles that the organization can give, by id.
pub async fn roles<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
) -> std::result::Result<HashMap<Uuid, role::Model>, DbErr> {
    let own_or_system = Condition::any()
        .add(role::Column::OrganizationId.eq(organization))
        .add(role::Column::OrganizationId.is_null());
    let rows = role::Entity::find().filter(own_or_system).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn answers<C: ConnectionTrait>(
    connection: &C,
    access: &WorkspaceAccess,
    rows: Select<member::Entity>,
) -> std::result::Result<Vec<MemberIdentity>, DbErr> {
    let organization = access.workspace.organization_id;
    let roles = roles(connection, organization).await?;
    let rows: Vec<WorkspaceMemberRow> = rows.into_model().all(connection).await?;
    let answer = |row: WorkspaceMemberRow| {
        let role = role_in_workspace(&access.org.caller, &row.role, row.workspace_role_id, &roles);
        MemberIdentity::new(row, organization, access.workspace.id, role)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// Somebody to add: a member of the organization, by either id.
#[derive(Deserialize, ToSchema)]
#[schema(as = IdentityCreate)]
pub struct Add {
    #[schema(format = Uuid)]
    org_identity_id: Option<String>,
    #[schema(format = Uuid)]
    ls_user_id: Option<String>,
    #[schema(format = Uuid)]
    user_id: Option<String>,
    #[schema(format = Uuid)]
    role_id: Option<String>,
    /// True is the role Viewer. False says nothing.
    read_only: Option<bool>,
}

/// `POST /api/v1/workspaces/current/members`
pub async fn add(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Body(body): Body<Add>,
) -> Answer<Identity> {
    let (key, text, column) = match (&body.org_identity_id, &body.ls_user_id, &body.user_id) {
        (Some(text), _, _) => ("org_identity_id", text, member::Column::Id),
        (_, Some(text), _) => ("ls_user_id", text, member::Column::AccountId),
        (_, _, Some(text)) => ("user_id", text, member::Column::AccountId),
        _ => return Err(ApiError::invalid(["body", "org_identity_id"], mark!("This field is required."))),
    };
    let wanted = body_id(text, key)?;
    let role_id = body.role_id.as_deref().map(|text| body_id(text, "role_id")).transpose()?;
    let role_id = read_only(body.read_only, role_id)?;
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let organization = &access.org.organization;
    let id = access.workspace.id;
    let found = member::Entity::find()
        .filter(column.eq(wanted))
        .filter(member::Column::OrganizationId.eq(organization.id))
        .find_also_related(account::Entity)
        .one(&*change)
        .await?;
    let Some((person, Some(account))) = found else {
        return Err(ApiError::invalid(
            ["body", key],
            mark!("This is no member of the organization. Invite the person first."),
        ));
    };
    let role_id = match role_id {
        Some(role_id) => {
            access.org.may(&Action::AssignWorkspaceRoles)?;
            role_id
        }
        None => default_role(organization),
    };
    let (stored, _) = workspace_role(&*change, organization.id, role_id).await?;
    let role = working_role(&access.org.caller, &stored);
    access.may_give(&role)?;
    let already = || {
        ApiError::conflict(t!(
            "{address} is already a member of {name}.",
            address = account.email,
            name = access.workspace.display_name
        ))
    };
    if person.role == OrganizationRole::Admin.as_str() {
        return Err(already());
    }
    // Whoever is let in at once need not accept any more.
    workspace_invitation::Entity::delete_many()
        .filter(workspace_invitation::Column::WorkspaceId.eq(id))
        .filter(workspace_invitation::Column::MemberId.eq(person.id))
        .exec(&*change)
        .await?;
    let row = workspace_member::Model {
        id: Uuid::new_v4(),
        workspace_id: id,
        member_id: person.id,
        role_id,
        created_at: now(),
    };
    match workspace_member::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(&*change)
        .await
    {
        Err(error) if is_duplicate(&error) => return Err(already()),
        inserted => inserted?,
    };
    let entry =
        access.entry(Operation::AddMemberToWorkspace).created(&[row.id], views::workspace_member(&row));
    let shown = WorkspaceMemberRow {
        id: person.id,
        account_id: person.account_id,
        role: person.role,
        created_at: person.created_at,
        email: account.email,
        full_name: account.full_name,
        is_disabled: account.is_disabled,
        workspace_member_id: Some(row.id),
        workspace_role_id: Some(role_id),
        added_at: Some(row.created_at),
    };
    let answer = MemberIdentity::new(shown, organization.id, id, role).into_identity();
    change.answer(entry, answer).await
}

/// A change of a workspace member.
#[derive(Deserialize, ToSchema)]
#[schema(as = IdentityPatch)]
pub struct Patch {
    #[schema(format = Uuid)]
    role_id: String,
    /// True goes with the role Viewer only. False says nothing.
    read_only: Option<bool>,
}

fn read_only(read_only: Option<bool>, role: Option<Uuid>) -> Result<Option<Uuid>> {
    read_only_role(read_only, role).map_err(|sentence| ApiError::invalid(["body", "read_only"], sentence))
}

/// `PATCH /api/v1/workspaces/current/members/{identity_id}` (RBAC)
pub async fn update(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Id(identity): Id,
    Body(body): Body<Patch>,
) -> Answer {
    let role_id = body_id(&body.role_id, "role_id")?;
    read_only(body.read_only, Some(role_id))?;
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    access.org.may(&Action::AssignWorkspaceRoles)?;
    let target = find(&*change, &access, identity).await?;
    let (_, role) = workspace_role(&*change, access.org.organization.id, role_id).await?;
    access.may_give(&role)?;
    let before = views::workspace_member(&target);
    let mut row = target.into_active_model();
    row.role_id = Set(role_id);
    let row = row.update(&*change).await?;
    let entry = access.entry(Operation::UpdateWorkspaceMember).updated(
        &[row.id],
        before,
        views::workspace_member(&row),
    );
    change.answer(entry, done()).await
}

/// `DELETE /api/v1/workspaces/current/members/{identity_id}`. Everybody may leave.
pub async fn remove(State(state): State<AppState>, permit: WorkspacePermit, Id(identity): Id) -> Answer {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let own = workspace_member::Entity::find_by_id(identity)
        .filter(workspace_member::Column::MemberId.eq(access.org.member.as_ref().map(|own| own.id)))
        .one(&*change)
        .await?;
    if own.is_none() {
        access.require(permission::WORKSPACES_MANAGE_MEMBERS)?;
    }
    let target = find(&*change, &access, identity).await?;
    workspace_member::Entity::delete_by_id(target.id).exec(&*change).await?;
    let before = views::workspace_member(&target);
    let entry = access.entry(Operation::DeleteWorkspaceMember).deleted(&[target.id], before);
    change.answer(entry, done()).await
}

/// The membership of an id, if it can be changed here.
async fn find<C: ConnectionTrait>(
    connection: &C,
    access: &WorkspaceAccess,
    identity: Uuid,
) -> Result<workspace_member::Model> {
    let is_admin = |row: &member::Model| row.role == OrganizationRole::Admin.as_str();
    let admin = || ApiError::conflict(ADMIN_OF_ALL.0);
    let found = workspace_member::Entity::find_by_id(identity)
        .filter(workspace_member::Column::WorkspaceId.eq(access.workspace.id))
        .find_also_related(member::Entity)
        .one(connection)
        .await?;
    match found {
        Some((_, Some(person))) if is_admin(&person) => Err(admin()),
        Some((row, _)) => Ok(row),
        None => {
            // An Organization Admin who was never added is listed with the organization identity.
            let person = member::Entity::find_by_id(identity)
                .filter(member::Column::OrganizationId.eq(access.workspace.organization_id))
                .one(connection)
                .await?;
            if person.as_ref().is_some_and(is_admin) {
                return Err(admin());
            }
            Err(ApiError::not_found(mark!("There is no such member in this workspace.")))
        }
    }
}

/// `DELETE /api/v1/workspaces/current/members/{identity_id}/pending`: the invitation no longer
/// opens this workspace. One to the organization stands; one to the workspace alone is gone.
pub async fn revoke(State(state): State<AppState>, permit: WorkspacePermit, Id(identity): Id) -> Answer {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let key = (identity, access.workspace.id);
    let invited = invitation::Entity::find_by_id(identity)
        .filter(invitation::Column::OrganizationId.eq(access.workspace.organization_id))
        .one(&*change)
        .await?;
    if let Some(invited) = invited
        && invitation_workspace::Entity::find_by_id(key).one(&*change).await?.is_some()
    {
        access.org.caller.may_change_inside(&invited.role.as_str().into())?;
    }
    let deleted = invitation_workspace::Entity::delete_by_id(key).exec(&*change).await?;
    let inside = workspace_invitation::Entity::delete_by_id(identity)
        .filter(workspace_invitation::Column::WorkspaceId.eq(access.workspace.id))
        .exec(&*change)
        .await?;
    if deleted.rows_affected + inside.rows_affected == 0 {
        return Err(ApiError::not_found(mark!("There is no such invitation to this workspace.")));
    }
    let before = json!({ "invitation_id": identity, "workspace_id": access.workspace.id });
    let entry = access.entry(Operation::DeleteWorkspacePendingMember).deleted(&[identity], before);
    change.answer(entry, done()).await
}
