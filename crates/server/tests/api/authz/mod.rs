//! Who may do what: the matrix of every operation and everybody, and rules that are no table.

mod matrix;
pub use matrix::nameless;
mod needs;
pub mod table;
pub mod world;

use serde_json::{Value, json};

use crate::common::{At, Server};

#[test]
fn managing_a_workspace_does_not_include_its_members() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let body = json!({ "display_name": "Caretaker", "description": "", "permissions": ["workspaces:manage", "workspaces:read"] });
    let role = ada.post("/orgs/current/roles", At::Org(&acme), body).ok();
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let (_, carol) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    ada.post(
        "/workspaces/current/members",
        at,
        json!({ "org_identity_id": identity, "role_id": role["id"] }),
    )
    .ok();
    bob.patch(&format!("/workspaces/{workspace}"), At::Nowhere, json!({ "display_name": "New" })).ok();
    bob.post("/workspaces/current/members", at, json!({ "org_identity_id": carol }))
        .refused(403, "It takes workspaces:manage-members.");
}

#[test]
fn an_operators_own_workspace_is_his() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (operator, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    assert_eq!(operator.workspaces(&acme), Vec::<String>::new());
    let made = operator.workspace(&acme, "His");
    assert_eq!(operator.workspaces(&acme), std::slice::from_ref(&made));
    operator.post("/sessions", At::Workspace(&made), json!({ "name": "x" })).ok();
    assert_eq!(ada.workspaces(&acme).len(), 2);
}

/// A refusal says why in a sentence; that of a refused row of a list names it.
pub fn says_why(body: &Value, label: &str) {
    let detail = &body["detail"];
    let told = detail.as_str().or(detail[0]["msg"].as_str()).unwrap_or_default();
    assert!(told.ends_with('.') && told.len() > 20, "{label}: {body}");
}
