//! Fields of the contract that few clients use: each does what it says, or is refused.

use serde_json::{Value, json};

use crate::audit::{entries, operation};
use crate::common::{At, PASSWORD, Person, Server, text};

/// The values of a field in a list.
fn values(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|row| text(&row[key])).collect()
}

/// What the newest entry of an operation tells of `after`.
#[track_caller]
fn told(person: &Person<'_>, organization: &str, name: &str) -> Value {
    let all = entries(person, organization, "");
    let found = all.iter().find(|entry| operation(entry) == name);
    found.unwrap_or_else(|| panic!("no {name}"))["unmapped"]["after"].clone()
}

#[test]
fn whoever_is_invited_to_read_only_is_a_viewer() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let reads_only = |person: &Person<'_>| {
        let inside = person.get("/workspaces", org).ok();
        assert_eq!((&inside[0]["role_name"], &inside[0]["read_only"]), (&json!("Viewer"), &json!(true)));
        person.get("/sessions", at).ok();
        person.post("/sessions", at, json!({ "name": "x" })).refused(403, "Viewer");
    };
    let row = |email: &str, more: Value| {
        let mut row = json!({ "email": email, "workspace_ids": [workspace] });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };

    // To the organization: one, and many.
    let people: Vec<_> = (0..4).map(|_| server.anybody()).collect();
    let body = row(&people[0].email, json!({ "read_only": true }));
    let made = ada.post("/orgs/current/members", org, body).ok();
    assert_eq!((&made["read_only"], &made["workspace_role_id"]), (&json!(true), &json!(viewer)));
    assert_eq!(told(&ada, &acme, "invite_user_to_org")["workspace_role_id"], viewer.as_str());
    let rows = json!([
        row(&people[1].email, json!({ "read_only": true, "workspace_role_id": viewer })),
        row(&people[2].email, json!({ "read_only": false })),
        row(&people[3].email, json!({ "read_only": false, "workspace_role_id": viewer })),
    ]);
    let made = ada.post("/orgs/current/members/batch", org, rows).ok();
    let flags: Vec<_> = made.as_array().unwrap().iter().map(|row| row["read_only"].clone()).collect();
    assert_eq!(flags, [json!(true), json!(false), json!(true)], "false says nothing");
    people.iter().for_each(|person| drop(person.accept(&acme)));
    [0, 1, 3].iter().for_each(|index| reads_only(&people[*index]));
    people[2].post("/sessions", at, json!({ "name": "an Editor's" })).ok();

    // Members with accounts.
    let rows = json!([row("made@example.com", json!({ "read_only": true, "password": PASSWORD }))]);
    ada.post("/orgs/current/members/basic/batch", org, rows).ok();
    assert_eq!(told(&ada, &acme, "add_basic_auth_users_to_org")[0]["workspace_role_id"], viewer.as_str());
    reads_only(&Person::of(&server, "made@example.com", server.sign_in("made@example.com", PASSWORD)));

    // To the workspace: a member, and somebody new.
    let (member, new) = (ada.colleague(&acme, "ORGANIZATION_USER", &[]).0, server.anybody());
    let rows = json!([
        { "email": member.email, "read_only": true },
        { "email": new.email, "read_only": true, "role_id": viewer },
        { "email": "plain@example.com", "read_only": false },
    ]);
    let made = ada.post("/workspaces/current/members/batch", at, rows).ok();
    let flags: Vec<_> = made.as_array().unwrap().iter().map(|row| row["read_only"].clone()).collect();
    assert_eq!(flags, [json!(true), json!(true), json!(false)]);
    member.post(&format!("/workspaces/pending/{workspace}/claim"), At::Nowhere, json!({})).ok();
    new.accept(&acme);
    reads_only(&member);
    reads_only(&new);

    // Refused: another role beside it, and whoever is Admin of every workspace.
    let editor = ada.role(&acme, "WORKSPACE_USER");
    let custom = json!({ "display_name": "Reader", "description": "", "permissions": ["projects:read"] });
    let custom = text(&ada.post("/orgs/current/roles", org, custom).ok()["id"]);
    let admin = ada.role(&acme, "ORGANIZATION_ADMIN");
    for role in [&editor, &custom] {
        let body = row("a@example.com", json!({ "read_only": true, "workspace_role_id": role }));
        ada.post("/orgs/current/members", org, body.clone()).refused(422, "Whoever only reads is Viewer");
        ada.post("/orgs/current/members", org, body.clone()).invalid(&[json!("body"), json!("read_only")]);
        let path = [json!("body"), json!(0), json!("read_only")];
        ada.post("/orgs/current/members/batch", org, json!([body])).invalid(&path);
        ada.post("/orgs/current/members/basic/batch", org, json!([body])).invalid(&path);
        ada.post("/workspaces/current/members/batch", at, json!([body])).invalid(&path);
    }
    let body = row("a@example.com", json!({ "read_only": true, "role_id": admin }));
    ada.post("/orgs/current/members", org, body.clone()).refused(422, "cannot only read");
    ada.post("/workspaces/current/members/batch", at, json!([body])).refused(422, "cannot only read");
    let body = row("a@example.com", json!({ "read_only": "yes" }));
    ada.post("/orgs/current/members", org, body).invalid(&[json!("body"), json!("read_only")]);

    // Without RBAC everybody inside is Admin: what would read only is refused, not ignored.
    server.plan(&acme, "plus");
    let no_roles = "On this plan everybody in a workspace is its Admin.";
    let body = row("a@example.com", json!({ "read_only": true }));
    ada.post("/orgs/current/members", org, body.clone()).refused(403, no_roles);
    ada.post("/orgs/current/members/basic/batch", org, json!([body])).refused(403, no_roles);
    ada.post("/workspaces/current/members/batch", at, json!([body])).refused(403, no_roles);
    assert_eq!(people[0].get("/workspaces", org).ok()[0]["read_only"], false);
}

#[test]
fn a_member_of_a_workspace_reads_only() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let (viewer, editor) = (ada.role(&acme, "WORKSPACE_VIEWER"), ada.role(&acme, "WORKSPACE_USER"));
    let path = "/workspaces/current/members";
    let add = |more: Value| {
        let (person, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
        let mut body = json!({ "org_identity_id": identity });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        (person, ada.post(path, at, body))
    };
    let (bob, made) = add(json!({ "read_only": true }));
    let made = made.ok();
    assert_eq!((&made["role_id"], &made["read_only"]), (&json!(viewer), &json!(true)));
    assert_eq!(told(&ada, &acme, "add_member_to_workspace")["role_id"], viewer.as_str());
    bob.post("/sessions", at, json!({ "name": "x" })).refused(403, "Viewer");
    let listed = ada.get(&format!("{path}/active?emails={}", bob.email), at).ok();
    assert_eq!(listed[0]["read_only"], true);
    let (_, made) = add(json!({ "read_only": false }));
    assert_eq!(made.ok()["role_id"], editor.as_str(), "false says nothing");
    let (_, refused) = add(json!({ "read_only": true, "role_id": editor }));
    refused.invalid(&[json!("body"), json!("read_only")]);

    let change =
        |body: Value| ada.patch(&format!("{path}/{}", text(&made_id(&ada, path, at, &bob))), at, body);
    change(json!({ "role_id": editor, "read_only": true })).refused(422, "Whoever only reads is Viewer");
    change(json!({ "read_only": true })).invalid(&[json!("body"), json!("role_id")]);
    change(json!({ "role_id": editor, "read_only": false })).ok();
    bob.post("/sessions", at, json!({ "name": "x" })).ok();
    change(json!({ "role_id": viewer, "read_only": true })).ok();
    bob.post("/sessions", at, json!({ "name": "y" })).refused(403, "Viewer");
    assert_eq!(told(&ada, &acme, "update_workspace_member")["role_id"], viewer.as_str());

    server.plan(&acme, "plus");
    let (_, refused) = add(json!({ "read_only": true }));
    refused.refused(403, "On this plan everybody in a workspace is its Admin.");
}

fn made_id(ada: &Person<'_>, path: &str, at: At<'_>, person: &Person<'_>) -> Value {
    ada.get(&format!("{path}/active?emails={}", person.email), at).ok()[0]["id"].clone()
}

#[test]
fn accounts_with_a_given_id() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let id = |number: u32| format!("00000000-0000-4000-8000-00000000000{number}");
    let batch = |rows: Value| ada.post("/orgs/current/members/basic/batch", At::Org(&acme), rows);
    let row = |number: u32, more: Value| {
        let mut row = json!({ "email": format!("m{number}@example.com"), "password": PASSWORD });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let made = batch(json!([
        row(1, json!({ "user_id": id(1) })),
        row(2, json!({ "ls_user_id": id(2) })),
        row(3, json!({ "user_id": id(3), "ls_user_id": id(3) })),
        row(4, json!({ "user_id": null })),
    ]));
    let made = made.ok();
    assert_eq!(values(&made, "ls_user_id")[..3], [id(1), id(2), id(3)]);
    assert_eq!(values(&made, "id"), values(&made, "ls_user_id"));
    let person = Person::of(&server, "m2@example.com", server.sign_in("m2@example.com", PASSWORD));
    assert_eq!(person.get("/me/ls_user_id", At::Nowhere).ok(), id(2).as_str());
    assert_eq!(told(&ada, &acme, "add_basic_auth_users_to_org")[0]["user_id"], id(1).as_str());

    let refused = |rows: Value, status: u16, sentence: &str, at: usize, key: &str| {
        let body = batch(rows).refused(status, sentence);
        assert_eq!(body["detail"][0]["loc"], json!(["body", at, key]), "{body}");
    };
    let (fifth, own) = (row(5, json!({})), text(&ada.get("/me/ls_user_id", At::Nowhere).ok()));
    let taken = "This id is taken. Leave it out.";
    refused(json!([fifth, row(6, json!({ "user_id": own }))]), 409, taken, 1, "user_id");
    refused(json!([fifth, row(6, json!({ "ls_user_id": id(1) }))]), 409, taken, 1, "ls_user_id");
    let twice = json!([row(6, json!({ "user_id": id(6) })), row(7, json!({ "ls_user_id": id(6) }))]);
    refused(twice, 409, taken, 1, "ls_user_id");
    let two = row(6, json!({ "user_id": id(6), "ls_user_id": id(7) }));
    refused(json!([two]), 422, "An account has one id here", 0, "ls_user_id");
    refused(json!([fifth, row(6, json!({ "user_id": "x" }))]), 422, "not a UUID", 1, "user_id");
    server.sign_in("m5@example.com", PASSWORD).refused(401, "not right");
    server.sign_in(&ada.email, PASSWORD).ok();
}
