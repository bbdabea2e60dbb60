//! The newer list of members (`/v1/platform`): each with the role in each workspace.

mod answers;
mod asked;
mod filters;

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use sea_orm::{ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use self::answers::{active_answers, invited_answers};
use self::asked::Sort;
pub use self::asked::Wanted;
use self::filters::Filters;
use super::members::workspace_names;
use super::workspace_members::roles;
use crate::answers::people::{EnrichedMember, MemberRow};
use crate::auth::access::OrgAccess;
use crate::db::entity::{invitation, member, role};
use crate::db::people::{By, People, sorted_invitations, with_accounts};
use crate::db::seats::taken;
use crate::error::Result;
use crate::operations::describe::{Output, Page, Sketch};
use crate::serve::AppState;
use crate::validate::Asked;

/// A page of the list.
pub struct Members(Page<EnrichedMember>);

/// Says that each member's workspaces are all there, and not only those that the caller can enter.
const ALL_WORKSPACES: &str = "X-Members-List-All-Workspaces";

impl IntoResponse for Members {
    fn into_response(self) -> Response {
        ([(ALL_WORKSPACES, "true")], self.0).into_response()
    }
}

impl Output for Members {
    fn describe(sketch: &mut Sketch) {
        Page::<EnrichedMember>::describe(sketch);
        sketch.answer_text_header(
            ALL_WORKSPACES,
            "Whether each member's workspaces are all there, and not only those that the caller can enter.",
        );
    }
}

/// `GET /v1/platform/orgs/current/members`: members, then invitations, oldest first, where no other
/// order is asked for.
pub async fn members(
    State(state): State<AppState>,
    access: OrgAccess,
    Asked(asked): Asked<Wanted>,
) -> Result<Members> {
    let id = access.organization.id;
    let roles = roles(&*state.db, id).await?;
    let names = workspace_names(&*state.db, id).await?;
    if asked.workspace.is_some_and(|workspace| !names.contains_key(&workspace)) {
        return Ok(Members(Page { rows: Vec::new(), total: 0 }));
    }
    let filters = Filters::new(&asked, &access, &roles);
    let invited = filters.invitations();
    let list = List {
        here: Here { state: &state, access: &access, roles: &roles, names: &names },
        people: filters.members(&*state.db, id).await?.kept_in(&state.totals),
        all_invited: invited.is_empty(),
        invited: invitation::Entity::find().filter(invitation::Column::OrganizationId.eq(id)).filter(invited),
        asked: &asked,
    };
    let one_kind = asked.active || asked.pending;
    let page = match asked.sort.clone() {
        None => list.in_turn(false, (By::CreatedAt, Order::Asc)).await?,
        Some((Sort::Status, order)) => list.in_turn(order == Order::Desc, (By::Email, Order::Asc)).await?,
        Some((Sort::By(by), order)) if one_kind => list.in_turn(false, (by, order)).await?,
        Some((Sort::By(by), order)) => list.together((by, order)).await?,
    };
    Ok(Members(page))
}

/// The organization that the list is of, for who asks.
pub struct Here<'a> {
    state: &'a AppState,
    access: &'a OrgAccess,
    roles: &'a HashMap<Uuid, role::Model>,
    /// The names of the workspaces.
    names: &'a HashMap<Uuid, String>,
}

/// What a page is cut out of.
struct List<'a> {
    here: Here<'a>,
    people: People,
    invited: Select<invitation::Entity>,
    /// Whether no invitation is left out.
    all_invited: bool,
    asked: &'a Wanted,
}

impl List<'_> {
    /// How many invitations there are.
    async fn count_invited(&self) -> Result<u64> {
        if self.asked.active {
            return Ok(0);
        }
        if self.all_invited {
            return Ok(taken(&*self.here.state.db, self.here.access.organization.id).await?.invitations);
        }
        Ok(self.invited.clone().count(&*self.here.state.db).await?)
    }

    /// Members and then invitations, or the other way round, each kind in an order.
    async fn in_turn(&self, invited_first: bool, order: (By, Order)) -> Result<Page<EnrichedMember>> {
        let (limit, offset) = (self.asked.limit, self.asked.offset);
        let db = &*self.here.state.db;
        let invited = self.count_invited().await?;
        let mut first = Vec::new();
        let (mut limit_of_members, mut offset_of_members) = (limit, offset);
        if invited_first && !self.asked.active {
            first = self.invitations(order.clone(), limit, offset).await?;
            limit_of_members = limit - first.len() as u64;
            offset_of_members = offset.saturating_sub(invited);
        }
        let (active, rows): (_, Vec<MemberRow>) = if self.asked.pending {
            (0, Vec::new())
        } else {
            self.people.counted(db, order.clone(), limit_of_members, offset_of_members).await?
        };
        let members = active_answers(&self.here, rows).await?;
        first.extend(members);
        let left = limit.saturating_sub(first.len() as u64);
        if !invited_first && invited > 0 && left > 0 {
            first.extend(self.invitations(order, left, offset.saturating_sub(active)).await?);
        }
        Ok(Page { rows: first, total: active + invited })
    }

    /// Members and invitations in one order.
    async fn together(&self, order: (By, Order)) -> Result<Page<EnrichedMember>> {
        let db = &*self.here.state.db;
        let (limit, offset) = (self.asked.limit, self.asked.offset);
        let (total, ids) = self
            .people
            .with_invited(db, (self.count_invited().await?, self.invited.clone()), order, limit, offset)
            .await?;
        let chosen = member::Entity::find().filter(member::Column::Id.is_in(ids.iter().copied()));
        let members: Vec<MemberRow> = with_accounts(chosen).into_model().all(db).await?;
        let invited = invitation::Entity::find()
            .filter(invitation::Column::Id.is_in(ids.iter().copied()))
            .all(db)
            .await?;
        let of_members: Vec<Uuid> = members.iter().map(|row| row.id).collect();
        let of_invited: Vec<Uuid> = invited.iter().map(|row| row.id).collect();
        let members = active_answers(&self.here, members).await?;
        let invited = invited_answers(&self.here, invited).await?;
        let mut answers: HashMap<Uuid, EnrichedMember> =
            of_members.into_iter().zip(members).chain(of_invited.into_iter().zip(invited)).collect();
        Ok(Page { rows: ids.iter().filter_map(|id| answers.remove(id)).collect(), total })
    }

    async fn invitations(&self, order: (By, Order), limit: u64, offset: u64) -> Result<Vec<EnrichedMember>> {
        let rows = sorted_invitations(self.invited.clone(), order)
            .limit(limit)
            .offset(offset)
            .all(&*self.here.state.db)
            .await?;
        invited_answers(&self.here, rows).await
    }
}
