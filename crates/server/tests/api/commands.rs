//! The commands as other programs use them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Output;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::{At, Server, program, stop, url};

fn failed(output: &Output, part: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(part), "{told}");
}

#[test]
fn every_command_has_help() {
    for command in [&[][..], &["serve"], &["plan"], &["backup"], &["demo"]] {
        let output = program().args(command).arg("--help").output().unwrap();
        assert!(output.status.success() && output.stdout.len() > 100, "{command:?}");
    }
}

#[test]
fn plan_refuses_what_it_does_not_know() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "no_plan");
    let plan = |id: &str, tier: &str| {
        program().args(["plan", id, tier, "--database", &url(&server.database())]).output().unwrap()
    };
    failed(&plan(&acme, "moon"), "“moon” is not a plan.");
    failed(&plan("x", "plus"), "is not the id of an organization");
    failed(&plan("00000000-0000-4000-8000-000000000000", "plus"), "There is no organization");
    let absent =
        program().args(["plan", &acme, "plus", "--database", "sqlite:///nowhere/a.db"]).output().unwrap();
    failed(&absent, "There is no database at /nowhere/a.db.");
    let done = plan(&acme, "enterprise");
    assert_eq!(String::from_utf8_lossy(&done.stdout), "Acme is on the plan Enterprise now.\n");
    let info = ada.get("/orgs/current/info", At::Org(&acme)).ok();
    assert_eq!((&info["disabled"], &info["config"]["can_use_rbac"]), (&false.into(), &true.into()));
}

#[test]
fn a_signal_ends_the_server_cleanly() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start_in(TempDir::new().unwrap(), &["--drain-timeout", "1"]);
        server.anybody();
        // An idle connection, and one in the middle of a request, keep nothing from ending.
        let address = server.address.trim_start_matches("http://").to_owned();
        let mut idle = TcpStream::connect(&address).unwrap();
        idle.write_all(b"GET /api/v1/info HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut slow = TcpStream::connect(&address).unwrap();
        slow.write_all(
            b"POST /api/v1/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
              Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
        )
        .unwrap();
        // Both are there: the one was answered, the other's body is waited for.
        let mut answered = [0; 12];
        idle.read_exact(&mut answered).unwrap();
        assert_eq!(&answered, b"HTTP/1.1 200");
        slow.read_exact(&mut answered).unwrap();
        assert_eq!(&answered, b"HTTP/1.1 100");
        slow.write_all(b"{").unwrap();
        let began = Instant::now();
        std::process::Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap();
        let status = server.child().wait().unwrap();
        assert_eq!(status.code(), Some(0), "{signal}");
        assert!(began.elapsed() < Duration::from_secs(10), "{signal} took {:?}", began.elapsed());
    }
}

#[test]
fn serve_says_what_is_wrong() {
    let directory = TempDir::new().unwrap();
    let database = url(&directory.path().join("a.db"));
    let serve = |more: &[&str]| program().arg("serve").args(more).output().unwrap();
    failed(&serve(&["--database", "sqlite://"]), "is not the address of a SQLite file");
    failed(&serve(&["--database", "mysql://x"]), "“mysql” is not a database that Atrium knows.");
    failed(&serve(&["--database", "postgres://x:y:z/"]), "is not the address of a PostgreSQL database");
    let nobody = "postgres://ada:secret@127.0.0.1:1/atrium";
    let output = serve(&["--database", nobody]);
    failed(&output, "The database postgres://ada@127.0.0.1:1/atrium cannot be used: ");
    failed(&output, "refused");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("secret"));
    failed(&serve(&["--database", &database, "--static", "/nowhere"]), "There is no index.html in /nowhere.");
    let server = Server::start();
    let taken = server.address.trim_start_matches("http://");
    failed(&serve(&["--database", &database, "--listen", taken]), "cannot be listened on");
    let mut server = server;
    assert!(stop(server.child()).success());
}
