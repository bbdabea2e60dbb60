//! The roles, with how many have each and what can be done with it.

use atrium_domain::permissions::hints;
use atrium_domain::wire::Role;
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Badge, Button, ButtonKind, Dialog, El, Icon, TableFrame, Tone, all, cell, derive, dynamic, effect, el,
    heading_row, keyed, memo, optional, table_parts, text,
};
use leptos::prelude::*;

use super::Shared;
use crate::api::{self, Having, PersonAccess, is_name_of_one, query};
use crate::components::{Explaining, PageState, PagedPeople, count_of, number, person_cell};
use crate::forms::Editing;
use crate::session::Session;

/// The table "Roles".
pub fn list(shared: Shared) -> AnyView {
    let holders = RwSignal::new(None::<Role>);
    let roles = shared.roles;
    let keys = derive(move || roles.with(|all| all.iter().map(key).collect::<Vec<_>>()));
    let row_of = move |wanted: String| {
        let role = roles.with_untracked(|all| all.iter().find(|role| key(role) == wanted).cloned());
        role.map_or_else(|| ().into_any(), |role| row(role, shared, holders))
    };
    let headings =
        [("Role", ""), ("For", ""), ("Members", "num"), ("Permissions", "num"), ("Actions", "actions")];
    let table = view! {
        <TableFrame label="Roles" row_count=derive(move || roles.with(Vec::len) + 1)>
            {table_parts(heading_row(&headings), keyed(keys, row_of))}
        </TableFrame>
    };
    all([table.into_any(), holders_dialog(shared, holders)])
}

/// A row is built anew when anything that it shows has changed.
fn key(role: &Role) -> String {
    format!("{}\n{}\n{}\n{}", role.id, role.display_name, role.description, role.permissions.join(" "))
}

/// Those who have a role, as the API is asked for them; `None` where it cannot tell them from others.
fn with(role: &Role, shared: Shared, session: Session) -> Option<Having> {
    let exact = session.info.with(|info| info.instance_flags.access_query);
    match role.organization_role() {
        Some(role) => Some(Having::OrganizationRole(role)),
        None if exact || shared.roles.with(|all| is_name_of_one(role, all)) => Some(Having::WorkspaceRole {
            id: role.id.clone(),
            name: role.display_name.clone(),
            invited: false,
        }),
        None => None,
    }
}

fn row(role: Role, shared: Shared, holders: RwSignal<Option<Role>>) -> AnyView {
    let session = Session::current();
    let place = shared.place;
    let is_organization = role.organization_role().is_some();
    let scope = if is_organization { "Organization" } else { "Workspaces" };
    let (kind, tone) = if role.is_custom() { ("Custom", Tone::Accent) } else { ("System", Tone::Neutral) };
    let role = StoredValue::new(role);
    let held = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            let flags = session.info.with(|info| info.instance_flags.clone());
            let with = with(&role.get_value(), shared, session)?;
            Some(api::count_with(place.organization.get(), &with, &flags))
        },
    );
    let count = memo(move || held.data.get().flatten());
    let members = dynamic(move || {
        let name = role.with_value(|role| role.display_name.clone());
        match count.get() {
            None => text_cell("–"),
            Some(0) => text_cell("0"),
            Some(several) => el("button")
                .attr("type", "button")
                .class("cell-link")
                .attr("aria-haspopup", "dialog")
                .attr(
                    "aria-label",
                    &format!("{} with {name}", count_of(to_usize(several), "member", "members")),
                )
                .on("click", move |_| holders.set(Some(role.get_value())))
                .with(number(several))
                .view(),
        }
    });
    let notes = dynamic(move || {
        let hints = role.with_value(|role| {
            let all = || {
                shared
                    .roles
                    .with(|roles| shared.permissions.all.with(|all| hints(role, roles, all, count.get())))
            };
            if role.is_custom() { all() } else { Vec::new() }
        });
        if hints.is_empty() {
            return ().into_any();
        }
        let items = hints.into_iter().map(|hint| el("li").with(hint.sentence()));
        el("ul").class("hints").attr("aria-label", "Hints").with(items.collect::<Vec<_>>()).view()
    });
    let (name, description, permissions, custom) = role.with_value(|role| {
        (role.display_name.clone(), role.description.clone(), role.permissions.len(), role.is_custom())
    });
    let heading = el("span").class("row-name").with(name.clone()).with(view! { <Badge text=kind tone /> });
    let words = el("span")
        .class("two-lines")
        .with(heading)
        .with((!description.is_empty()).then(|| el("span").class("row-note").with(description)))
        .with(notes);
    let reason = derive(move || place.why_not(&Action::ManageRoles));
    let act = move |label: String, icon: Icon, press: Callback<()>| {
        view! {
            <Button label icon icon_only=true kind=ButtonKind::Quiet disabled_reason=reason on_press=press />
        }
        .into_any()
    };
    let copy = Callback::new(move |()| shared.editing.set(Some(Editing::Copy(role.get_value()))));
    let edit = Callback::new(move |()| shared.editing.set(Some(Editing::Edit(role.get_value()))));
    let delete = Callback::new(move |()| shared.deleting.set(Some(role.get_value())));
    // What an organization role permits, no custom role can.
    let copy = (!is_organization).then(|| act(format!("Copy {name}"), Icon::Copy, copy));
    let edit = custom.then(|| act(format!("Edit {name}"), Icon::Pencil, edit));
    let delete = custom.then(|| act(format!("Delete {name}"), Icon::Trash, delete));
    el("tr")
        .attr("role", "row")
        .with(cell("Role").with(words))
        .with(cell("For").with(scope))
        .with(cell("Members").class("num").with(members))
        .with(cell("Permissions").class("num").with(number(permissions as u64)))
        .with(cell("Actions").class("actions").with(copy).with(edit).with(delete))
        .view()
}

fn text_cell(words: &str) -> AnyView {
    el("span").with(words).view()
}

fn to_usize(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// The dialog that lists who has a role.
fn holders_dialog(shared: Shared, holders: RwSignal<Option<Role>>) -> AnyView {
    let session = Session::current();
    let open = RwSignal::new(false);
    effect(move || open.set(holders.with(Option::is_some)));
    let close = Callback::new(move |()| holders.set(None));
    let title = derive(move || {
        holders
            .with(|role| role.as_ref().map(|role| format!("Members with {}", role.display_name)))
            .unwrap_or_default()
    });
    let content = move || {
        let role = holders.get()?;
        let asked = role.clone();
        let with = derive(move || with(&asked, shared, session));
        let row = Callback::new(move |person: PersonAccess| Some(holder(&person, &role, shared)));
        let words = Callback::new(|total: u64| count_of(to_usize(total), "member", "members"));
        Some(
            view! {
                <PagedPeople label="Members" with page=PageState::local() words nobody="Nobody has this role." row />
            }
            .into_any(),
        )
    };
    view! {
        <Dialog title open on_close=close>
            {optional(content)}
        </Dialog>
    }
    .into_any()
}

/// Somebody who has a role, with where.
fn holder(person: &PersonAccess, role: &Role, shared: Shared) -> El {
    let cell = person_cell(&person.email, &person.name);
    let (person, role) = (person.clone(), role.clone());
    let place = move || {
        let explaining = Explaining::here(shared.place);
        if role.organization_role().is_some() {
            return String::new();
        }
        if explaining.organization_role(&person) == OrganizationRole::Admin {
            return "Every workspace, as Organization Admin".to_owned();
        }
        let works =
            |id: &str| explaining.inside(&person, id).is_some_and(|(_, name, _)| name == role.display_name);
        let names = person.workspaces.iter().filter(|one| works(&one.id)).map(|one| one.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    el("li").with(cell).with(el("span").class("muted where").with(text(place)))
}
