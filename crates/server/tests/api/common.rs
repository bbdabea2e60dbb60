//! A running server and the people who use it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base64::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use crate::database;
pub use crate::database::url;

pub const PASSWORD: &str = "correct horse battery";

/// The server's program. What bills through Stripe says so.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_atrium-server"));
    program.env_remove("STRIPE_SECRET_KEY").env_remove("STRIPE_PUBLISHABLE_KEY");
    program
}

/// A server on a database of its own; ends with the value.
pub struct Server {
    child: Child,
    pub address: String,
    /// Where its metrics are, with `--metrics-listen`.
    pub metrics: String,
    directory: Arc<TempDir>,
    agent: Agent,
    next: AtomicU32,
    log: Option<JoinHandle<String>>,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(log) = self.log.take() {
            let _ = log.join();
        }
        if Arc::strong_count(&self.directory) == 1 {
            database::remove(&self.database());
        }
    }
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    /// What was asked, for messages.
    asked: String,
}

impl Reply {
    /// A header's text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer, which must be one.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.asked, self.body);
        self.body
    }

    /// A refusal of this status whose sentence or field message holds `part`.
    #[track_caller]
    pub fn refused(self, status: u16, part: &str) -> Value {
        let text = self.body["detail"].to_string();
        assert_eq!(self.status, status, "{}: {}", self.asked, self.body);
        assert!(text.contains(part), "{}: {text} does not hold {part:?}", self.asked);
        self.body
    }

    /// A 422 that leads to a field.
    #[track_caller]
    pub fn invalid(self, loc: &[Value]) {
        assert_eq!(self.status, 422, "{}: {}", self.asked, self.body);
        assert_eq!(self.body["detail"][0]["loc"], json!(loc), "{}: {}", self.asked, self.body);
        let first = &self.body["detail"][0];
        assert!(first["msg"].is_string() && first["type"].is_string(), "{first}");
    }
}

/// Where a request is meant.
#[derive(Clone, Copy)]
pub enum At<'a> {
    Nowhere,
    Org(&'a str),
    Workspace(&'a str),
}

impl Server {
    pub fn start() -> Self {
        Self::start_in(TempDir::new().unwrap(), &[])
    }

    pub fn start_in(directory: impl Into<Arc<TempDir>>, more: &[&str]) -> Self {
        Self::start_env(directory, more, &[])
    }

    /// A server with some variables of its environment set.
    pub fn start_env(
        directory: impl Into<Arc<TempDir>>,
        more: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let directory = directory.into();
        let database = url(&directory.path().join("data/atrium.db"));
        Self::start_on(&database, directory, more, environment)
    }

    /// A second server on the same database.
    pub fn beside(&self) -> Self {
        self.beside_with(&[])
    }

    /// Where its database is, to be shared.
    pub fn directory(&self) -> Arc<TempDir> {
        Arc::clone(&self.directory)
    }

    /// A second server on the same database, with options.
    pub fn beside_with(&self, more: &[&str]) -> Self {
        Self::start_in(self.directory(), more)
    }

    /// A server on the database at an address; `directory` is whose it is, and lives as long.
    pub fn start_on(
        database: &str,
        directory: Arc<TempDir>,
        more: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut child = program()
            .envs(environment.iter().copied())
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .args(more)
            // Tests sign up many people from one address.
            .args(if more.contains(&"--sign-in-limit") { &[][..] } else { &["--sign-in-limit", "100000"] })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut told = |start: &str| {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            line.trim().strip_prefix(start).expect("the line").to_owned()
        };
        let address = told("Atrium is at ");
        let metrics =
            if more.contains(&"--metrics-listen") { told("Metrics are at ") } else { String::new() };
        // An error in the server's log fails no test by itself, but must be seen with the failure.
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&lines);
        let log = std::thread::spawn(move || {
            let lines = stderr.lines().map_while(Result::ok);
            let show = |line: &String| {
                println!("server: {line}");
                kept.lock().unwrap().push(line.clone());
            };
            lines.inspect(show).map(|line| line + "\n").collect()
        });
        let config = Agent::config_builder().http_status_as_error(false).max_idle_connections(0).build();
        Self {
            child,
            address,
            metrics,
            directory,
            agent: config.into(),
            next: AtomicU32::new(1),
            log: Some(log),
            lines,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub fn database(&self) -> PathBuf {
        self.directory.path().join("data/atrium.db")
    }

    /// The lines of its log so far.
    pub fn log(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Ends the server as a signal would and gives back its log and the bytes of its database.
    pub fn end(mut self) -> (String, Vec<u8>) {
        assert!(stop(&mut self.child).success());
        let log = self.log.take().unwrap().join().unwrap();
        let bytes = database::everything(&self.database());
        (log, bytes)
    }

    /// Ends the server in the middle of whatever it does; gives back the directory of its database.
    pub fn crashed(mut self) -> Arc<TempDir> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Arc::clone(&self.directory)
    }

    /// Ends the server in the middle of whatever it does, and starts another on the same database.
    pub fn killed(self) -> Self {
        Self::start_in(self.crashed(), &[])
    }

    /// Ends the server as a signal would and starts another on the same database.
    pub fn restart(mut self) -> Self {
        stop(&mut self.child);
        let directory = Arc::clone(&self.directory);
        drop(self);
        Self::start_in(directory, &[])
    }

    /// The address of the database.
    pub fn database_url(&self) -> String {
        url(&self.database())
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Reply {
        let url = if path.starts_with("/v1") || path.starts_with("/!") {
            format!("{}{}", self.address, path.trim_start_matches("/!"))
        } else {
            format!("{}/api/v1{path}", self.address)
        };
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let asked = format!("{method} {path} {}", body.map(String::from_utf8_lossy).unwrap_or_default());
        let asked: String = asked.chars().take(300).collect();
        let answer = match body {
            Some(body) => self.agent.run(request.body(body).unwrap()),
            None => self.agent.run(request.body(()).unwrap()),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{asked}: {error}"));
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        let body = serde_json::from_slice(&text)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&text).into_owned()));
        Reply { status: answer.status().as_u16(), headers: answer.headers().clone(), body, asked }
    }

    pub fn sign_up(&self, email: &str) -> Person<'_> {
        let body = json!({ "email": email, "password": PASSWORD, "full_name": email.split('@').next() });
        let reply = self.send(
            "POST",
            "/signup",
            &[("content-type", "application/json")],
            Some(body.to_string().as_bytes()),
        );
        Person::of(self, email, reply)
    }

    pub fn sign_in(&self, email: &str, password: &str) -> Reply {
        let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{email}:{password}"));
        self.send("POST", "/login", &[("authorization", &format!("Basic {encoded}"))], None)
    }

    /// Somebody new.
    pub fn anybody(&self) -> Person<'_> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.sign_up(&format!("person{number}@example.com"))
    }

    /// Puts an organization on a plan, as an operator.
    pub fn plan(&self, organization: &str, tier: &str) {
        let done =
            program().args(["plan", organization, tier, "--database"]).arg(url(&self.database())).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

impl Server {
    /// Switches an account off (`disable`) or on (`enable`), as an operator.
    pub fn switch(&self, command: &str, email: &str) -> String {
        let done = program().args([command, email, "--database"]).arg(url(&self.database())).output();
        let done = done.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }
}

/// Sends SIGTERM, unless it has ended already, and waits.
pub fn stop(child: &mut Child) -> std::process::ExitStatus {
    if let Some(status) = child.try_wait().unwrap() {
        return status;
    }
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    child.wait().unwrap()
}

/// Somebody who is signed in.
pub struct Person<'a> {
    pub server: &'a Server,
    pub email: String,
    pub token: String,
    pub cookie: String,
}

impl<'a> Person<'a> {
    #[track_caller]
    pub fn of(server: &'a Server, email: &str, reply: Reply) -> Self {
        let cookie = reply.headers.get("set-cookie").map(|value| value.to_str().unwrap().to_owned());
        let token = reply.ok()["access_token"].as_str().unwrap().to_owned();
        let cookie = cookie.unwrap().split(';').next().unwrap().to_owned();
        Self { server, email: email.to_owned(), token, cookie }
    }

    pub fn call(&self, method: &str, path: &str, at: At<'_>, body: Option<Value>) -> Reply {
        self.call_with(method, path, at, body, &[])
    }

    /// A call with headers of its own.
    pub fn call_with(
        &self,
        method: &str,
        path: &str,
        at: At<'_>,
        body: Option<Value>,
        more: &[(&str, &str)],
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("authorization", bearer.as_str())];
        headers.extend(more);
        match at {
            At::Nowhere => {}
            At::Org(id) => headers.push(("x-organization-id", id)),
            At::Workspace(id) => headers.push(("x-tenant-id", id)),
        }
        let text = body.map(|body| body.to_string());
        if text.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.server.send(method, path, &headers, text.as_deref().map(str::as_bytes))
    }

    /// The same person, asking another server.
    pub fn through<'b>(&self, server: &'b Server) -> Person<'b> {
        Person { server, email: self.email.clone(), token: self.token.clone(), cookie: self.cookie.clone() }
    }

    pub fn get(&self, path: &str, at: At<'_>) -> Reply {
        self.call("GET", path, at, None)
    }

    pub fn post(&self, path: &str, at: At<'_>, body: Value) -> Reply {
        self.call("POST", path, at, Some(body))
    }

    /// A POST that can be repeated.
    pub fn post_once(&self, path: &str, at: At<'_>, body: Value, key: &str) -> Reply {
        self.call_with("POST", path, at, Some(body), &[("idempotency-key", key)])
    }

    pub fn patch(&self, path: &str, at: At<'_>, body: Value) -> Reply {
        self.call("PATCH", path, at, Some(body))
    }

    pub fn delete(&self, path: &str, at: At<'_>) -> Reply {
        self.call("DELETE", path, at, None)
    }

    /// A shared organization on a plan; `no_plan` leaves it pending.
    pub fn organization(&self, name: &str, tier: &str) -> String {
        let made =
            self.post("/orgs", At::Nowhere, json!({ "display_name": name, "is_personal": false })).ok();
        let id = text(&made["id"]);
        if tier != "no_plan" {
            self.server.plan(&id, tier);
        }
        id
    }

    pub fn workspaces(&self, organization: &str) -> Vec<String> {
        let list = self.get("/workspaces", At::Org(organization)).ok();
        list.as_array().unwrap().iter().map(|row| text(&row["id"])).collect()
    }

    pub fn workspace(&self, organization: &str, name: &str) -> String {
        text(&self.post("/workspaces", At::Org(organization), json!({ "display_name": name })).ok()["id"])
    }

    /// The id of a role by its word, or by its display name.
    pub fn role(&self, organization: &str, name: &str) -> String {
        let roles = self.get("/orgs/current/roles", At::Org(organization)).ok();
        let found = roles
            .as_array()
            .unwrap()
            .iter()
            .find(|role| role["name"] == name || role["display_name"] == name);
        text(&found.unwrap_or_else(|| panic!("no role {name}"))["id"])
    }

    /// Invites an address; gives back the identity.
    pub fn invite(&self, organization: &str, email: &str, role: &str, workspaces: &[&str]) -> String {
        let body =
            json!({ "email": email, "role_id": self.role(organization, role), "workspace_ids": workspaces });
        text(&self.post("/orgs/current/members", At::Org(organization), body).ok()["id"])
    }

    pub fn accept(&self, organization: &str) -> String {
        text(&self.post(&format!("/orgs/pending/{organization}/claim"), At::Nowhere, json!({})).ok()["id"])
    }

    /// Somebody new who joins with a role; gives back the person and the identity.
    pub fn colleague(&self, organization: &str, role: &str, workspaces: &[&str]) -> (Person<'a>, String) {
        let person = self.server.anybody();
        self.invite(organization, &person.email, role, workspaces);
        let identity = person.accept(organization);
        (person, identity)
    }

    /// One's own identity in an organization.
    pub fn identity(&self, organization: &str) -> String {
        let path = format!("/orgs/current/members/active?emails={}", self.email);
        text(&self.get(&path, At::Org(organization)).ok()[0]["id"])
    }
}

/// A text of an answer.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Asks until it is so: some things are done in the background, and nothing tells of their end.
#[track_caller]
pub fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(30), "still not so: {what}");
        // How often it is asked, not how long it may take.
        std::thread::sleep(Duration::from_millis(50));
    }
}
