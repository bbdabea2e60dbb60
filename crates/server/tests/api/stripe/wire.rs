//! The way from the server to Stripe: writes down every call, keeps Stripe's promise about
//! idempotency keys (localstripe does not), and breaks where a test wants it to.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It is answered.
    Pass,
    /// It is never heard, and the connection closed.
    Drop,
    /// It is never heard, and the connection stays open.
    Hang,
    /// It is done, and the connection closed without an answer.
    LoseAnswer,
    /// It is done, and the answer never comes.
    HangAfter,
    /// It is not heard; somebody else answers.
    Answer(u16, &'static str),
}

/// A call as the server made it.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    /// Without `/v1/` and the query.
    pub path: String,
    pub key: Option<String>,
    pub body: String,
    pub head: String,
    /// Everything that came back.
    pub answer: String,
}

impl Call {
    /// A field of the form.
    pub fn field(&self, name: &str) -> Option<String> {
        let pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        let name = name.replace('[', "%5B").replace(']', "%5D");
        pairs.into_iter().find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
    }
}

type Saved = (String, Vec<u8>);

struct Shared {
    to: String,
    closed: AtomicBool,
    /// The fate of calls, by method and a part of the path; the last that fits counts.
    fates: Mutex<Vec<(String, String, Fate)>>,
    calls: Mutex<Vec<Call>>,
    saved: Mutex<HashMap<String, Saved>>,
}

pub struct Wire {
    port: u16,
    shared: Arc<Shared>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.close();
    }
}

impl Wire {
    /// A way to `to`, such as `http://127.0.0.1:8420`.
    pub fn to(to: &str) -> Self {
        let shared = Arc::new(Shared {
            to: to.trim_start_matches("http://").to_owned(),
            closed: AtomicBool::new(true),
            fates: Mutex::default(),
            calls: Mutex::default(),
            saved: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Self { port: listener.local_addr().unwrap().port(), shared, listening: Mutex::new(None) };
        wire.listen(listener);
        wire
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn listen(&self, listener: TcpListener) {
        self.shared.closed.store(false, Ordering::SeqCst);
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.closed.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, stream) = (Arc::clone(&shared), stream.unwrap());
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        *self.listening.lock().unwrap() = Some(thread);
    }

    /// Nobody listens any more: connections are refused.
    pub fn close(&self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        if let Some(thread) = self.listening.lock().unwrap().take() {
            let _ = TcpStream::connect(("127.0.0.1", self.port));
            thread.join().unwrap();
        }
    }

    pub fn open(&self) {
        self.listen(TcpListener::bind(("127.0.0.1", self.port)).unwrap());
    }

    /// What becomes of calls with this method whose path holds `part`, from now on.
    pub fn fate(&self, method: &str, part: &str, fate: Fate) {
        self.shared.fates.lock().unwrap().push((method.to_owned(), part.to_owned(), fate));
    }

    /// Everything passes again.
    pub fn mend(&self) {
        self.shared.fates.lock().unwrap().clear();
    }

    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().unwrap().clone()
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let Some((head, body)) = read_request(&mut stream) else { return };
        let mut first = head.lines().next().unwrap_or_default().split(' ');
        let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
        let header = |name: &str| {
            let mut pairs = head.lines().filter_map(|line| line.split_once(':'));
            pairs.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
        };
        let path = target.split('?').next().unwrap_or_default().trim_start_matches("/v1/").to_owned();
        let key = header("idempotency-key");
        let call = Call {
            method: method.to_owned(),
            path: path.clone(),
            key: key.clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
            head: head.clone(),
            answer: String::new(),
        };
        let index = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(call);
            calls.len() - 1
        };
        let fate = {
            let fates = self.fates.lock().unwrap();
            let fits = |(own, part, _): &&(String, String, Fate)| {
                (own == "*" || own == method) && path.contains(part.as_str())
            };
            fates.iter().rev().find(fits).map_or(Fate::Pass, |(_, _, fate)| fate.clone())
        };
        let answer = match fate {
            Fate::Drop => return,
            Fate::Hang => return hang(stream),
            Fate::Answer(status, body) => http(status, body),
            Fate::Pass | Fate::LoseAnswer | Fate::HangAfter => {
                self.done_once(key, &format!("{method} {target}"), &head, &body)
            }
        };
        match fate {
            Fate::LoseAnswer => return,
            Fate::HangAfter => return hang(stream),
            _ => {}
        }
        self.calls.lock().unwrap()[index].answer = String::from_utf8_lossy(&answer).into_owned();
        let _ = stream.write_all(&answer);
    }

    /// Has Stripe do it, or gives the answer of the first time again.
    fn done_once(&self, key: Option<String>, what: &str, head: &str, body: &[u8]) -> Vec<u8> {
        let same = format!("{what} {}", String::from_utf8_lossy(body));
        let Some(key) = key else { return self.forward(head, body) };
        // Held while it is done: a second call with the key waits for the first.
        let mut saved = self.saved.lock().unwrap();
        match saved.get(&key) {
            Some((first, answer)) if *first == same => answer.clone(),
            Some(_) => http(400, r#"{"error":{"type":"idempotency_error"}}"#),
            None => {
                let answer = self.forward(head, body);
                saved.insert(key, (same, answer.clone()));
                answer
            }
        }
    }

    fn forward(&self, head: &str, body: &[u8]) -> Vec<u8> {
        let Ok(mut to) = TcpStream::connect(&self.to) else { return http(502, "{}") };
        let mut lines: Vec<&str> = head.lines().collect();
        lines.retain(|line| {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            name != "connection" && name != "host"
        });
        let head = format!("{}\r\nHost: {}\r\nConnection: close\r\n\r\n", lines.join("\r\n"), self.to);
        to.write_all(head.as_bytes()).unwrap();
        to.write_all(body).unwrap();
        let mut answer = Vec::new();
        let _ = to.read_to_end(&mut answer);
        answer
    }
}

/// Keeps the connection open until the other side gives up.
fn hang(mut stream: TcpStream) {
    let _ = stream.read(&mut [0]);
}

fn http(status: u16, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}");
    format!("{head}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}

/// Head without its last empty line, and body.
fn read_request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        match stream.read(&mut part) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&part[..count]),
            _ => return None,
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .unwrap_or(0);
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        match stream.read(&mut part) {
            Ok(count) if count > 0 => body.extend_from_slice(&part[..count]),
            _ => return None,
        }
    }
    Some((head, body))
}
