//! Roles.

use atrium_domain::wire::Role;
use serde::Deserialize;

use super::transport::{Answer, Scope, get};

/// The roles of an organization, the system's and its own.
pub fn roles(organization: String) -> Answer<Vec<Role>> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/roles")
}

/// A member with the workspaces (`orgs.OrgMemberEnriched`), as far as roles are counted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MemberAccess {
    /// The organization role.
    pub role_id: Option<String>,
    /// The workspaces, with the role in each.
    pub workspace_memberships: Vec<WorkspaceAccess>,
}

/// A membership of a workspace (`orgs.WorkspaceMembership`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WorkspaceAccess {
    /// The role in the workspace.
    pub role_id: Option<String>,
}

/// The members that have joined, with the role of each in each workspace.
pub fn access_of_members(organization: String) -> Answer<Vec<MemberAccess>> {
    get(Scope::Organization(organization), "/v1/platform/orgs/current/members?active_is=true&limit=10000")
}
