//! Create and edit forms, a file each.

mod add_workspace;
mod bring_back;
mod change_role;
mod create_organization;
mod difference;
mod ends;
mod invite_members;
mod meanwhile;
mod name_form;
mod pass_on;
mod remove_member;
mod resend_invitation;
mod set_up_billing;
mod undo;

use atrium_ui::{Button, DialogActions, all};
use leptos::prelude::*;

pub use add_workspace::AddWorkspace;
pub use bring_back::{BringBack, BringBackButton};
pub use change_role::{ChangeRole, Changing, RoleOfMember};
pub use create_organization::CreateOrganization;
pub use invite_members::InviteMembers;
pub use remove_member::RemoveMember;
pub use resend_invitation::ResendInvitation;
pub use set_up_billing::SetUpBilling;

/// The buttons that end a dialog: "Cancel", and the act.
fn cancel_or(cancel: Callback<()>, autofocus: bool, act: AnyView) -> AnyView {
    let cancel = view! { <Button label="Cancel" autofocus on_press=cancel /> }.into_any();
    view! { <DialogActions>{all([cancel, act])}</DialogActions> }.into_any()
}
