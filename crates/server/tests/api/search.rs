//! Searching for people: what is found is what has the text, whichever index finds it.

use serde_json::Value;

use crate::common::{At, Person, Server, text};

/// Names as people have them, and as somebody writes them who looks for trouble: what LIKE, and
/// SQLite's language of full-text searches, take for their own.
const NAMES: [&str; 16] = [
    "Ada Lovelace",
    "ADA BYRON",
    "100% sure_thing",
    "under_score",
    "back\\slash",
    "quo\"te 'n' \"q",
    "star* NEAR(x, 2) AND NOT y OR z",
    "email:colon {name_key} ^first",
    "山田太郎",
    "山田",
    "Jo",
    "Å",
    "Straße Groß",
    "ÉMILE Zola",
    "aaaa",
    "- + ( ) [ ] : ;",
];

fn sign_up<'a>(server: &'a Server, index: usize, name: &str) -> Person<'a> {
    let email = format!("p{index}@{}.example.com", if index.is_multiple_of(2) { "even" } else { "odd" });
    let body = serde_json::json!({ "email": email, "password": crate::common::PASSWORD, "full_name": name });
    let headers = [("content-type", "application/json")];
    Person::of(server, &email, server.send("POST", "/signup", &headers, Some(body.to_string().as_bytes())))
}

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Every text that a name or an address gives, of one to five characters, and a few that none has.
fn texts(people: &[(String, String)]) -> Vec<String> {
    let mut texts: Vec<String> = people
        .iter()
        .flat_map(|(email, name)| [email, name])
        .flat_map(|whole| {
            let letters: Vec<char> = whole.chars().collect();
            (1..=5)
                .flat_map(move |length| {
                    letters.windows(length).map(String::from_iter).step_by(3).collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        })
        .filter(|text| !text.trim().is_empty())
        .collect();
    texts.extend(
        ["zzz", "%%%", "___", "a_a", "\"\"\"", "***", "ada*", "AND", "lovelace\"", "\\\\\\"]
            .map(String::from),
    );
    texts.sort();
    texts.dedup();
    texts
}

fn emails(list: &Value) -> Vec<String> {
    let mut emails: Vec<_> = list.as_array().unwrap().iter().map(|row| text(&row["email"])).collect();
    emails.sort();
    emails
}

#[test]
fn a_search_finds_whoever_has_the_text_and_nobody_else() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspace(&acme, "Some of them");
    let mut people = vec![(ada.email.clone(), ada.email.split('@').next().unwrap().to_owned())];
    let mut inside = vec![ada.email.clone()];
    for (index, name) in NAMES.iter().enumerate() {
        let person = sign_up(&server, index, name);
        let opens = if index.is_multiple_of(3) { vec![workspace.as_str()] } else { vec![] };
        ada.invite(&acme, &person.email, "ORGANIZATION_USER", &opens);
        person.accept(&acme);
        if !opens.is_empty() {
            inside.push(person.email.clone());
        }
        people.push((person.email.clone(), (*name).to_owned()));
    }
    // Somebody of the same names elsewhere is never found.
    let other = server.sign_up("ada.lovelace@even.example.com");
    other.organization("Other", "plus");
    let check = |people: &[(String, String)]| {
        let all = texts(people);
        for wanted in &all {
            let key = wanted.to_lowercase();
            let right = |places: fn(&(String, String)) -> Vec<&String>| {
                let mut found: Vec<_> = people
                    .iter()
                    .filter(|person| places(person).iter().any(|place| place.to_lowercase().contains(&key)))
                    .map(|person| person.0.clone())
                    .collect();
                found.sort();
                found
            };
            let either = right(|(email, name)| vec![email, name]);
            let q = escape(wanted);
            let found = ada.get(&format!("/orgs/current/members/active?limit=500&q={q}"), org).ok();
            assert_eq!(emails(&found), either, "q={wanted}");
            let here = ada
                .get(
                    &format!("/workspaces/current/members/active?limit=500&q={q}"),
                    At::Workspace(&workspace),
                )
                .ok();
            let mut those = either.clone();
            those.retain(|email| inside.contains(email));
            assert_eq!(emails(&here), those, "q={wanted} in the workspace");
            let list = |field: &str| {
                let path = format!("/v1/platform/orgs/current/members?active_is=true&{field}={q}");
                let reply = ada.get(&path, org);
                let total = reply.headers.get("x-pagination-total").unwrap().to_str().unwrap().to_owned();
                let found = emails(&reply.ok());
                assert_eq!(total, found.len().to_string(), "{path}");
                found
            };
            assert_eq!(list("email_like"), right(|(email, _)| vec![email]), "email_like={wanted}");
            assert_eq!(list("name_like"), right(|(_, name)| vec![name]), "name_like={wanted}");
        }
        all.len()
    };
    println!("{} searches", 4 * check(&people));
    // Who was removed is found no more; who comes back is.
    let (gone, left) = people.split_at(5);
    for (email, _) in &gone[1..] {
        let found = ada.get(&format!("/orgs/current/members/active?emails={email}"), org).ok();
        ada.delete(&format!("/orgs/current/members/{}", text(&found[0]["id"])), org).ok();
    }
    check(&[&gone[..1], left].concat());
    let back = Person::of(&server, &gone[2].0, server.sign_in(&gone[2].0, crate::common::PASSWORD));
    ada.invite(&acme, &back.email, "ORGANIZATION_USER", &[]);
    back.accept(&acme);
    inside.retain(|email| !gone[1..].iter().any(|person| person.0 == *email));
    check_again(&ada, org, &back.email);
}

fn check_again(ada: &Person<'_>, org: At<'_>, email: &str) {
    let found = ada.get("/orgs/current/members/active?q=BYRON", org).ok();
    assert_eq!(emails(&found), [email]);
}

/// Everybody at once is written while it is read; it is the same list as the pages, in one piece.
#[test]
fn everybody_at_once_is_the_same_as_page_by_page() {
    let directory = tempfile::TempDir::new().unwrap();
    let database = directory.path().join("data/atrium.db");
    let made = crate::common::program()
        .args(["demo", "--members", "1777", "--database", &crate::common::url(&database)])
        .output()
        .unwrap();
    assert!(made.status.success());
    let server = Server::start_in(directory, &[]);
    let reply = server.sign_in("ada@acme.example", "atrium-demo");
    let ada = Person::of(&server, "ada@acme.example", reply);
    let orgs = ada.get("/orgs", At::Nowhere).ok();
    let acme =
        orgs.as_array().unwrap().iter().find(|row| row["display_name"] == "Acme").unwrap()["id"].clone();
    let acme = text(&acme);
    let org = At::Org(&acme);
    let all = ada.get("/orgs/current/members", org);
    assert_eq!(all.headers.get("content-type").unwrap(), "application/json");
    let all = all.ok();
    assert_eq!(all["organization_id"], acme);
    let mut pages = Vec::new();
    for offset in (0..2000).step_by(500) {
        let page = ada.get(&format!("/orgs/current/members/active?limit=500&offset={offset}"), org).ok();
        pages.extend(page.as_array().unwrap().clone());
    }
    assert_eq!(all["members"].as_array().unwrap(), &pages);
    assert_eq!(pages.len(), 1777);
    let pending = ada.get("/orgs/current/members/pending?limit=500", org).ok();
    assert_eq!(all["pending"], pending);
    assert_eq!(all.as_object().unwrap().len(), 3);
    // Every order has everybody once, and the falling one is the rising one backwards.
    for by in ["name", "email", "role", "created_at"] {
        let list = |desc: bool| -> Vec<String> {
            (0..2000)
                .step_by(500)
                .flat_map(|offset| {
                    let path = format!(
                        "/orgs/current/members/active?limit=500&offset={offset}&sort_by={by}&sort_by_desc={desc}"
                    );
                    let page = ada.get(&path, org).ok();
                    page.as_array().unwrap().iter().map(|row| text(&row["id"])).collect::<Vec<_>>()
                })
                .collect()
        };
        let (rising, mut falling) = (list(false), list(true));
        falling.reverse();
        assert_eq!(rising, falling, "{by}");
        let mut once = rising.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), 1777, "{by}");
    }
}
