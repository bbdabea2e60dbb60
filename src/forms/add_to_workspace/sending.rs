//! Adding those who were chosen: the members a few at a time, and the others by invitation, all or none.

use std::collections::BTreeMap;
use std::rc::Rc;

use atrium_domain::wire::InvitationCreate;
use atrium_ui::spawn;
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Entered;
use crate::api::{self, Failure, Scope};
use crate::forms::many::{Job, Made, Making, One, Run};
use crate::session::changed;

/// So many calls may be on their way at once.
const AT_ONCE: usize = 4;

/// A member of the organization who is added.
#[derive(Clone, Debug)]
pub struct Addition {
    email: String,
    /// The membership of the organization.
    identity: String,
}

impl One for Addition {
    fn email(&self) -> &str {
        &self.email
    }

    fn workspace(&self) -> Option<&str> {
        None
    }
}

impl Entered {
    /// Adds and invites. Whoever was added leaves the list; whoever was not stays, with the reason.
    pub fn send(self, open: RwSignal<bool>) {
        let nobody = self.chosen.with_untracked(BTreeMap::is_empty);
        if nobody || self.busy.with_untracked(Option::is_some) {
            return;
        }
        self.busy.set(Some(t!("Adding").to_owned()));
        self.error.set(None);
        let (workspace, name) =
            self.workspace.with_untracked(|one| (one.id.clone(), one.display_name.clone()));
        let scope = Scope::Workspace(self.place.organization_id(), workspace);
        let role = untrack(|| self.rbac().then(|| self.given_role()));
        let (mut members, mut invited) = (Vec::new(), Vec::new());
        for (email, one) in self.chosen.get_untracked() {
            match one.identity {
                Some(identity) => members.push(Addition { email, identity }),
                None => invited.push(email),
            }
        }
        // It belongs to no page: whoever is left by then is added all the same, and it is said.
        let run = Run::new();
        let then = (scope.clone(), role.clone());
        let ended = move || {
            let ((scope, role), invited, name) = (then.clone(), invited.clone(), name.clone());
            spawn(async move {
                let halted = run.halted.try_get_untracked().flatten();
                let count = match halted {
                    Some(why) => {
                        self.error.try_set(Some(why));
                        0
                    }
                    None => self.invite(scope, role, invited).await,
                };
                self.end(open, &name, run.done.try_get_untracked().unwrap_or_default(), count);
            });
        };
        let make = move |one: Addition| self.add(run, scope.clone(), role.clone(), one);
        let job = Job { at_once: AT_ONCE, make: Rc::new(make), ended: Rc::new(ended) };
        let nobody_to_add = members.is_empty();
        run.begin(members, &job);
        if nobody_to_add {
            (job.ended)();
        }
    }

    fn add(self, run: Run<Addition>, scope: Scope, role: Option<String>, one: Addition) -> Making {
        Box::pin(async move {
            let call = || api::add_to_workspace(scope.clone(), &one.identity, role.as_deref());
            match run.pace.run(call).await {
                Ok(_) => {
                    let _ = self.chosen.try_update(|all| all.remove(&one.email));
                    Ok(Made::with(None))
                }
                Err(error) => {
                    if !error.ends_all() {
                        self.refuse(&one.email, error.sentence.clone());
                    }
                    Err(error)
                }
            }
        })
    }

    /// Invites all of them or none; gives how many.
    async fn invite(self, scope: Scope, role: Option<String>, addresses: Vec<String>) -> usize {
        if addresses.is_empty() {
            return 0;
        }
        let people: Vec<_> = addresses
            .iter()
            .map(|email| InvitationCreate {
                email: email.clone(),
                workspace_role_id: role.clone(),
                ..Default::default()
            })
            .collect();
        match api::invite_inside(scope, &people).await {
            Ok(_) => {
                let _ = self.chosen.try_update(|all| {
                    all.retain(|email, one| one.identity.is_some() || !addresses.contains(email));
                });
                people.len()
            }
            Err(error) => {
                let rows = error.rows();
                for (index, why) in &rows {
                    if let Some(email) = addresses.get(*index) {
                        self.refuse(email, why.clone());
                    }
                }
                let whole = rows.is_empty() || error.failure == Failure::Unreachable;
                let sentence = if whole {
                    error.sentence
                } else {
                    t!(
                        "Nobody was invited: an invitation was refused, and it says why. Leave it out, or change \
                         it, and try again."
                    )
                    .to_owned()
                };
                let _ = self.error.try_set(Some(sentence));
                0
            }
        }
    }

    fn end(self, open: RwSignal<bool>, name: &str, added: usize, invited: usize) {
        let _ = self.busy.try_set(None);
        let said = match (added, invited) {
            (0, 0) => None,
            (0, invited) => Some(tn!(
                invited,
                "{count} person was invited to {name}.",
                "{count} people were invited to {name}.",
                name
            )),
            (added, 0) => Some(tn!(
                added,
                "{count} person was added to {name}.",
                "{count} people were added to {name}.",
                name
            )),
            (added, invited) => {
                let added = tn!(
                    added,
                    "{count} person was added to {name}",
                    "{count} people were added to {name}",
                    name
                );
                let invited = tn!(invited, "{count} person was invited", "{count} people were invited");
                Some(t!("{added}, and {invited}.", added, invited))
            }
        };
        if let Some(said) = said {
            self.messages.success(said);
        }
        let left = self.chosen.try_with_untracked(BTreeMap::len).unwrap_or_default();
        if left == 0 {
            let _ = open.try_set(false);
            let _ = self.said.try_set(None);
        } else if self.error.try_with_untracked(Option::is_none) == Some(true) {
            let sentence = tn!(
                left,
                "{count} person was not added; the list says why.",
                "{count} people were not added; the list says why."
            );
            let _ = self.error.try_set(Some(sentence));
        }
        changed(self.session.changes.members);
    }

    fn refuse(self, email: &str, why: String) {
        let _ = self.chosen.try_update(|all| {
            if let Some(one) = all.get_mut(email) {
                one.refused = Some(why);
            }
        });
    }
}
