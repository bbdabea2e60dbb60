//! `atrium-server plan`: an operator puts an organization on a plan.

use atrium_domain::Tier;
use chrono::{DateTime, Months, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
};
use uuid::Uuid;

use crate::audit::{Draft, Operation, views};
use crate::billing::outbox;
use crate::db::entity::organization;
use crate::db::{Db, now};

/// Puts the organization on the plan; it can be used then. `no_plan` makes it pending again.
///
/// # Errors
/// A sentence for an unknown plan or organization, or a database that cannot be used.
pub async fn run(organization_id: &str, tier: &str, database: &str) -> Result<(), String> {
    let plan = Tier::from(tier);
    if let Tier::Other(word) = &plan {
        let known: Vec<_> = Tier::KNOWN.iter().map(Tier::as_str).collect();
        return Err(format!("“{word}” is not a plan. The plans are {}.", known.join(", ")));
    }
    let id = Uuid::try_parse(organization_id)
        .map_err(|_| format!("“{organization_id}” is not the id of an organization (a UUID)."))?;
    let db = Db::open(database, false).await?;
    let failed = |error: sea_orm::DbErr| format!("The plan was not changed: {error}");
    let change = db.change().await.map_err(failed)?;
    let found = organization::Entity::find_by_id(id).one(&*change).await.map_err(failed)?;
    let Some(found) = found else {
        return Err(format!("There is no organization {id} in this database."));
    };
    let name = found.display_name.clone();
    let before = views::organization(&found);
    let row = put_on(found, &plan).update(&*change).await.map_err(failed)?;
    // A subscription does not go on beside another plan.
    outbox::compare(&*change, id).await.map_err(failed)?;
    let draft = Draft::by_operator(Operation::UpdatePaymentPlan, id);
    let entry = draft.updated(&[id], before, views::organization(&row));
    change.commit(entry).await.map_err(failed)?;
    println!("{name} is on the plan {} now.", plan.label());
    Ok(())
}

/// The organization on another plan, to be saved.
pub fn put_on(organization: organization::Model, tier: &Tier) -> organization::ActiveModel {
    let pending = *tier == Tier::NoPlan;
    let mut row = organization.into_active_model();
    row.tier = Set(tier.as_str().to_owned());
    row.disabled = Set(pending);
    row.plan_since = Set((!pending).then(now));
    row.plan_ends_at = Set(None);
    row.modified_at = Set(now());
    row
}

/// The end of the month that is paid, for a plan that began at a time: months are counted from there.
pub fn end_of_period(since: DateTime<Utc>) -> DateTime<Utc> {
    let now = now();
    let mut ends = (1..=12_000).map_while(|months| since.checked_add_months(Months::new(months)));
    ends.find(|end| *end > now).unwrap_or(now)
}

/// How many organizations one look makes pending.
const SOME: u64 = 100;

/// Makes the organizations pending whose plan has ended; gives back how many.
///
/// # Errors
/// Whatever the database says; those before stay so.
pub async fn end_those_over(db: &Db) -> Result<u64, DbErr> {
    let over = || organization::Column::PlanEndsAt.lte(now());
    let mut ended = 0;
    loop {
        let some = organization::Entity::find().filter(over()).limit(SOME).all(&**db).await?;
        if some.is_empty() {
            return Ok(ended);
        }
        for found in some {
            let change = db.change().await?;
            // Somebody may have taken it back meanwhile.
            let found = organization::Entity::find_by_id(found.id).filter(over()).one(&*change).await?;
            let Some(found) = found else { continue };
            let (id, before) = (found.id, views::organization(&found));
            let row = put_on(found, &Tier::NoPlan).update(&*change).await?;
            let draft = Draft::by_operator(Operation::UpdatePaymentPlan, id);
            change.commit(draft.updated(&[id], before, views::organization(&row))).await?;
            ended += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_month_ends_on_the_day_that_it_began() {
        let since: DateTime<Utc> = "2020-01-31T12:00:00Z".parse().unwrap();
        let end = end_of_period(since);
        assert!(end > now() && end - now() <= TimeDelta::days(31), "{end}");
        let today = now();
        assert_eq!(end_of_period(today), today.checked_add_months(Months::new(1)).unwrap());
    }

    #[tokio::test]
    async fn a_plan_that_is_over_makes_the_organization_pending() {
        let (_directory, db) = Db::temporary().await;
        let row = |name: &str, ends: Option<DateTime<Utc>>| organization::Model {
            id: Uuid::new_v4(),
            display_name: name.to_owned(),
            tier: "plus".to_owned(),
            disabled: false,
            personal_of: None,
            created_by: None,
            created_at: now(),
            modified_at: now(),
            plan_since: Some(now()),
            plan_ends_at: ends,
            settings: serde_json::json!({}),
            business_info: None,
            payment_method: None,
        };
        let hour = TimeDelta::hours(1);
        let rows = [row("over", Some(now() - hour)), row("soon", Some(now() + hour)), row("never", None)];
        let change = db.change().await.unwrap();
        for row in &rows {
            let row = row.clone().into_active_model();
            organization::Entity::insert(row).exec_without_returning(&*change).await.unwrap();
        }
        change.commit_unrecorded().await.unwrap();
        assert_eq!(end_those_over(&db).await.unwrap(), 1);
        assert_eq!(end_those_over(&db).await.unwrap(), 0);
        for (row, tier) in rows.iter().zip(["no_plan", "plus", "plus"]) {
            let now = organization::Entity::find_by_id(row.id).one(&*db).await.unwrap().unwrap();
            assert_eq!((now.tier.as_str(), now.disabled), (tier, tier == "no_plan"), "{}", row.display_name);
        }
    }
}
