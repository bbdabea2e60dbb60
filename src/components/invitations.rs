//! Invitations that wait for the signed-in person.

use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{Button, ButtonKind, Icon, IconView, Messages, derive, el, keyed, sentence, spawn, when};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use crate::api::{self, query};
use crate::paths::{self, Page};
use crate::session::{Session, changed};

/// The region of invitations, above every page and in the drawer until each is accepted or declined.
#[component]
pub fn WaitingInvitations(
    /// The region's name.
    #[prop(optional)]
    label: Option<&'static str>,
    /// Called once one was accepted.
    #[prop(optional)]
    on_accept: Option<Callback<()>>,
) -> impl IntoView {
    let session = Session::current();
    let label = label.unwrap_or(t!("Invitations"));
    let waiting = query(
        move || session.account.get(),
        move || {
            session.changes.organizations.track();
            (!session.account.with(String::is_empty)).then(api::waiting_invitations)
        },
    );
    let ids = derive(move || {
        waiting.data.with(|list| list.iter().flatten().map(|one| one.id.clone()).collect::<Vec<_>>())
    });
    let row = move |id: String| {
        let one = waiting.data.with_untracked(|list| list.iter().flatten().find(|one| one.id == id).cloned());
        one.map_or_else(|| ().into_any(), |one| view! { <WaitingInvitation one on_accept /> }.into_any())
    };
    when(
        move || ids.with(|ids| !ids.is_empty()),
        move || el("section").class("invitations").attr("aria-label", label).with(keyed(ids, row)).view(),
    )
}

#[component]
fn WaitingInvitation(one: OrganizationSlim, on_accept: Option<Callback<()>>) -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    let path = use_location().pathname;
    let busy = RwSignal::new(None::<bool>); // whether it is being accepted
    let OrganizationSlim { id, display_name: name, .. } = one;
    let answer = {
        let (id, name) = (id, name.clone());
        Callback::new(move |accept: bool| {
            if busy.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some(accept));
            let from = path.get_untracked();
            let (id, name, navigate) = (id.clone(), name.clone(), navigate.clone());
            spawn(async move {
                let result = if accept {
                    api::accept_invitation(&id).await
                } else {
                    api::decline_invitation(&id).await
                };
                busy.try_set(None);
                match result {
                    Ok(()) if accept => {
                        // Whoever went on to another page meanwhile is not pulled out of it.
                        let leads_on = Page::of(&from).leads_on();
                        let stayed = leads_on || path.try_get_untracked().as_ref() == Some(&from);
                        messages.success(t!("You joined {name}.", name));
                        changed(session.changes.organizations);
                        if let Some(on_accept) = on_accept {
                            on_accept.run(());
                        }
                        if stayed {
                            navigate(&paths::organization(&id), NavigateOptions::default());
                        }
                    }
                    Ok(()) => {
                        messages.success(t!("You declined the invitation to {name}.", name));
                        changed(session.changes.organizations);
                    }
                    Err(error) => {
                        messages.failure(error.sentence, None);
                        // It may have been revoked: the list then shows it no longer.
                        changed(session.changes.organizations);
                    }
                }
            });
        })
    };
    let button = |label: &str, kind: ButtonKind, doing: &'static str, accept: bool| {
        let busy = derive(move || (busy.get() == Some(accept)).then(|| doing.to_owned()));
        let on_press = Callback::new(move |()| answer.run(accept));
        view! { <Button label kind busy on_press /> }
    };
    let words = sentence(t!("You are invited to {name}."), |_| el("strong").with(&name).view());
    let actions = el("span")
        .class("invitation-actions")
        .with(button(t!("Decline"), ButtonKind::Quiet, t!("Declining"), false))
        .with(button(t!("Accept"), ButtonKind::Primary, t!("Accepting"), true));
    el("div")
        .class("invitation")
        .attr("role", "group")
        .attr("aria-label", &t!("Invitation to {name}", name))
        .with(view! { <IconView icon=Icon::Mail /> })
        .with(el("p").with(words))
        .with(actions)
        .view()
}
