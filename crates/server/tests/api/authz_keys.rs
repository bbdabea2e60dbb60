//! The tables of who may do what, asked by API keys of each kind, by an account that is switched
//! off, and by keys that open something else or nothing any more.

use serde_json::json;

use crate::authz::says_why;
use crate::authz::table::{ADMIN, May, Row, TABLE, row};
use crate::authz::world::World;
use crate::common::{At, Reply, Server};
use crate::keys::{Key, NOT_VALID};

/// What is asked here besides: where a key's own reach makes a difference.
const OF_KEYS: &[Row] = &[
    // Nobody but the Admin is inside the workspace.
    row("POST", "/api/v1/api-key", r#"<"workspaces":["{workspace}"]>"#, ADMIN),
    row("DELETE", "/api/v1/api-key/{key}", "", ADMIN),
];

/// The rows of an organization, but for another plan, with which the other rows would be others, and
/// for a token, which is its owner's alone.
fn of_organization() -> impl Iterator<Item = (&'static Row, [bool; 4])> {
    TABLE.iter().chain(OF_KEYS).filter_map(|row| match row.may {
        May::Org(may) if !row.path.ends_with("/plan") && !row.path.contains("{token}") => Some((row, may)),
        _ => None,
    })
}

/// The rows of a workspace: Organization Admin, workspace Admin, Editor, Viewer; but for deleting
/// one, which would have to be another one for each.
fn of_workspace() -> Vec<(Row, [bool; 4])> {
    let inside = |row: &Row| match row.may {
        May::Workspace(_, [admin, editor, viewer]) if !row.path.contains("{spare}") => {
            Some((*row, [admin, admin, editor, viewer]))
        }
        _ => None,
    };
    let mut rows: Vec<_> = TABLE.iter().filter_map(inside).collect();
    let tokens = "/api/v1/api-key/current";
    // Inviting to the organization takes more than the workspace.
    let batch = "/api/v1/workspaces/current/members/batch";
    let invited = r#"[<"email":"{new}@example.com">]"#;
    rows.push((row("POST", batch, invited, ADMIN), [true, false, false, false]));
    rows.push((row("GET", tokens, "", ADMIN), [true; 4]));
    rows.push((row("POST", tokens, "<>", ADMIN), [true; 4]));
    rows
}

fn short(path: &str) -> &str {
    path.strip_prefix("/api/v1").unwrap_or(path)
}

/// What takes an account, whatever the role.
fn takes_an_account(path: &str) -> bool {
    short(path).starts_with("/api-key/current") || path.ends_with("/login-methods")
}

struct Cells(u32);

impl Cells {
    fn check(&mut self, what: &str, reply: &Reply, expected: u16) {
        assert_eq!(reply.status, expected, "{what}: {}", reply.body);
        if ![200, 422].contains(&expected) {
            says_why(&reply.body, what);
        }
        self.0 += 1;
    }
}

#[test]
fn organization_operations_by_key() {
    let server = Server::start();
    let acme = World::new(&server, "Acme");
    let (ada, organization, workspace) = (&acme.admin, &acme.organization, &acme.workspace);
    let fill = |row: &Row| short(&acme.fill(row.path, true)).to_owned();
    let body = |row: &Row| acme.body(row.body, true);
    let org = At::Org(organization);
    let roles = ["ORGANIZATION_ADMIN", "ORGANIZATION_OPERATOR", "ORGANIZATION_USER", "ORGANIZATION_VIEWER"];
    let people: Vec<_> = roles.iter().map(|role| ada.colleague(organization, role, &[]).0).collect();
    // A Viewer makes no tokens, but may have made one before.
    let (was_user, identity) = ada.colleague(organization, "ORGANIZATION_USER", &[]);
    let mut tokens: Vec<Key<'_>> = people[..3].iter().map(|person| Key::token(person, org)).collect();
    tokens.push(Key::token(&was_user, org));
    let viewer = json!({ "role_id": ada.role(organization, roles[3]) });
    ada.patch(&format!("/orgs/current/members/{identity}"), org, viewer).ok();
    let service: Vec<_> = roles
        .iter()
        .map(|role| Key::service(ada, org, json!({ "org_role_id": ada.role(organization, role) })))
        .collect();
    let inside = Key::service(ada, At::Workspace(workspace), json!({}));
    let elsewhere = ada.organization("Other", "enterprise");
    let foreign = [
        Key::token(ada, At::Org(&elsewhere)),
        Key::service(ada, At::Org(&elsewhere), json!({ "org_role_id": ada.role(&elsewhere, roles[0]) })),
    ];
    let dead = Key::service(ada, org, json!({ "org_role_id": ada.role(organization, roles[0]) }));
    ada.delete(&format!("/api-key/{}", dead.id), org).ok();

    let mut cells = Cells(0);
    for (row, may) in of_organization() {
        let (method, path) = (row.method, row.path);
        for (place, may) in may.iter().enumerate() {
            let expected = match *may {
                // The organization has another name.
                true if path.contains("/orgs/current?name=") => 422,
                true => 200,
                false => 403,
            };
            // Without a header and with the one that says the same.
            let headers = [("x-organization-id", organization.as_str())];
            for headers in [&headers[..], &[]] {
                let reply = tokens[place].call(method, &fill(row), headers, body(row));
                cells.check(&format!("{method} {path} by the token of {}", roles[place]), &reply, expected);
                let expected = if takes_an_account(path) { 403 } else { expected };
                let reply = service[place].call(method, &fill(row), headers, body(row));
                cells.check(&format!("{method} {path} by a key as {}", roles[place]), &reply, expected);
            }
        }
        let expected = if (method, path) == ("GET", "/api/v1/workspaces") { 200 } else { 403 };
        let reply = inside.call(method, &fill(row), &[], body(row));
        cells.check(&format!("{method} {path} by a workspace's key"), &reply, expected);
        for key in &foreign {
            let headers = [("x-organization-id", organization.as_str())];
            let reply = key.call(method, &fill(row), &headers, body(row));
            cells.check(&format!("{method} {path} by a foreign key"), &reply, 403);
            if path.contains('{') {
                let reply = key.call(method, &fill(row), &[], body(row));
                cells.check(&format!("{method} {path} of a foreign organization"), &reply, 404);
            }
        }
        let reply = dead.call(method, &fill(row), &[], body(row));
        cells.check(&format!("{method} {path} by a deleted key"), &reply, 401);
        reply.refused(401, NOT_VALID);
    }
    println!("{} cells of the organization table by key", cells.0);
}

#[test]
fn workspace_operations_by_key() {
    let server = Server::start();
    let acme = World::new(&server, "Acme");
    let (ada, organization, workspace) = (&acme.admin, &acme.organization, &acme.workspace);
    let fill = |row: &Row| short(&acme.fill(row.path, true)).to_owned();
    let body = |row: &Row| acme.body(row.body, true);
    let at = At::Workspace(workspace);
    let second = ada.workspace(organization, "Second");
    let boss = ada.colleague(organization, "ORGANIZATION_ADMIN", &[]).0;
    let mut tokens = vec![Key::token(&boss, at)];
    let mut service = vec![Key::service(
        ada,
        At::Org(organization),
        json!({ "org_role_id": ada.role(organization, "ORGANIZATION_ADMIN"), "default_workspace_id": workspace }),
    )];
    for role in ["WORKSPACE_ADMIN", "WORKSPACE_USER", "WORKSPACE_VIEWER"] {
        let role = ada.role(organization, role);
        let (person, identity) = ada.colleague(organization, "ORGANIZATION_USER", &[]);
        let body = json!({ "org_identity_id": identity, "role_id": role });
        ada.post("/workspaces/current/members", at, body).ok();
        tokens.push(Key::token(&person, at));
        service.push(Key::service(ada, at, json!({ "role_id": role })));
    }
    let elsewhere = ada.organization("Other", "enterprise");
    let outside = [
        ("another workspace's key", Key::service(ada, At::Workspace(&second), json!({}))),
        ("another organization's token", Key::token(ada, At::Org(&elsewhere))),
        ("a key without a workspace", {
            let body = json!({ "org_role_id": ada.role(organization, "ORGANIZATION_OPERATOR") });
            Key::service(ada, At::Org(organization), body)
        }),
    ];
    let mut cells = Cells(0);
    for (row, may) in &of_workspace() {
        let (method, path) = (row.method, row.path);
        for (place, may) in may.iter().enumerate() {
            let expected = if *may { 200 } else { 403 };
            let headers = [("x-tenant-id", workspace.as_str())];
            for headers in [&headers[..], &[]] {
                let reply = tokens[place].call(method, &fill(row), headers, body(row));
                cells.check(&format!("{method} {path} by token {place}"), &reply, expected);
                // A workspace's key has nothing to do with the keys of the workspace.
                let of_keys = short(path).starts_with("/api-key") && place > 0;
                let expected = if takes_an_account(path) || of_keys { 403 } else { expected };
                let reply = service[place].call(method, &fill(row), headers, body(row));
                cells.check(&format!("{method} {path} by service key {place}"), &reply, expected);
            }
        }
        for (what, key) in &outside {
            let headers = [("x-tenant-id", workspace.as_str())];
            let reply = key.call(method, &fill(row), &headers, body(row));
            // A workspace in the path that the caller cannot enter is not there.
            let expected = if path.contains("{workspace}") && reply.status == 404 { 404 } else { 403 };
            cells.check(&format!("{method} {path} by {what}"), &reply, expected);
        }
    }
    println!("{} cells of the workspace table by key", cells.0);
}

#[test]
fn a_disabled_account_can_do_nothing() {
    let server = Server::start();
    let acme = World::new(&server, "Acme");
    let (ada, organization, workspace) = (&acme.admin, &acme.organization, &acme.workspace);
    let fill = |row: &Row| short(&acme.fill(row.path, true)).to_owned();
    let body = |row: &Row| acme.body(row.body, true);
    let (boss, _) = ada.colleague(organization, "ORGANIZATION_ADMIN", &[]);
    let token = Key::token(&boss, At::Workspace(workspace));
    server.switch("disable", &boss.email);
    let mut cells = Cells(0);
    let off = "This account is switched off.";
    for row in TABLE.iter().chain(OF_KEYS) {
        let (method, path) = (row.method, row.path);
        let at = match row.may {
            May::SignedIn => continue, // the matrix asks these
            May::Org(_) => At::Org(organization),
            May::Workspace(..) => At::Workspace(workspace),
        };
        let reply = boss.call(method, &fill(row), at, body(row));
        cells.check(&format!("{method} {path} by a disabled account"), &reply, 403);
        reply.refused(403, off);
        let reply = token.call(method, &fill(row), &[], body(row));
        cells.check(&format!("{method} {path} by its token"), &reply, 403);
        reply.refused(403, off);
    }
    println!("{} cells by a disabled account", cells.0);
}
