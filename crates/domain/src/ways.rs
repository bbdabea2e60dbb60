//! Why somebody may do something: by which role, given where.

use crate::roles::{OrganizationRole, WorkspaceRole, is_organization_permission};
use crate::wire::Role;

/// By what somebody is permitted something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The organization role itself permits it.
    OrganizationRole,
    /// An Organization Admin is Admin of every workspace, without being added.
    OrganizationAdmin,
    /// On a plan whose workspace roles do not differ, everybody in a workspace is its Admin.
    Plan,
    /// A workspace role of the system.
    WorkspaceRole,
    /// A role that the organization made.
    CustomRole,
}

/// Somebody's membership of a workspace.
#[derive(Clone, Copy, Debug)]
pub enum Membership<'a> {
    /// Not added.
    None,
    /// Added with this role.
    With(&'a Role),
    /// Added with a role that is not known.
    WithUnknown,
}

/// A member of an organization, as far as access goes.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The organization role.
    pub role: &'a OrganizationRole,
    /// Whether workspace roles differ between members (`config.can_use_rbac`).
    pub can_use_rbac: bool,
    /// The workspace role "Admin", where the roles are known.
    pub admin: Option<&'a Role>,
}

impl Member<'_> {
    /// What somebody may do in a workspace, and by what; `None` for who cannot enter it, and for a
    /// role of which nothing is known.
    pub fn inside<'b>(&'b self, membership: Membership<'b>) -> Option<(Way, &'b [String])> {
        let admin = || self.admin.map_or(&[][..], |role| role.permissions.as_slice());
        match (self.role, self.can_use_rbac, membership) {
            (OrganizationRole::Admin, ..) => Some((Way::OrganizationAdmin, admin())),
            (_, _, Membership::None) => None,
            (_, false, _) => Some((Way::Plan, admin())),
            (_, true, Membership::With(role)) => {
                let system = !matches!(
                    role.workspace_role(),
                    Some(WorkspaceRole::Custom | WorkspaceRole::Other(_)) | None
                );
                let way = if system { Way::WorkspaceRole } else { Way::CustomRole };
                Some((way, &role.permissions))
            }
            (_, true, Membership::WithUnknown) => None,
        }
    }

    /// By what somebody is permitted this: in the organization, or in a workspace with this
    /// membership of it. `None` for who is not.
    pub fn way_to(&self, permission: &str, membership: Membership<'_>) -> Option<Way> {
        if is_organization_permission(permission) {
            return self.role.permissions().contains(&permission).then_some(Way::OrganizationRole);
        }
        let (way, permissions) = self.inside(membership)?;
        permissions.iter().any(|name| name == permission).then_some(way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str, permissions: &[&str]) -> Role {
        Role {
            id: name.to_owned(),
            name: name.to_owned(),
            display_name: name.to_owned(),
            description: String::new(),
            organization_id: None,
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
            access_scope: Some("workspace".to_owned()),
        }
    }

    #[test]
    fn each_way_has_its_reason() {
        let admin = role("WORKSPACE_ADMIN", &["runs:read", "runs:delete"]);
        let (viewer, custom) = (role("WORKSPACE_VIEWER", &["runs:read"]), role("CUSTOM", &["runs:delete"]));
        let member = |role, can_use_rbac| Member { role, can_use_rbac, admin: Some(&admin) };
        let user = member(&OrganizationRole::User, true);
        assert_eq!(user.way_to("runs:read", Membership::None), None);
        assert_eq!(user.way_to("runs:read", Membership::With(&viewer)), Some(Way::WorkspaceRole));
        assert_eq!(user.way_to("runs:delete", Membership::With(&viewer)), None);
        assert_eq!(user.way_to("runs:delete", Membership::With(&custom)), Some(Way::CustomRole));
        assert_eq!(user.way_to("runs:delete", Membership::WithUnknown), None);
        assert_eq!(user.way_to("organization:read", Membership::None), Some(Way::OrganizationRole));
        assert_eq!(user.way_to("organization:manage", Membership::With(&admin)), None);
        let plain = member(&OrganizationRole::User, false);
        assert_eq!(plain.way_to("runs:delete", Membership::With(&viewer)), Some(Way::Plan));
        assert_eq!(plain.way_to("runs:delete", Membership::WithUnknown), Some(Way::Plan));
        assert_eq!(plain.way_to("runs:delete", Membership::None), None);
        for rbac in [true, false] {
            let boss = member(&OrganizationRole::Admin, rbac);
            assert_eq!(boss.way_to("runs:delete", Membership::None), Some(Way::OrganizationAdmin));
            assert_eq!(boss.way_to("runs:delete", Membership::With(&viewer)), Some(Way::OrganizationAdmin));
        }
        let operator = member(&OrganizationRole::Operator, true);
        assert_eq!(operator.way_to("runs:read", Membership::None), None);
    }
}
