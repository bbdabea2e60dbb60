//! The contract (`tests/contract/langsmith-api.json`): every operation of it is there, takes the same
//! fields, and every answer to it, success or refusal, is of its form.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::authz::nameless;
use crate::common::{At, Person, Reply, Server, program, text, url};
use crate::job::payment;
use crate::openapi::document;

/// Operations of the contract that are not there yet. One that is there must not stand here.
const NOT_YET: &[(&str, &str)] = &[];

type Operation = (String, String);

fn contract() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/contract/langsmith-api.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The operations of a document, by method and path.
fn operations(document: &Value) -> BTreeMap<Operation, Value> {
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.insert((method.to_uppercase(), path.clone()), operation.clone());
        }
    }
    found
}

fn key(method: &str, path: &str) -> Operation {
    (method.to_owned(), path.to_owned())
}

/// What is made of a document's schemas when they are first asked for, by operation and status;
/// none where the document says nothing about the answer.
type Validators = BTreeMap<(Operation, String), Option<Validator>>;

/// Holds answers against a document.
struct Judge {
    document: Value,
    operations: BTreeMap<Operation, Value>,
    known: RefCell<Validators>,
}

impl Judge {
    fn new(document: Value) -> Self {
        Self { operations: operations(&document), document, known: Default::default() }
    }

    /// Whether the document says something about answers of this status, and whether this is one.
    #[track_caller]
    fn judge(&self, operation: &Operation, reply: &Reply) -> bool {
        let responses = &self.operations[operation]["responses"];
        let status = reply.status.to_string();
        let status = if responses[&status].is_null() { "default".to_owned() } else { status };
        let mut known = self.known.borrow_mut();
        let validator = known.entry((operation.clone(), status.clone())).or_insert_with(|| {
            let schema = &responses[&status]["content"]["application/json"]["schema"];
            (!schema.is_null()).then(|| {
                let whole = json!({ "allOf": [schema], "components": self.document["components"] });
                let built = jsonschema::options().should_validate_formats(true).build(&whole);
                built.unwrap_or_else(|error| panic!("{operation:?}: {error}"))
            })
        });
        let Some(validator) = validator else { return false };
        let errors: Vec<_> = validator
            .iter_errors(&reply.body)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{operation:?} {status}: {errors:?} in {}", reply.body);
        true
    }
}

/// Asks, holds each answer against the contract and against the server's own document, and writes
/// down which operations were asked.
struct Driver<'a> {
    server: &'a Server,
    contract: Judge,
    own: Judge,
    driven: BTreeSet<Operation>,
    answers: u32,
    refusals: u32,
    keys: u32,
}

impl<'a> Driver<'a> {
    fn new(server: &'a Server) -> Self {
        Self {
            server,
            contract: Judge::new(contract()),
            own: Judge::new(document(server)),
            driven: BTreeSet::new(),
            answers: 0,
            refusals: 0,
            keys: 0,
        }
    }

    /// The operation of a path as asked: the one with the fewest places for ids.
    fn operation(&self, method: &str, path: &str) -> Operation {
        let path = path.split('?').next().unwrap();
        let parts: Vec<_> = path.split('/').collect();
        let fits = |template: &str| {
            let names: Vec<_> = template.split('/').collect();
            names.len() == parts.len()
                && names.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part)
        };
        let found = self.own.operations.keys().filter(|(own, template)| own == method && fits(template));
        found
            .min_by_key(|(_, template)| template.matches('{').count())
            .cloned()
            .unwrap_or_else(|| panic!("{method} {path}"))
    }

    #[track_caller]
    fn judge(&mut self, method: &str, path: &str, reply: &Reply) -> bool {
        let operation = self.operation(method, path);
        self.own.judge(&operation, reply);
        if self.contract.operations.contains_key(&operation) {
            self.driven.insert(operation.clone());
            return self.contract.judge(&operation, reply);
        }
        false
    }

    fn entries(&self) -> String {
        let count = "SELECT count(*) FROM audit_entry";
        crate::database::query(&self.server.database_url(), count).remove(0)
    }

    /// An answer that succeeds. A change is told by one entry of the audit log; a POST repeated with
    /// its `Idempotency-Key` gets the first answer and changes nothing, whatever it was.
    #[track_caller]
    fn ok(
        &mut self,
        person: &Person<'_>,
        method: &str,
        path: &str,
        at: At<'_>,
        body: Option<Value>,
    ) -> Value {
        let short = path.strip_prefix("/api/v1").unwrap_or(path);
        self.keys += 1;
        let key = [("idempotency-key", format!("{}", self.keys))];
        let key = if method == "POST" { &[(key[0].0, key[0].1.as_str())][..] } else { &[] };
        let before: u64 = if method == "GET" { 0 } else { self.entries().parse().unwrap() };
        let reply = person.call_with(method, short, at, body.clone(), key);
        self.judge(method, path, &reply);
        self.answers += 1;
        let answer = reply.ok();
        let expected = if tells_nothing(method, path) { 0 } else { 1 };
        if method != "GET" {
            let told: u64 = self.entries().parse().unwrap();
            assert_eq!(told - before, expected, "entries of {method} {path}");
        }
        if method == "POST" {
            let again = person.call_with(method, short, at, body, key);
            if SECRETS.contains(&path) {
                again.refused(409, "shown once");
            } else {
                assert_eq!(again.ok(), answer, "{path}");
            }
            assert_eq!(self.entries().parse::<u64>().unwrap(), before + expected, "{path} again");
        }
        answer
    }

    #[track_caller]
    fn get(&mut self, person: &Person<'_>, path: &str, at: At<'_>) -> Value {
        self.ok(person, "GET", path, at, None)
    }
}

/// POSTs whose answers hold a secret that is shown once: it is not kept, so it cannot be given again.
const SECRETS: &[&str] = &[
    "/api/v1/api-key",
    "/api/v1/api-key/current",
    "/api/v1/orgs/current/setup",
    "/api/v1/orgs/current/members/basic/batch",
];

/// What changes nothing of an organization: the own name, changed in no organization, and what is
/// there already as it was asked for.
fn tells_nothing(method: &str, path: &str) -> bool {
    [("PATCH", "/api/v1/orgs/members/basic"), ("POST", "/api/v1/sessions?upsert=true")]
        .contains(&(method, path))
}

#[test]
fn every_answer_is_of_the_contracts_form() {
    let server = Server::start();
    let mut drive = Driver::new(&server);
    let nobody = [("content-type", "application/json")];
    for path in ["/api/v1/info", "/api/v1/info/health"] {
        let reply = server.send("GET", &format!("/!{path}"), &nobody, None);
        assert!(drive.judge("GET", path, &reply) && reply.status == 200);
    }
    drive.ok(&server.anybody(), "GET", "/api/v1/info/ready", At::Nowhere, None);
    let ada = server.anybody();
    let reply = server.sign_in(&ada.email, crate::common::PASSWORD);
    assert!(drive.judge("POST", "/api/v1/login", &reply) && reply.status == 200);

    // The person.
    let here = At::Nowhere;
    drive.get(&ada, "/api/v1/me/ls_user_id", here);
    drive.get(&ada, "/api/v1/orgs?include_tier=true", here);
    drive.get(&ada, "/api/v1/orgs?skip_create=true", here);
    drive.get(&ada, "/api/v1/orgs/permissions", here);
    drive.get(&ada, "/api/v1/orgs/pending", here);
    drive.get(&ada, "/api/v1/workspaces/pending", here);

    // An organization, from pending to paid to Enterprise.
    let body = json!({ "display_name": "Acme", "is_personal": false, "security_contact": "s@acme.example" });
    let acme = text(&drive.ok(&ada, "POST", "/api/v1/orgs", here, Some(body))["id"]);
    let org = At::Org(&acme);
    let intent = drive.ok(&ada, "POST", "/api/v1/orgs/current/setup", org, None);
    let card = payment(&text(&intent["client_secret"]));
    drive.ok(&ada, "POST", "/api/v1/orgs/current/payment-method", org, Some(card));
    drive.ok(&ada, "POST", "/api/v1/orgs/current/plan", org, Some(json!({ "tier": "plus" })));
    server.plan(&acme, "enterprise");
    let address = json!({ "line1": "1", "city": "C", "postal_code": "1", "country": "US" });
    let business = json!({
        "company_info": { "name": "Acme", "address": address },
        "tax_id": { "value": "1", "type": "eu_vat" },
        "invoice_email": "i@acme.example",
        "is_business": true,
    });
    drive.get(&ada, "/api/v1/orgs/current/business-info", org);
    drive.ok(&ada, "POST", "/api/v1/orgs/current/business-info", org, Some(business));
    let settings = json!({
        "public_sharing_disabled": true, "pat_creation_disabled": false, "unshare_all": true,
        "jit_provisioning_enabled": false, "workspace_admin_can_invite_to_org": true, "invites_enabled": true,
        "max_api_key_expiry_days": 30, "security_contact": "t@acme.example", "max_pat_expiry_days": 20,
        "max_service_key_expiry_days": 10, "scim_group_name_separator": "/", "llm_auth_proxy_enabled": true,
        "llm_auth_proxy_jwt_audience": "a", "ip_allowlist": ["10.0.0.0/8"], "restrict_browser_secrets": true,
        "llm_auth_proxy_allowed_urls": ["x"], "engine_enabled": true, "display_name": "Acme 2",
    });
    let info = drive.ok(&ada, "PATCH", "/api/v1/orgs/current/info", org, Some(settings));
    assert_eq!((&info["ip_allowlist"], &info["engine_enabled"]), (&json!(["10.0.0.0/8"]), &json!(true)));
    for path in ["", "/info", "/billing", "/business-info", "/user/login-methods"] {
        drive.get(&ada, &format!("/api/v1/orgs/current{path}"), org);
    }
    drive.get(&ada, "/api/v1/orgs?include_tier=true", here);

    // Roles.
    let role = json!({ "display_name": "Caretaker", "description": "d", "permissions": ["projects:read"] });
    let made = drive.ok(&ada, "POST", "/api/v1/orgs/current/roles", org, Some(role.clone()));
    let path = format!("/api/v1/orgs/current/roles/{}", text(&made["id"]));
    drive.ok(&ada, "PATCH", &path, org, Some(role.clone()));
    drive.get(&ada, "/api/v1/orgs/current/roles", org);
    let spare = json!({ "display_name": "Spare", "description": "", "permissions": ["projects:read"] });
    let spare = text(&drive.ok(&ada, "POST", "/api/v1/orgs/current/roles", org, Some(spare))["id"]);
    drive.ok(&ada, "DELETE", &format!("/api/v1/orgs/current/roles/{spare}"), org, None);

    // Workspaces.
    let body = json!({ "display_name": "Lab", "id": "00000000-0000-4000-8000-00000000000a", "tenant_handle": "lab" });
    let lab = text(&drive.ok(&ada, "POST", "/api/v1/workspaces", org, Some(body))["id"]);
    let at = At::Workspace(&lab);
    drive.ok(
        &ada,
        "PATCH",
        &format!("/api/v1/workspaces/{lab}"),
        here,
        Some(json!({ "display_name": "Lab 2" })),
    );
    drive.get(&ada, "/api/v1/workspaces?include_deleted=true", org);

    // Members: invited, accepted, declined, changed, removed.
    let members = "/api/v1/orgs/current/members";
    let invite = |email: &str| json!({ "email": email, "role_id": ada.role(&acme, "ORGANIZATION_USER"), "workspace_ids": [lab], "workspace_role_id": made["id"], "read_only": false });
    let (bob, carol) = (server.anybody(), server.anybody());
    drive.ok(&ada, "POST", members, org, Some(invite(&bob.email)));
    let batch = json!([invite(&carol.email), invite("w@example.com"), invite("x@example.com"), { "email": "y@example.com" }]);
    let waiting = drive.ok(&ada, "POST", &format!("{members}/batch"), org, Some(batch));
    drive.get(&bob, "/api/v1/orgs/pending", here);
    let joined = drive.ok(&bob, "POST", &format!("/api/v1/orgs/pending/{acme}/claim"), here, Some(json!({})));
    drive.ok(&carol, "DELETE", &format!("/api/v1/orgs/pending/{acme}"), here, None);
    drive.ok(&ada, "DELETE", &format!("{members}/{}/pending", text(&waiting[1]["id"])), org, None);
    drive.get(&ada, members, org);
    for list in ["active", "pending"] {
        drive.get(&ada, &format!("{members}/{list}"), org);
        drive.get(
            &ada,
            &format!("{members}/{list}?limit=2&offset=1&q=e&sort_by=email&sort_by_desc=false"),
            org,
        );
        drive.get(&ada, &format!("/api/v1/workspaces/current/members/{list}"), at);
        drive.get(&ada, &format!("/api/v1/workspaces/current/members/{list}?limit=1&sort_by=name"), at);
    }
    drive.get(&ada, "/v1/platform/orgs/current/members", org);
    drive.get(&ada, "/api/v1/workspaces/current/members", at);
    drive.get(&bob, "/api/v1/workspaces", org);
    drive.get(&bob, "/api/v1/orgs/current/info", org);
    let path = format!("{members}/{}", text(&joined["id"]));
    let role = json!({ "role_id": ada.role(&acme, "ORGANIZATION_VIEWER") });
    drive.ok(&ada, "PATCH", &path, org, Some(role));

    // Members of a workspace.
    let inside = "/api/v1/workspaces/current/members";
    let (_, dan) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let body = json!({ "org_identity_id": dan, "read_only": true });
    let dan = text(&drive.ok(&ada, "POST", inside, at, Some(body))["id"]);
    let role = json!({ "role_id": ada.role(&acme, "WORKSPACE_VIEWER"), "read_only": true });
    drive.ok(&ada, "PATCH", &format!("{inside}/{dan}"), at, Some(role));
    drive.ok(&ada, "DELETE", &format!("{inside}/{dan}"), at, None);
    drive.ok(&ada, "DELETE", &format!("{inside}/{}/pending", text(&waiting[2]["id"])), at, None);

    // Resources, given everything that they take.
    let some = "00000000-0000-4000-8000-00000000000b";
    let project = json!({
        "id": some, "name": "p", "start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-02T00:00:00+02:00",
        "description": "d", "extra": { "a": [1] }, "default_dataset_id": some, "reference_dataset_id": some,
        "trace_tier": "longlived",
    });
    drive.ok(&ada, "POST", "/api/v1/sessions", at, Some(project));
    drive.ok(&ada, "POST", "/api/v1/sessions?upsert=true", at, Some(json!({ "name": "p" })));
    let dataset = json!({
        "name": "d", "description": "d", "created_at": "2026-01-01T00:00:00Z", "inputs_schema_definition": {},
        "outputs_schema_definition": { "type": "object" }, "externally_managed": true, "data_type": "chat",
        "transformations": [{ "path": ["a"], "transformation_type": "remove_extra_fields" }], "extra": { "metadata": { "k": 1 } },
    });
    let dataset = drive.ok(&ada, "POST", "/api/v1/datasets", at, Some(dataset));
    assert_eq!((&dataset["metadata"], &dataset["data_type"]), (&json!({ "k": 1 }), &json!("chat")));
    let queue = json!({
        "name": "q", "description": "d", "created_at": "2026-01-01T00:00:00Z", "num_reviewers_per_item": 2,
        "enable_reservations": false, "reservation_minutes": 5, "reviewer_access_mode": "any",
        "default_dataset": some, "metadata": {}, "updated_at": "2026-01-02T00:00:00Z", "session_ids": [some],
        "rubric_instructions": "r", "rubric_items": [{
            "feedback_key": "k", "description": "d", "value_descriptions": { "a": "b" },
            "score_descriptions": { "0": "bad" }, "is_required": true, "is_assertion": false,
        }],
    });
    let queue = drive.ok(&ada, "POST", "/api/v1/annotation-queues", at, Some(queue));
    assert_eq!((&queue["reservation_minutes"], &queue["enable_reservations"]), (&json!(5), &json!(false)));
    let prompt = json!({
        "repo_handle": "p", "description": "d", "readme": "r", "tags": ["t"], "is_public": false,
        "repo_type": "prompt",
    });
    let prompt = drive.ok(&ada, "POST", "/api/v1/repos", at, Some(prompt));
    assert_eq!((&prompt["repo"]["full_name"], &prompt["repo"]["tags"]), (&json!("-/p"), &json!(["t"])));
    for path in ["sessions", "datasets", "annotation-queues", "repos", "settings"] {
        drive.get(&ada, &format!("/api/v1/{path}"), at);
    }
    for query in [
        "sessions?include_stats=true&facets=true&use_approx_stats=true&stats_select=run_count&sort_by=feedback\
         &stats_start_time=2026-01-01T00:00:00Z&sort_by_feedback_key=k&sort_by_feedback_source=run",
        "sessions?include_stats=true&filter=eq(name,%22p%22)&stats_filter=eq(run_type,%22llm%22)",
        "datasets?exclude=example_count&exclude_corrections_datasets=true",
        "repos?with_latest_manifest=true&is_archived=allow&is_public=false&has_commits=true&tags=t&source=internal\
         &repo_type=prompt&repo_types=prompt&tenant_handle=h&upstream_repo_owner=o&upstream_repo_handle=h",
    ] {
        drive.get(&ada, &format!("/api/v1/{query}"), at);
    }
    for name in ["p", "d", "q"] {
        ada.post("/sessions", at, json!({ "name": format!("bare {name}") })).ok();
        drive.get(&ada, "/api/v1/sessions?sort_by=name&name_contains=bare", at);
    }
    drive.get(&ada, "/api/v1/workspaces/current/stats", at);
    drive.ok(&ada, "DELETE", &format!("/api/v1/workspaces/{lab}"), here, None);
    drive.ok(&ada, "DELETE", &path, org, None);

    // Keys, and accounts that the organization makes.
    let first = ada.workspaces(&acme).remove(0);
    ada.patch(
        "/orgs/current/info",
        org,
        json!({ "max_api_key_expiry_days": 36500, "max_pat_expiry_days": 36500, "max_service_key_expiry_days": 36500 }),
    )
    .ok();
    let made_key = drive.ok(
        &ada,
        "POST",
        "/api/v1/api-key",
        At::Workspace(&first),
        Some(json!({ "description": "k", "expires_at": "2040-01-01T00:00:00Z" })),
    );
    drive.get(&ada, "/api/v1/api-key", At::Workspace(&first));
    drive.get(&ada, "/api/v1/api-key", org);
    drive.ok(&ada, "DELETE", &format!("/api/v1/api-key/{}", text(&made_key["id"])), org, None);
    let body = json!({ "description": "t", "expires_at": "2040-01-01T00:00:00Z" });
    let token = drive.ok(&ada, "POST", "/api/v1/api-key/current", org, Some(body));
    drive.get(&ada, "/api/v1/api-key/current", org);
    drive.ok(&ada, "DELETE", &format!("/api/v1/api-key/current/{}", text(&token["id"])), org, None);
    let people = json!([{ "email": "b1@example.com", "full_name": "B", "user_id": some, "ls_user_id": some, "read_only": true }, { "email": "b2@example.com", "password": "correct horse battery" }]);
    drive.ok(&ada, "POST", &format!("{members}/basic/batch"), org, Some(people));
    drive.ok(&ada, "PATCH", "/api/v1/orgs/members/basic", here, Some(json!({ "full_name": "Ada" })));
    drive.get(&ada, "/api/v1/workspaces?include_deleted=true", org);

    // Invited to a workspace, and what becomes of it.
    let (eve, eves) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let at = At::Workspace(&first);
    let batch = || Some(json!([{ "email": eve.email, "read_only": true }]));
    drive.ok(&ada, "POST", &format!("{inside}/batch"), at, batch());
    drive.get(&ada, &format!("{inside}/pending"), at);
    drive.get(&eve, "/api/v1/workspaces/pending", here);
    drive.ok(&eve, "DELETE", &format!("/api/v1/workspaces/pending/{first}"), here, None);
    drive.ok(&ada, "POST", &format!("{inside}/batch"), at, batch());
    drive.ok(&eve, "POST", &format!("/api/v1/workspaces/pending/{first}/claim"), here, None);
    ada.delete(&format!("/orgs/current/members/{eves}"), org).ok();

    // There is no other: the two calls refuse.
    for (method, path) in [
        ("DELETE", format!("/api/v1/workspaces/pending/{lab}")),
        ("POST", format!("/api/v1/workspaces/pending/{lab}/claim")),
    ] {
        let reply = ada.call(method, path.strip_prefix("/api/v1").unwrap(), here, None);
        assert_eq!(reply.status, 404);
        drive.judge(method, &path, &reply);
    }

    // What all of this left in the audit log, a page after the other.
    let window = "start_time=2020-01-01T00:00:00Z&end_time=2999-01-01T00:00:00Z";
    let mut log = drive.get(&ada, &format!("/api/v1/audit-logs?{window}&limit=20"), org);
    while let Some(cursor) = log["cursor"].as_str() {
        log = drive.get(&ada, &format!("/api/v1/audit-logs?{window}&limit=20&cursor={cursor}"), org);
    }

    refusals(&mut drive, &ada, &acme);

    // Nothing of the contract was left out.
    let listed: BTreeSet<_> = NOT_YET.iter().map(|(method, path)| key(method, path)).collect();
    let whole: BTreeSet<_> = drive.contract.operations.keys().cloned().collect();
    assert_eq!(whole.len(), 65);
    for operation in &listed {
        assert!(whole.contains(operation), "{operation:?} is none of the contract's");
        assert!(
            !drive.own.operations.contains_key(operation),
            "{operation:?} is there: take it off the list"
        );
        let path = nameless(&operation.1).replace("{}", some);
        let status = server.send(&operation.0, &format!("/!{path}"), &nobody, Some(b"{}")).status;
        assert!([404, 405, 401].contains(&status), "{operation:?} is there ({status}): take it off the list");
    }
    let missing: Vec<_> =
        whole.difference(&listed).filter(|operation| !drive.driven.contains(*operation)).collect();
    assert!(missing.is_empty(), "not asked: {missing:?}");
    println!(
        "{} of {} operations, {} answers and {} refusals of the contract's form",
        drive.driven.len(),
        whole.len(),
        drive.answers,
        drive.refusals
    );
}

/// Every operation refuses in every way that it can, each refusal of the form that the contract, or
/// where it says nothing the server's own document, has for it.
fn refusals(drive: &mut Driver<'_>, admin: &Person<'_>, organization: &str) {
    let server = drive.server;
    let workspace = admin.workspaces(organization).remove(0);
    let stranger = server.anybody();
    let guessed = "00000000-0000-4000-8000-000000000000";
    for ((method, template), operation) in drive.own.operations.clone() {
        let need = operation["x-needs"].as_str().unwrap();
        let path = nameless(&template)
            .replace("/workspaces/{}", &format!("/workspaces/{workspace}"))
            .replace("{}", guessed);
        let ask = |drive: &mut Driver<'_>,
                   path: &str,
                   who: Option<&Person<'_>>,
                   place: [&str; 2],
                   body: &str,
                   expected: &[u16]| {
            let bearer = format!("Bearer {}", who.map_or("none", |who| who.token.as_str()));
            let headers = [
                ("authorization", bearer.as_str()),
                ("x-organization-id", place[0]),
                ("x-tenant-id", place[1]),
                ("content-type", "application/json"),
            ];
            let reply = server.send(&method, &format!("/!{path}"), &headers, Some(body.as_bytes()));
            assert!(
                expected.contains(&reply.status),
                "{method} {path} {body}: {} {}",
                reply.status,
                reply.body
            );
            let operation = (method.clone(), template.clone());
            drive.own.judge(&operation, &reply);
            if drive.contract.operations.contains_key(&operation) {
                drive.contract.judge(&operation, &reply);
            }
            drive.refusals += 1;
        };
        let real = [organization, workspace.as_str()];
        if need != "nobody" {
            ask(drive, &path, None, real, "{}", &[401]);
        }
        if !["nobody", "signed-in"].contains(&need) {
            ask(drive, &path, Some(&stranger), real, "{}", &[403, 404]);
        }
        for parameter in operation["parameters"].as_array().unwrap() {
            match (
                parameter["in"].as_str().unwrap(),
                parameter["schema"]["type"].as_str().unwrap_or_default(),
            ) {
                // A key of a repeated request is of any form but empty.
                ("header", _) if parameter["required"] != true => {}
                ("header", _) => ask(drive, &path, Some(admin), ["x", "x"], "{}", &[422]),
                ("path", _) => {
                    let wrong = nameless(&template).replace("{}", "x");
                    ask(drive, &wrong, Some(admin), real, "{}", &[422]);
                    // The workspace in the path is a real one; deleting the last one conflicts.
                    if !template.ends_with("{workspace_id}") {
                        ask(drive, &path, Some(admin), real, "7", &[404, 422]);
                    }
                }
                (_, kind) => {
                    let list = parameter["schema"]["items"]["format"] == "uuid";
                    let words = !parameter["schema"]["enum"].is_null();
                    let moment = parameter["schema"]["format"] == "date-time";
                    if list || words || moment || ["boolean", "integer"].contains(&kind) {
                        let wrong = format!("{path}?{}=moon", parameter["name"].as_str().unwrap());
                        ask(drive, &wrong, Some(admin), real, "{}", &[422]);
                    }
                }
            }
        }
        if !operation["requestBody"].is_null() {
            let required = operation["requestBody"]["required"] == true;
            // Messages are read only where there is a payment provider, and only when signed.
            let expected: &[u16] = if template.contains("/webhooks/") { &[400, 404] } else { &[422] };
            for wrong in ["", "{", "7", "[7]"].into_iter().filter(|wrong| required || !wrong.is_empty()) {
                ask(drive, &path, Some(admin), real, wrong, expected);
            }
        }
    }
}

/// What the demo holds, prompts above all, which the API does not make.
#[test]
fn the_demos_answers_are_of_the_contracts_form() {
    let directory = tempfile::TempDir::new().unwrap();
    let database = directory.path().join("data/atrium.db");
    let made = program().args(["demo", "--members", "60", "--database", &url(&database)]).output().unwrap();
    assert!(made.status.success());
    let server = Server::start_in(directory, &[]);
    let mut drive = Driver::new(&server);
    let reply = server.sign_in("ada@acme.example", "atrium-demo");
    let ada = Person::of(&server, "ada@acme.example", reply);
    let reads: Vec<_> = drive
        .own
        .operations
        .keys()
        .filter(|(method, path)| method == "GET" && !path.contains('{') && path != "/api/v1/audit-logs")
        .cloned()
        .collect();
    let mut manifests = false;
    for organization in drive.get(&ada, "/api/v1/orgs?include_tier=true", At::Nowhere).as_array().unwrap() {
        let id = text(&organization["id"]);
        let usable = organization["disabled"] == false;
        for (_, path) in &reads {
            let header = &drive.own.operations[&key("GET", path)]["parameters"];
            let header = header.as_array().unwrap().iter().find(|parameter| parameter["in"] == "header");
            match header.map(|header| text(&header["name"])).as_deref() {
                Some("X-Organization-Id") if usable => drive.get(&ada, path, At::Org(&id)),
                Some("X-Tenant-Id") if usable => {
                    let workspace = ada.workspaces(&id).remove(0);
                    // A word that all other lists leave unread.
                    let path = format!("{path}?with_latest_manifest=true");
                    let answer = drive.get(&ada, &path, At::Workspace(&workspace));
                    manifests |= answer["repos"][0]["latest_commit_manifest"]["manifest"].is_object();
                    answer
                }
                _ => continue,
            };
        }
    }
    assert!(drive.answers > 50 && manifests, "{}", drive.answers);
}

/// The names of a schema's fields, with those of the schemas that it is made of.
fn fields(document: &Value, schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some(reference) = schema["$ref"].as_str() {
        found.extend(fields(document, document.pointer(reference.strip_prefix('#').unwrap()).unwrap()));
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for part in schema[key].as_array().into_iter().flatten() {
            found.extend(fields(document, part));
        }
    }
    if !schema["items"].is_null() {
        found.extend(fields(document, &schema["items"]));
    }
    found.extend(schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys().cloned()));
    found
}

/// The document names every field that the contract has: of the query, of bodies, of answers.
#[test]
fn the_document_has_the_contracts_fields() {
    let server = Server::start();
    let (contract, own) = (contract(), document(&server));
    let theirs = operations(&contract);
    let mut compared = 0;
    for (operation, ours) in operations(&own) {
        let Some(theirs) = theirs.get(&operation) else { continue };
        let query = |operation: &Value| -> BTreeSet<String> {
            let all = operation["parameters"].as_array().into_iter().flatten();
            all.filter(|one| one["in"] == "query").map(|one| text(&one["name"])).collect()
        };
        let body = |document: &Value, operation: &Value| {
            fields(document, &operation["requestBody"]["content"]["application/json"]["schema"])
        };
        let answer = |document: &Value, operation: &Value| {
            fields(document, &operation["responses"]["200"]["content"]["application/json"]["schema"])
        };
        let wanted: BTreeSet<_> = query(theirs).union(&body(&contract, theirs)).cloned().collect();
        let taken: BTreeSet<_> = query(&ours).union(&body(&own, &ours)).cloned().collect();
        let missing: Vec<_> = wanted.difference(&taken).collect();
        assert!(missing.is_empty(), "{operation:?} does not take {missing:?}");
        let missing: Vec<_> = answer(&contract, theirs).difference(&answer(&own, &ours)).cloned().collect();
        assert!(missing.is_empty(), "{operation:?} does not answer {missing:?}");
        compared += wanted.len() + answer(&contract, theirs).len();
    }
    println!("{compared} fields of the contract");
}
