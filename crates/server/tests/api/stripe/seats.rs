//! Seats: never billed before they are taken, never forgotten after.

use serde_json::json;

use super::wire::Fate;
use super::{IMPATIENT, Shop, eventually};
use crate::common::{At, Person, stop, text};
use crate::database::change_one;

/// The quantities that Stripe was told, in order.
fn told(shop: &Shop) -> Vec<u64> {
    let calls = shop.wire.calls();
    let told = calls.iter().filter(|call| call.method == "POST" && call.path.starts_with("subscriptions"));
    told.filter_map(|call| call.field("items[0][quantity]")?.parse().ok()).collect()
}

#[test]
fn seats_follow_members_and_invitations() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    let org = At::Org(&acme);
    let billed = |seats: u64| eventually(&format!("{seats} seats"), || shop.billed() == seats);
    let (_bob, bob) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    billed(2);
    let invited = ada.invite(&acme, "cy@example.com", "ORGANIZATION_USER", &[]);
    billed(3);
    ada.delete(&format!("/orgs/current/members/{invited}/pending"), org).ok();
    billed(2);
    let dee = shop.server.anybody();
    ada.invite(&acme, &dee.email, "ORGANIZATION_USER", &[]);
    billed(3);
    dee.delete(&format!("/orgs/pending/{acme}"), At::Nowhere).ok();
    billed(2);
    let rows: Vec<_> = (0..8).map(|index| json!({ "email": format!("p{index}@example.com") })).collect();
    ada.post("/orgs/current/members/batch", org, json!(rows)).ok();
    billed(10);
    ada.delete(&format!("/orgs/current/members/{bob}"), org).ok();
    billed(9);
    // The other ways in: with an account made by the organization, and through a workspace.
    let fay = json!([{ "email": "fay@example.com", "password": "correct horse battery" }]);
    ada.post("/orgs/current/members/basic/batch", org, fay).ok();
    billed(10);
    let waiting = ada.get("/orgs/current/members/pending", org).ok();
    let path = format!("/orgs/current/members/{}/pending", text(&waiting[0]["id"]));
    ada.delete(&path, org).ok();
    billed(9);
    let workspace = ada.workspaces(&acme).remove(0);
    let guest = json!([{ "email": "guest@example.com" }]);
    ada.post("/workspaces/current/members/batch", At::Workspace(&workspace), guest).ok();
    billed(10);
    let waiting = ada.get("/orgs/current/members/pending?emails=guest@example.com", org).ok();
    ada.delete(&format!("/orgs/current/members/{}/pending", text(&waiting[0]["id"])), org).ok();
    billed(9);
    // What is refused is not billed: one seat is free, two are wanted.
    let two = json!([{ "email": "q1@example.com" }, { "email": "q2@example.com" }]);
    ada.post("/orgs/current/members/batch", org, two).refused(409, "1 seat free of 10");
    // Accepting changes nothing about the seats, nor does a change of role.
    let eve = shop.server.anybody();
    ada.invite(&acme, &eve.email, "ORGANIZATION_USER", &[]);
    billed(10);
    let before = told(&shop).len();
    eve.accept(&acme);
    let eves = eve.identity(&acme);
    let viewer = json!({ "role_id": ada.role(&acme, "ORGANIZATION_VIEWER") });
    ada.patch(&format!("/orgs/current/members/{eves}"), org, viewer).ok();
    ada.delete(&format!("/orgs/current/members/{eves}"), org).ok();
    billed(9);
    assert_eq!(told(&shop).len(), before + 1, "{:?}", told(&shop));
    assert!(told(&shop).iter().all(|seats| *seats <= 10));
}

/// Stripe is asked for as many seats as there are, by a call that begins after the change.
#[test]
fn a_seat_is_billed_after_its_member_is_there() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    for index in 0..9 {
        // As many as were ever answered with success, and no more.
        assert!(told(&shop).iter().all(|seats| *seats <= 1 + index), "{:?}", told(&shop));
        ada.invite(&acme, &format!("p{index}@example.com"), "ORGANIZATION_USER", &[]);
    }
    eventually("ten seats", || shop.billed() == 10);
}

#[test]
fn what_stripe_did_not_hear_is_told_after_a_crash() {
    let Some(shop) = Shop::open() else { return };
    let (token, cookie, email, acme);
    {
        let ada = shop.server.anybody();
        acme = shop.paying(&ada);
        shop.wire.close();
        for index in 0..3 {
            ada.invite(&acme, &format!("p{index}@example.com"), "ORGANIZATION_USER", &[]);
        }
        (token, cookie, email) = (ada.token, ada.cookie, ada.email);
    }
    assert_eq!(shop.billed(), 1);
    let shop = shop.crash();
    let ada = Person { server: &shop.server, email, token, cookie };
    // While Stripe is away the organization goes on.
    ada.invite(&acme, "p3@example.com", "ORGANIZATION_USER", &[]);
    assert_eq!(shop.billed(), 1);
    shop.wire.open();
    eventually("five seats", || shop.billed() == 5);
    assert_eq!(shop.all_subscriptions().len(), 1);
}

#[test]
fn a_lost_answer_about_seats_is_found_out() {
    let Some(shop) = Shop::open_with(&[IMPATIENT]) else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    for fate in
        [Fate::LoseAnswer, Fate::HangAfter, Fate::Drop, Fate::Answer(500, "{}"), Fate::Answer(429, "{}")]
    {
        let before = shop.billed();
        shop.wire.fate("POST", "subscriptions/", fate.clone());
        let invited = ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
        let calls = shop.wire.calls().len();
        eventually("it was tried", || {
            shop.wire.calls()[calls.saturating_sub(1)..]
                .iter()
                .any(|call| call.path.starts_with("subscriptions/"))
        });
        shop.wire.mend();
        eventually(&format!("{fate:?} is overcome"), || shop.billed() == before + 1);
        ada.delete(&format!("/orgs/current/members/{invited}/pending"), At::Org(&acme)).ok();
        eventually(&format!("{fate:?} is overcome"), || shop.billed() == before);
    }
    assert_eq!(shop.all_subscriptions().len(), 1);
}

/// Many at once, with a Stripe that fails now and then: the end is what counts.
#[test]
fn seats_are_right_after_a_rush() {
    let Some(shop) = Shop::open() else { return };
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    std::thread::scope(|scope| {
        let (did, done) = std::sync::mpsc::channel();
        for lane in 0..3 {
            let (ada, acme, did) = (&ada, &acme, did.clone());
            scope.spawn(move || {
                for round in 0..6 {
                    let email = format!("l{lane}r{round}@example.com");
                    let invited = ada.invite(acme, &email, "ORGANIZATION_USER", &[]);
                    if round % 3 != 0 {
                        ada.delete(&format!("/orgs/current/members/{invited}/pending"), At::Org(acme)).ok();
                    }
                    did.send(()).unwrap();
                }
            });
        }
        for fate in [Fate::LoseAnswer, Fate::Pass, Fate::Answer(503, ""), Fate::Pass, Fate::Drop] {
            shop.wire.fate("*", "subscriptions", fate);
            // Eighteen rounds are made: each fate has three of them.
            done.iter().take(3).for_each(drop);
        }
        shop.wire.mend();
        // To the end, so that nobody tells somebody who is gone.
        drop(did);
        done.iter().for_each(drop);
    });
    let all = ada.get("/orgs/current/members", At::Org(&acme)).ok();
    let seats = all["members"].as_array().unwrap().len() + all["pending"].as_array().unwrap().len();
    assert_eq!(seats, 7);
    eventually("seven seats", || shop.billed() == 7);
    assert_eq!(text(&shop.subscription()["status"]), "active");
}

/// The outbox itself is lost, as with a database that was put back: the seats are counted.
#[test]
fn seats_are_counted_where_the_outbox_was_lost() {
    let Some(mut shop) = Shop::open() else { return };
    let (token, cookie, email, acme);
    {
        let ada = shop.server.anybody();
        acme = shop.paying(&ada);
        (token, cookie, email) = (ada.token, ada.cookie, ada.email);
    }
    for (round, by_command) in [(1, true), (2, false)] {
        let ada = Person {
            server: &shop.server,
            email: email.clone(),
            token: token.clone(),
            cookie: cookie.clone(),
        };
        shop.wire.close();
        ada.invite(&acme, &format!("p{round}@example.com"), "ORGANIZATION_USER", &[]);
        shop = shop.between(|shop, database| {
            change_one(database, "DELETE FROM stripe_outbox");
            shop.wire.open();
            if by_command {
                let told = shop.reconcile_of(database);
                let told = String::from_utf8_lossy(&told.stdout).into_owned();
                assert!(told.contains("2 seats are billed instead of 1."), "{told}");
            }
        });
        eventually("the new seat", || shop.billed() == 1 + round);
    }
}

#[test]
fn a_signal_ends_the_server_while_stripe_hangs() {
    let Some(mut shop) = Shop::open() else { return };
    {
        let ada = shop.server.anybody();
        let acme = shop.paying(&ada);
        shop.wire.fate("*", "customers", Fate::Hang);
        let before = shop.wire.calls().len();
        ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
        eventually("it is tried", || shop.wire.calls().len() > before);
    }
    let began = std::time::Instant::now();
    assert!(stop(shop.server.child()).success());
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
}
