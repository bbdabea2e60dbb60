//! Billing.

use atrium_domain::Tier;
use atrium_domain::wire::{BillingInfo, BusinessInfo, ChangePlan, PaymentInformation, SetupIntent};
use gloo_net::http::Method;

use super::transport::Call;
use super::transport::{Answer, Scope, command, get, json, read};

/// Plan, card and limits.
pub fn billing(organization: String) -> Answer<BillingInfo> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/billing")
}

/// Begins to add a card.
pub fn setup_intent(organization: String) -> Answer<SetupIntent> {
    read(Call {
        method: Method::POST,
        path: "/api/v1/orgs/current/setup".to_owned(),
        scope: Scope::Organization(organization),
        body: None,
        basic: None,
        if_match: None,
    })
}

/// Keeps a confirmed card.
pub fn add_payment_method(organization: String, payment: &PaymentInformation) -> Answer<()> {
    post(organization, "payment-method", json(payment))
}

/// Puts the organization on a plan.
pub fn change_plan(organization: String, tier: Tier) -> Answer<()> {
    post(organization, "plan", json(&ChangePlan { tier }))
}

/// Keeps the business behind the organization.
pub fn set_business_info(organization: String, business: &BusinessInfo) -> Answer<()> {
    post(organization, "business-info", json(business))
}

fn post(organization: String, what: &str, body: Option<String>) -> Answer<()> {
    command(Method::POST, Scope::Organization(organization), format!("/api/v1/orgs/current/{what}"), body)
}
