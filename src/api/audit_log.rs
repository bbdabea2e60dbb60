//! The audit log.

use atrium_domain::audit::Page;

use super::members::encoded;
use super::transport::{Answer, Scope, get};

/// How many entries are shown at a time.
pub const AUDIT_PAGE: usize = 50;
/// The most that the API gives at a time.
pub const MOST_ENTRIES: usize = 100;

/// Which entries. What is empty may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditQuery {
    /// The operation, by its word in the contract.
    pub operation: String,
    /// The workspace.
    pub workspace: String,
    /// The account or the API key; only where the backend has the flag `audit_query`.
    pub actor: String,
    /// Whether it was done or refused; the same holds.
    pub succeeded: Option<bool>,
    /// From this moment on (RFC 3339).
    pub from: String,
    /// Until this one.
    pub until: String,
}

/// A page of the log, the newest first: what comes after a cursor, or the beginning.
pub fn audit_log(
    organization: String,
    asked: &AuditQuery,
    cursor: Option<&str>,
    limit: usize,
) -> Answer<Page> {
    let mut path = format!(
        "/api/v1/audit-logs?limit={limit}&start_time={}&end_time={}",
        encoded(&asked.from),
        encoded(&asked.until)
    );
    let parameters = [
        ("operations", asked.operation.as_str()),
        ("workspace_id", asked.workspace.as_str()),
        ("actor", asked.actor.as_str()),
        ("succeeded", asked.succeeded.map_or("", |succeeded| if succeeded { "true" } else { "false" })),
        ("cursor", cursor.unwrap_or_default()),
    ];
    for (name, value) in parameters.into_iter().filter(|(_, value)| !value.is_empty()) {
        path.push_str(&format!("&{name}={}", encoded(value)));
    }
    get(Scope::Organization(organization), path)
}
