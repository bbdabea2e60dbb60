//! What ends with a membership, and members who are brought back.

use serde_json::{Value, json};

use crate::common::{At, Person, Server, eventually, text};
use crate::database::{execute, query};
use crate::keys::Key;

const REMOVED: &str = "/orgs/current/members/removed";

fn add(who: &Person<'_>, workspace: &str, identity: &str, role: &str) -> String {
    let body = json!({ "org_identity_id": identity, "role_id": role });
    text(&who.post("/workspaces/current/members", At::Workspace(workspace), body).ok()["id"])
}

fn remove(who: &Person<'_>, organization: &str, identity: &str) {
    who.delete(&format!("/orgs/current/members/{identity}"), At::Org(organization)).ok();
}

fn ends(identity: &str) -> String {
    format!("/orgs/current/members/{identity}/ends")
}

fn restore(identity: &str) -> String {
    format!("{REMOVED}/{identity}/restore")
}

/// A member as the newer list has it.
fn listed(who: &Person<'_>, organization: &str, email: &str) -> Value {
    let path = format!("/v1/platform/orgs/current/members?email_like={email}");
    who.get(&path, At::Org(organization)).ok()[0].clone()
}

fn emails(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|row| row["email"].as_str().unwrap()).collect()
}

#[test]
fn what_ends_with_a_membership_is_told_before() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (first, lab) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Lab"));
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    add(&ada, &lab, &identity, &ada.role(&acme, "WORKSPACE_VIEWER"));
    let used = Key::token(&bob, At::Workspace(&lab));
    used.get("/sessions").ok();
    let body = json!({ "description": "nightly export" });
    bob.post("/api-key/current", org, body).ok();
    server.sign_in(&bob.email, crate::common::PASSWORD).ok();

    let told = ada.get(&ends(&identity), org).ok();
    assert_eq!(told["role_name"], "Organization User");
    assert_eq!(told["workspaces"].as_array().unwrap().len(), 1);
    assert_eq!(told["workspaces"][0]["workspace_name"], "Lab");
    assert_eq!(told["workspaces"][0]["role_name"], "Viewer");
    let tokens = told["tokens"].as_array().unwrap();
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0]["description"], "nightly export");
    assert!(tokens[0]["last_used_at"].is_null() && tokens[1]["last_used_at"].is_string(), "{told}");
    assert_eq!(told["open_sessions"], 2, "signed up, and signed in once more");
    assert_eq!((&told["kept_days"], &told["why_not_back"]), (&json!(30), &Value::Null));
    // No secret, and nothing that could be used as one.
    let text = told.to_string();
    assert!(!text.contains(&used.secret) && !text.contains("hash"), "{text}");

    // The member sees the same of itself; others see nothing.
    let own = bob.get(&ends(&identity), org).ok();
    assert_eq!(own["tokens"], told["tokens"]);
    assert!(own["why_not_back"].as_str().unwrap().starts_with("You cannot bring yourself back."));
    let (carol, carols) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    carol.get(&ends(&identity), org).refused(403, "Only an Organization Admin or Operator");
    bob.get(&ends(&carols), org).refused(403, "Only an Organization Admin or Operator");
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let adas = ada.identity(&acme);
    operator.get(&ends(&adas), org).refused(403, "An Operator cannot remove an Organization Admin.");
    // An Operator can remove somebody whom they could not bring back, and is told so before.
    let told = operator.get(&ends(&identity), org).ok();
    assert!(told["why_not_back"].as_str().unwrap().starts_with("You can open only the workspaces"), "{told}");
    // An Organization Admin is in all workspaces.
    let told = ada.get(&ends(&adas), org).ok();
    let ids: Vec<_> = told["workspaces"].as_array().unwrap().iter().map(|row| &row["workspace_id"]).collect();
    assert_eq!(ids, [&json!(first), &json!(lab)]);
}

#[test]
fn a_removed_member_is_brought_back_with_the_same_access() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let lab = ada.workspace(&acme, "Lab");
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_VIEWER", &[]);
    let inside = add(&ada, &lab, &identity, &ada.role(&acme, "WORKSPACE_USER"));
    let before = listed(&ada, &acme, &bob.email);
    remove(&ada, &acme, &identity);
    bob.get("/orgs/current", org).refused(403, "not a member");

    let list = ada.get(REMOVED, org);
    assert_eq!(list.header("x-pagination-total"), "1");
    let row = list.ok()[0].clone();
    assert_eq!((&row["id"], &row["email"]), (&json!(identity), &json!(bob.email)));
    assert_eq!(row["role_name"], "Organization Viewer");
    assert_eq!(row["removed_by"], ada.email);
    assert_eq!(row["workspace_memberships"][0]["workspace_name"], "Lab");
    assert_eq!(row["workspace_memberships"][0]["role_name"], "Editor");

    let done = ada.post_once(&restore(&identity), org, json!({}), "once").ok();
    assert_eq!(done, json!({ "id": identity, "email": bob.email, "left_out": [] }));
    // The same answer again, and one membership.
    assert_eq!(ada.post_once(&restore(&identity), org, json!({}), "once").ok(), done);
    assert_eq!(listed(&ada, &acme, &bob.email), before);
    let again =
        ada.get(&format!("/workspaces/current/members/active?emails={}", bob.email), At::Workspace(&lab));
    assert_eq!(again.ok()[0]["id"], inside);
    bob.post("/sessions", At::Workspace(&lab), json!({ "name": "x" })).ok();
    assert_eq!(ada.get(REMOVED, org).ok(), json!([]));
    ada.post(&restore(&identity), org, json!({})).refused(404, "no such removed member");
}

#[test]
fn what_was_deleted_meanwhile_is_left_out_and_told() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (kept, gone) = (ada.workspace(&acme, "Kept"), ada.workspace(&acme, "Gone"));
    let third = ada.workspace(&acme, "Third");
    let body = json!({ "display_name": "Labeler", "description": "", "permissions": ["runs:read"] });
    let labeler = text(&ada.post("/orgs/current/roles", org, body).ok()["id"]);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[&kept, &gone]);
    add(&ada, &third, &identity, &labeler);
    let token = Key::token(&bob, At::Workspace(&kept));
    remove(&ada, &acme, &identity);
    ada.delete(&format!("/workspaces/{gone}"), At::Nowhere).ok();
    ada.delete(&format!("/orgs/current/roles/{labeler}"), org).ok();
    let done = ada.post(&restore(&identity), org, json!({})).ok();
    let left: Vec<_> = done["left_out"].as_array().unwrap().iter().map(|one| text(&one["reason"])).collect();
    assert_eq!(
        left,
        ["The workspace Gone was deleted.", "The role Labeler, which gave access to Third, was deleted."]
    );
    assert_eq!(bob.workspaces(&acme), [kept]);
    token.get("/sessions").refused(401, "");
}

#[test]
fn nobody_brings_back_more_than_they_may_give() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let lab = ada.workspace(&acme, "Lab");
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let (user, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let (_, plain) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let (_, inside) = ada.colleague(&acme, "ORGANIZATION_USER", &[&lab]);
    let (_, admin) = ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
    for identity in [&plain, &inside, &admin] {
        remove(&ada, &acme, identity);
        user.post(&restore(identity), org, json!({})).refused(403, "Only an Organization Admin or Operator");
    }
    user.get(REMOVED, org).refused(403, "Only an Organization Admin or Operator");
    operator.post(&restore(&admin), org, json!({})).refused(403, "An Operator cannot invite");
    operator.post(&restore(&inside), org, json!({})).refused(403, "You can open only the workspaces");
    operator.post(&restore(&plain), org, json!({})).ok();
    ada.patch("/orgs/current/info", org, json!({ "invites_enabled": false })).ok();
    ada.post(&restore(&inside), org, json!({})).refused(403, "Invitations are switched off");
    ada.patch("/orgs/current/info", org, json!({ "invites_enabled": true })).ok();
    // Of another organization nothing is known here.
    let other = ada.organization("Other", "enterprise");
    ada.post(&restore(&inside), At::Org(&other), json!({})).refused(404, "no such removed member");
    assert_eq!(ada.get(REMOVED, At::Org(&other)).ok(), json!([]));
    ada.post(&restore(&inside), org, json!({})).ok();
    ada.post(&restore(&admin), org, json!({})).ok();
}

#[test]
fn whoever_comes_back_takes_a_seat_and_is_there_once() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    remove(&ada, &acme, &identity);
    let some: Vec<_> = (0..9).map(|index| json!({ "email": format!("seat{index}@example.com") })).collect();
    let made = ada.post("/orgs/current/members/batch", org, json!(some)).ok();
    ada.post(&restore(&identity), org, json!({})).refused(409, "no free seat of 10");
    for index in [0, 1] {
        let seat = text(&made[index]["id"]);
        ada.delete(&format!("/orgs/current/members/{seat}/pending"), org).ok();
    }
    let invited = ada.invite(&acme, &bob.email, "ORGANIZATION_USER", &[]);
    ada.post(&restore(&identity), org, json!({})).refused(409, "is invited to Acme already");
    // Who has joined again is a member, and not among the removed.
    let joined = bob.accept(&acme);
    assert_ne!(joined, identity);
    drop(invited);
    assert_eq!(ada.get(REMOVED, org).ok(), json!([]));
    ada.post(&restore(&identity), org, json!({})).refused(409, "is a member of Acme again");
    // Removed again, what counts is what was there then.
    remove(&ada, &acme, &joined);
    let list = ada.get(REMOVED, org).ok();
    assert_eq!((list.as_array().unwrap().len(), &list[0]["id"]), (1, &json!(joined)));
    ada.post(&restore(&joined), org, json!({})).ok();
}

#[test]
fn removed_members_are_found_and_sorted_and_kept_for_thirty_days() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let lab = ada.workspace(&acme, "Lab");
    let mut gone = Vec::new();
    for (role, places) in [
        ("ORGANIZATION_USER", vec![lab.as_str()]),
        ("ORGANIZATION_VIEWER", vec![]),
        ("ORGANIZATION_USER", vec![]),
    ] {
        let (person, identity) = ada.colleague(&acme, role, &places);
        remove(&ada, &acme, &identity);
        gone.push((person.email, identity));
    }
    let ask = |query: &str| ada.get(&format!("{REMOVED}?{query}"), org).ok();
    let all = ask("");
    assert_eq!(emails(&all), [&*gone[2].0, &*gone[1].0, &*gone[0].0], "the newest first");
    assert_eq!(emails(&ask("sort_by=email&sort_by_desc=false&limit=2")), [&*gone[0].0, &*gone[1].0]);
    assert_eq!(emails(&ask("sort_by=email&sort_by_desc=false&limit=2&offset=2")), [&*gone[2].0]);
    assert_eq!(emails(&ask("organization_role=ORGANIZATION_VIEWER")), [&*gone[1].0]);
    assert_eq!(emails(&ask(&format!("q={}", gone[0].0))), [&*gone[0].0]);
    assert_eq!(emails(&ask(&format!("workspace_id={lab}"))), [&*gone[0].0]);
    for sort in ["name", "role", "created_at", "removed_at"] {
        assert_eq!(ask(&format!("sort_by={sort}")).as_array().unwrap().len(), 3);
    }
    ada.get(&format!("{REMOVED}?sort_by=shoe_size"), org).refused(422, "");
    // As if the first had been removed a month ago.
    let old = "2020-01-01 00:00:00.000000+00:00";
    let sql = format!(
        "UPDATE removed_member SET removed_at = '{old}' WHERE account_id = (SELECT id FROM account WHERE email = '{}')",
        gone[0].0
    );
    let database = server.database_url();
    execute(&database, &sql);
    assert_eq!(emails(&ask("")), [&*gone[2].0, &*gone[1].0]);
    ada.post(&restore(&gone[0].1), org, json!({})).refused(404, "can be brought back for 30 days");
    // A server sweeps when it starts; what was kept goes with it.
    let server = server.restart();
    let count = || query(&database, "SELECT count(*) FROM removed_member").remove(0);
    eventually("it is swept", || count() == "2");
    assert_eq!(query(&database, "SELECT count(*) FROM removed_workspace"), ["0"]);
    drop(server);
}

#[test]
fn a_member_is_changed_only_as_long_as_it_is_what_was_seen() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let lab = ada.workspace(&acme, "Lab");
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let path = format!("/orgs/current/members/{identity}");
    let role = |name: &str| json!({ "role_id": ada.role(&acme, name) });
    let (viewer, operator) = (role("ORGANIZATION_VIEWER"), role("ORGANIZATION_OPERATOR"));
    let tag = || text(&listed(&ada, &acme, &bob.email)["etag"]);
    let seen = tag();
    let ask = |method: &str, body: Option<Value>, tag: &str| {
        ada.call_with(method, &path, org, body, &[("if-match", tag)])
    };
    // Somebody else was faster: with a role, then with a workspace.
    ask("PATCH", Some(viewer.clone()), &seen).ok();
    let late = ask("PATCH", Some(operator.clone()), &seen);
    assert_eq!((late.status, late.header("etag").to_owned()), (412, tag()));
    let body = late.refused(412, "now Organization Viewer, in 0 workspaces. Nothing was changed.");
    assert_eq!(body["error"], "changed_meanwhile");
    let seen = tag();
    add(&ada, &lab, &identity, &ada.role(&acme, "WORKSPACE_USER"));
    ask("PATCH", Some(operator.clone()), &seen).refused(412, "now Organization Viewer, in 1 workspace.");
    ask("DELETE", None, &seen).refused(412, "now Organization Viewer, in 1 workspace.");
    assert_eq!(listed(&ada, &acme, &bob.email)["role_name"], "Organization Viewer");
    // One of several, any, one that is none; and nothing at all means what it always meant.
    ask("PATCH", Some(viewer.clone()), &format!("\"other\", {}", tag())).ok();
    ask("PATCH", Some(viewer.clone()), "*").ok();
    ask("PATCH", Some(viewer), "W/\"weak\"").refused(412, "");
    ada.patch(&path, org, operator).ok();
    // Who may not change anybody learns nothing by a tag.
    let (carol, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let reply =
        carol.call_with("PATCH", &path, org, Some(json!({ "role_id": identity })), &[("if-match", "\"x\"")]);
    reply.refused(403, "Only an Organization Admin or Operator");
    ask("DELETE", None, &tag()).ok();
    // An Organization Admin is Admin everywhere; what was given in a workspace is told beside it.
    let (_, boss) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    add(&ada, &lab, &boss, &viewer);
    let body = json!({ "role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    ada.patch(&format!("/orgs/current/members/{boss}"), org, body).ok();
    let all = ada.get("/v1/platform/orgs/current/members?active_is=true", org).ok();
    let boss = all.as_array().unwrap().iter().find(|row| row["id"] == boss).unwrap();
    let inside = &boss["workspace_memberships"][0];
    assert_eq!((&inside["role_name"], &inside["assigned_role_id"]), (&json!("Admin"), &json!(viewer)));
    // Invitations have none.
    ada.invite(&acme, "invited@example.com", "ORGANIZATION_USER", &[]);
    assert!(listed(&ada, &acme, "invited@example.com").get("etag").is_none());
}

/// Of two who change the same at the same moment, one is told.
#[test]
fn of_two_at_once_one_wins_and_the_other_is_told() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let path = format!("/orgs/current/members/{identity}");
    let [user, others @ ..] = ["ORGANIZATION_USER", "ORGANIZATION_VIEWER", "ORGANIZATION_OPERATOR"]
        .map(|name| json!({ "role_id": ada.role(&acme, name) }));
    for round in 0..50 {
        let tag = text(&listed(&ada, &acme, &bob.email)["etag"]);
        let start = std::sync::Barrier::new(others.len());
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let ask = |body: &Value| {
                let (ada, acme, tag, path, start, body) = (&ada, &acme, &tag, &path, &start, body.clone());
                scope.spawn(move || {
                    start.wait();
                    ada.call_with("PATCH", path, At::Org(acme), Some(body), &[("if-match", tag)]).status
                })
            };
            let asked: Vec<_> = others.iter().map(ask).collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "round {round}");
        ada.patch(&path, At::Org(&acme), user.clone()).ok();
    }
}
