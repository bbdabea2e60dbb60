//! Invitations to a workspace. Members of the organization are invited to the workspace alone;
//! anybody else is invited to the organization by an invitation that opens the workspace.

use std::collections::{HashMap, HashSet};

use atrium_domain::access::INVITES_OFF;
use atrium_domain::names::check_full_name;
use atrium_domain::{Action, OrganizationRole, email};
use atrium_words::{mark, t};
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::UnionType;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::invitations::{
    self, Invitee, Refused, check_count, invited_role, invites_enabled, name_key, no_password, refuse, seats,
};
use super::members::{PAGE, order};
use super::pending::default_role;
use super::workspace_members::roles;
use super::{Answer, Answers, done};
use crate::answers::people::{
    Identity, MemberIdentity, PendingIdentity, WorkspaceMemberRow, role_in_workspace,
};
use crate::answers::workspace::Workspace;
use crate::audit::{Draft, Operation, views};
use crate::auth::access::{OrgPermit, WorkspaceAccess, WorkspacePermit, working_role};
use crate::auth::sessions::Person;
use crate::db::entity::{
    account, invitation, invitation_workspace, member, organization, role, workspace, workspace_invitation,
    workspace_member,
};
use crate::db::people::By;
use crate::db::{now, system_roles};
use crate::error::{ApiError, Result, is_duplicate};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Body, FromQuery, Id, Params, contains};

/// Which of the waiting invitations, in which order.
pub struct Waiting {
    /// Only these addresses, normalized; all where there are none.
    pub emails: Vec<String>,
    /// Only addresses with this text in them.
    pub text: Option<String>,
    /// By which of the sort fields, and which way.
    pub order: (By, Order),
    /// How many, after how many; all where there is none.
    pub page: Option<(u64, u64)>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { emails: Vec::new(), text: None, order: (By::CreatedAt, Order::Desc), page: None }
    }
}

impl FromQuery for Waiting {
    fn read(params: &Params) -> Result<Self> {
        let page = params.page(PAGE.0, PAGE.1)?;
        Ok(Self {
            emails: params.list("emails")?.into_iter().map(email::normalize).collect(),
            text: params.text("q")?.map(str::to_owned),
            order: order(params)?,
            page: Some(page),
        })
    }
}

impl Waiting {
    fn chosen<C: ColumnTrait>(&self, email: C) -> Condition {
        let mut condition = Condition::all();
        if !self.emails.is_empty() {
            condition = condition.add(email.is_in(&self.emails));
        }
        if let Some(text) = &self.text {
            condition = condition.add(email.like(contains(text)));
        }
        condition
    }
}

#[derive(FromQueryResult)]
struct WaitingRow {
    id: Uuid,
    email: String,
    full_name: Option<String>,
    role: String,
    workspace_role_id: Option<Uuid>,
    created_at: DateTime<Utc>,
}

/// Everybody who is invited to a workspace, by either kind of invitation.
///
/// # Errors
/// 500 where the database fails.
pub async fn waiting<C: ConnectionTrait>(
    connection: &C,
    access: &WorkspaceAccess,
    asked: Waiting,
) -> Result<Vec<PendingIdentity>> {
    let mut all = invitation::Entity::find()
        .join(JoinType::InnerJoin, invitation::Relation::InvitationWorkspace.def())
        .filter(invitation_workspace::Column::WorkspaceId.eq(access.workspace.id))
        .filter(asked.chosen(invitation::Column::Email))
        .select_only()
        .columns([
            invitation::Column::Id,
            invitation::Column::Email,
            invitation::Column::FullName,
            invitation::Column::NameKey,
            invitation::Column::Role,
            invitation::Column::WorkspaceRoleId,
            invitation::Column::CreatedAt,
        ])
        .into_query();
    let inside = workspace_invitation::Entity::find()
        .join(JoinType::InnerJoin, workspace_invitation::Relation::Member.def())
        .join(JoinType::InnerJoin, member::Relation::Account.def())
        .filter(workspace_invitation::Column::WorkspaceId.eq(access.workspace.id))
        .filter(asked.chosen(account::Column::Email))
        .select_only()
        .column(workspace_invitation::Column::Id)
        .columns([account::Column::Email, account::Column::FullName, account::Column::NameKey])
        .column(member::Column::Role)
        .column_as(workspace_invitation::Column::RoleId, "workspace_role_id")
        .column(workspace_invitation::Column::CreatedAt)
        .into_query();
    let by = match asked.order.0 {
        By::Name => "name_key",
        By::Email => "email",
        By::Role => "role",
        // Nobody asks a workspace for the number of workspaces.
        By::CreatedAt | By::Workspaces => "created_at",
    };
    all.union(UnionType::All, inside).order_by(by, asked.order.1).order_by("id", Order::Asc);
    if let Some((limit, offset)) = asked.page {
        all.limit(limit).offset(offset);
    }
    let statement = connection.get_database_backend().build(&all);
    let rows = WaitingRow::find_by_statement(statement).all(connection).await?;
    let roles = roles(connection, access.workspace.organization_id).await?;
    let default = default_role(&access.org.organization);
    let answer = |row: WaitingRow| {
        let stored = row.workspace_role_id.or(Some(default));
        let role = role_in_workspace(&access.org.caller, &row.role, stored, &roles);
        let row = invitation::Model {
            id: row.id,
            organization_id: access.workspace.organization_id,
            email: row.email,
            name_key: name_key(row.full_name.as_deref()),
            full_name: row.full_name,
            role: row.role,
            workspace_role_id: row.workspace_role_id,
            created_at: row.created_at,
        };
        PendingIdentity::workspace(row, access.workspace.id, role)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// A member of the organization, as far as an invitation to the workspace looks at it.
struct Colleague {
    member: member::Model,
    full_name: String,
    inside: bool,
    invited: bool,
}

/// An invitation to the organization, and whether it opens the workspace.
struct Invited {
    invitation: invitation::Model,
    opens: bool,
}

/// What the rows are checked against, read at once for all of them, by address.
struct Known {
    colleagues: HashMap<String, Colleague>,
    invited: HashMap<String, Invited>,
    roles: HashMap<Uuid, role::Model>,
}

impl Known {
    async fn load<C: ConnectionTrait>(
        connection: &C,
        workspace: &workspace::Model,
        wanted: &[Invitee],
    ) -> std::result::Result<Self, DbErr> {
        let addresses: Vec<String> = wanted.iter().map(|row| email::normalize(&row.email)).collect();
        let members = member::Entity::find()
            .filter(member::Column::OrganizationId.eq(workspace.organization_id))
            .filter(account::Column::Email.is_in(&addresses))
            .find_also_related(account::Entity)
            .all(connection)
            .await?;
        let ids: Vec<Uuid> = members.iter().map(|(member, _)| member.id).collect();
        let inside: HashSet<Uuid> = workspace_member::Entity::find()
            .filter(workspace_member::Column::WorkspaceId.eq(workspace.id))
            .filter(workspace_member::Column::MemberId.is_in(ids.iter().copied()))
            .select_only()
            .column(workspace_member::Column::MemberId)
            .into_tuple::<Uuid>()
            .all(connection)
            .await?
            .into_iter()
            .collect();
        let invited_inside: HashSet<Uuid> = workspace_invitation::Entity::find()
            .filter(workspace_invitation::Column::WorkspaceId.eq(workspace.id))
            .filter(workspace_invitation::Column::MemberId.is_in(ids))
            .select_only()
            .column(workspace_invitation::Column::MemberId)
            .into_tuple::<Uuid>()
            .all(connection)
            .await?
            .into_iter()
            .collect();
        let invitations = invitation::Entity::find()
            .filter(invitation::Column::OrganizationId.eq(workspace.organization_id))
            .filter(invitation::Column::Email.is_in(&addresses))
            .all(connection)
            .await?;
        let opening: HashSet<Uuid> = invitation_workspace::Entity::find()
            .filter(invitation_workspace::Column::WorkspaceId.eq(workspace.id))
            .filter(invitation_workspace::Column::InvitationId.is_in(invitations.iter().map(|row| row.id)))
            .select_only()
            .column(invitation_workspace::Column::InvitationId)
            .into_tuple::<Uuid>()
            .all(connection)
            .await?
            .into_iter()
            .collect();
        let colleague = |(member, account): (member::Model, Option<account::Model>)| {
            let account = account?;
            let (inside, invited) = (inside.contains(&member.id), invited_inside.contains(&member.id));
            Some((account.email, Colleague { member, full_name: account.full_name, inside, invited }))
        };
        let waiting = |row: invitation::Model| {
            let opens = opening.contains(&row.id);
            (row.email.clone(), Invited { invitation: row, opens })
        };
        Ok(Self {
            colleagues: members.into_iter().filter_map(colleague).collect(),
            invited: invitations.into_iter().map(waiting).collect(),
            roles: roles(connection, workspace.organization_id).await?,
        })
    }
}

/// What becomes of a row.
enum Outcome {
    /// A member is invited to the workspace.
    Inside(workspace_invitation::Model),
    /// An invitation that waits opens the workspace too.
    Opened(Uuid),
    /// Somebody new is invited to the organization.
    New(invitation::Model),
}

impl Outcome {
    /// What the audit log tells of it: the invitation's id, and what it is.
    fn shown(&self, workspace: Uuid) -> (Uuid, Value) {
        match self {
            Self::Inside(row) => (row.id, views::workspace_invitation(row)),
            Self::Opened(id) => (*id, json!({ "invitation_id": id, "workspace_id": workspace })),
            Self::New(row) => (row.id, views::invitation(row, &[workspace])),
        }
    }
}

/// `POST /api/v1/workspaces/current/members/batch`: invites up to 500 people, all or nothing.
/// Whoever is no member of the organization yet is invited to it, which takes a manager of the
/// organization or its setting `workspace_admin_can_invite_to_org`.
pub async fn invite_many(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Body(body): Body<Vec<Invitee>>,
) -> Answers<PendingIdentity> {
    check_count(body.len(), "invitations")?;
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.workspace.id;
    let known = Known::load(&*change, &access.workspace, &body).await?;
    let mut refused = Vec::new();
    let mut outcomes = Vec::new();
    let mut made = Vec::new();
    let mut taken = HashSet::new();
    for (index, row) in body.into_iter().enumerate() {
        match check(&access, &known, index, row, &mut taken) {
            Ok((outcome, answer)) => {
                outcomes.push(outcome);
                made.push(answer);
            }
            Err(row) => refused.push(row),
        }
    }
    refuse(refused, true)?;
    let (ids, shown): (Vec<_>, Vec<_>) = outcomes.iter().map(|outcome| outcome.shown(id)).unzip();
    save(&*change, &access, outcomes).await?;
    let entry = access.entry(Operation::AddMembersToWorkspaceBatch).created(&ids, shown.into());
    change.answer(entry, made).await.map(|Json(made)| List(made))
}

async fn save<C: ConnectionTrait>(
    connection: &C,
    access: &WorkspaceAccess,
    outcomes: Vec<Outcome>,
) -> Result<()> {
    let workspace_id = access.workspace.id;
    let (mut inside, mut opened, mut new) = (Vec::new(), Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Outcome::Inside(row) => inside.push(row.into_active_model()),
            Outcome::Opened(invitation_id) => {
                opened.push(invitation_workspace::Model { invitation_id, workspace_id }.into_active_model())
            }
            Outcome::New(row) => new.push((row, vec![workspace_id])),
        }
    }
    if !new.is_empty() {
        seats(connection, &access.org).await?.check(new.len() as u32).map_err(ApiError::conflict)?;
        invitations::save(connection, &new).await?;
    }
    if !opened.is_empty() {
        invitation_workspace::Entity::insert_many(opened).exec_without_returning(connection).await?;
    }
    if !inside.is_empty() {
        workspace_invitation::Entity::insert_many(inside).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// The roles that a row names: in the organization, and in the workspace with the field that named
/// it. `role_id` may be either.
type RolesOf<'a> = (Option<OrganizationRole>, Option<(&'static str, &'a role::Model)>);

fn roles_of<'a>(index: usize, row: &Invitee, known: &'a Known) -> std::result::Result<RolesOf<'a>, Refused> {
    let parsed = row.role_id.as_deref().map(Uuid::try_parse);
    let organization = match parsed {
        Some(Ok(id)) => system_roles::organization_role(id),
        _ => None,
    };
    let (key, inside) = match (&row.role_id, &organization, &row.workspace_role_id) {
        (Some(text), None, None) => ("role_id", Some(text)),
        (Some(_), None, Some(_)) => {
            return Err(Refused::invalid(index, "role_id", mark!("This is no role of an organization.")));
        }
        (_, _, inside) => ("workspace_role_id", inside.as_ref()),
    };
    let Some(text) = inside else { return Ok((organization, None)) };
    let found = Uuid::try_parse(text).ok().and_then(|id| known.roles.get(&id));
    match found {
        Some(role) => Ok((organization, Some((key, role)))),
        None => Err(Refused::invalid(index, key, mark!("This is no role of the organization."))),
    }
}

/// Checks one row.
fn check(
    access: &WorkspaceAccess,
    known: &Known,
    index: usize,
    row: Invitee,
    taken: &mut HashSet<String>,
) -> std::result::Result<(Outcome, PendingIdentity), Refused> {
    let place = &access.workspace;
    let default = default_role(&access.org.organization);
    let may_give = |key, role: &role::Model| {
        let asked = access.may_give(&working_role(&access.org.caller, role));
        asked.map_err(|denied| Refused::forbidden(index, key, denied.0))
    };
    let (organization_role, inside_role) = roles_of(index, &row, known)?;
    let joining = organization_role.as_ref().unwrap_or(&OrganizationRole::User);
    let inside_id =
        invitations::read_only(index, row.read_only, joining, inside_role.map(|(_, role)| role.id))?;
    let inside_role = inside_id.and_then(|id| {
        let key = inside_role.map_or("read_only", |(key, _)| key);
        known.roles.get(&id).map(|role| (key, role))
    });
    if let Some((key, role)) = inside_role {
        let asked = access.org.caller.may(&Action::AssignWorkspaceRoles);
        asked.map_err(|denied| Refused::forbidden(index, key, denied.0))?;
        may_give(key, role)?;
    } else if let Some(role) = known.roles.get(&default) {
        may_give("workspace_role_id", role)?;
    }
    let address = email::normalize(&row.email);
    if !email::is_address(&address) {
        return Err(Refused::invalid(index, "email", mark!("This is not an email address.")));
    }
    no_password(index, &row)?;
    let only_here = |text: &String| Uuid::try_parse(text).is_ok_and(|id| id == place.id);
    if !row.workspace_ids.iter().flatten().all(only_here) {
        let sentence = mark!("This call is about one workspace: leave this out.");
        return Err(Refused::invalid(index, "workspace_ids", sentence));
    }
    if let Some(Err(sentence)) = row.full_name.as_deref().map(check_full_name) {
        return Err(Refused::invalid(index, "full_name", sentence));
    }
    let name = &place.display_name;
    let conflict = |sentence| Err(Refused::conflict(index, sentence));
    if !taken.insert(address.clone()) {
        return conflict(t!("{address} is in this list twice.", address));
    }
    let role_id = inside_role.map(|(_, role)| role.id);
    if let Some(colleague) = known.colleagues.get(&address) {
        if colleague.inside || colleague.member.role == OrganizationRole::Admin.as_str() {
            return conflict(t!("{address} is already a member of {name}.", address, name));
        }
        if colleague.invited {
            return conflict(t!("{address} is already invited to {name}.", address, name));
        }
        let invited = workspace_invitation::Model {
            id: Uuid::new_v4(),
            workspace_id: place.id,
            member_id: colleague.member.id,
            role_id: role_id.unwrap_or(default),
            created_at: now(),
        };
        let shown = invitation::Model {
            id: invited.id,
            organization_id: place.organization_id,
            email: address.clone(),
            name_key: name_key(Some(&colleague.full_name)),
            full_name: Some(colleague.full_name.clone()),
            role: colleague.member.role.clone(),
            workspace_role_id: Some(invited.role_id),
            created_at: invited.created_at,
        };
        return Ok((Outcome::Inside(invited), answer(access, known, shown)));
    }
    if let Some(invited) = known.invited.get(&address) {
        let row = &invited.invitation;
        if invited.opens || row.role == OrganizationRole::Admin.as_str() {
            return conflict(t!("{address} is already invited to {name}.", address, name));
        }
        if role_id.is_some() && role_id != row.workspace_role_id {
            return conflict(t!("{address} is invited already, with another workspace role.", address));
        }
        // The invitation gives the role that it was sent with, whoever sent it.
        if let Some(role) = row.workspace_role_id.and_then(|id| known.roles.get(&id)) {
            may_give("email", role)?;
        }
        return Ok((Outcome::Opened(row.id), answer(access, known, row.clone())));
    }
    let (key, role) = match organization_role {
        Some(role) => ("role_id", role),
        None => ("email", invited_role(&access.org, None).unwrap_or(OrganizationRole::User)),
    };
    let setting = access.org.organization.settings.get("workspace_admin_can_invite_to_org");
    let asked = access.org.caller.may(&Action::InviteToWorkspace(&role, setting == Some(&Value::Bool(true))));
    asked.map_err(|denied| Refused::forbidden(index, key, denied.0))?;
    if !invites_enabled(&access.org.organization) {
        return Err(Refused::forbidden(index, "email", INVITES_OFF.0));
    }
    let full_name = row.full_name.map(|name| name.trim().to_owned());
    let new = invitation::Model {
        id: Uuid::new_v4(),
        organization_id: place.organization_id,
        email: address.clone(),
        name_key: name_key(full_name.as_deref()),
        full_name,
        role: role.as_str().to_owned(),
        workspace_role_id: role_id,
        created_at: now(),
    };
    let shown = answer(access, known, new.clone());
    Ok((Outcome::New(new), shown))
}

fn answer(access: &WorkspaceAccess, known: &Known, row: invitation::Model) -> PendingIdentity {
    let stored = row.workspace_role_id.or_else(|| Some(default_role(&access.org.organization)));
    let role = role_in_workspace(&access.org.caller, &row.role, stored, &known.roles);
    PendingIdentity::workspace(row, access.workspace.id, role)
}

/// `GET /api/v1/workspaces/pending`: the workspaces that one is invited to.
pub async fn list(State(state): State<AppState>, who: Person) -> Answers<Workspace> {
    let rows = workspace::Entity::find()
        .join(JoinType::InnerJoin, workspace_invitation::Relation::Workspace.def().rev())
        .join(JoinType::InnerJoin, workspace_invitation::Relation::Member.def())
        .filter(member::Column::AccountId.eq(who.account))
        .order_by_asc(workspace_invitation::Column::CreatedAt)
        .order_by_asc(workspace::Column::Id)
        .find_also_related(organization::Entity)
        .all(&*state.db)
        .await?;
    let answer = |(row, organization): (workspace::Model, Option<organization::Model>)| {
        Workspace::new(&row, organization.is_some_and(|owner| owner.personal_of.is_some()))
    };
    Ok(List(rows.into_iter().map(answer).collect()))
}

/// One's own invitation, by its id or by that of its workspace.
async fn find<C: ConnectionTrait>(
    connection: &C,
    who: Person,
    id: Uuid,
) -> Result<(workspace_invitation::Model, member::Model)> {
    let either = Condition::any()
        .add(workspace_invitation::Column::WorkspaceId.eq(id))
        .add(workspace_invitation::Column::Id.eq(id));
    let found = workspace_invitation::Entity::find()
        .filter(either)
        .filter(member::Column::AccountId.eq(who.account))
        .find_also_related(member::Entity)
        .one(connection)
        .await?;
    match found {
        Some((invitation, Some(member))) => Ok((invitation, member)),
        _ => Err(ApiError::not_found(mark!(
            "There is no invitation to this workspace for you. It may have been revoked."
        ))),
    }
}

/// `DELETE /api/v1/workspaces/pending/{id}`: declines.
pub async fn decline(State(state): State<AppState>, who: Person, Id(id): Id) -> Answer {
    let change = state.db.change().await?;
    let (found, member) = find(&*change, who, id).await?;
    workspace_invitation::Entity::delete_by_id(found.id).exec(&*change).await?;
    let draft = Draft::by(who, Operation::DeletePendingWorkspaceInvite, member.organization_id);
    let entry = draft.within(found.workspace_id);
    change.answer(entry.deleted(&[found.id], views::workspace_invitation(&found)), done()).await
}

/// `POST /api/v1/workspaces/pending/{workspace_id}/claim`: accepts.
pub async fn claim(State(state): State<AppState>, who: Person, Id(id): Id) -> Answer<Identity> {
    let change = state.db.change().await?;
    let (found, member) = find(&*change, who, id).await?;
    let permit = OrgPermit::new(who.into(), member.organization_id, Some(Action::UseWorkspaces));
    let access = permit.check(&*change).await?;
    let stored = role::Entity::find_by_id(found.role_id).one(&*change).await?;
    let stored = stored.ok_or_else(|| ApiError::internal("an invitation without a role"))?;
    workspace_invitation::Entity::delete_by_id(found.id).exec(&*change).await?;
    let row = workspace_member::Model {
        id: Uuid::new_v4(),
        workspace_id: found.workspace_id,
        member_id: member.id,
        role_id: found.role_id,
        created_at: now(),
    };
    let inserted = workspace_member::Entity::insert(row.clone().into_active_model());
    match inserted.exec_without_returning(&*change).await {
        Err(error) if is_duplicate(&error) => {
            return Err(ApiError::conflict(mark!("You are a member of this workspace already.")));
        }
        inserted => inserted?,
    };
    let draft = access.entry(Operation::ClaimPendingWorkspaceInvite).within(found.workspace_id);
    let entry =
        draft.became(&[found.id, row.id], views::workspace_invitation(&found), views::workspace_member(&row));
    let shown = WorkspaceMemberRow {
        id: member.id,
        account_id: member.account_id,
        role: member.role,
        created_at: member.created_at,
        // What an `Identity` does not show.
        email: String::new(),
        full_name: String::new(),
        is_disabled: false,
        workspace_member_id: Some(row.id),
        workspace_role_id: Some(row.role_id),
        added_at: Some(row.created_at),
    };
    let role = working_role(&access.caller, &stored);
    let made = MemberIdentity::new(shown, member.organization_id, found.workspace_id, role);
    change.answer(entry, made.into_identity()).await
}
