//! Taking many changes back: each by its inverse call, after a look at what is there now, with a result
//! for each. What somebody else has done since is left as it is, and said.
//!
//! It is offered from a message, which outlives the page and the dialog that the changes were made in.
//! So what it needs belongs to no page; [`TakingBack`] shows how far it is wherever there is one.

use std::cell::Cell;
use std::rc::Rc;

use atrium_domain::roles::role_label;
use atrium_domain::wire::InvitationCreate;
use atrium_ui::{DialogKind, HEADING, Messages, mend_focus};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::many::{Job, Made, Making, One, Outcome, Run, results};
use super::pass_on::revoke;
use super::undo;
use crate::api::{self, ApiError, Failure, Pace, Scope, Turn};
use crate::components::dialog_about;
use crate::session::{Place, Session, changed};

/// A role that somebody had.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleBefore {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// The inverse of a change.
#[derive(Clone, Debug)]
pub enum Back {
    /// Gives a member the organization role back.
    Role {
        /// The member.
        identity: String,
        /// The role before.
        before: RoleBefore,
        /// The id of the role that was given.
        given: String,
    },
    /// Takes a member out of a workspace again.
    TakeOut {
        /// The workspace.
        workspace: String,
        /// The membership that was made, where the answer told.
        membership: Option<String>,
        /// The id of the role that was given there, where roles differ.
        given: Option<String>,
    },
    /// Adds a member to a workspace again.
    Add {
        /// The member.
        identity: String,
        /// The workspace.
        workspace: String,
        /// The id of the role there before, where roles differ.
        role: Option<String>,
    },
    /// Takes a workspace out of an invitation again.
    Close {
        /// The workspace.
        workspace: String,
        /// The invitation that opened it, where the answer told.
        opened: Option<String>,
    },
    /// Has an invitation open a workspace again.
    Open {
        /// The workspace.
        workspace: String,
    },
    /// Brings a removed member back.
    Restore {
        /// The member.
        identity: String,
    },
    /// Invites somebody again.
    Invite(InvitationCreate),
    /// Revokes an invitation that was sent.
    Revoke {
        /// The invitation.
        identity: String,
    },
}

/// A change that is to be taken back.
#[derive(Clone, Debug)]
pub struct TakeBack {
    /// Whom it is about.
    pub email: String,
    /// The name of the workspace that it is about, where it is about one.
    pub workspace: Option<String>,
    /// What does it.
    pub back: Back,
}

impl One for TakeBack {
    fn email(&self) -> &str {
        &self.email
    }

    fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }
}

/// What takes back those of some changes that were made, the last one first.
pub fn taken_back<T: One>(items: &[(T, Outcome)]) -> Vec<TakeBack> {
    let back = |(item, outcome): &(T, Outcome)| match outcome {
        Outcome::Done(Made { back: Some(back), .. }) => Some(TakeBack {
            email: item.email().to_owned(),
            workspace: item.workspace().map(str::to_owned),
            back: (**back).clone(),
        }),
        _ => None,
    };
    items.iter().rev().filter_map(back).collect()
}

/// What is needed wherever the person is by then.
type Here = (Place, Session, Messages);

/// Says what was done in an organization in a message that takes it back, where that is possible.
/// `at_once` is how many calls may be on their way.
pub fn offer(here: Here, organization: String, said: String, made: Vec<TakeBack>, at_once: usize) {
    if made.is_empty() {
        return;
    }
    let undo = Callback::new(move |()| take_back(here, organization.clone(), made.clone(), at_once));
    here.2.undoable(said, undo);
}

/// Changes that are being taken back.
#[derive(Clone, Copy)]
struct Undoing {
    run: Run<TakeBack>,
    again: Callback<()>,
}

thread_local! {
    /// What is being taken back, or was just now.
    static UNDOING: ArcRwSignal<Option<Undoing>> = ArcRwSignal::new(None);
    /// How many dialogs there are that show it.
    static SHOWN: Cell<u32> = const { Cell::new(0) };
}

fn undoing() -> ArcRwSignal<Option<Undoing>> {
    UNDOING.with(Clone::clone)
}

/// Takes changes back, from the first of these to the last.
pub fn take_back(
    (place, session, messages): Here,
    organization: String,
    changes: Vec<TakeBack>,
    at_once: usize,
) {
    let all = changes.len();
    let run = Run::new();
    let job = move || {
        let organization = organization.clone();
        Job {
            at_once,
            make: Rc::new(move |one: TakeBack| -> Making {
                let taking = Taking { place, session, organization: organization.clone(), pace: run.pace };
                Box::pin(async move { taking.make(one).await })
            }),
            ended: Rc::new(move || {
                changed(session.changes.members);
                changed(session.changes.organizations);
                changed(session.changes.organization);
                if SHOWN.get() == 0 || !is_shown(run) {
                    say(messages, run, all);
                }
            }),
        }
    };
    run.begin(changes, &job());
    let again = Callback::new(move |()| run.go_on(&job()));
    undoing().set(Some(Undoing { run, again }));
}

/// Whether it is this that is shown, and not something that was taken back after it.
fn is_shown(run: Run<TakeBack>) -> bool {
    undoing().with_untracked(|now| now.is_some_and(|now| now.run.total == run.total))
}

/// What came of it, where nothing else shows it.
fn say(messages: Messages, run: Run<TakeBack>, all: usize) {
    let first = run.items.with_value(|items| {
        let failed = items.iter().find_map(|(one, outcome)| match outcome {
            Outcome::Failed(sentence) => Some(t!("{who}: {why}", who = one.email, why = sentence)),
            _ => None,
        });
        let made = items.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Done(_))).count();
        (all - made, failed.unwrap_or_default())
    });
    match first {
        (0, _) => {
            messages.success(tn!(all, "{count} change was taken back.", "{count} changes were taken back."));
        }
        (left, why) => {
            let said = tn!(
                all,
                "{left} of {count} change was not taken back.",
                "{left} of {count} changes were not taken back.",
                left
            );
            messages.failure(format!("{said} {why}"), None);
        }
    }
    if is_shown(run) {
        undoing().set(None);
    }
}

/// What changes are taken back with.
struct Taking {
    place: Place,
    session: Session,
    organization: String,
    pace: Pace,
}

/// Why something is left as somebody else has made it.
fn left(sentence: String) -> ApiError {
    ApiError::new(Failure::Conflict, sentence)
}

impl Taking {
    async fn make(self, one: TakeBack) -> Result<Made, ApiError> {
        let TakeBack { email, back, .. } = one;
        match back {
            Back::Role { identity, before, given } => self.role(&email, &identity, &before, &given).await,
            Back::TakeOut { workspace, membership, given } => {
                self.take_out(&email, &workspace, membership, given).await
            }
            Back::Add { identity, workspace, role } => self.add(&email, &identity, &workspace, role).await,
            Back::Close { workspace, opened } => self.close(&email, &workspace, opened).await,
            Back::Open { workspace } => self.open(&email, &workspace).await,
            Back::Restore { identity } => {
                let _turn = Turn::of(&identity).await;
                let restored = self.pace.run(|| api::restore_member(self.of(), &identity)).await?;
                match restored.left_out.as_slice() {
                    [] => Ok(Made::with(None)),
                    some => Ok(Made::noted(format!(
                        "{} {}",
                        t!("Is back, but not with everything."),
                        some.join(" ")
                    ))),
                }
            }
            Back::Invite(again) => {
                let again = std::slice::from_ref(&again);
                self.pace.run(|| api::invite(self.of(), again)).await?;
                Ok(Made::with(None))
            }
            Back::Revoke { identity } => self.revoke(&email, &identity).await,
        }
    }

    fn of(&self) -> String {
        self.organization.clone()
    }

    fn inside(&self, workspace: &str) -> Scope {
        Scope::Workspace(self.of(), workspace.to_owned())
    }

    /// The name of a role; where it is not known any more, it is just another one.
    fn name_of(&self, role: Option<&str>) -> String {
        let roles = self.place.roles.data.try_get_untracked().flatten().unwrap_or_default();
        let found = roles.into_iter().find(|one| role == Some(one.id.as_str()));
        found.map_or_else(|| t!("something else").to_owned(), |role| role.label().into_owned())
    }

    async fn role(
        &self,
        email: &str,
        identity: &str,
        before: &RoleBefore,
        given: &str,
    ) -> Result<Made, ApiError> {
        let _turn = Turn::of(identity).await;
        let now = self.pace.run(|| api::member_now(self.of(), email, identity)).await?;
        let now = now.ok_or_else(|| left(undo::gone(identity)))?;
        if now.role_id.as_ref() == Some(&before.id) {
            return Ok(Made::noted(t!("Is {role} already.", role = role_label(&before.name))));
        }
        if now.role_id.as_deref() != Some(given) {
            let name = now.role_name.unwrap_or_else(|| self.name_of(now.role_id.as_deref()));
            let role = now.role_id.as_deref().unwrap_or_default();
            return Err(left(undo::other_role(identity, role, &name)));
        }
        let change = || api::change_member_role(self.of(), identity, before.id.clone(), now.etag.clone());
        match self.pace.run(change).await {
            Ok(()) => Ok(Made::with(None)),
            Err(error) if error.failure == Failure::Changed => {
                Err(left(t!("Somebody else changed this member meanwhile.").to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    async fn take_out(
        &self,
        email: &str,
        workspace: &str,
        membership: Option<String>,
        given: Option<String>,
    ) -> Result<Made, ApiError> {
        let there = self.pace.run(|| api::inside(self.inside(workspace), email, false)).await?;
        let Some(now) = there.into_iter().find(|one| one.email == email) else {
            return Ok(Made::noted(t!("Was not in it any more")));
        };
        if given.is_some() && now.role_id != given {
            let role = self.name_of(now.role_id.as_deref());
            return Err(left(t!("Somebody else made this member {role} there meanwhile.", role)));
        }
        if membership.is_some_and(|made| made != now.id) {
            return Err(left(t!("Somebody else added this member anew meanwhile.").to_owned()));
        }
        match self.pace.run(|| api::take_out(self.inside(workspace), &now.id, false)).await {
            Err(error) if error.failure == Failure::Missing => Ok(Made::noted(t!("Was not in it any more"))),
            result => result.map(|()| Made::with(None)),
        }
    }

    async fn add(
        &self,
        email: &str,
        identity: &str,
        workspace: &str,
        role: Option<String>,
    ) -> Result<Made, ApiError> {
        let there = self.pace.run(|| api::inside(self.inside(workspace), email, false)).await?;
        if there.iter().any(|one| one.email == email) {
            return Ok(Made::noted(t!("Somebody else added this member again already")));
        }
        let add = || api::add_to_workspace(self.inside(workspace), identity, role.as_deref());
        self.pace.run(add).await.map(|_| Made::with(None))
    }

    async fn close(&self, email: &str, workspace: &str, opened: Option<String>) -> Result<Made, ApiError> {
        let there = self.pace.run(|| api::inside(self.inside(workspace), email, true)).await?;
        let Some(now) = there.into_iter().find(|one| one.email == email) else {
            let joined = self.pace.run(|| api::inside(self.inside(workspace), email, false)).await?;
            return match joined.iter().any(|one| one.email == email) {
                true => Err(left(t!("Has accepted the invitation meanwhile, and is in it.").to_owned())),
                false => Ok(Made::noted(t!("Was not in it any more"))),
            };
        };
        if opened.is_some_and(|opened| opened != now.id) {
            return Err(left(t!("Somebody else sent another invitation meanwhile.").to_owned()));
        }
        match self.pace.run(|| api::take_out(self.inside(workspace), &now.id, true)).await {
            Err(error) if error.failure == Failure::Missing => Ok(Made::noted(t!("Was not in it any more"))),
            result => result.map(|()| Made::with(None)),
        }
    }

    async fn open(&self, email: &str, workspace: &str) -> Result<Made, ApiError> {
        // Else it would make a new invitation.
        let address = [email.to_owned()];
        let there = self.pace.run(|| api::invitations_among(self.of(), &address)).await?;
        if there.is_empty() {
            return Err(left(
                t!("The invitation is not there any more: it was accepted, declined or revoked.").to_owned(),
            ));
        }
        self.pace.run(|| api::open_by_invitation(self.inside(workspace), email)).await?;
        Ok(Made::with(None))
    }

    async fn revoke(&self, email: &str, identity: &str) -> Result<Made, ApiError> {
        let address = [email.to_owned()];
        let there = self.pace.run(|| api::invitations_among(self.of(), &address)).await?;
        match there.first() {
            None => Err(left(
                t!("The invitation is not there any more: it was accepted, declined or revoked.").to_owned(),
            )),
            Some(other) if other.id != identity => {
                Err(left(t!("Somebody else sent another invitation meanwhile; that one stands.").to_owned()))
            }
            Some(_) => {
                self.pace.run(|| revoke(self.session, self.of(), identity, email)).await?;
                Ok(Made::with(None))
            }
        }
    }
}

/// Shows how far taking back is, and what came of each.
#[component]
pub fn TakingBack() -> impl IntoView {
    SHOWN.set(SHOWN.get() + 1);
    let about = RwSignal::from(undoing());
    on_cleanup(|| {
        SHOWN.set(SHOWN.get().saturating_sub(1));
        // What has ended was seen; what has not is told of by a message.
        let is_over = |now: &Option<Undoing>| now.is_some_and(|now| !now.run.running.get_untracked());
        if undoing().with_untracked(is_over) {
            undoing().set(None);
        }
    });
    let close = Callback::new(move |()| {
        let Some(now) = about.get_untracked() else { return };
        // What is under way is not left without a word: it stops, and says how far it has come.
        if now.run.running.get_untracked() {
            now.run.pace.stop();
            return;
        }
        about.set(None);
        now.run.items.set_value(Vec::new());
        mend_focus(HEADING);
    });
    let title = |now: &Undoing| {
        let count = now.run.total.get_untracked();
        tn!(count, "Undo {count} change", "Undo {count} changes")
    };
    let content = move |now: Undoing| {
        let shown = results(t!("Undo"), now.run, (now.again, close), || None);
        atrium_ui::el("div").class("bulk").with(shown).view()
    };
    dialog_about(about, DialogKind::Alert, Some(close), title, content)
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn only_what_was_made_is_taken_back_and_the_last_first() {
        let one = |email: &str| TakeBack {
            email: email.into(),
            workspace: None,
            back: Back::Restore { identity: email.into() },
        };
        let made = |email: &str| Outcome::Done(Made::with(Some(Back::Revoke { identity: email.into() })));
        let items = [
            (one("a"), made("a")),
            (one("b"), Outcome::Failed("Refused.".into())),
            (one("c"), Outcome::Done(Made::noted("Was not there any more"))),
            (one("d"), Outcome::Open),
            (one("e"), made("e")),
        ];
        let back = taken_back(&items);
        assert_eq!(back.iter().map(|one| one.email.as_str()).collect::<Vec<_>>(), ["e", "a"]);
        assert!(matches!(&back[0].back, Back::Revoke { identity } if identity == "e"));
    }
}
