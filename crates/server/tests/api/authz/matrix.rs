//! Every operation by everybody: each role of an organization, each role of a workspace, a custom
//! role, somebody who is invited, somebody who was removed, a stranger with an organization of his
//! own, and nobody; here, in another organization and nowhere; with ids that are there, that are
//! elsewhere, and that are made up. A refusal tells none of these apart.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::says_why;
use super::table::{May, OPEN, Row, TABLE};
use super::world::{GUESSED, World, guess};
use crate::common::{At, Person, Reply, Server};

/// How somebody stands to the organization and its first workspace.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    /// A member with this role (its column in the table), and no workspace.
    Org(usize),
    /// A User in the workspace with this role (its column).
    Workspace(usize),
    /// A User in the workspace with a custom role.
    Custom,
    /// Not a member: invited, removed, or of another organization.
    Outside,
    /// An Organization Admin whose account is switched off.
    Disabled,
}

impl Standing {
    /// Whether somebody can enter the workspace.
    fn is_inside(self) -> bool {
        matches!(self, Self::Workspace(_) | Self::Custom | Self::Org(0))
    }
}

const CUSTOM: &[&str] = &["projects:read", "projects:create", "workspaces:manage", "workspaces:read"];

fn allowed(standing: Standing, may: May) -> bool {
    match (may, standing) {
        (_, Standing::Disabled) => false,
        (May::SignedIn, _) => true,
        (_, Standing::Outside) => false,
        (May::Org(roles), Standing::Org(role)) => roles[role],
        // Everybody in a workspace here is a User of the organization.
        (May::Org(roles), _) => roles[2],
        // An Organization Admin is Admin of every workspace; the others are in none here.
        (May::Workspace(_, roles), Standing::Org(role)) => role == 0 && roles[0],
        (May::Workspace(_, roles), Standing::Workspace(role)) => roles[role],
        (May::Workspace(permission, _), Standing::Custom) => CUSTOM.contains(&permission),
    }
}

/// Whether the caller may use the operation on some target at all: an Operator may, where only the
/// target decides.
fn manages(standing: Standing, row: &Row) -> bool {
    let by_target = matches!(row.may, May::Org([true, false, false, false]));
    allowed(standing, row.may) || (by_target && standing == Standing::Org(1))
}

/// A refusal without what differs from one request to the next.
fn told(reply: &Reply) -> (u16, Value) {
    let mut body = reply.body.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (reply.status, body)
}

struct Matrix<'a> {
    here: World<'a>,
    elsewhere: World<'a>,
    cells: u32,
}

impl Matrix<'_> {
    /// Asks as somebody, or as nobody.
    fn ask(
        &mut self,
        who: Option<&Person<'_>>,
        row: &Row,
        path: &str,
        place: Place,
        body: Option<Value>,
    ) -> Reply {
        self.cells += 1;
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let (organization, workspace) = match place {
            Place::Here => (self.here.organization.as_str(), self.here.workspace.as_str()),
            Place::Elsewhere => (self.elsewhere.organization.as_str(), self.elsewhere.workspace.as_str()),
            Place::Nowhere => (GUESSED, GUESSED),
        };
        let at = match row.may {
            May::SignedIn => At::Nowhere,
            May::Org(_) => At::Org(organization),
            May::Workspace(..) => At::Workspace(workspace),
        };
        match who {
            Some(person) => person.call(row.method, path, at, body),
            None => {
                let header = match at {
                    At::Nowhere => None,
                    At::Org(id) => Some(("x-organization-id", id)),
                    At::Workspace(id) => Some(("x-tenant-id", id)),
                };
                let server = self.here.admin.server;
                server.send(row.method, path, header.as_slice(), Some(b"{}"))
            }
        }
    }

    /// The cells of one operation by one person.
    fn person(&mut self, row: &Row, name: &str, person: &Person<'_>, standing: Standing) {
        let may = allowed(standing, row.may);
        let label = format!("{} {} {} by {name}", row.method, row.path, row.body);
        let has_id = row.path.contains('{');

        // Here, with ids that are there. What is refused changes nothing, so its ids stand.
        let (path, body) = (self.here.fill(row.path, may), self.here.body(row.body, may));
        let reply = self.ask(Some(person), row, &path, Place::Here, body.clone());
        match row.may {
            // There is no invitation for the caller.
            May::SignedIn if may && has_id => assert_eq!(reply.status, 404, "{label}: {}", reply.body),
            // Somebody else's token is nobody's but its owner's.
            _ if may && row.path.contains("{token}") => {
                assert_eq!(reply.status, 404, "{label}: {}", reply.body);
            }
            // There are too many people here for Plus.
            _ if may && row.path.ends_with("/plan") => {
                assert_eq!(reply.status, 409, "{label}: {}", reply.body)
            }
            // It has another name.
            _ if may && row.path.contains("/orgs/current?name=") => {
                assert_eq!(reply.status, 422, "{label}: {}", reply.body);
            }
            _ if may => assert_eq!(reply.status, 200, "{label}: {}", reply.body),
            _ => refused(&reply, &label),
        }
        let first = told(&reply);
        if has_id {
            // The same with ids that are made up, and with another organization's.
            let made_up = self.ask(Some(person), row, &guess(row.path), Place::Here, body.clone());
            let path = self.elsewhere.fill(row.path, false);
            let foreign = self.ask(Some(person), row, &path, Place::Here, body.clone());
            refused(&made_up, &label);
            // The stranger's own workspaces are no secret to him.
            let own = name == "stranger" && row.path.starts_with("/api/v1/workspaces/{");
            if !own {
                assert_eq!(
                    told(&made_up),
                    told(&foreign),
                    "{label}: a foreign id differs from a made-up one"
                );
            }
            // Who is in the workspace of the path knows that it is there.
            let inside = row.path.contains("{workspace}") && standing.is_inside();
            if !may && !manages(standing, row) && !inside {
                assert_eq!(first, told(&made_up), "{label}: an id that is there differs from a made-up one");
            }
            if may && row.may.is_placed() {
                assert_eq!(made_up.status, 404, "{label}: {}", made_up.body);
            }
        }
        // In another organization or workspace, and in none; where the path names the workspace,
        // the header does not matter.
        let in_path = row.path.contains("{workspace}") || row.path.contains("{spare}");
        if row.may.is_placed() && !in_path {
            let path = self.here.fill(row.path, false);
            let nowhere = self.ask(Some(person), row, &path, Place::Nowhere, body.clone());
            refused(&nowhere, &label);
            if name != "stranger" {
                let elsewhere = self.ask(Some(person), row, &path, Place::Elsewhere, body);
                assert_eq!(told(&nowhere), told(&elsewhere), "{label}: elsewhere differs from nowhere");
            }
        }
    }

    /// The cells of one operation by somebody whose account is switched off: the same for everything.
    fn disabled(&mut self, row: &Row, person: &Person<'_>) {
        let (path, body) = (self.here.fill(row.path, false), self.here.body(row.body, false));
        let asked = [(path.clone(), Place::Here), (path, Place::Nowhere), (guess(row.path), Place::Here)];
        for (path, place) in asked {
            let reply = self.ask(Some(person), row, &path, place, body.clone());
            let label = format!("{} {path} {} by a disabled member", row.method, row.body);
            assert!([401, 403].contains(&reply.status), "{label}: {} {}", reply.status, reply.body);
            assert_eq!(
                reply.body["detail"],
                "This account is switched off. Ask the people who run this installation.",
                "{label}"
            );
        }
    }

    /// The cells of one operation by nobody.
    fn nobody(&mut self, row: &Row) {
        let real = self.here.fill(row.path, false);
        for (path, place) in [(real, Place::Here), (guess(row.path), Place::Nowhere)] {
            let reply = self.ask(None, row, &path, place, None);
            assert_eq!(reply.status, 401, "{} {path} by nobody: {}", row.method, reply.body);
        }
    }
}

#[derive(Clone, Copy)]
enum Place {
    Here,
    Elsewhere,
    Nowhere,
}

impl May {
    /// Whether it is asked in an organization or a workspace.
    fn is_placed(self) -> bool {
        !matches!(self, Self::SignedIn)
    }
}

/// A refusal: 403 or 404, with a sentence, or with one for each row of a list.
fn refused(reply: &Reply, label: &str) {
    assert!([403, 404].contains(&reply.status), "{label}: {} {}", reply.status, reply.body);
    says_why(&reply.body, label);
}

#[test]
fn every_operation_by_everybody() {
    let server = Server::start();
    let here = World::new(&server, "Acme");
    let elsewhere = World::new(&server, "Other");
    let org = here.organization.clone();

    let mut people: Vec<(&str, Person<'_>, Standing)> = Vec::new();
    let roles = ["ORGANIZATION_ADMIN", "ORGANIZATION_OPERATOR", "ORGANIZATION_USER", "ORGANIZATION_VIEWER"];
    for (column, role) in roles.into_iter().enumerate() {
        people.push((role, here.admin.colleague(&org, role, &[]).0, Standing::Org(column)));
    }
    for (column, role) in ["WORKSPACE_ADMIN", "WORKSPACE_USER", "WORKSPACE_VIEWER"].into_iter().enumerate() {
        let person = here.admin.colleague(&org, "ORGANIZATION_USER", &[]).0;
        here.add(&person, &here.workspace, here.role(role));
        people.push((role, person, Standing::Workspace(column)));
    }
    let person = here.admin.colleague(&org, "ORGANIZATION_USER", &[]).0;
    let custom = here.custom_role(CUSTOM);
    here.add(&person, &here.workspace, &custom);
    people.push(("CUSTOM", person, Standing::Custom));

    let invited = server.anybody();
    here.admin.invite(&org, &invited.email, "ORGANIZATION_ADMIN", &[&here.workspace]);
    people.push(("invited", invited, Standing::Outside));
    let (removed, identity) = here.admin.colleague(&org, "ORGANIZATION_ADMIN", &[&here.workspace]);
    here.admin.delete(&format!("/orgs/current/members/{identity}"), At::Org(&org)).ok();
    people.push(("removed", removed, Standing::Outside));
    let (stranger, _) = elsewhere.admin.colleague(&elsewhere.organization, "ORGANIZATION_ADMIN", &[]);
    people.push(("stranger", stranger, Standing::Outside));
    let (disabled, _) = here.admin.colleague(&org, "ORGANIZATION_ADMIN", &[&here.workspace]);
    // Something waits for the account, too: it can neither accept nor decline.
    elsewhere.admin.invite(&elsewhere.organization, &disabled.email, "ORGANIZATION_USER", &[]);
    server.switch("disable", &disabled.email);
    people.push(("disabled", disabled, Standing::Disabled));

    // More people than Plus has seats for: whoever may change the plan is told so, and it stays.
    let some: Vec<_> = (0..10).map(|index| json!({ "email": format!("seat{index}@example.com") })).collect();
    here.admin.post("/orgs/current/members/batch", At::Org(&org), json!(some)).ok();

    let mut matrix = Matrix { here, elsewhere, cells: 0 };
    for row in TABLE {
        for (name, person, standing) in &people {
            if *standing == Standing::Disabled {
                matrix.disabled(row, person);
                continue;
            }
            // The invited person's own invitation would be used up; it is tried below.
            if *name == "invited" && row.path.contains("/orgs/pending/{") {
                continue;
            }
            // Those who manage a workspace can delete one that they are in.
            if row.path.contains("{spare}") && allowed(*standing, row.may) && *standing != Standing::Org(0) {
                let spare = matrix.here.fill("{spare}", true);
                let role =
                    if *standing == Standing::Custom { &custom } else { matrix.here.role("WORKSPACE_ADMIN") };
                matrix.here.add(person, &spare, role);
                person.delete(&format!("/workspaces/{spare}"), At::Nowhere).ok();
                matrix.cells += 1;
                continue;
            }
            matrix.person(row, name, person, *standing);
        }
        matrix.nobody(row);
    }

    // Nothing that was refused has happened: the invited person is still invited, everybody still
    // has the role that they had.
    let (_, invited, _) = people.iter().find(|(name, ..)| *name == "invited").unwrap();
    let waiting = invited.get("/orgs/pending", At::Nowhere).ok();
    assert_eq!(waiting.as_array().unwrap().len(), 1, "{waiting}");
    invited.delete(&format!("/orgs/pending/{org}"), At::Nowhere).ok();
    let (_, disabled, _) = people.iter().find(|(name, ..)| *name == "disabled").unwrap();
    server.switch("enable", &disabled.email);
    let waiting = disabled.get("/orgs/pending", At::Nowhere).ok();
    assert_eq!(waiting.as_array().unwrap().len(), 1, "{waiting}");
    for (role, person, standing) in &people {
        if let Standing::Org(_) = standing {
            let path = format!("/orgs/current/members/active?emails={}", person.email);
            let row = matrix.here.admin.get(&path, At::Org(&org)).ok();
            assert_eq!(row[0]["role_id"], matrix.here.role(role), "{row}");
        }
    }
    println!("{} cells: {} rows by {} people and nobody", matrix.cells, TABLE.len(), people.len());
}

#[test]
fn the_table_has_every_operation() {
    let server = Server::start();
    let document = server.send("GET", "/openapi.json", &[], None).ok();
    let mut documented = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            documented.insert((method.to_uppercase(), nameless(path)));
        }
    }
    let listed = TABLE.iter().map(|row| (row.method, row.path)).chain(OPEN.iter().copied());
    let bare = |path: &str| nameless(path.split('?').next().unwrap());
    let listed: BTreeSet<_> = listed.map(|(method, path)| (method.to_owned(), bare(path))).collect();
    let missing: Vec<_> = documented.difference(&listed).collect();
    assert!(missing.is_empty(), "not in the tables of tests/api/authz/table.rs: {missing:?}");
    let gone: Vec<_> = listed.difference(&documented).collect();
    assert!(gone.is_empty(), "in the tables, and no operation: {gone:?}");
}

/// A path with `{}` for each id.
pub fn nameless(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
