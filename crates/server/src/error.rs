//! What the API answers when it refuses or fails.

use atrium_domain::Denied;
use atrium_domain::wire::{Location, ValidationError};
use atrium_words::mark;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::header};
use sea_orm::{DbErr, SqlErr};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::is_uncertain;
use crate::request;

/// A refusal or a failure, as `{"detail": …, "request_id": …}` with a status.
#[derive(Debug)]
pub struct ApiError {
    /// The status of the answer.
    pub status: StatusCode,
    detail: Detail,
    code: Option<&'static str>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What was refused, or failed, and why: a sentence for people, or the fields that were refused.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Detail {
    Sentence(String),
    Fields(Vec<ValidationError>),
}

/// The body of every answer that is no success.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub struct ErrorBody {
    detail: Detail,
    /// A word for programs, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    /// With it an operator finds the request in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// What a handler gives back.
pub type Result<T> = std::result::Result<T, ApiError>;

const INTERNAL: &str = mark!("The server could not finish this. Nothing was changed; try again.");

/// No promise that nothing was changed.
const UNCERTAIN: &str = mark!(
    "The server lost its database while it saved this. It may or may not have been done: \
    look before you try again."
);

impl ApiError {
    /// A refusal with a sentence for people.
    pub fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self { status, detail: Detail::Sentence(sentence.into()), code: None, headers: Vec::new() }
    }

    /// 400: the request makes no sense now.
    pub fn bad_request(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }

    /// 401: nobody is signed in.
    pub fn unauthorized(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, sentence)
    }

    /// 403: the caller may not do this.
    pub fn forbidden(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, sentence)
    }

    /// 404: there is no such thing, or none that the caller may know of.
    pub fn not_found(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, sentence)
    }

    /// 409: it does not fit what is there already.
    pub fn conflict(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, sentence)
    }

    /// 422 for one field: `loc` leads to it.
    pub fn invalid<const N: usize>(loc: [&str; N], sentence: impl Into<String>) -> Self {
        Self::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![field(loc.map(name).to_vec(), sentence)])
    }

    /// A refusal that names fields.
    pub fn fields(status: StatusCode, fields: Vec<ValidationError>) -> Self {
        Self { status, detail: Detail::Fields(fields), code: None, headers: Vec::new() }
    }

    /// 500: logged with its cause, answered without it.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL)
    }

    /// Adds a word for programs (`error` beside `detail`).
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A step of the way to a field.
pub fn name(text: &str) -> Location {
    Location::Name(text.to_owned())
}

/// One refused field.
pub fn field(loc: Vec<Location>, sentence: impl Into<String>) -> ValidationError {
    ValidationError { loc, msg: sentence.into(), kind: "value_error".to_owned() }
}

/// Whether an insert met a row that is already there.
pub fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        Self::forbidden(denied.0)
    }
}

impl From<DbErr> for ApiError {
    fn from(error: DbErr) -> Self {
        let sentence = if is_uncertain(&error) { UNCERTAIN } else { INTERNAL };
        tracing::error!(cause = %error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, sentence)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            detail: self.detail,
            error: self.code,
            request_id: request::current().map(|request| request.id.clone()),
        };
        let mut response = (self.status, Json(body)).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}

/// A panic in a handler, answered as any other failure.
pub fn panicked() -> Response {
    let mut response = ApiError::internal("a handler panicked").into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
