//! `Idempotency-Key`: what is asked twice is done once.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::common::{At, PASSWORD, Person, Server, text};
use crate::job::payment;
use crate::races::together;

fn organization(name: &str) -> Value {
    json!({ "display_name": name, "is_personal": false })
}

/// How many organizations of a name somebody has.
fn count(person: &Person<'_>, name: &str) -> usize {
    let all = person.get("/orgs?skip_create=true", At::Nowhere).ok();
    all.as_array().unwrap().iter().filter(|row| row["display_name"] == name).count()
}

#[test]
fn a_repeated_request_gets_the_first_answer() {
    let server = Server::start();
    let ada = server.sign_up("ada@acme.example");
    let first = ada.post_once("/orgs", At::Nowhere, organization("Acme"), "k1");
    assert_eq!(first.header("idempotent-replayed"), "");
    let again = ada.post_once("/orgs", At::Nowhere, organization("Acme"), "k1");
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.header("content-type"), "application/json");
    assert_ne!(first.header("x-request-id"), again.header("x-request-id"));
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(count(&ada, "Acme"), 1);
    // Another key is another request, and none is none.
    let other = ada.post_once("/orgs", At::Nowhere, organization("Acme"), "k2").ok();
    assert_ne!(first.body["id"], other["id"]);
    ada.post("/orgs", At::Nowhere, organization("Acme")).ok();
    assert_eq!(count(&ada, "Acme"), 3);
    // Somebody else's key of the same name is another key.
    let bob = server.anybody();
    let bobs = bob.post_once("/orgs", At::Nowhere, organization("Acme"), "k1").ok();
    assert_ne!(first.body["id"], bobs["id"]);

    let token = ada.token.clone();
    let body = first.body.clone();
    let server = server.restart();
    let ada = Person::of(&server, "ada@acme.example", server.sign_in("ada@acme.example", PASSWORD));
    assert_ne!(ada.token, token, "the key is the account's, not the session's");
    let again = ada.post_once("/orgs", At::Nowhere, organization("Acme"), "k1");
    assert_eq!((again.header("idempotent-replayed").to_owned(), again.ok()), ("true".to_owned(), body));
    assert_eq!(count(&ada, "Acme"), 3);
}

#[test]
fn a_key_is_for_one_request() {
    let server = Server::start();
    let ada = server.anybody();
    let (acme, other) = (ada.organization("Acme", "enterprise"), ada.organization("Other", "enterprise"));
    let workspace = ada.workspaces(&acme).remove(0);
    let body = json!({ "display_name": "Lab" });
    ada.post_once("/workspaces", At::Org(&acme), body.clone(), "k").ok();
    let field = [json!("header"), json!("idempotency-key")];
    ada.post_once("/workspaces", At::Org(&acme), json!({ "display_name": "Lab 2" }), "k").invalid(&field);
    ada.post_once("/workspaces", At::Org(&other), body.clone(), "k").invalid(&field);
    ada.post_once("/workspaces?x=1", At::Org(&acme), body.clone(), "k").invalid(&field);
    ada.post_once("/datasets", At::Workspace(&workspace), body.clone(), "k").invalid(&field);
    let told = ada.post_once("/orgs", At::Nowhere, body.clone(), "k").refused(422, "another request");
    assert_eq!(told["detail"][0]["type"], "value_error");
    assert_eq!((ada.workspaces(&acme).len(), ada.workspaces(&other).len()), (2, 1));
    // Only a POST has keys.
    let named = ada.workspaces(&acme).remove(0);
    let headers = [("idempotency-key", "k")];
    let path = format!("/workspaces/{named}");
    ada.call_with("PATCH", &path, At::Nowhere, Some(body), &headers).ok();
    ada.call_with("GET", "/orgs", At::Nowhere, None, &headers).ok();

    let long = "x".repeat(256);
    for bad in ["", " ", &long] {
        ada.post_once("/orgs", At::Nowhere, organization("No"), bad).invalid(&field);
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    ada.call_with("POST", "/orgs", At::Nowhere, Some(organization("No")), &twice).invalid(&field);
    assert_eq!(count(&ada, "No"), 0);
    ada.post_once("/orgs", At::Nowhere, organization("Yes"), &long[1..]).ok();
}

#[test]
fn a_refusal_is_an_answer_too() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let make = |key: &str| bob.post_once("/workspaces", org, json!({ "display_name": "Lab" }), key);
    let first = make("k");
    assert_eq!(first.status, 403);
    let admin = json!({ "role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    ada.patch(&format!("/orgs/current/members/{identity}"), org, admin).ok();
    let again = make("k");
    assert_eq!((again.status, &again.body), (403, &first.body), "{}", again.body);
    assert_eq!(again.header("idempotent-replayed"), "true");
    make("k2").ok();
    // Nobody is no caller, so nothing is kept for nobody.
    let send = |bearer: &str| {
        let headers =
            [("authorization", bearer), ("idempotency-key", "k3"), ("content-type", "application/json")];
        server.send("POST", "/orgs", &headers, Some(organization("Late").to_string().as_bytes()))
    };
    send("Bearer atr_wrong").refused(401, "not signed in");
    send(&format!("Bearer {}", bob.token)).ok();
}

#[test]
fn who_was_removed_gets_no_kept_answer() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let workspace = ada.workspaces(&acme).remove(0);
    let (org, at) = (At::Org(&acme), At::Workspace(&workspace));
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
    let invite = || bob.post_once("/orgs/current/members", org, json!({ "email": "x@example.com" }), "k1");
    let make = || bob.post_once("/datasets", at, json!({ "name": "d" }), "k2");
    assert_eq!(invite().ok(), invite().ok());
    assert_eq!(make().ok(), make().ok());
    ada.delete(&format!("/orgs/current/members/{identity}"), org).ok();
    invite().refused(403, "You are not a member of this organization");
    make().refused(403, "You are not a member of this workspace");
}

#[test]
fn secrets_are_neither_kept_nor_given_again() {
    let server = Server::start();
    let key = [("idempotency-key", "same")];
    // Signing up, in and on takes no keys: each hands out a session of its own.
    let body = json!({ "email": "ada@acme.example", "password": PASSWORD, "full_name": "Ada" }).to_string();
    let json_type = ("content-type", "application/json");
    let sign_up = || server.send("POST", "/signup", &[key[0], json_type], Some(body.as_bytes()));
    let ada = Person::of(&server, "ada@acme.example", sign_up());
    sign_up().refused(409, "There is an account");
    let encoded = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(format!("ada@acme.example:{PASSWORD}"))
    };
    let basic = format!("Basic {encoded}");
    let sign_in = || {
        text(&server.send("POST", "/login", &[key[0], ("authorization", &basic)], None).ok()["access_token"])
    };
    let renew = || {
        text(&server.send("POST", "/session", &[key[0], ("cookie", &ada.cookie)], None).ok()["access_token"])
    };
    let tokens = [sign_in(), sign_in(), renew(), renew()];
    assert!(tokens.iter().all(|one| tokens.iter().filter(|other| *other == one).count() == 1));

    let acme = text(&ada.post_once("/orgs", At::Nowhere, organization("Acme"), "org").ok()["id"]);
    let org = At::Org(&acme);
    let intent = text(&ada.post_once("/orgs/current/setup", org, json!({}), "intent").ok()["client_secret"]);
    let again = ada.post_once("/orgs/current/setup", org, json!({}), "intent");
    assert_eq!(again.header("retry-after"), "");
    again.refused(409, "shown once");
    ada.post_once("/orgs/current/payment-method", org, payment(&intent), "card").ok();
    ada.post_once("/orgs/current/payment-method", org, payment(&intent), "card").ok();

    let mut secrets = vec![PASSWORD.to_owned(), ada.token.clone(), ada.cookie.clone(), intent, encoded];
    secrets.push(ada.cookie.split('=').next_back().unwrap().to_owned());
    secrets.extend(tokens);
    let (_, database) = server.end();
    // What is kept is there, so that the search is known to find things.
    for kept in [acme.as_str(), "create_payment_setup_intent", "kept_answer"] {
        assert!(holds(&database, kept), "{kept}");
    }
    for secret in secrets {
        assert!(!holds(&database, &secret), "{secret} is in the database");
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn twenty_at_once_make_one() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let other = server.beside();
    for round in 0..10 {
        let answers = std::sync::Mutex::new(Vec::new());
        // In the odd rounds two servers share the work, who do not know of each other's requests.
        let send = |index: usize, path: &str, at: At<'_>, body: Value| {
            let server = if round % 2 == 1 && index % 2 == 1 { &other } else { &server };
            let person =
                Person { server, email: String::new(), token: ada.token.clone(), cookie: String::new() };
            let reply = person.post_once(path, at, body, &format!("{path}{round}"));
            answers.lock().unwrap().push(reply.body.to_string());
            reply.status
        };
        let name = format!("Org {round}");
        let make = |index| send(index, "/orgs", At::Nowhere, organization(&name));
        let email = format!("p{round}@example.com");
        let invite = |index| send(index, "/orgs/current/members", At::Org(&acme), json!({ "email": email }));
        for call in [&make as &(dyn Fn(usize) -> u16 + Sync), &invite] {
            answers.lock().unwrap().clear();
            let calls =
                (0..20).map(|index| Box::new(move || call(index)) as Box<dyn Fn() -> u16 + Send + Sync>);
            let statuses = together(calls.collect());
            assert_eq!(statuses, [200; 20], "round {round}: {:?}", answers.lock().unwrap());
            let mut answers = answers.lock().unwrap().clone();
            answers.dedup();
            assert_eq!(answers.len(), 1, "round {round}: {answers:?}");
        }
        assert_eq!(count(&ada, &name), 1, "round {round}");
        let waiting = ada.get(&format!("/orgs/current/members/pending?emails={email}"), At::Org(&acme)).ok();
        assert_eq!(waiting.as_array().unwrap().len(), 1, "round {round}");
    }
    // The audit log knows of each once, and of no refusal.
    let range = "start_time=2000-01-01T00:00:00Z&end_time=9999-01-01T00:00:00Z&limit=100";
    let entries = ada.get(&format!("/audit-logs?{range}&operations=invite_user_to_org"), At::Org(&acme)).ok();
    let entries = entries["items"].as_array().unwrap();
    assert_eq!(entries.len(), 10, "{entries:?}");
    assert!(entries.iter().all(|entry| entry["status_id"] == 1), "{entries:?}");
}

#[test]
fn killed_at_any_moment_a_repeat_does_it_once() {
    let mut server = Server::start();
    server.sign_up("ada@acme.example");
    let acme = {
        let ada = Person::of(&server, "ada@acme.example", server.sign_in("ada@acme.example", PASSWORD));
        ada.organization("Acme", "enterprise")
    };
    let acknowledged = AtomicUsize::new(0);
    let rounds = 8;
    let threads = 4;
    for round in 0..rounds {
        let token = text(&server.sign_in("ada@acme.example", PASSWORD).ok()["access_token"]);
        let address = server.address.clone();
        let began = acknowledged.load(Ordering::Relaxed);
        server = std::thread::scope(|scope| {
            for thread in 0..threads {
                let (token, address, acme, acknowledged) = (&token, &address, &acme, &acknowledged);
                scope.spawn(move || {
                    for index in 0.. {
                        let name = format!("w-{round}-{thread}-{index}");
                        match invite(address, token, acme, &name) {
                            Some(200) => acknowledged.fetch_add(1, Ordering::Relaxed),
                            Some(status) => panic!("{name}: {status}"),
                            // The server is gone; whether it was done nobody knows.
                            None => return,
                        };
                    }
                });
            }
            // Killed in the middle of the stream, a little later each round.
            while acknowledged.load(Ordering::Relaxed) < began + 5 + 7 * round {
                std::thread::yield_now();
            }
            server.killed()
        });
        // Everything again, with the same keys, up to the first that was never sent.
        let token = text(&server.sign_in("ada@acme.example", PASSWORD).ok()["access_token"]);
        let ada = Person { server: &server, email: String::new(), token, cookie: String::new() };
        for thread in 0..threads {
            for index in 0.. {
                let name = format!("w-{round}-{thread}-{index}");
                let path = format!("/orgs/current/members/pending?emails={name}@example.com");
                let there = ada.get(&path, At::Org(&acme)).ok().as_array().unwrap().len();
                assert!(there <= 1, "{name}");
                let again = invite(&server.address, &ada.token, &acme, &name);
                assert_eq!(again, Some(200), "{name}: done once is done, and not done is done now");
                assert_eq!(ada.get(&path, At::Org(&acme)).ok().as_array().unwrap().len(), 1, "{name}");
                if there == 0 {
                    break;
                }
            }
        }
    }
    // Each change has its one entry, and there is none without a change.
    let ada = Person::of(&server, "ada@acme.example", server.sign_in("ada@acme.example", PASSWORD));
    let everybody = ada.get("/orgs/current/members", At::Org(&acme)).ok();
    let invited = everybody["pending"].as_array().unwrap().len();
    let mut entries = 0;
    let mut cursor = String::new();
    loop {
        let range = "start_time=2000-01-01T00:00:00Z&end_time=9999-01-01T00:00:00Z&limit=100";
        let path = format!("/audit-logs?{range}&operations=invite_user_to_org{cursor}");
        let page = ada.get(&path, At::Org(&acme)).ok();
        entries += page["items"].as_array().unwrap().len();
        match page["cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(entries, invited);
    println!(
        "{rounds} kills; {} acknowledged, {invited} invited, {entries} entries",
        acknowledged.into_inner()
    );
}

/// Invites an address under a key of its own; `None` where the connection broke.
fn invite(address: &str, token: &str, organization: &str, name: &str) -> Option<u16> {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build();
    let agent: ureq::Agent = config.into();
    let answer = agent
        .post(format!("{address}/api/v1/orgs/current/members"))
        .header("authorization", format!("Bearer {token}"))
        .header("x-organization-id", organization)
        .header("idempotency-key", name)
        .send_json(json!({ "email": format!("{name}@example.com") }));
    let mut answer = answer.ok()?;
    answer.body_mut().read_to_string().ok()?;
    Some(answer.status().as_u16())
}
