//! The audit log as OCSF API Activity (https://schema.ocsf.io/1.7.0/classes/api_activity).

use std::net::IpAddr;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Time;
use crate::audit::{activity, contract_word};
use crate::db::entity::audit_entry::Model;

/// OCSF's class, category and severity ("other": the log does not weigh what it holds).
const CLASS: u32 = 6003;
const CATEGORY: u32 = 6;
const SEVERITY: u32 = 99;

/// A page of the audit log, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = ListAuditLogsOCSFResponse)]
pub struct AuditLog {
    /// Where the next page begins; none where there is no other.
    pub cursor: Option<String>,
    /// The entries.
    pub items: Vec<Activity>,
}

/// An entry of the audit log.
#[derive(Serialize, ToSchema)]
#[schema(as = OCSFApiActivity)]
pub struct Activity {
    class_uid: u32,
    class_name: &'static str,
    category_uid: u32,
    category_name: &'static str,
    severity_id: u32,
    type_uid: u32,
    activity_id: u32,
    activity_name: String,
    status_id: u32,
    /// `Success` or `Failure`.
    status: &'static str,
    /// When it was, in milliseconds since 1970.
    time: i64,
    metadata: Metadata,
    api: Api,
    http_request: HttpRequest,
    http_response: HttpResponse,
    actor: Actor,
    src_endpoint: Endpoint,
    resources: Vec<Resource>,
    unmapped: Unmapped,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFMetadata)]
struct Metadata {
    uid: Uuid,
    product: Product,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFProduct)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFApi)]
struct Api {
    /// A word of the contract's `AuditLogOperation`.
    operation: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFHttpRequest)]
struct HttpRequest {
    http_method: String,
    url: Url,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFUrl)]
struct Url {
    path: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFHttpResponse)]
struct HttpResponse {
    code: Option<i32>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFActor)]
struct Actor {
    user: User,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFUser)]
struct User {
    uid: Option<Uuid>,
    credential_uid: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFEndpoint)]
struct Endpoint {
    ip: Option<String>,
    port: Option<i32>,
    intermediate_ips: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = OCSFResourceDetails)]
struct Resource {
    uid: String,
}

/// What OCSF has no place for.
#[derive(Serialize, ToSchema)]
#[schema(as = OCSFUnmapped)]
struct Unmapped {
    original_audit_log: Message,
    /// The id of the request, as in the server's log.
    request_id: Option<String>,
    /// What was there before; of a change only what differs.
    before: Option<Value>,
    /// What is there after.
    after: Option<Value>,
}

/// The entry as LangSmith keeps it.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditLogMessage)]
struct Message {
    id: Uuid,
    operation_name: String,
    operation_succeeded: Option<bool>,
    request_time: Time,
    api_key_id: Option<Uuid>,
    user_id: Option<Uuid>,
    ls_user_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    workspace_id: Option<Uuid>,
    enrichments: Option<Enrichments>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AuditLogEnrichments)]
struct Enrichments {
    request_method: String,
    request_path: Option<String>,
    client_host: Option<String>,
    client_port: Option<i32>,
    x_forwarded_for: Option<String>,
    response_status_code: Option<i32>,
    resource_ids: Option<Vec<String>>,
}

/// What was there before and after has no place in the contract's schema; it stands in `unmapped`,
/// which is OCSF's place for what has none.
impl From<Model> for Activity {
    fn from(row: Model) -> Self {
        let (activity_id, activity_name) = activity(&row.operation);
        let activity_id = u32::from(activity_id);
        let (status_id, status) = if row.succeeded { (1, "Success") } else { (2, "Failure") };
        let proxies = row.forwarded_for.as_deref().map(|text| {
            let addresses = text.split(',').filter_map(|part| part.trim().parse::<IpAddr>().ok());
            addresses.map(|address| address.to_string()).collect()
        });
        let ids = row.resources.as_array().into_iter().flatten();
        let ids: Vec<String> = ids.filter_map(Value::as_str).map(str::to_owned).collect();
        let enrichments = row.method.clone().map(|method| Enrichments {
            request_method: method,
            request_path: row.path.clone(),
            client_host: row.client_host.clone(),
            client_port: row.client_port,
            x_forwarded_for: row.forwarded_for.clone(),
            response_status_code: row.status,
            resource_ids: Some(ids.clone()),
        });
        Self {
            class_uid: CLASS,
            class_name: "API Activity",
            category_uid: CATEGORY,
            category_name: "Application Activity",
            severity_id: SEVERITY,
            type_uid: CLASS * 100 + activity_id,
            activity_id,
            activity_name: activity_name.into(),
            status_id,
            status,
            time: row.created_at.timestamp_millis(),
            metadata: Metadata { uid: row.id, product: Product { name: "Atrium", vendor_name: "Atrium" } },
            api: Api { operation: contract_word(&row.operation).into() },
            http_request: HttpRequest {
                http_method: row.method.unwrap_or_default(),
                url: Url { path: row.path.unwrap_or_default() },
            },
            http_response: HttpResponse { code: row.status },
            actor: Actor { user: User { uid: row.account_id, credential_uid: row.api_key_id } },
            src_endpoint: Endpoint { ip: row.client_host, port: row.client_port, intermediate_ips: proxies },
            resources: ids.into_iter().map(|uid| Resource { uid }).collect(),
            unmapped: Unmapped {
                original_audit_log: Message {
                    id: row.id,
                    operation_name: row.operation,
                    operation_succeeded: Some(row.succeeded),
                    request_time: Time(row.created_at),
                    api_key_id: row.api_key_id,
                    user_id: row.account_id,
                    ls_user_id: row.account_id,
                    organization_id: Some(row.organization_id),
                    workspace_id: row.workspace_id,
                    enrichments,
                },
                request_id: row.request_id,
                before: row.before,
                after: row.after,
            },
        }
    }
}
