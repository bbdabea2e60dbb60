//! What a bulk change would do to whom, and who is left out and why.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::access::keeps_an_admin;
use atrium_domain::roles::permission;
use atrium_domain::{Action, OrganizationRole};
use atrium_words::{look, t};
use leptos::prelude::*;

use super::BulkAction;
use crate::api::Person;
use crate::forms::many::One;
use crate::forms::take_back::RoleBefore;
use crate::session::{Place, organization_role_of};

/// What is to be done to one person, in one workspace where it is about workspaces.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The identity.
    pub id: String,
    /// The address.
    pub email: String,
    /// Whether this is an invitation.
    pub invited: bool,
    /// The workspace: its id and name.
    pub workspace: Option<(String, String)>,
    /// The organization role that the person has.
    pub role: Option<RoleBefore>,
    /// Whether the signed-in person could let this one in again.
    pub may_return: bool,
    /// What tells the member as seen from one whom somebody else has changed since.
    pub etag: Option<String>,
}

impl One for Item {
    fn email(&self) -> &str {
        &self.email
    }

    fn workspace(&self) -> Option<&str> {
        self.workspace.as_ref().map(|(_, name)| name.as_str())
    }

    fn look_away(&mut self) {
        self.etag = None;
    }
}

/// What would be done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Each change.
    pub items: Vec<Item>,
    /// How many people these are.
    pub people: usize,
    /// Who is left out, by the reason, each with the address.
    pub left_out: BTreeMap<String, Vec<String>>,
    /// Who goes, and could not be let in again by the signed-in person: by the reason, too.
    pub for_good: BTreeMap<String, Vec<String>>,
}

/// What was chosen for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// The organization role to give, by its id.
    pub role: String,
    /// The workspaces, by their ids.
    pub workspaces: BTreeSet<String>,
    /// The role in them, by its id.
    pub workspace_role: String,
}

/// Why the person may not decide who is in a workspace; `None` where they may, or where only trying
/// tells. Reads signals.
pub fn why_not_inside(place: Place, workspace: &str) -> Option<String> {
    let is_admin = place
        .caller
        .with(|caller| caller.as_ref().is_none_or(|caller| caller.role == OrganizationRole::Admin));
    let manages = place.workspaces.data.with(|all| {
        let found = all.iter().flatten().find(|one| one.id == workspace);
        let told = found.and_then(|one| one.permissions.as_ref());
        told.is_none_or(|told| told.iter().any(|name| name == permission::WORKSPACES_MANAGE_MEMBERS))
    });
    (!is_admin && !manages).then(|| t!("Only an Admin of this workspace can do this.").to_owned())
}

/// What would be done to these people. `admins` is how many Organization Admins there are. Reads signals.
pub fn plan(
    place: Place,
    action: BulkAction,
    people: &[Person],
    choice: &Choice,
    admins: Option<u64>,
) -> Plan {
    let mut plan = Plan::default();
    let own = place.own_identity();
    let mut admins_left = admins;
    // The rules look at roles, of which there are few.
    let mut known: Vec<(Option<String>, OrganizationRole, Option<String>)> = Vec::new();
    let mut opened = BTreeMap::new();
    let chosen = place.roles.data.with(|roles| {
        let found = roles.iter().flatten().find(|role| role.id == choice.role);
        found.and_then(|role| role.organization_role())
    });
    let workspaces: Vec<(String, String)> = place.workspaces.data.with(|all| {
        let chosen = all.iter().flatten().filter(|one| choice.workspaces.contains(&one.id));
        chosen.map(|one| (one.id.clone(), one.display_name.clone())).collect()
    });
    for person in people {
        if !known.iter().any(|(id, ..)| *id == person.role_id) {
            let role = role_of(place, person);
            let denied = match (action, &chosen) {
                (BulkAction::ChangeRole, Some(to)) => place.why_not(&Action::ChangeRole(&role, to)),
                (BulkAction::Remove | BulkAction::Revoke, _) => place.why_not(&Action::Remove(&role)),
                (BulkAction::Resend, _) => place.why_not(&Action::Invite(&role)),
                _ => None,
            };
            known.push((person.role_id.clone(), role, denied));
        }
        let Some((_, role, denied)) = known.iter().find(|(id, ..)| *id == person.role_id) else { continue };
        let is_self = own.as_ref() == Some(&person.id);
        let reason =
            of_kind(action, person, role, choice, is_self).or_else(|| denied.clone()).or_else(|| {
                // One after the other, so that the last one stays.
                let loses = role == &OrganizationRole::Admin && !person.invited && !person.is_disabled;
                let takes = matches!(action, BulkAction::ChangeRole | BulkAction::Remove);
                let left = admins_left.filter(|_| loses && takes)?;
                let kept = keeps_an_admin(left, true).err().map(|denied| look(denied.0).to_owned());
                admins_left = Some(left.saturating_sub(1).max(1));
                kept
            });
        let mut leave_out = |reason: String| {
            plan.left_out.entry(reason).or_default().push(person.email.clone());
        };
        if let Some(reason) = reason {
            leave_out(reason);
            continue;
        }
        let why_not_back = match action {
            BulkAction::Remove | BulkAction::Revoke => why_not_back(place, person, role, &mut opened),
            _ => None,
        };
        let may_return = why_not_back.is_none();
        if let Some(reason) = why_not_back {
            plan.for_good.entry(reason).or_default().push(person.email.clone());
        }
        let item = |workspace: Option<(String, String)>| Item {
            id: person.id.clone(),
            email: person.email.clone(),
            invited: person.invited,
            workspace,
            role: person
                .role_id
                .clone()
                .map(|id| RoleBefore { id, name: person.role_name.clone().unwrap_or_default() }),
            may_return,
            etag: person.etag.clone(),
        };
        let before = plan.items.len();
        match action {
            BulkAction::AddToWorkspaces | BulkAction::RemoveFromWorkspaces => {
                let adds = action == BulkAction::AddToWorkspaces;
                for (id, name) in &workspaces {
                    let is_in = person.workspaces.iter().any(|one| one.id == *id);
                    match (adds, is_in) {
                        (true, false) | (false, true) => {
                            plan.items.push(item(Some((id.clone(), name.clone()))));
                        }
                        (true, true) => leave_out(t!("In {name} already.", name)),
                        (false, false) => leave_out(t!("Not in {name}.", name)),
                    }
                }
            }
            _ => plan.items.push(item(None)),
        }
        plan.people += usize::from(plan.items.len() > before);
    }
    plan
}

/// Why the signed-in person could not let somebody in again with the same access; `None` where they
/// could. `opened` keeps what was found out of a workspace with a role in it. Reads signals.
fn why_not_back(
    place: Place,
    person: &Person,
    role: &OrganizationRole,
    opened: &mut BTreeMap<(String, String), Option<String>>,
) -> Option<String> {
    place.why_not(&Action::Invite(role)).or_else(|| {
        person.workspaces.iter().find_map(|one| {
            let key = (one.id.clone(), one.role_id.clone().unwrap_or_default());
            opened.entry(key).or_insert_with_key(|(id, role)| place.why_not_open(id, role)).clone()
        })
    })
}

fn role_of(place: Place, person: &Person) -> OrganizationRole {
    let (id, name) = (person.role_id.as_ref(), person.role_name.as_ref());
    let found =
        place.roles.data.with(|roles| organization_role_of(roles.as_deref().unwrap_or_default(), id, name));
    found.unwrap_or_else(|| OrganizationRole::Other(String::new()))
}

/// Why the change is none for this person, whoever makes it.
fn of_kind(
    action: BulkAction,
    person: &Person,
    role: &OrganizationRole,
    choice: &Choice,
    is_self: bool,
) -> Option<String> {
    let sentence = match action {
        BulkAction::ChangeRole if person.invited => {
            t!("Only invited yet: revoke the invitation and invite anew to give another role.")
        }
        BulkAction::ChangeRole if person.role_id.as_ref() == Some(&choice.role) => {
            t!("Has this role already.")
        }
        BulkAction::ChangeRole if is_self => t!("This is you: change your own role in your row."),
        BulkAction::AddToWorkspaces | BulkAction::RemoveFromWorkspaces
            if *role == OrganizationRole::Admin =>
        {
            t!("An Organization Admin is in every workspace.")
        }
        BulkAction::RemoveFromWorkspaces if is_self => t!("This is you: you would lock yourself out."),
        BulkAction::Resend | BulkAction::Revoke if !person.invited => t!("Has joined already."),
        BulkAction::Remove if person.invited => t!("Only invited yet: choose “Revoke” for invitations."),
        BulkAction::Remove if is_self => t!("This is you: leave by “Remove” in your row."),
        _ => return None,
    };
    Some(sentence.to_owned())
}
