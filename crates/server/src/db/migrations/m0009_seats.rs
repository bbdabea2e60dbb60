//! How many members and open invitations an organization has, kept with it: every invitation asks
//! whether a seat is free, and counting everybody for it takes the longer the more there are. The
//! database itself counts, so no statement of the program can forget it, and no cascade either.
//!
//! And indexes for what `bench/members.mjs` found to grow with the members.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, string};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};
use uuid::Uuid;

use super::index;

/// The step.
pub struct Seats;

impl MigrationName for Seats {
    fn name(&self) -> &str {
        "m0009_seats"
    }
}

/// The column of the organization, and the table whose rows it counts.
const COUNTS: [(&str, &str); 2] = [("members", "member"), ("invitations", "invitation")];

#[async_trait::async_trait]
impl MigrationTrait for Seats {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        names_of_invitations(manager).await?;
        // As the lists of invitations are sorted. Those of the usual orders have both texts, which are
        // what is searched.
        for column in ["name_key", "role"] {
            manager.create_index(index("invitation", &["organization_id", column, "id"], false)).await?;
        }
        manager.drop_index(dropped("invitation", "invitation_organization_id_created_at_id")).await?;
        let mut by_time = index("invitation", &["organization_id", "created_at", "id"], false);
        manager.create_index(by_time.col("email").col("name_key").to_owned()).await?;
        let mut by_address = index("invitation", &["organization_id", "email", "id"], false);
        manager.create_index(by_address.col("name_key").to_owned()).await?;
        // Whether a member holds a role is looked up, and who holds it counted, in this alone.
        manager
            .create_index(index("workspace_member", &["role_id", "member_id", "workspace_id"], false))
            .await?;
        manager.drop_index(dropped("workspace_member", "workspace_member_role_id_member_id")).await?;
        let connection = manager.get_connection();
        for (column, table) in COUNTS {
            let count = big_integer(column).default(0).take();
            manager.alter_table(Table::alter().table("organization").add_column(count).to_owned()).await?;
            let count = format!(
                "UPDATE organization SET {column} = \
                 (SELECT COUNT(*) FROM {table} WHERE {table}.organization_id = organization.id)"
            );
            connection.execute_unprepared(&count).await?;
            let triggers = if connection.get_database_backend() == DbBackend::Postgres {
                postgres(column, table)
            } else {
                sqlite(column, table)
            };
            connection.execute_unprepared(&triggers).await?;
        }
        Ok(())
    }
}

/// The name in small letters, whatever the script: SQLite's own `LOWER` knows none but the English.
async fn names_of_invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut column = string("name_key");
    column.default("");
    manager.alter_table(Table::alter().table("invitation").add_column(column).to_owned()).await?;
    let connection = manager.get_connection();
    let mut named = Query::select();
    named.columns(["id", "full_name"]).from("invitation").and_where(Expr::col("full_name").is_not_null());
    for row in connection.query_all(&named).await? {
        let (id, name): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "full_name")?);
        let mut update = Query::update();
        update.table("invitation").value("name_key", name.to_lowercase()).and_where(Expr::col("id").eq(id));
        connection.execute(&update).await?;
    }
    Ok(())
}

fn dropped(table: &'static str, name: &'static str) -> IndexDropStatement {
    Index::drop().name(name).table(table).to_owned()
}

fn sqlite(column: &str, table: &str) -> String {
    let counted = |event: &str, row: &str, sign: &str| {
        format!(
            "CREATE TRIGGER {table}_{column}_{event} AFTER {event} ON {table} BEGIN \
             UPDATE organization SET {column} = {column} {sign} 1 WHERE id = {row}.organization_id; END;"
        )
    };
    counted("insert", "NEW", "+") + &counted("delete", "OLD", "-")
}

/// Once a statement: a row that is written anew for each of thousands in one transaction leaves as
/// many dead ones, and each time all are looked through.
fn postgres(column: &str, table: &str) -> String {
    let counted = |event: &str, rows: &str, sign: &str| {
        let name = format!("{table}_{column}_{event}");
        format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              UPDATE organization SET {column} = {column} {sign} counted.count
                FROM (SELECT organization_id, COUNT(*) AS count FROM changed GROUP BY organization_id) AS counted
                WHERE organization.id = counted.organization_id;
              RETURN NULL;
            END $$;
            CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed
              FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        )
    };
    counted("insert", "NEW", "+") + &counted("delete", "OLD", "-")
}
