//! How many members and open invitations an organization has, as the database counts them with each
//! that comes or goes (the triggers of the step `m0009_seats`): reading it costs the same however
//! many they are.

use sea_orm::sea_query::{Alias, Expr};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QuerySelect};
use uuid::Uuid;

use super::entity::organization;

/// The seats that are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// By members.
    pub members: u64,
    /// By open invitations.
    pub invitations: u64,
}

/// The seats that are taken in an organization.
///
/// # Errors
/// Whatever the database says.
pub async fn taken<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<Taken, DbErr> {
    let count = |name: &'static str| Expr::col((organization::Entity, Alias::new(name)));
    let found: Option<(i64, i64)> = organization::Entity::find_by_id(organization)
        .select_only()
        .column_as(count("members"), "members")
        .column_as(count("invitations"), "invitations")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.map_or_else(Taken::default, |(members, invitations)| Taken {
        members: members.unsigned_abs(),
        invitations: invitations.unsigned_abs(),
    }))
}

#[cfg(test)]
mod tests {
    use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};

    use super::super::Db;
    use super::super::entity::{account, invitation, member};
    use super::super::temporary::Postgres;
    use super::*;

    async fn counted(db: &Db) -> Vec<Taken> {
        let mut all = Vec::new();
        for row in organization::Entity::find().all(&**db).await.unwrap() {
            let members = member::Entity::find().filter(member::Column::OrganizationId.eq(row.id));
            let invitations =
                invitation::Entity::find().filter(invitation::Column::OrganizationId.eq(row.id));
            let is = Taken {
                members: members.count(&**db).await.unwrap(),
                invitations: invitations.count(&**db).await.unwrap(),
            };
            assert_eq!(taken(&**db, row.id).await.unwrap(), is, "{}", row.display_name);
            all.push(is);
        }
        all
    }

    async fn whoever_goes_is_counted_out(url: &str) {
        crate::demo::run(60, url).await.unwrap();
        let db = Db::open(url, false).await.unwrap();
        let before = counted(&db).await;
        assert!(before.contains(&Taken { members: 60, invitations: 3 }), "{before:?}");
        let ada = account::Column::Email.eq("ada@acme.example");
        let ada = account::Entity::find().filter(ada).one(&*db).await.unwrap().unwrap();
        let change = db.change().await.unwrap();
        let users = member::Column::Role.eq("ORGANIZATION_VIEWER");
        let gone = member::Entity::delete_many().filter(users).exec(&*change).await.unwrap().rows_affected;
        assert!(gone > 1, "{gone}");
        let invited = invitation::Column::Role.ne("ORGANIZATION_USER");
        invitation::Entity::delete_many().filter(invited).exec(&*change).await.unwrap();
        // With every membership, and an organization of her own.
        account::Entity::delete_by_id(ada.id).exec(&*change).await.unwrap();
        change.commit_unrecorded().await.unwrap();
        let after = counted(&db).await;
        assert_eq!(after.len(), before.len() - 1);
        let left = Taken { members: 60 - gone - 1, invitations: 2 };
        assert!(after.contains(&left), "{after:?}, not {left:?}");
        assert_eq!(taken(&*db, Uuid::nil()).await.unwrap(), Taken::default());
        (*db).clone().close().await.unwrap();
    }

    #[tokio::test]
    async fn sqlite_counts_them() {
        let directory = tempfile::TempDir::new().unwrap();
        whoever_goes_is_counted_out(&format!("sqlite://{}", directory.path().join("a.db").display())).await;
    }

    /// Where this run has one (`scripts/postgres.sh`).
    #[tokio::test]
    async fn postgresql_counts_them() {
        let Some(database) = Postgres::make("seats").await else { return };
        whoever_goes_is_counted_out(&database.url()).await;
        database.remove().await;
    }
}
