//! What a caller may do in an organization and in a workspace. Looked up for every request, so
//! that a removed member is out at once; decided by the domain's rules.

use std::collections::HashMap;

use atrium_domain::access::gives_no_more;
use atrium_domain::{Action, Caller, Credential, Denied, KeyReach, OrganizationRole, Tier, WorkspaceRole};
use atrium_words::{mark, t};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::audit::{Draft, Operation};
use crate::auth::keys::{self, Key};
use crate::auth::sessions::Signed;
use crate::db::entity::{
    api_key, api_key_workspace, member, organization, role, workspace, workspace_member,
};
use crate::db::system_roles;
use crate::error::{ApiError, Result};
use crate::request;
use crate::serve::AppState;
use crate::validate::header_id;

const ORGANIZATION: &str = "x-organization-id";
const TENANT: &str = "x-tenant-id";

/// The same for an organization that is not there and one that the caller is not in, so that
/// nobody can find out which organizations exist.
pub const NO_ORGANIZATION: &str = mark!("You are not a member of this organization, or it does not exist.");
/// The same for a workspace.
pub const NO_WORKSPACE: &str = mark!("You are not a member of this workspace, or it does not exist.");

/// The organization of a request (`X-Organization-Id`, or the one of the API key), not looked at yet.
pub struct Org(pub Uuid);

impl FromRequestParts<AppState> for Org {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let who = Signed::from_request_parts(parts, state).await?;
        match who.key {
            Some(key) if !parts.headers.contains_key(ORGANIZATION) => Ok(Self(key.organization)),
            _ => header_id(parts, ORGANIZATION).map(Self),
        }
    }
}

/// The organization of a request where one is named, for what concerns no organization in
/// particular.
pub struct NamedOrg(pub Option<Uuid>);

impl FromRequestParts<AppState> for NamedOrg {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let who = Signed::from_request_parts(parts, state).await?;
        if who.key.is_none() && !parts.headers.contains_key(ORGANIZATION) {
            return Ok(Self(None));
        }
        Org::from_request_parts(parts, state).await.map(|Org(id)| Self(Some(id)))
    }
}

/// The workspace of a request (`X-Tenant-Id`, or the one of the API key), not looked at yet.
pub struct Tenant(pub Uuid);

impl FromRequestParts<AppState> for Tenant {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let who = Signed::from_request_parts(parts, state).await?;
        match who.key {
            Some(key) if !parts.headers.contains_key(TENANT) => {
                // LangSmith's clients know this word and say what to do.
                key.workspace.map(Self).ok_or_else(|| {
                    ApiError::forbidden(mark!(
                        "This API key has no workspace of its own. Name one with X-Tenant-Id."
                    ))
                    .with_code("org_scoped_key_requires_workspace")
                })
            }
            _ => header_id(parts, TENANT).map(Self),
        }
    }
}

/// Where an operation is meant that works in a workspace or in a whole organization, not looked at
/// yet: in the workspace that is named, else in the organization that is named, else where the API
/// key is.
#[derive(Clone, Copy)]
pub struct Place {
    organization: Option<Uuid>,
    workspace: Option<Uuid>,
}

impl FromRequestParts<AppState> for Place {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let who = Signed::from_request_parts(parts, state).await?;
        let given = |name| parts.headers.contains_key(name).then(|| header_id(parts, name)).transpose();
        match (given(ORGANIZATION)?, given(TENANT)?, who.key) {
            (None, None, Some(Key { workspace: Some(workspace), .. })) => {
                Ok(Self { organization: None, workspace: Some(workspace) })
            }
            (None, None, Some(key)) => Ok(Self { organization: Some(key.organization), workspace: None }),
            (None, None, None) => {
                header_id(parts, TENANT).map(|id| Self { organization: None, workspace: Some(id) })
            }
            (organization, workspace, _) => Ok(Self { organization, workspace }),
        }
    }
}

impl Place {
    /// Looks the caller up there; the workspace where one is meant. 403 as for either, and where the
    /// workspace is not the organization's.
    async fn load<C: ConnectionTrait>(
        &self,
        connection: &C,
        who: Signed,
    ) -> Result<(OrgAccess, Option<workspace::Model>)> {
        match (self.workspace, self.organization) {
            (Some(workspace), organization) => {
                let access = WorkspacePermit::by_header(who, workspace, None).check(connection).await?;
                if organization.is_some_and(|id| id != access.org.organization.id) {
                    return Err(ApiError::forbidden(NO_WORKSPACE));
                }
                Ok((access.org, Some(access.workspace)))
            }
            (None, Some(organization)) => Ok((OrgAccess::load(connection, who, organization).await?, None)),
            (None, None) => Err(ApiError::forbidden(NO_ORGANIZATION)),
        }
    }
}

/// A caller in an organization. As a handler's argument: looked up by the operation's guard.
#[derive(Clone)]
pub struct OrgAccess {
    /// Who is asking.
    pub who: Signed,
    /// The organization.
    pub organization: organization::Model,
    /// The caller's membership; none for a service key.
    pub member: Option<member::Model>,
    /// The caller where it is a service key.
    pub service_key: Option<api_key::Model>,
    /// The caller, for the rules.
    pub caller: Caller,
}

impl OrgAccess {
    /// Looks the caller up. 403 for everybody who is not a member, and for every key of another
    /// organization.
    async fn load<C: ConnectionTrait>(connection: &C, who: Signed, organization: Uuid) -> Result<Self> {
        let refuse = || ApiError::forbidden(NO_ORGANIZATION);
        if who.key.is_some_and(|key| key.organization != organization) {
            return Err(refuse());
        }
        let found = Found::load(connection, organization).await?;
        let Found { organization, workspaces } = found.ok_or_else(refuse)?;
        let (member, service_key) = match (who.account, who.key) {
            (Some(account), _) => (membership(connection, organization.id, account).await?, None),
            (None, Some(key)) => (None, api_key::Entity::find_by_id(key.id).one(connection).await?),
            (None, None) => (None, None),
        };
        let (credential, role) = match (&member, &service_key) {
            (Some(member), _) => (who.credential, OrganizationRole::from(member.role.as_str())),
            (None, Some(key)) => {
                (keys::credential(key), key.organization_role.as_deref().unwrap_or_default().into())
            }
            (None, None) => return Err(refuse()),
        };
        let caller = caller(&organization, credential, role, workspaces.unsigned_abs());
        request::note_place(request::Place { who, organization: organization.id, workspace: None });
        Ok(Self { who, organization, member, service_key, caller })
    }

    /// Begins an entry of the audit log about a change of the organization.
    pub fn entry(&self, operation: Operation) -> Draft {
        Draft::by(self.who, operation, self.organization.id)
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

/// An organization with how many workspaces it has, in one way to the database: every request goes
/// it.
#[derive(FromQueryResult)]
struct Found {
    #[sea_orm(nested)]
    organization: organization::Model,
    workspaces: i64,
}

impl Found {
    async fn load<C: ConnectionTrait>(
        connection: &C,
        organization: Uuid,
    ) -> std::result::Result<Option<Self>, DbErr> {
        let workspaces = workspace::Entity::find()
            .filter(workspace::Column::OrganizationId.eq(organization))
            .select_only()
            .expr(workspace::Column::Id.count())
            .into_query();
        organization::Entity::find_by_id(organization)
            .column_as(Expr::SubQuery(None, Box::new(workspaces.into())), "workspaces")
            .into_model()
            .one(connection)
            .await
    }
}

async fn membership<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
    account: Uuid,
) -> Result<Option<member::Model>> {
    Ok(member::Entity::find()
        .filter(member::Column::OrganizationId.eq(organization))
        .filter(member::Column::AccountId.eq(account))
        .one(connection)
        .await?)
}

/// What an operation needs in an organization, and of whom. As a handler's argument: the guard has
/// asked for it once; a handler that changes something asks again within its change.
#[derive(Clone)]
pub struct OrgPermit {
    who: Signed,
    organization: Uuid,
    action: Option<Action<'static>>,
}

impl OrgPermit {
    /// Any membership, or with `action` one that the rules allow it.
    pub fn new(who: Signed, organization: Uuid, action: Option<Action<'static>>) -> Self {
        Self { who, organization, action }
    }

    /// The organization's id.
    pub fn organization(&self) -> Uuid {
        self.organization
    }

    /// Looks the caller up and asks the rules.
    ///
    /// # Errors
    /// 403 for everybody who is not a member, and where the rules do not allow it.
    pub async fn check<C: ConnectionTrait>(&self, connection: &C) -> Result<OrgAccess> {
        let access = OrgAccess::load(connection, self.who, self.organization).await?;
        if let Some(action) = &self.action {
            access.may(action)?;
        }
        Ok(access)
    }
}

/// Somebody with a role, as the rules look at it.
fn caller(
    organization: &organization::Model,
    credential: Credential,
    role: OrganizationRole,
    workspaces: u64,
) -> Caller {
    let tier = Tier::from(organization.tier.as_str());
    let terms = tier.terms();
    Caller {
        credential,
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

/// A caller in a workspace. As a handler's argument: looked up by the operation's guard.
#[derive(Clone)]
pub struct WorkspaceAccess {
    /// The caller in the workspace's organization.
    pub org: OrgAccess,
    /// The workspace.
    pub workspace: workspace::Model,
    /// The caller's role in it.
    pub role: EffectiveRole,
}

/// What an operation needs in a workspace, and of whom. As a handler's argument: as [`OrgPermit`].
#[derive(Clone)]
pub struct WorkspacePermit {
    who: Signed,
    workspace: Uuid,
    in_path: bool,
    permission: Option<&'static str>,
}

impl WorkspacePermit {
    /// In a workspace named by the header: any way in, or with `permission` one whose role holds it.
    pub fn by_header(who: Signed, workspace: Uuid, permission: Option<&'static str>) -> Self {
        Self { who, workspace, in_path: false, permission }
    }

    /// In a workspace named by the path.
    pub fn in_path(who: Signed, workspace: Uuid, permission: &'static str) -> Self {
        Self { who, workspace, in_path: true, permission: Some(permission) }
    }

    /// Looks the caller up and asks for the permission.
    ///
    /// # Errors
    /// 403 (404 where the path names the workspace) for everybody who cannot enter it, the same
    /// whether or not there is such a workspace; 403 while the organization cannot be used, and
    /// where the caller's role does not hold the permission.
    pub async fn check<C: ConnectionTrait>(&self, connection: &C) -> Result<WorkspaceAccess> {
        let found = WorkspaceAccess::load(connection, self.who, self.workspace).await?;
        let access = found.ok_or_else(|| {
            if self.in_path {
                ApiError::not_found(mark!("There is no such workspace."))
            } else {
                ApiError::forbidden(NO_WORKSPACE)
            }
        })?;
        access.org.may(&Action::UseWorkspaces)?;
        if let Some(permission) = self.permission {
            access.require(permission)?;
        }
        Ok(access)
    }
}

/// What an operation needs in a workspace or an organization, and of whom. As a handler's argument:
/// as [`OrgPermit`].
#[derive(Clone)]
pub struct PlacePermit {
    who: Signed,
    place: Place,
    action: Action<'static>,
}

impl PlacePermit {
    /// Where the rules allow the action.
    pub fn new(who: Signed, place: Place, action: Action<'static>) -> Self {
        Self { who, place, action }
    }

    /// Looks the caller up, and the workspace where one is meant, and asks the rules.
    ///
    /// # Errors
    /// 403 for everybody who is not there, and where the rules do not allow it.
    pub async fn check<C: ConnectionTrait>(
        &self,
        connection: &C,
    ) -> Result<(OrgAccess, Option<workspace::Model>)> {
        let (access, workspace) = self.place.load(connection, self.who).await?;
        access.may(&self.action)?;
        Ok((access, workspace))
    }
}

/// Taken from what the guard left; a handler cannot want what the operation's need does not give
/// (the server would not start).
macro_rules! left_by_the_guard {
    ($($what:ty),*) => {
        $(impl<S: Send + Sync> FromRequestParts<S> for $what {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
                parts.extensions.remove().ok_or_else(|| ApiError::internal("the guard left nothing"))
            }
        })*
    };
}

left_by_the_guard!(OrgAccess, OrgPermit, PlacePermit, WorkspaceAccess, WorkspacePermit);

impl WorkspaceAccess {
    /// Looks the caller up; `None` for everybody who cannot enter the workspace.
    async fn load<C: ConnectionTrait>(connection: &C, who: Signed, workspace: Uuid) -> Result<Option<Self>> {
        let Some(found) = workspace::Entity::find_by_id(workspace).one(connection).await? else {
            return Ok(None);
        };
        let org = match OrgAccess::load(connection, who, found.organization_id).await {
            Err(error) if error.status == StatusCode::FORBIDDEN => return Ok(None),
            other => other?,
        };
        request::note_place(request::Place {
            who,
            organization: org.organization.id,
            workspace: Some(workspace),
        });
        let role = effective_role(connection, &org, workspace).await?;
        Ok(role.map(|role| Self { org, workspace: found, role }))
    }

    /// Begins an entry of the audit log about a change in the workspace.
    pub fn entry(&self, operation: Operation) -> Draft {
        self.org.entry(operation).within(self.workspace.id)
    }

    /// Whether the caller may give somebody this role here.
    ///
    /// # Errors
    /// A sentence where it permits more than the caller's own.
    pub fn may_give(&self, role: &EffectiveRole) -> std::result::Result<(), Denied> {
        gives_no_more(&self.role.permissions, &role.permissions)
    }

    /// Asks for a permission of the contract, such as `projects:read`.
    ///
    /// # Errors
    /// 403 where the caller's role does not hold it.
    pub fn require(&self, permission: &str) -> Result<()> {
        if self.role.permissions.iter().any(|held| held == permission) {
            return Ok(());
        }
        Err(ApiError::forbidden(t!(
            "Your role in this workspace, {role}, does not permit this. It takes {permission}.",
            role = self.role.label,
            permission
        )))
    }
}

/// The caller's role in a workspace of the organization; `None` where the caller cannot enter it.
async fn effective_role<C: ConnectionTrait>(
    connection: &C,
    org: &OrgAccess,
    workspace: Uuid,
) -> Result<Option<EffectiveRole>> {
    Ok(workspace_roles(connection, org, &[workspace]).await?.remove(&workspace))
}

/// The caller's role in each of these workspaces of the organization; those that the caller cannot
/// enter are missing. An Organization Admin is Admin of all.
///
/// # Errors
/// 500 where the database fails.
pub async fn workspace_roles<C: ConnectionTrait>(
    connection: &C,
    org: &OrgAccess,
    workspaces: &[Uuid],
) -> Result<HashMap<Uuid, EffectiveRole>> {
    let all = |role: EffectiveRole| workspaces.iter().map(|id| (*id, role.clone())).collect();
    if org.caller.role == OrganizationRole::Admin {
        return Ok(all(EffectiveRole::admin()));
    }
    if let Some(member) = &org.member {
        let mut rows =
            workspace_member::Entity::find().filter(workspace_member::Column::MemberId.eq(member.id));
        if let [workspace] = workspaces {
            rows = rows.filter(workspace_member::Column::WorkspaceId.eq(*workspace));
        }
        let rows = rows.find_also_related(role::Entity).all(connection).await?;
        let role = |(row, role): (workspace_member::Model, Option<role::Model>)| {
            role.map(|role| (row.workspace_id, working_role(&org.caller, &role)))
        };
        return Ok(rows.into_iter().filter_map(role).collect());
    }
    let Some((key, role_id)) = org.service_key.as_ref().and_then(|key| Some((key, key.role_id?))) else {
        return Ok(HashMap::new());
    };
    let Some(row) = role::Entity::find_by_id(role_id).one(connection).await? else {
        return Ok(HashMap::new());
    };
    let role = working_role(&org.caller, &row);
    if org.caller.credential == Credential::OrganizationKey {
        return Ok(all(role));
    }
    let opens: Vec<Uuid> = api_key_workspace::Entity::find()
        .filter(api_key_workspace::Column::ApiKeyId.eq(key.id))
        .select_only()
        .column(api_key_workspace::Column::WorkspaceId)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(opens.into_iter().map(|id| (id, role.clone())).collect())
}

/// What a service key of these workspaces reaches, for the rules. `None` means the organization's.
///
/// # Errors
/// 500 where the database fails.
pub async fn key_reach<C: ConnectionTrait>(
    connection: &C,
    org: &OrgAccess,
    workspaces: Option<&[Uuid]>,
) -> Result<KeyReach> {
    let Some(workspaces) = workspaces else {
        return Ok(KeyReach { organization: true, admin_everywhere: false });
    };
    let roles = workspace_roles(connection, org, workspaces).await?;
    let admin = |id: &Uuid| roles.get(id).is_some_and(|role| role.id == system_roles::WORKSPACE_ADMIN);
    Ok(KeyReach {
        organization: false,
        admin_everywhere: !workspaces.is_empty() && workspaces.iter().all(admin),
    })
}

/// A stored workspace role as it works on the plan: without RBAC everybody is Admin.
pub fn working_role(caller: &Caller, row: &role::Model) -> EffectiveRole {
    if caller.can_use_rbac { EffectiveRole::of(row) } else { EffectiveRole::admin() }
}
