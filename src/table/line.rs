//! A member or an invitation, as the table shows it.

use atrium_domain::OrganizationRole;
use atrium_domain::wire::{Role, Workspace};
use atrium_words::{t, tn};

use crate::api::{Person, PersonWorkspace, ReadAt};
use crate::session::organization_role_of;

/// A row's content.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberLine {
    /// The identity.
    pub identity: String,
    /// The address.
    pub email: String,
    /// The name; empty where it is not known.
    pub name: String,
    /// Whether this is an invitation.
    pub invited: bool,
    /// Whether this is the signed-in person.
    pub is_self: bool,
    /// Whether the account is switched off.
    pub is_disabled: bool,
    /// The organization role.
    pub role: OrganizationRole,
    /// Its id.
    pub role_id: String,
    /// Its name for people.
    pub role_name: String,
    /// The workspaces, each with its name and the name of the role there, as far as they are known.
    pub workspaces: Vec<PersonWorkspace>,
    /// When the person joined or was invited.
    pub since: String,
    /// When the person was removed; none while they are not.
    pub removed: Option<String>,
    /// What a change names, so that it overwrites nothing that was not seen.
    pub etag: Option<String>,
    /// When this was read.
    pub read_at: ReadAt,
}

/// The line of a person. `workspaces` are those that the signed-in person can enter: their names are
/// newer than the list's.
pub fn line_of(person: Person, roles: &[Role], workspaces: &[Workspace], own: Option<&str>) -> MemberLine {
    let (id, name) = (person.role_id.as_ref(), person.role_name.as_ref());
    let role =
        organization_role_of(roles, id, name).unwrap_or_else(|| OrganizationRole::Other(String::new()));
    let listed = id.and_then(|id| roles.iter().find(|role| role.id == *id)).map(|role| &role.display_name);
    let role_name = listed.or(name).cloned().unwrap_or_else(|| role.label().to_owned());
    let named = person.workspaces.into_iter().map(|mut one| {
        if let Some(known) = workspaces.iter().find(|known| known.id == one.id) {
            one.name.clone_from(&known.display_name);
        }
        one
    });
    MemberLine {
        is_self: own == Some(person.id.as_str()),
        identity: person.id,
        email: person.email,
        name: person.name,
        invited: person.invited,
        is_disabled: person.is_disabled,
        role_id: person.role_id.unwrap_or_default(),
        role,
        role_name,
        workspaces: named.collect(),
        since: person.created_at,
        removed: person.removed_at,
        etag: person.etag,
        read_at: person.read_at,
    }
}

/// The workspaces of a line in a few words.
pub fn workspaces_text(line: &MemberLine) -> String {
    if line.role == OrganizationRole::Admin {
        return t!("All workspaces").to_owned();
    }
    match line.workspaces.as_slice() {
        [] => t!("None").to_owned(),
        [one] if !one.name.is_empty() => one.name.clone(),
        some => tn!(some.len(), "{count} workspace", "{count} workspaces"),
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn line(role: &str, workspaces: &[&str]) -> MemberLine {
        let workspace = |name: &&str| PersonWorkspace { name: (*name).into(), ..Default::default() };
        let person = Person {
            role_name: Some(role.into()),
            workspaces: workspaces.iter().map(workspace).collect(),
            ..Default::default()
        };
        line_of(person, &[], &[], None)
    }

    #[wasm_bindgen_test]
    fn workspaces_are_named_or_counted() {
        let text = |role: &str, names: &[&str]| workspaces_text(&line(role, names));
        assert_eq!(text("Organization Admin", &["R"]), "All workspaces");
        assert_eq!(text("Organization User", &[]), "None");
        assert_eq!(text("Organization User", &["Research"]), "Research");
        assert_eq!(text("Organization User", &[""]), "1 workspace");
        assert_eq!(text("Organization User", &["A", "B", "C"]), "3 workspaces");
    }
}
