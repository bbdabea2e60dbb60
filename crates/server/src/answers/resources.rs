//! What a workspace holds. What a client gave beside the columns of a row is kept with it and shown
//! as it came.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use super::Time;
use crate::db::entity::resource::Model;

/// Any JSON object.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub struct AnyObject(Map<String, Value>);

impl From<Map<String, Value>> for AnyObject {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl AnyObject {
    /// A field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }
}

impl PartialSchema for AnyObject {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .description(Some("Any JSON object."))
            .additional_properties(Some(AdditionalProperties::FreeForm(true)))
            .into()
    }
}

impl ToSchema for AnyObject {}

/// What was given with a row; what cannot be read is not there.
fn given<T: Default + DeserializeOwned>(row: &mut Model) -> T {
    serde_json::from_value(row.fields.take()).unwrap_or_default()
}

/// How long traces of a project are kept.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TraceTier {
    /// For longer.
    Longlived,
    /// For a shorter time.
    Shortlived,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProjectGiven {
    end_time: Option<DateTime<Utc>>,
    description: Option<String>,
    extra: Option<AnyObject>,
    default_dataset_id: Option<Uuid>,
    reference_dataset_id: Option<Uuid>,
    trace_tier: Option<TraceTier>,
}

/// A tracing project without what is computed from its runs.
#[derive(Serialize, ToSchema)]
#[schema(as = TracerSessionWithoutVirtualFields)]
pub struct Project {
    start_time: Time,
    end_time: Option<Time>,
    extra: Option<AnyObject>,
    name: String,
    description: Option<String>,
    default_dataset_id: Option<Uuid>,
    reference_dataset_id: Option<Uuid>,
    trace_tier: Option<TraceTier>,
    id: Uuid,
    tenant_id: Uuid,
    last_run_start_time_live: Option<Time>,
}

impl From<Model> for Project {
    fn from(mut row: Model) -> Self {
        let given: ProjectGiven = given(&mut row);
        Self {
            start_time: Time(row.created_at),
            end_time: given.end_time.map(Time),
            extra: given.extra,
            name: row.name,
            description: given.description,
            default_dataset_id: given.default_dataset_id,
            reference_dataset_id: given.reference_dataset_id,
            trace_tier: given.trace_tier,
            id: row.id,
            tenant_id: row.workspace_id,
            last_run_start_time_live: None,
        }
    }
}

/// A tracing project.
#[derive(Serialize, ToSchema)]
#[schema(as = TracerSession)]
pub struct ProjectWithRuns {
    #[serde(flatten)]
    project: Project,
    run_count: Option<i64>,
    latency_p50: Option<f64>,
    latency_p99: Option<f64>,
    first_token_p50: Option<f64>,
    first_token_p99: Option<f64>,
    total_tokens: Option<i64>,
    prompt_tokens: Option<i64>,
    completion_tokens: Option<i64>,
    total_cost: Option<String>,
    prompt_cost: Option<String>,
    completion_cost: Option<String>,
    last_run_start_time: Option<Time>,
    feedback_stats: Option<AnyObject>,
    session_feedback_stats: Option<AnyObject>,
    run_facets: Option<Vec<AnyObject>>,
    error_rate: Option<f64>,
    streaming_rate: Option<f64>,
    test_run_number: Option<i64>,
}

/// Which statistics are asked for with the projects.
pub struct Statistics {
    /// Any at all.
    pub included: bool,
    /// The facets of the runs.
    pub facets: bool,
    /// Only of runs from this moment on.
    pub since: Option<DateTime<Utc>>,
    /// Only of the runs that a filter finds.
    pub of_some_runs: bool,
    /// Only these; all where there are none.
    pub selected: Vec<String>,
}

impl Statistics {
    fn has(&self, name: &str) -> bool {
        self.included && (self.selected.is_empty() || self.selected.iter().any(|own| own == name))
    }
}

impl ProjectWithRuns {
    /// A project with the statistics that are asked for. Only how many runs it has is kept here:
    /// of some of its runs nothing can be said, but where there are none at all.
    pub fn new(row: Model, asked: &Statistics) -> Self {
        let of_all = !asked.of_some_runs && asked.since.is_none_or(|since| since <= row.created_at);
        let runs = (row.size == 0 || of_all).then_some(row.size);
        let tokens = |name| (row.size == 0 && asked.has(name)).then_some(0);
        let feedback = |name| asked.has(name).then(AnyObject::default);
        Self {
            run_count: runs.filter(|_| asked.has("run_count")),
            latency_p50: None,
            latency_p99: None,
            first_token_p50: None,
            first_token_p99: None,
            total_tokens: tokens("total_tokens"),
            prompt_tokens: tokens("prompt_tokens"),
            completion_tokens: tokens("completion_tokens"),
            total_cost: None,
            prompt_cost: None,
            completion_cost: None,
            last_run_start_time: None,
            feedback_stats: feedback("feedback_stats"),
            session_feedback_stats: feedback("session_feedback_stats"),
            run_facets: asked.facets.then(Vec::new),
            error_rate: None,
            streaming_rate: None,
            test_run_number: None,
            project: row.into(),
        }
    }
}

/// A change of a dataset's examples on their way in.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = DatasetTransformation)]
pub struct Transformation {
    path: Vec<String>,
    transformation_type: TransformationType,
}

/// What is changed.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = DatasetTransformationType)]
#[serde(rename_all = "snake_case")]
pub enum TransformationType {
    /// To a message as OpenAI has them.
    ConvertToOpenaiMessage,
    /// To a tool as OpenAI has them.
    ConvertToOpenaiTool,
    /// Leaves system messages out.
    RemoveSystemMessages,
    /// Leaves fields out that the schema does not have.
    RemoveExtraFields,
    /// Takes the tools out of a run.
    ExtractToolsFromRun,
}

/// What a dataset's examples are.
#[derive(Clone, Copy, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DataType {
    /// Keys and values.
    #[default]
    Kv,
    /// Texts of a model.
    Llm,
    /// Messages.
    Chat,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DatasetGiven {
    description: Option<String>,
    inputs_schema_definition: Option<AnyObject>,
    outputs_schema_definition: Option<AnyObject>,
    externally_managed: Option<bool>,
    transformations: Option<Vec<Transformation>>,
    metadata: Option<AnyObject>,
    data_type: Option<DataType>,
}

/// A dataset.
#[derive(Serialize, ToSchema)]
pub struct Dataset {
    name: String,
    description: Option<String>,
    created_at: Time,
    inputs_schema_definition: Option<AnyObject>,
    outputs_schema_definition: Option<AnyObject>,
    externally_managed: Option<bool>,
    transformations: Option<Vec<Transformation>>,
    data_type: Option<DataType>,
    id: Uuid,
    tenant_id: Uuid,
    example_count: Option<i64>,
    session_count: i64,
    modified_at: Time,
    last_session_start_time: Option<Time>,
    metadata: Option<AnyObject>,
    baseline_experiment_id: Option<Uuid>,
}

impl From<Model> for Dataset {
    fn from(mut row: Model) -> Self {
        let given: DatasetGiven = given(&mut row);
        Self {
            name: row.name,
            description: given.description,
            created_at: Time(row.created_at),
            inputs_schema_definition: given.inputs_schema_definition,
            outputs_schema_definition: given.outputs_schema_definition,
            externally_managed: Some(given.externally_managed.unwrap_or(false)),
            transformations: given.transformations,
            data_type: Some(given.data_type.unwrap_or_default()),
            id: row.id,
            tenant_id: row.workspace_id,
            example_count: Some(row.size),
            session_count: 0,
            modified_at: Time(row.modified_at),
            last_session_start_time: None,
            metadata: given.metadata,
            baseline_experiment_id: None,
        }
    }
}

impl Dataset {
    /// Without the number of its examples.
    pub fn uncounted(self) -> Self {
        Self { example_count: None, ..self }
    }
}

/// What reviewers are asked to give, a line of a queue's rubric.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = AnnotationQueueRubricItemSchema)]
pub struct RubricItem {
    /// The key of the feedback.
    #[schema(min_length = 1, max_length = 200)]
    pub feedback_key: String,
    description: Option<String>,
    value_descriptions: Option<BTreeMap<String, String>>,
    score_descriptions: Option<BTreeMap<String, String>>,
    is_required: Option<bool>,
    is_assertion: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QueueGiven {
    description: Option<String>,
    num_reviewers_per_item: Option<u32>,
    enable_reservations: Option<bool>,
    reservation_minutes: Option<u32>,
    reviewer_access_mode: Option<String>,
    default_dataset: Option<Uuid>,
    rubric_items: Option<Vec<RubricItem>>,
    rubric_instructions: Option<String>,
    session_ids: Option<Vec<Uuid>>,
    metadata: Option<AnyObject>,
}

/// Somebody who reviews what is in a queue.
#[derive(Serialize, ToSchema)]
#[schema(as = AssignedReviewerSchema)]
struct Reviewer {
    id: Uuid,
    name: Option<String>,
    email: Option<String>,
}

/// An annotation queue.
#[derive(Serialize, ToSchema)]
#[schema(as = AnnotationQueueSchema)]
pub struct Queue {
    description: Option<String>,
    created_at: Time,
    updated_at: Time,
    num_reviewers_per_item: Option<u32>,
    enable_reservations: Option<bool>,
    reservation_minutes: Option<u32>,
    reviewer_access_mode: String,
    name: String,
    id: Uuid,
    tenant_id: Uuid,
    source_rule_id: Option<Uuid>,
    run_rule_id: Option<Uuid>,
    default_dataset: Option<Uuid>,
    /// Always `single`: there are no queues of pairs here.
    queue_type: &'static str,
    metadata: Option<AnyObject>,
    assigned_reviewers: Vec<Reviewer>,
    /// Where it was given; more than the contract answers, as are the next two.
    #[serde(skip_serializing_if = "Option::is_none")]
    rubric_items: Option<Vec<RubricItem>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rubric_instructions: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_ids: Option<Vec<Uuid>>,
}

impl From<Model> for Queue {
    fn from(mut row: Model) -> Self {
        let given: QueueGiven = given(&mut row);
        Self {
            description: given.description,
            created_at: Time(row.created_at),
            updated_at: Time(row.modified_at),
            num_reviewers_per_item: Some(given.num_reviewers_per_item.unwrap_or(1)),
            enable_reservations: Some(given.enable_reservations.unwrap_or(true)),
            reservation_minutes: Some(given.reservation_minutes.unwrap_or(1)),
            reviewer_access_mode: given.reviewer_access_mode.unwrap_or_else(|| "any".to_owned()),
            name: row.name,
            id: row.id,
            tenant_id: row.workspace_id,
            source_rule_id: None,
            run_rule_id: None,
            default_dataset: given.default_dataset,
            queue_type: "single",
            metadata: given.metadata,
            assigned_reviewers: Vec::new(),
            rubric_items: given.rubric_items,
            rubric_instructions: given.rubric_instructions,
            session_ids: given.session_ids,
        }
    }
}

/// An annotation queue with how much is in it.
#[derive(Serialize, ToSchema)]
#[schema(as = AnnotationQueueSchemaWithSize)]
pub struct QueueWithSize {
    #[serde(flatten)]
    queue: Queue,
    total_runs: i64,
}

impl From<Model> for QueueWithSize {
    fn from(row: Model) -> Self {
        Self { total_runs: row.size, queue: row.into() }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PromptGiven {
    description: Option<String>,
    readme: Option<String>,
    is_public: bool,
    is_archived: bool,
    tags: Vec<String>,
    repo_type: RepoType,
    source: Option<Source>,
    upstream_repo_owner: Option<String>,
    upstream_repo_handle: Option<String>,
    latest_commit_manifest: Option<Manifest>,
}

/// What is kept in a repository.
#[derive(Clone, Copy, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RepoType {
    /// A prompt.
    #[default]
    Prompt,
    /// A file.
    File,
    /// An agent.
    Agent,
    /// A skill.
    Skill,
}

impl RepoType {
    /// Their words; the first is that of a repository of which nothing is said.
    pub const WORDS: [&str; 4] = ["prompt", "file", "agent", "skill"];
}

/// Where a prompt is from.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// From here.
    Internal,
    /// From elsewhere.
    External,
}

/// A commit of a prompt.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = CommitManifestResponse)]
pub struct Manifest {
    commit_hash: String,
    manifest: AnyObject,
    /// Never given: there are no examples of prompts here.
    #[serde(skip_deserializing)]
    examples: Option<Vec<AnyObject>>,
}

/// A prompt.
#[derive(Serialize, ToSchema)]
#[schema(as = RepoWithLookups)]
pub struct Prompt {
    repo_handle: String,
    description: Option<String>,
    readme: Option<String>,
    id: Uuid,
    tenant_id: Uuid,
    created_at: Time,
    updated_at: Time,
    is_public: bool,
    is_archived: bool,
    restricted_mode: bool,
    tags: Vec<String>,
    original_repo_id: Option<Uuid>,
    upstream_repo_id: Option<Uuid>,
    commit_tags: Vec<String>,
    repo_type: RepoType,
    source: Option<Source>,
    owner: Option<String>,
    full_name: String,
    num_likes: i64,
    num_downloads: i64,
    num_views: i64,
    liked_by_auth_user: Option<bool>,
    last_commit_hash: Option<String>,
    num_commits: i64,
    created_by: Option<String>,
    original_repo_full_name: Option<String>,
    upstream_repo_full_name: Option<String>,
    /// Where it is asked for (`with_latest_manifest`) and there is one.
    latest_commit_manifest: Option<Manifest>,
}

impl Prompt {
    /// A prompt, with its latest commit where that is asked for.
    pub fn new(mut row: Model, with_manifest: bool) -> Self {
        let given: PromptGiven = given(&mut row);
        let upstream = given.upstream_repo_owner.zip(given.upstream_repo_handle);
        Self {
            description: given.description,
            readme: given.readme,
            id: row.id,
            tenant_id: row.workspace_id,
            created_at: Time(row.created_at),
            updated_at: Time(row.modified_at),
            is_public: given.is_public,
            is_archived: given.is_archived,
            restricted_mode: false,
            tags: given.tags,
            original_repo_id: None,
            upstream_repo_id: None,
            commit_tags: Vec::new(),
            repo_type: given.repo_type,
            source: given.source,
            owner: None,
            full_name: format!("-/{}", row.name),
            repo_handle: row.name,
            num_likes: 0,
            num_downloads: 0,
            num_views: 0,
            liked_by_auth_user: None,
            last_commit_hash: given.latest_commit_manifest.as_ref().map(|last| last.commit_hash.clone()),
            num_commits: row.size,
            created_by: None,
            original_repo_full_name: None,
            upstream_repo_full_name: upstream.map(|(owner, handle)| format!("{owner}/{handle}")),
            latest_commit_manifest: given.latest_commit_manifest.filter(|_| with_manifest),
        }
    }
}

/// A page of prompts.
#[derive(Serialize, ToSchema)]
#[schema(as = ListReposResponse)]
pub struct Prompts {
    /// The prompts of the page.
    pub repos: Vec<Prompt>,
    /// How many there are on all pages together.
    pub total: u64,
}

/// A prompt that was just made.
#[derive(Serialize, ToSchema)]
#[schema(as = CreateRepoResponse)]
pub struct MadePrompt {
    repo: Prompt,
}

impl From<Model> for MadePrompt {
    fn from(row: Model) -> Self {
        Self { repo: Prompt::new(row, false) }
    }
}
