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
    let waits = |query: &str| -> Vec<String> {
        let list = ada.get(&format!("/orgs/current/members/pending?limit=500&{query}"), org).ok();
        list.as_array().unwrap().iter().map(|row| text(&row["email"])).collect()
    };
    let all = waits("sort_by=email&sort_by_desc=false");
    assert!(all.is_sorted() && all.len() > 2, "{all:?}");
    assert!(waits("sort_by=email").iter().rev().eq(&all));
    assert_eq!(waits(&format!("q={}", all[1].to_uppercase())), [all[1].clone()]);
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

#[test]
fn filters_of_the_newer_list() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let search = ada.workspace(&acme, "Search team");
    let voice = ada.workspace(&acme, "Voice_100");
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let body = json!({ "display_name": "Größe", "description": "", "permissions": ["projects:read"] });
    let custom = text(&ada.post("/orgs/current/roles", org, body).ok()["id"]);
    let join = |role: &str, inside: &[(&str, &str)]| {
        let (person, identity) = ada.colleague(&acme, role, &[]);
        for (workspace, role) in inside {
            let body = json!({ "org_identity_id": identity, "role_id": role });
            ada.post("/workspaces/current/members", At::Workspace(workspace), body).ok();
        }
        person.email
    };
    let editor = ada.role(&acme, "WORKSPACE_USER");
    let operator = join("ORGANIZATION_OPERATOR", &[(&search, &viewer)]);
    let bob = join("ORGANIZATION_USER", &[(&search, &editor), (&voice, &custom)]);
    let carol = join("ORGANIZATION_VIEWER", &[(&voice, &viewer)]);
    let invite = |email: &str, workspace: &str, role: Option<&str>| {
        let body = json!({ "email": email, "full_name": "Invited One", "workspace_ids": [workspace], "workspace_role_id": role });
        ada.post("/orgs/current/members", org, body).ok();
    };
    invite("waits@example.com", &voice, Some(&viewer));
    invite("other@example.com", &search, None);
    let found = |query: &str| -> Vec<String> {
        let reply = ada.get(&format!("/v1/platform/orgs/current/members?{query}"), org);
        let total = reply.headers.get("x-pagination-total").unwrap().to_str().unwrap().to_owned();
        assert_eq!(reply.headers.get("x-members-list-all-workspaces").unwrap(), "true");
        let list = reply.ok();
        let emails: Vec<_> = list.as_array().unwrap().iter().map(|row| text(&row["email"])).collect();
        assert_eq!(total, emails.len().to_string(), "{query}");
        emails
    };
    let (ada_email, waits, other) = (ada.email.as_str(), "waits@example.com", "other@example.com");
    let (operator, bob, carol) = (operator.as_str(), bob.as_str(), carol.as_str());
    assert_eq!(found(""), [ada_email, operator, bob, carol, waits, other]);
    assert_eq!(found("workspace_name_like=SEARCH"), [ada_email, operator, bob, other]);
    assert_eq!(
        found("workspace_name_like=search&workspace_name_like=e_1"),
        [ada_email, operator, bob, carol, waits, other]
    );
    assert_eq!(found("workspace_name_like=_"), [ada_email, bob, carol, waits], "no wildcard");
    assert_eq!(found("workspace_name_like=%25"), Vec::<String>::new(), "no wildcard");
    assert_eq!(found("workspace_name_like="), [ada_email, operator, bob, carol, waits, other]);
    assert_eq!(found("organization_role_like=viewer"), [carol]);
    assert_eq!(found("organization_role_like=ORGANIZATION_USER"), [bob, waits, other]);
    assert_eq!(found("organization_role_like=operator&organization_role_like=admin"), [ada_email, operator]);
    assert_eq!(found("organization_role_like=moon"), Vec::<String>::new());
    assert_eq!(found("workspace_role_like=Viewer"), [operator, carol, waits]);
    assert_eq!(found("workspace_role_like=GR%C3%96SSE"), Vec::<String>::new());
    assert_eq!(found("workspace_role_like=gr%C3%B6"), [bob]);
    // An invitation without a role gives Editor.
    assert_eq!(found("workspace_role_like=edit"), [bob, other]);
    // Both mean the same membership.
    assert_eq!(found("workspace_name_like=voice&workspace_role_like=editor"), Vec::<String>::new());
    assert_eq!(found("workspace_name_like=voice&workspace_role_like=gr"), [bob]);
    assert_eq!(found("workspace_name_like=voice&active_is=true"), [ada_email, bob, carol]);
    assert_eq!(found("workspace_name_like=voice&pending_is=true"), [waits]);
    assert_eq!(found("email_like=waits&email_like=other"), [waits, other]);
    assert_eq!(found("name_like=INVITED&pending_is=true"), [waits, other]);
    let list = ada.get("/v1/platform/orgs/current/members?email_like=waits", org).ok();
    let shown = json!([{ "workspace_id": voice, "workspace_name": "Voice_100", "role_id": viewer, "role_name": "Viewer" }]);
    assert_eq!(
        (&list[0]["workspace_memberships"], &list[0]["display_name"]),
        (&shown, &json!("Invited One"))
    );
    // Without RBAC everybody inside is Admin.
    server.plan(&acme, "plus");
    assert_eq!(found("workspace_role_like=viewer"), Vec::<String>::new());
    assert_eq!(found("workspace_role_like=admin&active_is=true"), [ada_email, operator, bob, carol]);
    let long = format!("/v1/platform/orgs/current/members?workspace_name_like={}", "x".repeat(321));
    ada.get(&long, org).invalid(&[json!("query"), json!("workspace_name_like")]);
}

/// Atrium's own questions of the newer list, which its flag announces: members and invitations are
/// one list, searched, filtered and sorted, and cut into pages that neither repeat nor miss anybody.
#[test]
fn one_order_of_members_and_invitations() {
    let server = Server::start();
    let info = server.send("GET", "/info", &[], None).ok();
    assert_eq!(info["instance_flags"]["members_query"], true);
    assert_eq!(info["instance_flags"]["workspace_count_sort"], true);
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let search = ada.workspace(&acme, "Search");
    let voice = ada.workspace(&acme, "Voice");
    let editor = ada.role(&acme, "WORKSPACE_USER");
    for (index, role) in
        ["ORGANIZATION_OPERATOR", "ORGANIZATION_USER", "ORGANIZATION_VIEWER", "ORGANIZATION_ADMIN"]
            .iter()
            .cycle()
            .take(13)
            .enumerate()
    {
        let (_, identity) = ada.colleague(&acme, role, &[]);
        if index % 4 == 1 {
            let body = json!({ "org_identity_id": identity, "role_id": editor });
            ada.post("/workspaces/current/members", At::Workspace(&search), body).ok();
        }
    }
    for index in 0..9 {
        let role = ada.role(&acme, if index == 4 { "ORGANIZATION_ADMIN" } else { "ORGANIZATION_USER" });
        // Among the members in every order: some before, some after, some without a name.
        let email = format!("{}{index}@example.com", ["aa", "person5", "zz"][index % 3]);
        let name = [None, Some(format!("Person1{index}z")), Some(format!("ZOE {index}"))][index % 3].clone();
        let inside = if index % 2 == 0 { vec![&search] } else { vec![&voice] };
        let body = json!({ "email": email, "full_name": name, "role_id": role, "workspace_ids": inside });
        ada.post("/orgs/current/members", org, body).ok();
    }
    let page = |query: &str| {
        let reply = ada.get(&format!("/v1/platform/orgs/current/members?{query}"), org);
        let total: usize =
            reply.headers.get("x-pagination-total").unwrap().to_str().unwrap().parse().unwrap();
        (reply.ok().as_array().unwrap().clone(), total)
    };
    let (all, total) = page("limit=100");
    assert_eq!((all.len(), total), (23, 23));
    let name = |row: &serde_json::Value| row["display_name"].as_str().unwrap_or_default().to_lowercase();
    let key = |by: &str, row: &serde_json::Value| -> (String, String) {
        let first = match by {
            "email" => text(&row["email"]),
            "name" => name(row),
            // The words of the roles and their names are sorted alike.
            "role" => text(&row["role_name"]),
            // An Organization Admin is in all, which is more than any number.
            "workspace_count" if row["role_name"] == "Organization Admin" => "all".to_owned(),
            "workspace_count" => format!("{:03}", row["workspace_memberships"].as_array().unwrap().len()),
            _ => text(&row["created_at"]),
        };
        (first, text(&row["id"]))
    };
    let numbers: std::collections::HashSet<_> = all.iter().map(|row| key("workspace_count", row).0).collect();
    assert!(numbers.len() > 2, "{numbers:?}");
    for by in ["email", "name", "role", "created_at", "workspace_count"] {
        let mut right = all.clone();
        right.sort_by_key(|row| key(by, row));
        for desc in [false, true] {
            let right: Vec<_> = if desc { right.iter().rev().cloned().collect() } else { right.clone() };
            for limit in [1, 4, 7, 23, 50] {
                let mut found = Vec::new();
                for offset in (0..=24).step_by(limit) {
                    let (rows, total) =
                        page(&format!("sort_by={by}&sort_by_desc={desc}&limit={limit}&offset={offset}"));
                    assert_eq!(total, 23);
                    found.extend(rows);
                }
                assert_eq!(found, right, "{by} {desc} {limit}");
            }
        }
    }
    // By status each kind is sorted by address, and the direction says which comes first.
    for desc in [false, true] {
        let mut right = all.clone();
        right.sort_by_key(|row| ((row["is_pending"] == true) != desc, text(&row["email"])));
        for limit in [2, 5, 9, 30] {
            let found: Vec<_> = (0..=24)
                .step_by(limit)
                .flat_map(|offset| {
                    page(&format!("sort_by=status&sort_by_desc={desc}&limit={limit}&offset={offset}")).0
                })
                .collect();
            assert_eq!(found, right, "{desc} {limit}");
        }
    }
    // Filters, each alone and together, in every order: whoever fits, once.
    let emails = |query: &str| -> Vec<String> {
        let mut found: Vec<Vec<String>> =
            ["", "&sort_by=email", "&sort_by=status", "&sort_by=name", "&sort_by=workspace_count"]
                .iter()
                .map(|order| {
                    let (rows, total) = page(&format!("limit=100&{query}{order}"));
                    assert_eq!(rows.len(), total, "{query}{order}");
                    let mut found: Vec<_> = rows.iter().map(|row| text(&row["email"])).collect();
                    found.sort();
                    found
                })
                .collect();
        let first = found.remove(0);
        assert!(found.iter().all(|one| *one == first), "{query}: {first:?} {found:?}");
        first
    };
    let right = |fits: &dyn Fn(&serde_json::Value) -> bool| {
        let mut fitting: Vec<_> = all.iter().filter(|row| fits(row)).map(|row| text(&row["email"])).collect();
        fitting.sort();
        fitting
    };
    let has =
        |row: &serde_json::Value, part: &str| text(&row["email"]).contains(part) || name(row).contains(part);
    let is_admin = |row: &serde_json::Value| row["role_name"] == "Organization Admin";
    let inside = |row: &serde_json::Value, workspace: &str| {
        let memberships = row["workspace_memberships"].as_array().unwrap();
        is_admin(row) || memberships.iter().any(|one| one["workspace_id"] == workspace)
    };
    for part in ["zoe", "PERSON1", "aa", "example.com", "%25", "nobody"] {
        let plain = part.replace("%25", "%").to_lowercase();
        assert_eq!(emails(&format!("q={part}")), right(&|row| has(row, &plain)), "{part}");
    }
    assert_eq!(emails("organization_role=ORGANIZATION_ADMIN"), right(&is_admin));
    assert_eq!(emails("organization_role=ORGANIZATION_ADMIN&pending_is=true"), ["person54@example.com"]);
    assert_eq!(emails(&format!("workspace_id={search}")), right(&|row| inside(row, &search)));
    assert_eq!(
        emails(&format!("workspace_id={voice}&organization_role=ORGANIZATION_USER&q=zoe")),
        right(&|row| !is_admin(row) && inside(row, &voice) && has(row, "zoe"))
    );
    assert_eq!(emails("active_is=true&q=zoe"), Vec::<String>::new());
    assert_eq!(emails("active_is=true"), right(&|row| row["is_pending"] == false));
    // Of another organization, or of none: nobody, and not the Admins either.
    let other = ada.organization("Other", "enterprise");
    let foreign = ada.workspace(&other, "Foreign");
    assert_eq!(emails(&format!("workspace_id={foreign}")), Vec::<String>::new());
    for bad in ["sort_by=moon", "organization_role=ADMIN", "workspace_id=x", "sort_by_desc=maybe"] {
        let key = bad.split('=').next().unwrap();
        ada.get(&format!("/v1/platform/orgs/current/members?{bad}"), org)
            .invalid(&[json!("query"), json!(key)]);
    }
}
