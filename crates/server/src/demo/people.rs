//! The people of the demo: accounts, memberships and invitations.

use atrium_domain::OrganizationRole;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::{CHUNK, DOMAIN, GUIDES, insert, membership, names, workspace_membership};
use crate::db::entity::{
    account, invitation, invitation_workspace, member, organization, role, workspace, workspace_member,
};
use crate::db::{Change, now, system_roles};

/// The accounts: first those that the printed text names, then everybody else.
pub fn accounts(count: usize, hash: &str, began: DateTime<Utc>) -> Vec<account::Model> {
    let guides = GUIDES.iter().map(|(local, name, _)| ((*name).to_owned(), (*local).to_owned()));
    let others = (0..).map(|index| {
        let (name, local) = names::person(index);
        // The same name again is somebody else; a number keeps the addresses apart.
        (name, format!("{local}.{}", index + 1))
    });
    // People join faster as the organization grows: the square root of the place gives the day.
    let day = |index: usize| (890.0 * (index as f64 / count as f64).sqrt()) as i64;
    let row = |(index, (name, local)): (usize, (String, String))| account::Model {
        id: Uuid::now_v7(),
        email: format!("{local}@{DOMAIN}"),
        name_key: name.to_lowercase(),
        full_name: name,
        password_hash: hash.to_owned(),
        created_at: began + TimeDelta::days(day(index)) + TimeDelta::minutes(index as i64 % 1_440),
        is_disabled: false,
    };
    guides.chain(others).take(count).enumerate().map(row).collect()
}

/// The role of the `index`-th member: the guides' own, then mostly users.
fn role_of(index: usize) -> OrganizationRole {
    match GUIDES.get(index) {
        Some((_, _, role)) => role.clone(),
        None if index.is_multiple_of(97) => OrganizationRole::Admin,
        None if index.is_multiple_of(41) => OrganizationRole::Operator,
        None if index.is_multiple_of(7) => OrganizationRole::Viewer,
        None => OrganizationRole::User,
    }
}

/// Puts everybody into the large organization and its workspaces, and invites one in twenty more.
/// Gives back how many were invited.
pub async fn join(
    change: &Change,
    organization: &organization::Model,
    workspaces: &[workspace::Model],
    accounts: &[account::Model],
    custom: &[role::Model],
) -> Result<usize, DbErr> {
    let mut members = Vec::with_capacity(accounts.len());
    let mut inside = Vec::with_capacity(accounts.len() * 2);
    for (index, account) in accounts.iter().enumerate() {
        let role = role_of(index);
        let row = membership(organization.id, account.id, &role, account.created_at + TimeDelta::hours(1));
        if role != OrganizationRole::Admin {
            // One to three workspaces each, the first ones the fullest; the guides are in the first two.
            let count = if index < GUIDES.len() { 2 } else { 1 + index % 3 };
            for step in 0..count {
                let place =
                    if index < GUIDES.len() { step } else { (index * (step + 1) + step) % workspaces.len() };
                let workspace = &workspaces[place];
                let already = inside.iter().rev().take(count).any(|other: &workspace_member::Model| {
                    other.member_id == row.id && other.workspace_id == workspace.id
                });
                if !already {
                    let role_id = workspace_role(index + step, custom);
                    inside.push(workspace_membership(workspace.id, row.id, role_id, row.created_at));
                }
            }
        }
        members.push(row);
    }
    save(change, members, inside).await?;
    invite(change, organization, workspaces, accounts.len() / 20).await
}

fn workspace_role(index: usize, custom: &[role::Model]) -> Uuid {
    match index % 10 {
        0 => system_roles::WORKSPACE_ADMIN,
        1..=2 => system_roles::WORKSPACE_VIEWER,
        3 => custom[0].id,
        4 => custom[1].id,
        _ => system_roles::WORKSPACE_EDITOR,
    }
}

async fn save(
    change: &Change,
    members: Vec<member::Model>,
    inside: Vec<workspace_member::Model>,
) -> Result<(), DbErr> {
    for some in members.chunks(CHUNK) {
        insert(change, member::Entity::insert_many(some.iter().map(|row| row.clone().into_active_model())))
            .await?;
    }
    for some in inside.chunks(CHUNK) {
        let some = some.iter().map(|row| row.clone().into_active_model());
        insert(change, workspace_member::Entity::insert_many(some)).await?;
    }
    Ok(())
}

async fn invite(
    change: &Change,
    organization: &organization::Model,
    workspaces: &[workspace::Model],
    count: usize,
) -> Result<usize, DbErr> {
    let mut rows = Vec::new();
    let mut opens = Vec::new();
    // An hour to most of a year old, more of them young than old.
    let age = |index: usize| TimeDelta::hours(1 + (index * index * 7) as i64 % 7_000);
    for index in 0..count.max(1) {
        let (_, local) = names::person(index * 7 + 3);
        let row = invitation::Model {
            id: Uuid::new_v4(),
            organization_id: organization.id,
            email: format!("{local}.{}@partner.example", index + 1),
            full_name: None,
            name_key: String::new(),
            role: if index % 9 == 0 { OrganizationRole::Viewer } else { OrganizationRole::User }
                .as_str()
                .to_owned(),
            workspace_role_id: (index % 3 == 0).then_some(system_roles::WORKSPACE_VIEWER),
            created_at: now() - age(index),
        };
        opens.push(invitation_workspace::Model {
            invitation_id: row.id,
            workspace_id: workspaces[index % workspaces.len()].id,
        });
        rows.push(row);
    }
    for some in rows.chunks(CHUNK) {
        insert(
            change,
            invitation::Entity::insert_many(some.iter().map(|row| row.clone().into_active_model())),
        )
        .await?;
    }
    for some in opens.chunks(CHUNK) {
        let some = some.iter().map(|row| row.clone().into_active_model());
        insert(change, invitation_workspace::Entity::insert_many(some)).await?;
    }
    Ok(rows.len())
}

/// Puts a few people into a small organization: the first as its Admin, the others as Users in
/// every workspace.
pub async fn join_small(
    change: &Change,
    organization: &organization::Model,
    workspaces: &[workspace::Model],
    accounts: &[account::Model],
) -> Result<(), DbErr> {
    let mut members = Vec::new();
    let mut inside = Vec::new();
    for (index, account) in accounts.iter().enumerate() {
        let role = if index == 0 { OrganizationRole::Admin } else { OrganizationRole::User };
        let joined = organization.created_at + TimeDelta::days(index as i64);
        let row = membership(organization.id, account.id, &role, joined);
        let admin = system_roles::WORKSPACE_ADMIN;
        inside.extend(workspaces.iter().map(|place| workspace_membership(place.id, row.id, admin, joined)));
        members.push(row);
    }
    save(change, members, inside).await
}
