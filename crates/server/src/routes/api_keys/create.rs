//! Making keys: what may be asked for, checked.

use atrium_domain::keys::{MAX_DESCRIPTION, check_expiry};
use atrium_domain::{Action, KeyKind, OrganizationRole};
use atrium_words::{mark, t};
use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{answer, entry};
use crate::answers::keys::MadeKey;
use crate::audit::{Operation, views};
use crate::auth::access::{OrgAccess, PlacePermit, key_reach, workspace_roles};
use crate::auth::keys::{NewKey, mint};
use crate::db::entity::{api_key, api_key_workspace};
use crate::db::{now, system_roles};
use crate::error::{ApiError, Result};
use crate::routes::Answer;
use crate::routes::members::workspace_ids;
use crate::routes::roles::workspace_role;
use crate::serve::AppState;
use crate::validate::{check_text, checked};

/// Most workspaces that a key opens.
const MOST_WORKSPACES: usize = 500;

/// A key to make.
#[derive(Deserialize, Default, ToSchema)]
#[schema(as = APIKeyCreateRequest)]
pub struct Wanted {
    #[serde(default)]
    #[schema(max_length = 200)]
    description: Option<String>,
    #[serde(default)]
    read_only: bool,
    expires_at: Option<DateTime<Utc>>,
    workspaces: Option<Vec<Uuid>>,
    role_id: Option<Uuid>,
    org_role_id: Option<Uuid>,
    default_workspace_id: Option<Uuid>,
}

impl Wanted {
    /// Checks what stands for itself, before anything is looked up.
    fn check(&self) -> Result<()> {
        check_text(
            self.description.as_deref().unwrap_or_default(),
            &["body", "description"],
            0,
            MAX_DESCRIPTION,
        )?;
        // A leap beyond what a database's timestamp holds is a slip of the pen.
        if self.expires_at.is_some_and(|end| end.timestamp() > 253_402_300_799) {
            return Err(ApiError::invalid(["body", "expires_at"], mark!("This is after the year 9999.")));
        }
        Ok(())
    }

    fn row(&self, kind: KeyKind, access: &OrgAccess, new: &NewKey) -> api_key::Model {
        api_key::Model {
            id: Uuid::new_v4(),
            organization_id: access.organization.id,
            kind: kind.as_str().to_owned(),
            member_id: None,
            hash: new.hash.clone(),
            short_key: new.short_key.clone(),
            // The contract's default.
            description: self.description.as_deref().unwrap_or("Default API key").trim().to_owned(),
            read_only: self.read_only,
            organization_role: None,
            role_id: None,
            default_workspace_id: None,
            created_at: now(),
            expires_at: self.expires_at.map(|end| end.trunc_subsecs(6)),
            last_used_at: None,
        }
    }
}

/// A setting of the organization that bounds the life of keys, in days: the smaller one of the
/// general bound and that of the kind.
fn most_days(access: &OrgAccess, kind: KeyKind) -> Option<u32> {
    let own = match kind {
        KeyKind::Personal => "max_pat_expiry_days",
        KeyKind::Service => "max_service_key_expiry_days",
    };
    let days = |key: &str| access.organization.settings.get(key).and_then(serde_json::Value::as_u64);
    let least = days(own).into_iter().chain(days("max_api_key_expiry_days")).min();
    least.map(|days| u32::try_from(days).unwrap_or(u32::MAX))
}

fn check_end(wanted: &Wanted, access: &OrgAccess, kind: KeyKind) -> Result<()> {
    let micros = |moment: DateTime<Utc>| moment.timestamp_micros();
    let maker_ends = access.who.key.and_then(|key| key.expires_at).map(micros);
    let ends = wanted.expires_at.map(micros);
    checked(check_expiry(micros(now()), ends, most_days(access, kind), maker_ends), "expires_at")
}

/// Saves a key with the workspaces that it opens.
async fn save<C: ConnectionTrait>(connection: &C, row: &api_key::Model, opens: &[Uuid]) -> Result<()> {
    api_key::Entity::insert(row.clone().into_active_model()).exec_without_returning(connection).await?;
    if !opens.is_empty() {
        let opens = opens
            .iter()
            .map(|workspace| api_key_workspace::Model { api_key_id: row.id, workspace_id: *workspace })
            .map(IntoActiveModel::into_active_model);
        api_key_workspace::Entity::insert_many(opens).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// Makes a service key: of the workspaces that are named, of the workspace where this happens, or,
/// with a role in it, of the organization.
pub async fn service(state: &AppState, permit: &PlacePermit, wanted: Wanted) -> Answer<MadeKey> {
    wanted.check()?;
    let change = state.db.change().await?;
    let (access, here) = permit.check(&*change).await?;
    let draft = entry(&access, Operation::CreateServiceKey, here.as_ref());
    let here = here.map(|workspace| workspace.id);
    let mut opens = match (&wanted.workspaces, here) {
        _ if wanted.org_role_id.is_some() => Vec::new(),
        (Some(named), _) => named.clone(),
        (None, Some(here)) => vec![here],
        (None, None) => Vec::new(),
    };
    opens.sort();
    opens.dedup();
    let of_workspaces = wanted.org_role_id.is_none().then_some(opens.as_slice());
    // The rules come first: somebody who may not make keys learns nothing about workspaces.
    let reach = key_reach(&*change, &access, of_workspaces).await?;
    access.may(&Action::CreateServiceKey(reach))?;
    let all = workspace_ids(&*change, access.organization.id).await?;
    let new = mint(KeyKind::Service)?;
    let mut row = wanted.row(KeyKind::Service, &access, &new);
    match wanted.org_role_id {
        Some(role) => {
            if wanted.workspaces.is_some() {
                return Err(ApiError::invalid(
                    ["body", "workspaces"],
                    mark!(
                        "A key is the organization's, with a role in it, or that of some workspaces: leave one out."
                    ),
                ));
            }
            row.organization_role = Some(organization_role(&access, role)?.as_str().to_owned());
        }
        None if opens.is_empty() || opens.len() > MOST_WORKSPACES => {
            let sentence =
                t!("Name 1 to {most} workspaces, or one with X-Tenant-Id.", most = MOST_WORKSPACES);
            return Err(ApiError::invalid(["body", "workspaces"], sentence));
        }
        None if !opens.iter().all(|id| all.contains(id)) => {
            return Err(ApiError::invalid(
                ["body", "workspaces"],
                mark!("This is no workspace of the organization."),
            ));
        }
        None => {}
    }
    row.role_id = role_in_workspaces(&*change, &access, &wanted, &row).await?;
    row.default_workspace_id = match wanted.default_workspace_id {
        Some(id) if opens.contains(&id) || (row.organization_role.is_some() && all.contains(&id)) => Some(id),
        Some(_) => {
            return Err(ApiError::invalid(
                ["body", "default_workspace_id"],
                mark!("This is no workspace of the key."),
            ));
        }
        None => here.filter(|id| opens.contains(id)).or((opens.len() == 1).then(|| opens[0])),
    };
    check_end(&wanted, &access, KeyKind::Service)?;
    save(&*change, &row, &opens).await?;
    let entry = draft.created(&[row.id], views::api_key(&row, &opens));
    let made = MadeKey::new(answer(&*change, &access, row).await?, new.secret);
    change.answer_once(entry, made).await
}

fn organization_role(access: &OrgAccess, id: Uuid) -> Result<OrganizationRole> {
    let refuse = |sentence: &str| ApiError::invalid(["body", "org_role_id"], sentence);
    let role = system_roles::organization_role(id)
        .ok_or_else(|| refuse(mark!("This is no role of an organization.")))?;
    if access.caller.offered_roles().contains(&role) {
        Ok(role)
    } else {
        Err(refuse(mark!("On a plan with a single workspace there is the Organization Admin only.")))
    }
}

/// The workspace role of a new service key: Admin for the key of workspaces, none for that of the
/// organization, where no other is asked for.
async fn role_in_workspaces<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    wanted: &Wanted,
    row: &api_key::Model,
) -> Result<Option<Uuid>> {
    let Some(id) = wanted.role_id else {
        return Ok(row.organization_role.is_none().then_some(system_roles::WORKSPACE_ADMIN));
    };
    if id == system_roles::WORKSPACE_ADMIN {
        return Ok(Some(id));
    }
    if row.organization_role.as_deref() == Some(OrganizationRole::Admin.as_str()) {
        return Err(ApiError::invalid(
            ["body", "role_id"],
            mark!("An Organization Admin is Admin of every workspace: leave this out."),
        ));
    }
    access.may(&Action::AssignWorkspaceRoles)?;
    workspace_role(connection, access.organization.id, id).await?;
    Ok(Some(id))
}

/// Makes a personal token of the caller for the organization.
pub async fn token(state: &AppState, permit: &PlacePermit, wanted: Wanted) -> Answer<MadeKey> {
    wanted.check()?;
    let change = state.db.change().await?;
    let (access, here) = permit.check(&*change).await?;
    let draft = entry(&access, Operation::CreatePersonalAccessToken, here.as_ref());
    if access.organization.settings.get("pat_creation_disabled") == Some(&true.into()) {
        return Err(ApiError::forbidden(mark!(
            "Personal tokens are switched off in this organization's settings."
        )));
    }
    let own = [
        ("workspaces", wanted.workspaces.is_some()),
        ("role_id", wanted.role_id.is_some()),
        ("org_role_id", wanted.org_role_id.is_some()),
    ];
    if let Some((key, _)) = own.into_iter().find(|(_, given)| *given) {
        let sentence = mark!("A personal token acts with its owner's roles: leave this out.");
        return Err(ApiError::invalid(["body", key], sentence));
    }
    let all = workspace_ids(&*change, access.organization.id).await?;
    let inside = workspace_roles(&*change, &access, &all).await?;
    let new = mint(KeyKind::Personal)?;
    let mut row = wanted.row(KeyKind::Personal, &access, &new);
    row.member_id = access.member.as_ref().map(|member| member.id);
    row.default_workspace_id = match wanted.default_workspace_id {
        Some(id) if inside.contains_key(&id) => Some(id),
        Some(_) => {
            return Err(ApiError::invalid(
                ["body", "default_workspace_id"],
                mark!("This is no workspace that you can enter."),
            ));
        }
        None => here.map(|here| here.id).or_else(|| all.into_iter().find(|id| inside.contains_key(id))),
    };
    check_end(&wanted, &access, KeyKind::Personal)?;
    save(&*change, &row, &[]).await?;
    let entry = draft.created(&[row.id], views::api_key(&row, &[]));
    let made = MadeKey::new(answer(&*change, &access, row).await?, new.secret);
    change.answer_once(entry, made).await
}
