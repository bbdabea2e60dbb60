//! Signing up, in and out; what is kept of secrets.

use serde_json::json;

use crate::common::{At, PASSWORD, Person, Server};

#[test]
fn a_session_ends_everywhere() {
    let server = Server::start();
    let ada = server.sign_up("ada@example.com");
    let renew = || server.send("POST", "/session", &[("cookie", &ada.cookie)], None);
    let second = Person { token: crate::common::text(&renew().ok()["access_token"]), ..server.anybody() };
    let other = Person::of(&server, "ada@example.com", server.sign_in("ADA@example.com", PASSWORD));
    for person in [&ada, &second, &other] {
        person.get("/me/ls_user_id", At::Nowhere).ok();
    }
    let ended = ada.delete("/session", At::Nowhere);
    let cleared = ended.headers.get("set-cookie").unwrap().to_str().unwrap().to_owned();
    assert!(cleared.starts_with("atrium_session=;") && cleared.contains("Max-Age=0"), "{cleared}");
    ended.ok();
    for person in [&ada, &second] {
        person.get("/me/ls_user_id", At::Nowhere).refused(401, "Sign in again.");
    }
    renew().refused(401, "Sign in again.");
    other.get("/me/ls_user_id", At::Nowhere).ok();
    // By the cookie alone, as a page whose access token ran out does it.
    server.send("DELETE", "/session", &[("cookie", &other.cookie)], None).ok();
    other.get("/me/ls_user_id", At::Nowhere).refused(401, "Sign in");
    server.send("DELETE", "/session", &[], None).refused(401, "Sign in");
}

#[test]
fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let server = Server::start();
    let body = json!({ "email": "a@example.com", "password": PASSWORD, "full_name": "A" }).to_string();
    let headers = [("content-type", "application/json"), ("x-forwarded-proto", "https")];
    let reply = server.send("POST", "/signup", &headers, Some(body.as_bytes()));
    let cookie = reply.headers.get("set-cookie").unwrap().to_str().unwrap();
    for part in [
        "atrium_session=",
        "HttpOnly",
        "SameSite=Strict",
        "Path=/api/v1/session",
        "Secure",
        "Max-Age=2592000",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let plain = server.sign_in("a@example.com", PASSWORD);
    assert!(!plain.headers.get("set-cookie").unwrap().to_str().unwrap().contains("Secure"));
}

#[test]
fn wrong_sign_ins() {
    let server = Server::start();
    server.sign_up("ada@example.com");
    let wrong = "The email address or the password is not right.";
    server.sign_in("ada@example.com", "wrong password").refused(401, wrong);
    server.sign_in("nobody@example.com", PASSWORD).refused(401, wrong);
    for header in ["", "Basic", "Basic !!!", "Basic YQ==", "Bearer x", "Basic /w=="] {
        server.send("POST", "/login", &[("authorization", header)], None).refused(401, wrong);
    }
    server.send("POST", "/login", &[], None).refused(401, wrong);
    let long = format!("Basic {}", "QUFB".repeat(500));
    server.send("POST", "/login", &[("authorization", &long)], None).refused(401, wrong);
    let body = json!({ "email": "ADA@example.com", "password": PASSWORD, "full_name": "A" }).to_string();
    let json = [("content-type", "application/json")];
    server
        .send("POST", "/signup", &json, Some(body.as_bytes()))
        .refused(409, "There is an account for ada@example.com already.");
    for (email, password, name, field) in [
        ("x", PASSWORD, "A", "email"),
        ("x@example.com", "short", "A", "password"),
        ("x@example.com", PASSWORD, " ", "full_name"),
        ("x@example.com", PASSWORD, "a\u{7}b", "full_name"),
    ] {
        let body = json!({ "email": email, "password": password, "full_name": name }).to_string();
        server.send("POST", "/signup", &json, Some(body.as_bytes())).invalid(&[json!("body"), json!(field)]);
    }
}

#[test]
fn guessing_is_slowed_down() {
    let server = Server::start();
    server.sign_up("ada@example.com");
    for _ in 0..10 {
        server.sign_in("ada@example.com", "wrong password").refused(401, "not right");
    }
    let refused = server.sign_in("Ada@example.com", PASSWORD);
    let wait: u64 = refused.headers.get("retry-after").unwrap().to_str().unwrap().parse().unwrap();
    assert!((1..=301).contains(&wait), "{wait}");
    refused.refused(429, "Too many sign-ins with this address failed.");
    server.sign_in("bob@example.com", PASSWORD).refused(401, "not right");
}

#[test]
fn secrets_are_never_stored() {
    let server = Server::start();
    let ada = server.sign_up("ada@example.com");
    let acme = ada.organization("Acme", "no_plan");
    let intent = crate::common::text(
        &ada.post("/orgs/current/setup", At::Org(&acme), json!({})).ok()["client_secret"],
    );
    let cookie = ada.cookie.split_once('=').unwrap().1;
    let everything = crate::database::everything(&server.database());
    let kept = |secret: &str| everything.windows(secret.len()).any(|part| part == secret.as_bytes());
    assert!(kept("ada@example.com"), "the search works");
    for secret in [PASSWORD, ada.token.as_str(), cookie, intent.as_str(), &ada.token[4..]] {
        assert!(!kept(secret), "{secret} is in the database");
    }
}
