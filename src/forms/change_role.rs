//! The organization role of a member: chosen in its row, and changed after a look at what that gives
//! and takes.

use atrium_domain::roles::role_label;
use atrium_domain::wire::Role;
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Banner, Button, ButtonKind, DialogKind, InlineError, Messages, Select, SelectOption, Tone, all, derive,
    dynamic, el, spawn,
};
use atrium_words::{look, t};
use leptos::prelude::*;

use super::difference::{UNKNOWN_ROLE, difference, reach_of};
use super::meanwhile::{
    Now, Outcome, Wanted, guarded, keep_or, meanwhile, only_close, tell_not_done, with_own_changes,
};
use super::undo;
use super::{cancel_or, is_still_asking};
use crate::components::dialog_about;
use crate::session::{Place, Session, changed};
use crate::table::MemberLine;

/// The roles of an organization as choices, in the order of the contract, each with the reason
/// where it cannot be given.
pub fn role_options(
    roles: &[Role],
    why_not: impl Fn(&OrganizationRole) -> Option<String>,
) -> Vec<SelectOption> {
    roles
        .iter()
        .filter_map(|role| {
            let known = role.organization_role()?;
            let mut option = SelectOption::new(role.id.clone(), role.label());
            option.disabled_reason = why_not(&known);
            Some(option)
        })
        .collect()
}

/// A role that was chosen and is not given yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Changing {
    /// Whose, as the person saw the member.
    pub line: MemberLine,
    /// The id of the role.
    pub to: String,
}

/// The combobox "Role of EMAIL".
#[component]
pub fn RoleOfMember(
    /// The member.
    line: Memo<MemberLine>,
    /// Where what was chosen goes.
    changing: RwSignal<Option<Changing>>,
    /// Why the role cannot be changed at all; `None` where it can.
    #[prop(into)]
    locked: Signal<Option<String>>,
    /// Called first with the role that was chosen; says whether the change is collected, and thereby
    /// done with here.
    collect: Callback<String, bool>,
) -> impl IntoView {
    let place = Place::current();
    let options = derive(move || {
        let from = line.with(|line| line.role.clone());
        let why_not = |to: &OrganizationRole| {
            if *to == from { None } else { place.why_not(&Action::ChangeRole(&from, to)) }
        };
        // Not a copy of the roles for every row: each has all its permissions.
        let mut options =
            place.roles.data.with(|roles| role_options(roles.as_deref().unwrap_or_default(), why_not));
        // One that is in no list is still what the member has.
        line.with(|line| {
            if !line.role_id.is_empty() && options.iter().all(|one| one.value != line.role_id) {
                options.push(SelectOption::new(line.role_id.clone(), role_label(&line.role_name)));
            }
        });
        options
    });
    let choose = Callback::new(move |to: String| {
        let line = line.get_untracked();
        if to != line.role_id && !collect.run(to.clone()) {
            changing.set(Some(Changing { line, to }));
        }
    });
    let label = t!("Role of {email}", email = line.with_untracked(|line| line.email.clone()));
    view! {
        <Select
            label
            hide_label=true
            compact=true
            value=derive(move || line.with(|line| line.role_id.clone()))
            options
            on_change=choose
            disabled_reason=locked
        />
    }
}

/// The dialog that shows what a change of a role gives and takes, and makes it.
#[component]
pub fn ChangeRole(
    /// The change; `None` while there is none.
    changing: RwSignal<Option<Changing>>,
    /// How many Organization Admins can sign in; `None` while that is not known.
    admins: Signal<Option<u64>>,
) -> impl IntoView {
    let title = |one: &Changing| match one.line.is_self {
        true => t!("Change your own role?").to_owned(),
        false => t!("Change the role of {email}?", email = one.line.email),
    };
    let question = move |one| view! { <Question one changing admins /> }.into_any();
    dialog_about(changing, DialogKind::Alert, None, title, question)
}

#[component]
fn Question(
    one: Changing,
    changing: RwSignal<Option<Changing>>,
    admins: Signal<Option<u64>>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let now = RwSignal::new(Now::Seen);
    let one = StoredValue::new(Changing { line: with_own_changes(place, one.line), ..one });
    let wanted = untrack(|| role_with(place, &one.with_value(|one| one.to.clone())));
    let (to, to_name) = wanted.unwrap_or_else(|| (OrganizationRole::Other(String::new()), String::new()));
    let (to, to_name) = (StoredValue::new(to), StoredValue::new(to_name));
    // What the change starts from.
    let base = move || now.get().line(one.with_value(|one| one.line.clone()));
    let act = Callback::new(move |()| {
        if busy.with_untracked(Option::is_some) {
            return;
        }
        busy.set(Some(t!("Changing").to_owned()));
        error.set(None);
        let (line, role_id) = (untrack(base), one.with_value(|one| one.to.clone()));
        let (to, name) = (to.get_value(), to_name.get_value());
        let back = untrack(|| may_go_back(place, &line, &to));
        let organization = place.organization_id();
        spawn(async move {
            let wanted = Wanted::Role(role_id.clone());
            let outcome = guarded(place, organization.clone(), line.clone(), &wanted, busy).await;
            let is_asking = is_still_asking(busy);
            match outcome {
                Outcome::Done(before) => {
                    let said = t!("{email} is now {role}.", email = line.email, role = name);
                    if back {
                        let undo = undo::role(place, session, messages, organization, *before, role_id);
                        messages.undoable(said, undo);
                    } else {
                        messages.success(said);
                    }
                    if is_asking {
                        changing.set(None);
                    }
                    if line.is_self {
                        changed(session.changes.organization);
                    }
                }
                other => tell_not_done(other, now, error, messages, |why| {
                    t!("The role of {email} was not changed. {why}", email = line.email, why)
                }),
            }
            // After a refusal too: somebody else may have changed it, and the list must be true.
            changed(session.changes.members);
        });
    });
    let cancel = Callback::new(move |()| changing.set(None));
    let news = dynamic(move || {
        let seen = one.with_value(|one| one.line.clone());
        match now.get() {
            Now::Seen => ().into_any(),
            Now::Changed(line, by) => meanwhile(&seen, &line, by, &to_name.get_value()).view(),
            Now::Gone => {
                let organization = place.organization_name();
                let text = t!(
                    "Somebody else removed {email} from {organization} while you were deciding. Nothing was changed.",
                    email = seen.email,
                    organization
                );
                el("p").with(text).view()
            }
        }
    });
    let effects = dynamic(move || {
        if now.with(|now| *now == Now::Gone) {
            return ().into_any();
        }
        let line = base();
        let (to, to_name) = (to.get_value(), to_name.get_value());
        if line.role == to {
            return el("p").with(t!("{email} has this role already.", email = line.email)).view();
        }
        let now = role_label(&line.role_name);
        let lead = match line.is_self {
            true => t!("You become {role}. You are {now} now.", role = to_name, now),
            false => t!("{email} becomes {role}. Now: {now}.", email = line.email, role = to_name, now),
        };
        let (before, after) = (reach_of(place, &line, &line.role), reach_of(place, &line, &to));
        let organization = place.organization_name();
        let warnings = warnings(place, &line, &to, admins.get(), &organization);
        let warnings = warnings
            .into_iter()
            .map(|(title, text)| view! { <Banner tone=Tone::Warn title text /> }.into_any());
        let parts =
            el("div").class("change").with(el("p").with(lead)).with(warnings.collect::<Vec<_>>()).with(
                match (before, after) {
                    (Some(before), Some(after)) => difference(place, &line, &before, &after),
                    _ => el("p").class("muted").with(look(UNKNOWN_ROLE)),
                },
            );
        parts.view()
    });
    let reason = derive(move || {
        let line = base();
        if line.is_self && now.with(|now| *now == Now::Seen) {
            return None;
        }
        place.why_not(&Action::ChangeRole(&line.role, &to.get_value()))
    });
    let buttons = dynamic(move || {
        let settled = match now.get() {
            Now::Gone => true,
            _ => to.with_value(|to| base().role == *to),
        };
        if settled {
            return only_close(cancel);
        }
        let again = now.with(|now| matches!(now, Now::Changed(..)));
        let (label, kind) = match (again, one.with_value(|one| one.line.is_self)) {
            (true, _) => (t!("Change anyway"), ButtonKind::Danger),
            (false, true) => (t!("Change my role"), ButtonKind::Danger),
            (false, false) => (t!("Change role"), ButtonKind::Primary),
        };
        let act = view! { <Button label kind busy=busy disabled_reason=reason on_press=act /> }.into_any();
        if again { keep_or(cancel, act) } else { cancel_or(cancel, true, act) }
    });
    all([
        el("div").class("news").attr("role", "alert").with(news).view(),
        effects,
        view! { <InlineError text=error /> }.into_any(),
        buttons,
    ])
}

/// The organization role of an id, with its name. Reads a signal.
fn role_with(place: Place, id: &str) -> Option<(OrganizationRole, String)> {
    place.roles.data.with(|roles| {
        let found = roles.iter().flatten().find(|role| role.id == id)?;
        Some((found.organization_role()?, found.label().into_owned()))
    })
}

/// Whether the signed-in person will be able to take the change back. Reads signals.
fn may_go_back(place: Place, line: &MemberLine, to: &OrganizationRole) -> bool {
    place.caller.with(|caller| {
        caller.clone().is_some_and(|mut caller| {
            if line.is_self {
                caller.role = to.clone();
            }
            caller.may(&Action::ChangeRole(to, &line.role)).is_ok()
        })
    })
}

/// What to know before a change of a role: each with a title. Reads signals.
fn warnings(
    place: Place,
    line: &MemberLine,
    to: &OrganizationRole,
    admins: Option<u64>,
    organization: &str,
) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let back = may_go_back(place, line, to);
    if line.is_self && !back {
        let text =
            t!("You cannot take this back yourself. An Organization Admin has to give you the role again.");
        all.push((t!("You lower yourself").to_owned(), text.to_owned()));
    }
    all.extend(admins_left(line, to, admins, organization));
    all
}

/// What to know where a member who is usable as an Organization Admin (an account that is switched off
/// is not) will be none: `to` is the role that the member will have. The title, and what it means.
pub(super) fn admins_left(
    line: &MemberLine,
    to: &OrganizationRole,
    admins: Option<u64>,
    organization: &str,
) -> Option<(String, String)> {
    let loses = line.role == OrganizationRole::Admin && *to != OrganizationRole::Admin && !line.is_disabled;
    let (title, text) = match admins.filter(|_| loses)?.saturating_sub(1) {
        0 => (
            t!("{organization} is left without an Organization Admin", organization),
            t!("Nobody who can sign in could manage it then. Make somebody else an Admin first."),
        ),
        1 => (
            t!("{organization} is left with one Organization Admin", organization),
            t!(
                "Only one Admin who can sign in remains. Should that account be lost, nobody can manage the organization."
            ),
        ),
        _ => return None,
    };
    Some((title, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::api::Person;
    use crate::table::line_of;

    #[wasm_bindgen_test]
    fn the_last_usable_admins_are_told_of() {
        let member = |role: &str, is_disabled| {
            let role_name = Some(role.to_owned());
            line_of(Person { role_name, is_disabled, ..Default::default() }, &[], &[], None)
        };
        let told = |role: &str, is_disabled, to: &OrganizationRole, admins| {
            admins_left(&member(role, is_disabled), to, admins, "Acme").map(|(title, _)| title)
        };
        let (admin, user) = ("Organization Admin", &OrganizationRole::User);
        assert_eq!(
            told(admin, false, user, Some(2)).as_deref(),
            Some("Acme is left with one Organization Admin")
        );
        let none = "Acme is left without an Organization Admin";
        assert_eq!(told(admin, false, user, Some(1)).as_deref(), Some(none));
        assert_eq!(told(admin, false, user, Some(3)), None);
        assert_eq!(told(admin, true, user, Some(1)), None, "one that cannot sign in takes nothing along");
        assert_eq!(told("Organization User", false, user, Some(1)), None);
        assert_eq!(told(admin, false, user, None), None, "not counted yet");
    }
}
