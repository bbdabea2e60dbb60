//! What each operation says that it needs (`x-needs` of the document) is what it asks for: with
//! everything but that it is refused, with nothing but that it is not.

use serde_json::Value;

use super::matrix::nameless;
use super::world::{GUESSED, World};
use crate::common::{At, Person, Server};

/// An operation as the document has it.
struct Operation {
    method: String,
    path: String,
    need: String,
    /// Whether it takes place in the workspace of a header.
    in_workspace: bool,
}

/// Every operation.
fn operations(server: &Server) -> Vec<Operation> {
    let document = server.send("GET", "/openapi.json", &[], None).ok();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let need =
                operation["x-needs"].as_str().unwrap_or_else(|| panic!("{method} {path} names no need"));
            let parameters = operation["parameters"].as_array().unwrap();
            let in_workspace =
                parameters.iter().any(|one| one["name"] == "X-Tenant-Id" && one["required"] == true);
            let (method, path) = (method.to_uppercase(), path.clone());
            found.push(Operation { method, path, need: need.to_owned(), in_workspace });
        }
    }
    assert!(found.len() >= 58, "{}", found.len());
    found
}

/// Whether a request is let through to its handler. It carries no body and a made-up id, so that
/// nothing comes of it: whoever is let through meets 200, 404 or 422.
fn passes(person: &Person<'_>, operation: &Operation, organization: &str, workspace: &str) -> (bool, Value) {
    let Operation { method, path, .. } = operation;
    let filled =
        nameless(path).replace("/workspaces/{}", &format!("/workspaces/{workspace}")).replace("{}", GUESSED);
    let bearer = format!("Bearer {}", person.token);
    let place =
        if operation.in_workspace { ("x-tenant-id", workspace) } else { ("x-organization-id", organization) };
    let headers = [("authorization", bearer.as_str()), place, ("content-type", "application/json")];
    // Deleting the workspace itself would come to something: it is the last one, which stays (409).
    let reply = person.server.send(method, &format!("/!{filled}"), &headers, Some(b"7"));
    let in_path = path.starts_with("/api/v1/workspaces/{");
    let refused = reply.status == 401 || reply.status == 403 || (in_path && reply.status == 404);
    assert!(refused || [200, 404, 409, 422].contains(&reply.status), "{method} {path}: {}", reply.body);
    (!refused, reply.body)
}

#[test]
fn what_an_operation_says_it_needs_is_what_it_asks_for() {
    let server = Server::start();
    let acme = World::new(&server, "Acme");
    let (org, workspace) = (acme.organization.as_str(), acme.workspace.as_str());
    let member = |role: &str| acme.admin.colleague(org, role, &[]).0;
    let (boss, operator) = (member("ORGANIZATION_ADMIN"), member("ORGANIZATION_OPERATOR"));
    let (user, viewer) = (member("ORGANIZATION_USER"), member("ORGANIZATION_VIEWER"));
    let stranger = server.anybody();
    let operations = operations(&server);
    let mut names: Vec<_> =
        operations.iter().map(|one| one.need.as_str()).filter(|need| need.contains(':')).collect();
    names.sort();
    names.dedup();
    // For each permission of a workspace: somebody with all but it, and somebody with only it.
    let mut with = Vec::new();
    for name in names.iter().filter(|name| !name.starts_with("organization:")) {
        let others: Vec<_> = names
            .iter()
            .copied()
            .filter(|other| other != name && !other.starts_with("organization:"))
            .collect();
        let person = |permissions: &[&str]| {
            let person = member("ORGANIZATION_USER");
            acme.add(&person, workspace, &acme.custom_role(permissions));
            person
        };
        with.push((*name, person(&others), person(&[name])));
    }
    let mut asked = 0;
    for operation in &operations {
        let Operation { method, path, need, .. } = operation;
        let nobody = server.send(
            method,
            &format!("/!{}", nameless(path).replace("{}", GUESSED)),
            &[("x-organization-id", org), ("x-tenant-id", workspace)],
            Some(b"{}"),
        );
        if need == "nobody" {
            asked += 1;
            continue;
        }
        assert_eq!(nobody.status, 401, "{method} {path} by nobody: {}", nobody.body);
        let mut check = |person: &Person<'_>, expected: bool, who: &str| {
            let (passed, body) = passes(person, operation, org, workspace);
            assert_eq!(passed, expected, "{method} {path} needs {need}, asked by {who}: {body}");
            asked += 1;
        };
        // Removing members is open to those who leave, and asks more for everybody else.
        match need.as_str() {
            "signed-in" | "account" => check(&stranger, true, "a stranger"),
            "organization-member" | "workspace-member" => {
                check(&boss, true, "an Admin");
                check(&stranger, false, "a stranger");
            }
            "organization:read" => {
                check(&stranger, false, "a stranger");
                for (person, who) in [(&boss, "an Admin"), (&user, "a User"), (&viewer, "a Viewer")] {
                    check(person, true, who);
                }
            }
            "organization:pats:create" => {
                check(&stranger, false, "a stranger");
                check(&viewer, false, "a Viewer");
                check(&boss, true, "an Admin");
            }
            "organization:manage" => {
                for (person, who) in [(&stranger, "a stranger"), (&user, "a User"), (&viewer, "a Viewer")] {
                    check(person, false, who);
                }
                check(&boss, true, "an Admin");
                check(&operator, true, "an Operator");
            }
            permission => {
                let (_, without, only) = with.iter().find(|(name, ..)| *name == permission).unwrap();
                check(without, false, "somebody with everything but it");
                check(only, true, "somebody with nothing but it");
                check(&boss, true, "an Admin");
                for (person, who) in [(&stranger, "a stranger"), (&operator, "an Operator outside")] {
                    check(person, false, who);
                }
            }
        }
    }
    let left = acme.admin.get("/workspaces", At::Org(org)).ok();
    assert_eq!(left.as_array().unwrap().len(), 1);
    println!("{asked} needs of {} operations", operations.len());
}
