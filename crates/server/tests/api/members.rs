//! Changing and removing members.

use serde_json::json;

use crate::common::{At, Server};

#[test]
fn the_last_admin_stays() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let own = format!("/orgs/current/members/{}", ada.identity(&acme));
    let role = |name: &str| json!({ "role_id": ada.role(&acme, name) });
    let last = "An organization keeps at least one Organization Admin.";
    ada.patch(&own, org, role("ORGANIZATION_USER")).refused(403, last);
    ada.delete(&own, org).refused(403, last);
    ada.patch(&own, org, role("ORGANIZATION_ADMIN")).ok();
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
    let user = role("ORGANIZATION_USER");
    ada.patch(&own, org, user.clone()).ok();
    let his = format!("/orgs/current/members/{identity}");
    bob.patch(&his, org, user).refused(403, last);
    bob.delete(&his, org).refused(403, last);
    // A member may leave.
    ada.delete(&own, org).ok();
    ada.get("/orgs/current", org).refused(403, "not a member");
}

#[test]
fn operators_stay_below_admins() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (operator, own) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let (_, second) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    let (_, user) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let admin = ada.identity(&acme);
    let role = |name: &str| json!({ "role_id": ada.role(&acme, name) });
    let path = |id: &str| format!("/orgs/current/members/{id}");
    operator
        .patch(&path(&user), org, role("ORGANIZATION_ADMIN"))
        .refused(403, "An Operator cannot make somebody");
    operator.patch(&path(&own), org, role("ORGANIZATION_ADMIN")).refused(403, "An Operator cannot change");
    operator.patch(&path(&admin), org, role("ORGANIZATION_USER")).refused(403, "An Operator cannot change");
    operator.delete(&path(&admin), org).refused(403, "An Operator cannot remove an Organization Admin.");
    operator.patch(&path(&user), org, role("ORGANIZATION_VIEWER")).ok();
    operator.delete(&path(&second), org).ok();
    let invited = ada.invite(&acme, "a@example.com", "ORGANIZATION_ADMIN", &[]);
    operator
        .delete(&format!("/orgs/current/members/{invited}/pending"), org)
        .refused(403, "An Operator cannot remove");
    for name in ["ORGANIZATION_ADMIN", "ORGANIZATION_OPERATOR"] {
        let body = json!({ "email": "b@example.com", "role_id": ada.role(&acme, name) });
        operator.post("/orgs/current/members", org, body.clone()).refused(403, "An Operator cannot invite");
        operator
            .post("/orgs/current/members/batch", org, json!([{ "email": "c@example.com" }, body]))
            .refused(403, "An Operator cannot invite");
        // The row is named, whatever else is wrong in the list; nobody is invited.
        let rows =
            json!([{ "email": "c@example.com" }, { "email": "x" }, { "email": "d@example.com" }, body]);
        let told = operator.post("/orgs/current/members/batch", org, rows).refused(403, "An Operator cannot");
        assert_eq!(told["detail"][0]["loc"], json!(["body", 1, "email"]), "{told}");
        assert_eq!(told["detail"][1]["loc"], json!(["body", 3, "role_id"]), "{told}");
        let rows = json!([{ "email": "c@example.com" }, { "email": "d@example.com" }, body]);
        let told =
            operator.post("/orgs/current/members/basic/batch", org, rows).refused(403, "An Operator cannot");
        assert_eq!(told["detail"][0]["loc"], json!(["body", 2, "role_id"]), "{told}");
    }
    assert_eq!(ada.get("/orgs/current/members/pending", org).ok().as_array().unwrap().len(), 1);
}

#[test]
fn bad_changes_name_the_field() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let (_, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let path = format!("/orgs/current/members/{identity}");
    ada.patch(&path, org, json!({ "role_id": "x" })).invalid(&[json!("body"), json!("role_id")]);
    ada.patch(&path, org, json!({})).invalid(&[json!("body"), json!("role_id")]);
    ada.patch(&path, org, json!({ "password": "longer than eight" }))
        .invalid(&[json!("body"), json!("password")]);
    let editor = ada.role(&acme, "WORKSPACE_USER");
    ada.patch(&path, org, json!({ "role_id": editor }))
        .refused(403, "This role is not one of an organization.");
    ada.patch("/orgs/current/members/x", org, json!({ "role_id": editor }))
        .invalid(&[json!("path"), json!("identity_id")]);
    let unknown = "/orgs/current/members/00000000-0000-4000-8000-000000000000";
    ada.patch(unknown, org, json!({ "role_id": editor })).refused(404, "no such member");
    ada.delete(unknown, org).refused(404, "no such member");
}
