//! Members and invitations as the API shows them.

use std::collections::HashMap;

use atrium_domain::OrganizationRole;
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use super::time;
use crate::auth::access::{EffectiveRole, working_role};
use crate::db::entity::{invitation, member, role};
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

/// `Identity`, with the fields of `MemberIdentity` and `OrgMemberIdentity` where they are known.
#[derive(Debug, Serialize)]
pub struct MemberAnswer {
    id: Uuid,
    organization_id: Uuid,
    tenant_id: Option<Uuid>,
    created_at: String,
    user_id: Uuid,
    ls_user_id: Uuid,
    read_only: bool,
    role_id: Option<Uuid>,
    role_name: Option<String>,
    access_scope: &'static str,
    #[serde(flatten)]
    person: Option<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_ids: Option<Vec<Uuid>>,
}

#[derive(Debug, Serialize)]
struct Person {
    email: String,
    full_name: String,
    avatar_url: Option<String>,
    linked_login_methods: [(); 0],
    display_name: String,
    is_disabled: bool,
    org_role_id: Option<Uuid>,
    org_role_name: String,
}

fn role_of(word: &str) -> (Option<Uuid>, String) {
    let role = OrganizationRole::from(word);
    (system_roles::organization_role_id(&role), role.label().to_owned())
}

impl MemberAnswer {
    /// `OrgMemberIdentity`. `tenants` are the workspaces that the person can enter.
    pub fn organization(row: MemberRow, tenants: Vec<Uuid>) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        Self {
            id: row.id,
            organization_id: row.organization_id,
            tenant_id: None,
            created_at: time(row.created_at),
            user_id: row.account_id,
            ls_user_id: row.account_id,
            read_only: false,
            role_id,
            role_name: Some(role_name.clone()),
            access_scope: system_roles::ORGANIZATION,
            person: Some(Person {
                display_name: row.full_name.clone(),
                email: row.email,
                full_name: row.full_name,
                avatar_url: None,
                linked_login_methods: [],
                is_disabled: row.is_disabled,
                org_role_id: role_id,
                org_role_name: role_name,
            }),
            tenant_ids: Some(tenants),
        }
    }

    /// `Identity` of an organization.
    pub fn organization_identity(row: &member::Model) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        Self {
            id: row.id,
            organization_id: row.organization_id,
            tenant_id: None,
            created_at: time(row.created_at),
            user_id: row.account_id,
            ls_user_id: row.account_id,
            read_only: false,
            role_id,
            role_name: Some(role_name),
            access_scope: system_roles::ORGANIZATION,
            person: None,
            tenant_ids: None,
        }
    }

    /// `MemberIdentity` of a workspace. An Organization Admin who was never added shows with the
    /// organization identity's id, since there is no other.
    pub fn workspace(
        row: WorkspaceMemberRow,
        organization: Uuid,
        workspace: Uuid,
        role: EffectiveRole,
    ) -> Self {
        let (org_role_id, org_role_name) = role_of(&row.role);
        Self {
            id: row.workspace_member_id.unwrap_or(row.id),
            organization_id: organization,
            tenant_id: Some(workspace),
            created_at: time(row.added_at.unwrap_or(row.created_at)),
            user_id: row.account_id,
            ls_user_id: row.account_id,
            read_only: false,
            role_id: Some(role.id),
            role_name: Some(role.label),
            access_scope: system_roles::WORKSPACE,
            person: Some(Person {
                display_name: row.full_name.clone(),
                email: row.email,
                full_name: row.full_name,
                avatar_url: None,
                linked_login_methods: [],
                is_disabled: row.is_disabled,
                org_role_id,
                org_role_name,
            }),
            tenant_ids: None,
        }
    }

    /// `Identity` of a workspace.
    pub fn workspace_identity(mut self) -> Self {
        self.person = None;
        self
    }
}

/// `PendingIdentity`, and `OrgPendingIdentity` with `tenant_ids`.
#[derive(Debug, Serialize)]
pub struct InvitationAnswer {
    email: String,
    read_only: bool,
    role_id: Option<Uuid>,
    workspace_ids: Vec<Uuid>,
    workspace_role_id: Option<Uuid>,
    /// Part of the contract's schema; an invitation here never carries one.
    password: Option<String>,
    full_name: Option<String>,
    access_scope: &'static str,
    id: Uuid,
    user_id: Option<Uuid>,
    tenant_id: Option<Uuid>,
    organization_id: Uuid,
    created_at: String,
    role_name: Option<String>,
    org_role_id: Option<Uuid>,
    org_role_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_ids: Option<Vec<Uuid>>,
}

impl InvitationAnswer {
    /// An invitation to an organization. `opens` are its workspaces as stored, `tenants` those
    /// that the person will be able to enter (`OrgPendingIdentity` alone).
    pub fn organization(row: invitation::Model, opens: Vec<Uuid>, tenants: Option<Vec<Uuid>>) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        Self {
            email: row.email,
            read_only: false,
            role_id,
            workspace_ids: opens,
            workspace_role_id: row.workspace_role_id,
            password: None,
            full_name: row.full_name,
            access_scope: system_roles::ORGANIZATION,
            id: row.id,
            user_id: None,
            tenant_id: None,
            organization_id: row.organization_id,
            created_at: time(row.created_at),
            role_name: Some(role_name.clone()),
            org_role_id: role_id,
            org_role_name: role_name,
            tenant_ids: tenants,
        }
    }

    /// The same invitation, as one of its workspaces sees it.
    pub fn workspace(row: invitation::Model, workspace: Uuid, role: EffectiveRole) -> Self {
        let mut answer = Self::organization(row, vec![workspace], None);
        answer.access_scope = system_roles::WORKSPACE;
        answer.tenant_id = Some(workspace);
        answer.role_id = Some(role.id);
        answer.role_name = Some(role.label);
        answer
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
