//! Members who were removed: kept for 30 days with what they had, listed, and brought back
//! (Atrium's own).

use std::collections::HashMap;

use atrium_domain::access::INVITES_OFF;
use atrium_domain::{Action, Denied, OrganizationRole};
use atrium_words::t;
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};
use serde_json::json;
use uuid::Uuid;

use super::Answer;
use super::invitations::{invites_enabled, seats};
use super::members::{PAGE, workspace_names};
use super::workspace_members::roles;
use crate::answers::ends::{LeftOut, RemovedMember, RemovedRow, Restored};
use crate::audit::{Operation, views};
use crate::auth::access::{EffectiveRole, OrgAccess, OrgPermit, working_role, workspace_roles};
use crate::db::entity::{
    account, invitation, member, removed_member, removed_workspace, role, workspace_member,
};
use crate::db::{Db, now};
use crate::error::{ApiError, Result};
use crate::operations::describe::Page;
use crate::serve::AppState;
use crate::sweep::delete_until;
use crate::validate::{Asked, FromQuery, Id, Params, contains};

/// For how many days a removed member can be brought back.
pub const KEPT_DAYS: i64 = 30;

/// Who was removed then or before is no longer kept.
fn kept_since() -> DateTime<Utc> {
    now() - TimeDelta::days(KEPT_DAYS)
}

/// Forgets what was kept of somebody's earlier membership. Whoever leaves has no other kept either:
/// nobody is put back into an organization without being asked.
///
/// # Errors
/// Whatever the database says.
pub async fn forget<C: ConnectionTrait>(
    connection: &C,
    target: &member::Model,
) -> std::result::Result<(), DbErr> {
    let earlier = removed_member::Entity::delete_many()
        .filter(removed_member::Column::OrganizationId.eq(target.organization_id))
        .filter(removed_member::Column::AccountId.eq(target.account_id));
    earlier.exec(connection).await.map(drop)
}

/// Keeps what a member has who is about to be removed, in the place of what was kept earlier.
///
/// # Errors
/// Whatever the database says.
pub async fn keep<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    target: &member::Model,
    held: &[workspace_member::Model],
) -> std::result::Result<(), DbErr> {
    forget(connection, target).await?;
    let row = removed_member::Model {
        id: target.id,
        organization_id: target.organization_id,
        account_id: target.account_id,
        role: target.role.clone(),
        joined_at: target.created_at,
        removed_at: now(),
        removed_by: access.who.account,
    };
    removed_member::Entity::insert(row.into_active_model()).exec_without_returning(connection).await?;
    if held.is_empty() {
        return Ok(());
    }
    let known = roles(connection, target.organization_id).await?;
    let names = workspace_names(connection, target.organization_id).await?;
    let rows = held.iter().map(|one| removed_workspace::Model {
        removed_id: target.id,
        workspace_id: one.workspace_id,
        membership_id: one.id,
        role_id: one.role_id,
        workspace_name: names.get(&one.workspace_id).cloned().unwrap_or_default(),
        role_name: known.get(&one.role_id).map(|row| EffectiveRole::of(row).label).unwrap_or_default(),
        added_at: one.created_at,
    });
    let rows: Vec<_> = rows.map(IntoActiveModel::into_active_model).collect();
    for some in rows.chunks(1000) {
        removed_workspace::Entity::insert_many(some.to_vec()).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// What can be asked of the list.
pub struct Wanted {
    limit: u64,
    offset: u64,
    text: Option<String>,
    role: Option<&'static str>,
    workspace: Option<Uuid>,
    by: &'static str,
    order: Order,
}

/// What the list can be sorted by.
const SORTS: &[&str] = &["removed_at", "email", "name", "role", "created_at"];

impl FromQuery for Wanted {
    fn read(params: &Params) -> Result<Self> {
        let (limit, offset) = params.page(PAGE.0, PAGE.1)?;
        let known: Vec<_> = OrganizationRole::KNOWN.iter().map(OrganizationRole::as_str).collect();
        Ok(Self {
            limit,
            offset,
            text: params.text("q")?.map(str::to_owned),
            role: params.optional_word("organization_role", &known)?,
            workspace: params.id("workspace_id")?,
            by: params.word("sort_by", SORTS, "removed_at")?,
            order: params.direction()?,
        })
    }
}

impl Wanted {
    /// Those who were asked for. Somebody who is a member again is not among them.
    fn select(&self, organization: Uuid) -> Select<removed_member::Entity> {
        let again = member::Entity::find()
            .filter(member::Column::OrganizationId.eq(organization))
            .filter(
                Expr::col((member::Entity, member::Column::AccountId))
                    .equals((removed_member::Entity, removed_member::Column::AccountId)),
            )
            .select_only()
            .column(member::Column::Id)
            .into_query();
        let mut found = removed_member::Entity::find()
            .join(JoinType::InnerJoin, removed_member::Relation::Account.def())
            .filter(removed_member::Column::OrganizationId.eq(organization))
            .filter(removed_member::Column::RemovedAt.gt(kept_since()))
            .filter(Expr::exists(again).not());
        if let Some(text) = &self.text {
            let text = contains(text);
            let either = Condition::any()
                .add(account::Column::Email.like(text.clone()))
                .add(account::Column::NameKey.like(text));
            found = found.filter(either);
        }
        if let Some(role) = self.role {
            found = found.filter(removed_member::Column::Role.eq(role));
        }
        if let Some(workspace) = self.workspace {
            let inside = removed_workspace::Entity::find()
                .filter(removed_workspace::Column::WorkspaceId.eq(workspace))
                .select_only()
                .column(removed_workspace::Column::RemovedId)
                .into_query();
            let either = Condition::any()
                .add(removed_member::Column::Id.in_subquery(inside))
                .add(removed_member::Column::Role.eq(OrganizationRole::Admin.as_str()));
            found = found.filter(either);
        }
        found
    }
}

/// `GET /api/v1/orgs/current/members/removed`: those who can be brought back, newest first.
pub async fn list(
    State(state): State<AppState>,
    access: OrgAccess,
    Asked(asked): Asked<Wanted>,
) -> Result<Page<RemovedMember>> {
    let db = &*state.db;
    let organization = access.organization.id;
    if let Some(workspace) = asked.workspace
        && !workspace_names(db, organization).await?.contains_key(&workspace)
    {
        return Ok(Page { rows: Vec::new(), total: 0 });
    }
    let found = asked.select(organization);
    let total = found.clone().count(db).await?;
    let columns = found
        .select_only()
        .columns([
            removed_member::Column::Id,
            removed_member::Column::Role,
            removed_member::Column::JoinedAt,
            removed_member::Column::RemovedAt,
            removed_member::Column::RemovedBy,
        ])
        .columns([account::Column::Email, account::Column::FullName, account::Column::IsDisabled]);
    let order = asked.order;
    let sorted = match asked.by {
        "email" => columns.order_by(account::Column::Email, order.clone()),
        "name" => columns.order_by(account::Column::NameKey, order.clone()),
        "role" => columns.order_by(removed_member::Column::Role, order.clone()),
        "created_at" => columns.order_by(removed_member::Column::JoinedAt, order.clone()),
        _ => columns.order_by(removed_member::Column::RemovedAt, order.clone()),
    };
    let rows: Vec<RemovedRow> = sorted
        .order_by(removed_member::Column::Id, order)
        .limit(asked.limit)
        .offset(asked.offset)
        .into_model()
        .all(db)
        .await?;
    let mut held = held(db, rows.iter().map(|row| row.id)).await?;
    let who: Vec<(Uuid, String)> = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.removed_by)))
        .select_only()
        .columns([account::Column::Id, account::Column::Email])
        .into_tuple()
        .all(db)
        .await?;
    let who: HashMap<Uuid, String> = who.into_iter().collect();
    let answer = |row: RemovedRow| {
        let until = row.removed_at + TimeDelta::days(KEPT_DAYS);
        let by = row.removed_by.and_then(|by| who.get(&by).cloned());
        let held = held.remove(&row.id).unwrap_or_default();
        RemovedMember::new(row, held, until, by)
    };
    Ok(Page { rows: rows.into_iter().map(answer).collect(), total })
}

/// The workspaces of some removed members.
async fn held<C: ConnectionTrait>(
    connection: &C,
    removed: impl Iterator<Item = Uuid>,
) -> std::result::Result<HashMap<Uuid, Vec<removed_workspace::Model>>, DbErr> {
    let mut held: HashMap<Uuid, Vec<removed_workspace::Model>> = HashMap::new();
    let rows = removed_workspace::Entity::find()
        .filter(removed_workspace::Column::RemovedId.is_in(removed))
        .order_by_asc(removed_workspace::Column::AddedAt)
        .order_by_asc(removed_workspace::Column::WorkspaceId)
        .all(connection)
        .await?;
    for row in rows {
        held.entry(row.removed_id).or_default().push(row);
    }
    Ok(held)
}

/// Whether the caller may bring somebody back with an organization role, and a role in each of these
/// workspaces: as inviting, nobody gives what they do not have.
///
/// # Errors
/// 500 where the database fails; the refusal is the answer.
pub async fn may_bring_back<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    known: &HashMap<Uuid, role::Model>,
    role: &OrganizationRole,
    places: &[(Uuid, Uuid)],
) -> Result<std::result::Result<(), Denied>> {
    if !invites_enabled(&access.organization) {
        return Ok(Err(INVITES_OFF));
    }
    if let Err(denied) = access.caller.may(&Action::Invite(role)) {
        return Ok(Err(denied));
    }
    let workspaces: Vec<_> = places.iter().map(|(workspace, _)| *workspace).collect();
    let own = workspace_roles(connection, access, &workspaces).await?;
    for (workspace, role) in places {
        let Some(role) = known.get(role) else { continue };
        let own = own.get(workspace).map(|own| own.permissions.as_slice());
        if let Err(denied) = access.caller.may_open(own, &working_role(&access.caller, role).permissions) {
            return Ok(Err(denied));
        }
    }
    Ok(Ok(()))
}

/// `POST /api/v1/orgs/current/members/removed/{identity_id}/restore`: the membership as it was, with
/// its ids. A workspace or a role that was deleted meanwhile is left out, and the answer says so.
/// Tokens do not come back.
pub async fn restore(State(state): State<AppState>, permit: OrgPermit, Id(identity): Id) -> Answer<Restored> {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let organization = &access.organization;
    let found = removed_member::Entity::find_by_id(identity)
        .filter(removed_member::Column::OrganizationId.eq(organization.id))
        .filter(removed_member::Column::RemovedAt.gt(kept_since()))
        .find_also_related(account::Entity)
        .one(&*change)
        .await?;
    let Some((row, Some(account))) = found else {
        // Somebody who may bring nobody back is told so, whether or not there is such a member.
        access.caller.may_invite_anybody()?;
        return Err(ApiError::not_found(t!(
            "There is no such removed member. Whoever was removed can be brought back for {days} days.",
            days = KEPT_DAYS
        )));
    };
    let role = OrganizationRole::from(row.role.as_str());
    let held = held(&*change, std::iter::once(row.id)).await?.remove(&row.id).unwrap_or_default();
    let known = roles(&*change, organization.id).await?;
    let there = workspace_names(&*change, organization.id).await?;
    let mut left_out = Vec::new();
    let mut back = Vec::new();
    for one in held {
        let leave = |reason: String| LeftOut {
            workspace_id: one.workspace_id,
            workspace_name: one.workspace_name.clone(),
            reason,
        };
        if !there.contains_key(&one.workspace_id) {
            left_out.push(leave(t!("The workspace {name} was deleted.", name = one.workspace_name)));
        } else if !known.contains_key(&one.role_id) {
            left_out.push(leave(t!(
                "The role {role}, which gave access to {workspace}, was deleted.",
                role = one.role_name,
                workspace = one.workspace_name
            )));
        } else {
            back.push(workspace_member::Model {
                id: one.membership_id,
                workspace_id: one.workspace_id,
                member_id: row.id,
                role_id: one.role_id,
                created_at: one.added_at,
            });
        }
    }
    let places: Vec<_> = back.iter().map(|one| (one.workspace_id, one.role_id)).collect();
    may_bring_back(&*change, &access, &known, &role, &places).await??;
    check_free(&*change, &access, &account).await?;
    seats(&*change, &access).await?.check(1).map_err(ApiError::conflict)?;
    let restored = member::Model {
        id: row.id,
        organization_id: organization.id,
        account_id: row.account_id,
        role: row.role,
        created_at: row.joined_at,
    };
    member::Entity::insert(restored.clone().into_active_model()).exec_without_returning(&*change).await?;
    let mut after = views::member(&restored);
    after["workspaces"] = back.iter().map(views::workspace_member).collect();
    after["left_out"] = json!(left_out);
    for some in back.chunks(1000) {
        let some = some.iter().map(|row| row.clone().into_active_model());
        workspace_member::Entity::insert_many(some).exec_without_returning(&*change).await?;
    }
    removed_member::Entity::delete_by_id(restored.id).exec(&*change).await?;
    let entry = access.entry(Operation::RestoreOrgMember).created(&[restored.id], after);
    change.answer(entry, Restored { id: restored.id, email: account.email, left_out }).await
}

/// Whether the account is neither a member again nor invited.
async fn check_free<C: ConnectionTrait>(
    connection: &C,
    access: &OrgAccess,
    account: &account::Model,
) -> Result<()> {
    let (id, name) = (access.organization.id, &access.organization.display_name);
    let again = member::Entity::find()
        .filter(member::Column::OrganizationId.eq(id))
        .filter(member::Column::AccountId.eq(account.id))
        .count(connection)
        .await?;
    if again > 0 {
        return Err(ApiError::conflict(t!(
            "{address} is a member of {name} again.",
            address = account.email,
            name
        )));
    }
    let invited = invitation::Entity::find()
        .filter(invitation::Column::OrganizationId.eq(id))
        .filter(invitation::Column::Email.eq(&account.email))
        .count(connection)
        .await?;
    if invited > 0 {
        return Err(ApiError::conflict(t!(
            "{address} is invited to {name} already. Revoke that invitation first.",
            address = account.email,
            name
        )));
    }
    Ok(())
}

/// Forgets those who can be brought back no more; gives back how many.
///
/// # Errors
/// Whatever the database says.
pub async fn sweep(db: &Db) -> std::result::Result<u64, DbErr> {
    let (id, removed) = (removed_member::Column::Id, removed_member::Column::RemovedAt);
    delete_until::<removed_member::Entity>(db, id, removed, kept_since()).await
}
