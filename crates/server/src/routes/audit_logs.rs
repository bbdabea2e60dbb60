//! Reading the audit log, newest first, as OCSF API Activity
//! (https://schema.ocsf.io/1.7.0/classes/api_activity).

use atrium_words::mark;
use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
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
    let id = access.organization.id;
    let Wanted { limit, after, workspace, start, end, operations, actor, succeeded } = asked;

    // The bound beside the comparison of two columns lets the index begin where the page does.
    let latest = after.map_or(end, |place| end.min(place.at));
    let mut chosen = Condition::all()
        .add(Column::OrganizationId.eq(id))
        .add(Column::CreatedAt.gte(start))
        .add(Column::CreatedAt.lte(latest));
    if let Some(Place { at, id }) = after {
        let earlier = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id));
        chosen = chosen.add(Condition::any().add(Column::CreatedAt.lt(at)).add(earlier));
    }
    if let Some(workspace) = workspace {
        chosen = chosen.add(Column::WorkspaceId.eq(workspace));
    }
    if let Some(actor) = actor {
        chosen =
            chosen.add(Condition::any().add(Column::AccountId.eq(actor)).add(Column::ApiKeyId.eq(actor)));
    }
    if let Some(succeeded) = succeeded {
        chosen = chosen.add(Column::Succeeded.eq(succeeded));
    }
    // One more than the page tells whether there is another.
    let page = |chosen: Condition| {
        Entity::find()
            .filter(chosen)
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .limit(limit + 1)
    };
    let select = match operations.len() {
        0 => page(chosen),
        // The first of each operation by the index on it: rare ones in a long log are found without
        // looking through the rest.
        1..=FEW => page(operations.into_iter().fold(Condition::any(), |any, operation| {
            let own = chosen.clone().add(Column::Operation.eq(operation));
            any.add(Column::Id.in_subquery(page(own).select_only().column(Column::Id).into_query()))
        })),
        _ => page(chosen.add(Column::Operation.is_in(operations))),
    };
    let mut rows = select.all(&*state.db).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let cursor = rows.last().filter(|_| more).map(|row| Place { at: row.created_at, id: row.id }.write());
    let items = rows.into_iter().map(Activity::from).collect();
    Ok(Json(AuditLog { cursor, items }))
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
    use super::*;
    use crate::db::now;

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
