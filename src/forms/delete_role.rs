//! Deleting a role: whoever has it gets another one first.

mod moving;

use atrium_domain::permissions::missing;
use atrium_domain::wire::Role;
use atrium_ui::{
    Button, ButtonKind, DialogKind, El, InlineError, Messages, Select, SelectOption, all, derive, dynamic,
    el, memo, spawn, text,
};
use atrium_words::{t, tn};
use leptos::prelude::*;

use self::moving::{Move, Unmoved};
use super::cancel_or;
use super::resend_invitation::Resend;
use super::role_editor::{definition_of, who_has};
use super::undo;
use crate::api::{self, Pace, query};
use crate::components::dialog_about;
use crate::components::{Permissions, grouped, number};
use crate::session::{Place, Session, changed};

/// Most of those who could not be moved that are listed.
const MOST_LISTED: usize = 50;

/// The dialog that asks before a role is deleted.
#[component]
pub fn DeleteRole(
    /// Which; `None` while none is asked about.
    deleting: RwSignal<Option<Role>>,
    /// What roles can permit.
    permissions: Permissions,
) -> impl IntoView {
    let busy = RwSignal::new(None::<String>);
    let close = Callback::new(move |()| {
        // What is under way goes on, and is watched.
        if busy.with_untracked(Option::is_none) {
            deleting.set(None);
        }
    });
    let title = |role: &Role| t!("Delete {name}?", name = role.display_name);
    let question = move |role| view! { <Question role permissions busy close /> }.into_any();
    dialog_about(deleting, DialogKind::Alert, Some(close), title, question)
}

#[component]
fn Question(
    role: Role,
    permissions: Permissions,
    busy: RwSignal<Option<String>>,
    close: Callback<()>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let resend = Resend::here();
    let error = RwSignal::new(None::<String>);
    let other = RwSignal::new(String::new());
    let other_error = RwSignal::new(None::<String>);
    let unmoved = RwSignal::new(Vec::<Unmoved>::new());
    let asked = role.clone();
    let held = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            let flags = session.info.with(|info| info.instance_flags.clone());
            let with = place
                .roles
                .data
                .with(|all| api::having(&asked, all.as_deref().unwrap_or_default(), &flags, true))?;
            Some(api::count_with(place.organization.get(), &with, &flags))
        },
    );
    let held = memo(move || held.data.get().flatten());
    // Where nobody tells how many they are, the server decides.
    let in_use = memo(move || held.get().is_none_or(|count| count > 0));
    let role = StoredValue::new(role);

    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        let (from, to) = (role.get_value(), other.get_untracked());
        let moves = in_use.get_untracked();
        other_error.set(
            (moves && to.is_empty() && held.get_untracked().is_some())
                .then(|| t!("Choose the role that they are to have.").to_owned()),
        );
        if other_error.with_untracked(Option::is_some) {
            return;
        }
        error.set(None);
        unmoved.set(Vec::new());
        busy.set(Some(t!("Deleting").to_owned()));
        let total = held.get_untracked().unwrap_or_default();
        let said = Callback::new(move |moved: u64| {
            busy.try_set(Some(t!("Moved {moved} of {total}", moved = number(moved), total = number(total))));
        });
        spawn(async move {
            let organization = place.organization_id();
            let moving =
                Move { place, session, from: from.clone(), to: to.clone(), pace: Pace::new(), resend, said };
            let left = if moves && !to.is_empty() { moving.run().await } else { Ok(Vec::new()) };
            let result = match left {
                Ok(left) if left.is_empty() => {
                    busy.try_set(Some(t!("Deleting").to_owned()));
                    api::delete_role(organization, &from.id).await.map(|()| true)
                }
                Ok(left) => {
                    unmoved.try_set(left);
                    Ok(false)
                }
                Err(failed) => Err(failed),
            };
            busy.try_set(None);
            match result {
                Ok(true) => {
                    let said = t!("The role {name} was deleted.", name = from.display_name);
                    if total > 0 {
                        let ends = t!("This cannot be undone: whoever had it has another.");
                        messages.success(format!("{said} {ends}"));
                    } else {
                        let again = definition_of(&from);
                        let undo = undo::deleted_role(session, messages, place.organization_id(), again);
                        messages.undoable(said, undo);
                    }
                    close.try_run(());
                }
                Ok(false) => {}
                Err(failed) => _ = error.try_set(Some(failed.sentence)),
            }
            changed(session.changes.organization);
            changed(session.changes.members);
        });
    });

    // Not of `in_use`: what reads a memo after another one that is made of it misses its changes.
    let verb = derive(move || {
        if unmoved.with(|left| !left.is_empty()) {
            t!("Try again")
        } else if held.get().is_some_and(|count| count > 0) {
            t!("Move and delete")
        } else {
            t!("Delete")
        }
        .to_owned()
    });
    let busy_words = memo(move || busy.get());
    let choice =
        dynamic(
            move || {
                if in_use.get() { instead(role, other, other_error, permissions) } else { ().into_any() }
            },
        );
    let way_back = move || match held.get() {
        Some(0) => t!("You can undo this for ten seconds: the role is made anew.").to_owned(),
        _ => t!("This cannot be undone: whoever has the role gets another one.").to_owned(),
    };
    let delete = view! { <Button label=verb kind=ButtonKind::Danger busy=busy_words on_press=act /> };
    all([
        role.with_value(|role| who_has(role, t!("Nobody has this role. It is gone at once."))),
        choice,
        el("p").class("muted").with(text(way_back)).view(),
        el("div").attr("role", "alert").with(dynamic(move || failures(&unmoved.get()))).view(),
        view! { <InlineError text=error /> }.into_any(),
        cancel_or(close, true, delete.into_any()),
    ])
}

/// The role for those who have this one, and what that changes for them.
fn instead(
    role: StoredValue<Role>,
    other: RwSignal<String>,
    error: RwSignal<Option<String>>,
    permissions: Permissions,
) -> AnyView {
    let place = Place::current();
    let roles = place.roles.or_default();
    let options = derive(move || {
        let own = role.with_value(|role| role.id.clone());
        let others = roles.get().into_iter().filter(|one| one.workspace_role().is_some() && one.id != own);
        let others = others.map(|one| SelectOption::new(one.id.clone(), one.label()));
        std::iter::once(SelectOption::new("", t!("Choose a role"))).chain(others).collect()
    });
    let choose = Callback::new(move |new: String| {
        error.set(None);
        other.set(new);
    });
    let change = dynamic(move || {
        let Some(new) = roles.with(|all| other.with(|id| all.iter().find(|one| one.id == *id).cloned()))
        else {
            return ().into_any();
        };
        let old = role.with_value(|role| role.permissions.clone());
        let all_of = permissions.all.get();
        let part = |heading: String, names: Vec<String>| {
            (!names.is_empty()).then(|| {
                let details = el("details").class("role-change-part");
                details.with(el("summary").with(heading)).with(grouped(&names, &all_of))
            })
        };
        let (gained, lost) = (missing(&new.permissions, &old), missing(&old, &new.permissions));
        let same = gained.is_empty() && lost.is_empty();
        let gain = tn!(gained.len(), "They gain {count} permission", "They gain {count} permissions");
        let lose = tn!(lost.len(), "They lose {count} permission", "They lose {count} permissions");
        el("div")
            .class("role-change")
            .with(part(gain, gained))
            .with(part(lose, lost))
            .with(same.then(|| el("p").class("muted").with(t!("It permits the same."))))
            .view()
    });
    let field = view! {
        <Select label=t!("Another role for them") value=other options on_change=choose error=error />
    };
    all([field.into_any(), change])
}

/// Those who could not be moved, each with the reason.
fn failures(left: &[Unmoved]) -> AnyView {
    if left.is_empty() {
        return ().into_any();
    }
    let words = tn!(
        left.len(),
        "The role was not deleted: {count} person still has it. The others have the new one.",
        "The role was not deleted: {count} people still have it. The others have the new one."
    );
    let items = left.iter().take(MOST_LISTED).map(|Unmoved { email, workspace, reason }| -> El {
        el("li").with(if workspace.is_empty() {
            t!("{email}: {reason}", email, reason)
        } else {
            t!("{email} in {workspace}: {reason}", email, workspace, reason)
        })
    });
    el("div")
        .class("inline-error unmoved")
        .with(el("p").with(words))
        .with(el("ul").attr("aria-label", t!("Not moved")).with(items.collect::<Vec<_>>()))
        .view()
}
