//! Accounts with a password: made by an organization, changed by their owners.

use serde_json::{Value, json};

use crate::common::{At, PASSWORD, Person, Server, text};

const BATCH: &str = "/orgs/current/members/basic/batch";

#[test]
fn members_are_made_with_their_accounts() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let rows = json!([
        { "email": " Bob@Example.com ", "password": "bobs own password", "full_name": "Bob B.",
          "workspace_ids": [workspace, workspace], "workspace_role_id": viewer },
        { "email": "carol@example.com", "role_id": ada.role(&acme, "ORGANIZATION_ADMIN") },
    ]);
    let made = ada.post(BATCH, org, rows).ok();
    assert_eq!(made.as_array().unwrap().len(), 2);
    assert_eq!(
        (&made[0]["email"], &made[0]["full_name"], &made[0]["password"]),
        (&json!("bob@example.com"), &json!("Bob B."), &Value::Null)
    );
    assert_eq!(made[0].as_object().unwrap().len(), 8, "UserWithPassword: {made}");
    assert_eq!(made[1]["full_name"], "carol");
    // A password that nobody gave is told once, and works.
    let secret = text(&made[1]["password"]);
    assert!(secret.len() >= 16, "{secret}");
    let carol = Person::of(&server, "carol@example.com", server.sign_in("carol@example.com", &secret));
    assert_eq!(carol.get("/me/ls_user_id", At::Nowhere).ok(), made[1]["ls_user_id"]);
    carol.get("/sessions", At::Workspace(&workspace)).ok();
    let bob = Person::of(&server, "bob@example.com", server.sign_in("bob@example.com", "bobs own password"));
    assert_eq!(bob.workspaces(&acme), std::slice::from_ref(&workspace));
    bob.post("/sessions", At::Workspace(&workspace), json!({ "name": "x" })).refused(403, "Viewer");
    let all = ada.get("/orgs/current/members", org).ok();
    assert_eq!((all["members"].as_array().unwrap().len(), &all["pending"]), (3, &json!([])));
    for secret in [secret.as_str(), "bobs own password"] {
        let bytes = crate::database::everything(&server.database());
        assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
    }
}

#[test]
fn refused_members_name_the_row_and_nothing_is_made() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let batch = |rows: Value| ada.post(BATCH, org, rows);
    let good = json!({ "email": "good@example.com", "password": PASSWORD });
    let row = |field: &str| [json!("body"), json!(1), json!(field)];
    batch(json!([good, { "email": "x" }])).invalid(&row("email"));
    batch(json!([good, {}])).invalid(&row("email"));
    batch(json!([good, { "email": "b@example.com", "password": "short" }])).invalid(&row("password"));
    batch(json!([good, { "email": "b@example.com", "full_name": " " }])).invalid(&row("full_name"));
    batch(json!([good, { "email": "b@example.com", "workspace_ids": [acme] }]))
        .invalid(&row("workspace_ids"));
    batch(json!([good, { "email": "GOOD@example.com" }])).refused(409, "in this list twice");
    batch(json!([good, { "email": ada.email }])).refused(409, "already a member of Acme");
    ada.invite(&acme, "waits@example.com", "ORGANIZATION_USER", &[]);
    batch(json!([good, { "email": "waits@example.com" }])).refused(409, "already invited to Acme");
    // Somebody else's account is never taken over: its owner is invited.
    let eve = server.sign_up("eve@example.com");
    let told = batch(json!([good, { "email": "eve@example.com", "password": "another password" }]))
        .refused(409, "There is an account for eve@example.com already. Send an invitation.");
    assert_eq!(told["detail"][0]["loc"], json!(["body", 1, "email"]));
    eve.get("/me/ls_user_id", At::Nowhere).ok();
    server.sign_in("eve@example.com", "another password").refused(401, "not right");
    let many: Vec<_> = (0..501).map(|index| json!({ "email": format!("m{index}@example.com") })).collect();
    batch(json!(many)).invalid(&[json!("body")]);
    batch(json!([])).invalid(&[json!("body")]);
    // Seats: ten, of which one is taken and one is kept.
    batch(json!(many[..9])).refused(409, "This needs 9 seats, and there are 8 seats free of 10.");
    server.sign_in("good@example.com", PASSWORD).refused(401, "not right");
    assert_eq!(ada.get("/orgs/current/members", org).ok()["members"].as_array().unwrap().len(), 1);
    batch(json!(many[..8])).ok();
    ada.post("/orgs/current/members", org, json!({ "email": "late@example.com" }))
        .refused(409, "no free seat");
    // An invited person has a password or chooses one.
    let invited = json!({ "email": "i@example.com", "password": PASSWORD });
    ada.post("/orgs/current/members", org, invited).invalid(&[json!("body"), json!("password")]);
}

#[test]
fn an_operator_makes_nobody_an_admin() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    for role in ["ORGANIZATION_ADMIN", "ORGANIZATION_OPERATOR"] {
        let rows = json!([{ "email": "a@example.com" }, { "email": "b@example.com", "role_id": ada.role(&acme, role) }]);
        operator.post(BATCH, At::Org(&acme), rows).refused(403, "An Operator cannot invite");
    }
    ada.patch("/orgs/current/info", At::Org(&acme), json!({ "invites_enabled": false })).ok();
    operator.post(BATCH, At::Org(&acme), json!([{ "email": "a@example.com" }])).refused(403, "switched off");
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let server = Server::start();
    let ada = server.sign_up("ada@example.com");
    let other = Person::of(&server, "ada@example.com", server.sign_in("ada@example.com", PASSWORD));
    let change = |body: Value| ada.patch("/orgs/members/basic", At::Nowhere, body);
    change(json!({})).ok();
    change(json!({ "password": "short" })).invalid(&[json!("body"), json!("password")]);
    change(json!({ "full_name": " " })).invalid(&[json!("body"), json!("full_name")]);
    change(json!({ "full_name": "Ada, Countess" })).ok();
    other.get("/me/ls_user_id", At::Nowhere).ok();
    change(json!({ "password": "quite another one", "full_name": null })).ok();
    ada.get("/me/ls_user_id", At::Nowhere).ok();
    other.get("/me/ls_user_id", At::Nowhere).refused(401, "Sign in again.");
    server.send("POST", "/session", &[("cookie", &other.cookie)], None).refused(401, "Sign in again.");
    server.send("POST", "/session", &[("cookie", &ada.cookie)], None).ok();
    server.sign_in("ada@example.com", PASSWORD).refused(401, "not right");
    server.sign_in("ada@example.com", "quite another one").ok();
    let acme = ada.organization("Acme", "plus");
    let members = ada.get("/orgs/current/members", At::Org(&acme)).ok();
    assert_eq!(members["members"][0]["full_name"], "Ada, Countess");
    assert_eq!(
        ada.get("/orgs/current/members/active?q=countess", At::Org(&acme)).ok().as_array().unwrap().len(),
        1
    );
    server.send("PATCH", "/orgs/members/basic", &[], None).refused(401, "Sign in");
}
