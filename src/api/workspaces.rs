//! Workspaces and what is in them.

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{Resource, Workspace, WorkspaceName, WorkspaceStats};
use gloo_net::http::Method;

use super::transport::{Answer, Scope, change, command, get};
use crate::paths::ResourceKind;

/// The workspaces that the signed-in person can enter.
pub fn workspaces(organization: String) -> Answer<Vec<Workspace>> {
    get(Scope::Organization(organization), "/api/v1/workspaces")
}

/// Makes a workspace.
pub fn create_workspace(organization: String, name: String) -> Answer<Workspace> {
    let body = WorkspaceName { display_name: name, color: None };
    change(Method::POST, Scope::Organization(organization), "/api/v1/workspaces", &body)
}

/// Names a workspace, and gives it a colour where one is named; an empty one is that which follows from
/// the id.
pub fn update_workspace(
    organization: String,
    id: &str,
    name: String,
    color: Option<String>,
) -> Answer<Workspace> {
    let body = WorkspaceName { display_name: name, color };
    change(Method::PATCH, Scope::Organization(organization), format!("/api/v1/workspaces/{id}"), &body)
}

/// Deletes a workspace with everything in it.
pub fn delete_workspace(organization: String, id: &str) -> Answer<()> {
    let path = format!("/api/v1/workspaces/{id}");
    command(Method::DELETE, Scope::Organization(organization), path, None)
}

/// The counts of a workspace.
pub fn workspace_stats(organization: String, workspace: String) -> Answer<WorkspaceStats> {
    get(Scope::Workspace(organization, workspace), "/api/v1/workspaces/current/stats")
}

/// A page of a workspace's resources of a kind. `asked` is the rest of the query: which, in which order, from
/// where on.
pub fn resources(
    organization: String,
    workspace: String,
    kind: ResourceKind,
    asked: &str,
) -> Answer<Vec<Resource>> {
    let path = match kind {
        // Without this a project does not say how many runs it has.
        ResourceKind::Projects => "sessions?include_stats=true&",
        ResourceKind::Datasets => "datasets?",
        ResourceKind::Queues => "annotation-queues?",
        ResourceKind::Prompts => "repos?",
    };
    let scope = Scope::Workspace(organization, workspace);
    let read = match kind {
        ResourceKind::Prompts => |json: &Json| json.read("repos"),
        _ => Vec::from_json,
    };
    Answer { read, ..get(scope, format!("/api/v1/{path}{asked}")) }
}
