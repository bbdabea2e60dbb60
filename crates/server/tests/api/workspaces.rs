//! Workspaces, their members and what they hold.

use serde_json::json;

use crate::common::{At, Server, text};

#[test]
fn making_renaming_deleting() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let org = At::Org(&acme);
    for name in ["", " ", "a/b", "ü", &"x".repeat(101)] {
        ada.post("/workspaces", org, json!({ "display_name": name }))
            .invalid(&[json!("body"), json!("display_name")]);
    }
    let two = ada.workspace(&acme, "Bob's (new)");
    ada.workspace(&acme, "Three");
    ada.post("/workspaces", org, json!({ "display_name": "Four" }))
        .refused(403, "The plan's limit of workspaces is reached.");
    assert_eq!(ada.get("/orgs/current/info", org).ok()["reached_max_workspaces"], true);
    let (user, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let path = format!("/workspaces/{two}");
    assert_eq!(
        ada.patch(&path, At::Nowhere, json!({ "display_name": "Renamed" })).ok()["display_name"],
        "Renamed"
    );
    ada.post("/datasets", At::Workspace(&two), json!({ "name": "d" })).ok();
    ada.delete(&path, At::Nowhere).ok();
    ada.delete(&path, At::Nowhere).refused(404, "no such workspace");
    // What was in it is gone; that it was there is remembered, for those who could enter it.
    let all = ada.get("/workspaces?include_deleted=true", org).ok();
    let gone = all.as_array().unwrap().iter().find(|row| row["id"] == two.as_str()).unwrap();
    assert_eq!((&gone["display_name"], &gone["is_deleted"]), (&json!("Renamed"), &json!(true)));
    assert_eq!((all.as_array().unwrap().len(), gone.as_object().unwrap().len()), (3, 12));
    assert_eq!(ada.workspaces(&acme).len(), 2);
    assert_eq!(user.get("/workspaces?include_deleted=true", At::Org(&acme)).ok(), json!([]));
    ada.get("/datasets", At::Workspace(&two))
        .refused(403, "not a member of this workspace, or it does not exist");
    let one = ada.workspaces(&acme);
    ada.delete(&format!("/workspaces/{}", one[0]), At::Nowhere).ok();
    ada.delete(&format!("/workspaces/{}", one[1]), At::Nowhere).refused(409, "keeps at least one workspace");
    let orgs = ada.get("/orgs", At::Nowhere).ok();
    let personal =
        text(&orgs.as_array().unwrap().iter().find(|row| row["is_personal"] == true).unwrap()["id"]);
    ada.post("/workspaces", At::Org(&personal), json!({ "display_name": "Second" }))
        .refused(403, "A personal organization has one workspace.");
}

/// Atrium's own: the contract has no field for it.
#[test]
fn a_workspace_keeps_the_colour_that_was_chosen() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let workspace = ada.workspaces(&acme).remove(0);
    assert_eq!(ada.get("/info", At::Nowhere).ok()["instance_flags"]["workspace_colors"], true);
    let path = format!("/workspaces/{workspace}");
    let kept = || ada.get("/workspaces", At::Org(&acme)).ok()[0]["color"].clone();
    let change = |body| ada.patch(&path, At::Nowhere, body);
    assert_eq!(kept(), json!(null));
    assert_eq!(change(json!({ "display_name": "Lab", "color": "blue" })).ok()["color"], "blue");
    // LangSmith's own call, which knows no colours, leaves it alone; an empty one takes it away.
    change(json!({ "display_name": "Laboratory" })).ok();
    change(json!({ "display_name": "Laboratory", "color": null })).ok();
    assert_eq!(kept(), "blue");
    change(json!({ "display_name": "Laboratory", "color": "mauve" }))
        .invalid(&[json!("body"), json!("color")]);
    assert_eq!(kept(), "blue");
    change(json!({ "display_name": "Laboratory", "color": "" })).ok();
    assert_eq!(kept(), json!(null));
    assert!(ada.get("/workspaces", At::Org(&acme)).ok()[0].get("color").is_none());
}

#[test]
fn how_many_are_in_a_workspace_is_told_beside_the_page() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let all = |query: &str| {
        let reply = ada.get(&format!("/workspaces/current/members/active?{query}"), at);
        let total = reply.header("x-pagination-total").to_owned();
        (reply.ok().as_array().unwrap().len(), total)
    };
    assert_eq!(all("limit=1"), (1, "1".to_owned()));
    // An Organization Admin is in every workspace, added or not; somebody who was not is not.
    ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
    let (_, bob) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    ada.colleague(&acme, "ORGANIZATION_USER", &[&workspace]);
    assert_eq!(all("limit=1"), (1, "3".to_owned()));
    assert_eq!(all("limit=2&offset=2"), (1, "3".to_owned()));
    ada.post("/workspaces/current/members", at, json!({ "org_identity_id": bob })).ok();
    assert_eq!(all("limit=100"), (4, "4".to_owned()));
    assert_eq!(all("q=nobody-has-this"), (0, "0".to_owned()));
}

#[test]
fn members_of_a_workspace() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let (_, boss) = ada.colleague(&acme, "ORGANIZATION_ADMIN", &[]);
    bob.get("/sessions", at).refused(403, "not a member of this workspace");
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let added = ada
        .post("/workspaces/current/members", at, json!({ "org_identity_id": identity, "role_id": viewer }))
        .ok();
    assert_eq!((&added["role_name"], &added["access_scope"]), (&json!("Viewer"), &json!("workspace")));
    assert_ne!(added["id"], identity.as_str(), "two identities with two ids");
    ada.post("/workspaces/current/members", at, json!({ "ls_user_id": added["ls_user_id"] }))
        .refused(409, "is already a member of Workspace 1.");
    ada.post("/workspaces/current/members", at, json!({ "org_identity_id": boss }))
        .refused(409, "is already a member");
    ada.post("/workspaces/current/members", at, json!({}))
        .invalid(&[json!("body"), json!("org_identity_id")]);
    ada.post("/workspaces/current/members", at, json!({ "user_id": acme }))
        .invalid(&[json!("body"), json!("user_id")]);
    let all = ada.get("/workspaces/current/members", at).ok();
    assert_eq!(all["members"].as_array().unwrap().len(), 3, "Organization Admins are listed too");
    let path = format!("/workspaces/current/members/{}", text(&added["id"]));
    bob.post("/sessions", at, json!({ "name": "x" })).refused(403, "Viewer");
    ada.patch(&path, at, json!({ "role_id": ada.role(&acme, "WORKSPACE_ADMIN") })).ok();
    bob.post("/sessions", at, json!({ "name": "x" })).ok();
    let (_, carol) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    bob.post("/workspaces/current/members", at, json!({ "org_identity_id": carol })).ok();
    ada.patch(&format!("/workspaces/current/members/{boss}"), at, json!({ "role_id": viewer }))
        .refused(409, "An Organization Admin is Admin of every workspace.");
    ada.delete(&format!("/workspaces/current/members/{boss}"), at)
        .refused(409, "An Organization Admin is Admin");
    ada.patch(&path, at, json!({ "role_id": ada.role(&acme, "ORGANIZATION_USER") }))
        .invalid(&[json!("body"), json!("role_id")]);
    ada.delete(&path, at).ok();
    bob.get("/sessions", at).refused(403, "not a member of this workspace");
    bob.get("/orgs/current", At::Org(&acme)).ok();
}

#[test]
fn without_rbac_everybody_inside_is_admin() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let added = ada
        .post("/workspaces/current/members", at, json!({ "org_identity_id": identity, "role_id": viewer }))
        .ok();
    server.plan(&acme, "plus");
    assert_eq!(bob.get("/workspaces", At::Org(&acme)).ok()[0]["role_name"], "Admin");
    bob.post("/sessions", at, json!({ "name": "x" })).ok();
    let path = format!("/workspaces/current/members/{}", text(&added["id"]));
    ada.patch(&path, at, json!({ "role_id": viewer }))
        .refused(403, "On this plan everybody in a workspace is its Admin.");
    server.plan(&acme, "enterprise");
    assert_eq!(bob.get("/workspaces", At::Org(&acme)).ok()[0]["role_name"], "Viewer");
}

#[test]
fn resources_stay_in_their_workspace() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    for path in ["/sessions", "/datasets", "/annotation-queues"] {
        for name in ["alpha", "Beta", "gamma 100%"] {
            let made = ada.post(path, At::Workspace(&one), json!({ "name": name, "description": "d" })).ok();
            assert_eq!(
                (&made["name"], &made["description"], &made["tenant_id"]),
                (&json!(name), &json!("d"), &json!(one))
            );
        }
        ada.post(path, At::Workspace(&one), json!({ "name": "alpha" }))
            .refused(409, "There is one named alpha");
        ada.post(path, At::Workspace(&one), json!({ "name": " " })).invalid(&[json!("body"), json!("name")]);
        assert_eq!(ada.get(path, At::Workspace(&two)).ok(), json!([]), "{path}");
        let names = |query: &str| -> Vec<String> {
            let list = ada.get(&format!("{path}?{query}"), At::Workspace(&one)).ok();
            list.as_array().unwrap().iter().map(|row| text(&row["name"])).collect()
        };
        assert_eq!(names("sort_by=name&sort_by_desc=false"), ["alpha", "Beta", "gamma 100%"]);
        assert_eq!(names("sort_by=name&sort_by_desc=false&limit=1&offset=1"), ["Beta"]);
        assert_eq!(names("name_contains=BE"), ["Beta"]);
        assert_eq!(names("name_contains=0%25"), ["gamma 100%"]);
        assert_eq!(names("name_contains=_"), Vec::<String>::new(), "no wildcard");
        assert_eq!(names("name=alpha"), ["alpha"]);
    }
    let upserted = ada.post("/sessions?upsert=true", At::Workspace(&one), json!({ "name": "alpha" })).ok();
    let list = ada.get("/sessions?name=alpha", At::Workspace(&one)).ok();
    assert_eq!(upserted["id"], list[0]["id"]);
    assert_eq!(ada.get("/repos", At::Workspace(&one)).ok(), json!({ "repos": [], "total": 0 }));
    let stats = ada.get("/workspaces/current/stats", At::Workspace(&one)).ok();
    assert_eq!(
        (&stats["dataset_count"], &stats["annotation_queue_count"], &stats["tracer_session_count"]),
        (&json!(3), &json!(3), &json!(3))
    );
}

/// Both databases keep the same times: none that only one of them knows, nothing finer than a
/// microsecond.
#[test]
fn times_that_a_client_gives() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let here = At::Workspace(&workspace);
    let make = |path: &str, key: &str, time: &str| ada.post(path, here, json!({ "name": time, key: time }));
    for (path, key) in
        [("/sessions", "start_time"), ("/datasets", "created_at"), ("/annotation-queues", "created_at")]
    {
        for time in ["-0001-01-01T00:00:00Z", "-4714-01-01T00:00:00Z", "+10000-01-01T00:00:00Z"] {
            make(path, key, time).invalid(&[json!("body"), json!(key)]);
        }
        for time in ["0001-01-01T00:00:00Z", "1999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59Z"] {
            make(path, key, time).ok();
        }
        let list = ada.get(&format!("{path}?sort_by={key}&sort_by_desc=false"), here).ok();
        let times: Vec<_> = list.as_array().unwrap().iter().map(|row| row[key].clone()).collect();
        assert_eq!(
            times,
            ["0001-01-01T00:00:00.000000Z", "1999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.000000Z"]
        );
    }
}
