//! The newer list's filters, as the organization has what they name.

use std::collections::HashMap;

use atrium_domain::OrganizationRole;
use atrium_domain::roles::is_organization_permission;
use atrium_domain::roles::permission::PATS_CREATE;
use sea_orm::sea_query::{Expr, ExprTrait, Func, IntoCondition};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QuerySelect,
    QueryTrait, RelationTrait, Select,
};
use uuid::Uuid;

use super::Wanted;
use crate::auth::access::{EffectiveRole, OrgAccess, working_role};
use crate::db::entity::{invitation, invitation_workspace, member, role, workspace, workspace_member};
use crate::db::people::{People, Text};
use crate::routes::pending::default_role;
use crate::validate::contains;

/// What is asked for, as the organization has it.
pub struct Filters<'a> {
    asked: &'a Wanted,
    /// The organization roles that have the text that was asked for.
    roles_like: Option<Vec<&'static str>>,
    /// The workspace roles that have it.
    workspace_roles_like: Option<Vec<Uuid>>,
    /// The workspace roles that were asked for by id, as they work.
    workspace_roles: Option<Working>,
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
        // A token is made where the organization can be used; everything else of it goes on.
        if permission == PATS_CREATE && access.caller.usable().is_err() {
            return Self::Nobody;
        }
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
    /// Looks up what the words mean here.
    pub fn new(asked: &'a Wanted, access: &OrgAccess, all: &HashMap<Uuid, role::Model>) -> Self {
        let (roles, workspace_roles) = (&asked.organization_role_like, &asked.workspace_role_like);
        let organization_role = |role: &&OrganizationRole| matches(roles, [role.label(), role.as_str()]);
        let workspace_role = |row: &&role::Model| {
            // The role as it works: without RBAC everybody is Admin.
            let works = working_role(&access.caller, row);
            let word = if works.id == row.id { row.name.as_str() } else { "" };
            matches(workspace_roles, [works.label.as_str(), word])
        };
        Self {
            asked,
            roles_like: (!roles.is_empty()).then(|| {
                let known = OrganizationRole::KNOWN.iter().filter(organization_role);
                known.map(|role| role.as_str()).collect()
            }),
            workspace_roles_like: (!workspace_roles.is_empty())
                .then(|| all.values().filter(workspace_role).map(|row| row.id).collect()),
            workspace_roles: (!asked.workspace_roles.is_empty())
                .then(|| Working::of(access, all, |role| asked.workspace_roles.contains(&role.id))),
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
        for working in self.workspace_roles.iter().chain(permitted) {
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
        !self.asked.workspace_name_like.is_empty() || self.workspace_roles_like.is_some()
    }

    /// The members.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn members<C: ConnectionTrait>(
        &self,
        connection: &C,
        organization: Uuid,
    ) -> std::result::Result<People, DbErr> {
        let mut people = People::of(organization)
            .with(connection, &self.asked.email_like, &[Text::Email])
            .await?
            .with(connection, &self.asked.name_like, &[Text::Name])
            .await?;
        if let Some(roles) = &self.roles_like {
            people = people.that(member::Column::Role.is_in(roles.iter().copied()));
        }
        if let Some(role) = self.asked.organization_role {
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
                .filter(any_like(&self.asked.workspace_name_like, &lower(workspace::Column::DisplayName)));
            if let Some(roles) = &self.workspace_roles_like {
                inside = inside.filter(workspace_member::Column::RoleId.is_in(roles.iter().copied()));
            }
            people = people.holding(connection, inside).await?;
        }
        Ok(people)
    }

    /// The invitations: all of the organization where no condition is left.
    pub fn invitations(&self) -> Condition {
        let mut all = Condition::all();
        let column = |column: invitation::Column| column.into_expr();
        for (texts, column) in [
            (&self.asked.name_like, column(invitation::Column::NameKey)),
            (&self.asked.email_like, column(invitation::Column::Email)),
        ] {
            if !texts.is_empty() {
                all = all.add(any_like(texts, &column));
            }
        }
        if let Some(roles) = &self.roles_like {
            all = all.add(invitation::Column::Role.is_in(roles.iter().copied()));
        }
        if let Some(role) = self.asked.organization_role {
            all = all.add(invitation::Column::Role.eq(role));
        }
        if let Some(text) = &self.asked.text {
            let text = std::slice::from_ref(text);
            let either = Condition::any()
                .add(any_like(text, &column(invitation::Column::Email)))
                .add(any_like(text, &column(invitation::Column::NameKey)));
            all = all.add(either);
        }
        let admin = invitation::Column::Role.eq(OrganizationRole::Admin.as_str());
        if let Some(workspace) = self.asked.workspace {
            let opened = opened(invitation_workspace::Column::WorkspaceId.eq(workspace));
            // As with members: an Organization Admin will be in every workspace.
            all = all.add(Condition::any().add(opened).add(admin.clone()));
        }
        if self.asks_for_workspaces() {
            let name = any_like(&self.asked.workspace_name_like, &lower(workspace::Column::DisplayName));
            all = all.add(opened(name));
        }
        if let Some(roles) = &self.workspace_roles_like {
            all = all.add(self.giving(roles));
        }
        if let Some(working) = &self.workspace_roles {
            let gives = self.giving(&working.stored);
            all = all.add(if working.admins {
                gives.add(admin)
            } else {
                Condition::all().add(gives).add(admin.not())
            });
        }
        if self.permitted.is_some() {
            // Who is only invited is permitted nothing yet.
            all = all.add(Expr::val(false));
        }
        all
    }

    /// Invitations that give one of these workspace roles. One without a role of its own gives the
    /// usual one, in what it opens.
    fn giving(&self, roles: &[Uuid]) -> Condition {
        let with = Condition::any().add(invitation::Column::WorkspaceRoleId.is_in(roles.iter().copied()));
        if !roles.contains(&self.default_role) {
            return with;
        }
        let usual = invitation::Column::WorkspaceRoleId.is_null();
        with.add(Condition::all().add(usual).add(opened(Condition::all())))
    }
}

/// Invitations that open a workspace for which this holds.
fn opened(which: impl IntoCondition) -> Expr {
    let pairs = invitation_workspace::Entity::find()
        .join(JoinType::InnerJoin, invitation_workspace::Relation::Workspace.def())
        .filter(which.into_condition())
        .select_only()
        .column(invitation_workspace::Column::InvitationId);
    invitation::Column::Id.in_subquery(pairs.into_query())
}
