//! `atrium-server copy`: moving to another database with everything.

use std::process::Output;

use serde_json::json;
use tempfile::TempDir;

use crate::common::{At, PASSWORD, Person, Server, program, text, url};
use crate::database::{finds_everybody, is_sound};

fn copy(from: &str, to: &str) -> Output {
    program().args(["copy", "--from", from, "--to", to]).output().unwrap()
}

/// What a person sees of an organization.
fn seen(person: &Person<'_>, organization: &str, workspace: &str) -> Vec<(&'static str, String)> {
    let (org, here) = (At::Org(organization), At::Workspace(workspace));
    [
        ("/orgs?include_tier=true&skip_create=true", At::Nowhere),
        ("/orgs/current/info", org),
        ("/orgs/current/billing", org),
        ("/orgs/current/business-info", org),
        ("/orgs/current/members", org),
        ("/orgs/current/members/active?q=LOVE&limit=500", org),
        ("/orgs/current/members/active?q=%E5%B1%B1%E7%94%B0&sort_by=name", org),
        ("/orgs/current/members/active?sort_by=name&sort_by_desc=false&limit=500&offset=900", org),
        ("/orgs/current/members/active?sort_by=email&limit=500&offset=900", org),
        ("/orgs/current/members/pending?sort_by=name&limit=500", org),
        ("/v1/platform/orgs/current/members", org),
        ("/v1/platform/orgs/current/members?email_like=acme&name_like=an&limit=500&offset=100", org),
        ("/v1/platform/orgs/current/members?pending_is=true", org),
        ("/orgs/current/roles", org),
        ("/workspaces", org),
        ("/workspaces/current/members", here),
        ("/sessions", here),
        ("/datasets", here),
    ]
    .into_iter()
    .map(|(path, at)| (path, person.get(path, at).ok()))
    .map(|(path, answer)| (path, serde_json::to_string_pretty(&answer).unwrap()))
    .collect()
}

/// From SQLite to the database of this run (PostgreSQL, or another file), and back.
#[test]
fn everything_moves_to_another_database_and_back() {
    let directory = TempDir::new().unwrap();
    let file = format!("sqlite://{}", directory.path().join("from.db").display());
    let made = program().args(["demo", "--members", "2500", "--database", &file]).output().unwrap();
    assert!(made.status.success());
    let there = TempDir::new().unwrap();
    let moved = url(&there.path().join("data/atrium.db"));
    let done = copy(&file, &moved);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        told.contains("2500 account") && told.contains("Start the server with the new address."),
        "{told}"
    );

    let before = Server::start_on(&file, std::sync::Arc::new(TempDir::new().unwrap()), &[], &[]);
    let after = Server::start_in(there, &[]);
    let person = |server, name: &str| {
        let email = format!("{name}@acme.example");
        Person::of(server, &email, Server::sign_in(server, &email, "atrium-demo"))
    };
    let ada = person(&before, "ada");
    let orgs = ada.get("/orgs", At::Nowhere).ok();
    let acme = orgs.as_array().unwrap().iter().find(|row| row["display_name"] == "Acme").unwrap();
    let acme = text(&acme["id"]);
    let workspace = ada.workspaces(&acme).remove(0);
    for name in ["ada", "otto"] {
        let views = [&before, &after].map(|server| seen(&person(server, name), &acme, &workspace));
        for (one, other) in views[0].iter().zip(&views[1]) {
            let differs = one.1.lines().zip(other.1.lines()).find(|(one, other)| one != other);
            assert!(one.1 == other.1, "{}: {differs:?}", one.0);
        }
    }
    finds_everybody(&after.database_url());
    // It goes on from there, and back again.
    let ada = person(&after, "ada");
    ada.invite(&acme, "new@example.com", "ORGANIZATION_USER", &[]);
    let back = format!("sqlite://{}", directory.path().join("back.db").display());
    let done = copy(&after.database_url(), &back);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let again = Server::start_on(&back, std::sync::Arc::new(TempDir::new().unwrap()), &[], &[]);
    assert!(seen(&ada, &acme, &workspace) == seen(&person(&again, "ada"), &acme, &workspace));
    finds_everybody(&back);
    // A session moves, too.
    ada.through(&again).get("/me/ls_user_id", At::Nowhere).ok();
}

#[test]
fn a_database_in_use_is_not_filled() {
    let server = Server::start();
    server.sign_up("ada@example.com").get("/orgs", At::Nowhere).ok();
    let directory = TempDir::new().unwrap();
    let file = format!("sqlite://{}", directory.path().join("other.db").display());
    assert!(copy(&server.database_url(), &file).status.success());
    for to in [server.database_url(), file.clone()] {
        let done = copy(&file, &to);
        let told = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(1), "{told}");
        assert!(told.contains("Name an empty one.") || told.contains("locked"), "{told}");
    }
    let done = copy("sqlite:///nowhere/a.db", &file);
    assert!(String::from_utf8_lossy(&done.stderr).contains("There is no database at /nowhere/a.db."));
    server.sign_in("ada@example.com", PASSWORD).ok();
    assert_eq!(
        json!(1),
        server.sign_up("bob@example.com").get("/orgs", At::Nowhere).ok().as_array().unwrap().len()
    );
    is_sound(&server.database_url());
}
