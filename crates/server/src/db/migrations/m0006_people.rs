//! Lists of members on indexes, whatever they are sorted by and searched for.
//!
//! A membership carries a copy of its account's address and name, since no index spans two tables.
//! The database itself keeps the copies, so no statement of the program can forget them.
//!
//! A search for a part of a text is served by an index of trigrams. SQLite and PostgreSQL each have
//! one, and each has its own way to say so.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer_null, string};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use super::index;

pub struct People;

impl MigrationName for People {
    fn name(&self) -> &str {
        "m0006_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for People {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["email", "name_key"] {
            let mut column = string(column);
            column.default("");
            manager.alter_table(Table::alter().table("member").add_column(column).to_owned()).await?;
        }
        let connection = manager.get_connection();
        connection
            .execute_unprepared(
                "UPDATE member SET \
                 email = (SELECT account.email FROM account WHERE account.id = member.account_id), \
                 name_key = (SELECT account.name_key FROM account WHERE account.id = member.account_id)",
            )
            .await?;
        // Each goes on with the id, by which equal rows are sorted, and with the role, by which some
        // are in every workspace. The one of the usual order has the texts as well: where everybody
        // has to be looked at, that is all that is looked at.
        let mut by_time = index("member", &["organization_id", "created_at", "id"], false);
        by_time.col("role").col("email").col("name_key");
        manager.create_index(by_time).await?;
        manager.create_index(index("member", &["organization_id", "role", "id"], false)).await?;
        for column in ["name_key", "email"] {
            let mut by_text = index("member", &["organization_id", column, "id"], false);
            manager.create_index(by_text.col("role").to_owned()).await?;
        }
        // Of those alone who are switched off: an index of everybody else would be taken for questions
        // that it makes slow.
        let mut disabled = index("account", &["id"], false);
        disabled.name("account_disabled").cond_where(Expr::col("is_disabled"));
        manager.create_index(disabled).await?;
        manager.create_index(index("invitation", &["organization_id", "created_at", "id"], false)).await?;
        // Last: a connection that opens SQLite's index of trigrams must not find the tables changed since.
        if connection.get_database_backend() == DbBackend::Postgres {
            connection.execute_unprepared(POSTGRES).await?;
        } else {
            let number = big_integer_null("text_id");
            manager.alter_table(Table::alter().table("member").add_column(number).to_owned()).await?;
            connection.execute_unprepared(SQLITE).await?;
        }
        Ok(())
    }
}

/// SQLite's index of trigrams is a table of its own (https://sqlite.org/fts5.html#external_content_tables)
/// that refers to members by a number. Their own row numbers will not do: VACUUM may change them.
const SQLITE: &str = "\
UPDATE member SET text_id = rowid;
CREATE UNIQUE INDEX member_text_id ON member (text_id);
CREATE VIRTUAL TABLE member_text USING fts5 (
  email, name_key, content = 'member', content_rowid = 'text_id', tokenize = 'trigram case_sensitive 1'
);
INSERT INTO member_text (member_text) VALUES ('rebuild');
CREATE TRIGGER member_added AFTER INSERT ON member BEGIN
  UPDATE member SET
    email = COALESCE((SELECT account.email FROM account WHERE account.id = NEW.account_id), ''),
    name_key = COALESCE((SELECT account.name_key FROM account WHERE account.id = NEW.account_id), ''),
    text_id = (SELECT COALESCE(MAX(text_id), 0) + 1 FROM member)
  WHERE id = NEW.id;
  INSERT INTO member_text (rowid, email, name_key)
    SELECT text_id, email, name_key FROM member WHERE id = NEW.id;
END;
CREATE TRIGGER member_renamed AFTER UPDATE OF email, name_key ON member WHEN OLD.text_id IS NOT NULL BEGIN
  INSERT INTO member_text (member_text, rowid, email, name_key)
    VALUES ('delete', OLD.text_id, OLD.email, OLD.name_key);
  INSERT INTO member_text (rowid, email, name_key) VALUES (NEW.text_id, NEW.email, NEW.name_key);
END;
CREATE TRIGGER member_removed AFTER DELETE ON member BEGIN
  INSERT INTO member_text (member_text, rowid, email, name_key)
    VALUES ('delete', OLD.text_id, OLD.email, OLD.name_key);
END;
CREATE TRIGGER account_renamed AFTER UPDATE OF email, name_key ON account BEGIN
  UPDATE member SET email = NEW.email, name_key = NEW.name_key WHERE account_id = NEW.id;
END;";

/// PostgreSQL's comes with its extension pg_trgm, which an installation may lack or may not let
/// this user add. Searches then read every member of the organization: slower, and right.
const POSTGRES: &str = "\
CREATE FUNCTION member_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.email := COALESCE((SELECT account.email FROM account WHERE account.id = NEW.account_id), '');
  NEW.name_key := COALESCE((SELECT account.name_key FROM account WHERE account.id = NEW.account_id), '');
  RETURN NEW;
END $$;
CREATE TRIGGER member_added BEFORE INSERT ON member FOR EACH ROW EXECUTE FUNCTION member_added();
CREATE FUNCTION account_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE member SET email = NEW.email, name_key = NEW.name_key WHERE account_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER account_renamed AFTER UPDATE OF email, name_key ON account
  FOR EACH ROW EXECUTE FUNCTION account_renamed();
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX member_text ON member USING gin (email gin_trgm_ops, name_key gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE WARNING 'Without the extension pg_trgm searches in large organizations are slow: %', SQLERRM;
END $$;";
