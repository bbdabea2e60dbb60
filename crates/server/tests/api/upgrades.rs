//! Databases of other versions: older ones come forward with their data, newer ones are refused.

use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::json;
use tempfile::TempDir;

use crate::common::{At, PASSWORD, Person, Server, program, text, url};
use crate::database::{execute, is_sound, postgres, query};

/// A database as the first version left it.
fn first_version() -> &'static str {
    if postgres().is_some() {
        include_str!("fixtures/m0001.postgres.sql")
    } else {
        include_str!("fixtures/m0001.sqlite.sql")
    }
}

fn prepared(sql: &str) -> TempDir {
    let directory = TempDir::new().unwrap();
    std::fs::create_dir(directory.path().join("data")).unwrap();
    execute(&url(&directory.path().join("data/atrium.db")), sql);
    directory
}

#[test]
fn the_first_version_comes_forward_with_its_data() {
    let server = Server::start_in(prepared(first_version()), &[]);
    let person = |email: &str| Person::of(&server, email, server.sign_in(email, PASSWORD));
    let (ada, bob) = (person("ada@example.com"), person("bob@example.com"));
    let orgs = ada.get("/orgs?include_tier=true", At::Nowhere).ok();
    let named = |name: &str| orgs.as_array().unwrap().iter().find(|row| row["display_name"] == name).unwrap();
    assert_eq!((orgs.as_array().unwrap().len(), &named("Acme")["tier"]), (2, &json!("enterprise")));
    assert_eq!(named("Personal")["is_personal"], true);
    let acme = text(&named("Acme")["id"]);
    let org = At::Org(&acme);

    let everybody = ada.get("/orgs/current/members", org).ok();
    let names = |list: &str| -> Vec<String> {
        let mut names: Vec<_> =
            everybody[list].as_array().unwrap().iter().map(|row| text(&row["email"])).collect();
        names.sort();
        names
    };
    assert_eq!(names("members"), ["ada@example.com", "bob@example.com"]);
    assert_eq!(names("pending"), ["cleo@example.com"]);
    assert_eq!(everybody["pending"][0]["workspace_ids"].as_array().unwrap().len(), 2);
    let annotator = ada.role(&acme, "Annotator");
    assert_eq!(everybody["pending"][0]["workspace_role_id"], json!(annotator));

    let workspaces = bob.get("/workspaces", org).ok();
    assert_eq!(
        (&workspaces[0]["display_name"], &workspaces[0]["role_id"]),
        (&json!("Research"), &json!(annotator))
    );
    let research = text(&workspaces[0]["id"]);
    let projects = bob.get("/sessions", At::Workspace(&research)).ok();
    assert_eq!(projects[0]["name"], "Évaluation nightly");
    assert_eq!(projects[0]["extra"], json!({ "k": [1, 2] }));
    let began = text(&projects[0]["start_time"]);
    assert!(began.starts_with("2026-11-24T07:40:2") && began.len() == 27, "{began}, to the microsecond");
    let counts = ada.get("/workspaces/current/stats", At::Workspace(&research)).ok();
    assert_eq!((&counts["dataset_count"], &counts["annotation_queue_count"]), (&json!(1), &json!(1)));
    assert_eq!(ada.get("/orgs/current/billing", org).ok()["payment_method"]["last4"], "4242");
    let business = ada.get("/orgs/current/business-info", org).ok();
    assert_eq!(business["company_info"]["name"], "Acme Ltd");
    assert_eq!(ada.get("/orgs/current/info", org).ok()["security_contact"], "safe@example.com");

    // Whoever was there before there was an index is found by it.
    let found = ada.get("/orgs/current/members/active?q=BOB%40", org).ok();
    assert_eq!(
        found.as_array().unwrap().iter().map(|row| text(&row["email"])).collect::<Vec<_>>(),
        ["bob@example.com"]
    );

    // And sorted by what was not counted before.
    let path = "/v1/platform/orgs/current/members?sort_by=workspace_count&sort_by_desc=false";
    let sorted = ada.get(path, org).ok();
    assert_eq!(
        sorted.as_array().unwrap().iter().map(|row| text(&row["email"])).collect::<Vec<_>>(),
        ["bob@example.com", "cleo@example.com", "ada@example.com"]
    );

    // And it goes on from there.
    let cleo = server.sign_up("cleo@example.com");
    cleo.accept(&acme);
    assert_eq!(cleo.workspaces(&acme).len(), 2);
    ada.invite(&acme, "dora@example.com", "ORGANIZATION_USER", &[]);
    is_sound(&server.database_url());
    // A second start finds nothing to do.
    let server = server.restart();
    server.sign_in("cleo@example.com", PASSWORD).ok();
}

#[test]
fn a_newer_version_is_refused() {
    let server = Server::start();
    server.sign_up("ada@example.com");
    let database = server.database_url();
    // As a newer version would leave it.
    execute(&database, "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)");
    let id = "00000000-0000-4000-8000-000000000000";
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["plan", id, "plus"], &["demo"]] {
        let output = program().args(command).args(["--database", &database]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {told}");
        assert!(told.contains("was used by a newer version of Atrium: it has m9999_future"), "{told}");
        assert!(output.stdout.is_empty(), "{command:?} began to serve");
    }
    execute(&database, "DELETE FROM seaql_migrations WHERE version = 'm9999_future'");
    server.restart().sign_in("ada@example.com", PASSWORD).ok();
}

#[test]
fn a_database_of_something_else_is_left_alone() {
    let directory =
        prepared("CREATE TABLE account (name varchar(10)); INSERT INTO account VALUES ('theirs')");
    let database = url(&directory.path().join("data/atrium.db"));
    let output =
        program().args(["serve", "--listen", "127.0.0.1:0", "--database", &database]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("cannot be used"), "{told}");
    let tables = if postgres().is_some() {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    assert_eq!(query(&database, tables), ["account"], "what was begun was undone");
    assert_eq!(query(&database, "SELECT name FROM account"), ["theirs"]);
    crate::database::remove(&directory.path().join("data/atrium.db"));
}

fn serve(database: &Path) -> Child {
    program()
        .args(["serve", "--listen", "127.0.0.1:0", "--database", &url(database)])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_first_start_that_is_cut_off_leaves_no_half_of_the_tables() {
    // Each round is killed a little later, over the time that the tables take to be made.
    for round in 0..25u32 {
        let directory = TempDir::new().unwrap();
        let database = directory.path().join("data/atrium.db");
        let mut child = serve(&database);
        // Not to wait for something: to end it at another place each time.
        std::thread::sleep(std::time::Duration::from_micros(4_000 + u64::from(round) * 2_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let server = Server::start_in(directory, &[]);
        server.sign_up("ada@example.com").get("/orgs", At::Nowhere).ok();
    }
}

#[test]
fn servers_that_start_at_once_make_the_tables_once() {
    for _ in 0..5 {
        let directory = TempDir::new().unwrap();
        let database = directory.path().join("data/atrium.db");
        let mut children: Vec<_> = (0..4).map(|_| serve(&database)).collect();
        for child in &mut children {
            let mut line = String::new();
            let out = child.stdout.take().unwrap();
            std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line).unwrap();
            assert!(line.starts_with("Atrium is at "), "{line:?}");
        }
        for mut child in children {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let once = "SELECT count(*) FROM seaql_migrations WHERE version = 'm0001_tables'";
        assert_eq!(query(&url(&database), once), ["1"]);
        crate::database::remove(&database);
    }
}

/// Lists are in one order on both databases, whatever language PostgreSQL's was made for
/// (`scripts/postgres.sh` makes an English one).
#[test]
fn texts_are_sorted_by_code_points() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let here = At::Workspace(&workspace);
    let names = ["zebra", "Älter", "_x", "a-b", "a b", "aB", "ab", "10", "9", "é"];
    for name in names {
        ada.post("/sessions", here, json!({ "name": name })).ok();
    }
    let list = ada.get("/sessions?sort_by=name&sort_by_desc=false", here).ok();
    let found: Vec<_> =
        list.as_array().unwrap().iter().map(|row| text(&row["name"]).to_lowercase()).collect();
    let mut sorted: Vec<_> = names.iter().map(|name| name.to_lowercase()).collect();
    sorted.sort();
    assert_eq!(found, sorted);
    if postgres().is_some() {
        let left = "SELECT attrelid::regclass::text || '.' || attname FROM pg_attribute a \
             JOIN pg_class c ON c.oid = attrelid JOIN pg_collation l ON l.oid = attcollation \
             WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND collname = 'default'";
        assert_eq!(query(&server.database_url(), left), Vec::<String>::new());
    }
}
