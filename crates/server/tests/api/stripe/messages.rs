//! Webhooks.

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{EMPTY, GOOD, Shop, WEBHOOK_SECRET, billing, eventually, setup};
use crate::common::{At, Reply, Server, text};
use crate::job::payment;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Sends an event as Stripe would, signed with a secret at a time.
fn send(server: &Server, event: &Value, secret: &str, time: u64) -> Reply {
    let body = event.to_string();
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let bytes = mac.chain_update(format!("{time}.{body}")).finalize().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let signature = format!("t={time},v1={hex}");
    server.send("POST", "/webhooks/stripe", &[("stripe-signature", &signature)], Some(body.as_bytes()))
}

fn event(id: &str, kind: &str, object: Value) -> Value {
    json!({ "id": id, "object": "event", "type": kind, "data": { "object": object } })
}

/// An invoice of the only subscription that is paid with the card that the customer has.
fn bill(shop: &Shop) {
    let subscription = shop.subscription();
    let customer = text(&subscription["customer"]);
    let body = json!({ "customer": customer, "subscription": subscription["id"] });
    let invoice = text(&shop.local.post("invoices", body)["id"]);
    shop.local.post(&format!("invoices/{invoice}/pay"), json!({}));
}

#[test]
fn a_failed_payment_is_known_and_another_card_pays() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    let org = At::Org(&acme);
    shop.add_card(&ada, &acme, EMPTY);
    bill(&shop);
    assert_eq!(shop.subscription()["status"], "past_due");
    eventually("the failed payment is known", || {
        billing(&ada, &acme)["payment_problem"]
            .as_str()
            .is_some_and(|text| text.starts_with("The last payment failed."))
    });
    // Stripe still tries: the organization works, and another card that is refused changes nothing.
    ada.get("/workspaces", org).ok();
    let before = billing(&ada, &acme);
    let card = shop.customer()["invoice_settings"]["default_payment_method"].clone();
    let secret = setup(&ada, &acme);
    assert_eq!(shop.local.enter_card(&secret, EMPTY, "123"), 200);
    ada.post("/orgs/current/payment-method", org, payment(&secret)).refused(402, "Stripe refused the card");
    assert_eq!(billing(&ada, &acme), before);
    assert_eq!(shop.customer()["invoice_settings"]["default_payment_method"], card);

    // A good one pays what is open.
    shop.add_card(&ada, &acme, GOOD);
    assert_eq!(shop.subscription()["status"], "active");
    eventually("the problem is gone", || billing(&ada, &acme).get("payment_problem").is_none());
    assert_eq!(billing(&ada, &acme)["payment_method"]["last4"], "4242");
}

#[test]
fn a_cancelled_subscription_makes_the_organization_pending() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    shop.local.delete(&format!("subscriptions/{}", text(&shop.subscription()["id"])));
    eventually("it is pending", || billing(&ada, &acme)["tier"] == "no_plan");
    ada.get("/workspaces", At::Org(&acme)).refused(403, "This organization is pending.");
    // The audit log tells of it, by nobody who is signed in.
    shop.server.plan(&acme, "enterprise");
    let all = crate::audit::entries(&ada, &acme, "");
    let was = json!({ "tier": "plus", "disabled": false });
    let ended = all.iter().find(|entry| entry["unmapped"]["before"] == was);
    let ended = ended.unwrap_or_else(|| panic!("{all:?}"));
    assert_eq!(crate::audit::operation(ended), "update_payment_plan");
    assert_eq!(ended["unmapped"]["after"], json!({ "tier": "no_plan", "disabled": true }));
    // The members stay.
    assert_eq!(ada.get("/orgs/current/members", At::Org(&acme)).ok()["members"].as_array().unwrap().len(), 1);
}

#[test]
fn a_card_that_expires_or_is_replaced_is_shown() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    let customer = shop.customer();
    let method = text(&customer["invoice_settings"]["default_payment_method"]);
    let card = |last4: &str, year: u32| json!({ "card": { "brand": "visa", "last4": last4, "exp_month": 1, "exp_year": year } });
    let tell = |id: &str, kind: &str| {
        let object = json!({ "object": "payment_method", "id": method, "customer": customer["id"] });
        send(&shop.server, &event(id, kind, object), WEBHOOK_SECRET, now()).ok();
    };
    shop.local.post(&format!("payment_methods/{method}"), card("4242", 2020));
    tell("evt_expired", "payment_method.updated");
    eventually("it has expired", || {
        billing(&ada, &acme)["payment_problem"]
            .as_str()
            .is_some_and(|text| text.starts_with("The card has expired."))
    });
    assert_eq!(billing(&ada, &acme)["payment_method"]["exp_year"], 2020);
    // Banks replace cards, and Stripe follows by itself.
    shop.local.post(&format!("payment_methods/{method}"), card("1881", 2045));
    tell("evt_replaced", "payment_method.automatically_updated");
    eventually("it is replaced", || billing(&ada, &acme)["payment_method"]["last4"] == "1881");
    assert!(billing(&ada, &acme).get("payment_problem").is_none());
}

/// `unpaid` is what Stripe says when it has given up: localstripe never gets there by itself.
#[test]
fn an_unpaid_organization_is_switched_off_until_it_pays() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    let id = text(&shop.subscription()["id"]);
    let list: &'static str = {
        let mut unpaid = shop.subscription();
        unpaid["status"] = json!("unpaid");
        Box::leak(
            json!({ "object": "list", "data": [unpaid], "has_more": false }).to_string().into_boxed_str(),
        )
    };
    shop.wire.fate("GET", "subscriptions", super::wire::Fate::Answer(200, list));
    let object = json!({ "object": "subscription", "id": id, "customer": shop.customer()["id"] });
    let changed = |name: &str| event(name, "customer.subscription.updated", object.clone());
    send(&shop.server, &changed("evt_1"), WEBHOOK_SECRET, now()).ok();
    eventually("it is switched off", || billing(&ada, &acme)["disabled"] == true);
    assert_eq!(billing(&ada, &acme)["tier"], "plus");
    ada.get("/workspaces", At::Org(&acme)).refused(403, "This organization is switched off.");
    // Choosing the plan again is no way around paying.
    ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" }))
        .refused(402, "Add another card first.");
    shop.wire.mend();
    send(&shop.server, &changed("evt_2"), WEBHOOK_SECRET, now()).ok();
    eventually("it works again", || billing(&ada, &acme)["disabled"] == false);
    ada.get("/workspaces", At::Org(&acme)).ok();
}

#[test]
fn only_stripes_own_messages_are_taken_and_each_once() {
    let Some(shop) = Shop::open() else { return };
    // localstripe's own messages go nowhere: those of the test are counted.
    shop.local.send_events_to("http://127.0.0.1:9", WEBHOOK_SECRET);
    let ada = shop.server.anybody();
    shop.paying(&ada);
    let customer = text(&shop.customer()["id"]);
    let object = json!({ "object": "customer", "id": customer });
    let asked =
        || shop.wire.calls().iter().filter(|call| call.path == format!("customers/{customer}")).count();
    let settled = || {
        let before = asked();
        std::thread::sleep(std::time::Duration::from_millis(2500));
        before == asked()
    };
    eventually("it is quiet", settled);
    let before = asked();
    let good = event("evt_1", "customer.updated", object.clone());
    let refuse = |reply: Reply| {
        let told = reply.refused(400, "The signature").to_string();
        assert!(!told.contains(WEBHOOK_SECRET) && !told.contains("cus_"), "{told}");
    };
    refuse(send(&shop.server, &good, "whsec_other", now()));
    refuse(send(&shop.server, &good, "", now()));
    refuse(send(&shop.server, &good, WEBHOOK_SECRET, now() - 301));
    refuse(send(&shop.server, &good, WEBHOOK_SECRET, now() + 400));
    refuse(shop.server.send("POST", "/webhooks/stripe", &[], Some(good.to_string().as_bytes())));
    let signature = format!("t={},v1={}", now(), "0".repeat(64));
    refuse(shop.server.send(
        "POST",
        "/webhooks/stripe",
        &[("stripe-signature", &signature)],
        Some(good.to_string().as_bytes()),
    ));
    for odd in [json!([]), json!("x"), json!({ "type": "customer.updated" }), json!({ "id": 7, "type": "x" })]
    {
        send(&shop.server, &odd, WEBHOOK_SECRET, now()).refused(400, "This is no event.");
    }
    // Unknown ones, and those about somebody else's customers, are taken and mean nothing.
    let unknown = event("evt_2", "moon.landed", json!({ "customer": customer }));
    let foreign = event("evt_3", "customer.updated", json!({ "object": "customer", "id": "cus_other" }));
    let empty = event("evt_4", "customer.updated", Value::Null);
    for nothing in [&unknown, &foreign, &empty] {
        send(&shop.server, nothing, WEBHOOK_SECRET, now()).ok();
    }
    assert!(settled());
    assert_eq!(asked(), before, "nothing of this had Stripe asked");

    send(&shop.server, &good, WEBHOOK_SECRET, now() - 299).ok();
    eventually("Stripe is asked", || asked() == before + 1);
    // The same again, also with a new signature: once is enough.
    for _ in 0..3 {
        send(&shop.server, &good, WEBHOOK_SECRET, now()).ok();
    }
    assert!(settled());
    assert_eq!(asked(), before + 1);
    let other = event("evt_5", "customer.updated", object);
    send(&shop.server, &other, WEBHOOK_SECRET, now()).ok();
    eventually("another event counts", || asked() == before + 2);
}

#[test]
fn without_a_secret_no_message_is_taken() {
    let Some(shop) = Shop::open_with(&[("STRIPE_WEBHOOK_SECRET", "")]) else { return };
    let nothing = event("evt_1", "customer.updated", json!({}));
    send(&shop.server, &nothing, "", now()).refused(404, "Not Found");
    eventually("it is in the log", || {
        shop.server.log().join("\n").contains("STRIPE_WEBHOOK_SECRET is not set")
    });
}
