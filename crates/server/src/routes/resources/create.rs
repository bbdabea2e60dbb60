//! Making resources: what the contract's bodies hold, checked.

use atrium_domain::roles::permission;
use axum::Json;
use chrono::{DateTime, Datelike, SubsecRound, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Answer, Kind, insert};
use crate::audit::{Operation, views};
use crate::auth::access::WorkspaceAccess;
use crate::auth::sessions::Signed;
use crate::db::entity::resource::{Column, Entity, Model};
use crate::db::now;
use crate::error::{ApiError, Result, is_duplicate};
use crate::serve::AppState;
use crate::validate::check_text;

/// Longest name, in characters.
const MAX_NAME: usize = 200;

/// A resource to make, checked.
pub struct Wanted {
    kind: Kind,
    permission: &'static str,
    operation: Operation,
    id: Option<Uuid>,
    name: String,
    created_at: Option<DateTime<Utc>>,
    fields: Value,
}

type Object = Option<Map<String, Value>>;

/// A tracing project (`TracerSessionCreate`). Fields with `skip_serializing` have columns.
#[derive(Deserialize, Serialize)]
pub struct Project {
    #[serde(skip_serializing)]
    id: Option<Uuid>,
    #[serde(skip_serializing)]
    name: Option<String>,
    #[serde(skip_serializing)]
    start_time: Option<DateTime<Utc>>,
    end_time: Option<DateTime<Utc>>,
    description: Option<String>,
    extra: Object,
    default_dataset_id: Option<Uuid>,
    reference_dataset_id: Option<Uuid>,
    trace_tier: Option<TraceTier>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum TraceTier {
    Longlived,
    Shortlived,
}

/// A dataset (`DatasetCreate`).
#[derive(Deserialize, Serialize)]
pub struct Dataset {
    #[serde(skip_serializing)]
    id: Option<Uuid>,
    #[serde(skip_serializing)]
    name: String,
    #[serde(skip_serializing)]
    created_at: Option<DateTime<Utc>>,
    description: Option<String>,
    inputs_schema_definition: Object,
    outputs_schema_definition: Object,
    externally_managed: Option<bool>,
    transformations: Option<Vec<Transformation>>,
    /// A dataset is read with the metadata alone (`metadata`), which LangSmith's clients give as
    /// `extra.metadata`.
    #[serde(rename(serialize = "metadata"), serialize_with = "metadata_of")]
    extra: Object,
    #[serde(default)]
    data_type: DataType,
}

fn metadata_of<S: Serializer>(extra: &Object, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    let metadata = extra.as_ref().and_then(|extra| extra.get("metadata")).filter(|value| value.is_object());
    metadata.serialize(serializer)
}

#[derive(Deserialize, Serialize)]
struct Transformation {
    path: Vec<String>,
    transformation_type: String,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum DataType {
    #[default]
    Kv,
    Llm,
    Chat,
}

/// An annotation queue (`AnnotationQueueCreateSchema`).
#[derive(Deserialize, Serialize)]
pub struct Queue {
    #[serde(skip_serializing)]
    id: Option<Uuid>,
    #[serde(skip_serializing)]
    name: String,
    #[serde(skip_serializing)]
    created_at: Option<DateTime<Utc>>,
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_reviewers_per_item: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_reservations: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewer_access_mode: Option<String>,
    default_dataset: Option<Uuid>,
    metadata: Object,
}

fn fields(body: &impl Serialize) -> Result<Value> {
    serde_json::to_value(body).map_err(ApiError::internal)
}

fn check_description(text: Option<&String>) -> Result<()> {
    check_text(text.map_or("", String::as_str), &["body", "description"], 0, 2_000)
}

fn checked_name(name: &str) -> Result<String> {
    check_text(name, &["body", "name"], 1, MAX_NAME)?;
    Ok(name.trim().to_owned())
}

/// A time that a client gave, as the database keeps it. Years outside of these sort wrongly in
/// SQLite, and PostgreSQL does not take all of them.
fn checked_time(time: Option<DateTime<Utc>>, key: &str) -> Result<Option<DateTime<Utc>>> {
    if time.is_some_and(|time| !(1..=9999).contains(&time.year())) {
        return Err(ApiError::invalid(["body", key], "Use a year from 1 to 9999."));
    }
    Ok(time.map(|time| time.trunc_subsecs(6)))
}

impl Project {
    /// Checks it.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn wanted(self) -> Result<Wanted> {
        check_description(self.description.as_ref())?;
        Ok(Wanted {
            kind: Kind::Project,
            permission: permission::PROJECTS_CREATE,
            operation: Operation::CreateTracerSession,
            id: self.id,
            // The contract does not require a name; LangSmith's clients fall back to this one.
            name: checked_name(self.name.as_deref().unwrap_or("default"))?,
            created_at: checked_time(self.start_time, "start_time")?,
            fields: fields(&self)?,
        })
    }
}

impl Dataset {
    /// Checks it.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn wanted(self) -> Result<Wanted> {
        check_description(self.description.as_ref())?;
        Ok(Wanted {
            kind: Kind::Dataset,
            permission: permission::DATASETS_CREATE,
            operation: Operation::CreateDataset,
            id: self.id,
            name: checked_name(&self.name)?,
            created_at: checked_time(self.created_at, "created_at")?,
            fields: fields(&self)?,
        })
    }
}

impl Queue {
    /// Checks it.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn wanted(self) -> Result<Wanted> {
        check_description(self.description.as_ref())?;
        let mode = self.reviewer_access_mode.as_deref().unwrap_or("any");
        check_text(mode, &["body", "reviewer_access_mode"], 1, 50)?;
        Ok(Wanted {
            kind: Kind::Queue,
            permission: permission::QUEUES_CREATE,
            operation: Operation::CreateAnnotationQueue,
            id: self.id,
            name: checked_name(&self.name)?,
            created_at: checked_time(self.created_at, "created_at")?,
            fields: fields(&self)?,
        })
    }
}

/// Saves a resource in a workspace, for somebody who may, and answers with it. With `upsert`, one
/// of the same name is given back instead of refused.
///
/// # Errors
/// 403 for others, 409 where the name or the id is taken.
pub async fn save(
    state: &AppState,
    who: Signed,
    workspace: Uuid,
    wanted: Wanted,
    upsert: bool,
    answer: fn(Model) -> Value,
) -> Answer {
    let change = state.db.change().await?;
    let access = WorkspaceAccess::load(&*change, who, workspace).await?;
    access.require(wanted.permission)?;
    let same = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::Kind.eq(wanted.kind.as_str()))
        .filter(Column::Name.eq(&wanted.name))
        .one(&*change)
        .await?;
    match same {
        Some(row) if upsert => return Ok(Json(answer(row))),
        Some(_) => {
            return Err(ApiError::conflict(format!(
                "There is one named {} in this workspace already.",
                wanted.name
            )));
        }
        None => {}
    }
    let now = now();
    let row = Model {
        id: wanted.id.unwrap_or_else(Uuid::new_v4),
        workspace_id: workspace,
        kind: wanted.kind.as_str().to_owned(),
        name_key: wanted.name.to_lowercase(),
        name: wanted.name,
        size: 0,
        created_at: wanted.created_at.unwrap_or(now),
        modified_at: now,
        fields: wanted.fields,
    };
    match insert(&*change, &row).await {
        Err(error) if is_duplicate(&error) => {
            return Err(ApiError::conflict("This id is taken. Leave it out."));
        }
        inserted => inserted?,
    }
    let entry = access.entry(wanted.operation).created(&[row.id], views::resource(&row));
    change.answer(entry, answer(row)).await
}
