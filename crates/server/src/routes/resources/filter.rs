//! What the lists of resources are filtered by. Fields without a column are looked for in the JSON
//! that was given with the row, by operators that SQLite and PostgreSQL share.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::db::entity::resource::Column;
use crate::error::{ApiError, Result};
use crate::validate::{Params, contains};

/// What every list has: ids under `id_key`, `name`, `name_contains`, `tag_value_id`.
fn shared(params: &Params, id_key: &str) -> Result<Condition> {
    let mut condition = Condition::all();
    let ids = params.ids(id_key)?;
    if !ids.is_empty() {
        condition = condition.add(Column::Id.is_in(ids));
    }
    if let Some(name) = params.text("name")? {
        condition = condition.add(Column::Name.eq(name));
    }
    if let Some(text) = params.text("name_contains")? {
        condition = condition.add(Column::NameKey.like(contains(text)));
    }
    // There are no tags here, so nothing has one.
    Ok(if params.ids("tag_value_id")?.is_empty() { condition } else { condition.add(none()) })
}

/// A condition that never holds.
fn none() -> Expr {
    Column::Id.is_in(Vec::<Uuid>::new())
}

/// The JSON at a path in what was given with the row.
fn json_at(path: &[&str]) -> Expr {
    path.iter()
        .fold(Column::Fields.into_expr(), |json, key| json.binary(BinOper::Custom("->"), Expr::val(*key)))
}

/// A field of what was given with the row, as text; null where it is none.
fn text_of(key: &str) -> Expr {
    Column::Fields.into_expr().binary(BinOper::Custom("->>"), Expr::val(key))
}

/// Adds that the JSON at `path` holds everything that `wanted` does.
fn holds(mut condition: Condition, path: &[&str], wanted: &Map<String, Value>) -> Result<Condition> {
    for (key, value) in wanted {
        // SQLite would take it for a path of its own.
        if key.starts_with('$') || key.contains('"') {
            return Err(ApiError::invalid(
                ["query", "metadata"],
                "Metadata cannot be looked up by such a key.",
            ));
        }
        let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
        condition = match value {
            Value::Object(inside) => holds(condition, &path, inside)?,
            value => condition.add(json_at(&path).cast_as("TEXT").eq(value.to_string())),
        };
    }
    Ok(condition)
}

/// Adds `metadata`: a JSON object that the metadata at `path` must hold.
fn metadata(params: &Params, condition: Condition, path: &[&str]) -> Result<Condition> {
    let Some(text) = params.text("metadata")? else { return Ok(condition) };
    match serde_json::from_str(text) {
        Ok(Value::Object(wanted)) => holds(condition, path, &wanted),
        _ => Err(ApiError::invalid(["query", "metadata"], "This is not a JSON object.")),
    }
}

/// The filters of tracing projects.
///
/// # Errors
/// 422 for a field that is not of its form.
pub fn projects(params: &Params) -> Result<Condition> {
    let path = ["extra", "metadata"];
    let mut condition = metadata(params, shared(params, "id")?, &path)?;
    if let Some(version) = params.text("dataset_version")? {
        let wanted = Map::from_iter([("dataset_version".to_owned(), version.into())]);
        condition = holds(condition, &path, &wanted)?;
    }
    let datasets = params.ids("reference_dataset")?;
    if !datasets.is_empty() {
        let datasets = datasets.iter().map(Uuid::to_string);
        condition = condition.add(text_of("reference_dataset_id").is_in(datasets));
    }
    Ok(match params.optional_flag("reference_free")? {
        Some(true) => condition.add(text_of("reference_dataset_id").is_null()),
        Some(false) => condition.add(text_of("reference_dataset_id").is_not_null()),
        None => condition,
    })
}

/// The filters of datasets.
///
/// # Errors
/// 422 for a field that is not of its form.
pub fn datasets(params: &Params) -> Result<Condition> {
    let condition = metadata(params, shared(params, "id")?, &["metadata"])?;
    let kinds = params.list("data_type")?;
    if let Some(unknown) = kinds.iter().find(|kind| !["kv", "llm", "chat"].contains(kind)) {
        let sentence = format!("{unknown} is none of kv, llm, chat.");
        return Err(ApiError::invalid(["query", "data_type"], sentence));
    }
    Ok(if kinds.is_empty() {
        condition
    } else {
        // Rows that were made without one are of the first kind.
        let kind = Expr::expr(sea_orm::sea_query::Func::coalesce([text_of("data_type"), Expr::val("kv")]));
        condition.add(kind.is_in(kinds))
    })
}

/// The filters of annotation queues.
///
/// # Errors
/// 422 for a field that is not of its form.
pub fn queues(params: &Params) -> Result<Condition> {
    let mut condition = shared(params, "ids")?;
    let datasets = params.ids("dataset_id")?;
    if !datasets.is_empty() {
        condition = condition.add(text_of("default_dataset").is_in(datasets.iter().map(Uuid::to_string)));
    }
    // Every queue here shows one run at a time and is assigned to nobody.
    let pairwise = params.word("queue_type", &["single", "pairwise"], "single")? == "pairwise";
    let assigned = params.flag("assigned_to_me", false)?;
    Ok(if pairwise || assigned { condition.add(none()) } else { condition })
}
