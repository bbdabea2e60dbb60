//! "The same access as …": a colleague's role and workspaces for those who are invited.

use std::collections::BTreeMap;

use atrium_domain::email::normalize;
use atrium_domain::wire::Member;
use atrium_ui::{derive, el, keyed, next_id, spawn};
use atrium_words::{list, t};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::access::Choices;
use super::people::Access;
use crate::api::{self, Colleague};

/// The field. `set` gets the colleague's access, as far as an invitation can give it.
pub fn same_access(choices: Choices, set: Callback<Access>) -> AnyView {
    let place = choices.place;
    let found = RwSignal::new(Vec::<Member>::new());
    let said = RwSignal::new(None::<String>);
    let newest = StoredValue::new(0_u32);
    let (id, list_id, said_id) = (next_id("same"), next_id("same-list"), next_id("same-said"));

    let take = move |one: Member| {
        let Some(email) = one.email.clone() else { return };
        said.set(Some(t!("Looking up the access of {email}.", email)));
        let number = newest.with_value(|newest| *newest);
        spawn(async move {
            let answer = api::access_of(place.organization_id(), &email).await;
            if newest.try_get_value() != Some(number) {
                return;
            }
            let sentence = match answer {
                Ok(all) => match all.into_iter().find(|one| normalize(&one.email) == normalize(&email)) {
                    Some(colleague) => untrack(|| copied(choices, &colleague, set)),
                    None => t!("{email} is no member any more.", email),
                },
                Err(failed) => {
                    format!("{} {}", t!("The access of {email} was not taken over.", email), failed.sentence)
                }
            };
            said.try_set(Some(sentence));
        });
    };
    let look = move |wanted: String| {
        newest.update_value(|newest| *newest += 1);
        let number = newest.get_value();
        said.set(None);
        // What was picked from the list is there whole.
        let picked = found.with_untracked(|found| {
            let same = |one: &&Member| one.email.as_deref().is_some_and(|email| email == wanted);
            found.iter().find(same).cloned()
        });
        if let Some(one) = picked {
            take(one);
            return;
        }
        spawn(async move {
            let answer = api::find_members(place.organization_id(), &wanted).await;
            // Typed on meanwhile: a later answer counts.
            if newest.try_get_value() != Some(number) {
                return;
            }
            if let Ok(all) = answer {
                let same = |one: &&Member| one.email.as_deref() == Some(normalize(&wanted).as_str());
                let exact = all.iter().find(same).cloned();
                found.try_set(all);
                if let Some(one) = exact {
                    take(one);
                }
            }
        });
    };
    let keys =
        derive(move || found.with(|all| all.iter().filter_map(|one| one.email.clone()).collect::<Vec<_>>()));
    let option = move |email: String| {
        let name = found.with_untracked(|all| {
            let one = all.iter().find(|one| one.email.as_deref() == Some(email.as_str()));
            one.and_then(|one| one.full_name.clone()).unwrap_or_default()
        });
        el("option").attr("value", &email).with(name).view()
    };
    let looked = StoredValue::new(false);
    let input = el("input")
        .attr("id", &id)
        .class("input")
        .attr("type", "text")
        .attr("list", &list_id)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("placeholder", t!("A colleague’s address or name"))
        .attr("aria-describedby", &said_id)
        .on("focus", move |_| {
            // The first few are there before anything is typed.
            if !looked.get_value() {
                looked.set_value(true);
                look(String::new());
            }
        })
        .on("keydown", |event| {
            // Enter would send the form around it; here it takes what was picked.
            if event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "Enter") {
                event.prevent_default();
            }
        })
        .on("input", move |event| look(event_target_value(&event)));
    el("div")
        .class("field")
        .with(el("label").class("field-label").attr("for", &id).with(t!("The same access as")))
        .with(input)
        .with(el("datalist").attr("id", &list_id).with(keyed(keys, option)))
        .with(el("p").class("field-hint").attr("id", &said_id).attr("role", "status").with(Signal::<
            Option<String>,
        >::from(
            said
        )))
        .view()
}

/// Takes over what a colleague has, and says what that is.
fn copied(choices: Choices, colleague: &Colleague, set: Callback<Access>) -> String {
    let role = colleague.role_id.clone().unwrap_or_default();
    let name = choices.role_name(&role);
    let email = &colleague.email;
    if let Some(reason) = choices.why_not(&role) {
        return format!("{} {reason}", t!("{email} is {role}.", email, role = name));
    }
    if choices.is_admin(&role) {
        set.run(Access { role, ..Access::default() });
        return t!("As {email}: {role}, Admin of every workspace.", email, role = name);
    }
    // An invitation opens workspaces that the inviter is in, with one role in all of them.
    let known = |id: &str| !choices.workspace_names(|own| own == id).is_empty();
    let inside = || colleague.workspaces.iter().filter(|one| known(&one.workspace_id));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for id in inside().filter_map(|one| one.role_id.as_deref()) {
        *counts.entry(id).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|(_, count)| **count).map(|(id, _)| (*id).to_owned());
    let mut access = Access {
        role,
        workspaces: inside().map(|one| one.workspace_id.clone()).collect(),
        workspace_role: most.unwrap_or_default(),
    };
    // Nobody gives what they do not have.
    access.workspaces = choices.opened(&access);
    let names = choices.workspace_names(|id| access.workspaces.contains(id));
    let mut sentences = vec![match names.as_slice() {
        [] => t!("As {email}: {role}, in no workspace.", email, role = name),
        names if choices.rbac.get() => t!(
            "As {email}: {role}, {workspace_role} in {workspaces}.",
            email,
            role = name,
            workspace_role = choices.role_name(&access.workspace_role),
            workspaces = list(names),
        ),
        names => {
            t!("As {email}: {role}, in {workspaces}.", email, role = name, workspaces = list(names))
        }
    }];
    if choices.rbac.get() && counts.len() > 1 {
        let differ = t!(
            "Their roles differ between workspaces; an invitation gives one role in all, the one that they have most often."
        );
        sentences.push(differ.to_owned());
    }
    if access.workspaces.len() < colleague.workspaces.len() {
        sentences.push(t!("Workspaces that you may not open are left out.").to_owned());
    }
    set.run(access);
    sentences.join(" ")
}
