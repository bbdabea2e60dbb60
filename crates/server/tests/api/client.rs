//! LangSmith's own Python client works against the server unchanged. The client comes from PyPI
//! into a virtual environment under `.cache`; where it cannot be had, the test says so and passes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;

use crate::common::{At, Server};
use crate::keys::Key;

const VERSIONS: &str = include_str!("../../../../scripts/versions.env");
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/client/langsmith_client.py");

fn run(program: &Path, arguments: &[&str]) -> Result<Output, String> {
    let done = Command::new(program).args(arguments).output();
    let done = done.map_err(|error| format!("{} cannot be run: {error}", program.display()))?;
    if done.status.success() {
        return Ok(done);
    }
    let told = [done.stdout, done.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    Err(told.lines().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" / "))
}

/// The Python of an environment with the client in it.
fn python() -> Result<PathBuf, String> {
    let version = VERSIONS.lines().find_map(|line| line.strip_prefix("LANGSMITH=")).unwrap();
    let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache");
    let place = cache.join(format!("langsmith-{version}"));
    let (python, ready) = (place.join("bin/python"), place.join("ready"));
    if !ready.exists() {
        let place = place.to_str().unwrap();
        run(Path::new("python3"), &["-m", "venv", "--clear", place])?;
        let package = format!("langsmith=={version}");
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", &package];
        run(&python, &install)?;
        std::fs::write(&ready, "").map_err(|error| error.to_string())?;
    }
    Ok(python)
}

/// Says something that is seen also where the test passes.
fn say(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "{sentence}");
}

#[test]
fn langsmiths_python_client() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            return say(&format!("SKIPPED: LangSmith's Python client cannot be installed here: {why}"));
        }
    };
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (workspace, second) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Second"));
    let admin = json!({ "org_role_id": ada.role(&acme, "ORGANIZATION_ADMIN") });
    let whole = Key::service(&ada, At::Org(&acme), admin);
    let service = Key::service(&ada, At::Workspace(&workspace), json!({}));
    let token = Key::token(&ada, At::Workspace(&second));
    for (own, place) in [(&service, &workspace), (&token, &second)] {
        match run(&python, &[SCRIPT, &server.address, place, &own.secret, &whole.secret]) {
            Ok(done) => say(String::from_utf8_lossy(&done.stdout).trim()),
            Err(why) => panic!("{why}"),
        }
    }
    let stats = ada.get("/workspaces/current/stats", At::Workspace(&workspace)).ok();
    assert_eq!((&stats["tracer_session_count"], &stats["dataset_count"]), (&json!(6), &json!(6)));
    assert_eq!(stats["repo_count"], 6);
}
