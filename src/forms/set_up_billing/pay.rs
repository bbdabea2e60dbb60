//! The calls of a purchase, in their order: the business, the card, and last what costs money. Each has
//! a key, so that it is done once however often it is sent.

use atrium_domain::Tier;
use atrium_domain::wire::{BusinessInfo, CustomerBillingInfo, PaymentInformation};
use atrium_words::t;
use leptos::prelude::*;

use crate::api::{self, ApiError, is_lost, surely};
use crate::forms::card_field::CardField;
use crate::forms::payer::Payer;

/// What is bought, and by whom.
pub struct Order {
    /// For which organization.
    pub organization: String,
    /// Its name.
    pub name: String,
    /// The plan.
    pub tier: Tier,
    /// The business behind it; none where nothing is to be said of one.
    pub business: Option<BusinessInfo>,
    /// The holder of the card that is given; none where the one on file pays.
    pub card: Option<CustomerBillingInfo>,
}

/// The keys of a purchase, which live as long as nobody knows what became of it. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Paying {
    card: StoredValue<String>,
    plan: StoredValue<String>,
    /// Whether the card that was given is kept: what was done is not done again when a later call fails.
    card_kept: StoredValue<bool>,
}

impl Paying {
    /// Nothing was sent yet.
    pub fn new() -> Self {
        Self {
            card: StoredValue::new(api::new_key()),
            plan: StoredValue::new(api::new_key()),
            card_kept: StoredValue::new(false),
        }
    }
}

/// What came of it.
pub enum Paid {
    /// The organization is on the plan.
    Done,
    /// The card was refused; nothing was bought.
    Card(String),
    /// A field was refused, which says so; nothing was bought.
    Field,
    /// Nothing was bought, or nobody knows; the sentence says which.
    Not(String),
}

/// Buys.
pub async fn pay(order: Order, card: CardField, payer: Payer, paying: Paying) -> Paid {
    let Order { organization, name, tier, business, card: holder } = order;
    let with_not_yet =
        |failed: &ApiError| format!("{} {}", failed.sentence, t!("{name} is not subscribed yet.", name));
    let not_yet = |failed: &ApiError| Paid::Not(with_not_yet(failed));
    if let Some(business) = business {
        match api::set_business_info(organization.clone(), &business).await {
            Err(failed) if payer.refused(&failed) => return Paid::Field,
            Err(failed) => return not_yet(&failed),
            Ok(()) => {}
        }
    }
    if let Some(billing_info) = holder.filter(|_| paying.card_kept.try_get_value() != Some(true)) {
        let setup_intent = match card.confirm(&billing_info).await {
            Ok(id) => id,
            Err(sentence) => return Paid::Card(sentence),
        };
        let payment = PaymentInformation { billing_info, setup_intent };
        let key = paying.card.try_get_value().unwrap_or_default();
        let kept = surely(|| api::add_payment_method(organization.clone(), &payment, &key)).await;
        match kept {
            Ok(()) => _ = paying.card_kept.try_set_value(true),
            // The same card goes with the same key the next time.
            Err(failed) if is_lost(&failed) => return not_yet(&failed),
            Err(failed) => {
                let _ = paying.card.try_set_value(api::new_key());
                card.forget();
                return Paid::Card(with_not_yet(&failed));
            }
        }
    }
    let key = paying.plan.try_get_value().unwrap_or_default();
    match surely(|| api::change_plan(organization.clone(), tier.clone(), &key)).await {
        Ok(()) => Paid::Done,
        Err(failed) if is_lost(&failed) => after_silence(organization, &name, &tier).await,
        Err(failed) => {
            // This key stands for the refusal from now on.
            let _ = paying.plan.try_set_value(api::new_key());
            let _ = paying.card.try_set_value(api::new_key());
            let _ = paying.card_kept.try_set_value(false);
            card.forget();
            let not = t!("{name} is not subscribed, and nothing was bought.", name);
            Paid::Not(format!("{} {not}", failed.sentence))
        }
    }
}

/// Looks what became of a purchase whose answer was lost.
async fn after_silence(organization: String, name: &str, tier: &Tier) -> Paid {
    match api::billing(organization).await {
        Ok(now) if now.tier.as_ref() == Some(tier) && !now.disabled => Paid::Done,
        Ok(_) => Paid::Not(t!(
            "No answer came, so the server was asked again: {name} is not subscribed. If the purchase is still on its way, \
             pressing Subscribe again does not make it a second one.",
            name,
        )),
        Err(_) => Paid::Not(t!(
            "The connection was lost before the answer came, so it is not known yet whether {name} is subscribed. It is \
             bought once at most: press Subscribe again when you are online, or reload this page to see.",
            name,
        )),
    }
}
