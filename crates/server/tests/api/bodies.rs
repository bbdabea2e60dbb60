//! Bad input of every kind: refused with a status that says so, never a 500.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::common::{At, Server};

#[test]
fn no_bad_body_is_a_failure_of_the_server() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let some = "00000000-0000-4000-8000-000000000000";
    let writes = [
        ("POST", "/signup".to_owned()),
        ("POST", "/orgs".to_owned()),
        ("PATCH", "/orgs/current/info".to_owned()),
        ("POST", "/orgs/current/payment-method".to_owned()),
        ("POST", "/orgs/current/plan".to_owned()),
        ("POST", "/orgs/current/business-info".to_owned()),
        ("POST", "/orgs/current/members".to_owned()),
        ("POST", "/orgs/current/members/batch".to_owned()),
        ("POST", "/orgs/current/members/basic/batch".to_owned()),
        ("PATCH", "/orgs/members/basic".to_owned()),
        ("PATCH", format!("/orgs/current/members/{some}")),
        ("POST", "/orgs/current/roles".to_owned()),
        ("PATCH", format!("/orgs/current/roles/{some}")),
        ("POST", "/workspaces".to_owned()),
        ("PATCH", format!("/workspaces/{workspace}")),
        ("POST", "/workspaces/current/members".to_owned()),
        ("POST", "/workspaces/current/members/batch".to_owned()),
        ("PATCH", format!("/workspaces/current/members/{some}")),
        ("POST", "/api-key".to_owned()),
        ("POST", "/api-key/current".to_owned()),
        ("POST", "/sessions".to_owned()),
        ("POST", "/datasets".to_owned()),
        ("POST", "/annotation-queues".to_owned()),
        ("POST", "/repos".to_owned()),
    ];
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let long = format!(
        r#"{{"display_name":"{0}","name":"{0}","email":"{0}","role_id":"{0}"}}"#,
        "x".repeat(200_000)
    );
    let bodies: Vec<&[u8]> = vec![
        b"", b"{", b"null", b"7", b"\"text\"", b"[]", b"[[]]", b"[null]", b"\xff\xfe", b"{\"a\":1}}", deep.as_bytes(), long.as_bytes(),
        br#"{"email":"a\u0000b@c.de","display_name":"a\u0000","name":"\u0000","tier":"\u0000","full_name":"a","password":"12345678"}"#,
        br#"{"a\u0000":1}"#,
        br#"{"email":null,"display_name":null,"name":null,"tier":null,"role_id":null,"permissions":null}"#,
        br#"{"email":1e400,"display_name":99999999999999999999999999,"name":-1,"tier":{},"role_id":[],"permissions":{}}"#,
        br#"{"email":[],"display_name":{},"name":[1],"tier":7,"role_id":7,"permissions":[7],"is_personal":"x","workspace_ids":7}"#,
        br#"{"display_name":"\ud800","name":"\ud800"}"#,
        br#"{"name":"n","start_time":"yesterday","created_at":"0000","id":"x"}"#,
        br#"{"name":"n2","start_time":"+262142-12-31T23:59:59Z","created_at":"9999-12-31T23:59:60Z"}"#,
        br#"{"display_name":"W","id":"not-a-uuid","tenant_handle":7}"#,
        br#"{"tier":"plus","tier":"plus"}"#,
    ];
    let bearer = format!("Bearer {}", ada.token);
    let mut cells = 0;
    for (method, path) in &writes {
        for body in &bodies {
            for kind in ["application/json", "text/plain", "application/json; charset=utf-8", ""] {
                let headers = [
                    ("authorization", bearer.as_str()),
                    ("x-organization-id", acme.as_str()),
                    ("x-tenant-id", workspace.as_str()),
                    ("content-type", kind),
                ];
                let reply = server.send(method, path, &headers, Some(body));
                let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
                assert!(reply.status < 500, "{method} {path} {shown}: {} {}", reply.status, reply.body);
                if reply.status != 200 {
                    assert!(!reply.body["detail"].is_null(), "{method} {path} {shown}: {}", reply.body);
                }
                cells += 1;
            }
        }
    }
    println!("{cells} bad bodies");
}

#[test]
fn no_bad_header_query_or_path_is_a_failure_of_the_server() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    for id in ["", "x", "0", "00000000-0000-0000-0000-00000000000g", "ü"] {
        let header = json!("x-organization-id");
        ada.get("/orgs/current", At::Org(id)).invalid(&[json!("header"), header]);
        ada.get("/sessions", At::Workspace(id)).invalid(&[json!("header"), json!("x-tenant-id")]);
    }
    ada.get("/orgs/current", At::Nowhere).invalid(&[json!("header"), json!("x-organization-id")]);
    ada.get("/sessions", At::Nowhere).invalid(&[json!("header"), json!("x-tenant-id")]);
    for id in ["x", "%00", "%ff", "..", "1%2F2", "00000000-0000-4000-8000-000000000000"] {
        for (method, path) in [
            ("DELETE", format!("/orgs/current/members/{id}")),
            ("DELETE", format!("/orgs/current/members/{id}/pending")),
            ("DELETE", format!("/orgs/current/roles/{id}")),
            ("DELETE", format!("/orgs/pending/{id}")),
            ("DELETE", format!("/workspaces/pending/{id}")),
            ("DELETE", format!("/api-key/{id}")),
            ("DELETE", format!("/api-key/current/{id}")),
        ] {
            let status = ada.call(method, &path, At::Org(&acme), None).status;
            assert!([404, 405, 422].contains(&status), "{method} {path}: {status}");
        }
        let status = ada.delete(&format!("/workspaces/{id}"), At::Workspace(&workspace)).status;
        assert!([404, 405, 422].contains(&status), "{id}: {status}");
    }
    for query in [
        "limit=%00",
        "q=%00",
        "q=%ff",
        "limit=",
        "offset=18446744073709551615",
        "emails=%00",
        "&&&==",
        "q=%",
        "sort_by=",
    ] {
        for path in ["/orgs/current/members/active", "/orgs/current/members/pending"] {
            assert!(ada.get(&format!("{path}?{query}"), At::Org(&acme)).status < 500, "{path}?{query}");
        }
        for path in
            ["/sessions", "/datasets", "/annotation-queues", "/repos", "/workspaces/current/members/active"]
        {
            assert!(
                ada.get(&format!("{path}?{query}"), At::Workspace(&workspace)).status < 500,
                "{path}?{query}"
            );
        }
    }
    for token in ["", "Bearer", "Bearer ", "bearer x", "Basic x", "Bearer atr_00", "Token x"] {
        server.send("GET", "/orgs", &[("authorization", token)], None).refused(401, "Sign in");
    }
    for key in ["", "lsv2_x", "lsv2_pt_", "\u{e9}", &"x".repeat(5_000)] {
        server.send("GET", "/orgs", &[("x-api-key", key)], None).refused(401, "API key is not valid");
    }
    for query in [
        "metadata=x",
        "metadata=[]",
        "metadata=%7B%22$x%22:1%7D",
        "metadata=%7B%22a%5C%22b%22:1%7D",
        "metadata=%7B%22a%22:%7B%22b%22:%5B1,null,%22%C3%A9%22%5D%7D%7D",
        "reference_dataset=x",
        "reference_free=x",
        "data_type=x",
        "tag_value_id=x",
        "queue_type=x",
        "dataset_id=x",
        "dataset_version=x",
        "filter=(((",
        "filter=eq(id,%22x%22)",
        "filter=has(metadata,'%7B%22$x%22:1%7D')",
        "filter=gt(run_count,-1e308)",
        "filter=gt(start_time,%220001-01-01T00:00:00Z%22)",
        "filter=search(%22%25_%5C%5C%22)",
        "stats_filter=x",
        "stats_start_time=0000-01-01T00:00:00Z",
        "exclude=x",
        "tags=%22&tags=%5B%5D&tags=$1",
        "is_archived=maybe",
        "repo_types=x",
        "tenant_id=x",
    ] {
        for path in ["/sessions", "/datasets", "/annotation-queues", "/repos"] {
            let status = ada.get(&format!("{path}?{query}"), At::Workspace(&workspace)).status;
            assert!([200, 422].contains(&status), "{path}?{query}: {status}");
        }
    }
}

#[test]
fn unknown_addresses_methods_and_long_bodies() {
    let server = Server::start();
    let ada = server.anybody();
    for path in ["/nope", "/api-key/current/x/y", "/audit-log", "/orgs/members", "/"] {
        let reply = ada.get(path, At::Nowhere);
        assert_eq!(reply.headers.get("content-type").unwrap(), "application/json");
        assert_eq!((reply.status, &reply.body["detail"]), (404, &json!("Not Found")), "{path}");
    }
    let wrong = ada.delete("/info", At::Nowhere);
    assert_eq!(wrong.headers.get("allow").unwrap(), "GET,HEAD");
    assert_eq!((wrong.status, &wrong.body["detail"]), (405, &json!("Method Not Allowed")));
    let long = format!(r#"{{"display_name":"{}"}}"#, "x".repeat(1 << 20));
    let headers =
        [("authorization", format!("Bearer {}", ada.token)), ("content-type", "application/json".to_owned())];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    server.send("POST", "/orgs", &headers, Some(long.as_bytes())).refused(413, "the limit is 1 MiB");
    let reply = ada.get("/info", At::Nowhere);
    assert_eq!(reply.headers.get("cache-control").unwrap(), "no-store");
}

#[test]
fn a_broken_request_ends_nothing() {
    let server = Server::start();
    let address = server.address.trim_start_matches("http://");
    for request in [&b"GARBAGE\r\n\r\n"[..], b"GET /api/v1/info HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", b"POST /api/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 5"), "{}", String::from_utf8_lossy(&answer));
    }
    server.send("GET", "/info", &[], None).ok();
}
