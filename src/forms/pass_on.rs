//! "Messages to pass on": what to tell each person who was invited. They stay, whatever page is
//! opened meanwhile, until they are dismissed.

use atrium_domain::passing_on::PassOn;
use atrium_domain::roles::role_label;
use atrium_domain::wire::Invitation;
use atrium_ui::{Button, ButtonKind, CopyButton, Icon, IconView, derive, el, keyed, memo, when};
use atrium_words::{t, tn};
use leptos::prelude::*;

use crate::api::{self, Answer};
use crate::config;
use crate::paths;
use crate::session::{Place, Session};

/// A message for one person.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    /// Whose organization it is about, and who invited: nobody else gets to see it.
    about: (String, String),
    email: String,
    message: String,
}

thread_local! {
    static TOLD: ArcRwSignal<Vec<Told>> = ArcRwSignal::new(Vec::new());
}

fn all_told() -> ArcRwSignal<Vec<Told>> {
    TOLD.with(Clone::clone)
}

fn about(place: Place, session: Session) -> (String, String) {
    (place.organization.get(), session.account.get())
}

/// Adds the messages for new invitations; the newest for an address takes the place of an older one.
/// `organization` is the one that they are to: where another page is open by now, there is nobody who
/// could be told.
pub fn tell(place: Place, session: Session, organization: &str, invitations: &[Invitation]) {
    if place.organization.try_get_untracked().as_deref() != Some(organization) {
        return;
    }
    let new: Vec<Told> = untrack(|| {
        let told = |one: &Invitation| Told {
            about: about(place, session),
            email: one.email.clone(),
            message: message(place, session, one),
        };
        invitations.iter().map(told).collect()
    });
    all_told().update(|all| {
        all.retain(|old| !new.iter().any(|one| one.about == old.about && one.email == old.email));
        all.extend(new);
    });
}

/// Revokes an invitation, and takes the message for it away: there is nothing to pass on any more.
pub fn revoke(session: Session, organization: String, identity: &str, email: &str) -> Answer<()> {
    let about = (organization.clone(), session.account.get_untracked());
    let revoked = api::revoke_invitation(organization, identity);
    let email = email.to_owned();
    Answer::done(async move {
        revoked.await?;
        untell(&about, &[email]);
        Ok(())
    })
}

/// Takes the messages for these addresses away: their invitations are no more.
fn untell(about: &(String, String), addresses: &[String]) {
    all_told().update(|all| all.retain(|one| one.about != *about || !addresses.contains(&one.email)));
}

/// The message for an invitation. Reads signals.
fn message(place: Place, session: Session, one: &Invitation) -> String {
    let origin = window().location().origin().unwrap_or_default();
    let home = format!("{origin}{}", config::base_path());
    let sign_up = session.info.with(|info| info.instance_flags.sign_up);
    let sign_up = sign_up.then(|| format!("{home}{}", paths::SIGNUP));
    let roles = place.roles.data.get().unwrap_or_default();
    let name_of = |id: &Option<String>| {
        let found = roles.iter().find(|role| Some(&role.id) == id.as_ref());
        found.map(|role| role.label().into_owned())
    };
    let role_id = one.org_role_id.clone().or(one.role_id.clone());
    let told = one.org_role_name.as_deref().or(one.role_name.as_deref()).unwrap_or_default();
    let role = name_of(&role_id).unwrap_or_else(|| role_label(told).into_owned());
    let ids = one.workspace_ids.clone().unwrap_or_default();
    let workspaces = place.workspaces.data.with(|all| {
        let opened = all.iter().flatten().filter(|workspace| ids.contains(&workspace.id));
        opened.map(|workspace| workspace.display_name.clone()).collect::<Vec<_>>()
    });
    let inviter = place.own.data.with(|own| own.as_ref()?.first()?.email.clone()).unwrap_or_default();
    PassOn {
        email: &one.email,
        organization: &place.organization_name(),
        inviter: &inviter,
        place: &format!("{home}/"),
        sign_up: sign_up.as_deref(),
        role: &role,
        workspaces: &workspaces,
        workspace_role: &name_of(&one.workspace_role_id).unwrap_or_default(),
    }
    .message()
}

/// The region "Messages to pass on"; nothing while there are none.
#[component]
pub fn MessagesToPassOn() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let told = RwSignal::from(all_told());
    let mine = memo(move || {
        let about = about(place, session);
        told.with(|all| all.iter().filter(|one| one.about == about).cloned().collect::<Vec<_>>())
    });
    let any = move || mine.with(|mine| !mine.is_empty());
    when(any, move || region(place, session, mine))
}

fn region(place: Place, session: Session, mine: Memo<Vec<Told>>) -> AnyView {
    let dismiss = Callback::new(move |()| {
        let about = untrack(|| about(place, session));
        all_told().update(|all| all.retain(|one| one.about != about));
    });
    let everything = derive(move || {
        mine.with(|mine| mine.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join("\n---\n\n"))
    });
    let title =
        derive(move || tn!(mine.with(Vec::len), "A message to pass on", "{count} messages to pass on"));
    let keys = derive(move || mine.with(|mine| mine.iter().map(|one| one.email.clone()).collect::<Vec<_>>()));
    let row = move |email: String| {
        let found = email.clone();
        let message = derive(move || {
            mine.with(|mine| {
                let one = mine.iter().find(|one| one.email == found);
                one.map(|one| one.message.clone()).unwrap_or_default()
            })
        });
        let name = t!("Copy the message for {email}", email);
        let shown = el("details")
            .class("pass-on-one")
            .with(el("summary").with(&email))
            .with(el("pre").class("pass-on-text").with(message));
        el("li")
            .attr("role", "listitem")
            .class("pass-on-row")
            .with(shown)
            .with(view! { <CopyButton label=t!("Copy") name value=message /> })
            .view()
    };
    let words =
        el("div")
            .class("pass-on-words")
            .with(el("h2").class("pass-on-title").with(title))
            .with(el("p").class("muted").with(t!(
            "An invitation shows when its address signs in. Tell people so: each message has the place, the \
             address to use, the way to sign in and the organization."
        )));
    let copy_all = when(
        move || mine.with(Vec::len) > 1,
        move || view! { <CopyButton label=t!("Copy all") value=everything /> }.into_any(),
    );
    let head = el("div").class("pass-on-head").with(view! { <IconView icon=Icon::Mail /> }).with(words).with(
        el("span").class("pass-on-actions").with(copy_all).with(view! {
            <Button
                label=t!("Dismiss messages to pass on")
                icon=Icon::X
                icon_only=true
                kind=ButtonKind::Quiet
                on_press=dismiss
            />
        }),
    );
    el("section")
        .class("pass-on")
        .attr("aria-label", t!("Messages to pass on"))
        .with(head)
        .with(el("ul").class("pass-on-list").attr("role", "list").with(keyed(keys, row)))
        .view()
}
