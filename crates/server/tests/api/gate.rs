//! A pending organization, billing and plans.

use atrium_domain::billing;
use serde_json::{Value, json};

use crate::common::{At, Server, text};
use crate::job::payment;

const PENDING: &str = "This organization is pending. Set up billing to use it.";

#[test]
fn a_pending_organization_is_billed_and_staffed_and_nothing_else() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    server.plan(&acme, "no_plan");
    let org = At::Org(&acme);
    for path in [
        "/orgs/current",
        "/orgs/current/info",
        "/orgs/current/billing",
        "/orgs/current/business-info",
        "/orgs/current/members",
        "/orgs/current/members/active",
        "/orgs/current/members/pending",
        "/orgs/current/roles",
        "/orgs/current/user/login-methods",
    ] {
        ada.get(path, org).ok();
    }
    ada.patch("/orgs/current/info", org, json!({ "display_name": "Acme 2" })).ok();
    let identity = ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
    ada.delete(&format!("/orgs/current/members/{identity}/pending"), org).ok();
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
    bob.get("/workspaces", org).refused(403, PENDING);
    ada.delete(&format!("/orgs/current/members/{identity}"), org).ok();

    ada.get("/workspaces", org).refused(403, PENDING);
    ada.post("/workspaces", org, json!({ "display_name": "Another" })).refused(403, PENDING);
    let role = json!({ "display_name": "R", "description": "", "permissions": ["runs:read"] });
    ada.post("/orgs/current/roles", org, role).refused(403, PENDING);
    let at = At::Workspace(&workspace);
    for path in [
        "/sessions",
        "/datasets",
        "/annotation-queues",
        "/repos",
        "/settings",
        "/workspaces/current/stats",
        "/workspaces/current/members",
        "/workspaces/current/members/active",
        "/workspaces/current/members/pending",
    ] {
        ada.get(path, at).refused(403, PENDING);
    }
    for path in ["/sessions", "/datasets", "/annotation-queues"] {
        ada.post(path, at, json!({ "name": "x" })).refused(403, PENDING);
    }
    ada.post("/repos", at, json!({ "repo_handle": "x" })).refused(403, PENDING);
    let path = format!("/workspaces/{workspace}");
    ada.patch(&path, At::Nowhere, json!({ "display_name": "x" })).refused(403, PENDING);
    ada.delete(&path, At::Nowhere).refused(403, PENDING);
    ada.post("/workspaces/current/members", at, json!({ "org_identity_id": identity })).refused(403, PENDING);
}

#[test]
fn with_a_single_workspace_everybody_is_an_organization_admin() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let role = |name: &str| ada.role(&acme, name);
    let everybody = "On a plan with a single workspace everybody is an Organization Admin.";
    server.plan(&acme, "free");
    let his = format!("/orgs/current/members/{identity}");
    for name in ["ORGANIZATION_OPERATOR", "ORGANIZATION_USER", "ORGANIZATION_VIEWER"] {
        let row = json!({ "email": "c@example.com", "role_id": role(name) });
        ada.post("/orgs/current/members", org, row.clone()).refused(403, everybody);
        for path in ["/orgs/current/members/batch", "/orgs/current/members/basic/batch"] {
            let told =
                ada.post(path, org, json!([{ "email": "d@example.com" }, row])).refused(403, everybody);
            assert_eq!(told["detail"][0]["loc"], json!(["body", 1, "role_id"]), "{told}");
            assert_eq!(
                told["detail"].as_array().unwrap().len(),
                1,
                "without a role it is an Admin that is invited"
            );
        }
        ada.patch(&his, org, json!({ "role_id": role(name) })).refused(403, everybody);
        ada.post("/api-key", org, json!({ "org_role_id": role(name) }))
            .refused(422, "there is the Organization Admin only");
    }
    ada.post("/orgs/current/members/batch", org, json!([{ "email": "d@example.com" }])).refused(409, "seat");
    // Who came on another plan becomes what everybody is, and nothing else again.
    ada.patch(&his, org, json!({ "role_id": role("ORGANIZATION_ADMIN") })).ok();
    bob.patch("/orgs/current/info", org, json!({ "display_name": "Ours" })).ok();
    let members = ada.get("/orgs/current/members/active", org).ok();
    let all = members.as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|row| row["role_id"] == role("ORGANIZATION_ADMIN").as_str()), "{members}");
    ada.post("/workspaces", org, json!({ "display_name": "Two" })).refused(403, "limit of workspaces");
}

#[test]
fn plans() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let plan = |tier: &str| ada.post("/orgs/current/plan", org, json!({ "tier": tier }));
    plan("plus").refused(400, "There is no payment method on file. Add a card first.");
    plan("disabled").refused(400, "This organization has no subscription to end.");
    for tier in ["startup", "partner", "premier", "free", "developer"] {
        plan(tier).refused(403, "arranged with people");
    }
    for tier in ["enterprise", "no_plan", "moon", ""] {
        plan(tier).invalid(&[json!("body"), json!("tier")]);
    }
    let intent = text(&ada.post("/orgs/current/setup", org, json!({})).ok()["client_secret"]);
    ada.post("/orgs/current/payment-method", org, payment(&intent)).ok();
    plan("plus").ok();
    let info = ada.get("/orgs/current/info", org).ok();
    assert_eq!(
        (&info["config"]["max_identities"], &info["config"]["max_workspaces"]),
        (&json!(10), &json!(3))
    );
    // What Enterprise allowed may be more than Plus does.
    server.plan(&acme, "enterprise");
    for index in 0..10 {
        ada.invite(&acme, &format!("w{index}@example.com"), "ORGANIZATION_USER", &[]);
    }
    plan("plus").refused(409, "The Plus plan has 10 seats, and 11 are taken");
    let waiting = ada.get("/orgs/current/members/pending", org).ok();
    let path = format!("/orgs/current/members/{}/pending", text(&waiting[0]["id"]));
    ada.delete(&path, org).ok();
    for index in 0..3 {
        ada.workspace(&acme, &format!("W{index}"));
    }
    plan("plus").refused(409, "The Plus plan has 3 workspaces, and there are 4");
    let workspace = ada.workspaces(&acme).remove(0);
    ada.delete(&format!("/workspaces/{workspace}"), At::Nowhere).ok();
    plan("plus").ok();

    let personal = text(&ada.get("/orgs", At::Nowhere).ok()[1]["id"]);
    ada.post("/orgs/current/plan", At::Org(&personal), json!({ "tier": "plus" }))
        .refused(403, "A personal organization stays");
}

#[test]
fn a_setup_intent_keeps_one_card_of_one_organization() {
    let server = Server::start();
    let ada = server.anybody();
    let (one, two) = (ada.organization("One", "no_plan"), ada.organization("Two", "no_plan"));
    let intent = text(&ada.post("/orgs/current/setup", At::Org(&one), json!({})).ok()["client_secret"]);
    let keep = |organization: &str, intent: &str| {
        ada.post("/orgs/current/payment-method", At::Org(organization), payment(intent))
    };
    let field = [json!("body"), json!("setup_intent")];
    keep(&two, &intent).invalid(&field);
    keep(&one, "seti_test_unknown").invalid(&field);
    keep(&one, &format!("{intent}x")).invalid(&field);
    keep(&one, &intent).ok();
    keep(&one, &intent).invalid(&field);
    let mut wrong = payment(&intent);
    wrong["billing_info"]["address"]["city"] = json!("");
    let reply = ada.post("/orgs/current/payment-method", At::Org(&one), wrong);
    reply.invalid(&[json!("body"), json!("billing_info"), json!("address"), json!("city")]);
}

#[test]
fn business_information_is_kept() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let empty = json!({ "company_info": null, "tax_id": null, "invoice_email": null, "is_business": false });
    assert_eq!(ada.get("/orgs/current/business-info", org).ok(), empty);
    let address = json!({ "line1": "1", "line2": null, "city": "C", "state": null, "postal_code": "1", "country": "DE" });
    let known = json!({
        "company_info": { "name": "Acme GmbH", "address": address },
        "tax_id": { "value": "DE123", "type": "eu_vat" },
        "invoice_email": "bills@acme.example",
        "is_business": true,
    });
    ada.post("/orgs/current/business-info", org, known.clone()).ok();
    assert_eq!(ada.get("/orgs/current/business-info", org).ok(), known);
    ada.post("/orgs/current/business-info", org, json!({ "invoice_email": "no" }))
        .invalid(&[json!("body"), json!("invoice_email")]);
    ada.post("/orgs/current/business-info", org, json!({ "tax_id": { "value": "x" } })).invalid(&[
        json!("body"),
        json!("tax_id"),
        json!("type"),
    ]);
}

#[test]
fn settings_are_kept() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let change = json!({ "display_name": "New name", "invites_enabled": false, "security_contact": "s@acme.example", "max_pat_expiry_days": 30 });
    let info = ada.patch("/orgs/current/info", org, change).ok();
    assert_eq!((&info["display_name"], &info["invites_enabled"]), (&json!("New name"), &json!(false)));
    assert_eq!(
        (&info["security_contact"], &info["max_pat_expiry_days"]),
        (&json!("s@acme.example"), &json!(30))
    );
    ada.post("/orgs/current/members", org, json!({ "email": "x@example.com" })).refused(403, "switched off");
    for (key, value) in [
        ("display_name", json!("a/b")),
        ("display_name", json!("")),
        ("security_contact", json!("x")),
        ("max_pat_expiry_days", json!(-1)),
        ("scim_group_name_separator", json!("ab")),
        ("invites_enabled", json!("yes")),
    ] {
        ada.patch("/orgs/current/info", org, json!({ key: value })).invalid(&[json!("body"), json!(key)]);
    }
}

/// Test billing ends a plan with its month, as Stripe does.
#[test]
fn a_plan_is_ended_and_that_is_taken_back() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let plan = |tier: &str| ada.post("/orgs/current/plan", org, json!({ "tier": tier }));
    let billing = || ada.get("/orgs/current/billing", org).ok();
    let cancelled = || ada.get("/orgs/current", org).ok()["has_cancelled"] == true;
    let intent = text(&ada.post("/orgs/current/setup", org, json!({})).ok()["client_secret"]);
    ada.post("/orgs/current/payment-method", org, payment(&intent)).ok();
    plan("plus").ok();
    let before = billing();
    assert_eq!((&before["current_plan"]["ends_on"], cancelled()), (&Value::Null, false));
    let bob = ada.colleague(&acme, "ORGANIZATION_USER", &[]).0;
    bob.post("/orgs/current/plan", org, json!({ "tier": "disabled" }))
        .refused(403, "Only an Organization Admin");

    plan("disabled").ok();
    let ends = billing();
    let ends_on = text(&ends["current_plan"]["ends_on"]);
    assert!(ends_on > text(&before["current_plan"]["started_on"]), "{ends}");
    assert_eq!((&ends["tier"], &ends["disabled"]), (&json!("plus"), &json!(false)));
    assert_eq!(
        (&ends["end_of_billing_period"], &ends["connected_to_stripe"]),
        (&json!(ends_on), &json!(false))
    );
    assert!(cancelled());
    ada.get("/workspaces", org).ok();
    // Twice is once.
    plan("disabled").ok();
    assert_eq!(billing()["current_plan"], ends["current_plan"]);

    plan("plus").ok();
    assert_eq!(billing()["current_plan"], before["current_plan"], "nothing began anew");
    assert!(!cancelled());
    // The audit log tells of both, of each once: ended a second time, nothing changed.
    server.plan(&acme, "enterprise");
    let all = crate::audit::entries(&ada, &acme, "");
    for cancelled in [true, false] {
        let told = |entry: &&Value| entry["unmapped"]["after"] == json!({ "has_cancelled": cancelled });
        assert_eq!(all.iter().filter(told).count(), 1, "{cancelled}: {all:?}");
    }
    // What was arranged with people is ended with them.
    plan("disabled").refused(400, "arranged with people");
}

#[test]
fn a_plan_without_custom_roles_is_not_taken_while_there_are_some() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let plan = || ada.post("/orgs/current/plan", org, json!({ "tier": "plus" }));
    let intent = text(&ada.post("/orgs/current/setup", org, json!({})).ok()["client_secret"]);
    ada.post("/orgs/current/payment-method", org, payment(&intent)).ok();
    server.plan(&acme, "enterprise");
    let role = json!({ "display_name": "Reviewer", "description": "", "permissions": ["runs:read"] });
    let made = text(&ada.post("/orgs/current/roles", org, role).ok()["id"]);
    for number in 2..5 {
        ada.post("/workspaces", org, json!({ "display_name": format!("W{number}") })).ok();
    }
    // All that does not fit, in one answer.
    plan().refused(409, "The Plus plan has 3 workspaces, and there are 4. Delete some first.");
    plan().refused(409, "The Plus plan has no custom roles, and there is 1: Reviewer. Delete them first.");
    // Where they could not be deleted any more they are no reason.
    server.plan(&acme, "plus");
    let workspace = ada.workspaces(&acme).remove(0);
    ada.delete(&format!("/workspaces/{workspace}"), At::Nowhere).ok();
    plan().ok();
    server.plan(&acme, "enterprise");
    ada.delete(&format!("/orgs/current/roles/{made}"), org).ok();
    plan().ok();
    assert_eq!(
        ada.get("/orgs/current/billing", org).ok()["usage"],
        json!({ "members": 1, "invitations": 0, "workspaces": 3 })
    );
}

/// The sentences that the app shows (`atrium_domain::billing`).
#[test]
fn what_is_over_the_limit_is_refused_with_the_pages_sentence() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    for number in 0..11 {
        ada.invite(&acme, &format!("p{number}@example.com"), "ORGANIZATION_USER", &[]);
    }
    for number in 2..5 {
        ada.post("/workspaces", org, json!({ "display_name": format!("W{number}") })).ok();
    }
    server.plan(&acme, "plus");
    let usage = json!({ "members": 1, "invitations": 11, "workspaces": 4 });
    assert_eq!(ada.get("/orgs/current/billing", org).ok()["usage"], usage);
    ada.post("/orgs/current/members", org, json!({ "email": "more@example.com" }))
        .refused(409, &atrium_domain::seats::over(12, 10));
    ada.post("/workspaces", org, json!({ "display_name": "More" })).refused(403, billing::NO_WORKSPACE_LEFT);
    // Everything that is there goes on working, and the plan with it.
    ada.get("/workspaces", org).ok();
    let plan = |tier: &str| ada.post("/orgs/current/plan", org, json!({ "tier": tier }));
    let intent = text(&ada.post("/orgs/current/setup", org, json!({})).ok()["client_secret"]);
    ada.post("/orgs/current/payment-method", org, payment(&intent)).ok();
    plan("disabled").ok();
    plan("plus").ok();
    plan("plus_01_2026").refused(409, "The Plus plan has 10 seats, and 12 are taken");
}
