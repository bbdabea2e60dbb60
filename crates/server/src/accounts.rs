//! `atrium-server disable` and `enable`: an operator switches an account off and on.

use atrium_domain::{OrganizationRole, email};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, JoinType,
    PaginatorTrait, QueryFilter, QuerySelect, RelationTrait, Set,
};

use crate::db::Db;
use crate::db::entity::{account, member, organization};

/// Switches the account of an address off or on. While it is off, its owner can neither sign in
/// nor do anything with a session or a personal token; nothing is deleted.
///
/// # Errors
/// A sentence for an address without an account, or a database that cannot be used.
pub async fn run(address: &str, disabled: bool, database: &str) -> Result<(), String> {
    let db = Db::open(database, false).await?;
    let failed = |error: DbErr| format!("The account was not changed: {error}");
    let change = db.change().await.map_err(failed)?;
    let address = email::normalize(address);
    let found = account::Entity::find().filter(account::Column::Email.eq(&address)).one(&*change).await;
    let Some(found) = found.map_err(failed)? else {
        return Err(format!("There is no account for {address} in this database."));
    };
    let id = found.id;
    let mut row = found.into_active_model();
    row.is_disabled = Set(disabled);
    row.update(&*change).await.map_err(failed)?;
    let left = if disabled { left_without_admin(&*change, id).await.map_err(failed)? } else { Vec::new() };
    // An account is no organization's.
    change.commit_unrecorded().await.map_err(failed)?;
    println!("The account of {address} is switched {} now.", if disabled { "off" } else { "on" });
    for name in left {
        println!("No Organization Admin of {name} can sign in any more.");
    }
    Ok(())
}

/// The shared organizations of an account in which no Admin's account is on.
async fn left_without_admin<C: ConnectionTrait>(
    connection: &C,
    account: uuid::Uuid,
) -> Result<Vec<String>, DbErr> {
    let own = organization::Entity::find()
        .join(JoinType::InnerJoin, organization::Relation::Member.def())
        .filter(member::Column::AccountId.eq(account))
        .filter(member::Column::Role.eq(OrganizationRole::Admin.as_str()))
        .filter(organization::Column::PersonalOf.is_null())
        .all(connection)
        .await?;
    let mut left = Vec::new();
    for organization in own {
        let active = member::Entity::find()
            .join(JoinType::InnerJoin, member::Relation::Account.def())
            .filter(member::Column::OrganizationId.eq(organization.id))
            .filter(member::Column::Role.eq(OrganizationRole::Admin.as_str()))
            .filter(account::Column::IsDisabled.eq(false))
            .count(connection)
            .await?;
        if active == 0 {
            left.push(organization.display_name);
        }
    }
    Ok(left)
}
