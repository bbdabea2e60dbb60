//! What a person reaches: every permission in the organization and in each workspace; and the
//! difference of two reaches, which is what a change of a role gives and takes.

use std::collections::{BTreeMap, BTreeSet};

use atrium_words::t;

use crate::roles::{OrganizationRole, WorkspaceRole};

/// Names of permissions, in the order of the alphabet.
pub type Permissions = BTreeSet<String>;

/// A membership of a workspace, as far as the reach looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside<'a> {
    /// The workspace's id.
    pub workspace: &'a str,
    /// What the role in it permits, as the role says it: of a system role or of a custom one.
    pub permissions: &'a [String],
}

/// Where a permission holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where<'a> {
    /// In the organization.
    Organization,
    /// In the workspace with this id.
    Workspace(&'a str),
}

/// What a person may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// In the organization.
    pub organization: Permissions,
    /// In each workspace that the person is in, by its id.
    pub workspaces: BTreeMap<String, Permissions>,
}

/// What one reach has and another has not. Places without a difference are not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What only the later one has.
    pub gained: Reach,
    /// What only the earlier one has.
    pub lost: Reach,
}

impl Reach {
    /// What somebody may do with an organization role and these memberships. An Organization Admin is
    /// Admin of `all` workspaces of the organization, added or not. Where roles do not differ (`rbac`
    /// is false, `config.can_use_rbac`) whoever is in a workspace is its Admin, whatever the role
    /// says.
    pub fn of(
        role: &OrganizationRole,
        memberships: &[Inside<'_>],
        all: impl IntoIterator<Item = impl Into<String>>,
        rbac: bool,
    ) -> Self {
        let admin = || owned(WorkspaceRole::Admin.permissions());
        let inside = |one: &Inside<'_>| {
            let permits = if rbac { one.permissions.iter().cloned().collect() } else { admin() };
            (one.workspace.to_owned(), permits)
        };
        let mut workspaces: BTreeMap<String, Permissions> = BTreeMap::new();
        for (workspace, permits) in memberships.iter().map(inside) {
            workspaces.entry(workspace).or_default().extend(permits);
        }
        if *role == OrganizationRole::Admin {
            workspaces = all
                .into_iter()
                .map(Into::into)
                .chain(workspaces.into_keys())
                .map(|id| (id, admin()))
                .collect();
        }
        Self { organization: owned(role.permissions().iter().copied()), workspaces }
    }

    /// What a change from one reach to another gives and takes, by place and permission.
    pub fn difference(before: &Self, after: &Self) -> Difference {
        Difference { gained: after.beyond(before), lost: before.beyond(after) }
    }

    /// What this one has and the other has not.
    fn beyond(&self, other: &Self) -> Self {
        let nothing = Permissions::new();
        let workspaces = self
            .workspaces
            .iter()
            .map(|(id, permits)| (id.clone(), permits - other.workspaces.get(id).unwrap_or(&nothing)));
        Self {
            organization: &self.organization - &other.organization,
            workspaces: workspaces.filter(|(_, permits)| !permits.is_empty()).collect(),
        }
    }

    /// Whether a permission holds in a place.
    pub fn holds(&self, place: Where<'_>, permission: &str) -> bool {
        match place {
            Where::Organization => self.organization.contains(permission),
            Where::Workspace(id) => {
                self.workspaces.get(id).is_some_and(|permits| permits.contains(permission))
            }
        }
    }

    /// The places with something in them, the organization first, then the workspaces by id.
    pub fn places(&self) -> impl Iterator<Item = (Where<'_>, &Permissions)> {
        let workspaces = self.workspaces.iter().map(|(id, permits)| (Where::Workspace(id), permits));
        let all = std::iter::once((Where::Organization, &self.organization)).chain(workspaces);
        all.filter(|(_, permits)| !permits.is_empty())
    }

    /// How many permissions it holds, each counted in each place.
    pub fn count(&self) -> usize {
        self.places().map(|(_, permits)| permits.len()).sum()
    }

    /// Whether it permits nothing anywhere.
    pub fn is_empty(&self) -> bool {
        self.places().next().is_none()
    }
}

impl Difference {
    /// Whether the two reaches permit the same.
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

fn owned<'a>(names: impl IntoIterator<Item = &'a str>) -> Permissions {
    names.into_iter().map(str::to_owned).collect()
}

/// The word of the resource that a permission is about: `projects` of `projects:read`.
pub fn resource_of(permission: &str) -> &str {
    permission.split(':').next().unwrap_or(permission)
}

/// The name that people read for a resource's word: "Annotation queues" for `annotation-queues`.
pub fn resource_label(word: &str) -> String {
    let known = match word {
        "alerts" => t!("Alerts"),
        "annotation-queues" => t!("Annotation queues"),
        "bulk-exports" => t!("Bulk exports"),
        "charts" => t!("Charts"),
        "datasets" => t!("Datasets"),
        "deployments" => t!("Deployments"),
        "experiments" => t!("Experiments"),
        "feedback" => t!("Feedback"),
        "fleet" => t!("Fleet"),
        "gateway" => t!("Gateway"),
        "issues" => t!("Issues"),
        "mcp-servers" => t!("MCP servers"),
        "organization" => t!("Organization"),
        "projects" => t!("Projects"),
        "prompts" => t!("Prompts"),
        "rules" => t!("Rules"),
        "runs" => t!("Runs"),
        "sandboxes" => t!("Sandboxes"),
        "workspaces" => t!("Workspaces"),
        _ => {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            let spaced = letters.map(|letter| if letter == '-' { ' ' } else { letter });
            return first.into_iter().chain(spaced).collect();
        }
    };
    known.to_owned()
}

/// Permissions by resource: its word, and the permissions that are about it, both in the order of
/// the alphabet.
pub fn by_resource(permissions: &Permissions) -> Vec<(&str, Vec<&str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in permissions {
        let word = resource_of(name);
        match groups.iter_mut().find(|(known, _)| *known == word) {
            Some((_, names)) => names.push(name),
            None => groups.push((word, vec![name])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::roles::{PERMISSIONS, is_organization_permission, permission};

    const ALL: [&str; 3] = ["w1", "w2", "w3"];

    fn names(of: &WorkspaceRole) -> Vec<String> {
        of.permissions().into_iter().map(str::to_owned).collect()
    }

    fn inside<'a>(workspace: &'a str, permissions: &'a [String]) -> Inside<'a> {
        Inside { workspace, permissions }
    }

    #[test]
    fn an_organization_admin_has_all_in_every_workspace() {
        let viewer = names(&WorkspaceRole::Viewer);
        for rbac in [true, false] {
            let reach = Reach::of(&OrganizationRole::Admin, &[inside("w1", &viewer)], ALL, rbac);
            assert_eq!(reach.workspaces.len(), 3);
            assert!(ALL.iter().all(|id| reach.holds(Where::Workspace(id), permission::WORKSPACES_MANAGE)));
            assert!(reach.holds(Where::Organization, permission::ORGANIZATION_MANAGE));
            // The three of the organization, and in each workspace all the others.
            assert_eq!(reach.count(), 3 + 3 * (PERMISSIONS.len() - 3));
        }
    }

    #[test]
    fn others_have_what_their_roles_permit_where_they_are() {
        let viewer = names(&WorkspaceRole::Viewer);
        let custom = vec!["datasets:create".to_owned()];
        let some = [inside("w1", &viewer), inside("w2", &custom)];
        let reach = Reach::of(&OrganizationRole::User, &some, ALL, true);
        assert!(reach.holds(Where::Workspace("w1"), "projects:read"));
        assert!(!reach.holds(Where::Workspace("w1"), "projects:create"));
        assert_eq!(reach.workspaces["w2"].iter().collect::<Vec<_>>(), ["datasets:create"]);
        assert!(!reach.workspaces.contains_key("w3"));
        assert!(!reach.holds(Where::Organization, permission::ORGANIZATION_MANAGE));
    }

    #[test]
    fn without_rbac_whoever_is_in_a_workspace_is_its_admin() {
        let viewer = names(&WorkspaceRole::Viewer);
        let reach = Reach::of(&OrganizationRole::User, &[inside("w1", &viewer)], ALL, false);
        assert_eq!(reach.workspaces["w1"], owned(WorkspaceRole::Admin.permissions()));
        assert_eq!(reach.workspaces.len(), 1);
    }

    #[test]
    fn becoming_an_operator_from_admin_takes_the_workspaces_but_not_the_organization() {
        let editor = names(&WorkspaceRole::Editor);
        let of = |role: &OrganizationRole| Reach::of(role, &[inside("w1", &editor)], ALL, true);
        let change = Reach::difference(&of(&OrganizationRole::Admin), &of(&OrganizationRole::Operator));
        assert!(change.gained.is_empty());
        assert!(change.lost.organization.is_empty());
        assert_eq!(change.lost.workspaces.len(), 3);
        // In the one that it was added to, only what an Editor may not.
        assert!(change.lost.workspaces["w1"].contains(permission::WORKSPACES_MANAGE));
        assert!(!change.lost.workspaces["w1"].contains("projects:read"));
        assert!(change.lost.workspaces["w2"].contains("projects:read"));
    }

    #[test]
    fn an_unknown_role_permits_nothing() {
        let reach = Reach::of(&OrganizationRole::from("ORGANIZATION_WIZARD"), &[], ALL, true);
        assert!(reach.is_empty() && reach.workspaces.is_empty());
    }

    #[test]
    fn permissions_are_grouped_by_resource() {
        let some = owned(["projects:read", "mcp-servers:read", "projects:create", "annotation-queues:read"]);
        let groups = by_resource(&some);
        assert_eq!(
            groups,
            [
                ("annotation-queues", vec!["annotation-queues:read"]),
                ("mcp-servers", vec!["mcp-servers:read"]),
                ("projects", vec!["projects:create", "projects:read"])
            ]
        );
        let labels: Vec<_> = groups.iter().map(|(word, _)| resource_label(word)).collect();
        assert_eq!(labels, ["Annotation queues", "MCP servers", "Projects"]);
        assert_eq!((resource_of("odd"), resource_label("")), ("odd", String::new()));
    }

    fn role() -> impl Strategy<Value = OrganizationRole> {
        let mut roles = OrganizationRole::KNOWN.to_vec();
        roles.push(OrganizationRole::from("ORGANIZATION_WIZARD"));
        prop::sample::select(roles)
    }

    fn memberships() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
        let workspace: Vec<_> = PERMISSIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
        let workspace: Vec<_> =
            workspace.into_iter().filter(|name| !is_organization_permission(name)).collect();
        let permits = prop::sample::subsequence(workspace, 0..12);
        // Some workspaces that the list of all does not hold: it may be older.
        let id = prop::sample::select(vec!["w1", "w2", "w3", "w4"]).prop_map(str::to_owned);
        prop::collection::vec((id, permits), 0..6)
    }

    fn reach() -> impl Strategy<Value = Reach> {
        (role(), memberships(), any::<bool>()).prop_map(|(role, some, rbac)| {
            let some: Vec<_> = some.iter().map(|(id, permits)| inside(id, permits)).collect();
            Reach::of(&role, &some, ALL, rbac)
        })
    }

    /// Every permission with its place.
    fn flat(reach: &Reach) -> BTreeSet<(Where<'_>, &String)> {
        reach.places().flat_map(|(place, permits)| permits.iter().map(move |name| (place, name))).collect()
    }

    proptest! {
        /// What was there, with the gains and without the losses, is what is there then.
        #[test]
        fn a_difference_leads_from_one_to_the_other(before in reach(), after in reach()) {
            let Difference { gained, lost } = Reach::difference(&before, &after);
            let (was, is) = (flat(&before), flat(&after));
            let (gained, lost) = (flat(&gained), flat(&lost));
            prop_assert!(gained.is_disjoint(&was));
            prop_assert!(lost.is_subset(&was));
            let then: BTreeSet<_> = &(&was | &gained) - &lost;
            prop_assert_eq!(then, is);
        }

        /// Going back takes what going there gave, and the other way round.
        #[test]
        fn the_way_back_is_the_opposite(before in reach(), after in reach()) {
            let there = Reach::difference(&before, &after);
            let back = Reach::difference(&after, &before);
            prop_assert_eq!(&there.gained, &back.lost);
            prop_assert_eq!(&there.lost, &back.gained);
            prop_assert!(Reach::difference(&before, &before).is_empty());
        }

        /// Nobody reaches more than an Organization Admin in a workspace of the organization.
        #[test]
        fn an_organization_admin_reaches_everything(some in memberships(), other in role(), rbac in any::<bool>()) {
            let some: Vec<_> = some.iter().map(|(id, permits)| inside(id, permits)).collect();
            let admin = Reach::of(&OrganizationRole::Admin, &some, ALL, rbac);
            let change = Reach::difference(&admin, &Reach::of(&other, &some, ALL, rbac));
            prop_assert!(change.gained.is_empty());
        }

        /// What is shown by resource is everything, once.
        #[test]
        fn groups_hold_each_permission_once(one in reach()) {
            for (_, permits) in one.places() {
                let shown: Vec<_> = by_resource(permits).into_iter().flat_map(|(_, names)| names).collect();
                prop_assert_eq!(shown.len(), permits.len());
                prop_assert!(shown.into_iter().all(|name| permits.contains(name)));
            }
        }
    }
}
