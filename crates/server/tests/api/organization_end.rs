//! The end of an organization: what ends is told, its name has to be given, an Admin alone deletes it.

use serde_json::json;

use crate::common::{At, Server, text};

const NOT_A_MEMBER: &str = "You are not a member of this organization, or it does not exist.";

#[test]
fn what_ends_is_told_before_it_does() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let first = ada.workspaces(&acme).remove(0);
    let second = ada.workspace(&acme, "Research");
    for name in ["one", "two"] {
        ada.post("/sessions", At::Workspace(&second), json!({ "name": name })).ok();
    }
    ada.post("/datasets", At::Workspace(&second), json!({ "name": "d" })).ok();
    ada.colleague(&acme, "ORGANIZATION_USER", &[&first]);
    ada.invite(&acme, "waits@example.com", "ORGANIZATION_USER", &[]);
    ada.post("/api-key/current", org, json!({ "description": "t" })).ok();
    ada.post("/api-key", At::Workspace(&first), json!({ "description": "s" })).ok();
    let role = json!({ "display_name": "Tester", "description": "", "permissions": ["runs:read"] });
    ada.post("/orgs/current/roles", org, role).ok();
    let ends = ada.get("/orgs/current/ends", org).ok();
    let count = |name: &str| ends[name].as_u64().unwrap();
    assert_eq!((count("members"), count("invitations"), count("custom_roles")), (2, 1, 1), "{ends}");
    assert_eq!((count("personal_tokens"), count("service_keys")), (1, 1), "{ends}");
    let workspaces = ends["workspaces"].as_array().unwrap();
    assert_eq!(workspaces.len(), 2);
    let research = workspaces.iter().find(|one| one["display_name"] == "Research").unwrap();
    assert_eq!((&research["tracer_session_count"], &research["dataset_count"]), (&json!(2), &json!(1)));
    assert_eq!(research["annotation_queue_count"], 0);
    // Put on its plan by an operator, without a card: nothing is paid.
    assert_eq!(ends["subscription"], json!(null));
    let (user, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    user.get("/orgs/current/ends", org).refused(403, "Only an Organization Admin or Operator");
}

#[test]
fn an_admin_alone_deletes_it_by_its_name() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let other = ada.organization("Other", "plus");
    let org = At::Org(&acme);
    let first = ada.workspaces(&acme).remove(0);
    // A role that somebody has, in a workspace and in an invitation, is no hindrance.
    let role = json!({ "display_name": "Tester", "description": "", "permissions": ["runs:read"] });
    let role = text(&ada.post("/orgs/current/roles", org, role).ok()["id"]);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let added = json!({ "org_identity_id": identity, "role_id": role });
    ada.post("/workspaces/current/members", At::Workspace(&first), added).ok();
    let invited = json!({ "email": "w@example.com", "workspace_ids": [first], "workspace_role_id": role });
    ada.post("/orgs/current/members", org, invited).ok();
    let (gone, gones) = ada.colleague(&acme, "ORGANIZATION_USER", &[&first]);
    ada.delete(&format!("/orgs/current/members/{gones}"), org).ok();
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let key = text(&ada.post("/api-key", At::Workspace(&first), json!({ "description": "s" })).ok()["key"]);

    operator.delete("/orgs/current?name=Acme", org).refused(403, "Only an Organization Admin can delete");
    bob.delete("/orgs/current?name=Acme", org).refused(403, "Only an Organization Admin");
    gone.delete("/orgs/current?name=Acme", org).refused(403, NOT_A_MEMBER);
    for wrong in ["", "?name=", "?name=acme", "?name=Acme%202", "?name=Other"] {
        ada.delete(&format!("/orgs/current{wrong}"), org).invalid(&[json!("query"), json!("name")]);
    }
    assert_eq!(ada.workspaces(&acme).len(), 1, "nothing was deleted so far");

    ada.delete("/orgs/current?name=Acme", org).ok();
    for person in [&ada, &bob, &operator] {
        person.get("/orgs/current/info", org).refused(403, NOT_A_MEMBER);
        let mine = person.get("/orgs", At::Nowhere).ok().to_string();
        assert!(!mine.contains(&acme), "{mine}");
    }
    assert_eq!(server.send("GET", "/workspaces", &[("x-api-key", &key)], None).status, 401);
    ada.delete("/orgs/current?name=Acme", org).refused(403, NOT_A_MEMBER);
    // What is another's stays.
    assert_eq!(ada.workspaces(&other).len(), 1);
    let late = server.sign_up("w@example.com");
    assert_eq!(late.get("/orgs/pending", At::Nowhere).ok(), json!([]));
}

#[test]
fn a_pending_one_can_be_discarded_and_a_personal_one_cannot_be_deleted() {
    let server = Server::start();
    let ada = server.anybody();
    let waiting = ada.organization("Waiting", "no_plan");
    let list = || ada.get("/orgs?include_tier=true", At::Nowhere).ok();
    let row = |id: &str| list().as_array().unwrap().iter().find(|one| one["id"] == id).cloned();
    // What is missing is told with the list, to members alone.
    assert_eq!(row(&waiting).unwrap()["has_card"], false);
    let secret = ada.post("/orgs/current/setup", At::Org(&waiting), json!({})).ok();
    let intent = text(&secret["client_secret"]);
    let card = crate::job::payment(intent.split("_secret_").next().unwrap());
    ada.post("/orgs/current/payment-method", At::Org(&waiting), card).ok();
    assert_eq!(row(&waiting).unwrap()["has_card"], true);
    ada.invite(&waiting, "bob@example.com", "ORGANIZATION_USER", &[]);
    let bob = server.sign_up("bob@example.com");
    let told = bob.get("/orgs/pending", At::Nowhere).ok();
    assert!(told[0].get("has_card").is_none() && told[0].get("payment_problem").is_none(), "{told}");

    ada.delete("/orgs/current?name=Waiting", At::Org(&waiting)).ok();
    assert_eq!(row(&waiting), None);
    assert_eq!(bob.get("/orgs/pending", At::Nowhere).ok(), json!([]));
    let all = list();
    let personal = all.as_array().unwrap().iter().find(|one| one["is_personal"] == true).unwrap();
    let id = text(&personal["id"]);
    ada.delete("/orgs/current?name=Personal", At::Org(&id)).refused(403, "comes with your account");
}
