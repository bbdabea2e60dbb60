//! Nothing of a card reaches the server but what Stripe shows of it.

use super::wire::Wire;
use super::{Shop, WEBHOOK_SECRET, billing, eventually, setup};
use crate::common::{At, text};
use crate::job::payment;

const NUMBER: &str = "5555555555554444";
const CODE: &str = "937";

/// Whether a check code stands in a text by itself: not a part of a longer number, name or id.
fn holds_code(text: &str) -> bool {
    text.match_indices(CODE).any(|(at, _)| {
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
        let (before, after) = (&text[..at], &text[at + CODE.len()..]);
        !before.chars().next_back().is_some_and(inside) && !after.chars().next().is_some_and(inside)
    })
}

#[test]
fn no_card_number_nor_check_code_reaches_the_server() {
    // Everything that any part of the server has to say.
    let Some(shop) = Shop::open_with(&[("RUST_LOG", "trace")]) else { return };
    let inbox = Wire::to(&shop.server.address);
    shop.local.send_events_to(&inbox.address(), WEBHOOK_SECRET);
    let ada = shop.server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let secret = setup(&ada, &acme);
    assert_eq!(shop.local.enter_card(&secret, NUMBER, CODE), 200);
    ada.post("/orgs/current/payment-method", At::Org(&acme), payment(&secret)).ok();
    ada.post("/orgs/current/plan", At::Org(&acme), serde_json::json!({ "tier": "plus" })).ok();
    ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
    eventually("two seats", || shop.billed() == 2);
    assert_eq!(text(&billing(&ada, &acme)["payment_method"]["last4"]), "4444");
    // The messages come a second after what they tell.
    eventually("messages came", || {
        inbox.calls().iter().any(|call| call.body.contains("invoice.payment_succeeded"))
    });

    // What the server and Stripe said to each other.
    let mut calls = shop.wire.calls();
    calls.extend(inbox.calls());
    assert!(calls.len() > 10);
    for call in &calls {
        for text in [&call.head, &call.body, &call.answer] {
            assert!(!text.contains(NUMBER), "{} {}: {text}", call.method, call.path);
        }
        let json = call.answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        for text in [call.body.as_str(), json] {
            assert!(
                !text.contains("\"cvc\"") && !text.contains("cvc%5D") && !holds_code(text),
                "{}: {text}",
                call.path
            );
        }
    }
    // The log.
    let log = shop.server.log().join("\n");
    assert!(log.len() > 10_000, "the log is on: {} bytes", log.len());
    for never in [NUMBER, "cvc=", "\"cvc\"", "sk_test_12345", WEBHOOK_SECRET] {
        assert!(!log.contains(never), "{never} is in the log");
    }
    // The database, with what is not yet moved into its file.
    let bytes = crate::database::everything(&shop.server.database());
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("4444") && bytes.len() > 3_000, "this is the database");
    for never in [NUMBER, "\"cvc", "\"number\""] {
        assert!(!text.contains(never), "{never} is in the database");
    }
    // Between texts stands a byte that is none of a text; ids and times hold letters and points.
    let alone = text.split(|c: char| c.is_control() || c == '\u{fffd}' || c == '"').any(|part| part == CODE);
    assert!(!alone, "the check code is in the database");
}
