//! The tables of who may do what: every operation by every role and by everybody who has none.

use serde_json::{Value, json};

use crate::common::{At, Person, Server, text};

/// Ids of an organization, made fresh for each cell where the operation uses them up.
pub struct World<'a> {
    pub admin: &'a Person<'a>,
    pub organization: String,
    pub workspace: String,
}

impl World<'_> {
    /// Puts fresh ids in the place of `{…}`.
    pub fn fill(&self, template: &str) -> String {
        let mut filled = template.to_owned();
        while let Some((before, rest)) = filled.split_once('{').map(|(a, b)| (a.to_owned(), b.to_owned())) {
            let (what, after) = rest.split_once('}').unwrap();
            let (kind, name) = what.split_once(' ').unwrap_or((what, ""));
            let (admin, org) = (self.admin, self.organization.as_str());
            let value = match kind {
                "member" => admin.colleague(org, name, &[]).1,
                "invited" => {
                    admin.invite(org, &format!("i{}@example.com", unique()), name, &[&self.workspace])
                }
                "role" if name.is_empty() => {
                    let body = json!({ "display_name": format!("R {}", unique()), "description": "", "permissions": ["runs:read"] });
                    text(&admin.post("/orgs/current/roles", At::Org(org), body).ok()["id"])
                }
                "role" => admin.role(org, name),
                "workspace" => self.workspace.clone(),
                "spare" => admin.workspace(org, &format!("Spare {}", unique())),
                "inside" => {
                    let (person, _) = admin.colleague(org, "ORGANIZATION_USER", &[&self.workspace]);
                    let path = format!("/workspaces/current/members/active?emails={}", person.email);
                    text(&admin.get(&path, At::Workspace(&self.workspace)).ok()[0]["id"])
                }
                "key" => text(&admin.post("/api-key", At::Workspace(&self.workspace), json!({})).ok()["id"]),
                "colleague" => admin.colleague(org, "ORGANIZATION_USER", &[]).0.email,
                "new" => format!("n{}", unique()),
                other => panic!("{other}"),
            };
            filled = format!("{before}{value}{after}");
        }
        filled
    }
}

fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

/// Method, path, body, and who may: Admin, Operator, User, Viewer.
pub type Row = (&'static str, &'static str, &'static str, [bool; 4]);

const READ: [bool; 4] = [true, true, true, true];
const MANAGE: [bool; 4] = [true, true, false, false];
const ADMIN: [bool; 4] = [true, false, false, false];
const TOKENS: [bool; 4] = [true, true, true, false];

pub const ORGANIZATION: &[Row] = &[
    ("GET", "/orgs/current", "", READ),
    ("GET", "/orgs/current/info", "", READ),
    ("PATCH", "/orgs/current/info", r#"#{"display_name":"Acme"}"#, MANAGE),
    ("GET", "/orgs/current/billing", "", READ),
    ("GET", "/orgs/current/business-info", "", READ),
    ("POST", "/orgs/current/business-info", r#"#{"is_business":true}"#, MANAGE),
    ("POST", "/orgs/current/setup", "", MANAGE),
    ("GET", "/workspaces", "", READ),
    ("POST", "/workspaces", r#"#{"display_name":"{new}"}"#, MANAGE),
    ("GET", "/orgs/current/members", "", READ),
    ("GET", "/orgs/current/members/active", "", READ),
    ("GET", "/orgs/current/members/pending", "", READ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}"}"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_OPERATOR}"}"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_USER}"}"#,
        MANAGE,
    ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_VIEWER}"}"#,
        MANAGE,
    ),
    (
        "POST",
        "/orgs/current/members/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}"}]"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_USER}"}]"#,
        MANAGE,
    ),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_ADMIN}", "", ADMIN),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_OPERATOR}", "", MANAGE),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_USER}", "", MANAGE),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_VIEWER}", "", MANAGE),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_ADMIN}",
        r#"#{"role_id":"{role ORGANIZATION_USER}"}"#,
        ADMIN,
    ),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_OPERATOR}",
        r#"#{"role_id":"{role ORGANIZATION_USER}"}"#,
        ADMIN,
    ),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_USER}",
        r#"#{"role_id":"{role ORGANIZATION_OPERATOR}"}"#,
        ADMIN,
    ),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_USER}",
        r#"#{"role_id":"{role ORGANIZATION_VIEWER}"}"#,
        MANAGE,
    ),
    ("DELETE", "/orgs/current/members/{invited ORGANIZATION_ADMIN}/pending", "", ADMIN),
    ("DELETE", "/orgs/current/members/{invited ORGANIZATION_USER}/pending", "", MANAGE),
    ("GET", "/orgs/current/roles", "", READ),
    (
        "POST",
        "/orgs/current/roles",
        r#"#{"display_name":"{new}","description":"","permissions":["runs:read"]}"#,
        MANAGE,
    ),
    (
        "PATCH",
        "/orgs/current/roles/{role}",
        r#"#{"display_name":"{new}","description":"","permissions":["runs:read"]}"#,
        MANAGE,
    ),
    ("DELETE", "/orgs/current/roles/{role}", "", MANAGE),
    ("GET", "/orgs/current/user/login-methods", "", READ),
    ("GET", "/v1/platform/orgs/current/members", "", READ),
    (
        "POST",
        "/orgs/current/members/basic/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}"}]"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members/basic/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_VIEWER}"}]"#,
        MANAGE,
    ),
    ("GET", "/api-key", "", READ),
    // Nobody but the Admin is inside the workspace.
    ("POST", "/api-key", r#"#{"workspaces":["{workspace}"]}"#, ADMIN),
    ("POST", "/api-key", r#"#{"org_role_id":"{role ORGANIZATION_VIEWER}"}"#, ADMIN),
    ("DELETE", "/api-key/{key}", "", ADMIN),
    ("GET", "/api-key/current", "", TOKENS),
    ("POST", "/api-key/current", "#{}", TOKENS),
];

/// A body's text: `#{…}` is an object, the other braces are ids to fill in.
pub fn body(world: &World<'_>, template: &str) -> Option<Value> {
    if template.is_empty() {
        return None;
    }
    let marked = template.replacen("#{", "\u{1}", 1);
    let (marked, closed) = match marked.rfind('}') {
        Some(at) => (format!("{}\u{2}{}", &marked[..at], &marked[at + 1..]), true),
        None => (marked, false),
    };
    assert!(closed);
    let filled = world.fill(&marked).replace('\u{1}', "{").replace('\u{2}', "}");
    Some(serde_json::from_str(&filled).unwrap_or_else(|error| panic!("{filled}: {error}")))
}

#[test]
fn organization_operations_by_role() {
    let server = Server::start();
    let ada = server.anybody();
    let world = |name: &str| {
        let organization = ada.organization(name, "enterprise");
        let workspace = ada.workspaces(&organization).remove(0);
        World { admin: &ada, organization, workspace }
    };
    let (acme, other) = (world("Acme"), world("Other"));
    let org = acme.organization.as_str();
    let roles = ["ORGANIZATION_ADMIN", "ORGANIZATION_OPERATOR", "ORGANIZATION_USER", "ORGANIZATION_VIEWER"];
    let people: Vec<_> = roles.iter().map(|role| ada.colleague(org, role, &[]).0).collect();
    let stranger = server.anybody();
    let invited = server.anybody();
    ada.invite(org, &invited.email, "ORGANIZATION_ADMIN", &[]);
    let (removed, identity) = ada.colleague(org, "ORGANIZATION_ADMIN", &[]);
    ada.delete(&format!("/orgs/current/members/{identity}"), At::Org(org)).ok();
    let signed_out = server.anybody();
    signed_out.delete("/session", At::Nowhere).ok();

    let mut cells = 0;
    for (method, path, template, may) in ORGANIZATION {
        for (person, may) in people.iter().zip(may) {
            let reply = person.call(method, &acme.fill(path), At::Org(org), body(&acme, template));
            let expected = if *may { 200 } else { 403 };
            assert_eq!(
                reply.status, expected,
                "{method} {path} {template} by {}: {}",
                person.email, reply.body
            );
            sentence(&reply.body, expected);
            cells += 1;
            // The same with an id of another organization, where the path has one.
            if path.contains('{') {
                let reply = person.call(method, &other.fill(path), At::Org(org), body(&acme, template));
                let allowed = reply.status == 403 || (reply.status == 404 && may_manage(person, &people));
                assert!(
                    allowed,
                    "{method} {path} (foreign) by {}: {} {}",
                    person.email, reply.status, reply.body
                );
                cells += 1;
            }
        }
        for (who, person, expected) in [
            ("stranger", &stranger, 403),
            ("invited", &invited, 403),
            ("removed", &removed, 403),
            ("signed out", &signed_out, 401),
        ] {
            let reply = person.call(method, &acme.fill(path), At::Org(org), body(&acme, template));
            assert_eq!(reply.status, expected, "{method} {path} by {who}: {}", reply.body);
            sentence(&reply.body, expected);
            cells += 1;
        }
        // A member, but of another organization than the one that is asked for.
        for organization in [other.organization.as_str(), "00000000-0000-4000-8000-000000000000"] {
            let reply =
                people[0].call(method, &acme.fill(path), At::Org(organization), body(&acme, template));
            let told = reply.refused(403, "You are not a member of this organization, or it does not exist.");
            assert!(told["detail"].is_string());
            cells += 1;
        }
        let reply = server.send(method, &acme.fill(path), &[("x-organization-id", org)], None);
        assert_eq!(reply.status, 401, "{method} {path} by nobody");
        cells += 1;
    }
    println!("{cells} cells of the organization table");
}

fn may_manage(person: &Person<'_>, people: &[Person<'_>]) -> bool {
    people[..2].iter().any(|manager| manager.email == person.email)
}

pub fn sentence(body: &Value, status: u16) {
    if status != 200 {
        let told = body["detail"].as_str().unwrap_or_default();
        assert!(told.ends_with('.') && told.len() > 20, "{body}");
    }
}

/// Method, path, body, and who may: Organization Admin, workspace Admin, Editor, Viewer.
pub const WORKSPACE: &[Row] = &[
    ("GET", "/workspaces/current/stats", "", READ),
    ("PATCH", "/workspaces/{workspace}", r#"#{"display_name":"Same"}"#, MANAGE),
    ("GET", "/workspaces/current/members", "", READ),
    ("GET", "/workspaces/current/members/active", "", READ),
    ("GET", "/workspaces/current/members/pending", "", READ),
    ("POST", "/workspaces/current/members", r#"#{"org_identity_id":"{member ORGANIZATION_USER}"}"#, MANAGE),
    ("PATCH", "/workspaces/current/members/{inside}", r#"#{"role_id":"{role WORKSPACE_VIEWER}"}"#, MANAGE),
    ("DELETE", "/workspaces/current/members/{inside}", "", MANAGE),
    ("DELETE", "/workspaces/current/members/{invited ORGANIZATION_USER}/pending", "", MANAGE),
    ("GET", "/sessions", "", READ),
    ("POST", "/sessions", r#"#{"name":"{new}"}"#, [true, true, true, false]),
    ("GET", "/datasets", "", READ),
    ("POST", "/datasets", r#"#{"name":"{new}"}"#, [true, true, true, false]),
    ("GET", "/annotation-queues", "", READ),
    ("POST", "/annotation-queues", r#"#{"name":"{new}"}"#, [true, true, true, false]),
    ("GET", "/repos", "", READ),
    ("POST", "/workspaces/current/members/batch", r#"[#{"email":"{colleague}"}]"#, MANAGE),
    // Inviting to the organization takes more than the workspace.
    ("POST", "/workspaces/current/members/batch", r#"[#{"email":"{new}@example.com"}]"#, ADMIN),
    ("GET", "/api-key", "", READ),
    ("POST", "/api-key", "#{}", MANAGE),
    ("DELETE", "/api-key/{key}", "", MANAGE),
    ("GET", "/api-key/current", "", READ),
    ("POST", "/api-key/current", "#{}", READ),
];

#[test]
fn workspace_operations_by_role() {
    let server = Server::start();
    let ada = server.anybody();
    let organization = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&organization).remove(0);
    let acme = World { admin: &ada, organization: organization.clone(), workspace: workspace.clone() };
    let elsewhere = ada.organization("Other", "enterprise");
    let foreign =
        World { admin: &ada, workspace: ada.workspaces(&elsewhere).remove(0), organization: elsewhere };
    let second = ada.workspace(&organization, "Second");

    let add = |person: &Person<'_>, role: &str| {
        let body = json!({ "org_identity_id": person.identity(&organization), "role_id": ada.role(&organization, role) });
        text(&ada.post("/workspaces/current/members", At::Workspace(&workspace), body).ok()["id"])
    };
    let boss = ada.colleague(&organization, "ORGANIZATION_ADMIN", &[]).0;
    let mut people = vec![boss];
    for role in ["WORKSPACE_ADMIN", "WORKSPACE_USER", "WORKSPACE_VIEWER"] {
        let person = ada.colleague(&organization, "ORGANIZATION_USER", &[]).0;
        add(&person, role);
        people.push(person);
    }
    // Everybody who has nothing to do in it: in the organization, elsewhere, no longer, not yet.
    let operator = ada.colleague(&organization, "ORGANIZATION_OPERATOR", &[&second]).0;
    let outside = ada.colleague(&organization, "ORGANIZATION_USER", &[&second]).0;
    let removed = ada.colleague(&organization, "ORGANIZATION_USER", &[]).0;
    let identity = add(&removed, "WORKSPACE_ADMIN");
    ada.delete(&format!("/workspaces/current/members/{identity}"), At::Workspace(&workspace)).ok();
    let (left, identity) = ada.colleague(&organization, "ORGANIZATION_USER", &[&workspace]);
    ada.delete(&format!("/orgs/current/members/{identity}"), At::Org(&organization)).ok();
    let invited = server.anybody();
    ada.invite(&organization, &invited.email, "ORGANIZATION_USER", &[&workspace]);
    let (stranger, _) = foreign.admin.colleague(&foreign.organization, "ORGANIZATION_ADMIN", &[]);

    let mut cells = 0;
    for (method, path, template, may) in WORKSPACE {
        for (person, may) in people.iter().zip(may) {
            let reply =
                person.call(method, &acme.fill(path), At::Workspace(&workspace), body(&acme, template));
            let expected = if *may { 200 } else { 403 };
            assert_eq!(reply.status, expected, "{method} {path} by {}: {}", person.email, reply.body);
            sentence(&reply.body, expected);
            cells += 1;
            if path.contains("/members/{") && *may {
                let reply = person.call(
                    method,
                    &foreign.fill(path),
                    At::Workspace(&workspace),
                    body(&acme, template),
                );
                assert_eq!(reply.status, 404, "{method} {path} (foreign): {}", reply.body);
                cells += 1;
            }
        }
        for (who, person) in [
            ("operator", &operator),
            ("outside", &outside),
            ("removed", &removed),
            ("left", &left),
            ("invited", &invited),
            ("stranger", &stranger),
        ] {
            let reply =
                person.call(method, &acme.fill(path), At::Workspace(&workspace), body(&acme, template));
            // A workspace in the path of an organization that the caller is not in is not there.
            let hidden = path.contains("{workspace}") && ["left", "invited", "stranger"].contains(&who);
            assert_eq!(
                reply.status,
                if hidden { 404 } else { 403 },
                "{method} {path} by {who}: {}",
                reply.body
            );
            cells += 1;
        }
        let reply = server.send(method, &acme.fill(path), &[("x-tenant-id", &workspace)], None);
        assert_eq!(reply.status, 401, "{method} {path} by nobody");
        cells += 1;
    }
    // Deleting uses the workspace up.
    for (person, may) in people.iter().zip([true, false, false, false]) {
        let spare = acme.fill("/workspaces/{spare}");
        assert_eq!(person.delete(&spare, At::Nowhere).status, if may { 200 } else { 403 });
        cells += 1;
    }
    println!("{cells} cells of the workspace table");
}

#[test]
fn managing_a_workspace_does_not_include_its_members() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let body = json!({ "display_name": "Caretaker", "description": "", "permissions": ["workspaces:manage", "workspaces:read"] });
    let role = ada.post("/orgs/current/roles", At::Org(&acme), body).ok();
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let (_, carol) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    ada.post(
        "/workspaces/current/members",
        at,
        json!({ "org_identity_id": identity, "role_id": role["id"] }),
    )
    .ok();
    bob.patch(&format!("/workspaces/{workspace}"), At::Nowhere, json!({ "display_name": "New" })).ok();
    bob.post("/workspaces/current/members", at, json!({ "org_identity_id": carol }))
        .refused(403, "It takes workspaces:manage-members.");
}

#[test]
fn an_operators_own_workspace_is_his() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    assert_eq!(operator.workspaces(&acme), Vec::<String>::new());
    let made = operator.workspace(&acme, "His");
    assert_eq!(operator.workspaces(&acme), std::slice::from_ref(&made));
    operator.post("/sessions", At::Workspace(&made), json!({ "name": "x" })).ok();
    assert_eq!(ada.workspaces(&acme).len(), 2);
}
