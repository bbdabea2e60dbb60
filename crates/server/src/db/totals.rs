//! Totals of searches, kept until the members change.
//!
//! How many a search finds that many match is only known by looking at all of them, and the pages
//! of one list ask for it again each. So it is kept, with the number of the state that it was
//! counted in (`organization.people_version`, which the database raises with every change of a
//! member, on whichever server). The number is read before anything is counted: a change in between
//! makes a total that nobody asks for any more, never one that is out of date.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sea_orm::sea_query::{Alias, Expr};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QuerySelect};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::entity::organization;

/// So many are kept at most, some 100 KB; where one more comes, all are forgotten.
const KEPT: usize = 1_000;

/// A question, under its hash: what was searched for is nobody's business.
type Key = [u8; 32];

/// Totals that were counted.
#[derive(Default)]
pub struct Totals(Mutex<HashMap<Key, (i64, u64)>>);

/// A question at a state of the members.
pub struct Asked {
    key: Key,
    version: i64,
}

impl Totals {
    /// The question as the members are now; `None` where there is no such organization.
    ///
    /// # Errors
    /// Whatever the database says.
    pub async fn asked<C: ConnectionTrait>(
        connection: &C,
        organization: Uuid,
        question: &str,
    ) -> Result<Option<Asked>, DbErr> {
        let version: Option<i64> = organization::Entity::find_by_id(organization)
            .select_only()
            .column_as(Expr::col((organization::Entity, Alias::new("people_version"))), "version")
            .into_tuple()
            .one(connection)
            .await?;
        Ok(version.map(|version| Asked { key: Sha256::digest(question).into(), version }))
    }

    /// What was counted for it, if it still holds.
    pub fn find(&self, asked: &Asked) -> Option<u64> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&asked.key).filter(|(version, _)| *version == asked.version).map(|(_, total)| *total)
    }

    /// Keeps what was counted for it.
    pub fn keep(&self, asked: Asked, total: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&asked.key) {
            kept.clear();
        }
        kept.insert(asked.key, (asked.version, total));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sea_orm::{ColumnTrait, Order, QueryFilter};

    use super::super::Db;
    use super::super::entity::{account, member};
    use super::super::people::{By, People, Text, any_of};
    use super::super::temporary::Postgres;
    use super::*;
    use crate::answers::people::MemberRow;

    struct Search {
        db: Db,
        organization: Uuid,
        totals: Arc<Totals>,
    }

    impl Search {
        /// How many have the letters, as a list says it.
        async fn total(&self) -> u64 {
            let people = People::of(self.organization).kept_in(&self.totals);
            // As where many match: of so few the database is told which.
            let people = people.that(any_of(&["an"], &[Text::Email, Text::Name]));
            let (total, _) =
                people.counted::<_, MemberRow>(&*self.db, (By::Name, Order::Asc), 10, 0).await.unwrap();
            total
        }

        /// The same, looked up in everybody.
        async fn truth(&self) -> u64 {
            let rows = member::Entity::find()
                .filter(member::Column::OrganizationId.eq(self.organization))
                .find_also_related(account::Entity)
                .all(&*self.db)
                .await
                .unwrap();
            let has = |one: &account::Model| {
                one.email.contains("an") || one.full_name.to_lowercase().contains("an")
            };
            rows.iter().filter(|(_, account)| account.as_ref().is_some_and(has)).count() as u64
        }

        async fn version(&self) -> i64 {
            Totals::asked(&*self.db, self.organization, "").await.unwrap().unwrap().version
        }

        async fn change(&self, sql: &str) {
            let change = self.db.change().await.unwrap();
            assert!(change.execute_unprepared(sql).await.unwrap().rows_affected() > 0, "{sql}");
            change.commit_unrecorded().await.unwrap();
        }
    }

    /// A total that was kept is the right one after every way in which members change.
    async fn hold_until_members_change(url: &str) {
        crate::demo::run(60, url).await.unwrap();
        let db = Db::open(url, false).await.unwrap();
        let ada = account::Entity::find().filter(account::Column::Email.eq("ada@acme.example"));
        let ada = ada.one(&*db).await.unwrap().unwrap();
        let all = organization::Entity::find().all(&*db).await.unwrap();
        let organization = all.iter().find(|one| one.display_name == "Acme").unwrap().id;
        let search = Search { db, organization, totals: Arc::default() };
        let before = search.total().await;
        assert!(before > 2 && before == search.truth().await, "{before}");
        let kept = search.version().await;
        assert_eq!((search.total().await, search.version().await), (before, kept));
        assert_eq!(search.totals.0.lock().unwrap().len(), 1, "one question, asked twice");

        let one_more = "(SELECT id FROM account WHERE email = 'ada@acme.example')";
        for (sql, moves) in [
            (
                format!(
                    "UPDATE account SET full_name = 'Xx', name_key = 'xx', email = 'xx@xx.example' WHERE id = {one_more}"
                ),
                true,
            ),
            (
                "UPDATE account SET full_name = 'Annan', name_key = 'annan' WHERE email = 'xx@xx.example'"
                    .to_owned(),
                true,
            ),
            ("UPDATE member SET role = 'ORGANIZATION_VIEWER' WHERE email LIKE 'grace%'".to_owned(), true),
            ("DELETE FROM member WHERE email = 'xx@xx.example'".to_owned(), true),
            (
                "UPDATE account SET full_name = 'Anna', name_key = 'anna' WHERE email = 'xx@xx.example'"
                    .to_owned(),
                false,
            ),
        ] {
            let version = search.version().await;
            search.change(&sql).await;
            assert_eq!(search.version().await != version, moves, "{sql}");
            assert_eq!(search.total().await, search.truth().await, "{sql}");
        }
        let version = search.version().await;
        let change = search.db.change().await.unwrap();
        let row = member::ActiveModel {
            id: sea_orm::Set(Uuid::new_v4()),
            organization_id: sea_orm::Set(organization),
            account_id: sea_orm::Set(ada.id),
            role: sea_orm::Set("ORGANIZATION_USER".to_owned()),
            created_at: sea_orm::Set(chrono::Utc::now()),
        };
        member::Entity::insert(row).exec(&*change).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        assert!(search.version().await > version);
        assert_eq!(search.total().await, search.truth().await);
        (*search.db).clone().close().await.unwrap();
    }

    #[tokio::test]
    async fn on_sqlite() {
        let directory = tempfile::TempDir::new().unwrap();
        hold_until_members_change(&format!("sqlite://{}", directory.path().join("a.db").display())).await;
    }

    /// Where this run has one (`scripts/postgres.sh`).
    #[tokio::test]
    async fn on_postgresql() {
        let Some(database) = Postgres::make("totals").await else { return };
        hold_until_members_change(&database.url()).await;
        database.remove().await;
    }

    #[test]
    fn no_more_are_kept_than_fit() {
        let totals = Totals::default();
        for number in 0..=u64::try_from(KEPT).unwrap() {
            totals.keep(Asked { key: Sha256::digest(number.to_le_bytes()).into(), version: 1 }, number);
        }
        assert_eq!(totals.0.lock().unwrap().len(), 1);
        let last = Sha256::digest(1_000u64.to_le_bytes()).into();
        assert_eq!(totals.find(&Asked { key: last, version: 1 }), Some(1_000));
        assert_eq!(totals.find(&Asked { key: last, version: 2 }), None, "the members changed since");
    }
}
