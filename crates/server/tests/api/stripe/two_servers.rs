//! Two servers on one database, at one Stripe: what is bought is bought once, and seats follow
//! whoever of them changes the members.

use serde_json::json;

use super::{GOOD, Shop, billing, eventually};
use crate::common::{At, text};

#[test]
fn a_plan_is_bought_once_through_both() {
    let Some(shop) = Shop::open() else { return };
    let two = shop.second();
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    shop.add_card(&ada, &acme, GOOD);
    std::thread::scope(|scope| {
        let ask = |server| {
            let ada = ada.through(server);
            ada.post("/orgs/current/plan", At::Org(&acme), json!({ "tier": "plus" })).status
        };
        let all: Vec<_> = [&shop.server, &two, &shop.server, &two]
            .map(|server| scope.spawn(move || ask(server)))
            .into_iter()
            .map(|asked| asked.join().unwrap())
            .collect();
        assert!(all.iter().all(|status| *status == 200), "{all:?}");
    });
    assert_eq!((shop.all_subscriptions().len(), shop.billed()), (1, 1));
    assert_eq!(billing(&ada.through(&two), &acme)["tier"], "plus");
    // Stripe tells one of them of the end; the other knows.
    shop.local.delete(&format!("subscriptions/{}", text(&shop.subscription()["id"])));
    eventually("both know the end", || billing(&ada.through(&two), &acme)["tier"] == "no_plan");
}

#[test]
fn seats_follow_what_both_change() {
    let Some(shop) = Shop::open() else { return };
    let two = shop.second();
    let ada = shop.server.anybody();
    let acme = shop.paying(&ada);
    std::thread::scope(|scope| {
        for (lane, server) in [&shop.server, &two].into_iter().enumerate() {
            let (ada, acme) = (ada.through(server), &acme);
            scope.spawn(move || {
                for round in 0..6 {
                    let email = format!("l{lane}r{round}@example.com");
                    let invited = ada.invite(acme, &email, "ORGANIZATION_USER", &[]);
                    if round % 3 == 0 {
                        ada.delete(&format!("/orgs/current/members/{invited}/pending"), At::Org(acme)).ok();
                    }
                }
            });
        }
    });
    // One member, and of each lane four of six invitations.
    eventually("nine seats", || shop.billed() == 9);
    // What a server that is gone had yet to tell, the other one tells.
    shop.wire.close();
    ada.through(&two).invite(&acme, "late@example.com", "ORGANIZATION_USER", &[]);
    drop(two);
    shop.wire.open();
    eventually("ten seats", || shop.billed() == 10);
    assert_eq!(shop.all_subscriptions().len(), 1);
}
