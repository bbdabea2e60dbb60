//! Custom roles.

use serde_json::{Value, json};

use crate::common::{At, Server, text};

#[test]
fn custom_roles_from_making_to_deleting() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let role = |name: &str, permissions: Value| json!({ "display_name": name, "description": "d", "permissions": permissions });
    let made = ada
        .post("/orgs/current/roles", org, role("Tester", json!(["projects:read", "projects:create"])))
        .ok();
    assert_eq!(
        (&made["name"], &made["access_scope"], &made["organization_id"]),
        (&json!("CUSTOM"), &json!("workspace"), &json!(acme))
    );
    let path = format!("/orgs/current/roles/{}", text(&made["id"]));
    ada.post("/orgs/current/roles", org, role("TESTER", json!(["projects:read"])))
        .refused(409, "There is a role named TESTER already.");
    ada.post("/orgs/current/roles", org, role("editor", json!(["projects:read"]))).refused(409, "already");
    for (bad, loc) in [
        (json!(["projects:fly"]), json!(["body", "permissions", 0])),
        (json!(["projects:read", "organization:manage"]), json!(["body", "permissions", 1])),
        (json!([]), json!(["body", "permissions"])),
        (json!("projects:read"), json!(["body", "permissions"])),
    ] {
        ada.post("/orgs/current/roles", org, role("X", bad)).invalid(loc.as_array().unwrap());
    }
    // It works: the permissions are asked for one by one.
    let (bob, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
    let members = ada.get("/workspaces/current/members", At::Workspace(&workspace)).ok();
    let his =
        members["members"].as_array().unwrap().iter().find(|row| row["email"] == bob.email.as_str()).unwrap();
    let member = format!("/workspaces/current/members/{}", text(&his["id"]));
    ada.patch(&member, At::Workspace(&workspace), json!({ "role_id": made["id"] })).ok();
    let at = At::Workspace(&workspace);
    bob.post("/sessions", at, json!({ "name": "x" })).ok();
    bob.get("/datasets", at).refused(403, "Your role in this workspace, Tester, does not permit this.");
    ada.patch(&path, org, role("Reader", json!(["datasets:read"]))).ok();
    bob.get("/datasets", at).ok();
    bob.get("/sessions", at).refused(403, "Reader");
    ada.delete(&path, org).refused(409, "1 membership has the role Reader.");
    ada.patch(&member, at, json!({ "role_id": ada.role(&acme, "WORKSPACE_USER") })).ok();
    assert_eq!(ada.delete(&path, org).ok()["display_name"], "Reader");
    ada.delete(&path, org).refused(404, "no such role");
}

#[test]
fn system_roles_and_other_plans() {
    let server = Server::start();
    let ada = server.anybody();
    let (acme, plus) = (ada.organization("Acme", "enterprise"), ada.organization("Plus", "plus"));
    let body = json!({ "display_name": "R", "description": "", "permissions": ["runs:read"] });
    ada.post("/orgs/current/roles", At::Org(&plus), body.clone())
        .refused(403, "Custom roles are part of the Enterprise plan.");
    for name in ["ORGANIZATION_ADMIN", "WORKSPACE_VIEWER"] {
        let path = format!("/orgs/current/roles/{}", ada.role(&acme, name));
        ada.patch(&path, At::Org(&acme), body.clone()).refused(403, "System roles cannot be changed");
        ada.delete(&path, At::Org(&acme)).refused(403, "System roles cannot be changed");
    }
    let mine = text(&ada.post("/orgs/current/roles", At::Org(&acme), body.clone()).ok()["id"]);
    let other = ada.organization("Other", "enterprise");
    ada.delete(&format!("/orgs/current/roles/{mine}"), At::Org(&other)).refused(404, "no such role");
    let invitation = json!({ "email": "x@example.com", "workspace_role_id": mine });
    ada.post("/orgs/current/members", At::Org(&other), invitation)
        .invalid(&[json!("body"), json!("workspace_role_id")]);
    let names: Vec<_> = ada
        .get("/orgs/current/roles", At::Org(&plus))
        .ok()
        .as_array()
        .unwrap()
        .iter()
        .map(|role| text(&role["name"]))
        .collect();
    assert_eq!(names.len(), 7, "{names:?}");
    assert_eq!(ada.get("/orgs/permissions", At::Nowhere).ok().as_array().unwrap().len(), 72);
}
