//! Backups of a database in use, and starting again from one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc::channel;

use serde_json::json;
use tempfile::TempDir;

use crate::common::{At, PASSWORD, Person, Server, program, text, url};
use crate::database::{is_sound, postgres};
use crate::kills::ask;

fn backup(server: &Server, to: &Path) -> Output {
    program().arg("backup").arg("--to").arg(to).args(["--database", &server.database_url()]).output().unwrap()
}

/// Makes a copy as docs/operations.md says.
fn save(server: &Server, to: &Path) {
    let done = if postgres().is_some() {
        Command::new("pg_dump")
            .args(["--format=custom", "--file"])
            .arg(to)
            .arg(server.database_url())
            .output()
            .unwrap()
    } else {
        backup(server, to)
    };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Starts from a copy, in another place, as docs/operations.md says.
fn restore(from: &Path) -> Server {
    let directory = TempDir::new().unwrap();
    let database = directory.path().join("data/atrium.db");
    std::fs::create_dir(database.parent().unwrap()).unwrap();
    if postgres().is_some() {
        let done = Command::new("pg_restore")
            .args(["--exit-on-error", "--no-owner", "--dbname", &url(&database)])
            .arg(from)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    } else {
        std::fs::copy(from, &database).unwrap();
    }
    Server::start_in(directory, &[])
}

#[test]
fn a_backup_under_a_stream_of_writes_has_every_write_before_it() {
    if postgres().is_some() && Command::new("pg_dump").arg("--version").output().is_err() {
        println!("not run: pg_dump is not in PATH");
        return;
    }
    let server = Server::start();
    let ada = server.sign_up("ada@example.com");
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let directory = TempDir::new().unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let mut saved = 0;
    let mut made = Vec::new();
    for round in 0..5 {
        let file = directory.path().join(format!("backup{round}"));
        let (said, heard) = channel();
        let before = std::thread::scope(|scope| {
            let (stop, server, ada, acme, workspace) = (&stop, &server, &ada, &acme, &workspace);
            stop.store(false, std::sync::atomic::Ordering::SeqCst);
            for writer in 0..3 {
                let said = said.clone();
                scope.spawn(move || {
                    for number in 0.. {
                        if stop.load(std::sync::atomic::Ordering::SeqCst) {
                            return;
                        }
                        let name = format!("r{round}w{writer}n{number}");
                        let (place, path, body) = if writer == 0 {
                            (acme, "/orgs", json!({ "display_name": name, "is_personal": false }))
                        } else {
                            (workspace, "/sessions", json!({ "name": name }))
                        };
                        let answer = ask(&server.address, &ada.token, place, path, &body);
                        assert_eq!(answer.map(|(status, _)| status), Some(200));
                        let _ = said.send(name);
                    }
                });
            }
            made.extend((0..40).map(|_| heard.recv().unwrap()));
            made.extend(heard.try_iter());
            let before = made.clone();
            save(server, &file);
            stop.store(true, std::sync::atomic::Ordering::SeqCst);
            before
        });
        made.extend(heard.try_iter());
        let restored = restore(&file);
        is_sound(&restored.database_url());
        let ada = Person::of(&restored, "ada@example.com", restored.sign_in("ada@example.com", PASSWORD));
        let mut kept = std::collections::HashSet::new();
        for (path, at, key) in
            [("/orgs", At::Nowhere, "display_name"), ("", At::Workspace(&workspace), "name")]
        {
            for page in 0.. {
                let paged = format!("/sessions?limit=100&offset={}", page * 100);
                let list = ada.get(if path.is_empty() { &paged } else { path }, at).ok();
                let list = list.as_array().unwrap();
                kept.extend(list.iter().map(|row| text(&row[key])));
                if !path.is_empty() || list.len() < 100 {
                    break;
                }
            }
        }
        let lost: Vec<_> = before.iter().filter(|name| !kept.contains(*name)).collect();
        assert!(lost.is_empty(), "acknowledged before the backup began and not in it: {lost:?}");
        // It goes on from there.
        ada.organization("After", "enterprise");
        saved += before.len();
    }
    println!("{saved} changes looked for in 5 backups, {} made", made.len());
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_nothing_half_made() {
    let server = Server::start();
    server.sign_up("ada@example.com");
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("backup.db");
    let refused = |to: &Path, part: &str| {
        let output = backup(&server, to);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(part), "{told}");
    };
    if postgres().is_some() {
        refused(&file, "pg_dump --format=custom --file=");
        let password = server.database_url().split(['@', ':']).nth(2).unwrap().to_owned();
        let told = backup(&server, &file).stderr;
        assert!(!String::from_utf8_lossy(&told).contains(&password), "the password is shown");
        assert!(!file.exists());
        return;
    }
    let done = backup(&server, &file);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains("holds the database as it was"));
    let first = std::fs::read(&file).unwrap();
    server.sign_up("bob@example.com");
    refused(&file, "is there already, and a backup overwrites nothing.");
    assert_eq!(std::fs::read(&file).unwrap(), first);
    let link = directory.path().join("link");
    std::os::unix::fs::symlink("nowhere", &link).unwrap();
    refused(&link, "is there already");
    refused(&directory.path().join("no/such/directory"), "cannot be written");
    std::fs::write(directory.path().join("cut.part"), "").unwrap();
    refused(&directory.path().join("cut"), "one was cut off: remove it.");
    let absent = program()
        .args(["backup", "--to", "/tmp/never", "--database", "sqlite:///nowhere/a.db"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&absent.stderr).contains("There is no database at /nowhere/a.db."));
    // What is no database leaves nothing behind.
    let text = directory.path().join("text");
    std::fs::write(&text, "This is no database, though it is long enough to be one. ".repeat(100)).unwrap();
    let output = program()
        .args(["backup", "--database", &format!("sqlite://{}", text.display()), "--to"])
        .arg(directory.path().join("of-text"))
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("The backup was not made: "));
    let mut left: Vec<PathBuf> =
        std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    left.sort();
    let names: Vec<_> = left.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["backup.db", "cut.part", "link", "text"]);
}

#[test]
fn a_database_that_nobody_uses_is_backed_up_too() {
    if postgres().is_some() {
        return; // as above
    }
    let mut server = Server::start();
    server.sign_up("ada@example.com");
    crate::database::execute(
        &server.database_url(),
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)",
    );
    crate::common::stop(server.child());
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("backup.db");
    // Made before going back to this version from a newer one, and so of the newer one's database.
    let done = backup(&server, &file);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let copy = format!("sqlite://{}", file.display());
    assert_eq!(crate::database::query(&copy, "SELECT email FROM account"), ["ada@example.com"]);
    let mode = |path: &Path| std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(path).unwrap());
    assert_eq!(mode(&file), mode(&server.database()));
}
