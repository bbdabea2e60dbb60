//! The server's own OpenAPI document, and the page to read it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::Server;

/// The document of a server.
pub fn document(server: &Server) -> Value {
    server.send("GET", "/openapi.json", &[], None).ok()
}

/// The methods of each path, in capitals.
fn documented(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let methods = |item: &Value| item.as_object().unwrap().keys().map(|name| name.to_uppercase()).collect();
    document["paths"].as_object().unwrap().iter().map(|(path, item)| (path.clone(), methods(item))).collect()
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The operations as the source lists them: `list.get("/path", …)`, over however many lines.
fn listed(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (at, _) in text.match_indices("list.") {
        let Some((method, rest)) = text[at + 5..].split_once('(') else { continue };
        let Some(path) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        if path.starts_with('/') {
            found.entry(path.to_owned()).or_default().insert(method.to_uppercase());
        }
    }
    found
}

#[test]
fn the_document_has_the_routes_and_nothing_else() {
    let server = Server::start();
    let documented = documented(&document(&server));
    // From the source: every route is in the document, and there is no other way to make one.
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    let mut list = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // The metrics are on a listener of their own.
        if !file.ends_with("operations/mod.rs") && !file.ends_with("src/metrics.rs") {
            let text = text.split("#[cfg(test)]").next().unwrap();
            assert!(!text.contains(".route("), "{}: a route beside the list", file.display());
        }
        for (path, methods) in listed(&text) {
            list.entry(path).or_insert_with(BTreeSet::new).extend(methods);
        }
    }
    assert_eq!(list, documented);
    // From outside: each path of the document takes its methods, and no others.
    for (path, methods) in &documented {
        let path = path.replace(['{', '}'], "");
        let reply = server.send("PUT", &format!("/!{path}"), &[], None);
        assert_eq!(reply.status, 405, "{path}");
        let allowed = reply.headers["allow"].to_str().unwrap().split(',').map(|name| name.trim().to_owned());
        let mut allowed: BTreeSet<_> = allowed.collect();
        // Whatever can be read can be asked for its headers alone.
        allowed.remove("HEAD");
        assert_eq!(&allowed, methods, "{path}");
    }
}

#[test]
fn the_document_holds_together() {
    let server = Server::start();
    let document = document(&server);
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = BTreeSet::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} twice");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{id}");
            assert!(!operation["responses"]["default"].is_null(), "{id}");
        }
    }
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    // Every schema is one that JSON Schema's own schema accepts, and every named one is used.
    let text = document.to_string();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::meta::is_valid(schema), "{name}: {schema}");
        assert!(text.contains(&format!("\"#/components/schemas/{name}\"")), "{name} is not used");
    }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                found.push(reference.to_owned());
            }
            fields.values().for_each(|value| collect(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

#[test]
fn the_page_says_what_the_document_says() {
    let server = Server::start();
    let document = document(&server);
    let page = server.send("GET", "/!/docs", &[], None);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let html = page.ok();
    let html = html.as_str().unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().replace('_', "-");
            assert!(html.contains(&format!("<h3 id=\"{id}\">")), "{id}");
            assert!(html.contains(&format!("href=\"#{id}\"")), "{id} is not among the contents");
            assert!(html.contains(&format!(">{}</b> <code>{path}</code>", method.to_uppercase())), "{path}");
        }
    }
    // Nothing that the policy would refuse, no link that leads nowhere, no heading twice.
    for never in ["<script", "style=", " onclick", "<style", "http://", "https://"] {
        assert!(!html.contains(never), "{never}");
    }
    let ids: Vec<_> = html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id twice");
    for link in html.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&link), "#{link} leads nowhere");
    }
    let style = server.send("GET", "/!/docs/style.css", &[], None);
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert!(style.ok().as_str().unwrap().contains("light-dark("));
}
