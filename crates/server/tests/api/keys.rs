//! API keys: made, shown once, kept as hashes; who may make and delete which; when they end.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::{At, PASSWORD, Person, Reply, Server, text};

/// Somebody who comes with an API key.
pub struct Key<'a> {
    pub server: &'a Server,
    pub secret: String,
    pub id: String,
}

impl<'a> Key<'a> {
    /// The key of an answer that made one.
    #[track_caller]
    pub fn of(server: &'a Server, made: Reply) -> Self {
        let made = made.ok();
        Self { server, secret: text(&made["key"]), id: text(&made["id"]) }
    }

    /// A personal token.
    #[track_caller]
    pub fn token(person: &Person<'a>, at: At<'_>) -> Self {
        Self::of(person.server, person.post("/api-key/current", at, json!({})))
    }

    /// A service key.
    #[track_caller]
    pub fn service(person: &Person<'a>, at: At<'_>, body: Value) -> Self {
        Self::of(person.server, person.post("/api-key", at, body))
    }

    pub fn call(&self, method: &str, path: &str, more: &[(&str, &str)], body: Option<Value>) -> Reply {
        let mut headers = vec![("x-api-key", self.secret.as_str())];
        headers.extend(more);
        let text = body.map(|body| body.to_string());
        if text.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.server.send(method, path, &headers, text.as_deref().map(str::as_bytes))
    }

    pub fn get(&self, path: &str) -> Reply {
        self.call("GET", path, &[], None)
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        self.call("POST", path, &[], Some(body))
    }
}

pub const NOT_VALID: &str = "This API key is not valid.";

fn after(time: Duration) -> String {
    (chrono::Utc::now() + time).to_rfc3339()
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[test]
fn a_key_is_shown_once_and_kept_as_a_hash() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    for (path, prefix) in [("/api-key", "lsv2_sk_"), ("/api-key/current", "lsv2_pt_")] {
        let end = after(DAY);
        let made = ada.post(path, at, json!({ "description": " for CI ", "expires_at": end })).ok();
        let key = text(&made["key"]);
        assert!(key.starts_with(prefix) && key.len() == 8 + 32 + 1 + 10, "{key}");
        let short = text(&made["short_key"]);
        assert_eq!(short, format!("{prefix}...{}", &key[key.len() - 4..]));
        assert_eq!((&made["description"], &made["last_used_at"]), (&json!("for CI"), &Value::Null));
        let ends = chrono::DateTime::parse_from_rfc3339(made["expires_at"].as_str().unwrap()).unwrap();
        assert!((ends - chrono::DateTime::parse_from_rfc3339(&end).unwrap()).num_milliseconds() == 0);
        assert_eq!(made["default_workspace_name"], "Workspace 1");
        let own = if path == "/api-key" { json!(["Workspace 1"]) } else { Value::Null };
        assert_eq!(made["workspace_names"], own);
        assert_eq!(made.as_object().unwrap().len(), 10, "APIKeyCreateResponse: {made}");

        let listed = ada.get(path, at).ok();
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(listed[0].as_object().unwrap().len(), 9, "APIKeyGetResponse: {listed}");
        assert!(!listed.to_string().contains(&key) && listed[0]["id"] == made["id"]);
        let bytes = crate::database::everything(&server.database());
        let kept = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(kept("person1@example.com"), "the search works");
        assert!(!kept(&key[8..40]), "the key is kept");

        // It was used: the list says when, to the minute.
        let used = Key { server: &server, secret: key, id: text(&made["id"]) };
        used.get("/sessions").ok();
        let first = ada.get(path, at).ok()[0]["last_used_at"].clone();
        assert!(first.is_string(), "{first}");
        used.get("/sessions").ok();
        assert_eq!(ada.get(path, at).ok()[0]["last_used_at"], first, "no write a request");

        let gone = ada.delete(&format!("{path}/{}", used.id), at).ok();
        assert_eq!((&gone["id"], gone.as_object().unwrap().len()), (&made["id"], 9));
        used.get("/sessions").refused(401, NOT_VALID);
        ada.delete(&format!("{path}/{}", used.id), at).refused(404, "no such");
        assert_eq!(ada.get(path, at).ok(), json!([]));
    }
}

#[test]
fn a_body_is_not_required() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    for path in ["/api-key", "/api-key/current"] {
        let made = ada.call("POST", path, at, None).ok();
        assert_eq!((&made["description"], &made["read_only"]), (&json!("Default API key"), &json!(false)));
        for (body, field) in [
            (json!({ "expires_at": "yesterday" }), "expires_at"),
            (json!({ "expires_at": "2020-01-01T00:00:00Z" }), "expires_at"),
            (json!({ "expires_at": "+262142-12-31T23:59:59Z" }), "expires_at"),
            (json!({ "description": "x".repeat(201) }), "description"),
            (json!({ "description": "a\u{7}" }), "description"),
            (json!({ "default_workspace_id": acme }), "default_workspace_id"),
        ] {
            ada.post(path, at, body).invalid(&[json!("body"), json!(field)]);
        }
        ada.call("POST", path, At::Nowhere, None).invalid(&[json!("header"), json!("x-tenant-id")]);
    }
    // An organization can be named instead of a workspace.
    let made = ada.call("POST", "/api-key/current", At::Org(&acme), None).ok();
    assert_eq!(made["default_workspace_name"], "Workspace 1");
    ada.call("POST", "/api-key", At::Org(&acme), None).invalid(&[json!("body"), json!("workspaces")]);
    let headers = [("authorization", format!("Bearer {}", ada.token))];
    let other = ada.organization("Other", "plus");
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain([("x-organization-id", other.as_str()), ("x-tenant-id", workspace.as_str())])
        .collect();
    server.send("GET", "/api-key", &headers, None).refused(403, "not a member of this workspace");
}

#[test]
fn service_keys_are_made_by_the_admins_of_their_workspaces() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    let admin = ada.role(&acme, "WORKSPACE_ADMIN");
    let inside = |person: &Person<'_>, role: &str| {
        let body = json!({ "org_identity_id": person.identity(&acme), "role_id": ada.role(&acme, role) });
        ada.post("/workspaces/current/members", At::Workspace(&one), body).ok();
    };
    let operator = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]).0;
    let user = ada.colleague(&acme, "ORGANIZATION_USER", &[]).0;
    let editor = ada.colleague(&acme, "ORGANIZATION_USER", &[]).0;
    let viewer = ada.colleague(&acme, "ORGANIZATION_VIEWER", &[]).0;
    for person in [&operator, &user, &viewer] {
        inside(person, "WORKSPACE_ADMIN");
    }
    inside(&editor, "WORKSPACE_USER");
    let shared = Key::service(&ada, At::Org(&acme), json!({ "workspaces": [one, two] }));
    let own_organization =
        Key::service(&ada, At::Org(&acme), json!({ "org_role_id": ada.role(&acme, "ORGANIZATION_ADMIN") }));
    for person in [&operator, &user] {
        let made = Key::service(person, At::Workspace(&one), json!({}));
        Key::service(person, At::Org(&acme), json!({ "workspaces": [one] }));
        let not = "Only the Admin of a workspace makes and deletes its service keys.";
        person.post("/api-key", At::Org(&acme), json!({ "workspaces": [one, two] })).refused(403, not);
        person.post("/api-key", At::Org(&acme), json!({ "workspaces": [acme] })).refused(403, not);
        person.post("/api-key", At::Workspace(&two), json!({})).refused(403, "not a member");
        let whole = json!({ "org_role_id": ada.role(&acme, "ORGANIZATION_VIEWER") });
        person
            .post("/api-key", At::Org(&acme), whole)
            .refused(403, "Only an Organization Admin makes and deletes service keys of the organization.");
        // A key that opens more than one's own workspace is not one's own to delete.
        person.delete(&format!("/api-key/{}", shared.id), At::Workspace(&one)).refused(403, not);
        person.delete(&format!("/api-key/{}", own_organization.id), At::Org(&acme)).refused(403, "Only an");
        // What is shown of it names the workspace that the person can enter, and no other.
        let listed = person.get("/api-key", At::Workspace(&one)).ok();
        let shown = listed.as_array().unwrap().iter().find(|row| row["id"] == shared.id.as_str()).unwrap();
        assert_eq!(shown["workspace_names"], json!(["Workspace 1"]));
        person.delete(&format!("/api-key/{}", made.id), At::Workspace(&one)).ok();
    }
    editor
        .post("/api-key", At::Workspace(&one), json!({}))
        .refused(403, "Only the Admin of a workspace makes");
    viewer
        .post("/api-key", At::Workspace(&one), json!({}))
        .refused(403, "An Organization Viewer makes and deletes no service keys.");
    viewer
        .delete(&format!("/api-key/{}", shared.id), At::Workspace(&one))
        .refused(403, "An Organization Viewer makes");
    // Everybody inside sees them, and the organization's managers its own.
    for (person, count) in [(&ada, 4), (&operator, 4), (&user, 3), (&viewer, 3)] {
        let all = person.get("/api-key", At::Org(&acme)).ok();
        assert_eq!(all.as_array().unwrap().len(), count, "{}: {all}", person.email);
    }
    assert_eq!(ada.get("/api-key", At::Workspace(&two)).ok().as_array().unwrap().len(), 1);
    // A role of one's own for a key, as for a member.
    let role = ada.role(&acme, "WORKSPACE_VIEWER");
    let reader = Key::service(&ada, At::Workspace(&one), json!({ "role_id": role }));
    reader.get("/sessions").ok();
    reader.post("/sessions", json!({ "name": "x" })).refused(403, "Your role in this workspace, Viewer");
    for (body, field) in [
        (json!({ "role_id": acme }), "role_id"),
        (json!({ "role_id": ada.role(&acme, "ORGANIZATION_USER") }), "role_id"),
        (json!({ "workspaces": [] }), "workspaces"),
        (json!({ "workspaces": [acme] }), "workspaces"),
        (json!({ "workspaces": "x" }), "workspaces"),
        (json!({ "default_workspace_id": two }), "default_workspace_id"),
        (json!({ "org_role_id": admin }), "org_role_id"),
    ] {
        ada.post("/api-key", At::Workspace(&one), body).invalid(&[json!("body"), json!(field)]);
    }
    let both = json!({ "org_role_id": ada.role(&acme, "ORGANIZATION_USER"), "workspaces": [one] });
    ada.post("/api-key", At::Org(&acme), both).invalid(&[json!("body"), json!("workspaces")]);
    // A custom role that a key has stays.
    let body = json!({ "display_name": "Reads", "description": "", "permissions": ["projects:read"] });
    let custom = text(&ada.post("/orgs/current/roles", At::Org(&acme), body).ok()["id"]);
    let narrow = Key::service(&ada, At::Workspace(&one), json!({ "role_id": custom }));
    narrow.get("/sessions").ok();
    narrow.get("/datasets").refused(403, "Reads");
    ada.delete(&format!("/orgs/current/roles/{custom}"), At::Org(&acme))
        .refused(409, "1 service key has the role Reads.");
}

#[test]
fn tokens_are_their_owners_alone() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let (bob, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
    let (viewer, _) = ada.colleague(&acme, "ORGANIZATION_VIEWER", &[&workspace]);
    let token = Key::token(&bob, org);
    assert_eq!(ada.get("/api-key/current", org).ok(), json!([]));
    ada.delete(&format!("/api-key/current/{}", token.id), org).refused(404, "You have no such token");
    ada.delete(&format!("/api-key/{}", token.id), org).refused(404, "no such service key");
    viewer.get("/api-key/current", org).refused(403, "An Organization Viewer makes no tokens.");
    viewer.delete(&format!("/api-key/current/{}", token.id), org).refused(403, "makes no tokens");
    let service = Key::service(&ada, At::Workspace(&workspace), json!({}));
    ada.delete(&format!("/api-key/current/{}", service.id), org).refused(404, "You have no such token");
    // The same token, named from the workspace or by itself.
    assert_eq!(bob.get("/api-key/current", At::Workspace(&workspace)).ok().as_array().unwrap().len(), 1);
    assert_eq!(token.get("/api-key/current").ok().as_array().unwrap().len(), 1);
    for field in ["workspaces", "role_id", "org_role_id"] {
        let value = if field == "workspaces" { json!([workspace]) } else { json!(workspace) };
        bob.post("/api-key/current", org, json!({ field: value })).invalid(&[json!("body"), json!(field)]);
    }
    ada.patch("/orgs/current/info", org, json!({ "pat_creation_disabled": true })).ok();
    bob.post("/api-key/current", org, json!({})).refused(403, "Personal tokens are switched off");
    token.get("/sessions").ok();
    bob.delete(&format!("/api-key/current/{}", token.id), org).ok();
    token.get("/sessions").refused(401, NOT_VALID);
}

#[test]
fn keys_live_as_long_as_they_may() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let field = [json!("body"), json!("expires_at")];
    ada.patch("/orgs/current/info", org, json!({ "max_pat_expiry_days": 30, "max_service_key_expiry_days": 10, "max_api_key_expiry_days": 20 })).ok();
    for (path, days) in [("/api-key", 10), ("/api-key/current", 20)] {
        ada.post(path, at, json!({})).invalid(&field);
        ada.post(path, at, json!({ "expires_at": after(DAY * days + DAY / 2) })).invalid(&field);
        ada.post(path, at, json!({ "expires_at": after(DAY * days - DAY / 2) })).ok();
    }
    // A key that ends does not go on in one that it made.
    let end = after(DAY * 2);
    let token = Key::of(&server, ada.post("/api-key/current", at, json!({ "expires_at": end })));
    for path in ["/api-key", "/api-key/current"] {
        token.post(path, json!({ "expires_at": after(DAY * 3) })).invalid(&field);
        token.post(path, json!({ "expires_at": after(DAY) })).ok();
    }
    // It ends by itself.
    for path in ["/api-key", "/api-key/current"] {
        let end = after(Duration::from_secs(3));
        let key = Key::of(&server, ada.post(path, at, json!({ "expires_at": end })));
        let began = Instant::now();
        while key.get("/sessions").status == 200 {
            assert!(began.elapsed() < Duration::from_secs(10), "it should have ended");
        }
        key.get("/sessions").refused(401, NOT_VALID);
    }
}

#[test]
fn keys_die_with_what_they_are_for() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    // A token with the membership, and not with another one.
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[&one]);
    let other = bob.organization("Other", "plus");
    let (here, there) = (Key::token(&bob, org), Key::token(&bob, At::Org(&other)));
    here.get("/sessions").ok();
    ada.delete(&format!("/orgs/current/members/{identity}"), org).ok();
    here.get("/sessions").refused(401, NOT_VALID);
    there.get("/sessions").ok();
    // Joining again brings no token back.
    ada.invite(&acme, &bob.email, "ORGANIZATION_USER", &[&one]);
    bob.accept(&acme);
    here.get("/sessions").refused(401, NOT_VALID);
    // A token with a changed role acts with the new one; outside a workspace it does nothing there.
    let token = Key::token(&bob, At::Workspace(&one));
    token.post("/sessions", json!({ "name": "x" })).ok();
    let inside =
        bob.get(&format!("/workspaces/current/members/active?emails={}", bob.email), At::Workspace(&one));
    let inside = format!("/workspaces/current/members/{}", text(&inside.ok()[0]["id"]));
    ada.patch(&inside, At::Workspace(&one), json!({ "role_id": ada.role(&acme, "WORKSPACE_VIEWER") })).ok();
    token.post("/sessions", json!({ "name": "y" })).refused(403, "Viewer");
    ada.delete(&inside, At::Workspace(&one)).ok();
    token.get("/sessions").refused(403, "not a member of this workspace");
    // A service key with the last of its workspaces.
    let single = Key::service(&ada, At::Workspace(&two), json!({}));
    let both = Key::service(&ada, At::Workspace(&two), json!({ "workspaces": [one, two] }));
    ada.delete(&format!("/workspaces/{two}"), At::Nowhere).ok();
    single.get("/sessions").refused(401, NOT_VALID);
    let reply = both.get("/sessions").refused(403, "Name one with X-Tenant-Id.");
    assert_eq!(reply["error"], "org_scoped_key_requires_workspace", "the default was the deleted one");
    both.call("GET", "/sessions", &[("x-tenant-id", &one)], None).ok();
    let listed = ada.get("/api-key", org).ok();
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["workspace_names"]),
        (1, &json!(["Workspace 1"]))
    );
}

#[test]
fn a_restart_and_another_password_leave_keys_alone() {
    let server = Server::start();
    let ada = server.sign_up("ada@example.com");
    let acme = ada.organization("Acme", "plus");
    let token = Key::token(&ada, At::Org(&acme)).secret;
    ada.patch("/orgs/members/basic", At::Nowhere, json!({ "password": "quite another one" })).ok();
    let server = server.restart();
    let token = Key { server: &server, secret: token, id: String::new() };
    token.get("/sessions").ok();
    server.sign_in("ada@example.com", PASSWORD).refused(401, "not right");
}
