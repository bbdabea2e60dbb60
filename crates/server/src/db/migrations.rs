//! The steps that make the tables. A step that was released is never changed; the next one
//! follows it.

mod m0005_stripe;

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer, boolean, json, json_null, pk_uuid, string, string_null, string_uniq,
    timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
};

use super::system_roles;

mod m0002_keys;
mod m0003_audit;
mod m0004_kept_answers;
mod m0006_people;
mod m0007_sign_in_tries;
mod m0008_holders;
mod m0009_seats;
mod m0010_removed;
mod m0011_people_version;
mod m0012_workspace_counts;
mod m0014_plan_ends;
mod m0015_workspace_color;
mod m0016_audit_filters;
mod m0017_stripe_ended_customers;

/// All steps, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(Tables),
            Box::new(m0002_keys::Keys),
            Box::new(m0003_audit::Audit),
            Box::new(m0004_kept_answers::KeptAnswers),
            Box::new(m0005_stripe::Stripe),
            Box::new(m0006_people::People),
            Box::new(m0007_sign_in_tries::SignInTries),
            Box::new(m0008_holders::Holders),
            Box::new(m0009_seats::Seats),
            Box::new(m0010_removed::Removed),
            Box::new(m0011_people_version::PeopleVersion),
            Box::new(m0012_workspace_counts::WorkspaceCounts),
            Box::new(m0014_plan_ends::PlanEnds),
            Box::new(m0015_workspace_color::WorkspaceColor),
            Box::new(m0016_audit_filters::AuditFilters),
            Box::new(m0017_stripe_ended_customers::EndedCustomers),
        ]
    }
}

struct Tables;

impl MigrationName for Tables {
    fn name(&self) -> &str {
        "m0001_tables"
    }
}

/// A reference that goes away with what it refers to.
fn owned_by(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    reference(column, table, ForeignKeyAction::Cascade)
}

/// A reference that keeps what it refers to from going away.
fn needs(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    reference(column, table, ForeignKeyAction::Restrict)
}

fn reference(
    column: &'static str,
    table: &'static str,
    action: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.from_col(column).to(table, "id").on_delete(action);
    key.to_owned()
}

fn index(table: &'static str, columns: &[&'static str], unique: bool) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table);
    for column in columns {
        index.col(*column);
    }
    if unique {
        index.unique();
    }
    index.to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Tables {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in accounts().into_iter().chain(organizations()).chain(people()) {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        seed_roles(manager).await
    }
}

fn accounts() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("account")
            .col(pk_uuid("id"))
            .col(string_uniq("email"))
            .col(string("full_name"))
            .col(string("name_key"))
            .col(string("password_hash"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned(),
        Table::create()
            .table("session")
            .col(pk_uuid("id"))
            .col(uuid("account_id"))
            .col(string_uniq("cookie_hash"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut owned_by("account_id", "account"))
            .to_owned(),
        Table::create()
            .table("access_token")
            .col(string("hash").primary_key())
            .col(uuid("session_id"))
            .col(timestamp_with_time_zone("expires_at"))
            .foreign_key(&mut owned_by("session_id", "session"))
            .to_owned(),
    ]
}

fn organizations() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("organization")
            .col(pk_uuid("id"))
            .col(string("display_name"))
            .col(string("tier"))
            .col(boolean("disabled"))
            // Unique, so that two first sign-ins at once make one personal organization.
            .col(uuid_null("personal_of").unique_key())
            .col(uuid_null("created_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("modified_at"))
            .col(timestamp_with_time_zone_null("plan_since"))
            .col(json("settings"))
            .col(json_null("business_info"))
            .col(json_null("payment_method"))
            .foreign_key(&mut owned_by("personal_of", "account"))
            .to_owned(),
        Table::create()
            .table("setup_intent")
            .col(string("id").primary_key())
            .col(uuid("organization_id"))
            .col(string("secret_hash"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("used_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .to_owned(),
        Table::create()
            .table("workspace")
            .col(pk_uuid("id"))
            .col(uuid("organization_id"))
            .col(string("display_name"))
            .col(string_null("tenant_handle"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .to_owned(),
        Table::create()
            .table("role")
            .col(pk_uuid("id"))
            .col(uuid_null("organization_id"))
            .col(string("name"))
            .col(string("display_name"))
            .col(string("name_key"))
            .col(string("description"))
            .col(json("permissions"))
            .col(string("access_scope"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .to_owned(),
        Table::create()
            .table("resource")
            .col(pk_uuid("id"))
            .col(uuid("workspace_id"))
            .col(string("kind"))
            .col(string("name"))
            .col(string("name_key"))
            .col(big_integer("size"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("modified_at"))
            .col(json("fields"))
            .foreign_key(&mut owned_by("workspace_id", "workspace"))
            .to_owned(),
    ]
}

fn people() -> Vec<TableCreateStatement> {
    vec![
        Table::create()
            .table("member")
            .col(pk_uuid("id"))
            .col(uuid("organization_id"))
            .col(uuid("account_id"))
            .col(string("role"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .foreign_key(&mut owned_by("account_id", "account"))
            .to_owned(),
        Table::create()
            .table("workspace_member")
            .col(pk_uuid("id"))
            .col(uuid("workspace_id"))
            .col(uuid("member_id"))
            .col(uuid("role_id"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut owned_by("workspace_id", "workspace"))
            .foreign_key(&mut owned_by("member_id", "member"))
            .foreign_key(&mut needs("role_id", "role"))
            .to_owned(),
        Table::create()
            .table("invitation")
            .col(pk_uuid("id"))
            .col(uuid("organization_id"))
            .col(string("email"))
            .col(string_null("full_name"))
            .col(string("role"))
            .col(uuid_null("workspace_role_id"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut owned_by("organization_id", "organization"))
            .foreign_key(&mut needs("workspace_role_id", "role"))
            .to_owned(),
        Table::create()
            .table("invitation_workspace")
            .col(uuid("invitation_id"))
            .col(uuid("workspace_id"))
            .primary_key(Index::create().col("invitation_id").col("workspace_id"))
            .foreign_key(&mut owned_by("invitation_id", "invitation"))
            .foreign_key(&mut owned_by("workspace_id", "workspace"))
            .to_owned(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("session", &["account_id"], false),
        index("access_token", &["session_id"], false),
        index("setup_intent", &["organization_id"], false),
        index("workspace", &["organization_id"], false),
        index("role", &["organization_id", "name_key"], true),
        index("resource", &["workspace_id", "kind", "name"], true),
        index("member", &["organization_id", "account_id"], true),
        index("member", &["account_id"], false),
        index("workspace_member", &["workspace_id", "member_id"], true),
        index("workspace_member", &["member_id"], false),
        index("workspace_member", &["role_id"], false),
        // Addresses are kept normalized, in lower case: one open invitation an address.
        index("invitation", &["organization_id", "email"], true),
        index("invitation", &["email"], false),
        index("invitation", &["workspace_role_id"], false),
        index("invitation_workspace", &["workspace_id"], false),
    ]
}

/// The system roles of workspaces, so that memberships can refer to them as to custom ones. What
/// they permit is the domain's to say; the column stays empty.
async fn seed_roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (id, role) in system_roles::workspace_roles() {
        let row = Query::insert()
            .into_table("role")
            .columns([
                "id",
                "name",
                "display_name",
                "name_key",
                "description",
                "permissions",
                "access_scope",
                "created_at",
            ])
            .values_panic([
                (*id).into(),
                role.as_str().into(),
                role.label().into(),
                role.label().to_lowercase().into(),
                role.description().into(),
                serde_json::Value::Array(Vec::new()).into(),
                system_roles::WORKSPACE.into(),
                super::now().into(),
            ])
            .to_owned();
        manager.execute(row).await?;
    }
    Ok(())
}
