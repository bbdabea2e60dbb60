//! Invitations to a workspace: sending many, accepting, declining, revoking.

use serde_json::{Value, json};

use crate::common::{At, Server, text};

const BATCH: &str = "/workspaces/current/members/batch";

#[test]
fn a_member_is_invited_and_accepts_or_declines() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let eve = server.anybody();
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let pending = || bob.get("/workspaces/pending", At::Nowhere).ok();
    let invite = |workspace: &str| {
        let body = json!([{ "email": bob.email.to_uppercase(), "workspace_role_id": viewer }]);
        let made = ada.post(BATCH, At::Workspace(workspace), body).ok();
        assert_eq!((&made[0]["email"], &made[0]["role_name"]), (&json!(bob.email), &json!("Viewer")));
        assert_eq!(
            (&made[0]["access_scope"], &made[0]["tenant_id"]),
            (&json!("workspace"), &json!(workspace))
        );
        assert_eq!(
            (&made[0]["org_role_name"], made[0].as_object().unwrap().len()),
            (&json!("Organization User"), 16)
        );
        text(&made[0]["id"])
    };
    // Invited, not inside: the person sees it, nobody else does.
    let id = invite(&one);
    bob.get("/sessions", At::Workspace(&one)).refused(403, "not a member of this workspace");
    assert_eq!(pending()[0]["id"], one.as_str());
    assert_eq!(pending()[0].as_object().unwrap().len(), 8, "Tenant");
    assert_eq!(eve.get("/workspaces/pending", At::Nowhere).ok(), json!([]));
    let claim = format!("/workspaces/pending/{one}/claim");
    eve.post(&claim, At::Nowhere, json!({}))
        .refused(404, "There is no invitation to this workspace for you.");
    eve.delete(&format!("/workspaces/pending/{id}"), At::Nowhere).refused(404, "There is no invitation");
    let listed = ada.get("/workspaces/current/members/pending", At::Workspace(&one)).ok();
    assert_eq!((&listed[0]["id"], listed.as_array().unwrap().len()), (&json!(id), 1));
    assert_eq!(ada.get("/workspaces/current/members", At::Workspace(&one)).ok()["pending"], listed);
    assert_eq!(ada.get("/orgs/current/members/pending", At::Org(&acme)).ok(), json!([]));
    // Accepted, with the role.
    let joined = bob.post(&claim, At::Nowhere, json!({})).ok();
    assert_eq!((&joined["role_name"], &joined["tenant_id"]), (&json!("Viewer"), &json!(one)));
    assert_eq!(pending(), json!([]));
    bob.get("/sessions", At::Workspace(&one)).ok();
    bob.post("/sessions", At::Workspace(&one), json!({ "name": "x" })).refused(403, "Viewer");
    bob.post(&claim, At::Nowhere, json!({})).refused(404, "There is no invitation");
    ada.post(BATCH, At::Workspace(&one), json!([{ "email": bob.email }]))
        .refused(409, "is already a member of Workspace 1.");
    // Declined, by the workspace's id and by the invitation's.
    invite(&two);
    bob.delete(&format!("/workspaces/pending/{two}"), At::Nowhere).ok();
    let id = invite(&two);
    bob.delete(&format!("/workspaces/pending/{id}"), At::Nowhere).ok();
    bob.delete(&format!("/workspaces/pending/{id}"), At::Nowhere).refused(404, "There is no invitation");
    // Revoked.
    let id = invite(&two);
    ada.post(BATCH, At::Workspace(&two), json!([{ "email": bob.email }]))
        .refused(409, "already invited to Two.");
    let revoke = format!("/workspaces/current/members/{id}/pending");
    ada.delete(&revoke, At::Workspace(&one)).refused(404, "no such invitation");
    ada.delete(&revoke, At::Workspace(&two)).ok();
    ada.delete(&revoke, At::Workspace(&two)).refused(404, "no such invitation");
    assert_eq!(pending(), json!([]));
    // Added at once, there is nothing left to accept.
    invite(&two);
    ada.post("/workspaces/current/members", At::Workspace(&two), json!({ "org_identity_id": identity })).ok();
    assert_eq!(pending(), json!([]));
    // An Admin needs none; a removed member has none.
    let (carol, carols) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let rows = json!([{ "email": carol.email }]);
    ada.post(BATCH, At::Workspace(&one), rows.clone()).ok();
    let role = |name: &str| json!({ "role_id": ada.role(&acme, name) });
    let path = format!("/orgs/current/members/{carols}");
    ada.patch(&path, At::Org(&acme), role("ORGANIZATION_ADMIN")).ok();
    assert_eq!(carol.get("/workspaces/pending", At::Nowhere).ok(), json!([]));
    ada.post(BATCH, At::Workspace(&one), rows.clone()).refused(409, "already a member");
    ada.patch(&path, At::Org(&acme), role("ORGANIZATION_USER")).ok();
    ada.post(BATCH, At::Workspace(&one), rows).ok();
    ada.delete(&path, At::Org(&acme)).ok();
    assert_eq!(carol.get("/workspaces/pending", At::Nowhere).ok(), json!([]));
    // A pending organization cannot be used, an invitation waits there.
    let (dan, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    ada.post(BATCH, At::Workspace(&one), json!([{ "email": dan.email }])).ok();
    server.plan(&acme, "no_plan");
    dan.post(&claim, At::Nowhere, json!({})).refused(403, "This organization is pending.");
    server.plan(&acme, "enterprise");
    dan.post(&claim, At::Nowhere, json!({})).ok();
}

#[test]
fn strangers_are_invited_to_the_organization() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let (one, two) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Two"));
    let at = At::Workspace(&one);
    let (boss, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let admin = json!({ "org_identity_id": identity, "role_id": ada.role(&acme, "WORKSPACE_ADMIN") });
    ada.post("/workspaces/current/members", at, admin).ok();
    let row = |email: &str, role: &str| json!([{ "email": email, "role_id": ada.role(&acme, role) }]);
    let user = row("new@example.com", "ORGANIZATION_USER");
    boss.post(BATCH, at, user.clone()).refused(403, "Only an Organization Admin or Operator can do this.");
    ada.patch("/orgs/current/info", org, json!({ "workspace_admin_can_invite_to_org": true })).ok();
    for role in ["ORGANIZATION_ADMIN", "ORGANIZATION_OPERATOR"] {
        boss.post(BATCH, at, row("new@example.com", role))
            .refused(403, "The Admin of a workspace invites Organization Users and Viewers only.");
    }
    let made = boss.post(BATCH, at, user).ok();
    assert_eq!(made[0]["workspace_ids"], json!([one]));
    let waiting = ada.get("/orgs/current/members/pending", org).ok();
    assert_eq!((&waiting[0]["id"], &waiting[0]["tenant_ids"]), (&made[0]["id"], &json!([one])));
    // Another workspace is added to the invitation that waits.
    let again = ada.post(BATCH, At::Workspace(&two), json!([{ "email": "NEW@example.com" }])).ok();
    assert_eq!(again[0]["id"], made[0]["id"]);
    ada.post(BATCH, At::Workspace(&two), json!([{ "email": "new@example.com" }]))
        .refused(409, "new@example.com is already invited to Two.");
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let third = ada.workspace(&acme, "Three");
    ada.post(
        BATCH,
        At::Workspace(&third),
        json!([{ "email": "new@example.com", "workspace_role_id": viewer }]),
    )
    .refused(409, "is invited already, with another workspace role");
    let new = server.sign_up("new@example.com");
    new.accept(&acme);
    assert_eq!(new.workspaces(&acme), [one.clone(), two]);
    ada.patch("/orgs/current/info", org, json!({ "invites_enabled": false })).ok();
    ada.post(BATCH, at, json!([{ "email": "x@example.com" }])).refused(403, "Invitations are switched off");
}

#[test]
fn a_batch_is_all_or_nothing_and_names_the_row() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let (workspace, other) = (ada.workspaces(&acme).remove(0), ada.workspace(&acme, "Other"));
    let at = At::Workspace(&workspace);
    let batch = |rows: Value| ada.post(BATCH, at, rows);
    let (bob, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let good = json!({ "email": bob.email });
    let row = |field: &str| [json!("body"), json!(1), json!(field)];
    let user = ada.role(&acme, "ORGANIZATION_USER");
    for (bad, field) in [
        (json!({ "email": "x" }), "email"),
        (json!({}), "email"),
        (json!({ "email": "a@example.com", "password": "a long password" }), "password"),
        (json!({ "email": "a@example.com", "full_name": " " }), "full_name"),
        (json!({ "email": "a@example.com", "workspace_ids": [other] }), "workspace_ids"),
        (json!({ "email": "a@example.com", "workspace_role_id": user }), "workspace_role_id"),
        (json!({ "email": "a@example.com", "workspace_role_id": "x" }), "workspace_role_id"),
        (json!({ "email": "a@example.com", "role_id": "x" }), "role_id"),
        (json!({ "email": "a@example.com", "role_id": other, "workspace_role_id": user }), "role_id"),
    ] {
        batch(json!([good, bad])).invalid(&row(field));
    }
    let twice = batch(json!([good, good])).refused(409, "in this list twice");
    assert_eq!(twice["detail"][0]["loc"], json!(["body", 1, "email"]));
    batch(json!([])).invalid(&[json!("body")]);
    let many: Vec<_> = (0..501).map(|index| json!({ "email": format!("m{index:03}@example.com") })).collect();
    batch(json!(many)).invalid(&[json!("body")]);
    assert_eq!(ada.get("/workspaces/current/members/pending", at).ok(), json!([]), "nothing was sent");
    // Members and strangers together; the list of both is paged and sorted in one.
    let viewer = ada.role(&acme, "WORKSPACE_VIEWER");
    let mut rows = many[..499].to_vec();
    rows.push(json!({ "email": bob.email, "role_id": viewer, "workspace_ids": [workspace] }));
    assert_eq!(batch(json!(rows)).ok().as_array().unwrap().len(), 500);
    let page = |query: &str| -> Vec<String> {
        let list = ada.get(&format!("/workspaces/current/members/pending?{query}"), at).ok();
        list.as_array().unwrap().iter().map(|row| text(&row["email"])).collect()
    };
    let sorted = "sort_by=email&sort_by_desc=false";
    assert_eq!(page(&format!("{sorted}&limit=2&offset=498")), ["m498@example.com", bob.email.as_str()]);
    assert_eq!(page("sort_by=email&limit=1"), [bob.email.as_str()]);
    assert_eq!(page(&format!("q=PERSON&{sorted}")), [bob.email.as_str()]);
    assert_eq!(
        page(&format!("emails={}&emails=m003@example.com&{sorted}", bob.email)),
        ["m003@example.com", bob.email.as_str()]
    );
    assert_eq!(page("").len(), 50);
    // A seat is kept for each stranger, none for a member.
    let plus = ada.organization("Plus", "plus");
    let small = ada.workspaces(&plus).remove(0);
    let at = At::Workspace(&small);
    ada.post(BATCH, at, json!(many[..10]))
        .refused(409, "This needs 10 seats, and there are 9 seats free of 10.");
    ada.post(BATCH, at, json!([{ "email": "a@example.com", "role_id": viewer }]))
        .refused(403, "On this plan everybody in a workspace is its Admin.");
}

#[test]
fn nobody_gives_what_they_do_not_have() {
    let server = Server::start();
    let ada = server.anybody();
    let acme = ada.organization("Acme", "enterprise");
    let org = At::Org(&acme);
    let workspace = ada.workspaces(&acme).remove(0);
    let at = At::Workspace(&workspace);
    let role = |name: &str, permissions: Value| {
        let body = json!({ "display_name": name, "description": "", "permissions": permissions });
        text(&ada.post("/orgs/current/roles", org, body).ok()["id"])
    };
    let keeper = role("Keeper", json!(["workspaces:manage-members", "workspaces:read", "projects:read"]));
    let reader = role("Reader", json!(["projects:read"]));
    let (bob, identity) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let (carol, carols) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let add = json!({ "org_identity_id": identity, "role_id": keeper });
    let own = text(&ada.post("/workspaces/current/members", at, add).ok()["id"]);
    let too_much = "This role permits more than your own in this workspace";
    for name in ["WORKSPACE_ADMIN", "WORKSPACE_USER", "WORKSPACE_VIEWER"] {
        let id = ada.role(&acme, name);
        // Neither to oneself nor to others, by whatever call.
        bob.patch(&format!("/workspaces/current/members/{own}"), at, json!({ "role_id": id }))
            .refused(403, too_much);
        bob.post("/workspaces/current/members", at, json!({ "org_identity_id": carols, "role_id": id }))
            .refused(403, too_much);
        bob.post(BATCH, at, json!([{ "email": carol.email, "workspace_role_id": id }]))
            .refused(403, too_much);
    }
    // Not by leaving it out either: that gives Editor.
    bob.post("/workspaces/current/members", at, json!({ "org_identity_id": carols })).refused(403, too_much);
    bob.post(BATCH, at, json!([{ "email": carol.email }])).refused(403, too_much);
    bob.post(BATCH, at, json!([{ "email": carol.email, "workspace_role_id": reader }])).ok();
    carol.post(&format!("/workspaces/pending/{workspace}/claim"), At::Nowhere, json!({})).ok();
    carol.get("/sessions", at).ok();
    // A role that waits in an invitation stays.
    let (dan, _) = ada.colleague(&acme, "ORGANIZATION_USER", &[]);
    let waiting = role("Waits", json!(["projects:read"]));
    ada.post(BATCH, at, json!([{ "email": dan.email, "workspace_role_id": waiting }])).ok();
    ada.delete(&format!("/orgs/current/roles/{waiting}"), org)
        .refused(409, "1 invitation has the role Waits.");
}
