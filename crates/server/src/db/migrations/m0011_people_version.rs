//! How often the members of an organization have changed in what lists find them by, kept with the
//! organization: a total that was counted holds until this number moves (`db/totals.rs`). The
//! database itself counts, as with the seats (`m0009_seats`), whose triggers these replace: one
//! statement does both.
//!
//! And for SQLite, address and name as one text in an index of its own, narrow enough to be looked
//! through for the one or two characters that no index of trigrams finds.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::big_integer;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// The step.
pub struct PeopleVersion;

impl MigrationName for PeopleVersion {
    fn name(&self) -> &str {
        "m0011_people_version"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for PeopleVersion {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let version = big_integer("people_version").default(0).take();
        manager.alter_table(Table::alter().table("organization").add_column(version).to_owned()).await?;
        let connection = manager.get_connection();
        let triggers =
            if connection.get_database_backend() == DbBackend::Postgres { POSTGRES } else { SQLITE };
        connection.execute_unprepared(triggers).await?;
        Ok(())
    }
}

/// `member_added` and `account_renamed` are those of `m0006_people`, with the text. A new member gets
/// its texts by the first of them while it has no number yet: that is not a change more.
const SQLITE: &str = "\
ALTER TABLE member ADD COLUMN texts TEXT NOT NULL DEFAULT '';
UPDATE member SET texts = email || char(10) || name_key;
DROP TRIGGER member_added;
CREATE TRIGGER member_added AFTER INSERT ON member BEGIN
  UPDATE member SET
    email = COALESCE((SELECT account.email FROM account WHERE account.id = NEW.account_id), ''),
    name_key = COALESCE((SELECT account.name_key FROM account WHERE account.id = NEW.account_id), ''),
    text_id = (SELECT COALESCE(MAX(text_id), 0) + 1 FROM member)
  WHERE id = NEW.id;
  UPDATE member SET texts = email || char(10) || name_key WHERE id = NEW.id;
  INSERT INTO member_text (rowid, email, name_key)
    SELECT text_id, email, name_key FROM member WHERE id = NEW.id;
END;
DROP TRIGGER account_renamed;
CREATE TRIGGER account_renamed AFTER UPDATE OF email, name_key ON account BEGIN
  UPDATE member SET email = NEW.email, name_key = NEW.name_key, texts = NEW.email || char(10) || NEW.name_key
    WHERE account_id = NEW.id;
END;
CREATE INDEX member_texts ON member (organization_id, texts, id);
DROP TRIGGER member_members_insert;
DROP TRIGGER member_members_delete;
CREATE TRIGGER member_members_insert AFTER INSERT ON member BEGIN
  UPDATE organization SET members = members + 1, people_version = people_version + 1
    WHERE id = NEW.organization_id;
END;
CREATE TRIGGER member_members_delete AFTER DELETE ON member BEGIN
  UPDATE organization SET members = members - 1, people_version = people_version + 1
    WHERE id = OLD.organization_id;
END;
CREATE TRIGGER member_changed AFTER UPDATE OF role, email, name_key ON member WHEN OLD.text_id IS NOT NULL BEGIN
  UPDATE organization SET people_version = people_version + 1 WHERE id = NEW.organization_id;
END;";

/// Once a statement, as there.
const POSTGRES: &str = "\
CREATE OR REPLACE FUNCTION member_members_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE organization SET members = members + counted.count, people_version = people_version + 1
    FROM (SELECT organization_id, COUNT(*) AS count FROM changed GROUP BY organization_id) AS counted
    WHERE organization.id = counted.organization_id;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION member_members_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE organization SET members = members - counted.count, people_version = people_version + 1
    FROM (SELECT organization_id, COUNT(*) AS count FROM changed GROUP BY organization_id) AS counted
    WHERE organization.id = counted.organization_id;
  RETURN NULL;
END $$;
CREATE FUNCTION member_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE organization SET people_version = people_version + 1
    FROM (SELECT DISTINCT organization_id FROM changed) AS counted
    WHERE organization.id = counted.organization_id;
  RETURN NULL;
END $$;
CREATE TRIGGER member_changed AFTER UPDATE ON member REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION member_changed();";
