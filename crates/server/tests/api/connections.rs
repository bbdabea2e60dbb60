//! Clients that send too much, too slowly, or not at all.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::common::{At, PASSWORD, Server};
use crate::metrics::{start, value, wait_for};

const OPEN: &str = "atrium_http_connections";
/// Far longer than any limit below; a test that waits for it fails.
const LONG: Duration = Duration::from_secs(20);

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(LONG)).unwrap();
    stream
}

/// What comes until the server ends the connection; how long that took.
fn until_the_end(mut stream: TcpStream) -> (String, Duration) {
    let began = Instant::now();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the connection stays open: {error}"),
    }
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes()
}

const HALF_A_SIGN_UP: &[u8] = b"POST /api/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"email\":";

#[test]
fn bodies_end_at_one_mebibyte() {
    let server = Server::start();
    let body = |size: usize| {
        let start =
            format!(r#"{{"email":"ada@example.com","password":"{PASSWORD}","full_name":"A","more":""#);
        format!("{start}{}\"}}", "x".repeat(size - start.len() - 2))
    };
    let headers = [("content-type", "application/json")];
    server.send("POST", "/signup", &headers, Some(body((1 << 20) + 1).as_bytes())).refused(413, "1 MiB");
    server.send("POST", "/signup", &headers, Some(body(1 << 20).as_bytes())).ok();
    // Without a length beforehand: refused as soon as it is too long, though it would go on.
    let mut stream = connect(&server);
    stream.write_all(b"POST /api/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..20 {
        // The server may have ended it already.
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let mut status = [0; 12];
    if stream.read_exact(&mut status).is_ok() {
        assert_eq!(&status, b"HTTP/1.1 413");
    }
    // A body that nobody reads is none of the server's work.
    let (answer, _) = {
        let mut stream = connect(&server);
        stream
            .write_all(b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
            .unwrap();
        until_the_end(stream)
    };
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
}

#[test]
fn a_head_ends_at_64_kibibytes() {
    let server = Server::start();
    let mut stream = connect(&server);
    let head = format!("GET /api/v1/info HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n", "x".repeat(1 << 17));
    let _ = stream.write_all(head.as_bytes());
    let (answer, _) = until_the_end(stream);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    server.send("GET", "/info", &[], None).ok();
}

#[test]
fn slow_and_idle_clients_are_dropped() {
    let server = start(&["--idle-timeout", "2", "--stall-timeout", "60", "--request-timeout", "60"]);
    let (silent, mut slow, mut idle) = (connect(&server), connect(&server), connect(&server));
    slow.write_all(b"GET /api/v1/info HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
    idle.write_all(&get("/api/v1/info/health")).unwrap();
    // A head that comes letter by letter has no longer than one that does not come.
    let mut trickle = connect(&server);
    let trickling = std::thread::spawn(move || {
        let began = Instant::now();
        trickle.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        trickle.write_all(b"GET /api/v1/info HTTP/1.1\r\nX: ").unwrap();
        loop {
            match trickle.read(&mut [0; 64]) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => break,
            }
            assert!(began.elapsed() < LONG, "a head without end is listened to");
            if trickle.write_all(b"x").is_err() {
                break;
            }
        }
    });
    for stream in [silent, slow] {
        let (answer, took) = until_the_end(stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(took < LONG / 2, "{took:?}");
    }
    let (answer, took) = until_the_end(idle);
    assert!(answer.starts_with("HTTP/1.1 200") && took < LONG / 2, "{took:?} {answer}");
    trickling.join().unwrap();
    wait_for(&server, OPEN, |open| open == 0.0);
}

#[test]
fn a_body_that_pauses_is_given_up() {
    let server = start(&["--idle-timeout", "60", "--stall-timeout", "1", "--request-timeout", "60"]);
    let mut stream = connect(&server);
    stream.write_all(HALF_A_SIGN_UP).unwrap();
    let (answer, took) = until_the_end(stream);
    assert!(
        answer.starts_with("HTTP/1.1 408") && answer.contains("The request came too slowly."),
        "{answer}"
    );
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    assert!(took < LONG / 2, "{took:?}");
}

#[test]
fn a_request_ends_in_time() {
    let server = start(&["--idle-timeout", "60", "--stall-timeout", "60", "--request-timeout", "1"]);
    let mut stream = connect(&server);
    stream.write_all(HALF_A_SIGN_UP).unwrap();
    let (answer, took) = until_the_end(stream);
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("This took too long"), "{answer}");
    assert!(took < LONG / 2, "{took:?}");
    let counted = "atrium_http_requests_total{method=\"POST\",route=\"/api/v1/signup\",status=\"503\"}";
    assert_eq!(value(&server, counted), 1.0);
    assert_eq!(value(&server, "atrium_http_requests_in_flight"), 0.0);
}

/// Whoever asks for much and takes nothing of it holds no connection for good.
#[test]
fn a_client_that_does_not_read_is_dropped() {
    let files = tempfile::TempDir::new().unwrap();
    std::fs::write(files.path().join("index.html"), "x").unwrap();
    std::fs::write(files.path().join("large.bin"), vec![0; 64 << 20]).unwrap();
    let server = start(&["--static", files.path().to_str().unwrap(), "--stall-timeout", "1"]);
    let mut stream = connect(&server);
    stream.write_all(&get("/large.bin")).unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    wait_for(&server, OPEN, |open| open == 0.0);
    drop(stream);
}

#[test]
fn connections_are_capped_and_those_who_wait_are_served() {
    let server = start(&["--max-connections", "3"]);
    let mut held: Vec<_> = (0..3).map(|_| connect(&server)).collect();
    for stream in &mut held {
        stream.write_all(&get("/api/v1/info/health")).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
    }
    let mut waiting = connect(&server);
    waiting.write_all(&get("/api/v1/info/health")).unwrap();
    waiting.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let nothing = waiting.read(&mut [0; 1]).unwrap_err();
    assert!(matches!(nothing.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{nothing}");
    assert_eq!(value(&server, OPEN), 3.0);
    drop(held.pop());
    waiting.set_read_timeout(Some(LONG)).unwrap();
    let mut first = [0; 12];
    waiting.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    // Metrics have a listener of their own, which is not among them.
    assert_eq!(value(&server, OPEN), 3.0);
}

/// Several requests on one connection, and several at once, are all answered.
#[test]
fn connections_are_kept() {
    let server = Server::start();
    let mut stream = connect(&server);
    for round in 0..5 {
        stream.write_all(&get("/api/v1/info/health")).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            let mut some = [0; 512];
            let count = stream.read(&mut some).unwrap();
            assert!(count > 0, "the connection ended in round {round}");
            answer.extend_from_slice(&some[..count]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    let last = b"GET /api/v1/info/nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(&[&get("/api/v1/info/health"), &last[..]].concat()).unwrap();
    let (answer, _) = until_the_end(stream);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("HTTP/1.1 404"), "{answer}");
    let ada = server.anybody();
    assert_eq!(ada.get("/me/ls_user_id", At::Nowhere).status, 200);
    assert_eq!(
        server.send("GET", "/info/health", &[], None).ok(),
        json!({ "clickhouse_disk_free_pct": 100.0 })
    );
}
