//! What a removal ends, told before it is made (Atrium's own).

use atrium_domain::{Action, OrganizationRole};
use atrium_words::mark;
use axum::Json;
use axum::extract::State;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use super::workspace_members::{memberships_of, roles};
use super::{Answer, members, removed};
use crate::answers::ends::{MemberEnds, TokenThatEnds};
use crate::answers::people::{WorkspaceMembership, role_in_workspace};
use crate::auth::access::OrgAccess;
use crate::db::entity::{api_key, session, workspace};
use crate::db::now;
use crate::serve::AppState;
use crate::validate::Id;

/// `GET /api/v1/orgs/current/members/{identity_id}/ends`: for whoever may remove the member, and for
/// the member. Of tokens it has what may be shown: what each is for, and when it was used last.
pub async fn ends(State(state): State<AppState>, access: OrgAccess, Id(identity): Id) -> Answer<MemberEnds> {
    let (db, organization) = (&*state.db, access.organization.id);
    let target = members::find(db, organization, identity).await;
    let own = access.member.as_ref().is_some_and(|own| own.id == identity);
    if !own {
        // As removing: who may remove nobody is told so, whether or not there is such a member.
        let role = target.as_ref().map_or(OrganizationRole::Viewer, |row| row.role.as_str().into());
        access.may(&Action::Remove(&role))?;
    }
    let target = target?;
    let role = OrganizationRole::from(target.role.as_str());
    let held = memberships_of(db, target.id).await?;
    let known = roles(db, organization).await?;
    let why_not_back = if own {
        Some(
            mark!("You cannot bring yourself back. Whoever leaves is not put back without being asked: somebody has \
             to invite you again.")
                .to_owned(),
        )
    } else {
        let places: Vec<_> = held.iter().map(|one| (one.workspace_id, one.role_id)).collect();
        let denied = removed::may_bring_back(db, &access, &known, &role, &places).await?.err();
        denied.map(|denied| denied.0.to_owned())
    };
    let tokens = api_key::Entity::find()
        .filter(api_key::Column::MemberId.eq(target.id))
        .order_by_desc(api_key::Column::CreatedAt)
        .order_by_asc(api_key::Column::Id)
        .all(db)
        .await?;
    let open_sessions = session::Entity::find()
        .filter(session::Column::AccountId.eq(target.account_id))
        .filter(session::Column::ExpiresAt.gt(now()))
        .count(db)
        .await?;
    let mut workspaces = Vec::new();
    for place in workspace::Entity::find()
        .filter(workspace::Column::OrganizationId.eq(organization))
        .order_by_asc(workspace::Column::CreatedAt)
        .order_by_asc(workspace::Column::Id)
        .all(db)
        .await?
    {
        let stored = held.iter().find(|one| one.workspace_id == place.id).map(|one| one.role_id);
        if stored.is_none() && role != OrganizationRole::Admin {
            continue;
        }
        let working = role_in_workspace(&access.caller, &target.role, stored, &known);
        workspaces.push(WorkspaceMembership::new(place.id, place.display_name, &working));
    }
    Ok(Json(MemberEnds {
        role_name: role.label().to_owned(),
        workspaces,
        tokens: tokens.into_iter().map(TokenThatEnds::new).collect(),
        open_sessions,
        kept_days: removed::KEPT_DAYS,
        why_not_back,
    }))
}
