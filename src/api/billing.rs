//! Billing.

use atrium_domain::Tier;
use atrium_domain::wire::{BillingInfo, BusinessInfo, ChangePlan, PaymentInformation, SetupIntent};
use atrium_words::t;
use gloo_net::http::Method;

use super::error::{ApiError, Failure};
use super::transport::{Answer, Call, Scope, command, command_once, get, json, read};

/// Plan, card and limits.
pub fn billing(organization: String) -> Answer<BillingInfo> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/billing")
}

/// The business behind the organization.
pub fn business_info(organization: String) -> Answer<BusinessInfo> {
    get(Scope::Organization(organization), "/api/v1/orgs/current/business-info")
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
        once: None,
    })
}

/// Keeps a confirmed card, once for each key.
pub fn add_payment_method(organization: String, payment: &PaymentInformation, key: &str) -> Answer<()> {
    once(organization, "payment-method", json(payment), key)
}

/// Puts the organization on a plan, once for each key.
pub fn change_plan(organization: String, tier: Tier, key: &str) -> Answer<()> {
    once(organization, "plan", json(&ChangePlan { tier }), key)
}

/// Ends the plan with the month that is paid.
pub fn end_plan(organization: String, key: &str) -> Answer<()> {
    // Not a plan: the word with which the contract ends one.
    change_plan(organization, Tier::Other("disabled".to_owned()), key)
}

/// Keeps the business behind the organization.
pub fn set_business_info(organization: String, business: &BusinessInfo) -> Answer<()> {
    let path = "/api/v1/orgs/current/business-info";
    command(Method::POST, Scope::Organization(organization), path, json(business))
}

fn once(organization: String, what: &str, body: Option<String>, key: &str) -> Answer<()> {
    let path = format!("/api/v1/orgs/current/{what}");
    command_once(Scope::Organization(organization), path, body, key)
}

/// A new name for a request that is to be done once. No secret: it only has to differ from all others
/// of this person.
pub fn new_key() -> String {
    let part = || js_sys::Math::random().to_bits();
    format!("atrium-{:x}-{:x}{:x}", js_sys::Date::now().to_bits(), part(), part())
}

/// Sends a request that has a key, and once more where no answer came: the server gives the first
/// answer again, or does now what never reached it.
///
/// # Errors
/// What the server answers, or that nobody can know: [`is_lost`].
pub async fn surely(send: impl Fn() -> Answer<()>) -> Result<(), ApiError> {
    match send().await {
        Err(failed) if is_lost(&failed) => send().await,
        answered => answered,
    }
}

/// What is said where there was no answer. `what` is what may have been done, such as "the card was
/// changed".
pub fn not_known_yet(what: &str) -> String {
    t!(
        "No answer came, so it is not known yet whether {what}. Press the button again when you are online: it is done once at most.",
        what
    )
}

/// Whether there was no answer, so that nobody knows what became of the request.
pub fn is_lost(failed: &ApiError) -> bool {
    matches!(failed.failure, Failure::Unreachable | Failure::TimedOut)
}
