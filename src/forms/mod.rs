//! Create and edit forms, a file each.

mod add_card;
mod add_to_workspace;
mod add_workspace;
mod bring_back;
mod bulk_change;
mod card_field;
mod change_plan;
mod change_role;
mod create_key;
mod create_organization;
mod delete_key;
mod delete_organization;
mod delete_role;
mod delete_workspace;
mod difference;
mod edit_business;
mod end_plan;
mod ends;
mod export;
mod export_audit_log;
mod export_members;
mod invite_members;
mod many;
mod meanwhile;
mod name_form;
mod pass_on;
mod payer;
mod remove_member;
mod rename_workspace;
mod resend_invitation;
mod role_editor;
mod set_up_billing;
mod take_back;
mod undo;

use atrium_ui::{Button, ButtonKind, Dialog, DialogActions, DialogKind, Messages, all, el};
use atrium_words::t;
use leptos::prelude::*;

use crate::api::Turn;

pub use add_card::AddCard;
pub use add_to_workspace::{AddToWorkspace, roles_to_give};
pub use add_workspace::AddWorkspace;
pub use bring_back::{BringBack, BringBackButton};
pub use bulk_change::{BulkAction, BulkChange};
pub use change_plan::ChangePlan;
pub use change_role::{ChangeRole, Changing, RoleOfMember};
pub use create_key::CreateKey;
pub use create_organization::CreateOrganization;
pub use delete_key::DeleteKey;
pub use delete_organization::{CANNOT_DELETE, DeleteOrganization, Deleting, ends_of_organization};
pub use delete_role::DeleteRole;
pub use delete_workspace::DeleteWorkspace;
pub use difference::UNKNOWN_ROLE;
pub use edit_business::EditBusiness;
pub use end_plan::{EndPlan, KeepPlan};
pub use export_audit_log::ExportAuditLog;
pub use export_members::ExportMembers;
pub use invite_members::{InviteMembers, seats_of, tier_of};
pub use pass_on::{revoke, tell};
pub use payer::address_line;
pub use remove_member::RemoveMember;
pub use rename_workspace::RenameWorkspace;
pub use resend_invitation::{ResendInvitation, the_same};
pub use role_editor::{Editing, RoleEditor};
pub use set_up_billing::SetUpBilling;
pub use take_back::{Back, RoleBefore, TakeBack, TakingBack, offer};
pub use undo::by as undo_by;

/// The question before something that was entered is thrown away: its title, what it says, and the label
/// of the way back.
pub fn keep_or_discard(
    asking: RwSignal<bool>,
    (title, words, stay): (&'static str, &'static str, &'static str),
    discard: Callback<()>,
) -> AnyView {
    let keep = Callback::new(move |()| asking.set(false));
    let question = move || {
        let act =
            view! { <Button label=t!("Discard") kind=ButtonKind::Danger on_press=discard /> }.into_any();
        let stay = view! { <Button label=stay autofocus=true on_press=keep /> }.into_any();
        let buttons = view! { <DialogActions>{all([stay, act])}</DialogActions> }.into_any();
        all([el("p").with(words).view(), buttons])
    };
    view! {
        <Dialog title kind=DialogKind::Alert open=asking on_close=keep>
            {question()}
        </Dialog>
    }
    .into_any()
}

/// Closes a dialog, unless what it does is under way: what comes of that is told there.
pub fn close_unless(busy: RwSignal<Option<String>>, open: RwSignal<bool>) -> Callback<()> {
    Callback::new(move |()| {
        if busy.with_untracked(Option::is_none) {
            open.set(false);
        }
    })
}

/// Says why something was not done: in its dialog, or in a message where that was left meanwhile.
pub fn tell_failure(error: RwSignal<Option<String>>, messages: Messages, sentence: String) {
    if let Some(Some(sentence)) = error.try_set(Some(sentence)) {
        messages.failure(sentence, None);
    }
}

/// Waits for the turn of what a dialog is busy with to be done to a member; `None` where the dialog was
/// left by then, so that nothing is to be done.
pub async fn turn_of(identity: &str, busy: RwSignal<Option<String>>) -> Option<Turn> {
    let turn = Turn::of(identity).await;
    (busy.try_with_untracked(Option::is_some) == Some(true)).then_some(turn)
}

/// Ends what a dialog was busy with: whether it is still there. It may have been left meanwhile, also for
/// the same question anew.
pub fn is_still_asking(busy: RwSignal<Option<String>>) -> bool {
    busy.try_set(None).is_none()
}

/// The buttons that end a dialog: "Cancel", and the act.
pub fn cancel_or(cancel: Callback<()>, autofocus: bool, act: AnyView) -> AnyView {
    let cancel = view! { <Button label=t!("Cancel") autofocus on_press=cancel /> }.into_any();
    view! { <DialogActions>{all([cancel, act])}</DialogActions> }.into_any()
}
