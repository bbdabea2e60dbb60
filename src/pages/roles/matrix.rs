//! Permissions by roles: what each resource and each permission is to each role, at a glance.

use std::collections::BTreeSet;

use atrium_domain::permissions::{Group, groups};
use atrium_domain::wire::Role;
use atrium_ui::{
    Button, Checkbox, El, Group as Fields, Icon, IconView, PopoverButton, derive, dynamic, el, memo,
};
use atrium_words::t;
use leptos::prelude::*;

use super::Shared;
use crate::components::address_state;

/// Below this width, in pixels, so many columns do not fit: two of them show until others are chosen.
const NARROW: f64 = 720.0;

/// The table "Permissions by role", with the choice of roles above it.
pub fn matrix(shared: Shared) -> AnyView {
    let roles = shared.roles;
    let chosen = address_state("roles");
    let opened = RwSignal::new(BTreeSet::<String>::new());
    let narrow = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|it| it < NARROW);
    let shown = memo(move || {
        roles.with(|all| {
            let named: Vec<_> = chosen
                .value
                .with(|ids| ids.split(' ').map(str::to_owned).filter(|id| !id.is_empty()).collect());
            let wanted = |role: &&Role| named.contains(&role.id);
            if all.iter().any(|role| named.contains(&role.id)) {
                return all.iter().filter(wanted).cloned().collect::<Vec<_>>();
            }
            let of_workspace = all.iter().filter(|role| role.workspace_role().is_some());
            if narrow { of_workspace.take(2).cloned().collect() } else { all.clone() }
        })
    });
    let boxes = move || {
        let one = move |role: Role| {
            let (id, name) = (role.id.clone(), role.label().into_owned());
            let mine = id.clone();
            let checked = derive(move || shown.with(|shown| shown.iter().any(|role| role.id == mine)));
            let change = Callback::new(move |on: bool| {
                let mut ids: Vec<String> =
                    shown.with_untracked(|shown| shown.iter().map(|role| role.id.clone()).collect());
                ids.retain(|other| *other != id);
                if on {
                    ids.push(id.clone());
                }
                // A matrix without columns says nothing.
                if !ids.is_empty() {
                    chosen.set.run(ids.join(" "));
                }
            });
            view! { <Checkbox label=name checked on_change=change /> }.into_any()
        };
        let all = roles.get_untracked().into_iter().map(one).collect::<Vec<_>>();
        view! { <Fields legend=t!("Roles to show")>{all.into_any()}</Fields> }
    };
    let every = memo(move || {
        let all = shared.permissions.all.with(|all| groups(all));
        opened.with(|opened| all.iter().all(|group| opened.contains(&group.key)))
    });
    let toggle = Callback::new(move |()| {
        let all = shared.permissions.all.with_untracked(|all| groups(all));
        opened.set(if every.get_untracked() {
            BTreeSet::new()
        } else {
            all.into_iter().map(|group| group.key).collect()
        });
    });
    let legend = el("p")
        .class("matrix-legend muted")
        .with(mark(2, 2))
        .with(el("span").with(t!("all of it")))
        .with(mark(1, 2))
        .with(el("span").with(t!("some of it")))
        .with(mark(0, 2))
        .with(el("span").with(t!("nothing")));
    let bar = el("div")
        .class("toolbar")
        .with(view! { <PopoverButton label=t!("Roles") icon=Icon::Columns>{boxes()}</PopoverButton> })
        .with(view! {
            <Button label=t!("Show every permission") pressed_state=every on_press=toggle />
        })
        .with(legend);
    let table = dynamic(move || {
        let groups = shared.permissions.all.with(|all| groups(all));
        shown.with(|roles| table(groups, roles, opened))
    });
    el("div").class("matrix-view").with(bar).with(table).view()
}

/// How much of something is permitted, by its shape.
fn mark(held: usize, all: usize) -> El {
    let kind = match held {
        0 => "none",
        held if held == all => "full",
        _ => "some",
    };
    el("span").class(&format!("mark {kind}")).attr("aria-hidden", "true")
}

fn table(groups: Vec<Group>, roles: &[Role], opened: RwSignal<BTreeSet<String>>) -> AnyView {
    let heading = |words: &str| el("th").attr("scope", "col").with(words);
    let head = roles.iter().fold(el("tr").with(heading(t!("Permission"))), |row, role| {
        let th = el("th").attr("scope", "col").with(el("span").class("matrix-role").with(&*role.label()));
        row.with(th)
    });
    let table = el("table")
        .class("matrix")
        .attr("aria-label", t!("Permissions by role"))
        .with(el("thead").with(head));
    let table = groups.into_iter().fold(table, |table, group| table.with(body(&group, roles, opened)));
    // It scrolls by itself, and so must be reached by the keyboard.
    el("div")
        .class("matrix-frame")
        .attr("role", "region")
        .attr("aria-label", t!("Permissions by role"))
        .attr("tabindex", "0")
        .with(table)
        .view()
}

/// The rows of a resource: a summary, and below it what there is, while it is open.
fn body(group: &Group, roles: &[Role], opened: RwSignal<BTreeSet<String>>) -> El {
    let key = group.key.clone();
    let open = memo(move || opened.with(|opened| opened.contains(&key)));
    let key = group.key.clone();
    let press = move |_| {
        opened.update(|opened| {
            if !opened.remove(&key) {
                opened.insert(key.clone());
            }
        });
    };
    let toggle = el("button")
        .attr("type", "button")
        .class("matrix-toggle")
        .live("aria-expanded", derive(move || Some(open.get().to_string())))
        .on("click", press)
        .with(view! { <IconView icon=Icon::ChevronRight /> })
        .with(el("span").with(&group.label));
    let count = group.permissions.len();
    let first = el("tr").class("matrix-group").with(el("th").attr("scope", "row").with(toggle));
    let first = roles.iter().fold(first, |row, role| {
        let held = group.permissions.iter().filter(|one| role.permissions.contains(&one.name)).count();
        let words = el("span").attr("aria-hidden", "true").with(format!("{held}/{count}"));
        let said = el("span").class("visually-hidden").with(t!("{held} of {count}", held, count));
        row.with(
            el("td").with(el("span").class("matrix-cell").with(mark(held, count)).with(words).with(said)),
        )
    });
    let closed = derive(move || (!open.get()).then(String::new));
    group.permissions.iter().fold(el("tbody").with(first), |body, one| {
        let words = el("span")
            .class("two-lines")
            .with(el("span").with(&one.description))
            .with(el("span").class("row-note mono").with(&one.name));
        let row = el("tr")
            .class("matrix-row")
            .live("hidden", closed)
            .with(el("th").attr("scope", "row").with(words));
        body.with(roles.iter().fold(row, |row, role| {
            let held = role.permissions.contains(&one.name);
            let said = el("span").class("visually-hidden").with(if held { t!("Yes") } else { t!("No") });
            let sign = held.then(|| view! { <IconView icon=Icon::Check /> });
            let sign = el("span").class(if held { "matrix-yes" } else { "matrix-no" }).with(sign).with(said);
            row.with(el("td").with(sign))
        }))
    })
}
