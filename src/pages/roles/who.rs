//! "Who can …?": everybody who is permitted something in a workspace, each with the way to it.

use atrium_domain::permissions::groups;
use atrium_ui::{EmptyState, Icon, Select, SelectOption, derive, dynamic, el, memo};
use atrium_words::{t, tn};
use leptos::prelude::*;

use super::Shared;
use crate::api::{Having, PersonAccess};
use crate::components::{Explaining, PageState, PagedPeople, address_state, person_cell, way_of};
use crate::session::Session;

/// The question, and the list that answers it. All of it is in the address.
pub fn who_can(shared: Shared) -> AnyView {
    let session = Session::current();
    let can_ask = memo(move || session.info.with(|info| info.instance_flags.access_query));
    dynamic(move || {
        if can_ask.get() {
            return question(shared);
        }
        view! {
            <EmptyState
                title=t!("This server cannot say who can")
                text=t!("It cannot be asked for everybody who is permitted something. What each role permits is in the matrix, and why one member has access is behind “Why” in their row of the members.")
                icon=Icon::Info
            />
        }
        .into_any()
    })
}

fn question(shared: Shared) -> AnyView {
    let place = shared.place;
    let (permission, workspace, page) =
        (address_state("permission"), address_state("workspace"), address_state("page"));
    let name = permission.value;
    let of_organization = memo(move || {
        shared
            .permissions
            .all
            .with(|all| name.with(|name| all.iter().any(|one| one.name == *name && one.of_organization)))
    });
    // Where the address names none, the first workspace.
    let inside = memo(move || {
        place.workspaces.data.with(|all| {
            let all = all.as_deref().unwrap_or_default();
            let named = workspace.value.with(|id| all.iter().find(|one| one.id == *id));
            named.or(all.first()).map(|one| (one.id.clone(), one.display_name.clone()))
        })
    });
    let permissions = derive(move || {
        let first = SelectOption::new("", t!("Choose what …"));
        let groups = shared.permissions.all.with(|all| groups(all));
        let options = groups.into_iter().flat_map(|group| {
            let label = group.label;
            group.permissions.into_iter().map(move |one| {
                let words = t!(
                    "{resource}: {what} ({name})",
                    resource = label,
                    what = one.description,
                    name = one.name
                );
                SelectOption::new(one.name, words)
            })
        });
        std::iter::once(first).chain(options).collect()
    });
    let workspaces = derive(move || {
        place.workspaces.data.with(|all| {
            let all = all.as_deref().unwrap_or_default().iter();
            all.map(|one| SelectOption::new(one.id.clone(), one.display_name.clone())).collect()
        })
    });
    // Whoever is in no workspace has none to ask about, but the organization.
    let nowhere = memo(move || {
        let none = place.workspaces.data.with(|all| all.as_ref().is_some_and(Vec::is_empty));
        none && !of_organization.get()
    });
    let fixed = derive(move || match (of_organization.get(), nowhere.get()) {
        (true, _) => Some(t!("This is permitted in the organization as a whole.").to_owned()),
        (_, true) => Some(t!("You are in no workspace yet").to_owned()),
        _ => None,
    });
    let first_page = move || page.set.run(String::new());
    let choose = Callback::new(move |new: String| {
        first_page();
        permission.set.run(new);
    });
    let enter = Callback::new(move |new: String| {
        first_page();
        workspace.set.run(new);
    });
    let fields = el("div")
        .class("fields")
        .with(view! { <Select label=t!("Permission") value=name options=permissions on_change=choose /> })
        .with(view! {
            <Select
                label=t!("Workspace")
                value=derive(move || inside.get().map(|(id, _)| id).unwrap_or_default())
                options=workspaces
                on_change=enter
                disabled_reason=fixed
            />
        });
    let with = derive(move || {
        let name = name.get();
        let workspace = if of_organization.get() { None } else { Some(inside.get()?.0) };
        (!name.is_empty()).then_some(Having::Permission { name, workspace })
    });
    let state = PageState::of_address(page);
    let words = Callback::new(move |total: u64| {
        let what = untrack(|| shared.permissions.description(&name.get()));
        match untrack(|| inside.get().filter(|_| !of_organization.get())) {
            Some((_, place)) => {
                tn!(
                    total,
                    "{count} person can in {place}: {what}.",
                    "{count} people can in {place}: {what}.",
                    place,
                    what
                )
            }
            None => tn!(total, "{count} person can: {what}.", "{count} people can: {what}.", what),
        }
    });
    let row = Callback::new(move |person: PersonAccess| {
        let cell = person_cell(&person.email, &person.name);
        // Whether roles differ may be known later than who is listed.
        let way = dynamic(move || {
            let explaining = Explaining::here(place);
            let inside = untrack(|| if of_organization.get() { None } else { inside.get() });
            let inside = inside.as_ref().map(|(id, name)| (id.as_str(), name.as_str()));
            way_of(&person, &explaining, inside).view()
        });
        Some(el("li").with(cell).with(way))
    });
    let asked = memo(move || with.with(Option::is_some));
    let answer = dynamic(move || {
        if asked.get() {
            let note = t!(
                "Members who can now; invitations, service keys and accounts that are switched off are left out."
            );
            let list = view! {
                <PagedPeople label=t!("Who can") with page=state words nobody=t!("Nobody can.") row />
            };
            return el("div").with(list).with(el("p").class("muted small").with(note)).view();
        }
        if nowhere.get() && name.with(|name| !name.is_empty()) {
            return view! {
                <EmptyState
                    title=t!("You are in no workspace yet")
                    text=t!("Ask an Organization Admin, or an Admin of a workspace, to add you to one.")
                    icon=Icon::Layers
                />
            }
            .into_any();
        }
        view! {
            <EmptyState
                title=t!("Who can do this, and why?")
                text=t!("Choose a permission and a workspace to see everybody who can, each with the role that lets them.")
                icon=Icon::Users
            />
        }
        .into_any()
    });
    el("div").class("who").with(fields).with(answer).view()
}
