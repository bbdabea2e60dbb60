//! Permissions laid out for people: by resource, compared, and with what is odd about a role.

use atrium_words::{commas, look, t, translated};

use crate::json::{FromJson, Json};
use crate::reach::{resource_label, resource_of};
use crate::roles::{PERMISSIONS, is_organization_permission, permission};
use crate::wire::Role;

/// Something that a role can permit (`PermissionResponse`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Its word, such as `projects:read`.
    pub name: String,
    /// What it allows, in words of the language in use.
    pub description: String,
    /// Whether it belongs to the organization (else to a workspace).
    pub of_organization: bool,
}

impl FromJson for Permission {
    fn from_json(json: &Json) -> Option<Self> {
        let name: String = json.read("name")?;
        let scope: Option<String> = json.read_or_default("access_scope");
        let of_organization =
            scope.map_or_else(|| is_organization_permission(&name), |scope| scope == "organization");
        let description: String = json.read_or_default("description");
        Some(Self { description: translated(&description).into_owned(), of_organization, name })
    }
}

/// The permissions that this version knows, for whom the API does not tell.
pub fn known() -> Vec<Permission> {
    let one = |(name, description): &(&'static str, &'static str)| Permission {
        name: (*name).to_owned(),
        description: look(description).to_owned(),
        of_organization: is_organization_permission(name),
    };
    PERMISSIONS.iter().map(one).collect()
}

/// The permissions of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The resource's word, such as `annotation-queues`.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// What can be permitted, reading first.
    pub permissions: Vec<Permission>,
}

/// Resources in the order in which people meet them; others follow as they come.
const ORDER: [&str; 9] = [
    "organization",
    "workspaces",
    "projects",
    "runs",
    "datasets",
    "experiments",
    "annotation-queues",
    "feedback",
    "prompts",
];

/// Whether a permission lets one see something, and change nothing.
fn reads(name: &str) -> bool {
    name.split_once(':').is_some_and(|(_, act)| act == "read" || act.starts_with("read-"))
}

/// Permissions by resource. Each is there once.
pub fn groups(all: &[Permission]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for one in all {
        let key = resource_of(&one.name);
        let place = groups.iter().position(|group| group.key == key).unwrap_or_else(|| {
            groups.push(Group { key: key.to_owned(), label: resource_label(key), permissions: Vec::new() });
            groups.len() - 1
        });
        let permissions = &mut groups[place].permissions;
        if permissions.iter().all(|other| other.name != one.name) {
            permissions.push(one.clone());
        }
    }
    groups.sort_by_key(|group| ORDER.iter().position(|key| *key == group.key).unwrap_or(ORDER.len()));
    for group in &mut groups {
        group.permissions.sort_by_key(|one| !reads(&one.name));
    }
    groups
}

/// The known permissions and those that only a role tells of: a newer server may have more.
pub fn with_those_of(mut all: Vec<Permission>, roles: &[Role]) -> Vec<Permission> {
    for name in roles.iter().flat_map(|role| &role.permissions) {
        if all.iter().all(|one| one.name != *name) {
            let of_organization = is_organization_permission(name);
            all.push(Permission { name: name.clone(), description: name.clone(), of_organization });
        }
    }
    all
}

/// What of `these` is not among `others`, in the order of `these`.
pub fn missing(these: &[String], others: &[String]) -> Vec<String> {
    these.iter().filter(|name| !others.contains(name)).cloned().collect()
}

/// Something about a role that its maker may not have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// It renames and deletes a workspace, but adds nobody to it.
    ManagesWithoutMembers,
    /// It changes resources of these names that it cannot see.
    WritesWithoutReading(Vec<String>),
    /// Roles of these names permit the same.
    SameAs(Vec<String>),
    /// Nobody has it.
    UsedByNobody,
}

impl Hint {
    /// The hint as a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::ManagesWithoutMembers => {
                t!("Manages the workspace but not its members: that is a permission of its own.").to_owned()
            }
            Self::WritesWithoutReading(labels) => {
                t!("Writes without reading: {resources}.", resources = commas(labels))
            }
            Self::SameAs(names) => t!("Permits the same as {roles}.", roles = commas(names)),
            Self::UsedByNobody => t!("Nobody has it.").to_owned(),
        }
    }
}

/// What is odd about permissions of a workspace, whoever has them. `all` is what can be permitted.
pub fn hints_on(permissions: &[String], all: &[Permission]) -> Vec<Hint> {
    let holds = |wanted: &str| permissions.iter().any(|name| name == wanted);
    let mut hints = Vec::new();
    if holds(permission::WORKSPACES_MANAGE) && !holds(permission::WORKSPACES_MANAGE_MEMBERS) {
        hints.push(Hint::ManagesWithoutMembers);
    }
    let blind = groups(all).into_iter().filter(|group| {
        let mut readable = group.permissions.iter().filter(|one| reads(&one.name)).peekable();
        let writes = group.permissions.iter().any(|one| !reads(&one.name) && holds(&one.name));
        writes && readable.peek().is_some() && !readable.any(|one| holds(&one.name))
    });
    let blind: Vec<_> = blind.map(|group| group.label).collect();
    if !blind.is_empty() {
        hints.push(Hint::WritesWithoutReading(blind));
    }
    hints
}

/// The names of other workspace roles that permit exactly this; `id` is the role's own.
pub fn same_as(id: &str, permissions: &[String], roles: &[Role]) -> Vec<String> {
    let same = |role: &&Role| {
        role.id != id
            && role.workspace_role().is_some()
            && role.permissions.len() == permissions.len()
            && missing(permissions, &role.permissions).is_empty()
    };
    roles.iter().filter(same).map(|role| role.label().into_owned()).collect()
}

/// What is odd about an organization's own role. `holders` is how many have it, where that is known.
pub fn hints(role: &Role, roles: &[Role], all: &[Permission], holders: Option<u64>) -> Vec<Hint> {
    let mut hints = hints_on(&role.permissions, all);
    let same = same_as(&role.id, &role.permissions, roles);
    if !same.is_empty() {
        hints.push(Hint::SameAs(same));
    }
    if holders == Some(0) {
        hints.push(Hint::UsedByNobody);
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorkspaceRole;

    fn role(id: &str, permissions: &[&str]) -> Role {
        Role {
            id: id.to_owned(),
            name: "CUSTOM".to_owned(),
            display_name: id.to_uppercase(),
            description: String::new(),
            organization_id: Some("o".to_owned()),
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
            access_scope: Some("workspace".to_owned()),
        }
    }

    #[test]
    fn every_permission_is_in_one_group() {
        let all = known();
        let groups = groups(&all);
        let count: usize = groups.iter().map(|group| group.permissions.len()).sum();
        assert_eq!(count, all.len());
        let labels: Vec<_> = groups.iter().map(|group| group.label.as_str()).collect();
        assert_eq!(labels[..4], ["Organization", "Workspaces", "Projects", "Runs"]);
        assert!(labels.contains(&"MCP servers") && labels.contains(&"Annotation queues"));
        let projects = groups.iter().find(|group| group.key == "projects").unwrap();
        assert_eq!(projects.permissions[0].name, "projects:read");
    }

    #[test]
    fn an_answer_is_read_and_what_is_unknown_has_a_place() {
        let json = Json::parse(r#"{"name":"moon:fly","description":"Fly","access_scope":"workspace"}"#);
        let one = Permission::from_json(&json.unwrap()).unwrap();
        assert_eq!((one.description.as_str(), one.of_organization), ("Fly", false));
        let bare = Permission::from_json(&Json::parse(r#"{"name":"organization:read"}"#).unwrap()).unwrap();
        assert!(bare.of_organization);
        let all = with_those_of(vec![one], &[role("a", &["moon:fly", "sun-light:shine", "étoile"])]);
        let labels: Vec<_> = groups(&all).into_iter().map(|group| group.label).collect();
        assert_eq!(labels, ["Moon", "Sun light", "étoile"]);
    }

    #[test]
    fn managing_a_workspace_does_not_include_its_members() {
        let all = known();
        let on = |names: &[&str]| hints_on(&role("a", names).permissions, &all);
        assert_eq!(on(&["workspaces:read", "workspaces:manage"]), [Hint::ManagesWithoutMembers]);
        assert_eq!(on(&["workspaces:read", "workspaces:manage", "workspaces:manage-members"]), []);
        assert_eq!(on(&["workspaces:read", "workspaces:manage-members"]), []);
    }

    #[test]
    fn writing_without_reading_is_told_by_resource() {
        let all = known();
        let on = |names: &[&str]| hints_on(&role("a", names).permissions, &all);
        let blind = |labels: &[&str]| {
            vec![Hint::WritesWithoutReading(labels.iter().map(|label| (*label).to_owned()).collect())]
        };
        assert_eq!(on(&["projects:create", "datasets:update", "datasets:read"]), blind(&["Projects"]));
        assert_eq!(on(&["fleet:write-admin-config"]), blind(&["Fleet"]));
        assert_eq!(on(&["fleet:write-admin-config", "fleet:read-admin-config"]), []);
        assert_eq!(
            on(&["bulk-exports:manage", "workspaces:manage-members"]),
            blind(&["Workspaces", "Bulk exports"])
        );
        // Nothing is there to be read.
        assert_eq!(on(&["experiments:run", "gateway:invoke"]), []);
    }

    #[test]
    fn no_system_role_manages_a_workspace_without_its_members() {
        let all = known();
        for known in [WorkspaceRole::Admin, WorkspaceRole::Editor, WorkspaceRole::Viewer] {
            let permissions: Vec<_> = known.permissions().into_iter().map(str::to_owned).collect();
            assert!(!hints_on(&permissions, &all).contains(&Hint::ManagesWithoutMembers), "{known:?}");
        }
    }

    #[test]
    fn the_same_role_twice_is_told_of_both() {
        let roles = [
            role("a", &["runs:read", "runs:share"]),
            role("b", &["runs:share", "runs:read"]),
            role("c", &["runs:read"]),
        ];
        let told = |index: usize, held| hints(&roles[index], &roles, &known(), held);
        assert_eq!(told(0, Some(3)), [Hint::SameAs(vec!["B".to_owned()])]);
        assert_eq!(told(1, Some(0)), [Hint::SameAs(vec!["A".to_owned()]), Hint::UsedByNobody]);
        assert_eq!(told(2, None), []);
        // What the whole organization's roles permit is another matter.
        let mut organization = role("o", &["runs:read"]);
        organization.access_scope = Some("organization".to_owned());
        assert_eq!(same_as("c", &roles[2].permissions, &[organization]), Vec::<String>::new());
    }

    #[test]
    fn a_difference_keeps_its_order() {
        let names = |list: &[&str]| role("a", list).permissions;
        assert_eq!(missing(&names(&["b", "a", "c"]), &names(&["a"])), ["b", "c"]);
        assert_eq!(missing(&names(&["a"]), &names(&["b", "a"])), Vec::<String>::new());
    }

    #[test]
    fn every_hint_is_a_sentence() {
        let hints = [
            Hint::ManagesWithoutMembers,
            Hint::WritesWithoutReading(vec!["Projects".to_owned(), "Runs".to_owned()]),
            Hint::SameAs(vec!["Editor".to_owned()]),
            Hint::UsedByNobody,
        ];
        for hint in hints {
            assert!(hint.sentence().ends_with('.'), "{hint:?}");
        }
    }
}
