//! How often somebody may try to sign in, sign up or renew a session: by network address, and by
//! account.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tempfile::TempDir;

use crate::common::{At, PASSWORD, Person, Reply, Server};

fn start(more: &[&str]) -> Server {
    Server::start_in(TempDir::new().unwrap(), more)
}

/// A try that costs no hashing.
fn malformed(server: &Server, more: &[(&str, &str)]) -> Reply {
    server.send("POST", "/login", &[&[("authorization", "Basic !!!")], more].concat(), None)
}

#[track_caller]
fn limited(reply: Reply, part: &str, longest: u64) {
    let wait: u64 = reply.headers.get("retry-after").expect("Retry-After").to_str().unwrap().parse().unwrap();
    assert!((1..=longest).contains(&wait), "{wait}");
    reply.refused(429, part);
}

const NETWORK: &str = "Too many tries to sign in came from your network.";

#[test]
fn sixty_a_minute_and_network_address_by_default() {
    // Given explicitly, since the tests' servers have a higher limit than the default one.
    let help = crate::common::program().args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let option = help.split("--sign-in-limit").nth(1).unwrap();
    assert!(option.split("--").next().unwrap().contains("[default: 60]"), "{help}");
    let server = start(&["--sign-in-limit", "60"]);
    let ada = server.sign_up("ada@example.com");
    for _ in 0..59 {
        malformed(&server, &[]).refused(401, "not right");
    }
    limited(malformed(&server, &[]), NETWORK, 61);
    // Whatever the way in: the right password, another account, a session without a cookie.
    limited(server.sign_in("ada@example.com", PASSWORD), NETWORK, 61);
    let body = json!({ "email": "bob@example.com", "password": PASSWORD, "full_name": "Bob" }).to_string();
    let json = [("content-type", "application/json")];
    limited(server.send("POST", "/signup", &json, Some(body.as_bytes())), NETWORK, 61);
    limited(server.send("POST", "/session", &[], None), NETWORK, 61);
    // Who is signed in already goes on.
    ada.get("/me/ls_user_id", At::Nowhere).ok();
    ada.delete("/session", At::Nowhere).ok();
}

#[test]
fn an_option_changes_it() {
    let server = start(&["--sign-in-limit", "2"]);
    for _ in 0..2 {
        server.send("POST", "/session", &[], None).refused(401, "Sign in");
    }
    limited(server.send("POST", "/session", &[], None), NETWORK, 61);
    let refused = crate::common::program().args(["serve", "--sign-in-limit", "0"]).output().unwrap();
    assert!(!refused.status.success());
}

/// A company behind one address loads its pages: each renews a session whose cookie it has.
#[test]
fn live_sessions_are_counted_by_account() {
    let server = start(&["--sign-in-limit", "3"]);
    let (ada, bob) = (server.sign_up("ada@example.com"), server.sign_up("bob@example.com"));
    let renew = |who: &Person<'_>| server.send("POST", "/session", &[("cookie", &who.cookie)], None);
    for _ in 0..3 {
        renew(&ada).ok();
        renew(&bob).ok();
    }
    limited(renew(&ada), "Your sessions were renewed too often.", 61);
    limited(renew(&bob), "Your sessions were renewed too often.", 61);
    // None of it was taken from the network address, of which two of three are used up.
    malformed(&server, &[]).refused(401, "not right");
    limited(malformed(&server, &[]), NETWORK, 61);
}

#[test]
fn an_account_is_signed_up_ten_times_in_five_minutes() {
    let server = start(&[]);
    let sign_up = |email: &str, password: &str| {
        let body = json!({ "email": email, "password": password, "full_name": "A" }).to_string();
        server.send("POST", "/signup", &[("content-type", "application/json")], Some(body.as_bytes()))
    };
    // A form that is filled in wrongly is no try.
    for _ in 0..12 {
        sign_up("ada@example.com", "short").refused(422, "at least");
    }
    sign_up("ada@example.com", PASSWORD).ok();
    for email in ["ada@example.com", "ADA@example.com", " ada@example.com"].iter().cycle().take(9) {
        sign_up(email, PASSWORD).refused(409, "There is an account");
    }
    limited(sign_up("ada@example.com", PASSWORD), "Too many tries to sign up with this address.", 301);
    sign_up("bob@example.com", PASSWORD).ok();
}

#[test]
fn a_forwarded_address_counts_where_the_proxy_is_trusted() {
    let from = |address: &'static str| [("x-forwarded-for", address)];
    let server = start(&["--sign-in-limit", "2"]);
    for address in ["198.51.100.1", "198.51.100.2"] {
        malformed(&server, &from(address)).refused(401, "not right");
    }
    limited(malformed(&server, &from("198.51.100.3")), NETWORK, 61);

    let server =
        start(&["--sign-in-limit", "2", "--trust-proxy", "10.0.0.0/8", "--trust-proxy", "127.0.0.1"]);
    for _ in 0..2 {
        malformed(&server, &from("203.0.113.1, 198.51.100.1")).refused(401, "not right");
    }
    // Another first address is the client's own invention.
    limited(malformed(&server, &from("203.0.113.2, 198.51.100.1, 10.0.0.3")), NETWORK, 61);
    malformed(&server, &from("198.51.100.2")).refused(401, "not right");
    // An IPv6 customer has a whole /64.
    malformed(&server, &from("2001:db8::1")).refused(401, "not right");
    malformed(&server, &from("2001:db8::ffff:1")).refused(401, "not right");
    limited(malformed(&server, &from("2001:db8::2")), NETWORK, 61);
    malformed(&server, &from("2001:db8:0:1::2")).refused(401, "not right");
    let refused = crate::common::program().args(["serve", "--trust-proxy", "yes"]).output().unwrap();
    assert!(String::from_utf8_lossy(&refused.stderr).contains("neither an address nor a network"));
}

#[test]
fn a_try_that_was_refused_reads_no_body() {
    let server = start(&["--sign-in-limit", "1"]);
    malformed(&server, &[]).refused(401, "not right");
    // Of a megabyte that is announced nothing is sent, and the refusal comes all the same.
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
    let head = "POST /api/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
    let basic = format!("Basic {}", STANDARD.encode(format!("a@example.com:{PASSWORD}")));
    limited(server.send("POST", "/login", &[("authorization", &basic)], None), NETWORK, 61);
}
