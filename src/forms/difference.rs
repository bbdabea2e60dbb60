//! What a change gives and takes, to be read before it is made: by place and resource, with the
//! permissions themselves one press away.

use atrium_domain::OrganizationRole;
use atrium_domain::reach::{Inside, Permissions, Where, by_resource, resource_label};
use atrium_domain::roles::PERMISSIONS;
use atrium_domain::{Reach, reach};
use atrium_ui::{El, Icon, IconView, el, next_id};
use atrium_words::{list, look, mark, t, tn};
use leptos::prelude::*;

use crate::session::{Place, permitted_by};
use crate::table::MemberLine;

/// Up to so many workspaces are named; more are counted, and named inside.
const NAMED: usize = 3;

/// What is said of a role that is neither known here nor in the backend's list of roles.
pub const UNKNOWN_ROLE: &str = mark!("Atrium does not know this role, so it cannot say what it permits.");

/// What a member reaches with an organization role, as far as the signed-in person knows the
/// workspaces; `None` for a role of which nothing is known. Reads signals.
pub fn reach_of(place: Place, line: &MemberLine, role: &OrganizationRole) -> Option<Reach> {
    let rbac = place.caller.with(|caller| caller.as_ref().is_some_and(|one| one.can_use_rbac));
    let all: Vec<String> =
        place.workspaces.data.with(|all| all.iter().flatten().map(|one| one.id.clone()).collect());
    place.roles.data.with(|roles| {
        let organization = permitted_by(roles.as_deref().unwrap_or_default(), role)?;
        let permits = |id: &Option<String>, name: &str| {
            let mut roles = roles.iter().flatten().filter(|role| role.organization_role().is_none());
            let found = roles.find(|role| match id {
                Some(id) => role.id == *id,
                None => role.display_name == name,
            });
            found.map(|role| role.permissions.as_slice()).unwrap_or_default()
        };
        let inside = line
            .workspaces
            .iter()
            .map(|one| Inside { workspace: &one.id, permissions: permits(&one.role_id, &one.role) });
        let memberships: Vec<_> = inside.collect();
        let reach = Reach::of(role, &memberships, all, rbac);
        Some(Reach { organization: organization.into_iter().collect(), ..reach })
    })
}

/// "1 permission", "12 permissions".
fn permissions(count: usize) -> String {
    tn!(count, "{count} permission", "{count} permissions")
}

/// "12 permissions in each".
fn in_each(count: usize) -> String {
    tn!(count, "{count} permission in each", "{count} permissions in each")
}

/// A set of permissions with every place where just these are gained or lost.
struct Same<'a> {
    /// The names of the places; the organization's comes first.
    places: Vec<String>,
    /// Whether the organization is the place.
    organization: bool,
    permits: &'a Permissions,
}

/// Places with the same difference together: a thousand workspaces of an Admin are one line.
fn together<'a>(part: &'a Reach, organization: &str, name: &dyn Fn(&str) -> String) -> Vec<Same<'a>> {
    let mut groups: Vec<Same<'a>> = Vec::new();
    for (place, permits) in part.places() {
        match place {
            Where::Organization => {
                groups.push(Same { places: vec![organization.to_owned()], organization: true, permits });
            }
            Where::Workspace(id) => {
                let same = groups.iter_mut().find(|one| !one.organization && one.permits == permits);
                match same {
                    Some(same) => same.places.push(name(id)),
                    None => groups.push(Same { places: vec![name(id)], organization: false, permits }),
                }
            }
        }
    }
    groups.iter_mut().for_each(|one| one.places.sort());
    groups
}

/// The names of workspaces as far as they are few.
fn named(places: &[String]) -> String {
    if places.len() <= NAMED {
        list(places)
    } else {
        tn!(places.len(), "{count} workspace", "{count} workspaces")
    }
}

/// The sections "Gains" and "Loses" of a change from one reach to another; a sentence where nothing
/// differs. Reads signals.
pub fn difference(place: Place, line: &MemberLine, before: &Reach, after: &Reach) -> El {
    let reach::Difference { gained, lost } = Reach::difference(before, after);
    let home = el("div").class("differences");
    if gained.is_empty() && lost.is_empty() {
        return home.with(el("p").class("muted").with(t!("What this person may do stays the same.")));
    }
    let organization = place.organization_name();
    let names: Vec<(String, String)> = place
        .workspaces
        .data
        .with(|all| all.iter().flatten().map(|one| (one.id.clone(), one.display_name.clone())).collect());
    let name = |id: &str| {
        let known = names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
        let listed = || line.workspaces.iter().find(|one| one.id == id).map(|one| one.name.clone());
        known.or_else(listed).filter(|name| !name.is_empty()).unwrap_or_else(|| t!("A workspace").to_owned())
    };
    let gains = (t!("Gains"), "gains", Icon::Plus);
    let loses = (t!("Loses"), "loses", Icon::Minus);
    home.with(section(gains, &gained, &organization, &name)).with(section(loses, &lost, &organization, &name))
}

fn section(
    (title, kind, icon): (&str, &str, Icon),
    part: &Reach,
    organization: &str,
    name: &dyn Fn(&str) -> String,
) -> Option<El> {
    if part.is_empty() {
        return None;
    }
    let id = next_id("part");
    let head =
        el("h3").class("difference-title").attr("id", &id).with(view! { <IconView icon /> }).with(title);
    let groups = together(part, organization, name);
    let items = groups.iter().map(|one| el("li").with(group(one))).collect::<Vec<_>>();
    Some(
        el("section")
            .class(&format!("difference {kind}"))
            .attr("aria-labelledby", &id)
            .with(head)
            .with(el("ul").class("difference-places").attr("role", "list").with(items)),
    )
}

fn group(one: &Same<'_>) -> El {
    let count = permissions(one.permits.len());
    let (what, count) = match (one.organization, one.places.len()) {
        (true, _) => (t!("In the organization {name}", name = named(&one.places)), count),
        (false, 1) => (named(&one.places), count),
        (false, _) => (named(&one.places), in_each(one.permits.len())),
    };
    let names = (one.places.len() > NAMED).then(|| el("p").class("muted").with(list(&one.places)));
    let resources = by_resource(one.permits).into_iter().map(|(word, names)| {
        let lines = names.iter().map(|name| el("li").with(description(name))).collect::<Vec<_>>();
        el("li")
            .with(el("strong").with(resource_label(word)))
            .with(el("span").class("muted").with(format!(" {}", names.len())))
            .with(el("ul").with(lines))
    });
    el("details")
        .class("difference-group")
        .with(
            el("summary")
                .with(el("span").class("difference-place").with(what))
                .with(" ")
                .with(el("span").class("muted").with(count)),
        )
        .with(names)
        .with(el("ul").class("difference-resources").with(resources.collect::<Vec<_>>()))
}

/// What a permission allows, in words; its name where this version does not know it.
fn description(name: &str) -> &str {
    PERMISSIONS.iter().find(|(known, _)| *known == name).map_or(name, |(_, words)| look(words))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn places_with_the_same_difference_are_one_line() {
        let all = ["w1", "w2", "w3", "w4"];
        let admin = Reach::of(&OrganizationRole::Admin, &[], all, true);
        let user = Reach::of(&OrganizationRole::User, &[], all, true);
        let change = Reach::difference(&user, &admin);
        let name = |id: &str| id.to_uppercase();
        let groups = together(&change.gained, "Acme", &name);
        let told: Vec<_> = groups.iter().map(|one| (named(&one.places), one.permits.len())).collect();
        assert_eq!(told, [("Acme".to_owned(), 1), ("4 workspaces".to_owned(), PERMISSIONS.len() - 3)]);
        assert_eq!(groups[1].places, ["W1", "W2", "W3", "W4"]);
        assert_eq!((permissions(1), permissions(12)), ("1 permission".into(), "12 permissions".into()));
        assert_eq!(description("projects:read"), "View projects");
        assert_eq!(description("new:thing"), "new:thing");
    }
}
