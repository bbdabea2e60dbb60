//! "Invite members": addresses, an organization role, workspaces and, with RBAC, a role in them.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::email::{Pasted, normalize, parse_addresses};
use atrium_domain::wire::InvitationCreate;
use atrium_domain::{Action, OrganizationRole, WorkspaceRole};
use atrium_ui::{
    Button, ButtonKind, Checkbox, Chip, ChipsField, Dialog, El, Group, InlineError, Messages, Select,
    SelectOption, Tone, all, derive, dynamic, el, keyed, memo, spawn, when,
};
use leptos::prelude::*;

use super::cancel_or;
use super::change_role::role_options;
use crate::api;
use crate::components::PeopleCount;
use crate::session::{Place, Session, changed};

/// Most invitations in one call (the contract's limit).
const MOST: usize = 500;

/// The dialog "Invite members".
#[component]
pub fn InviteMembers(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// How many are there already.
    people: PeopleCount,
) -> impl IntoView {
    view! {
        <Dialog title="Invite members" open>
            <Form open people />
        </Dialog>
    }
    .into_any()
}

/// Whom an address belongs to already.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Taken {
    Member,
    Invited,
}

/// The addresses that the server was asked about, in small letters, and whom each belongs to.
type Known = BTreeMap<String, Option<Taken>>;

/// Addresses that are looked up in one call, so that it does not get too long.
const AT_ONCE: usize = 50;

/// What an address in the list is.
fn about_address(pasted: &Pasted, known: &Known) -> (Tone, Option<String>) {
    let Pasted::Address(address) = pasted else {
        return (Tone::Bad, Some("not an email address".to_owned()));
    };
    match known.get(address).copied().flatten() {
        Some(Taken::Member) => (Tone::Warn, Some("already a member".to_owned())),
        Some(Taken::Invited) => (Tone::Warn, Some("already invited".to_owned())),
        None => (Tone::Neutral, None),
    }
}

/// Finds out whom some addresses belong to. What cannot be found out the server says when it is
/// asked to invite them.
fn look_up(place: Place, addresses: Vec<String>, known: RwSignal<Known>) {
    for some in addresses.chunks(AT_ONCE) {
        let some = some.to_vec();
        spawn(async move {
            let organization = place.organization_id();
            let members = api::people_at(organization.clone(), &some, false).await;
            let invited = api::people_at(organization, &some, true).await;
            known.try_update(|known| {
                known.extend(some.into_iter().map(|address| (address, None)));
                for (people, taken) in [(invited, Taken::Invited), (members, Taken::Member)] {
                    let people = people.unwrap_or_default().into_iter();
                    known.extend(people.map(|person| (normalize(&person.email), Some(taken))));
                }
            });
        });
    }
}

#[component]
fn Form(open: RwSignal<bool>, people: PeopleCount) -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let messages = Messages::expect();

    let text = RwSignal::new(String::new());
    let entered = RwSignal::new(Vec::<Pasted>::new());
    let role = RwSignal::new(String::new());
    let workspaces = RwSignal::new(BTreeSet::<String>::new());
    let workspace_role = RwSignal::new(String::new());
    let field_error = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(None::<String>);

    let known = RwSignal::new(Known::new());
    let commit = Callback::new(move |raw: String| {
        text.set(String::new());
        field_error.set(None);
        let mut new = Vec::new();
        entered.update(|entered| {
            for pasted in parse_addresses(&raw) {
                if let Pasted::Address(address) = &pasted {
                    new.push(address.clone());
                }
                if !entered.contains(&pasted) {
                    entered.push(pasted);
                }
            }
        });
        known.with_untracked(|known| new.retain(|address| !known.contains_key(address)));
        look_up(place, new, known);
    });
    let remove = Callback::new(move |gone: String| {
        field_error.set(None);
        entered.update(|entered| entered.retain(|pasted| pasted.text() != gone));
    });
    let chips = derive(move || {
        known.with(|known| {
            let chip = |pasted: &Pasted| {
                let (tone, note) = about_address(pasted, known);
                Chip { value: pasted.text().to_owned(), tone, note }
            };
            entered.with(|entered| entered.iter().map(chip).collect::<Vec<_>>())
        })
    });

    let roles = derive(move || {
        let roles = place.roles.data.get().unwrap_or_default();
        role_options(&roles, |role| place.why_not(&Action::Invite(role)))
    });
    // Organization User is what most people need; where it is not offered, whatever is.
    let chosen_role = derive(move || {
        let chosen = role.get();
        if !chosen.is_empty() {
            return chosen;
        }
        let all = place.roles.data.get().unwrap_or_default();
        let user = all
            .iter()
            .find(|role| role.organization_role() == Some(OrganizationRole::User))
            .map(|role| role.id.clone());
        roles.with(|options| {
            let offered = || options.iter().filter(|option| option.disabled_reason.is_none());
            let found =
                offered().find(|option| Some(&option.value) == user.as_ref()).or_else(|| offered().next());
            found.map(|option| option.value.clone()).unwrap_or_default()
        })
    });
    let as_admin = memo(move || {
        let chosen = chosen_role.get();
        place.roles.data.with(|all| {
            let found = all.iter().flatten().find(|role| role.id == chosen);
            found.and_then(|role| role.organization_role()) == Some(OrganizationRole::Admin)
        })
    });
    let rbac =
        memo(move || place.caller.with(|caller| caller.as_ref().is_some_and(|caller| caller.can_use_rbac)));
    let workspace_roles = derive(move || {
        let all = place.roles.data.get().unwrap_or_default();
        all.iter()
            .filter(|role| role.workspace_role().is_some())
            .map(|role| SelectOption::new(role.id.clone(), role.display_name.clone()))
            .collect::<Vec<_>>()
    });
    let chosen_workspace_role = derive(move || {
        let chosen = workspace_role.get();
        if !chosen.is_empty() {
            return chosen;
        }
        place.roles.data.with(|all| {
            let found =
                all.iter().flatten().find(|role| role.workspace_role() == Some(WorkspaceRole::Editor));
            found.map(|role| role.id.clone()).unwrap_or_default()
        })
    });

    let seats = move || {
        let limit = place.info.data.with(|info| info.as_ref().map_or(0, |info| info.config.max_identities));
        people.seats(limit)
    };
    let wanted = move || u32::try_from(entered.with(Vec::len)).unwrap_or(u32::MAX);
    let seats_text = move || match seats() {
        Some(seats) => match seats.check(wanted()) {
            Ok(()) => {
                let left = seats.free() - wanted();
                format!("{} of {} used; {left} free after this.", seats.used(), seats.limit)
            }
            Err(sentence) => sentence,
        },
        None => "Counting seats".to_owned(),
    };

    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.with_untracked(Option::is_some) {
            return;
        }
        // What was typed and not yet turned into a chip counts too.
        let rest = text.get_untracked();
        if !rest.trim().is_empty() {
            commit.run(rest);
        }
        error.set(None);
        let invited = entered.get_untracked();
        if let Some(sentence) = known.with_untracked(|known| refusal(&invited, known)) {
            field_error.set(Some(sentence));
            return;
        }
        if let Some(Err(sentence)) = untrack(seats).map(|seats| seats.check(untrack(wanted))) {
            error.set(Some(sentence));
            return;
        }
        let admin = as_admin.get_untracked();
        let chosen: Vec<String> = workspaces.get_untracked().into_iter().collect();
        // What may not be opened with this role shows unchecked.
        let given = chosen_workspace_role.get_untracked();
        let chosen: Vec<String> =
            untrack(|| chosen.into_iter().filter(|id| why_not_open(place, id, &given).is_none()).collect());
        let with_role = rbac.get_untracked() && !admin && !chosen.is_empty();
        let body: Vec<InvitationCreate> = invited
            .iter()
            .map(|pasted| InvitationCreate {
                email: pasted.text().to_owned(),
                role_id: Some(chosen_role.get_untracked()).filter(|id| !id.is_empty()),
                // An Organization Admin is in every workspace anyway.
                workspace_ids: (!admin && !chosen.is_empty()).then(|| chosen.clone()),
                workspace_role_id: with_role.then(|| chosen_workspace_role.get_untracked()),
            })
            .collect();
        busy.set(Some(match body.len() {
            1 => "Sending 1 invitation".to_owned(),
            many => format!("Sending {many} invitations"),
        }));
        spawn(async move {
            let result = api::invite(place.organization_id(), &body).await;
            busy.try_set(None);
            match result {
                Ok(sent) => {
                    open.try_set(false);
                    messages.success(match sent.as_slice() {
                        [one] => format!(
                            "{} was invited. The invitation shows when this address signs in.",
                            one.email
                        ),
                        many => format!(
                            "{} people were invited. Each invitation shows when that address signs in.",
                            many.len()
                        ),
                    });
                }
                Err(failed) => {
                    let of_field = failed.of_field("email");
                    if of_field.is_some() {
                        field_error.try_set(of_field);
                    } else {
                        error.try_set(Some(failed.sentence));
                    }
                    look_up(place, body.into_iter().map(|one| one.email).collect(), known);
                }
            }
            // After a refusal too: it may be news of what somebody else did.
            changed(session.changes.members);
        });
    };

    let addresses = view! {
        <ChipsField
            label="Emails"
            text
            chips
            on_commit=commit
            on_remove=remove
            error=field_error
            hint="One or many: separated by commas, spaces, semicolons or new lines."
        />
    };
    let organization_role = view! {
        <Select
            label="Organization role"
            value=chosen_role
            options=roles
            on_change=Callback::new(move |id| role.set(id))
        />
    };
    let role_in_workspaces = move || {
        if rbac.get() {
            view! {
                <Select
                    label="Workspace role"
                    value=chosen_workspace_role
                    options=workspace_roles
                    on_change=Callback::new(move |id| workspace_role.set(id))
                    hint="The role in each workspace chosen above."
                />
            }
            .into_any()
        } else {
            note("On this plan everybody in a workspace is its Admin. Enterprise has roles that differ.")
                .view()
        }
    };
    let in_workspaces = move || {
        if as_admin.get() {
            note("An Organization Admin is Admin of every workspace. There is nothing to choose.").view()
        } else {
            all([workspace_choice(place, workspaces, chosen_workspace_role), dynamic(role_in_workspaces)])
        }
    };
    let seats = el("p")
        .class("seats")
        .with(el("strong").with("Seats"))
        .with(" ")
        .with(el("span").with(atrium_ui::text(seats_text)));
    let cancel = Callback::new(move |()| open.set(false));
    let send = view! { <Button label="Send invitations" kind=ButtonKind::Primary submit=true busy=busy /> };
    el("form")
        .class("form")
        .attr("novalidate", "")
        .on("submit", submit)
        .with(addresses)
        .with(organization_role)
        .with(dynamic(in_workspaces))
        .with(seats)
        .with(view! { <InlineError text=error /> })
        .with(cancel_or(cancel, false, send.into_any()))
        .view()
}

fn note(text: &str) -> El {
    el("p").class("note").with(text)
}

/// Why these people cannot be invited as they stand, by what is known here.
fn refusal(people: &[Pasted], known: &Known) -> Option<String> {
    if people.is_empty() {
        return Some("Enter at least one email address.".to_owned());
    }
    if people.len() > MOST {
        return Some(format!("These are {} addresses. Invite at most {MOST} at once.", people.len()));
    }
    people.iter().find_map(|pasted| {
        let (_, note) = about_address(pasted, known);
        note.map(|note| match note.as_str() {
            "not an email address" => {
                format!("“{}” is not an email address. Correct it, or remove it.", pasted.text())
            }
            note => format!("{} is {note}. Remove this address to invite the others.", pasted.text()),
        })
    })
}

/// Why the person may not open a workspace with a role; `None` where they may. Reads signals.
fn why_not_open(place: Place, id: &str, role: &str) -> Option<String> {
    let caller = place.caller.get()?;
    let given = place.roles.data.with(|all| {
        let found = all.iter().flatten().find(|one| caller.can_use_rbac && one.id == role);
        found.map(|role| role.permissions.clone()).unwrap_or_default()
    });
    place.workspaces.data.with(|all| {
        let found = all.iter().flatten().find(|one| one.id == id)?;
        // A server that does not tell what the person may there is asked by trying.
        let own = found.permissions.as_deref()?;
        caller.may_open(Some(own), &given).err().map(|denied| denied.0.to_owned())
    })
}

fn workspace_choice(
    place: Place,
    chosen: RwSignal<BTreeSet<String>>,
    workspace_role: Signal<String>,
) -> AnyView {
    let known = place.workspaces.or_default();
    let keys = derive(move || known.with(|all| all.iter().map(|one| one.id.clone()).collect::<Vec<_>>()));
    let row = move |id: String| {
        let name = place.workspaces.data.with_untracked(|all| {
            let found = all.iter().flatten().find(|one| one.id == id);
            found.map(|one| one.display_name.clone()).unwrap_or_default()
        });
        let (toggled, asked) = (id.clone(), id.clone());
        let why_not = derive(move || why_not_open(place, &asked, &workspace_role.get()));
        let checked =
            derive(move || chosen.with(|chosen| chosen.contains(&id)) && why_not.with(Option::is_none));
        let on_change = Callback::new(move |on: bool| {
            chosen.update(|chosen| {
                if on {
                    chosen.insert(toggled.clone());
                } else {
                    chosen.remove(&toggled);
                }
            });
        });
        view! { <Checkbox label=name checked on_change disabled_reason=why_not /> }.into_any()
    };
    let usable = move || place.caller.with(|caller| caller.as_ref().is_some_and(|one| one.usable().is_ok()));
    let none = || {
        note("Workspaces can be chosen once the organization has a plan; until then people join without any.")
            .view()
    };
    // Those that the person cannot enter are not listed: who may not open them is told why.
    let elsewhere = move || match place.caller.get().and_then(|caller| caller.may_open(None, &[]).err()) {
        Some(denied) if usable() => note(denied.0).view(),
        _ => ().into_any(),
    };
    view! {
        <Group legend="Workspaces">
            {all([when(move || known.with(Vec::is_empty) && !usable(), none), keyed(keys, row), dynamic(elsewhere)])}
        </Group>
    }
    .into_any()
}
