//! The tables as `authz_keys` asks them with keys.

use serde_json::{Value, json};

use crate::common::{At, Person, text};

/// Ids of an organization, made fresh for each cell where the operation uses them up.
pub struct World<'a> {
    pub admin: &'a Person<'a>,
    pub organization: String,
    pub workspace: String,
}

impl World<'_> {
    /// Puts fresh ids in the place of `{…}`.
    pub fn fill(&self, template: &str) -> String {
        let mut filled = template.to_owned();
        while let Some((before, rest)) = filled.split_once('{').map(|(a, b)| (a.to_owned(), b.to_owned())) {
            let (what, after) = rest.split_once('}').unwrap();
            let (kind, name) = what.split_once(' ').unwrap_or((what, ""));
            let (admin, org) = (self.admin, self.organization.as_str());
            let value = match kind {
                "member" => admin.colleague(org, name, &[]).1,
                "invited" => {
                    admin.invite(org, &format!("i{}@example.com", unique()), name, &[&self.workspace])
                }
                "role" if name.is_empty() => {
                    let body = json!({ "display_name": format!("R {}", unique()), "description": "", "permissions": ["runs:read"] });
                    text(&admin.post("/orgs/current/roles", At::Org(org), body).ok()["id"])
                }
                "role" => admin.role(org, name),
                "workspace" => self.workspace.clone(),
                "spare" => admin.workspace(org, &format!("Spare {}", unique())),
                "inside" => {
                    let (person, _) = admin.colleague(org, "ORGANIZATION_USER", &[&self.workspace]);
                    let path = format!("/workspaces/current/members/active?emails={}", person.email);
                    text(&admin.get(&path, At::Workspace(&self.workspace)).ok()[0]["id"])
                }
                "key" => text(&admin.post("/api-key", At::Workspace(&self.workspace), json!({})).ok()["id"]),
                "colleague" => admin.colleague(org, "ORGANIZATION_USER", &[]).0.email,
                "new" => format!("n{}", unique()),
                other => panic!("{other}"),
            };
            filled = format!("{before}{value}{after}");
        }
        filled
    }
}

fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

/// Method, path, body, and who may: Admin, Operator, User, Viewer.
pub type Row = (&'static str, &'static str, &'static str, [bool; 4]);

const READ: [bool; 4] = [true, true, true, true];
const MANAGE: [bool; 4] = [true, true, false, false];
const ADMIN: [bool; 4] = [true, false, false, false];
const TOKENS: [bool; 4] = [true, true, true, false];

pub const ORGANIZATION: &[Row] = &[
    ("GET", "/orgs/current", "", READ),
    ("GET", "/orgs/current/info", "", READ),
    ("PATCH", "/orgs/current/info", r#"#{"display_name":"Acme"}"#, MANAGE),
    ("GET", "/orgs/current/billing", "", READ),
    ("GET", "/orgs/current/business-info", "", READ),
    ("POST", "/orgs/current/business-info", r#"#{"is_business":true}"#, MANAGE),
    ("POST", "/orgs/current/setup", "", MANAGE),
    ("GET", "/workspaces", "", READ),
    ("POST", "/workspaces", r#"#{"display_name":"{new}"}"#, MANAGE),
    ("GET", "/orgs/current/members", "", READ),
    ("GET", "/orgs/current/members/active", "", READ),
    ("GET", "/orgs/current/members/pending", "", READ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}"}"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_OPERATOR}"}"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_USER}"}"#,
        MANAGE,
    ),
    (
        "POST",
        "/orgs/current/members",
        r#"#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_VIEWER}"}"#,
        MANAGE,
    ),
    (
        "POST",
        "/orgs/current/members/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}"}]"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_USER}"}]"#,
        MANAGE,
    ),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_ADMIN}", "", ADMIN),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_OPERATOR}", "", MANAGE),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_USER}", "", MANAGE),
    ("DELETE", "/orgs/current/members/{member ORGANIZATION_VIEWER}", "", MANAGE),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_ADMIN}",
        r#"#{"role_id":"{role ORGANIZATION_USER}"}"#,
        ADMIN,
    ),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_OPERATOR}",
        r#"#{"role_id":"{role ORGANIZATION_USER}"}"#,
        ADMIN,
    ),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_USER}",
        r#"#{"role_id":"{role ORGANIZATION_OPERATOR}"}"#,
        ADMIN,
    ),
    (
        "PATCH",
        "/orgs/current/members/{member ORGANIZATION_USER}",
        r#"#{"role_id":"{role ORGANIZATION_VIEWER}"}"#,
        MANAGE,
    ),
    ("DELETE", "/orgs/current/members/{invited ORGANIZATION_ADMIN}/pending", "", ADMIN),
    ("DELETE", "/orgs/current/members/{invited ORGANIZATION_USER}/pending", "", MANAGE),
    ("GET", "/orgs/current/roles", "", READ),
    (
        "POST",
        "/orgs/current/roles",
        r#"#{"display_name":"{new}","description":"","permissions":["runs:read"]}"#,
        MANAGE,
    ),
    (
        "PATCH",
        "/orgs/current/roles/{role}",
        r#"#{"display_name":"{new}","description":"","permissions":["runs:read"]}"#,
        MANAGE,
    ),
    ("DELETE", "/orgs/current/roles/{role}", "", MANAGE),
    ("GET", "/orgs/current/user/login-methods", "", READ),
    ("GET", "/v1/platform/orgs/current/members", "", READ),
    (
        "POST",
        "/orgs/current/members/basic/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}"}]"#,
        ADMIN,
    ),
    (
        "POST",
        "/orgs/current/members/basic/batch",
        r#"[#{"email":"{new}@example.com","role_id":"{role ORGANIZATION_VIEWER}"}]"#,
        MANAGE,
    ),
    ("GET", "/api-key", "", READ),
    // Nobody but the Admin is inside the workspace.
    ("POST", "/api-key", r#"#{"workspaces":["{workspace}"]}"#, ADMIN),
    ("POST", "/api-key", r#"#{"org_role_id":"{role ORGANIZATION_VIEWER}"}"#, ADMIN),
    ("DELETE", "/api-key/{key}", "", ADMIN),
    ("GET", "/api-key/current", "", TOKENS),
    ("POST", "/api-key/current", "#{}", TOKENS),
];

/// A body's text: `#{…}` is an object, the other braces are ids to fill in.
pub fn body(world: &World<'_>, template: &str) -> Option<Value> {
    if template.is_empty() {
        return None;
    }
    let marked = template.replacen("#{", "\u{1}", 1);
    let (marked, closed) = match marked.rfind('}') {
        Some(at) => (format!("{}\u{2}{}", &marked[..at], &marked[at + 1..]), true),
        None => (marked, false),
    };
    assert!(closed);
    let filled = world.fill(&marked).replace('\u{1}', "{").replace('\u{2}', "}");
    Some(serde_json::from_str(&filled).unwrap_or_else(|error| panic!("{filled}: {error}")))
}

pub fn sentence(body: &Value, status: u16) {
    if status != 200 {
        let told = body["detail"].as_str().unwrap_or_default();
        assert!(told.ends_with('.') && told.len() > 20, "{body}");
    }
}

/// Method, path, body, and who may: Organization Admin, workspace Admin, Editor, Viewer.
pub const WORKSPACE: &[Row] = &[
    ("GET", "/workspaces/current/stats", "", READ),
    ("PATCH", "/workspaces/{workspace}", r#"#{"display_name":"Same"}"#, MANAGE),
    ("GET", "/workspaces/current/members", "", READ),
    ("GET", "/workspaces/current/members/active", "", READ),
    ("GET", "/workspaces/current/members/pending", "", READ),
    ("POST", "/workspaces/current/members", r#"#{"org_identity_id":"{member ORGANIZATION_USER}"}"#, MANAGE),
    ("PATCH", "/workspaces/current/members/{inside}", r#"#{"role_id":"{role WORKSPACE_VIEWER}"}"#, MANAGE),
    ("DELETE", "/workspaces/current/members/{inside}", "", MANAGE),
    ("DELETE", "/workspaces/current/members/{invited ORGANIZATION_USER}/pending", "", MANAGE),
    ("GET", "/sessions", "", READ),
    ("POST", "/sessions", r#"#{"name":"{new}"}"#, [true, true, true, false]),
    ("GET", "/datasets", "", READ),
    ("POST", "/datasets", r#"#{"name":"{new}"}"#, [true, true, true, false]),
    ("GET", "/annotation-queues", "", READ),
    ("POST", "/annotation-queues", r#"#{"name":"{new}"}"#, [true, true, true, false]),
    ("GET", "/repos", "", READ),
    ("POST", "/workspaces/current/members/batch", r#"[#{"email":"{colleague}"}]"#, MANAGE),
    // Inviting to the organization takes more than the workspace.
    ("POST", "/workspaces/current/members/batch", r#"[#{"email":"{new}@example.com"}]"#, ADMIN),
    ("GET", "/api-key", "", READ),
    ("POST", "/api-key", "#{}", MANAGE),
    ("DELETE", "/api-key/{key}", "", MANAGE),
    ("GET", "/api-key/current", "", READ),
    ("POST", "/api-key/current", "#{}", READ),
];
