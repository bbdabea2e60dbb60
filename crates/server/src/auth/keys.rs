//! API keys: made and shown once, recognized by their hash, and bound to one organization.

use atrium_domain::keys::short_key;
use atrium_domain::{Credential, KeyKind};
use atrium_words::mark;
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
const NOT_VALID: &str = mark!("This API key is not valid. It may have ended or been deleted.");

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
        return Err(ApiError::forbidden(mark!("This API key reads only.")));
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
    use atrium_domain::Tier;
    use sea_orm::{ActiveModelTrait, IntoActiveModel, PaginatorTrait};

    use super::*;
    use crate::db::entity::{account, organization, role};
    use crate::routes::organization_row;

    /// An account with a membership, a token and a service key of one workspace.
    async fn world(db: &Db) -> (account::Model, organization::Model) {
        let owner = account::Model {
            id: Uuid::new_v4(),
            email: "ada@example.com".to_owned(),
            full_name: "Ada".to_owned(),
            name_key: "ada".to_owned(),
            password_hash: String::new(),
            created_at: now(),
            is_disabled: false,
        };
        let acme = organization_row("Acme", &Tier::Enterprise, owner.id, false);
        let inside = member::Model {
            id: Uuid::new_v4(),
            organization_id: acme.id,
            account_id: owner.id,
            role: "ORGANIZATION_ADMIN".to_owned(),
            created_at: now(),
        };
        let place = workspace::Model {
            id: Uuid::new_v4(),
            organization_id: acme.id,
            display_name: "One".to_owned(),
            tenant_handle: None,
            color: None,
            created_at: now(),
        };
        let custom = role::Model {
            id: Uuid::new_v4(),
            organization_id: Some(acme.id),
            name: "CUSTOM".to_owned(),
            display_name: "Mine".to_owned(),
            name_key: "mine".to_owned(),
            description: String::new(),
            permissions: serde_json::json!([]),
            access_scope: "workspace".to_owned(),
            created_at: now(),
        };
        let key = |member_id, role_id| api_key::Model {
            id: Uuid::new_v4(),
            organization_id: acme.id,
            kind: String::new(),
            member_id,
            hash: Uuid::new_v4().to_string(),
            short_key: String::new(),
            description: String::new(),
            read_only: false,
            organization_role: None,
            role_id,
            default_workspace_id: Some(place.id),
            created_at: now(),
            expires_at: None,
            last_used_at: None,
        };
        let (token, service) = (key(Some(inside.id), None), key(None, Some(custom.id)));
        let opens = api_key_workspace::Model { api_key_id: service.id, workspace_id: place.id };
        let change = db.change().await.unwrap();
        owner.clone().into_active_model().insert(&*change).await.unwrap();
        acme.clone().into_active_model().insert(&*change).await.unwrap();
        inside.into_active_model().insert(&*change).await.unwrap();
        place.into_active_model().insert(&*change).await.unwrap();
        custom.into_active_model().insert(&*change).await.unwrap();
        token.into_active_model().insert(&*change).await.unwrap();
        service.into_active_model().insert(&*change).await.unwrap();
        opens.into_active_model().insert(&*change).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        (owner, acme)
    }

    #[tokio::test]
    async fn tokens_die_with_the_account_and_every_key_with_the_organization() {
        let (_directory, db) = Db::temporary().await;
        let (owner, acme) = world(&db).await;
        owner.into_active_model().delete(&*db).await.unwrap();
        let left = api_key::Entity::find().all(&*db).await.unwrap();
        assert!(left.len() == 1 && left[0].member_id.is_none(), "the token went with its owner");
        acme.into_active_model().delete(&*db).await.unwrap();
        assert_eq!(api_key::Entity::find().count(&*db).await.unwrap(), 0);
        assert_eq!(api_key_workspace::Entity::find().count(&*db).await.unwrap(), 0);
    }

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
