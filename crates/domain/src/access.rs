//! Who may do what, and the reason where not.
//!
//! The rules are those of LangSmith's tables of operations and roles (the tests below hold
//! the tables of organization operations in their own words). The server calls
//! [`Caller::may`] before each change, the app calls it to show a control with its reason.

use atrium_words::{look, mark, t};

use crate::billing;
use crate::plan::Tier;
use crate::roles::{OrganizationRole, permission};

/// A refusal: one sentence that can stand beside a disabled control and in an answer of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied(pub &'static str);

impl Denied {
    /// The refusal in the language in use; that of a constant is in English.
    pub fn said(&self) -> Self {
        Self(look(self.0))
    }
}

impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// With what somebody shows who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A person who signed in.
    Session,
    /// A personal access token: acts as its owner, in one organization only.
    PersonalToken,
    /// A service key of an organization: has a role of its own there, and no account.
    OrganizationKey,
    /// A service key of some workspaces: has a role in them, none in the organization, and no
    /// account.
    WorkspaceKey,
}

impl Credential {
    /// Whether what is for people alone is allowed: making organizations, and what the account
    /// decides for itself, such as accepting an invitation.
    ///
    /// # Errors
    /// A sentence for every key.
    pub fn in_person(self) -> Result<(), Denied> {
        match self {
            Self::Session => Ok(()),
            _ => Err(Denied(t!("This takes a person who has signed in; an API key cannot do it."))),
        }
    }

    /// Whether there is an account behind it, whose own affairs it may look after.
    ///
    /// # Errors
    /// A sentence for service keys.
    pub fn as_account(self) -> Result<(), Denied> {
        match self {
            Self::Session | Self::PersonalToken => Ok(()),
            Self::OrganizationKey | Self::WorkspaceKey => {
                Err(Denied(t!("A service key has no account of its own. Sign in, or use a personal token.")))
            }
        }
    }
}

/// What a service key reaches, as far as the rules look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyReach {
    /// Whether it is the whole organization's.
    pub organization: bool,
    /// Whether the caller is Admin of every workspace that it opens.
    pub admin_everywhere: bool,
}

/// Somebody in an organization, as far as the rules look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// With what the caller came.
    pub credential: Credential,
    /// The role in the organization; an `Other` without a word where there is none
    /// ([`Credential::WorkspaceKey`]).
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
    /// Delete it with everything in it.
    DeleteOrganization,
    /// Choose a plan, add or change the card and the business information.
    ManageBilling,
    /// See the workspaces, and enter one.
    UseWorkspaces,
    /// Make a workspace.
    CreateWorkspace,
    /// Invite, change or remove somebody: what it takes before it is known whom.
    ManageMembers,
    /// Invite somebody with this organization role.
    Invite(&'a OrganizationRole),
    /// Invite somebody with this organization role into the organization, as the Admin of a
    /// workspace that the invitation opens. The flag is the organization's setting
    /// `workspace_admin_can_invite_to_org`.
    InviteToWorkspace(&'a OrganizationRole, bool),
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
    /// See one's own personal tokens.
    ReadTokens,
    /// Delete a personal token of one's own.
    DeleteToken,
    /// See the service keys of the workspaces that one can enter.
    ReadServiceKeys,
    /// Make a service key that reaches so far.
    CreateServiceKey(KeyReach),
    /// Delete a service key that reaches so far.
    DeleteServiceKey(KeyReach),
}

const PENDING: Denied = Denied(billing::PENDING);
const NOT_MANAGER: Denied =
    Denied(mark!("Only an Organization Admin or Operator can do this. Ask one of them."));

impl Caller {
    /// Whether the action is allowed.
    ///
    /// # Errors
    /// The reason, as a sentence for people, where it is not.
    pub fn may(&self, action: &Action<'_>) -> Result<(), Denied> {
        let holds = |name: &str| self.role.permissions().contains(&name);
        let manages = || {
            if holds(permission::ORGANIZATION_MANAGE) { Ok(()) } else { Err(NOT_MANAGER.said()) }
        };
        let reads = || {
            if holds(permission::ORGANIZATION_READ) {
                Ok(())
            } else {
                Err(Denied(t!("Your role in this organization does not permit this.")))
            }
        };
        match action {
            Action::ReadOrganization => reads(),
            // A pending organization can be named, billed and staffed: that is how it gets out of it.
            Action::UpdateOrganization | Action::ManageBilling | Action::ManageMembers => manages(),
            Action::DeleteOrganization => {
                if self.role != OrganizationRole::Admin {
                    return Err(Denied(t!(
                        "Only an Organization Admin can delete an organization. Ask one of them."
                    )));
                }
                if self.is_personal {
                    return Err(Denied(t!(
                        "A personal organization comes with your account and cannot be deleted."
                    )));
                }
                Ok(())
            }
            // A workspace's key has nothing to read in the organization but its workspaces.
            Action::UseWorkspaces if self.credential == Credential::WorkspaceKey => self.usable(),
            Action::UseWorkspaces => reads().and(self.usable()),
            Action::CreateWorkspace => {
                manages()?;
                self.usable()?;
                if self.is_personal {
                    return Err(Denied(t!(
                        "A personal organization has one workspace. Make a shared organization for more."
                    )));
                }
                if self.reached_max_workspaces {
                    return Err(Denied(look(billing::NO_WORKSPACE_LEFT)));
                }
                Ok(())
            }
            Action::Invite(role) => {
                manages()?;
                self.may_have_members()?;
                self.offers(role)?;
                self.touches(role, t!("An Operator cannot invite an Organization Admin or Operator."))
            }
            Action::InviteToWorkspace(role, setting) => {
                if !setting || manages().is_ok() {
                    return self.may(&Action::Invite(role));
                }
                self.may_have_members()?;
                self.offers(role)?;
                if below_operator(role) {
                    Ok(())
                } else {
                    Err(Denied(t!("The Admin of a workspace invites Organization Users and Viewers only.")))
                }
            }
            Action::ChangeRole(from, to) => {
                manages()?;
                self.may_have_members()?;
                self.touches(from, t!("An Operator cannot change an Organization Admin or Operator."))?;
                self.offers(to)?;
                self.touches(to, t!("An Operator cannot make somebody an Organization Admin or Operator."))
            }
            Action::Remove(role) => {
                manages()?;
                // The table lets an Operator remove anybody but an Admin, other Operators included.
                if self.role == OrganizationRole::Operator && !self.below_admin(role) {
                    return Err(Denied(t!("An Operator cannot remove an Organization Admin.")));
                }
                Ok(())
            }
            Action::ManageRoles => {
                manages()?;
                self.usable()?;
                self.rbac(t!("Custom roles are part of the Enterprise plan."))
            }
            Action::AssignWorkspaceRoles => self.rbac(t!(
                "On this plan everybody in a workspace is its Admin. Enterprise has roles that differ."
            )),
            Action::ReadAuditLog => {
                manages()?;
                if self.can_use_audit_logs {
                    Ok(())
                } else {
                    Err(Denied(t!("The audit log is part of the Enterprise plan.")))
                }
            }
            Action::CreateToken | Action::ReadTokens | Action::DeleteToken => {
                self.credential.as_account()?;
                if !holds(permission::PATS_CREATE) {
                    return Err(Denied(t!("An Organization Viewer makes no tokens.")));
                }
                // Taking a right away is possible whatever became of the organization.
                if *action == Action::DeleteToken { Ok(()) } else { self.usable() }
            }
            Action::ReadServiceKeys => reads().and(self.usable()),
            Action::CreateServiceKey(reach) => self.may_manage_key(*reach).and(self.usable()),
            Action::DeleteServiceKey(reach) => self.may_manage_key(*reach),
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
            (Tier::NoPlan, _) => Err(PENDING.said()),
            (_, true) => Err(Denied(look(billing::SWITCHED_OFF))),
            _ => Ok(()),
        }
    }

    /// Whether the caller may invite anybody at all, whatever the role: what is not about whom.
    ///
    /// # Errors
    /// The reason, where no role of the plan may be given.
    pub fn may_invite_anybody(&self) -> Result<(), Denied> {
        let mut asked = Ok(());
        for role in self.offered_roles() {
            asked = self.may(&Action::Invite(role));
            if asked.is_ok() {
                break;
            }
        }
        asked
    }

    /// Whether the caller may open a workspace for somebody who is invited to the organization, with
    /// a role that permits `given` there. `own` is what the caller's role permits in it; `None` where
    /// the caller cannot enter it. Nobody gives what they do not have.
    ///
    /// # Errors
    /// A sentence for everybody but an Organization Admin, where they cannot enter it, and where the
    /// role permits more than their own.
    pub fn may_open(&self, own: Option<&[String]>, given: &[String]) -> Result<(), Denied> {
        match own {
            _ if self.role == OrganizationRole::Admin => Ok(()),
            Some(own) => gives_no_more(own, given),
            None => Err(NOT_INSIDE.said()),
        }
    }

    /// Whether the caller may let a custom role permit this as well. `own` is what the caller's own
    /// role permits in each workspace where somebody has the custom role, or will have it; `None`
    /// where the caller cannot enter one. A role that nobody has may permit anything: giving it is
    /// asked about when it is given.
    ///
    /// # Errors
    /// A sentence for everybody but an Organization Admin, where they lack it in one of these.
    pub fn may_widen(&self, own: &[Option<&[String]>], permission: &str) -> Result<(), Denied> {
        let holds =
            |own: &Option<&[String]>| own.is_some_and(|own| own.iter().any(|name| name == permission));
        if self.role == OrganizationRole::Admin || own.iter().all(holds) {
            Ok(())
        } else {
            Err(Denied(t!(
                "Somebody has this role in a workspace where you lack this permission, so you cannot add it."
            )))
        }
    }

    /// Whether what the Admin of a workspace does there to others may be done to somebody of this
    /// organization role.
    ///
    /// # Errors
    /// A sentence about an Organization Admin, for everybody who is none.
    pub fn may_change_inside(&self, role: &OrganizationRole) -> Result<(), Denied> {
        if self.role == OrganizationRole::Admin || self.below_admin(role) {
            Ok(())
        } else {
            Err(Denied(t!("Only an Organization Admin changes the invitation of an Organization Admin.")))
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
            OrganizationRole::Other(_) => Err(Denied(t!("This role is not one of an organization."))),
            _ => Err(Denied(t!("On a plan with a single workspace everybody is an Organization Admin."))),
        }
    }

    fn may_have_members(&self) -> Result<(), Denied> {
        if self.is_personal {
            return Err(Denied(t!(
                "A personal organization has its owner only. Make a shared organization to invite people."
            )));
        }
        match (&self.tier, self.disabled) {
            (Tier::NoPlan, _) => Ok(()),
            _ => self.usable(),
        }
    }

    fn touches(&self, role: &OrganizationRole, reason: &'static str) -> Result<(), Denied> {
        if self.role == OrganizationRole::Operator && !below_operator(role) {
            Err(Denied(reason))
        } else {
            Ok(())
        }
    }

    /// A key gives away the role of an Admin, so only who has that role there may make or delete it.
    fn may_manage_key(&self, reach: KeyReach) -> Result<(), Denied> {
        if !self.role.permissions().contains(&permission::PATS_CREATE) {
            return Err(Denied(match self.credential {
                Credential::WorkspaceKey => t!("The service key of a workspace makes and deletes no keys."),
                _ => t!("An Organization Viewer makes and deletes no service keys."),
            }));
        }
        match (&self.role, reach) {
            (OrganizationRole::Admin, _) => Ok(()),
            (_, KeyReach { organization: true, .. }) => Err(Denied(t!(
                "Only an Organization Admin makes and deletes service keys of the organization."
            ))),
            (_, KeyReach { admin_everywhere: true, .. }) => Ok(()),
            _ => Err(Denied(t!("Only the Admin of a workspace makes and deletes its service keys."))),
        }
    }

    /// Whether a role is known to stand below Admin. An unknown one may be above: not touched.
    fn below_admin(&self, role: &OrganizationRole) -> bool {
        !matches!(role, OrganizationRole::Admin | OrganizationRole::Other(_))
    }

    fn rbac(&self, reason: &'static str) -> Result<(), Denied> {
        if self.can_use_rbac { Ok(()) } else { Err(Denied(reason)) }
    }
}

/// Whether a role is known to stand below Operator.
fn below_operator(role: &OrganizationRole) -> bool {
    matches!(role, OrganizationRole::User | OrganizationRole::Viewer)
}

/// Whether somebody with the permissions `own` may give a workspace role with the permissions
/// `given`: nobody gives what they do not have.
///
/// # Errors
/// A sentence where the role permits more.
pub fn gives_no_more(own: &[String], given: &[String]) -> Result<(), Denied> {
    if given.iter().all(|name| own.contains(name)) {
        Ok(())
    } else {
        Err(Denied(t!("This role permits more than your own in this workspace, so you cannot give it.")))
    }
}

/// Whether somebody with the permissions `own` in a workspace may do there what takes this one. A server
/// that does not tell what somebody holds (`None`) is asked by trying.
///
/// # Errors
/// A sentence where they do not hold it.
pub fn may_inside(own: Option<&[String]>, name: &str) -> Result<(), Denied> {
    if own.is_none_or(|own| own.iter().any(|held| held == name)) {
        return Ok(());
    }
    Err(Denied(match name {
        permission::WORKSPACES_MANAGE => {
            t!("Your role in this workspace does not permit changing it. Ask an Admin of the workspace.")
        }
        permission::WORKSPACES_MANAGE_MEMBERS => {
            t!(
                "Your role in this workspace does not permit managing its members. Ask an Admin of the workspace."
            )
        }
        _ => t!("Your role in this workspace does not permit this. Ask an Admin of the workspace."),
    }))
}

/// What keeps an Organization Admin from being changed or removed in a workspace.
pub const ADMIN_OF_ALL: Denied =
    Denied(mark!("An Organization Admin is Admin of every workspace. Change the organization role first."));

/// What keeps everybody from inviting people.
pub const INVITES_OFF: Denied =
    Denied(mark!("Invitations are switched off in this organization's settings."));

/// What keeps the last workspace from being deleted.
pub const LAST_WORKSPACE: Denied =
    Denied(mark!("An organization keeps at least one workspace. Make another one first."));

/// The reason that keeps workspaces closed to those who are not in them.
const NOT_INSIDE: Denied = Denied(mark!(
    "You can open only the workspaces that you are in. Ask an Organization Admin to open others."
));

/// The reason that protects the last Organization Admin.
pub const LAST_ADMIN: Denied = Denied(mark!(
    "An organization keeps at least one Organization Admin. Make somebody else an Admin first."
));

/// Whether a change leaves the organization an admin. `admins` counts the active Organization
/// Admins before the change, never a filtered list; `loses_admin` says whether the change takes
/// the role from one of them.
///
/// # Errors
/// [`LAST_ADMIN`] where none would be left.
pub fn keeps_an_admin(admins: u64, loses_admin: bool) -> Result<(), Denied> {
    if loses_admin && admins <= 1 { Err(LAST_ADMIN.said()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::OrganizationRole::{Admin, Operator, User, Viewer};
    use super::*;

    const ORGANIZATION: KeyReach = KeyReach { organization: true, admin_everywhere: true };
    const OWN: KeyReach = KeyReach { organization: false, admin_everywhere: true };
    const FOREIGN: KeyReach = KeyReach { organization: false, admin_everywhere: false };

    fn caller(role: OrganizationRole, tier: Tier) -> Caller {
        let terms = tier.terms();
        Caller {
            credential: Credential::Session,
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

    #[test]
    fn a_pending_organization_can_be_deleted_and_a_personal_one_cannot() {
        assert_eq!(caller(Admin, Tier::NoPlan).may(&Action::DeleteOrganization), Ok(()));
        let personal = Caller { is_personal: true, ..caller(Admin, Tier::Developer) };
        let denied = personal.may(&Action::DeleteOrganization).unwrap_err();
        assert!(denied.0.contains("comes with your account"), "{}", denied.0);
    }

    /// The operations on an organization by role, on Enterprise: Admin, Operator, User, Viewer.
    #[test]
    fn the_table_of_roles() {
        let table: &[(Action<'static>, [bool; 4])] = &[
            (Action::ReadOrganization, [true, true, true, true]),
            (Action::UseWorkspaces, [true, true, true, true]),
            (Action::UpdateOrganization, [true, true, false, false]),
            (Action::DeleteOrganization, [true, false, false, false]),
            (Action::ManageBilling, [true, true, false, false]),
            (Action::CreateWorkspace, [true, true, false, false]),
            (Action::ManageMembers, [true, true, false, false]),
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
            (Action::InviteToWorkspace(&Admin, true), [true, false, false, false]),
            (Action::InviteToWorkspace(&Operator, true), [true, false, false, false]),
            (Action::InviteToWorkspace(&User, true), [true, true, true, true]),
            (Action::InviteToWorkspace(&User, false), [true, true, false, false]),
            (Action::CreateToken, [true, true, true, false]),
            (Action::ReadTokens, [true, true, true, false]),
            (Action::DeleteToken, [true, true, true, false]),
            (Action::ReadServiceKeys, [true, true, true, true]),
            (Action::CreateServiceKey(ORGANIZATION), [true, false, false, false]),
            (Action::CreateServiceKey(OWN), [true, true, true, false]),
            (Action::CreateServiceKey(FOREIGN), [true, false, false, false]),
            (Action::DeleteServiceKey(ORGANIZATION), [true, false, false, false]),
            (Action::DeleteServiceKey(OWN), [true, true, true, false]),
            (Action::DeleteServiceKey(FOREIGN), [true, false, false, false]),
        ];
        for (action, expected) in table {
            for (role, expected) in [Admin, Operator, User, Viewer].into_iter().zip(expected) {
                let got = caller(role.clone(), Tier::Enterprise).may(action);
                assert_eq!(got.is_ok(), *expected, "{role:?} {action:?}: {got:?}");
            }
            // What the Admin of a workspace may is asked of the workspace role, before this.
            let of_workspace = matches!(*action, Action::InviteToWorkspace(&User, true));
            let unknown = caller(OrganizationRole::from("NEW_ROLE"), Tier::Enterprise);
            assert_eq!(unknown.may(action).is_ok(), of_workspace, "{action:?}");
        }
    }

    #[test]
    fn a_token_acts_as_its_owner_and_a_key_for_itself() {
        let with = |credential, role| Caller { credential, ..caller(role, Tier::Enterprise) };
        let token = with(Credential::PersonalToken, Operator);
        for action in [Action::Invite(&User), Action::CreateToken, Action::UseWorkspaces] {
            assert_eq!(token.may(&action), Ok(()), "{action:?}");
        }
        let key = with(Credential::OrganizationKey, Admin);
        for action in [Action::Invite(&Admin), Action::CreateServiceKey(ORGANIZATION), Action::UseWorkspaces]
        {
            assert_eq!(key.may(&action), Ok(()), "{action:?}");
        }
        let of_workspace = with(Credential::WorkspaceKey, OrganizationRole::Other(String::new()));
        assert_eq!(of_workspace.may(&Action::UseWorkspaces), Ok(()));
        for action in [
            Action::ReadOrganization,
            Action::Invite(&Viewer),
            Action::CreateWorkspace,
            Action::ReadServiceKeys,
            Action::CreateServiceKey(OWN),
        ] {
            assert!(of_workspace.may(&action).is_err(), "{action:?}");
        }
        for action in [Action::CreateToken, Action::ReadTokens, Action::DeleteToken] {
            assert!(key.may(&action).is_err() && of_workspace.may(&action).is_err(), "{action:?}");
        }
        assert!(Credential::Session.in_person().is_ok());
        assert!(Credential::PersonalToken.in_person().is_err());
        assert!(Credential::PersonalToken.as_account().is_ok());
        assert!(Credential::OrganizationKey.as_account().is_err());
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
        for closed in [
            Action::UseWorkspaces,
            Action::CreateWorkspace,
            Action::CreateToken,
            Action::ReadTokens,
            Action::ReadServiceKeys,
            Action::CreateServiceKey(OWN),
        ] {
            assert_eq!(pending.may(&closed), Err(PENDING), "{closed:?}");
        }
        // A key that got into wrong hands can be taken back at any time.
        assert_eq!(pending.may(&Action::DeleteToken), Ok(()));
        assert_eq!(pending.may(&Action::DeleteServiceKey(OWN)), Ok(()));
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
    fn nobody_gives_what_they_do_not_have() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let own = names(&["runs:read", "workspaces:manage-members"]);
        assert_eq!(gives_no_more(&own, &names(&["runs:read"])), Ok(()));
        assert!(gives_no_more(&own, &names(&["runs:read", "runs:create"])).is_err());
    }

    #[test]
    fn a_workspace_is_opened_by_those_who_are_in_it() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (little, much) = (names(&["runs:read"]), names(&["runs:read", "runs:create"]));
        for role in [Operator, User, Viewer, OrganizationRole::Other(String::new())] {
            let caller = caller(role, Tier::Enterprise);
            assert_eq!(caller.may_open(Some(&much), &little), Ok(()));
            assert_eq!(caller.may_open(Some(&much), &much), Ok(()));
            assert_eq!(caller.may_open(Some(&little), &much), gives_no_more(&little, &much));
            assert!(caller.may_open(Some(&little), &much).is_err());
            assert_eq!(caller.may_open(None, &[]), Err(NOT_INSIDE));
            assert_eq!(caller.may_open(None, &little), Err(NOT_INSIDE));
        }
        assert_eq!(caller(Admin, Tier::Enterprise).may_open(None, &much), Ok(()));
    }

    #[test]
    fn a_role_that_somebody_has_grows_by_what_the_caller_has() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (little, much) = (names(&["runs:read"]), names(&["runs:read", "runs:create"]));
        let (inside, lesser) = (Some(much.as_slice()), Some(little.as_slice()));
        let operator = caller(Operator, Tier::Enterprise);
        for (own, allowed) in [
            (&[][..], true),
            (&[inside], true),
            (&[inside, inside], true),
            (&[lesser], false),
            (&[inside, lesser], false),
            (&[inside, None], false),
            (&[None], false),
        ] {
            assert_eq!(operator.may_widen(own, "runs:create").is_ok(), allowed, "{own:?}");
            assert_eq!(caller(Admin, Tier::Enterprise).may_widen(own, "runs:create"), Ok(()));
        }
    }

    #[test]
    fn an_admins_invitation_is_an_admins_affair() {
        for role in [Operator, User, Viewer] {
            let caller = caller(role, Tier::Enterprise);
            assert!(caller.may_change_inside(&Admin).is_err());
            assert!(caller.may_change_inside(&OrganizationRole::from("NEW_ROLE")).is_err());
            assert_eq!(caller.may_change_inside(&Operator), Ok(()));
        }
        assert_eq!(caller(Admin, Tier::Enterprise).may_change_inside(&Admin), Ok(()));
    }

    #[test]
    fn whether_anybody_can_be_invited_is_not_about_whom() {
        for (role, expected) in [(Admin, true), (Operator, true), (User, false), (Viewer, false)] {
            assert_eq!(caller(role, Tier::Enterprise).may_invite_anybody().is_ok(), expected);
        }
        // With a single workspace everybody is an Admin, whom an Operator does not invite.
        assert!(caller(Admin, Tier::Free).may_invite_anybody().is_ok());
        assert!(caller(Operator, Tier::Free).may_invite_anybody().is_err());
        let personal = Caller { is_personal: true, ..caller(Admin, Tier::Developer) };
        assert_eq!(personal.may_invite_anybody(), personal.may(&Action::Invite(&Admin)));
    }

    #[test]
    fn the_last_admin_stays() {
        assert_eq!(keeps_an_admin(1, true), Err(LAST_ADMIN));
        assert_eq!(keeps_an_admin(1, false), Ok(()));
        assert_eq!(keeps_an_admin(2, true), Ok(()));
    }

    #[test]
    fn what_a_workspace_takes_is_asked_of_the_role_there() {
        let own = ["workspaces:read".to_owned(), "workspaces:manage".to_owned()];
        assert_eq!(may_inside(Some(&own), permission::WORKSPACES_MANAGE), Ok(()));
        let refused = may_inside(Some(&own), permission::WORKSPACES_MANAGE_MEMBERS).unwrap_err();
        assert!(refused.0.contains("members"), "managing a workspace does not include its members");
        assert!(may_inside(Some(&[]), permission::WORKSPACES_MANAGE).is_err());
        assert!(may_inside(Some(&[]), permission::PROJECTS_READ).is_err());
        // A server that does not tell is asked by trying.
        assert_eq!(may_inside(None, permission::WORKSPACES_MANAGE), Ok(()));
    }
}
