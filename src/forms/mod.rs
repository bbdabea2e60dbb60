//! Create and edit forms, a file each.

mod add_workspace;
mod change_role;
mod create_organization;
mod invite_members;
mod name_form;
mod remove_member;
mod set_up_billing;

pub use add_workspace::AddWorkspace;
pub use change_role::RoleOfMember;
pub use create_organization::CreateOrganization;
pub use invite_members::InviteMembers;
pub use remove_member::{Leaving, RemoveMember};
pub use set_up_billing::SetUpBilling;
