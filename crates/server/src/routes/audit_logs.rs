//! Reading the audit log, newest first, as OCSF API Activity
//! (https://schema.ocsf.io/1.7.0/classes/api_activity).

use atrium_words::mark;
use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, Func, Query, UnionType};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::Answer;
use crate::answers::audit::{Activity, AuditLog};
use crate::audit::stored_words;
use crate::auth::access::OrgAccess;
use crate::db::entity::audit_entry::{Column, Entity};
use crate::error::{ApiError, Result};
use crate::serve::AppState;
use crate::validate::{Asked, FromQuery, Params};

/// Default and largest page, as the contract has them.
const PAGE: (u64, u64) = (10, 100);
/// Up to how many operations are looked up one by one.
const FEW: usize = 8;

/// What can be asked of the log.
pub struct Wanted {
    limit: u64,
    after: Option<Place>,
    workspace: Option<Uuid>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    operations: Vec<String>,
    /// An account or an API key (Atrium's own).
    actor: Option<Uuid>,
    /// Whether it was done or refused (Atrium's own).
    succeeded: Option<bool>,
}

impl FromQuery for Wanted {
    fn read(params: &Params) -> Result<Self> {
        let limit = params.number("limit", PAGE.0, 1, PAGE.1)?;
        let after = params.text("cursor")?.map(Place::read).transpose()?;
        let workspace = params.id("workspace_id")?;
        let (start, end) = (params.moment("start_time")?, params.moment("end_time")?);
        let (actor, succeeded) = (params.id("actor")?, params.optional_flag("succeeded")?);
        let mut operations = Vec::new();
        for word in params.list("operations")? {
            let stored = stored_words(word).ok_or_else(|| {
                ApiError::invalid(["query", "operations"], mark!("This is no operation of the audit log."))
            })?;
            operations.extend(stored.into_iter().map(Into::into));
        }
        Ok(Self { limit, after, workspace, start, end, operations, actor, succeeded })
    }
}

/// `GET /api/v1/audit-logs`
pub async fn list(
    State(state): State<AppState>,
    access: OrgAccess,
    Asked(asked): Asked<Wanted>,
) -> Answer<AuditLog> {
    let limit = asked.limit;
    let mut rows =
        asked.select(access.organization.id, state.db.get_database_backend()).all(&*state.db).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let cursor = rows.last().filter(|_| more).map(|row| Place { at: row.created_at, id: row.id }.write());
    let items = rows.into_iter().map(Activity::from).collect();
    Ok(Json(AuditLog { cursor, items }))
}

impl Wanted {
    /// The page of an organization's log, with one entry more, which tells whether there is another.
    fn select(self, organization: Uuid, database: DbBackend) -> Select<Entity> {
        let Self { limit, after, workspace, start, end, operations, actor, succeeded } = self;
        // The bound beside the comparison of two columns lets the index begin where the page does.
        let latest = after.map_or(end, |place| end.min(place.at));
        let mut chosen = Condition::all()
            .add(Column::OrganizationId.eq(organization))
            .add(Column::CreatedAt.gte(start))
            .add(Column::CreatedAt.lte(latest));
        if let Some(Place { at, id }) = after {
            let earlier = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id));
            chosen = chosen.add(Condition::any().add(Column::CreatedAt.lt(at)).add(earlier));
        }
        if let Some(workspace) = workspace {
            chosen = chosen.add(few(database, Column::WorkspaceId.eq(workspace)));
        }
        if let Some(succeeded) = succeeded {
            // Most was done: where something else is asked for as well, its index is the one to take, and
            // not this one's (in this form SQLite cannot).
            let alone = workspace.is_none() && operations.is_empty() && actor.is_none();
            chosen = chosen.add(match succeeded {
                _ if alone => Column::Succeeded.eq(succeeded),
                true => Expr::cust("\"succeeded\" IS TRUE"),
                false => Expr::cust("\"succeeded\" IS FALSE"),
            });
        }
        let page = |chosen: Condition| {
            Entity::find()
                .filter(chosen)
                .order_by_desc(Column::CreatedAt)
                .order_by_desc(Column::Id)
                .limit(limit + 1)
        };
        // What may be one thing or another is asked for one by one, the first of each by the index on it:
        // rare ones in a long log are found without looking through the rest.
        let mut ways = vec![chosen];
        if let Some(actor) = actor {
            let either = [Column::AccountId, Column::ApiKeyId];
            ways = each(&ways, &either.map(|column| few(database, column.eq(actor))));
        }
        match operations.len() {
            0 => {}
            1..=FEW => {
                let each_of = operations.into_iter().map(|operation| Column::Operation.eq(operation));
                ways = each(&ways, &each_of.collect::<Vec<_>>());
            }
            _ => ways = each(&ways, &[Column::Operation.is_in(operations)]),
        }
        let first_of = |way: Condition| {
            let ids = page(way).select_only().column(Column::Id).into_query();
            Query::select().column(Column::Id).from_subquery(ids, "way").to_owned()
        };
        match <[Condition; 1]>::try_from(ways) {
            Ok([only]) => page(only),
            Err(ways) => {
                let all = ways
                    .into_iter()
                    .map(first_of)
                    .reduce(|mut all, one| all.union(UnionType::All, one).take());
                page(Condition::all().add_option(all.map(|ids| Column::Id.in_subquery(ids))))
            }
        }
    }
}

/// What holds for few entries. SQLite takes a column that may be empty for no better than the order of
/// time, and would look through the whole log.
fn few(database: DbBackend, condition: Expr) -> Expr {
    if database == DbBackend::Sqlite { Func::cust("unlikely").arg(condition).into() } else { condition }
}

/// Every way with each of these beside it.
fn each(ways: &[Condition], more: &[Expr]) -> Vec<Condition> {
    ways.iter().flat_map(|way| more.iter().map(|one| way.clone().add(one.clone()))).collect()
}

/// The entry after which a page begins. Entries that are added later come before it, so pages
/// neither repeat nor miss any.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    at: DateTime<Utc>,
    id: Uuid,
}

/// The cursor that a client sends, for the fuzz targets: what is read is written the same.
#[cfg(any(test, fuzzing))]
pub fn read_cursor(text: &str) {
    if let Ok(place) = Place::read(text) {
        assert_eq!(place.write(), text);
    }
}

impl Place {
    fn write(self) -> String {
        let mut bytes = self.at.timestamp_micros().to_be_bytes().to_vec();
        bytes.extend(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn read(text: &str) -> Result<Self> {
        let place = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (at, id) = bytes.split_first_chunk()?;
            let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*at))?;
            Some(Self { at, id: Uuid::from_slice(id).ok()? })
        };
        // A cursor has one form only, and moments that the database can hold.
        place().filter(|place| place.write() == text && Params::is_sane(place.at)).ok_or_else(|| {
            ApiError::invalid(
                ["query", "cursor"],
                mark!("This is no cursor of an answer. Leave it out to begin anew."),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, Statement};

    use super::*;
    use crate::db::temporary::Postgres;
    use crate::db::{Db, now};

    /// What is asked for, and the index that each part of the answer is to be read from.
    fn questions() -> Vec<(Wanted, &'static [&'static str])> {
        let wanted = |actor: bool, succeeded, operations: &[&str]| Wanted {
            limit: 10,
            after: Some(Place { at: now(), id: Uuid::nil() }),
            workspace: None,
            start: DateTime::UNIX_EPOCH,
            end: now(),
            operations: operations.iter().map(|&word| word.to_owned()).collect(),
            actor: actor.then(Uuid::nil),
            succeeded,
        };
        let either: &[_] = &["account_id", "api_key_id"];
        vec![
            (wanted(false, None, &[]), &[""]),
            (wanted(false, Some(false), &[]), &["succeeded"]),
            (wanted(true, None, &[]), either),
            (wanted(true, Some(true), &[]), either),
            (Wanted { workspace: Some(Uuid::nil()), ..wanted(false, Some(true), &[]) }, &["workspace_id"]),
            (wanted(false, Some(true), &["create_role"]), &["operation"]),
            (wanted(false, Some(false), &["create_role", "delete_role"]), &["operation"]),
        ]
    }

    fn index(column: &str) -> String {
        let column = if column.is_empty() { String::new() } else { format!("{column}_") };
        format!("audit_entry_organization_id_{column}created_at_id")
    }

    async fn plan(db: &Db, explain: &str, wanted: Wanted) -> Vec<String> {
        let backend = db.get_database_backend();
        let query = wanted.select(Uuid::nil(), backend).build(backend);
        let rows = db.query_all_raw(Statement::from_string(backend, format!("{explain} {query}"))).await;
        let column = if backend == DbBackend::Sqlite { 3 } else { 0 };
        rows.unwrap().iter().map(|row| row.try_get_by_index(column).unwrap()).collect()
    }

    /// What keeps the cost of a page from growing with the log, as SQLite says it.
    #[tokio::test]
    async fn every_page_is_read_from_an_index() {
        let (_directory, db) = Db::temporary().await;
        for (wanted, columns) in questions() {
            let plan = plan(&db, "EXPLAIN QUERY PLAN", wanted).await;
            let whole = plan.join("\n");
            assert!(!whole.contains("SCAN audit_entry"), "{whole}");
            for column in columns {
                assert!(whole.contains(&format!("INDEX {} (organization_id=?", index(column))), "{whole}");
            }
            // The first of each way are sorted together, at most a page of each; a way never is.
            let sorts = plan.iter().filter(|line| line.contains("TEMP B-TREE")).count();
            let ways = plan.iter().filter(|line| line.contains("INDEX audit_entry_")).count();
            assert_eq!(sorts, usize::from(ways > 1), "{whole}");
        }
    }

    /// A log that is long enough for PostgreSQL to look for a way through it: a hundred actors, of whom
    /// some use a key, and little is refused.
    const MANY: &str =
        "INSERT INTO audit_entry (id, organization_id, operation, succeeded, account_id, api_key_id,
            created_at, resources)
          SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'op' || number % 200,
            number % 1000 <> 0, md5((number % 100)::text)::uuid,
            CASE WHEN number % 50 = 0 THEN md5('key' || number % 100)::uuid END,
            now() - number * interval '1 minute', '[]'
          FROM generate_series(1, 20000) AS number;
        ANALYZE audit_entry";

    /// The same on PostgreSQL, where this run has one (`scripts/postgres.sh`).
    #[tokio::test]
    async fn every_page_is_read_from_an_index_of_postgresql() {
        let Some(database) = Postgres::make("audit").await else { return };
        let db = Db::open(&database.url(), false).await.unwrap();
        let change = db.change().await.unwrap();
        change.execute_unprepared(MANY).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        for (wanted, columns) in questions() {
            let whole = plan(&db, "EXPLAIN", wanted).await.join("\n");
            assert!(!whole.contains("Seq Scan"), "{whole}");
            // It knows how much is refused, and may take that index before the one of the operation.
            for column in columns.iter().filter(|column| **column != "operation") {
                assert!(whole.contains(&format!(" {} ", index(column))), "{column}: {whole}");
            }
        }
        (*db).clone().close().await.unwrap();
        database.remove().await;
    }

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is() {
        let place = Place { at: now(), id: Uuid::now_v7() };
        let text = place.write();
        assert_eq!(Place::read(&text).unwrap(), place);
        let far = Place { at: DateTime::<Utc>::MAX_UTC, id: Uuid::nil() }.write();
        for bad in ["x", "AAAA", &text[1..], &format!("{text}A"), &format!("{text}="), &far, "ä"] {
            assert!(Place::read(bad).is_err(), "{bad}");
        }
    }
}
