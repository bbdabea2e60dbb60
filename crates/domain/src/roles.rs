//! Roles and permissions.

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
    /// The name that people see (`display_name` of the contract).
    pub fn label(&self) -> &str {
        match self {
            Self::Admin => "Organization Admin",
            Self::Operator => "Organization Operator",
            Self::User => "Organization User",
            Self::Viewer => "Organization Viewer",
            Self::Other(word) => word,
        }
    }

    /// One sentence on what the role can do.
    pub fn description(&self) -> &'static str {
        match self {
            Self::Admin => {
                "Full permissions to manage the organization, its members, billing and every workspace."
            }
            Self::Operator => "Manages the organization and its members, but never an Organization Admin.",
            Self::User => "Reads the organization. Works in the workspaces that it was added to.",
            Self::Viewer => "Reads the organization. Makes no tokens.",
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
    /// The name that people see; a custom role has one of its own instead.
    pub fn label(&self) -> &str {
        match self {
            Self::Admin => "Admin",
            Self::Editor => "Editor",
            Self::Viewer => "Viewer",
            Self::Custom => "Custom",
            Self::Other(word) => word,
        }
    }

    /// One sentence on what the role can do.
    pub fn description(&self) -> &'static str {
        match self {
            Self::Admin => "Full permissions for all resources, and manages the workspace.",
            Self::Editor => "Full permissions for all resources. Does not manage the workspace.",
            Self::Viewer => "Reads all resources.",
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
}

/// Every permission of the contract (`authz_internal.Permission`) with what it allows.
pub const PERMISSIONS: &[(&str, &str)] = &[
    ("annotation-queues:create", "Create annotation queues"),
    ("annotation-queues:delete", "Delete annotation queues"),
    ("annotation-queues:read", "View annotation queues"),
    ("annotation-queues:update", "Change annotation queues"),
    ("charts:create", "Create charts"),
    ("charts:delete", "Delete charts"),
    ("charts:read", "View charts"),
    ("charts:update", "Change charts"),
    ("datasets:create", "Create datasets"),
    ("datasets:delete", "Delete datasets"),
    ("datasets:read", "View datasets"),
    ("datasets:share", "Share datasets with anyone who has the link"),
    ("datasets:update", "Change datasets"),
    ("deployments:create", "Create deployments"),
    ("deployments:delete", "Delete deployments"),
    ("deployments:read", "View deployments"),
    ("deployments:update", "Change deployments"),
    ("feedback:create", "Create feedback"),
    ("feedback:delete", "Delete feedback"),
    ("feedback:read", "View feedback"),
    ("feedback:update", "Change feedback"),
    ("experiments:run", "Run experiments"),
    ("issues:create", "Create issues"),
    ("issues:delete", "Delete issues"),
    ("issues:read", "View issues"),
    ("issues:update", "Change issues"),
    ("projects:create", "Create projects"),
    ("projects:delete", "Delete projects"),
    ("projects:read", "View projects"),
    ("projects:update", "Change projects"),
    ("projects:increase-trace-tier", "Keep traces of projects for longer"),
    ("projects:decrease-trace-tier", "Keep traces of projects for a shorter time"),
    ("prompts:create", "Create prompts"),
    ("prompts:delete", "Delete prompts"),
    ("prompts:read", "View prompts"),
    ("prompts:update", "Change prompts"),
    ("prompts:share", "Share prompts with anyone who has the link"),
    ("rules:create", "Create rules"),
    ("rules:delete", "Delete rules"),
    ("rules:read", "View rules"),
    ("rules:update", "Change rules"),
    ("runs:create", "Create runs"),
    ("runs:read", "View runs"),
    ("runs:share", "Share runs with anyone who has the link"),
    ("runs:delete", "Delete runs"),
    ("sandboxes:create", "Create sandboxes"),
    ("sandboxes:delete", "Delete sandboxes"),
    ("sandboxes:read", "View sandboxes"),
    ("sandboxes:update", "Change sandboxes"),
    ("sandboxes:exec", "Run commands in sandboxes"),
    ("workspaces:manage-members", "Add, change and remove members of the workspace"),
    ("workspaces:manage-secrets", "Change the secrets of the workspace"),
    ("workspaces:manage", "Rename and delete the workspace"),
    ("workspaces:manage-model-configs", "Change the model configurations of the workspace"),
    ("workspaces:read", "Enter the workspace and view its members"),
    ("alerts:create", "Create alerts"),
    ("alerts:update", "Change alerts"),
    ("alerts:delete", "Delete alerts"),
    ("alerts:read", "View alerts"),
    ("bulk-exports:read", "View bulk exports"),
    ("bulk-exports:manage", "Start and cancel bulk exports"),
    ("mcp-servers:create", "Create MCP servers"),
    ("mcp-servers:delete", "Delete MCP servers"),
    ("mcp-servers:invoke", "Call MCP servers"),
    ("mcp-servers:read", "View MCP servers"),
    ("mcp-servers:update", "Change MCP servers"),
    ("gateway:invoke", "Call models through the gateway"),
    ("fleet:read-admin-config", "View the configuration of the fleet"),
    ("fleet:write-admin-config", "Change the configuration of the fleet"),
    ("organization:pats:create", "Create tokens"),
    ("organization:read", "View the organization"),
    ("organization:manage", "Change the organization, its members, workspaces and billing"),
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
    fn unknown_roles_permit_nothing() {
        assert!(OrganizationRole::from("ORGANIZATION_WIZARD").permissions().is_empty());
        assert!(WorkspaceRole::from("WORKSPACE_WIZARD").permissions().is_empty());
        assert_eq!(OrganizationRole::from("ORGANIZATION_WIZARD").label(), "ORGANIZATION_WIZARD");
    }
}
