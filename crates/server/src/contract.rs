//! `atrium-server serve --contract-only FILE`: the server as another backend would be that offers
//! what an OpenAPI document has, and nothing of Atrium's own. For tests, and for trying the app with it.
//!
//! Operations that the document does not have answer 404; parameters, headers and fields that it does
//! not name are left out on the way in and on the way out, and so are the installation's flags.

use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::routes;
use crate::serve::is_api;

/// Headers of requests and answers that are Atrium's own.
const OWN_HEADERS: [HeaderName; 4] =
    [header::ETAG, header::IF_MATCH, header::SET_COOKIE, HeaderName::from_static("idempotency-key")];
/// More than any answer is long.
const LONGEST: usize = 256 * 1024 * 1024;

/// What a document has.
pub struct Contract {
    document: Value,
    operations: Vec<Operation>,
}

/// An operation of the document.
struct Operation {
    method: Method,
    /// The steps of its path; those in braces fit any.
    path: Vec<String>,
    /// The names of its query's parameters.
    query: Vec<String>,
    /// The schema of its answer.
    answer: Value,
}

impl Contract {
    /// Reads an OpenAPI document.
    ///
    /// # Errors
    /// A sentence where the file cannot be read or is no such document.
    pub fn read(file: &Path) -> Result<Self, String> {
        let name = file.display();
        let text = std::fs::read(file).map_err(|error| format!("{name} cannot be read: {error}."))?;
        let document: Value =
            serde_json::from_slice(&text).map_err(|error| format!("{name} is no JSON: {error}."))?;
        let operations = operations(&document);
        if operations.is_empty() {
            return Err(format!("{name} is no OpenAPI document: it has no operation."));
        }
        Ok(Self { document, operations })
    }

    fn find(&self, method: &Method, path: &str) -> Option<&Operation> {
        let steps: Vec<&str> = steps(path).collect();
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let fits = |one: &&Operation| {
            let fits = |(own, step): (&String, &&str)| own == step || own.starts_with('{');
            one.method == *method && one.path.len() == steps.len() && one.path.iter().zip(&steps).all(fits)
        };
        // The one with the fewest steps that fit any.
        let open = |one: &&Operation| one.path.iter().filter(|step| step.starts_with('{')).count();
        self.operations.iter().filter(fits).min_by_key(open)
    }

    /// Takes from a value what its schema does not have.
    fn fit(&self, schema: &Value, value: &mut Value) {
        match value {
            Value::Array(items) => {
                let mut schemas = Vec::new();
                self.gather(schema, &mut schemas);
                if let Some(of_items) = schemas.iter().find_map(|one| one.get("items")) {
                    items.iter_mut().for_each(|item| self.fit(of_items, item));
                }
            }
            Value::Object(fields) => {
                let mut schemas = Vec::new();
                self.gather(schema, &mut schemas);
                let named: Vec<&Map<String, Value>> =
                    schemas.iter().filter_map(|one| one.get("properties")?.as_object()).collect();
                let open = named.is_empty()
                    || schemas
                        .iter()
                        .any(|one| one.get("additionalProperties").is_some_and(|more| *more != false));
                let schema_of = |name: &str| named.iter().find_map(|properties| properties.get(name));
                fields.retain(|name, _| open || schema_of(name).is_some());
                for (name, field) in fields {
                    if let Some(schema) = schema_of(name) {
                        self.fit(schema, field);
                    }
                }
            }
            _ => {}
        }
    }

    /// The schemas that a schema comes to: through references, and all of its alternatives.
    fn gather<'a>(&'a self, schema: &'a Value, found: &mut Vec<&'a Value>) {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
            return target.into_iter().for_each(|target| self.gather(target, found));
        }
        found.push(schema);
        for word in ["allOf", "anyOf", "oneOf"] {
            let parts = schema.get(word).and_then(Value::as_array).into_iter().flatten();
            parts.for_each(|part| self.gather(part, found));
        }
    }
}

fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|step| !step.is_empty())
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let of_path = |(path, item): (&String, &Value)| {
        let one = |(method, operation): (&String, &Value)| {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).ok()?;
            let in_query = |parameter: &&Value| parameter.get("in").is_some_and(|place| place == "query");
            let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
            let names = parameters.filter(in_query).filter_map(|one| one.get("name")?.as_str());
            let answer = operation.pointer("/responses/200/content/application~1json/schema");
            Some(Operation {
                method,
                path: steps(path).map(str::to_owned).collect(),
                query: names.map(str::to_owned).collect(),
                answer: answer.cloned().unwrap_or_default(),
            })
        };
        item.as_object().into_iter().flatten().filter_map(one).collect::<Vec<_>>()
    };
    paths.flat_map(of_path).collect()
}

/// The layer around the API.
pub async fn only(State(contract): State<Arc<Contract>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if !is_api(&path) {
        return next.run(request).await;
    }
    let Some(operation) = contract.find(request.method(), &path) else {
        return routes::not_found().await.into_response();
    };
    if let Some(uri) = known_query(request.uri(), &operation.query) {
        *request.uri_mut() = uri;
    }
    for name in OWN_HEADERS {
        request.headers_mut().remove(name);
    }
    let (mut parts, body) = next.run(request).await.into_parts();
    for name in OWN_HEADERS {
        parts.headers.remove(name);
    }
    if !parts.status.is_success() {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = to_bytes(body, LONGEST).await else {
        return ApiError::internal("an answer could not be read").into_response();
    };
    let bytes = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) => {
            contract.fit(&operation.answer, &mut value);
            // The contract leaves their form open; what this server has there is its own.
            if let Some(flags) = value.get_mut("instance_flags") {
                *flags = Value::Object(Map::new());
            }
            value.to_string().into()
        }
        Err(_) => bytes,
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes))
}

/// The address without the parameters of the query that are not among the names; nothing where there
/// are none such.
fn known_query(uri: &Uri, names: &[String]) -> Option<Uri> {
    let query = uri.query()?;
    let known = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        names.iter().any(|known| known == name)
    };
    let kept: Vec<&str> = query.split('&').filter(known).collect();
    let kept = kept.join("&");
    if kept == query {
        return None;
    }
    let mark = if kept.is_empty() { "" } else { "?" };
    format!("{}{mark}{kept}", uri.path()).parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contract() -> Contract {
        let document = json!({
            "paths": {
                "/api/v1/things/{id}": { "get": { "responses": { "200": { "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } } } } },
                "/api/v1/things/current": { "get": {
                    "parameters": [{ "in": "query", "name": "limit" }], "responses": {} } },
            },
            "components": { "schemas": { "Thing": { "properties": {
                "name": { "type": "string" },
                "free": { "type": "object", "additionalProperties": true },
                "parts": { "anyOf": [
                    { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
                    { "type": "null" },
                ] },
            } } } },
        });
        Contract { operations: operations(&document), document }
    }

    #[test]
    fn own_operations_and_methods_are_not_found() {
        let contract = contract();
        assert!(contract.find(&Method::GET, "/api/v1/things/1").is_some());
        assert!(contract.find(&Method::HEAD, "/api/v1/things/1").is_some());
        assert!(contract.find(&Method::DELETE, "/api/v1/things/1").is_none());
        assert!(contract.find(&Method::GET, "/api/v1/things/1/ends").is_none());
        assert_eq!(contract.find(&Method::GET, "/api/v1/things/current").unwrap().query, ["limit"]);
    }

    #[test]
    fn own_fields_are_left_out_at_any_depth() {
        let contract = contract();
        let schema = &contract.find(&Method::GET, "/api/v1/things/1").unwrap().answer;
        let mut value = json!({ "name": "a", "etag": "1", "free": { "own": 1 },
            "parts": [{ "name": "b", "etag": "2", "parts": null }] });
        contract.fit(schema, &mut value);
        assert_eq!(
            value,
            json!({ "name": "a", "free": { "own": 1 }, "parts": [{ "name": "b", "parts": null }] })
        );
    }

    #[test]
    fn own_parameters_are_left_out() {
        let names = ["limit".to_owned()];
        let known = |text: &str| known_query(&text.parse().unwrap(), &names).map(|uri| uri.to_string());
        assert_eq!(known("/a?limit=1"), None);
        assert_eq!(known("/a"), None);
        assert_eq!(known("/a?q=x&limit=1&own"), Some("/a?limit=1".to_owned()));
        assert_eq!(known("/a?q=x"), Some("/a".to_owned()));
    }
}
