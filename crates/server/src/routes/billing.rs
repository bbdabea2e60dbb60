//! Billing of the current organization: the card, the plan, the business behind it.

use atrium_domain::billing::{Holdings, misfits};
use atrium_domain::plan::CHANGEABLE;
use atrium_domain::wire::{Address, BusinessInfo, ChangePlan, PaymentInformation, SetupIntent, Usage};
use atrium_domain::{Tier, email};
use atrium_words::{mark, t};
use axum::Json;
use axum::extract::State;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;

use super::{Answer, done};
use crate::answers::organization::{Billing, business};
use crate::audit::{Operation, views};
use crate::auth::access::{OrgAccess, OrgPermit};
use crate::auth::sessions::digest;
use crate::billing::{Receipt, outbox, standing};
use crate::db::entity::{role, setup_intent, workspace};
use crate::db::now;
use crate::db::seats::taken;
use crate::error::{ApiError, Result};
use crate::plan::{end_of_period, put_on};
use crate::serve::AppState;
use crate::validate::{Body, check_text};

/// The word that ends a plan.
const ENDED: &str = "disabled";

/// `GET /api/v1/orgs/current/billing`
pub async fn billing(State(state): State<AppState>, access: OrgAccess) -> Answer<Billing> {
    let standing = standing::of(&*state.db, &access.organization).await?;
    let id = access.organization.id;
    let taken = taken(&*state.db, id).await?;
    let workspaces = workspaces_of(&*state.db, id).await?;
    let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let usage = Usage {
        members: count(taken.members),
        invitations: count(taken.invitations),
        workspaces: count(workspaces),
    };
    Ok(Json(Billing::new(&access, standing.as_ref(), usage)))
}

async fn workspaces_of<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<u64> {
    let own = workspace::Column::OrganizationId.eq(organization);
    Ok(workspace::Entity::find().filter(own).count(connection).await?)
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
            mark!("This is not an unused setup intent of this organization. Start again with a new one."),
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

/// `POST /api/v1/orgs/current/plan`. `disabled` ends the plan with the period that is paid; choosing the
/// plan again before takes that back.
pub async fn plan(State(state): State<AppState>, permit: OrgPermit, Body(body): Body<ChangePlan>) -> Answer {
    let tier = body.tier;
    if !CHANGEABLE.contains(&tier.as_str()) {
        return Err(ApiError::invalid(
            ["body", "tier"],
            format!("This is none of {}.", CHANGEABLE.join(", ")),
        ));
    }
    if tier.as_str() == ENDED {
        return if state.billing.ends_plans() {
            end_plan(&state, &permit).await
        } else {
            end_plan_here(&state, &permit).await
        };
    }
    let id = permit.organization();
    let seats = may_change(&*state.db, &permit, &tier).await?.1;
    let receipt = state.billing.set_plan(id, &tier, seats).await?;
    let answered = async {
        let change = state.db.change().await?;
        let (access, _) = may_change(&*change, &permit, &tier).await?;
        let draft = access.entry(Operation::UpdatePaymentPlan);
        let ended = access.organization.plan_ends_at.is_some();
        let mut before = views::organization(&access.organization);
        let same = access.organization.tier == tier.as_str() && !access.organization.disabled;
        let since = access.organization.plan_since;
        let mut row = put_on(access.organization, &tier);
        if same {
            // Nothing begins anew: an end is taken back, or it is what it was.
            row.plan_since = Set(since);
        }
        let row = row.update(&*change).await?;
        state.billing.record(&change, &receipt).await?;
        let mut after = views::organization(&row);
        if ended {
            before["has_cancelled"] = json!(true);
            after["has_cancelled"] = json!(false);
        }
        change.answer(draft.updated(&[id], before, after), done()).await
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

/// The same where no provider keeps the end: the organization does.
async fn end_plan_here(state: &AppState, permit: &OrgPermit) -> Answer {
    let change = state.db.change().await?;
    let access = permit.check(&*change).await?;
    let id = access.organization.id;
    let sold = access.tier().is_self_service() && !access.organization.disabled;
    let Some(since) = access.organization.plan_since.filter(|_| sold) else {
        return Err(ApiError::bad_request(match access.tier() {
            Tier::Enterprise | Tier::EnterpriseLegacy | Tier::Premier | Tier::Partner => {
                mark!(
                    "This plan was arranged with people, and is ended with them. Ask the operator of this installation."
                )
            }
            _ => mark!("This organization has no subscription to end."),
        }));
    };
    let draft = access.entry(Operation::UpdatePaymentPlan);
    // Cancelled twice ends no later than cancelled once.
    let before = access.organization.plan_ends_at;
    let mut row = access.organization.into_active_model();
    row.plan_ends_at = Set(Some(before.unwrap_or_else(|| end_of_period(since))));
    row.modified_at = Set(now());
    row.update(&*change).await?;
    let was = json!({ "has_cancelled": before.is_some() });
    let entry = draft.updated(&[id], was, json!({ "has_cancelled": true }));
    change.answer(entry, done()).await
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
        return Err(ApiError::forbidden(mark!(
            "A personal organization stays on the Developer plan. Make a shared organization for others."
        )));
    }
    if !tier.is_self_service() {
        return Err(ApiError::forbidden(t!(
            "The {plan} plan is arranged with people, not here. Choose Plus, or ask sales.",
            plan = tier.label()
        )));
    }
    let seats = outbox::seats(connection, id).await?;
    let workspaces = workspaces_of(connection, id).await?;
    if access.organization.payment_method.is_none() {
        return Err(ApiError::bad_request(mark!("There is no payment method on file. Add a card first.")));
    }
    // Whoever is on it already loses nothing by staying: that is how an end is taken back.
    if access.tier() == tier && !access.organization.disabled {
        return Ok((access, seats));
    }
    let custom_roles = match access.caller.can_use_rbac {
        true => custom_roles(connection, id).await?,
        false => Vec::new(),
    };
    let found = misfits(tier, &Holdings { seats, workspaces, custom_roles });
    if !found.is_empty() {
        let sentences: Vec<String> = found.into_iter().map(|(_, sentence)| sentence).collect();
        return Err(ApiError::conflict(sentences.join(" ")));
    }
    Ok((access, seats))
}

/// The names of an organization's own roles.
async fn custom_roles<C: ConnectionTrait>(connection: &C, organization: Uuid) -> Result<Vec<String>> {
    let names = role::Entity::find()
        .filter(role::Column::OrganizationId.eq(organization))
        .order_by_asc(role::Column::NameKey)
        .select_only()
        .column(role::Column::DisplayName);
    Ok(names.into_tuple().all(connection).await?)
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
        return Err(ApiError::invalid(["body", "invoice_email"], mark!("This is not an email address.")));
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
