//! Inviting, claiming, declining, revoking.

use serde_json::{Value, json};

use crate::common::{At, Server, text};

#[test]
fn refused_invitations() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let other = ada.organization("Other", "plus");
    let foreign = ada.workspaces(&other).remove(0);
    let org = At::Org(&acme);
    let invite = |body: Value| ada.post("/orgs/current/members", org, body);
    for address in ["", "a", "a@b", "a b@c.de", "a@b@c.de", "a\n@b.de", &"x".repeat(400)] {
        invite(json!({ "email": address })).invalid(&[json!("body"), json!("email")]);
    }
    ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
    invite(json!({ "email": " BOB@Example.com " }))
        .refused(409, "bob@example.com is already invited to Acme.");
    invite(json!({ "email": ada.email.to_uppercase() })).refused(409, "is already a member of Acme.");
    for id in [foreign.as_str(), "nonsense", "00000000-0000-0000-0000-000000000000"] {
        invite(json!({ "email": "c@example.com", "workspace_ids": [id] }))
            .invalid(&[json!("body"), json!("workspace_ids")]);
    }
    let editor = ada.role(&acme, "WORKSPACE_USER");
    for id in [editor.as_str(), "nonsense", "00000000-0000-0000-0000-000000000000"] {
        let reply = invite(json!({ "email": "c@example.com", "role_id": id }));
        // The domain's rules refuse a role that is none, before the field is looked at.
        assert!([403, 422].contains(&reply.status), "{}", reply.body);
    }
    invite(json!({ "email": "c@example.com", "workspace_role_id": editor }))
        .refused(403, "On this plan everybody in a workspace is its Admin.");
    let personal = ada.get("/orgs", At::Nowhere).ok();
    let personal =
        text(&personal.as_array().unwrap().iter().find(|row| row["is_personal"] == true).unwrap()["id"]);
    ada.post("/orgs/current/members", At::Org(&personal), json!({ "email": "c@example.com" }))
        .refused(403, "A personal organization has its owner only.");
}

#[test]
fn seats_end() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let rows: Vec<_> = (0..10).map(|index| json!({ "email": format!("p{index}@example.com") })).collect();
    ada.post("/orgs/current/members/batch", org, json!(rows))
        .refused(409, "This needs 10 seats, and there are 9 seats free of 10.");
    assert_eq!(ada.get("/orgs/current/members/pending", org).ok(), json!([]), "all or nothing");
    ada.post("/orgs/current/members/batch", org, json!(rows[..9])).ok();
    ada.post("/orgs/current/members", org, json!({ "email": "late@example.com" }))
        .refused(409, "no free seat of 10");
    // An accepted invitation never meets a full house.
    let bob = server.sign_up("p0@example.com");
    bob.accept(&acme);
}

#[test]
fn a_batch_names_the_row() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let batch = |rows: Value| ada.post("/orgs/current/members/batch", org, rows);
    let good = json!({ "email": "a@example.com" });
    batch(json!([good, { "email": "bad" }])).invalid(&[json!("body"), json!(1), json!("email")]);
    batch(json!([good, {}])).invalid(&[json!("body"), json!(1), json!("email")]);
    batch(json!([good, { "email": "b@example.com", "workspace_ids": ["x"] }])).invalid(&[
        json!("body"),
        json!(1),
        json!("workspace_ids"),
    ]);
    let twice = batch(json!([good, { "email": "A@example.com" }])).refused(409, "in this list twice");
    assert_eq!(twice["detail"][0]["loc"], json!(["body", 1, "email"]));
    let member = batch(json!([good, { "email": ada.email }])).refused(409, "is already a member of Acme.");
    assert_eq!(member["detail"][0]["loc"], json!(["body", 1, "email"]));
    batch(json!([])).invalid(&[json!("body")]);
    let many: Vec<_> = (0..501).map(|index| json!({ "email": format!("m{index}@example.com") })).collect();
    batch(json!(many)).invalid(&[json!("body")]);
    assert_eq!(ada.get("/orgs/current/members/pending", org).ok(), json!([]), "nothing was invited");
    assert_eq!(batch(json!(many[..500])).ok().as_array().unwrap().len(), 500);
}

#[test]
fn five_hundred_with_everything_and_one_that_is_wrong() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    let role = |name: &str| ada.role(&acme, name);
    let (user, viewer) = (role("ORGANIZATION_USER"), role("WORKSPACE_VIEWER"));
    let (member, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    ada.invite(&acme, "waits@example.com", "ORGANIZATION_USER", &[]);
    let row = |email: &str| json!({ "email": email, "role_id": user, "workspace_ids": [one, two], "workspace_role_id": viewer });
    let good: Vec<_> = (0..500).map(|index| row(&format!("m{index:03}@example.com"))).collect();
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let with = |key: &str, value: Value| {
        let mut wrong = row("m499@example.com");
        wrong[key] = value;
        wrong
    };
    let nothing = "00000000-0000-4000-8000-000000000000";
    let everybody = || {
        let all = ada.get("/orgs/current/members", org).ok();
        (all["members"].as_array().unwrap().len(), all["pending"].as_array().unwrap().len())
    };
    for (wrong, status, field) in [
        (with("role_id", json!(nothing)), 422, "role_id"),
        (with("role_id", json!("x")), 422, "role_id"),
        (with("role_id", json!(viewer)), 422, "role_id"),
        (with("workspace_role_id", json!(nothing)), 422, "workspace_role_id"),
        (with("workspace_role_id", json!(user)), 422, "workspace_role_id"),
        (with("workspace_ids", json!([one, nothing])), 422, "workspace_ids"),
        (with("workspace_ids", json!([two, "x"])), 422, "workspace_ids"),
        (with("email", json!("x")), 422, "email"),
        (with("email", json!("")), 422, "email"),
        (with("full_name", json!(" ")), 422, "full_name"),
        (with("email", json!(member.email.to_uppercase())), 409, "email"),
        (with("email", json!("waits@example.com")), 409, "email"),
        (with("email", json!("M000@example.com")), 409, "email"),
    ] {
        let mut rows = good[..499].to_vec();
        rows.push(wrong.clone());
        for path in ["/orgs/current/members/batch", "/orgs/current/members/basic/batch"] {
            let told = ada.post(path, org, json!(rows)).refused(status, "");
            let told = told["detail"].as_array().unwrap();
            assert_eq!(told.len(), 1, "{wrong}: {told:?}");
            assert_eq!(told[0]["loc"], json!(["body", 499, field]), "{wrong}: {told:?}");
            assert_eq!(everybody(), (3, 1), "{wrong}: all or nothing");
        }
    }
    // The rules refuse a row as well: whom an Operator invites, and where to.
    let admin = json!({ "email": "m499@example.com", "role_id": role("ORGANIZATION_ADMIN") });
    let mut rows: Vec<_> =
        (0..499).map(|index| json!({ "email": format!("m{index:03}@example.com") })).collect();
    for (wrong, field) in [(admin, "role_id"), (row("m499@example.com"), "workspace_ids")] {
        rows.truncate(499);
        rows.push(wrong);
        let told = operator.post("/orgs/current/members/batch", org, json!(rows)).refused(403, "");
        assert_eq!(told["detail"][0]["loc"], json!(["body", 499, field]), "{told}");
        assert_eq!(told["detail"].as_array().unwrap().len(), 1, "{told}");
    }
    assert_eq!(everybody(), (3, 1));
    let made = ada.post("/orgs/current/members/batch", org, json!(good)).ok();
    let made = made.as_array().unwrap();
    assert_eq!((made.len(), everybody()), (500, (3, 501)));
    let opens = |row: &Value| row["workspace_ids"].as_array().unwrap().len() == 2;
    assert!(made.iter().all(|row| row["role_id"] == user.as_str() && opens(row)), "{}", made[0]);
    let last = server.sign_up("m499@example.com");
    last.accept(&acme);
    assert_eq!(last.workspaces(&acme), [one.clone(), two]);
    last.post("/sessions", At::Workspace(&one), json!({ "name": "x" })).refused(403, "Viewer");
}

#[test]
fn only_the_invited_address_sees_and_takes_an_invitation() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let identity = ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
    let (bob, eve) = (server.sign_up("Bob@example.com"), server.anybody());
    let claim = format!("/orgs/pending/{acme}/claim");
    assert_eq!(eve.get("/orgs/pending", At::Nowhere).ok(), json!([]));
    eve.post(&claim, At::Nowhere, json!({})).refused(404, "There is no invitation");
    eve.delete(&format!("/orgs/pending/{acme}"), At::Nowhere).refused(404, "There is no invitation");
    bob.delete(&format!("/orgs/pending/{acme}"), At::Nowhere).ok();
    bob.post(&claim, At::Nowhere, json!({})).refused(404, "There is no invitation");
    ada.delete(&format!("/orgs/current/members/{identity}/pending"), At::Org(&acme))
        .refused(404, "no such invitation");
    let again = ada.invite(&acme, "bob@example.com", "ORGANIZATION_VIEWER", &[]);
    ada.delete(&format!("/orgs/current/members/{again}/pending"), At::Org(&acme)).ok();
    bob.post(&claim, At::Nowhere, json!({})).refused(404, "There is no invitation");
    ada.invite(&acme, "bob@example.com", "ORGANIZATION_VIEWER", &[]);
    let joined = bob.post(&claim, At::Nowhere, json!({})).ok();
    assert_eq!(
        (&joined["role_name"], &joined["access_scope"]),
        (&json!("Organization Viewer"), &json!("organization"))
    );
    bob.post(&claim, At::Nowhere, json!({})).refused(404, "There is no invitation");
    assert_eq!(bob.get("/workspaces/pending", At::Nowhere).ok(), json!([]));
    bob.post(&format!("/workspaces/pending/{acme}/claim"), At::Nowhere, json!({}))
        .refused(404, "There is no invitation");
    bob.delete(&format!("/workspaces/pending/{acme}"), At::Nowhere).refused(404, "There is no invitation");
}

#[test]
fn an_invitation_opens_its_workspaces_with_its_role() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let bob = server.sign_up("bob@example.com");
    let body =
        json!({ "email": "bob@example.com", "workspace_ids": [one, two, one], "workspace_role_id": viewer });
    let made = ada.post("/orgs/current/members", At::Org(&acme), body).ok();
    assert_eq!(made["workspace_ids"].as_array().unwrap().len(), 2);
    // One of the two workspaces thinks better of it.
    let waiting = ada.get("/workspaces/current/members/pending", At::Workspace(&two)).ok();
    assert_eq!((&waiting[0]["role_name"], &waiting[0]["tenant_id"]), (&json!("Viewer"), &json!(two)));
    let path = format!("/workspaces/current/members/{}/pending", text(&made["id"]));
    ada.delete(&path, At::Workspace(&two)).ok();
    ada.delete(&path, At::Workspace(&two)).refused(404, "no such invitation");
    bob.accept(&acme);
    assert_eq!(bob.workspaces(&acme), std::slice::from_ref(&one));
    bob.get("/sessions", At::Workspace(&one)).ok();
    bob.post("/sessions", At::Workspace(&one), json!({ "name": "x" }))
        .refused(403, "Your role in this workspace, Viewer, does not permit this.");
}
