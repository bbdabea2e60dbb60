//! Ending: what is under way is finished, nothing new is begun, and it takes no longer than it may.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::common::{At, PASSWORD, Server};
use crate::metrics::{start, wait_for};

fn terminate(server: &Server) {
    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
}

fn ready(server: &Server) -> u16 {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    agent.get(server.metrics.replace("/metrics", "/ready")).call().unwrap().status().as_u16()
}

#[test]
fn a_request_under_way_is_finished_and_new_ones_are_refused() {
    let mut server = start(&[]);
    let address = server.address.trim_start_matches("http://").to_owned();
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "full_name": "Ada" }).to_string();
    let (half, rest) = body.split_at(20);
    let mut idle = TcpStream::connect(&address).unwrap();
    idle.write_all(b"GET /api/v1/info/health HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).unwrap();
    let mut slow = TcpStream::connect(&address).unwrap();
    let head = format!(
        "POST /api/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{half}",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    wait_for(&server, "atrium_http_requests_in_flight", |count| count == 1.0);
    assert_eq!(ready(&server), 200);
    terminate(&server);
    // The idle connection ends, which shows that draining began.
    idle.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(ready(&server), 503, "alive, and not to be sent anything");
    assert!(TcpStream::connect(&address).is_err(), "new connections are refused");
    slow.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("access_token"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    assert_eq!(server.child().wait().unwrap().code(), Some(0));
    let server = server.restart();
    server.sign_in("ada@example.com", PASSWORD).ok();
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let mut server = start(&["--drain-timeout", "600", "--stall-timeout", "600"]);
    let mut slow = TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
    slow.write_all(b"POST /api/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{").unwrap();
    wait_for(&server, "atrium_http_requests_in_flight", |count| count == 1.0);
    let began = Instant::now();
    terminate(&server);
    while ready(&server) != 503 {
        assert!(began.elapsed() < Duration::from_secs(20));
    }
    terminate(&server);
    assert_eq!(server.child().wait().unwrap().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

/// Many clients write at once when the signal comes: each gets a whole answer or none, and what
/// was answered with success is there afterwards.
#[test]
fn nothing_that_was_acknowledged_is_lost_under_load() {
    const CLIENTS: usize = 8;
    for round in 0..5 {
        let mut server = start(&[]);
        let ada = server.sign_up("ada@example.com");
        ada.get("/orgs", At::Nowhere).ok();
        let acme = ada.organization("Acme", "enterprise");
        let workspace = ada.workspaces(&acme).remove(0);
        let address = server.address.trim_start_matches("http://").to_owned();
        let token = ada.token.clone();
        // One request a connection, in plain bytes: what arrived is seen to the last one.
        let create = |name: &str| -> Result<bool, String> {
            let Ok(mut stream) = TcpStream::connect(&address) else { return Ok(false) };
            let body = json!({ "name": name }).to_string();
            let request = format!(
                "POST /api/v1/datasets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nX-Tenant-Id: {workspace}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let mut answer = Vec::new();
            // Refused in the system's queue: the server never saw it.
            if stream.write_all(request.as_bytes()).is_err() || stream.read_to_end(&mut answer).is_err() {
                return if answer.is_empty() { Ok(false) } else { Err(format!("cut off: {answer:?}")) };
            }
            let text = String::from_utf8_lossy(&answer);
            let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                let length = format!("content-length: {}", body.len());
                head.to_lowercase().contains(&length)
            });
            match answer.is_empty() {
                true => Ok(false),
                false if whole && text.starts_with("HTTP/1.1 200") => Ok(true),
                false => Err(text.into_owned()),
            }
        };
        let made: Vec<String> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let create = &create;
                    scope.spawn(move || {
                        let mut made = Vec::new();
                        for index in 0.. {
                            let name = format!("{client}-{index}");
                            match create(&name).unwrap() {
                                true => made.push(name),
                                false => break,
                            }
                        }
                        made
                    })
                })
                .collect();
            // Some way into it, a little further each round.
            let route =
                "atrium_http_requests_total{method=\"POST\",route=\"/api/v1/datasets\",status=\"200\"}";
            wait_for(&server, route, |count| count >= 20.0 + 7.0 * f64::from(round));
            terminate(&server);
            let began = Instant::now();
            let made = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
            assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
            made
        });
        assert_eq!(server.child().wait().unwrap().code(), Some(0));
        let server = server.restart();
        let ada = crate::common::Person::of(
            &server,
            "ada@example.com",
            server.sign_in("ada@example.com", PASSWORD),
        );
        let mut kept = std::collections::HashSet::new();
        for offset in (0..).step_by(100) {
            let page =
                ada.get(&format!("/datasets?limit=100&offset={offset}"), At::Workspace(&workspace)).ok();
            let page = page.as_array().unwrap().clone();
            kept.extend(page.iter().map(|row| crate::common::text(&row["name"])));
            if page.len() < 100 {
                break;
            }
        }
        let lost: Vec<_> = made.iter().filter(|name| !kept.contains(*name)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        // Nor was anything done that nobody was told of: who got no answer was not begun.
        assert_eq!(kept.len(), made.len(), "done without an answer");
        println!("round {round}: {} acknowledged", made.len());
    }
}
