//! The roles that every organization has. Their ids are the same in every installation, so that
//! scripts may hold on to them.

use atrium_domain::wire::Role;
use atrium_domain::{OrganizationRole, WorkspaceRole};
use uuid::Uuid;

/// The scope of organization roles.
pub const ORGANIZATION: &str = "organization";
/// The scope of workspace roles.
pub const WORKSPACE: &str = "workspace";

const ORGANIZATION_ROLES: [(Uuid, OrganizationRole); 4] = [
    (Uuid::from_u128(0xa7f1_0000_0000_4000_8000_0000_0000_0001), OrganizationRole::Admin),
    (Uuid::from_u128(0xa7f1_0000_0000_4000_8000_0000_0000_0002), OrganizationRole::Operator),
    (Uuid::from_u128(0xa7f1_0000_0000_4000_8000_0000_0000_0003), OrganizationRole::User),
    (Uuid::from_u128(0xa7f1_0000_0000_4000_8000_0000_0000_0004), OrganizationRole::Viewer),
];

/// The id of the workspace role "Admin".
pub const WORKSPACE_ADMIN: Uuid = Uuid::from_u128(0xa7f1_0000_0000_4000_8000_0000_0000_0011);
/// The id of the workspace role "Editor".
pub const WORKSPACE_EDITOR: Uuid = Uuid::from_u128(0xa7f1_0000_0000_4000_8000_0000_0000_0012);
/// The id of the workspace role "Viewer".
pub const WORKSPACE_VIEWER: Uuid = Uuid::from_u128(0xa7f1_0000_0000_4000_8000_0000_0000_0013);

const WORKSPACE_ROLES: [(Uuid, WorkspaceRole); 3] = [
    (WORKSPACE_ADMIN, WorkspaceRole::Admin),
    (WORKSPACE_EDITOR, WorkspaceRole::Editor),
    (WORKSPACE_VIEWER, WorkspaceRole::Viewer),
];

/// The id of an organization role; `None` for a word that is none.
pub fn organization_role_id(role: &OrganizationRole) -> Option<Uuid> {
    ORGANIZATION_ROLES.iter().find(|(_, known)| known == role).map(|(id, _)| *id)
}

/// The organization role of an id.
pub fn organization_role(id: Uuid) -> Option<OrganizationRole> {
    ORGANIZATION_ROLES.iter().find(|(known, _)| *known == id).map(|(_, role)| role.clone())
}

/// Every system role, organization roles first.
pub fn all() -> Vec<Role> {
    let organization = ORGANIZATION_ROLES.iter().map(|(id, role)| Role {
        id: id.to_string(),
        name: role.as_str().to_owned(),
        display_name: role.label().to_owned(),
        description: role.description().to_owned(),
        organization_id: None,
        permissions: role.permissions().iter().map(|name| (*name).to_owned()).collect(),
        access_scope: Some(ORGANIZATION.to_owned()),
    });
    let workspace = WORKSPACE_ROLES.iter().map(|(id, role)| Role {
        id: id.to_string(),
        name: role.as_str().to_owned(),
        display_name: role.label().to_owned(),
        description: role.description().to_owned(),
        organization_id: None,
        permissions: role.permissions().into_iter().map(str::to_owned).collect(),
        access_scope: Some(WORKSPACE.to_owned()),
    });
    organization.chain(workspace).collect()
}

/// The ids and words of the workspace roles.
pub fn workspace_roles() -> &'static [(Uuid, WorkspaceRole)] {
    &WORKSPACE_ROLES
}
