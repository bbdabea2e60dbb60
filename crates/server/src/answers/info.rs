//! What the installation says about itself.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Time;
use super::resources::AnyObject;

/// What this installation is and offers.
#[derive(Serialize, ToSchema)]
#[schema(as = InfoGetResponse)]
pub struct Info {
    version: &'static str,
    git_sha: Option<String>,
    license_expiration_time: Option<Time>,
    batch_ingest_config: BatchIngestConfig,
    /// What it offers: `sign_up`, `billing`, what the billing needs, `members_query` for the list of
    /// members and invitations as one, `workspace_count_sort` for sorting it by the number of workspaces,
    /// `access_query` for asking it who has a role and who may,
    /// `member_ends` for what ends with a membership, `removed_members` for bringing somebody back,
    /// `delete_organization` for deleting an organization, `workspace_colors` for keeping the colour
    /// that was chosen for a workspace, and `audit_query` for asking the audit log for an actor and an
    /// outcome.
    instance_flags: AnyObject,
    customer_info: Option<CustomerInfo>,
}

/// How clients are to send traces; there is nowhere to send them here.
#[derive(Serialize, ToSchema)]
struct BatchIngestConfig {
    use_multipart_endpoint: bool,
    scale_up_qsize_trigger: u32,
    scale_up_nthreads_limit: u32,
    scale_down_nempty_trigger: u32,
    size_limit: u32,
    size_limit_bytes: u32,
}

/// Whom the installation is licensed to.
#[derive(Serialize, ToSchema)]
struct CustomerInfo {
    customer_id: String,
    customer_name: String,
}

impl Info {
    /// This installation with its flags.
    pub fn new(instance_flags: Map<String, Value>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            git_sha: None,
            license_expiration_time: None,
            batch_ingest_config: BatchIngestConfig {
                use_multipart_endpoint: true,
                scale_up_qsize_trigger: 1000,
                scale_up_nthreads_limit: 16,
                scale_down_nempty_trigger: 4,
                size_limit: 100,
                size_limit_bytes: 20_971_520,
            },
            instance_flags: instance_flags.into(),
            customer_info: None,
        }
    }
}

/// Whether the server is up.
#[derive(Serialize, ToSchema)]
#[schema(as = HealthInfoGetResponse)]
pub struct Health {
    /// LangSmith keeps traces in ClickHouse. There is none here whose disk could be full: always 100.
    clickhouse_disk_free_pct: f64,
}

impl Health {
    /// The answer of every server that answers.
    pub fn good() -> Self {
        Self { clickhouse_disk_free_pct: 100.0 }
    }
}

/// That requests can be sent to this server.
#[derive(Serialize, ToSchema)]
pub struct Ready {
    /// `ready`; a server that is not refuses with 503.
    status: &'static str,
}

impl Ready {
    /// The answer of a server that can be of use.
    pub fn now() -> Self {
        Self { status: "ready" }
    }
}
