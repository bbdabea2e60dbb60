//! The audit log: every change is in it, with who, what, where, before and after.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::common::{At, Person, Server, program, text, url};
use crate::job::payment;

const ALWAYS: &str = "start_time=2000-01-01T00:00:00Z&end_time=2999-01-01T00:00:00Z";

/// Every entry, newest first, with more filters.
pub fn entries(person: &Person<'_>, organization: &str, more: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/audit-logs?{ALWAYS}&limit=100{more}{cursor}");
        let page = person.get(&path, At::Org(organization)).ok();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

pub fn operation(entry: &Value) -> &str {
    entry["unmapped"]["original_audit_log"]["operation_name"].as_str().unwrap()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().map(|fields| fields.keys().map(String::as_str).collect()).unwrap_or_default()
}

/// What the contract's schemas ask of an entry.
#[track_caller]
pub fn fits_the_contract(entry: &Value) {
    let expect = |value: &Value, expected: &[&str]| {
        assert_eq!(keys(value), expected.iter().copied().collect(), "{value}");
    };
    expect(
        entry,
        &[
            "class_uid",
            "class_name",
            "category_uid",
            "category_name",
            "severity_id",
            "type_uid",
            "activity_id",
            "activity_name",
            "status_id",
            "status",
            "time",
            "metadata",
            "api",
            "http_request",
            "http_response",
            "actor",
            "src_endpoint",
            "resources",
            "unmapped",
        ],
    );
    assert_eq!((&entry["class_uid"], &entry["class_name"]), (&json!(6003), &json!("API Activity")));
    assert_eq!(
        (&entry["category_uid"], &entry["category_name"]),
        (&json!(6), &json!("Application Activity"))
    );
    assert_eq!(entry["severity_id"], 99);
    let activity = entry["activity_id"].as_u64().unwrap();
    assert!(matches!(activity, 0..=4 | 99) && entry["type_uid"] == 600_300 + activity, "{entry}");
    assert!(matches!(entry["status_id"].as_u64(), Some(1 | 2)) && entry["status"].is_string(), "{entry}");
    assert!(entry["time"].as_i64().unwrap() > 1_600_000_000_000, "milliseconds: {entry}");
    expect(&entry["metadata"], &["uid", "product"]);
    expect(&entry["metadata"]["product"], &["name", "vendor_name"]);
    expect(&entry["api"], &["operation"]);
    expect(&entry["http_request"], &["http_method", "url"]);
    expect(&entry["http_request"]["url"], &["path"]);
    expect(&entry["http_response"], &["code"]);
    expect(&entry["actor"], &["user"]);
    expect(&entry["actor"]["user"], &["uid", "credential_uid"]);
    expect(&entry["src_endpoint"], &["ip", "port", "intermediate_ips"]);
    for resource in entry["resources"].as_array().unwrap() {
        expect(resource, &["uid"]);
    }
    // `before`, `after` and `request_id` are more than the schema asks for, which it allows.
    expect(&entry["unmapped"], &["original_audit_log", "request_id", "before", "after"]);
    let log = &entry["unmapped"]["original_audit_log"];
    expect(
        log,
        &[
            "id",
            "operation_name",
            "operation_succeeded",
            "request_time",
            "api_key_id",
            "user_id",
            "ls_user_id",
            "organization_id",
            "workspace_id",
            "enrichments",
        ],
    );
    if !log["enrichments"].is_null() {
        expect(
            &log["enrichments"],
            &[
                "request_method",
                "request_path",
                "client_host",
                "client_port",
                "x_forwarded_for",
                "response_status_code",
                "resource_ids",
            ],
        );
    }
}

/// Does every change that there is, once.
struct Done<'a> {
    ada: Person<'a>,
    acme: String,
    /// By operation: the workspace, before, after.
    expected: BTreeMap<&'static str, (Option<String>, Value, Value)>,
}

fn do_everything(server: &Server) -> Done<'_> {
    let ada = server.anybody();
    let me = text(&ada.get("/me/ls_user_id", At::Nowhere).ok());
    let acme = ada.organization("Acme", "no_plan");
    let org = At::Org(&acme);
    let mut expected = BTreeMap::new();
    let mut expect = |name, workspace: Option<&str>, before: Value, after: Value| {
        expected.insert(name, (workspace.map(str::to_owned), before, after));
    };
    expect(
        "create_organization",
        None,
        Value::Null,
        json!({ "display_name": "Acme", "tier": "no_plan", "disabled": true }),
    );
    let intent = text(&ada.post("/orgs/current/setup", org, json!({})).ok()["client_secret"]);
    let intent_id = intent.split("_secret_").next().unwrap();
    expect("create_payment_setup_intent", None, Value::Null, json!({ "setup_intent": intent_id }));
    ada.post("/orgs/current/payment-method", org, payment(&intent)).ok();
    expect("update_payment_method", None, Value::Null, json!({ "brand": "visa", "last4": "4242" }));
    ada.post("/orgs/current/plan", org, json!({ "tier": "plus" })).ok();
    server.plan(&acme, "enterprise");
    expect("update_payment_plan", None, json!({ "tier": "plus" }), json!({ "tier": "enterprise" }));
    ada.post("/orgs/current/business-info", org, json!({ "is_business": true })).ok();
    expect(
        "update_business_info",
        None,
        json!({}),
        json!({ "company_info": null, "tax_id": null, "invoice_email": null, "is_business": true }),
    );
    ada.patch("/orgs/current/info", org, json!({ "display_name": "Acme 2", "pat_creation_disabled": true }))
        .ok();
    expect(
        "update_organization_info",
        None,
        json!({ "display_name": "Acme" }),
        json!({ "display_name": "Acme 2", "pat_creation_disabled": true }),
    );

    let lab = ada.workspace(&acme, "Lab");
    let at = At::Workspace(&lab);
    expect(
        "create_workspace",
        Some(&lab),
        Value::Null,
        json!({ "display_name": "Lab", "tenant_handle": null }),
    );
    let renamed = json!({ "display_name": "Lab 2", "color": "teal" });
    ada.patch(&format!("/workspaces/{lab}"), At::Nowhere, renamed).ok();
    expect(
        "update_workspace",
        Some(&lab),
        json!({ "display_name": "Lab" }),
        json!({ "display_name": "Lab 2", "color": "teal" }),
    );
    for (path, name, kind) in [
        ("/sessions", "create_tracer_session", "project"),
        ("/datasets", "create_dataset", "dataset"),
        ("/annotation-queues", "create_annotation_queue", "annotation_queue"),
        ("/repos", "create_prompt", "prompt"),
    ] {
        let key = if kind == "prompt" { "repo_handle" } else { "name" };
        ada.post(path, at, json!({ key: "one", "description": "hidden" })).ok();
        expect(name, Some(&lab), Value::Null, json!({ "kind": kind, "name": "one" }));
    }

    let definition = |name: &str, permission: &str| json!({ "display_name": name, "description": "", "permissions": [permission] });
    let role = ada.post("/orgs/current/roles", org, definition("R", "runs:read")).ok();
    let role = text(&role["id"]);
    expect("create_role", None, Value::Null, definition("R", "runs:read"));
    let path = format!("/orgs/current/roles/{role}");
    ada.patch(&path, org, definition("R", "projects:read")).ok();
    expect(
        "update_role",
        None,
        json!({ "permissions": ["runs:read"] }),
        json!({ "permissions": ["projects:read"] }),
    );

    let invitation = |email: &str, workspaces: &[&str]| json!({ "email": email, "role": "ORGANIZATION_USER", "workspace_role_id": null, "workspace_ids": workspaces });
    let waiting = ada.invite(&acme, "one@example.com", "ORGANIZATION_USER", &[&lab]);
    ada.delete(&format!("/workspaces/current/members/{waiting}/pending"), at).ok();
    let opened = json!({ "invitation_id": waiting, "workspace_id": lab });
    expect("delete_workspace_pending_member", Some(&lab), opened, Value::Null);
    ada.delete(&format!("/orgs/current/members/{waiting}/pending"), org).ok();
    expect("delete_org_pending_member", None, invitation("one@example.com", &[]), Value::Null);
    let rows =
        json!([{ "email": "two@example.com" }, { "email": "three@example.com", "workspace_ids": [lab] }]);
    ada.post("/orgs/current/members/batch", org, rows).ok();
    expect(
        "invite_users_to_org_batch",
        None,
        Value::Null,
        json!([invitation("two@example.com", &[]), invitation("three@example.com", &[&lab])]),
    );
    let two = server.sign_up("two@example.com");
    two.delete(&format!("/orgs/pending/{acme}"), At::Nowhere).ok();
    expect("delete_pending_organization_invite", None, invitation("two@example.com", &[]), Value::Null);
    ada.invite(&acme, "bob@example.com", "ORGANIZATION_USER", &[]);
    expect("invite_user_to_org", None, Value::Null, invitation("bob@example.com", &[]));
    let bob = server.sign_up("bob@example.com");
    let bobs = text(&bob.get("/me/ls_user_id", At::Nowhere).ok());
    let identity = bob.accept(&acme);
    expect(
        "claim_pending_organization_invite",
        None,
        invitation("bob@example.com", &[]),
        json!({ "user_id": bobs, "role": "ORGANIZATION_USER", "workspaces": [] }),
    );
    let viewer = json!({ "role_id": ada.role(&acme, "ORGANIZATION_VIEWER") });
    ada.patch(&format!("/orgs/current/members/{identity}"), org, viewer).ok();
    expect(
        "update_org_member",
        None,
        json!({ "role": "ORGANIZATION_USER" }),
        json!({ "role": "ORGANIZATION_VIEWER" }),
    );
    let (editor, reader) = (ada.role(&acme, "WORKSPACE_USER"), ada.role(&acme, "WORKSPACE_VIEWER"));
    let membership =
        |role: &str| json!({ "org_identity_id": identity, "workspace_id": lab, "role_id": role });
    let add = || {
        let body = json!({ "org_identity_id": identity });
        text(&ada.post("/workspaces/current/members", at, body).ok()["id"])
    };
    let inside = add();
    expect("add_member_to_workspace", Some(&lab), Value::Null, membership(&editor));
    let path_inside = format!("/workspaces/current/members/{inside}");
    ada.patch(&path_inside, at, json!({ "role_id": reader })).ok();
    expect("update_workspace_member", Some(&lab), json!({ "role_id": editor }), json!({ "role_id": reader }));
    ada.delete(&path_inside, at).ok();
    expect("delete_workspace_member", Some(&lab), membership(&reader), Value::Null);
    add();
    ada.delete(&format!("/orgs/current/members/{identity}"), org).ok();
    expect(
        "delete_org_member",
        None,
        json!({ "user_id": bobs, "role": "ORGANIZATION_VIEWER", "workspaces": [membership(&editor)] }),
        Value::Null,
    );
    ada.post(&format!("/orgs/current/members/removed/{identity}/restore"), org, json!({})).ok();
    expect(
        "restore_org_member",
        None,
        Value::Null,
        json!({
            "user_id": bobs,
            "role": "ORGANIZATION_VIEWER",
            "workspaces": [membership(&editor)],
            "left_out": [],
        }),
    );
    ada.delete(&path, org).ok();
    expect("delete_role", None, definition("R", "projects:read"), Value::Null);
    ada.delete(&format!("/workspaces/{lab}"), At::Nowhere).ok();
    expect(
        "delete_workspace",
        Some(&lab),
        json!({
            "display_name": "Lab 2",
            "tenant_handle": null,
            "color": "teal",
            "resources": { "project": 1, "dataset": 1, "annotation_queue": 1, "prompt": 1 },
        }),
        Value::Null,
    );
    drop(me);
    Done { ada, acme, expected }
}

#[test]
fn every_change_is_recorded_with_before_and_after() {
    let server = Server::start();
    let Done { ada, acme, expected } = do_everything(&server);
    let me = ada.get("/me/ls_user_id", At::Nowhere).ok();
    let all = entries(&ada, &acme, "");
    for entry in &all {
        fits_the_contract(entry);
    }
    // Each once, but for what is done on the way to something else.
    let mut newest = BTreeMap::new();
    for entry in all.iter().rev() {
        newest.insert(operation(entry).to_owned(), entry);
    }
    let recorded: BTreeSet<_> = newest.keys().map(String::as_str).collect();
    assert_eq!(recorded, expected.keys().copied().collect());
    assert_eq!(expected.len(), 28);
    for (name, (workspace, before, after)) in &expected {
        let entry = newest[*name];
        let log = &entry["unmapped"]["original_audit_log"];
        let told = (&entry["unmapped"]["before"], &entry["unmapped"]["after"]);
        assert_eq!(told, (before, after), "{name}");
        assert_eq!(
            (&log["organization_id"], &log["workspace_id"]),
            (&json!(acme), &json!(workspace)),
            "{name}"
        );
        assert_eq!((&log["operation_succeeded"], &entry["status_id"]), (&json!(true), &json!(1)), "{name}");
        assert!(entry["unmapped"]["before"] != entry["unmapped"]["after"], "{name}");
        assert!(!entry["resources"].as_array().unwrap().is_empty(), "{name} names what it changed");
    }
    // Who: by an account, by the invited person, by an operator.
    let actor = |name: &str| newest[name]["actor"]["user"]["uid"].clone();
    assert_eq!(actor("create_role"), me);
    let claimed = newest["claim_pending_organization_invite"];
    assert_eq!(claimed["actor"]["user"]["uid"], claimed["unmapped"]["after"]["user_id"]);
    assert_eq!(actor("update_payment_plan"), Value::Null);
    let by_operator = newest["update_payment_plan"];
    assert_eq!(by_operator["unmapped"]["original_audit_log"]["enrichments"], Value::Null);
    assert_eq!(by_operator["http_response"]["code"], Value::Null);
    // What, as OCSF says it; a project has no word of its own in the contract.
    let said = |name: &str| (newest[name]["activity_name"].clone(), newest[name]["type_uid"].clone());
    assert_eq!(said("create_role"), (json!("Create"), json!(600_301)));
    assert_eq!(said("update_role"), (json!("Update"), json!(600_303)));
    assert_eq!(said("delete_role"), (json!("Delete"), json!(600_304)));
    assert_eq!(newest["create_tracer_session"]["api"]["operation"], "update_tracer_session");
    assert_eq!(newest["create_prompt"]["api"]["operation"], "create_commit");
    assert_eq!(newest["create_role"]["api"]["operation"], "create_role");
    // From where.
    let log = &newest["update_role"]["unmapped"]["original_audit_log"];
    assert_eq!(log["enrichments"]["request_method"], "PATCH");
    assert!(text(&log["enrichments"]["request_path"]).starts_with("/api/v1/orgs/current/roles/"));
    assert_eq!(log["enrichments"]["client_host"], "127.0.0.1");
    assert_eq!(newest["update_role"]["src_endpoint"]["ip"], "127.0.0.1");
    assert_eq!(newest["update_role"]["http_response"]["code"], 200);
}

#[test]
fn the_first_sign_in_makes_an_organization_on_record_and_proxies_are_named() {
    let server = Server::start();
    let ada = server.anybody();
    let headers = [("x-forwarded-for", "203.0.113.7, unknown, 10.0.0.2"), ("x-request-id", "first-1")];
    let personal = ada.call_with("GET", "/orgs", At::Nowhere, None, &headers).ok();
    let personal = text(&personal[0]["id"]);
    server.plan(&personal, "enterprise");
    let all = entries(&ada, &personal, "&operations=create_organization");
    assert_eq!((all.len(), &all[0]["unmapped"]["after"]["display_name"]), (1, &json!("Personal")));
    assert_eq!(all[0]["unmapped"]["request_id"], "first-1");
    assert_eq!(all[0]["src_endpoint"]["intermediate_ips"], json!(["203.0.113.7", "10.0.0.2"]));
    let enrichments = &all[0]["unmapped"]["original_audit_log"]["enrichments"];
    assert_eq!(enrichments["x_forwarded_for"], headers[0].1);
}

#[test]
fn a_members_refused_change_is_recorded_and_a_strangers_is_not() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let (org, at) = (At::Org(&acme), At::Workspace(&workspace));
    let (vera, _) = ada.colleague(&acme, "ORGANIZATION_VIEWER", &[&workspace]);
    let viewer = json!({ "role_id": ada.role(&acme, "WORKSPACE_VIEWER") });
    let inside = format!("/workspaces/current/members/active?emails={}", vera.email);
    let inside = text(&ada.get(&inside, at).ok()[0]["id"]);
    ada.patch(&format!("/workspaces/current/members/{inside}"), at, viewer.clone()).ok();
    let stranger = server.anybody();
    let before = entries(&ada, &acme, "").len();

    let some = "00000000-0000-4000-8000-000000000000";
    let role = json!({ "display_name": "R", "description": "", "permissions": ["runs:read"] });
    let name = json!({ "display_name": "W", "name": "n" });
    let invitation = json!({ "email": "x@example.com" });
    let attempts = [
        ("PATCH", "/orgs/current/info".to_owned(), org, name.clone(), "update_organization_info"),
        ("DELETE", "/orgs/current?name=Acme".to_owned(), org, Value::Null, "delete_organization"),
        ("POST", "/orgs/current/setup".to_owned(), org, json!({}), "create_payment_setup_intent"),
        ("POST", "/orgs/current/payment-method".to_owned(), org, payment("seti_x"), "update_payment_method"),
        ("POST", "/orgs/current/plan".to_owned(), org, json!({ "tier": "plus" }), "update_payment_plan"),
        ("POST", "/orgs/current/business-info".to_owned(), org, json!({}), "update_business_info"),
        ("POST", "/orgs/current/members".to_owned(), org, invitation.clone(), "invite_user_to_org"),
        (
            "POST",
            "/orgs/current/members/batch".to_owned(),
            org,
            json!([invitation]),
            "invite_users_to_org_batch",
        ),
        ("PATCH", format!("/orgs/current/members/{some}"), org, viewer.clone(), "update_org_member"),
        ("DELETE", format!("/orgs/current/members/{some}"), org, Value::Null, "delete_org_member"),
        (
            "DELETE",
            format!("/orgs/current/members/{some}/pending"),
            org,
            Value::Null,
            "delete_org_pending_member",
        ),
        ("POST", "/orgs/current/roles".to_owned(), org, role.clone(), "create_role"),
        ("PATCH", format!("/orgs/current/roles/{some}"), org, role, "update_role"),
        ("DELETE", format!("/orgs/current/roles/{some}"), org, Value::Null, "delete_role"),
        ("POST", "/workspaces".to_owned(), org, name.clone(), "create_workspace"),
        ("PATCH", format!("/workspaces/{workspace}"), At::Nowhere, name.clone(), "update_workspace"),
        ("DELETE", format!("/workspaces/{workspace}"), At::Nowhere, Value::Null, "delete_workspace"),
        (
            "POST",
            "/workspaces/current/members".to_owned(),
            at,
            json!({ "org_identity_id": some }),
            "add_member_to_workspace",
        ),
        ("PATCH", format!("/workspaces/current/members/{some}"), at, viewer, "update_workspace_member"),
        ("DELETE", format!("/workspaces/current/members/{some}"), at, Value::Null, "delete_workspace_member"),
        (
            "DELETE",
            format!("/workspaces/current/members/{some}/pending"),
            at,
            Value::Null,
            "delete_workspace_pending_member",
        ),
        ("POST", "/sessions".to_owned(), at, name.clone(), "create_tracer_session"),
        ("POST", "/datasets".to_owned(), at, name.clone(), "create_dataset"),
        ("POST", "/annotation-queues".to_owned(), at, name, "create_annotation_queue"),
        ("POST", "/repos".to_owned(), at, json!({ "repo_handle": "p" }), "create_prompt"),
    ];
    let veras = vera.get("/me/ls_user_id", At::Nowhere).ok();
    for (method, path, place, body, name) in &attempts {
        let body = Some(body.clone()).filter(|body| !body.is_null());
        let refused = stranger.call(method, path, *place, body.clone());
        assert!(matches!(refused.status, 403 | 404), "{method} {path}: {}", refused.body);
        let refused = vera.call(method, path, *place, body);
        assert_eq!(refused.status, 403, "{method} {path}: {}", refused.body);
        let newest = ada.get(&format!("/audit-logs?{ALWAYS}&limit=1"), org).ok()["items"][0].clone();
        fits_the_contract(&newest);
        let log = &newest["unmapped"]["original_audit_log"];
        assert_eq!((operation(&newest), &log["user_id"]), (*name, &veras), "{newest}");
        assert_eq!((&newest["status_id"], &newest["status"]), (&json!(2), &json!("Failure")), "{name}");
        assert_eq!(
            (&log["operation_succeeded"], &newest["http_response"]["code"]),
            (&json!(false), &json!(403))
        );
        assert_eq!(
            (&newest["unmapped"]["before"], &newest["unmapped"]["after"]),
            (&Value::Null, &Value::Null)
        );
        let in_workspace = matches!(place, At::Workspace(_) | At::Nowhere);
        assert_eq!(log["workspace_id"], if in_workspace { json!(workspace) } else { Value::Null }, "{name}");
        assert_eq!(
            !newest["resources"].as_array().unwrap().is_empty(),
            path.contains('-') && path.len() > 40,
            "{path}"
        );
    }
    let all = entries(&ada, &acme, "");
    assert_eq!(all.len(), before + attempts.len(), "a refusal each, and none of the stranger's");
    // What does not fit is refused in the change, and on record as well, with its status.
    ada.invite(&acme, "twice@example.com", "ORGANIZATION_USER", &[]);
    ada.post("/orgs/current/members", org, json!({ "email": "twice@example.com" })).refused(409, "already");
    let codes = entries(&ada, &acme, "&operations=invite_user_to_org");
    assert_eq!(
        (&codes[0]["http_response"]["code"], &codes[1]["http_response"]["code"]),
        (&json!(409), &json!(200))
    );
    // Reading is no change, refused or not.
    vera.get(&format!("/audit-logs?{ALWAYS}"), org).refused(403, "Only an Organization Admin or Operator");
    assert_eq!(entries(&ada, &acme, "").len(), all.len() + 2);
}

#[test]
fn pages_neither_repeat_nor_miss_while_the_log_grows() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let rename = |index: usize| {
        let name = format!("Acme {index}");
        ada.patch("/orgs/current/info", org, json!({ "display_name": name })).ok();
    };
    (0..30).for_each(rename);
    let whole: Vec<Value> = entries(&ada, &acme, "");
    let ids = |items: &[Value]| items.iter().map(|item| text(&item["metadata"]["uid"])).collect::<Vec<_>>();
    assert_eq!(whole.len(), 32);
    let times: Vec<_> =
        whole.iter().map(|item| text(&item["unmapped"]["original_audit_log"]["request_time"])).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older), "newest first: {times:?}");
    for limit in [1, 4, 7, 31, 32, 33] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for step in 0.. {
            let page = ada.get(&format!("/audit-logs?{ALWAYS}&limit={limit}{cursor}"), org).ok();
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= limit && !items.is_empty());
            seen.extend(ids(items));
            if step < 2 {
                rename(100 + limit + step);
            }
            match page["cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let grown = seen.iter().position(|id| *id == ids(&whole)[0]).unwrap();
        assert_eq!(seen[grown..], ids(&whole)[..], "limit {limit}");
    }
    // Ten, where nothing is said.
    let page = ada.get(&format!("/audit-logs?{ALWAYS}"), org).ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 10);
    assert_eq!(keys(&page), ["cursor", "items"].into());
}

#[test]
fn filters() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (one, two) = (ada.workspace(&acme, "One"), ada.workspace(&acme, "Two"));
    for (workspace, name) in [(&one, "a"), (&two, "b"), (&one, "c")] {
        ada.post("/datasets", At::Workspace(workspace), json!({ "name": name })).ok();
        ada.post("/sessions", At::Workspace(workspace), json!({ "name": name })).ok();
    }
    let names = |more: &str| {
        entries(&ada, &acme, more).iter().map(|entry| operation(entry).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&format!("&workspace_id={two}")),
        ["create_tracer_session", "create_dataset", "create_workspace"]
    );
    assert_eq!(names("&operations=create_dataset").len(), 3);
    assert_eq!(names("&operations=update_tracer_session").len(), 3, "a project made has the nearest word");
    assert_eq!(names("&operations=create_dataset&operations=create_workspace").len(), 5);
    assert_eq!(names(&format!("&operations=create_dataset&workspace_id={one}")).len(), 2);
    assert_eq!(names("&operations=delete_runs"), [""; 0]);
    // Another organization's workspace has nothing here.
    let other = ada.organization("Other", "enterprise");
    let foreign = ada.workspace(&other, "Foreign");
    assert_eq!(names(&format!("&workspace_id={foreign}")), [""; 0]);
    assert_eq!(entries(&ada, &other, "&operations=create_workspace").len(), 1);

    // Both ends belong to the range.
    let all = entries(&ada, &acme, "");
    let time = |index: usize| text(&all[index]["unmapped"]["original_audit_log"]["request_time"]);
    let between = |start: &str, end: &str| {
        ada.get(&format!("/audit-logs?start_time={start}&end_time={end}&limit=100"), org).ok()["items"]
            .clone()
    };
    assert_eq!(between(&time(4), &time(1)), json!(all[1..=4]));
    assert_eq!(between(&time(2), &time(2)), json!(all[2..=2]));
    let local = time(2).replace('Z', "+00:00");
    assert_eq!(between(&local, &local.replace('+', "%2B")), json!(all[2..=2]));
    assert_eq!(
        between(&local.replace("+00:00", ""), &time(2)),
        json!(all[2..=2]),
        "without an offset in UTC"
    );
    assert_eq!(between(&time(1), &time(4)), json!([]));
    assert_eq!(between("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), json!(all));

    let ask = |query: &str| ada.get(&format!("/audit-logs?{query}"), org);
    let (start, end) = ("start_time=2000-01-01T00:00:00Z", "end_time=2999-01-01T00:00:00Z");
    let at = |key: &str| [json!("query"), json!(key)];
    for (query, key) in [
        (start.to_owned(), "end_time"),
        (end.to_owned(), "start_time"),
        (format!("{end}&start_time=yesterday"), "start_time"),
        (format!("{end}&start_time="), "start_time"),
        (format!("{end}&start_time=0001-01-01T00:00:00%2B05:00"), "start_time"),
        (format!("{start}&end_time=9999-12-31T23:59:59-05:00"), "end_time"),
        (format!("{ALWAYS}&limit=0"), "limit"),
        (format!("{ALWAYS}&limit=101"), "limit"),
        (format!("{ALWAYS}&workspace_id=x"), "workspace_id"),
        (format!("{ALWAYS}&operations=paint_house"), "operations"),
        (format!("{ALWAYS}&operations=create_tracer_session"), "operations"),
        (format!("{ALWAYS}&cursor=x"), "cursor"),
        (format!("{ALWAYS}&cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "cursor"),
    ] {
        ask(&query).invalid(&at(key));
    }
    assert_eq!(ask(start).body["detail"][0]["type"], "missing");
}

#[test]
fn an_actor_and_an_outcome_can_be_asked_for() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (otto, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    otto.post("/workspaces", org, json!({ "display_name": "Research" })).ok();
    let (vera, _) = ada.colleague(&acme, "ORGANIZATION_VIEWER", &[]);
    vera.post("/workspaces", org, json!({ "display_name": "Mine" })).refused(403, "");
    let id = |person: &Person<'_>| text(&person.get("/me/ls_user_id", At::Nowhere).ok());
    let by = |more: &str| -> Vec<(String, Value)> {
        let all = entries(&ada, &acme, more);
        all.iter().map(|one| (operation(one).to_owned(), one["actor"]["user"]["uid"].clone())).collect()
    };
    let done = by(&format!("&actor={}&succeeded=true&operations=create_workspace", id(&otto)));
    assert_eq!(done, [("create_workspace".to_owned(), json!(id(&otto)))]);
    let refused = by("&succeeded=false&operations=create_workspace");
    assert_eq!(refused, [("create_workspace".to_owned(), json!(id(&vera)))]);
    assert_eq!(by(&format!("&actor={acme}")), []);
    assert!(by(&format!("&actor={}", id(&otto))).iter().all(|(_, actor)| *actor == json!(id(&otto))));

    // A key is an actor, too.
    let made = otto.post("/api-key/current", org, json!({ "description": "For the test" })).ok();
    let (key, key_id) = (text(&made["key"]), text(&made["id"]));
    let headers = [
        ("x-api-key", key.as_str()),
        ("x-organization-id", acme.as_str()),
        ("content-type", "application/json"),
    ];
    server.send("POST", "/workspaces", &headers, Some(br#"{"display_name":"Keys"}"#)).ok();
    assert_eq!(by(&format!("&actor={key_id}")), [("create_workspace".to_owned(), json!(id(&otto)))]);

    let ask = |query: &str| ada.get(&format!("/audit-logs?{ALWAYS}&{query}"), org);
    ask("actor=x").invalid(&[json!("query"), json!("actor")]);
    ask("succeeded=perhaps").invalid(&[json!("query"), json!("succeeded")]);
}

#[test]
fn who_may_read_it() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let path = format!("/audit-logs?{ALWAYS}");
    let (otto, _) = ada.colleague(&acme, "ORGANIZATION_OPERATOR", &[]);
    otto.get(&path, org).ok();
    for role in ["ORGANIZATION_USER", "ORGANIZATION_VIEWER"] {
        let (person, _) = ada.colleague(&acme, role, &[]);
        person.get(&path, org).refused(403, "Only an Organization Admin or Operator can do this.");
    }
    let stranger = server.anybody();
    stranger.get(&path, org).refused(403, "You are not a member of this organization");
    server.send("GET", &path, &[("x-organization-id", &acme)], None).refused(401, "not signed in");
    ada.get(&path, At::Nowhere).invalid(&[json!("header"), json!("x-organization-id")]);
    for tier in ["plus", "no_plan"] {
        server.plan(&acme, tier);
        ada.get(&path, org).refused(403, "The audit log is part of the Enterprise plan.");
    }
    // What happened on another plan is on record nevertheless.
    server.plan(&acme, "enterprise");
    assert_eq!(entries(&ada, &acme, "&operations=update_payment_plan").len(), 4);
}

#[test]
fn a_command_that_fails_records_nothing() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let before = entries(&ada, &acme, "").len();
    let failed = program().args(["plan", &acme, "moon", "--database", &url(&server.database())]).output();
    assert!(!failed.unwrap().status.success());
    assert_eq!(entries(&ada, &acme, "").len(), before);
}
