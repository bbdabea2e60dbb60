//! `atrium-server reconcile`: what a missed webhook or a lost outbox left.

use std::path::Path;
use std::process::Output;

use serde_json::json;

use super::wire::Fate;
use super::{GOOD, Shop, billing, eventually};
use crate::common::{At, Server, program, text, url};
use crate::database::{change_one, remove};

fn printed(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn repairs_once() {
    // Without a secret every message is missed.
    let Some(shop) = Shop::open_with(&[("STRIPE_WEBHOOK_SECRET", "")]) else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    let other = shop.paying(&ada);
    let own = |id: &str| {
        let all = shop.subscriptions();
        all.into_iter().find(|row| row["metadata"]["atrium_organization"] == id).unwrap()
    };
    ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
    eventually("two seats", || own(&acme)["quantity"] == 2);
    assert_eq!(printed(&shop.reconcile()), "2 compared with Stripe, 0 changed.\n");

    // Somebody at Stripe changes the seats of one and cancels the other.
    let subscription = text(&own(&acme)["id"]);
    let item = own(&acme)["items"]["data"][0]["id"].clone();
    let wrong = json!({ "items": [{ "id": item, "quantity": 9 }] });
    shop.local.post(&format!("subscriptions/{subscription}"), wrong);
    shop.local.delete(&format!("subscriptions/{}", text(&own(&other)["id"])));
    let told = printed(&shop.reconcile());
    assert!(told.contains(&format!("Acme ({acme}): 2 seats are billed instead of 9.")), "{told}");
    let ended =
        format!("Acme ({other}): the subscription has ended at Stripe; the organization is pending again.");
    assert!(told.contains(&ended), "{told}");
    assert!(told.ends_with("2 compared with Stripe, 2 changed.\n"), "{told}");
    assert_eq!(
        (own(&acme)["quantity"].clone(), billing(&ada, &other)["tier"].clone()),
        (json!(2), json!("no_plan"))
    );
    assert_eq!(printed(&shop.reconcile()), "2 compared with Stripe, 0 changed.\n");

    // The card is replaced and the end of the plan decided at Stripe.
    let method = shop.local.get(&format!("customers/{}", text(&own(&acme)["customer"])));
    let method = text(&method["invoice_settings"]["default_payment_method"]);
    let card = json!({ "card": { "brand": "visa", "last4": "1881", "exp_month": 2, "exp_year": 2044 } });
    shop.local.post(&format!("payment_methods/{method}"), card);
    shop.local.post(&format!("subscriptions/{subscription}"), json!({ "cancel_at_period_end": true }));
    let told = printed(&shop.reconcile());
    assert!(told.contains("the subscription ends with its period; the card is another one."), "{told}");
    assert_eq!(billing(&ada, &acme)["payment_method"]["last4"], "1881");
    assert_eq!(ada.get("/orgs/current", At::Org(&acme)).ok()["has_cancelled"], true);
    assert_eq!(printed(&shop.reconcile()), "2 compared with Stripe, 0 changed.\n");
}

/// A purchase whose answer was lost, and nobody asked again: the money goes back.
#[test]
fn what_a_failed_purchase_left_is_taken_back() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    shop.add_card(&ada, &acme, GOOD);
    shop.wire.fate("POST", "subscriptions", Fate::LoseAnswer);
    ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).refused(502, "as it was");
    shop.wire.mend();
    let bought = shop.subscription();
    // Another attempt may still take it up: the background leaves it for a while.
    assert_eq!(billing(&ada, &acme)["tier"], "no_plan");
    let told = printed(&shop.reconcile());
    let expected = "a subscription from a request that had failed was ended, and its payment refunded.";
    assert!(told.contains(expected), "{told}");
    assert!(shop.subscriptions().is_empty());
    let invoice = shop.local.get(&format!("invoices/{}", text(&bought["latest_invoice"])));
    assert_eq!(invoice["charge"]["amount_refunded"], 3900, "{invoice}");
    assert_eq!(printed(&shop.reconcile()), "1 compared with Stripe, 0 changed.\n");
    // The next attempt is another one.
    ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).ok();
    assert_eq!((shop.all_subscriptions().len(), shop.billed()), (2, 1));
}

/// Stripe fails between the refund and the end: the next try ends it, with that one refund. Whoever asks
/// for the plan meanwhile buys it, and does not get what was paid back.
#[test]
fn what_is_taken_back_is_refunded_once() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    shop.add_card(&ada, &acme, GOOD);
    let plan = || ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" }));
    shop.wire.fate("POST", "subscriptions", Fate::LoseAnswer);
    plan().refused(502, "as it was");
    shop.wire.mend();
    let bought = shop.subscription();

    shop.wire.fate("DELETE", "subscriptions", Fate::Answer(500, "{}"));
    let output = shop.reconcile();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains(&format!("Acme ({acme}): not compared, Stripe: failed.")), "{told}");
    assert_eq!((shop.refunds(), &shop.subscription()["id"]), (1, &bought["id"]));
    plan().ok();
    assert_eq!(shop.subscriptions().len(), 2);

    shop.wire.mend();
    let told = printed(&shop.reconcile());
    let expected = "a subscription from a request that had failed was ended, and its payment refunded";
    assert!(told.contains(expected), "{told}");
    assert_ne!(shop.subscription()["id"], bought["id"]);
    assert_eq!((shop.refunds(), &billing(&ada, &acme)["tier"]), (1, &json!("plus")));
    let invoice = shop.local.get(&format!("invoices/{}", text(&bought["latest_invoice"])));
    assert_eq!(invoice["charge"]["amount_refunded"], 3900, "{invoice}");
    assert_eq!(printed(&shop.reconcile()), "1 compared with Stripe, 0 changed.\n");
}

/// The same without the command: the background does it after a while, which has passed here.
#[test]
fn the_background_takes_a_failed_purchase_back() {
    let Some(shop) = Shop::open() else { return };
    {
        let ada = shop.server.anybody();
        let acme = ada.organization("Acme", "no_plan");
        shop.add_card(&ada, &acme, GOOD);
        shop.wire.fate("POST", "subscriptions", Fate::LoseAnswer);
        ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).refused(502, "as it was");
        shop.wire.mend();
    }
    assert_eq!(shop.subscriptions().len(), 1);
    let shop = shop.between(|_, database| {
        // Both as if they had waited.
        let past = "'2020-01-01T00:00:00+00:00'";
        change_one(database, &format!("UPDATE stripe_operation SET created_at = {past}"));
        change_one(database, &format!("UPDATE stripe_outbox SET next_try_at = {past}"));
    });
    eventually("it is taken back", || shop.subscriptions().is_empty());
    let bought = &shop.all_subscriptions()[0];
    let invoice = text(&bought["latest_invoice"]);
    let refunded = || shop.local.get(&format!("invoices/{invoice}"))["charge"]["amount_refunded"] == 3900;
    eventually("the money is back", refunded);
}

/// The database was put back to a time before the purchase: Stripe still bills, so the plan is had.
#[test]
fn a_subscription_that_the_database_has_lost_is_taken_up() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let copy = |from: &Path, to: &Path| {
        let done = program().args(["copy", "--from", &url(from), "--to", &url(to)]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let before = shop.server.database().with_file_name("before.db");
    copy(&shop.server.database(), &before);
    shop.add_card(&ada, &acme, GOOD);
    ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).ok();
    let bought = shop.subscription();

    let (email, token, cookie) = (ada.email.clone(), ada.token.clone(), ada.cookie.clone());
    let shop = shop.between(|_, database| {
        remove(database);
        copy(&before, database);
        remove(&before);
    });
    let ada = crate::common::Person { server: &shop.server, email, token, cookie };
    assert_eq!(billing(&ada, &acme)["tier"], "no_plan");
    ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
    let told = printed(&shop.reconcile());
    assert!(told.contains("the plan is Plus, since a subscription at Stripe pays for it"), "{told}");
    assert_eq!(billing(&ada, &acme)["tier"], "plus");
    assert_eq!(billing(&ada, &acme)["payment_method"]["last4"], "4242");
    assert_eq!(shop.subscription()["id"], bought["id"]);
    eventually("two seats", || shop.billed() == 2);
    assert_eq!(printed(&shop.reconcile()), "1 compared with Stripe, 0 changed.\n");
}

#[test]
fn reconcile_says_what_is_wrong() {
    let plain = Server::start();
    let run = |more: &[(&str, &str)], database: &str| {
        let output = program()
            .args(["reconcile", "--database", database])
            .envs(more.iter().copied())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(run(&[], &url(&plain.database())).contains("There is nothing to compare"));
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    shop.wire.fate("GET", "customers", Fate::Answer(500, "{}"));
    let output = shop.reconcile();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains(&format!("Acme ({acme}): not compared, Stripe: failed.")), "{told}");
    shop.wire.mend();
    shop.wire.close();
    let output = shop.reconcile();
    assert!(String::from_utf8_lossy(&output.stderr).contains("Stripe cannot be asked (unreachable)."));
}
