//! Nobody gives what they do not have: by inviting, by making accounts, by changing a role, by a
//! workspace's own routes.

use serde_json::{Value, json};

use crate::common::{At, Person, Server, text};
use crate::keys::Key;

const NOT_INSIDE: &str = "You can open only the workspaces that you are in.";
const TOO_MUCH: &str = "This role permits more than your own in this workspace";
const NOT_WIDER: &str = "Somebody has this role in a workspace where you lack this permission";
const BATCH: &str = "/orgs/current/members/batch";
const BASIC: &str = "/orgs/current/members/basic/batch";

/// A custom role that the person makes.
fn custom(who: &Person<'_>, organization: &str, name: &str, permissions: Value) -> String {
    let body = json!({ "display_name": name, "description": "", "permissions": permissions });
    text(&who.post("/orgs/current/roles", At::Org(organization), body).ok()["id"])
}

/// Adds a member to a workspace with a role.
fn add(who: &Person<'_>, workspace: &str, identity: &str, role: &str) -> String {
    let body = json!({ "org_identity_id": identity, "role_id": role });
    text(&who.post("/workspaces/current/members", At::Workspace(workspace), body).ok()["id"])
}

#[test]
fn an_operator_opens_only_what_is_open_to_him() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (closed, viewed) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Viewed"));
    let (operator, identity) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let role = |name: &str| ada.role(&acme, name);
    let (admin, editor, viewer) = (role("WORKSPACE_ADMIN"), role("WORKSPACE_USER"), role("WORKSPACE_VIEWER"));
    add(&ada, &viewed, &identity, &viewer);
    let own = operator.workspace(&acme, "His own");
    let token = Key::token(&operator, org);
    let good = json!({ "email": "good@example.com" });
    let user = role("ORGANIZATION_USER");
    for (workspaces, workspace_role, sentence) in [
        (json!([closed]), Some(&admin), NOT_INSIDE),
        (json!([closed]), Some(&viewer), NOT_INSIDE),
        // Nor by leaving the role out.
        (json!([closed]), None, NOT_INSIDE),
        (json!([own, closed]), Some(&viewer), NOT_INSIDE),
        (json!([viewed]), Some(&admin), TOO_MUCH),
        (json!([viewed]), Some(&editor), TOO_MUCH),
        (json!([viewed]), None, TOO_MUCH),
        (json!([own, viewed]), Some(&editor), TOO_MUCH),
    ] {
        let mut row = json!({ "email": "second@example.com", "role_id": user, "workspace_ids": workspaces });
        if let Some(workspace_role) = workspace_role {
            row["workspace_role_id"] = json!(workspace_role);
        }
        operator.post("/orgs/current/members", org, row.clone()).refused(403, sentence);
        for path in [BATCH, BASIC] {
            let told = operator.post(path, org, json!([good, good, row])).refused(403, sentence);
            let told = told["detail"].as_array().unwrap();
            // The second row says the first one again: that is told beside it.
            assert_eq!(told[0]["loc"], json!(["body", 1, "email"]), "{told:?}");
            assert_eq!(told[1]["loc"], json!(["body", 2, "workspace_ids"]), "{told:?}");
            let told = token.call("POST", path, &[], Some(json!([good, row]))).refused(403, sentence);
            assert_eq!(told["detail"][0]["loc"], json!(["body", 1, "workspace_ids"]), "{told}");
        }
    }
    let everybody = ada.get("/orgs/current/members", org).ok();
    assert_eq!(
        (everybody["pending"].as_array().unwrap().len(), everybody["members"].as_array().unwrap().len()),
        (0, 2),
        "nothing was saved"
    );
    // What he has he gives: his own workspace with every role, the other one with his.
    let rows = json!([
        { "email": "a@example.com", "workspace_ids": [own], "workspace_role_id": admin },
        { "email": "b@example.com", "workspace_ids": [own] },
        { "email": "c@example.com", "workspace_ids": [own, viewed], "workspace_role_id": viewer },
        { "email": "d@example.com" },
    ]);
    operator.post(BATCH, org, rows).ok();
    let basic = json!([{ "email": "e@example.com", "workspace_ids": [viewed], "workspace_role_id": viewer }]);
    operator.post(BASIC, org, basic).ok();
    let carol = server.sign_up("c@example.com");
    carol.accept(&acme);
    carol.get("/sessions", At::Workspace(&viewed)).ok();
    carol.get("/sessions", At::Workspace(&closed)).refused(403, "not a member of this workspace");
    // An Organization Admin opens all of them, without being in any.
    let (boss, _) = ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
    let row = json!({ "email": "f@example.com", "workspace_ids": [closed, viewed, own], "workspace_role_id": admin });
    boss.post("/orgs/current/members", org, row).ok();
}

#[test]
fn without_rbac_being_inside_is_enough() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let (closed, open) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Open"));
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[&open]);
    let invite = |workspace: &str| {
        operator.post(BATCH, org, json!([{ "email": "a@example.com", "workspace_ids": [workspace] }]))
    };
    let told = invite(&closed).refused(403, NOT_INSIDE);
    assert_eq!(told["detail"][0]["loc"], json!(["body", 0, "workspace_ids"]));
    invite(&open).ok();
}

#[test]
fn a_key_of_the_organization_opens_what_is_open_to_it() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let role = |name: &str| ada.role(&acme, name);
    let operator = role("ORGANIZATION_OPERATOR");
    let outside = Key::service(&ada, org, json!({ "org_role_id": operator }));
    let viewer = json!({ "org_role_id": operator, "role_id": role("WORKSPACE_VIEWER") });
    let viewer = Key::service(&ada, org, viewer);
    let admin = Key::service(&ada, org, json!({ "org_role_id": role("ORGANIZATION_ADMIN") }));
    let invite = |key: &Key<'_>, name: &str| {
        let row = json!({ "email": format!("{}@example.com", key.id), "workspace_ids": [workspace], "workspace_role_id": role(name) });
        key.call("POST", BATCH, &[], Some(json!([row])))
    };
    invite(&outside, "WORKSPACE_VIEWER").refused(403, NOT_INSIDE);
    invite(&viewer, "WORKSPACE_USER").refused(403, TOO_MUCH);
    invite(&viewer, "WORKSPACE_VIEWER").ok();
    invite(&admin, "WORKSPACE_ADMIN").ok();
}

#[test]
fn a_role_that_somebody_has_grows_by_what_one_has() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let (operator, identity) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let own = operator.workspace(&acme, "His own");
    let change = |who: &Person<'_>, role: &str, permissions: Value| {
        let body =
            json!({ "display_name": format!("R {role}"), "description": "d", "permissions": permissions });
        who.patch(&format!("/orgs/current/roles/{role}"), org, body)
    };
    let more = json!(["runs:read", "projects:read", "workspaces:manage-members"]);
    let refused = |role: &str| {
        let told = change(&operator, role, more.clone()).refused(403, NOT_WIDER);
        let loc: Vec<_> = told["detail"].as_array().unwrap().iter().map(|one| one["loc"].clone()).collect();
        assert_eq!(loc, [json!(["body", "permissions", 1]), json!(["body", "permissions", 2])], "{told}");
        // Its name, and less of it, is what the table lets an Operator change.
        change(&operator, role, json!(["runs:read"])).ok();
        let roles = ada.get("/orgs/current/roles", org).ok();
        let saved = roles.as_array().unwrap().iter().find(|one| one["id"] == role).unwrap();
        assert_eq!(saved["permissions"], json!(["runs:read"]));
    };
    let new = |name: &str| custom(&ada, &acme, name, json!(["runs:read"]));

    // A role that nobody has is harmless, and so is one in a workspace where he is Admin.
    let unused = new("Unused");
    change(&operator, &unused, more.clone()).ok();
    let of_his_own = new("Of his own");
    let (_, friend) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    add(&operator, &own, &friend, &of_his_own);
    change(&operator, &of_his_own, more.clone()).ok();

    // The one that he has himself.
    let held = new("Held");
    add(&ada, &workspace, &identity, &held);
    refused(&held);
    operator.get("/sessions", At::Workspace(&workspace)).refused(403, "does not permit this");
    // One that somebody else has where he is with less.
    let others = new("Others");
    let (_, other) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let membership = add(&ada, &workspace, &other, &others);
    refused(&others);
    // Out of use it is harmless again.
    ada.delete(&format!("/workspaces/current/members/{membership}"), At::Workspace(&workspace)).ok();
    change(&operator, &others, more.clone()).ok();
    // One that waits in an invitation of either kind, and one of a service key of either kind.
    let invited = new("Invited");
    let row =
        json!({ "email": "new@example.com", "workspace_ids": [workspace], "workspace_role_id": invited });
    ada.post("/orgs/current/members", org, row).ok();
    refused(&invited);
    let (dan, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let inside = new("Inside");
    let row = json!([{ "email": dan.email, "workspace_role_id": inside }]);
    ada.post("/workspaces/current/members/batch", At::Workspace(&workspace), row).ok();
    refused(&inside);
    let of_key = new("Of a key");
    Key::service(&ada, At::Workspace(&workspace), json!({ "role_id": of_key }));
    refused(&of_key);
    let everywhere = new("Everywhere");
    let user = ada.role(&acme, "ORGANIZATION_USER");
    Key::service(&ada, org, json!({ "org_role_id": user, "role_id": everywhere }));
    refused(&everywhere);
    // An Organization Admin has every permission everywhere.
    for role in [&held, &invited, &inside, &of_key, &everywhere] {
        change(&ada, role, more.clone()).ok();
    }
}

#[test]
fn an_invitation_that_waits_gives_no_more_than_who_opens_a_workspace_to_it() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let (operator, identity) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let mut editor = ada.get("/orgs/current/roles", org).ok().as_array().unwrap().clone();
    editor.retain(|role| role["name"] == "WORKSPACE_USER");
    let mut permissions = editor[0]["permissions"].as_array().unwrap().clone();
    permissions.push(json!("workspaces:manage-members"));
    let keeper = custom(&ada, &acme, "Keeper", json!(permissions));
    add(&ada, &workspace, &identity, &keeper);
    // The invitation opens nothing yet, so it gives nothing.
    let admin = ada.role(&acme, "WORKSPACE_ADMIN");
    let row = json!({ "email": "second@example.com", "workspace_role_id": admin });
    operator.post("/orgs/current/members", org, row).ok();
    let second = json!([{ "email": "second@example.com" }]);
    let path = "/workspaces/current/members/batch";
    let told = operator.post(path, at, second.clone()).refused(403, TOO_MUCH);
    assert_eq!(told["detail"][0]["loc"], json!(["body", 0, "email"]));
    ada.post(path, at, second).ok();
}

#[test]
fn a_workspaces_admin_leaves_the_invitation_of_an_organization_admin_alone() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let own = operator.workspace(&acme, "His own");
    let at = At::Workspace(&own);
    let path = |id: &str| format!("/workspaces/current/members/{id}/pending");
    let boss = ada.invite(&acme, "boss@example.com", "ORGANIZATION_ADMIN", &[&own]);
    operator.delete(&path(&boss), at).refused(403, "Only an Organization Admin changes the invitation");
    let waiting = ada.get("/workspaces/current/members/pending", at).ok();
    assert_eq!(waiting[0]["id"], boss.as_str(), "it still opens the workspace");
    let user = ada.invite(&acme, "user@example.com", "ORGANIZATION_USER", &[&own]);
    operator.delete(&path(&user), at).ok();
    ada.delete(&path(&boss), at).ok();
}

#[test]
fn rows_refused_by_a_rule_are_named_in_a_workspace_too() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let own = operator.workspace(&acme, "His own");
    let at = At::Workspace(&own);
    let path = "/workspaces/current/members/batch";
    let good = json!({ "email": "a@example.com" });
    let admin = json!({ "email": "b@example.com", "role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    let told = operator.post(path, at, json!([good, admin])).refused(403, "An Operator cannot invite");
    assert_eq!(told["detail"][0]["loc"], json!(["body", 1, "role_id"]), "{told}");
    let (bob, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    add(&operator, &own, &bob.identity(&acme), &ada.role(&acme, "WORKSPACE_ADMIN"));
    let (carol, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let rows = json!([{ "email": carol.email }, good]);
    let told = bob.post(path, at, rows).refused(403, "Only an Organization Admin or Operator can do this.");
    assert_eq!(told["detail"][0]["loc"], json!(["body", 1, "email"]), "{told}");
    ada.patch("/orgs/current/info", At::Org(&acme), json!({ "invites_enabled": false })).ok();
    let told = ada.post(path, at, json!([{ "email": carol.email }, good])).refused(403, "switched off");
    assert_eq!(told["detail"][0]["loc"], json!(["body", 1, "email"]), "{told}");
    assert_eq!(ada.get("/workspaces/current/members/pending", at).ok(), json!([]), "nothing was sent");
}
