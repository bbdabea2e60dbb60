//! An entry of the audit log.

use sea_orm::entity::prelude::*;

/// An entry of the audit log. It refers to nothing by key: it outlives what it tells of.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// The id; later entries have larger ones.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The organization.
    pub organization_id: Uuid,
    /// The workspace, where it was in one.
    pub workspace_id: Option<Uuid>,
    /// The operation's name.
    pub operation: String,
    /// Whether it was done.
    pub succeeded: bool,
    /// The status that was answered; none in a command.
    pub status: Option<i32>,
    /// The account; none for an operator.
    pub account_id: Option<Uuid>,
    /// The API key, where one was used.
    pub api_key_id: Option<Uuid>,
    /// When: within the change, while it held off every other.
    pub created_at: DateTimeUtc,
    /// The id of the request.
    pub request_id: Option<String>,
    /// Its method.
    pub method: Option<String>,
    /// Its path.
    pub path: Option<String>,
    /// The other end of its connection.
    pub client_host: Option<String>,
    /// The port there.
    pub client_port: Option<i32>,
    /// What proxies said about where it came from.
    pub forwarded_for: Option<String>,
    /// The ids of what was changed, as a list.
    pub resources: Json,
    /// What was there before: of an update, what it changed.
    pub before: Option<Json>,
    /// What was there after.
    pub after: Option<Json>,
}

/// What it is joined with.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
