//! The end of an organization: what ends with it, told before it is deleted, and deleting it (Atrium's
//! own).

use std::collections::HashMap;

use atrium_domain::{Action, KeyKind};
use atrium_words::mark;
use axum::Json;
use axum::extract::State;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::{Answer, done};
use crate::answers::ends::{OrganizationEnds, WorkspaceThatEnds};
use crate::audit::{Operation, views};
use crate::auth::access::{OrgAccess, OrgPermit};
use crate::billing::{outbox, standing};
use crate::db::entity::{
    api_key, invitation, member, organization, resource, role, stripe_account, workspace,
};
use crate::db::seats::taken;
use crate::error::{ApiError, Result};
use crate::serve::AppState;
use crate::validate::{Asked, FromQuery, Params};

/// `GET /api/v1/orgs/current/ends`
pub async fn ends(State(state): State<AppState>, access: OrgAccess) -> Answer<OrganizationEnds> {
    let db = &*state.db;
    let id = access.organization.id;
    let standing = standing::of(db, &access.organization).await?;
    let taken = taken(db, id).await?;
    let of_kind = |kind: KeyKind| {
        api_key::Entity::find()
            .filter(api_key::Column::OrganizationId.eq(id))
            .filter(api_key::Column::Kind.eq(kind.as_str()))
            .count(db)
    };
    let custom_roles = role::Entity::find().filter(role::Column::OrganizationId.eq(id)).count(db).await?;
    let pays = match &standing {
        // There is a period only while there is a subscription.
        Some(standing) if standing.stripe => {
            standing.period_end.is_some() && access.organization.plan_ends_at.is_none()
        }
        // What was arranged with people is not ended here.
        _ => access.tier().is_self_service() && access.organization.payment_method.is_some(),
    };
    Ok(Json(OrganizationEnds {
        members: taken.members,
        invitations: taken.invitations,
        workspaces: workspaces(db, id).await?,
        personal_tokens: of_kind(KeyKind::Personal).await?,
        service_keys: of_kind(KeyKind::Service).await?,
        custom_roles,
        subscription: pays.then(|| access.tier().clone()),
        end_of_billing_period: standing.and_then(|standing| standing.period_end).map(crate::answers::Time),
    }))
}

/// The workspaces with what each holds, the oldest first.
async fn workspaces<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
) -> std::result::Result<Vec<WorkspaceThatEnds>, DbErr> {
    let all = workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(organization))
        .order_by_asc(workspace::Column::CreatedAt)
        .order_by_asc(workspace::Column::Id)
        .all(connection)
        .await?;
    let counted: Vec<(Uuid, String, i64)> = resource::Entity::find()
        .filter(resource::Column::WorkspaceId.in_subquery(ids(organization)))
        .select_only()
        .column(resource::Column::WorkspaceId)
        .column(resource::Column::Kind)
        .column_as(resource::Column::Id.count(), "count")
        .group_by(resource::Column::WorkspaceId)
        .group_by(resource::Column::Kind)
        .into_tuple()
        .all(connection)
        .await?;
    let mut counts: HashMap<Uuid, HashMap<String, i64>> = HashMap::new();
    for (workspace, kind, count) in counted {
        counts.entry(workspace).or_default().insert(kind, count);
    }
    let one = |row: workspace::Model| {
        let held = counts.remove(&row.id).unwrap_or_default();
        WorkspaceThatEnds::new(row.id, row.display_name, &held)
    };
    Ok(all.into_iter().map(one).collect())
}

/// The ids of an organization's workspaces, as a part of a query.
fn ids(organization: Uuid) -> sea_orm::sea_query::SelectStatement {
    use sea_orm::QueryTrait;
    workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(organization))
        .select_only()
        .column(workspace::Column::Id)
        .into_query()
}

/// The name of what is deleted, so that nobody deletes another organization than the one meant.
pub struct Named(String);

impl FromQuery for Named {
    fn read(params: &Params) -> Result<Self> {
        let given = params.text("name")?.map(str::to_owned);
        given
            .map(Self)
            .ok_or_else(|| ApiError::invalid(["query", "name"], mark!("Give the organization's name.")))
    }
}

/// `DELETE /api/v1/orgs/current?name=…`: with its workspaces and all that is in them, its members,
/// invitations, roles and keys. Its subscription ends at once, before it is gone: where that fails,
/// nothing is deleted. Its customer at Stripe goes after it, however long that takes. Its entries of the
/// audit log stay with the database, where operators find them.
pub async fn delete(
    State(state): State<AppState>,
    permit: OrgPermit,
    Asked(Named(name)): Asked<Named>,
) -> Answer {
    let check = |access: &OrgAccess| {
        access.may(&Action::DeleteOrganization)?;
        let wanted = access.organization.display_name.as_str();
        if name.trim() == wanted.trim() {
            return Ok(());
        }
        let sentence = mark!(
            "This is not the organization's name. Give it just as it is written, so that no other is deleted."
        );
        Err(ApiError::invalid(["query", "name"], sentence))
    };
    check(&permit.check(&*state.db).await?)?;
    let id = permit.organization();
    let receipt = state.billing.end_at_once(id).await?;
    let answered = async {
        let change = state.db.change().await?;
        let access = permit.check(&*change).await?;
        check(&access)?;
        let taken = taken(&*change, id).await?;
        let mut before = views::organization(&access.organization);
        let workspaces = workspaces(&*change, id).await?;
        before["members"] = json!(taken.members);
        before["invitations"] = json!(taken.invitations);
        before["workspaces"] = json!(workspaces);
        state.billing.record(&change, &receipt).await?;
        outbox::customer_ends(&*change, id).await?;
        erase(&*change, id).await?;
        let entry = access.entry(Operation::DeleteOrganization).deleted(&[id], before);
        change.answer(entry, done()).await
    };
    let answered = answered.await;
    state.billing.close(receipt, answered.is_ok()).await?;
    answered
}

/// Takes an organization out of the database. What refers to roles goes before them: a role cannot go
/// while somebody has it.
async fn erase<C: ConnectionTrait>(connection: &C, id: Uuid) -> std::result::Result<(), DbErr> {
    api_key::Entity::delete_many().filter(api_key::Column::OrganizationId.eq(id)).exec(connection).await?;
    invitation::Entity::delete_many()
        .filter(invitation::Column::OrganizationId.eq(id))
        .exec(connection)
        .await?;
    workspace::Entity::delete_many()
        .filter(workspace::Column::OrganizationId.eq(id))
        .exec(connection)
        .await?;
    member::Entity::delete_many().filter(member::Column::OrganizationId.eq(id)).exec(connection).await?;
    stripe_account::Entity::delete_by_id(id).exec(connection).await?;
    organization::Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}
