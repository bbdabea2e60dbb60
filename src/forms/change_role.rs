//! The organization role of a member, changed in its row.

use atrium_domain::wire::Role;
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Button, ButtonKind, Dialog, DialogKind, Messages, Select, SelectOption, all, derive, effect, el, spawn,
    text,
};
use leptos::prelude::*;

use super::cancel_or;
use crate::api;
use crate::session::{Place, Session, changed};

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
            let mut option = SelectOption::new(role.id.clone(), role.display_name.clone());
            option.disabled_reason = why_not(&known);
            Some(option)
        })
        .collect()
}

/// The combobox "Role of EMAIL".
#[component]
pub fn RoleOfMember(
    /// The identity.
    identity: String,
    /// The address.
    email: String,
    /// The id of the role that the member has.
    #[prop(into)]
    role_id: Signal<String>,
    /// The role that the member has.
    #[prop(into)]
    role: Signal<OrganizationRole>,
    /// Whether this is the signed-in person.
    is_self: bool,
    /// Why the role cannot be changed at all; `None` where it can.
    #[prop(into)]
    locked: Signal<Option<String>>,
    /// Called first with the role that was chosen; says whether the change is collected, and thereby
    /// done with here.
    collect: Callback<String, bool>,
) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(None::<String>);
    let open = RwSignal::new(false);
    effect(move || open.set(asking.with(Option::is_some)));
    let options = derive(move || {
        let from = role.get();
        let why_not = |to: &OrganizationRole| {
            if *to == from { None } else { place.why_not(&Action::ChangeRole(&from, to)) }
        };
        // Not a copy of the roles for every row: each has all its permissions.
        place.roles.data.with(|roles| role_options(roles.as_deref().unwrap_or_default(), why_not))
    });
    let name_of = move |id: &str| {
        place.roles.data.with_untracked(|roles| {
            let found = roles.iter().flatten().find(|role| role.id == id);
            found.map(|role| role.display_name.clone()).unwrap_or_default()
        })
    };
    // The message of a failure holds the way to try again, which is this same function.
    let again = StoredValue::new(None::<Callback<String>>);
    let save = {
        let email = email.clone();
        Callback::new(move |new: String| {
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            asking.set(None);
            let (identity, email, name) = (identity.clone(), email.clone(), name_of(&new));
            spawn(async move {
                let result = api::change_member_role(place.organization_id(), &identity, new.clone()).await;
                busy.try_set(false);
                match result {
                    Ok(()) => messages.success(format!("{email} is now {name}.")),
                    Err(error) => {
                        let retry = again.try_get_value().flatten().filter(|_| error.can_retry());
                        let retry = retry.map(|save| Callback::new(move |()| save.run(new.clone())));
                        messages.failure(
                            format!("The role of {email} was not changed. {}", error.sentence),
                            retry,
                        );
                    }
                }
                // After a refusal too: somebody else may have changed it, and the list must be true.
                changed(session.changes.members);
            });
        })
    };
    again.set_value(Some(save));
    let choose = Callback::new(move |new: String| {
        if new == role_id.get_untracked() || collect.run(new.clone()) {
            return;
        }
        // One's own rights are not given away by a slip of the hand.
        if is_self { asking.set(Some(new)) } else { save.run(new) }
    });
    let reason =
        derive(move || if busy.get() { Some("The change is being saved.".to_owned()) } else { locked.get() });
    let wanted = move || asking.get().map(|id| name_of(&id)).unwrap_or_default();
    let select = view! {
        <Select
            label=format!("Role of {email}")
            hide_label=true
            compact=true
            value=role_id
            options
            on_change=choose
            disabled_reason=reason
        />
    }
    .into_any();
    if !is_self {
        return select;
    }
    let cancel = Callback::new(move |()| asking.set(None));
    let confirm = Callback::new(move |()| {
        if let Some(new) = asking.get_untracked() {
            save.run(new);
        }
    });
    let question = move || {
        let consequences = el("p").with("You become ").with(text(wanted)).with(
            ". You may then be unable to invite, change or remove people, or to take this back yourself.",
        );
        let act = view! { <Button label="Change my role" kind=ButtonKind::Danger on_press=confirm /> };
        all([consequences.view(), cancel_or(cancel, true, act.into_any())])
    };
    let dialog = view! {
        <Dialog title="Change your own role?" kind=DialogKind::Alert open on_close=cancel>
            {question()}
        </Dialog>
    };
    all([select, dialog.into_any()])
}
