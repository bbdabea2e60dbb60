//! Removing a member or revoking an invitation: what ends is said first.

use atrium_ui::{
    Button, ButtonKind, Dialog, DialogKind, InlineError, Messages, all, derive, effect, el, optional, spawn,
};
use leptos::prelude::*;

use super::cancel_or;
use crate::api;
use crate::session::{Place, Session, changed};

/// Somebody who is about to lose access.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaving {
    /// The identity.
    pub identity: String,
    /// The address.
    pub email: String,
    /// Whether this is an invitation.
    pub invited: bool,
    /// Whether this is the signed-in person.
    pub is_self: bool,
    /// The organization role, for people.
    pub role: String,
    /// The workspaces, for people.
    pub workspaces: String,
}

/// The dialog that asks before somebody is removed.
#[component]
pub fn RemoveMember(
    /// Who; `None` while nobody is asked about.
    leaving: RwSignal<Option<Leaving>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || open.set(leaving.with(Option::is_some)));
    let close = Callback::new(move |()| leaving.set(None));
    let title = derive(move || {
        leaving.with(|leaving| match leaving {
            Some(one) if one.invited => format!("Revoke invitation to {}?", one.email),
            Some(one) if one.is_self => "Leave this organization?".to_owned(),
            Some(one) => format!("Remove {}?", one.email),
            None => String::new(),
        })
    });
    view! {
        <Dialog title kind=DialogKind::Alert open on_close=close>
            {optional(move || leaving.get().map(|one| view! { <Question one leaving /> }.into_any()))}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Question(one: Leaving, leaving: RwSignal<Option<Leaving>>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let organization = place.organization_name();
    let (verb, busy_word) = match (one.invited, one.is_self) {
        (true, _) => ("Revoke", "Revoking"),
        (false, true) => ("Leave", "Leaving"),
        (false, false) => ("Remove", "Removing"),
    };
    let act = {
        let (one, organization) = (one.clone(), organization.clone());
        Callback::new(move |()| {
            if busy.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some(busy_word.to_owned()));
            error.set(None);
            let (one, organization) = (one.clone(), organization.clone());
            spawn(async move {
                let id = place.organization_id();
                let result = if one.invited {
                    api::revoke_invitation(id, &one.identity).await
                } else {
                    api::remove_member(id, &one.identity).await
                };
                busy.try_set(None);
                match result {
                    Ok(()) => {
                        messages.success(match (one.invited, one.is_self) {
                            (true, _) => format!("The invitation to {} was revoked.", one.email),
                            (false, true) => format!("You left {organization}."),
                            (false, false) => format!("{} was removed from {organization}.", one.email),
                        });
                        leaving.try_set(None);
                        changed(session.changes.members);
                        if one.is_self {
                            changed(session.changes.organizations);
                            changed(session.changes.organization);
                        }
                    }
                    Err(failed) => {
                        error.try_set(Some(failed.sentence));
                    }
                }
            });
        })
    };
    let lost = if one.invited {
        vec![
            format!("{} can no longer accept this invitation.", one.email),
            "The seat kept for it becomes free.".to_owned(),
        ]
    } else {
        vec![
            format!("Access to {organization} as {}, at once.", one.role),
            format!("Access to its workspaces: {}.", one.workspaces),
            format!("Sessions and tokens for {organization}."),
        ]
    };
    let lead = match (one.invited, one.is_self) {
        (true, _) => "What this does:",
        (false, true) => "You lose:",
        (false, false) => "This person loses:",
    };
    let losses = lost.iter().fold(el("ul").class("losses"), |list, line| list.with(el("li").with(line)));
    let kept = if one.invited {
        ().into_any()
    } else {
        el("p").class("muted").with("The seat becomes free. What was made in the workspaces stays.").view()
    };
    let cancel = Callback::new(move |()| leaving.set(None));
    let act = view! { <Button label=verb kind=ButtonKind::Danger busy=busy on_press=act /> };
    all([
        el("p").with(lead).view(),
        losses.view(),
        kept,
        view! { <InlineError text=error /> }.into_any(),
        cancel_or(cancel, true, act.into_any()),
    ])
}
