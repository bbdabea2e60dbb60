//! What a workspace holds: tracing projects, datasets, annotation queues and prompts. All are
//! rows of one table; what else the contract lets a client give is kept with the row and given
//! back as it came.

use axum::Json;
use axum::extract::State;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Order, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::{Answer, Answers};
use crate::answers::resources::{
    Dataset, MadePrompt, Project, ProjectWithRuns, Prompt, Prompts, Queue, QueueWithSize, Statistics,
};
use crate::auth::access::{WorkspaceAccess, WorkspacePermit};
use crate::db::entity::resource::{Column, Entity, Model};
use crate::error::Result;
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Params};

mod create;
mod filter;
pub mod language;

/// What a resource is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Project,
    Dataset,
    Queue,
    Prompt,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Dataset => "dataset",
            Self::Queue => "annotation_queue",
            Self::Prompt => "prompt",
        }
    }
}

/// A workspace's resources of a kind.
fn of(access: &WorkspaceAccess, kind: Kind) -> Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(access.workspace.id)).filter(Column::Kind.eq(kind.as_str()))
}

/// What can be asked of a list, as far as all four share it.
pub struct Listed {
    condition: Condition,
    by: (Column, Order),
    limit: u64,
    offset: u64,
}

async fn page<C: ConnectionTrait, T>(
    connection: &C,
    select: Select<Entity>,
    asked: Listed,
    answer: impl Fn(Model) -> T,
) -> Result<Vec<T>> {
    let (column, order) = asked.by;
    let select = select
        .filter(asked.condition)
        .order_by(column, order)
        .order_by_asc(Column::Id)
        .limit(asked.limit)
        .offset(asked.offset);
    Ok(select.all(connection).await?.into_iter().map(answer).collect())
}

/// What can be asked of the tracing projects.
pub struct OfProjects(Listed, Statistics);

impl FromQuery for OfProjects {
    fn read(params: &Params) -> Result<Self> {
        let words = [
            "name",
            "start_time",
            "last_run_start_time",
            "latency_p50",
            "latency_p99",
            "error_rate",
            "feedback",
            "runs_count",
        ];
        let column = match params.word("sort_by", &words, "start_time")? {
            "name" => Column::NameKey,
            "runs_count" => Column::Size,
            _ => Column::CreatedAt,
        };
        let by = (column, params.direction()?);
        let (limit, offset) = params.page(100, 100)?;
        // Nobody has given feedback here, so by whichever all projects are alike.
        params.text("sort_by_feedback_key")?;
        params.optional_word("sort_by_feedback_source", &["session", "run"])?;
        // The exact numbers are at hand: there is no need to approximate.
        params.flag("use_approx_stats", false)?;
        let statistics = Statistics {
            included: params.flag("include_stats", false)?,
            facets: params.flag("facets", false)?,
            since: params.optional_moment("stats_start_time")?,
            of_some_runs: filter::of_some_runs(params)?,
            selected: params.texts("stats_select")?.into_iter().map(str::to_owned).collect(),
        };
        Ok(Self(Listed { condition: filter::projects(params)?, by, limit, offset }, statistics))
    }
}

/// `GET /api/v1/sessions`
pub async fn projects(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(OfProjects(asked, statistics)): Asked<OfProjects>,
) -> Answers<ProjectWithRuns> {
    let answer = |row| ProjectWithRuns::new(row, &statistics);
    page(&*state.db, of(&access, Kind::Project), asked, answer).await.map(List)
}

/// What can be asked of the datasets.
pub struct OfDatasets {
    listed: Listed,
    counted: bool,
}

impl FromQuery for OfDatasets {
    fn read(params: &Params) -> Result<Self> {
        let words = [
            "name",
            "created_at",
            "last_session_start_time",
            "example_count",
            "session_count",
            "modified_at",
        ];
        let column = match params.word("sort_by", &words, "last_session_start_time")? {
            "name" => Column::NameKey,
            "example_count" => Column::Size,
            "modified_at" => Column::ModifiedAt,
            _ => Column::CreatedAt,
        };
        let by = (column, params.direction()?);
        let (limit, offset) = params.page(100, 100)?;
        let counted = params.words("exclude", &["example_count"])?.is_empty();
        Ok(Self { listed: Listed { condition: filter::datasets(params)?, by, limit, offset }, counted })
    }
}

/// `GET /api/v1/datasets`
pub async fn datasets(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(OfDatasets { listed, counted }): Asked<OfDatasets>,
) -> Answers<Dataset> {
    let answer = |row| if counted { Dataset::from(row) } else { Dataset::from(row).uncounted() };
    page(&*state.db, of(&access, Kind::Dataset), listed, answer).await.map(List)
}

/// What can be asked of the annotation queues.
pub struct OfQueues(Listed);

impl FromQuery for OfQueues {
    fn read(params: &Params) -> Result<Self> {
        let column = match params.text("sort_by")? {
            Some("name") => Column::NameKey,
            Some("total_runs") => Column::Size,
            _ => Column::CreatedAt,
        };
        let by = (column, params.direction()?);
        let (limit, offset) = params.page(100, 100)?;
        Ok(Self(Listed { condition: filter::queues(params)?, by, limit, offset }))
    }
}

/// `GET /api/v1/annotation-queues`
pub async fn queues(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(OfQueues(asked)): Asked<OfQueues>,
) -> Answers<QueueWithSize> {
    page(&*state.db, of(&access, Kind::Queue), asked, QueueWithSize::from).await.map(List)
}

/// What can be asked of the prompts.
pub struct OfPrompts {
    listed: Listed,
    tags: Vec<String>,
    with_manifest: bool,
}

impl FromQuery for OfPrompts {
    fn read(params: &Params) -> Result<Self> {
        let fields = ["num_likes", "num_downloads", "num_views", "updated_at", "relevance"];
        params.word("sort_field", &fields, "updated_at")?;
        let order = match params.word("sort_direction", &["asc", "desc"], "desc")? {
            "asc" => Order::Asc,
            _ => Order::Desc,
        };
        let (limit, offset) = params.page(20, 100)?;
        let by = (Column::ModifiedAt, order);
        Ok(Self {
            listed: Listed { condition: filter::prompts(params)?, by, limit, offset },
            tags: params.texts("tags")?.into_iter().map(str::to_owned).collect(),
            with_manifest: params.flag("with_latest_manifest", false)?,
        })
    }
}

/// `GET /api/v1/repos`: the workspace's prompts.
pub async fn prompts(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(OfPrompts { mut listed, tags, with_manifest }): Asked<OfPrompts>,
) -> Answer<Prompts> {
    let select = of(&access, Kind::Prompt);
    listed.condition = filter::tagged(listed.condition, &tags, state.db.get_database_backend());
    let total = select.clone().filter(listed.condition.clone()).count(&*state.db).await?;
    let answer = |row| Prompt::new(row, with_manifest);
    Ok(Json(Prompts { repos: page(&*state.db, select, listed, answer).await?, total }))
}

/// Whether one of the same name is given back instead of refused.
pub struct Upsert(bool);

impl FromQuery for Upsert {
    fn read(params: &Params) -> Result<Self> {
        params.flag("upsert", false).map(Self)
    }
}

/// `POST /api/v1/sessions`
pub async fn create_project(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Asked(Upsert(upsert)): Asked<Upsert>,
    Body(body): Body<create::Project>,
) -> Answer<Project> {
    create::save(&state, &permit, body.wanted()?, upsert).await
}

/// `POST /api/v1/datasets`
pub async fn create_dataset(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Body(body): Body<create::Dataset>,
) -> Answer<Dataset> {
    create::save(&state, &permit, body.wanted()?, false).await
}

/// `POST /api/v1/annotation-queues`
pub async fn create_queue(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Body(body): Body<create::Queue>,
) -> Answer<Queue> {
    create::save(&state, &permit, body.wanted()?, false).await
}

/// `POST /api/v1/repos`: a prompt without commits, as LangSmith's clients make one. 409 where the
/// workspace has one of this handle.
pub async fn create_prompt(
    State(state): State<AppState>,
    permit: WorkspacePermit,
    Body(body): Body<create::Prompt>,
) -> Answer<MadePrompt> {
    create::save(&state, &permit, body.wanted()?, false).await
}

/// Saves a row.
async fn insert<C: ConnectionTrait>(connection: &C, row: &Model) -> std::result::Result<(), sea_orm::DbErr> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(connection).await.map(|_| ())
}
