//! The difference of two roles.

use atrium_domain::permissions::missing;
use atrium_domain::wire::Role;
use atrium_ui::{Select, SelectOption, derive, dynamic, el, memo};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Shared;
use crate::components::{address_state, grouped};

/// Two comboboxes, and below them what only one of the two permits.
pub fn compare(shared: Shared) -> AnyView {
    let roles = shared.roles;
    let (first, second) = (address_state("a"), address_state("b"));
    let options = derive(move || {
        roles.with(|all| all.iter().map(|role| SelectOption::new(role.id.clone(), role.label())).collect())
    });
    // Where the address names none: two roles of a workspace, which are most alike.
    let chosen = move |wanted: Memo<String>, place: usize| {
        memo(move || {
            roles.with(|all| {
                let named = wanted.with(|id| all.iter().find(|role| role.id == *id).cloned());
                let mut others = all.iter().filter(|role| role.workspace_role().is_some());
                named.or_else(|| others.nth(place).cloned()).or_else(|| all.first().cloned())
            })
        })
    };
    let (one, other) = (chosen(first.value, 0), chosen(second.value, 1));
    let id_of = |role: Memo<Option<Role>>| {
        derive(move || role.with(|role| role.as_ref().map(|role| role.id.clone()).unwrap_or_default()))
    };
    let fields = el("div")
        .class("fields")
        .with(view! { <Select label=t!("First role") value=id_of(one) options on_change=first.set /> })
        .with(view! { <Select label=t!("Second role") value=id_of(other) options on_change=second.set /> });
    let body = dynamic(move || match (one.get(), other.get()) {
        (Some(one), Some(other)) => difference(&one, &other, shared),
        _ => ().into_any(),
    });
    el("div").class("compare").with(fields).with(body).view()
}

fn difference(one: &Role, other: &Role, shared: Shared) -> AnyView {
    let all = shared.permissions.all.get();
    let (of_one, of_other) =
        (missing(&one.permissions, &other.permissions), missing(&other.permissions, &one.permissions));
    let both = one.permissions.len() - of_one.len();
    let side = |role: &Role, only: &[String]| {
        let heading = t!("Only {role}", role = role.label());
        let count = match only.len() {
            0 => t!("Nothing that the other does not permit.").to_owned(),
            many => tn!(many, "{count} permission", "{count} permissions"),
        };
        el("section")
            .class("panel compare-side")
            .attr("aria-label", &heading)
            .with(el("h2").with(heading.as_str()))
            .with(el("p").class("muted").with(count))
            .with((!only.is_empty()).then(|| grouped(only, &all)))
    };
    let summary = if one.id == other.id {
        t!("This is one and the same role. Choose another one to see what differs.").to_owned()
    } else if of_one.is_empty() && of_other.is_empty() {
        let (one, other) = (one.label(), other.label());
        t!("{one} and {other} permit the same.", one, other)
    } else {
        tn!(
            both,
            "{count} permission in both. What differs is below.",
            "{count} permissions in both. What differs is below."
        )
    };
    let view = el("div").with(el("p").class("lead").attr("role", "status").with(summary));
    if of_one.is_empty() && of_other.is_empty() {
        return view.view();
    }
    view.with(el("div").class("compare-sides").with(side(one, &of_one)).with(side(other, &of_other))).view()
}
