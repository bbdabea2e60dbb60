//! Organizations: one's own, the current one, and making more.

use atrium_domain::names::check_organization_name;
use atrium_domain::{Action, OrganizationRole, Tier, email};
use axum::Json;
use axum::extract::State;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Answer;
use super::workspaces::new_workspace;
use crate::answers;
use crate::audit::{Draft, Entry, Operation, views};
use crate::auth::access::{Org, OrgAccess};
use crate::auth::sessions::{Person, Signed, no_session};
use crate::billing::standing;
use crate::db::entity::{account, member, organization};
use crate::db::{Db, now};
use crate::error::{ApiError, Result, is_duplicate};
use crate::serve::AppState;
use crate::validate::{Body, Params, check_text, checked};

/// The name of a personal organization.
const PERSONAL: &str = "Personal";

/// `GET /api/v1/orgs`
pub async fn list(State(state): State<AppState>, who: Person, params: Params) -> Answer {
    let include_tier = params.flag("include_tier", false)?;
    let skip_create = params.flag("skip_create", false)?;
    let mut mine = organizations_of(&*state.db, who).await?;
    let has_personal = mine.iter().any(|organization| organization.personal_of.is_some());
    if !has_personal && !skip_create {
        make_personal(&state.db, who).await?;
        mine = organizations_of(&*state.db, who).await?;
    }
    Ok(Json(mine.iter().map(|row| answers::organization_slim(row, include_tier)).collect()))
}

async fn organizations_of<C: ConnectionTrait>(
    connection: &C,
    who: Person,
) -> std::result::Result<Vec<organization::Model>, DbErr> {
    organization::Entity::find()
        .join(JoinType::InnerJoin, organization::Relation::Member.def())
        .filter(member::Column::AccountId.eq(who.account))
        .order_by_asc(organization::Column::CreatedAt)
        .order_by_asc(organization::Column::Id)
        .all(connection)
        .await
}

/// Makes the personal organization of somebody's first sign-in. Two at once make one: the column
/// `personal_of` is unique.
async fn make_personal(db: &Db, who: Person) -> Result<()> {
    let change = db.change().await?;
    let row = organization_row(PERSONAL, &Tier::Developer, who.account, true);
    match insert_organization(&*change, row, who.account).await {
        Err(error) if is_duplicate(&error) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(row) => Ok(change.commit(made(who, &row)).await?),
    }
}

/// The entry of a new organization.
fn made(who: Person, row: &organization::Model) -> Entry {
    Draft::by(who, Operation::CreateOrganization, row.id).created(&[row.id], views::organization(row))
}

/// A new organization, not saved yet.
pub fn organization_row(name: &str, tier: &Tier, creator: Uuid, personal: bool) -> organization::Model {
    let pending = *tier == Tier::NoPlan;
    organization::Model {
        id: Uuid::new_v4(),
        display_name: name.to_owned(),
        tier: tier.as_str().to_owned(),
        disabled: pending,
        personal_of: personal.then_some(creator),
        created_by: Some(creator),
        created_at: now(),
        modified_at: now(),
        plan_since: (!pending).then(now),
        settings: json!({}),
        business_info: None,
        payment_method: None,
    }
}

/// Saves a new organization with its creator as Organization Admin and a first workspace.
async fn insert_organization<C: ConnectionTrait>(
    connection: &C,
    row: organization::Model,
    creator: Uuid,
) -> std::result::Result<organization::Model, DbErr> {
    let saved = row.clone().into_active_model();
    organization::Entity::insert(saved).exec_without_returning(connection).await?;
    let member = member::Model {
        id: Uuid::new_v4(),
        organization_id: row.id,
        account_id: creator,
        role: OrganizationRole::Admin.as_str().to_owned(),
        created_at: row.created_at,
    };
    let member_id = member.id;
    member::Entity::insert(member.into_active_model()).exec_without_returning(connection).await?;
    new_workspace(connection, Uuid::new_v4(), row.id, "Workspace 1", None, Some(member_id)).await?;
    Ok(row)
}

/// An organization to make (`OrganizationCreate`, with what the app does not send).
#[derive(Deserialize)]
pub struct Create {
    display_name: String,
    is_personal: bool,
    #[serde(default)]
    security_contact: Option<String>,
}

/// `POST /api/v1/orgs`: a shared organization, pending until it has a plan.
pub async fn create(State(state): State<AppState>, who: Person, Body(body): Body<Create>) -> Answer {
    checked(check_organization_name(&body.display_name), "display_name")?;
    check_contact(body.security_contact.as_deref())?;
    if body.is_personal {
        return Err(ApiError::invalid(
            ["body", "is_personal"],
            "A personal organization is made at the first sign-in; make a shared one here.",
        ));
    }
    let mut row = organization_row(body.display_name.trim(), &Tier::NoPlan, who.account, false);
    if let Some(contact) = body.security_contact {
        row.settings = json!({ "security_contact": contact });
    }
    let change = state.db.change().await?;
    let row = insert_organization(&*change, row, who.account).await?;
    change.answer(made(who, &row), answers::organization_slim(&row, true)).await
}

fn check_contact(contact: Option<&str>) -> Result<()> {
    match contact {
        Some(contact) if !email::is_address(contact) => {
            Err(ApiError::invalid(["body", "security_contact"], "This is not an email address."))
        }
        _ => Ok(()),
    }
}

/// `GET /api/v1/orgs/current`
pub async fn current(State(state): State<AppState>, who: Signed, Org(id): Org) -> Answer {
    let access = OrgAccess::allow(&*state.db, who, id, &Action::ReadOrganization).await?;
    let standing = standing::of(&*state.db, &access.organization).await?;
    Ok(Json(answers::organization(&access, standing.as_ref())))
}

/// `GET /api/v1/orgs/current/info`
pub async fn info(State(state): State<AppState>, who: Signed, Org(id): Org) -> Answer {
    let access = OrgAccess::allow(&*state.db, who, id, &Action::ReadOrganization).await?;
    Ok(Json(answers::organization_info(&access)))
}

/// A change of an organization (`OrganizationUpdate`). What is absent or null stays as it is; what
/// is serialized again is kept among the settings.
#[derive(Deserialize, Serialize)]
pub struct Update {
    #[serde(skip_serializing)]
    display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_sharing_disabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pat_creation_disabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jit_provisioning_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_admin_can_invite_to_org: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invites_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_api_key_expiry_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_contact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_pat_expiry_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_service_key_expiry_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scim_group_name_separator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    llm_auth_proxy_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    llm_auth_proxy_jwt_audience: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_allowlist: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restrict_browser_secrets: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    llm_auth_proxy_allowed_urls: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engine_enabled: Option<bool>,
}

impl Update {
    fn check(&self) -> Result<()> {
        check_contact(self.security_contact.as_deref())?;
        if let Some(separator) = &self.scim_group_name_separator
            && separator.chars().count() != 1
        {
            return Err(ApiError::invalid(["body", "scim_group_name_separator"], "This is one character."));
        }
        if let Some(audience) = &self.llm_auth_proxy_jwt_audience {
            check_text(audience, &["body", "llm_auth_proxy_jwt_audience"], 0, 500)?;
        }
        let lists = [
            ("ip_allowlist", &self.ip_allowlist),
            ("llm_auth_proxy_allowed_urls", &self.llm_auth_proxy_allowed_urls),
        ];
        for (key, list) in lists {
            let items = list.as_deref().unwrap_or_default();
            if items.len() > 500 {
                return Err(ApiError::invalid(["body", key], "Use at most 500 values."));
            }
            items.iter().try_for_each(|item| check_text(item, &["body", key], 1, 500))?;
        }
        Ok(())
    }
}

/// `PATCH /api/v1/orgs/current/info`
pub async fn update(
    State(state): State<AppState>,
    who: Signed,
    Org(id): Org,
    Body(body): Body<Update>,
) -> Answer {
    if let Some(name) = &body.display_name {
        checked(check_organization_name(name), "display_name")?;
    }
    body.check()?;
    let change = state.db.change().await?;
    let mut access = OrgAccess::allow(&*change, who, id, &Action::UpdateOrganization).await?;
    let mut settings: Map<String, Value> =
        access.organization.settings.as_object().cloned().unwrap_or_default();
    if let Value::Object(given) = serde_json::to_value(&body).map_err(ApiError::internal)? {
        settings.extend(given);
    }
    let before = views::organization(&access.organization);
    let mut row = access.organization.clone().into_active_model();
    if let Some(name) = body.display_name {
        row.display_name = Set(name.trim().to_owned());
    }
    row.settings = Set(Value::Object(settings));
    row.modified_at = Set(now());
    access.organization = row.update(&*change).await?;
    let after = views::organization(&access.organization);
    let entry = access.entry(Operation::UpdateOrganizationInfo).updated(&[id], before, after);
    change.answer(entry, answers::organization_info(&access)).await
}

/// `GET /api/v1/orgs/current/user/login-methods`
pub async fn login_methods(State(state): State<AppState>, who: Signed, Org(id): Org) -> Answer {
    OrgAccess::allow(&*state.db, who, id, &Action::ReadOrganization).await?;
    let account =
        account::Entity::find_by_id(who.own_account()?).one(&*state.db).await?.ok_or_else(no_session)?;
    Ok(Json(json!([answers::login_method(&account)])))
}
