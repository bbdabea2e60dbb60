//! Calls to Stripe's API: form-encoded, each within its time, every POST with an idempotency key.

use std::sync::Arc;
use std::time::Duration;

use atrium_words::{mark, t};
use axum::http::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use tokio::time::Instant;

use super::Config;
use crate::error::ApiError;

/// The version of Stripe's API that this is written for; without it Stripe takes the account's.
const VERSION: &str = "2024-06-20";
/// Longest answer, in bytes.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
/// How long the way to Stripe may take to open.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(20);
/// How long to wait before a repeat.
const PAUSE: Duration = Duration::from_millis(300);

/// What went wrong at Stripe.
#[derive(Debug)]
pub enum StripeError {
    /// The card was refused, with a sentence that is meant for its owner.
    Refused(String),
    /// The card does not do, with a whole sentence of ours for its owner.
    Declined(&'static str),
    /// A field is not to Stripe's liking.
    Invalid {
        /// Stripe's name of the field, such as `address[country]`.
        param: String,
        /// Stripe's word for what is wrong with it.
        code: String,
    },
    /// There is no such object.
    Missing,
    /// Stripe works on the same thing already, or has too much to do.
    Busy,
    /// No connection: Stripe has not heard of it.
    Unreachable,
    /// The connection broke after the request was sent: whether it was done is not known.
    Lost,
    /// No answer in time: whether it was done is not known.
    Late,
    /// Anything else: a failure of Stripe's, keys that it does not know, an answer that is none.
    Failed,
}

impl StripeError {
    /// Whether Stripe has dealt with the request and will not do it any more. A key that belongs
    /// to such an answer is used up: Stripe would give the same answer again.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Refused(_) | Self::Declined(_) | Self::Invalid { .. } | Self::Missing | Self::Failed
        )
    }

    /// A word for the log.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Refused(_) | Self::Declined(_) => "refused",
            Self::Invalid { .. } => "invalid",
            Self::Missing => "missing",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::Lost => "connection lost",
            Self::Late => "no answer in time",
            Self::Failed => "failed",
        }
    }
}

impl From<StripeError> for ApiError {
    fn from(error: StripeError) -> Self {
        let (status, sentence) = match error {
            StripeError::Refused(sentence) => {
                let sentence = t!("Stripe refused the card: {sentence} The organization is as it was.", sentence);
                (StatusCode::PAYMENT_REQUIRED, sentence)
            }
            StripeError::Declined(sentence) => (StatusCode::PAYMENT_REQUIRED, sentence.to_owned()),
            StripeError::Late => (
                StatusCode::GATEWAY_TIMEOUT,
                mark!("Stripe did not answer in time. The organization is as it was. Try again; nothing is charged twice.")
                    .to_owned(),
            ),
            StripeError::Unreachable => (
                StatusCode::BAD_GATEWAY,
                mark!("Stripe cannot be reached. The organization is as it was. Try again later.").to_owned(),
            ),
            StripeError::Lost => (
                StatusCode::BAD_GATEWAY,
                mark!("The connection to Stripe broke. The organization is as it was. Try again; nothing is charged twice.")
                    .to_owned(),
            ),
            StripeError::Busy => (
                StatusCode::BAD_GATEWAY,
                mark!("Stripe is busy with this organization. It is as it was. Try again in a moment.").to_owned(),
            ),
            StripeError::Invalid { .. } | StripeError::Missing | StripeError::Failed => (
                StatusCode::BAD_GATEWAY,
                mark!("Stripe could not do this. The organization is as it was. Try again later.").to_owned(),
            ),
        };
        Self::new(status, sentence)
    }
}

/// Fields of a form, in Stripe's encoding (`items[0][quantity]`).
pub type Form = Vec<(String, String)>;

/// A client of Stripe's API.
pub struct Client {
    http: reqwest::Client,
    api: String,
}

impl Client {
    /// A client with the key of the settings.
    ///
    /// # Errors
    /// A sentence where TLS cannot be set up.
    pub fn new(config: &Config) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("The client for Stripe cannot be made: {error}");
        let mut key =
            HeaderValue::from_str(&format!("Bearer {}", config.secret)).map_err(|error| failed(&error))?;
        key.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (reqwest::header::AUTHORIZATION, key),
            (HeaderName::from_static("stripe-version"), HeaderValue::from_static(VERSION)),
        ]);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?
            .with_root_certificates(roots())
            .with_no_client_auth();
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .default_headers(headers)
            .user_agent(concat!("atrium-server/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .build()
            .map_err(|error| failed(&error))?;
        Ok(Self { http, api: config.api.clone() })
    }

    /// Reads.
    ///
    /// # Errors
    /// What went wrong at Stripe.
    pub async fn get(
        &self,
        path: &str,
        query: &[(&str, &str)],
        until: Instant,
    ) -> Result<Value, StripeError> {
        self.call(Method::GET, path, query, None, until).await
    }

    /// Changes, once for each key however often it is sent.
    ///
    /// # Errors
    /// What went wrong at Stripe.
    pub async fn post(
        &self,
        path: &str,
        form: &Form,
        key: &str,
        until: Instant,
    ) -> Result<Value, StripeError> {
        self.call(Method::POST, path, &[], Some((form, key)), until).await
    }

    /// Removes. What is gone already is gone.
    ///
    /// # Errors
    /// What went wrong at Stripe.
    pub async fn delete(
        &self,
        path: &str,
        query: &[(&str, &str)],
        until: Instant,
    ) -> Result<(), StripeError> {
        match self.call(Method::DELETE, path, query, None, until).await {
            Ok(_) | Err(StripeError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// One call, repeated once where Stripe may not have heard it: every call can be repeated.
    async fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        form: Option<(&Form, &str)>,
        until: Instant,
    ) -> Result<Value, StripeError> {
        let once = || async {
            let sent = self.send(method.clone(), path, query, form);
            tokio::time::timeout_at(until, sent).await.unwrap_or(Err(StripeError::Late))
        };
        let answer = match once().await {
            Err(StripeError::Busy | StripeError::Lost) if Instant::now() + PAUSE * 2 < until => {
                tokio::time::sleep(PAUSE).await;
                once().await
            }
            answer => answer,
        };
        if let Err(error) = &answer {
            let path = template(path);
            tracing::warn!(method = %method, path, outcome = error.word(), "a call to Stripe failed");
        }
        answer
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        form: Option<(&Form, &str)>,
    ) -> Result<Value, StripeError> {
        let mut url = Url::parse(&format!("{}/v1/{path}", self.api)).map_err(|_| StripeError::Unreachable)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let mut request = self.http.request(method, url);
        if let Some((form, key)) = form {
            request = request.header("idempotency-key", key).form(form);
        }
        let mut answer = request.send().await.map_err(lost)?;
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(lost)? {
            body.extend_from_slice(&part);
            if body.len() > MAX_ANSWER {
                return Err(StripeError::Failed);
            }
        }
        let read = serde_json::from_slice::<Value>(&body).ok().filter(Value::is_object);
        match read {
            Some(value) if status.is_success() => Ok(value),
            value => Err(refusal(status.as_u16(), value.as_ref().and_then(|value| value.get("error")))),
        }
    }
}

/// A path without the ids in it, for the log.
fn template(path: &str) -> String {
    let parts = path.split('/').enumerate();
    parts.map(|(at, part)| if at % 2 == 0 { part } else { "…" }).collect::<Vec<_>>().join("/")
}

/// Whom to trust: the system's certificates, or Mozilla's where the system has none, as in a
/// container with nothing in it.
fn roots() -> rustls::RootCertStore {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}

fn lost(error: reqwest::Error) -> StripeError {
    if error.is_connect() {
        StripeError::Unreachable
    } else if error.is_timeout() {
        StripeError::Late
    } else {
        StripeError::Lost
    }
}

/// What an answer other than success means
/// (<https://docs.stripe.com/api/errors>).
fn refusal(status: u16, error: Option<&Value>) -> StripeError {
    let text =
        |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str).unwrap_or_default();
    let (kind, code) = (text("type"), text("code"));
    if !matches!(status, 402 | 404) {
        // Not Stripe's sentence: it may repeat what was sent.
        tracing::warn!(status, kind, code, param = text("param"), "Stripe answered with an error");
    }
    match status {
        402 => refused(text("message")),
        _ if kind == "card_error" => refused(text("message")),
        404 => StripeError::Missing,
        409 | 429 => StripeError::Busy,
        _ if code == "lock_timeout" => StripeError::Busy,
        400 if kind != "idempotency_error" => {
            StripeError::Invalid { param: text("param").to_owned(), code: code.to_owned() }
        }
        _ => StripeError::Failed,
    }
}

/// A refusal with Stripe's sentence about a card, as one that ours can follow.
fn refused(message: &str) -> StripeError {
    let text: String = message.chars().filter(|c| !c.is_control()).take(300).collect();
    let text = text.trim();
    match text.chars().last() {
        None => StripeError::Declined(mark!(
            "Stripe refused the card: It gave no reason. The organization is as it was."
        )),
        Some('.' | '!' | '?') => StripeError::Refused(text.to_owned()),
        Some(_) => StripeError::Refused(format!("{text}.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_stay_out_of_the_log() {
        assert_eq!(template("customers/cus_1/tax_ids/txi_1"), "customers/…/tax_ids/…");
        assert_eq!(template("invoices/in_1/pay"), "invoices/…/pay");
    }

    #[test]
    fn errors_are_told_apart() {
        let told = |status, error: Value| refusal(status, Some(&error));
        let declined =
            json!({ "type": "card_error", "code": "card_declined", "message": "Your card was declined" });
        let StripeError::Refused(sentence) = told(402, declined) else { panic!("not refused") };
        assert_eq!(sentence, "Your card was declined.");
        assert!(matches!(told(402, json!({})), StripeError::Declined(_)));
        assert!(matches!(told(404, json!({})), StripeError::Missing));
        assert!(matches!(told(429, json!({ "type": "rate_limit_error" })), StripeError::Busy));
        let field = json!({ "type": "invalid_request_error", "code": "tax_id_invalid", "param": "value" });
        assert!(matches!(told(400, field), StripeError::Invalid { param, .. } if param == "value"));
        let reused = told(400, json!({ "type": "idempotency_error" }));
        assert!(matches!(reused, StripeError::Failed) && reused.is_final());
        for status in [401, 403, 500, 502, 302] {
            assert!(matches!(refusal(status, None), StripeError::Failed), "{status}");
        }
    }
}
