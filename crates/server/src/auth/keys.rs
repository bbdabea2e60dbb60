//! API keys: made and shown once, recognized by their hash, and bound to one organization.

use atrium_domain::keys::short_key;
use atrium_domain::{Credential, KeyKind};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::access::{NO_ORGANIZATION, NO_WORKSPACE};
use super::sessions::{Signed, check_enabled, digest};
use crate::db::entity::{api_key, api_key_workspace, member, workspace};
use crate::db::{Db, now};
use crate::error::{ApiError, Result};
use crate::serve::AppState;

/// The header that carries a key.
pub const HEADER: &str = "x-api-key";
/// How exactly the last use of a key is kept: a request within this time writes nothing.
const LAST_USE: TimeDelta = TimeDelta::minutes(1);
/// The answer to a key that does not work, whatever the reason.
const NOT_VALID: &str = "This API key is not valid. It may have ended or been deleted.";

/// The key of a request.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its id.
    pub id: Uuid,
    /// The only organization in which it works.
    pub organization: Uuid,
    /// The workspace that a request without a header means.
    pub workspace: Option<Uuid>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key that was just made: the only moment at which it is known.
pub struct NewKey {
    /// The key.
    pub secret: String,
    /// What is kept of it.
    pub hash: String,
    /// What may be shown of it.
    pub short_key: String,
}

/// Makes a key: 168 random bits in the form of LangSmith's, which secret scanners know.
///
/// # Errors
/// 500 where the system gives no random numbers.
pub fn mint(kind: KeyKind) -> Result<NewKey> {
    let mut bytes = [0; 21];
    getrandom::fill(&mut bytes).map_err(ApiError::internal)?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let secret = format!("{}{}_{}", kind.prefix(), &hex[..32], &hex[32..]);
    Ok(NewKey { hash: digest(&secret), short_key: short_key(&secret), secret })
}

/// With what the holder of a key comes.
pub fn credential(key: &api_key::Model) -> Credential {
    match (key.member_id, &key.organization_role) {
        (Some(_), _) => Credential::PersonalToken,
        (None, Some(_)) => Credential::OrganizationKey,
        (None, None) => Credential::WorkspaceKey,
    }
}

/// Recognizes the key of a request, and keeps that it was used.
///
/// # Errors
/// 401 for a key that does not work; 403 where the account behind it is switched off, where it
/// only reads and the request does not, and where the request's headers name another organization
/// or workspace.
pub async fn recognize(state: &AppState, parts: &Parts) -> Result<Signed> {
    let not_valid = || ApiError::unauthorized(NOT_VALID);
    let given = parts.headers.get(HEADER).and_then(|value| value.to_str().ok()).ok_or_else(not_valid)?;
    let (key, owner) = api_key::Entity::find()
        .filter(api_key::Column::Hash.eq(digest(given.trim())))
        .find_also_related(member::Entity)
        .one(&*state.db)
        .await?
        .filter(|(key, _)| key.expires_at.is_none_or(|end| end > now()))
        .ok_or_else(not_valid)?;
    let account = owner.map(|member| member.account_id);
    if let Some(account) = account {
        check_enabled(&*state.db, account).await?;
    }
    if key.read_only && parts.method != Method::GET && parts.method != Method::HEAD {
        return Err(ApiError::forbidden("This API key reads only."));
    }
    fits(&*state.db, &key, &parts.headers).await?;
    // A failure to keep the last use is no reason to refuse what was asked.
    if let Err(error) = used(&state.db, &key).await {
        tracing::warn!(%error, "the last use of a key was not kept");
    }
    let credential = credential(&key);
    let key = Key {
        id: key.id,
        organization: key.organization_id,
        workspace: key.default_workspace_id,
        expires_at: key.expires_at,
    };
    Ok(Signed { account, credential, session: None, key: Some(key) })
}

/// Whether the headers name what the key is for. Operations look at one of the two headers; a
/// request whose other one contradicts the key is refused all the same.
async fn fits<C: ConnectionTrait>(connection: &C, key: &api_key::Model, headers: &HeaderMap) -> Result<()> {
    let id = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| Uuid::try_parse(text.trim()).ok())
    };
    if id("x-organization-id").is_some_and(|id| id != key.organization_id) {
        return Err(ApiError::forbidden(NO_ORGANIZATION));
    }
    let Some(workspace) = id("x-tenant-id") else { return Ok(()) };
    let there = match credential(key) {
        Credential::WorkspaceKey => {
            api_key_workspace::Entity::find_by_id((key.id, workspace)).one(connection).await?.is_some()
        }
        _ => workspace::Entity::find_by_id(workspace)
            .filter(workspace::Column::OrganizationId.eq(key.organization_id))
            .one(connection)
            .await?
            .is_some(),
    };
    if there { Ok(()) } else { Err(ApiError::forbidden(NO_WORKSPACE)) }
}

async fn used(db: &Db, key: &api_key::Model) -> std::result::Result<(), DbErr> {
    let now = now();
    if key.last_used_at.is_some_and(|last| last > now - LAST_USE) {
        return Ok(());
    }
    let change = db.change().await?;
    let stale = Condition::any()
        .add(api_key::Column::LastUsedAt.is_null())
        .add(api_key::Column::LastUsedAt.lte(now - LAST_USE));
    api_key::Entity::update_many()
        .col_expr(api_key::Column::LastUsedAt, Expr::value(now))
        .filter(api_key::Column::Id.eq(key.id))
        .filter(stale)
        .exec(&*change)
        .await?;
    change.commit_unrecorded().await
}

/// Deletes the service keys of an organization that no longer open any workspace.
///
/// # Errors
/// Whatever the database says.
pub async fn delete_idle<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
) -> std::result::Result<(), DbErr> {
    let open = api_key_workspace::Entity::find()
        .select_only()
        .column(api_key_workspace::Column::ApiKeyId)
        .into_query();
    api_key::Entity::delete_many()
        .filter(api_key::Column::OrganizationId.eq(organization))
        .filter(api_key::Column::Kind.eq(KeyKind::Service.as_str()))
        .filter(api_key::Column::OrganizationRole.is_null())
        .filter(api_key::Column::Id.not_in_subquery(open))
        .exec(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_form_that_scanners_look_for() {
        let key = mint(KeyKind::Personal).unwrap();
        let rest = key.secret.strip_prefix("lsv2_pt_").unwrap();
        let (first, second) = rest.split_once('_').unwrap();
        assert_eq!((first.len(), second.len()), (32, 10), "{rest}");
        assert!(first.chars().chain(second.chars()).all(|c| c.is_ascii_hexdigit()));
        assert!(key.secret.ends_with(&key.short_key[11..]) && key.short_key.len() == 15, "{}", key.short_key);
        assert_ne!(key.secret, mint(KeyKind::Personal).unwrap().secret);
        assert!(mint(KeyKind::Service).unwrap().secret.starts_with("lsv2_sk_"));
    }
}
