//! From the card to the end of the plan.

use std::collections::HashSet;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::local::PUBLISHABLE;
use super::wire::Fate;
use super::{GOOD, Shop, billing, eventually, setup};
use crate::common::{At, program, text, url};
use crate::database::query;
use crate::job::payment;

#[test]
fn card_plan_and_seats() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let plan = |tier: &str| ada.post("/orgs/current/plan", org, json!({ "tier": tier }));
    plan("plus").refused(400, "There is no payment method on file. Add a card first.");
    assert_eq!(billing(&ada, &acme)["connected_to_stripe"], false);

    let secret = setup(&ada, &acme);
    assert!(secret.starts_with("seti_") && secret.contains("_secret_"), "{secret}");
    let keep = || ada.post("/orgs/current/payment-method", org, payment(&secret));
    keep()
        .refused(402, "It was not confirmed. Enter it again, or another one. The organization is as it was.");
    assert_eq!(shop.local.enter_card(&secret, GOOD, "123"), 200);
    keep().ok();
    keep().invalid(&[json!("body"), json!("setup_intent")]);
    let card = json!({ "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2042, "email": null });
    assert_eq!(billing(&ada, &acme)["payment_method"], card);
    let customer = shop.customer();
    assert_eq!((&customer["name"], &customer["address"]["city"]), (&json!("Ada"), &json!("London")));
    assert_eq!(customer["metadata"]["atrium_organization"], json!(acme));
    assert!(customer["invoice_settings"]["default_payment_method"].is_string(), "{customer}");
    assert_eq!(shop.subscriptions(), Vec::<Value>::new(), "nothing is bought with a card alone");

    plan("plus").ok();
    let subscription = shop.subscription();
    assert_eq!(
        (&subscription["status"], &subscription["plan"]["id"]),
        (&json!("active"), &json!("price_plus"))
    );
    assert_eq!((shop.billed(), &subscription["metadata"]["atrium_tier"]), (1, &json!("plus")));
    let now = billing(&ada, &acme);
    assert_eq!((&now["tier"], &now["disabled"]), (&json!("plus"), &json!(false)));
    assert_eq!((&now["connected_to_stripe"], &now["current_plan"]["ends_on"]), (&json!(true), &Value::Null));
    assert!(now["end_of_billing_period"].is_string() && now.get("payment_problem").is_none(), "{now}");
    assert_eq!(ada.get("/orgs/current", org).ok()["has_cancelled"], false);
    ada.get("/workspaces", org).ok();

    // The price of the other Plus; the subscription is the same.
    plan("plus_01_2026").ok();
    assert_eq!(shop.subscription()["id"], subscription["id"]);
    assert_eq!(shop.subscription()["plan"]["id"], "price_plus_2026");
    plan("plus").ok();

    for call in shop.wire.calls() {
        assert!(call.head.contains("authorization: Bearer sk_test_12345"), "{}", call.head);
        assert!(call.head.contains("stripe-version: 2024-06-20"), "{}", call.head);
        assert_eq!(call.key.is_some(), call.method == "POST", "{} {}", call.method, call.path);
    }
    let keys: Vec<_> = shop.wire.calls().into_iter().filter_map(|call| call.key).collect();
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "a key for each change: {keys:?}");
    assert!(!shop.server.log().join("\n").contains("sk_test_12345"));
}

#[test]
fn the_app_is_told_and_may_load_the_card_field() {
    let Some(shop) = Shop::open() else { return };
    let reply = shop.server.send("GET", "/info", &[], None);
    let policy = reply.headers.get("content-security-policy").unwrap().to_str().unwrap().to_owned();
    let js = format!("{}/js.stripe.com/v3/", shop.local.address);
    let flags = json!({
        "sign_up": true, "billing": "stripe",
        "stripe_publishable_key": PUBLISHABLE, "stripe_js_url": js,
        "members_query": true, "member_ends": true, "removed_members": true, "access_query": true,
        "workspace_count_sort": true,
        "delete_organization": true,
        "workspace_colors": true,
        "audit_query": true,
    });
    assert_eq!(reply.ok()["instance_flags"], flags);
    let from = |directive: &str| {
        let own = policy.split(';').find(|part| part.trim().starts_with(directive)).unwrap_or_default();
        own.split(' ').any(|source| source == shop.local.address)
    };
    assert!(from("script-src") && from("frame-src") && from("connect-src"), "{policy}");
    assert!(!from("default-src") && !from("img-src") && !policy.contains("unsafe-inline"), "{policy}");
    assert!(policy.contains(&shop.wire.address()), "the API: {policy}");
    let script = shop.local.get("/js.stripe.com/v3/");
    assert!(text(&script).contains("confirmCardSetup"));

    let plain = crate::common::Server::start();
    let reply = plain.send("GET", "/info", &[], None);
    let policy = reply.headers.get("content-security-policy").unwrap().to_str().unwrap();
    assert!(!policy.contains("http") && !policy.contains("frame-src"), "{policy}");
    plain.send("POST", "/webhooks/stripe", &[], Some(b"{}")).refused(404, "Not Found");
}

#[test]
fn a_plan_ends_with_its_period() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let plan = |tier: &str| ada.post("/orgs/current/plan", org, json!({ "tier": tier }));
    plan("disabled").refused(400, "This organization has no subscription to end.");
    shop.add_card(&ada, &acme, GOOD);
    plan("plus").ok();
    let (user, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    user.post("/orgs/current/plan", org, json!({ "tier": "disabled" }))
        .refused(403, "Only an Organization Admin");
    plan("disabled").ok();
    assert_eq!(shop.subscription()["cancel_at_period_end"], true);
    let now = billing(&ada, &acme);
    assert_eq!((&now["tier"], &now["disabled"]), (&json!("plus"), &json!(false)));
    assert!(now["current_plan"]["ends_on"].is_string(), "{now}");
    assert_eq!(now["current_plan"]["ends_on"], now["end_of_billing_period"]);
    assert_eq!(ada.get("/orgs/current", org).ok()["has_cancelled"], true);
    ada.get("/workspaces", org).ok();

    // Choosing the plan again takes that back; nothing is bought twice.
    plan("plus").ok();
    assert_eq!(shop.subscription()["cancel_at_period_end"], false);
    assert_eq!(ada.get("/orgs/current", org).ok()["has_cancelled"], false);
    assert_eq!(shop.all_subscriptions().len(), 1);

    plan("disabled").ok();
    let id = text(&shop.subscription()["id"]);
    shop.local.delete(&format!("subscriptions/{id}"));
    eventually("the organization is pending", || billing(&ada, &acme)["tier"] == "no_plan");
    let now = billing(&ada, &acme);
    assert_eq!((&now["disabled"], &now["current_plan"]), (&json!(true), &Value::Null));
    assert_eq!(
        (&now["payment_method"]["last4"], &now["end_of_billing_period"]),
        (&json!("4242"), &Value::Null)
    );
    ada.get("/workspaces", org).refused(403, "This organization is pending.");
    plan("plus").ok();
    assert_eq!((shop.billed(), shop.all_subscriptions().len()), (2, 2), "another one, for both members");
}

#[test]
fn the_business_stands_on_the_invoices() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let address = |city: &str| json!({ "line1": "1 Main St", "line2": null, "city": city, "state": null, "postal_code": "P1", "country": "DE" });
    let info = |city: &str, tax: Value| {
        json!({
            "company_info": { "name": "Acme GmbH", "address": address(city) },
            "tax_id": tax, "invoice_email": "bills@acme.example", "is_business": true,
        })
    };
    let tax = |value: &str| json!({ "type": "eu_vat", "value": value });
    let set = |info: &Value| ada.post("/orgs/current/business-info", org, info.clone());
    let get = || ada.get("/orgs/current/business-info", org).ok();
    // Before there is a customer it is kept here, and told when there is one.
    set(&info("Berlin", tax("DE123456789"))).ok();
    assert!(shop.wire.calls().is_empty());
    shop.add_card(&ada, &acme, GOOD);
    eventually("the customer is the business", || shop.customer()["name"] == "Acme GmbH");
    let told = |field: &str| shop.customer().pointer(field).unwrap().clone();
    eventually("the tax id is there", || told("/tax_ids/total_count") == 1);
    assert_eq!((told("/address/city"), told("/email")), (json!("Berlin"), json!("bills@acme.example")));
    assert_eq!(told("/tax_ids/data/0/value"), "DE123456789");

    let changed = info("Hamburg", tax("DE222222222222"));
    set(&changed).ok();
    assert_eq!((told("/address/city"), told("/tax_ids/total_count")), (json!("Hamburg"), json!(1)));
    assert_eq!(told("/tax_ids/data/0/value"), "DE222222222222");
    assert_eq!(get(), changed);

    for wrong in
        [json!({ "type": "eu_vat", "value": "short" }), json!({ "type": "moon_vat", "value": "DE123456789" })]
    {
        set(&info("Munich", wrong)).invalid(&[json!("body"), json!("tax_id"), json!("value")]);
        assert_eq!((get(), told("/address/city")), (changed.clone(), json!("Hamburg")));
        assert_eq!(told("/tax_ids/data/0/value"), "DE222222222222");
    }
    // Another card does not put its owner on the invoices.
    shop.add_card(&ada, &acme, GOOD);
    assert_eq!(told("/name"), "Acme GmbH");
    set(&info("Hamburg", Value::Null)).ok();
    assert_eq!(told("/tax_ids/total_count"), 0);
}

#[test]
fn another_plan_by_an_operator_ends_the_subscription() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    shop.server.plan(&acme, "enterprise");
    eventually("the subscription has ended", || shop.subscriptions().is_empty());
    eventually("the server knows", || billing(&ada, &acme)["end_of_billing_period"].is_null());
    assert_eq!(billing(&ada, &acme)["tier"], "enterprise", "its end changes nothing");
    ada.invite(&acme, "more@example.com", "ORGANIZATION_USER", &[]);
    // And back: by paying again.
    ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).ok();
    assert_eq!(shop.billed(), 2);
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let directory = TempDir::new().unwrap();
    let serve = |environment: &[(&str, &str)]| {
        let database = url(&directory.path().join("a.db"));
        let output = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &database])
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let told = serve(&[("STRIPE_SECRET_KEY", "sk_test_hidden")]);
    assert!(told.contains("STRIPE_PUBLISHABLE_KEY is not") && !told.contains("hidden"), "{told}");
    let keys = [("STRIPE_SECRET_KEY", "sk_test_hidden"), ("STRIPE_PUBLISHABLE_KEY", "pk_test_1")];
    assert!(serve(&keys).contains("STRIPE_PRICE_PLUS is not set."));
    let swapped = [("STRIPE_SECRET_KEY", "sk_test_1"), ("STRIPE_PUBLISHABLE_KEY", "sk_test_hidden")];
    let told = serve(&swapped);
    assert!(told.contains("not a publishable key") && !told.contains("hidden"), "{told}");
}

#[test]
fn deleting_an_organization_ends_its_subscription_first() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    let org = At::Org(&acme);
    let ends = ada.get("/orgs/current/ends", org).ok();
    assert_eq!(ends["subscription"], "plus");
    assert!(ends["end_of_billing_period"].is_string(), "{ends}");
    let listed = || ada.get("/orgs?include_tier=true", At::Nowhere).ok();
    let of = |list: &Value| list.as_array().unwrap().iter().find(|one| one["id"] == acme.as_str()).cloned();
    let row = of(&listed()).unwrap();
    assert_eq!((&row["has_card"], &row["has_cancelled"]), (&json!(true), &json!(false)), "{row}");
    assert!(row["end_of_billing_period"].is_string(), "{row}");

    // Where Stripe cannot be told, nothing is deleted: nobody pays for what is not there any more.
    shop.wire.close();
    let refused = ada.delete("/orgs/current?name=Acme", org);
    assert!(matches!(refused.status, 502 | 504), "{}", refused.body);
    shop.wire.open();
    assert_eq!(ada.workspaces(&acme).len(), 1);
    assert_eq!(shop.subscriptions().len(), 1);

    ada.delete("/orgs/current?name=Acme", org).ok();
    assert_eq!(shop.subscriptions(), Vec::<Value>::new());
    assert!(of(&listed()).is_none());
    eventually("its customer goes", || customers(&shop).is_empty());
}

fn customers(shop: &Shop) -> Vec<Value> {
    shop.local.get("customers?limit=100")["data"].as_array().unwrap().clone()
}

/// The organization is gone, and Stripe does what it was asked before: the money goes back, and the
/// customer goes however long Stripe is away meanwhile.
#[test]
fn a_deleted_organization_leaves_no_customer_who_pays() {
    let Some(shop) = Shop::open() else { return };
    let (acme, customer) = {
        let ada = shop.server.anybody();
        let acme = shop.paying(&ada);
        shop.wire.fate("DELETE", "customers", Fate::Answer(500, "{}"));
        ada.delete("/orgs/current?name=Acme", At::Org(&acme)).ok();
        (acme, text(&shop.customer()["id"]))
    };
    let tried = |shop: &Shop| {
        let calls = shop.wire.calls();
        calls
            .iter()
            .filter(|call| call.method == "DELETE" && call.path == format!("customers/{customer}"))
            .count()
    };
    eventually("it was tried", || tried(&shop) > 0);
    // A purchase that Stripe comes round to only now. What somebody made by hand just ends.
    let operation = "00000000-0000-4000-8000-000000000001";
    let late = json!({
        "customer": customer, "items": [{ "plan": "price_plus", "quantity": 1 }],
        "metadata": { "atrium_organization": acme, "atrium_operation": operation, "atrium_tier": "plus" },
    });
    // The first call after the refund fails, and the server is killed: it has forgotten nothing.
    shop.wire.fate("DELETE", "subscriptions", Fate::Answer(500, "{}"));
    let late = shop.local.post("subscriptions", late);
    let path = format!("subscriptions/{}", text(&late["id"]));
    eventually("its end was tried", || {
        shop.wire.calls().iter().any(|call| call.method == "DELETE" && call.path == path)
    });
    let refunded = |shop: &Shop| {
        let invoice = shop.local.get(&format!("invoices/{}", text(&late["latest_invoice"])));
        invoice["charge"]["amount_refunded"].clone()
    };
    assert_eq!((refunded(&shop), shop.subscriptions().len()), (json!(3900), 1));
    let shop = shop.crash();
    shop.wire.mend();
    eventually("the customer goes", || customers(&shop).is_empty());
    assert_eq!(shop.subscriptions(), Vec::<Value>::new());
    assert_eq!((refunded(&shop), shop.refunds()), (json!(3900), 1));
    // The server notes it after Stripe has done it.
    eventually("the server knows", || {
        query(&shop.server.database_url(), "SELECT count(*) FROM stripe_ended_customer") == ["0"]
    });
    let output = shop.reconcile();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0 compared with Stripe, 0 changed.\n");
}

/// Without a server the command does it.
#[test]
fn reconciling_deletes_customers_that_are_left() {
    let Some(shop) = Shop::open() else { return };
    let (acme, customer) = {
        let ada = shop.server.anybody();
        let acme = shop.paying(&ada);
        shop.wire.fate("DELETE", "customers", Fate::Answer(500, "{}"));
        ada.delete("/orgs/current?name=Acme", At::Org(&acme)).ok();
        (acme, text(&shop.customer()["id"]))
    };
    let shop = shop.between(|stopped, database| {
        let what = format!("Customer {customer} of an organization that was deleted ({acme})");
        let told = stopped.reconcile_of(database);
        assert_eq!(told.status.code(), Some(1));
        let (out, error) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
        assert!(out.contains(&format!("{what}: not deleted, failed.")), "{out}");
        assert!(error.contains("1 of the customers that are to be deleted are left"), "{error}");
        stopped.wire.mend();
        let told = stopped.reconcile_of(database);
        let out = String::from_utf8_lossy(&told.stdout);
        assert_eq!(out, format!("{what}: deleted at Stripe.\n0 compared with Stripe, 0 changed.\n"));
        assert!(told.status.success());
    });
    assert!(customers(&shop).is_empty());
}
