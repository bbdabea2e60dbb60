//! Making resources: what the contract's bodies hold, checked.

use std::collections::HashMap;

use atrium_domain::wire::Location;
use atrium_words::{mark, t};
use axum::Json;
use axum::http::StatusCode;
use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Answer, Kind, insert};
use crate::answers::not_kept;
use crate::answers::resources::{AnyObject, DataType, RepoType, RubricItem, TraceTier, Transformation};
use crate::audit::{Operation, views};
use crate::auth::access::WorkspacePermit;
use crate::db::entity::resource::{Column, Entity, Model};
use crate::db::now;
use crate::error::{ApiError, Result, field, is_duplicate, name};
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
    modified_at: Option<DateTime<Utc>>,
    /// The projects whose runs it is to hold.
    runs_of: Vec<Uuid>,
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
    #[serde(skip_serializing_if = "not_kept")]
    updated_at: Option<DateTime<Utc>>,
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
    #[schema(max_items = 500)]
    rubric_items: Option<Vec<RubricItem>>,
    #[schema(max_length = 10000)]
    rubric_instructions: Option<String>,
    /// Tracing projects of the workspace: the queue begins with their runs.
    #[schema(max_items = 500)]
    session_ids: Option<Vec<Uuid>>,
    metadata: Option<AnyObject>,
}

/// A prompt to make.
#[derive(Deserialize, Serialize, ToSchema)]
#[schema(as = CreateRepoRequest)]
pub struct Prompt {
    /// A lower-case letter, then lower-case letters, digits, `-` and `_`.
    #[serde(skip_serializing_if = "not_kept")]
    #[schema(min_length = 1, max_length = 200, pattern = "^[a-z][a-z0-9_-]*$", required = true)]
    repo_handle: String,
    #[schema(max_length = 2000)]
    description: Option<String>,
    #[schema(max_length = 10000)]
    readme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500)]
    tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repo_type: Option<RepoType>,
    /// Prompts stay in their workspace here: `true` is refused.
    #[serde(skip_serializing_if = "not_kept")]
    is_public: Option<bool>,
}

fn fields(body: &impl Serialize) -> Result<Value> {
    serde_json::to_value(body).map_err(ApiError::internal)
}

fn check_description(text: Option<&String>) -> Result<()> {
    check_text(text.map_or("", String::as_str), &["body", "description"], 0, 2_000)
}

/// Most items of a list.
const MAX_ITEMS: usize = 500;

fn check_count<T>(items: Option<&Vec<T>>, key: &str) -> Result<()> {
    match items {
        Some(items) if items.len() > MAX_ITEMS => {
            Err(ApiError::invalid(["body", key], format!("Use at most {MAX_ITEMS}.")))
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
    if time.is_some_and(|time| !Params::is_sane(time)) {
        return Err(ApiError::invalid(["body", key], mark!("Use a year from 1 to 9999.")));
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
        checked_time(self.end_time, "end_time")?;
        Ok(Wanted {
            kind: Kind::Project,
            operation: Operation::CreateTracerSession,
            id: self.id,
            // The contract does not require a name; LangSmith's clients fall back to this one.
            name: checked_name(self.name.as_deref().unwrap_or("default"))?,
            created_at: checked_time(self.start_time, "start_time")?,
            modified_at: None,
            runs_of: Vec::new(),
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
            operation: Operation::CreateDataset,
            id: self.id,
            name: checked_name(&self.name)?,
            created_at: checked_time(self.created_at, "created_at")?,
            modified_at: None,
            runs_of: Vec::new(),
            fields: fields(&self)?,
        })
    }
}

impl Queue {
    fn check_rubric(&self) -> Result<()> {
        let instructions = self.rubric_instructions.as_deref().unwrap_or_default();
        check_text(instructions, &["body", "rubric_instructions"], 0, 10_000)?;
        check_count(self.rubric_items.as_ref(), "rubric_items")?;
        for (index, item) in self.rubric_items.iter().flatten().enumerate() {
            let key = item.feedback_key.trim();
            if key.is_empty() || item.feedback_key.chars().count() > MAX_NAME {
                let at = Location::Index(index as u64);
                let loc = vec![name("body"), name("rubric_items"), at, name("feedback_key")];
                let refused = field(loc, format!("Use 1 to {MAX_NAME} characters."));
                return Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![refused]));
            }
        }
        Ok(())
    }

    /// Checks it.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn wanted(self) -> Result<Wanted> {
        check_description(self.description.as_ref())?;
        let mode = self.reviewer_access_mode.as_deref().unwrap_or("any");
        check_text(mode, &["body", "reviewer_access_mode"], 1, 50)?;
        self.check_rubric()?;
        check_count(self.session_ids.as_ref(), "session_ids")?;
        Ok(Wanted {
            kind: Kind::Queue,
            operation: Operation::CreateAnnotationQueue,
            id: self.id,
            name: checked_name(&self.name)?,
            created_at: checked_time(self.created_at, "created_at")?,
            modified_at: checked_time(self.updated_at, "updated_at")?,
            runs_of: self.session_ids.clone().unwrap_or_default(),
            fields: fields(&self)?,
        })
    }
}

impl Prompt {
    /// Checks it.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn wanted(self) -> Result<Wanted> {
        check_text(&self.repo_handle, &["body", "repo_handle"], 1, MAX_NAME)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if !self.repo_handle.starts_with(|c: char| c.is_ascii_lowercase())
            || !self.repo_handle.chars().all(fits)
        {
            let sentence = mark!("Use lower-case letters, digits, - and _, and begin with a letter.");
            return Err(ApiError::invalid(["body", "repo_handle"], sentence));
        }
        check_description(self.description.as_ref())?;
        check_text(self.readme.as_deref().unwrap_or_default(), &["body", "readme"], 0, 10_000)?;
        check_count(self.tags.as_ref(), "tags")?;
        for (index, tag) in self.tags.iter().flatten().enumerate() {
            if tag.trim().is_empty() || tag.chars().count() > MAX_NAME {
                let loc = vec![name("body"), name("tags"), Location::Index(index as u64)];
                let refused = field(loc, format!("Use 1 to {MAX_NAME} characters."));
                return Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![refused]));
            }
        }
        if self.is_public == Some(true) {
            let sentence = mark!("Prompts cannot be public here. Leave this out.");
            return Err(ApiError::invalid(["body", "is_public"], sentence));
        }
        Ok(Wanted {
            kind: Kind::Prompt,
            operation: Operation::CreatePrompt,
            id: None,
            name: self.repo_handle.clone(),
            created_at: None,
            modified_at: None,
            runs_of: Vec::new(),
            fields: fields(&self)?,
        })
    }
}

/// How many runs these projects of the workspace have together.
async fn runs_of<C: ConnectionTrait>(connection: &C, workspace: Uuid, projects: &[Uuid]) -> Result<i64> {
    if projects.is_empty() {
        return Ok(0);
    }
    let found: HashMap<Uuid, i64> = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::Kind.eq(Kind::Project.as_str()))
        .filter(Column::Id.is_in(projects.iter().copied()))
        .select_only()
        .columns([Column::Id, Column::Size])
        .into_tuple::<(Uuid, i64)>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    if let Some(index) = projects.iter().position(|id| !found.contains_key(id)) {
        let loc = vec![name("body"), name("session_ids"), Location::Index(index as u64)];
        let refused = field(loc, mark!("This is no tracing project of the workspace."));
        return Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![refused]));
    }
    Ok(found.values().sum())
}

/// Saves a resource in the workspace and answers with it. With `upsert`, one of the same name is
/// given back instead of refused.
///
/// # Errors
/// 403 for others, 409 where the name or the id is taken, 422 for runs of no project of the workspace.
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
            return Err(ApiError::conflict(t!(
                "There is one named {name} in this workspace already.",
                name = wanted.name
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
        size: runs_of(&*change, workspace, &wanted.runs_of).await?,
        created_at: wanted.created_at.unwrap_or(now),
        modified_at: wanted.modified_at.unwrap_or(now),
        fields: wanted.fields,
    };
    match insert(&*change, &row).await {
        Err(error) if is_duplicate(&error) => {
            return Err(ApiError::conflict(mark!("This id is taken. Leave it out.")));
        }
        inserted => inserted?,
    }
    let entry = access.entry(wanted.operation).created(&[row.id], views::resource(&row));
    change.answer(entry, row.into()).await
}
