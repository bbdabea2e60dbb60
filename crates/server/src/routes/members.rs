//! Members of an organization: listing, changing roles, removing.

use std::collections::HashMap;

use atrium_domain::access::keeps_an_admin;
use atrium_domain::{Action, OrganizationRole, email};
use atrium_words::mark;
use axum::extract::State;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType,
    Order, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Set,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entity_tag::IfMatch;
use super::workspace_members::memberships_of;
use super::{Answer, Answers, done, invitations, removed};
use crate::answers::people::{MemberRow, OrgMemberIdentity, OrganizationMembers};
use crate::answers::streamed::{Stopped, Streamed, Writer};
use crate::audit::{Operation, views};
use crate::auth::access::{OrgAccess, OrgPermit};
use crate::db::entity::{account, member, workspace, workspace_invitation, workspace_member};
use crate::db::people::{By, People, Text};
use crate::db::system_roles;
use crate::error::{ApiError, Result};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Id, Params, body_id};

/// The words of `MemberSortField`.
pub const SORT_FIELDS: &[&str] = &["name", "email", "role", "created_at"];
/// The page of a list, as the contract has it.
pub const PAGE: (u64, u64) = (50, 500);
/// Members read at once where everybody is.
const CHUNK: u64 = 500;

/// `GET /api/v1/orgs/current/members`: everybody, and the invitations. The answer is written while
/// it is read, some at a time: nobody's list has to fit into memory, and a slow reader holds no
/// transaction open.
pub async fn all(State(state): State<AppState>, access: OrgAccess) -> Result<Streamed<OrganizationMembers>> {
    let id = access.organization.id;
    let (answer, mut writer) = Streamed::new("organization_id", &id.to_string());
    tokio::spawn(async move {
        match write_all(&state, id, &mut writer).await {
            Ok(()) => drop(writer.end().await),
            Err(stopped) => writer.fail(stopped),
        }
    });
    Ok(answer)
}

/// Writes the lists of [`OrganizationMembers`].
async fn write_all(state: &AppState, id: Uuid, writer: &mut Writer) -> std::result::Result<(), Stopped> {
    let all = workspace_ids(&*state.db, id).await?;
    writer.begin("members");
    let mut last: Option<(DateTime<Utc>, Uuid)> = None;
    loop {
        // Not by a growing offset, which would be quadratic.
        let people = match last {
            None => People::of(id),
            Some((joined, last)) => {
                let same = Condition::all()
                    .add(member::Column::CreatedAt.eq(joined))
                    .add(member::Column::Id.lt(last));
                People::of(id)
                    .that(member::Column::CreatedAt.lte(joined))
                    .that(Condition::any().add(member::Column::CreatedAt.lt(joined)).add(same))
            }
        };
        let rows: Vec<MemberRow> =
            people.page((By::CreatedAt, Order::Desc), CHUNK, 0).into_model().all(&*state.db).await?;
        last = rows.last().map(|row| (row.created_at, row.id));
        let done = (rows.len() as u64) < CHUNK;
        writer.items(&answers(&*state.db, &all, rows).await?).await?;
        if done {
            break;
        }
    }
    writer.finish();
    writer.begin("pending");
    writer.items(&invitations::all(&*state.db, id).await?).await?;
    writer.finish();
    Ok(())
}

/// Adds to the rows the workspaces that each can enter: all for an Organization Admin. `all` are
/// the organization's, oldest first.
async fn answers<C: ConnectionTrait>(
    connection: &C,
    all: &[Uuid],
    rows: Vec<MemberRow>,
) -> std::result::Result<Vec<OrgMemberIdentity>, DbErr> {
    let memberships: Vec<(Uuid, Uuid)> = workspace_member::Entity::find()
        .filter(workspace_member::Column::MemberId.is_in(rows.iter().map(|row| row.id)))
        .select_only()
        .columns([workspace_member::Column::MemberId, workspace_member::Column::WorkspaceId])
        .into_tuple()
        .all(connection)
        .await?;
    let place: HashMap<Uuid, usize> = all.iter().enumerate().map(|(index, id)| (*id, index)).collect();
    let mut explicit: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (member, workspace) in memberships {
        explicit.entry(member).or_default().push(workspace);
    }
    let answer = |row: MemberRow| {
        let tenants = if row.role == OrganizationRole::Admin.as_str() {
            all.to_vec()
        } else {
            let mut own = explicit.remove(&row.id).unwrap_or_default();
            own.sort_by_key(|id| place.get(id));
            own
        };
        OrgMemberIdentity::new(row, tenants)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// The names of an organization's workspaces, by id.
///
/// # Errors
/// Whatever the database says.
pub async fn workspace_names<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
) -> std::result::Result<HashMap<Uuid, String>, DbErr> {
    let rows: Vec<(Uuid, String)> = workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(organization))
        .select_only()
        .columns([workspace::Column::Id, workspace::Column::DisplayName])
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
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
pub async fn active(
    State(state): State<AppState>,
    access: OrgAccess,
    Asked(asked): Asked<Active>,
) -> Answers<OrgMemberIdentity> {
    let id = access.organization.id;
    let people = asked.chosen.among(&*state.db, People::of(id)).await?;
    let rows = people.read(&*state.db, asked.order, asked.limit, asked.offset).await?;
    let all = workspace_ids(&*state.db, id).await?;
    Ok(List(answers(&*state.db, &all, rows).await?))
}

/// What can be asked of a list of members.
pub struct Active {
    /// Which of them.
    pub chosen: Chosen,
    /// How they are sorted.
    pub order: (By, Order),
    /// How many at most.
    pub limit: u64,
    /// How many are left out before.
    pub offset: u64,
}

impl FromQuery for Active {
    fn read(params: &Params) -> Result<Self> {
        let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
        let (chosen, order) = (Chosen::read(params)?, order(params)?);
        Ok(Self { chosen, order, limit, offset })
    }
}

/// Which members are asked for: `emails`, `q`, `ls_user_ids`, `user_ids`, `is_disabled`.
pub struct Chosen {
    emails: Vec<String>,
    accounts: Vec<Uuid>,
    disabled: Option<bool>,
    text: Option<String>,
}

impl Chosen {
    fn read(params: &Params) -> Result<Self> {
        let emails = params.list("emails")?.into_iter().map(email::normalize).collect();
        let mut accounts = params.ids("ls_user_ids")?;
        accounts.extend(params.ids("user_ids")?);
        let disabled = params.optional_flag("is_disabled")?;
        let text = params.text("q")?.map(str::to_owned);
        Ok(Self { emails, accounts, disabled, text })
    }

    /// Those of the people who were asked for.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn among<C: ConnectionTrait>(
        self,
        connection: &C,
        mut people: People,
    ) -> std::result::Result<People, DbErr> {
        if !self.emails.is_empty() {
            people = people.at(self.emails);
        }
        if !self.accounts.is_empty() {
            people = people.those(self.accounts);
        }
        if let Some(disabled) = self.disabled {
            people = people.switched_off(connection, disabled).await?;
        }
        people.with(connection, self.text.as_deref().as_slice(), &[Text::Email, Text::Name]).await
    }
}

/// How a list of people is sorted: by one of [`SORT_FIELDS`], and which way.
///
/// # Errors
/// 422 for any other word.
pub fn order(params: &Params) -> Result<(By, Order)> {
    let by = match params.word("sort_by", SORT_FIELDS, "created_at")? {
        "name" => By::Name,
        "email" => By::Email,
        "role" => By::Role,
        _ => By::CreatedAt,
    };
    Ok((by, params.direction()?))
}

/// A change of a member. Names and passwords belong to their owners here.
#[derive(Deserialize, ToSchema)]
#[schema(as = OrgIdentityPatch)]
pub struct Patch {
    #[schema(format = Uuid)]
    role_id: Option<String>,
    /// Refused: only the account's owner changes it.
    #[schema(value_type = Option<String>)]
    password: Option<Value>,
    /// Refused: only the account's owner changes it.
    #[schema(value_type = Option<String>)]
    full_name: Option<Value>,
}

/// `PATCH /api/v1/orgs/current/members/{identity_id}`
pub async fn update(
    State(state): State<AppState>,
    permit: OrgPermit,
    seen: IfMatch,
    Id(identity): Id,
    Body(body): Body<Patch>,
) -> Answer {
    for (key, value) in [("password", &body.password), ("full_name", &body.full_name)] {
        if value.is_some() {
            return Err(ApiError::invalid(["body", key], mark!("Only the account's owner changes this.")));
        }
    }
    let Some(role_id) = body.role_id else {
        return Err(ApiError::invalid(["body", "role_id"], mark!("This field is required.")));
    };
    let role = system_roles::organization_role(body_id(&role_id, "role_id")?);
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.organization.id;
    let target = find(&*change, id, identity).await?;
    let from = OrganizationRole::from(target.role.as_str());
    // A role that is none of an organization is refused by the rules, after the caller's own.
    let to = role.clone().unwrap_or(OrganizationRole::Other(role_id));
    access.may(&Action::ChangeRole(&from, &to))?;
    seen.check(&*change, &target).await?;
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
pub async fn remove(
    State(state): State<AppState>,
    permit: OrgPermit,
    seen: IfMatch,
    Id(identity): Id,
) -> Answer {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.organization.id;
    let target = find(&*change, id, identity).await;
    let leaves = access.member.as_ref().is_some_and(|own| own.id == identity);
    if !leaves {
        // Somebody who may remove nobody is told so, whether or not there is such a member.
        let role = target.as_ref().map_or(OrganizationRole::Viewer, |row| row.role.as_str().into());
        access.may(&Action::Remove(&role))?;
    }
    let target = target?;
    seen.check(&*change, &target).await?;
    let loses = is_active_admin(&*change, &target).await?;
    keeps_an_admin(admins(&*change, id).await?, loses)?;
    // The workspace memberships and the personal tokens go with it; the former are kept for a
    // while, but for whoever leaves.
    let held = memberships_of(&*change, target.id).await?;
    if leaves {
        removed::forget(&*change, &target).await?;
    } else {
        removed::keep(&*change, &access, &target, &held).await?;
    }
    let mut before = views::member(&target);
    before["workspaces"] = held.iter().map(views::workspace_member).collect();
    member::Entity::delete_by_id(target.id).exec(&*change).await?;
    let entry = access.entry(Operation::DeleteOrgMember).deleted(&[target.id], before);
    change.answer(entry, done()).await
}

/// The membership of an id.
///
/// # Errors
/// 404 where there is none here.
pub async fn find<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
    identity: Uuid,
) -> Result<member::Model> {
    member::Entity::find_by_id(identity)
        .filter(member::Column::OrganizationId.eq(organization))
        .one(connection)
        .await?
        .ok_or_else(|| ApiError::not_found(mark!("There is no such member in this organization.")))
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

/// The Organization Admins whose accounts are not switched off, counted no further than to two:
/// whether there is another one is all that matters.
async fn admins<C: ConnectionTrait>(connection: &C, organization: Uuid) -> std::result::Result<u64, DbErr> {
    let some: Vec<Uuid> = member::Entity::find()
        .join(JoinType::InnerJoin, member::Relation::Account.def())
        .filter(account::Column::IsDisabled.eq(false))
        .filter(member::Column::OrganizationId.eq(organization))
        .filter(member::Column::Role.eq(OrganizationRole::Admin.as_str()))
        .select_only()
        .column(member::Column::Id)
        .limit(2)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(some.len() as u64)
}
