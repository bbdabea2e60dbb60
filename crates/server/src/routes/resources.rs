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
use crate::answers::resources::{Dataset, Project, ProjectWithRuns, Prompts, Queue, QueueWithSize};
use crate::auth::access::{WorkspaceAccess, WorkspacePermit};
use crate::db::entity::resource::{Column, Entity, Model};
use crate::error::Result;
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Params, contains};

mod create;
mod filter;

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

fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}

/// What can be asked of a list, as far as all four share it.
pub struct Listed {
    condition: Condition,
    by: (Column, Order),
    limit: u64,
    offset: u64,
}

async fn page<C: ConnectionTrait, T: From<Model>>(
    connection: &C,
    select: Select<Entity>,
    asked: Listed,
) -> Result<Vec<T>> {
    let (column, order) = asked.by;
    let select = select
        .filter(asked.condition)
        .order_by(column, order)
        .order_by_asc(Column::Id)
        .limit(asked.limit)
        .offset(asked.offset);
    Ok(select.all(connection).await?.into_iter().map(T::from).collect())
}

/// What can be asked of the tracing projects.
pub struct OfProjects(Listed);

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
        let by = (column, direction(params.flag("sort_by_desc", true)?));
        let (limit, offset) = params.page(100, 100)?;
        Ok(Self(Listed { condition: filter::projects(params)?, by, limit, offset }))
    }
}

/// `GET /api/v1/sessions`
pub async fn projects(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(OfProjects(asked)): Asked<OfProjects>,
) -> Answers<ProjectWithRuns> {
    page(&*state.db, of(&access, Kind::Project), asked).await.map(List)
}

/// What can be asked of the datasets.
pub struct OfDatasets(Listed);

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
        let by = (column, direction(params.flag("sort_by_desc", true)?));
        let (limit, offset) = params.page(100, 100)?;
        Ok(Self(Listed { condition: filter::datasets(params)?, by, limit, offset }))
    }
}

/// `GET /api/v1/datasets`
pub async fn datasets(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(OfDatasets(asked)): Asked<OfDatasets>,
) -> Answers<Dataset> {
    page(&*state.db, of(&access, Kind::Dataset), asked).await.map(List)
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
        let by = (column, direction(params.flag("sort_by_desc", true)?));
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
    page(&*state.db, of(&access, Kind::Queue), asked).await.map(List)
}

/// What can be asked of the prompts.
pub struct OfPrompts(Listed);

impl FromQuery for OfPrompts {
    fn read(params: &Params) -> Result<Self> {
        let fields = ["num_likes", "num_downloads", "num_views", "updated_at", "relevance"];
        params.word("sort_field", &fields, "updated_at")?;
        let order = direction(params.word("sort_direction", &["asc", "desc"], "desc")? == "desc");
        let (limit, offset) = params.page(20, 100)?;
        let mut condition = Condition::all();
        if let Some(text) = params.text("query")? {
            condition = condition.add(Column::NameKey.like(contains(text)));
        }
        Ok(Self(Listed { condition, by: (Column::ModifiedAt, order), limit, offset }))
    }
}

/// `GET /api/v1/repos`: the workspace's prompts.
pub async fn prompts(
    State(state): State<AppState>,
    access: WorkspaceAccess,
    Asked(OfPrompts(asked)): Asked<OfPrompts>,
) -> Answer<Prompts> {
    let select = of(&access, Kind::Prompt);
    let total = select.clone().filter(asked.condition.clone()).count(&*state.db).await?;
    Ok(Json(Prompts { repos: page(&*state.db, select, asked).await?, total }))
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

/// Saves a row.
async fn insert<C: ConnectionTrait>(connection: &C, row: &Model) -> std::result::Result<(), sea_orm::DbErr> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(connection).await.map(|_| ())
}
