//! Making resources: what the contract's bodies hold, checked.

use axum::Json;
use chrono::{DateTime, Datelike, SubsecRound, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Answer, Kind, insert};
use crate::answers::not_kept;
use crate::answers::resources::{AnyObject, DataType, TraceTier, Transformation};
use crate::audit::{Operation, views};
use crate::auth::access::WorkspacePermit;
use crate::db::entity::resource::{Column, Entity, Model};
use crate::db::now;
use crate::error::{ApiError, Result, is_duplicate};
use crate::serve::AppState;
use crate::validate::{Params, check_text};

/// Longest name, in characters.
const MAX_NAME: usize = 200;

/// A resource to make, checked.
pub struct Wanted {
    kind: Kind,
    operation: Operation,
    id: Option<Uuid>,
    name: String,
    created_at: Option<DateTime<Utc>>,
    fields: Value,
}

/// A tracing project to make.
// Fields that are not kept have columns; the others are kept with the row as they come.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = TracerSessionCreate)]
pub struct Project {
    #[serde(skip_serializing_if = "not_kept")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "not_kept")]
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    #[serde(skip_serializing_if = "not_kept")]
    start_time: Option<DateTime<Utc>>,
    end_time: Option<DateTime<Utc>>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    extra: Option<AnyObject>,
    default_dataset_id: Option<Uuid>,
    reference_dataset_id: Option<Uuid>,
    trace_tier: Option<TraceTier>,
}

/// A dataset to make.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = DatasetCreate)]
pub struct Dataset {
    #[serde(skip_serializing_if = "not_kept")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "not_kept")]
    #[schema(min_length = 1, max_length = 200, required = true)]
    name: String,
    #[serde(skip_serializing_if = "not_kept")]
    created_at: Option<DateTime<Utc>>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    inputs_schema_definition: Option<AnyObject>,
    outputs_schema_definition: Option<AnyObject>,
    externally_managed: Option<bool>,
    transformations: Option<Vec<Transformation>>,
    /// Its metadata stands in `metadata`, as LangSmith's clients give it; nothing else is kept.
    #[serde(rename(serialize = "metadata"), serialize_with = "metadata_of")]
    extra: Option<AnyObject>,
    #[serde(default)]
    data_type: DataType,
}

fn metadata_of<S: Serializer>(
    extra: &Option<AnyObject>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let metadata = extra.as_ref().and_then(|extra| extra.get("metadata")).filter(|value| value.is_object());
    metadata.serialize(serializer)
}

/// An annotation queue to make.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = AnnotationQueueCreateSchema)]
pub struct Queue {
    #[serde(skip_serializing_if = "not_kept")]
    id: Option<Uuid>,
    #[serde(skip_serializing_if = "not_kept")]
    #[schema(min_length = 1, max_length = 200, required = true)]
    name: String,
    #[serde(skip_serializing_if = "not_kept")]
    created_at: Option<DateTime<Utc>>,
    #[schema(max_length = 2000)]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_reviewers_per_item: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_reservations: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_minutes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 50)]
    reviewer_access_mode: Option<String>,
    default_dataset: Option<Uuid>,
    metadata: Option<AnyObject>,
}

fn fields(body: &impl Serialize) -> Result<Value> {
    serde_json::to_value(body).map_err(ApiError::internal)
}

fn check_description(text: Option<&String>) -> Result<()> {
    check_text(text.map_or("", String::as_str), &["body", "description"], 0, 2_000)
}

/// Years that RFC 3339 can write and every database can hold.
fn check_time(time: Option<DateTime<Utc>>, key: &str) -> Result<()> {
    match time {
        Some(time) if !Params::is_sane(time) => {
            Err(ApiError::invalid(["body", key], "This is outside of the years 1 to 9999."))
        }
        _ => Ok(()),
    }
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
        check_time(self.start_time, "start_time")?;
        check_time(self.end_time, "end_time")?;
        Ok(Wanted {
            kind: Kind::Project,
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
        check_time(self.created_at, "created_at")?;
        Ok(Wanted {
            kind: Kind::Dataset,
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
        check_time(self.created_at, "created_at")?;
        let mode = self.reviewer_access_mode.as_deref().unwrap_or("any");
        check_text(mode, &["body", "reviewer_access_mode"], 1, 50)?;
        Ok(Wanted {
            kind: Kind::Queue,
            operation: Operation::CreateAnnotationQueue,
            id: self.id,
            name: checked_name(&self.name)?,
            created_at: checked_time(self.created_at, "created_at")?,
            fields: fields(&self)?,
        })
    }
}

/// Saves a resource in the workspace and answers with it. With `upsert`, one of the same name is
/// given back instead of refused.
///
/// # Errors
/// 403 for others, 409 where the name or the id is taken.
pub async fn save<T: From<Model> + Serialize>(
    state: &AppState,
    permit: &WorkspacePermit,
    wanted: Wanted,
    upsert: bool,
) -> Answer<T> {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let workspace = access.workspace.id;
    let same = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::Kind.eq(wanted.kind.as_str()))
        .filter(Column::Name.eq(&wanted.name))
        .one(&*change)
        .await?;
    match same {
        Some(row) if upsert => return Ok(Json(row.into())),
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
    change.answer(entry, row.into()).await
}
