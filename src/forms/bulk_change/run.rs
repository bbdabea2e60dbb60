//! Making a bulk change, each by the API's ordinary call, with what takes it back.

use std::rc::Rc;

use atrium_words::t;
use leptos::prelude::*;

use super::BulkAction;
use super::plan::{Choice, Item};
use crate::api::{self, ApiError, Failure, Pace, Scope};
use crate::forms::many::{Job, Made, Making as Under};
use crate::forms::resend_invitation::{Failed, Resend, the_same};
use crate::forms::revoke;
use crate::forms::take_back::Back;
use crate::session::{Session, changed};

/// So many calls may be on their way at once.
pub const AT_ONCE: usize = 4;

/// What a bulk change is made with.
#[derive(Clone, Copy)]
pub struct Making {
    session: Session,
    resend: Resend,
    pace: Pace,
    /// Whether roles in workspaces differ.
    rbac: bool,
    /// Whether the backend keeps who is removed.
    keeps: bool,
}

impl Making {
    /// Here and now, at this pace.
    pub fn here(pace: Pace, rbac: bool) -> Self {
        let session = Session::current();
        let keeps = session.info.with_untracked(|info| info.instance_flags.removed_members);
        Self { session, resend: Resend::here(), pace, rbac, keeps }
    }

    /// How these changes are made.
    pub fn job(self, organization: String, action: BulkAction, choice: Choice) -> Job<Item> {
        Job {
            at_once: AT_ONCE,
            make: Rc::new(move |item: Item| -> Under {
                let (organization, choice) = (organization.clone(), choice.clone());
                Box::pin(async move { self.make(&organization, action, &choice, &item).await })
            }),
            ended: Rc::new(move || changed(self.session.changes.members)),
        }
    }

    async fn make(
        self,
        organization: &str,
        action: BulkAction,
        choice: &Choice,
        item: &Item,
    ) -> Result<Made, ApiError> {
        let of = || organization.to_owned();
        let workspace = item.workspace.as_ref().map(|(id, _)| id.clone()).unwrap_or_default();
        let inside = || Scope::Workspace(of(), workspace.clone());
        let pace = self.pace;
        let gone = |result: Result<(), ApiError>, note: &str, back: Option<Back>| match result {
            Ok(()) => Ok(Made::with(back)),
            // What was to go is not there: somebody was faster, or an answer was lost.
            Err(error) if error.failure == Failure::Missing => Ok(Made::noted(note)),
            Err(error) => Err(error),
        };
        let back = match action {
            BulkAction::ChangeRole => {
                pace.run(|| api::change_member_role(of(), &item.id, choice.role.clone(), item.etag.clone()))
                    .await?;
                item.role.clone().map(|before| Back::Role {
                    identity: item.id.clone(),
                    before,
                    given: choice.role.clone(),
                })
            }
            BulkAction::AddToWorkspaces if item.invited => {
                let opened = pace.run(|| api::open_by_invitation(inside(), &item.email)).await?;
                Some(Back::Close { workspace, opened: opened.into_iter().next().map(|one| one.id) })
            }
            BulkAction::AddToWorkspaces => {
                let role = Some(choice.workspace_role.as_str()).filter(|role| !role.is_empty());
                let added = pace.run(|| api::add_to_workspace(inside(), &item.id, role)).await?;
                Some(Back::TakeOut {
                    workspace,
                    membership: added.0,
                    given: role.filter(|_| self.rbac).map(str::to_owned),
                })
            }
            BulkAction::RemoveFromWorkspaces => {
                let was_not = t!("Was not in it any more");
                let there = pace.run(|| api::inside(inside(), &item.email, item.invited)).await?;
                let Some(one) = there.into_iter().find(|one| one.email == item.email) else {
                    return Ok(Made::noted(was_not));
                };
                let result = pace.run(|| api::take_out(inside(), &one.id, item.invited)).await;
                let role = one.role_id.filter(|_| self.rbac);
                let back = match item.invited {
                    true => Back::Open { workspace },
                    false => Back::Add { identity: item.id.clone(), workspace, role },
                };
                return gone(result, was_not, Some(back));
            }
            BulkAction::Resend => {
                let result = pace.run(|| async {
                    self.resend.attempt(&item.email).await.map_err(|failed| match failed {
                        // Tried again as a whole once the server wants to hear more.
                        Failed::Stands(error) if error.failure == Failure::TooMany => error,
                        Failed::Stands(error) => {
                            let sentence = format!("{} {}", error.sentence, t!("The old one stands."));
                            ApiError { sentence, ..error }
                        }
                        other => ApiError::new(Failure::Other, other.sentence(&item.email)),
                    })
                });
                result.await?;
                None
            }
            BulkAction::Revoke => {
                // What it gave is known only as long as it is there.
                let address = std::slice::from_ref(&item.email);
                let there = pace.run(|| api::invitations_among(of(), address)).await?;
                let old = there.into_iter().find(|one| one.id == item.id);
                let result = pace.run(|| revoke(self.session, of(), &item.id, &item.email)).await;
                let old = old.filter(|_| item.may_return);
                let back = old.map(|old| Back::Invite(the_same(&old, self.rbac)));
                return gone(result, t!("Was not there any more"), back);
            }
            BulkAction::Remove => {
                let result = pace.run(|| api::remove_member(of(), &item.id, item.etag.clone())).await;
                let back =
                    (self.keeps && item.may_return).then(|| Back::Restore { identity: item.id.clone() });
                return gone(result, t!("Was not there any more"), back);
            }
        };
        Ok(Made::with(back))
    }
}
