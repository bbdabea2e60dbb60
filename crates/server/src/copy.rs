//! `atrium-server copy`: everything that one database holds into another, so that a company that
//! outgrows SQLite moves to PostgreSQL with its data.

use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, Iterable,
    PaginatorTrait, PrimaryKeyToColumn, QueryOrder, QuerySelect, Statement,
};

use crate::db::{Change, Db, entity};

/// Rows in one statement; PostgreSQL takes 65,535 values in one, SQLite 32,766.
const CHUNK: u64 = 1_000;

/// Copies every row.
///
/// # Errors
/// A sentence where a database cannot be used, or the one to fill is not empty. Nothing was
/// changed then.
pub async fn run(from: &str, to: &str) -> Result<(), String> {
    let (from, to) = (Db::open(from, false).await?, Db::open(to, true).await?);
    let failed = |error: DbErr| format!("Nothing was copied: {error}");
    // A change of the source, too: what is written to it meanwhile would be left behind.
    let source = from.long_change().await.map_err(|error| format!("The source is in use: {error}"))?;
    let target = to.change().await.map_err(failed)?;
    if entity::account::Entity::find().count(&*target).await.map_err(failed)? > 0 {
        return Err("The database to fill has accounts already. Name an empty one.".to_owned());
    }
    // Made with the tables, and in the source as well.
    entity::role::Entity::delete_many().exec(&*target).await.map_err(failed)?;
    let copied = tables(&source, &target).await.map_err(failed)?;
    let known: Vec<_> = copied.iter().map(|(name, _)| name.as_str()).collect();
    let left: Vec<_> = names(&source)
        .await
        .map_err(failed)?
        .into_iter()
        .filter(|name| !known.contains(&name.as_str()))
        .collect();
    if !left.is_empty() {
        return Err(format!("Nothing was copied: there is no copying of the tables {}.", left.join(", ")));
    }
    target.commit_unrecorded().await.map_err(failed)?;
    for (name, rows) in copied.iter().filter(|(_, rows)| *rows > 0) {
        println!("{rows:8} {name}");
    }
    println!("Everything was copied. Start the server with the new address.");
    Ok(())
}

/// Copies the tables, each after those that it refers to; gives back the rows of each.
async fn tables(from: &Change, to: &Change) -> Result<Vec<(String, u64)>, DbErr> {
    let mut done = Vec::new();
    macro_rules! copy {
        ($($table:ident)*) => { $(done.push(table::<entity::$table::Entity>(from, to).await?);)* };
    }
    copy!(account session access_token organization setup_intent workspace deleted_workspace role resource);
    copy!(member workspace_member workspace_invitation invitation invitation_workspace);
    copy!(removed_member removed_workspace);
    copy!(api_key api_key_workspace audit_entry kept_answer sign_in_try);
    copy!(stripe_account stripe_operation stripe_outbox stripe_event stripe_ended_customer);
    Ok(done)
}

async fn table<E>(from: &Change, to: &Change) -> Result<(String, u64), DbErr>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Send + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
{
    let mut count = 0;
    loop {
        let mut page = E::find();
        for key in E::PrimaryKey::iter() {
            page = page.order_by_asc(key.into_column());
        }
        let rows = page.limit(CHUNK).offset(count).all(&**from).await?;
        if rows.is_empty() {
            return Ok((E::default().table_name().to_owned(), count));
        }
        count += rows.len() as u64;
        E::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
            .exec_without_returning(&**to)
            .await?;
    }
}

/// The tables of a database, but for the list of migrations.
async fn names(change: &Change) -> Result<Vec<String>, DbErr> {
    let backend = change.get_database_backend();
    let sql = if backend == DbBackend::Postgres {
        "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() \
         AND tablename <> 'seaql_migrations' ORDER BY 1"
    } else {
        // Not the index of trigrams and what it consists of, which the target makes by itself.
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'seaql_migrations' ORDER BY 1"
    };
    let rows = change.query_all_raw(Statement::from_string(backend, sql)).await?;
    rows.into_iter().map(|row| row.try_get_by_index(0)).collect()
}
