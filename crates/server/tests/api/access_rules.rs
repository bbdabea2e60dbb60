//! The rules of access on random organizations: what `domain` says is what the server does, and
//! whoever the server lists as able to do something is who really is. `ATRIUM_SEED=7` tries others.

use std::collections::{BTreeMap, BTreeSet};

use atrium_domain::reach::{Inside, Reach, Where};
use atrium_domain::roles::{PERMISSIONS, is_organization_permission};
use atrium_domain::ways::{Member, Membership};
use atrium_domain::wire::Role;
use atrium_domain::{Action, Caller, Credential, OrganizationRole, Tier};
use serde_json::{Value, json};

use crate::common::{At, Person, Reply, Server, text};

/// The seed where none is given, so that a failure can be had again.
const SEED: u64 = 20_261_124;
/// How many organizations are made up.
const ORGANIZATIONS: usize = 4;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn often(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Something that can be done in a workspace without changing who may do what.
struct Operation {
    permission: &'static str,
    method: &'static str,
    path: &'static str,
    body: Option<Value>,
}

fn operations() -> Vec<Operation> {
    let get = |permission, path| Operation { permission, method: "GET", path, body: None };
    let post = |permission, path| {
        let body = Some(json!({ "name": "{new}", "repo_handle": "{new}" }));
        Operation { permission, method: "POST", path, body }
    };
    vec![
        get("workspaces:read", "/workspaces/current/stats"),
        get("workspaces:read", "/workspaces/current/members/active"),
        get("projects:read", "/sessions"),
        get("datasets:read", "/datasets"),
        get("annotation-queues:read", "/annotation-queues"),
        get("prompts:read", "/repos"),
        post("projects:create", "/sessions"),
        post("datasets:create", "/datasets"),
        post("annotation-queues:create", "/annotation-queues"),
        post("prompts:create", "/repos"),
        Operation {
            permission: "workspaces:manage",
            method: "PATCH",
            path: "/workspaces/{workspace}",
            body: Some(json!({ "display_name": "Same" })),
        },
        // Nobody has this identity: who may is told that, who may not is told so.
        Operation {
            permission: "workspaces:manage-members",
            method: "PATCH",
            path: "/workspaces/current/members/00000000-0000-4000-8000-000000000000",
            body: Some(json!({ "role_id": "{role}" })),
        },
    ]
}

/// A member as the test made it.
struct Made<'a> {
    person: Person<'a>,
    role: OrganizationRole,
    disabled: bool,
    /// The id of the role in each workspace.
    inside: BTreeMap<String, String>,
}

/// An organization as the test made it.
struct World<'a> {
    id: String,
    tier: Tier,
    workspaces: Vec<String>,
    roles: Vec<Role>,
    /// The first is its owner.
    people: Vec<Made<'a>>,
}

impl<'a> World<'a> {
    fn make(server: &'a Server, random: &mut Random) -> Self {
        let owner = server.anybody();
        let id = owner.organization("Acme", "enterprise");
        let mut workspaces = owner.workspaces(&id);
        for number in 0..random.below(3) {
            workspaces.push(owner.workspace(&id, &format!("More {number}")));
        }
        let of_workspace: Vec<_> = PERMISSIONS
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !is_organization_permission(name))
            .collect();
        for number in 0..random.below(4) {
            let share = *random.one(&[8, 50, 90]);
            let mut chosen: Vec<_> = of_workspace.iter().filter(|_| random.often(share)).collect();
            if chosen.is_empty() {
                chosen.push(&"runs:read");
            }
            let body = json!({ "display_name": format!("Custom {number}"), "description": "", "permissions": chosen });
            owner.post("/orgs/current/roles", At::Org(&id), body).ok();
        }
        let roles: Vec<Role> =
            serde_json::from_value(owner.get("/orgs/current/roles", At::Org(&id)).ok()).unwrap();
        let given: Vec<_> = roles.iter().filter(|role| role.workspace_role().is_some()).collect();
        let mut people = Vec::new();
        for _ in 0..4 + random.below(3) {
            let role = random.one(OrganizationRole::KNOWN).clone();
            // Whoever becomes an Admin later was added to workspaces before.
            let first = if role == OrganizationRole::Admin { &OrganizationRole::User } else { &role };
            let (person, identity) = owner.colleague(&id, first.as_str(), &[]);
            let mut inside = BTreeMap::new();
            for workspace in &workspaces {
                if random.often(55) {
                    let given = random.one(&given);
                    let body = json!({ "org_identity_id": identity, "role_id": given.id });
                    owner.post("/workspaces/current/members", At::Workspace(workspace), body).ok();
                    inside.insert(workspace.clone(), given.id.clone());
                }
            }
            if role == OrganizationRole::Admin {
                let body = json!({ "role_id": owner.role(&id, role.as_str()) });
                owner.patch(&format!("/orgs/current/members/{identity}"), At::Org(&id), body).ok();
            }
            let disabled = random.often(15);
            if disabled {
                server.switch("disable", &person.email);
            }
            people.push(Made { person, role, disabled, inside });
        }
        people.insert(
            0,
            Made { person: owner, role: OrganizationRole::Admin, disabled: false, inside: BTreeMap::new() },
        );
        let tier = random.one(&[Tier::Enterprise, Tier::Enterprise, Tier::Plus]).clone();
        server.plan(&id, tier.as_str());
        Self { id, tier, workspaces, roles, people }
    }

    fn role(&self, id: &str) -> &Role {
        self.roles.iter().find(|role| role.id == id).unwrap()
    }

    fn admin(&self) -> &Role {
        self.roles.iter().find(|role| role.name == "WORKSPACE_ADMIN").unwrap()
    }

    /// Whether the rules permit it; `None` for the organization.
    fn says(&self, made: &Made<'_>, permission: &str, workspace: Option<&str>) -> bool {
        let can_use_rbac = self.tier.terms().can_use_rbac;
        let member = Member { role: &made.role, can_use_rbac, admin: Some(self.admin()) };
        let stored = workspace.and_then(|id| made.inside.get(id));
        let membership = stored.map_or(Membership::None, |id| Membership::With(self.role(id)));
        let says = member.way_to(permission, membership).is_some();
        let place = workspace.map_or(Where::Organization, Where::Workspace);
        assert_eq!(self.reach(made).holds(place, permission), says, "{} {permission}", made.person.email);
        !made.disabled && says
    }

    /// Everything that the rules permit, by the other way to it.
    fn reach(&self, made: &Made<'_>) -> Reach {
        let inside = |(workspace, role): (&'_ String, &'_ String)| (workspace.clone(), self.role(role));
        let inside: Vec<_> = made.inside.iter().map(inside).collect();
        let memberships: Vec<_> = inside
            .iter()
            .map(|(workspace, role)| Inside { workspace, permissions: &role.permissions })
            .collect();
        let rbac = self.tier.terms().can_use_rbac;
        Reach::of(&made.role, &memberships, self.workspaces.iter().map(String::as_str), rbac)
    }

    fn who(&self, fits: impl Fn(&Made<'_>) -> bool) -> BTreeSet<String> {
        self.people.iter().filter(|made| fits(made)).map(|made| made.person.email.clone()).collect()
    }

    /// Those whom the list has, page by page.
    fn listed(&self, query: &str) -> BTreeSet<String> {
        let mut found = Vec::new();
        loop {
            let path = format!("/v1/platform/orgs/current/members?limit=3&offset={}&{query}", found.len());
            let reply = self.people[0].person.get(&path, At::Org(&self.id));
            let total: usize = reply.header("x-pagination-total").parse().unwrap();
            let rows = reply.ok();
            let rows = rows.as_array().unwrap();
            found.extend(rows.iter().map(|row| text(&row["email"])));
            if rows.is_empty() || found.len() >= total {
                assert_eq!(found.len(), total, "{query}");
                let once: BTreeSet<_> = found.iter().cloned().collect();
                assert_eq!(once.len(), found.len(), "{query}: somebody is there twice");
                return once;
            }
        }
    }

    /// The role with which somebody works in a workspace.
    fn works_as(&self, made: &Made<'_>, workspace: &str) -> Option<String> {
        match (made.role == OrganizationRole::Admin, self.tier.terms().can_use_rbac) {
            (true, _) => Some(self.admin().id.clone()),
            (false, false) => made.inside.get(workspace).map(|_| self.admin().id.clone()),
            (false, true) => made.inside.get(workspace).cloned(),
        }
    }
}

/// Whether it was let through; anything but that and a refusal fails the test.
fn may(reply: &Reply, label: &str) -> bool {
    match reply.status {
        // There was nobody to change, or the plan is full: the permission had been asked for before.
        200 | 404 | 409 => true,
        401 | 403 => false,
        other => panic!("{label}: {other} {}", reply.body),
    }
}

#[test]
fn the_rules_say_what_the_server_does() {
    let seed = std::env::var("ATRIUM_SEED").map_or(SEED, |seed| seed.parse().unwrap());
    println!("ATRIUM_SEED={seed}");
    let mut random = Random(seed);
    let server = Server::start();
    let (mut asked, mut listed, mut allowed) = (0, 0, 0);
    for number in 0..ORGANIZATIONS {
        let world = World::make(&server, &mut random);
        let place = format!("ATRIUM_SEED={seed}, organization {number} on {}", world.tier.as_str());

        let mut really: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
        for made in &world.people {
            for workspace in &world.workspaces {
                for operation in operations() {
                    asked += 1;
                    let body = operation.body.map(|body| {
                        let text = body.to_string().replace("{new}", &format!("n{asked}"));
                        serde_json::from_str(&text.replace("{role}", &world.admin().id)).unwrap()
                    });
                    let in_path = operation.path.contains("{workspace}");
                    let path = operation.path.replace("{workspace}", workspace);
                    let at = if in_path { At::Nowhere } else { At::Workspace(workspace) };
                    let reply = made.person.call(operation.method, &path, at, body);
                    let label = format!(
                        "{place}: {} {path} by {} ({}, {:?})",
                        operation.method, made.person.email, made.role, made.inside
                    );
                    // Who is not inside is told that there is no such workspace.
                    let does = may(&reply, &label) && !(in_path && reply.status == 404);
                    // Roles that differ are refused by the plan before the membership is looked for.
                    let by_plan = operation.permission == "workspaces:manage-members"
                        && !world.tier.terms().can_use_rbac;
                    let says = world.says(made, operation.permission, Some(workspace));
                    if by_plan {
                        assert!(!does, "{label}");
                        continue;
                    }
                    assert_eq!(does, says, "{label}: {} {}", reply.status, reply.body);
                    let who = really.entry((operation.permission, workspace)).or_default();
                    if does {
                        allowed += 1;
                        who.insert(made.person.email.clone());
                    }
                }
            }
        }
        for ((permission, workspace), who) in &really {
            listed += 1;
            let found = world.listed(&format!("permission={permission}&workspace_id={workspace}"));
            assert_eq!(found, *who, "{place}: who can {permission} in {workspace}");
        }
        for (permission, _) in PERMISSIONS {
            let anywhere = if is_organization_permission(permission) {
                world.who(|made| world.says(made, permission, None))
            } else {
                let mut anywhere = BTreeSet::new();
                for workspace in &world.workspaces {
                    listed += 1;
                    let who = world.who(|made| world.says(made, permission, Some(workspace)));
                    let found = world.listed(&format!("permission={permission}&workspace_id={workspace}"));
                    assert_eq!(found, who, "{place}: who can {permission} in {workspace}");
                    anywhere.extend(who);
                }
                anywhere
            };
            listed += 1;
            assert_eq!(world.listed(&format!("permission={permission}")), anywhere, "{place}: {permission}");
        }
        for role in world.roles.iter().filter(|role| role.workspace_role().is_some()) {
            let mut anywhere = BTreeSet::new();
            for workspace in &world.workspaces {
                listed += 1;
                let who = world.who(|made| world.works_as(made, workspace).as_ref() == Some(&role.id));
                let found = world.listed(&format!("workspace_role_id={}&workspace_id={workspace}", role.id));
                assert_eq!(found, who, "{place}: who has {} in {workspace}", role.display_name);
                anywhere.extend(who);
            }
            let found = world.listed(&format!("workspace_role_id={}", role.id));
            assert_eq!(found, anywhere, "{place}: who has {}", role.display_name);
        }
        asked += of_the_organization(&world, &place);
    }
    println!("{asked} operations, {allowed} of them in a workspace and allowed; {listed} lists");
    // A test of nothing but refusals, or of nothing but permissions, would be none.
    assert!(allowed * 10 > asked && allowed * 10 < asked * 9);
}

/// The operations on the organization by everybody; gives back how many were asked for.
fn of_the_organization(world: &World<'_>, place: &str) -> u32 {
    let mut asked = 0;
    let terms = world.tier.terms();
    let mut workspaces = world.workspaces.len();
    let at = At::Org(&world.id);
    for (number, made) in world.people.iter().enumerate() {
        let caller = |workspaces: usize| Caller {
            credential: Credential::Session,
            role: made.role.clone(),
            tier: world.tier.clone(),
            disabled: false,
            is_personal: false,
            can_use_rbac: terms.can_use_rbac,
            can_use_audit_logs: terms.can_use_audit_logs,
            max_workspaces: terms.max_workspaces,
            reached_max_workspaces: workspaces >= terms.max_workspaces as usize,
        };
        let mut check = |action: &Action<'_>, reply: &Reply, workspaces: usize| {
            asked += 1;
            let label = format!("{place}: {action:?} by {} ({})", made.person.email, made.role);
            let says = !made.disabled && caller(workspaces).may(action).is_ok();
            assert_eq!(may(reply, &label), says, "{label}: {} {}", reply.status, reply.body);
        };
        let me = &made.person;
        check(&Action::ReadOrganization, &me.get("/orgs/current", at), 0);
        let body = json!({ "display_name": "Acme" });
        check(&Action::UpdateOrganization, &me.patch("/orgs/current/info", at, body), 0);
        let log = "/audit-logs?start_time=2020-01-01T00:00:00Z&end_time=2999-01-01T00:00:00Z";
        check(&Action::ReadAuditLog, &me.get(log, at), 0);
        check(&Action::CreateToken, &me.post("/api-key/current", at, json!({})), 0);
        let name = format!("Of {}", me.email);
        let role = json!({ "display_name": name, "description": "", "permissions": ["runs:read"] });
        check(&Action::ManageRoles, &me.post("/orgs/current/roles", at, role), 0);
        for role in OrganizationRole::KNOWN {
            let id = &world.roles.iter().find(|one| one.name == role.as_str()).unwrap().id;
            let email = format!("{}-{}", role.as_str().to_lowercase(), me.email);
            let invited = json!({ "email": email, "role_id": id });
            check(&Action::Invite(role), &me.post("/orgs/current/members", at, invited), 0);
        }
        let body = json!({ "display_name": format!("By {number}") });
        let reply = me.post("/workspaces", at, body);
        check(&Action::CreateWorkspace, &reply, workspaces);
        workspaces += usize::from(reply.status == 200);
    }
    asked
}

/// What somebody is invited to is not theirs yet, and who is switched off can do nothing.
#[test]
fn who_can_is_who_can_now() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let row =
        json!({ "email": "waits@example.com", "workspace_ids": [workspace], "workspace_role_id": viewer });
    ada.post("/orgs/current/members", org, row).ok();
    ada.invite(&acme, "boss@example.com", "ORGANIZATION_ADMIN", &[]);
    let (bob, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
    let list = |query: &str| -> Vec<String> {
        let rows = ada
            .get(&format!("/v1/platform/orgs/current/members?sort_by=email&sort_by_desc=false&{query}"), org)
            .ok();
        rows.as_array().unwrap().iter().map(|row| text(&row["email"])).collect()
    };
    let can = format!("permission=runs:read&workspace_id={workspace}");
    assert_eq!(list(&can), [&ada.email, &bob.email].map(String::as_str));
    assert_eq!(list(&format!("{can}&pending_is=true")), Vec::<String>::new());
    // The role that an invitation gives is another question.
    assert_eq!(list(&format!("workspace_role_id={viewer}")), ["waits@example.com"]);
    assert_eq!(list(&format!("workspace_role_id={viewer}&active_is=true")), Vec::<String>::new());
    let admin = ada.role(&acme, "WORKSPACE_ADMIN");
    assert_eq!(list(&format!("workspace_role_id={admin}")), ["boss@example.com", &ada.email]);
    server.switch("disable", &bob.email);
    assert_eq!(list(&can), [ada.email.as_str()]);
    // A role, a workspace or a word that is none.
    let other = ada.organization("Other", "enterprise");
    let foreign = ada.workspaces(&other).remove(0);
    assert_eq!(list(&format!("permission=runs:read&workspace_id={foreign}")), Vec::<String>::new());
    assert_eq!(list("workspace_role_id=00000000-0000-4000-8000-000000000000"), Vec::<String>::new());
    for (bad, key) in [("permission=runs:fly", "permission"), ("workspace_role_id=x", "workspace_role_id")] {
        ada.get(&format!("/v1/platform/orgs/current/members?{bad}"), org)
            .invalid(&[json!("query"), json!(key)]);
    }
    let info = server.send("GET", "/info", &[], None).ok();
    assert_eq!(info["instance_flags"]["access_query"], true);
}

/// What an Organization Admin was added with gives nothing and cannot be changed: it keeps no role.
#[test]
fn a_role_that_only_admins_were_added_with_can_be_deleted() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let body = json!({ "display_name": "Tester", "description": "", "permissions": ["runs:read"] });
    let role = text(&ada.post("/orgs/current/roles", org, body).ok()["id"]);
    let path = format!("/orgs/current/roles/{role}");
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let added = json!({ "org_identity_id": identity, "role_id": role });
    ada.post("/workspaces/current/members", At::Workspace(&workspace), added).ok();
    let row = json!({ "email": "x@example.com", "workspace_ids": [workspace], "workspace_role_id": role });
    let invited = text(&ada.post("/orgs/current/members", org, row).ok()["id"]);
    ada.delete(&path, org).refused(409, "1 membership and 1 invitation have the role Tester.");
    ada.delete(&format!("/orgs/current/members/{invited}/pending"), org).ok();
    ada.delete(&path, org).refused(409, "1 membership has the role Tester.");
    let boss = json!({ "role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    ada.patch(&format!("/orgs/current/members/{identity}"), org, boss).ok();
    ada.delete(&path, org).ok();
    // Lowered again, he does not come back with more than he had.
    let user = json!({ "role_id": ada.role(&acme, "ORGANIZATION_USER") });
    ada.patch(&format!("/orgs/current/members/{identity}"), org, user).ok();
    assert_eq!(bob.workspaces(&acme), Vec::<String>::new());
    let log = ada.get("/audit-logs?start_time=2020-01-01T00:00:00Z&end_time=2999-01-01T00:00:00Z", org).ok();
    assert!(log.to_string().contains(&workspace), "the log tells what went with the role");
}
