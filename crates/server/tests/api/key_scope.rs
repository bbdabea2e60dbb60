//! What an API key opens: its organization and workspaces, with its role, and nothing for people.

use serde_json::json;

use crate::common::{At, Server, text};
use crate::keys::{Key, NOT_VALID};

const NO_ORGANIZATION: &str = "You are not a member of this organization, or it does not exist.";
const NO_WORKSPACE: &str = "You are not a member of this workspace, or it does not exist.";
const SOME: &str = "00000000-0000-4000-8000-000000000000";

#[test]
fn a_key_implies_its_place_and_contradicts_no_header() {
    let server = Server::start();
    let ada = server.anybody();
    let (acme, other) = (ada.organization("Acme", "enterprise"), ada.organization("Other", "enterprise"));
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    let foreign = ada.workspaces(&other).remove(0);
    let token = Key::token(&ada, At::Workspace(&two));
    let service = Key::service(&ada, At::Workspace(&one), json!({}));
    let admin = ada.role(&acme, "ORGANIZATION_ADMIN");
    let whole = Key::service(&ada, At::Org(&acme), json!({ "org_role_id": admin }));
    let standing = json!({ "org_role_id": admin, "default_workspace_id": two });
    let with_default = Key::service(&ada, At::Org(&acme), standing);

    // Without headers: its own organization and its default workspace.
    let place = |key: &Key<'_>| key.get("/workspaces/current/stats").ok()["tenant_id"].clone();
    assert_eq!((place(&token), place(&service)), (json!(two), json!(one)));
    assert_eq!(place(&with_default), json!(two));
    let told = whole.get("/sessions").refused(403, "Name one with X-Tenant-Id.");
    assert_eq!(told["error"], "org_scoped_key_requires_workspace", "LangSmith's clients look for it");
    for key in [&token, &whole, &with_default] {
        assert_eq!(key.get("/orgs/current/info").ok()["id"], acme.as_str());
    }
    // With headers that fit.
    for key in [&token, &whole, &with_default] {
        for workspace in [&one, &two] {
            let headers = [("x-organization-id", acme.as_str()), ("x-tenant-id", workspace.as_str())];
            let stats = key.call("GET", "/workspaces/current/stats", &headers, None).ok();
            assert_eq!(stats["tenant_id"], workspace.as_str());
            key.call("GET", "/orgs/current/info", &headers, None).ok();
        }
    }
    service.call("GET", "/sessions", &[("x-organization-id", &acme), ("x-tenant-id", &one)], None).ok();
    // With headers that do not, on whatever operation, and also in the one that is not looked at.
    for key in [&token, &service, &whole, &with_default] {
        for path in ["/orgs/current/info", "/sessions", "/workspaces", "/api-key", "/api-key/current"] {
            for organization in [other.as_str(), SOME] {
                key.call("GET", path, &[("x-organization-id", organization)], None)
                    .refused(403, NO_ORGANIZATION);
                let headers = [("x-organization-id", organization), ("x-tenant-id", &one)];
                key.call("GET", path, &headers, None).refused(403, NO_ORGANIZATION);
            }
            for workspace in [foreign.as_str(), SOME] {
                key.call("GET", path, &[("x-tenant-id", workspace)], None).refused(403, NO_WORKSPACE);
                let headers = [("x-organization-id", acme.as_str()), ("x-tenant-id", workspace)];
                key.call("GET", path, &headers, None).refused(403, NO_WORKSPACE);
            }
        }
        // A workspace of another organization in the path is not there.
        let rename = json!({ "display_name": "x" });
        key.call("PATCH", &format!("/workspaces/{foreign}"), &[], Some(rename))
            .refused(404, "no such workspace");
    }
    service.call("GET", "/sessions", &[("x-tenant-id", &two)], None).refused(403, NO_WORKSPACE);
    service
        .call("PATCH", &format!("/workspaces/{two}"), &[], Some(json!({ "display_name": "x" })))
        .refused(404, "no such workspace");
    service.call("PATCH", &format!("/workspaces/{one}"), &[], Some(json!({ "display_name": "x" }))).ok();
    for header in ["x-organization-id", "x-tenant-id"] {
        let path = if header == "x-tenant-id" { "/sessions" } else { "/orgs/current/info" };
        token.call("GET", path, &[(header, "nonsense")], None).invalid(&[json!("header"), json!(header)]);
    }
}

#[test]
fn a_token_is_its_owner_in_one_organization() {
    let server = Server::start();
    let ada = server.anybody();
    let (acme, other) = (ada.organization("Acme", "enterprise"), ada.organization("Other", "enterprise"));
    let workspace = ada.workspaces(&acme).remove(0);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
    let (eve, _) = ada.colleague(&other, "ORGANIZATION_ADMIN", &[]);
    let token = Key::token(&bob, At::Org(&acme));
    let mine = token.get("/orgs/current/user/login-methods").ok();
    assert_eq!(mine[0]["email"], bob.email.as_str());
    token.post("/sessions", json!({ "name": "x" })).ok();
    token.post("/workspaces", json!({ "display_name": "New" })).refused(403, "Only an Organization Admin");
    let invite = json!({ "email": "x@example.com" });
    token.post("/orgs/current/members", invite.clone()).refused(403, "Only an Organization Admin");
    // What the owner becomes, the token becomes.
    let role = json!({ "role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    ada.patch(&format!("/orgs/current/members/{identity}"), At::Org(&acme), role).ok();
    token.post("/orgs/current/members", invite).ok();
    token.post("/workspaces", json!({ "display_name": "New" })).ok();
    // Being Admin somewhere else opens nothing there.
    let elsewhere = Key::token(&eve, At::Org(&other));
    elsewhere
        .call("GET", "/orgs/current", &[("x-organization-id", &acme)], None)
        .refused(403, NO_ORGANIZATION);
    let secret = token.secret.clone();
    for wrong in
        ["", "x", "lsv2_pt_", &secret[..secret.len() - 1], &format!("{secret}0"), &secret.to_uppercase()]
    {
        let wrong = Key { server: &server, secret: wrong.to_owned(), id: String::new() };
        wrong.get("/orgs/current").refused(401, NOT_VALID);
    }
    // A person who is signed in is asked first; who signs in wrongly is not helped by a key.
    let bearer = format!("Bearer {}", ada.token);
    let headers = [("authorization", bearer.as_str()), ("x-organization-id", other.as_str())];
    let both = token.call("GET", "/orgs/current", &headers, None).ok();
    assert_eq!(both["id"], other.as_str());
    let stale = [("authorization", "Bearer atr_wrong")];
    token.call("GET", "/orgs/current", &stale, None).refused(401, "Sign in again.");
}

#[test]
fn what_is_for_people_takes_a_person() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let admin = json!({ "org_role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    let keys = [
        Key::token(&ada, At::Org(&acme)),
        Key::service(&ada, At::Org(&acme), admin),
        Key::service(&ada, At::Workspace(&workspace), json!({})),
    ];
    // The operations whose `security` in the contract is Bearer Auth alone.
    let user_only = [
        ("GET", "/me/ls_user_id".to_owned()),
        ("GET", "/orgs".to_owned()),
        ("POST", "/orgs".to_owned()),
        ("GET", "/orgs/permissions".to_owned()),
        ("GET", "/orgs/pending".to_owned()),
        ("DELETE", format!("/orgs/pending/{acme}")),
        ("POST", format!("/orgs/pending/{acme}/claim")),
        ("GET", "/workspaces/pending".to_owned()),
        ("DELETE", format!("/workspaces/pending/{workspace}")),
        ("POST", format!("/workspaces/pending/{workspace}/claim")),
    ];
    let mut cells = 0;
    for key in &keys {
        for (method, path) in &user_only {
            let body = (*method == "POST").then(|| json!({ "display_name": "X", "is_personal": false }));
            key.call(method, path, &[], body).refused(403, "This takes a person who has signed in");
            cells += 1;
        }
        // A session is not begun, renewed or ended by a key.
        for (method, path) in [("POST", "/login"), ("POST", "/session"), ("DELETE", "/session")] {
            assert_eq!(key.call(method, path, &[], None).status, 401, "{method} {path}");
            cells += 1;
        }
    }
    println!("{cells} cells of user-only operations by key");
    // One's own account: the token's owner has one. The password opens every organization.
    let [token, service, inside] = &keys;
    let patch = |key: &Key<'_>, body| key.call("PATCH", "/orgs/members/basic", &[], Some(body));
    patch(token, json!({ "full_name": "Ada L." })).ok();
    patch(token, json!({ "password": "quite another one" })).refused(403, "takes a person who has signed in");
    for key in [service, inside] {
        patch(key, json!({ "full_name": "X" })).refused(403, "A service key has no account of its own.");
        for (method, path) in [("GET", "/api-key/current"), ("POST", "/api-key/current")] {
            key.call(method, path, &[], None).refused(403, "A service key has no account of its own.");
        }
    }
    service.get("/orgs/current/user/login-methods").refused(403, "A service key has no account of its own.");
}

#[test]
fn a_service_key_acts_with_its_role() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let inside = Key::service(&ada, At::Workspace(&workspace), json!({}));
    // Of a workspace: its Admin, and nothing in the organization.
    let own = inside.get("/workspaces").ok();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["role_name"]), (1, &json!("Admin")));
    let (_, carol) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let added = inside.post("/workspaces/current/members", json!({ "org_identity_id": carol })).ok();
    let member = format!("/workspaces/current/members/{}", text(&added["id"]));
    inside.call("DELETE", &member, &[], None).ok();
    inside.get("/orgs/current").refused(403, "does not permit this");
    inside.post("/workspaces", json!({ "display_name": "New" })).refused(403, "Only an Organization Admin");
    inside
        .post("/api-key", json!({}))
        .refused(403, "The service key of a workspace makes and deletes no keys.");
    // Of the organization, with each role.
    let role = |name: &str| json!({ "org_role_id": ada.role(&acme, name) });
    let key = |body| Key::service(&ada, At::Org(&acme), body);
    let whole = key(role("ORGANIZATION_ADMIN"));
    let made = text(&whole.post("/workspaces", json!({ "display_name": "Made" })).ok()["id"]);
    whole.call("POST", "/sessions", &[("x-tenant-id", &made)], Some(json!({ "name": "x" }))).ok();
    assert_eq!(whole.get("/workspaces").ok().as_array().unwrap().len(), 2);
    assert_eq!(
        ada.get("/workspaces/current/members", At::Workspace(&made)).ok()["members"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let child = Key::of(&server, whole.call("POST", "/api-key", &[("x-tenant-id", &made)], Some(json!({}))));
    child.get("/sessions").ok();
    let operator = key(role("ORGANIZATION_OPERATOR"));
    assert_eq!(operator.get("/workspaces").ok(), json!([]));
    operator
        .call("GET", "/sessions", &[("x-tenant-id", &made)], None)
        .refused(403, "not a member of this workspace");
    let admin = ada.identity(&acme);
    operator
        .call("DELETE", &format!("/orgs/current/members/{admin}"), &[], None)
        .refused(403, "An Operator cannot remove an Organization Admin.");
    operator.post("/orgs/current/members", json!({ "email": "x@example.com" })).ok();
    let mut body = role("ORGANIZATION_USER");
    body["role_id"] = json!(ada.role(&acme, "WORKSPACE_VIEWER"));
    let reader = key(body);
    assert_eq!(reader.get("/workspaces").ok()[0]["role_name"], "Viewer");
    reader.call("GET", "/sessions", &[("x-tenant-id", &workspace)], None).ok();
    let create = Some(json!({ "name": "z" }));
    reader.call("POST", "/sessions", &[("x-tenant-id", &workspace)], create).refused(403, "Viewer");
    let mut body = role("ORGANIZATION_ADMIN");
    body["role_id"] = json!(ada.role(&acme, "WORKSPACE_VIEWER"));
    ada.post("/api-key", At::Org(&acme), body).invalid(&[json!("body"), json!("role_id")]);
    // The last Admin is a person: a key is none.
    whole
        .call("DELETE", &format!("/orgs/current/members/{admin}"), &[], None)
        .refused(403, "An organization keeps at least one Organization Admin.");
}

#[test]
fn a_key_that_only_reads_changes_nothing() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    for path in ["/api-key", "/api-key/current"] {
        let made = ada.post(path, At::Workspace(&workspace), json!({ "read_only": true }));
        let key = Key::of(&server, made);
        key.get("/sessions").ok();
        key.post("/sessions", json!({ "name": "x" })).refused(403, "This API key reads only.");
        key.post("/api-key", json!({})).refused(403, "This API key reads only.");
        let patch = Some(json!({ "display_name": "x" }));
        key.call("PATCH", &format!("/workspaces/{workspace}"), &[], patch).refused(403, "reads only");
        key.call("DELETE", &format!("/workspaces/{workspace}"), &[], None).refused(403, "reads only");
    }
}

#[test]
fn keys_in_a_pending_organization() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let (token, service) = (Key::token(&ada, org), Key::service(&ada, At::Workspace(&workspace), json!({})));
    server.plan(&acme, "no_plan");
    let pending = "This organization is pending.";
    for key in [&token, &service] {
        key.get("/sessions").refused(403, pending);
        key.get("/workspaces").refused(403, pending);
    }
    token.get("/orgs/current/billing").ok();
    for path in ["/api-key", "/api-key/current"] {
        ada.get(path, org).refused(403, pending);
        ada.get(path, At::Workspace(&workspace)).refused(403, pending);
    }
    ada.post("/api-key/current", org, json!({})).refused(403, pending);
    ada.post("/api-key", org, json!({ "workspaces": [workspace] })).refused(403, pending);
    // What got into wrong hands can be taken back at any time.
    ada.delete(&format!("/api-key/current/{}", token.id), org).ok();
    ada.delete(&format!("/api-key/{}", service.id), org).ok();
}

#[test]
fn on_a_plan_with_one_workspace_a_key_is_an_admin() {
    let server = Server::start();
    let ada = server.anybody();
    let orgs = ada.get("/orgs", At::Nowhere).ok();
    let personal = text(&orgs[0]["id"]);
    let org = At::Org(&personal);
    let user = json!({ "org_role_id": ada.role(&personal, "ORGANIZATION_USER") });
    ada.post("/api-key", org, user).invalid(&[json!("body"), json!("org_role_id")]);
    let viewer = ada.role(&personal, "WORKSPACE_VIEWER");
    let workspace = ada.workspaces(&personal).remove(0);
    ada.post("/api-key", At::Workspace(&workspace), json!({ "role_id": viewer }))
        .refused(403, "On this plan everybody in a workspace is its Admin.");
    Key::service(&ada, At::Workspace(&workspace), json!({})).post("/datasets", json!({ "name": "d" })).ok();
}
