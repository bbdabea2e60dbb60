//! Who may do what, and the reason where not.
//!
//! The rules are those of LangSmith's tables of operations and roles (the tests below hold
//! the tables of organization operations in their own words). The server calls
//! [`Caller::may`] before each change, the app calls it to show a control with its reason.

use crate::plan::Tier;
use crate::roles::{OrganizationRole, permission};

/// A refusal: one sentence that can stand beside a disabled control and in an answer of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(pub &'static str);

impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Somebody in an organization, as far as the rules look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The role in the organization.
    pub role: OrganizationRole,
    /// The organization's plan.
    pub tier: Tier,
    /// Whether the organization is switched off, as while it is pending (`disabled`).
    pub disabled: bool,
    /// Whether it is somebody's personal organization.
    pub is_personal: bool,
    /// Whether workspace roles differ between members (`config.can_use_rbac`).
    pub can_use_rbac: bool,
    /// Whether the plan has an audit log to read (`config.can_use_audit_logs`).
    pub can_use_audit_logs: bool,
    /// Most workspaces of the plan (`config.max_workspaces`).
    pub max_workspaces: u32,
    /// Whether the limit of workspaces is met (`reached_max_workspaces`).
    pub reached_max_workspaces: bool,
}

/// What somebody wants to do in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Read the organization, its members, roles and billing.
    ReadOrganization,
    /// Change its name and settings.
    UpdateOrganization,
    /// Choose a plan, add or change the card and the business information.
    ManageBilling,
    /// See the workspaces, and enter one.
    UseWorkspaces,
    /// Make a workspace.
    CreateWorkspace,
    /// Invite somebody with this organization role.
    Invite(&'a OrganizationRole),
    /// Give somebody who has the first role the second one.
    ChangeRole(&'a OrganizationRole, &'a OrganizationRole),
    /// Remove a member, or revoke an invitation, of this role.
    Remove(&'a OrganizationRole),
    /// Make, change or delete a custom workspace role.
    ManageRoles,
    /// Give workspace roles that differ between members.
    AssignWorkspaceRoles,
    /// Read the audit log.
    ReadAuditLog,
    /// Make a personal token.
    CreateToken,
}

const PENDING: Denied = Denied("This organization is pending. Set up billing to use it.");
const NOT_MANAGER: Denied = Denied("Only an Organization Admin or Operator can do this. Ask one of them.");

impl Caller {
    /// Whether the action is allowed.
    ///
    /// # Errors
    /// The reason, as a sentence for people, where it is not.
    pub fn may(&self, action: &Action<'_>) -> Result<(), Denied> {
        let holds = |name: &str| self.role.permissions().contains(&name);
        let manages = || if holds(permission::ORGANIZATION_MANAGE) { Ok(()) } else { Err(NOT_MANAGER) };
        let reads = || {
            if holds(permission::ORGANIZATION_READ) {
                Ok(())
            } else {
                Err(Denied("Your role in this organization does not permit this."))
            }
        };
        match action {
            Action::ReadOrganization => reads(),
            // A pending organization can be named, billed and staffed: that is how it gets out of it.
            Action::UpdateOrganization | Action::ManageBilling => manages(),
            Action::UseWorkspaces => reads().and(self.usable()),
            Action::CreateWorkspace => {
                manages()?;
                self.usable()?;
                if self.is_personal {
                    return Err(Denied(
                        "A personal organization has one workspace. Make a shared organization for more.",
                    ));
                }
                if self.reached_max_workspaces {
                    return Err(Denied(
                        "The plan's limit of workspaces is reached. Change the plan, or delete a workspace.",
                    ));
                }
                Ok(())
            }
            Action::Invite(role) => {
                manages()?;
                self.may_have_members()?;
                self.offers(role)?;
                self.touches(role, "An Operator cannot invite an Organization Admin or Operator.")
            }
            Action::ChangeRole(from, to) => {
                manages()?;
                self.may_have_members()?;
                self.touches(from, "An Operator cannot change an Organization Admin or Operator.")?;
                self.offers(to)?;
                self.touches(to, "An Operator cannot make somebody an Organization Admin or Operator.")
            }
            Action::Remove(role) => {
                manages()?;
                // The table lets an Operator remove anybody but an Admin, other Operators included.
                if self.role == OrganizationRole::Operator && !self.below_admin(role) {
                    return Err(Denied("An Operator cannot remove an Organization Admin."));
                }
                Ok(())
            }
            Action::ManageRoles => {
                manages()?;
                self.usable()?;
                self.rbac("Custom roles are part of the Enterprise plan.")
            }
            Action::AssignWorkspaceRoles => self.rbac(
                "On this plan everybody in a workspace is its Admin. Enterprise has roles that differ.",
            ),
            Action::ReadAuditLog => {
                manages()?;
                if self.can_use_audit_logs {
                    Ok(())
                } else {
                    Err(Denied("The audit log is part of the Enterprise plan."))
                }
            }
            Action::CreateToken => {
                if holds(permission::PATS_CREATE) {
                    self.usable()
                } else {
                    Err(Denied("An Organization Viewer makes no tokens."))
                }
            }
        }
    }

    /// The sentence that says why not, for a disabled control; `None` where the action is allowed.
    pub fn why_not(&self, action: &Action<'_>) -> Option<String> {
        self.may(action).err().map(|denied| denied.0.to_owned())
    }

    /// Whether the organization is out of the pending state.
    ///
    /// # Errors
    /// Pending or switched off.
    pub fn usable(&self) -> Result<(), Denied> {
        match (&self.tier, self.disabled) {
            (Tier::NoPlan, _) => Err(PENDING),
            (_, true) => Err(Denied(
                "This organization is switched off. Ask an Organization Admin to look at billing.",
            )),
            _ => Ok(()),
        }
    }

    /// The organization roles of this plan: all four where there can be several workspaces, else
    /// Admin alone (with a single workspace everybody is an Organization Admin).
    ///
    /// While the organization is pending its plan is not known yet; all are offered, since every
    /// plan on offer for it has several workspaces.
    pub fn offered_roles(&self) -> &'static [OrganizationRole] {
        if self.max_workspaces > 1 || self.tier == Tier::NoPlan {
            OrganizationRole::KNOWN
        } else {
            &[OrganizationRole::Admin]
        }
    }

    fn offers(&self, role: &OrganizationRole) -> Result<(), Denied> {
        if self.offered_roles().contains(role) {
            return Ok(());
        }
        match role {
            OrganizationRole::Other(_) => Err(Denied("This role is not one of an organization.")),
            _ => Err(Denied("On a plan with a single workspace everybody is an Organization Admin.")),
        }
    }

    fn may_have_members(&self) -> Result<(), Denied> {
        if self.is_personal {
            return Err(Denied(
                "A personal organization has its owner only. Make a shared organization to invite people.",
            ));
        }
        match (&self.tier, self.disabled) {
            (Tier::NoPlan, _) => Ok(()),
            _ => self.usable(),
        }
    }

    fn touches(&self, role: &OrganizationRole, reason: &'static str) -> Result<(), Denied> {
        let users = matches!(role, OrganizationRole::User | OrganizationRole::Viewer);
        if self.role == OrganizationRole::Operator && !users { Err(Denied(reason)) } else { Ok(()) }
    }

    /// Whether a role is known to stand below Admin. An unknown one may be above: not touched.
    fn below_admin(&self, role: &OrganizationRole) -> bool {
        !matches!(role, OrganizationRole::Admin | OrganizationRole::Other(_))
    }

    fn rbac(&self, reason: &'static str) -> Result<(), Denied> {
        if self.can_use_rbac { Ok(()) } else { Err(Denied(reason)) }
    }
}

/// The reason that protects the last Organization Admin.
pub const LAST_ADMIN: Denied =
    Denied("An organization keeps at least one Organization Admin. Make somebody else an Admin first.");

/// Whether a change leaves the organization an admin. `admins` counts the active Organization
/// Admins before the change, never a filtered list; `loses_admin` says whether the change takes
/// the role from one of them.
///
/// # Errors
/// [`LAST_ADMIN`] where none would be left.
pub fn keeps_an_admin(admins: u64, loses_admin: bool) -> Result<(), Denied> {
    if loses_admin && admins <= 1 { Err(LAST_ADMIN) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::OrganizationRole::{Admin, Operator, User, Viewer};
    use super::*;

    fn caller(role: OrganizationRole, tier: Tier) -> Caller {
        let terms = tier.terms();
        Caller {
            role,
            disabled: tier == Tier::NoPlan,
            is_personal: false,
            can_use_rbac: terms.can_use_rbac,
            can_use_audit_logs: terms.can_use_audit_logs,
            max_workspaces: terms.max_workspaces,
            reached_max_workspaces: false,
            tier,
        }
    }

    /// The operations on an organization by role, on Enterprise: Admin, Operator, User, Viewer.
    #[test]
    fn the_table_of_roles() {
        let table: &[(Action<'static>, [bool; 4])] = &[
            (Action::ReadOrganization, [true, true, true, true]),
            (Action::UseWorkspaces, [true, true, true, true]),
            (Action::UpdateOrganization, [true, true, false, false]),
            (Action::ManageBilling, [true, true, false, false]),
            (Action::CreateWorkspace, [true, true, false, false]),
            (Action::Invite(&Admin), [true, false, false, false]),
            (Action::Invite(&Operator), [true, false, false, false]),
            (Action::Invite(&User), [true, true, false, false]),
            (Action::Invite(&Viewer), [true, true, false, false]),
            (Action::ChangeRole(&User, &Viewer), [true, true, false, false]),
            (Action::ChangeRole(&User, &Admin), [true, false, false, false]),
            (Action::ChangeRole(&Admin, &User), [true, false, false, false]),
            (Action::ChangeRole(&Operator, &User), [true, false, false, false]),
            (Action::Remove(&Admin), [true, false, false, false]),
            (Action::Remove(&Operator), [true, true, false, false]),
            (Action::Remove(&Viewer), [true, true, false, false]),
            (Action::ManageRoles, [true, true, false, false]),
            (Action::ReadAuditLog, [true, true, false, false]),
            (Action::CreateToken, [true, true, true, false]),
        ];
        for (action, expected) in table {
            for (role, expected) in [Admin, Operator, User, Viewer].into_iter().zip(expected) {
                let got = caller(role.clone(), Tier::Enterprise).may(action);
                assert_eq!(got.is_ok(), *expected, "{role:?} {action:?}: {got:?}");
            }
            assert!(
                caller(OrganizationRole::from("NEW_ROLE"), Tier::Enterprise).may(action).is_err(),
                "{action:?}"
            );
        }
    }

    #[test]
    fn a_pending_organization_is_billed_and_staffed_but_not_used() {
        let pending = caller(Admin, Tier::NoPlan);
        for open in [
            Action::ReadOrganization,
            Action::ManageBilling,
            Action::UpdateOrganization,
            Action::Invite(&User),
            Action::Remove(&User),
        ] {
            assert_eq!(pending.may(&open), Ok(()), "{open:?}");
        }
        for closed in [Action::UseWorkspaces, Action::CreateWorkspace, Action::CreateToken] {
            assert_eq!(pending.may(&closed), Err(PENDING), "{closed:?}");
        }
    }

    #[test]
    fn a_personal_organization_stays_one_persons() {
        let personal = Caller { is_personal: true, ..caller(Admin, Tier::Developer) };
        assert!(personal.may(&Action::Invite(&Admin)).is_err());
        assert!(personal.may(&Action::CreateWorkspace).is_err());
        assert!(personal.may(&Action::UseWorkspaces).is_ok());
    }

    #[test]
    fn plans_bound_what_an_admin_may() {
        let plus = caller(Admin, Tier::Plus);
        assert!(plus.may(&Action::ManageRoles).is_err());
        assert!(plus.may(&Action::AssignWorkspaceRoles).is_err());
        assert!(plus.may(&Action::ReadAuditLog).is_err());
        assert!(caller(Admin, Tier::Enterprise).may(&Action::AssignWorkspaceRoles).is_ok());
        let full = Caller { reached_max_workspaces: true, ..plus };
        assert!(full.why_not(&Action::CreateWorkspace).is_some_and(|reason| reason.contains("limit")));
    }

    #[test]
    fn with_a_single_workspace_everybody_is_an_admin() {
        let single = caller(Admin, Tier::Developer);
        assert_eq!(single.offered_roles(), &[Admin]);
        assert!(single.may(&Action::Invite(&User)).is_err());
        assert!(single.may(&Action::Invite(&Admin)).is_ok());
        assert_eq!(caller(Admin, Tier::Plus).offered_roles().len(), 4);
    }

    #[test]
    fn the_last_admin_stays() {
        assert_eq!(keeps_an_admin(1, true), Err(LAST_ADMIN));
        assert_eq!(keeps_an_admin(1, false), Ok(()));
        assert_eq!(keeps_an_admin(2, true), Ok(()));
    }
}
