//! Billing through Stripe, against localstripe.

mod cards;
mod failures;
mod job;
mod local;
mod messages;
mod reconcile;
mod seats;
mod two_servers;
mod wire;

use std::collections::HashSet;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

pub use crate::common::eventually;
use crate::common::{At, Person, Server, program, text, url};
use crate::job::payment;
use local::{LocalStripe, PUBLISHABLE, SECRET};
use wire::Wire;

pub const WEBHOOK_SECRET: &str = "whsec_test_secret";
pub const GOOD: &str = "4242424242424242";
/// Can be added, and is refused when it is charged.
pub const EMPTY: &str = "4000000000000341";

/// For where Stripe does not answer.
pub const IMPATIENT: (&str, &str) = ("STRIPE_TIMEOUT", "2");

/// Stripe, the way there, and a server that bills through it.
pub struct Shop {
    pub server: Server,
    pub wire: Wire,
    pub local: LocalStripe,
}

impl Shop {
    /// `None` where localstripe cannot be had: the test is skipped then.
    pub fn open() -> Option<Self> {
        Self::open_with(&[])
    }

    pub fn open_with(more: &[(&str, &str)]) -> Option<Self> {
        let local = LocalStripe::start()?;
        let wire = Wire::to(&local.address);
        let server = start(TempDir::new().unwrap(), &wire, &local, more);
        local.send_events_to(&server.address, WEBHOOK_SECRET);
        Some(Self { server, wire, local })
    }

    /// A second server on the same database, at the same Stripe.
    pub fn second(&self) -> Server {
        start(self.server.directory(), &self.wire, &self.local, &[])
    }

    /// Kills the server as a power cut would and starts another on the same database.
    pub fn crash(self) -> Self {
        self.between(|_, _| {})
    }

    /// The same, with something done while no server runs.
    pub fn between(self, what: impl FnOnce(&Stopped, &Path)) -> Self {
        let Self { server, wire, local } = self;
        let directory = server.crashed();
        let stopped = Stopped { wire, local };
        what(&stopped, &directory.path().join("data/atrium.db"));
        let Stopped { wire, local } = stopped;
        let server = start(directory, &wire, &local, &[]);
        local.send_events_to(&server.address, WEBHOOK_SECRET);
        Self { server, wire, local }
    }

    /// Runs `atrium-server reconcile`.
    pub fn reconcile(&self) -> Output {
        reconcile_of(&self.wire, &self.local, &self.server.database())
    }

    /// A card of the organization, as the browser adds it.
    pub fn add_card(&self, person: &Person<'_>, organization: &str, number: &str) {
        let secret = setup(person, organization);
        assert_eq!(self.local.enter_card(&secret, number, "123"), 200);
        person.post("/orgs/current/payment-method", At::Org(organization), payment(&secret)).ok();
    }

    /// A shared organization that pays for Plus.
    pub fn paying(&self, person: &Person<'_>) -> String {
        let id = person.organization("Acme", "no_plan");
        self.add_card(person, &id, GOOD);
        person.post("/orgs/current/plan", At::Org(&id), json!({ "tier": "plus" })).ok();
        id
    }

    /// Every subscription at Stripe, those that have ended too.
    pub fn all_subscriptions(&self) -> Vec<Value> {
        self.local.get("subscriptions?status=all&limit=100")["data"].as_array().unwrap().clone()
    }

    /// The subscriptions at Stripe that have not ended.
    pub fn subscriptions(&self) -> Vec<Value> {
        self.local.get("subscriptions?limit=100")["data"].as_array().unwrap().clone()
    }

    /// The only subscription that has not ended.
    #[track_caller]
    pub fn subscription(&self) -> Value {
        let mut all = self.subscriptions();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// The seats that Stripe bills.
    #[track_caller]
    pub fn billed(&self) -> u64 {
        self.subscription()["items"]["data"][0]["quantity"].as_u64().unwrap()
    }

    /// How many refunds there are at Stripe; each was asked for with the same key every time.
    #[track_caller]
    pub fn refunds(&self) -> usize {
        let made = self.local.get("refunds?limit=100")["data"].as_array().unwrap().len();
        let calls = self.wire.calls();
        let keys: HashSet<_> =
            calls.iter().filter(|call| call.path == "refunds").map(|call| &call.key).collect();
        assert_eq!(keys.len(), made, "{keys:?}");
        made
    }

    /// The only customer.
    #[track_caller]
    pub fn customer(&self) -> Value {
        let list = self.local.get("customers?limit=100");
        assert_eq!(list["data"].as_array().unwrap().len(), 1, "{list}");
        list["data"][0].clone()
    }
}

/// Stripe and the way there, while no server runs.
pub struct Stopped {
    pub wire: Wire,
    pub local: LocalStripe,
}

impl Stopped {
    pub fn reconcile_of(&self, database: &Path) -> Output {
        reconcile_of(&self.wire, &self.local, database)
    }
}

fn reconcile_of(wire: &Wire, local: &LocalStripe, database: &Path) -> Output {
    program()
        .args(["reconcile", "--database", &url(database)])
        .envs(environment(wire, local))
        .output()
        .unwrap()
}

fn environment(wire: &Wire, local: &LocalStripe) -> Vec<(&'static str, String)> {
    vec![
        ("STRIPE_SECRET_KEY", SECRET.to_owned()),
        ("STRIPE_PUBLISHABLE_KEY", PUBLISHABLE.to_owned()),
        ("STRIPE_API_BASE", wire.address()),
        ("STRIPE_JS_URL", format!("{}/js.stripe.com/v3/", local.address)),
        ("STRIPE_PRICE_PLUS", "price_plus".to_owned()),
        ("STRIPE_PRICE_PLUS_01_2026", "price_plus_2026".to_owned()),
        ("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        // Nothing hangs: where it does, a test says `IMPATIENT`.
        ("STRIPE_TIMEOUT", "6".to_owned()),
        // An address of this machine needs no proxy.
        ("NO_PROXY", "127.0.0.1".to_owned()),
    ]
}

fn start(
    directory: impl Into<Arc<TempDir>>,
    wire: &Wire,
    local: &LocalStripe,
    more: &[(&str, &str)],
) -> Server {
    let mut all = environment(wire, local);
    all.retain(|(name, _)| !more.iter().any(|(own, _)| own == name));
    let all: Vec<_> =
        all.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect();
    Server::start_env(directory, &[], &all)
}

/// A new setup intent's client secret.
pub fn setup(person: &Person<'_>, organization: &str) -> String {
    text(&person.post("/orgs/current/setup", At::Org(organization), json!({})).ok()["client_secret"])
}

pub fn billing(person: &Person<'_>, organization: &str) -> Value {
    person.get("/orgs/current/billing", At::Org(organization)).ok()
}
