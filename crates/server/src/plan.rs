//! `atrium-server plan`: an operator puts an organization on a plan.

use atrium_domain::Tier;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
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
    row.modified_at = Set(now());
    row
}
