//! The permissions of a role as groups of checkboxes.

use std::collections::BTreeSet;

use atrium_domain::permissions::{Group, groups, hints_on, same_as};
use atrium_domain::wire::Role;
use atrium_ui::{Button, ButtonKind, Checkbox, El, Group as Fields, all, derive, dynamic, el, memo, text};
use atrium_words::{t, tn};
use leptos::prelude::*;

use crate::components::Permissions;
use crate::session::Place;

/// A group for each resource, and below them what is odd about the choice.
pub fn permission_fields(
    permissions: Permissions,
    chosen: RwSignal<BTreeSet<String>>,
    base: RwSignal<Option<Role>>,
) -> AnyView {
    let place = Place::current();
    // A custom role permits things of a workspace only.
    let groups = memo(move || {
        permissions
            .all
            .with(|all| groups(&all.iter().filter(|one| !one.of_organization).cloned().collect::<Vec<_>>()))
    });
    let of_all = move || {
        let all: usize = groups.with(|groups| groups.iter().map(|group| group.permissions.len()).sum());
        let chosen = chosen.with(BTreeSet::len);
        tn!(all, "{chosen} of {count} permission", "{chosen} of {count} permissions", chosen)
    };
    let boxes = dynamic(move || {
        let fields = groups.get().into_iter().map(|group| resource(group, chosen));
        el("div").class("role-groups").with(fields.collect::<Vec<_>>()).view()
    });
    let hints = dynamic(move || {
        let picked: Vec<String> = chosen.with(|chosen| chosen.iter().cloned().collect());
        let mut sentences: Vec<_> =
            permissions.all.with(|all| hints_on(&picked, all)).iter().map(|hint| hint.sentence()).collect();
        let own = base.with(|base| base.as_ref().map(|role| role.id.clone()).unwrap_or_default());
        let same = place.roles.data.with(|all| same_as(&own, &picked, all.as_deref().unwrap_or_default()));
        if !same.is_empty() && !picked.is_empty() {
            sentences.push(atrium_domain::permissions::Hint::SameAs(same).sentence());
        }
        if sentences.is_empty() {
            return ().into_any();
        }
        let items = sentences.into_iter().map(|sentence| el("li").with(sentence));
        el("ul").class("hints").attr("aria-label", t!("Hints")).with(items.collect::<Vec<_>>()).view()
    });
    all([
        el("p").class("role-count").attr("role", "status").with(text(of_all)).view(),
        boxes,
        el("div").class("role-hints").attr("role", "status").with(hints).view(),
    ])
}

fn resource(group: Group, chosen: RwSignal<BTreeSet<String>>) -> El {
    let names: Vec<String> = group.permissions.iter().map(|one| one.name.clone()).collect();
    let names = StoredValue::new(names);
    let held = memo(move || {
        chosen.with(|chosen| {
            names.with_value(|names| names.iter().filter(|name| chosen.contains(*name)).count())
        })
    });
    let all_of = group.permissions.len();
    let label = group.label.clone();
    let word = derive(move || if held.get() == all_of { t!("None") } else { t!("All") }.to_owned());
    let name =
        derive(
            move || {
                if held.get() == all_of { t!("None of {label}", label) } else { t!("All of {label}", label) }
            },
        );
    let toggle = Callback::new(move |()| {
        let every = held.get_untracked() == all_of;
        chosen.update(|chosen| {
            names.with_value(|names| {
                for name in names {
                    if every {
                        chosen.remove(name);
                    } else {
                        chosen.insert(name.clone());
                    }
                }
            });
        });
    });
    let boxes = group.permissions.into_iter().map(|one| {
        let (mine, name) = (one.name.clone(), one.name.clone());
        let checked = derive(move || chosen.with(|chosen| chosen.contains(&mine)));
        let change = Callback::new(move |on: bool| {
            chosen.update(|chosen| {
                if on {
                    chosen.insert(name.clone());
                } else {
                    chosen.remove(&name);
                }
            });
        });
        let hint = Some(one.name.clone());
        let label = match one.description.as_str() {
            "" => one.name,
            description => description.to_owned(),
        };
        view! { <Checkbox label checked on_change=change hint=derive(move || hint.clone()) /> }.into_any()
    });
    let boxes = boxes.collect::<Vec<_>>();
    let count = el("span")
        .class("muted")
        .with(text(move || t!("{chosen} of {all}", chosen = held.get(), all = all_of)));
    let head = el("div").class("role-group-head").with(count).with(view! {
        <Button label=word name kind=ButtonKind::Quiet on_press=toggle />
    });
    let content = all([head.view(), boxes.into_any()]);
    let fields = view! { <Fields legend=group.label>{content}</Fields> };
    el("div").class("role-group").with(fields)
}
