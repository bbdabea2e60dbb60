//! The JSON API: one typed function an operation, a file a resource.

mod account;
mod billing;
mod changes;
mod error;
mod members;
mod organizations;
mod people;
mod query;
mod roles;
mod transport;
mod workspaces;

pub use account::*;
pub use billing::*;
pub use changes::*;
pub use error::{ApiError, Failure};
pub use members::*;
pub use organizations::*;
pub use people::*;
pub use query::{Query, query};
pub use roles::*;
pub use transport::{Answer, Paged, by_key, forget_token, on_session_lost, restore_session};
pub use workspaces::*;
