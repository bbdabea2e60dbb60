//! Two servers on one database behave as one. With PostgreSQL they may be on two machines; with
//! SQLite they share a file, as a server and `atrium-server plan` do. The races across them are in
//! `races.rs`.

use std::process::{Child, Command};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::common::{At, PASSWORD, Person, Server, text};
use crate::database::postgres;
use crate::kills::ask;

#[test]
fn a_session_holds_on_both_and_ends_on_both() {
    let one = Server::start();
    let two = one.beside();
    let ada = one.sign_up("ada@example.com");
    ada.through(&two).get("/me/ls_user_id", At::Nowhere).ok();
    // The cookie of one gives a token at the other, which holds at the first.
    let renewed = two.send("POST", "/session", &[("cookie", &ada.cookie)], None).ok();
    let second = Person { token: text(&renewed["access_token"]), ..ada.through(&one) };
    second.get("/me/ls_user_id", At::Nowhere).ok();
    let other = Person::of(&two, "ada@example.com", two.sign_in("ada@example.com", PASSWORD));
    other.through(&one).get("/me/ls_user_id", At::Nowhere).ok();

    ada.through(&two).delete("/session", At::Nowhere).ok();
    for person in [&ada, &second] {
        for server in [&one, &two] {
            person.through(server).get("/me/ls_user_id", At::Nowhere).refused(401, "Sign in again.");
        }
    }
    for server in [&one, &two] {
        server.send("POST", "/session", &[("cookie", &ada.cookie)], None).refused(401, "Sign in again.");
        other.through(server).get("/me/ls_user_id", At::Nowhere).ok();
    }
    // An account made through one cannot be made again through the other.
    let body = json!({ "email": "Ada@example.com", "password": PASSWORD, "full_name": "Ada" }).to_string();
    two.send("POST", "/signup", &[("content-type", "application/json")], Some(body.as_bytes()))
        .refused(409, "There is an account for ada@example.com already.");
}

#[test]
fn what_one_changes_the_other_knows_at_once() {
    let one = Server::start();
    let two = one.beside();
    let ada = one.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    for _ in 0..20 {
        let bob = one.anybody();
        let there = bob.through(&two);
        ada.invite(&acme, &bob.email, "ORGANIZATION_USER", &[]);
        let identity = there.accept(&acme);
        assert_eq!(bob.get("/orgs/current/info", org).status, 200);
        let operator = json!({ "role_id": ada.role(&acme, "ORGANIZATION_OPERATOR") });
        ada.patch(&format!("/orgs/current/members/{identity}"), org, operator).ok();
        let invited = json!({ "email": format!("by-{}", bob.email) });
        there.post("/orgs/current/members", org, invited).ok();
        ada.through(&two).delete(&format!("/orgs/current/members/{identity}"), org).ok();
        for server in [&one, &two] {
            bob.through(server).get("/orgs/current/info", org).refused(403, "not a member");
        }
    }
}

/// Writes through the second server, and has `end` end it in the middle of that, of its turn to
/// write as likely as not; the first must write on within ten seconds.
fn interrupted(rounds: usize, end: impl Fn(&mut Child)) {
    let one = Server::start();
    let ada = one.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    for round in 0..rounds {
        let mut two = one.beside();
        let address = two.address.clone();
        std::thread::scope(|scope| {
            let (said, heard) = channel();
            let (ada, workspace, address) = (&ada, &workspace, &address);
            for writer in 0..4 {
                let said = said.clone();
                scope.spawn(move || {
                    for number in 0.. {
                        let body = json!({ "name": format!("r{round}w{writer}n{number}") });
                        if ask(address, &ada.token, workspace, "/sessions", &body).is_none() {
                            break;
                        }
                        let _ = said.send(());
                    }
                });
            }
            for _ in 0..30 + round {
                heard.recv().unwrap();
            }
            end(two.child());
            let began = Instant::now();
            ada.post("/sessions", At::Workspace(workspace), json!({ "name": format!("after {round}") })).ok();
            assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
            two.child().kill().unwrap();
            two.child().wait().unwrap();
        });
    }
    crate::database::is_sound(&one.database_url());
}

#[test]
fn one_that_is_killed_gives_its_turn_back() {
    interrupted(5, |server| server.kill().unwrap());
}

#[test]
fn one_that_is_suspended_gives_its_turn_back() {
    if postgres().is_none() {
        return; // SQLite's lock is a file's, and stays with whoever has it.
    }
    interrupted(4, |server| {
        Command::new("kill").args(["-STOP", &server.id().to_string()]).status().unwrap();
    });
}
