//! Members of an organization: listing, changing roles, removing.

use std::collections::HashMap;

use atrium_domain::access::keeps_an_admin;
use atrium_domain::{Action, OrganizationRole, email};
use axum::Json;
use axum::extract::State;
use sea_orm::sea_query::NullOrdering;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType,
    Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select, Set,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, done, invitations};
use crate::answers::people::{MemberAnswer, MemberRow};
use crate::audit::{Operation, views};
use crate::auth::access::{Org, OrgAccess};
use crate::auth::sessions::Signed;
use crate::db::entity::{account, member, workspace, workspace_invitation, workspace_member};
use crate::db::system_roles;
use crate::error::{ApiError, Result};
use crate::serve::AppState;
use crate::validate::{Body, Id, Params, body_id, contains};

/// The words of `MemberSortField`.
pub const SORT_FIELDS: &[&str] = &["name", "email", "role", "created_at"];
/// The page of a list, as the contract has it.
pub const PAGE: (u64, u64) = (50, 500);

/// `GET /api/v1/orgs/current/members`: everybody, and the invitations.
pub async fn all(State(state): State<AppState>, who: Signed, Org(id): Org) -> Result<Json<Everybody>> {
    let access = OrgAccess::allow(&*state.db, who, id, &Action::ReadOrganization).await?;
    let rows = with_accounts(member::Entity::find().filter(member::Column::OrganizationId.eq(id)))
        .order_by_desc(member::Column::CreatedAt)
        .order_by_asc(member::Column::Id)
        .into_model()
        .all(&*state.db)
        .await?;
    let members = answers(&*state.db, &access, rows).await?;
    let pending = invitations::all(&*state.db, id).await?;
    Ok(Json(Everybody { organization_id: id, members, pending }))
}

/// `OrganizationMembers`
#[derive(serde::Serialize)]
pub struct Everybody {
    organization_id: Uuid,
    members: Vec<MemberAnswer>,
    pending: Vec<crate::answers::people::InvitationAnswer>,
}

/// Members with the address and name of each.
pub fn with_accounts(select: Select<member::Entity>) -> Select<member::Entity> {
    select
        .join(JoinType::InnerJoin, member::Relation::Account.def())
        .select_only()
        .columns([
            member::Column::Id,
            member::Column::OrganizationId,
            member::Column::AccountId,
            member::Column::Role,
            member::Column::CreatedAt,
        ])
        .columns([account::Column::Email, account::Column::FullName, account::Column::IsDisabled])
}

/// Adds to the rows the workspaces that each can enter: all for an Organization Admin.
async fn answers<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    rows: Vec<MemberRow>,
) -> std::result::Result<Vec<MemberAnswer>, DbErr> {
    let organization = access.organization.id;
    let all = workspace_ids(connection, organization).await?;
    let mut explicit: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let mut memberships = workspace_member::Entity::find()
        .join(JoinType::InnerJoin, workspace_member::Relation::Workspace.def())
        .filter(workspace::Column::OrganizationId.eq(organization))
        .select_only()
        .columns([workspace_member::Column::MemberId, workspace_member::Column::WorkspaceId])
        .order_by_asc(workspace::Column::CreatedAt)
        .order_by_asc(workspace::Column::Id);
    // Few rows ask for their own; a whole organization is quicker without a list of ids.
    if rows.len() <= 500 {
        memberships =
            memberships.filter(workspace_member::Column::MemberId.is_in(rows.iter().map(|row| row.id)));
    }
    for (member, workspace) in memberships.into_tuple::<(Uuid, Uuid)>().all(connection).await? {
        explicit.entry(member).or_default().push(workspace);
    }
    let answer = |row: MemberRow| {
        let tenants = if row.role == OrganizationRole::Admin.as_str() {
            all.clone()
        } else {
            explicit.remove(&row.id).unwrap_or_default()
        };
        MemberAnswer::organization(row, tenants)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// The workspaces of an organization, oldest first.
pub async fn workspace_ids<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
) -> std::result::Result<Vec<Uuid>, DbErr> {
    workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(organization))
        .order_by_asc(workspace::Column::CreatedAt)
        .order_by_asc(workspace::Column::Id)
        .select_only()
        .column(workspace::Column::Id)
        .into_tuple()
        .all(connection)
        .await
}

/// `GET /api/v1/orgs/current/members/active`: a page of the members.
pub async fn active(State(state): State<AppState>, who: Signed, Org(id): Org, params: Params) -> Answer {
    let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
    let chosen = filter(&params)?;
    let order = order(&params)?;
    let access = OrgAccess::allow(&*state.db, who, id, &Action::ReadOrganization).await?;
    let select = member::Entity::find().filter(member::Column::OrganizationId.eq(id)).filter(chosen);
    let rows = sorted(with_accounts(select), order).limit(limit).offset(offset).into_model();
    let rows = answers(&*state.db, &access, rows.all(&*state.db).await?).await?;
    Ok(Json(serde_json::to_value(rows).map_err(ApiError::internal)?))
}

/// The condition of a list of members: `emails`, `q`, `ls_user_ids`, `user_ids`, `is_disabled`.
///
/// # Errors
/// 422 for a field that is not of its form.
pub fn filter(params: &Params) -> Result<Condition> {
    let emails: Vec<_> = params.list("emails")?.into_iter().map(email::normalize).collect();
    let mut accounts = params.ids("ls_user_ids")?;
    accounts.extend(params.ids("user_ids")?);
    let mut condition = Condition::all();
    if !emails.is_empty() {
        condition = condition.add(account::Column::Email.is_in(emails));
    }
    if !accounts.is_empty() {
        condition = condition.add(member::Column::AccountId.is_in(accounts));
    }
    if let Some(disabled) = params.optional_flag("is_disabled")? {
        condition = condition.add(account::Column::IsDisabled.eq(disabled));
    }
    if let Some(text) = params.text("q")? {
        let either = Condition::any()
            .add(account::Column::Email.like(contains(text)))
            .add(account::Column::NameKey.like(contains(text)));
        condition = condition.add(either);
    }
    Ok(condition)
}

/// How a list of people is sorted: by one of [`SORT_FIELDS`], and which way.
pub fn order(params: &Params) -> Result<(&'static str, Order)> {
    let by = params.word("sort_by", SORT_FIELDS, "created_at")?;
    Ok((by, if params.flag("sort_by_desc", true)? { Order::Desc } else { Order::Asc }))
}

/// Where a list has rows without what it is sorted by: before all others in rising order, after
/// them in falling order. The databases differ in it if they are left to themselves.
pub fn absent_is_least(order: &Order) -> NullOrdering {
    if *order == Order::Asc { NullOrdering::First } else { NullOrdering::Last }
}

/// Sorts members; equal ones by id, so that pages neither repeat nor miss anybody.
pub fn sorted(select: Select<member::Entity>, (by, order): (&str, Order)) -> Select<member::Entity> {
    let select = match by {
        "name" => select.order_by(account::Column::NameKey, order),
        "email" => select.order_by(account::Column::Email, order),
        "role" => select.order_by(member::Column::Role, order),
        _ => select.order_by(member::Column::CreatedAt, order),
    };
    select.order_by_asc(member::Column::Id)
}

/// A change of a member (`OrgIdentityPatch`). Names and passwords belong to their owners here.
#[derive(Deserialize)]
pub struct Patch {
    role_id: Option<String>,
    password: Option<Value>,
    full_name: Option<Value>,
}

/// `PATCH /api/v1/orgs/current/members/{identity_id}`
pub async fn update(
    State(state): State<AppState>,
    who: Signed,
    Org(id): Org,
    Id(identity): Id,
    Body(body): Body<Patch>,
) -> Answer {
    for (key, value) in [("password", &body.password), ("full_name", &body.full_name)] {
        if value.is_some() {
            return Err(ApiError::invalid(["body", key], "Only the account's owner changes this."));
        }
    }
    let Some(role_id) = body.role_id else {
        return Err(ApiError::invalid(["body", "role_id"], "This field is required."));
    };
    let role = system_roles::organization_role(body_id(&role_id, "role_id")?);
    let change = state.db.change().await?;
    let access = OrgAccess::load(&*change, who, id).await?;
    let target = match find(&*change, id, identity).await {
        Ok(target) => target,
        Err(missing) => {
            // Somebody who may change nobody is told so, whether or not there is such a member.
            access.may(&Action::ChangeRole(&OrganizationRole::Viewer, &OrganizationRole::Viewer))?;
            return Err(missing);
        }
    };
    let from = OrganizationRole::from(target.role.as_str());
    // A role that is none of an organization is refused by the rules, after the caller's own.
    let to = role.clone().unwrap_or(OrganizationRole::Other(role_id));
    access.may(&Action::ChangeRole(&from, &to))?;
    let loses = to != OrganizationRole::Admin && is_active_admin(&*change, &target).await?;
    keeps_an_admin(admins(&*change, id).await?, loses)?;
    let before = views::member(&target);
    if to == OrganizationRole::Admin {
        // An Admin enters every workspace; what waited for that is settled.
        workspace_invitation::Entity::delete_many()
            .filter(workspace_invitation::Column::MemberId.eq(target.id))
            .exec(&*change)
            .await?;
    }
    let mut row = target.into_active_model();
    row.role = Set(to.as_str().to_owned());
    let row = row.update(&*change).await?;
    let entry = access.entry(Operation::UpdateOrgMember).updated(&[row.id], before, views::member(&row));
    change.answer(entry, done()).await
}

/// `DELETE /api/v1/orgs/current/members/{identity_id}`. Everybody may leave by removing himself,
/// but for the last Organization Admin.
pub async fn remove(State(state): State<AppState>, who: Signed, Org(id): Org, Id(identity): Id) -> Answer {
    let change = state.db.change().await?;
    let access = OrgAccess::load(&*change, who, id).await?;
    let target = find(&*change, id, identity).await;
    let leaves = access.member.as_ref().is_some_and(|own| own.id == identity);
    if !leaves {
        // Somebody who may remove nobody is told so, whether or not there is such a member.
        let role = target.as_ref().map_or(OrganizationRole::Viewer, |row| row.role.as_str().into());
        access.may(&Action::Remove(&role))?;
    }
    let target = target?;
    let loses = is_active_admin(&*change, &target).await?;
    keeps_an_admin(admins(&*change, id).await?, loses)?;
    // The workspace memberships and the personal tokens go with it.
    let workspaces: Vec<_> = workspace_member::Entity::find()
        .filter(workspace_member::Column::MemberId.eq(target.id))
        .all(&*change)
        .await?
        .iter()
        .map(views::workspace_member)
        .collect();
    let mut before = views::member(&target);
    before["workspaces"] = json!(workspaces);
    member::Entity::delete_by_id(target.id).exec(&*change).await?;
    let entry = access.entry(Operation::DeleteOrgMember).deleted(&[target.id], before);
    change.answer(entry, done()).await
}

async fn find<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
    identity: Uuid,
) -> Result<member::Model> {
    member::Entity::find_by_id(identity)
        .filter(member::Column::OrganizationId.eq(organization))
        .one(connection)
        .await?
        .ok_or_else(|| ApiError::not_found("There is no such member in this organization."))
}

/// Whether a membership is one of those that [`admins`] counts.
async fn is_active_admin<C: ConnectionTrait>(
    connection: &C,
    row: &member::Model,
) -> std::result::Result<bool, DbErr> {
    if row.role != OrganizationRole::Admin.as_str() {
        return Ok(false);
    }
    let account = account::Entity::find_by_id(row.account_id).one(connection).await?;
    Ok(account.is_some_and(|account| !account.is_disabled))
}

/// The Organization Admins whose accounts are not switched off.
async fn admins<C: ConnectionTrait>(connection: &C, organization: Uuid) -> std::result::Result<u64, DbErr> {
    member::Entity::find()
        .join(JoinType::InnerJoin, member::Relation::Account.def())
        .filter(account::Column::IsDisabled.eq(false))
        .filter(member::Column::OrganizationId.eq(organization))
        .filter(member::Column::Role.eq(OrganizationRole::Admin.as_str()))
        .count(connection)
        .await
}
