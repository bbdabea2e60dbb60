//! The roles, with how many have each and what can be done with it.

use atrium_domain::permissions::hints;
use atrium_domain::wire::Role;
use atrium_domain::{Action, OrganizationRole};
use atrium_ui::{
    Badge, Button, ButtonKind, DialogKind, El, Icon, TableFrame, Tone, all, cell, derive, dynamic, el,
    heading_row, keyed, memo, table_parts, text, when,
};
use atrium_words::{commas, t, tn};
use leptos::prelude::*;

use super::Shared;
use crate::api::{self, Having, PersonAccess, query};
use crate::components::dialog_about;
use crate::components::{Explaining, PageState, PagedPeople, number, person_cell};
use crate::forms::Editing;
use crate::session::Session;

/// The table "Roles".
pub fn list(shared: Shared) -> AnyView {
    let holders = RwSignal::new(None::<Role>);
    let roles = shared.roles;
    let keys = derive(move || roles.with(|all| all.iter().map(|role| role.id.clone()).collect::<Vec<_>>()));
    let row_of = move |id: String| {
        let role = roles.with_untracked(|all| all.iter().find(|role| role.id == id).cloned());
        role.map_or_else(|| ().into_any(), |role| row(role, shared, holders))
    };
    let headings = [
        (t!("Role"), ""),
        (t!("For"), ""),
        (t!("Members"), "num"),
        (t!("Permissions"), "num"),
        (t!("Actions"), "actions"),
    ];
    let table = view! {
        <TableFrame label=t!("Roles") row_count=derive(move || roles.with(Vec::len) + 1)>
            {table_parts(heading_row(&headings), keyed(keys, row_of))}
        </TableFrame>
    };
    let session = Session::current();
    let note = when(
        move || !session.info.with(|info| info.instance_flags.access_query),
        || {
            let words = t!(
                "This server cannot be asked who has a role: a “–” stands where it is not known how many do."
            );
            el("p").class("note").with(words).view()
        },
    );
    all([table.into_any(), note, holders_dialog(shared, holders)])
}

/// Those who have a role. Reads signals.
fn having(role: &Role, shared: Shared, session: Session) -> Option<Having> {
    let flags = session.info.with(|info| info.instance_flags.clone());
    shared.roles.with(|all| api::having(role, all, &flags, false))
}

/// The row of a role. It stays, with the focus in it, when the role is changed.
fn row(first: Role, shared: Shared, holders: RwSignal<Option<Role>>) -> AnyView {
    let session = Session::current();
    let place = shared.place;
    let is_organization = first.organization_role().is_some();
    let custom = first.is_custom();
    let scope = if is_organization { t!("Organization") } else { t!("Workspaces") };
    let (kind, tone) = if custom { (t!("Custom"), Tone::Accent) } else { (t!("System"), Tone::Neutral) };
    let id = first.id.clone();
    // Where a row is on its way out, the last that was known of it stays.
    let last = StoredValue::new(first);
    let role = memo(move || {
        let now = shared.roles.with(|all| all.iter().find(|role| role.id == id).cloned());
        if let Some(now) = now {
            let _ = last.try_set_value(now);
        }
        last.get_value()
    });
    let held = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            let flags = session.info.with(|info| info.instance_flags.clone());
            let having = role.with(|role| having(role, shared, session))?;
            Some(api::count_with(place.organization.get(), &having, &flags))
        },
    );
    let count = memo(move || held.data.get().flatten());
    let name = memo(move || role.with(|role| role.label().into_owned()));
    let members = dynamic(move || match count.get() {
        None => text_cell("–"),
        Some(0) => text_cell("0"),
        Some(several) => el("button")
            .attr("type", "button")
            .class("cell-link")
            .attr("aria-haspopup", "dialog")
            .live(
                "aria-label",
                derive(move || {
                    let role = name.get();
                    Some(tn!(several, "{count} member with {role}", "{count} members with {role}", role))
                }),
            )
            .on("click", move |_| holders.set(Some(role.get_untracked())))
            .with(number(several))
            .view(),
    });
    let notes = dynamic(move || {
        if !custom {
            return ().into_any();
        }
        // Where roles do not differ, nobody works with one of their own.
        let differ = place.caller.with(|caller| caller.as_ref().is_some_and(|one| one.can_use_rbac));
        let held = count.get().filter(|_| differ);
        let hints = role.with(|role| {
            shared.roles.with(|roles| shared.permissions.all.with(|all| hints(role, roles, all, held)))
        });
        if hints.is_empty() {
            return ().into_any();
        }
        let items = hints.into_iter().map(|hint| el("li").with(hint.sentence()));
        el("ul").class("hints").attr("aria-label", t!("Hints")).with(items.collect::<Vec<_>>()).view()
    });
    let heading = el("span").class("row-name").with(name).with(view! { <Badge text=kind tone /> });
    let about = text(move || role.with(|role| role.about().into_owned()));
    let words = el("span")
        .class("two-lines")
        .with(heading)
        .with(el("span").class("row-note").with(about))
        .with(notes);
    let reason = derive(move || place.why_not(&Action::ManageRoles));
    let act = move |words: fn(&str) -> String, icon: Icon, press: Callback<()>| {
        let label = derive(move || name.with(|name| words(name)));
        view! {
            <Button label icon icon_only=true kind=ButtonKind::Quiet disabled_reason=reason on_press=press />
        }
        .into_any()
    };
    let copy = Callback::new(move |()| shared.editing.set(Some(Editing::Copy(role.get_untracked()))));
    let edit = Callback::new(move |()| shared.editing.set(Some(Editing::Edit(role.get_untracked()))));
    let delete = Callback::new(move |()| shared.deleting.set(Some(role.get_untracked())));
    // What an organization role permits, no custom role can.
    let copy = (!is_organization).then(|| act(|role| t!("Copy {role}", role), Icon::Copy, copy));
    let edit = custom.then(|| act(|role| t!("Edit {role}", role), Icon::Pencil, edit));
    let delete = custom.then(|| act(|role| t!("Delete {role}", role), Icon::Trash, delete));
    let permissions = text(move || role.with(|role| number(role.permissions.len() as u64)));
    el("tr")
        .attr("role", "row")
        .with(cell(t!("Role")).with(words))
        .with(cell(t!("For")).with(scope))
        .with(cell(t!("Members")).class("num").with(members))
        .with(cell(t!("Permissions")).class("num").with(permissions))
        .with(cell(t!("Actions")).class("actions nowrap").with(copy).with(edit).with(delete))
        .view()
}

fn text_cell(words: &str) -> AnyView {
    el("span").with(words).view()
}

/// The dialog that lists who has a role.
fn holders_dialog(shared: Shared, holders: RwSignal<Option<Role>>) -> AnyView {
    let session = Session::current();
    let content = move |role: Role| {
        let asked = role.clone();
        let with = derive(move || having(&asked, shared, session));
        let row = Callback::new(move |person: PersonAccess| Some(holder(&person, &role, shared)));
        let words = Callback::new(|total: u64| tn!(total, "{count} member", "{count} members"));
        view! {
            <PagedPeople label=t!("Members") with page=PageState::local() words nobody=t!("Nobody has this role.") row />
        }
        .into_any()
    };
    let title = |role: &Role| t!("Members with {role}", role = role.label());
    dialog_about(holders, DialogKind::Dialog, None, title, content)
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
            return t!("Every workspace, as Organization Admin").to_owned();
        }
        let works =
            |id: &str| explaining.inside(&person, id).is_some_and(|(_, name, _)| name == role.display_name);
        let names = person.workspaces.iter().filter(|one| works(&one.id)).map(|one| one.name.as_str());
        commas(names)
    };
    el("li").with(cell).with(el("span").class("muted where").with(text(place)))
}
