//! `serve --contract-only FILE`: a backend with nothing of Atrium's own.

use serde_json::json;

use crate::common::{At, PASSWORD, Server};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/contract/langsmith-api.json");

#[test]
fn what_the_contract_does_not_have_is_not_there() {
    let server = Server::start();
    let ada = server.sign_up("ada@example.com");
    let organizations = ada.call("GET", "/orgs", At::Nowhere, None).ok();
    let organization = organizations[0]["id"].as_str().unwrap();
    let other = server.beside_with(&["--contract-only", DOCUMENT]);

    // Signing in is the contract's; the session that would renew it is not.
    let signed_in = other.sign_in("ada@example.com", PASSWORD);
    assert!(signed_in.headers.get("set-cookie").is_none());
    let token = signed_in.ok()["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("x-organization-id", organization)];
    let ask = |method: &str, path: &str| other.send(method, path, &headers, None);
    for (method, path) in [
        ("POST", "/session"),
        ("DELETE", "/session"),
        ("POST", "/signup"),
        ("GET", "/info/ready"),
        ("GET", "/openapi.json"),
        ("GET", "/orgs/current/members/removed"),
        ("GET", "/orgs/current/members/0190a5d0-0000-7000-8000-000000000000/ends"),
        ("GET", "/settings"),
        ("POST", "/repos"),
        ("POST", "/repos/"),
        ("PUT", "/orgs"),
    ] {
        ask(method, path).refused(404, "Not Found");
    }
    assert_eq!(ask("GET", "/info").ok()["instance_flags"], json!({}));

    // The same people, without what is Atrium's own of them.
    let own = server.send("GET", "/v1/platform/orgs/current/members", &headers, None).ok();
    let known = ask("GET", "/v1/platform/orgs/current/members?q=nobody&limit=5");
    assert_eq!(known.header("x-pagination-total"), "1", "an own parameter was heeded");
    let known = known.ok();
    assert!(own[0]["etag"].is_string() && known[0].get("etag").is_none(), "{known}");
    assert_eq!(known[0]["email"], own[0]["email"]);
}

#[test]
fn a_file_that_is_no_contract_is_refused() {
    let server = Server::start();
    for (name, text, why) in [
        ("none.json", None, "cannot be read"),
        ("bad.json", Some("{"), "is no JSON"),
        ("empty.json", Some("{}"), "has no operation"),
    ] {
        let file = server.directory().path().join(name);
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let ended = crate::common::program()
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--database",
                &server.database_url(),
                "--contract-only",
            ])
            .arg(&file)
            .output()
            .unwrap();
        assert!(!ended.status.success());
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(said.contains(why), "{said}");
    }
}
