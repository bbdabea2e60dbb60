//! `atrium-server demo`: a believable organization to look at, the same each time but for its ids.

mod names;
mod people;
mod resources;

use atrium_domain::names::check_password;
use atrium_domain::{OrganizationRole, Tier, WorkspaceRole};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::auth::passwords::hash_now;
use crate::db::entity::{account, member, organization, role, workspace, workspace_member};
use crate::db::{Change, Db, now, system_roles};
use crate::routes::organization_row;

/// The accounts that the printed text names: first part of the address, name, organization role.
const GUIDES: [(&str, &str, OrganizationRole); 4] = [
    ("ada", "Ada Lovelace", OrganizationRole::Admin),
    ("otto", "Otto Operator", OrganizationRole::Operator),
    ("ursula", "Ursula User", OrganizationRole::User),
    ("vera", "Vera Viewer", OrganizationRole::Viewer),
];
const DOMAIN: &str = "acme.example";
/// Known to everybody, so a demo is for one's own machine.
const PASSWORD: &str = "atrium-demo";
/// Rows in one statement; SQLite takes 32,766 values in one.
const CHUNK: usize = 1_000;

/// The workspaces of the large organization.
const WORKSPACES: &[&str] = &[
    "Customer support",
    "Search",
    "Document intelligence",
    "Sales copilot",
    "Fraud (EU)",
    "Fraud (US)",
    "Voice lab",
    "Research",
    "Platform",
    "Internal tools",
    "Legal review",
    "Sandbox",
];

/// Fills the database.
///
/// # Errors
/// A sentence where it holds the demo already, or cannot be used.
pub async fn run(members: u32, database: &str) -> Result<(), String> {
    check_password(PASSWORD)?;
    let db = Db::open(database, true).await?;
    let failed = |error: DbErr| format!("The demo was not made, and nothing was changed: {error}");
    let change = db.long_change().await.map_err(failed)?;
    let admin = format!("{}@{DOMAIN}", GUIDES[0].0);
    let there = account::Entity::find().filter(account::Column::Email.eq(&admin)).one(&*change).await;
    if there.map_err(failed)?.is_some() {
        return Err(format!(
            "This database holds the demo already ({admin} has an account). Remove the file, or name another."
        ));
    }
    let hash = hash_now(PASSWORD)?;
    let made = fill(&change, members as usize, &hash).await.map_err(failed)?;
    // What is made up was done by nobody.
    change.commit_unrecorded().await.map_err(failed)?;
    println!(
        "Acme (Enterprise): {members} members, {} invitations, {} workspaces.",
        made.invitations,
        WORKSPACES.len()
    );
    println!("Sign in with the password {PASSWORD}:");
    for (local, _, role) in &GUIDES {
        println!("  {local}@{DOMAIN}  {}", role.label());
    }
    println!("Every other member of Acme has the same password.");
    Ok(())
}

/// What was made.
struct Made {
    invitations: usize,
}

async fn fill(change: &Change, members: usize, hash: &str) -> Result<Made, DbErr> {
    let began = now() - TimeDelta::days(900);
    let accounts = people::accounts(members, hash, began);
    for some in accounts.chunks(CHUNK) {
        insert(change, account::Entity::insert_many(some.iter().map(|row| row.clone().into_active_model())))
            .await?;
    }
    let owner = &accounts[0];

    let acme = organization("Acme", &Tier::Enterprise, owner.id, began);
    let acme_workspaces = save_organization(change, &acme, WORKSPACES).await?;
    let custom = custom_roles(acme.id, began);
    insert(change, role::Entity::insert_many(custom.iter().map(|row| row.clone().into_active_model())))
        .await?;
    let made = people::join(change, &acme, &acme_workspaces, &accounts, &custom).await?;
    resources::fill(change, &acme_workspaces).await?;

    let guild = organization("Open Source Guild", &Tier::Plus, owner.id, began + TimeDelta::days(300));
    let guild_workspaces = save_organization(change, &guild, &["Workspace 1", "Benchmarks"]).await?;
    people::join_small(change, &guild, &guild_workspaces, &accounts[..accounts.len().min(4)]).await?;
    resources::fill(change, &guild_workspaces).await?;

    let pending = organization("Analytical Engines", &Tier::NoPlan, owner.id, now() - TimeDelta::days(2));
    let pending_workspaces = save_organization(change, &pending, &["Workspace 1"]).await?;
    people::join_small(change, &pending, &pending_workspaces, &accounts[..1]).await?;

    let mut personal = organization("Personal", &Tier::Developer, owner.id, began);
    personal.personal_of = Some(owner.id);
    let personal_workspaces = save_organization(change, &personal, &["Workspace 1"]).await?;
    people::join_small(change, &personal, &personal_workspaces, &accounts[..1]).await?;
    resources::fill(change, &personal_workspaces).await?;
    Ok(Made { invitations: made })
}

/// Runs a large insert.
async fn insert<A: sea_orm::ActiveModelTrait>(
    change: &Change,
    many: sea_orm::InsertMany<A>,
) -> Result<(), DbErr> {
    many.exec_without_returning(&**change).await.map(|_| ())
}

fn organization(name: &str, tier: &Tier, creator: Uuid, made: DateTime<Utc>) -> organization::Model {
    let mut row = organization_row(name, tier, creator, false);
    row.created_at = made;
    row.modified_at = made;
    row.plan_since = row.plan_since.map(|_| made);
    if tier.is_self_service() {
        row.payment_method =
            Some(json!({ "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2031 }));
    }
    row
}

async fn save_organization(
    change: &Change,
    row: &organization::Model,
    names: &[&str],
) -> Result<Vec<workspace::Model>, DbErr> {
    organization::Entity::insert(row.clone().into_active_model()).exec_without_returning(&**change).await?;
    let workspaces: Vec<_> = (0..)
        .zip(names)
        .map(|(index, name)| workspace::Model {
            id: Uuid::new_v4(),
            organization_id: row.id,
            display_name: (*name).to_owned(),
            tenant_handle: None,
            color: None,
            created_at: (row.created_at + TimeDelta::days(17 * index)).min(now()),
        })
        .collect();
    insert(
        change,
        workspace::Entity::insert_many(workspaces.iter().map(|row| row.clone().into_active_model())),
    )
    .await?;
    Ok(workspaces)
}

/// Two roles of the organization's own.
fn custom_roles(organization: Uuid, began: DateTime<Utc>) -> Vec<role::Model> {
    let viewer = WorkspaceRole::Viewer.permissions();
    let with = |more: &[&str]| {
        let mut all: Vec<_> = viewer.iter().copied().chain(more.iter().copied()).collect();
        all.sort_unstable();
        json!(all)
    };
    let role = |name: &str, description: &str, permissions| role::Model {
        id: Uuid::new_v4(),
        organization_id: Some(organization),
        name: WorkspaceRole::Custom.as_str().to_owned(),
        display_name: name.to_owned(),
        name_key: name.to_lowercase(),
        description: description.to_owned(),
        permissions,
        access_scope: system_roles::WORKSPACE.to_owned(),
        created_at: began + TimeDelta::days(40),
    };
    vec![
        role(
            "Annotator",
            "Reads everything and works through annotation queues.",
            with(&["annotation-queues:update", "feedback:create", "feedback:update"]),
        ),
        role(
            "Prompt engineer",
            "Reads everything, writes prompts and runs experiments.",
            with(&[
                "prompts:create",
                "prompts:update",
                "prompts:share",
                "experiments:run",
                "datasets:create",
            ]),
        ),
    ]
}

/// A membership, not saved yet.
fn membership(
    organization: Uuid,
    account: Uuid,
    role: &OrganizationRole,
    joined: DateTime<Utc>,
) -> member::Model {
    member::Model {
        id: Uuid::new_v4(),
        organization_id: organization,
        account_id: account,
        role: role.as_str().to_owned(),
        created_at: joined,
    }
}

/// A membership of a workspace, not saved yet.
fn workspace_membership(
    workspace: Uuid,
    member: Uuid,
    role_id: Uuid,
    joined: DateTime<Utc>,
) -> workspace_member::Model {
    workspace_member::Model {
        id: Uuid::new_v4(),
        workspace_id: workspace,
        member_id: member,
        role_id,
        created_at: joined,
    }
}
