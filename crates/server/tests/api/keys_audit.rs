//! Keys in the audit log, and requests with keys that are sent again.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::audit::{entries, fits_the_contract, operation};
use crate::common::{At, PASSWORD, Server, text};
use crate::keys::Key;

#[test]
fn changes_of_and_by_keys_are_recorded() {
    let server = Server::start();
    let ada = server.anybody();
    let me = ada.get("/me/ls_user_id", At::Nowhere).ok();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let admin = ada.role(&acme, "WORKSPACE_ADMIN");
    let token = Key::token(&ada, org);
    let service = Key::service(&ada, at, json!({ "description": "CI" }));
    // By keys: a token is its owner's, a service key is nobody's.
    token.post("/workspaces", json!({ "display_name": "By token" })).ok();
    service.post("/datasets", json!({ "name": "by key" })).ok();
    service.post("/api-key", json!({})).refused(403, "makes and deletes no keys");
    let made = ada
        .post(
            "/orgs/current/members/basic/batch",
            org,
            json!([{ "email": "bob@example.com", "password": PASSWORD }]),
        )
        .ok();
    let bob =
        crate::common::Person::of(&server, "bob@example.com", server.sign_in("bob@example.com", PASSWORD));
    let invite = || {
        let rows = json!([{ "email": "bob@example.com" }]);
        text(&ada.post("/workspaces/current/members/batch", at, rows).ok()[0]["id"])
    };
    let declined = invite();
    bob.delete(&format!("/workspaces/pending/{workspace}"), At::Nowhere).ok();
    invite();
    bob.post(&format!("/workspaces/pending/{workspace}/claim"), At::Nowhere, json!({})).ok();
    bob.patch("/orgs/members/basic", org, json!({ "full_name": "Bob B.", "password": "quite another one" }))
        .ok();
    // Without an organization it is told to none.
    bob.patch("/orgs/members/basic", At::Nowhere, json!({ "full_name": "Bob C." })).ok();
    ada.delete(&format!("/api-key/current/{}", token.id), org).ok();
    ada.delete(&format!("/api-key/{}", service.id), at).ok();

    let all = entries(&ada, &acme, "");
    let mut newest = BTreeMap::new();
    for entry in all.iter().rev() {
        fits_the_contract(entry);
        newest.insert(operation(entry), entry);
    }
    let shown = |description: &str, role: Value, workspaces: Value, key: &Key<'_>| {
        let kind = if role.is_null() { "lsv2_pt_" } else { "lsv2_sk_" };
        json!({
            "short_key": format!("{kind}...{}", &key.secret[key.secret.len() - 4..]),
            "description": description,
            "read_only": false,
            "expires_at": null,
            "organization_role": null,
            "role_id": role,
            "workspace_ids": workspaces,
        })
    };
    let of_token = shown("Default API key", Value::Null, json!([]), &token);
    let of_service = shown("CI", json!(admin), json!([workspace]), &service);
    let bobs = text(&made[0]["id"]);
    let editor = ada.role(&acme, "WORKSPACE_USER");
    let identity = bob.identity(&acme);
    let waited = json!({ "org_identity_id": identity, "workspace_id": workspace, "role_id": editor });
    let member = json!({
        "email": "bob@example.com", "role": "ORGANIZATION_USER", "workspace_role_id": null,
        "workspace_ids": [], "user_id": bobs, "full_name": "bob",
    });
    for (name, inside, before, after) in [
        ("create_personal_access_token", Value::Null, Value::Null, of_token.clone()),
        ("delete_personal_access_token", Value::Null, of_token, Value::Null),
        ("create_service_key", json!(workspace), Value::Null, of_service.clone()),
        ("delete_service_key", json!(workspace), of_service, Value::Null),
        ("add_basic_auth_users_to_org", Value::Null, Value::Null, json!([member])),
        ("add_members_to_workspace_batch", json!(workspace), Value::Null, json!([waited])),
        ("delete_pending_workspace_invite", json!(workspace), waited.clone(), Value::Null),
        ("claim_pending_workspace_invite", json!(workspace), waited.clone(), waited.clone()),
        (
            "update_basic_auth_user",
            Value::Null,
            json!({ "full_name": "bob" }),
            json!({ "full_name": "Bob B.", "password": "changed" }),
        ),
    ] {
        // A refused attempt to make a key is the newest of its name.
        let entry = all.iter().find(|entry| operation(entry) == name && entry["status_id"] == 1).unwrap();
        let told = &entry["unmapped"];
        assert_eq!((&told["before"], &told["after"]), (&before, &after), "{name}");
        assert_eq!(told["original_audit_log"]["workspace_id"], inside, "{name}");
        assert!(!entry["resources"].as_array().unwrap().is_empty(), "{name}");
        assert!(newest.contains_key(name));
    }
    let declined_entry = newest["delete_pending_workspace_invite"];
    assert_eq!(declined_entry["resources"], json!([{ "uid": declined }]));
    let actor = |name: &str| newest[name]["actor"]["user"].clone();
    assert_eq!(actor("create_workspace"), json!({ "uid": me, "credential_uid": token.id }));
    assert_eq!(actor("create_dataset"), json!({ "uid": null, "credential_uid": service.id }));
    assert_eq!(actor("delete_service_key"), json!({ "uid": me, "credential_uid": null }));
    assert_eq!(actor("claim_pending_workspace_invite")["uid"], bobs.as_str());
    let refused =
        all.iter().find(|entry| operation(entry) == "create_service_key" && entry["status_id"] == 2);
    let refused = refused.expect("what a key was refused");
    assert_eq!(refused["actor"]["user"]["credential_uid"], service.id.as_str());
    assert_eq!(refused["http_response"]["code"], 403);

    let secrets = [token.secret.clone(), service.secret.clone(), PASSWORD.to_owned()];
    let (log, bytes) = server.end();
    for secret in secrets.iter().map(String::as_str).chain(["quite another one"]) {
        assert!(!log.contains(secret), "{secret} is in the log");
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is kept");
    }
}

#[test]
fn a_repeated_request_makes_one_key_and_keeps_none() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    for (path, key) in [("/api-key", "one"), ("/api-key/current", "another")] {
        let made = ada.post_once(path, at, json!({}), key).ok();
        let told = ada.post_once(path, at, json!({}), key).refused(409, "shown once and not kept");
        assert!(!told.to_string().contains(made["key"].as_str().unwrap()));
        assert_eq!(ada.get(path, at).ok().as_array().unwrap().len(), 1);
    }
    let basic = "/orgs/current/members/basic/batch";
    let rows = json!([{ "email": "b@example.com" }]);
    ada.post_once(basic, org, rows.clone(), "two").ok();
    ada.post_once(basic, org, rows, "two").refused(409, "shown once and not kept");
    let rows = json!([{ "email": "c@example.com", "password": PASSWORD }]);
    let made = ada.post_once(basic, org, rows.clone(), "three").ok();
    let again = ada.post_once(basic, org, rows, "three");
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(), made);
}

#[test]
fn two_tokens_of_a_person_are_two_callers() {
    let server = Server::start();
    let ada = server.anybody();
    let tokens: Vec<_> = ["One", "Two"]
        .map(|name| ada.organization(name, "plus"))
        .iter()
        .map(|organization| Key::token(&ada, At::Org(organization)))
        .collect();
    let make = |key: &Key<'_>| {
        key.call("POST", "/workspaces", &[("idempotency-key", "same")], Some(json!({ "display_name": "W" })))
    };
    let (first, second) = (make(&tokens[0]).ok(), make(&tokens[1]).ok());
    assert_ne!(first["organization_id"], second["organization_id"], "an answer of another organization");
    let again = make(&tokens[0]);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(), first);
    // A service key is a caller of its own, and one that was deleted is none.
    let workspace = text(&first["id"]);
    let key = Key::service(&ada, At::Workspace(&workspace), json!({}));
    let dataset =
        || key.call("POST", "/datasets", &[("idempotency-key", "same")], Some(json!({ "name": "d" })));
    let made = dataset().ok();
    assert_eq!(dataset().ok()["id"], made["id"]);
    ada.delete(&format!("/api-key/{}", key.id), At::Workspace(&workspace)).ok();
    dataset().refused(401, crate::keys::NOT_VALID);
}
