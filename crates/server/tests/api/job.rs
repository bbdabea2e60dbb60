//! The whole job, as two people do it.

use serde_json::json;

use crate::common::{At, PASSWORD, Person, Server, text};

#[test]
fn the_whole_job() {
    let server = Server::start();
    let ada = server.sign_up(" Ada@Acme.Example ");
    let orgs = ada.get("/orgs?include_tier=true", At::Nowhere).ok();
    assert_eq!(orgs.as_array().unwrap().len(), 1, "{orgs}");
    assert_eq!((&orgs[0]["display_name"], &orgs[0]["is_personal"]), (&json!("Personal"), &json!(true)));
    assert_eq!((&orgs[0]["tier"], &orgs[0]["disabled"]), (&json!("developer"), &json!(false)));
    let personal = text(&orgs[0]["id"]);
    let first = ada.get("/workspaces", At::Org(&personal)).ok();
    assert_eq!((&first[0]["display_name"], &first[0]["role_name"]), (&json!("Workspace 1"), &json!("Admin")));

    let made = ada.post("/orgs", At::Nowhere, json!({ "display_name": "Acme", "is_personal": false })).ok();
    assert_eq!((&made["tier"], &made["disabled"]), (&json!("no_plan"), &json!(true)));
    let acme = text(&made["id"]);
    let org = At::Org(&acme);
    ada.get("/workspaces", org).refused(403, "This organization is pending. Set up billing to use it.");
    let intent = ada.post("/orgs/current/setup", org, json!({})).ok();
    let secret = text(&intent["client_secret"]);
    assert!(secret.starts_with("seti_test_") && secret.contains("_secret_"), "{secret}");
    ada.post("/orgs/current/payment-method", org, payment(secret.split("_secret_").next().unwrap())).ok();
    ada.post("/orgs/current/plan", org, json!({ "tier": "plus" })).ok();
    let billing = ada.get("/orgs/current/billing", org).ok();
    assert_eq!((&billing["tier"], &billing["disabled"]), (&json!("plus"), &json!(false)));
    assert_eq!(billing["payment_method"]["last4"], "4242");
    assert_eq!(billing["current_plan"]["tier"], "plus");

    let second = ada.workspace(&acme, "Research");
    ada.post("/sessions", At::Workspace(&second), json!({ "name": "evals" })).ok();
    let counts = |person: &Person<'_>, workspace: &str| {
        person.get("/workspaces/current/stats", At::Workspace(workspace)).ok()["tracer_session_count"].clone()
    };
    let workspaces = ada.workspaces(&acme);
    assert_eq!(workspaces.len(), 2);
    assert_eq!((counts(&ada, &workspaces[0]), counts(&ada, &second)), (json!(0), json!(1)));

    let bob = server.sign_up("bob@acme.example");
    let invited = json!({ "email": "BOB@acme.example", "workspace_ids": [second] });
    let invitation = ada.post("/orgs/current/members", org, invited).ok();
    assert_eq!(
        (&invitation["email"], &invitation["role_name"]),
        (&json!("bob@acme.example"), &json!("Organization User"))
    );
    bob.get("/orgs/current", org)
        .refused(403, "You are not a member of this organization, or it does not exist.");
    let waiting = bob.get("/orgs/pending", At::Nowhere).ok();
    assert_eq!((waiting.as_array().unwrap().len(), &waiting[0]["display_name"]), (1, &json!("Acme")));
    let identity = bob.accept(&acme);
    assert_eq!(bob.get("/orgs/pending", At::Nowhere).ok(), json!([]));
    assert_eq!(bob.workspaces(&acme), std::slice::from_ref(&second));
    assert_eq!(counts(&bob, &second), 1);
    bob.get("/workspaces/current/stats", At::Workspace(&workspaces[0]))
        .refused(403, "not a member of this workspace");

    let admin = json!({ "role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    ada.patch(&format!("/orgs/current/members/{identity}"), org, admin).ok();
    assert_eq!(bob.workspaces(&acme).len(), 2);
    let user = json!({ "role_id": ada.role(&acme, "ORGANIZATION_USER") });
    ada.patch(&format!("/orgs/current/members/{identity}"), org, user).ok();
    assert_eq!(
        bob.workspaces(&acme),
        std::slice::from_ref(&second),
        "explicit memberships outlive being Admin"
    );

    ada.delete(&format!("/orgs/current/members/{identity}"), org).ok();
    bob.get("/orgs/current", org).refused(403, "not a member");
    bob.get("/sessions", At::Workspace(&second)).refused(403, "not a member");
    assert!(!bob.get("/orgs", At::Nowhere).ok().to_string().contains(&acme));
}

/// The body that keeps the card of a setup intent.
pub fn payment(intent: &str) -> serde_json::Value {
    let address = json!({ "line1": "1 Main St", "city": "London", "postal_code": "N1", "country": "GB" });
    json!({ "setup_intent": intent, "billing_info": { "name": "Ada", "address": address } })
}

#[test]
fn a_restart_keeps_everything() {
    let server = Server::start();
    let ada = server.sign_up("ada@acme.example");
    let acme = ada.organization("Acme", "plus");
    let (token, cookie) = (ada.token.clone(), ada.cookie.clone());
    let server = server.restart();
    let bearer = format!("Bearer {token}");
    let orgs = server.send("GET", "/orgs", &[("authorization", &bearer)], None).ok();
    assert!(orgs.to_string().contains(&acme), "{orgs}");
    server.send("POST", "/session", &[("cookie", &cookie)], None).ok();
    Person::of(&server, "ada@acme.example", server.sign_in("ada@acme.example", PASSWORD));
}

#[test]
fn answers_hold_every_property_of_the_contract() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let (org, at) = (At::Org(&acme), At::Workspace(&workspace));
    let keys = |value: &serde_json::Value| value.as_object().map_or(0, |fields| fields.len());
    for path in ["/sessions", "/datasets", "/annotation-queues"] {
        ada.post(path, at, json!({ "name": "one" })).ok();
    }
    ada.invite(&acme, "waiting@example.com", "ORGANIZATION_USER", &[&workspace]);
    let members = ada.get("/orgs/current/members", org).ok();
    let inside = ada.get("/workspaces/current/members", at).ok();
    // How many properties each schema of the contract has.
    for (name, count, value) in [
        ("OrganizationPGSchemaSlim", 28, ada.get("/orgs", At::Nowhere).ok()[0].clone()),
        ("Organization", 18, ada.get("/orgs/current", org).ok()),
        ("OrganizationInfo", 31, ada.get("/orgs/current/info", org).ok()),
        ("OrganizationConfig", 66, ada.get("/orgs/current/info", org).ok()["config"].clone()),
        // With Atrium's own `usage`.
        ("OrganizationBillingInfo", 15 + 1, ada.get("/orgs/current/billing", org).ok()),
        ("OrgMemberIdentity", 19, members["members"][0].clone()),
        ("OrgPendingIdentity", 17, members["pending"][0].clone()),
        ("MemberIdentity", 18, inside["members"][0].clone()),
        ("PendingIdentity", 16, inside["pending"][0].clone()),
        ("TenantForUser", 12, ada.get("/workspaces", org).ok()[0].clone()),
        ("Role", 7, ada.get("/orgs/current/roles", org).ok()[0].clone()),
        ("ProviderUserSlim", 15, ada.get("/orgs/current/user/login-methods", org).ok()[0].clone()),
        ("TenantStats", 8, ada.get("/workspaces/current/stats", at).ok()),
        ("TracerSession", 29, ada.get("/sessions", at).ok()[0].clone()),
        ("Dataset", 16, ada.get("/datasets", at).ok()[0].clone()),
        ("AnnotationQueueSchemaWithSize", 17, ada.get("/annotation-queues", at).ok()[0].clone()),
        ("InfoGetResponse", 6, ada.get("/info", At::Nowhere).ok()),
    ] {
        assert_eq!(keys(&value), count, "{name}: {value}");
    }
    assert_eq!(
        ada.get("/info", At::Nowhere).ok()["instance_flags"],
        json!({
            "sign_up": true,
            "billing": "test",
            "members_query": true,
            "member_ends": true,
            "removed_members": true,
            "access_query": true,
            "workspace_count_sort": true,
            "delete_organization": true,
            "workspace_colors": true,
            "audit_query": true,
        })
    );
    assert_eq!(ada.get("/info/health", At::Nowhere).ok()["clickhouse_disk_free_pct"], 100.0);
    assert_eq!(ada.get("/me/ls_user_id", At::Nowhere).ok(), members["members"][0]["ls_user_id"]);
}
