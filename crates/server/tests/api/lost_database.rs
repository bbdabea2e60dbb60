//! A PostgreSQL that goes away and comes back, seen through a relay that cuts connections.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tempfile::TempDir;

use crate::common::{At, Server, text, url};
use crate::database::postgres;

/// Stands between the server and its database.
struct Relay {
    port: u16,
    open: Arc<Mutex<Vec<TcpStream>>>,
    /// Whether the next commit is passed on and its answer is not.
    swallow: Arc<AtomicBool>,
}

impl Relay {
    fn to(database: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, swallow) = (Arc::<Mutex<Vec<TcpStream>>>::default(), Arc::new(AtomicBool::new(false)));
        let relay = Self { port, open: Arc::clone(&open), swallow: Arc::clone(&swallow) };
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let far = TcpStream::connect(&database).unwrap();
                open.lock().unwrap().extend([near.try_clone().unwrap(), far.try_clone().unwrap()]);
                let cut = Arc::new(AtomicBool::new(false));
                let (near_again, far_again) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let (cut_again, swallow) = (Arc::clone(&cut), Arc::clone(&swallow));
                std::thread::spawn(move || {
                    pass(near, far, |bytes| {
                        if bytes.windows(7).any(|part| part == b"COMMIT\0")
                            && swallow.swap(false, Ordering::SeqCst)
                        {
                            cut.store(true, Ordering::SeqCst);
                        }
                        true
                    });
                });
                std::thread::spawn(move || {
                    pass(far_again, near_again, |_| !cut_again.load(Ordering::SeqCst))
                });
            }
        });
        relay
    }

    fn cut_all(&self) {
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// Passes bytes on for as long as `look` says so.
fn pass(mut from: TcpStream, mut to: TcpStream, look: impl Fn(&[u8]) -> bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut buffer) {
        if count == 0 || !look(&buffer[..count]) || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

#[test]
fn an_answer_lost_while_committing_promises_nothing() {
    if postgres().is_none() {
        return; // SQLite is in the process.
    }
    let directory = TempDir::new().unwrap();
    let direct = url(&directory.path().join("data/atrium.db"));
    let place = direct.rsplit_once('@').unwrap().1.split('/').next().unwrap().to_owned();
    let relay = Relay::to(place.clone());
    let through = direct.replace(&place, &format!("127.0.0.1:{}", relay.port));
    let server = Server::start_on(&through, Arc::new(directory), &[], &[]);
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let here = At::Workspace(&workspace);

    relay.swallow.store(true, Ordering::SeqCst);
    ada.post("/sessions", here, json!({ "name": "lost" })).refused(500, "It may or may not have been done");
    let list = ada.get("/sessions", here).ok();
    assert_eq!(list.as_array().unwrap().iter().map(|row| text(&row["name"])).collect::<Vec<_>>(), ["lost"]);

    // Before it commits it has done nothing, and says so; and it finds the database again. Each of
    // its few connections fails at most once.
    relay.cut_all();
    let mut failures = 0;
    loop {
        let reply = ada.post("/sessions", here, json!({ "name": "again" }));
        if reply.status == 200 {
            break;
        }
        reply.refused(500, "Nothing was changed; try again.");
        failures += 1;
        assert!(failures <= 8, "it does not come back");
    }
    assert_eq!(ada.get("/sessions", here).ok().as_array().unwrap().len(), 2);
}
