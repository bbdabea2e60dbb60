//! Settings > Members and roles > Roles.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::Action;
use atrium_domain::wire::Role;
use atrium_ui::{Badge, Banner, TableFrame, Tone, memo};
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
    view! {
            {atrium_ui::optional(move || {
                why_not
                    .get()
                    .map(|text| {
                        view! {
                            <Banner
                                tone=Tone::Accent
                                title="Roles that differ are part of Enterprise"
                                text=format!("{text} Custom roles are made there, permission by permission.")
                            />
                        }.into_any()
                    })
            })}
            <Loaded query=place.roles what="the roles" rows=5>
                <TableFrame label="Roles" row_count=Signal::derive(move || all.with(Vec::len) + 1)>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">"Role"</th>
                            <th role="columnheader" scope="col">"For"</th>
                            <th role="columnheader" scope="col" class="num">"Members"</th>
                            <th role="columnheader" scope="col" class="num">"Permissions"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <For each=move || all.get() key=|role| role.id.clone() let(role)>
                            <Row role counts />
                        </For>
                    </tbody>
                </TableFrame>
            </Loaded>
    }
    .into_any()
}

#[component]
fn Row(role: Role, counts: Memo<Option<BTreeMap<String, u64>>>) -> impl IntoView {
    let scope = if role.organization_role().is_some() { "Organization" } else { "Workspaces" };
    let (kind, tone) = if role.is_custom() { ("Custom", Tone::Accent) } else { ("System", Tone::Neutral) };
    let id = role.id;
    let held = move || {
        counts.with(|counts| match counts {
            Some(counts) => number(counts.get(&id).copied().unwrap_or_default()),
            None => "–".to_owned(),
        })
    };
    view! {
        <tr role="row">
            <td role="cell" data-label="Role">
                <span class="two-lines">
                    <span class="row-name">{role.display_name} <Badge text=kind tone /></span>
                    <span class="row-note">{role.description}</span>
                </span>
            </td>
            <td role="cell" data-label="For">{scope}</td>
            <td role="cell" data-label="Members" class="num">{held}</td>
            <td role="cell" data-label="Permissions" class="num">{number(role.permissions.len() as u64)}</td>
        </tr>
    }
    .into_any()
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
