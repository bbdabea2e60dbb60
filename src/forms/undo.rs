//! Taking a change back from its message, by the inverse call. One that fails says why.
//!
//! Each is made after the change, outside of the dialog that made it, and outlives that.

use atrium_domain::roles::role_label;
use atrium_domain::wire::{InvitationCreate, Role, RoleDefinition};
use atrium_ui::{Messages, spawn};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::meanwhile::{Outcome, Standing, Wanted, guarded_in_turn, look};
use super::pass_on::revoke;
use super::role_editor::{definition_of, differs};
use crate::api::{self, Answer, Pace, Turn};
use crate::session::{Place, Session, changed};
use crate::table::MemberLine;

/// Takes a change back when it is called. `make` makes the inverse call, and gives what is then said:
/// that it was done, or that it was not, and why.
fn taking_back<F: Future<Output = Result<String, String>> + 'static>(
    session: Session,
    messages: Messages,
    make: impl Fn() -> F + Send + Sync + 'static,
) -> Callback<()> {
    Callback::new(move |()| {
        let made = make();
        spawn(async move {
            match made.await {
                Ok(said) => messages.success(said),
                Err(why) => messages.failure(why, None),
            }
            changed(session.changes.members);
        });
    })
}

/// Takes a change back by one call. `words` is what is then said: that it is as it was, and that it is not,
/// before the reason.
pub fn by(
    session: Session,
    messages: Messages,
    words: (String, String),
    call: impl Fn() -> Answer<()> + Send + Sync + 'static,
) -> Callback<()> {
    taking_back(session, messages, move || {
        let (made, words) = (call(), words.clone());
        async move { made.await.map(|()| words.0).map_err(|error| format!("{} {}", words.1, error.sentence)) }
    })
}

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
    taking_back(session, messages, move || {
        let (organization, before, given) = (organization.clone(), before.clone(), given.clone());
        async move {
            let _turn = Turn::of(&before.identity).await;
            let after = MemberLine { role_id: given, etag: None, ..before.clone() };
            let gone = || gone(&before.identity);
            let result = match look(place, organization.clone(), &after).await {
                Err(error) => Err(error.sentence),
                Ok(Standing::Gone) => Err(gone()),
                Ok(Standing::Changed(now)) if now.role_id != after.role_id => {
                    Err(other_role(&now.identity, &now.role_id, &now.role_name))
                }
                Ok(Standing::Same(now) | Standing::Changed(now)) => {
                    let wanted = Wanted::Role(before.role_id.clone());
                    match guarded_in_turn(place, organization.clone(), *now, &wanted).await {
                        Outcome::Done(_) => Ok(()),
                        Outcome::Failed(error) => Err(error.sentence),
                        Outcome::Gone => Err(gone()),
                        Outcome::Changed(..) | Outcome::Left => {
                            Err(t!("Somebody else changed this member meanwhile.").to_owned())
                        }
                    }
                }
            };
            let email = &before.email;
            result
                .map(|()| t!("{email} is {role} again.", email, role = role_label(&before.role_name)))
                .map_err(|why| t!("The role of {email} was not changed back. {why}", email, why))
        }
    })
}

/// That a member is none any more.
pub fn gone(identity: &str) -> String {
    match api::has_removed(identity) {
        true => t!("You removed this member meanwhile.").to_owned(),
        false => t!("Somebody else removed this member meanwhile.").to_owned(),
    }
}

/// That a member has another role than the one to take back.
pub fn other_role(identity: &str, role: &str, name: &str) -> String {
    let name = role_label(name);
    match api::gave_last(identity, role) {
        true => t!("You made this member {role} meanwhile.", role = name),
        false => t!("Somebody else made this member {role} meanwhile.", role = name),
    }
}

/// A role as it is now, as long as it is what it was made by `saved`.
async fn role_as_saved(organization: &str, saved: &Role) -> Result<(), String> {
    let name = &saved.display_name;
    let roles = api::roles(organization.to_owned()).await.map_err(|error| error.sentence)?;
    match roles.into_iter().find(|role| role.id == saved.id) {
        None => Err(t!("Somebody else deleted {name} meanwhile.", name)),
        Some(now) => match differs(saved, &now) {
            Some(changes) => Err(t!("Somebody else changed {name} meanwhile: {changes}", name, changes)),
            None => Ok(()),
        },
    }
}

/// Deletes a role that was made, as long as nobody has it and nobody changed it.
pub fn made_role(session: Session, messages: Messages, organization: String, made: Role) -> Callback<()> {
    taking_back(session, messages, move || {
        let (organization, made) = (organization.clone(), made.clone());
        async move {
            let result = match role_as_saved(&organization, &made).await {
                Ok(()) => api::delete_role(organization, &made.id).await.map_err(|error| error.sentence),
                Err(why) => Err(why),
            };
            changed(session.changes.organization);
            let name = &made.display_name;
            result
                .map(|()| t!("The role {name} is not there any more.", name))
                .map_err(|why| t!("The role {name} was not deleted. {why}", name, why))
        }
    })
}

/// Makes a role what it was before it was edited, as long as nobody changed it since.
pub fn edited_role(
    session: Session,
    messages: Messages,
    organization: String,
    before: Role,
    saved: Role,
) -> Callback<()> {
    taking_back(session, messages, move || {
        let (organization, before, saved) = (organization.clone(), before.clone(), saved.clone());
        async move {
            let result = match role_as_saved(&organization, &saved).await {
                Ok(()) => api::update_role(organization, &before.id, &definition_of(&before))
                    .await
                    .map(|_| ())
                    .map_err(|error| error.sentence),
                Err(why) => Err(why),
            };
            changed(session.changes.organization);
            result.map(|()| t!("The role {name} is what it was before.", name = before.display_name)).map_err(
                |why| t!("The role {name} was not changed back. {why}", name = saved.display_name, why),
            )
        }
    })
}

/// Makes a role anew that was deleted, and that nobody had.
pub fn deleted_role(
    session: Session,
    messages: Messages,
    organization: String,
    again: RoleDefinition,
) -> Callback<()> {
    taking_back(session, messages, move || {
        let made = api::create_role(organization.clone(), &again);
        let name = again.display_name.clone();
        async move {
            let result = made.await;
            changed(session.changes.organization);
            match result {
                Ok(_) => Ok(t!("The role {name} is there again.", name)),
                Err(error) => Err(t!("The role {name} was not made anew. {why}", name, why = error.sentence)),
            }
        }
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
    taking_back(session, messages, move || {
        let restored = api::restore_member(organization.clone(), &line.identity);
        let (identity, email, name) = (line.identity.clone(), line.email.clone(), name.clone());
        async move {
            let _turn = Turn::of(&identity).await;
            match restored.await {
                Ok(restored) => Ok(back(&email, &name, &restored)),
                Err(error) => Err(t!(
                    "{email} was not brought back to {name}. {why}",
                    email,
                    name,
                    why = error.sentence
                )),
            }
        }
    })
}

/// What is said when somebody was brought back.
pub fn back(email: &str, organization: &str, restored: &api::Restored) -> String {
    match restored.left_out.as_slice() {
        [] => t!("{email} is back in {organization} with the same access.", email, organization),
        some => {
            let said = t!("{email} is back in {organization}, but not with everything.", email, organization);
            format!("{said} {}", some.join(" "))
        }
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
    taking_back(session, messages, move || {
        let removed = api::remove_member(organization.clone(), &line.identity, None);
        let (identity, email, name) = (line.identity.clone(), line.email.clone(), name.clone());
        async move {
            let _turn = Turn::of(&identity).await;
            match removed.await {
                Ok(()) => Ok(t!("{email} is removed from {name} again.", email, name)),
                Err(error) => Err(t!("{email} was not removed again. {why}", email, why = error.sentence)),
            }
        }
    })
}

/// Invites somebody again whose invitation was revoked.
pub fn revoked(
    session: Session,
    messages: Messages,
    organization: String,
    again: InvitationCreate,
) -> Callback<()> {
    taking_back(session, messages, move || {
        let invited = api::invite(organization.clone(), std::slice::from_ref(&again));
        let email = again.email.clone();
        async move {
            match invited.await {
                Ok(_) => Ok(t!("{email} is invited again.", email)),
                Err(error) => Err(t!("{email} was not invited again. {why}", email, why = error.sentence)),
            }
        }
    })
}

/// Revokes invitations that were just sent: each by its identity and address.
pub fn invitations(
    session: Session,
    messages: Messages,
    organization: String,
    sent: Vec<(String, String)>,
) -> Callback<()> {
    taking_back(session, messages, move || {
        let (organization, sent) = (organization.clone(), sent.clone());
        async move {
            let mut failed: Vec<(String, String)> = Vec::new();
            let mut gone = Vec::new();
            let pace = Pace::new();
            for (identity, email) in sent {
                let revoked = pace.run(|| revoke(session, organization.clone(), &identity, &email)).await;
                match revoked {
                    Ok(()) => gone.push(email),
                    Err(error) => failed.push((email, error.sentence)),
                }
            }
            match (gone.as_slice(), failed.as_slice()) {
                ([one], []) => Ok(t!("The invitation to {email} was revoked.", email = one)),
                (all, []) => {
                    Ok(tn!(all.len(), "{count} invitation was revoked.", "{count} invitations were revoked."))
                }
                (_, [(email, why)]) => {
                    Err(t!("The invitation to {email} was not revoked. {why}", email, why))
                }
                (all, [(_, why), ..]) => {
                    let (left, sent) = (failed.len(), failed.len() + all.len());
                    Err(tn!(
                        sent,
                        "{left} of {count} invitation was not revoked. {why}",
                        "{left} of {count} invitations were not revoked. {why}",
                        left,
                        why
                    ))
                }
            }
        }
    })
}
