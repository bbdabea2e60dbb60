//! The JSON API: one typed function an operation, a file a resource.

mod account;
mod audit_log;
mod billing;
mod changes;
mod error;
mod keys;
mod members;
mod organizations;
mod own_changes;
mod pace;
mod people;
mod query;
mod roles;
mod transport;
mod workspace_members;
mod workspaces;

pub use account::*;
pub use audit_log::*;
pub use billing::*;
pub use changes::*;
pub use error::{ApiError, Failure};
pub use keys::*;
pub use members::*;
pub use organizations::*;
pub use own_changes::{ReadAt, Turn, gave_last, has_removed};
pub use pace::Pace;
pub use people::*;
pub use query::{Query, query};
pub use roles::*;
pub use transport::{
    Answer, Paged, Scope, by_key, forget_token, on_refused, on_session_lost, restore_session,
};
pub use workspace_members::*;
pub use workspaces::*;
