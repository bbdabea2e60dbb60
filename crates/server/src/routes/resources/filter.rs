//! What the lists of resources are filtered by. Fields without a column are looked for in the JSON
//! that was given with the row, by operators that SQLite and PostgreSQL share.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::language::{self, Term};
use crate::answers::resources::RepoType;
use crate::db::entity::resource::Column;
use crate::db::entity::workspace;
use crate::error::{ApiError, Result};
use crate::validate::query::moment_of;
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
    tag_values(params, condition)
}

/// Adds `tag_value_id`. There are no such tags here, so nothing has one.
fn tag_values(params: &Params, condition: Condition) -> Result<Condition> {
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

/// A yes or no of what was given with the row; where there is none, it is no.
fn is_set(key: &str) -> Expr {
    Func::coalesce([json_at(&[key]).cast_as("TEXT"), Expr::val("false")]).eq("true")
}

/// Adds that the JSON at `path` holds everything that `wanted` does, or says why that cannot be asked.
fn holds(
    mut condition: Condition,
    path: &[&str],
    wanted: &Map<String, Value>,
) -> std::result::Result<Condition, String> {
    for (key, value) in wanted {
        // SQLite would take it for a path of its own.
        if key.starts_with('$') || key.contains('"') {
            return Err("Metadata cannot be looked up by such a key.".to_owned());
        }
        let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
        condition = match value {
            Value::Object(inside) => holds(condition, &path, inside)?,
            value => condition.add(json_at(&path).cast_as("TEXT").eq(value.to_string())),
        };
    }
    Ok(condition)
}

/// Adds that the metadata at `path` holds the JSON object of a text.
fn metadata_of(condition: Condition, path: &[&str], text: &str) -> std::result::Result<Condition, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(wanted)) => holds(condition, path, &wanted),
        _ => Err("This is not a JSON object.".to_owned()),
    }
}

/// Adds `metadata`: a JSON object that the metadata at `path` must hold.
fn metadata(params: &Params, condition: Condition, path: &[&str]) -> Result<Condition> {
    let Some(text) = params.text("metadata")? else { return Ok(condition) };
    let refuse = |sentence| ApiError::invalid(["query", "metadata"], sentence);
    metadata_of(condition, path, text).map_err(refuse)
}

/// Where the metadata of a project are.
const METADATA: [&str; 2] = ["extra", "metadata"];

/// What a field of projects is that a filter compares.
enum Field {
    /// The id.
    Id,
    /// A text.
    Text(Expr),
    /// The moment when the project began.
    Start,
    /// How many runs it has.
    Runs,
    /// What is told from runs and feedback. None are kept here, so no comparison holds.
    Untold,
}

impl Field {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "name" => Self::Text(Column::Name.into_expr()),
            "description" | "reference_dataset_id" | "default_dataset_id" | "trace_tier" => {
                Self::Text(text_of(name))
            }
            "start_time" => Self::Start,
            "run_count" => Self::Runs,
            "last_run_start_time"
            | "latency"
            | "latency_p50"
            | "latency_p99"
            | "first_token_p50"
            | "first_token_p99"
            | "error_rate"
            | "streaming_rate"
            | "total_tokens"
            | "prompt_tokens"
            | "completion_tokens"
            | "total_cost"
            | "prompt_cost"
            | "completion_cost"
            | "feedback_key"
            | "feedback_score"
            | "feedback_value"
            | "feedback_comment"
            | "feedback_source" => Self::Untold,
            _ => return None,
        })
    }

    /// The field and the value to compare with, or what it is compared with instead. `None` is for
    /// what is never there.
    fn with(self, value: &Term) -> std::result::Result<Option<(Expr, Expr)>, &'static str> {
        match (self, value) {
            (Self::Untold, Term::Text(_) | Term::Number(_)) => Ok(None),
            (Self::Untold, _) => Err("a text or a number"),
            (Self::Text(field), Term::Text(text)) => Ok(Some((field, Expr::val(text.as_str())))),
            (Self::Text(_), _) => Err("a text in quotes"),
            (Self::Runs, Term::Number(number)) => Ok(Some((Column::Size.into_expr(), Expr::val(*number)))),
            (Self::Runs, _) => Err("a number"),
            (Self::Id, Term::Text(text)) => {
                let id = Uuid::try_parse(text).map_err(|_| "a UUID in quotes")?;
                Ok(Some((Column::Id.into_expr(), Expr::val(id))))
            }
            (Self::Id, _) => Err("a UUID in quotes"),
            (Self::Start, Term::Text(text)) => {
                let moment = moment_of(text).ok_or("a date and time, such as \"2026-01-31T12:00:00Z\"")?;
                Ok(Some((Column::CreatedAt.into_expr(), Expr::val(moment))))
            }
            (Self::Start, _) => Err("a date and time, such as \"2026-01-31T12:00:00Z\""),
        }
    }
}

/// What a filter of projects asks for, or why it cannot be asked.
fn asked(term: &Term) -> std::result::Result<Condition, String> {
    let Term::Call(word, terms) = term else {
        return Err("A filter is made of comparisons, such as eq(name, \"nightly\").".to_owned());
    };
    match (word.as_str(), terms.as_slice()) {
        ("and", terms) => terms.iter().try_fold(Condition::all(), |all, term| Ok(all.add(asked(term)?))),
        ("or", terms) => terms.iter().try_fold(Condition::any(), |any, term| Ok(any.add(asked(term)?))),
        ("not", [term]) => asked(term).map(Condition::not),
        ("search", [Term::Text(text)]) => {
            let described = Func::lower(text_of("description"));
            let described = Func::coalesce([described.into(), Expr::val("")]).like(contains(text));
            Ok(Condition::any().add(Column::NameKey.like(contains(text))).add(described))
        }
        ("has", [Term::Word(name), Term::Text(text)]) if name == "metadata" => {
            // Made to be true or false even where there is nothing, so that it can be turned around.
            let inside = metadata_of(Condition::all(), &METADATA, text)?;
            let there = json_at(&METADATA).is_not_null();
            let holds = Func::coalesce([there.and(inside), Expr::val(false)]);
            Ok(Condition::all().add(Expr::from(holds)))
        }
        ("has", [Term::Word(name), Term::Text(_)]) if name == "tags" => Ok(Condition::all().add(none())),
        ("eq" | "neq" | "gt" | "gte" | "lt" | "lte", [Term::Word(name), value]) => {
            let field = Field::named(name).ok_or_else(|| format!("A project has no {name} to compare."))?;
            let compared = field.with(value).map_err(|what| format!("{name} is compared with {what}."))?;
            Ok(comparison(word, compared))
        }
        _ => Err(format!(
            "{word} is not used so. There are and, or, not, search(\"text\"), has(metadata, '{{…}}'), and \
             eq, neq, gt, gte, lt, lte with a field and a value."
        )),
    }
}

/// A comparison of a field with a value. What is not there equals nothing and is neither more nor
/// less than anything.
fn comparison(word: &str, compared: Option<(Expr, Expr)>) -> Condition {
    let holds = Condition::all().add(match compared {
        None => none(),
        Some((field, value)) => field.clone().is_not_null().and(match word {
            "gt" => field.gt(value),
            "gte" => field.gte(value),
            "lt" => field.lt(value),
            "lte" => field.lte(value),
            _ => field.eq(value),
        }),
    });
    if word == "neq" { holds.not() } else { holds }
}

/// A filter in LangSmith's language under `key`, read.
fn expression(params: &Params, key: &'static str) -> Result<Option<Term>> {
    let refuse = |sentence| ApiError::invalid(["query", key], sentence);
    params.expression(key)?.map(|text| language::parse(text).map_err(refuse)).transpose()
}

/// Whether statistics are asked for some runs only (`stats_filter`). No runs are kept here, so that
/// nothing can be said of some of them; what is no filter is refused all the same.
///
/// # Errors
/// 422 for what is no filter.
pub fn of_some_runs(params: &Params) -> Result<bool> {
    expression(params, "stats_filter").map(|filter| filter.is_some())
}

/// The filters of tracing projects.
///
/// # Errors
/// 422 for a field that is not of its form.
pub fn projects(params: &Params) -> Result<Condition> {
    let refuse = |key| move |sentence: String| ApiError::invalid(["query", key], sentence);
    let mut condition = metadata(params, shared(params, "id")?, &METADATA)?;
    if let Some(filter) = expression(params, "filter")? {
        condition = condition.add(asked(&filter).map_err(refuse("filter"))?);
    }
    if let Some(version) = params.text("dataset_version")? {
        let wanted = Map::from_iter([("dataset_version".to_owned(), version.into())]);
        condition = holds(condition, &METADATA, &wanted).map_err(refuse("dataset_version"))?;
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
    // Corrections are made from feedback, of which there is none here: no dataset is left out.
    params.flag("exclude_corrections_datasets", false)?;
    let kinds = params.words("data_type", &["kv", "llm", "chat"])?;
    // Rows that were made without one are of the first kind.
    Ok(among(condition, "data_type", "kv", kinds))
}

/// Adds that a word given with the row, or `default` where none was, is among these, if there are any.
fn among(condition: Condition, key: &str, default: &str, words: Vec<&str>) -> Condition {
    if words.is_empty() {
        return condition;
    }
    condition.add(Func::coalesce([text_of(key), Expr::val(default)]).is_in(words))
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

/// The filters of prompts, but for their tags.
///
/// # Errors
/// 422 for a field that is not of its form.
pub fn prompts(params: &Params) -> Result<Condition> {
    let mut condition = tag_values(params, Condition::all())?;
    if let Some(text) = params.text("query")? {
        condition = condition.add(Column::NameKey.like(contains(text)));
    }
    // Only the workspace's own prompts are listed, so another one has none.
    if let Some(id) = params.id("tenant_id")? {
        condition = condition.add(Column::WorkspaceId.eq(id));
    }
    if let Some(handle) = params.text("tenant_handle")? {
        let named = workspace::Entity::find()
            .filter(workspace::Column::TenantHandle.eq(handle))
            .select_only()
            .column(workspace::Column::Id)
            .into_query();
        condition = condition.add(Column::WorkspaceId.in_subquery(named));
    }
    if let Some(wanted) = params.optional_flag("has_commits")? {
        condition = condition.add(if wanted { Column::Size.gt(0) } else { Column::Size.eq(0) });
    }
    // An archived prompt is out of the way until it is asked for.
    condition = match params.word("is_archived", &["true", "allow", "false"], "false")? {
        "true" => condition.add(is_set("is_archived")),
        "false" => condition.add(is_set("is_archived").not()),
        _ => condition,
    };
    condition = match params.optional_word("is_public", &["true", "false"])? {
        Some("true") => condition.add(is_set("is_public")),
        Some(_) => condition.add(is_set("is_public").not()),
        None => condition,
    };
    for key in ["upstream_repo_owner", "upstream_repo_handle"] {
        if let Some(text) = params.text(key)? {
            condition = condition.add(text_of(key).eq(text));
        }
    }
    if let Some(source) = params.optional_word("source", &["internal", "external"])? {
        condition = condition.add(text_of("source").eq(source));
    }
    let kinds = params.words("repo_types", &RepoType::WORDS)?;
    let kind = params.optional_word("repo_type", &RepoType::WORDS)?;
    let condition = among(condition, "repo_type", RepoType::WORDS[0], kinds);
    Ok(among(condition, "repo_type", RepoType::WORDS[0], kind.into_iter().collect()))
}

/// Adds that a prompt has each of these tags. The two databases look into a list differently.
pub fn tagged(condition: Condition, tags: &[String], database: DbBackend) -> Condition {
    tags.iter().fold(condition, |condition, tag| {
        condition.add(if database == DbBackend::Postgres {
            let wanted = Value::from(vec![tag.as_str()]).to_string();
            Expr::cust_with_exprs(
                "CAST($1 AS jsonb) -> 'tags' @> CAST($2 AS jsonb)",
                [Column::Fields.into_expr(), Expr::val(wanted)],
            )
        } else {
            Expr::cust_with_exprs(
                "EXISTS (SELECT 1 FROM json_each(?, '$.tags') WHERE value = ?)",
                [Column::Fields.into_expr(), Expr::val(tag.as_str())],
            )
        })
    })
}
