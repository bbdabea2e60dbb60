//! Before a changed role is saved: who gains and loses what, by name and workspace.

use atrium_domain::wire::Role;
use atrium_ui::{Button, ButtonKind, DialogActions, DialogKind, all, derive, el};
use atrium_words::{commas, t, tn};
use leptos::prelude::*;

use crate::api;
use crate::api::PersonAccess;
use crate::components::dialog_about;
use crate::components::{PageState, PagedPeople, Permissions, grouped, person_cell};
use crate::session::{Place, Session};

/// How many people are listed at once, between what changes and the buttons.
const FEW: usize = 8;

/// A change of a role that is about to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The role as it is.
    pub role: Role,
    /// What it will permit that it does not yet.
    pub gained: Vec<String>,
    /// What it will no longer permit.
    pub lost: Vec<String>,
}

/// The dialog over the editor, which stays as it is.
pub fn dialog(
    reviewing: RwSignal<Option<Review>>,
    permissions: Permissions,
    busy: RwSignal<Option<String>>,
    save: Callback<()>,
) -> AnyView {
    let back = Callback::new(move |()| {
        if busy.with_untracked(Option::is_none) {
            reviewing.set(None);
        }
    });
    let content = move |review: Review| {
        let all_of = permissions.all.get_untracked();
        let part = |label: &str, heading: String, names: &[String]| {
            (!names.is_empty()).then(|| {
                el("section")
                    .class("role-change-part")
                    .attr("aria-label", label)
                    .with(el("h3").with(heading))
                    .with(grouped(names, &all_of))
            })
        };
        let gained = tn!(review.gained.len(), "Gain {count} permission", "Gain {count} permissions");
        let lost = tn!(review.lost.len(), "Lose {count} permission", "Lose {count} permissions");
        let changes = el("div")
            .class("role-change")
            .with(part(t!("Gain"), gained, &review.gained))
            .with(part(t!("Lose"), lost, &review.lost));
        let buttons = all([
            view! { <Button label=t!("Back") autofocus=true on_press=back /> }.into_any(),
            view! { <Button label=t!("Save changes") kind=ButtonKind::Primary busy on_press=save /> }
                .into_any(),
        ]);
        all([
            changes.view(),
            who_has(&review.role, t!("Nobody has this role, so nobody gains or loses anything.")),
            view! { <DialogActions>{buttons}</DialogActions> }.into_any(),
        ])
    };
    let title = |review: &Review| t!("Save {name}?", name = review.role.display_name);
    dialog_about(reviewing, DialogKind::Alert, Some(back), title, content)
}

/// Those who have a role, members and invited, each with the workspaces in which they have it.
pub fn who_has(role: &Role, nobody: &'static str) -> AnyView {
    let id = role.id.clone();
    let (place, session) = (Place::current(), Session::current());
    let role = role.clone();
    let with = derive(move || {
        let flags = session.info.with(|info| info.instance_flags.clone());
        place.roles.data.with(|all| api::having(&role, all.as_deref().unwrap_or_default(), &flags, true))
    });
    let row = Callback::new(move |person: PersonAccess| {
        let inside = person.workspaces.iter().filter(|one| one.role_id == id);
        let names: Vec<_> = inside.map(|one| one.name.as_str()).collect();
        // A backend that looks for roles by name finds others as well.
        if names.is_empty() && !person.invited {
            return None;
        }
        let inside = if names.is_empty() { t!("no workspace yet").to_owned() } else { commas(&names) };
        let state = person.invited.then(|| el("span").class("muted").with(t!("Invited")));
        Some(
            el("li")
                .with(person_cell(&person.email, &person.name))
                .with(state)
                .with(el("span").class("muted where").with(inside)),
        )
    });
    let words = Callback::new(move |total: u64| match total {
        0 => nobody.to_owned(),
        some => tn!(some, "{count} person has this role:", "{count} people have this role:"),
    });
    view! { <PagedPeople label=t!("People with this role") with page=PageState::local() words nobody="" row size=FEW /> }
        .into_any()
}
