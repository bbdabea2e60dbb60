//! What a caller may do in an organization and in a workspace. Looked up for every request, so
//! that a removed member is out at once; decided by the domain's rules.

use atrium_domain::{Action, Caller, OrganizationRole, Tier, WorkspaceRole};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::audit::{Draft, Operation};
use crate::auth::sessions::Signed;
use crate::db::entity::{member, organization, role, workspace, workspace_member};
use crate::db::system_roles;
use crate::error::{ApiError, Result};
use crate::request::{self, Place};
use crate::validate::header_id;

/// The same for an organization that is not there and one that the caller is not in, so that
/// nobody can find out which organizations exist.
const NO_ORGANIZATION: &str = "You are not a member of this organization, or it does not exist.";
const NO_WORKSPACE: &str = "You are not a member of this workspace, or it does not exist.";

/// The organization of a request (`X-Organization-Id`), not looked at yet.
pub struct Org(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Org {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        header_id(parts, "x-organization-id").map(Self)
    }
}

/// The workspace of a request (`X-Tenant-Id`), not looked at yet.
pub struct Tenant(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Tenant {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        header_id(parts, "x-tenant-id").map(Self)
    }
}

/// A caller in an organization.
pub struct OrgAccess {
    /// Who is asking.
    pub who: Signed,
    /// The organization.
    pub organization: organization::Model,
    /// The caller's membership.
    pub member: member::Model,
    /// The caller, for the rules.
    pub caller: Caller,
}

impl OrgAccess {
    /// Looks the caller up.
    ///
    /// # Errors
    /// 403 for everybody who is not a member.
    pub async fn load<C: ConnectionTrait>(connection: &C, who: Signed, organization: Uuid) -> Result<Self> {
        let found = member::Entity::find()
            .filter(member::Column::OrganizationId.eq(organization))
            .filter(member::Column::AccountId.eq(who.account))
            .find_also_related(organization::Entity)
            .one(connection)
            .await?;
        let Some((member, Some(organization))) = found else {
            return Err(ApiError::forbidden(NO_ORGANIZATION));
        };
        let workspaces = workspace::Entity::find()
            .filter(workspace::Column::OrganizationId.eq(organization.id))
            .count(connection)
            .await?;
        let caller = caller(&organization, OrganizationRole::from(member.role.as_str()), workspaces);
        request::note_place(Place { who, organization: organization.id, workspace: None });
        Ok(Self { who, organization, member, caller })
    }

    /// Begins an entry of the audit log about a change of the organization.
    pub fn entry(&self, operation: Operation) -> Draft {
        Draft::by(self.who, operation, self.organization.id)
    }

    /// Looks the caller up for one action.
    ///
    /// # Errors
    /// 403, for everybody who is not a member and where the rules do not allow it.
    pub async fn allow<C: ConnectionTrait>(
        connection: &C,
        who: Signed,
        organization: Uuid,
        action: &Action<'_>,
    ) -> Result<Self> {
        let access = Self::load(connection, who, organization).await?;
        access.may(action)?;
        Ok(access)
    }

    /// Asks the rules.
    ///
    /// # Errors
    /// 403 with the rule's sentence.
    pub fn may(&self, action: &Action<'_>) -> Result<()> {
        Ok(self.caller.may(action)?)
    }

    /// The organization's plan.
    pub fn tier(&self) -> &Tier {
        &self.caller.tier
    }
}

/// Somebody with a role, as the rules look at it.
pub fn caller(organization: &organization::Model, role: OrganizationRole, workspaces: u64) -> Caller {
    let tier = Tier::from(organization.tier.as_str());
    let terms = tier.terms();
    Caller {
        role,
        disabled: organization.disabled,
        is_personal: organization.personal_of.is_some(),
        can_use_rbac: terms.can_use_rbac,
        can_use_audit_logs: terms.can_use_audit_logs,
        max_workspaces: terms.max_workspaces,
        reached_max_workspaces: workspaces >= u64::from(terms.max_workspaces),
        tier,
    }
}

/// A workspace role as it works: its id, its name for people, and what it permits.
#[derive(Clone, Debug)]
pub struct EffectiveRole {
    /// The id.
    pub id: Uuid,
    /// The name for people.
    pub label: String,
    /// What it permits.
    pub permissions: Vec<String>,
}

impl EffectiveRole {
    /// The workspace role "Admin".
    pub fn admin() -> Self {
        Self::system(system_roles::WORKSPACE_ADMIN, &WorkspaceRole::Admin)
    }

    fn system(id: Uuid, role: &WorkspaceRole) -> Self {
        let permissions = role.permissions().into_iter().map(str::to_owned).collect();
        Self { id, label: role.label().to_owned(), permissions }
    }

    /// The role of a row.
    pub fn of(row: &role::Model) -> Self {
        match WorkspaceRole::from(row.name.as_str()) {
            WorkspaceRole::Custom | WorkspaceRole::Other(_) => {
                Self { id: row.id, label: row.display_name.clone(), permissions: permissions_of(row) }
            }
            system => Self::system(row.id, &system),
        }
    }
}

/// What a custom role permits.
pub fn permissions_of(row: &role::Model) -> Vec<String> {
    let items = row.permissions.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// A caller in a workspace.
pub struct WorkspaceAccess {
    /// The caller in the workspace's organization.
    pub org: OrgAccess,
    /// The workspace.
    pub workspace: workspace::Model,
    /// The caller's role in it.
    pub role: EffectiveRole,
}

impl WorkspaceAccess {
    /// Looks the caller up, in a workspace named by the header.
    ///
    /// # Errors
    /// 403 for everybody who cannot enter it, and while the organization cannot be used.
    pub async fn load<C: ConnectionTrait>(connection: &C, who: Signed, workspace: Uuid) -> Result<Self> {
        let refuse = || ApiError::forbidden(NO_WORKSPACE);
        let found = workspace::Entity::find_by_id(workspace).one(connection).await?.ok_or_else(refuse)?;
        let org = match OrgAccess::load(connection, who, found.organization_id).await {
            Err(error) if error.status == StatusCode::FORBIDDEN => return Err(refuse()),
            other => other?,
        };
        request::note_place(Place { who, organization: org.organization.id, workspace: Some(workspace) });
        org.may(&Action::UseWorkspaces)?;
        let role = effective_role(connection, &org, workspace).await?.ok_or_else(refuse)?;
        Ok(Self { org, workspace: found, role })
    }

    /// Looks the caller up, in a workspace named by the path.
    ///
    /// # Errors
    /// 404 where it is no workspace of an organization that the caller is in; else as
    /// [`WorkspaceAccess::load`].
    pub async fn at_path<C: ConnectionTrait>(connection: &C, who: Signed, workspace: Uuid) -> Result<Self> {
        let not_found = || ApiError::not_found("There is no such workspace.");
        let found = workspace::Entity::find_by_id(workspace).one(connection).await?.ok_or_else(not_found)?;
        match OrgAccess::load(connection, who, found.organization_id).await {
            Err(error) if error.status == StatusCode::FORBIDDEN => Err(not_found()),
            Err(error) => Err(error),
            Ok(_) => Self::load(connection, who, workspace).await,
        }
    }

    /// Begins an entry of the audit log about a change in the workspace.
    pub fn entry(&self, operation: Operation) -> Draft {
        self.org.entry(operation).within(self.workspace.id)
    }

    /// Asks for a permission of the contract, such as `projects:read`.
    ///
    /// # Errors
    /// 403 where the caller's role does not hold it.
    pub fn require(&self, permission: &str) -> Result<()> {
        if self.role.permissions.iter().any(|held| held == permission) {
            return Ok(());
        }
        Err(ApiError::forbidden(format!(
            "Your role in this workspace, {}, does not permit this. It takes {permission}.",
            self.role.label
        )))
    }
}

/// The caller's role in a workspace of the organization; `None` where the caller cannot enter it.
async fn effective_role<C: ConnectionTrait>(
    connection: &C,
    org: &OrgAccess,
    workspace: Uuid,
) -> Result<Option<EffectiveRole>> {
    if org.caller.role == OrganizationRole::Admin {
        return Ok(Some(EffectiveRole::admin()));
    }
    let found = workspace_member::Entity::find()
        .filter(workspace_member::Column::WorkspaceId.eq(workspace))
        .filter(workspace_member::Column::MemberId.eq(org.member.id))
        .find_also_related(role::Entity)
        .one(connection)
        .await?;
    Ok(found.and_then(|(_, role)| role).map(|row| working_role(&org.caller, &row)))
}

/// A stored workspace role as it works on the plan: without RBAC everybody is Admin.
pub fn working_role(caller: &Caller, row: &role::Model) -> EffectiveRole {
    if caller.can_use_rbac { EffectiveRole::of(row) } else { EffectiveRole::admin() }
}
