//! What holds when many do it at once. Each race is run hundreds of times: through one server, and
//! through two on one database, half of the callers through each.

use std::sync::Barrier;

use serde_json::json;

use crate::common::{At, Person, Server, text};

/// How often a race is run through one server; through two it is twice that.
const TIMES: usize = 100;

/// Runs all at the same moment and gives back the statuses.
pub fn together<'a>(calls: Vec<Box<dyn Fn() -> u16 + Send + Sync + 'a>>) -> Vec<u16> {
    let barrier = Barrier::new(calls.len());
    std::thread::scope(|scope| {
        let barrier = &barrier;
        let threads: Vec<_> = calls
            .iter()
            .map(|call| {
                scope.spawn(move || {
                    barrier.wait();
                    call()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// The same call by so many at once, in turn through one server and the other.
fn crowd(
    count: usize,
    servers: [&Server; 2],
    call: impl Fn(usize, &Server) -> u16 + Send + Sync,
) -> Vec<u16> {
    let call = &call;
    let calls = (0..count)
        .map(|index| Box::new(move || call(index, servers[index % 2])) as Box<dyn Fn() -> u16 + Send + Sync>);
    together(calls.collect())
}

/// Runs a race through one server, and through two.
fn through_one_and_two(times: usize, race: impl Fn([&Server; 2], usize)) {
    let one = Server::start();
    race([&one, &one], times);
    let two = one.beside();
    race([&one, &two], 2 * times);
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|own| **own == status).count()
}

#[test]
fn two_admins_cannot_demote_each_other() {
    through_one_and_two(TIMES, |[one, two], times| {
        let ada = one.anybody();
        let acme = ada.organization("Acme", "plus");
        let (bob, bobs) = ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
        let bob = bob.through(two);
        let adas = ada.identity(&acme);
        let (user, admin) = (ada.role(&acme, "ORGANIZATION_USER"), ada.role(&acme, "ORGANIZATION_ADMIN"));
        let org = At::Org(&acme);
        let give = |person: &Person<'_>, identity: &str, role: &str| {
            person.patch(&format!("/orgs/current/members/{identity}"), org, json!({ "role_id": role })).status
        };
        for _ in 0..times {
            let statuses =
                together(vec![Box::new(|| give(&ada, &bobs, &user)), Box::new(|| give(&bob, &adas, &user))]);
            assert_eq!((count(&statuses, 200), count(&statuses, 403)), (1, 1), "{statuses:?}");
            let (winner, loser) = if statuses[0] == 200 { (&ada, &bobs) } else { (&bob, &adas) };
            assert_eq!(give(winner, loser, &admin), 200);
        }
        // Each giving up the own role at once is the same, and so is leaving at once.
        for _ in 0..times {
            let statuses =
                together(vec![Box::new(|| give(&ada, &adas, &user)), Box::new(|| give(&bob, &bobs, &user))]);
            assert_eq!((count(&statuses, 200), count(&statuses, 403)), (1, 1), "{statuses:?}");
            let (stays, left) = if statuses[0] == 200 { (&bob, &adas) } else { (&ada, &bobs) };
            assert_eq!(give(stays, left, &admin), 200);
        }
        let statuses = together(vec![
            Box::new(|| ada.delete(&format!("/orgs/current/members/{adas}"), org).status),
            Box::new(|| bob.delete(&format!("/orgs/current/members/{bobs}"), org).status),
        ]);
        assert_eq!((count(&statuses, 200), count(&statuses, 403)), (1, 1), "{statuses:?}");
    });
}

#[test]
fn the_last_seat_is_given_once() {
    through_one_and_two(TIMES, |servers, times| {
        let ada = servers[0].anybody();
        let acme = ada.organization("Acme", "plus");
        let org = At::Org(&acme);
        let rows: Vec<_> = (0..8).map(|index| json!({ "email": format!("p{index}@example.com") })).collect();
        ada.post("/orgs/current/members/batch", org, json!(rows)).ok();
        for round in 0..times {
            let statuses = crowd(6, servers, |index, server| {
                let row = json!({ "email": format!("r{round}i{index}@example.com") });
                let ada = ada.through(server);
                if index == 5 {
                    // One of them in a list.
                    ada.post("/orgs/current/members/batch", org, json!([row])).status
                } else {
                    ada.post("/orgs/current/members", org, row).status
                }
            });
            assert_eq!((count(&statuses, 200), count(&statuses, 409)), (1, 5), "{statuses:?}");
            let all = ada.get("/orgs/current/members", org).ok();
            let pending = all["pending"].as_array().unwrap();
            assert_eq!(pending.len() + all["members"].as_array().unwrap().len(), 10);
            let last = pending.iter().find(|row| text(&row["email"]).starts_with('r')).unwrap();
            ada.delete(&format!("/orgs/current/members/{}/pending", text(&last["id"])), org).ok();
        }
    });
}

#[test]
fn an_address_is_invited_once() {
    through_one_and_two(TIMES, |servers, times| {
        let ada = servers[0].anybody();
        let acme = ada.organization("Acme", "enterprise");
        let org = At::Org(&acme);
        for round in 0..times {
            let statuses = crowd(4, servers, |index, server| {
                let (local, domain) = [
                    ("Same", "example.com"),
                    ("same", "EXAMPLE.com"),
                    ("SAME", "Example.Com"),
                    ("same", "example.com"),
                ][index];
                let email = format!("{local}{round}@{domain}");
                ada.through(server).post("/orgs/current/members", org, json!({ "email": email })).status
            });
            assert_eq!((count(&statuses, 200), count(&statuses, 409)), (1, 3), "{statuses:?}");
        }
        let pending = ada.get("/orgs/current/members", org).ok()["pending"].take();
        assert_eq!(pending.as_array().unwrap().len(), times);
    });
}

#[test]
fn an_invitation_is_accepted_or_revoked_once() {
    through_one_and_two(TIMES, |[one, two], times| {
        let ada = one.anybody();
        let acme = ada.organization("Acme", "enterprise");
        let org = At::Org(&acme);
        let bob = one.anybody();
        for _ in 0..times {
            let invited = ada.invite(&acme, &bob.email, "ORGANIZATION_USER", &[]);
            let path = format!("/orgs/pending/{acme}/claim");
            let statuses = together(vec![
                Box::new(|| bob.post(&path, At::Nowhere, json!({})).status),
                Box::new(|| bob.through(two).post(&path, At::Nowhere, json!({})).status),
                Box::new(|| ada.delete(&format!("/orgs/current/members/{invited}/pending"), org).status),
            ]);
            assert_eq!((count(&statuses, 200), count(&statuses, 404)), (1, 2), "{statuses:?}");
            if statuses[2] != 200 {
                ada.delete(&format!("/orgs/current/members/{}", bob.identity(&acme)), org).ok();
            }
        }
    });
}

#[test]
fn the_last_workspace_of_the_plan_is_made_once() {
    through_one_and_two(TIMES, |servers, times| {
        let ada = servers[0].anybody();
        let acme = ada.organization("Acme", "plus");
        ada.workspace(&acme, "Two");
        for _ in 0..times {
            let statuses = crowd(4, servers, |_, server| {
                let body = json!({ "display_name": "Three" });
                ada.through(server).post("/workspaces", At::Org(&acme), body).status
            });
            assert_eq!((count(&statuses, 200), count(&statuses, 403)), (1, 3), "{statuses:?}");
            let mut all = ada.workspaces(&acme);
            assert_eq!(all.len(), 3);
            ada.delete(&format!("/workspaces/{}", all.remove(2)), At::Nowhere).ok();
        }
    });
}

/// The last workspace stays, also when two are deleted at once.
#[test]
fn a_workspace_stays() {
    through_one_and_two(TIMES, |[one, two], times| {
        let ada = one.anybody();
        let acme = ada.organization("Acme", "plus");
        for _ in 0..times {
            ada.workspace(&acme, "Two");
            let all = ada.workspaces(&acme);
            let remove = |person: Person<'_>, id: &str| {
                person.delete(&format!("/workspaces/{id}"), At::Nowhere).status
            };
            let statuses = together(vec![
                Box::new(|| remove(ada.through(one), &all[0])),
                Box::new(|| remove(ada.through(two), &all[1])),
            ]);
            assert_eq!((count(&statuses, 200), count(&statuses, 409)), (1, 1), "{statuses:?}");
        }
    });
}

#[test]
fn first_sign_ins_make_one_personal_organization() {
    through_one_and_two(TIMES / 4, |servers, times| {
        for _ in 0..times {
            let ada = servers[0].anybody();
            assert_eq!(ada.get("/orgs?skip_create=true", At::Nowhere).ok(), json!([]));
            let statuses =
                crowd(4, servers, |_, server| ada.through(server).get("/orgs", At::Nowhere).status);
            assert_eq!(statuses, [200; 4]);
            assert_eq!(ada.get("/orgs", At::Nowhere).ok().as_array().unwrap().len(), 1);
        }
    });
}

#[test]
fn a_card_is_kept_once() {
    through_one_and_two(TIMES / 4, |servers, times| {
        let ada = servers[0].anybody();
        let acme = ada.organization("Acme", "no_plan");
        let org = At::Org(&acme);
        for _ in 0..times {
            let intent = text(&ada.post("/orgs/current/setup", org, json!({})).ok()["client_secret"]);
            let statuses = crowd(4, servers, |_, server| {
                let card = crate::job::payment(&intent);
                ada.through(server).post("/orgs/current/payment-method", org, card).status
            });
            assert_eq!((count(&statuses, 200), count(&statuses, 422)), (1, 3), "{statuses:?}");
        }
    });
}

#[test]
fn a_workspace_invitation_is_accepted_or_revoked_once() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let (bob, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    for _ in 0..TIMES {
        let batch =
            || ada.post("/workspaces/current/members/batch", at, json!([{ "email": bob.email }])).status;
        let statuses = together(vec![Box::new(batch), Box::new(batch), Box::new(batch)]);
        assert_eq!((count(&statuses, 200), count(&statuses, 409)), (1, 2), "{statuses:?}");
        let waiting = ada.get("/workspaces/current/members/pending", at).ok();
        assert_eq!(waiting.as_array().unwrap().len(), 1);
        let revoke = format!("/workspaces/current/members/{}/pending", text(&waiting[0]["id"]));
        let claim =
            || bob.post(&format!("/workspaces/pending/{workspace}/claim"), At::Nowhere, json!({})).status;
        let statuses =
            together(vec![Box::new(claim), Box::new(claim), Box::new(|| ada.delete(&revoke, at).status)]);
        assert_eq!((count(&statuses, 200), count(&statuses, 404)), (1, 2), "{statuses:?}");
        let inside = ada.get(&format!("/workspaces/current/members/active?emails={}", bob.email), at).ok();
        let revoked = statuses[2] == 200;
        assert_eq!(inside.as_array().unwrap().is_empty(), revoked, "{statuses:?}");
        if !revoked {
            ada.delete(&format!("/workspaces/current/members/{}", text(&inside[0]["id"])), at).ok();
        }
    }
}

#[test]
fn an_account_is_made_once_and_seats_hold_for_it() {
    let server = Server::start();
    let ada = server.anybody();
    let organizations: Vec<_> = ["One", "Two"].iter().map(|name| ada.organization(name, "plus")).collect();
    let batch = |organization: &str, emails: &[String]| {
        let rows: Vec<_> =
            emails.iter().map(|email| json!({ "email": email, "password": "long enough" })).collect();
        ada.post("/orgs/current/members/basic/batch", At::Org(organization), json!(rows)).status
    };
    for round in 0..4 {
        let email = vec![format!("same{round}@example.com")];
        let (one, two) = (|| batch(&organizations[0], &email), || batch(&organizations[1], &email));
        let statuses = together(vec![Box::new(one), Box::new(two), Box::new(one)]);
        assert_eq!((count(&statuses, 200), count(&statuses, 409)), (1, 2), "{statuses:?}");
    }
    let acme = ada.organization("Acme", "plus");
    let calls: Vec<Box<dyn Fn() -> u16 + Send + Sync>> = (0..3)
        .map(|call| {
            let emails: Vec<_> = (0..4).map(|index| format!("c{call}i{index}@example.com")).collect();
            let (batch, acme) = (&batch, &acme);
            Box::new(move || batch(acme, &emails)) as Box<dyn Fn() -> u16 + Send + Sync>
        })
        .collect();
    let statuses = together(calls);
    assert_eq!((count(&statuses, 200), count(&statuses, 409)), (2, 1), "four and four of nine: {statuses:?}");
    let members = ada.get("/orgs/current/members", At::Org(&acme)).ok();
    assert_eq!(members["members"].as_array().unwrap().len(), 9, "all or nothing");
}

#[test]
fn a_removed_members_token_ends_in_the_middle_of_its_work() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    for round in 0..TIMES / 2 {
        let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
        let token = crate::keys::Key::token(&bob, org);
        let path = format!("/orgs/current/members/{identity}");
        let work =
            |index: usize| token.post("/sessions", json!({ "name": format!("r{round} {index}") })).status;
        let statuses = together(vec![
            Box::new(|| work(0)),
            Box::new(|| ada.delete(&path, org).status),
            Box::new(|| work(1)),
        ]);
        assert_eq!(statuses[1], 200);
        for status in [statuses[0], statuses[2]] {
            assert!([200, 401, 403].contains(&status), "{statuses:?}");
        }
        // What was answered with success is there, what was refused is not.
        let made = ada.get(&format!("/sessions?name_contains=r{round}%20"), At::Workspace(&workspace)).ok();
        assert_eq!(made.as_array().unwrap().len(), count(&statuses, 200) - 1, "{statuses:?}");
        assert_eq!(work(2), 401);
    }
}
