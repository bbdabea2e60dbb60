//! Workspaces and what is in them.

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{Resource, Workspace, WorkspaceName, WorkspaceStats};
use gloo_net::http::Method;

use super::transport::{Answer, Scope, change, get};
use crate::paths::ResourceKind;

/// How many resources a page of a list holds.
pub const PAGE: usize = 50;

/// The workspaces that the signed-in person can enter.
pub fn workspaces(organization: String) -> Answer<Vec<Workspace>> {
    get(Scope::Organization(organization), "/api/v1/workspaces")
}

/// Makes a workspace.
pub fn create_workspace(organization: String, name: String) -> Answer<Workspace> {
    let body = WorkspaceName { display_name: name };
    change(Method::POST, Scope::Organization(organization), "/api/v1/workspaces", &body)
}

/// The counts of a workspace.
pub fn workspace_stats(organization: String, workspace: String) -> Answer<WorkspaceStats> {
    get(Scope::Workspace(organization, workspace), "/api/v1/workspaces/current/stats")
}

/// One page of a workspace's resources of a kind: up to `limit` after the first `offset`.
pub fn resources(
    organization: String,
    workspace: String,
    kind: ResourceKind,
    offset: usize,
    limit: usize,
) -> Answer<Vec<Resource>> {
    let path = match kind {
        // Without this a project does not say how many runs it has.
        ResourceKind::Projects => "sessions?include_stats=true&",
        ResourceKind::Datasets => "datasets?",
        ResourceKind::Queues => "annotation-queues?",
        ResourceKind::Prompts => "repos?",
    };
    let path = format!("/api/v1/{path}offset={offset}&limit={limit}");
    let scope = Scope::Workspace(organization, workspace);
    let read = match kind {
        ResourceKind::Prompts => |json: &Json| json.read("repos"),
        _ => Vec::from_json,
    };
    Answer { read, ..get(scope, path) }
}
