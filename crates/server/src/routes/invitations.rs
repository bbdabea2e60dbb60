//! Invitations to an organization.

use std::collections::{HashMap, HashSet};

use atrium_domain::access::INVITES_OFF;
use atrium_domain::names::check_full_name;
use atrium_domain::seats::Seats;
use atrium_domain::wire::Location;
use atrium_domain::{Action, Denied, OrganizationRole, email};
use atrium_words::{mark, t};
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

use super::members::{PAGE, order, workspace_ids};
use super::pending::{default_role, read_only_role};
use super::workspace_members::roles;
use super::{Answer, Answers, done};
use crate::answers::people::{OrgPendingIdentity, PendingIdentity};
use crate::audit::{Entry, Operation, views};
use crate::auth::access::{EffectiveRole, OrgAccess, OrgPermit, working_role, workspace_roles};
use crate::db::entity::{invitation, invitation_workspace, organization, role};
use crate::db::people::{By, People, Text, sorted_invitations};
use crate::db::seats::taken;
use crate::db::{Change, now, system_roles};
use crate::error::{ApiError, Result, field, name};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Id, Params, contains};

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
    /// True is the role Viewer in these workspaces. False says nothing.
    pub read_only: Option<bool>,
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

    /// What the rules do not let the caller do.
    pub fn forbidden(index: usize, key: &'static str, sentence: impl Into<String>) -> Self {
        Self { index, status: StatusCode::FORBIDDEN, key, sentence: sentence.into() }
    }

    /// An address that does not fit what is there already.
    pub fn conflict(index: usize, sentence: String) -> Self {
        Self { index, status: StatusCode::CONFLICT, key: "email", sentence }
    }

    /// The same of another field.
    #[must_use]
    pub fn at(self, key: &'static str) -> Self {
        Self { key, ..self }
    }
}

/// The answer to refused rows: those of a list are named by their place; a single one that
/// conflicts, or that the caller may not ask for, answers with its sentence alone.
///
/// # Errors
/// 403 where the rules refuse a row, else with the status of the first, where there is any.
pub fn refuse(refused: Vec<Refused>, many: bool) -> Result<()> {
    let by_rule = refused.iter().find(|row| row.status == StatusCode::FORBIDDEN);
    let Some(first) = by_rule.or(refused.first()) else { return Ok(()) };
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
        Some(_) => {
            Err(Refused::invalid(index, "password", mark!("Whoever is invited has or chooses a password.")))
        }
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
    // The rules come first: somebody who may not invite learns nothing about addresses.
    access.caller.may_invite_anybody()?;
    if !invites_enabled(&access.organization) {
        return Err(ApiError::forbidden(INVITES_OFF.0));
    }
    let known = Known::load(connection, &access, &wanted).await?;
    let mut rows = Vec::new();
    let mut seen = Seen::default();
    for (index, row) in wanted.into_iter().enumerate() {
        match known.check(&access, index, row, &mut seen) {
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
    roles: HashMap<Uuid, role::Model>,
    /// The caller's role in each workspace; not looked up for an Organization Admin, who may open all.
    own: HashMap<Uuid, EffectiveRole>,
}

/// What the rows before have brought.
#[derive(Default)]
struct Seen {
    addresses: HashSet<String>,
    /// Whether the caller may open a workspace with a role: rows of one list mostly want the same.
    openings: HashMap<(Uuid, Uuid), std::result::Result<(), Denied>>,
}

impl Known {
    async fn load<C: ConnectionTrait>(
        connection: &C,
        access: &OrgAccess,
        wanted: &[Invitee],
    ) -> Result<Self> {
        let organization = &access.organization;
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
        let workspaces = workspace_ids(connection, organization.id).await?;
        let own = match access.caller.role {
            OrganizationRole::Admin => HashMap::new(),
            _ => workspace_roles(connection, access, &workspaces).await?,
        };
        Ok(Self {
            organization: organization.id,
            organization_name: organization.display_name.clone(),
            members: members.into_iter().collect(),
            invited: invited.into_iter().collect(),
            workspaces: workspaces.into_iter().collect(),
            roles: roles(connection, organization.id).await?,
            own,
        })
    }

    /// Whether the caller may open a workspace with a role.
    fn may_open(
        &self,
        access: &OrgAccess,
        workspace: Uuid,
        role: &role::Model,
        seen: &mut Seen,
    ) -> std::result::Result<(), Denied> {
        let asked = seen.openings.entry((workspace, role.id)).or_insert_with(|| {
            let own = self.own.get(&workspace).map(|own| own.permissions.as_slice());
            access.caller.may_open(own, &working_role(&access.caller, role).permissions)
        });
        asked.clone()
    }

    /// Checks one invitation.
    fn check(
        &self,
        access: &OrgAccess,
        index: usize,
        row: Invitee,
        seen: &mut Seen,
    ) -> std::result::Result<(invitation::Model, Vec<Uuid>), Refused> {
        let invalid = |key, sentence| Err(Refused::invalid(index, key, sentence));
        let Some(role) = invited_role(access, row.role_id.as_deref()) else {
            return invalid("role_id", mark!("This is no role of an organization."));
        };
        access
            .caller
            .may(&Action::Invite(&role))
            .map_err(|denied| Refused::forbidden(index, "role_id", denied.0))?;
        let address = email::normalize(&row.email);
        let name = &self.organization_name;
        if !email::is_address(&address) {
            return invalid("email", mark!("This is not an email address."));
        }
        if let Some(Err(sentence)) = row.full_name.as_deref().map(check_full_name) {
            return Err(Refused::invalid(index, "full_name", sentence));
        }
        if self.members.contains(&address) {
            return Err(Refused::conflict(
                index,
                t!("{address} is already a member of {name}.", address, name),
            ));
        }
        if self.invited.contains(&address) {
            return Err(Refused::conflict(
                index,
                t!("{address} is already invited to {name}.", address, name),
            ));
        }
        if !seen.addresses.insert(address.clone()) {
            return Err(Refused::conflict(index, t!("{address} is in this list twice.", address)));
        }
        let mut opens = Vec::new();
        for text in row.workspace_ids.unwrap_or_default() {
            match Uuid::try_parse(&text) {
                Ok(id) if self.workspaces.contains(&id) => {
                    if !opens.contains(&id) {
                        opens.push(id);
                    }
                }
                _ => return invalid("workspace_ids", mark!("This is no workspace of the organization.")),
            }
        }
        let key = if row.workspace_role_id.is_some() { "workspace_role_id" } else { "read_only" };
        if row.workspace_role_id.is_some() || row.read_only == Some(true) {
            access
                .caller
                .may(&Action::AssignWorkspaceRoles)
                .map_err(|denied| Refused::forbidden(index, key, denied.0))?;
        }
        let given = match row.workspace_role_id {
            None => None,
            Some(text) => match Uuid::try_parse(&text).ok().filter(|id| self.roles.contains_key(id)) {
                Some(id) => Some(id),
                None => {
                    return invalid(
                        "workspace_role_id",
                        mark!("This is no workspace role of the organization."),
                    );
                }
            },
        };
        let workspace_role_id = read_only(index, row.read_only, &role, given)?;
        // What is left out gives a role as well.
        let given = workspace_role_id.unwrap_or_else(|| default_role(&access.organization));
        if let Some(given) = self.roles.get(&given) {
            for workspace in &opens {
                self.may_open(access, *workspace, given, seen)
                    .map_err(|denied| Refused::forbidden(index, "workspace_ids", denied.0))?;
            }
        }
        let full_name = row.full_name.map(|name| name.trim().to_owned());
        let row = invitation::Model {
            id: Uuid::new_v4(),
            organization_id: self.organization,
            email: address,
            name_key: name_key(full_name.as_deref()),
            full_name,
            role: role.as_str().to_owned(),
            workspace_role_id,
            created_at: now(),
        };
        Ok((row, opens))
    }
}

/// What a name is searched and sorted by; empty without one.
pub fn name_key(name: Option<&str>) -> String {
    name.unwrap_or_default().to_lowercase()
}

/// The workspace role of somebody who is invited, as [`read_only_role`].
///
/// # Errors
/// The row's refusal.
pub fn read_only(
    index: usize,
    read_only: Option<bool>,
    role: &OrganizationRole,
    given: Option<Uuid>,
) -> std::result::Result<Option<Uuid>, Refused> {
    if read_only == Some(true) && *role == OrganizationRole::Admin {
        let sentence = mark!("An Organization Admin is Admin of every workspace, and cannot only read.");
        return Err(Refused::invalid(index, "read_only", sentence));
    }
    read_only_role(read_only, given).map_err(|sentence| Refused::invalid(index, "read_only", sentence))
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
    let rows = sorted_invitations(select, asked.order)
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
    let found = found.ok_or_else(|| {
        ApiError::not_found(mark!("There is no such invitation. It may have been accepted."))
    })?;
    let before = views::invitation(&found, &opens(&*change, found.id).await?);
    invitation::Entity::delete_by_id(found.id).exec(&*change).await?;
    let entry = access.entry(Operation::DeleteOrgPendingMember).deleted(&[found.id], before);
    change.answer(entry, done()).await
}
