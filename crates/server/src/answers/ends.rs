//! What ends with a membership or an organization, and members who were removed (Atrium's own).

use std::collections::HashMap;

use atrium_domain::Tier;
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Time;
use super::people::{WorkspaceMembership, role_of};
use crate::db::entity::{api_key, removed_workspace};

/// What a member loses with the membership.
#[derive(Serialize, ToSchema)]
pub struct MemberEnds {
    /// The organization role, by its name.
    pub role_name: String,
    /// Every workspace that the member can enter: all of them for an Organization Admin.
    pub workspaces: Vec<WorkspaceMembership>,
    /// The personal tokens, the newest first. They never come back.
    pub tokens: Vec<TokenThatEnds>,
    /// On how many browsers the account is signed in. They stay so, and can do nothing here any more.
    pub open_sessions: u64,
    /// For how many days the member can be brought back.
    pub kept_days: i64,
    /// Why the caller could not bring the member back; null where that is possible.
    pub why_not_back: Option<String>,
}

/// A token that ends: never more than may be shown of it.
#[derive(Serialize, ToSchema)]
pub struct TokenThatEnds {
    description: String,
    short_key: String,
    created_at: Time,
    last_used_at: Option<Time>,
    expires_at: Option<Time>,
}

impl TokenThatEnds {
    /// Of a personal token.
    pub fn new(row: api_key::Model) -> Self {
        Self {
            description: row.description,
            short_key: row.short_key,
            created_at: Time(row.created_at),
            last_used_at: row.last_used_at.map(Time),
            expires_at: row.expires_at.map(Time),
        }
    }
}

/// A removed member with the account, as the query gives it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct RemovedRow {
    /// The organization identity.
    pub id: Uuid,
    /// The organization role.
    pub role: String,
    /// When the person joined.
    pub joined_at: DateTime<Utc>,
    /// When the person was removed.
    pub removed_at: DateTime<Utc>,
    /// Who removed the person.
    pub removed_by: Option<Uuid>,
    /// The address.
    pub email: String,
    /// The name.
    pub full_name: String,
    /// Whether the account is switched off.
    pub is_disabled: bool,
}

/// Somebody who was removed and can be brought back.
#[derive(Serialize, ToSchema)]
pub struct RemovedMember {
    id: Uuid,
    email: String,
    display_name: String,
    is_disabled: bool,
    role_id: Option<Uuid>,
    role_name: String,
    /// When the person joined.
    created_at: Time,
    removed_at: Time,
    /// The address of whoever did it; null where that is not known.
    removed_by: Option<String>,
    restorable_until: Time,
    /// The workspaces that the person was in, by their names of then.
    workspace_memberships: Vec<WorkspaceMembership>,
}

impl RemovedMember {
    /// Of a row, with the workspaces, until when, and the address of who did it.
    pub fn new(
        row: RemovedRow,
        held: Vec<removed_workspace::Model>,
        until: DateTime<Utc>,
        removed_by: Option<String>,
    ) -> Self {
        let (role_id, role_name) = role_of(&row.role);
        let membership = |one: removed_workspace::Model| WorkspaceMembership {
            role_id: one.role_id,
            role_name: one.role_name,
            workspace_id: one.workspace_id,
            workspace_name: one.workspace_name,
            assigned_role_id: None,
        };
        Self {
            id: row.id,
            email: row.email,
            display_name: row.full_name,
            is_disabled: row.is_disabled,
            role_id,
            role_name,
            created_at: Time(row.joined_at),
            removed_at: Time(row.removed_at),
            removed_by,
            restorable_until: Time(until),
            workspace_memberships: held.into_iter().map(membership).collect(),
        }
    }
}

/// A member who was brought back.
#[derive(Serialize, ToSchema)]
pub struct Restored {
    /// The identity: the same as before.
    pub id: Uuid,
    /// The address.
    pub email: String,
    /// What was not brought back, and why.
    pub left_out: Vec<LeftOut>,
}

/// A workspace that could not be opened again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeftOut {
    /// The workspace.
    pub workspace_id: Uuid,
    /// Its name.
    pub workspace_name: String,
    /// Why, as a sentence.
    pub reason: String,
}

/// What ends with an organization.
#[derive(Serialize, ToSchema)]
pub struct OrganizationEnds {
    /// How many members it has.
    pub members: u64,
    /// How many invitations are open.
    pub invitations: u64,
    /// Every workspace with what it holds.
    pub workspaces: Vec<WorkspaceThatEnds>,
    /// How many personal tokens work in it.
    pub personal_tokens: u64,
    /// How many service keys it has.
    pub service_keys: u64,
    /// How many roles of its own it has.
    pub custom_roles: u64,
    /// The plan that is paid for; null where none is.
    pub subscription: Option<Tier>,
    /// Until when it is paid for, where that is known.
    pub end_of_billing_period: Option<Time>,
}

/// A workspace that ends, with what it holds.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceThatEnds {
    id: Uuid,
    display_name: String,
    tracer_session_count: i64,
    dataset_count: i64,
    annotation_queue_count: i64,
    repo_count: i64,
}

impl WorkspaceThatEnds {
    /// Of a workspace, with how much it holds of each kind.
    pub fn new(id: Uuid, display_name: String, counts: &HashMap<String, i64>) -> Self {
        let of = |kind: &str| counts.get(kind).copied().unwrap_or(0);
        Self {
            id,
            display_name,
            tracer_session_count: of("project"),
            dataset_count: of("dataset"),
            annotation_queue_count: of("annotation_queue"),
            repo_count: of("prompt"),
        }
    }
}
