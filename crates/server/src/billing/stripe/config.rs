//! The settings of Stripe, from the environment: secrets do not belong on a command line.

use std::time::Duration;

use atrium_domain::Tier;
use reqwest::Url;
use serde_json::{Map, Value};

use crate::billing::Sources;

/// How long one request to us may deal with Stripe, in seconds.
const LIMIT: u64 = 30;
/// The host of Stripe's own script.
const STRIPE_JS: &str = "https://js.stripe.com";

/// The settings of Stripe.
pub struct Config {
    /// The secret key (`sk_…`), or a restricted one (`rk_…`).
    pub secret: String,
    /// The key that browsers use (`pk_…`).
    publishable: String,
    /// Where the API is, without a slash at the end.
    pub api: String,
    /// Where the script of the card field is.
    js: Url,
    /// The secret of the webhook endpoint (`whsec_…`).
    pub webhook_secret: Option<String>,
    plus: String,
    plus_2026: Option<String>,
    /// How long one request to us may deal with Stripe.
    pub limit: Duration,
}

impl Config {
    /// Reads the settings; `None` where no key is set.
    ///
    /// # Errors
    /// A sentence that names the setting that is missing or wrong, without its value.
    pub fn from(read: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, String> {
        let read = |name: &str| read(name).filter(|value| !value.is_empty());
        let (secret, publishable) = match (read("STRIPE_SECRET_KEY"), read("STRIPE_PUBLISHABLE_KEY")) {
            (None, None) => return Ok(None),
            (Some(secret), Some(publishable)) => (secret, publishable),
            (None, _) => return Err("STRIPE_PUBLISHABLE_KEY is set and STRIPE_SECRET_KEY is not.".to_owned()),
            (_, None) => return Err("STRIPE_SECRET_KEY is set and STRIPE_PUBLISHABLE_KEY is not.".to_owned()),
        };
        if !is_key(&secret, &["sk_", "rk_"]) {
            return Err("STRIPE_SECRET_KEY is not a secret key of Stripe (sk_… or rk_…).".to_owned());
        }
        // The browser gets this one: a secret key here would be given away.
        if !is_key(&publishable, &["pk_"]) {
            return Err("STRIPE_PUBLISHABLE_KEY is not a publishable key of Stripe (pk_…).".to_owned());
        }
        let plus = read("STRIPE_PRICE_PLUS").ok_or(
            "STRIPE_PRICE_PLUS is not set. It is the id of the price for one seat and month of the plan Plus at Stripe (price_…).",
        )?;
        let limit = match read("STRIPE_TIMEOUT").map(|text| text.parse()) {
            None => LIMIT,
            Some(Ok(seconds @ 1..=300)) => seconds,
            Some(_) => return Err("STRIPE_TIMEOUT is not a number of seconds from 1 to 300.".to_owned()),
        };
        let api = url("STRIPE_API_BASE", read("STRIPE_API_BASE"), "https://api.stripe.com")?;
        Ok(Some(Self {
            secret,
            publishable,
            api: api.as_str().trim_end_matches('/').to_owned(),
            js: url("STRIPE_JS_URL", read("STRIPE_JS_URL"), "https://js.stripe.com/v3/")?,
            webhook_secret: read("STRIPE_WEBHOOK_SECRET"),
            plus,
            plus_2026: read("STRIPE_PRICE_PLUS_01_2026"),
            limit: Duration::from_secs(limit),
        }))
    }

    /// Whether webhooks can be verified.
    pub fn takes_events(&self) -> bool {
        self.webhook_secret.is_some()
    }

    /// The id of the price of a seat; `None` for a plan that is not sold through Stripe.
    pub fn price(&self, tier: &Tier) -> Option<&str> {
        match tier {
            Tier::Plus => Some(&self.plus),
            Tier::Plus2026 => Some(self.plus_2026.as_ref().unwrap_or(&self.plus)),
            _ => None,
        }
    }

    /// What the app must know.
    pub fn flags(&self) -> Map<String, Value> {
        let mut flags = Map::new();
        flags.insert("stripe_publishable_key".to_owned(), self.publishable.clone().into());
        flags.insert("stripe_js_url".to_owned(), self.js.as_str().into());
        flags
    }

    /// What the page with the card field may load and ask. Stripe's own script has frames at more
    /// hosts of Stripe's (<https://docs.stripe.com/security/guide#content-security-policy>).
    pub fn sources(&self) -> Sources {
        let js = self.js.origin().ascii_serialization();
        let api = Url::parse(&self.api).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let mut sources =
            Sources { script: format!(" {js}"), frame: format!(" {js}"), connect: format!(" {api}") };
        if js == STRIPE_JS {
            sources.script.push_str(" https://*.js.stripe.com");
            sources.frame.push_str(" https://*.js.stripe.com https://hooks.stripe.com");
        }
        if js != api && js != STRIPE_JS {
            sources.connect.push_str(&format!(" {js}"));
        }
        sources
    }
}

fn is_key(text: &str, prefixes: &[&str]) -> bool {
    let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

fn url(name: &str, given: Option<String>, default: &str) -> Result<Url, String> {
    let text = given.as_deref().unwrap_or(default);
    // What goes into a header must not end it, nor begin another source.
    let url = Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
    });
    url.ok_or_else(|| format!("{name} is not an address such as {default}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[(&str, &str)] = &[
        ("STRIPE_SECRET_KEY", "sk_test_1"),
        ("STRIPE_PUBLISHABLE_KEY", "pk_test_1"),
        ("STRIPE_PRICE_PLUS", "price_1"),
    ];

    fn read(more: &[(&str, &str)]) -> Result<Option<Config>, String> {
        let all: Vec<_> = KEYS.iter().chain(more).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Config::from(|name| all.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.clone()))
    }

    #[test]
    fn settings_name_what_is_wrong() {
        assert!(Config::from(|_| None).unwrap().is_none());
        for (name, value) in [
            ("STRIPE_SECRET_KEY", ""),
            ("STRIPE_SECRET_KEY", "pk_test_1"),
            ("STRIPE_SECRET_KEY", "sk_test_1\n"),
            ("STRIPE_PUBLISHABLE_KEY", ""),
            ("STRIPE_PUBLISHABLE_KEY", "sk_test_secret"),
            ("STRIPE_PRICE_PLUS", ""),
            ("STRIPE_API_BASE", "localhost:8420"),
            ("STRIPE_JS_URL", "javascript:alert(1)"),
            ("STRIPE_TIMEOUT", "soon"),
            ("STRIPE_TIMEOUT", "0"),
        ] {
            let told = read(&[(name, value)]).err().unwrap_or_default();
            assert!(told.contains(name) && !told.contains("test_secret"), "{name}={value}: {told}");
        }
    }

    #[test]
    fn the_policy_opens_for_the_card_field_alone() {
        let stripe = read(&[]).unwrap().unwrap().sources();
        assert_eq!(stripe.script, " https://js.stripe.com https://*.js.stripe.com");
        assert!(stripe.frame.contains("https://hooks.stripe.com"));
        assert_eq!(stripe.connect, " https://api.stripe.com");
        let local = read(&[
            ("STRIPE_API_BASE", "http://127.0.0.1:8420/"),
            ("STRIPE_JS_URL", "http://127.0.0.1:8420/js.stripe.com/v3/"),
        ]);
        let local = local.unwrap().unwrap();
        assert_eq!(local.api, "http://127.0.0.1:8420");
        let sources = local.sources();
        assert_eq!(sources.script, " http://127.0.0.1:8420");
        assert_eq!((&sources.frame, &sources.connect), (&sources.script, &sources.script));
    }

    #[test]
    fn only_plus_is_sold() {
        let config = read(&[("STRIPE_PRICE_PLUS_01_2026", "price_2")]).unwrap().unwrap();
        assert_eq!(config.price(&Tier::Plus), Some("price_1"));
        assert_eq!(config.price(&Tier::Plus2026), Some("price_2"));
        assert_eq!(config.price(&Tier::Enterprise), None);
        assert_eq!(read(&[]).unwrap().unwrap().price(&Tier::Plus2026), Some("price_1"));
    }
}
