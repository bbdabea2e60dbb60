//! By what somebody may do something, as steps from the organization to the permission.

use atrium_domain::roles::role_label;
use atrium_domain::ways::{Member, Membership, Way};
use atrium_domain::wire::Role;
use atrium_domain::{OrganizationRole, WorkspaceRole};
use atrium_ui::{Badge, El, Tone, el};
use atrium_words::{t, translated};
use leptos::prelude::*;

use crate::api::PersonAccess;
use crate::session::{Place, organization_role_of, permitted_by};

/// The word for a way, and its colour.
pub fn way_word(way: Way) -> (&'static str, Tone) {
    match way {
        Way::OrganizationRole => (t!("Organization role"), Tone::Neutral),
        Way::OrganizationAdmin => (t!("Organization Admin"), Tone::Good),
        Way::Plan => (t!("Plan"), Tone::Neutral),
        Way::WorkspaceRole => (t!("Workspace role"), Tone::Neutral),
        Way::CustomRole => (t!("Custom role"), Tone::Accent),
    }
}

/// The roles of an organization and whether they differ, for explaining what people may do.
pub struct Explaining {
    roles: Vec<Role>,
    /// Whether workspace roles differ between members.
    pub can_use_rbac: bool,
}

impl Explaining {
    /// For the organization of the address. Reads signals.
    pub fn here(place: Place) -> Self {
        Self {
            roles: place.roles.data.get().unwrap_or_default(),
            can_use_rbac: place.caller.with(|caller| caller.as_ref().is_some_and(|one| one.can_use_rbac)),
        }
    }

    /// Somebody's organization role.
    pub fn organization_role(&self, person: &PersonAccess) -> OrganizationRole {
        organization_role_of(&self.roles, person.role_id.as_ref(), person.role_name.as_ref())
            .unwrap_or_else(|| OrganizationRole::Other(String::new()))
    }

    /// Its name for people: the one that the list has, else the one that came with the person.
    pub fn role_name(&self, person: &PersonAccess) -> String {
        let listed = person.role_id.as_deref().and_then(|id| self.role(id));
        if let Some(role) = listed {
            return role.label().into_owned();
        }
        let told = person.role_name.clone();
        let name = told.unwrap_or_else(|| self.organization_role(person).label().to_owned());
        role_label(&name).into_owned()
    }

    /// What an organization role permits in the organization; `None` where nobody tells.
    pub fn permitted(&self, role: &OrganizationRole) -> Option<Vec<String>> {
        permitted_by(&self.roles, role)
    }

    /// The role with an id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// What somebody may do in a workspace, the role's name as the API has it, and by what; `None` for who
    /// cannot enter it. [`role_word`] is the name as it is read.
    pub fn inside(&self, person: &PersonAccess, workspace: &str) -> Option<(Way, String, Vec<String>)> {
        let role = self.organization_role(person);
        let is_admin = |role: &&Role| role.workspace_role() == Some(WorkspaceRole::Admin);
        let admin = self.roles.iter().find(is_admin);
        let member = Member { role: &role, can_use_rbac: self.can_use_rbac, admin };
        let added = person.workspaces.iter().find(|one| one.id == workspace);
        let stored = added.and_then(|one| self.role(&one.role_id));
        let membership = match (added, stored) {
            (None, _) => Membership::None,
            (Some(_), Some(role)) => Membership::With(role),
            (Some(_), None) => Membership::WithUnknown,
        };
        let (way, permissions) = member.inside(membership)?;
        let name = match way {
            Way::WorkspaceRole | Way::CustomRole => stored.map(|role| role.display_name.clone()),
            _ => admin.map(|role| role.display_name.clone()),
        };
        Some((way, name.unwrap_or_else(|| WorkspaceRole::Admin.label().to_owned()), permissions.to_vec()))
    }
}

/// The name of a role in a workspace as it is read, by the way that gave it.
pub fn role_word(way: Way, name: &str) -> String {
    if way == Way::CustomRole { name.to_owned() } else { translated(name).into_owned() }
}

/// Steps one after the other, with arrows between them.
fn steps(all: Vec<String>) -> El {
    let list = el("ol").class("way");
    all.into_iter().fold(list, |list, step| list.with(el("li").with(step)))
}

/// The way of a person to something in the organization, or in a workspace of this id and name.
pub fn way_of(person: &PersonAccess, explaining: &Explaining, workspace: Option<(&str, &str)>) -> El {
    let first = explaining.role_name(person);
    let (way, all) = match workspace {
        None => (Way::OrganizationRole, vec![first, t!("permits it in the organization").to_owned()]),
        Some((id, name)) => match explaining.inside(person, id) {
            Some((Way::OrganizationAdmin, role, _)) => {
                let role = role_word(Way::OrganizationAdmin, &role);
                (Way::OrganizationAdmin, vec![first, t!("{role} of every workspace", role)])
            }
            Some((Way::Plan, role, _)) => (
                Way::Plan,
                vec![
                    first,
                    t!("added to {name}", name),
                    t!("{role}, as everybody inside on this plan", role = role_word(Way::Plan, &role)),
                ],
            ),
            Some((way, role, _)) => {
                (way, vec![first, t!("{role} in {name}", role = role_word(way, &role), name)])
            }
            // The list has somebody whose role is not known here yet.
            None => (Way::WorkspaceRole, vec![first, t!("added to {name}", name)]),
        },
    };
    let (word, tone) = way_word(way);
    el("span").class("way-line").with(view! { <Badge text=word tone /> }).with(steps(all))
}
