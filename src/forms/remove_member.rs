//! Removing a member or revoking an invitation: what ends, what becomes free, and what can be taken
//! back is said first.

use atrium_domain::roles::role_label;
use atrium_domain::wire::Invitation;
use atrium_domain::{Action, OrganizationRole, Tier};
use atrium_ui::{
    Banner, Button, ButtonKind, DialogKind, El, InlineError, Messages, Tone, all, derive, dynamic, el, spawn,
    text,
};
use atrium_words::t;
use leptos::prelude::*;

use super::change_role::admins_left;
use super::ends::{Ends, ends_of};
use super::meanwhile::{
    Now, Outcome, Wanted, guarded, keep_or, meanwhile, only_close, tell_not_done, with_own_changes,
};
use super::pass_on::revoke;
use super::resend_invitation::{the_same, why_not_again};
use super::{cancel_or, is_still_asking, tell_failure, undo};
use crate::api::{self, ApiError, Failure};
use crate::components::dialog_about;
use crate::session::{Place, Session, changed};
use crate::table::MemberLine;

/// The dialog that asks before somebody is removed.
#[component]
pub fn RemoveMember(
    /// Who; `None` while nobody is asked about.
    leaving: RwSignal<Option<MemberLine>>,
    /// How many Organization Admins can sign in; `None` while that is not known.
    admins: Signal<Option<u64>>,
) -> impl IntoView {
    let title = |one: &MemberLine| match (one.invited, one.is_self) {
        (true, _) => t!("Revoke invitation to {email}?", email = one.email),
        (_, true) => t!("Leave this organization?").to_owned(),
        (_, false) => t!("Remove {email}?", email = one.email),
    };
    let question = move |one: MemberLine| {
        if one.invited {
            view! { <Revoke one leaving /> }.into_any()
        } else {
            view! { <Remove one leaving admins /> }.into_any()
        }
    };
    dialog_about(leaving, DialogKind::Alert, None, title, question)
}

/// What becomes free with somebody who goes.
pub fn seat(place: Place) -> String {
    let tier = place.info.data.with(|info| info.as_ref().and_then(|info| info.tier.clone()));
    let price = tier.as_ref().and_then(|tier: &Tier| tier.terms().price_per_seat).filter(|price| *price > 0);
    match price {
        Some(price) => {
            let price = crate::components::money(u64::from(price));
            t!("1 seat becomes free, which saves {price} a month.", price)
        }
        None => t!("1 seat becomes free.").to_owned(),
    }
}

#[component]
fn Remove(
    one: MemberLine,
    leaving: RwSignal<Option<MemberLine>>,
    admins: Signal<Option<u64>>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let now = RwSignal::new(Now::Seen);
    let ends = ends_of(session, place, &one.identity);
    let organization = place.organization_name();
    let is_self = one.is_self;
    let one = StoredValue::new(with_own_changes(place, one));
    let name = StoredValue::new(organization);
    let base = move || now.get().line(one.get_value());
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        busy.set(Some(if is_self { t!("Leaving") } else { t!("Removing") }.to_owned()));
        error.set(None);
        let (line, name, organization) = (untrack(base), name.get_value(), place.organization_id());
        let back = ends.can_come_back();
        let email = line.email.clone();
        spawn(async move {
            let outcome = guarded(place, organization.clone(), line, &Wanted::Gone, busy).await;
            let is_asking = is_still_asking(busy);
            match outcome {
                Outcome::Done(line) => {
                    let said = match is_self {
                        true => t!("You left {name}.", name),
                        false => t!("{email} was removed from {name}.", email = line.email, name),
                    };
                    if back && !is_self {
                        let undo = undo::removal(session, messages, organization, name, *line);
                        messages.undoable(said, undo);
                    } else {
                        messages.success(said);
                    }
                    if is_asking {
                        leaving.set(None);
                    }
                    if is_self {
                        changed(session.changes.organizations);
                        changed(session.changes.organization);
                    }
                }
                other => tell_not_done(other, now, error, messages, |why| {
                    if is_self { why.to_owned() } else { t!("{email} was not removed. {why}", email, why) }
                }),
            }
            // After a refusal too: it may be news of what somebody else did.
            changed(session.changes.members);
        });
    });
    let cancel = Callback::new(move |()| leaving.set(None));
    let news = dynamic(move || match now.get() {
        Now::Seen => ().into_any(),
        Now::Changed(line, by) => {
            let wanted = t!("No member of {name}", name = name.get_value());
            meanwhile(&one.get_value(), &line, by, &wanted).view()
        }
        Now::Gone => {
            let text = t!(
                "Somebody else removed {email} from {organization} while you were deciding. Nothing is left to do.",
                email = one.with_value(|one| one.email.clone()),
                organization = name.get_value()
            );
            el("p").with(text).view()
        }
    });
    let losses = dynamic(move || match now.get() {
        Now::Gone => ().into_any(),
        _ => lost(place, &base(), &name.get_value(), ends, admins.get()).view(),
    });
    let reason = derive(move || {
        let line = base();
        if is_self { None } else { place.why_not(&Action::Remove(&line.role)) }
    });
    let buttons = dynamic(move || {
        let again = now.with(|now| matches!(now, Now::Changed(..)));
        if now.with(|now| *now == Now::Gone) {
            return only_close(cancel);
        }
        let label = match (again, is_self) {
            (_, true) => t!("Leave"),
            (true, _) => t!("Remove anyway"),
            (false, false) => t!("Remove"),
        };
        let kind = ButtonKind::Danger;
        let act = view! { <Button label kind busy=busy disabled_reason=reason on_press=act /> }.into_any();
        if again { keep_or(cancel, act) } else { cancel_or(cancel, true, act) }
    });
    all([
        el("div").class("news").attr("role", "alert").with(news).view(),
        losses,
        view! { <InlineError text=error /> }.into_any(),
        buttons,
    ])
}

/// What a member loses, what becomes free, and what can be taken back. Reads signals.
fn lost(place: Place, line: &MemberLine, name: &str, ends: Ends, admins: Option<u64>) -> El {
    // Whoever is gone has no role.
    let none = OrganizationRole::Other(String::new());
    let warning = admins_left(line, &none, admins, name);
    let warning = warning.map(|(title, text)| view! { <Banner tone=Tone::Warn title text /> }.into_any());
    let lead = if line.is_self { t!("You lose:") } else { t!("This person loses:") };
    let losses = el("ul")
        .class("losses")
        .with(el("li").with(t!(
            "Access to {name} as {role}, at once.",
            name,
            role = role_label(&line.role_name)
        )))
        .with(ends.workspaces(line))
        .with(ends.tokens(name))
        .with(ends.sessions(name));
    let is_self = line.is_self;
    let back = move || ends.way_back(is_self);
    el("div")
        .class("change")
        .with(warning)
        .with(el("p").with(lead))
        .with(losses)
        .with(
            el("p")
                .with(text(move || seat(place)))
                .with(" ")
                .with(t!("What was made in the workspaces stays.")),
        )
        .with(el("p").class("muted").with(text(back)))
}

#[component]
fn Revoke(one: MemberLine, leaving: RwSignal<Option<MemberLine>>) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let lost = el("ul")
        .class("losses")
        .with(el("li").with(t!("{email} can no longer accept this invitation.", email = one.email)))
        .with(el("li").with(text(move || seat(place))));
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        busy.set(Some(t!("Revoking").to_owned()));
        error.set(None);
        let (one, organization) = (one.clone(), place.organization_id());
        spawn(async move {
            let result = revoke_known(session, organization.clone(), &one).await;
            let is_asking = is_still_asking(busy);
            match result {
                Ok(old) => {
                    let rbac =
                        place.caller.with_untracked(|it| it.as_ref().is_some_and(|it| it.can_use_rbac));
                    let again = the_same(&old, rbac);
                    let denied = untrack(|| {
                        place.why_not(&Action::Invite(&one.role)).or_else(|| why_not_again(place, &again))
                    });
                    let said = t!("The invitation to {email} was revoked.", email = one.email);
                    match denied {
                        None => {
                            messages.undoable(said, undo::revoked(session, messages, organization, again));
                        }
                        Some(_) => messages.success(said),
                    }
                    if is_asking {
                        leaving.set(None);
                    }
                }
                Err(failed) => {
                    let (email, why) = (&one.email, failed.sentence);
                    let sentence = t!("The invitation to {email} was not revoked. {why}", email, why);
                    tell_failure(error, messages, sentence);
                }
            }
            changed(session.changes.members);
        });
    });
    let cancel = Callback::new(move |()| leaving.set(None));
    let act = view! { <Button label=t!("Revoke") kind=ButtonKind::Danger busy=busy on_press=act /> };
    all([
        el("p").with(t!("What this does:")).view(),
        lost.view(),
        view! { <InlineError text=error /> }.into_any(),
        cancel_or(cancel, true, act.into_any()),
    ])
}

/// Revokes an invitation; gives back what it was, so that it can be made again.
async fn revoke_known(
    session: Session,
    organization: String,
    one: &MemberLine,
) -> Result<Invitation, ApiError> {
    let found = api::invitations_among(organization.clone(), std::slice::from_ref(&one.email)).await?;
    let old = found.into_iter().find(|old| old.id == one.identity).ok_or_else(|| {
        let sentence = t!(
            "The invitation to {email} is not there any more: it was accepted, declined or revoked.",
            email = one.email
        );
        ApiError::new(Failure::Missing, sentence)
    })?;
    revoke(session, organization, &one.identity, &one.email).await?;
    Ok(old)
}
