//! Test billing: the same calls as a real provider, and nobody is charged.

use atrium_domain::Tier;
use atrium_domain::wire::{CustomerBillingInfo, PaymentMethod};
use chrono::Datelike;
use uuid::Uuid;

use super::{BillingProvider, Intent, Later, Receipt};
use crate::auth::sessions::secret;
use crate::db::now;

/// The built-in provider, the default.
pub struct TestBilling;

impl BillingProvider for TestBilling {
    fn name(&self) -> &'static str {
        "test"
    }

    fn setup_intent(&self, _organization: Uuid) -> Later<'_, Intent> {
        Box::pin(async {
            let id = format!("seti_test_{}", Uuid::new_v4().simple());
            let client_secret = secret(&format!("{id}_secret_"))?;
            Ok(Intent { id, client_secret })
        })
    }

    fn keep_card<'a>(
        &'a self,
        _organization: Uuid,
        _intent: &'a str,
        _payer: &'a CustomerBillingInfo,
    ) -> Later<'a, (PaymentMethod, Receipt)> {
        Box::pin(async {
            // The number that payment providers give out for tests, 4242 4242 4242 4242.
            let card = PaymentMethod {
                brand: Some("visa".to_owned()),
                last4: Some("4242".to_owned()),
                exp_month: Some(12),
                exp_year: u32::try_from(now().year() + 3).ok(),
                email: None,
            };
            Ok((card, Receipt::default()))
        })
    }

    fn set_plan<'a>(&'a self, _organization: Uuid, _tier: &'a Tier, _seats: u64) -> Later<'a, Receipt> {
        Box::pin(async { Ok(Receipt::default()) })
    }
}
