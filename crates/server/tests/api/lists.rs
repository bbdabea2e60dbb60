//! Lists of members: pages, search, order.

use serde_json::json;

use crate::common::{At, Server, program, text, url};

#[test]
fn pages_of_members_in_the_demo() {
    let directory = tempfile::TempDir::new().unwrap();
    let database = directory.path().join("data/atrium.db");
    let made = program().args(["demo", "--members", "200", "--database", &url(&database)]).output().unwrap();
    let told = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success() && told.contains("ada@acme.example"), "{told}");
    let again = program().args(["demo", "--members", "200", "--database", &url(&database)]).output().unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("holds the demo already"));

    let server = Server::start_in(directory, &[]);
    for name in ["otto", "ursula", "vera"] {
        server.sign_in(&format!("{name}@acme.example"), "atrium-demo").ok();
    }
    let reply = server.sign_in("ada@acme.example", "atrium-demo");
    let ada = crate::common::Person::of(&server, "ada@acme.example", reply);
    let orgs = ada.get("/orgs?include_tier=true", At::Nowhere).ok();
    let named =
        |name: &str| orgs.as_array().unwrap().iter().find(|row| row["display_name"] == name).unwrap().clone();
    assert_eq!(orgs.as_array().unwrap().len(), 4);
    assert_eq!(named("Open Source Guild")["tier"], "plus");
    assert_eq!(named("Analytical Engines")["disabled"], true);
    let acme = text(&named("Acme")["id"]);
    let org = At::Org(&acme);
    let all = ada.get("/orgs/current/members", org).ok();
    assert_eq!(
        (all["members"].as_array().unwrap().len(), all["pending"].as_array().unwrap().len()),
        (200, 10)
    );

    // The newer list: members and then invitations, with the role in each workspace.
    let enriched = ada.get("/v1/platform/orgs/current/members?limit=205", org);
    assert_eq!(enriched.headers.get("x-pagination-total").unwrap(), "210");
    let enriched = enriched.ok();
    let enriched = enriched.as_array().unwrap();
    assert_eq!(enriched.len(), 205);
    assert_eq!(enriched.iter().filter(|one| one["is_pending"] == true).count(), 5);
    let ursula = enriched.iter().find(|one| one["email"] == "ursula@acme.example").unwrap();
    assert_eq!(ursula["role_name"], "Organization User");
    let memberships = ursula["workspace_memberships"].as_array().unwrap();
    assert!(!memberships.is_empty() && memberships.iter().all(|one| one["role_id"].is_string()));
    let active = ada.get("/v1/platform/orgs/current/members?active_is=true&email_like=ursula@", org).ok();
    assert_eq!(active.as_array().unwrap().len(), 1);
    ada.get("/v1/platform/orgs/current/members?workspace_name_like=x", org).refused(422, "no such filter");

    let mut seen = Vec::new();
    for offset in [0, 90, 180, 270] {
        let path =
            format!("/orgs/current/members/active?limit=90&offset={offset}&sort_by=role&sort_by_desc=false");
        let page = ada.get(&path, org).ok();
        seen.extend(page.as_array().unwrap().iter().map(|row| text(&row["id"])));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((count, seen.len()), (200, 200), "pages neither repeat nor miss anybody");

    let emails = |query: &str| -> Vec<String> {
        let list = ada.get(&format!("/orgs/current/members/active?{query}"), org).ok();
        list.as_array().unwrap().iter().map(|row| text(&row["email"])).collect()
    };
    assert_eq!(emails("").len(), 50, "the contract's default");
    assert_eq!(emails("q=LOVELACE"), ["ada@acme.example"]);
    assert!(!emails("q=%E5%B1%B1%E7%94%B0").is_empty(), "山田");
    assert_eq!(emails("q=%25%25%25"), Vec::<String>::new());
    assert_eq!(
        emails("emails=Ada@acme.example&emails=vera@acme.example&sort_by=email&sort_by_desc=false"),
        ["ada@acme.example", "vera@acme.example"]
    );
    let id = text(&ada.get("/me/ls_user_id", At::Nowhere).ok());
    assert_eq!(emails(&format!("ls_user_ids={id}")), ["ada@acme.example"]);
    assert_eq!(emails(&format!("user_ids={id}")), ["ada@acme.example"]);
    assert_eq!(emails("is_disabled=true"), Vec::<String>::new());
    let sorted = emails("limit=200&sort_by=email&sort_by_desc=false");
    assert!(sorted.is_sorted() && sorted.len() == 200);
    for bad in [
        "limit=0",
        "limit=501",
        "limit=x",
        "limit=99999999999999999999",
        "offset=-1",
        "sort_by=moon",
        "sort_by_desc=maybe",
        "ls_user_ids=x",
        "is_disabled=7",
    ] {
        let key = bad.split('=').next().unwrap();
        ada.get(&format!("/orgs/current/members/active?{bad}"), org).invalid(&[json!("query"), json!(key)]);
    }
    let waiting = ada.get("/orgs/current/members/pending?limit=3&sort_by=email&sort_by_desc=false", org).ok();
    assert_eq!(waiting.as_array().unwrap().len(), 3);
    let workspaces = ada.workspaces(&acme);
    assert_eq!(workspaces.len(), 12);
    let inside = ada
        .get("/workspaces/current/members/active?limit=500&sort_by=name", At::Workspace(&workspaces[0]))
        .ok();
    assert!(inside.as_array().unwrap().len() > 10);
    let prompts = ada.get("/repos?limit=1", At::Workspace(&workspaces[0])).ok();
    assert!(prompts["total"].as_u64().unwrap() > 1 && prompts["repos"].as_array().unwrap().len() == 1);
    assert_eq!(prompts["repos"][0].as_object().unwrap().len(), 28);
}
