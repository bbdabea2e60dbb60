//! Invitations that wait for the signed-in person.

use atrium_domain::wire::OrganizationSlim;
use atrium_ui::{Button, ButtonKind, Icon, IconView, Messages, memo, spawn};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api::{self, query};
use crate::paths;
use crate::session::{Session, changed};

/// The region "Invitations", above every page until each is accepted or declined.
#[component]
pub fn WaitingInvitations() -> impl IntoView {
    let session = Session::current();
    let waiting = query(
        move || session.account.get(),
        move || {
            session.changes.organizations.track();
            (!session.account.with(String::is_empty)).then(api::waiting_invitations)
        },
    );
    let list = waiting.or_default();
    let some = memo(move || list.with(|list| !list.is_empty()));
    move || {
        some.get().then(|| {
            view! {
                <section class="invitations" aria-label="Invitations">
                    <For each=move || list.get() key=|one| one.id.clone() let(one)>
                        <WaitingInvitation one />
                    </For>
                </section>
            }
        })
    }
}

#[component]
fn WaitingInvitation(one: OrganizationSlim) -> impl IntoView {
    let session = Session::current();
    let messages = Messages::expect();
    let navigate = use_navigate();
    let busy = RwSignal::new(None::<&'static str>);
    let OrganizationSlim { id, display_name: name, .. } = one;
    let answer = {
        let (id, name) = (id, name.clone());
        Callback::new(move |accept: bool| {
            if busy.with_untracked(Option::is_some) {
                return;
            }
            busy.set(Some(if accept { "Accepting" } else { "Declining" }));
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
                        messages.success(format!("You joined {name}."));
                        changed(session.changes.organizations);
                        navigate(&paths::organization(&id), NavigateOptions::default());
                    }
                    Ok(()) => {
                        messages.success(format!("You declined the invitation to {name}."));
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
    let busy_with = move |word: &'static str| {
        Signal::derive(move || busy.get().filter(|busy| *busy == word).map(str::to_owned))
    };
    let label = format!("Invitation to {name}");
    view! {
        <div class="invitation" role="group" aria-label=label>
            <IconView icon=Icon::Mail />
            <p>"You are invited to " <strong>{name}</strong> "."</p>
            <span class="invitation-actions">
                <Button
                    label="Decline"
                    kind=ButtonKind::Quiet
                    busy=busy_with("Declining")
                    on_press=Callback::new(move |()| answer.run(false))
                />
                <Button
                    label="Accept"
                    kind=ButtonKind::Primary
                    busy=busy_with("Accepting")
                    on_press=Callback::new(move |()| answer.run(true))
                />
            </span>
        </div>
    }
    .into_any()
}
