//! Stripe slow, down, or refusing: the organization is as it was, and a sentence says so.

use serde_json::{Value, json};

use super::wire::Fate;
use super::{EMPTY, GOOD, IMPATIENT, Shop, billing, eventually, setup};
use crate::common::{At, Person, Reply, text};
use crate::job::payment;

/// All that people see of an organization.
fn state(person: &Person<'_>, id: &str) -> Value {
    let at = At::Org(id);
    let get = |path: &str| person.get(path, at).ok();
    json!([
        get("/orgs/current"),
        get("/orgs/current/billing"),
        get("/orgs/current/business-info"),
        get("/orgs/current/members")
    ])
}

const AS_IT_WAS: &str = "organization is as it was.";

#[test]
fn a_refused_card_changes_nothing() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let plan = || ada.post("/orgs/current/plan", org, json!({ "tier": "plus" }));
    let keep = |secret: &str| ada.post("/orgs/current/payment-method", org, payment(secret));

    // Refused where it is entered: the browser is told, and nothing is kept.
    let secret = setup(&ada, &acme);
    let before = state(&ada, &acme);
    assert_eq!(shop.local.enter_card(&secret, "4000000000000002", "123"), 402);
    keep(&secret).refused(402, "Stripe refused the card:");
    assert_eq!(state(&ada, &acme), before);

    // It wants its owner to confirm it, who did not.
    let secret = setup(&ada, &acme);
    assert_eq!(shop.local.enter_card(&secret, "4000002500003155", "123"), 200);
    keep(&secret).refused(402, AS_IT_WAS);
    assert_eq!(state(&ada, &acme), before);

    // Refused when it is charged.
    shop.add_card(&ada, &acme, EMPTY);
    let before = state(&ada, &acme);
    for _ in 0..2 {
        plan()
            .refused(402, "Stripe refused the card: Your card was declined. The organization is as it was.");
        assert_eq!(state(&ada, &acme), before);
        assert_eq!(shop.subscriptions(), Vec::<Value>::new());
    }
    ada.get("/workspaces", org).refused(403, "pending");

    // The bank wants every payment confirmed.
    let secret = setup(&ada, &acme);
    let number = "4000002760003184";
    assert_eq!(shop.local.enter_card(&secret, number, "123"), 200);
    let intent = secret.split("_secret_").next().unwrap();
    shop.local.post(&format!("setup_intents/{intent}/confirm"), json!({ "client_secret": secret }));
    keep(&secret).ok();
    plan().refused(402, "Its bank wants the payment confirmed.");
    assert_eq!(shop.subscriptions(), Vec::<Value>::new());

    shop.add_card(&ada, &acme, GOOD);
    plan().ok();
    assert_eq!(shop.billed(), 1);
}

/// Every request that deals with Stripe, while Stripe is in each kind of trouble.
#[test]
fn stripe_slow_or_down_changes_nothing() {
    let Some(shop) = Shop::open_with(&[IMPATIENT]) else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    let pending = ada.organization("Pending", "no_plan");
    shop.add_card(&ada, &pending, GOOD);
    let fresh = ada.organization("Fresh", "no_plan");
    let card = setup(&ada, &acme);
    assert_eq!(shop.local.enter_card(&card, GOOD, "123"), 200);
    let tax = json!({ "tax_id": { "type": "eu_vat", "value": "DE123456789" }, "is_business": true });
    type Ask<'a> = Box<dyn Fn() -> Reply + 'a>;
    let asks: Vec<(&str, Ask<'_>)> = vec![
        ("a customer", Box::new(|| ada.post("/orgs/current/setup", At::Org(&fresh), json!({})))),
        ("a setup intent", Box::new(|| ada.post("/orgs/current/setup", At::Org(&acme), json!({})))),
        ("a card", Box::new(|| ada.post("/orgs/current/payment-method", At::Org(&acme), payment(&card)))),
        ("a plan", Box::new(|| ada.post("/orgs/current/plan", At::Org(&pending), json!({ "tier": "plus" })))),
        (
            "another plan",
            Box::new(|| ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus_01_2026" }))),
        ),
        (
            "the end",
            Box::new(|| ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "disabled" }))),
        ),
        ("a tax id", Box::new(|| ada.post("/orgs/current/business-info", At::Org(&acme), tax.clone()))),
    ];
    let all = || json!([state(&ada, &acme), state(&ada, &pending), state(&ada, &fresh)]);
    let before = all();
    let mut cells = 0;
    for (fate, status, part) in [
        (None, 502, "Stripe cannot be reached."),
        (Some(Fate::Hang), 504, "Stripe did not answer in time."),
        (Some(Fate::Drop), 502, "The connection to Stripe broke."),
        (Some(Fate::Answer(500, r#"{"error":{"type":"api_error"}}"#)), 502, "Stripe could not do this."),
        (
            Some(Fate::Answer(401, r#"{"error":{"type":"authentication_error"}}"#)),
            502,
            "Stripe could not do this.",
        ),
        (Some(Fate::Answer(200, "<html>")), 502, "Stripe could not do this."),
        (Some(Fate::Answer(200, "[]")), 502, "Stripe could not do this."),
        (Some(Fate::Answer(302, "{}")), 502, "Stripe could not do this."),
        (Some(Fate::Answer(429, r#"{"error":{"type":"rate_limit_error"}}"#)), 502, "Stripe is busy"),
    ] {
        match &fate {
            None => shop.wire.close(),
            Some(fate) => shop.wire.fate("*", "", fate.clone()),
        }
        for (what, ask) in &asks {
            let sentence = ask().refused(status, part)["detail"].to_string();
            assert!(
                sentence.contains("organization is as it was") || sentence.contains("It is as it was"),
                "{what}: {sentence}"
            );
            assert_eq!(all(), before, "{what}, {fate:?}");
            cells += 1;
        }
        match &fate {
            None => shop.wire.open(),
            Some(_) => shop.wire.mend(),
        }
    }
    println!("{cells} failures");
    // And all of it works as soon as Stripe is back.
    for (what, ask) in &asks {
        let mut answer = ask();
        // The background may be looking after it at this moment.
        while answer.status == 503 {
            answer = ask();
        }
        assert_eq!(answer.status, 200, "{what}: {}", answer.body);
    }
    assert_eq!(shop.subscriptions().len(), 2);
    assert_eq!(shop.local.get("customers?limit=100")["data"].as_array().unwrap().len(), 3);
}

/// The worst moment: Stripe did it, and the answer was lost. Asking again does it no second time.
#[test]
fn a_lost_answer_is_asked_for_again() {
    let Some(shop) = Shop::open_with(&[IMPATIENT]) else { return };
    let ada = shop.server.anybody();
    for (index, fate) in [Fate::LoseAnswer, Fate::HangAfter].into_iter().enumerate() {
        let status = if fate == Fate::HangAfter { 504 } else { 502 };
        let acme = ada.organization(&format!("Acme {index}"), "no_plan");
        let org = At::Org(&acme);
        let twice = |path: &str, body: Value, method: &str, part: &str| {
            let before = state(&ada, &acme);
            shop.wire.fate(method, part, fate.clone());
            let reply = ada.post(path, org, body.clone());
            assert_eq!(reply.status, status, "{path}: {}", reply.body);
            assert_eq!(state(&ada, &acme), before);
            shop.wire.mend();
            ada.post(path, org, body).ok()
        };
        twice("/orgs/current/setup", json!({}), "POST", "customers");
        let secret = text(&twice("/orgs/current/setup", json!({}), "POST", "setup_intents")["client_secret"]);
        assert_eq!(shop.local.enter_card(&secret, GOOD, "123"), 200);
        ada.post("/orgs/current/payment-method", org, payment(&secret)).ok();
        twice("/orgs/current/plan", json!({ "tier": "plus" }), "POST", "subscriptions");
        let tax = json!({ "tax_id": { "type": "eu_vat", "value": "DE123456789" } });
        twice("/orgs/current/business-info", tax, "POST", "tax_ids");
        assert_eq!(shop.local.get("customers?limit=100")["data"].as_array().unwrap().len(), index + 1);
        assert_eq!(shop.all_subscriptions().len(), index + 1);
        let customers = shop.local.get("customers?limit=100");
        assert_eq!(customers["data"][index]["tax_ids"]["total_count"], 1);
        assert_eq!(billing(&ada, &acme)["tier"], "plus");
    }
}

/// The server dies between Stripe's doing and the database's: the plan is had once.
#[test]
fn a_crash_in_the_middle_of_a_purchase() {
    let Some(shop) = Shop::open_with(&[IMPATIENT]) else { return };
    let (token, cookie, email, acme);
    {
        let ada = shop.server.anybody();
        acme = ada.organization("Acme", "no_plan");
        shop.add_card(&ada, &acme, GOOD);
        shop.wire.fate("POST", "subscriptions", Fate::HangAfter);
        std::thread::scope(|scope| {
            let asked = scope
                .spawn(|| ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).status);
            eventually("Stripe has it", || shop.subscriptions().len() == 1);
            assert_eq!(asked.join().unwrap(), 504);
        });
        (token, cookie, email) = (ada.token, ada.cookie, ada.email);
    }
    shop.wire.mend();
    let shop = shop.crash();
    let ada = Person { server: &shop.server, email, token, cookie };
    assert_eq!(billing(&ada, &acme)["tier"], "no_plan");
    eventually("the plan is had", || {
        let reply = ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" }));
        assert!(matches!(reply.status, 200 | 503), "{}", reply.body);
        reply.status == 200
    });
    assert_eq!((shop.all_subscriptions().len(), shop.billed()), (1, 1));
    let bought =
        shop.wire.calls().iter().filter(|call| call.method == "POST" && call.path == "subscriptions").count();
    assert_eq!(bought, 1, "what is there is found before anything is bought");
}

#[test]
fn two_who_subscribe_at_once_buy_one_plan() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    shop.add_card(&ada, &acme, GOOD);
    std::thread::scope(|scope| {
        let ask = || ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).status;
        let all: Vec<_> = (0..5).map(|_| scope.spawn(ask)).collect();
        let all: Vec<_> = all.into_iter().map(|asked| asked.join().unwrap()).collect();
        assert!(all.iter().all(|status| *status == 200), "{all:?}");
    });
    assert_eq!((shop.all_subscriptions().len(), shop.billed()), (1, 1));
}
