//! Settings > Members and roles > Roles.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::Action;
use atrium_domain::wire::Role;
use atrium_ui::{
    Badge, Banner, TableFrame, Tone, cell, derive, el, heading_row, keyed, memo, optional, table_parts, text,
};
use leptos::prelude::*;

use crate::api::{self, MemberAccess, query};
use crate::components::{Loaded, number};
use crate::session::{Place, Session};

/// How many members have each role, by its id: in the organization, or in at least one workspace.
fn holders(members: &[MemberAccess]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for member in members {
        let in_workspaces = member.workspace_memberships.iter().filter_map(|one| one.role_id.as_ref());
        // A member counts once a role, in however many workspaces.
        let held: BTreeSet<_> = member.role_id.iter().chain(in_workspaces).collect();
        for role in held {
            *counts.entry(role.clone()).or_insert(0) += 1;
        }
    }
    counts
}

/// `/o/{organization}/settings/roles`
#[component]
pub fn RolesPage() -> impl IntoView {
    let session = Session::current();
    let place = Place::current();
    let access = query(
        move || place.organization.get(),
        move || {
            session.changes.members.track();
            Some(api::access_of_members(place.organization.get()))
        },
    );
    // An answer as long as can be may be cut off, and a wrong number is worse than none.
    let counts = memo(move || {
        access
            .data
            .with(|data| data.as_ref().filter(|all| all.len() < api::MOST_ACCESS).map(|all| holders(all)))
    });
    let all = place.roles.or_default();
    let why_not = memo(move || {
        place
            .caller
            .with(|caller| caller.as_ref().is_some_and(|caller| !caller.can_use_rbac))
            .then(|| place.why_not(&Action::AssignWorkspaceRoles).unwrap_or_default())
    });
    let banner = move || {
        why_not.get().map(|text| {
            view! {
                <Banner
                    tone=Tone::Accent
                    title="Roles that differ are part of Enterprise"
                    text=format!("{text} Custom roles are made there, permission by permission.")
                />
            }
            .into_any()
        })
    };
    let keys = derive(move || all.with(|all| all.iter().map(|role| role.id.clone()).collect::<Vec<_>>()));
    let row = move |id: String| {
        let role =
            place.roles.data.with_untracked(|all| all.iter().flatten().find(|role| role.id == id).cloned());
        role.map_or_else(|| ().into_any(), |role| row(role, counts))
    };
    let headings = [("Role", ""), ("For", ""), ("Members", "num"), ("Permissions", "num")];
    let table = view! {
        <Loaded query=place.roles what="the roles" rows=5>
            <TableFrame label="Roles" row_count=derive(move || all.with(Vec::len) + 1)>
                {table_parts(heading_row(&headings), keyed(keys, row))}
            </TableFrame>
        </Loaded>
    };
    atrium_ui::all([optional(banner), table.into_any()])
}

fn row(role: Role, counts: Memo<Option<BTreeMap<String, u64>>>) -> AnyView {
    let scope = if role.organization_role().is_some() { "Organization" } else { "Workspaces" };
    let (kind, tone) = if role.is_custom() { ("Custom", Tone::Accent) } else { ("System", Tone::Neutral) };
    let id = role.id;
    let held = move || {
        counts.with(|counts| match counts {
            Some(counts) => number(counts.get(&id).copied().unwrap_or_default()),
            None => "–".to_owned(),
        })
    };
    let name = el("span").class("row-name").with(role.display_name).with(view! { <Badge text=kind tone /> });
    let words =
        el("span").class("two-lines").with(name).with(el("span").class("row-note").with(role.description));
    el("tr")
        .attr("role", "row")
        .with(cell("Role").with(words))
        .with(cell("For").with(scope))
        .with(cell("Members").class("num").with(text(held)))
        .with(cell("Permissions").class("num").with(number(role.permissions.len() as u64)))
        .view()
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::api::WorkspaceAccess;

    #[wasm_bindgen_test]
    fn a_member_counts_once_a_role() {
        let in_workspace = |role: &str| WorkspaceAccess { role_id: Some(role.into()) };
        let member = MemberAccess {
            role_id: Some("user".into()),
            workspace_memberships: vec![
                in_workspace("editor"),
                in_workspace("editor"),
                in_workspace("viewer"),
            ],
        };
        let counts = holders(&[member.clone(), member]);
        assert_eq!((counts["user"], counts["editor"], counts["viewer"]), (2, 2, 2));
    }
}
