//! The newer list of members (`/v1/platform`): each with the role in each workspace.

use std::collections::HashMap;

use atrium_domain::OrganizationRole;
use atrium_domain::roles::{PERMISSIONS, is_organization_permission};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};
use uuid::Uuid;

use super::pending::default_role;
use super::tag::tag;
use super::workspace_members::roles;
use crate::answers::people::{EnrichedMember, MemberRow, WorkspaceMembership, role_in_workspace};
use crate::auth::access::{EffectiveRole, OrgAccess, working_role};
use crate::db::entity::{invitation, invitation_workspace, member, role, workspace, workspace_member};
use crate::db::people::{By, People, Text, sorted_invitations, with_accounts};
use crate::db::seats::taken;
use crate::error::{ApiError, Result};
use crate::operations::describe::{Output, Page, Sketch};
use crate::serve::AppState;
use crate::validate::{Asked, FromQuery, Params, contains};

/// The page of the list: what is given without `limit`, and the most.
const PAGE: (u64, u64) = (50, 10_000);

/// How members and invitations are sorted as one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// Members, then invitations, each by address; falling: invitations first.
    Status,
    /// Both together.
    By(By),
}

/// What can be asked of the list. Each text given more than once means any of its values. `q`,
/// `sort_by`, `sort_by_desc`, `organization_role` and `workspace_id` are Atrium's own; the
/// installation's flag `members_query` tells of them. So are `workspace_role_id` and `permission`,
/// which are about the roles as they work; the flag `access_query` tells of these.
pub struct Wanted {
    limit: u64,
    offset: u64,
    active: bool,
    pending: bool,
    name: Vec<String>,
    email: Vec<String>,
    workspace_name: Vec<String>,
    organization_role: Vec<String>,
    workspace_role: Vec<String>,
    text: Option<String>,
    role: Option<&'static str>,
    workspace: Option<Uuid>,
    /// Who has one of these roles, in that workspace or in any.
    held: Vec<Uuid>,
    /// Who is permitted this, in that workspace, in any, or in the organization.
    permission: Option<&'static str>,
    sort: Option<(Sort, Order)>,
}

impl FromQuery for Wanted {
    fn read(params: &Params) -> Result<Self> {
        let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
        let texts = |key| Ok::<_, ApiError>(params.texts(key)?.into_iter().map(str::to_owned).collect());
        let roles: Vec<_> = OrganizationRole::KNOWN.iter().map(OrganizationRole::as_str).collect();
        let sort = params.optional_word("sort_by", &["email", "name", "status", "role", "created_at"])?;
        let sort = sort.map(|word| match word {
            "email" => Sort::By(By::Email),
            "name" => Sort::By(By::Name),
            "status" => Sort::Status,
            "role" => Sort::By(By::Role),
            _ => Sort::By(By::CreatedAt),
        });
        let order = if params.flag("sort_by_desc", true)? { Order::Desc } else { Order::Asc };
        let permissions: Vec<_> = PERMISSIONS.iter().map(|(name, _)| *name).collect();
        Ok(Self {
            text: params.text("q")?.map(str::to_owned),
            role: params.optional_word("organization_role", &roles)?,
            workspace: params.id("workspace_id")?,
            held: params.ids("workspace_role_id")?,
            permission: params.optional_word("permission", &permissions)?,
            sort: sort.map(|sort| (sort, order)),
            limit,
            offset,
            active: params.flag("active_is", false)?,
            pending: params.flag("pending_is", false)?,
            name: texts("name_like")?,
            email: texts("email_like")?,
            workspace_name: texts("workspace_name_like")?,
            organization_role: texts("organization_role_like")?,
            workspace_role: texts("workspace_role_like")?,
        })
    }
}

impl Wanted {
    /// Whether nobody is left out.
    fn is_everybody(&self) -> bool {
        let texts =
            [&self.name, &self.email, &self.workspace_name, &self.organization_role, &self.workspace_role];
        let one = self.text.is_some() || self.role.is_some() || self.workspace.is_some();
        !one && texts.iter().all(|texts| texts.is_empty())
    }
}

/// What is asked for, as the organization has it.
struct Filters<'a> {
    asked: &'a Wanted,
    /// The organization roles that were asked for.
    roles: Option<Vec<&'static str>>,
    /// The workspace roles that were asked for.
    workspace_roles: Option<Vec<Uuid>>,
    /// The workspace roles that were asked for by id, as they work.
    held: Option<Working>,
    /// Who is permitted what was asked for.
    permitted: Option<Permitted>,
    default_role: Uuid,
}

/// The stored roles that work as one of some roles, and whether that of an Organization Admin in
/// every workspace is among these.
struct Working {
    stored: Vec<Uuid>,
    admins: bool,
}

/// Who is permitted something.
enum Permitted {
    /// Nobody: the organization cannot be used.
    Nobody,
    /// Who has one of these roles in the organization.
    InOrganization(Vec<&'static str>),
    /// Who works in a workspace with one of these.
    InWorkspace(Working),
}

impl Working {
    /// Those that work as a role for which this holds.
    fn of(
        access: &OrgAccess,
        all: &HashMap<Uuid, role::Model>,
        fits: impl Fn(&EffectiveRole) -> bool,
    ) -> Self {
        let works = |row: &&role::Model| fits(&working_role(&access.caller, row));
        Self {
            stored: all.values().filter(works).map(|row| row.id).collect(),
            admins: fits(&EffectiveRole::admin()),
        }
    }
}

impl Permitted {
    fn of(permission: &'static str, access: &OrgAccess, all: &HashMap<Uuid, role::Model>) -> Self {
        if is_organization_permission(permission) {
            let permits = |role: &&OrganizationRole| role.permissions().contains(&permission);
            let roles = OrganizationRole::KNOWN.iter().filter(permits);
            return Self::InOrganization(roles.map(OrganizationRole::as_str).collect());
        }
        if access.caller.usable().is_err() {
            return Self::Nobody;
        }
        let permits = |role: &EffectiveRole| role.permissions.iter().any(|name| name == permission);
        Self::InWorkspace(Working::of(access, all, permits))
    }
}

/// Whether a name or word holds one of the texts, whatever the case.
fn matches(texts: &[String], names: [&str; 2]) -> bool {
    let names = names.map(str::to_lowercase);
    texts.iter().any(|text| names.iter().any(|name| name.contains(&text.to_lowercase())))
}

/// A condition that holds where one of the texts is in the value.
fn any_like(texts: &[String], value: &Expr) -> Condition {
    let like = |condition: Condition, text: &String| condition.add(value.clone().like(contains(text)));
    if texts.is_empty() { Condition::all() } else { texts.iter().fold(Condition::any(), like) }
}

fn lower<C: ColumnTrait>(column: C) -> Expr {
    Func::lower(column.into_expr()).into()
}

impl<'a> Filters<'a> {
    fn new(asked: &'a Wanted, access: &OrgAccess, all: &HashMap<Uuid, role::Model>) -> Self {
        let (roles, workspace_roles) = (&asked.organization_role, &asked.workspace_role);
        let organization_role = |role: &&OrganizationRole| matches(roles, [role.label(), role.as_str()]);
        let workspace_role = |row: &&role::Model| {
            // The role as it works: without RBAC everybody is Admin.
            let works = working_role(&access.caller, row);
            let word = if works.id == row.id { row.name.as_str() } else { "" };
            matches(workspace_roles, [works.label.as_str(), word])
        };
        Self {
            asked,
            roles: (!roles.is_empty()).then(|| {
                let known = OrganizationRole::KNOWN.iter().filter(organization_role);
                known.map(|role| role.as_str()).collect()
            }),
            workspace_roles: (!workspace_roles.is_empty())
                .then(|| all.values().filter(workspace_role).map(|row| row.id).collect()),
            held: (!asked.held.is_empty())
                .then(|| Working::of(access, all, |role| asked.held.contains(&role.id))),
            permitted: asked.permission.map(|name| Permitted::of(name, access, all)),
            default_role: default_role(&access.organization),
        }
    }

    /// The memberships of the workspace that was asked for, else of any of the organization, with
    /// one of these roles.
    fn memberships(&self, organization: Uuid, working: &Working) -> Select<workspace_member::Entity> {
        let all = workspace_member::Entity::find()
            .filter(workspace_member::Column::RoleId.is_in(working.stored.iter().copied()));
        match self.asked.workspace {
            Some(workspace) => all.filter(workspace_member::Column::WorkspaceId.eq(workspace)),
            None => all
                .join(JoinType::InnerJoin, workspace_member::Relation::Workspace.def())
                .filter(workspace::Column::OrganizationId.eq(organization)),
        }
    }

    /// Those members who have a role that was asked for, and are permitted what was.
    async fn with_access<C: ConnectionTrait>(
        &self,
        connection: &C,
        organization: Uuid,
        mut people: People,
    ) -> std::result::Result<People, DbErr> {
        let permitted = match &self.permitted {
            Some(Permitted::InWorkspace(working)) => Some(working),
            _ => None,
        };
        for working in self.held.iter().chain(permitted) {
            let memberships = self.memberships(organization, working);
            people = people.working_by(connection, memberships, working.admins).await?;
        }
        match &self.permitted {
            None => return Ok(people),
            Some(Permitted::Nobody) => people = people.that(Expr::val(false)),
            Some(Permitted::InOrganization(roles)) => {
                people = people.that(member::Column::Role.is_in(roles.iter().copied()));
            }
            Some(Permitted::InWorkspace(_)) => {}
        }
        // Whose account is switched off can do nothing.
        people.switched_off(connection, false).await
    }

    fn asks_for_workspaces(&self) -> bool {
        !self.asked.workspace_name.is_empty() || self.workspace_roles.is_some()
    }

    async fn members<C: ConnectionTrait>(
        &self,
        connection: &C,
        organization: Uuid,
    ) -> std::result::Result<People, DbErr> {
        let mut people = People::of(organization)
            .with(connection, &self.asked.email, &[Text::Email])
            .await?
            .with(connection, &self.asked.name, &[Text::Name])
            .await?;
        if let Some(roles) = &self.roles {
            people = people.that(member::Column::Role.is_in(roles.iter().copied()));
        }
        if let Some(role) = self.asked.role {
            people = people.that(member::Column::Role.eq(role));
        }
        if let Some(workspace) = self.asked.workspace {
            people = people.inside(connection, workspace).await?;
        }
        people = people.with(connection, self.asked.text.as_slice(), &[Text::Email, Text::Name]).await?;
        people = self.with_access(connection, organization, people).await?;
        if self.asks_for_workspaces() {
            let mut inside = workspace_member::Entity::find()
                .join(JoinType::InnerJoin, workspace_member::Relation::Workspace.def())
                .filter(workspace::Column::OrganizationId.eq(organization))
                .filter(any_like(&self.asked.workspace_name, &lower(workspace::Column::DisplayName)));
            if let Some(roles) = &self.workspace_roles {
                inside = inside.filter(workspace_member::Column::RoleId.is_in(roles.iter().copied()));
            }
            people = people.holding(connection, inside).await?;
        }
        Ok(people)
    }

    fn invitations(&self, organization: Uuid) -> Condition {
        let mut condition = Condition::all()
            .add(invitation::Column::OrganizationId.eq(organization))
            .add(any_like(&self.asked.name, &lower(invitation::Column::FullName)))
            .add(any_like(&self.asked.email, &invitation::Column::Email.into_expr()));
        if let Some(roles) = &self.roles {
            condition = condition.add(invitation::Column::Role.is_in(roles.iter().copied()));
        }
        if let Some(role) = self.asked.role {
            condition = condition.add(invitation::Column::Role.eq(role));
        }
        if let Some(text) = &self.asked.text {
            let text = std::slice::from_ref(text);
            let either = Condition::any()
                .add(any_like(text, &invitation::Column::Email.into_expr()))
                .add(any_like(text, &lower(invitation::Column::FullName)));
            condition = condition.add(either);
        }
        if let Some(workspace) = self.asked.workspace {
            let opening = invitation_workspace::Entity::find()
                .filter(invitation_workspace::Column::WorkspaceId.eq(workspace))
                .select_only()
                .column(invitation_workspace::Column::InvitationId)
                .into_query();
            // As with members: an Organization Admin will be in every workspace.
            let inside = Condition::any()
                .add(invitation::Column::Id.in_subquery(opening))
                .add(invitation::Column::Role.eq(OrganizationRole::Admin.as_str()));
            condition = condition.add(inside);
        }
        if self.asks_for_workspaces() {
            let opened = invitation_workspace::Entity::find()
                .join(JoinType::InnerJoin, invitation_workspace::Relation::Workspace.def())
                .filter(workspace::Column::OrganizationId.eq(organization))
                .filter(any_like(&self.asked.workspace_name, &lower(workspace::Column::DisplayName)))
                .select_only()
                .column(invitation_workspace::Column::InvitationId)
                .into_query();
            condition = condition.add(invitation::Column::Id.in_subquery(opened));
        }
        if let Some(roles) = &self.workspace_roles {
            condition = condition.add(self.giving(roles));
        }
        if let Some(working) = &self.held {
            let admin = invitation::Column::Role.eq(OrganizationRole::Admin.as_str());
            let gives = self.giving(&working.stored);
            condition = condition.add(if working.admins {
                gives.add(admin)
            } else {
                Condition::all().add(gives).add(admin.not())
            });
        }
        if self.permitted.is_some() {
            // Who is only invited is permitted nothing yet.
            condition = condition.add(Expr::val(false));
        }
        condition
    }

    /// Invitations that give one of these workspace roles.
    fn giving(&self, roles: &[Uuid]) -> Condition {
        let with = Condition::any().add(invitation::Column::WorkspaceRoleId.is_in(roles.iter().copied()));
        if roles.contains(&self.default_role) {
            with.add(invitation::Column::WorkspaceRoleId.is_null())
        } else {
            with
        }
    }
}

/// A page of the list.
pub struct Members(Page<EnrichedMember>);

/// Says that each member's workspaces are all there, and not only those that the caller can enter.
const ALL_WORKSPACES: &str = "X-Members-List-All-Workspaces";

impl IntoResponse for Members {
    fn into_response(self) -> Response {
        ([(ALL_WORKSPACES, "true")], self.0).into_response()
    }
}

impl Output for Members {
    fn describe(sketch: &mut Sketch) {
        Page::<EnrichedMember>::describe(sketch);
        sketch.answer_text_header(
            ALL_WORKSPACES,
            "Whether each member's workspaces are all there, and not only those that the caller can enter.",
        );
    }
}

/// `GET /v1/platform/orgs/current/members`: members, then invitations, oldest first, where no other
/// order is asked for.
pub async fn members(
    State(state): State<AppState>,
    access: OrgAccess,
    Asked(asked): Asked<Wanted>,
) -> Result<Members> {
    let id = access.organization.id;
    let roles = roles(&*state.db, id).await?;
    let names = names(&state, &access).await?;
    if asked.workspace.is_some_and(|workspace| !names.contains_key(&workspace)) {
        return Ok(Members(Page { rows: Vec::new(), total: 0 }));
    }
    let filters = Filters::new(&asked, &access, &roles);
    let list = List {
        state: &state,
        access: &access,
        roles: &roles,
        names: &names,
        people: filters.members(&*state.db, id).await?,
        pending: invitation::Entity::find().filter(filters.invitations(id)),
        asked: &asked,
    };
    let one_kind = asked.active || asked.pending;
    let page = match asked.sort.clone() {
        None => list.in_turn(false, (By::CreatedAt, Order::Asc)).await?,
        Some((Sort::Status, order)) => list.in_turn(order == Order::Desc, (By::Email, Order::Asc)).await?,
        Some((Sort::By(by), order)) if one_kind => list.in_turn(false, (by, order)).await?,
        Some((Sort::By(by), order)) => list.together((by, order)).await?,
    };
    Ok(Members(page))
}

/// What a page is cut out of.
struct List<'a> {
    state: &'a AppState,
    access: &'a OrgAccess,
    roles: &'a HashMap<Uuid, role::Model>,
    names: &'a HashMap<Uuid, String>,
    people: People,
    pending: Select<invitation::Entity>,
    asked: &'a Wanted,
}

impl List<'_> {
    /// How many invitations there are.
    async fn invited(&self) -> Result<u64> {
        if self.asked.active {
            return Ok(0);
        }
        if self.asked.is_everybody() {
            return Ok(taken(&*self.state.db, self.access.organization.id).await?.invitations);
        }
        Ok(self.pending.clone().count(&*self.state.db).await?)
    }

    /// Members and then invitations, or the other way round, each kind in an order.
    async fn in_turn(&self, invited_first: bool, order: (By, Order)) -> Result<Page<EnrichedMember>> {
        let (limit, offset) = (self.asked.limit, self.asked.offset);
        let db = &*self.state.db;
        let invited = self.invited().await?;
        let mut first = Vec::new();
        let (mut limit_of_members, mut offset_of_members) = (limit, offset);
        if invited_first && !self.asked.active {
            first = self.invitations(order.clone(), limit, offset).await?;
            limit_of_members = limit - first.len() as u64;
            offset_of_members = offset.saturating_sub(invited);
        }
        let (active, rows): (_, Vec<MemberRow>) = if self.asked.pending {
            (0, Vec::new())
        } else {
            self.people.counted(db, order.clone(), limit_of_members, offset_of_members).await?
        };
        let members = active_answers(self.state, self.access, self.roles, self.names, rows).await?;
        first.extend(members);
        let left = limit.saturating_sub(first.len() as u64);
        if !invited_first && invited > 0 && left > 0 {
            first.extend(self.invitations(order, left, offset.saturating_sub(active)).await?);
        }
        Ok(Page { rows: first, total: active + invited })
    }

    /// Members and invitations in one order.
    async fn together(&self, order: (By, Order)) -> Result<Page<EnrichedMember>> {
        let db = &*self.state.db;
        let (limit, offset) = (self.asked.limit, self.asked.offset);
        let (total, ids) = self
            .people
            .with_invited(db, (self.invited().await?, self.pending.clone()), order, limit, offset)
            .await?;
        let chosen = member::Entity::find().filter(member::Column::Id.is_in(ids.iter().copied()));
        let members: Vec<MemberRow> = with_accounts(chosen).into_model().all(db).await?;
        let invited = invitation::Entity::find()
            .filter(invitation::Column::Id.is_in(ids.iter().copied()))
            .all(db)
            .await?;
        let of_members: Vec<Uuid> = members.iter().map(|row| row.id).collect();
        let of_invited: Vec<Uuid> = invited.iter().map(|row| row.id).collect();
        let members = active_answers(self.state, self.access, self.roles, self.names, members).await?;
        let invited = invited_answers(self.state, self.access, self.roles, self.names, invited).await?;
        let mut answers: HashMap<Uuid, EnrichedMember> =
            of_members.into_iter().zip(members).chain(of_invited.into_iter().zip(invited)).collect();
        Ok(Page { rows: ids.iter().filter_map(|id| answers.remove(id)).collect(), total })
    }

    async fn invitations(&self, order: (By, Order), limit: u64, offset: u64) -> Result<Vec<EnrichedMember>> {
        let rows = sorted_invitations(self.pending.clone(), order)
            .limit(limit)
            .offset(offset)
            .all(&*self.state.db)
            .await?;
        invited_answers(self.state, self.access, self.roles, self.names, rows).await
    }
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
fn inside(id: Uuid, name: Option<&String>, role: &EffectiveRole) -> WorkspaceMembership {
    WorkspaceMembership {
        role_id: role.id,
        role_name: role.label.clone(),
        workspace_id: id,
        workspace_name: name.cloned().unwrap_or_default(),
        assigned_role_id: None,
    }
}

/// The members, each with the workspaces and the role in each. An Organization Admin is in all by
/// that role; only the workspaces that somebody was added to are listed.
async fn active_answers(
    state: &AppState,
    access: &OrgAccess,
    roles: &HashMap<Uuid, role::Model>,
    names: &HashMap<Uuid, String>,
    rows: Vec<MemberRow>,
) -> Result<Vec<EnrichedMember>> {
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
        let held = added.remove(&row.id).unwrap_or_default();
        let etag = tag(&row.role, held.iter());
        let workspaces: Vec<_> = held
            .into_iter()
            .map(|one| {
                let role = role_in_workspace(&access.caller, &row.role, Some(one.role_id), roles);
                let mut shown = inside(one.workspace_id, names.get(&one.workspace_id), &role);
                shown.assigned_role_id = Some(one.role_id).filter(|given| *given != role.id);
                shown
            })
            .collect();
        EnrichedMember::active(row, etag, workspaces)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// The invitations, each with the workspaces that it opens and the role there.
async fn invited_answers(
    state: &AppState,
    access: &OrgAccess,
    roles: &HashMap<Uuid, role::Model>,
    names: &HashMap<Uuid, String>,
    rows: Vec<invitation::Model>,
) -> Result<Vec<EnrichedMember>> {
    let default = default_role(&access.organization);
    let mut opens: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let pairs = invitation_workspace::Entity::find()
        .filter(invitation_workspace::Column::InvitationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(invitation_workspace::Column::WorkspaceId)
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
        EnrichedMember::invited(row, opened)
    };
    Ok(rows.into_iter().map(answer).collect())
}
