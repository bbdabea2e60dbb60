//! Workspaces.

use std::collections::HashMap;

use atrium_domain::Caller;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Time;
use crate::auth::access::EffectiveRole;
use crate::db::entity::{deleted_workspace, workspace};
use crate::db::system_roles;

/// A workspace.
#[derive(Serialize, ToSchema)]
#[schema(as = Tenant)]
pub struct Workspace {
    id: Uuid,
    organization_id: Option<Uuid>,
    created_at: Time,
    display_name: String,
    is_personal: bool,
    is_deleted: bool,
    tenant_handle: Option<String>,
    data_plane_url: Option<String>,
    /// The colour that was chosen for it (Atrium's own).
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<String>,
}

impl Workspace {
    /// A workspace of a personal organization, or of a shared one.
    pub fn new(row: &workspace::Model, is_personal: bool) -> Self {
        Self {
            id: row.id,
            organization_id: Some(row.organization_id),
            created_at: Time(row.created_at),
            display_name: row.display_name.clone(),
            is_personal,
            is_deleted: false,
            tenant_handle: row.tenant_handle.clone(),
            data_plane_url: None,
            color: row.color.clone(),
        }
    }
}

/// A workspace, as LangSmith's clients ask for it before they make a prompt.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantSettings)]
pub struct Settings {
    id: Uuid,
    display_name: String,
    created_at: Time,
    /// The handle of its prompts; without one they are `-/NAME`.
    tenant_handle: Option<String>,
}

impl From<workspace::Model> for Settings {
    fn from(row: workspace::Model) -> Self {
        Self {
            id: row.id,
            display_name: row.display_name,
            created_at: Time(row.created_at),
            tenant_handle: row.tenant_handle,
        }
    }
}

/// A workspace with the caller's role in it.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantForUser)]
pub struct WorkspaceForUser {
    #[serde(flatten)]
    workspace: Workspace,
    /// Whether that role is Viewer.
    read_only: bool,
    role_id: Option<Uuid>,
    role_name: Option<String>,
    /// What the caller may do in it.
    permissions: Option<Vec<String>>,
}

impl WorkspaceForUser {
    /// A workspace with the caller's role in it.
    pub fn new(row: &workspace::Model, caller: &Caller, role: EffectiveRole) -> Self {
        Self {
            workspace: Workspace::new(row, caller.is_personal),
            read_only: role.id == system_roles::WORKSPACE_VIEWER,
            role_id: Some(role.id),
            role_name: Some(role.label),
            permissions: Some(role.permissions),
        }
    }
}

impl WorkspaceForUser {
    /// A workspace that was deleted: nobody has a role in it.
    pub fn deleted(row: deleted_workspace::Model) -> Self {
        let workspace = Workspace {
            id: row.id,
            organization_id: Some(row.organization_id),
            created_at: Time(row.created_at),
            display_name: row.display_name,
            // A personal organization keeps its only workspace.
            is_personal: false,
            is_deleted: true,
            tenant_handle: row.tenant_handle,
            data_plane_url: None,
            color: None,
        };
        Self { workspace, read_only: false, role_id: None, role_name: None, permissions: Some(Vec::new()) }
    }
}

/// How much a workspace holds.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantStats)]
pub struct Stats {
    tenant_id: Uuid,
    dataset_count: i64,
    tracer_session_count: i64,
    repo_count: i64,
    annotation_queue_count: i64,
    deployment_count: i64,
    dashboards_count: i64,
    evaluator_count: i64,
}

impl Stats {
    /// The numbers of a workspace's resources by their kind.
    pub fn new(workspace: Uuid, counts: &HashMap<String, i64>) -> Self {
        let count = |kind: &str| counts.get(kind).copied().unwrap_or(0);
        Self {
            tenant_id: workspace,
            dataset_count: count("dataset"),
            tracer_session_count: count("project"),
            repo_count: count("prompt"),
            annotation_queue_count: count("annotation_queue"),
            deployment_count: 0,
            dashboards_count: 0,
            evaluator_count: 0,
        }
    }
}
