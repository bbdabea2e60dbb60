//! Query strings. A handler asks for a type that reads itself field by field; the same reading,
//! done once at the start, tells the OpenAPI document which fields there are.

use sea_orm::Order;
use std::cell::RefCell;
use std::str::FromStr;

use atrium_domain::wire::ValidationError;
use atrium_words::{mark, t};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use chrono::{DateTime, Datelike, NaiveDateTime, Utc};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Required};
use uuid::Uuid;

use crate::error::{ApiError, Result, field, name};

/// Longest text of a search or filter, in characters.
const MAX_FILTER: usize = 320;
/// Longest expression of a filter language, in characters.
const MAX_EXPRESSION: usize = 2_000;
/// Most values of a list.
const MAX_VALUES: usize = 500;

/// What an operation asks of the query string.
pub trait FromQuery: Sized {
    /// Reads it. Every field has to be asked for on every way through, whatever the others say: the
    /// document is made from what is asked for here.
    ///
    /// # Errors
    /// 422 for a field that is not of its form.
    fn read(params: &Params) -> Result<Self>;
}

/// A query string of the form that `T` asks for. Refused with 422 and the field's name.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: FromQuery> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        T::read(&Params::of(&parts.uri)?).map(Self)
    }
}

/// The fields of a query string, or in their place somebody who writes down what is asked for.
pub struct Params {
    pairs: Vec<(String, String)>,
    asked: Option<RefCell<Vec<Parameter>>>,
}

impl Params {
    /// Those of an address.
    ///
    /// # Errors
    /// 422 where they are none.
    pub fn of(uri: &Uri) -> Result<Self> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| ApiError::invalid(["query"], mark!("This is not a valid query string.")))?;
        match pairs.iter().find(|(_, value)| value.contains('\0')) {
            Some((key, _)) => {
                Err(ApiError::invalid(["query", key], mark!("A text cannot hold the character NUL.")))
            }
            None => Ok(Self { pairs, asked: None }),
        }
    }

    /// The fields that a type asks for.
    pub fn asked_by<T: FromQuery>() -> Vec<Parameter> {
        let params = Self { pairs: Vec::new(), asked: Some(RefCell::default()) };
        // Nothing is given, so nothing can be refused.
        let _ = T::read(&params);
        params.asked.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Writes down that a field is asked for, if that is what this is for.
    fn note(&self, key: &str, schema: impl FnOnce() -> RefOr<Schema>) {
        if self.asked.is_some() {
            self.put(key, Required::False, schema());
        }
    }

    fn put(&self, key: &str, required: Required, schema: RefOr<Schema>) {
        if let Some(asked) = &self.asked {
            let parameter = ParameterBuilder::new()
                .name(key)
                .parameter_in(ParameterIn::Query)
                .required(required)
                .schema(Some(schema));
            asked.borrow_mut().push(parameter.build());
        }
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }

    /// A yes or no.
    ///
    /// # Errors
    /// 422 for any other word.
    pub fn flag(&self, key: &str, default: bool) -> Result<bool> {
        self.note(key, || {
            ObjectBuilder::new().schema_type(Type::Boolean).default(Some(default.into())).into()
        });
        match self.get(key).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("true" | "1" | "yes" | "on") => Ok(true),
            Some("false" | "0" | "no" | "off") => Ok(false),
            Some(_) => Err(ApiError::invalid(["query", key], mark!("This is neither true nor false."))),
        }
    }

    /// Which way a list is sorted, as `sort_by_desc` says: downwards where it does not.
    ///
    /// # Errors
    /// 422 for what is neither true nor false.
    pub fn direction(&self) -> Result<Order> {
        Ok(if self.flag("sort_by_desc", true)? { Order::Desc } else { Order::Asc })
    }

    /// A yes or no that may be left out.
    ///
    /// # Errors
    /// 422 for any other word.
    pub fn optional_flag(&self, key: &str) -> Result<Option<bool>> {
        self.note(key, || ObjectBuilder::new().schema_type(Type::Boolean).into());
        self.get(key).map(|_| self.flag(key, false)).transpose()
    }

    /// A number between bounds.
    ///
    /// # Errors
    /// 422 for what is no number, or outside the bounds.
    pub fn number(&self, key: &str, default: u64, min: u64, max: u64) -> Result<u64> {
        self.note(key, || {
            ObjectBuilder::new()
                .schema_type(Type::Integer)
                .minimum(Some(min))
                .maximum(Some(max))
                .default(Some(default.into()))
                .into()
        });
        let Some(text) = self.get(key) else { return Ok(default) };
        match text.parse::<u64>() {
            Ok(number) if (min..=max).contains(&number) => Ok(number),
            _ => Err(ApiError::invalid(["query", key], format!("This is not a number from {min} to {max}."))),
        }
    }

    /// `limit` (1 to `max`) and `offset`.
    ///
    /// # Errors
    /// 422 as [`Params::number`].
    pub fn page(&self, default: u64, max: u64) -> Result<(u64, u64)> {
        // SQLite's numbers are signed.
        Ok((self.number("limit", default, 1, max)?, self.number("offset", 0, 0, i64::MAX as u64)?))
    }

    /// A text; an empty one is none.
    ///
    /// # Errors
    /// 422 where it is too long.
    pub fn text(&self, key: &str) -> Result<Option<&str>> {
        self.text_up_to(key, MAX_FILTER)
    }

    /// A text in a filter language, as [`Params::text`] but longer.
    ///
    /// # Errors
    /// 422 where it is too long.
    pub fn expression(&self, key: &str) -> Result<Option<&str>> {
        self.text_up_to(key, MAX_EXPRESSION)
    }

    fn text_up_to(&self, key: &str, max: usize) -> Result<Option<&str>> {
        self.note(key, || ObjectBuilder::new().schema_type(Type::String).max_length(Some(max)).into());
        match self.get(key) {
            Some(text) if text.chars().count() > max => {
                Err(ApiError::invalid(["query", key], t!("Use at most {max} characters.", max)))
            }
            text => Ok(text.filter(|text| !text.is_empty())),
        }
    }

    /// A list: the field given once for each item.
    ///
    /// # Errors
    /// 422 for more than 500 items.
    pub fn list(&self, key: &str) -> Result<Vec<&str>> {
        self.note(key, || list_of(ObjectBuilder::new().schema_type(Type::String)));
        self.items(key)
    }

    fn items(&self, key: &str) -> Result<Vec<&str>> {
        let items: Vec<_> =
            self.pairs.iter().filter(|(own, _)| own == key).map(|(_, value)| value.as_str()).collect();
        if items.len() > MAX_VALUES {
            return Err(ApiError::invalid(["query", key], format!("Use at most {MAX_VALUES} values.")));
        }
        Ok(items)
    }

    /// A list of texts; empty ones are none.
    ///
    /// # Errors
    /// 422 where there are too many, or one is too long.
    pub fn texts(&self, key: &str) -> Result<Vec<&str>> {
        let items = self.list(key)?;
        if items.iter().any(|text| text.chars().count() > MAX_FILTER) {
            let sentence = t!("Use at most {max} characters.", max = MAX_FILTER);
            return Err(ApiError::invalid(["query", key], sentence));
        }
        Ok(items.into_iter().filter(|text| !text.is_empty()).collect())
    }

    /// A list of ids.
    ///
    /// # Errors
    /// 422 for what is no UUID.
    pub fn ids(&self, key: &str) -> Result<Vec<Uuid>> {
        self.note(key, || list_of(uuid()));
        let refuse = |_| ApiError::invalid(["query", key], mark!("This is not a UUID."));
        self.items(key)?.into_iter().map(|text| Uuid::try_parse(text).map_err(refuse)).collect()
    }

    /// An id; of several the last.
    ///
    /// # Errors
    /// 422 for what is no UUID.
    pub fn id(&self, key: &str) -> Result<Option<Uuid>> {
        self.note(key, || uuid().into());
        let refuse = |_| ApiError::invalid(["query", key], mark!("This is not a UUID."));
        self.get(key).map(|text| Uuid::try_parse(text).map_err(refuse)).transpose()
    }

    /// A moment that has to be given: RFC 3339, or without an offset in UTC.
    ///
    /// # Errors
    /// 422 where it is missing or no moment of the years 1 to 9999.
    pub fn moment(&self, key: &str) -> Result<DateTime<Utc>> {
        if self.asked.is_some() {
            self.put(key, Required::True, date_time().into());
            return Ok(DateTime::UNIX_EPOCH);
        }
        let Some(text) = self.get(key) else {
            let missing = ValidationError {
                kind: "missing".to_owned(),
                ..field(vec![name("query"), name(key)], mark!("This field is required."))
            };
            return Err(ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![missing]));
        };
        moment_of(text).ok_or_else(|| ApiError::invalid(["query", key], NO_MOMENT))
    }

    /// A moment that may be left out.
    ///
    /// # Errors
    /// 422 for no moment of the years 1 to 9999.
    pub fn optional_moment(&self, key: &str) -> Result<Option<DateTime<Utc>>> {
        self.note(key, || date_time().into());
        self.get(key).map(|_| self.moment(key)).transpose()
    }

    /// Whether a moment is one that every database can hold and compare.
    pub fn is_sane(moment: DateTime<Utc>) -> bool {
        (1..=9999).contains(&moment.year())
    }

    /// One of some words.
    ///
    /// # Errors
    /// 422 for any other.
    pub fn word<'a>(&self, key: &str, words: &[&'a str], default: &'a str) -> Result<&'a str> {
        self.note(key, || enumeration(words).default(Some(default.into())).into());
        let Some(text) = self.get(key) else { return Ok(default) };
        one_of(key, words, text)
    }

    /// One of some words that may be left out.
    ///
    /// # Errors
    /// 422 for any other.
    pub fn optional_word<'a>(&self, key: &str, words: &[&'a str]) -> Result<Option<&'a str>> {
        self.note(key, || enumeration(words).into());
        self.get(key).map(|text| one_of(key, words, text)).transpose()
    }

    /// A list of some words.
    ///
    /// # Errors
    /// 422 for any other, and for more than 500 items.
    pub fn words<'a>(&self, key: &str, words: &[&'a str]) -> Result<Vec<&'a str>> {
        self.note(key, || list_of(enumeration(words)));
        self.items(key)?.into_iter().map(|text| one_of(key, words, text)).collect()
    }
}

fn one_of<'a>(key: &str, words: &[&'a str], text: &str) -> Result<&'a str> {
    words
        .iter()
        .copied()
        .find(|word| *word == text)
        .ok_or_else(|| ApiError::invalid(["query", key], format!("This is none of {}.", words.join(", "))))
}

const NO_MOMENT: &str = mark!("This is not a date and time, such as 2026-01-31T12:00:00Z.");

/// A moment of the years 1 to 9999: RFC 3339, or without an offset in UTC.
pub fn moment_of(text: &str) -> Option<DateTime<Utc>> {
    // A plus sign that was not escaped arrives as a space.
    let text = text.trim().replace(' ', "+");
    let moment = DateTime::parse_from_rfc3339(&text)
        .map(|moment| moment.to_utc())
        .or_else(|_| NaiveDateTime::from_str(&text).map(|moment| moment.and_utc()));
    moment.ok().filter(|moment| Params::is_sane(*moment))
}

fn date_time() -> ObjectBuilder {
    let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format))
}

fn enumeration(words: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()))
}

fn uuid() -> ObjectBuilder {
    let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format))
}

/// The number of values is bounded in words only: an address with too many is too long for HTTP
/// before this server reads it.
fn list_of(item: ObjectBuilder) -> RefOr<Schema> {
    let bound = format!("At most {MAX_VALUES} values.");
    ArrayBuilder::new().items(item.build()).description(Some(bound)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Page;

    impl FromQuery for Page {
        fn read(params: &Params) -> Result<Self> {
            params.page(50, 500)?;
            params.ids("id")?;
            Ok(Self)
        }
    }

    #[test]
    fn what_is_read_is_what_is_described() {
        let asked = Params::asked_by::<Page>();
        let names: Vec<_> = asked.iter().map(|parameter| parameter.name.as_str()).collect();
        assert_eq!(names, ["limit", "offset", "id"]);
        let limit = serde_json::to_value(&asked[0]).unwrap();
        assert_eq!((&limit["schema"]["minimum"], &limit["schema"]["maximum"]), (&1.into(), &500.into()));
    }
}
