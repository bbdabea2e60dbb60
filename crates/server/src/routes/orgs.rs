//! Organizations: one's own, the current one, and making more.

use atrium_domain::names::check_organization_name;
use atrium_domain::{OrganizationRole, Tier, email};
use atrium_words::mark;
use axum::Json;
use axum::extract::State;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait, Set,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::workspaces::new_workspace;
use super::{Answer, Answers};
use crate::answers::organization::{Organization, OrganizationInfo, OrganizationSlim};
use crate::answers::people::LoginMethod;
use crate::answers::settings::Settings;
use crate::audit::{Draft, Entry, Operation, views};
use crate::auth::access::{OrgAccess, OrgPermit};
use crate::auth::sessions::{Person, Signed, no_session};
use crate::billing::standing;
use crate::db::entity::{account, member, organization};
use crate::db::{Db, now};
use crate::error::{ApiError, Result, is_duplicate};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Params, check_text, checked};

/// The name of a personal organization.
const PERSONAL: &str = "Personal";

/// What can be asked of one's organizations.
pub struct Mine {
    include_tier: bool,
    skip_create: bool,
}

impl FromQuery for Mine {
    fn read(params: &Params) -> Result<Self> {
        Ok(Self {
            skip_create: params.flag("skip_create", false)?,
            include_tier: params.flag("include_tier", false)?,
        })
    }
}

/// `GET /api/v1/orgs`
pub async fn list(
    State(state): State<AppState>,
    who: Person,
    Asked(asked): Asked<Mine>,
) -> Answers<OrganizationSlim> {
    let mut mine = organizations_of(&*state.db, who).await?;
    let has_personal = mine.iter().any(|organization| organization.personal_of.is_some());
    if !has_personal && !asked.skip_create {
        make_personal(&state.db, who).await?;
        mine = organizations_of(&*state.db, who).await?;
    }
    if !asked.include_tier {
        return Ok(List(mine.iter().map(|row| OrganizationSlim::new(row, false)).collect()));
    }
    let standings = standing::of_all(&*state.db, &mine).await?;
    let one =
        |row: &organization::Model| OrganizationSlim::new(row, true).standing(row, standings.get(&row.id));
    Ok(List(mine.iter().map(one).collect()))
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
        plan_ends_at: None,
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
#[derive(Deserialize, ToSchema)]
#[schema(as = OrganizationCreate)]
pub struct Create {
    #[schema(min_length = 1, max_length = 100, pattern = r"^[a-zA-Z0-9\-_ ]+$")]
    display_name: String,
    /// Always false: a personal organization is made at the first sign-in.
    is_personal: bool,
    #[serde(default)]
    #[schema(format = Email)]
    security_contact: Option<String>,
}

/// `POST /api/v1/orgs`: a shared organization, pending until it has a plan.
pub async fn create(
    State(state): State<AppState>,
    who: Person,
    Body(body): Body<Create>,
) -> Answer<OrganizationSlim> {
    checked(check_organization_name(&body.display_name), "display_name")?;
    check_contact(body.security_contact.as_deref())?;
    if body.is_personal {
        return Err(ApiError::invalid(
            ["body", "is_personal"],
            mark!("A personal organization is made at the first sign-in; make a shared one here."),
        ));
    }
    let mut row = organization_row(body.display_name.trim(), &Tier::NoPlan, who.account, false);
    if let Some(contact) = body.security_contact {
        row.settings = json!({ "security_contact": contact });
    }
    let change = state.db.change().await?;
    let row = insert_organization(&*change, row, who.account).await?;
    change.answer(made(who, &row), OrganizationSlim::new(&row, true)).await
}

fn check_contact(contact: Option<&str>) -> Result<()> {
    match contact {
        Some(contact) if !email::is_address(contact) => {
            Err(ApiError::invalid(["body", "security_contact"], mark!("This is not an email address.")))
        }
        _ => Ok(()),
    }
}

/// `GET /api/v1/orgs/current`
pub async fn current(State(state): State<AppState>, access: OrgAccess) -> Answer<Organization> {
    let standing = standing::of(&*state.db, &access.organization).await?;
    Ok(Json(Organization::new(&access, standing.as_ref())))
}

/// `GET /api/v1/orgs/current/info`
pub async fn info(access: OrgAccess) -> Answer<OrganizationInfo> {
    Ok(Json(OrganizationInfo::new(&access)))
}

/// Checks the settings that are given.
fn check(settings: &Settings) -> Result<()> {
    check_contact(settings.security_contact.as_deref())?;
    if let Some(separator) = &settings.scim_group_name_separator
        && separator.chars().count() != 1
    {
        return Err(ApiError::invalid(
            ["body", "scim_group_name_separator"],
            mark!("This is one character."),
        ));
    }
    if let Some(audience) = &settings.llm_auth_proxy_jwt_audience {
        check_text(audience, &["body", "llm_auth_proxy_jwt_audience"], 0, 500)?;
    }
    let lists = [
        ("ip_allowlist", &settings.ip_allowlist),
        ("llm_auth_proxy_allowed_urls", &settings.llm_auth_proxy_allowed_urls),
    ];
    for (key, list) in lists {
        let items = list.as_deref().unwrap_or_default();
        if items.len() > 500 {
            return Err(ApiError::invalid(["body", key], mark!("Use at most 500 values.")));
        }
        items.iter().try_for_each(|item| check_text(item, &["body", key], 1, 500))?;
    }
    Ok(())
}

/// `PATCH /api/v1/orgs/current/info`
pub async fn update(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(body): Body<Settings>,
) -> Answer<OrganizationInfo> {
    if let Some(name) = &body.display_name {
        checked(check_organization_name(name), "display_name")?;
    }
    check(&body)?;
    let change = state.db.change().await?;
    let mut access = permit.check(&*change).await?;
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
    let id = access.organization.id;
    let entry = access.entry(Operation::UpdateOrganizationInfo).updated(&[id], before, after);
    change.answer(entry, OrganizationInfo::new(&access)).await
}

/// `GET /api/v1/orgs/current/user/login-methods`
pub async fn login_methods(State(state): State<AppState>, who: Signed) -> Answers<LoginMethod> {
    let account =
        account::Entity::find_by_id(who.own_account()?).one(&*state.db).await?.ok_or_else(no_session)?;
    Ok(List(vec![LoginMethod::new(&account)]))
}
