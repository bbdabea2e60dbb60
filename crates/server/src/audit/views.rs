//! What the audit log shows of each thing. Written out field by field: what is not named here
//! cannot be in it.

use serde_json::{Value, json};
use uuid::Uuid;

use super::merged;
use crate::answers::Time;
use crate::db::entity::{
    account, api_key, invitation, member, organization, resource, role, workspace, workspace_invitation,
    workspace_member,
};

/// An organization: its name, its plan, its settings.
pub fn organization(row: &organization::Model) -> Value {
    let own = json!({ "display_name": row.display_name, "tier": row.tier, "disabled": row.disabled });
    merged(row.settings.clone(), own)
}

/// The card on file: what may be shown of it.
pub fn card(card: Option<&Value>) -> Value {
    match card {
        Some(card) => json!({ "brand": card.get("brand"), "last4": card.get("last4") }),
        None => Value::Null,
    }
}

/// A membership of an organization.
pub fn member(row: &member::Model) -> Value {
    json!({ "user_id": row.account_id, "role": row.role })
}

/// A membership of a workspace.
pub fn workspace_member(row: &workspace_member::Model) -> Value {
    json!({ "org_identity_id": row.member_id, "workspace_id": row.workspace_id, "role_id": row.role_id })
}

/// An invitation with the workspaces that it opens.
pub fn invitation(row: &invitation::Model, opens: &[Uuid]) -> Value {
    json!({
        "email": row.email,
        "role": row.role,
        "workspace_role_id": row.workspace_role_id,
        "workspace_ids": opens,
    })
}

/// An invitation of a member to a workspace.
pub fn workspace_invitation(row: &workspace_invitation::Model) -> Value {
    json!({ "org_identity_id": row.member_id, "workspace_id": row.workspace_id, "role_id": row.role_id })
}

/// An API key: what may be shown of it.
pub fn api_key(row: &api_key::Model, opens: &[Uuid]) -> Value {
    json!({
        "short_key": row.short_key,
        "description": row.description,
        "read_only": row.read_only,
        "expires_at": row.expires_at.map(Time),
        "organization_role": row.organization_role,
        "role_id": row.role_id,
        "workspace_ids": opens,
    })
}

/// An account that was made with its membership.
pub fn new_member(row: &account::Model, invited: &invitation::Model, opens: &[Uuid]) -> Value {
    merged(invitation(invited, opens), json!({ "user_id": row.id, "full_name": row.full_name }))
}

/// An account, as its owner changes it.
pub fn account(row: &account::Model) -> Value {
    json!({ "full_name": row.full_name })
}

/// A custom role.
pub fn role(row: &role::Model) -> Value {
    json!({
        "display_name": row.display_name,
        "description": row.description,
        "permissions": row.permissions,
    })
}

/// A workspace.
pub fn workspace(row: &workspace::Model) -> Value {
    let color = row.color.as_ref().map(|color| json!({ "color": color }));
    let own = json!({ "display_name": row.display_name, "tenant_handle": row.tenant_handle });
    merged(own, color.unwrap_or_else(|| json!({})))
}

/// A resource. What a client keeps with it is the client's, and not here.
pub fn resource(row: &resource::Model) -> Value {
    json!({ "kind": row.kind, "name": row.name })
}
