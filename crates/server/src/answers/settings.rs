//! The settings of an organization.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::not_kept;
use crate::db::entity::organization;

/// A change of an organization. What is absent or null stays as it is; what is serialized again is
/// kept with the organization and shown in its answers.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[schema(as = OrganizationUpdate)]
pub struct Settings {
    /// The name.
    #[serde(skip_serializing_if = "not_kept")]
    #[schema(min_length = 1, max_length = 100, pattern = r"^[a-zA-Z0-9\-_ ]+$")]
    pub display_name: Option<String>,
    /// Ends what is shared with the public. Nothing is shared here.
    #[serde(skip_serializing_if = "not_kept")]
    pub unshare_all: Option<bool>,
    /// Whether nothing can be shared with the public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_sharing_disabled: Option<bool>,
    /// Whether nobody makes personal access tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pat_creation_disabled: Option<bool>,
    /// Whether signing in through a provider makes a membership.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jit_provisioning_enabled: Option<bool>,
    /// Whether a workspace Admin may invite to the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace_admin_can_invite_to_org: Option<bool>,
    /// Whether people can be invited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invites_enabled: Option<bool>,
    /// For how many days keys of either kind last at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_api_key_expiry_days: Option<u32>,
    /// Whom to tell about security.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Email)]
    pub security_contact: Option<String>,
    /// For how many days personal access tokens last at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_pat_expiry_days: Option<u32>,
    /// For how many days service keys last at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_service_key_expiry_days: Option<u32>,
    /// What stands between the parts of a group's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 1)]
    pub scim_group_name_separator: Option<String>,
    /// Whether models are called through a proxy that signs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub llm_auth_proxy_enabled: Option<bool>,
    /// The audience of that proxy's tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub llm_auth_proxy_jwt_audience: Option<String>,
    /// The addresses from which the organization is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500)]
    pub ip_allowlist: Option<Vec<String>>,
    /// Whether secrets never reach a browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrict_browser_secrets: Option<bool>,
    /// The addresses that the proxy may call.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500)]
    pub llm_auth_proxy_allowed_urls: Option<Vec<String>>,
    /// Whether the engine is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_enabled: Option<bool>,
}

impl Settings {
    /// The settings that were ever set.
    pub fn of(organization: &organization::Model) -> Self {
        serde_json::from_value(organization.settings.clone()).unwrap_or_default()
    }
}
