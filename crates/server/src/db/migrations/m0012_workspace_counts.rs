//! In how many workspaces each member is, and how many each invitation opens, kept with them: the
//! members are sorted by it, and counting for everybody each time takes the longer the more there are.
//! The database itself counts, so no statement of the program can forget it, and no cascade either.
//!
//! An Organization Admin is in every workspace, whatever was opened one by one: that is more than any
//! number, so that making and deleting a workspace touches no Admin.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::integer;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use super::index;

/// The step.
pub struct WorkspaceCounts;

impl MigrationName for WorkspaceCounts {
    fn name(&self) -> &str {
        "m0012_workspace_counts"
    }
}

/// What stands for all of them.
const ALL: i32 = i32::MAX;

/// Whose role that is.
const ADMIN: &str = "ORGANIZATION_ADMIN";

/// Whose workspaces are counted, and the table that has a row for each.
const COUNTED: [(&str, &str); 2] = [("member", "workspace_member"), ("invitation", "invitation_workspace")];

#[async_trait::async_trait]
impl MigrationTrait for WorkspaceCounts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for (owner, table) in COUNTED {
            let count = integer("workspace_count").default(0).take();
            manager.alter_table(Table::alter().table(owner).add_column(count).to_owned()).await?;
            let counted = counted(owner, table, owner);
            connection.execute_unprepared(&format!("UPDATE {owner} SET workspace_count = {counted}")).await?;
            let mut by_count = index(owner, &["organization_id", "workspace_count", "id"], false);
            // As the other orders of members have it: by the role some are in every workspace.
            manager.create_index(by_count.col("role").to_owned()).await?;
            let triggers = if connection.get_database_backend() == DbBackend::Postgres {
                postgres(owner, table)
            } else {
                sqlite(owner, table)
            };
            connection.execute_unprepared(&triggers).await?;
        }
        Ok(())
    }
}

/// What the count of a row is, which is called `row`.
fn counted(owner: &str, table: &str, row: &str) -> String {
    format!(
        "CASE WHEN {row}.role = '{ADMIN}' THEN {ALL} \
         ELSE (SELECT COUNT(*) FROM {table} WHERE {table}.{owner}_id = {row}.id) END"
    )
}

fn sqlite(owner: &str, table: &str) -> String {
    let step = |event: &str, row: &str, sign: &str| {
        format!(
            "CREATE TRIGGER {table}_counted_{event} AFTER {event} ON {table} BEGIN \
             UPDATE {owner} SET workspace_count = workspace_count {sign} 1 \
             WHERE id = {row}.{owner}_id AND role <> '{ADMIN}'; END;"
        )
    };
    let counted = counted(owner, table, "NEW");
    format!(
        "{}{}\
         CREATE TRIGGER {owner}_counted_insert AFTER INSERT ON {owner} WHEN NEW.role = '{ADMIN}' BEGIN \
         UPDATE {owner} SET workspace_count = {ALL} WHERE id = NEW.id; END;\
         CREATE TRIGGER {owner}_counted_role AFTER UPDATE OF role ON {owner} WHEN OLD.role <> NEW.role BEGIN \
         UPDATE {owner} SET workspace_count = {counted} WHERE id = NEW.id; END;",
        step("insert", "NEW", "+"),
        step("delete", "OLD", "-")
    )
}

/// Once a statement, as far as that goes: a row that is written anew for each of thousands leaves as
/// many dead ones.
fn postgres(owner: &str, table: &str) -> String {
    let step = |event: &str, rows: &str, sign: &str| {
        let name = format!("{table}_counted_{event}");
        format!(
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              UPDATE {owner} SET workspace_count = workspace_count {sign} counted.count
                FROM (SELECT {owner}_id, COUNT(*) AS count FROM changed GROUP BY {owner}_id) AS counted
                WHERE {owner}.id = counted.{owner}_id AND {owner}.role <> '{ADMIN}';
              RETURN NULL;
            END $$;
            CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed
              FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        )
    };
    let counted = counted(owner, table, "NEW");
    format!(
        "{}{}
        CREATE FUNCTION {owner}_counted() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.workspace_count := {counted};
          RETURN NEW;
        END $$;
        CREATE TRIGGER {owner}_counted_insert BEFORE INSERT ON {owner}
          FOR EACH ROW EXECUTE FUNCTION {owner}_counted();
        CREATE TRIGGER {owner}_counted_role BEFORE UPDATE OF role ON {owner}
          FOR EACH ROW WHEN (OLD.role IS DISTINCT FROM NEW.role) EXECUTE FUNCTION {owner}_counted();",
        step("insert", "NEW", "+"),
        step("delete", "OLD", "-")
    )
}
