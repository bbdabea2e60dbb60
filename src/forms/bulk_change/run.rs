//! Making many changes: a few at a time, with a result for each.

use atrium_ui::spawn;
use leptos::prelude::*;

use super::BulkAction;
use super::plan::{Choice, Item};
use crate::api::{self, ApiError, Failure, Pace, Scope};
use crate::forms::resend_invitation::{Failed, Resend};
use crate::forms::revoke;
use crate::session::{Session, changed};

/// So many calls may be on their way at once.
const AT_ONCE: usize = 4;

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// It was made, or need not be.
    Done(&'static str),
    /// It was not, and why.
    Failed(String),
}

/// Many changes and what became of them. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Run {
    session: Session,
    resend: Resend,
    /// What is said to the server only as fast as it wants to hear.
    pub pace: Pace,
    /// The changes, each with what became of it.
    pub items: StoredValue<Vec<(Item, Outcome)>>,
    /// Which of them are to be made yet, the next one last.
    queue: StoredValue<Vec<usize>>,
    /// How many were made.
    pub done: RwSignal<usize>,
    /// How many were not.
    pub failed: RwSignal<usize>,
    /// How many there are.
    pub total: RwSignal<usize>,
    /// How many calls are on their way.
    active: StoredValue<usize>,
    /// Whether changes are being made.
    pub running: RwSignal<bool>,
    /// Why it ended before all were tried.
    pub halted: RwSignal<Option<String>>,
}

impl Run {
    /// Nothing to do yet.
    pub fn new() -> Self {
        Self {
            session: Session::current(),
            resend: Resend::here(),
            pace: Pace::new(),
            items: StoredValue::new(Vec::new()),
            queue: StoredValue::new(Vec::new()),
            done: RwSignal::new(0),
            failed: RwSignal::new(0),
            total: RwSignal::new(0),
            active: StoredValue::new(0),
            running: RwSignal::new(false),
            halted: RwSignal::new(None),
        }
    }

    /// Makes these changes.
    pub fn begin(self, organization: String, action: BulkAction, choice: Choice, items: Vec<Item>) {
        self.total.set(items.len());
        self.done.set(0);
        self.items.set_value(items.into_iter().map(|item| (item, Outcome::Open)).collect());
        self.go_on(organization, action, choice);
    }

    /// Makes those that are not made yet: the ones that failed, and the ones that were stopped.
    pub fn go_on(self, organization: String, action: BulkAction, choice: Choice) {
        if self.running.get_untracked() {
            return;
        }
        let open = self.items.with_value(|items| {
            let open = |(_, (_, outcome)): &(usize, &(Item, Outcome))| !matches!(outcome, Outcome::Done(_));
            items.iter().enumerate().filter(open).map(|(index, _)| index).rev().collect::<Vec<_>>()
        });
        if open.is_empty() {
            return;
        }
        let workers = AT_ONCE.min(open.len());
        self.queue.set_value(open);
        self.failed.set(0);
        self.halted.set(None);
        self.pace.begin();
        self.active.set_value(workers);
        self.running.set(true);
        for _ in 0..workers {
            let (organization, choice) = (organization.clone(), choice.clone());
            spawn(async move {
                self.work(&organization, action, &choice).await;
                let left = self.active.try_update_value(|active| {
                    *active -= 1;
                    *active
                });
                if left == Some(0) {
                    self.running.set(false);
                    changed(self.session.changes.members);
                }
            });
        }
    }

    /// Makes one change after the other, until none is left or it was stopped.
    async fn work(self, organization: &str, action: BulkAction, choice: &Choice) {
        while !self.pace.is_stopped() {
            let Some(Some(index)) = self.queue.try_update_value(Vec::pop) else { return };
            let Some(item) = self.items.try_with_value(|items| items.get(index).map(|one| one.0.clone()))
            else {
                return;
            };
            let Some(item) = item else { continue };
            let result = self.make(organization, action, choice, &item).await;
            let mut seen_anew = false;
            let outcome = match result {
                Ok(note) => {
                    let _ = self.done.try_update(|done| *done += 1);
                    Outcome::Done(note)
                }
                Err(error) => {
                    let _ = self.failed.try_update(|failed| *failed += 1);
                    if error.ends_all() {
                        // The others would fail just so.
                        self.pace.stop();
                        let _ = self.halted.try_set(Some(error.sentence.clone()));
                    }
                    // Told of it, whoever tries again decides anew.
                    seen_anew = error.failure == Failure::Changed;
                    Outcome::Failed(error.sentence)
                }
            };
            let _ = self.items.try_update_value(|items| {
                if let Some(one) = items.get_mut(index) {
                    if seen_anew {
                        one.0.etag = None;
                    }
                    one.1 = outcome;
                }
            });
        }
    }

    async fn make(
        self,
        organization: &str,
        action: BulkAction,
        choice: &Choice,
        item: &Item,
    ) -> Result<&'static str, ApiError> {
        let of = || organization.to_owned();
        let inside = || {
            let workspace = item.workspace.as_ref().map(|(id, _)| id.clone()).unwrap_or_default();
            Scope::Workspace(of(), workspace)
        };
        let pace = self.pace;
        let gone = |result: Result<(), ApiError>, note| match result {
            Ok(()) => Ok("Done"),
            // What was to go is not there: somebody was faster, or an answer was lost.
            Err(error) if error.failure == Failure::Missing => Ok(note),
            Err(error) => Err(error),
        };
        match action {
            BulkAction::ChangeRole => {
                pace.run(|| api::change_member_role(of(), &item.id, choice.role.clone(), item.etag.clone()))
                    .await?;
            }
            BulkAction::AddToWorkspaces if item.invited => {
                pace.run(|| api::open_by_invitation(inside(), &item.email)).await?;
            }
            BulkAction::AddToWorkspaces => {
                let role = Some(choice.workspace_role.as_str()).filter(|role| !role.is_empty());
                pace.run(|| api::add_to_workspace(inside(), &item.id, role)).await?;
            }
            BulkAction::RemoveFromWorkspaces => {
                let there = pace.run(|| api::inside(inside(), &item.email, item.invited)).await?;
                let Some(one) = there.into_iter().find(|one| one.email == item.email) else {
                    return Ok("Was not in it any more");
                };
                let result = pace.run(|| api::take_out(inside(), &one.id, item.invited)).await;
                return gone(result, "Was not in it any more");
            }
            BulkAction::Resend => {
                let result = pace.run(|| async {
                    self.resend.attempt(&item.email).await.map_err(|failed| match failed {
                        // Tried again as a whole once the server wants to hear more.
                        Failed::Stands(error) if error.failure == Failure::TooMany => error,
                        Failed::Stands(error) => {
                            ApiError { sentence: format!("{} The old one stands.", error.sentence), ..error }
                        }
                        other => ApiError::new(Failure::Other, other.sentence(&item.email)),
                    })
                });
                result.await?;
            }
            BulkAction::Revoke => {
                let result = pace.run(|| revoke(self.session, of(), &item.id, &item.email)).await;
                return gone(result, "Was not there any more");
            }
            BulkAction::Remove => {
                let result = pace.run(|| api::remove_member(of(), &item.id, item.etag.clone())).await;
                return gone(result, "Was not there any more");
            }
        }
        Ok("Done")
    }
}
