//! `atrium-server reconcile`: compares every organization with Stripe and repairs what a missed
//! webhook or a lost database left.

use std::io::Write;

use super::stripe::{Config, Stripe};
use crate::db::Db;

/// Compares, and prints what was changed.
///
/// # Errors
/// A sentence where Stripe or the database cannot be used, or an organization could not be
/// compared.
pub async fn run(database: &str) -> Result<(), String> {
    let config = Config::from(|name| std::env::var(name).ok())?;
    let config = config
        .ok_or("There is nothing to compare: STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are not set.")?;
    let db = Db::open(database, false).await?;
    let stripe = Stripe::new(config, db)?;
    let mut tell = |line: &str| {
        // Nobody may read it; the work is done all the same.
        let _ = writeln!(std::io::stdout(), "{line}");
    };
    stripe.reconcile(&mut tell).await
}
