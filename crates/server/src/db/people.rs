//! The members of an organization as lists ask for them: found, sorted and cut into pages by the
//! database, on its indexes.
//!
//! There are two ways to a page of those that match. Where many do, the index of the order is
//! walked until the page is full, which is soon. Where few do, that would walk through everybody;
//! they are taken from the index of what they match by, and sorted. Which one it is, is counted
//! beforehand, no further than to where it is clear. SQLite would not find that out by itself, and
//! PostgreSQL only where its statistics tell.

use std::sync::Arc;

use atrium_domain::OrganizationRole;
use sea_orm::sea_query::{
    Alias, Condition, Expr, ExprTrait, IntoCondition, Query, SelectStatement, SimpleExpr, UnionType,
};
use sea_orm::sqlx::{self, Executor, SqliteConnection};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, JoinType, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};
use uuid::Uuid;

use super::entity::{account, invitation, member, workspace_member};
use super::seats::taken;
use super::totals::Totals;
use crate::validate::contains;

/// Up to so many matches are few: looked up and sorted one by one they take some milliseconds.
const FEW: u64 = 2_000;
/// The shortest text that an index of trigrams knows, in characters.
const TRIGRAM: usize = 3;

/// A text of a member that can be searched, as the membership carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The account's address.
    Email,
    /// The account's name, in lower case.
    Name,
}

impl Text {
    const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name_key",
        }
    }

    /// The column.
    pub fn column(self) -> Expr {
        Expr::col((Alias::new("member"), Alias::new(self.word())))
    }
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The name.
    Name,
    /// The address.
    Email,
    /// The organization role, by its word.
    Role,
    /// When the person joined.
    CreatedAt,
    /// In how many workspaces the person is; an Organization Admin is in all, which is more than any.
    Workspaces,
}

/// Members of an organization, to be listed.
#[derive(Clone)]
pub struct People {
    organization: Uuid,
    conditions: Condition,
    few: bool,
    /// Finds the ids of all of them, some more than once, where that is quicker than asking of
    /// each member whether it is one of them.
    ids: Option<SelectStatement>,
    /// Where totals are kept that hold until the members change.
    totals: Option<Arc<Totals>>,
    /// Whether it depends on more than columns of `member`: on accounts, workspaces or roles.
    elsewhere: bool,
}

impl People {
    /// All of them.
    pub fn of(organization: Uuid) -> Self {
        Self {
            organization,
            conditions: Condition::all(),
            few: false,
            ids: None,
            totals: None,
            elsewhere: false,
        }
    }

    /// Counts them once as long as the members do not change.
    #[must_use]
    pub fn kept_in(self, totals: &Arc<Totals>) -> Self {
        Self { totals: Some(Arc::clone(totals)), ..self }
    }

    /// These few.
    fn these(self, ids: Vec<Uuid>) -> Self {
        Self { few: true, ..self.that(member::Column::Id.is_in(ids)) }
    }

    /// Those for whom the condition holds, which may be about columns of `member` alone.
    #[must_use]
    pub fn that(mut self, condition: impl IntoCondition) -> Self {
        self.conditions = self.conditions.add(condition.into_condition());
        self.ids = None;
        self
    }

    /// Those with one of the addresses, of which there are few.
    #[must_use]
    pub fn at(mut self, emails: Vec<String>) -> Self {
        let mut accounts = Query::select();
        accounts
            .column(account::Column::Id)
            .from(account::Entity)
            .and_where(Expr::col(account::Column::Email).is_in(emails));
        self.few = true;
        self.that(member::Column::AccountId.in_subquery(accounts))
    }

    /// Those of the accounts, of which there are few.
    #[must_use]
    pub fn those(mut self, accounts: Vec<Uuid>) -> Self {
        self.few = true;
        self.that(member::Column::AccountId.is_in(accounts))
    }

    /// Those who have one of the texts somewhere in one of these; all where there are no texts.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn with<C: ConnectionTrait>(
        mut self,
        connection: &C,
        texts: &[impl AsRef<str>],
        places: &[Text],
    ) -> Result<Self, DbErr> {
        if texts.is_empty() {
            return Ok(self);
        }
        let any = any_of(texts, places);
        if self.few {
            return Ok(self.that(any));
        }
        if connection.get_database_backend() == DbBackend::Sqlite {
            if let Some(matching) = matching(texts, places) {
                if counts_few(connection, matching.clone()).await? {
                    let number = Expr::col((Alias::new("member"), Alias::new("text_id")));
                    self = self.that(number.in_subquery(matching));
                    self.few = true;
                }
            } else if let Some(either) = in_either(texts, places) {
                // Whatever the order is, they are looked for once, in the narrowest index.
                let found: Vec<Uuid> = self.some(connection, either).await?;
                if found.len() as u64 <= FEW {
                    return Ok(self.these(found));
                }
            }
        } else if texts.iter().all(|text| has_trigram(text.as_ref())) {
            // PostgreSQL takes for granted that they are spread over the whole order; but those
            // who are found by their name stand together in the order of names, maybe at its end.
            let found = self.some(connection, any.clone()).await?;
            if found.len() as u64 <= FEW {
                return Ok(self.these(found));
            }
        }
        Ok(self.that(any))
    }

    /// The ids of those in the organization for whom the condition holds, one more than are few at
    /// most.
    async fn some<C: ConnectionTrait>(
        &self,
        connection: &C,
        condition: Condition,
    ) -> Result<Vec<Uuid>, DbErr> {
        member::Entity::find()
            .filter(member::Column::OrganizationId.eq(self.organization))
            .filter(condition)
            .select_only()
            .column(member::Column::Id)
            .limit(FEW + 1)
            .into_tuple()
            .all(connection)
            .await
    }

    /// Those whose accounts are switched off, or those whose accounts are not.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn switched_off<C: ConnectionTrait>(
        mut self,
        connection: &C,
        disabled: bool,
    ) -> Result<Self, DbErr> {
        self.elsewhere = true;
        let mut accounts = Query::select();
        accounts
            .column(account::Column::Id)
            .from(account::Entity)
            .and_where(Expr::col(account::Column::IsDisabled));
        if !disabled {
            return Ok(self.that(member::Column::AccountId.not_in_subquery(accounts)));
        }
        self.few = self.few || counts_few(connection, accounts.clone()).await?;
        Ok(self.that(member::Column::AccountId.in_subquery(accounts)))
    }

    /// Those who hold one of these memberships of the organization's workspaces.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn holding<C: ConnectionTrait>(
        mut self,
        connection: &C,
        memberships: Select<workspace_member::Entity>,
    ) -> Result<Self, DbErr> {
        self.elsewhere = true;
        let held = memberships.select_only().column(workspace_member::Column::MemberId);
        if !self.few && counts_few(connection, held.clone().into_query()).await? {
            self.few = true;
            return Ok(self.that(member::Column::Id.in_subquery(held.into_query())));
        }
        let is_all = self.conditions.is_empty();
        self = self.that(own(held.clone()));
        self.ids = is_all.then(|| held.into_query());
        Ok(self)
    }

    /// Those who are in a workspace of the organization: who was added, and every Organization
    /// Admin.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn inside<C: ConnectionTrait>(self, connection: &C, workspace: Uuid) -> Result<Self, DbErr> {
        let added =
            workspace_member::Entity::find().filter(workspace_member::Column::WorkspaceId.eq(workspace));
        self.working_by(connection, added, true).await
    }

    /// Those who work in a workspace by one of these memberships, and with `admins` every
    /// Organization Admin. A membership gives an Organization Admin nothing: who is one is Admin of
    /// every workspace.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn working_by<C: ConnectionTrait>(
        mut self,
        connection: &C,
        memberships: Select<workspace_member::Entity>,
        admins: bool,
    ) -> Result<Self, DbErr> {
        self.elsewhere = true;
        let is_all = self.conditions.is_empty();
        let added = memberships.select_only().column(workspace_member::Column::MemberId);
        let is_admin = member::Column::Role.eq(OrganizationRole::Admin.as_str());
        let mut ids = added.clone().into_query();
        if admins {
            let all = member::Entity::find()
                .filter(member::Column::OrganizationId.eq(self.organization))
                .filter(is_admin.clone())
                .select_only()
                .column(member::Column::Id);
            ids.union(UnionType::All, all.into_query());
        } else {
            self = self.that(is_admin.clone().not());
        }
        if !self.few && counts_few(connection, added.clone().into_query()).await? {
            self.few = true;
            return Ok(self.that(member::Column::Id.in_subquery(ids)));
        }
        let by_role = Condition::any().add(own(added));
        self = self.that(if admins { by_role.add(is_admin) } else { by_role });
        // Without the Admins the ids alone do not tell who of them is one.
        self.ids = (is_all && admins).then_some(ids);
        Ok(self)
    }

    /// A page of them with their accounts, in order; equal ones by id, so that pages neither
    /// repeat nor miss anybody.
    pub fn page(&self, order: (By, Order), limit: u64, offset: u64) -> Select<member::Entity> {
        // The page is cut out of the index alone; what an answer shows is read for it, and not for
        // all that come before it.
        let ids = sorted(self.select(), order.clone()).limit(limit).offset(offset).into_query();
        sorted(with_accounts(member::Entity::find().filter(member::Column::Id.in_subquery(ids))), order)
    }

    /// A page of them as [`People::page`]; of everybody a late one from the end that is nearer.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn read<C: ConnectionTrait, R: FromQueryResult>(
        &self,
        connection: &C,
        order: (By, Order),
        limit: u64,
        offset: u64,
    ) -> Result<Vec<R>, DbErr> {
        if offset > FEW && self.conditions.is_empty() {
            return Ok(self.counted(connection, order, limit, offset).await?.1);
        }
        self.page(order, limit, offset).into_model().all(connection).await
    }

    /// How many they are, and a page of them as [`People::page`].
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn counted<C: ConnectionTrait, R: FromQueryResult>(
        &self,
        connection: &C,
        (by, order): (By, Order),
        limit: u64,
        offset: u64,
    ) -> Result<(u64, Vec<R>), DbErr> {
        if self.few {
            // Found once, since finding them is all the work; they fit into one statement's list.
            let sorted_ids = sorted(self.select(), (by, order.clone()));
            let ids: Vec<Uuid> = sorted_ids.into_tuple().all(connection).await?;
            let total = ids.len() as u64;
            let chosen: Vec<Uuid> = ids.into_iter().skip(to_usize(offset)).take(to_usize(limit)).collect();
            let page = member::Entity::find().filter(member::Column::Id.is_in(chosen));
            let rows = sorted(with_accounts(page), (by, order)).into_model().all(connection).await?;
            return Ok((total, rows));
        }
        let total = self.total(connection).await?;
        let (order, limit, offset, backwards) = from_the_nearer_end(total, order, limit, offset);
        if limit == 0 {
            return Ok((total, Vec::new()));
        }
        let mut rows: Vec<R> = self.page((by, order), limit, offset).into_model().all(connection).await?;
        if backwards {
            rows.reverse();
        }
        Ok((total, rows))
    }

    /// How many they are.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn total<C: ConnectionTrait>(&self, connection: &C) -> Result<u64, DbErr> {
        if self.conditions.is_empty() {
            return Ok(taken(connection, self.organization).await?.members);
        }
        let Some(totals) = self.totals.as_ref().filter(|_| !self.elsewhere) else {
            return self.count(connection).await;
        };
        let question = self.select().build(connection.get_database_backend()).to_string();
        let Some(asked) = Totals::asked(connection, self.organization, &question).await? else {
            return Ok(0);
        };
        if let Some(total) = totals.find(&asked) {
            return Ok(total);
        }
        let total = self.count(connection).await?;
        totals.keep(asked, total);
        Ok(total)
    }

    /// Counts them.
    async fn count<C: ConnectionTrait>(&self, connection: &C) -> Result<u64, DbErr> {
        match &self.ids {
            Some(ids) => count(connection, "COUNT(DISTINCT \"found\".\"member_id\")", ids.clone()).await,
            None => self.select().count(connection).await,
        }
    }

    /// How many they are together with some invitations, which were counted, and whose ids are on a
    /// page of both in one order.
    ///
    /// The database merges two lists, each of which it has in that order: members from the index,
    /// invitations as it likes, since they are few beside them.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn with_invited<C: ConnectionTrait>(
        &self,
        connection: &C,
        (invited_total, invited): (u64, Select<invitation::Entity>),
        (by, order): (By, Order),
        limit: u64,
        offset: u64,
    ) -> Result<(u64, Vec<Uuid>), DbErr> {
        let few = if self.few {
            // Found once, as in [`People::counted`].
            let ids: Vec<Uuid> = self.select().into_tuple().all(connection).await?;
            Some((ids.len() as u64, Self::of(self.organization).these(ids)))
        } else {
            None
        };
        let (members_total, members) = match &few {
            Some((total, members)) => (*total, members),
            None => (self.total(connection).await?, self),
        };
        let total = members_total + invited_total;
        let (order, limit, offset, backwards) = from_the_nearer_end(total, order, limit, offset);
        if limit == 0 {
            return Ok((total, Vec::new()));
        }
        let backend = connection.get_database_backend();
        let rows = connection.query_all(&members.both(backend, invited, (by, order), limit, offset)).await?;
        let mut ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<Uuid>, _>>()?;
        if backwards {
            ids.reverse();
        }
        Ok((total, ids))
    }

    /// The ids on a page of members and invitations.
    fn both(
        &self,
        backend: DbBackend,
        invited: Select<invitation::Entity>,
        (by, order): (By, Order),
        limit: u64,
        offset: u64,
    ) -> SelectStatement {
        let in_order = |query: &mut SelectStatement| {
            query.order_by(Alias::new("key"), order.clone()).order_by(Alias::new("id"), order.clone());
        };
        // PostgreSQL reads a side of a union in the order that is wanted of both only where the side
        // asks for it itself, and no further than the page reaches. SQLite does both unasked.
        let side = |mut query: SelectStatement, name: &'static str| {
            if backend != DbBackend::Postgres {
                return query;
            }
            in_order(&mut query);
            query.limit(offset.saturating_add(limit));
            let columns = ["id", "key"].map(Alias::new);
            Query::select().columns(columns).from_subquery(query, name).to_owned()
        };
        let mut members = self.select().into_query();
        members.expr_as(key_of_member(by), "key");
        let mut others = invited.select_only().column(invitation::Column::Id).into_query();
        others.expr_as(key_of_invitation(by), "key");
        let mut both = side(members, "members");
        both.union(UnionType::All, side(others, "others"));
        in_order(&mut both);
        both.limit(limit).offset(offset);
        both
    }

    /// Their ids.
    pub fn select(&self) -> Select<member::Entity> {
        let organization = member::Column::OrganizationId;
        let here: SimpleExpr = if self.few {
            // The same, said so that SQLite does not take an index for it: it would walk through
            // the whole organization in the list's order instead of sorting the few.
            organization.ne(self.organization).not()
        } else {
            organization.eq(self.organization)
        };
        member::Entity::find()
            .filter(here)
            .filter(self.conditions.clone())
            .select_only()
            .column(member::Column::Id)
    }
}

/// The same page seen from the end, where that is nearer, as behind the middle: the order, limit and
/// offset to ask with, and whether what comes is to be turned round. The limit is none behind the end.
fn from_the_nearer_end(total: u64, order: Order, limit: u64, offset: u64) -> (Order, u64, u64, bool) {
    let behind = total.saturating_sub(offset);
    let limit = Ord::min(limit, behind);
    if behind >= offset {
        return (order, limit, offset, false);
    }
    let order = if order == Order::Asc { Order::Desc } else { Order::Asc };
    (order, limit, behind - limit, true)
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A condition that holds where one of the texts is somewhere in one of these.
pub fn any_of(texts: &[impl AsRef<str>], places: &[Text]) -> Condition {
    let mut any = Condition::any();
    for text in texts {
        for place in places {
            any = any.add(place.column().like(contains(text.as_ref())));
        }
    }
    any
}

/// The same as [`any_of`] of address and name, about SQLite's column that has both; `None` for other
/// places, and for a text that could lie across the two.
fn in_either(texts: &[impl AsRef<str>], places: &[Text]) -> Option<Condition> {
    let both = [Text::Email, Text::Name].iter().all(|place| places.contains(place));
    if !both || texts.iter().any(|text| text.as_ref().contains('\n')) {
        return None;
    }
    let column = || Expr::col((Alias::new("member"), Alias::new("texts")));
    let like = |any: Condition, text: &_| any.add(column().like(contains(AsRef::<str>::as_ref(text))));
    Some(texts.iter().fold(Condition::any(), like))
}

/// Whether a text is long enough for an index of trigrams.
fn has_trigram(text: &str) -> bool {
    text.chars().count() >= TRIGRAM
}

/// Opens SQLite's index of trigrams on a new connection, where there is one already. A connection
/// opens it at its first use by itself, and then reads the tables' definitions; had they changed
/// since it last did, by another connection, the statement would fail: `no such table`.
///
/// # Errors
/// None; whatever is wrong the first statement that matters will say.
pub async fn index_of_texts(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let _ = connection.execute("SELECT rowid FROM member_text LIMIT 0").await;
    Ok(())
}

/// Whether one of the memberships of workspaces is the member's.
fn own(memberships: Select<workspace_member::Entity>) -> Expr {
    let same = Expr::col((workspace_member::Entity, workspace_member::Column::MemberId))
        .equals((member::Entity, member::Column::Id));
    Expr::exists(memberships.filter(same).into_query())
}

/// Whether there are no more than [`FEW`].
async fn counts_few<C: ConnectionTrait>(connection: &C, mut rows: SelectStatement) -> Result<bool, DbErr> {
    rows.limit(FEW + 1);
    Ok(count(connection, "COUNT(*)", rows).await? <= FEW)
}

/// What there is of the rows, which are called `found`.
async fn count<C: ConnectionTrait>(
    connection: &C,
    what: &'static str,
    rows: SelectStatement,
) -> Result<u64, DbErr> {
    let mut count = Query::select();
    count.expr_as(Expr::cust(what), "count").from_subquery(rows, "found");
    let row = connection.query_one(&count).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "count"))?;
    Ok(count.unsigned_abs())
}

/// The numbers of the members who have one of the texts, from SQLite's index of trigrams; `None`
/// for texts that are too short for it.
pub fn matching(texts: &[impl AsRef<str>], places: &[Text]) -> Option<SelectStatement> {
    let phrase = |text: &str| {
        let text = text.to_lowercase();
        has_trigram(&text).then(|| format!("\"{}\"", text.replace('"', "\"\"")))
    };
    let phrases: Option<Vec<_>> = texts.iter().map(|text| phrase(text.as_ref())).collect();
    let places: Vec<_> = places.iter().map(|place| place.word()).collect();
    let query = format!("{{{}}} : ({})", places.join(" "), phrases?.join(" OR "));
    let mut numbers = Query::select();
    numbers
        .expr(Expr::cust("\"member_text\".\"rowid\""))
        .from("member_text")
        .and_where(Expr::cust_with_values("\"member_text\" MATCH ?", [query]));
    Some(numbers)
}

/// Sorts members. The id goes the way of the order, so that one index serves both.
pub fn sorted(select: Select<member::Entity>, (by, order): (By, Order)) -> Select<member::Entity> {
    select.order_by(key_of_member(by), order.clone()).order_by(member::Column::Id, order)
}

/// Sorts invitations as [`sorted`] sorts members.
pub fn sorted_invitations(
    select: Select<invitation::Entity>,
    (by, order): (By, Order),
) -> Select<invitation::Entity> {
    select.order_by(key_of_invitation(by), order.clone()).order_by(invitation::Column::Id, order)
}

/// The column that the triggers of the step `m0012_workspace_counts` keep, of members and of invitations.
const WORKSPACES: &str = "workspace_count";

/// What members are sorted by.
fn key_of_member(by: By) -> Expr {
    match by {
        By::Name => Text::Name.column(),
        By::Email => Text::Email.column(),
        By::Role => Expr::col((member::Entity, member::Column::Role)),
        By::CreatedAt => Expr::col((member::Entity, member::Column::CreatedAt)),
        By::Workspaces => Expr::col((member::Entity, Alias::new(WORKSPACES))),
    }
}

/// What invitations are sorted by. Of the same type as members' to the letter: PostgreSQL would sort
/// everybody otherwise. One without a name comes where the empty name would.
fn key_of_invitation(by: By) -> Expr {
    let column = match by {
        By::Name => invitation::Column::NameKey,
        By::Email => invitation::Column::Email,
        By::Role => invitation::Column::Role,
        By::CreatedAt => invitation::Column::CreatedAt,
        By::Workspaces => return Expr::col((invitation::Entity, Alias::new(WORKSPACES))),
    };
    Expr::col((invitation::Entity, column))
}

/// Members with the address and name of each.
pub fn with_accounts(select: Select<member::Entity>) -> Select<member::Entity> {
    select
        .join(JoinType::InnerJoin, member::Relation::Account.def())
        .select_only()
        .columns([
            member::Column::Id,
            member::Column::OrganizationId,
            member::Column::AccountId,
            member::Column::Role,
            member::Column::CreatedAt,
        ])
        .columns([account::Column::Email, account::Column::FullName, account::Column::IsDisabled])
}

#[cfg(test)]
mod tests {
    use sea_orm::Statement;
    use sea_orm::sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};

    use super::*;
    use crate::db::Db;
    use crate::db::entity::workspace;
    use crate::db::temporary::Postgres;

    /// Another process brings the tables forward while this one runs.
    #[tokio::test]
    async fn tables_may_change_under_an_open_connection() {
        let directory = tempfile::TempDir::new().unwrap();
        let url = format!("sqlite://{}", directory.path().join("a.db").display());
        drop(Db::open(&url, true).await.unwrap());
        let (one, other) = (Db::open(&url, true).await.unwrap(), Db::open(&url, true).await.unwrap());
        let delete = "DELETE FROM account WHERE email = 'nobody'";
        assert_eq!(account::Entity::find().count(&*one).await.unwrap(), 0);
        other.execute_unprepared("CREATE INDEX new ON account (full_name)").await.unwrap();
        one.execute_unprepared(delete).await.unwrap();
    }

    fn invitations() -> Select<invitation::Entity> {
        invitation::Entity::find().filter(invitation::Column::OrganizationId.eq(Uuid::nil()))
    }

    async fn plan(db: &Db, select: Select<member::Entity>) -> String {
        explained(db, select.build(DbBackend::Sqlite).to_string()).await
    }

    async fn explained(db: &Db, query: String) -> String {
        let explain = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {query}"));
        let rows = db.query_all_raw(explain).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "detail").unwrap() + "\n").collect()
    }

    /// What keeps the cost of a page from growing with the organization, as SQLite says it.
    #[tokio::test]
    async fn every_page_is_read_from_an_index() {
        let (_directory, db) = Db::temporary().await;
        let all = People::of(Uuid::nil());
        for (by, index) in [
            (By::CreatedAt, "member_organization_id_created_at_id"),
            (By::Name, "member_organization_id_name_key_id"),
            (By::Email, "member_organization_id_email_id"),
            (By::Role, "member_organization_id_role_id"),
            (By::Workspaces, "member_organization_id_workspace_count_id"),
        ] {
            for order in [Order::Asc, Order::Desc] {
                let ids = plan(&db, sorted(all.select(), (by, order.clone()))).await;
                assert_eq!(ids, format!("SEARCH member USING COVERING INDEX {index} (organization_id=?)\n"));
                let page = plan(&db, all.page((by, order), 50, 0)).await;
                assert!(page.contains(&ids) && !page.contains("SCAN"), "{page}");
            }
        }
        for (by, index) in [
            (By::CreatedAt, "member_organization_id_created_at_id"),
            (By::Name, "member_organization_id_name_key_id"),
            (By::Email, "member_organization_id_email_id"),
            (By::Role, "member_organization_id_role_id"),
            (By::Workspaces, "member_organization_id_workspace_count_id"),
        ] {
            let query = all.both(DbBackend::Sqlite, invitations(), (by, Order::Desc), 50, 0);
            let query = query.to_string(SqliteQueryBuilder);
            let merged = explained(&db, query).await;
            // Two lists in order, not one that is sorted.
            assert!(merged.contains("MERGE (UNION ALL)"), "{merged}");
            assert!(merged.contains(&format!("SEARCH member USING COVERING INDEX {index}")), "{merged}");
            assert!(!merged.contains("SCAN"), "{merged}");
        }
        let few = |people: People| sorted(people.select(), (By::Name, Order::Asc));
        let found = all.clone().with(&*db, &["lovelace"], &[Text::Name]).await.unwrap();
        let found = plan(&db, few(found)).await;
        assert!(found.starts_with("SEARCH member USING INDEX member_text_id (text_id=?)"), "{found}");
        assert!(found.contains("SCAN member_text VIRTUAL TABLE INDEX"), "{found}");
        let short = in_either(&["ab"], &[Text::Email, Text::Name]).unwrap();
        let short =
            member::Entity::find().filter(member::Column::OrganizationId.eq(Uuid::nil())).filter(short);
        let short = plan(&db, short.select_only().column(member::Column::Id)).await;
        assert_eq!(short, "SEARCH member USING COVERING INDEX member_texts (organization_id=?)\n");
        assert!(in_either(&["a\nb"], &[Text::Email, Text::Name]).is_none(), "it would lie across the two");
        assert!(in_either(&["ab"], &[Text::Name]).is_none());
        let at = plan(&db, few(all.clone().at(vec!["a@b.co".to_owned(), "b@b.co".to_owned()]))).await;
        assert!(at.starts_with("SEARCH member USING INDEX member_account_id"), "{at}");
        assert!(at.contains("SEARCH account USING INDEX") && !at.contains("SCAN"), "{at}");
        let those = plan(&db, few(all.clone().those(vec![Uuid::nil()]))).await;
        assert!(those.starts_with("SEARCH member USING INDEX member_account_id"), "{those}");
        let inside = plan(&db, few(all.clone().inside(&*db, Uuid::nil()).await.unwrap())).await;
        assert!(inside.starts_with("SEARCH member USING INDEX sqlite_autoindex_member_1 (id=?)"), "{inside}");
        assert!(!inside.contains("SCAN"), "{inside}");
        let role = workspace_member::Column::RoleId.eq(Uuid::nil());
        let held = workspace_member::Entity::find().filter(role);
        let held = held.select_only().column(workspace_member::Column::MemberId);
        let holds = plan(&db, sorted(all.clone().that(own(held)).select(), (By::Name, Order::Asc))).await;
        let one = "USING INDEX workspace_member_role_id_member_id_workspace_id (role_id=? AND member_id=?)";
        assert!(holds.replace("COVERING ", "").contains(one), "{holds}");
        let disabled = plan(&db, few(all.clone().switched_off(&*db, true).await.unwrap())).await;
        // That index holds nobody else.
        assert!(disabled.contains("SCAN account USING INDEX account_disabled"), "{disabled}");
    }

    async fn postgres_plan(db: &Db, query: impl std::fmt::Display) -> String {
        let explain = format!("EXPLAIN {query}");
        let rows = db.query_all_raw(Statement::from_string(DbBackend::Postgres, explain)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap() + "\n").collect()
    }

    /// Members without accounts, as many as PostgreSQL looks for a way among.
    const MANY: &str = "SET LOCAL session_replication_role = replica;
        INSERT INTO member (id, organization_id, account_id, role, created_at, email, name_key, workspace_count)
          SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000000', gen_random_uuid(),
            'ORGANIZATION_USER', now() + number * interval '1 second', md5(number::text) || '@example.com',
            md5('name' || number), number % 7
          FROM generate_series(1, 20000) AS number;
        ANALYZE member";

    /// The same on PostgreSQL, where this run has one (`scripts/postgres.sh`), whatever its language.
    #[tokio::test]
    async fn every_page_is_read_from_an_index_of_postgresql() {
        let Some(database) = Postgres::make("people").await else { return };
        let db = Db::open(&database.url(), false).await.unwrap();
        let change = db.change().await.unwrap();
        change.execute_unprepared(MANY).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        let all = People::of(Uuid::nil());
        for (by, index) in [
            (By::CreatedAt, "member_organization_id_created_at_id"),
            (By::Name, "member_organization_id_name_key_id"),
            (By::Email, "member_organization_id_email_id"),
            (By::Role, "member_organization_id_role_id"),
            (By::Workspaces, "member_organization_id_workspace_count_id"),
        ] {
            for order in [Order::Asc, Order::Desc] {
                let page = sorted(all.select(), (by, order.clone())).limit(50).build(DbBackend::Postgres);
                let page = postgres_plan(&db, page).await;
                assert!(
                    page.contains(&format!("using {index} ")) && !page.contains("Sort"),
                    "{by:?}: {page}"
                );
                let both = all.both(DbBackend::Postgres, invitations(), (by, order), 50, 0);
                let both = postgres_plan(&db, both.to_string(PostgresQueryBuilder)).await;
                // Two lists in order, not one that is sorted.
                assert!(both.contains("Merge Append"), "{both}");
                assert!(both.contains(&format!("using {index} ")), "{both}");
            }
        }
        let trigrams = "SELECT 1 AS found FROM pg_extension WHERE extname = 'pg_trgm'";
        let trigrams = Statement::from_string(DbBackend::Postgres, trigrams);
        if db.query_one_raw(trigrams).await.unwrap().is_some() {
            // What VACUUM does from time to time.
            db.execute_unprepared("SELECT gin_clean_pending_list('member_text')").await.unwrap();
            let found = all.that(any_of(&["lovelace"], &[Text::Email, Text::Name]));
            let found = postgres_plan(&db, found.select().build(DbBackend::Postgres)).await;
            assert!(found.contains("Bitmap Index Scan on member_text"), "{found}");
        } else {
            println!("without the extension pg_trgm: searches were not looked at");
        }
        (*db).clone().close().await.unwrap();
        database.remove().await;
    }

    /// What the columns of the counts hold, against what they should, after all that changes them.
    async fn workspaces_are_counted(url: &str) {
        crate::demo::run(120, url).await.unwrap();
        let db = Db::open(url, false).await.unwrap();
        let check = |after: &'static str| {
            let db = &db;
            async move {
                let mut seen = Vec::new();
                for (owner, table) in [("member", "workspace_member"), ("invitation", "invitation_workspace")]
                {
                    let sql = format!(
                        "SELECT CAST(workspace_count AS bigint) AS kept, role, (SELECT COUNT(*) FROM {table} \
                         WHERE {table}.{owner}_id = {owner}.id) AS counted FROM {owner}"
                    );
                    let backend = db.get_database_backend();
                    for row in db.query_all_raw(Statement::from_string(backend, sql)).await.unwrap() {
                        let (kept, counted): (i64, i64) =
                            (row.try_get("", "kept").unwrap(), row.try_get("", "counted").unwrap());
                        let role: String = row.try_get("", "role").unwrap();
                        let is_admin = role == OrganizationRole::Admin.as_str();
                        let right = if is_admin { i64::from(i32::MAX) } else { counted };
                        assert_eq!(kept, right, "{owner}, {role}, after {after}");
                        seen.push(kept);
                    }
                }
                seen.sort_unstable();
                seen.dedup();
                assert!(seen.len() > 2, "{seen:?} differ, after {after}");
            }
        };
        check("the demo").await;
        let change = db.change().await.unwrap();
        let users = member::Column::Role.eq("ORGANIZATION_USER");
        let to = Expr::value(OrganizationRole::Admin.as_str());
        let some = member::Entity::find().filter(users).limit(20).all(&*change).await.unwrap();
        let ids: Vec<Uuid> = some.iter().map(|row| row.id).collect();
        let these = member::Column::Id.is_in(ids.iter().copied());
        let promoted = member::Entity::update_many().col_expr(member::Column::Role, to);
        promoted.filter(these.clone()).exec(&*change).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        check("some became Admins").await;
        let change = db.change().await.unwrap();
        // What an Admin was added to is not counted, and counts once they are none any more.
        let held = workspace_member::Column::MemberId.eq(ids[0]);
        workspace_member::Entity::delete_many().filter(held).exec(&*change).await.unwrap();
        let back = member::Entity::update_many()
            .col_expr(member::Column::Role, Expr::value(OrganizationRole::Viewer.as_str()));
        back.filter(these).exec(&*change).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        check("they became Viewers").await;
        let change = db.change().await.unwrap();
        let one = workspace::Entity::find().one(&*change).await.unwrap().unwrap();
        workspace::Entity::delete_by_id(one.id).exec(&*change).await.unwrap();
        let viewers = workspace_member::Column::MemberId.is_in(ids.iter().copied().skip(10));
        workspace_member::Entity::delete_many().filter(viewers).exec(&*change).await.unwrap();
        member::Entity::delete_by_id(ids[1]).exec(&*change).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        check("a workspace and a member went").await;
        (*db).clone().close().await.unwrap();
    }

    #[tokio::test]
    async fn sqlite_counts_workspaces() {
        let directory = tempfile::TempDir::new().unwrap();
        workspaces_are_counted(&format!("sqlite://{}", directory.path().join("a.db").display())).await;
    }

    /// Where this run has one (`scripts/postgres.sh`).
    #[tokio::test]
    async fn postgresql_counts_workspaces() {
        let Some(database) = Postgres::make("counts").await else { return };
        workspaces_are_counted(&database.url()).await;
        database.remove().await;
    }

    /// An installation may lack the extension, or its user may not add it: here the latter.
    #[tokio::test]
    async fn without_trigrams_postgresql_has_everything_else() {
        let Some(database) = Postgres::make("plain").await else { return };
        let url = database.url();
        let (place, name) = url.split_once('@').unwrap().1.rsplit_once('/').unwrap();
        let there = sea_orm::Database::connect(&url).await.unwrap();
        for sql in [
            format!("CREATE ROLE {name} LOGIN PASSWORD 'plain'"),
            format!("GRANT ALL ON SCHEMA public TO {name}"),
        ] {
            there.execute_unprepared(&sql).await.unwrap();
        }
        let db = Db::open(&format!("postgres://{name}:plain@{place}/{name}"), false).await.unwrap();
        assert!(db.is_up_to_date().await.unwrap());
        let found = People::of(Uuid::nil()).with(&*db, &["lovelace"], &[Text::Name]).await.unwrap();
        assert_eq!(found.select().count(&*db).await.unwrap(), 0);
        let index = "SELECT 1 AS found FROM pg_class WHERE relname = 'member_text'";
        let index = Statement::from_string(DbBackend::Postgres, index);
        assert!(db.query_one_raw(index).await.unwrap().is_none());
        (*db).clone().close().await.unwrap();
        for sql in [format!("DROP OWNED BY {name}"), format!("DROP ROLE {name}")] {
            there.execute_unprepared(&sql).await.unwrap();
        }
        there.close().await.unwrap();
        database.remove().await;
    }

    #[test]
    fn a_text_is_a_phrase_whatever_is_in_it() {
        let sql = |texts: &[&str], places: &[Text]| {
            matching(texts, places).map(|query| query.to_string(SqliteQueryBuilder))
        };
        let both = sql(&["ADA\"*", "a OR b"], &[Text::Email, Text::Name]).unwrap();
        assert!(both.contains(r#"{email name_key} : ("ada""*" OR "a or b")"#), "{both}");
        assert_eq!(sql(&["ada", "ab"], &[Text::Name]), None, "each has to be long enough");
        assert!(sql(&["山田太"], &[Text::Name]).is_some(), "counted in characters");
    }
}
