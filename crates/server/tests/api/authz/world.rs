//! An organization with everybody in it, another one beside it, and the ids of both.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::common::{At, Person, Server, text};
use crate::job::payment;

/// An id that nothing has.
pub const GUESSED: &str = "00000000-0000-4000-8000-000000000000";

/// An organization on Enterprise with a first workspace. Ids that stand for something of it are
/// made when they are first asked for.
pub struct World<'a> {
    pub admin: Person<'a>,
    pub organization: String,
    pub workspace: String,
    standing: Mutex<HashMap<String, String>>,
    roles: HashMap<String, String>,
}

pub fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed).to_string()
}

impl<'a> World<'a> {
    pub fn new(server: &'a Server, name: &str) -> Self {
        let admin = server.anybody();
        let organization = admin.organization(name, "enterprise");
        // A plan can be chosen only with a card.
        let at = At::Org(&organization);
        let intent = text(&admin.post("/orgs/current/setup", at, json!({})).ok()["client_secret"]);
        admin.post("/orgs/current/payment-method", at, payment(&intent)).ok();
        let workspace = admin.workspaces(&organization).remove(0);
        let roles = admin.get("/orgs/current/roles", at).ok();
        let roles =
            roles.as_array().unwrap().iter().map(|role| (text(&role["name"]), text(&role["id"]))).collect();
        Self { admin, organization, workspace, standing: Mutex::default(), roles }
    }

    /// A custom workspace role.
    pub fn custom_role(&self, permissions: &[&str]) -> String {
        let body = json!({ "display_name": format!("R {}", unique()), "description": "", "permissions": permissions });
        text(&self.admin.post("/orgs/current/roles", At::Org(&self.organization), body).ok()["id"])
    }

    /// Adds a member of the organization to a workspace; gives back the identity there.
    pub fn add(&self, person: &Person<'_>, workspace: &str, role_id: &str) -> String {
        let body = json!({ "org_identity_id": person.identity(&self.organization), "role_id": role_id });
        text(&self.admin.post("/workspaces/current/members", At::Workspace(workspace), body).ok()["id"])
    }

    /// The id of a system role.
    pub fn role(&self, name: &str) -> &str {
        &self.roles[name]
    }

    /// Makes something and gives back its id.
    fn make(&self, kind: &str, name: &str) -> String {
        let (admin, org) = (&self.admin, self.organization.as_str());
        match kind {
            "organization" => org.to_owned(),
            "workspace" => self.workspace.clone(),
            "member" => admin.colleague(org, name, &[]).1,
            "removed" => {
                let (_, identity) = admin.colleague(org, name, &[]);
                admin.delete(&format!("/orgs/current/members/{identity}"), At::Org(org)).ok();
                identity
            }
            "invited" => admin.invite(org, &format!("i{}@example.com", unique()), name, &[&self.workspace]),
            "role" if name.is_empty() => self.custom_role(&["runs:read"]),
            "role" => self.role(name).to_owned(),
            "spare" => admin.workspace(org, &format!("Spare {}", unique())),
            "inside" => {
                let (person, _) = admin.colleague(org, "ORGANIZATION_USER", &[&self.workspace]);
                let path = format!("/workspaces/current/members/active?emails={}", person.email);
                text(&admin.get(&path, At::Workspace(&self.workspace)).ok()[0]["id"])
            }
            "key" => text(&admin.post("/api-key", At::Workspace(&self.workspace), json!({})).ok()["id"]),
            "token" => text(&admin.post("/api-key/current", At::Org(org), json!({})).ok()["id"]),
            "colleague" => admin.colleague(org, "ORGANIZATION_USER", &[]).0.email,
            "intent" => {
                text(&admin.post("/orgs/current/setup", At::Org(org), json!({})).ok()["client_secret"])
            }
            "new" => format!("n{}", unique()),
            other => panic!("{other}"),
        }
    }

    /// Puts ids in the place of `{…}`: new ones, or with `fresh` false those that stand.
    pub fn fill(&self, template: &str, fresh: bool) -> String {
        replace(template, |what| {
            let (kind, name) = what.split_once(' ').unwrap_or((what, ""));
            if fresh || kind == "new" {
                return self.make(kind, name);
            }
            let mut standing = self.standing.lock().unwrap();
            standing.entry(what.to_owned()).or_insert_with(|| self.make(kind, name)).clone()
        })
    }

    /// A body of the table.
    pub fn body(&self, template: &str, fresh: bool) -> Option<Value> {
        if template.is_empty() {
            return None;
        }
        let marked = template.replace('<', "\u{1}").replace('>', "\u{2}");
        let filled = self.fill(&marked, fresh).replace('\u{1}', "{").replace('\u{2}', "}");
        Some(serde_json::from_str(&filled).unwrap_or_else(|error| panic!("{filled}: {error}")))
    }
}

/// Puts an id that nothing has in the place of each `{…}`.
pub fn guess(template: &str) -> String {
    replace(template, |_| GUESSED.to_owned())
}

fn replace(template: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (what, after) = after.split_once('}').unwrap();
        filled.push_str(before);
        filled.push_str(&value(what));
        rest = after;
    }
    filled + rest
}
