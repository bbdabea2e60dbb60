//! Billing of the current organization: the card, the plan, the business behind it.

use atrium_domain::plan::{CHANGEABLE, Terms};
use atrium_domain::wire::{Address, BusinessInfo, ChangePlan, PaymentInformation, SetupIntent};
use atrium_domain::{Tier, email};
use axum::Json;
use axum::extract::State;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::{Answer, done};
use crate::answers::organization::{Billing, business};
use crate::audit::{Operation, views};
use crate::auth::access::{OrgAccess, OrgPermit};
use crate::auth::sessions::digest;
use crate::billing::{Receipt, outbox, standing};
use crate::db::entity::{setup_intent, workspace};
use crate::db::now;
use crate::error::{ApiError, Result};
use crate::plan::put_on;
use crate::serve::AppState;
use crate::validate::{Body, check_text};

/// The word that ends a plan.
const ENDED: &str = "disabled";

/// `GET /api/v1/orgs/current/billing`
pub async fn billing(State(state): State<AppState>, access: OrgAccess) -> Answer<Billing> {
    let standing = standing::of(&*state.db, &access.organization).await?;
    Ok(Json(Billing::new(&access, standing.as_ref())))
}

/// `POST /api/v1/orgs/current/setup`
pub async fn setup(State(state): State<AppState>, permit: OrgPermit) -> Answer<SetupIntent> {
    let id = permit.organization();
    let intent = state.billing.setup_intent(id).await?;
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let entry = access
        .entry(Operation::CreatePaymentSetupIntent)
        .created(&[id], json!({ "setup_intent": intent.id }));
    let row = setup_intent::Model {
        id: intent.id,
        organization_id: id,
        secret_hash: digest(&intent.client_secret),
        created_at: now(),
        used_at: None,
    };
    setup_intent::Entity::insert(row.into_active_model()).exec_without_returning(&*change).await?;
    change.answer_once(entry, SetupIntent { client_secret: intent.client_secret }).await
}

/// `POST /api/v1/orgs/current/payment-method`: keeps the card of a confirmed setup intent.
pub async fn payment_method(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(body): Body<PaymentInformation>,
) -> Answer {
    let payer = &body.billing_info;
    check_text(&payer.name, &["body", "billing_info", "name"], 1, 200)?;
    check_address(&payer.address, &["body", "billing_info", "address"])?;
    check_text(&body.setup_intent, &["body", "setup_intent"], 1, 300)?;
    let id = permit.organization();
    let intent = unused_intent(&*state.db, id, &body.setup_intent).await?;
    let (card, receipt) = state.billing.keep_card(id, &intent.id, payer).await?;
    let answered = async {
        let change = state.db.change().await?;
        let access = permit.check(&*change).await?;
        // Again, in the change: another request may have used it meanwhile.
        let mut intent = unused_intent(&*change, id, &body.setup_intent).await?.into_active_model();
        intent.used_at = Set(Some(now()));
        intent.update(&*change).await?;
        let card = serde_json::to_value(&card).map_err(ApiError::internal)?;
        let before = views::card(access.organization.payment_method.as_ref());
        let entry =
            access.entry(Operation::UpdatePaymentMethod).updated(&[id], before, views::card(Some(&card)));
        let mut row = access.organization.into_active_model();
        row.payment_method = Set(Some(card));
        row.modified_at = Set(now());
        row.update(&*change).await?;
        state.billing.record(&change, &receipt).await?;
        change.answer(entry, done()).await
    };
    let answered = answered.await;
    close(&state, receipt, answered).await
}

/// Ends what a provider began, whether or not it could be saved here.
async fn close(state: &AppState, receipt: Receipt, answered: Answer) -> Answer {
    state.billing.close(receipt, answered.is_ok()).await?;
    answered
}

/// The organization's intent of this id, or of this client secret, if no card was kept with it yet.
async fn unused_intent<C: ConnectionTrait>(
    connection: &C,
    organization: Uuid,
    given: &str,
) -> Result<setup_intent::Model> {
    let (id, secret) = match given.split_once("_secret_") {
        Some((id, _)) => (id, Some(digest(given))),
        None => (given, None),
    };
    let unknown = || {
        ApiError::invalid(
            ["body", "setup_intent"],
            "This is not an unused setup intent of this organization. Start again with a new one.",
        )
    };
    let found = setup_intent::Entity::find_by_id(id)
        .filter(setup_intent::Column::OrganizationId.eq(organization))
        .one(connection)
        .await?
        .ok_or_else(unknown)?;
    let fits = found.used_at.is_none() && secret.is_none_or(|secret| secret == found.secret_hash);
    if fits { Ok(found) } else { Err(unknown()) }
}

fn check_address(address: &Address, path: &[&str]) -> Result<()> {
    let at = |key: &'static str| [path, &[key]].concat();
    check_text(&address.line1, &at("line1"), 1, 200)?;
    check_text(address.line2.as_deref().unwrap_or_default(), &at("line2"), 0, 200)?;
    check_text(&address.city, &at("city"), 1, 100)?;
    check_text(address.state.as_deref().unwrap_or_default(), &at("state"), 0, 100)?;
    check_text(&address.postal_code, &at("postal_code"), 1, 20)?;
    check_text(&address.country, &at("country"), 1, 60)
}

/// `POST /api/v1/orgs/current/plan`. Where the provider lets people, `disabled` ends the plan with
/// the period that is paid.
pub async fn plan(State(state): State<AppState>, permit: OrgPermit, Body(body): Body<ChangePlan>) -> Answer {
    let tier = body.tier;
    if !CHANGEABLE.contains(&tier.as_str()) {
        return Err(ApiError::invalid(
            ["body", "tier"],
            format!("This is none of {}.", CHANGEABLE.join(", ")),
        ));
    }
    if tier.as_str() == ENDED && state.billing.ends_plans() {
        return end_plan(&state, &permit).await;
    }
    let id = permit.organization();
    let seats = may_change(&*state.db, &permit, &tier).await?.1;
    let receipt = state.billing.set_plan(id, &tier, seats).await?;
    let answered = async {
        let change = state.db.change().await?;
        let (access, _) = may_change(&*change, &permit, &tier).await?;
        let draft = access.entry(Operation::UpdatePaymentPlan);
        let before = views::organization(&access.organization);
        let row = put_on(access.organization, &tier).update(&*change).await?;
        state.billing.record(&change, &receipt).await?;
        change.answer(draft.updated(&[id], before, views::organization(&row)), done()).await
    };
    let answered = answered.await;
    close(&state, receipt, answered).await
}

async fn end_plan(state: &AppState, permit: &OrgPermit) -> Answer {
    let id = permit.organization();
    let receipt = state.billing.end_plan(id).await?;
    let answered = async {
        let change = state.db.change().await?;
        let access = permit.check(&*change).await?;
        let draft = access.entry(Operation::UpdatePaymentPlan);
        state.billing.record(&change, &receipt).await?;
        let entry = draft.updated(&[id], json!({ "has_cancelled": false }), json!({ "has_cancelled": true }));
        change.answer(entry, done()).await
    };
    let answered = answered.await;
    close(state, receipt, answered).await
}

/// Whether the caller may put the organization on the plan, and the seats that it takes.
async fn may_change<C: ConnectionTrait>(
    connection: &C,
    permit: &OrgPermit,
    tier: &Tier,
) -> Result<(OrgAccess, u64)> {
    let access = permit.check(connection).await?;
    let id = access.organization.id;
    if access.caller.is_personal {
        return Err(ApiError::forbidden(
            "A personal organization stays on the Developer plan. Make a shared organization for others.",
        ));
    }
    if !tier.is_self_service() {
        let label = match tier {
            Tier::Other(_) => "Switching billing off".to_owned(),
            tier => format!("The {} plan", tier.label()),
        };
        return Err(ApiError::forbidden(format!(
            "{label} is arranged with people, not here. Choose Plus, or ask sales."
        )));
    }
    let seats = outbox::seats(connection, id).await?;
    let workspaces =
        workspace::Entity::find().filter(workspace::Column::OrganizationId.eq(id)).count(connection).await?;
    if access.organization.payment_method.is_none() {
        return Err(ApiError::bad_request("There is no payment method on file. Add a card first."));
    }
    fits(tier, tier.terms(), seats, workspaces)?;
    Ok((access, seats))
}

fn fits(tier: &Tier, terms: Terms, seats: u64, workspaces: u64) -> Result<()> {
    let label = tier.label();
    if seats > u64::from(terms.max_identities) {
        return Err(ApiError::conflict(format!(
            "The {label} plan has {} seats, and {seats} are taken by members and invitations. Remove some first.",
            terms.max_identities
        )));
    }
    if workspaces > u64::from(terms.max_workspaces) {
        return Err(ApiError::conflict(format!(
            "The {label} plan has {} workspaces, and there are {workspaces}. Delete some first.",
            terms.max_workspaces
        )));
    }
    Ok(())
}

/// `GET /api/v1/orgs/current/business-info`
pub async fn business_info(access: OrgAccess) -> Answer<BusinessInfo> {
    Ok(Json(business(&access.organization)))
}

/// `POST /api/v1/orgs/current/business-info`
pub async fn set_business_info(
    State(state): State<AppState>,
    permit: OrgPermit,
    Body(body): Body<BusinessInfo>,
) -> Answer {
    if let Some(company) = &body.company_info {
        check_text(&company.name, &["body", "company_info", "name"], 1, 200)?;
        if let Some(address) = &company.address {
            check_address(address, &["body", "company_info", "address"])?;
        }
    }
    if let Some(tax_id) = &body.tax_id {
        check_text(&tax_id.value, &["body", "tax_id", "value"], 1, 50)?;
        check_text(&tax_id.kind, &["body", "tax_id", "type"], 1, 50)?;
    }
    if let Some(address) = body.invoice_email.as_deref().filter(|address| !address.is_empty())
        && !email::is_address(address)
    {
        return Err(ApiError::invalid(["body", "invoice_email"], "This is not an email address."));
    }
    let id = permit.organization();
    let receipt = state.billing.set_business_info(id, &body).await?;
    let answered = async {
        let change = state.db.change().await?;
        let access = permit.check(&*change).await?;
        let business = serde_json::to_value(&body).map_err(ApiError::internal)?;
        let before = access.organization.business_info.clone().unwrap_or_else(|| json!({}));
        let entry = access.entry(Operation::UpdateBusinessInfo).updated(&[id], before, business.clone());
        let mut row = access.organization.into_active_model();
        row.business_info = Set(Some(business));
        row.modified_at = Set(now());
        row.update(&*change).await?;
        state.billing.record(&change, &receipt).await?;
        change.answer(entry, done()).await
    };
    let answered = answered.await;
    close(&state, receipt, answered).await
}
