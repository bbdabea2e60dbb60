//! Invitations that wait for the signed-in person.

use atrium_ui::{
    Button, ButtonKind, Icon, IconView, Messages, derive, el, keyed, memo, sentence, spawn, when,
};
use atrium_words::t;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api::{self, Waiting, query};
use crate::paths::{self, Page, Settings};
use crate::session::{Place, Session, changed};

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
    let about = move || session.account.get();
    let is_known = move || !session.account.with(String::is_empty);
    let organizations = query(about, move || {
        session.changes.organizations.track();
        is_known().then(api::invited_to_organizations)
    });
    let workspaces = query(about, move || {
        session.changes.organizations.track();
        session.changes.workspaces.track();
        is_known().then(api::invited_to_workspaces)
    });
    // An invitation to a workspace does not tell the name of the organization.
    let some = memo(move || workspaces.data.with(|some| some.as_ref().is_some_and(|some| !some.is_empty())));
    let owners = query(about, move || {
        session.changes.organizations.track();
        some.get().then(api::organizations)
    });
    let waiting = memo(move || {
        let mut all: Vec<(Waiting, String)> = organizations
            .data
            .with(|all| all.iter().flatten().map(|one| (one.clone(), String::new())).collect());
        let unknown = owners.error.with(Option::is_some);
        owners.data.with(|owners| {
            workspaces.data.with(|some| {
                all.extend(some.iter().flatten().filter_map(|one| {
                    let owner = owners.iter().flatten().find(|owner| Some(&owner.id) == one.within.as_ref());
                    // Whoever is not in the organization yet accepts that first.
                    let name = owner.map(|owner| owner.display_name.clone());
                    Some((one.clone(), name.or_else(|| unknown.then(String::new))?))
                }));
            });
        });
        all
    });
    let ids = derive(move || waiting.with(|all| all.iter().map(|one| one.0.id.clone()).collect::<Vec<_>>()));
    let row = move |id: String| {
        let one = waiting.with_untracked(|all| all.iter().find(|one| one.0.id == id).cloned());
        one.map_or_else(
            || ().into_any(),
            |(one, owner)| view! { <WaitingInvitation one owner on_accept /> }.into_any(),
        )
    };
    when(
        move || ids.with(|ids| !ids.is_empty()),
        move || el("section").class("invitations").attr("aria-label", label).with(keyed(ids, row)).view(),
    )
}

/// Whether somebody is still where they were: whoever went on to another page is not pulled out of it. The address of
/// an organization leads on by itself, to a workspace or to billing.
fn has_stayed(from: &str, now: &str) -> bool {
    let leads_on = Page::of(from) == Page::Organization;
    from == now
        || (leads_on
            && now.starts_with(from)
            && matches!(Page::of(now), Page::Home | Page::Settings(Settings::Billing)))
}

#[component]
fn WaitingInvitation(
    one: Waiting,
    /// The name of the organization of a workspace, where it is known.
    owner: String,
    on_accept: Option<Callback<()>>,
) -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    let path = Place::current().path;
    let busy = RwSignal::new(None::<bool>); // whether it is being accepted
    let name = one.name.clone();
    let answer = Callback::new(move |accept: bool| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        busy.set(Some(accept));
        let from = path.get_untracked();
        let (one, navigate) = (one.clone(), navigate.clone());
        spawn(async move {
            let result = if accept { one.accept().await } else { one.decline().await };
            busy.try_set(None);
            let home = match &one.within {
                None => paths::organization(&one.id),
                Some(organization) => paths::workspace(organization, &one.id),
            };
            let name = one.name;
            match result {
                Ok(()) if accept => {
                    let stayed = path.with_untracked(|now| has_stayed(&from, now));
                    messages.success(t!("You joined {name}.", name));
                    changed(session.changes.organizations);
                    changed(session.changes.workspaces);
                    // The drawer may be closed by now, and what closes it is gone with it.
                    on_accept.and_then(|on_accept| on_accept.try_run(()));
                    if stayed {
                        navigate(&home, NavigateOptions::default());
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
    });
    let button = |label: &str, kind: ButtonKind, doing: &'static str, accept: bool| {
        let busy = derive(move || (busy.get() == Some(accept)).then(|| doing.to_owned()));
        let on_press = Callback::new(move |()| answer.run(accept));
        view! { <Button label kind busy on_press /> }
    };
    let strong = |words: &str| el("strong").with(words).view();
    let words = if owner.is_empty() {
        sentence(t!("You are invited to {name}."), |_| strong(&name))
    } else {
        sentence(t!("You are invited to the workspace {name} in {organization}."), |gap| {
            strong(if gap == "organization" { &owner } else { &name })
        })
    };
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

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::has_stayed;

    #[wasm_bindgen_test]
    fn an_address_that_leads_on_is_not_somebody_going_on() {
        assert!(has_stayed("/o/a/w/1", "/o/a/w/1"));
        assert!(has_stayed("/o/a", "/o/a/w/1"));
        assert!(has_stayed("/o/a", "/o/a/settings/billing"));
        assert!(!has_stayed("/o/a", "/o/a/settings/members"), "to see who is an Admin");
        assert!(!has_stayed("/o/a", "/o/b/w/1"));
        assert!(!has_stayed("/o/a/w/1", "/o/a/w/1/prompts"));
        assert!(!has_stayed("/o/a/w/1", "/o/a/w/2"));
    }
}
