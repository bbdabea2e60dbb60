//! Roles and permissions.

use std::borrow::Cow;

use atrium_words::{mark, translated};

use crate::open_enum::open_enum;

open_enum! {
    /// A role in an organization.
    OrganizationRole {
        /// Full rights, and Admin of every workspace.
        Admin = "ORGANIZATION_ADMIN",
        /// Manages the organization, never its Admins.
        Operator = "ORGANIZATION_OPERATOR",
        /// Reads the organization.
        User = "ORGANIZATION_USER",
        /// Reads the organization and makes no tokens.
        Viewer = "ORGANIZATION_VIEWER",
    }
}

open_enum! {
    /// A role in a workspace.
    WorkspaceRole {
        /// Everything in the workspace, its members and settings.
        Admin = "WORKSPACE_ADMIN",
        /// Everything in the workspace but its members and settings.
        Editor = "WORKSPACE_USER",
        /// Reads the workspace.
        Viewer = "WORKSPACE_VIEWER",
        /// Made by an organization, permission by permission.
        Custom = "CUSTOM",
    }
}

impl OrganizationRole {
    /// The name that people see (`display_name` of the contract), in English:
    /// `atrium_words::translated` has it in the language in use.
    pub fn label(&self) -> &str {
        match self {
            Self::Admin => mark!("Organization Admin"),
            Self::Operator => mark!("Organization Operator"),
            Self::User => mark!("Organization User"),
            Self::Viewer => mark!("Organization Viewer"),
            Self::Other(word) => word,
        }
    }

    /// One sentence on what the role can do, in English.
    pub fn description(&self) -> &'static str {
        match self {
            Self::Admin => {
                mark!(
                    "Full permissions to manage the organization, its members, billing and every workspace."
                )
            }
            Self::Operator => {
                mark!("Manages the organization and its members, but never an Organization Admin.")
            }
            Self::User => mark!("Reads the organization. Works in the workspaces that it was added to."),
            Self::Viewer => mark!("Reads the organization. Makes no tokens."),
            Self::Other(_) => "",
        }
    }

    /// What the role permits in the organization (`authz.tsv`). An unknown role permits nothing.
    pub fn permissions(&self) -> &'static [&'static str] {
        match self {
            Self::Admin | Self::Operator => {
                &[permission::ORGANIZATION_MANAGE, permission::ORGANIZATION_READ, permission::PATS_CREATE]
            }
            Self::User => &[permission::ORGANIZATION_READ, permission::PATS_CREATE],
            Self::Viewer => &[permission::ORGANIZATION_READ],
            Self::Other(_) => &[],
        }
    }
}

impl WorkspaceRole {
    /// The name that people see, in English as [`OrganizationRole::label`]; a custom role has one of its own
    /// instead.
    pub fn label(&self) -> &str {
        match self {
            Self::Admin => mark!("Admin"),
            Self::Editor => mark!("Editor"),
            Self::Viewer => mark!("Viewer"),
            Self::Custom => mark!("Custom"),
            Self::Other(word) => word,
        }
    }

    /// One sentence on what the role can do, in English.
    pub fn description(&self) -> &'static str {
        match self {
            Self::Admin => mark!("Full permissions for all resources, and manages the workspace."),
            Self::Editor => mark!("Full permissions for all resources. Does not manage the workspace."),
            Self::Viewer => mark!("Reads all resources."),
            Self::Custom | Self::Other(_) => "",
        }
    }

    /// What a system role permits in a workspace; nothing for custom and unknown roles, whose
    /// permissions stand with the role itself.
    pub fn permissions(&self) -> Vec<&'static str> {
        let workspace =
            PERMISSIONS.iter().map(|(name, _)| *name).filter(|name| !name.starts_with("organization:"));
        match self {
            Self::Admin => workspace.collect(),
            Self::Editor => workspace.filter(|name| !is_management(name)).collect(),
            Self::Viewer => workspace.filter(|name| name.ends_with(":read")).collect(),
            Self::Custom | Self::Other(_) => Vec::new(),
        }
    }
}

/// The name of a role as it is read, where only the name is known: that of a system role in the language
/// in use, and one that an organization gave as it is. [`crate::wire::Role::label`] knows better.
pub fn role_label(name: &str) -> Cow<'_, str> {
    if is_system_label(name) { translated(name) } else { Cow::Borrowed(name) }
}

/// Whether a system role is called so; no custom role of a workspace may be called like one of its own.
fn is_system_label(name: &str) -> bool {
    OrganizationRole::KNOWN.iter().any(|role| role.label() == name)
        || WorkspaceRole::KNOWN.iter().any(|role| *role != WorkspaceRole::Custom && role.label() == name)
}

/// What only a workspace's Admin does among the workspace permissions.
fn is_management(name: &str) -> bool {
    (name.starts_with("workspaces:") && name != permission::WORKSPACES_READ)
        || name == "fleet:write-admin-config"
}

/// Names of the permissions that the product itself asks for.
pub mod permission {
    /// Read the organization.
    pub const ORGANIZATION_READ: &str = "organization:read";
    /// Change the organization, its members, workspaces and billing.
    pub const ORGANIZATION_MANAGE: &str = "organization:manage";
    /// Make tokens.
    pub const PATS_CREATE: &str = "organization:pats:create";
    /// Enter a workspace and see its members and counts.
    pub const WORKSPACES_READ: &str = "workspaces:read";
    /// Rename and delete a workspace. Does not include its members.
    pub const WORKSPACES_MANAGE: &str = "workspaces:manage";
    /// Add, change and remove members of a workspace.
    pub const WORKSPACES_MANAGE_MEMBERS: &str = "workspaces:manage-members";
    /// List projects.
    pub const PROJECTS_READ: &str = "projects:read";
    /// Make projects.
    pub const PROJECTS_CREATE: &str = "projects:create";
    /// List datasets.
    pub const DATASETS_READ: &str = "datasets:read";
    /// Make datasets.
    pub const DATASETS_CREATE: &str = "datasets:create";
    /// List annotation queues.
    pub const QUEUES_READ: &str = "annotation-queues:read";
    /// Make annotation queues.
    pub const QUEUES_CREATE: &str = "annotation-queues:create";
    /// List prompts.
    pub const PROMPTS_READ: &str = "prompts:read";
    /// Make prompts.
    pub const PROMPTS_CREATE: &str = "prompts:create";
}

/// Every permission of the contract (`authz_internal.Permission`) with what it allows, in English.
pub const PERMISSIONS: &[(&str, &str)] = &[
    ("annotation-queues:create", mark!("Create annotation queues")),
    ("annotation-queues:delete", mark!("Delete annotation queues")),
    ("annotation-queues:read", mark!("View annotation queues")),
    ("annotation-queues:update", mark!("Change annotation queues")),
    ("charts:create", mark!("Create charts")),
    ("charts:delete", mark!("Delete charts")),
    ("charts:read", mark!("View charts")),
    ("charts:update", mark!("Change charts")),
    ("datasets:create", mark!("Create datasets")),
    ("datasets:delete", mark!("Delete datasets")),
    ("datasets:read", mark!("View datasets")),
    ("datasets:share", mark!("Share datasets with anyone who has the link")),
    ("datasets:update", mark!("Change datasets")),
    ("deployments:create", mark!("Create deployments")),
    ("deployments:delete", mark!("Delete deployments")),
    ("deployments:read", mark!("View deployments")),
    ("deployments:update", mark!("Change deployments")),
    ("feedback:create", mark!("Create feedback")),
    ("feedback:delete", mark!("Delete feedback")),
    ("feedback:read", mark!("View feedback")),
    ("feedback:update", mark!("Change feedback")),
    ("experiments:run", mark!("Run experiments")),
    ("issues:create", mark!("Create issues")),
    ("issues:delete", mark!("Delete issues")),
    ("issues:read", mark!("View issues")),
    ("issues:update", mark!("Change issues")),
    ("projects:create", mark!("Create projects")),
    ("projects:delete", mark!("Delete projects")),
    ("projects:read", mark!("View projects")),
    ("projects:update", mark!("Change projects")),
    ("projects:increase-trace-tier", mark!("Keep traces of projects for longer")),
    ("projects:decrease-trace-tier", mark!("Keep traces of projects for a shorter time")),
    ("prompts:create", mark!("Create prompts")),
    ("prompts:delete", mark!("Delete prompts")),
    ("prompts:read", mark!("View prompts")),
    ("prompts:update", mark!("Change prompts")),
    ("prompts:share", mark!("Share prompts with anyone who has the link")),
    ("rules:create", mark!("Create rules")),
    ("rules:delete", mark!("Delete rules")),
    ("rules:read", mark!("View rules")),
    ("rules:update", mark!("Change rules")),
    ("runs:create", mark!("Create runs")),
    ("runs:read", mark!("View runs")),
    ("runs:share", mark!("Share runs with anyone who has the link")),
    ("runs:delete", mark!("Delete runs")),
    ("sandboxes:create", mark!("Create sandboxes")),
    ("sandboxes:delete", mark!("Delete sandboxes")),
    ("sandboxes:read", mark!("View sandboxes")),
    ("sandboxes:update", mark!("Change sandboxes")),
    ("sandboxes:exec", mark!("Run commands in sandboxes")),
    ("workspaces:manage-members", mark!("Add, change and remove members of the workspace")),
    ("workspaces:manage-secrets", mark!("Change the secrets of the workspace")),
    ("workspaces:manage", mark!("Rename and delete the workspace")),
    ("workspaces:manage-model-configs", mark!("Change the model configurations of the workspace")),
    ("workspaces:read", mark!("Enter the workspace and view its members")),
    ("alerts:create", mark!("Create alerts")),
    ("alerts:update", mark!("Change alerts")),
    ("alerts:delete", mark!("Delete alerts")),
    ("alerts:read", mark!("View alerts")),
    ("bulk-exports:read", mark!("View bulk exports")),
    ("bulk-exports:manage", mark!("Start and cancel bulk exports")),
    ("mcp-servers:create", mark!("Create MCP servers")),
    ("mcp-servers:delete", mark!("Delete MCP servers")),
    ("mcp-servers:invoke", mark!("Call MCP servers")),
    ("mcp-servers:read", mark!("View MCP servers")),
    ("mcp-servers:update", mark!("Change MCP servers")),
    ("gateway:invoke", mark!("Call models through the gateway")),
    ("fleet:read-admin-config", mark!("View the configuration of the fleet")),
    ("fleet:write-admin-config", mark!("Change the configuration of the fleet")),
    ("organization:pats:create", mark!("Create tokens")),
    ("organization:read", mark!("View the organization")),
    ("organization:manage", mark!("Change the organization, its members, workspaces and billing")),
];

/// Whether a permission belongs to the organization (else to a workspace).
pub fn is_organization_permission(name: &str) -> bool {
    name.starts_with("organization:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_roles_nest() {
        let admin = WorkspaceRole::Admin.permissions();
        let editor = WorkspaceRole::Editor.permissions();
        let viewer = WorkspaceRole::Viewer.permissions();
        assert!(editor.iter().all(|name| admin.contains(name)));
        assert!(viewer.iter().all(|name| editor.contains(name)));
        assert!(viewer.len() < editor.len() && editor.len() < admin.len());
    }

    #[test]
    fn only_a_workspace_admin_manages() {
        for name in [permission::WORKSPACES_MANAGE, permission::WORKSPACES_MANAGE_MEMBERS] {
            assert!(WorkspaceRole::Admin.permissions().contains(&name));
            assert!(!WorkspaceRole::Editor.permissions().contains(&name));
        }
        assert!(WorkspaceRole::Viewer.permissions().contains(&permission::WORKSPACES_READ));
    }

    #[test]
    fn the_list_holds_every_permission_once() {
        let mut names: Vec<_> = PERMISSIONS.iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), PERMISSIONS.len());
        assert_eq!(names.iter().filter(|name| is_organization_permission(name)).count(), 3);
    }

    #[test]
    fn only_names_of_system_roles_are_translated() {
        for name in ["Organization Admin", "Organization User", "Admin", "Editor", "Viewer"] {
            assert!(is_system_label(name), "{name}");
        }
        // Words of the app, and names that organizations give.
        for name in ["Read only", "User", "Members", "Custom", "admin", "ORGANIZATION_ADMIN", ""] {
            assert!(!is_system_label(name), "{name}");
            assert_eq!(role_label(name), name);
        }
        assert_eq!(role_label("Viewer"), "Viewer", "in English");
    }

    #[test]
    fn unknown_roles_permit_nothing() {
        assert!(OrganizationRole::from("ORGANIZATION_WIZARD").permissions().is_empty());
        assert!(WorkspaceRole::from("WORKSPACE_WIZARD").permissions().is_empty());
        assert_eq!(OrganizationRole::from("ORGANIZATION_WIZARD").label(), "ORGANIZATION_WIZARD");
    }
}
