//! API keys, without their secret but for the answer that makes one.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Time;
use crate::db::entity::api_key;

/// An API key.
#[derive(Serialize, ToSchema)]
#[schema(as = APIKeyGetResponse)]
pub struct KeyAnswer {
    created_at: Option<Time>,
    id: Uuid,
    /// What may be shown of the key itself.
    short_key: String,
    description: String,
    read_only: bool,
    last_used_at: Option<Time>,
    expires_at: Option<Time>,
    /// The workspaces of a service key that the caller can enter.
    workspace_names: Option<Vec<String>>,
    default_workspace_name: Option<String>,
}

impl KeyAnswer {
    /// A key, with the names of its workspaces.
    pub fn new(
        row: api_key::Model,
        workspace_names: Option<Vec<String>>,
        default_workspace_name: Option<String>,
    ) -> Self {
        Self {
            created_at: Some(Time(row.created_at)),
            id: row.id,
            short_key: row.short_key,
            description: row.description,
            read_only: row.read_only,
            last_used_at: row.last_used_at.map(Time),
            expires_at: row.expires_at.map(Time),
            workspace_names,
            default_workspace_name,
        }
    }
}

/// A key that was just made, with its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = APIKeyCreateResponse)]
pub struct MadeKey {
    #[serde(flatten)]
    shown: KeyAnswer,
    /// The key. It is shown this once.
    key: String,
}

impl MadeKey {
    /// A key with its secret.
    pub fn new(shown: KeyAnswer, key: String) -> Self {
        Self { shown, key }
    }
}
