//! Invitations to an organization.

use std::collections::{HashMap, HashSet};

use atrium_domain::names::check_full_name;
use atrium_domain::seats::Seats;
use atrium_domain::wire::Location;
use atrium_domain::{Action, OrganizationRole, email};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType, Order,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::members::{PAGE, absent_is_least, order, workspace_ids};
use super::{Answer, Answers, done};
use crate::answers::people::{OrgPendingIdentity, PendingIdentity};
use crate::audit::{Entry, Operation, views};
use crate::auth::access::{OrgAccess, OrgPermit};
use crate::db::entity::{invitation, invitation_workspace, organization, role};
use crate::db::people::{By, People, Text};
use crate::db::seats::taken;
use crate::db::{Change, now, system_roles};
use crate::error::{ApiError, Result, field, name};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Id, Params, contains};

/// The answer where the settings let nobody be invited.
pub const INVITES_OFF: &str = "Invitations are switched off in this organization's settings.";
/// Most people in one call.
const MOST: usize = 500;

/// Somebody to invite or to add.
#[derive(Deserialize, ToSchema)]
#[schema(as = PendingIdentityCreate)]
pub struct Invitee {
    /// The address.
    #[schema(format = Email)]
    pub email: String,
    /// The organization role: Organization User where there is none, or Admin where the plan has a
    /// single workspace.
    #[schema(format = Uuid)]
    pub role_id: Option<String>,
    /// The workspaces to open.
    pub workspace_ids: Option<Vec<String>>,
    /// The role in these workspaces (RBAC).
    #[schema(format = Uuid)]
    pub workspace_role_id: Option<String>,
    /// The password of a new account; an invited person has or chooses one.
    pub password: Option<String>,
    /// The name.
    pub full_name: Option<String>,
}

/// Checks how many there are in one call.
///
/// # Errors
/// 422 for none and for too many.
pub fn check_count(count: usize, what: &str) -> Result<()> {
    if count == 0 || count > MOST {
        return Err(ApiError::invalid(["body"], format!("Send 1 to {MOST} {what}.")));
    }
    Ok(())
}

/// `POST /api/v1/orgs/current/members`
pub async fn invite(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(body): Body<Invitee>,
) -> Answer<PendingIdentity> {
    let (change, entry, mut made) = create(&state, &permit, vec![body], false).await?;
    let made = made.pop().ok_or_else(|| ApiError::internal("an invitation was made and lost"))?;
    change.answer(entry, made).await
}

/// `POST /api/v1/orgs/current/members/batch`: all or nothing.
pub async fn invite_many(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(body): Body<Vec<Invitee>>,
) -> Answers<PendingIdentity> {
    check_count(body.len(), "invitations")?;
    let (change, entry, made) = create(&state, &permit, body, true).await?;
    change.answer(entry, made).await.map(|Json(made)| List(made))
}

/// A refused row: which, the field, and why.
pub struct Refused {
    index: usize,
    status: StatusCode,
    key: &'static str,
    sentence: String,
}

impl Refused {
    /// A field that does not hold what it should.
    pub fn invalid(index: usize, key: &'static str, sentence: impl Into<String>) -> Self {
        Self { index, status: StatusCode::UNPROCESSABLE_ENTITY, key, sentence: sentence.into() }
    }

    /// An address that does not fit what is there already.
    pub fn conflict(index: usize, sentence: String) -> Self {
        Self { index, status: StatusCode::CONFLICT, key: "email", sentence }
    }
}

/// The answer to refused rows: those of a list are named by their place; a single one that
/// conflicts answers with its sentence alone.
///
/// # Errors
/// With the status of the first, where there is any.
pub fn refuse(refused: Vec<Refused>, many: bool) -> Result<()> {
    let Some(first) = refused.first() else { return Ok(()) };
    let status = first.status;
    if !many && status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(ApiError::new(status, &first.sentence));
    }
    let fields = refused
        .into_iter()
        .map(|row| {
            let mut loc = vec![name("body")];
            if many {
                loc.push(Location::Index(row.index as u64));
            }
            loc.push(name(row.key));
            field(loc, row.sentence)
        })
        .collect();
    Err(ApiError::fields(status, fields))
}

/// Makes invitations in a change that is not ended yet.
async fn create(
    state: &AppState,
    permit: &OrgPermit,
    wanted: Vec<Invitee>,
    many: bool,
) -> Result<(Change, Entry, Vec<PendingIdentity>)> {
    let refused = wanted.iter().enumerate().filter_map(|(index, row)| no_password(index, row).err());
    let refused: Vec<_> = refused.collect();
    let change = state.db.change().await?;
    let (access, rows) = checked(&*change, permit, wanted, refused, many).await?;
    save(&*change, &rows).await?;
    let ids: Vec<_> = rows.iter().map(|(row, _)| row.id).collect();
    let mut shown = rows.iter().map(|(row, opens)| views::invitation(row, opens));
    let entry = if many {
        access.entry(Operation::InviteUsersToOrgBatch).created(&ids, shown.collect())
    } else {
        let shown = shown.next_back().unwrap_or_default();
        access.entry(Operation::InviteUserToOrg).created(&ids, shown)
    };
    let made = rows.into_iter().map(|(row, opens)| PendingIdentity::organization(row, opens));
    Ok((change, entry, made.collect()))
}

/// Refuses a password for somebody who is only invited.
///
/// # Errors
/// The row's refusal.
pub fn no_password(index: usize, row: &Invitee) -> std::result::Result<(), Refused> {
    match row.password {
        Some(_) => Err(Refused::invalid(index, "password", "Whoever is invited has or chooses a password.")),
        None => Ok(()),
    }
}

/// Checks a list of people to invite or to add, against the rules, what is there, and the seats.
/// `refused` are rows that were found wrong before. Gives back the caller and the invitations, not
/// saved, each with the workspaces that it opens.
///
/// # Errors
/// 403 for callers who may not, else what [`refuse`] says, and 409 where the seats do not suffice.
pub async fn checked<C: ConnectionTrait>(
    connection: &C,
    permit: &OrgPermit,
    wanted: Vec<Invitee>,
    mut refused: Vec<Refused>,
    many: bool,
) -> Result<(OrgAccess, Vec<(invitation::Model, Vec<Uuid>)>)> {
    let access = permit.check(connection).await?;
    let known = Known::load(connection, &access.organization, &wanted).await?;
    let mut rows = Vec::new();
    let mut taken = HashSet::new();
    for (index, row) in wanted.into_iter().enumerate() {
        let role = invited_role(&access, row.role_id.as_deref());
        // The rules come first: somebody who may not invite learns nothing about addresses.
        access.may(&Action::Invite(role.as_ref().unwrap_or(&OrganizationRole::Viewer)))?;
        match known.check(&access, index, row, role, &mut taken)? {
            Ok(row) => rows.push(row),
            Err(row) => refused.push(row),
        }
    }
    refused.sort_by_key(|row| row.index);
    refuse(refused, many)?;
    seats(connection, &access).await?.check(rows.len() as u32).map_err(ApiError::conflict)?;
    Ok((access, rows))
}

/// The organization role that an invitation gives: where none is named, Organization User, or
/// Admin where everybody is one. `None` for an id that is no organization role's.
pub fn invited_role(access: &OrgAccess, given: Option<&str>) -> Option<OrganizationRole> {
    match given {
        Some(text) => Uuid::try_parse(text).ok().and_then(system_roles::organization_role),
        None if access.caller.offered_roles().contains(&OrganizationRole::User) => {
            Some(OrganizationRole::User)
        }
        None => Some(OrganizationRole::Admin),
    }
}

/// Whether the organization's settings let people be invited.
pub fn invites_enabled(organization: &organization::Model) -> bool {
    organization.settings.get("invites_enabled") != Some(&false.into())
}

/// What invitations are checked against, read at once for all of them.
struct Known {
    organization: Uuid,
    organization_name: String,
    members: HashSet<String>,
    invited: HashSet<String>,
    workspaces: HashSet<Uuid>,
    workspace_roles: HashSet<Uuid>,
    invites_enabled: bool,
}

impl Known {
    async fn load<C: ConnectionTrait>(
        connection: &C,
        organization: &organization::Model,
        wanted: &[Invitee],
    ) -> std::result::Result<Self, DbErr> {
        let addresses: Vec<String> = wanted.iter().map(|row| email::normalize(&row.email)).collect();
        let members: Vec<String> = People::of(organization.id)
            .at(addresses.clone())
            .select()
            .select_only()
            .column_as(Text::Email.column(), "email")
            .into_tuple()
            .all(connection)
            .await?;
        let invited: Vec<String> = invitation::Entity::find()
            .filter(invitation::Column::OrganizationId.eq(organization.id))
            .filter(invitation::Column::Email.is_in(&addresses))
            .select_only()
            .column(invitation::Column::Email)
            .into_tuple()
            .all(connection)
            .await?;
        let own_or_system = Condition::any()
            .add(role::Column::OrganizationId.eq(organization.id))
            .add(role::Column::OrganizationId.is_null());
        let roles: Vec<Uuid> = role::Entity::find()
            .filter(own_or_system)
            .select_only()
            .column(role::Column::Id)
            .into_tuple()
            .all(connection)
            .await?;
        Ok(Self {
            organization: organization.id,
            organization_name: organization.display_name.clone(),
            members: members.into_iter().collect(),
            invited: invited.into_iter().collect(),
            workspaces: workspace_ids(connection, organization.id).await?.into_iter().collect(),
            workspace_roles: roles.into_iter().collect(),
            invites_enabled: invites_enabled(organization),
        })
    }

    /// Checks one invitation. The outer error ends the whole call; the inner one names the row.
    fn check(
        &self,
        access: &OrgAccess,
        index: usize,
        row: Invitee,
        role: Option<OrganizationRole>,
        taken: &mut HashSet<String>,
    ) -> Result<std::result::Result<(invitation::Model, Vec<Uuid>), Refused>> {
        if !self.invites_enabled {
            return Err(ApiError::forbidden(INVITES_OFF));
        }
        let Some(role) = role else {
            return Ok(Err(Refused::invalid(index, "role_id", "This is no role of an organization.")));
        };
        let address = email::normalize(&row.email);
        let name = &self.organization_name;
        if !email::is_address(&address) {
            return Ok(Err(Refused::invalid(index, "email", "This is not an email address.")));
        }
        if let Some(Err(sentence)) = row.full_name.as_deref().map(check_full_name) {
            return Ok(Err(Refused::invalid(index, "full_name", sentence)));
        }
        if self.members.contains(&address) {
            return Ok(Err(Refused::conflict(index, format!("{address} is already a member of {name}."))));
        }
        if self.invited.contains(&address) {
            return Ok(Err(Refused::conflict(index, format!("{address} is already invited to {name}."))));
        }
        if !taken.insert(address.clone()) {
            return Ok(Err(Refused::conflict(index, format!("{address} is in this list twice."))));
        }
        let mut opens = Vec::new();
        for text in row.workspace_ids.unwrap_or_default() {
            match Uuid::try_parse(&text) {
                Ok(id) if self.workspaces.contains(&id) => {
                    if !opens.contains(&id) {
                        opens.push(id);
                    }
                }
                _ => {
                    let sentence = "This is no workspace of the organization.";
                    return Ok(Err(Refused::invalid(index, "workspace_ids", sentence)));
                }
            }
        }
        let workspace_role_id = match row.workspace_role_id {
            None => None,
            Some(text) => {
                access.may(&Action::AssignWorkspaceRoles)?;
                match Uuid::try_parse(&text).ok().filter(|id| self.workspace_roles.contains(id)) {
                    Some(id) => Some(id),
                    None => {
                        let sentence = "This is no workspace role of the organization.";
                        return Ok(Err(Refused::invalid(index, "workspace_role_id", sentence)));
                    }
                }
            }
        };
        let row = invitation::Model {
            id: Uuid::new_v4(),
            organization_id: self.organization,
            email: address,
            full_name: row.full_name.map(|name| name.trim().to_owned()),
            role: role.as_str().to_owned(),
            workspace_role_id,
            created_at: now(),
        };
        Ok(Ok((row, opens)))
    }
}

/// The seats of an organization as they are now.
///
/// # Errors
/// Whatever the database says.
pub async fn seats<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
) -> std::result::Result<Seats, DbErr> {
    let taken = taken(connection, access.organization.id).await?;
    Ok(Seats {
        limit: access.tier().terms().max_identities,
        members: u32::try_from(taken.members).unwrap_or(u32::MAX),
        invitations: u32::try_from(taken.invitations).unwrap_or(u32::MAX),
    })
}

/// Saves invitations with the workspaces that each opens.
///
/// # Errors
/// Whatever the database says.
pub async fn save<C: ConnectionTrait>(
    connection: &C,
    rows: &[(invitation::Model, Vec<Uuid>)],
) -> std::result::Result<(), DbErr> {
    let opens: Vec<_> = rows
        .iter()
        .flat_map(|(row, opens)| opens.iter().map(|workspace| (row.id, *workspace)))
        .map(|(invitation_id, workspace_id)| invitation_workspace::Model { invitation_id, workspace_id })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let invitations = rows.iter().map(|(row, _)| row.clone().into_active_model());
    invitation::Entity::insert_many(invitations).exec_without_returning(connection).await?;
    for some in opens.chunks(1000) {
        let some = some.iter().map(|row| row.clone().into_active_model());
        invitation_workspace::Entity::insert_many(some).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// The workspaces that an invitation opens.
pub async fn opens<C: ConnectionTrait>(
    connection: &C,
    invitation: Uuid,
) -> std::result::Result<Vec<Uuid>, DbErr> {
    invitation_workspace::Entity::find()
        .filter(invitation_workspace::Column::InvitationId.eq(invitation))
        .select_only()
        .column(invitation_workspace::Column::WorkspaceId)
        .into_tuple()
        .all(connection)
        .await
}

/// Every invitation of an organization.
pub async fn all<C: ConnectionTrait>(
    connection: &C,
    id: Uuid,
) -> std::result::Result<Vec<OrgPendingIdentity>, DbErr> {
    let rows = invitation::Entity::find()
        .filter(invitation::Column::OrganizationId.eq(id))
        .order_by_desc(invitation::Column::CreatedAt)
        .order_by_desc(invitation::Column::Id)
        .all(connection)
        .await?;
    answers(connection, id, rows).await
}

async fn answers<C: ConnectionTrait>(
    connection: &C,
    id: Uuid,
    rows: Vec<invitation::Model>,
) -> std::result::Result<Vec<OrgPendingIdentity>, DbErr> {
    let all = workspace_ids(connection, id).await?;
    let mut opens: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let mut pairs =
        invitation_workspace::Entity::find().order_by_asc(invitation_workspace::Column::WorkspaceId);
    // A page asks for its own; all of an organization's are quicker without a list of ids.
    if rows.len() as u64 <= PAGE.1 {
        let ids = rows.iter().map(|row| row.id);
        pairs = pairs.filter(invitation_workspace::Column::InvitationId.is_in(ids));
    } else {
        pairs = pairs
            .join(JoinType::InnerJoin, invitation_workspace::Relation::Invitation.def())
            .filter(invitation::Column::OrganizationId.eq(id));
    }
    for pair in pairs.all(connection).await? {
        opens.entry(pair.invitation_id).or_default().push(pair.workspace_id);
    }
    let answer = |row: invitation::Model| {
        let own = opens.remove(&row.id).unwrap_or_default();
        let is_admin = row.role == OrganizationRole::Admin.as_str();
        let tenants = if is_admin { all.clone() } else { own.clone() };
        OrgPendingIdentity::new(row, own, tenants)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// `GET /api/v1/orgs/current/members/pending`: a page of the invitations.
pub async fn pending(
    State(state): State<AppState>,
    access: OrgAccess,
    Asked(asked): Asked<Pending>,
) -> Answers<OrgPendingIdentity> {
    let id = access.organization.id;
    let select =
        invitation::Entity::find().filter(invitation::Column::OrganizationId.eq(id)).filter(asked.chosen);
    let absent = absent_is_least(&asked.order);
    let (by, order) = asked.order;
    let column = match by {
        By::Name => invitation::Column::FullName,
        By::Email => invitation::Column::Email,
        By::Role => invitation::Column::Role,
        By::CreatedAt => invitation::Column::CreatedAt,
    };
    let select = match absent {
        Some(absent) => select.order_by_with_nulls(column, order.clone(), absent),
        None => select.order_by(column, order.clone()),
    };
    let rows = select
        .order_by(invitation::Column::Id, order)
        .limit(asked.limit)
        .offset(asked.offset)
        .all(&*state.db)
        .await?;
    Ok(List(answers(&*state.db, id, rows).await?))
}

/// What can be asked of a list of invitations.
pub struct Pending {
    /// Which of them.
    pub chosen: Condition,
    /// How they are sorted.
    pub order: (By, Order),
    /// How many at most.
    pub limit: u64,
    /// How many are left out before.
    pub offset: u64,
}

impl FromQuery for Pending {
    fn read(params: &Params) -> Result<Self> {
        let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
        let (chosen, order) = (filter(params)?, order(params)?);
        Ok(Self { chosen, order, limit, offset })
    }
}

/// The condition of a list of invitations: `emails`, `q`.
///
/// # Errors
/// 422 for a field that is not of its form.
fn filter(params: &Params) -> Result<Condition> {
    let emails: Vec<_> = params.list("emails")?.into_iter().map(email::normalize).collect();
    let mut condition = Condition::all();
    if !emails.is_empty() {
        condition = condition.add(invitation::Column::Email.is_in(emails));
    }
    if let Some(text) = params.text("q")? {
        condition = condition.add(invitation::Column::Email.like(contains(text)));
    }
    Ok(condition)
}

/// `DELETE /api/v1/orgs/current/members/{identity_id}/pending`
pub async fn revoke(State(state): State<AppState>, permit: OrgPermit, Id(identity): Id) -> Answer {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.organization.id;
    let found = invitation::Entity::find_by_id(identity)
        .filter(invitation::Column::OrganizationId.eq(id))
        .one(&*change)
        .await?;
    let role = found.as_ref().map_or(OrganizationRole::Viewer, |row| row.role.as_str().into());
    access.may(&Action::Remove(&role))?;
    let found = found
        .ok_or_else(|| ApiError::not_found("There is no such invitation. It may have been accepted."))?;
    let before = views::invitation(&found, &opens(&*change, found.id).await?);
    invitation::Entity::delete_by_id(found.id).exec(&*change).await?;
    let entry = access.entry(Operation::DeleteOrgPendingMember).deleted(&[found.id], before);
    change.answer(entry, done()).await
}
