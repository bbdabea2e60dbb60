//! Permissions, as the API describes them.

use atrium_domain::permissions::{Permission, groups, known, with_those_of};
use atrium_ui::{El, el, memo};
use leptos::prelude::*;

use crate::api::{self, query};
use crate::session::{Place, Session};

/// What roles can permit. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Permissions {
    /// All of them; what this version knows, until the API tells or where it does not.
    pub all: Memo<Vec<Permission>>,
}

impl Permissions {
    /// Asks for them.
    pub fn ask() -> Self {
        let session = Session::current();
        let place = Place::current();
        let asked = query(move || session.account.get(), move || Some(api::permissions()));
        let all = memo(move || {
            let told = asked.data.get().unwrap_or_else(known);
            place.roles.data.with(|roles| with_those_of(told, roles.as_deref().unwrap_or_default()))
        });
        Self { all }
    }

    /// What a permission allows, in words. Reads a signal.
    pub fn description(self, name: &str) -> String {
        self.all.with(|all| {
            let found = all.iter().find(|one| one.name == name && !one.description.is_empty());
            found.map_or_else(|| name.to_owned(), |one| one.description.clone())
        })
    }
}

/// Some permissions by resource, each in words.
pub fn grouped(names: &[String], all: &[Permission]) -> El {
    let mut chosen: Vec<Permission> = all.iter().filter(|one| names.contains(&one.name)).cloned().collect();
    // What no role and no answer told of before is named by its word.
    let unknown = names.iter().filter(|name| all.iter().all(|one| one.name != **name));
    chosen.extend(unknown.map(|name| Permission {
        name: name.clone(),
        description: name.clone(),
        of_organization: false,
    }));
    let list = el("dl").class("by-resource");
    groups(&chosen).into_iter().fold(list, |list, group| {
        let words = group.permissions.into_iter().map(|one| {
            let shown = if one.description.is_empty() { &one.name } else { &one.description };
            el("dd").attr("title", &one.name).with(shown)
        });
        list.with(
            el("div")
                .class("by-resource-group")
                .with(el("dt").with(group.label))
                .with(words.collect::<Vec<_>>()),
        )
    })
}
