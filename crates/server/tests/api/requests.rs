//! Ids of requests, and what the log tells of them.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{At, PASSWORD, Person, Reply, Server, text};
use crate::job::payment;

/// The id of an answer, which an error has in its body as well.
#[track_caller]
fn id(reply: &Reply) -> String {
    let id = reply.header("x-request-id").to_owned();
    assert!(!id.is_empty(), "an answer without an id: {}", reply.body);
    let told = &reply.body["request_id"];
    if reply.status >= 400 {
        assert_eq!(*told, json!(id), "{}: {}", reply.status, reply.body);
        assert!(reply.body["detail"].is_string() || reply.body["detail"].is_array(), "{}", reply.body);
        assert_eq!(reply.body.as_object().unwrap().len(), 2, "{}", reply.body);
    } else {
        assert!(told.is_null(), "{}", reply.body);
    }
    id
}

#[test]
fn every_answer_has_an_id_and_every_error_says_it() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let (bob, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let some = "/orgs/current/members/00000000-0000-4000-8000-000000000000";
    let long = json!({ "display_name": "x".repeat(1_100_000), "is_personal": false });
    let replies = [
        (200, server.send("GET", "/info", &[], None)),
        (200, ada.get("/orgs", At::Nowhere)),
        (400, ada.post("/orgs/current/plan", org, json!({ "tier": "plus" }))),
        (401, server.send("GET", "/orgs", &[], None)),
        (401, server.sign_in("nobody@example.com", "wrong")),
        (403, bob.post("/workspaces", org, json!({ "display_name": "W" }))),
        (404, ada.delete(some, org)),
        (404, server.send("GET", "/nothing", &[], None)),
        (404, server.send("POST", "/!/nothing", &[], None)),
        (405, server.send("PUT", "/orgs", &[], None)),
        (409, ada.post("/orgs/current/members", org, json!({ "email": bob.email }))),
        (413, ada.post("/orgs", At::Nowhere, long.clone())),
        (413, ada.post_once("/orgs", At::Nowhere, long, "long")),
        (422, ada.post("/orgs", At::Nowhere, json!({}))),
        (422, ada.get("/orgs/current", At::Nowhere)),
    ];
    let mut ids = HashSet::new();
    for (status, reply) in &replies {
        assert_eq!(reply.status, *status, "{}", reply.body);
        ids.insert(id(reply));
    }
    assert_eq!(ids.len(), replies.len(), "each has one of its own");
}

#[test]
fn a_clients_id_is_taken_where_it_is_sane() {
    let server = Server::start();
    let ask = |given: &str| id(&server.send("GET", "/orgs", &[("x-request-id", given)], None));
    for sane in ["0190163d-8694-739b-aea5-966c26f8ad91", "7f3a9b-FRA", "build.17"] {
        assert_eq!(ask(sane), sane);
    }
    let long = "x".repeat(65);
    for insane in ["", " ", "a b", "ada@acme.example", "atr_0123456789abcdef", "<script>", &long] {
        let made = ask(insane);
        assert!(made != insane && made.len() == 36, "{insane:?} became {made:?}");
    }
}

/// What a request's line has to say, by the request's id: route, status, whether somebody sent it.
type Known = HashMap<String, (String, u16, bool)>;

/// Does everything that could tell the log what it must not know.
fn talk(server: &Server) -> (Vec<String>, Known) {
    let ada = server.sign_up("ada@private.example");
    server.sign_in("ada@private.example", "a wrong passphrase").refused(401, "not right");
    let again = server.sign_in("ada@private.example", PASSWORD);
    let ada_again = Person::of(server, "ada@private.example", again);
    let renewed = server.send("POST", "/session", &[("cookie", &ada.cookie)], None).ok();
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let intent = text(&ada.post("/orgs/current/setup", org, json!({})).ok()["client_secret"]);
    ada.post("/orgs/current/payment-method", org, payment(&intent)).ok();
    ada.post("/orgs/current/plan", org, json!({ "tier": "plus" })).ok();
    ada.invite(&acme, "bob@private.example", "ORGANIZATION_USER", &[]);
    let mut known = HashMap::new();
    let mut note = |reply: &Reply, route: &str, signed: bool| {
        known.insert(id(reply), (route.to_owned(), reply.status, signed));
    };
    let search = "/orgs/current/members/active?q=bob@private.example&emails=bob@private.example";
    note(&ada.get(search, org), "/api/v1/orgs/current/members/active", true);
    let missing = "/orgs/current/members/00000000-0000-4000-8000-000000000000";
    note(&ada.delete(missing, org), "/api/v1/orgs/current/members/{identity_id}", true);
    let address = "/orgs/pending/bob@private.example";
    note(&ada.delete(address, At::Nowhere), "/api/v1/orgs/pending/{organization_id}", true);
    note(&server.send("GET", "/!/bob@private.example", &[], None), "none", false);
    note(&server.send("GET", "/bob@private.example?token=atr_hidden", &[], None), "none", false);
    let bearer = [("authorization", "Bearer atr_guessed"), ("x-request-id", "atr_asanid")];
    note(&server.send("GET", "/orgs", &bearer, None), "/api/v1/orgs", false);
    // A method of the client's own making.
    let mut connection = TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
    let head = "bob.private.example /api/v1/orgs?q=bob@private.example HTTP/1.1";
    write!(connection, "{head}\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("request_id"), "{answer}");
    ada.post_once("/orgs", At::Nowhere, json!({ "display_name": "B", "is_personal": false }), "keyinlog")
        .ok();
    let secrets = [
        "private.example",
        PASSWORD,
        "a wrong passphrase",
        ada.token.as_str(),
        ada_again.token.as_str(),
        ada.cookie.split('=').next_back().unwrap(),
        renewed["access_token"].as_str().unwrap(),
        &intent,
        "atr_hidden",
        "atr_guessed",
        "atr_asanid",
        "keyinlog",
        "Bearer",
        "Basic",
        "q=",
    ];
    (secrets.map(str::to_owned).to_vec(), known)
}

#[test]
fn the_log_has_a_line_a_request_and_no_secrets() {
    let server = Server::start_in(TempDir::new().unwrap(), &["--log-format", "json"]);
    let (secrets, known) = talk(&server);
    let (log, _) = server.end();
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret:?} is in the log");
    }
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect();
    let of_requests: Vec<_> = lines.iter().filter(|line| line["target"] == "atrium::request").collect();
    assert!(of_requests.len() > 15, "{}", of_requests.len());
    for line in &of_requests {
        for key in ["method", "route", "status", "ms", "request_id", "timestamp", "level"] {
            assert!(!line[key].is_null(), "{key} is missing in {line}");
        }
        assert!(line["ms"].as_f64().unwrap() > 0.0 && line["status"].is_u64(), "{line}");
    }
    for (id, (route, status, signed)) in &known {
        let mine: Vec<_> = of_requests.iter().filter(|line| line["request_id"] == **id).collect();
        assert_eq!(mine.len(), 1, "lines of {id} ({route})");
        assert_eq!((&mine[0]["route"], &mine[0]["status"]), (&json!(route), &json!(status)), "{}", mine[0]);
        assert_eq!(mine[0]["account"].is_string(), *signed, "{}", mine[0]);
    }
    let methods: HashSet<_> = of_requests.iter().map(|line| line["method"].as_str().unwrap()).collect();
    assert!(methods.contains("OTHER") && methods.contains("POST"), "{methods:?}");
}

#[test]
fn the_log_for_people_has_no_secrets_either() {
    let server = Server::start();
    let (secrets, known) = talk(&server);
    let (log, _) = server.end();
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret:?} is in the log");
    }
    for (id, (route, status, _)) in &known {
        let line = log.lines().find(|line| line.contains(id.as_str())).unwrap_or_else(|| panic!("{id}"));
        assert!(line.contains(route.as_str()) && line.contains(&format!("status={status}")), "{line}");
    }
}
