//! The tables of LangSmith's documentation of who may do what, as this server keeps them. An
//! operation that is not here fails the matrix.

/// In a path or a body, `{…}` stands for an id (see `world.rs`). A body is JSON with `<` and `>` for its braces.
#[derive(Clone, Copy)]
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub body: &'static str,
    pub may: May,
}

/// Who may.
#[derive(Clone, Copy)]
pub enum May {
    /// Everybody who is signed in; the answer to an id that is not for the caller is 404.
    SignedIn,
    /// In the organization: Admin, Operator, User, Viewer.
    Org([bool; 4]),
    /// In the workspace, with this permission: Admin (of the organization or the workspace), Editor,
    /// Viewer. A custom role may what it holds the permission for.
    Workspace(&'static str, [bool; 3]),
}

const READ: May = May::Org([true; 4]);
const MANAGE: May = May::Org([true, true, false, false]);
pub const ADMIN: May = May::Org([true, false, false, false]);
const TOKENS: May = May::Org([true, true, true, false]);

const fn see(permission: &'static str) -> May {
    May::Workspace(permission, [true; 3])
}
const fn edit(permission: &'static str) -> May {
    May::Workspace(permission, [true, true, false])
}
const fn run(permission: &'static str) -> May {
    May::Workspace(permission, [true, false, false])
}

pub const fn row(method: &'static str, path: &'static str, body: &'static str, may: May) -> Row {
    Row { method, path, body, may }
}

/// Open to everybody: nothing to refuse.
pub const OPEN: &[(&str, &str)] = &[
    ("GET", "/api/v1/info"),
    ("GET", "/api/v1/info/health"),
    ("GET", "/api/v1/info/ready"),
    ("POST", "/api/v1/signup"),
    ("POST", "/api/v1/login"),
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    // Known by its signature alone.
    ("POST", "/api/v1/webhooks/stripe"),
];

#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row("GET", "/api/v1/me/ls_user_id", "", May::SignedIn),
    row("GET", "/api/v1/orgs", "", May::SignedIn),
    row("POST", "/api/v1/orgs", r#"<"display_name":"{new}","is_personal":false>"#, May::SignedIn),
    row("GET", "/api/v1/orgs/permissions", "", May::SignedIn),
    row("GET", "/api/v1/orgs/pending", "", May::SignedIn),
    row("DELETE", "/api/v1/orgs/pending/{organization}", "", May::SignedIn),
    row("POST", "/api/v1/orgs/pending/{organization}/claim", "", May::SignedIn),
    row("GET", "/api/v1/workspaces/pending", "", May::SignedIn),
    row("DELETE", "/api/v1/workspaces/pending/{workspace}", "", May::SignedIn),
    row("POST", "/api/v1/workspaces/pending/{workspace}/claim", "", May::SignedIn),

    row("PATCH", "/api/v1/orgs/members/basic", "<>", May::SignedIn),

    row("GET", "/api/v1/orgs/current", "", READ),
    row("GET", "/api/v1/orgs/current/info", "", READ),
    row("PATCH", "/api/v1/orgs/current/info", r#"<"display_name":"Acme">"#, MANAGE),
    row("GET", "/api/v1/orgs/current/ends", "", MANAGE),
    // By its name: this is not it, so that whoever may is told so, and the others go on.
    row("DELETE", "/api/v1/orgs/current?name=Another", "", ADMIN),
    row("GET", "/api/v1/audit-logs?start_time=2020-01-01T00:00:00Z&end_time=2999-01-01T00:00:00Z", "", MANAGE),
    row("GET", "/api/v1/orgs/current/billing", "", READ),
    row("GET", "/api/v1/orgs/current/business-info", "", READ),
    row("POST", "/api/v1/orgs/current/business-info", r#"<"is_business":true>"#, MANAGE),
    row("POST", "/api/v1/orgs/current/setup", "", MANAGE),
    row("POST", "/api/v1/orgs/current/payment-method", r#"<"billing_info":<"name":"A","address":<"line1":"1","city":"C","postal_code":"1","country":"US">>,"setup_intent":"{intent}">"#, MANAGE),
    row("POST", "/api/v1/orgs/current/plan", r#"<"tier":"plus">"#, MANAGE),
    row("GET", "/api/v1/workspaces", "", READ),
    row("POST", "/api/v1/workspaces", r#"<"display_name":"{new}">"#, MANAGE),
    row("GET", "/api/v1/orgs/current/members", "", READ),
    row("GET", "/api/v1/orgs/current/members/active", "", READ),
    row("GET", "/api/v1/orgs/current/members/pending", "", READ),
    row("GET", "/v1/platform/orgs/current/members", "", READ),
    row("POST", "/api/v1/orgs/current/members", r#"<"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}">"#, ADMIN),
    row("POST", "/api/v1/orgs/current/members", r#"<"email":"{new}@example.com","role_id":"{role ORGANIZATION_OPERATOR}">"#, ADMIN),
    row("POST", "/api/v1/orgs/current/members", r#"<"email":"{new}@example.com","role_id":"{role ORGANIZATION_USER}">"#, MANAGE),
    row("POST", "/api/v1/orgs/current/members", r#"<"email":"{new}@example.com","role_id":"{role ORGANIZATION_VIEWER}">"#, MANAGE),
    row("POST", "/api/v1/orgs/current/members/batch", r#"[<"email":"{new}@example.com","role_id":"{role ORGANIZATION_VIEWER}">,<"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}">]"#, ADMIN),
    row("POST", "/api/v1/orgs/current/members/batch", r#"[<"email":"{new}@example.com","role_id":"{role ORGANIZATION_USER}">]"#, MANAGE),
    row("PATCH", "/api/v1/orgs/current/members/{member ORGANIZATION_ADMIN}", r#"<"role_id":"{role ORGANIZATION_USER}">"#, ADMIN),
    row("PATCH", "/api/v1/orgs/current/members/{member ORGANIZATION_OPERATOR}", r#"<"role_id":"{role ORGANIZATION_USER}">"#, ADMIN),
    row("PATCH", "/api/v1/orgs/current/members/{member ORGANIZATION_USER}", r#"<"role_id":"{role ORGANIZATION_OPERATOR}">"#, ADMIN),
    row("PATCH", "/api/v1/orgs/current/members/{member ORGANIZATION_USER}", r#"<"role_id":"{role ORGANIZATION_ADMIN}">"#, ADMIN),
    row("PATCH", "/api/v1/orgs/current/members/{member ORGANIZATION_USER}", r#"<"role_id":"{role ORGANIZATION_VIEWER}">"#, MANAGE),
    row("DELETE", "/api/v1/orgs/current/members/{member ORGANIZATION_ADMIN}", "", ADMIN),
    row("DELETE", "/api/v1/orgs/current/members/{member ORGANIZATION_OPERATOR}", "", MANAGE),
    row("DELETE", "/api/v1/orgs/current/members/{member ORGANIZATION_USER}", "", MANAGE),
    row("DELETE", "/api/v1/orgs/current/members/{member ORGANIZATION_VIEWER}", "", MANAGE),
    row("GET", "/api/v1/orgs/current/members/{member ORGANIZATION_ADMIN}/ends", "", ADMIN),
    row("GET", "/api/v1/orgs/current/members/{member ORGANIZATION_USER}/ends", "", MANAGE),
    row("GET", "/api/v1/orgs/current/members/removed", "", MANAGE),
    row("POST", "/api/v1/orgs/current/members/removed/{removed ORGANIZATION_ADMIN}/restore", "", ADMIN),
    row("POST", "/api/v1/orgs/current/members/removed/{removed ORGANIZATION_OPERATOR}/restore", "", ADMIN),
    row("POST", "/api/v1/orgs/current/members/removed/{removed ORGANIZATION_USER}/restore", "", MANAGE),
    row("DELETE", "/api/v1/orgs/current/members/{invited ORGANIZATION_ADMIN}/pending", "", ADMIN),
    row("DELETE", "/api/v1/orgs/current/members/{invited ORGANIZATION_OPERATOR}/pending", "", MANAGE),
    row("DELETE", "/api/v1/orgs/current/members/{invited ORGANIZATION_USER}/pending", "", MANAGE),
    row("POST", "/api/v1/orgs/current/members/basic/batch", r#"[<"email":"{new}@example.com","role_id":"{role ORGANIZATION_ADMIN}">]"#, ADMIN),
    row("POST", "/api/v1/orgs/current/members/basic/batch", r#"[<"email":"{new}@example.com","role_id":"{role ORGANIZATION_VIEWER}">]"#, MANAGE),
    row("GET", "/api/v1/api-key", "", READ),
    row("POST", "/api/v1/api-key", r#"<"org_role_id":"{role ORGANIZATION_VIEWER}">"#, ADMIN),
    row("GET", "/api/v1/api-key/current", "", TOKENS),
    row("POST", "/api/v1/api-key/current", "<>", TOKENS),
    row("DELETE", "/api/v1/api-key/current/{token}", "", TOKENS),
    row("GET", "/api/v1/orgs/current/roles", "", READ),
    row("POST", "/api/v1/orgs/current/roles", r#"<"display_name":"{new}","description":"","permissions":["runs:read"]>"#, MANAGE),
    row("PATCH", "/api/v1/orgs/current/roles/{role}", r#"<"display_name":"{new}","description":"","permissions":["runs:read"]>"#, MANAGE),
    row("DELETE", "/api/v1/orgs/current/roles/{role}", "", MANAGE),
    row("GET", "/api/v1/orgs/current/user/login-methods", "", READ),

    row("GET", "/api/v1/workspaces/current/stats", "", see("workspaces:read")),
    row("PATCH", "/api/v1/workspaces/{workspace}", r#"<"display_name":"Same">"#, run("workspaces:manage")),
    row("DELETE", "/api/v1/workspaces/{spare}", "", run("workspaces:manage")),
    row("GET", "/api/v1/workspaces/current/members", "", see("workspaces:read")),
    row("GET", "/api/v1/workspaces/current/members/active", "", see("workspaces:read")),
    row("GET", "/api/v1/workspaces/current/members/pending", "", see("workspaces:read")),
    row("POST", "/api/v1/workspaces/current/members", r#"<"org_identity_id":"{member ORGANIZATION_USER}">"#, run("workspaces:manage-members")),
    row("PATCH", "/api/v1/workspaces/current/members/{inside}", r#"<"role_id":"{role WORKSPACE_VIEWER}">"#, run("workspaces:manage-members")),
    row("DELETE", "/api/v1/workspaces/current/members/{inside}", "", run("workspaces:manage-members")),
    row("DELETE", "/api/v1/workspaces/current/members/{invited ORGANIZATION_USER}/pending", "", run("workspaces:manage-members")),
    row("POST", "/api/v1/workspaces/current/members/batch", r#"[<"email":"{colleague}">]"#, run("workspaces:manage-members")),
    row("GET", "/api/v1/api-key", "", see("workspaces:read")),
    // The keys of a workspace are its Admin's alone: no permission of a custom role includes them.
    row("POST", "/api/v1/api-key", "<>", run("")),
    row("DELETE", "/api/v1/api-key/{key}", "", run("")),
    row("GET", "/api/v1/sessions", "", see("projects:read")),
    row("POST", "/api/v1/sessions", r#"<"name":"{new}">"#, edit("projects:create")),
    row("GET", "/api/v1/datasets", "", see("datasets:read")),
    row("POST", "/api/v1/datasets", r#"<"name":"{new}">"#, edit("datasets:create")),
    row("GET", "/api/v1/annotation-queues", "", see("annotation-queues:read")),
    row("POST", "/api/v1/annotation-queues", r#"<"name":"{new}">"#, edit("annotation-queues:create")),
    row("GET", "/api/v1/repos", "", see("prompts:read")),
    row("POST", "/api/v1/repos", r#"<"repo_handle":"{new}">"#, edit("prompts:create")),
    // Any role in the workspace.
    row("GET", "/api/v1/settings", "", see("workspaces:read")),
];
