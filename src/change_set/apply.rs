//! Making the collected changes, one after the other; what fails stays collected, with its reason.

use atrium_domain::change_set::{Change, Kind};
use atrium_domain::invitees::MOST;
use atrium_domain::wire::InvitationCreate;
use leptos::prelude::*;

use super::{Tray, role_held};
use crate::api::{self, Failure};
use crate::forms::tell;
use crate::session::{Place, Session, changed};

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// So many were tried.
    pub tried: usize,
    /// So many of them were made.
    pub made: usize,
    /// So many there are.
    pub all: usize,
}

/// Makes the changes in their order. Ends early, between two of them, where `stop` says so.
pub async fn apply(
    (place, session): (Place, Session),
    tray: Tray,
    progress: RwSignal<Option<Progress>>,
    stop: RwSignal<bool>,
) -> Progress {
    let organization = place.organization_id();
    let changes = tray.set.with_untracked(|set| set.changes().to_vec());
    let mut now = Progress { all: changes.len(), ..Progress::default() };
    progress.try_set(Some(now));
    let mut left = changes.as_slice();
    // The page may be gone meanwhile: then nothing more is begun either.
    while !left.is_empty() && stop.try_get_untracked() == Some(false) {
        let invitations = left.iter().take_while(|change| change.kind == Kind::Invite).take(MOST).count();
        let (these, rest) = left.split_at(Ord::max(invitations, 1));
        left = rest;
        now.made += match these {
            [one] if one.kind != Kind::Invite => {
                let made = make(&organization, one, tray, place).await;
                usize::from(note(tray, one, made))
            }
            some => invite(&organization, some, tray, (place, session)).await,
        };
        now.tried += these.len();
        progress.try_set(Some(now));
    }
    progress.try_set(None);
    changed(session.changes.members);
    if changes.iter().any(|change| change.is_self) {
        changed(session.changes.organizations);
        changed(session.changes.organization);
    }
    now
}

/// Takes out what was made, keeps why something was not. Says whether it was.
fn note(tray: Tray, change: &Change, made: Result<(), String>) -> bool {
    match made {
        Ok(()) => tray.remove(&change.email),
        Err(ref sentence) => {
            _ = tray.failed.try_update(|failed| failed.insert(change.email.clone(), sentence.clone()));
        }
    }
    made.is_ok()
}

/// Makes a change of somebody who is there. Looks first whether the person still is as the change
/// takes for granted: what another admin did meanwhile is not overwritten unsaid.
async fn make(organization: &str, change: &Change, tray: Tray, place: Place) -> Result<(), String> {
    let organization = organization.to_owned();
    let (email, identity) = (&change.email, &change.identity);
    let mut etag = None;
    if matches!(change.kind, Kind::Role | Kind::Remove) {
        let found = api::member_now(organization.clone(), email, identity).await;
        let Some(person) = found.map_err(|error| error.sentence)? else {
            return if change.kind == Kind::Remove {
                Ok(())
            } else {
                Err(format!("{email} is not a member any more. Take this change out."))
            };
        };
        // Between this look and the change there is a moment, which the tag closes.
        etag = person.etag;
        let role = person.role_id.unwrap_or_default();
        if change.to.as_ref().is_some_and(|to| to.id == role) {
            return Ok(());
        }
        if change.from.as_ref().is_some_and(|from| from.id != role) {
            let from = untrack(|| role_held(place, &role));
            let sentence = format!(
                "Somebody else made {email} {} meanwhile. Apply it once more to change that, or take it out.",
                from.name
            );
            tray.update(|set| set.add(Change { from: Some(from), ..change.clone() }));
            return Err(sentence);
        }
    }
    let result = match (change.kind, &change.to) {
        (Kind::Role, Some(to)) => api::change_member_role(organization, identity, to.id.clone(), etag).await,
        (Kind::Revoke, _) => api::revoke_invitation(organization, identity).await,
        _ => api::remove_member(organization, identity, etag).await,
    };
    match result {
        // Gone is what was wanted.
        Err(error) if error.failure == Failure::Missing && change.kind != Kind::Role => Ok(()),
        result => result.map_err(|error| error.sentence),
    }
}

fn invitation(change: &Change) -> InvitationCreate {
    let ids: Vec<String> = change.workspaces.iter().map(|one| one.id.clone()).collect();
    let is_inside = !ids.is_empty();
    InvitationCreate {
        email: change.email.clone(),
        role_id: change.to.as_ref().map(|role| role.id.clone()),
        workspace_ids: is_inside.then_some(ids),
        workspace_role_id: change.workspace_role.clone().filter(|_| is_inside),
    }
}

/// Invites in one call; where some are refused, the others once more without them. Says how many
/// were invited.
async fn invite(
    organization: &str,
    changes: &[Change],
    tray: Tray,
    (place, session): (Place, Session),
) -> usize {
    let mut left: Vec<&Change> = changes.iter().collect();
    let mut made = 0;
    // A second round leaves out whom the first one refused; a third would have no end in sight.
    for _ in 0..2 {
        let body: Vec<_> = left.iter().map(|change| invitation(change)).collect();
        match api::invite(organization.to_owned(), &body).await {
            Ok(sent) => {
                made += left.len();
                left.drain(..).for_each(|change| _ = note(tray, change, Ok(())));
                tell(place, session, &sent);
            }
            Err(error) => {
                let rows = error.rows();
                for (index, change) in left.iter().enumerate() {
                    let own =
                        rows.iter().find(|(row, _)| *row == index).map(|(_, sentence)| sentence.clone());
                    let sentence = own.unwrap_or_else(|| error.sentence.clone());
                    note(tray, change, Err(sentence));
                }
                if rows.is_empty() {
                    break;
                }
                let mut index = 0;
                left.retain(|_| {
                    index += 1;
                    !rows.iter().any(|(row, _)| row + 1 == index)
                });
            }
        }
        if left.is_empty() {
            break;
        }
    }
    made
}
