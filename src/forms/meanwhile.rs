//! Two admins at work on the same member: a change goes through only as long as the member is what
//! the person has seen. A backend that gives entity tags looks by itself; with another one the member
//! is read right before the change, which leaves a moment, and no more.

use atrium_domain::OrganizationRole;
use atrium_domain::roles::role_label;
use atrium_ui::{Button, DialogActions, El, Messages, all, el, next_id};
use atrium_words::{list, t, tn};
use leptos::prelude::*;

use super::{tell_failure, turn_of};
use crate::api::{self, Answer, ApiError, Failure, Person, ReadAt};
use crate::session::Place;
use crate::table::{MemberLine, line_of};

/// A change of a member.
#[derive(Clone)]
pub enum Wanted {
    /// Another role, by its id.
    Role(String),
    /// A member no more.
    Gone,
}

impl Wanted {
    fn make(&self, organization: String, identity: &str, etag: Option<String>) -> Answer<()> {
        match self {
            Self::Role(role) => api::change_member_role(organization, identity, role.clone(), etag),
            Self::Gone => api::remove_member(organization, identity, etag),
        }
    }
}

/// What came of a change.
pub enum Outcome {
    /// It was made, of a member who was this.
    Done(Box<MemberLine>),
    /// Another change was faster: nothing was changed, and this is what the member is now.
    Changed(Box<MemberLine>, By),
    /// The person left the question before its turn came: nothing was changed.
    Left,
    /// Somebody else removed the member.
    Gone,
    /// It failed.
    Failed(ApiError),
}

/// Whose change it was that came between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The person's own, such as one that is taken back.
    Oneself,
    /// Somebody else's.
    Others,
}

/// What a member is now, beside what was seen.
pub enum Standing {
    /// What was seen.
    Same(Box<MemberLine>),
    /// Something else.
    Changed(Box<MemberLine>),
    /// No member any more.
    Gone,
}

/// What a member is by now, for a dialog that asks about what was seen.
#[derive(Clone, PartialEq)]
pub enum Now {
    /// What was seen.
    Seen,
    /// Something else.
    Changed(Box<MemberLine>, By),
    /// Removed.
    Gone,
}

impl Now {
    /// What the member is, where `seen` is what was seen.
    pub fn line(self, seen: MemberLine) -> MemberLine {
        match self {
            Self::Changed(line, _) => *line,
            _ => seen,
        }
    }
}

/// The buttons of a dialog whose question has changed: the safe choice, and the act in spite of it.
pub fn keep_or(keep: Callback<()>, act: AnyView) -> AnyView {
    let keep = view! { <Button label=t!("Keep") autofocus=true on_press=keep /> }.into_any();
    view! { <DialogActions>{all([keep, act])}</DialogActions> }.into_any()
}

/// The button of a dialog that has nothing left to ask.
pub fn only_close(close: Callback<()>) -> AnyView {
    let close = view! { <Button label=t!("Close") autofocus=true on_press=close /> }.into_any();
    view! { <DialogActions>{close}</DialogActions> }.into_any()
}

/// A person as the table shows one.
fn line(place: Place, person: Person) -> MemberLine {
    untrack(|| {
        let own = place.own_identity();
        place.roles.data.with(|roles| {
            place.workspaces.data.with(|workspaces| {
                let (roles, workspaces) =
                    (roles.as_deref().unwrap_or_default(), workspaces.as_deref().unwrap_or_default());
                line_of(person, roles, workspaces, own.as_deref())
            })
        })
    })
}

/// A workspace's id, with the id of the role there as far as that is told.
type Held<'a> = (&'a str, Option<&'a str>);

/// The workspaces of a member.
fn held(line: &MemberLine) -> Vec<Held<'_>> {
    let mut held: Vec<_> =
        line.workspaces.iter().map(|one| (one.id.as_str(), one.role_id.as_deref())).collect();
    held.sort_unstable();
    held
}

/// Whether two pictures of a member differ in what a change is decided by. A role that one of them
/// does not tell is no difference.
fn differ(one: &MemberLine, other: &MemberLine) -> bool {
    if one.role_id != other.role_id {
        return true;
    }
    let same = |one: &Held<'_>, other: &Held<'_>| {
        one.0 == other.0 && one.1.zip(other.1).is_none_or(|(one, other)| one == other)
    };
    let (one, other) = (held(one), held(other));
    one.len() != other.len() || one.iter().zip(&other).any(|(one, other)| !same(one, other))
}

/// Looks at a member.
///
/// # Errors
/// Where the list could not be asked for.
pub async fn look(place: Place, organization: String, seen: &MemberLine) -> Result<Standing, ApiError> {
    let now = api::member_now(organization, &seen.email, &seen.identity).await?;
    Ok(match now.map(|person| line(place, person)) {
        None => Standing::Gone,
        Some(now) if differ(seen, &now) => Standing::Changed(Box::new(now)),
        Some(now) => Standing::Same(Box::new(now)),
    })
}

/// A member as what was seen and the person's own changes since then make one. A list that is still
/// being read anew does not show them.
pub fn with_own_changes(place: Place, seen: MemberLine) -> MemberLine {
    let Some(role_id) = seen.read_at.role_given_since(&seen.identity) else { return seen };
    let found = untrack(|| {
        place.roles.data.with(|roles| {
            let found = roles.iter().flatten().find(|role| role.id == role_id)?;
            Some((found.organization_role()?, found.display_name.clone()))
        })
    });
    let (role, role_name) = found.unwrap_or_else(|| (seen.role.clone(), seen.role_name.clone()));
    // The tag is one of what the member was.
    MemberLine { role, role_id, role_name, etag: None, read_at: ReadAt::now(), ..seen }
}

/// Changes a member as long as it is what was seen, after what the person has under way with the same
/// member. Where that has changed what the question started from, it is to be asked anew. `busy` is
/// what the question says while this goes on; it is left where that is over.
pub async fn guarded(
    place: Place,
    organization: String,
    seen: MemberLine,
    wanted: &Wanted,
    busy: RwSignal<Option<String>>,
) -> Outcome {
    let Some(_turn) = turn_of(&seen.identity, busy).await else { return Outcome::Left };
    let now = with_own_changes(place, seen.clone());
    if now.role_id != seen.role_id {
        return Outcome::Changed(Box::new(now), By::Oneself);
    }
    guarded_in_turn(place, organization, now, wanted).await
}

/// Changes a member as long as it is what was seen. For who has its [`Turn`].
pub async fn guarded_in_turn(
    place: Place,
    organization: String,
    mut seen: MemberLine,
    wanted: &Wanted,
) -> Outcome {
    if seen.etag.is_none() {
        match look(place, organization.clone(), &seen).await {
            Ok(Standing::Same(now)) => seen.etag = now.etag,
            Ok(Standing::Changed(now)) => return Outcome::Changed(now, By::Others),
            Ok(Standing::Gone) => return Outcome::Gone,
            Err(error) => return Outcome::Failed(error),
        }
    }
    match wanted.make(organization.clone(), &seen.identity, seen.etag.clone()).await {
        Ok(()) => Outcome::Done(Box::new(seen)),
        Err(error) if matches!(error.failure, Failure::Changed | Failure::Missing) => {
            match look(place, organization, &seen).await {
                Ok(Standing::Gone) => Outcome::Gone,
                // The tag tells more than this page shows, such as a role in a workspace.
                Ok(Standing::Same(now) | Standing::Changed(now)) => Outcome::Changed(now, By::Others),
                Err(_) => Outcome::Failed(error),
            }
        }
        Err(error) => Outcome::Failed(error),
    }
}

/// What a member has, in a line: "Organization User, in Research (Editor) and Lab (Viewer)".
pub fn in_words(line: &MemberLine) -> String {
    const NAMED: usize = 4;
    let role = role_label(&line.role_name);
    if line.role == OrganizationRole::Admin {
        return t!("{role}, in all workspaces", role);
    }
    let name = |one: &api::PersonWorkspace| match (one.name.as_str(), one.role.as_str()) {
        ("", _) => t!("a workspace that you cannot enter").to_owned(),
        (name, "") => name.to_owned(),
        (name, role) => t!("{name} ({role})", name, role = role_label(role)),
    };
    let names: Vec<_> = line.workspaces.iter().map(name).collect();
    match names.as_slice() {
        [] => t!("{role}, in no workspace", role),
        few if few.len() <= NAMED => t!("{role}, in {workspaces}", role, workspaces = list(few)),
        many => {
            tn!(many.len(), "{role}, in {count} workspace", "{role}, in {count} workspaces", role)
        }
    }
}

/// Who has what now, and what was wanted: for the person to decide again.
pub fn meanwhile(seen: &MemberLine, now: &MemberLine, by: By, wanted: &str) -> El {
    let id = next_id("meanwhile");
    let row = |term: &str, words: &str| [el("dt").with(term), el("dd").with(words)];
    let title = match by {
        By::Oneself => t!("Your own change of {email} came first.", email = seen.email),
        By::Others => t!("Somebody else changed {email} while you were deciding.", email = seen.email),
    };
    el("section")
        .class("meanwhile")
        .attr("aria-labelledby", &id)
        .with(el("strong").attr("id", &id).with(title))
        .with(
            el("dl")
                .with(row(t!("When you looked"), &in_words(seen)))
                .with(row(t!("Now"), &in_words(now)))
                .with(row(t!("You want"), wanted)),
        )
}

/// Tells why a change was not made: in its dialog, which then asks anew or says what failed, or, where
/// that was left meanwhile, in a message that `names` what was not done.
pub fn tell_not_done(
    outcome: Outcome,
    now: RwSignal<Now>,
    error: RwSignal<Option<String>>,
    messages: Messages,
    names: impl Fn(&str) -> String,
) {
    let (news, why) = match outcome {
        Outcome::Done(_) | Outcome::Left => return,
        Outcome::Failed(failed) => return tell_failure(error, messages, names(&failed.sentence)),
        Outcome::Changed(line, by) => {
            (Now::Changed(line, by), t!("Somebody else changed this member meanwhile."))
        }
        Outcome::Gone => (Now::Gone, t!("Somebody else removed this member meanwhile.")),
    };
    match now.try_set(news) {
        None => focus_safe_choice(),
        Some(_) => messages.failure(names(why), None),
    }
}

/// Puts the focus on the safe choice of the dialog that has just changed its question.
fn focus_safe_choice() {
    request_animation_frame(|| {
        if let Ok(Some(button)) = document().query_selector("dialog[open] .dialog-actions button") {
            atrium_ui::focus(&button);
        }
    });
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::api::PersonWorkspace;

    fn member(role: &str, inside: &[(&str, Option<&str>)]) -> MemberLine {
        let workspace = |(id, role): &(&str, Option<&str>)| PersonWorkspace {
            id: (*id).into(),
            name: id.to_uppercase(),
            role_id: role.map(str::to_owned),
            ..Default::default()
        };
        let person = Person {
            role_id: Some(role.into()),
            role_name: Some(role.into()),
            workspaces: inside.iter().map(workspace).collect(),
            ..Default::default()
        };
        line_of(person, &[], &[], None)
    }

    #[wasm_bindgen_test]
    fn roles_and_workspaces_make_the_difference() {
        let seen = member("user", &[("a", Some("1")), ("b", Some("2"))]);
        assert!(!differ(&seen, &member("user", &[("b", Some("2")), ("a", Some("1"))])));
        assert!(!differ(&seen, &member("user", &[("b", None), ("a", Some("1"))])));
        assert!(differ(&seen, &member("viewer", &[("a", Some("1")), ("b", Some("2"))])));
        assert!(differ(&seen, &member("user", &[("a", Some("1"))])));
        assert!(differ(&seen, &member("user", &[("a", Some("1")), ("b", Some("3"))])));
        assert!(differ(&seen, &member("user", &[("a", Some("1")), ("c", Some("2"))])));
    }

    #[wasm_bindgen_test]
    fn a_member_in_words() {
        assert_eq!(in_words(&member("User", &[])), "User, in no workspace");
        assert_eq!(in_words(&member("User", &[("a", None), ("b", None)])), "User, in A and B");
        let many: Vec<_> = ["a", "b", "c", "d", "e"].map(|id| (id, None)).to_vec();
        assert_eq!(in_words(&member("User", &many)), "User, in 5 workspaces");
    }
}
