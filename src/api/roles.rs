//! Roles: what there are, what they permit, and who has them.

use atrium_domain::OrganizationRole;
use atrium_domain::json::{FromJson, Json};
use atrium_domain::permissions::Permission;
use atrium_domain::wire::{InstanceFlags, Member, Role, RoleDefinition, WorkspaceMemberPatch};
use gloo_net::http::Method;

use super::members::encoded;
use super::transport::{Answer, Paged, Scope, change, command, get, get_page, json};

/// The roles of an organization, the system's and its own.
pub fn roles(organization: String) -> Answer<Vec<Role>> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/roles")
}

/// What roles can permit.
pub fn permissions() -> Answer<Vec<Permission>> {
    get(Scope::Account, "/api/v1/orgs/permissions")
}

/// Makes a role.
pub fn create_role(organization: String, role: &RoleDefinition) -> Answer<Role> {
    change(Method::POST, Scope::Organization(organization), "/api/v1/orgs/current/roles", role)
}

/// Changes a role.
pub fn update_role(organization: String, id: &str, role: &RoleDefinition) -> Answer<Role> {
    let path = format!("/api/v1/orgs/current/roles/{id}");
    change(Method::PATCH, Scope::Organization(organization), path, role)
}

/// Deletes a role that nobody has.
pub fn delete_role(organization: String, id: &str) -> Answer<()> {
    let path = format!("/api/v1/orgs/current/roles/{id}");
    command(Method::DELETE, Scope::Organization(organization), path, None)
}

/// The memberships of a workspace that some addresses have.
pub fn workspace_members_among(
    organization: String,
    workspace: String,
    addresses: &[String],
) -> Answer<Vec<Member>> {
    let path = "/api/v1/workspaces/current/members/active?limit=500".to_owned();
    let path = addresses.iter().fold(path, |path, one| format!("{path}&emails={}", encoded(one)));
    get(Scope::Workspace(organization, workspace), path)
}

/// Gives a member of a workspace another role there.
pub fn change_workspace_role(
    organization: String,
    workspace: String,
    identity: &str,
    role_id: String,
) -> Answer<()> {
    let path = format!("/api/v1/workspaces/current/members/{identity}");
    let body = json(&WorkspaceMemberPatch { role_id });
    command(Method::PATCH, Scope::Workspace(organization, workspace), path, body)
}

/// Which people a list of them with their access has.
#[derive(Clone, Debug, PartialEq)]
pub enum Having {
    /// Members with this organization role.
    OrganizationRole(OrganizationRole),
    /// Those who work with this workspace role somewhere; members alone, or those as well whom an
    /// invitation gives it.
    WorkspaceRole {
        /// The role's id.
        id: String,
        /// Its name.
        name: String,
        /// Whether invitations count.
        invited: bool,
    },
    /// Members who are permitted this.
    Permission {
        /// The permission's word.
        name: String,
        /// Where; in the organization, or in any workspace, where there is none.
        workspace: Option<String>,
    },
    /// Members whose address has this one in it.
    Address(String),
}

impl Having {
    /// The query of such a list. A backend without Atrium's own questions gets LangSmith's, which
    /// look for a role by its name.
    fn query(&self, flags: &InstanceFlags) -> String {
        let role_name = |name: &str| format!("workspace_role_like={}", encoded(name));
        let mut query = match self {
            Self::OrganizationRole(role) if flags.members_query => {
                format!("organization_role={}", role.as_str())
            }
            Self::OrganizationRole(role) => format!("organization_role_like={}", encoded(role.label())),
            Self::WorkspaceRole { id, .. } if flags.access_query => format!("workspace_role_id={id}"),
            Self::WorkspaceRole { name, .. } => role_name(name),
            Self::Permission { name, workspace } => {
                let place = workspace.as_ref().map(|id| format!("&workspace_id={id}")).unwrap_or_default();
                format!("permission={}{place}", encoded(name))
            }
            Self::Address(address) => format!("email_like={}", encoded(address)),
        };
        if !matches!(self, Self::WorkspaceRole { invited: true, .. }) {
            query.push_str("&active_is=true");
        }
        if flags.members_query {
            query.push_str("&sort_by=email&sort_by_desc=false");
        }
        query
    }
}

/// Whether a role can be told from all others by its name, where that is what a backend is asked by.
pub fn is_name_of_one(role: &Role, roles: &[Role]) -> bool {
    let name = role.display_name.to_lowercase();
    let other = |other: &&Role| {
        other.id != role.id && other.organization_role().is_some() == role.organization_role().is_some()
    };
    roles.iter().filter(other).all(|other| !other.display_name.to_lowercase().contains(&name))
}

/// Those who have a role, as the API is asked for them; `None` where it cannot tell them from others: it
/// looks for a role by its name, and another one's name holds that.
pub fn having(role: &Role, roles: &[Role], flags: &InstanceFlags, invited: bool) -> Option<Having> {
    match role.organization_role() {
        Some(role) => Some(Having::OrganizationRole(role)),
        None if flags.access_query || is_name_of_one(role, roles) => {
            Some(Having::WorkspaceRole { id: role.id.clone(), name: role.display_name.clone(), invited })
        }
        None => None,
    }
}

/// Somebody with all that they can enter (`orgs.OrgMemberEnriched`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonAccess {
    /// The identity.
    pub id: String,
    /// The address.
    pub email: String,
    /// The name; empty where it is not known.
    pub name: String,
    /// Whether this is an invitation.
    pub invited: bool,
    /// The organization role.
    pub role_id: Option<String>,
    /// Its name.
    pub role_name: Option<String>,
    /// The workspaces that the person was added to.
    pub workspaces: Vec<AccessIn>,
}

/// A workspace that somebody was added to (`orgs.WorkspaceMembership`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccessIn {
    /// The workspace.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The role in it.
    pub role_id: String,
    /// The role's name.
    pub role_name: String,
}

impl FromJson for PersonAccess {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.read("id")?,
            email: json.read_or_default("email"),
            name: json.read_or_default("display_name"),
            invited: json.read_or_default("is_pending"),
            role_id: json.read_or_default("role_id"),
            role_name: json.read_or_default("role_name"),
            workspaces: json.read_or_default("workspace_memberships"),
        })
    }
}

impl FromJson for AccessIn {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.read("workspace_id")?,
            name: json.read_or_default("workspace_name"),
            role_id: json.read_or_default("role_id"),
            role_name: json.read_or_default("role_name"),
        })
    }
}

/// A page of people with their access: up to `limit` after the first `offset`.
pub fn people_with(
    organization: String,
    with: &Having,
    flags: &InstanceFlags,
    offset: usize,
    limit: usize,
) -> Answer<Paged<PersonAccess>> {
    let path =
        format!("/v1/platform/orgs/current/members?limit={limit}&offset={offset}&{}", with.query(flags));
    get_page(Scope::Organization(organization), path)
}

/// How many such people there are; `None` where the server does not tell.
pub fn count_with(organization: String, with: &Having, flags: &InstanceFlags) -> Answer<Option<u64>> {
    let answer = people_with(organization, with, flags, 0, 1);
    Answer { json: answer.json, read: |json| Some(json.read("total")) }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn each_backend_is_asked_by_what_it_knows() {
        let all = InstanceFlags { members_query: true, access_query: true, ..Default::default() };
        let none = InstanceFlags::default();
        let role = Having::WorkspaceRole { id: "r1".into(), name: "R&D".into(), invited: false };
        let sorted = "&sort_by=email&sort_by_desc=false";
        assert_eq!(role.query(&all), format!("workspace_role_id=r1&active_is=true{sorted}"));
        assert_eq!(role.query(&none), "workspace_role_like=R%26D&active_is=true");
        let invited = Having::WorkspaceRole { id: "r1".into(), name: "R".into(), invited: true };
        assert_eq!(invited.query(&none), "workspace_role_like=R");
        let admin = Having::OrganizationRole(OrganizationRole::Admin);
        assert_eq!(admin.query(&none), "organization_role_like=Organization%20Admin&active_is=true");
        let can = Having::Permission { name: "runs:read".into(), workspace: Some("w".into()) };
        assert_eq!(can.query(&all), format!("permission=runs%3Aread&workspace_id=w&active_is=true{sorted}"));
    }

    #[wasm_bindgen_test]
    fn a_name_within_another_is_the_name_of_several() {
        let role = |id: &str, name: &str| Role {
            id: id.into(),
            name: "CUSTOM".into(),
            display_name: name.into(),
            description: String::new(),
            organization_id: None,
            permissions: vec![],
            access_scope: Some("workspace".into()),
        };
        let all = [role("1", "Viewer"), role("2", "Log viewer")];
        assert!(!is_name_of_one(&all[0], &all) && is_name_of_one(&all[1], &all));
    }
}
