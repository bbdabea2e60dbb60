//! Members and invitations as the API shows them.

use std::collections::HashMap;

use atrium_domain::OrganizationRole;
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Time;
use crate::auth::access::{EffectiveRole, working_role};
use crate::db::entity::{account, invitation, member, role};
use crate::db::system_roles;

/// A member with the account's name, as the queries give it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct MemberRow {
    /// The organization identity.
    pub id: Uuid,
    /// The organization.
    pub organization_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The organization role.
    pub role: String,
    /// When the person joined.
    pub created_at: DateTime<Utc>,
    /// The address.
    pub email: String,
    /// The name.
    pub full_name: String,
    /// Whether the account is switched off.
    pub is_disabled: bool,
}

/// A member with the membership of one workspace; the latter is missing for an Organization
/// Admin, who is there without being added.
#[derive(Clone, Debug, FromQueryResult)]
pub struct WorkspaceMemberRow {
    /// The organization identity.
    pub id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The organization role.
    pub role: String,
    /// When the person joined the organization.
    pub created_at: DateTime<Utc>,
    /// The address.
    pub email: String,
    /// The name.
    pub full_name: String,
    /// Whether the account is switched off.
    pub is_disabled: bool,
    /// The workspace identity.
    pub workspace_member_id: Option<Uuid>,
    /// The stored workspace role.
    pub workspace_role_id: Option<Uuid>,
    /// When the person was added.
    pub added_at: Option<DateTime<Utc>>,
}

/// A membership.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identity {
    id: Uuid,
    organization_id: Uuid,
    /// The workspace, for a membership of one.
    tenant_id: Option<Uuid>,
    created_at: Time,
    user_id: Uuid,
    ls_user_id: Uuid,
    /// Whether the role is Viewer of a workspace.
    read_only: bool,
    /// The role, in the scope of the membership.
    role_id: Option<Uuid>,
    role_name: Option<String>,
    /// `organization` or `workspace`.
    access_scope: &'static str,
}

/// Who is behind a membership.
#[derive(Debug, Serialize, ToSchema)]
struct Person {
    email: Option<String>,
    full_name: Option<String>,
    avatar_url: Option<String>,
    linked_login_methods: Vec<LoginMethod>,
    display_name: Option<String>,
    is_disabled: bool,
    org_role_id: Option<Uuid>,
    org_role_name: Option<String>,
}

/// A membership of a workspace, with the person.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberIdentity {
    #[serde(flatten)]
    identity: Identity,
    #[serde(flatten)]
    person: Person,
}

/// A membership of an organization, with the person and the workspaces that the person can enter.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgMemberIdentity {
    #[serde(flatten)]
    identity: Identity,
    #[serde(flatten)]
    person: Person,
    tenant_ids: Vec<Uuid>,
}

/// The id and the name of an organization role.
pub fn role_of(word: &str) -> (Option<Uuid>, String) {
    let role = OrganizationRole::from(word);
    (system_roles::organization_role_id(&role), role.label().to_owned())
}

impl Identity {
    /// A membership of an organization.
    pub fn organization(row: &member::Model) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        Self {
            id: row.id,
            organization_id: row.organization_id,
            tenant_id: None,
            created_at: Time(row.created_at),
            user_id: row.account_id,
            ls_user_id: row.account_id,
            read_only: false,
            role_id,
            role_name: Some(role_name),
            access_scope: system_roles::ORGANIZATION,
        }
    }
}

impl OrgMemberIdentity {
    /// `tenants` are the workspaces that the person can enter.
    pub fn new(row: MemberRow, tenants: Vec<Uuid>) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        let identity = Identity::organization(&member::Model {
            id: row.id,
            organization_id: row.organization_id,
            account_id: row.account_id,
            role: row.role,
            created_at: row.created_at,
        });
        let person = Person::new(row.email, row.full_name, row.is_disabled, role_id, role_name);
        Self { identity, person, tenant_ids: tenants }
    }
}

impl MemberIdentity {
    /// An Organization Admin who was never added shows with the organization identity's id, since
    /// there is no other.
    pub fn new(row: WorkspaceMemberRow, organization: Uuid, workspace: Uuid, role: EffectiveRole) -> Self {
        let (org_role_id, org_role_name) = role_of(&row.role);
        let identity = Identity {
            id: row.workspace_member_id.unwrap_or(row.id),
            organization_id: organization,
            tenant_id: Some(workspace),
            created_at: Time(row.added_at.unwrap_or(row.created_at)),
            user_id: row.account_id,
            ls_user_id: row.account_id,
            read_only: role.id == system_roles::WORKSPACE_VIEWER,
            role_id: Some(role.id),
            role_name: Some(role.label),
            access_scope: system_roles::WORKSPACE,
        };
        let person = Person::new(row.email, row.full_name, row.is_disabled, org_role_id, org_role_name);
        Self { identity, person }
    }

    /// The membership without the person.
    pub fn into_identity(self) -> Identity {
        self.identity
    }
}

impl Person {
    fn new(
        email: String,
        full_name: String,
        is_disabled: bool,
        org_role_id: Option<Uuid>,
        org_role_name: String,
    ) -> Self {
        Self {
            display_name: Some(full_name.clone()),
            email: Some(email),
            full_name: Some(full_name),
            avatar_url: None,
            linked_login_methods: Vec::new(),
            is_disabled,
            org_role_id,
            org_role_name: Some(org_role_name),
        }
    }
}

/// Everybody in an organization.
#[derive(Serialize, ToSchema)]
pub struct OrganizationMembers {
    /// The organization.
    pub organization_id: Uuid,
    /// Those who have joined.
    pub members: Vec<OrgMemberIdentity>,
    /// Those who are invited.
    pub pending: Vec<OrgPendingIdentity>,
}

/// Everybody in a workspace.
#[derive(Serialize, ToSchema)]
pub struct TenantMembers {
    /// The workspace.
    pub tenant_id: Uuid,
    /// Those who are in it.
    pub members: Vec<MemberIdentity>,
    /// Those whose invitation opens it.
    pub pending: Vec<PendingIdentity>,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingIdentity {
    email: String,
    /// Whether the role in the workspaces is Viewer.
    read_only: bool,
    /// The role that it gives, in the scope in which it is shown.
    role_id: Option<Uuid>,
    /// The workspaces that it opens.
    workspace_ids: Option<Vec<Uuid>>,
    /// The role in these workspaces.
    workspace_role_id: Option<Uuid>,
    /// Part of the contract's schema; an invitation here never carries one.
    password: Option<String>,
    full_name: Option<String>,
    /// `organization` or `workspace`.
    access_scope: &'static str,
    id: Uuid,
    user_id: Option<Uuid>,
    tenant_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    created_at: Time,
    role_name: Option<String>,
    org_role_id: Option<Uuid>,
    org_role_name: Option<String>,
}

/// An invitation with the workspaces that the person will be able to enter.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgPendingIdentity {
    #[serde(flatten)]
    invitation: PendingIdentity,
    tenant_ids: Vec<Uuid>,
}

impl PendingIdentity {
    /// An invitation to an organization. `opens` are its workspaces as stored.
    pub fn organization(row: invitation::Model, opens: Vec<Uuid>) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        Self {
            email: row.email,
            read_only: row.workspace_role_id == Some(system_roles::WORKSPACE_VIEWER),
            role_id,
            workspace_ids: Some(opens),
            workspace_role_id: row.workspace_role_id,
            password: None,
            full_name: row.full_name,
            access_scope: system_roles::ORGANIZATION,
            id: row.id,
            user_id: None,
            tenant_id: None,
            organization_id: Some(row.organization_id),
            created_at: Time(row.created_at),
            role_name: Some(role_name.clone()),
            org_role_id: role_id,
            org_role_name: Some(role_name),
        }
    }

    /// The same invitation, as one of its workspaces sees it.
    pub fn workspace(row: invitation::Model, workspace: Uuid, role: EffectiveRole) -> Self {
        let mut answer = Self::organization(row, vec![workspace]);
        answer.access_scope = system_roles::WORKSPACE;
        answer.tenant_id = Some(workspace);
        answer.read_only = role.id == system_roles::WORKSPACE_VIEWER;
        answer.role_id = Some(role.id);
        answer.role_name = Some(role.label);
        answer
    }
}

impl OrgPendingIdentity {
    /// `tenants` are the workspaces that the person will be able to enter.
    pub fn new(row: invitation::Model, opens: Vec<Uuid>, tenants: Vec<Uuid>) -> Self {
        Self { invitation: PendingIdentity::organization(row, opens), tenant_ids: tenants }
    }
}

/// A way in which an account signs in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderUserSlim)]
pub struct LoginMethod {
    id: Uuid,
    provider: Option<String>,
    ls_user_id: Uuid,
    saml_provider_id: Option<Uuid>,
    provider_user_id: Option<Uuid>,
    created_at: Time,
    updated_at: Time,
    email: Option<String>,
    full_name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    is_disabled: Option<bool>,
    provisioning_method: Option<String>,
    email_confirmed_at: Option<Time>,
}

impl LoginMethod {
    /// The one way that an account has: its address and password.
    pub fn new(account: &account::Model) -> Self {
        Self {
            id: account.id,
            provider: Some("email".to_owned()),
            ls_user_id: account.id,
            saml_provider_id: None,
            provider_user_id: None,
            created_at: Time(account.created_at),
            updated_at: Time(account.created_at),
            email: Some(account.email.clone()),
            full_name: Some(account.full_name.clone()),
            first_name: None,
            last_name: None,
            username: Some(account.email.clone()),
            is_disabled: Some(account.is_disabled),
            provisioning_method: None,
            email_confirmed_at: None,
        }
    }
}

/// A member, or somebody invited, in the newer list: with the role in each workspace.
#[derive(Serialize, ToSchema)]
#[schema(as = OrgMemberEnriched)]
pub struct EnrichedMember {
    avatar_url: &'static str,
    created_at: Time,
    display_name: String,
    email: String,
    id: Uuid,
    is_disabled: bool,
    is_pending: bool,
    linked_login_methods: Vec<LinkedLoginMethod>,
    /// The account; empty while somebody is only invited.
    ls_user_id: String,
    role_id: Option<Uuid>,
    role_name: String,
    scim_groups: Vec<ScimGroup>,
    workspace_memberships: Vec<WorkspaceMembership>,
    /// Atrium's own: what `If-Match` of a change names, so that nothing is overwritten that the caller
    /// has not seen. Invitations have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct LinkedLoginMethod {
    provider: &'static str,
    provisioning: &'static str,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SCIMGroup)]
struct ScimGroup {
    created_at: Time,
    name: String,
}

/// A workspace that a member was added to, and the role there.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceMembership {
    /// The role.
    pub role_id: Uuid,
    /// Its name.
    pub role_name: String,
    /// The workspace.
    pub workspace_id: Uuid,
    /// Its name.
    pub workspace_name: String,
    /// Atrium's own: the role that the member was given there, where another one counts. It is what an
    /// Organization Admin is left with who is none any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_role_id: Option<Uuid>,
}

impl WorkspaceMembership {
    /// A workspace that somebody is in or will be, with the role there.
    pub fn new(id: Uuid, name: String, role: &EffectiveRole) -> Self {
        Self {
            role_id: role.id,
            role_name: role.label.clone(),
            workspace_id: id,
            workspace_name: name,
            assigned_role_id: None,
        }
    }
}

impl EnrichedMember {
    /// A member with the entity tag and the workspaces that the person was added to.
    pub fn active(row: MemberRow, etag: String, workspace_memberships: Vec<WorkspaceMembership>) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        Self {
            avatar_url: "",
            created_at: Time(row.created_at),
            display_name: row.full_name,
            email: row.email,
            id: row.id,
            is_disabled: row.is_disabled,
            is_pending: false,
            linked_login_methods: vec![LinkedLoginMethod { provider: "email", provisioning: "" }],
            ls_user_id: row.account_id.to_string(),
            role_id,
            role_name,
            scim_groups: Vec::new(),
            workspace_memberships,
            etag: Some(etag),
        }
    }

    /// Somebody who is invited, with the workspaces that the invitation opens.
    pub fn invited(row: invitation::Model, workspace_memberships: Vec<WorkspaceMembership>) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        Self {
            avatar_url: "",
            created_at: Time(row.created_at),
            display_name: row.full_name.unwrap_or_default(),
            email: row.email,
            id: row.id,
            is_disabled: false,
            is_pending: true,
            linked_login_methods: Vec::new(),
            ls_user_id: String::new(),
            role_id,
            role_name,
            scim_groups: Vec::new(),
            workspace_memberships,
            etag: None,
        }
    }
}

/// The role with which somebody is in a workspace: Organization Admins are its Admins.
pub fn role_in_workspace(
    caller: &atrium_domain::Caller,
    organization_role: &str,
    stored: Option<Uuid>,
    roles: &HashMap<Uuid, role::Model>,
) -> EffectiveRole {
    if organization_role == OrganizationRole::Admin.as_str() {
        return EffectiveRole::admin();
    }
    stored.and_then(|id| roles.get(&id)).map_or_else(EffectiveRole::admin, |row| working_role(caller, row))
}
