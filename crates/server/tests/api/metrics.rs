//! What the server tells of itself: metrics, health and readiness.

use std::collections::HashMap;
use std::io::{Read, Write};

use serde_json::json;
use tempfile::TempDir;

use crate::common::{At, PASSWORD, Server};
use crate::database::execute;

/// A server with a listener for metrics.
pub fn start(more: &[&str]) -> Server {
    Server::start_in(TempDir::new().unwrap(), &[&["--metrics-listen", "127.0.0.1:0"], more].concat())
}

/// What `/metrics` says, line by line: a name with its labels, and the value.
pub fn read(server: &Server) -> HashMap<String, f64> {
    let text = ureq::get(&server.metrics).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        })
        .collect()
}

/// One value; 0 where it was never counted.
pub fn value(server: &Server, name: &str) -> f64 {
    read(server).get(name).copied().unwrap_or_default()
}

/// Waits until a value is as it should be. Each look is a request, so that nothing waits blindly.
#[track_caller]
pub fn wait_for(server: &Server, name: &str, right: impl Fn(f64) -> bool) {
    let began = std::time::Instant::now();
    loop {
        let now = value(server, name);
        if right(now) {
            return;
        }
        assert!(began.elapsed().as_secs() < 30, "{name} stays {now}");
        std::thread::yield_now();
    }
}

#[test]
fn requests_are_counted_by_route_and_never_by_address() {
    let server = start(&[]);
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    for id in ["00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"] {
        ada.delete(&format!("/orgs/current/members/{id}"), At::Org(&acme)).refused(404, "no such member");
    }
    ada.get("/nope/secret-path", At::Nowhere).refused(404, "Not Found");
    let mut stream = std::net::TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
    stream.write_all(b"BREW /api/v1/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    let all = read(&server);
    let requests = |method: &str, route: &str, status: u16| {
        let name = format!(
            "atrium_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}"
        );
        all.get(&name).copied().unwrap_or_else(|| panic!("no {name} in {all:#?}"))
    };
    assert_eq!(requests("DELETE", "/api/v1/orgs/current/members/{identity_id}", 404), 2.0);
    assert_eq!(requests("POST", "/api/v1/signup", 200), 1.0);
    assert_eq!(requests("GET", "other", 404), 1.0);
    assert_eq!(requests("other", "/api/v1/info", 405), 1.0);
    let count =
        "atrium_http_request_duration_seconds_count{method=\"POST\",route=\"/api/v1/signup\"}".to_owned();
    assert_eq!(all[&count], 1.0);
    // Hashing takes longer than a millisecond.
    let bucket = |bound: &str| {
        all[&format!(
            "atrium_http_request_duration_seconds_bucket{{le=\"{bound}\",method=\"POST\",route=\"/api/v1/signup\"}}"
        )]
    };
    assert_eq!((bucket("0.001"), bucket("+Inf")), (0.0, 1.0));
    assert_eq!(all["atrium_http_requests_in_flight"], 0.0);
    assert!(all["atrium_database_connections"] >= 1.0);
    assert!(all["atrium_database_connections_idle"] <= all["atrium_database_connections"]);
    let text = format!("{all:?}");
    for secret in ["secret-path", &acme, &ada.email, "00000000-0000"] {
        assert!(!text.contains(secret), "{secret} is in the metrics");
    }
}

#[test]
fn the_public_listener_has_no_metrics() {
    let server = start(&[]);
    for path in ["/!/metrics", "/metrics", "/!/ready", "/!/health"] {
        server.send("GET", path, &[], None).refused(404, "Not Found");
    }
    assert_ne!(server.metrics.trim_end_matches("/metrics"), server.address);
}

/// One computation for every checked password, whether or not there is such an account: what an
/// unknown address would save, and tell by the time that it took.
#[test]
fn an_unknown_address_costs_as_many_hashes_as_a_known_one() {
    let server = start(&[]);
    let hashes = || value(&server, "atrium_password_hashes_total");
    let costs = |of: &dyn Fn()| {
        let before = hashes();
        of();
        hashes() - before
    };
    server.sign_up("ada@example.com");
    let wrong = "The email address or the password is not right.";
    let known = costs(&|| drop(server.sign_in("ada@example.com", "wrong password").refused(401, wrong)));
    let unknown = costs(&|| drop(server.sign_in("nobody@example.com", "wrong password").refused(401, wrong)));
    let right = costs(&|| drop(server.sign_in("ada@example.com", PASSWORD).ok()));
    assert_eq!((known, unknown, right), (1.0, 1.0, 1.0));
    // What is refused before it is looked at costs none.
    let malformed = costs(&|| {
        server.send("POST", "/login", &[("authorization", "Basic !!!")], None).refused(401, wrong);
    });
    assert_eq!(malformed, 0.0);
    let refusals =
        |reason: &str| value(&server, &format!("atrium_sign_in_refusals_total{{reason=\"{reason}\"}}"));
    assert_eq!(refusals("Credentials"), 3.0);
    server.send("POST", "/session", &[], None).refused(401, "Sign in");
    assert_eq!(refusals("Session"), 1.0);
    for _ in 0..10 {
        server.sign_in("bob@example.com", "wrong password").refused(401, wrong);
    }
    assert_eq!(costs(&|| drop(server.sign_in("bob@example.com", PASSWORD).refused(429, "Too many"))), 0.0);
    assert_eq!(refusals("Account"), 1.0);
}

#[test]
fn health_and_readiness_differ() {
    let server = start(&[]);
    let ready = || server.send("GET", "/info/ready", &[], None);
    let base = server.metrics.trim_end_matches("/metrics").to_owned();
    assert_eq!(ready().ok(), json!({ "status": "ready" }));
    assert_eq!(ureq::get(format!("{base}/ready")).call().unwrap().status(), 200);
    // A database that lacks what this version needs: the process is up all the same.
    execute(&server.database_url(), "ALTER TABLE seaql_migrations RENAME TO away");
    ready().refused(503, "The database does not answer.");
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    assert_eq!(agent.get(format!("{base}/ready")).call().unwrap().status(), 503);
    let health = server.send("GET", "/info/health", &[], None).ok();
    assert_eq!(health["clickhouse_disk_free_pct"], 100.0);
    assert_eq!(agent.get(format!("{base}/health")).call().unwrap().status(), 200);
}
