//! Taking a change back from its message, by the inverse call. One that fails says why.
//!
//! Each is made after the change, outside of the dialog that made it, and outlives that.

use atrium_domain::wire::InvitationCreate;
use atrium_ui::{Messages, spawn};
use leptos::prelude::*;

use super::meanwhile::{Outcome, Standing, guarded, look};
use super::pass_on::untell;
use crate::api;
use crate::session::{Place, Session, changed};
use crate::table::MemberLine;

/// Gives a member the role back that they had. `before` is the member before the change, `given` the
/// id of the role that it gave: what somebody else gave since then is not taken away.
pub fn role(
    place: Place,
    session: Session,
    messages: Messages,
    organization: String,
    before: MemberLine,
    given: String,
) -> Callback<()> {
    Callback::new(move |()| {
        let (organization, before, given) = (organization.clone(), before.clone(), given.clone());
        spawn(async move {
            let after = MemberLine { role_id: given, etag: None, ..before.clone() };
            let email = &before.email;
            let failed = match look(place, organization.clone(), &after).await {
                Err(error) => Some(error.sentence),
                Ok(Standing::Gone) => Some("Somebody else removed this member meanwhile.".to_owned()),
                Ok(Standing::Changed(now)) if now.role_id != after.role_id => {
                    Some(format!("Somebody else made this member {} meanwhile.", now.role_name))
                }
                Ok(Standing::Same(now) | Standing::Changed(now)) => {
                    let role = before.role_id.clone();
                    let act = |etag| {
                        api::change_member_role(organization.clone(), &now.identity, role.clone(), etag)
                    };
                    match guarded(place, organization.clone(), &now, &act).await {
                        Outcome::Done => None,
                        Outcome::Failed(error) => Some(error.sentence),
                        Outcome::Gone => Some("Somebody else removed this member meanwhile.".to_owned()),
                        Outcome::Changed(_) => {
                            Some("Somebody else changed this member meanwhile.".to_owned())
                        }
                    }
                }
            };
            match failed {
                None => messages.success(format!("{email} is {} again.", before.role_name)),
                Some(why) => {
                    messages.failure(format!("The role of {email} was not changed back. {why}"), None)
                }
            }
            changed(session.changes.members);
        });
    })
}

/// Brings a removed member back.
pub fn removal(
    session: Session,
    messages: Messages,
    organization: String,
    name: String,
    line: MemberLine,
) -> Callback<()> {
    Callback::new(move |()| {
        let (organization, name, line) = (organization.clone(), name.clone(), line.clone());
        spawn(async move {
            let email = &line.email;
            match api::restore_member(organization, &line.identity).await {
                Ok(restored) => messages.success(back(email, &name, &restored)),
                Err(error) => messages
                    .failure(format!("{email} was not brought back to {name}. {}", error.sentence), None),
            }
            changed(session.changes.members);
        });
    })
}

/// What is said when somebody was brought back.
pub fn back(email: &str, organization: &str, restored: &api::Restored) -> String {
    match restored.left_out.as_slice() {
        [] => format!("{email} is back in {organization} with the same access."),
        some => format!("{email} is back in {organization}, but not with everything. {}", some.join(" ")),
    }
}

/// Removes somebody who was brought back.
pub fn return_of(
    session: Session,
    messages: Messages,
    organization: String,
    name: String,
    line: MemberLine,
) -> Callback<()> {
    Callback::new(move |()| {
        let (organization, name, line) = (organization.clone(), name.clone(), line.clone());
        spawn(async move {
            let email = &line.email;
            match api::remove_member(organization, &line.identity, None).await {
                Ok(()) => messages.success(format!("{email} is removed from {name} again.")),
                Err(error) => {
                    messages.failure(format!("{email} was not removed again. {}", error.sentence), None)
                }
            }
            changed(session.changes.members);
        });
    })
}

/// Invites somebody again whose invitation was revoked.
pub fn revoked(
    session: Session,
    messages: Messages,
    organization: String,
    again: InvitationCreate,
) -> Callback<()> {
    Callback::new(move |()| {
        let (organization, again) = (organization.clone(), again.clone());
        spawn(async move {
            let email = &again.email;
            match api::invite(organization, std::slice::from_ref(&again)).await {
                Ok(_) => messages.success(format!("{email} is invited again.")),
                Err(error) => {
                    messages.failure(format!("{email} was not invited again. {}", error.sentence), None);
                }
            }
            changed(session.changes.members);
        });
    })
}

/// Revokes invitations that were just sent: each by its identity and address.
pub fn invitations(
    place: Place,
    session: Session,
    messages: Messages,
    organization: String,
    sent: Vec<(String, String)>,
) -> Callback<()> {
    Callback::new(move |()| {
        let (organization, sent) = (organization.clone(), sent.clone());
        spawn(async move {
            let mut failed: Vec<(String, String)> = Vec::new();
            let mut gone = Vec::new();
            for (identity, email) in sent {
                match api::revoke_invitation(organization.clone(), &identity).await {
                    Ok(()) => gone.push(email),
                    Err(error) => failed.push((email, error.sentence)),
                }
            }
            untell(place, session, &gone);
            match (gone.as_slice(), failed.as_slice()) {
                ([one], []) => messages.success(format!("The invitation to {one} was revoked.")),
                (all, []) => messages.success(format!("{} invitations were revoked.", all.len())),
                (_, [(email, why)]) => {
                    messages.failure(format!("The invitation to {email} was not revoked. {why}"), None);
                }
                (all, [(_, why), ..]) => messages.failure(
                    format!(
                        "{} of {} invitations were not revoked. {why}",
                        failed.len(),
                        failed.len() + all.len()
                    ),
                    None,
                ),
            }
            changed(session.changes.members);
        });
    })
}
