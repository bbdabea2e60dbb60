//! Accounts that an operator switches off and on.

use serde_json::{Value, json};

use crate::common::{At, PASSWORD, Person, Server, program, text, url};

const OFF: &str = "This account is switched off.";

#[test]
fn switched_off_and_on() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
    let told = server.switch("disable", &bob.email.to_uppercase());
    assert_eq!(told, format!("The account of {} is switched off now.\n", bob.email));
    bob.get("/orgs", At::Nowhere).refused(403, OFF);
    bob.get("/orgs/current", org).refused(403, OFF);
    server.send("POST", "/session", &[("cookie", &bob.cookie)], None).refused(403, OFF);
    server.sign_in(&bob.email, PASSWORD).refused(403, OFF);
    // Nobody else learns of it by trying.
    server.sign_in(&bob.email, "wrong password").refused(401, "not right");

    // It shows in every list, and each can be asked for it.
    let lists = [
        ("/orgs/current/members/active", org),
        ("/workspaces/current/members/active", At::Workspace(&workspace)),
    ];
    for (path, at) in lists {
        let emails = |query: &str| -> Vec<(String, bool)> {
            let list = ada.get(&format!("{path}?{query}"), at).ok();
            let row = |row: &Value| (text(&row["email"]), row["is_disabled"] == true);
            let mut found: Vec<_> = list.as_array().unwrap().iter().map(row).collect();
            found.sort();
            found
        };
        let (on, off) = ((ada.email.clone(), false), (bob.email.clone(), true));
        assert_eq!(emails(""), [on.clone(), off.clone()], "{path}");
        assert_eq!(emails("is_disabled=true"), [off], "{path}");
        assert_eq!(emails("is_disabled=false"), [on], "{path}");
        ada.get(&format!("{path}?is_disabled=maybe"), at).invalid(&[json!("query"), json!("is_disabled")]);
    }
    let enriched = ada.get("/v1/platform/orgs/current/members", org).ok();
    let shown = enriched.as_array().unwrap().iter().find(|row| row["id"] == identity.as_str()).unwrap();
    assert_eq!(shown["is_disabled"], true);

    let told = server.switch("enable", &bob.email);
    assert_eq!(told, format!("The account of {} is switched on now.\n", bob.email));
    bob.get("/orgs/current", org).ok();
    Person::of(&server, &bob.email, server.sign_in(&bob.email, PASSWORD));
    server.switch("disable", &bob.email);
    // Signing out stays possible.
    bob.delete("/session", At::Nowhere).ok();
}

#[test]
fn a_disabled_admin_is_not_the_one_that_stays() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let (boss, identity) = ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
    let told = server.switch("disable", &boss.email);
    assert!(!told.contains("No Organization Admin"), "{told}");
    let own = format!("/orgs/current/members/{}", ada.identity(&acme));
    let user = json!({ "role_id": ada.role(&acme, "ORGANIZATION_USER") });
    let last = "An organization keeps at least one Organization Admin.";
    ada.patch(&own, org, user.clone()).refused(403, last);
    ada.delete(&own, org).refused(403, last);
    // The one that is switched off can go.
    ada.patch(&format!("/orgs/current/members/{identity}"), org, user).ok();
    ada.delete(&format!("/orgs/current/members/{identity}"), org).ok();
    // An operator is told what is left behind.
    let told = server.switch("disable", &ada.email);
    assert!(told.contains("No Organization Admin of Acme can sign in any more."), "{told}");
}

#[test]
fn the_command_says_what_is_wrong() {
    let server = Server::start();
    for command in ["disable", "enable"] {
        let run = |email: &str, database: &str| {
            let done = program().args([command, email, "--database", database]).output().unwrap();
            assert_eq!(done.status.code(), Some(1));
            String::from_utf8(done.stderr).unwrap()
        };
        let told = run("x@example.com", &url(&server.database()));
        assert!(told.contains("There is no account for x@example.com in this database."), "{told}");
        assert!(run("x@example.com", "sqlite:///nowhere/a.db").contains("There is no database at"));
        let help = program().args([command, "--help"]).output().unwrap();
        assert!(help.status.success() && help.stdout.len() > 100);
    }
}
