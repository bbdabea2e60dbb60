//! The border: bodies, query strings, path ids and headers, each refused with the field's name.

use atrium_domain::wire::{Location, ValidationError};
use atrium_words::{mark, t};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use tower_http::timeout::TimeoutError;
use uuid::Uuid;

use crate::error::{ApiError, Result, field, name};

pub mod query;
mod strict;

use self::strict::Strict;
pub use query::{Asked, FromQuery, Params};

/// A JSON body of type `T`. Refused with 422 and the way to the field where it does not fit, with
/// 413 where it is too long.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self> {
        let json = is_json(&request);
        of_json(&read_body(request).await?, json).map(Self)
    }
}

/// Whether a body is said to be JSON.
fn is_json(request: &Request) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/json"))
}

fn of_json<T: DeserializeOwned>(bytes: &[u8], json: bool) -> Result<T> {
    // A form of another site can send text/plain without asking first; JSON it cannot.
    if !json {
        return Err(ApiError::invalid(["body"], mark!("Send JSON, with Content-Type: application/json.")));
    }
    parse(bytes)
}

/// A body as [`Body`], for an operation whose contract requires none: nothing at all is the default.
pub struct OptionalBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self> {
        let json = is_json(&request);
        let bytes = read_body(request).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        of_json(&bytes, json).map(Self)
    }
}

/// The whole body of a request.
///
/// # Errors
/// 413 where it is too long, 408 where it came too slowly, 400 where it broke off.
pub async fn read_body(request: Request) -> Result<Bytes> {
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, mark!("This is too long: the limit is 1 MiB."))
        }
        _ if was_too_slow(&rejection) => {
            ApiError::new(StatusCode::REQUEST_TIMEOUT, mark!("The request came too slowly."))
                .with_header(header::CONNECTION, HeaderValue::from_static("close"))
        }
        _ => ApiError::bad_request(mark!("The request broke off.")),
    })
}

/// Whether a body was given up because the client paused (`serve::app` sets the limit).
fn was_too_slow(error: &(dyn std::error::Error + 'static)) -> bool {
    error.is::<TimeoutError>() || error.source().is_some_and(was_too_slow)
}

/// What a JSON body says.
///
/// # Errors
/// 422 with the way to the field.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| ApiError::invalid(["body"], format!("This is not JSON: {error}.")))?;
    if let Some(loc) = find_nul(&value, &mut vec![name("body")]) {
        let fields = vec![field(loc, mark!("A text cannot hold the character NUL."))];
        return Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, fields));
    }
    serde_path_to_error::deserialize(Strict(&value)).map_err(|error| {
        let mut loc = vec![name("body")];
        for segment in error.path() {
            match segment {
                Segment::Seq { index } => loc.push(Location::Index(*index as u64)),
                Segment::Map { key } => loc.push(name(key)),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        let message = error.inner().to_string();
        let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let (message, kind) = match missing {
            Some(missing) => {
                loc.push(name(missing));
                (mark!("This field is required.").to_owned(), "missing")
            }
            None => (message, "value_error"),
        };
        let refused = ValidationError { loc, msg: message, kind: kind.to_owned() };
        ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![refused])
    })
}

/// The way to a text with a NUL in it: databases cut or refuse such texts.
fn find_nul(value: &Value, at: &mut Vec<Location>) -> Option<Vec<Location>> {
    let inside = |step: Location, value: &Value, at: &mut Vec<Location>| {
        at.push(step);
        let found = find_nul(value, at);
        at.pop();
        found
    };
    match value {
        Value::String(text) => text.contains('\0').then(|| at.clone()),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| inside(Location::Index(index as u64), item, at))
        }
        Value::Object(fields) => fields.iter().find_map(|(key, item)| {
            if key.contains('\0') { Some(at.clone()) } else { inside(name(key), item, at) }
        }),
        _ => None,
    }
}

/// The id in a path.
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| ApiError::invalid(["path"], mark!("This is not a valid address.")))?;
        let (key, value) = params.iter().next().unwrap_or(("id", ""));
        Uuid::try_parse(value)
            .map(Self)
            .map_err(|_| ApiError::invalid(["path", key], mark!("This is not a UUID.")))
    }
}

/// Reads a header that holds an id.
///
/// # Errors
/// 422 where it is missing or no UUID.
pub fn header_id(parts: &Parts, header: &'static str) -> Result<Uuid> {
    let value = parts.headers.get(header);
    let value =
        value.ok_or_else(|| ApiError::invalid(["header", header], mark!("This header is required.")))?;
    value
        .to_str()
        .ok()
        .and_then(|text| Uuid::try_parse(text.trim()).ok())
        .ok_or_else(|| ApiError::invalid(["header", header], mark!("This is not a UUID.")))
}

/// Reads an id out of a body's text.
///
/// # Errors
/// 422 for what is no UUID.
pub fn body_id(text: &str, key: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| ApiError::invalid(["body", key], mark!("This is not a UUID.")))
}

/// Turns a domain check's sentence into a refused field of the body.
///
/// # Errors
/// 422 where the check failed.
pub fn checked(result: std::result::Result<(), String>, key: &str) -> Result<()> {
    result.map_err(|sentence| ApiError::invalid(["body", key], sentence))
}

/// Checks a text by its length in characters; control characters other than line breaks are refused.
///
/// # Errors
/// 422 with the field.
pub fn check_text(text: &str, path: &[&str], min: usize, max: usize) -> Result<()> {
    let refuse = |sentence: String| {
        let loc = path.iter().map(|step| name(step)).collect();
        Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![field(loc, sentence)]))
    };
    let count = text.trim().chars().count();
    if count < min {
        return refuse(mark!("This field is required.").to_owned());
    }
    if text.chars().count() > max {
        return refuse(t!("Use at most {max} characters.", max));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return refuse(mark!("Control characters cannot be in this text.").to_owned());
    }
    Ok(())
}

/// A `LIKE` pattern that finds `text` anywhere, its own `%`, `_` and `\` meant as they stand.
pub fn contains(text: &str) -> sea_orm::sea_query::LikeExpr {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    sea_orm::sea_query::LikeExpr::new(pattern).escape('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loc<T: DeserializeOwned>(body: &str) -> String {
        match parse::<T>(body.as_bytes()) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn a_refusal_leads_to_the_field() {
        use atrium_domain::wire::{BusinessInfo, InvitationCreate, SignUp};
        assert!(loc::<SignUp>("{").contains("not JSON"));
        let missing = loc::<SignUp>(r#"{"email":"a@b.co","full_name":"A"}"#);
        assert!(missing.contains(r#"Name("password")"#) && missing.contains("required"), "{missing}");
        let row = loc::<Vec<InvitationCreate>>(r#"[{"email":"a@b.co"},{"email":7}]"#);
        assert!(row.contains("Index(1)") && row.contains(r#"Name("email")"#), "{row}");
        let nul = loc::<SignUp>(r#"{"email":"a\u0000","password":"12345678","full_name":"A"}"#);
        assert!(nul.contains("NUL") && nul.contains(r#"Name("email")"#), "{nul}");
        let list = loc::<SignUp>(r#"["a@b.co", "correct horse", "Ada"]"#);
        assert!(list.contains("expected an object"), "{list}");
        let inside = loc::<BusinessInfo>(r#"{"tax_id":["1","eu_vat"]}"#);
        assert!(inside.contains(r#"Name("tax_id")"#) && inside.contains("expected an object"), "{inside}");
        assert_eq!(loc::<BusinessInfo>(r#"{"tax_id":{"value":"1","type":"x"},"more":[[]]}"#), "accepted");
        let deep = "[".repeat(100_000);
        assert!(loc::<SignUp>(&deep).contains("not JSON"));
    }
}
