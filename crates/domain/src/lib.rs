//! The product's words and rules: the wire types of the API and the decisions of who may do what.
//!
//! No browser and no I/O. The app uses it to show what is possible and why not, the server to
//! decide; both call the same functions, so the two cannot disagree.

pub mod access;
pub mod audit;
pub mod billing;
pub mod change_set;
pub mod colors;
pub mod csv;
pub mod email;
pub mod fuzzy;
pub mod invitees;
pub mod json;
pub mod keys;
pub mod names;
mod open_enum;
pub mod passing_on;
pub mod people_export;
pub mod people_import;
pub mod permissions;
pub mod plan;
pub mod reach;
pub mod roles;
pub mod seats;
pub mod tax;
pub mod typos;
pub mod ways;
pub mod wire;

pub use access::{Action, Caller, Credential, Denied, KeyReach};
pub use keys::KeyKind;
pub use plan::Tier;
pub use reach::Reach;
pub use roles::{OrganizationRole, WorkspaceRole};
