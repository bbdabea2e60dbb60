//! The service keys of a workspace.

use atrium_domain::json::{FromJson, Json};
use gloo_net::http::Method;
use serde::Serialize;

use super::transport::{Answer, Scope, change, command, get};

const KEYS: &str = "/api/v1/api-key";

/// A key, without its secret (`APIKeyGetResponse`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApiKey {
    /// Its id.
    pub id: String,
    /// What may be shown of the key itself.
    pub short_key: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Whether it reads only.
    pub read_only: bool,
    /// When it was made.
    pub created_at: Option<String>,
    /// When it was used last; none where it never was.
    pub last_used_at: Option<String>,
    /// When it ends; none where it does not by itself.
    pub expires_at: Option<String>,
    /// The workspaces that it opens, as far as the person can enter them.
    pub workspaces: Vec<String>,
}

impl FromJson for ApiKey {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: json.read("id")?,
            short_key: json.read_or_default("short_key"),
            description: json.read_or_default("description"),
            read_only: json.read_or_default("read_only"),
            created_at: json.read_or_default("created_at"),
            last_used_at: json.read_or_default("last_used_at"),
            expires_at: json.read_or_default("expires_at"),
            workspaces: json.read_or_default("workspace_names"),
        })
    }
}

/// A key that was just made, with its secret (`APIKeyCreateResponse`).
#[derive(Clone, Debug, PartialEq)]
pub struct NewKey {
    /// What it is for.
    pub description: String,
    /// The key. The server tells it this once.
    pub secret: String,
}

impl FromJson for NewKey {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { description: json.read_or_default("description"), secret: json.read("key")? })
    }
}

/// A key to make (`APIKeyCreateRequest`).
#[derive(Clone, Debug, Default, Serialize)]
pub struct KeyWanted {
    /// What it is for.
    pub description: String,
    /// Whether it reads only.
    pub read_only: bool,
    /// When it ends, as an RFC 3339 time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// Its role in the workspace, where roles differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_id: Option<String>,
}

/// The keys that open a workspace, the newest first.
pub fn workspace_keys(scope: Scope) -> Answer<Vec<ApiKey>> {
    get(scope, KEYS)
}

/// Makes a key of a workspace.
pub fn create_key(scope: Scope, wanted: &KeyWanted) -> Answer<NewKey> {
    change(Method::POST, scope, KEYS, wanted)
}

/// Deletes a key.
pub fn delete_key(scope: Scope, id: &str) -> Answer<()> {
    command(Method::DELETE, scope, format!("{KEYS}/{id}"), None)
}
