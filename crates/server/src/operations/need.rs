//! What an operation needs of whoever asks for it.

use atrium_domain::Action;
use atrium_domain::roles::permission;

/// What an operation needs of whoever asks for it. Named where the operation is registered, asked
/// for by [`super::guard`] before the handler sees the request, shown in the OpenAPI document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it is open to everybody.
    Nobody,
    /// A person who is signed in, and not an API key.
    SignedIn,
    /// An account: a person, or a personal token.
    Account,
    /// A membership of the organization in `X-Organization-Id`, whatever its role.
    OrganizationMember,
    /// A membership of the organization in `X-Organization-Id` whose role the rules allow this.
    Organization(Action<'static>),
    /// What the rules allow in the workspace that is named, else in the organization that is named,
    /// else where the API key is.
    Place(Action<'static>),
    /// A way into the workspace in `X-Tenant-Id`, whatever the role there.
    WorkspaceMember,
    /// This permission in the workspace in `X-Tenant-Id`.
    Workspace(&'static str),
    /// This permission in the workspace in the path.
    WorkspaceInPath(&'static str),
}

/// What the guard looks up for the handler on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Who asks (`Signed`).
    Account,
    /// Who asks, a person (`Person`).
    Person,
    /// Who asks, in the organization (`OrgAccess`, `OrgPermit`).
    Organization,
    /// Who asks, in a workspace or an organization (`PlacePermit`).
    Place,
    /// Who asks, in the workspace (`WorkspaceAccess`, `WorkspacePermit`).
    Workspace,
}

impl Need {
    /// Whether a handler that wants this gets it from the guard.
    pub fn gives(&self, wanted: Gives) -> bool {
        match self {
            Self::Nobody => false,
            Self::SignedIn => matches!(wanted, Gives::Account | Gives::Person),
            Self::Account => wanted == Gives::Account,
            Self::OrganizationMember | Self::Organization(_) => {
                matches!(wanted, Gives::Account | Gives::Organization)
            }
            Self::Place(_) => matches!(wanted, Gives::Account | Gives::Place),
            Self::WorkspaceMember | Self::Workspace(_) | Self::WorkspaceInPath(_) => {
                matches!(wanted, Gives::Account | Gives::Workspace)
            }
        }
    }

    /// The header that says where, if the operation wants one.
    pub fn header(&self) -> Option<&'static str> {
        match self {
            Self::Nobody | Self::SignedIn | Self::Account | Self::Place(_) | Self::WorkspaceInPath(_) => None,
            Self::OrganizationMember | Self::Organization(_) => Some("X-Organization-Id"),
            Self::WorkspaceMember | Self::Workspace(_) => Some("X-Tenant-Id"),
        }
    }

    /// The need as a word for programs (`x-needs` of the document): a permission of the contract, or
    /// `nobody`, `signed-in`, `account`, `organization-member`, `workspace-member`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::SignedIn => "signed-in",
            Self::Account => "account",
            Self::OrganizationMember => "organization-member",
            Self::Organization(action) | Self::Place(action) => match action {
                Action::ReadOrganization | Action::UseWorkspaces | Action::ReadServiceKeys => {
                    permission::ORGANIZATION_READ
                }
                Action::CreateToken
                | Action::ReadTokens
                | Action::DeleteToken
                | Action::CreateServiceKey(_)
                | Action::DeleteServiceKey(_) => permission::PATS_CREATE,
                _ => permission::ORGANIZATION_MANAGE,
            },
            Self::WorkspaceMember => "workspace-member",
            Self::Workspace(permission) | Self::WorkspaceInPath(permission) => permission,
        }
    }

    /// The need as a sentence for people.
    pub fn sentence(&self) -> String {
        match self {
            Self::Nobody => "Open to everybody.".to_owned(),
            Self::SignedIn => "Needs a person who is signed in, not an API key.".to_owned(),
            Self::Account => "Needs a person who is signed in, or a personal token.".to_owned(),
            Self::OrganizationMember => "Needs any membership of the organization.".to_owned(),
            Self::Organization(_) | Self::Place(_) => format!("Needs {} in the organization.", self.word()),
            Self::WorkspaceMember => "Needs any role in the workspace.".to_owned(),
            Self::Workspace(_) | Self::WorkspaceInPath(_) => {
                format!("Needs {} in the workspace.", self.word())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A handler that wants more than its operation's need asks for keeps the server from starting
    /// (`Operations::finish`).
    #[test]
    fn a_need_gives_no_more_than_it_asks_for() {
        for wanted in [Gives::Account, Gives::Person, Gives::Organization, Gives::Place, Gives::Workspace] {
            assert!(!Need::Nobody.gives(wanted));
        }
        assert!(Need::Account.gives(Gives::Account) && !Need::Account.gives(Gives::Person));
        assert!(Need::SignedIn.gives(Gives::Person) && !Need::SignedIn.gives(Gives::Organization));
        let member = Need::OrganizationMember;
        assert!(member.gives(Gives::Organization) && !member.gives(Gives::Workspace));
        assert!(Need::WorkspaceMember.gives(Gives::Workspace) && !Need::WorkspaceMember.gives(Gives::Person));
    }
}
