//! Making the collected changes, one after the other; what fails stays collected, with its reason.

use atrium_domain::change_set::{Change, Kind};
use atrium_domain::invitees::MOST;
use atrium_domain::roles::role_label;
use atrium_domain::wire::InvitationCreate;
use atrium_ui::lower;
use atrium_words::t;
use leptos::prelude::*;

use super::{Tray, role_held};
use crate::api::{self, ApiError, Failure, Pace};
use crate::components::Progress;
use crate::forms::{Back, RoleBefore, TakeBack, revoke, tell, the_same};
use crate::session::{Place, Session, changed};

/// What was made.
#[derive(Default)]
pub struct Applied {
    /// How many changes.
    pub made: usize,
    /// What takes them back, the last one first; less than were made where some cannot be.
    pub back: Vec<TakeBack>,
}

impl Applied {
    fn add(&mut self, email: &str, back: Option<Back>) {
        self.made += 1;
        if let Some(back) = back {
            self.back.insert(0, TakeBack { email: email.to_owned(), workspace: None, back });
        }
    }
}

/// Makes the changes in their order, and says what was made. Ends early, between two of them, where
/// `pace` is stopped.
pub async fn apply(
    (place, session): (Place, Session),
    tray: Tray,
    pace: Pace,
    progress: Progress,
) -> Applied {
    let organization = place.organization_id();
    let made_of = Applying { tray, key: tray.key.get_untracked(), pace, organization: &organization };
    let changes = tray.set.with_untracked(|set| set.changes().to_vec());
    let mut applied = Applied::default();
    let mut left = changes.as_slice();
    while !left.is_empty() && !pace.is_stopped() {
        let _ = progress.try_set((changes.len() - left.len(), Some(changes.len())));
        let invitations = left.iter().take_while(|change| change.kind == Kind::Invite).take(MOST).count();
        let (these, rest) = left.split_at(Ord::max(invitations, 1));
        left = rest;
        match these {
            [one] if one.kind != Kind::Invite => {
                let result = made_of.make(one, (place, session)).await;
                let back = result.as_ref().ok().cloned().flatten();
                if made_of.note(one, result.map(|_| ())) {
                    applied.add(&one.email, back);
                }
            }
            some => made_of.invite(some, (place, session), &mut applied).await,
        }
    }
    changed(session.changes.members);
    if changes.iter().any(|change| change.is_self) {
        changed(session.changes.organizations);
        changed(session.changes.organization);
    }
    applied
}

/// What all changes are made with.
struct Applying<'a> {
    tray: Tray,
    /// Under which the changes are kept: the page may be gone, or about another organization, before
    /// all of them are made.
    key: String,
    pace: Pace,
    organization: &'a str,
}

impl Applying<'_> {
    /// Takes out what was made, keeps why something was not. Says whether it was.
    fn note(&self, change: &Change, made: Result<(), ApiError>) -> bool {
        let is_made = made.is_ok();
        match made {
            Ok(()) => self.tray.change_kept(&self.key, |set| set.remove(&change.email)),
            Err(error) => {
                if error.ends_all() {
                    self.pace.stop();
                }
                self.tray.fail(&self.key, &change.email, error.sentence);
            }
        }
        is_made
    }

    /// Makes a change of somebody who is there. Looks first whether the person still is as the change
    /// takes for granted: what another admin did meanwhile is not overwritten unsaid. Gives what takes it
    /// back.
    async fn make(
        &self,
        change: &Change,
        (place, session): (Place, Session),
    ) -> Result<Option<Back>, ApiError> {
        let of = || self.organization.to_owned();
        let (email, identity) = (&change.email, &change.identity);
        let mut etag = None;
        if matches!(change.kind, Kind::Role | Kind::Remove) {
            let Some(person) = self.pace.run(|| api::member_now(of(), email, identity)).await? else {
                let sentence = t!("{email} is not a member any more. Take this change out.", email);
                let gone = change.kind == Kind::Remove;
                return if gone { Ok(None) } else { Err(ApiError::new(Failure::Missing, sentence)) };
            };
            // Between this look and the change there is a moment, which the tag closes.
            etag = person.etag;
            let role = person.role_id.unwrap_or_default();
            if change.to.as_ref().is_some_and(|to| to.id == role) {
                return Ok(None);
            }
            if change.from.as_ref().is_some_and(|from| from.id != role) {
                let from = untrack(|| role_held(place, &role));
                let sentence = t!(
                    "Somebody else made {email} {role} meanwhile. Apply it once more to change that, or take it out.",
                    email,
                    role = role_label(&from.name)
                );
                let change = Change { from: Some(from), ..change.clone() };
                self.tray.change_kept(&self.key, |set| set.add(change));
                return Err(ApiError::new(Failure::Changed, sentence));
            }
        }
        let back = match (change.kind, &change.from, &change.to) {
            (Kind::Role, Some(from), Some(to)) => Some(Back::Role {
                identity: identity.clone(),
                before: RoleBefore { id: from.id.clone(), name: from.name.clone() },
                given: to.id.clone(),
            }),
            (Kind::Remove, ..) => {
                let keeps = session.info.with_untracked(|info| info.instance_flags.removed_members);
                // Whoever leaves is not kept.
                (keeps && !change.is_self).then(|| Back::Restore { identity: identity.clone() })
            }
            (Kind::Revoke, ..) => {
                // What it gave is known only as long as it is there.
                let address = std::slice::from_ref(email);
                let there = self.pace.run(|| api::invitations_among(of(), address)).await?;
                let rbac = place.caller.with_untracked(|it| it.as_ref().is_some_and(|it| it.can_use_rbac));
                let old = there.into_iter().find(|one| one.id == *identity);
                old.map(|old| Back::Invite(the_same(&old, rbac)))
            }
            _ => None,
        };
        let call = || match (change.kind, &change.to) {
            (Kind::Role, Some(to)) => api::change_member_role(of(), identity, to.id.clone(), etag.clone()),
            (Kind::Revoke, _) => revoke(session, of(), identity, email),
            _ => api::remove_member(of(), identity, etag.clone()),
        };
        match self.pace.run(call).await {
            // Gone is what was wanted.
            Err(error) if error.failure == Failure::Missing && change.kind != Kind::Role => Ok(None),
            result => result.map(|()| back),
        }
    }

    /// Invites in one call; where some are refused, the others once more without them.
    async fn invite(&self, changes: &[Change], (place, session): (Place, Session), applied: &mut Applied) {
        let mut left: Vec<&Change> = changes.iter().collect();
        // A second round leaves out whom the first one refused; a third would have no end in sight.
        for _ in 0..2 {
            let body: Vec<_> = left.iter().map(|change| invitation(change)).collect();
            let error = match self.pace.run(|| api::invite(self.organization.to_owned(), &body)).await {
                Ok(sent) => {
                    for change in left {
                        self.note(change, Ok(()));
                        let own = sent.iter().find(|one| lower(&one.email) == change.email);
                        let back = own.map(|one| Back::Revoke { identity: one.id.clone() });
                        applied.add(&change.email, back);
                    }
                    tell(place, session, self.organization, &sent);
                    return;
                }
                Err(error) => error,
            };
            let rows = error.rows();
            let mut others = Vec::new();
            for (index, change) in left.into_iter().enumerate() {
                let own = rows.iter().find(|(row, _)| *row == index);
                if own.is_none() {
                    others.push(change);
                }
                let sentence = match own {
                    Some((_, sentence)) => sentence.clone(),
                    None if rows.is_empty() => error.sentence.clone(),
                    None => t!("Not sent, because others in the same call were refused.").to_owned(),
                };
                self.note(change, Err(ApiError { sentence, ..error.clone() }));
            }
            left = others;
            if rows.is_empty() || left.is_empty() {
                break;
            }
        }
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
