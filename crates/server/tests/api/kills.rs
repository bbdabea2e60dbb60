//! Killed in the middle of its work, the server comes back with all that it had answered with
//! success, and with no half of a change: a hundred times, or as often as `ATRIUM_KILLS` says.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{Receiver, Sender, channel};

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::common::{At, PASSWORD, Person, Server, text};
use crate::database::{is_sound, query};

/// Invitations in one call: all or none.
const BATCH: usize = 25;

fn rounds() -> usize {
    std::env::var("ATRIUM_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

/// Asks with a token, an organization or workspace (the id serves for both headers), and a body.
/// `None` where the whole of the answer did not come.
pub fn ask(address: &str, token: &str, place: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let config = Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build();
    let request = Request::builder()
        .method("POST")
        .uri(format!("{address}/api/v1{path}"))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .header("x-organization-id", place)
        .header("x-tenant-id", place)
        .body(body.to_string())
        .unwrap();
    let mut answer = Agent::from(config).run(request).ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    Some((answer.status().as_u16(), serde_json::from_str(&text).ok()?))
}

/// What was answered with success.
enum Done {
    Project(String),
    Organization(String),
    Batch(String),
    /// The token of a new account.
    Account(String),
}

/// Where the writers write.
#[derive(Clone)]
struct Target {
    address: String,
    token: String,
    organization: String,
    workspace: String,
}

/// Makes one thing after another until the server is gone.
fn write(target: &Target, round: usize, writer: usize, done: &Sender<Done>) {
    let Target { address, token, organization, workspace } = target;
    for number in 0.. {
        let name = format!("r{round}w{writer}n{number}");
        let (place, path, body) = match writer {
            0 | 1 => (workspace, "/sessions", json!({ "name": name })),
            2 => (organization, "/orgs", json!({ "display_name": name, "is_personal": false })),
            3 => {
                let rows = (0..BATCH).map(|row| json!({ "email": format!("{name}-{row}@example.com") }));
                (organization, "/orgs/current/members/batch", Value::Array(rows.collect()))
            }
            _ => {
                let email = format!("{name}@example.com");
                (organization, "/signup", json!({ "email": email, "password": PASSWORD, "full_name": name }))
            }
        };
        let Some((status, answer)) = ask(address, token, place, path, &body) else { return };
        assert_eq!(status, 200, "{path}: {answer}");
        let what = match writer {
            0 | 1 => Done::Project(name),
            2 => Done::Organization(name),
            3 => Done::Batch(name),
            _ => Done::Account(text(&answer["access_token"])),
        };
        if done.send(what).is_err() {
            return;
        }
    }
}

/// All that was ever answered with success.
#[derive(Default)]
struct Promised {
    projects: HashSet<String>,
    organizations: HashSet<String>,
    batches: HashSet<String>,
    accounts: Vec<String>,
}

impl Promised {
    fn note(&mut self, done: impl IntoIterator<Item = Done>) {
        for done in done {
            match done {
                Done::Project(name) => drop(self.projects.insert(name)),
                Done::Organization(name) => drop(self.organizations.insert(name)),
                Done::Batch(name) => drop(self.batches.insert(name)),
                Done::Account(token) => self.accounts.push(token),
            }
        }
    }

    /// Looks for all of it, and for halves.
    fn check(&self, server: &Server) {
        let database = server.database_url();
        let all = |sql: &str| -> HashSet<String> { query(&database, sql).into_iter().collect() };
        let kept = all("SELECT name FROM resource");
        assert!(self.projects.is_subset(&kept), "lost: {:?}", self.projects.difference(&kept));
        let kept = all("SELECT display_name FROM organization");
        assert!(self.organizations.is_subset(&kept), "lost: {:?}", self.organizations.difference(&kept));
        let mut count = HashMap::<String, usize>::new();
        for email in query(&database, "SELECT email FROM invitation") {
            *count.entry(email.split('-').next().unwrap().to_owned()).or_default() += 1;
        }
        assert!(count.values().all(|count| *count == BATCH), "half of a batch: {count:?}");
        for name in &self.batches {
            assert!(count.contains_key(name), "lost: {name}");
        }
        is_sound(&database);
    }
}

/// Lets writers go on until `acknowledged` changes were, and then kills the server under them.
fn round(mut server: Server, target: &Target, round: usize, promised: &mut Promised) -> Server {
    let (said, heard): (_, Receiver<Done>) = channel();
    std::thread::scope(|scope| {
        for writer in 0..5 {
            let said = said.clone();
            scope.spawn(move || write(target, round, writer, &said));
        }
        drop(said);
        // Another number each time, so that it is killed at another place.
        promised.note(heard.iter().take(3 + round * 7 % 40));
        server.child().kill().unwrap();
        server.child().wait().unwrap();
        // Those that were answered before the kill, and not heard of yet.
        promised.note(heard.iter());
    });
    server.killed()
}

#[test]
fn nothing_that_was_answered_with_success_is_lost() {
    let mut server = Server::start();
    let ada = server.sign_up("ada@example.com");
    let organization = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&organization).remove(0);
    let (token, mut promised) = (ada.token.clone(), Promised::default());
    for number in 0..rounds() {
        let target = Target {
            address: server.address.clone(),
            token: token.clone(),
            organization: organization.clone(),
            workspace: workspace.clone(),
        };
        server = round(server, &target, number, &mut promised);
        promised.check(&server);
        for token in promised.accounts.drain(..) {
            let who = Person { server: &server, email: String::new(), token, cookie: String::new() };
            who.get("/me/ls_user_id", At::Nowhere).ok();
        }
    }
    let Promised { projects, organizations, batches, .. } = &promised;
    println!(
        "killed {} times: {} projects, {} organizations, {} batches of {BATCH}",
        rounds(),
        projects.len(),
        organizations.len(),
        batches.len()
    );
    assert!(!projects.is_empty() && !organizations.is_empty() && !batches.is_empty());
}
