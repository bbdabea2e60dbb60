//! Fields of the contract that few clients use: each does what it says, or is refused.

use serde_json::{Value, json};

use crate::audit::{entries, operation};
use crate::common::{At, PASSWORD, Person, Server, text};
use crate::database::change_one;

/// A text as a part of a query.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The values of a field in a list.
fn values(list: &Value, key: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|row| text(&row[key])).collect()
}

/// Says of a resource what no operation does.
fn set(server: &Server, name: &str, what: &str) {
    change_one(&server.database(), &format!("UPDATE resource SET {what} WHERE name = '{name}'"));
}

/// What the newest entry of an operation tells of `after`.
#[track_caller]
fn told(person: &Person<'_>, organization: &str, name: &str) -> Value {
    let all = entries(person, organization, "");
    let found = all.iter().find(|entry| operation(entry) == name);
    found.unwrap_or_else(|| panic!("no {name}"))["unmapped"]["after"].clone()
}

#[test]
fn whoever_is_invited_to_read_only_is_a_viewer() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let reads_only = |person: &Person<'_>| {
        let inside = person.get("/workspaces", org).ok();
        assert_eq!((&inside[0]["role_name"], &inside[0]["read_only"]), (&json!("Viewer"), &json!(true)));
        person.get("/sessions", at).ok();
        person.post("/sessions", at, json!({ "name": "x" })).refused(403, "Viewer");
    };
    let row = |email: &str, more: Value| {
        let mut row = json!({ "email": email, "workspace_ids": [workspace] });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };

    // To the organization: one, and many.
    let people: Vec<_> = (0..4).map(|_| server.anybody()).collect();
    let body = row(&people[0].email, json!({ "read_only": true }));
    let made = ada.post("/orgs/current/members", org, body).ok();
    assert_eq!((&made["read_only"], &made["workspace_role_id"]), (&json!(true), &json!(viewer)));
    assert_eq!(told(&ada, &acme, "invite_user_to_org")["workspace_role_id"], viewer.as_str());
    let rows = json!([
        row(&people[1].email, json!({ "read_only": true, "workspace_role_id": viewer })),
        row(&people[2].email, json!({ "read_only": false })),
        row(&people[3].email, json!({ "read_only": false, "workspace_role_id": viewer })),
    ]);
    let made = ada.post("/orgs/current/members/batch", org, rows).ok();
    let flags: Vec<_> = made.as_array().unwrap().iter().map(|row| row["read_only"].clone()).collect();
    assert_eq!(flags, [json!(true), json!(false), json!(true)], "false says nothing");
    people.iter().for_each(|person| drop(person.accept(&acme)));
    [0, 1, 3].iter().for_each(|index| reads_only(&people[*index]));
    people[2].post("/sessions", at, json!({ "name": "an Editor's" })).ok();

    // Members with accounts.
    let rows = json!([row("made@example.com", json!({ "read_only": true, "password": PASSWORD }))]);
    ada.post("/orgs/current/members/basic/batch", org, rows).ok();
    assert_eq!(told(&ada, &acme, "add_basic_auth_users_to_org")[0]["workspace_role_id"], viewer.as_str());
    reads_only(&Person::of(&server, "made@example.com", server.sign_in("made@example.com", PASSWORD)));

    // To the workspace: a member, and somebody new.
    let (member, new) = (ada.colleague(&acme, "ORGANIZATION_USER", &[]).0, server.anybody());
    let rows = json!([
        { "email": member.email, "read_only": true },
        { "email": new.email, "read_only": true, "role_id": viewer },
        { "email": "plain@example.com", "read_only": false },
    ]);
    let made = ada.post("/workspaces/current/members/batch", at, rows).ok();
    let flags: Vec<_> = made.as_array().unwrap().iter().map(|row| row["read_only"].clone()).collect();
    assert_eq!(flags, [json!(true), json!(true), json!(false)]);
    member.post(&format!("/workspaces/pending/{workspace}/claim"), At::Nowhere, json!({})).ok();
    new.accept(&acme);
    reads_only(&member);
    reads_only(&new);

    // Refused: another role beside it, and whoever is Admin of every workspace.
    let editor = ada.role(&acme, "WORKSPACE_USER");
    let custom = json!({ "display_name": "Reader", "description": "", "permissions": ["projects:read"] });
    let custom = text(&ada.post("/orgs/current/roles", org, custom).ok()["id"]);
    let admin = ada.role(&acme, "ORGANIZATION_ADMIN");
    for role in [&editor, &custom] {
        let body = row("a@example.com", json!({ "read_only": true, "workspace_role_id": role }));
        ada.post("/orgs/current/members", org, body.clone()).refused(422, "Whoever only reads is Viewer");
        ada.post("/orgs/current/members", org, body.clone()).invalid(&[json!("body"), json!("read_only")]);
        let path = [json!("body"), json!(0), json!("read_only")];
        ada.post("/orgs/current/members/batch", org, json!([body])).invalid(&path);
        ada.post("/orgs/current/members/basic/batch", org, json!([body])).invalid(&path);
        ada.post("/workspaces/current/members/batch", at, json!([body])).invalid(&path);
    }
    let body = row("a@example.com", json!({ "read_only": true, "role_id": admin }));
    ada.post("/orgs/current/members", org, body.clone()).refused(422, "cannot only read");
    ada.post("/workspaces/current/members/batch", at, json!([body])).refused(422, "cannot only read");
    let body = row("a@example.com", json!({ "read_only": "yes" }));
    ada.post("/orgs/current/members", org, body).invalid(&[json!("body"), json!("read_only")]);

    // Without RBAC everybody inside is Admin: what would read only is refused, not ignored.
    server.plan(&acme, "plus");
    let no_roles = "On this plan everybody in a workspace is its Admin.";
    let body = row("a@example.com", json!({ "read_only": true }));
    ada.post("/orgs/current/members", org, body.clone()).refused(403, no_roles);
    ada.post("/orgs/current/members/basic/batch", org, json!([body])).refused(403, no_roles);
    ada.post("/workspaces/current/members/batch", at, json!([body])).refused(403, no_roles);
    assert_eq!(people[0].get("/workspaces", org).ok()[0]["read_only"], false);
}

#[test]
fn a_member_of_a_workspace_reads_only() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let (viewer, editor) = (ada.role(&acme, "WORKSPACE_VIEWER"), ada.role(&acme, "WORKSPACE_USER"));
    let path = "/workspaces/current/members";
    let add = |more: Value| {
        let (person, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
        let mut body = json!({ "org_identity_id": identity });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        (person, ada.post(path, at, body))
    };
    let (bob, made) = add(json!({ "read_only": true }));
    let made = made.ok();
    assert_eq!((&made["role_id"], &made["read_only"]), (&json!(viewer), &json!(true)));
    assert_eq!(told(&ada, &acme, "add_member_to_workspace")["role_id"], viewer.as_str());
    bob.post("/sessions", at, json!({ "name": "x" })).refused(403, "Viewer");
    let listed = ada.get(&format!("{path}/active?emails={}", bob.email), at).ok();
    assert_eq!(listed[0]["read_only"], true);
    let (_, made) = add(json!({ "read_only": false }));
    assert_eq!(made.ok()["role_id"], editor.as_str(), "false says nothing");
    let (_, refused) = add(json!({ "read_only": true, "role_id": editor }));
    refused.invalid(&[json!("body"), json!("read_only")]);

    let change =
        |body: Value| ada.patch(&format!("{path}/{}", text(&made_id(&ada, path, at, &bob))), at, body);
    change(json!({ "role_id": editor, "read_only": true })).refused(422, "Whoever only reads is Viewer");
    change(json!({ "read_only": true })).invalid(&[json!("body"), json!("role_id")]);
    change(json!({ "role_id": editor, "read_only": false })).ok();
    bob.post("/sessions", at, json!({ "name": "x" })).ok();
    change(json!({ "role_id": viewer, "read_only": true })).ok();
    bob.post("/sessions", at, json!({ "name": "y" })).refused(403, "Viewer");
    assert_eq!(told(&ada, &acme, "update_workspace_member")["role_id"], viewer.as_str());

    server.plan(&acme, "plus");
    let (_, refused) = add(json!({ "read_only": true }));
    refused.refused(403, "On this plan everybody in a workspace is its Admin.");
}

fn made_id(ada: &Person<'_>, path: &str, at: At<'_>, person: &Person<'_>) -> Value {
    ada.get(&format!("{path}/active?emails={}", person.email), at).ok()[0]["id"].clone()
}

#[test]
fn accounts_with_a_given_id() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let id = |number: u32| format!("00000000-0000-4000-8000-00000000000{number}");
    let batch = |rows: Value| ada.post("/orgs/current/members/basic/batch", At::Org(&acme), rows);
    let row = |number: u32, more: Value| {
        let mut row = json!({ "email": format!("m{number}@example.com"), "password": PASSWORD });
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let made = batch(json!([
        row(1, json!({ "user_id": id(1) })),
        row(2, json!({ "ls_user_id": id(2) })),
        row(3, json!({ "user_id": id(3), "ls_user_id": id(3) })),
        row(4, json!({ "user_id": null })),
    ]));
    let made = made.ok();
    assert_eq!(values(&made, "ls_user_id")[..3], [id(1), id(2), id(3)]);
    assert_eq!(values(&made, "id"), values(&made, "ls_user_id"));
    let person = Person::of(&server, "m2@example.com", server.sign_in("m2@example.com", PASSWORD));
    assert_eq!(person.get("/me/ls_user_id", At::Nowhere).ok(), id(2).as_str());
    assert_eq!(told(&ada, &acme, "add_basic_auth_users_to_org")[0]["user_id"], id(1).as_str());

    let refused = |rows: Value, status: u16, sentence: &str, at: usize, key: &str| {
        let body = batch(rows).refused(status, sentence);
        assert_eq!(body["detail"][0]["loc"], json!(["body", at, key]), "{body}");
    };
    let (fifth, own) = (row(5, json!({})), text(&ada.get("/me/ls_user_id", At::Nowhere).ok()));
    let taken = "This id is taken. Leave it out.";
    refused(json!([fifth, row(6, json!({ "user_id": own }))]), 409, taken, 1, "user_id");
    refused(json!([fifth, row(6, json!({ "ls_user_id": id(1) }))]), 409, taken, 1, "ls_user_id");
    let twice = json!([row(6, json!({ "user_id": id(6) })), row(7, json!({ "ls_user_id": id(6) }))]);
    refused(twice, 409, taken, 1, "ls_user_id");
    let two = row(6, json!({ "user_id": id(6), "ls_user_id": id(7) }));
    refused(json!([two]), 422, "An account has one id here", 0, "ls_user_id");
    refused(json!([fifth, row(6, json!({ "user_id": "x" }))]), 422, "not a UUID", 1, "user_id");
    server.sign_in("m5@example.com", PASSWORD).refused(401, "not right");
    server.sign_in(&ada.email, PASSWORD).ok();
}

#[test]
fn statistics_of_projects() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    for (name, start) in [("empty", "2026-02-01T00:00:00Z"), ("busy", "2026-01-01T00:00:00Z")] {
        ada.post("/sessions", at, json!({ "name": name, "start_time": start })).ok();
    }
    set(&server, "busy", "size = 7");
    // The empty one first, as it began later.
    let list = |query: &str| ada.get(&format!("/sessions?{query}"), at).ok();
    let of = |query: &str, key: &str| {
        list(query).as_array().unwrap().iter().map(|row| row[key].clone()).collect::<Vec<_>>()
    };
    let (none, empty) = (Value::Null, json!({}));
    for key in ["run_count", "total_tokens", "feedback_stats", "session_feedback_stats", "run_facets"] {
        assert_eq!(of("", key), [none.clone(), none.clone()], "{key} is there unasked");
        assert_eq!(of("include_stats=false", key), [none.clone(), none.clone()]);
    }
    let all = "include_stats=true";
    assert_eq!(of(all, "run_count"), [0, 7]);
    assert_eq!(of(all, "feedback_stats"), [empty.clone(), empty.clone()]);
    assert_eq!(of(all, "session_feedback_stats"), [empty.clone(), empty]);
    // What nobody counted is not made up.
    assert_eq!(of(all, "total_tokens"), [json!(0), none.clone()]);
    assert_eq!(of(all, "error_rate"), [none.clone(), none.clone()]);
    assert_eq!(of(all, "run_facets"), [none.clone(), none.clone()]);
    assert_eq!(of("facets=true", "run_facets"), [json!([]), json!([])]);
    assert_eq!(list(&format!("{all}&use_approx_stats=true")), list(all), "exact is good enough");
    // Only some of the statistics.
    let some = "include_stats=true&stats_select=run_count&stats_select=latency_p50";
    assert_eq!(
        (of(some, "run_count"), of(some, "feedback_stats")),
        (vec![json!(0), json!(7)], vec![none.clone(); 2])
    );
    assert_eq!(
        of("include_stats=true&stats_select=feedback_stats", "run_count"),
        [none.clone(), none.clone()]
    );
    // Of some of the runs: nothing is known, but where all of them or none are meant.
    let since = |moment: &str| of(&format!("include_stats=true&stats_start_time={moment}"), "run_count");
    assert_eq!(since("2026-01-01T00:00:00Z"), [0, 7]);
    assert_eq!(since("2026-01-01T00:00:01Z"), [json!(0), none.clone()]);
    let filtered = format!("include_stats=true&stats_filter={}", encoded("eq(run_type, \"llm\")"));
    assert_eq!(of(&filtered, "run_count"), [json!(0), none]);
    // Nobody gave feedback, so all are alike: newest first, or the other way.
    let sorted = "sort_by=feedback&sort_by_feedback_key=correctness&sort_by_feedback_source=session";
    assert_eq!(values(&list(sorted), "name"), ["empty", "busy"]);
    assert_eq!(values(&list(&format!("{sorted}&sort_by_desc=false")), "name"), ["busy", "empty"]);
    for bad in [
        "sort_by_feedback_source=moon",
        "facets=7",
        "include_stats=x",
        "use_approx_stats=x",
        "stats_start_time=yesterday",
        "stats_filter=eq(",
        &format!("sort_by_feedback_key={}", "x".repeat(321)),
        &format!("stats_select={}", "x".repeat(321)),
    ] {
        let key = bad.split('=').next().unwrap();
        ada.get(&format!("/sessions?{bad}"), at).invalid(&[json!("query"), json!(key)]);
    }
}

#[test]
fn projects_by_a_filter() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (workspace, other) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Other"));
    let at = At::Workspace(&workspace);
    let dataset = "00000000-0000-4000-8000-00000000000d";
    let make = |at: At<'_>, body: Value| text(&ada.post("/sessions", at, body).ok()["id"]);
    make(at, json!({ "name": "a", "start_time": "2026-01-01T00:00:00Z", "description": "The FIRST" }));
    make(
        at,
        json!({
            "name": "b", "start_time": "2026-02-01T00:00:00Z", "reference_dataset_id": dataset,
            "trace_tier": "longlived", "extra": { "metadata": { "team": "red", "run": 7 } },
        }),
    );
    let last = make(
        at,
        json!({
            "name": "c \"quoted\"", "start_time": "2026-03-01T00:00:00Z",
            "extra": { "metadata": { "team": "blue" } },
        }),
    );
    make(At::Workspace(&other), json!({ "name": "a", "start_time": "2026-01-01T00:00:00Z" }));
    set(&server, "b", "size = 7");
    let ask = |filter: &str| {
        ada.get(&format!("/sessions?sort_by=name&sort_by_desc=false&filter={}", encoded(filter)), at)
    };
    let found = |filter: &str| values(&ask(filter).ok(), "name").concat().replace(" \"quoted\"", "");
    for (filter, names) in [
        (r#"eq(name, "a")"#, "a"),
        (r#"neq(name, "a")"#, "bc"),
        (r#"eq(name, 'c "quoted"')"#, "c"),
        (r#"eq(name, "c \"quoted\"")"#, "c"),
        (r#"gt(name, "a")"#, "bc"),
        (r#"gte(name, "a")"#, "abc"),
        (r#"lt(name, "b")"#, "a"),
        (r#"lte(name, "b")"#, "ab"),
        (r#"gt(start_time, "2026-02-01T00:00:00Z")"#, "c"),
        (r#"gte(start_time, "2026-02-01T01:00:00+01:00")"#, "bc"),
        (r#"gt(run_count, 6)"#, "b"),
        (r#"lt(run_count, 0.5)"#, "ac"),
        (r#"eq(run_count, 7)"#, "b"),
        (r#"eq(description, "The FIRST")"#, "a"),
        (r#"neq(description, "The FIRST")"#, "bc"),
        (r#"eq(trace_tier, "longlived")"#, "b"),
        (r#"not(eq(trace_tier, "longlived"))"#, "ac"),
        (r#"search("first")"#, "a"),
        (r#"search("QUOTED")"#, "c"),
        (r#"not(search("first"))"#, "bc"),
        (r#"search("%")"#, ""),
        (r#"has(metadata, '{"team": "red"}')"#, "b"),
        (r#"has(metadata, '{"team": "red", "run": 7}')"#, "b"),
        (r#"has(metadata, '{"team": "red", "run": 8}')"#, ""),
        (r#"not(has(metadata, '{"team": "red"}'))"#, "ac"),
        (r#"has(metadata, '{}')"#, "bc"),
        (r#"and(has(metadata, '{"team": "red"}'), gt(run_count, 6))"#, "b"),
        (r#"and(has(metadata, '{"team": "red"}'), gt(run_count, 7))"#, ""),
        (r#"or(eq(name, "a"), has(metadata, '{"team": "blue"}'))"#, "ac"),
        (r#"not(or(eq(name, "a"), eq(name, "b")))"#, "c"),
        // Nobody has tags or feedback, and no runs are kept.
        (r#"has(tags, "x")"#, ""),
        (r#"not(has(tags, "x"))"#, "abc"),
        (r#"and(eq(feedback_key, "correctness"), gt(feedback_score, 0.5))"#, ""),
        (r#"neq(feedback_key, "correctness")"#, "abc"),
        (r#"lt(latency_p50, 100)"#, ""),
    ] {
        assert_eq!(found(filter), names, "{filter}");
    }
    assert_eq!(found(&format!("eq(id, \"{last}\")")), "c");
    assert_eq!(found(&format!("neq(id, \"{last}\")")), "ab");
    assert_eq!(found(&format!("eq(reference_dataset_id, \"{dataset}\")")), "b");
    // Beside the others, and never beyond the workspace.
    let both = format!("/sessions?name_contains=b&filter={}", encoded("gt(name, \"a\")"));
    assert_eq!(values(&ada.get(&both, at).ok(), "name"), ["b"]);
    let elsewhere = format!("/sessions?filter={}", encoded("or(eq(name, \"a\"), not(eq(name, \"a\")))"));
    assert_eq!(values(&ada.get(&elsewhere, At::Workspace(&other)).ok(), "name"), ["a"]);
    let nested = |depth| format!("{}eq(name, \"a\"){}", "not(".repeat(depth), ")".repeat(depth));
    assert_eq!(found(&nested(19)), "bc");
    for (filter, sentence) in [
        ("eq(name", "ends too early"),
        ("name", "A filter is a comparison"),
        ("and(name)", "A filter is made of comparisons"),
        (r#"eq(moon, "full")"#, "A project has no moon to compare."),
        ("eq(name, 7)", "name is compared with a text in quotes."),
        ("eq(name, name)", "name is compared with a text in quotes."),
        (r#"lt(start_time, "2026-02-01")"#, "start_time is compared with a date and time"),
        (r#"eq(id, "7")"#, "id is compared with a UUID in quotes."),
        (r#"gt(run_count, "7")"#, "run_count is compared with a number."),
        ("gt(feedback_score, x)", "feedback_score is compared with a text or a number."),
        ("has(metadata, 'team')", "This is not a JSON object."),
        (r#"has(metadata, '{"$x": 1}')"#, "cannot be looked up"),
        (r#"contains(name, "a")"#, "contains is not used so."),
        ("not(eq(name, 'a'), eq(name, 'b'))", "not is not used so."),
        (&nested(20), "at most 20"),
    ] {
        ask(filter).refused(422, sentence);
    }
    ask(&format!("eq(name, \"{}\")", "x".repeat(2_000))).refused(422, "Use at most 2000 characters.");
}

#[test]
fn datasets_without_their_counts() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    ada.post("/datasets", at, json!({ "name": "d" })).ok();
    let list = |query: &str| ada.get(&format!("/datasets?{query}"), at);
    assert_eq!(list("").ok()[0]["example_count"], 0);
    let without = list("exclude=example_count").ok();
    assert_eq!((&without[0]["name"], &without[0]["example_count"]), (&json!("d"), &Value::Null));
    list("exclude=name").invalid(&[json!("query"), json!("exclude")]);
    // Corrections are made from feedback, of which there is none.
    for wanted in ["true", "false"] {
        assert_eq!(list(&format!("exclude_corrections_datasets={wanted}")).ok(), list("").ok());
    }
    list("exclude_corrections_datasets=x").invalid(&[json!("query"), json!("exclude_corrections_datasets")]);
}

#[test]
fn queues_with_a_rubric_and_the_runs_of_projects() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let (workspace, other) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Other"));
    let at = At::Workspace(&workspace);
    let project =
        |at: At<'_>, name: &str| text(&ada.post("/sessions", at, json!({ "name": name })).ok()["id"]);
    let (one, two) = (project(at, "one"), project(at, "two"));
    let foreign = project(At::Workspace(&other), "foreign");
    let dataset = text(&ada.post("/datasets", at, json!({ "name": "d" })).ok()["id"]);
    set(&server, "one", "size = 7");
    set(&server, "two", "size = 5");
    let item = json!({
        "feedback_key": "correctness", "description": "Is it so?", "value_descriptions": { "yes": "It is." },
        "score_descriptions": { "0": "wrong", "1": "right" }, "is_required": true, "is_assertion": false,
    });
    let queue = json!({
        "name": "q", "updated_at": "2026-01-02T01:00:00+01:00", "rubric_items": [item],
        "rubric_instructions": "Read\nall of it.", "session_ids": [one, two, one],
    });
    let make = |body: Value| ada.post("/annotation-queues", at, body);
    let made = make(queue.clone()).ok();
    let listed = ada.get("/annotation-queues", at).ok();
    for shown in [&made, &listed[0]] {
        assert_eq!(shown["updated_at"], "2026-01-02T00:00:00.000000Z");
        for key in ["rubric_items", "rubric_instructions", "session_ids"] {
            assert_eq!(shown[key], queue[key], "{key}");
        }
    }
    assert_eq!(listed[0]["total_runs"], 12, "the runs of both, once each");
    let bare = make(json!({ "name": "bare", "rubric_items": null })).ok();
    assert_eq!(bare.as_object().unwrap().len(), 16, "the contract's fields alone: {bare}");
    assert_ne!(bare["updated_at"], made["updated_at"]);

    let refused = |key: &str, value: Value, loc: Value| {
        let reply = make(json!({ "name": "no", key: value }));
        assert_eq!(reply.body["detail"][0]["loc"], loc, "{}", reply.body);
        assert_eq!(reply.status, 422);
    };
    // Of another workspace, of another kind, of nothing.
    for id in [&foreign, &dataset, &acme] {
        refused("session_ids", json!([one, id]), json!(["body", "session_ids", 1]));
    }
    refused("session_ids", json!(["x"]), json!(["body", "session_ids", 0]));
    refused("session_ids", json!(vec![&one; 501]), json!(["body", "session_ids"]));
    for key in ["", " ", &"x".repeat(201)] {
        let loc = json!(["body", "rubric_items", 0, "feedback_key"]);
        refused("rubric_items", json!([{ "feedback_key": key }]), loc);
    }
    refused("rubric_items", json!([{}]), json!(["body", "rubric_items", 0, "feedback_key"]));
    refused("rubric_items", json!(vec![&item; 501]), json!(["body", "rubric_items"]));
    refused("rubric_instructions", json!("x".repeat(10_001)), json!(["body", "rubric_instructions"]));
    refused("updated_at", json!("+10000-01-01T00:00:00Z"), json!(["body", "updated_at"]));
    assert_eq!(ada.get("/annotation-queues", at).ok().as_array().unwrap().len(), 2, "nothing was made");
}

#[test]
fn filters_of_prompts() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let workspace = ada.workspaces(&acme).remove(0);
    let body = json!({ "display_name": "Other", "tenant_handle": "others" });
    let other = text(&ada.post("/workspaces", At::Org(&acme), body).ok()["id"]);
    let at = At::Workspace(&workspace);
    let manifest = json!({ "commit_hash": "abc", "manifest": { "type": "prompt" } });
    // No operation of the contract makes a prompt.
    let prompt = |at: At<'_>, name: &str, size: u32, fields: Value| {
        ada.post("/datasets", at, json!({ "name": name })).ok();
        set(&server, name, &format!("kind = 'prompt', size = {size}, fields = '{fields}'"));
    };
    prompt(at, "a", 0, json!({}));
    prompt(
        at,
        "b",
        2,
        json!({
            "tags": ["x", "a \"b\",", "y"], "is_public": true, "repo_type": "agent", "source": "internal",
            "upstream_repo_owner": "them", "upstream_repo_handle": "theirs", "latest_commit_manifest": manifest,
        }),
    );
    prompt(
        at,
        "c",
        1,
        json!({ "tags": ["x"], "is_archived": true, "is_public": false, "source": "external" }),
    );
    prompt(At::Workspace(&other), "d", 1, json!({ "tags": ["x"], "is_public": true }));
    let list = |query: &str| ada.get(&format!("/repos?{query}"), at).ok();
    let found = |query: &str| {
        let list = list(query);
        let mut names = values(&list["repos"], "repo_handle");
        assert_eq!(list["total"], names.len(), "{query}");
        names.sort();
        names.concat()
    };
    let (id, tagged) = (format!("tenant_id={workspace}"), format!("tags={}", encoded("a \"b\",")));
    for (query, names) in [
        ("", "ab"),
        ("is_archived=false", "ab"),
        ("is_archived=true", "c"),
        ("is_archived=allow", "abc"),
        ("is_archived=allow&is_public=true", "b"),
        ("is_archived=allow&is_public=false", "ac"),
        ("is_archived=allow&has_commits=true", "bc"),
        ("has_commits=false", "a"),
        ("is_archived=allow&tags=x", "bc"),
        ("is_archived=allow&tags=x&tags=y", "b"),
        ("tags=nobody", ""),
        ("tags=b", ""),
        (&tagged, "b"),
        ("repo_type=prompt", "a"),
        ("repo_type=agent", "b"),
        ("repo_types=agent&repo_types=prompt", "ab"),
        ("repo_types=agent&repo_type=prompt", ""),
        ("repo_type=skill", ""),
        ("source=internal", "b"),
        ("is_archived=allow&source=external", "c"),
        ("upstream_repo_owner=them", "b"),
        ("upstream_repo_owner=them&upstream_repo_handle=theirs", "b"),
        ("upstream_repo_owner=them&upstream_repo_handle=other", ""),
        ("tag_value_id=00000000-0000-4000-8000-000000000001", ""),
        ("query=B", "b"),
        // The workspace's own, whichever is asked for.
        (&id, "ab"),
        (&format!("tenant_id={other}"), ""),
        ("tenant_handle=others", ""),
    ] {
        assert_eq!(found(query), names, "{query}");
    }
    let theirs = ada.get("/repos?tenant_handle=others&tags=x", At::Workspace(&other)).ok();
    assert_eq!(values(&theirs["repos"], "repo_handle"), ["d"]);

    let shown = &list("repo_type=agent")["repos"][0];
    assert_eq!(
        (&shown["is_public"], &shown["is_archived"], &shown["source"], &shown["upstream_repo_full_name"]),
        (&json!(true), &json!(false), &json!("internal"), &json!("them/theirs"))
    );
    assert_eq!((&shown["last_commit_hash"], &shown["latest_commit_manifest"]), (&json!("abc"), &Value::Null));
    let shown = &list("repo_type=agent&with_latest_manifest=true")["repos"][0];
    assert_eq!(shown["latest_commit_manifest"]["manifest"], manifest["manifest"]);
    for bad in [
        "with_latest_manifest=x",
        "tenant_id=x",
        "has_commits=x",
        "is_archived=maybe",
        "is_public=allow",
        "tag_value_id=x",
        "repo_type=x",
        "repo_types=x",
        "source=x",
        &format!("tags={}", "x".repeat(321)),
        &format!("tenant_handle={}", "x".repeat(321)),
        &format!("upstream_repo_owner={}", "x".repeat(321)),
        &format!("upstream_repo_handle={}", "x".repeat(321)),
    ] {
        let key = bad.split('=').next().unwrap();
        ada.get(&format!("/repos?{bad}"), at).invalid(&[json!("query"), json!(key)]);
    }
}

#[test]
fn a_prompt_is_made_by_its_handle() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "plus");
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let settings = ada.get("/settings", at).ok();
    assert_eq!((&settings["id"], &settings["tenant_handle"]), (&json!(workspace), &Value::Null));
    assert!(settings["display_name"].is_string() && settings["created_at"].is_string(), "{settings}");

    let body = json!({
        "repo_handle": "my-first_prompt2", "description": "d", "readme": "r", "tags": ["x", "y"],
        "is_public": false,
    });
    // As LangSmith's clients write it; the query stays.
    let made = ada.post("/repos/", at, body.clone()).ok()["repo"].clone();
    assert_eq!(
        (&made["repo_handle"], &made["full_name"]),
        (&body["repo_handle"], &json!("-/my-first_prompt2"))
    );
    assert_eq!((&made["tags"], &made["num_commits"]), (&body["tags"], &json!(0)));
    assert_eq!(ada.get("/repos/?tags=x&is_public=false", at).ok()["repos"], json!([made]));
    assert_eq!(ada.get("/repos/?tags=z", at).ok()["total"], 0);
    ada.post("/repos", at, body).refused(409, "There is one named my-first_prompt2");

    // What is left out is nothing, and a handle is the workspace's own.
    let small = json!({ "repo_handle": "a", "description": null, "tags": null });
    let bare = ada.post("/repos", at, small.clone()).ok()["repo"].clone();
    assert_eq!(
        (&bare["tags"], &bare["repo_type"], &bare["is_public"]),
        (&json!([]), &json!("prompt"), &json!(false))
    );
    let other = ada.workspace(&acme, "Other");
    ada.post("/repos", At::Workspace(&other), small).ok();
    ada.post("/repos", at, json!({ "repo_handle": "s", "repo_type": "skill" })).ok();
    assert_eq!(values(&ada.get("/repos?repo_type=skill", at).ok()["repos"], "repo_handle"), ["s"]);

    let long = "x".repeat(201);
    for handle in ["", "My-prompt", "1st", "-a", "_a", "a b", "a/b", "a:b", "ä", "aé", " a", "a\n", &long] {
        ada.post("/repos", at, json!({ "repo_handle": handle }))
            .invalid(&[json!("body"), json!("repo_handle")]);
    }
    for (key, value, loc) in [
        ("description", json!("x".repeat(2_001)), json!(["body", "description"])),
        ("readme", json!("x".repeat(10_001)), json!(["body", "readme"])),
        ("tags", json!(vec!["x"; 501]), json!(["body", "tags"])),
        ("tags", json!(["x", ""]), json!(["body", "tags", 1])),
        ("repo_type", json!("song"), json!(["body", "repo_type"])),
        ("is_public", json!(true), json!(["body", "is_public"])),
    ] {
        let refused = ada.post("/repos", at, json!({ "repo_handle": "b", key: value }));
        refused.invalid(loc.as_array().unwrap());
    }
    assert_eq!(ada.get("/repos", at).ok()["total"], 3, "nothing more was made");
}
