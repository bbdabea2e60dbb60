//! The API's answers, field for field as the contract has them. What this server has nothing to say
//! about is there all the same, at the contract's default.

pub mod audit;
pub mod config;
pub mod ends;
pub mod info;
pub mod keys;
pub mod organization;
pub mod people;
pub mod resources;
pub mod settings;
pub mod streamed;
pub mod workspace;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A moment as the wire has it: RFC 3339 in UTC, to the microsecond.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Time(pub DateTime<Utc>);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

/// The answer of an operation that has nothing to tell: an empty object.
#[derive(Serialize, ToSchema)]
pub struct Done {}

/// For fields of a body that are not kept beside a row, since they have columns or no effect.
/// (`skip_serializing` would take them out of the document, too.)
pub fn not_kept<T>(_: &T) -> bool {
    true
}
