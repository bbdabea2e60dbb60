//! What can go wrong with a call, and the sentence that people read.

use atrium_domain::json::{FromJson, Json};
use atrium_domain::wire::{Location, ValidationError};
use atrium_words::{retold, t, tn};

/// A kind of failure, as far as a page treats it differently.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// No connection, or the server is not there.
    Unreachable,
    /// No answer within the time limit.
    TimedOut,
    /// Nobody is signed in any more (401).
    SignedOut,
    /// Not permitted (403).
    Refused,
    /// Does not exist, or not for this person (404).
    Missing,
    /// Somebody was faster, or it exists already (409).
    Conflict,
    /// It is not any more what it was when it was looked at (412).
    Changed,
    /// Fields that the server does not accept (422).
    Invalid,
    /// Too many requests (429).
    TooMany,
    /// The server failed (5xx), or answered what nobody can read.
    Server,
    /// Any other refusal.
    Other,
}

/// A failed call.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiError {
    /// What kind of failure it is.
    pub failure: Failure,
    /// What happened and what to do, as a sentence or two.
    pub sentence: String,
    /// The fields that were refused, where the answer names them, whatever its status.
    pub fields: Vec<ValidationError>,
    /// How long the server asks to wait, in seconds, where it does.
    pub wait: Option<u32>,
}

impl ApiError {
    /// A failure with a sentence.
    pub fn new(failure: Failure, sentence: impl Into<String>) -> Self {
        Self { failure, sentence: sentence.into(), fields: Vec::new(), wait: None }
    }

    /// The failure that an answer's status and body tell of.
    pub fn from_answer(status: u16, retry_after: Option<String>, body: &str) -> Self {
        let body = Json::parse(body).unwrap_or(Json::Null);
        let detail = body.get("detail");
        let errors = Vec::<ValidationError>::from_json(detail).map(|mut all| {
            all.iter_mut().for_each(|error| error.msg = retold(&error.msg).into_owned());
            all
        });
        let of_errors = errors
            .as_ref()
            .map(|all| all.iter().map(|error| error.msg.as_str()).collect::<Vec<_>>().join(" "));
        if status == 422 && errors.is_some() {
            let sentence = of_errors.unwrap_or_default();
            return Self { fields: errors.unwrap_or_default(), ..Self::new(Failure::Invalid, sentence) };
        }
        // A refused batch names its row in a list, whatever the status.
        let told = || {
            let detail = String::from_json(detail)?;
            // How long to wait is said below, in the reader's language.
            let cut = detail.find(" Try again in ").filter(|_| status == 429 && retry_after.is_some());
            Some(retold(&detail[..cut.unwrap_or(detail.len())]).into_owned())
        };
        let detail = of_errors.or_else(told);
        let (failure, fallback) = match status {
            401 => (Failure::SignedOut, t!("You are signed out. Sign in again to go on.")),
            403 => (Failure::Refused, t!("You may not do this. Ask an Organization Admin.")),
            404 => (Failure::Missing, t!("This is not there any more. Reload the page to see what is.")),
            409 => (
                Failure::Conflict,
                t!("This has been changed in the meantime. Reload the page, then decide again."),
            ),
            412 => (
                Failure::Changed,
                t!("Somebody else has changed this since you looked. Look again, then decide."),
            ),
            429 => (Failure::TooMany, t!("Too many requests at once.")),
            500.. => (Failure::Server, t!("The server could not do this. Try again in a moment.")),
            _ => (Failure::Other, t!("The server did not accept this.")),
        };
        let mut sentence = detail.unwrap_or_else(|| fallback.to_owned());
        let wait = retry_after.and_then(|seconds| seconds.parse::<u32>().ok());
        if failure == Failure::TooMany {
            let when = match wait {
                Some(wait) => tn!(wait, "Try again in a second.", "Try again in {count} seconds."),
                None => t!("Wait a moment, then try again.").to_owned(),
            };
            sentence = format!("{sentence} {when}");
        }
        Self { fields: errors.unwrap_or_default(), wait, ..Self::new(failure, sentence) }
    }

    /// Whether the same call can work the next time.
    pub fn can_retry(&self) -> bool {
        matches!(self.failure, Failure::Unreachable | Failure::TimedOut | Failure::TooMany | Failure::Server)
    }

    /// Whether other calls would fail just so: nobody is signed in any more, or the server is not there.
    pub fn ends_all(&self) -> bool {
        matches!(self.failure, Failure::Unreachable | Failure::SignedOut)
    }

    /// The sentence for one field of the body, where the server refused that field.
    pub fn of_field(&self, name: &str) -> Option<String> {
        if self.failure != Failure::Invalid {
            return None;
        }
        let named = |step: &Location| *step == Location::Name(name.to_owned());
        self.fields.iter().find(|error| error.loc.iter().any(named)).map(|error| error.msg.clone())
    }

    /// The rows of a list that were refused, by their place in it, each with the sentence.
    pub fn rows(&self) -> Vec<(usize, String)> {
        let row = |error: &ValidationError| {
            let index = error.loc.iter().find_map(|step| match step {
                Location::Index(index) => usize::try_from(*index).ok(),
                Location::Name(_) => None,
            });
            index.map(|index| (index, error.msg.clone()))
        };
        self.fields.iter().filter_map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn the_servers_sentence_is_shown() {
        let error = ApiError::from_answer(409, None, r#"{"detail":"bob is already a member."}"#);
        assert_eq!((error.failure, error.sentence.as_str()), (Failure::Conflict, "bob is already a member."));
    }

    #[wasm_bindgen_test]
    fn an_unreadable_answer_still_makes_a_sentence() {
        for status in [400, 401, 403, 404, 409, 418, 422, 429, 500, 502] {
            let error = ApiError::from_answer(status, None, "<html>");
            assert!(
                error.sentence.ends_with('.') && error.sentence.len() > 20,
                "{status}: {}",
                error.sentence
            );
        }
    }

    #[wasm_bindgen_test]
    fn a_refused_field_is_found() {
        let body = r#"{"detail":[{"loc":["body",3,"email"],"msg":"Not an address.","type":"value_error","input":1}]}"#;
        let error = ApiError::from_answer(422, None, body);
        assert_eq!(error.of_field("email").as_deref(), Some("Not an address."));
        assert_eq!(error.of_field("role_id"), None);
        assert!(!error.can_retry());
    }

    #[wasm_bindgen_test]
    fn refused_rows_are_told_whatever_the_status() {
        for status in [409, 422] {
            let body =
                r#"{"detail":[{"loc":["body",3,"email"],"msg":"Already invited.","type":"value_error"}]}"#;
            let error = ApiError::from_answer(status, None, body);
            assert_eq!(error.rows(), [(3, "Already invited.".to_owned())]);
            assert_eq!(error.sentence, "Already invited.");
        }
        assert!(ApiError::from_answer(409, None, r#"{"detail":"No seat is free."}"#).rows().is_empty());
    }

    #[wasm_bindgen_test]
    fn waiting_is_told_in_seconds() {
        let error = ApiError::from_answer(429, Some("30".into()), r#"{"detail":"Too many attempts."}"#);
        assert_eq!(error.sentence, "Too many attempts. Try again in 30 seconds.");
        let said = r#"{"detail":"Too many attempts. Try again in 30 s."}"#;
        assert_eq!(ApiError::from_answer(429, Some("30".into()), said).sentence, error.sentence);
        assert_eq!(
            ApiError::from_answer(429, None, said).sentence,
            "Too many attempts. Try again in 30 s. Wait a moment, then try again."
        );
        assert!(error.can_retry());
    }
}
