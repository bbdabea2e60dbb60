//! Roles: the system's, and an organization's own (Enterprise).

use atrium_domain::names::check_full_name;
use atrium_domain::roles::{PERMISSIONS, is_organization_permission};
use atrium_domain::wire::{Location, Role};
use atrium_domain::{OrganizationRole, WorkspaceRole};
use atrium_words::{mark, t, tn};
use axum::extract::State;
use axum::http::StatusCode;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Set,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Answer, Answers};
use crate::audit::{Operation, views};
use crate::auth::access::{EffectiveRole, OrgAccess, OrgPermit, permissions_of, workspace_roles};
use crate::auth::sessions::Person;
use crate::db::entity::{
    api_key, api_key_workspace, invitation, invitation_workspace, member, role, workspace_invitation,
    workspace_member,
};
use crate::db::{now, system_roles};
use crate::error::{ApiError, Result, field, is_duplicate, name};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::{Body, Id, check_text, checked};

/// How far holders of a role are counted: the sentence names no larger number.
const COUNTED: u64 = 100;

/// Something that a role can permit.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionResponse)]
pub struct Permission {
    name: &'static str,
    description: &'static str,
    /// `organization` or `workspace`.
    access_scope: &'static str,
}

/// `GET /api/v1/orgs/permissions`
pub async fn permissions(_who: Person) -> Answers<Permission> {
    let answer = PERMISSIONS.iter().map(|(name, description)| {
        let scope = if is_organization_permission(name) {
            system_roles::ORGANIZATION
        } else {
            system_roles::WORKSPACE
        };
        Permission { name, description, access_scope: scope }
    });
    Ok(List(answer.collect()))
}

/// `GET /api/v1/orgs/current/roles`
pub async fn list(State(state): State<AppState>, access: OrgAccess) -> Answers<Role> {
    let id = access.organization.id;
    let custom = role::Entity::find()
        .filter(role::Column::OrganizationId.eq(id))
        .order_by_asc(role::Column::CreatedAt)
        .order_by_asc(role::Column::Id)
        .all(&*state.db)
        .await?;
    Ok(List(system_roles::all().into_iter().chain(custom.iter().map(answer)).collect()))
}

fn answer(row: &role::Model) -> Role {
    Role {
        id: row.id.to_string(),
        name: row.name.clone(),
        display_name: row.display_name.clone(),
        description: row.description.clone(),
        organization_id: row.organization_id.map(|id| id.to_string()),
        permissions: permissions_of(row),
        access_scope: Some(row.access_scope.clone()),
    }
}

/// A custom role to make, or as it is to be.
#[derive(Deserialize, ToSchema)]
#[schema(as = RoleDefinition)]
pub struct Definition {
    #[schema(min_length = 1, max_length = 100)]
    display_name: String,
    #[schema(max_length = 500)]
    description: String,
    /// Permissions of a workspace.
    #[schema(min_items = 1)]
    permissions: Vec<String>,
}

impl Definition {
    fn check(&mut self) -> Result<()> {
        checked(check_full_name(&self.display_name), "display_name")?;
        check_text(&self.description, &["body", "description"], 0, 500)?;
        if self.permissions.is_empty() {
            return Err(ApiError::invalid(["body", "permissions"], mark!("Choose at least one permission.")));
        }
        for (index, permission) in self.permissions.iter().enumerate() {
            let known = PERMISSIONS.iter().any(|(name, _)| name == permission);
            if !known || is_organization_permission(permission) {
                let loc = vec![name("body"), name("permissions"), Location::Index(index as u64)];
                let refused = field(loc, mark!("This is no permission of a workspace."));
                return Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![refused]));
            }
        }
        self.display_name = self.display_name.trim().to_owned();
        self.permissions.sort();
        self.permissions.dedup();
        let system = system_roles::workspace_roles();
        if system.iter().any(|(_, role)| role.label().eq_ignore_ascii_case(&self.display_name)) {
            return Err(self.taken());
        }
        Ok(())
    }

    fn taken(&self) -> ApiError {
        ApiError::conflict(t!("There is a role named {name} already.", name = self.display_name))
    }
}

/// `POST /api/v1/orgs/current/roles`
pub async fn create(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(mut body): Body<Definition>,
) -> Answer<Role> {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.organization.id;
    body.check()?;
    let row = role::Model {
        id: Uuid::new_v4(),
        organization_id: Some(id),
        name: WorkspaceRole::Custom.as_str().to_owned(),
        name_key: body.display_name.to_lowercase(),
        display_name: body.display_name.clone(),
        description: body.description.trim().to_owned(),
        permissions: json!(body.permissions),
        access_scope: system_roles::WORKSPACE.to_owned(),
        created_at: now(),
    };
    match role::Entity::insert(row.clone().into_active_model()).exec_without_returning(&*change).await {
        Err(error) if is_duplicate(&error) => return Err(body.taken()),
        inserted => inserted?,
    };
    let entry = access.entry(Operation::CreateRole).created(&[row.id], views::role(&row));
    change.answer(entry, answer(&row)).await
}

/// `PATCH /api/v1/orgs/current/roles/{role_id}`
pub async fn update(
    State(state): State<AppState>,
    permit: OrgPermit,
    Id(role_id): Id,
    Body(mut body): Body<Definition>,
) -> Answer<Role> {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.organization.id;
    let found = custom(&*change, id, role_id).await?;
    let given = body.permissions.clone();
    body.check()?;
    may_widen(&*change, &access, &found, &given).await?;
    let before = views::role(&found);
    let mut row = found.into_active_model();
    row.display_name = Set(body.display_name.clone());
    row.name_key = Set(body.display_name.to_lowercase());
    row.description = Set(body.description.trim().to_owned());
    row.permissions = Set(json!(body.permissions));
    let saved = match row.update(&*change).await {
        Err(error) if is_duplicate(&error) => return Err(body.taken()),
        saved => saved?,
    };
    let entry = access.entry(Operation::UpdateRole).updated(&[role_id], before, views::role(&saved));
    change.answer(entry, answer(&saved)).await
}

/// Whether the caller may let a role permit this: what is new in it reaches everybody who has it, in
/// the workspaces where they have it, the caller included.
///
/// # Errors
/// 403 that names each permission that the caller lacks in one of these workspaces.
async fn may_widen<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    found: &role::Model,
    given: &[String],
) -> Result<()> {
    let before = permissions_of(found);
    let is_new = |permission: &String| !before.contains(permission);
    if access.caller.role == OrganizationRole::Admin || !given.iter().any(is_new) {
        return Ok(());
    }
    let (workspaces, everywhere) = reach(connection, found.id).await?;
    let own = workspace_roles(connection, access, &workspaces).await?;
    let own = |id: &Uuid| own.get(id).map(|own| own.permissions.as_slice());
    // What reaches every workspace reaches those that will be made as well.
    let own: Vec<_> = workspaces.iter().map(own).chain(everywhere.then_some(None)).collect();
    let refused = given.iter().enumerate().filter(|(_, permission)| is_new(permission));
    let refused = refused.filter_map(|(index, permission)| {
        let denied = access.caller.may_widen(&own, permission).err()?;
        Some(field(vec![name("body"), name("permissions"), Location::Index(index as u64)], denied.0))
    });
    let refused: Vec<_> = refused.collect();
    if refused.is_empty() { Ok(()) } else { Err(ApiError::fields(StatusCode::FORBIDDEN, refused)) }
}

/// Where a role is held: the workspaces in which members have it, or will have it once they accept,
/// or service keys, and whether a key of the whole organization has it. An invitation with the role
/// that opens no workspace gives nothing; whoever lets it open one is asked then.
async fn reach<C: ConnectionTrait>(connection: &C, role: Uuid) -> Result<(Vec<Uuid>, bool)> {
    let members = workspace_member::Entity::find()
        .filter(workspace_member::Column::RoleId.eq(role))
        .select_only()
        .column(workspace_member::Column::WorkspaceId)
        .distinct();
    let inside = workspace_invitation::Entity::find()
        .filter(workspace_invitation::Column::RoleId.eq(role))
        .select_only()
        .column(workspace_invitation::Column::WorkspaceId)
        .distinct();
    let invited = invitation_workspace::Entity::find()
        .join(JoinType::InnerJoin, invitation_workspace::Relation::Invitation.def())
        .filter(invitation::Column::WorkspaceRoleId.eq(role))
        .select_only()
        .column(invitation_workspace::Column::WorkspaceId)
        .distinct();
    let with_role = api_key::Entity::find().filter(api_key::Column::RoleId.eq(role));
    let of_organization = with_role.clone().filter(api_key::Column::OrganizationRole.is_not_null());
    let of_keys = api_key_workspace::Entity::find()
        .filter(
            api_key_workspace::Column::ApiKeyId
                .in_subquery(with_role.select_only().column(api_key::Column::Id).into_query()),
        )
        .select_only()
        .column(api_key_workspace::Column::WorkspaceId)
        .distinct();
    let mut workspaces: Vec<Uuid> = members.into_tuple().all(connection).await?;
    workspaces.extend(inside.into_tuple::<Uuid>().all(connection).await?);
    workspaces.extend(invited.into_tuple::<Uuid>().all(connection).await?);
    workspaces.extend(of_keys.into_tuple::<Uuid>().all(connection).await?);
    workspaces.sort();
    workspaces.dedup();
    Ok((workspaces, of_organization.count(connection).await? > 0))
}

/// `DELETE /api/v1/orgs/current/roles/{role_id}`. A role that somebody has stays: nobody's rights
/// change by surprise. Where an Organization Admin was added to a workspace with it, that gave
/// nothing, and nobody can change it: such a membership goes with the role that an Organization Admin
/// deletes.
pub async fn remove(State(state): State<AppState>, permit: OrgPermit, Id(role_id): Id) -> Answer<Role> {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.organization.id;
    let found = custom(&*change, id, role_id).await?;
    let mut idle = Vec::new();
    // Operators touch no Admin, and such a membership counts again once its Admin is one no more.
    if access.caller.role == OrganizationRole::Admin {
        let admins = member::Entity::find()
            .filter(member::Column::OrganizationId.eq(id))
            .filter(member::Column::Role.eq(OrganizationRole::Admin.as_str()))
            .select_only()
            .column(member::Column::Id)
            .into_query();
        let of_admins = Condition::all()
            .add(workspace_member::Column::RoleId.eq(role_id))
            .add(workspace_member::Column::MemberId.in_subquery(admins));
        idle = workspace_member::Entity::find().filter(of_admins.clone()).all(&*change).await?;
        workspace_member::Entity::delete_many().filter(of_admins).exec(&*change).await?;
    }
    if let Some(held) = held(holders(&*change, role_id).await?, &found.display_name) {
        return Err(ApiError::conflict(format!("{held} {}", t!("Give them another role first."))));
    }
    role::Entity::delete_by_id(role_id).exec(&*change).await?;
    let mut before = views::role(&found);
    if !idle.is_empty() {
        before["memberships"] = idle.iter().map(views::workspace_member).collect();
    }
    let entry = access.entry(Operation::DeleteRole).deleted(&[role_id], before);
    change.answer(entry, answer(&found)).await
}

/// How many have a role: members, those who will have it once they accept, and service keys. Each is
/// counted no further than to one more than [`COUNTED`].
async fn holders<C: ConnectionTrait>(
    connection: &C,
    role: Uuid,
) -> std::result::Result<[u64; 3], sea_orm::DbErr> {
    macro_rules! count {
        ($table:ident, $role:ident) => {{
            let some = $table::Entity::find().filter($table::Column::$role.eq(role)).limit(COUNTED + 1);
            let ids: Vec<Uuid> =
                some.select_only().column($table::Column::Id).into_tuple().all(connection).await?;
            ids.len() as u64
        }};
    }
    Ok([
        count!(workspace_member, RoleId),
        count!(invitation, WorkspaceRoleId) + count!(workspace_invitation, RoleId),
        count!(api_key, RoleId),
    ])
}

/// Who has the role `name`, as a sentence, by the numbers of [`holders`]. `None` where nobody does.
fn held(counts: [u64; 3], name: &str) -> Option<String> {
    let all: u64 = counts.iter().sum();
    let [members, invitations, keys] = counts.map(|count| count.min(COUNTED));
    let words = [
        tn!(members, "{count} membership", "{count} memberships"),
        tn!(invitations, "{count} invitation", "{count} invitations"),
        tn!(keys, "{count} service key", "{count} service keys"),
    ];
    // With whether there are more.
    let there = counts.into_iter().zip(words).filter(|(count, _)| *count > 0);
    let there: Vec<(bool, String)> = there.map(|(count, words)| (count > COUNTED, words)).collect();
    // A sentence for each, so that a language can put its words as it has to.
    Some(match there.as_slice() {
        [(false, held)] => {
            tn!(all, "{held} has the role {name}.", "{held} have the role {name}.", held, name)
        }
        [(true, held)] => t!("More than {held} have the role {name}.", held, name),
        [(false, a), (false, b)] => t!("{a} and {b} have the role {name}.", a, b, name),
        [(false, a), (true, b)] => t!("{a} and more than {b} have the role {name}.", a, b, name),
        [(true, a), (false, b)] => t!("More than {a} and {b} have the role {name}.", a, b, name),
        [(true, a), (true, b)] => t!("More than {a} and more than {b} have the role {name}.", a, b, name),
        [(false, a), (false, b), (false, c)] => {
            t!("{a} and {b} and {c} have the role {name}.", a, b, c, name)
        }
        [(false, a), (false, b), (true, c)] => {
            t!("{a} and {b} and more than {c} have the role {name}.", a, b, c, name)
        }
        [(false, a), (true, b), (false, c)] => {
            t!("{a} and more than {b} and {c} have the role {name}.", a, b, c, name)
        }
        [(false, a), (true, b), (true, c)] => {
            t!("{a} and more than {b} and more than {c} have the role {name}.", a, b, c, name)
        }
        [(true, a), (false, b), (false, c)] => {
            t!("More than {a} and {b} and {c} have the role {name}.", a, b, c, name)
        }
        [(true, a), (false, b), (true, c)] => {
            t!("More than {a} and {b} and more than {c} have the role {name}.", a, b, c, name)
        }
        [(true, a), (true, b), (false, c)] => {
            t!("More than {a} and more than {b} and {c} have the role {name}.", a, b, c, name)
        }
        [(true, a), (true, b), (true, c)] => {
            t!("More than {a} and more than {b} and more than {c} have the role {name}.", a, b, c, name)
        }
        _ => return None,
    })
}

/// The organization's own role of an id.
async fn custom<C: ConnectionTrait>(connection: &C, organization: Uuid, id: Uuid) -> Result<role::Model> {
    let id_text = id.to_string();
    if system_roles::all().iter().any(|role| role.id == id_text) {
        return Err(ApiError::forbidden(mark!("System roles cannot be changed or deleted.")));
    }
    role::Entity::find_by_id(id)
        .filter(role::Column::OrganizationId.eq(organization))
        .one(connection)
        .await?
        .ok_or_else(|| ApiError::not_found(mark!("There is no such role in this organization.")))
}

/// The workspace role of an id, if the organization can give it.
///
/// # Errors
/// 422 for any other id.
pub async fn workspace_role<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
    id: Uuid,
) -> Result<(role::Model, EffectiveRole)> {
    let found = role::Entity::find_by_id(id).one(connection).await?;
    match found.filter(|row| row.organization_id.is_none_or(|owner| owner == organization)) {
        Some(row) => {
            let role = EffectiveRole::of(&row);
            Ok((row, role))
        }
        None => Err(ApiError::invalid(
            ["body", "role_id"],
            mark!("This is no workspace role of the organization."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_a_role_is_told_in_a_sentence() {
        for (counts, sentence) in [
            ([1, 0, 0], "1 membership has the role X."),
            ([0, 0, 2], "2 service keys have the role X."),
            ([0, 101, 0], "More than 100 invitations have the role X."),
            ([1, 1, 0], "1 membership and 1 invitation have the role X."),
            ([100, 0, 200], "100 memberships and more than 100 service keys have the role X."),
            ([101, 2, 0], "More than 100 memberships and 2 invitations have the role X."),
            ([101, 202, 0], "More than 100 memberships and more than 100 invitations have the role X."),
            ([3, 2, 1], "3 memberships and 2 invitations and 1 service key have the role X."),
            (
                [101, 1, 101],
                "More than 100 memberships and 1 invitation and more than 100 service keys have the role X.",
            ),
        ] {
            assert_eq!(held(counts, "X").as_deref(), Some(sentence));
        }
        assert_eq!(held([0; 3], "X"), None);
    }
}
