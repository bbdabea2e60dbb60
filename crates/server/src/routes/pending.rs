//! Invitations as the invited person sees them. Only the account with the invited address does.

use axum::extract::State;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};
use uuid::Uuid;

use super::invitations::opens;
use super::{Answer, Answers, done};
use crate::answers::organization::OrganizationSlim;
use crate::answers::people::Identity;
use crate::audit::{Draft, Operation, views};
use crate::auth::sessions::{Person, no_session};
use crate::db::entity::{account, invitation, member, organization, workspace_member};
use crate::db::{now, system_roles};
use crate::error::{ApiError, Result};
use crate::operations::describe::List;
use crate::serve::AppState;
use crate::validate::Id;
use atrium_domain::Tier;
use atrium_words::mark;

async fn address_of<C: ConnectionTrait>(connection: &C, who: Person) -> Result<String> {
    let account = account::Entity::find_by_id(who.account).one(connection).await?.ok_or_else(no_session)?;
    Ok(account.email)
}

/// `GET /api/v1/orgs/pending`
pub async fn list(State(state): State<AppState>, who: Person) -> Answers<OrganizationSlim> {
    let address = address_of(&*state.db, who).await?;
    let organizations = organization::Entity::find()
        .join(JoinType::InnerJoin, organization::Relation::Invitation.def())
        .filter(invitation::Column::Email.eq(address))
        .order_by_asc(invitation::Column::CreatedAt)
        .all(&*state.db)
        .await?;
    Ok(List(organizations.iter().map(|row| OrganizationSlim::new(row, true)).collect()))
}

async fn find<C: ConnectionTrait>(
    connection: &C,
    who: Person,
    organization: Uuid,
) -> Result<invitation::Model> {
    let address = address_of(connection, who).await?;
    invitation::Entity::find()
        .filter(invitation::Column::OrganizationId.eq(organization))
        .filter(invitation::Column::Email.eq(address))
        .one(connection)
        .await?
        .ok_or_else(|| {
            ApiError::not_found(mark!(
                "There is no invitation to this organization for you. It may have been revoked."
            ))
        })
}

/// `DELETE /api/v1/orgs/pending/{organization_id}`: declines.
pub async fn decline(State(state): State<AppState>, who: Person, Id(organization): Id) -> Answer {
    let change = state.db.change().await?;
    let found = find(&*change, who, organization).await?;
    let before = views::invitation(&found, &opens(&*change, found.id).await?);
    invitation::Entity::delete_by_id(found.id).exec(&*change).await?;
    let draft = Draft::by(who, Operation::DeletePendingOrganizationInvite, organization);
    change.answer(draft.deleted(&[found.id], before), done()).await
}

/// `POST /api/v1/orgs/pending/{organization_id}/claim`: accepts. The seat was kept when the
/// invitation was sent.
pub async fn claim(State(state): State<AppState>, who: Person, Id(id): Id) -> Answer<Identity> {
    let change = state.db.change().await?;
    let found = find(&*change, who, id).await?;
    let opens = opens(&*change, found.id).await?;
    let before = views::invitation(&found, &opens);
    let organization = organization::Entity::find_by_id(id)
        .one(&*change)
        .await?
        .ok_or_else(|| ApiError::internal("no such row"))?;
    invitation::Entity::delete_by_id(found.id).exec(&*change).await?;
    let row = member::Model {
        id: Uuid::new_v4(),
        organization_id: id,
        account_id: who.account,
        role: found.role,
        created_at: now(),
    };
    member::Entity::insert(row.clone().into_active_model()).exec_without_returning(&*change).await?;
    let role_id = found.workspace_role_id.unwrap_or_else(|| default_role(&organization));
    let memberships: Vec<_> = opens
        .into_iter()
        .map(|open| workspace_member::Model {
            id: Uuid::new_v4(),
            workspace_id: open,
            member_id: row.id,
            role_id,
            created_at: row.created_at,
        })
        .collect();
    let mut after = views::member(&row);
    after["workspaces"] = memberships.iter().map(views::workspace_member).collect();
    if !memberships.is_empty() {
        let memberships = memberships.into_iter().map(IntoActiveModel::into_active_model);
        workspace_member::Entity::insert_many(memberships).exec_without_returning(&*change).await?;
    }
    let draft = Draft::by(who, Operation::ClaimPendingOrganizationInvite, id);
    let entry = draft.became(&[found.id, row.id], before, after);
    change.answer(entry, Identity::organization(&row)).await
}

/// The workspace role that somebody is given where `read_only` is given, too. The contract has the
/// field from before there were roles: true means Viewer. False means nothing, since clients send it
/// as the default.
///
/// # Errors
/// A sentence where `read_only` and the role contradict each other.
pub fn read_only_role(
    read_only: Option<bool>,
    role: Option<Uuid>,
) -> std::result::Result<Option<Uuid>, &'static str> {
    match role {
        _ if read_only != Some(true) => Ok(role),
        None | Some(system_roles::WORKSPACE_VIEWER) => Ok(Some(system_roles::WORKSPACE_VIEWER)),
        Some(_) => {
            Err(mark!("Whoever only reads is Viewer, and this is another role. Leave one of them out."))
        }
    }
}

/// The workspace role of somebody who was given none: everybody is Admin where the plan has no
/// differing roles, and Editor where it has.
pub fn default_role(organization: &organization::Model) -> Uuid {
    if Tier::from(organization.tier.as_str()).terms().can_use_rbac {
        system_roles::WORKSPACE_EDITOR
    } else {
        system_roles::WORKSPACE_ADMIN
    }
}
