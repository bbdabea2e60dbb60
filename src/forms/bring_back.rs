//! Bringing a removed member back: what returns, and what does not, is said first.

use atrium_domain::Action;
use atrium_ui::{Button, ButtonKind, DialogKind, Icon, InlineError, Messages, all, derive, el, spawn};
use atrium_words::t;
use leptos::prelude::*;

use super::meanwhile::in_words;
use super::{cancel_or, is_still_asking, tell_failure, turn_of, undo};
use crate::api;
use crate::components::dialog_about;
use crate::session::{Place, Session, changed};
use crate::table::MemberLine;

/// The button "Bring back EMAIL" in the row of somebody who was removed.
#[component]
pub fn BringBackButton(
    /// Who.
    line: Memo<MemberLine>,
    /// Where the question goes.
    returning: RwSignal<Option<MemberLine>>,
) -> impl IntoView {
    let place = Place::current();
    let reason = derive(move || line.with(|line| why_not(place, line)));
    let ask = Callback::new(move |()| returning.set(Some(line.get_untracked())));
    let name = t!("Bring back {email}", email = line.with_untracked(|line| line.email.clone()));
    let kind = ButtonKind::Quiet;
    view! { <Button label=name icon=Icon::UserPlus icon_only=true kind disabled_reason=reason on_press=ask /> }
}

/// Why the signed-in person may not bring somebody back; `None` where they may. Reads signals.
fn why_not(place: Place, line: &MemberLine) -> Option<String> {
    place.why_not(&Action::Invite(&line.role)).or_else(|| {
        line.workspaces
            .iter()
            // One that was deleted is left out, and opens nothing.
            .filter(|one| {
                place.workspaces.data.with(|all| all.iter().flatten().any(|known| known.id == one.id))
            })
            .find_map(|one| place.why_not_open(&one.id, one.role_id.as_deref().unwrap_or_default()))
    })
}

/// The dialog "Bring back EMAIL?".
#[component]
pub fn BringBack(
    /// Who; `None` while nobody is asked about.
    returning: RwSignal<Option<MemberLine>>,
) -> impl IntoView {
    let title = |one: &MemberLine| t!("Bring back {email}?", email = one.email);
    let question = move |line| view! { <Question line returning /> }.into_any();
    dialog_about(returning, DialogKind::Alert, None, title, question)
}

#[component]
fn Question(line: MemberLine, returning: RwSignal<Option<MemberLine>>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let name = place.organization_name();
    let returns = el("ul")
        .class("losses")
        .with(el("li").with(t!("Access to {name} again, as {role}.", name, role = in_words(&line))))
        .with(el("li").with(t!("A seat is taken again.")))
        .with(el("li").with(t!("API tokens do not come back: new ones have to be made.")))
        .with(
            el("li").with(t!("A workspace or a role that was deleted since is left out, and you are told.")),
        );
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        busy.set(Some(t!("Bringing back").to_owned()));
        error.set(None);
        let (organization, name, line) = (place.organization_id(), name.clone(), line.clone());
        spawn(async move {
            let Some(turn) = turn_of(&line.identity, busy).await else { return };
            let result = api::restore_member(organization.clone(), &line.identity).await;
            drop(turn);
            let is_asking = is_still_asking(busy);
            match result {
                Ok(restored) => {
                    let said = undo::back(&line.email, &name, &restored);
                    messages.undoable(said, undo::return_of(session, messages, organization, name, line));
                    if is_asking {
                        returning.set(None);
                    }
                }
                Err(failed) => {
                    let (email, why) = (&line.email, failed.sentence);
                    let sentence = t!("{email} was not brought back to {name}. {why}", email, name, why);
                    tell_failure(error, messages, sentence);
                }
            }
            changed(session.changes.members);
        });
    });
    let cancel = Callback::new(move |()| returning.set(None));
    let act = view! { <Button label=t!("Bring back") kind=ButtonKind::Primary busy=busy on_press=act /> };
    all([
        el("p").with(t!("What this does:")).view(),
        returns.view(),
        view! { <InlineError text=error /> }.into_any(),
        cancel_or(cancel, true, act.into_any()),
    ])
}
