//! The newer list's rows.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::Here;
use crate::answers::people::{EnrichedMember, MemberRow, WorkspaceMembership, role_in_workspace};
use crate::auth::access::EffectiveRole;
use crate::db::entity::{invitation, invitation_workspace, workspace_member};
use crate::error::Result;
use crate::routes::entity_tag::tag;
use crate::routes::pending::default_role;

/// A workspace of the organization, with the role there.
fn inside(here: &Here<'_>, id: Uuid, role: &EffectiveRole) -> WorkspaceMembership {
    WorkspaceMembership::new(id, here.names.get(&id).cloned().unwrap_or_default(), role)
}

/// The members, each with the workspaces and the role in each. An Organization Admin is in all by
/// that role; only the workspaces that somebody was added to are listed.
///
/// # Errors
/// Whatever the database says.
pub async fn active_answers(here: &Here<'_>, rows: Vec<MemberRow>) -> Result<Vec<EnrichedMember>> {
    let mut added: HashMap<Uuid, Vec<workspace_member::Model>> = HashMap::new();
    let memberships = workspace_member::Entity::find()
        .filter(workspace_member::Column::MemberId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(workspace_member::Column::CreatedAt)
        .order_by_asc(workspace_member::Column::Id)
        .all(&*here.state.db)
        .await?;
    for membership in memberships {
        added.entry(membership.member_id).or_default().push(membership);
    }
    let answer = |row: MemberRow| {
        let held = added.remove(&row.id).unwrap_or_default();
        let etag = tag(&row.role, held.iter());
        let workspaces: Vec<_> = held
            .into_iter()
            .map(|one| {
                let role = role_in_workspace(&here.access.caller, &row.role, Some(one.role_id), here.roles);
                let mut shown = inside(here, one.workspace_id, &role);
                shown.assigned_role_id = Some(one.role_id).filter(|given| *given != role.id);
                shown
            })
            .collect();
        EnrichedMember::active(row, etag, workspaces)
    };
    Ok(rows.into_iter().map(answer).collect())
}

/// The invitations, each with the workspaces that it opens and the role there.
///
/// # Errors
/// Whatever the database says.
pub async fn invited_answers(here: &Here<'_>, rows: Vec<invitation::Model>) -> Result<Vec<EnrichedMember>> {
    let default = default_role(&here.access.organization);
    let mut opens: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let pairs = invitation_workspace::Entity::find()
        .filter(invitation_workspace::Column::InvitationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(invitation_workspace::Column::WorkspaceId)
        .all(&*here.state.db)
        .await?;
    for pair in pairs {
        opens.entry(pair.invitation_id).or_default().push(pair.workspace_id);
    }
    let answer = |row: invitation::Model| {
        let stored = row.workspace_role_id.or(Some(default));
        let workspace_role = role_in_workspace(&here.access.caller, &row.role, stored, here.roles);
        let opened = opens.remove(&row.id).unwrap_or_default();
        let opened: Vec<_> = opened.iter().map(|id| inside(here, *id, &workspace_role)).collect();
        EnrichedMember::invited(row, opened)
    };
    Ok(rows.into_iter().map(answer).collect())
}
