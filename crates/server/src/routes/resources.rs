//! What a workspace holds: tracing projects, datasets, annotation queues and prompts. All are
//! rows of one table; what else the contract lets a client give is kept with the row and given
//! back as it came.

use atrium_domain::roles::permission;
use axum::Json;
use axum::extract::State;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Answer;
use crate::answers::{complete, time};
use crate::auth::access::{Tenant, WorkspaceAccess};
use crate::auth::sessions::Signed;
use crate::db::entity::resource::{Column, Entity, Model};
use crate::error::Result;
use crate::serve::AppState;
use crate::validate::{Body, Params, contains};

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

    fn read(self) -> &'static str {
        match self {
            Self::Project => permission::PROJECTS_READ,
            Self::Dataset => permission::DATASETS_READ,
            Self::Queue => permission::QUEUES_READ,
            Self::Prompt => permission::PROMPTS_READ,
        }
    }
}

/// Lays a row's own columns over what was given with it and over the schema's defaults.
fn answer(schema: &str, row: Model, known: Value) -> Value {
    let mut answer = complete(schema, row.fields);
    if let (Some(answer), Value::Object(known)) = (answer.as_object_mut(), known) {
        answer.insert("id".to_owned(), json!(row.id));
        answer.insert("tenant_id".to_owned(), json!(row.workspace_id));
        answer.extend(known);
    }
    answer
}

fn project(row: Model) -> Value {
    let known = json!({ "name": row.name, "start_time": time(row.created_at), "run_count": row.size });
    answer("TracerSession", row, known)
}

fn project_without_virtual_fields(row: Model) -> Value {
    let known = json!({ "name": row.name, "start_time": time(row.created_at) });
    answer("TracerSessionWithoutVirtualFields", row, known)
}

fn dataset(row: Model) -> Value {
    let known = json!({
        "name": row.name,
        "created_at": time(row.created_at),
        "modified_at": time(row.modified_at),
        "example_count": row.size,
        "session_count": 0,
    });
    answer("Dataset", row, known)
}

fn queue_known(row: &Model) -> Value {
    json!({
        "name": row.name,
        "created_at": time(row.created_at),
        "updated_at": time(row.modified_at),
        "queue_type": "single",
    })
}

fn queue(row: Model) -> Value {
    let known = queue_known(&row);
    answer("AnnotationQueueSchema", row, known)
}

fn queue_with_size(row: Model) -> Value {
    let mut known = queue_known(&row);
    known["total_runs"] = json!(row.size);
    answer("AnnotationQueueSchemaWithSize", row, known)
}

fn prompt(row: Model) -> Value {
    let known = json!({
        "repo_handle": row.name,
        "full_name": format!("-/{}", row.name),
        "created_at": time(row.created_at),
        "updated_at": time(row.modified_at),
        "num_commits": row.size,
        "is_public": false,
        "is_archived": false,
        "tags": row.fields.get("tags").cloned().unwrap_or_else(|| json!([])),
        "repo_type": "prompt",
        "num_likes": 0,
        "num_downloads": 0,
        "num_views": 0,
    });
    answer("RepoWithLookups", row, known)
}

/// A workspace's resources of a kind, for somebody who may read them.
async fn of(state: &AppState, who: Signed, workspace: Uuid, kind: Kind) -> Result<Select<Entity>> {
    WorkspaceAccess::load(&*state.db, who, workspace).await?.require(kind.read())?;
    let select =
        Entity::find().filter(Column::WorkspaceId.eq(workspace)).filter(Column::Kind.eq(kind.as_str()));
    Ok(select)
}

fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}

async fn page<C: ConnectionTrait>(
    connection: &C,
    select: Select<Entity>,
    by: (Column, Order),
    (limit, offset): (u64, u64),
) -> Result<Vec<Model>> {
    let select = select.order_by(by.0, by.1).order_by_asc(Column::Id).limit(limit).offset(offset);
    Ok(select.all(connection).await?)
}

/// `GET /api/v1/sessions`
pub async fn projects(
    State(state): State<AppState>,
    who: Signed,
    Tenant(id): Tenant,
    params: Params,
) -> Answer {
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
    let by = match params.word("sort_by", &words, "start_time")? {
        "name" => Column::NameKey,
        "runs_count" => Column::Size,
        _ => Column::CreatedAt,
    };
    let order = direction(params.flag("sort_by_desc", true)?);
    let (bounds, condition) = (params.page(100, 100)?, filter::projects(&params)?);
    let select = of(&state, who, id, Kind::Project).await?.filter(condition);
    let rows = page(&*state.db, select, (by, order), bounds).await?;
    Ok(Json(rows.into_iter().map(project).collect()))
}

/// `GET /api/v1/datasets`
pub async fn datasets(
    State(state): State<AppState>,
    who: Signed,
    Tenant(id): Tenant,
    params: Params,
) -> Answer {
    let words =
        ["name", "created_at", "last_session_start_time", "example_count", "session_count", "modified_at"];
    let by = match params.word("sort_by", &words, "last_session_start_time")? {
        "name" => Column::NameKey,
        "example_count" => Column::Size,
        "modified_at" => Column::ModifiedAt,
        _ => Column::CreatedAt,
    };
    let order = direction(params.flag("sort_by_desc", true)?);
    let (bounds, condition) = (params.page(100, 100)?, filter::datasets(&params)?);
    let select = of(&state, who, id, Kind::Dataset).await?.filter(condition);
    let rows = page(&*state.db, select, (by, order), bounds).await?;
    Ok(Json(rows.into_iter().map(dataset).collect()))
}

/// `GET /api/v1/annotation-queues`
pub async fn queues(
    State(state): State<AppState>,
    who: Signed,
    Tenant(id): Tenant,
    params: Params,
) -> Answer {
    let by = match params.text("sort_by")? {
        Some("name") => Column::NameKey,
        Some("total_runs") => Column::Size,
        _ => Column::CreatedAt,
    };
    let order = direction(params.flag("sort_by_desc", true)?);
    let (bounds, condition) = (params.page(100, 100)?, filter::queues(&params)?);
    let select = of(&state, who, id, Kind::Queue).await?.filter(condition);
    let rows = page(&*state.db, select, (by, order), bounds).await?;
    Ok(Json(rows.into_iter().map(queue_with_size).collect()))
}

/// `GET /api/v1/repos`: the workspace's prompts.
pub async fn prompts(
    State(state): State<AppState>,
    who: Signed,
    Tenant(id): Tenant,
    params: Params,
) -> Answer {
    let fields = ["num_likes", "num_downloads", "num_views", "updated_at", "relevance"];
    params.word("sort_field", &fields, "updated_at")?;
    let order = direction(params.word("sort_direction", &["asc", "desc"], "desc")? == "desc");
    let bounds = params.page(20, 100)?;
    let mut select = of(&state, who, id, Kind::Prompt).await?;
    if let Some(text) = params.text("query")? {
        select = select.filter(Column::NameKey.like(contains(text)));
    }
    let total = select.clone().count(&*state.db).await?;
    let rows = page(&*state.db, select, (Column::ModifiedAt, order), bounds).await?;
    let repos: Vec<_> = rows.into_iter().map(prompt).collect();
    Ok(Json(json!({ "repos": repos, "total": total })))
}

/// `POST /api/v1/sessions`
pub async fn create_project(
    State(state): State<AppState>,
    who: Signed,
    Tenant(id): Tenant,
    params: Params,
    Body(body): Body<create::Project>,
) -> Answer {
    let upsert = params.flag("upsert", false)?;
    let wanted = body.wanted()?;
    create::save(&state, who, id, wanted, upsert, project_without_virtual_fields).await
}

/// `POST /api/v1/datasets`
pub async fn create_dataset(
    State(state): State<AppState>,
    who: Signed,
    Tenant(id): Tenant,
    Body(body): Body<create::Dataset>,
) -> Answer {
    create::save(&state, who, id, body.wanted()?, false, dataset).await
}

/// `POST /api/v1/annotation-queues`
pub async fn create_queue(
    State(state): State<AppState>,
    who: Signed,
    Tenant(id): Tenant,
    Body(body): Body<create::Queue>,
) -> Answer {
    create::save(&state, who, id, body.wanted()?, false, queue).await
}

/// Saves a row.
async fn insert<C: ConnectionTrait>(connection: &C, row: &Model) -> std::result::Result<(), sea_orm::DbErr> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(connection).await.map(|_| ())
}
