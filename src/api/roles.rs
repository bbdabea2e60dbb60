//! Roles.

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::Role;

use super::transport::{Answer, Scope, get};

/// The roles of an organization, the system's and its own.
pub fn roles(organization: String) -> Answer<Vec<Role>> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/roles")
}

/// A member with the workspaces (`orgs.OrgMemberEnriched`), as far as roles are counted.
#[derive(Clone, Debug, Default)]
pub struct MemberAccess {
    /// The organization role.
    pub role_id: Option<String>,
    /// The workspaces, with the role in each.
    pub workspace_memberships: Vec<WorkspaceAccess>,
}

impl FromJson for MemberAccess {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            role_id: json.read_or_default("role_id"),
            workspace_memberships: json.read_or_default("workspace_memberships"),
        })
    }
}

/// A membership of a workspace (`orgs.WorkspaceMembership`).
#[derive(Clone, Debug, Default)]
pub struct WorkspaceAccess {
    /// The role in the workspace.
    pub role_id: Option<String>,
}

impl FromJson for WorkspaceAccess {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { role_id: json.read_or_default("role_id") })
    }
}

/// Most members in one answer of [`access_of_members`].
pub const MOST_ACCESS: usize = 10_000;

/// The members that have joined, up to [`MOST_ACCESS`], with the role of each in each workspace.
pub fn access_of_members(organization: String) -> Answer<Vec<MemberAccess>> {
    get(Scope::Organization(organization), "/v1/platform/orgs/current/members?active_is=true&limit=10000")
}
