//! The tables.

pub mod access_token;
pub mod account;
pub mod audit_entry;
pub mod invitation;
pub mod invitation_workspace;
pub mod kept_answer;
pub mod member;
pub mod organization;
pub mod resource;
pub mod role;
pub mod session;
pub mod setup_intent;
pub mod workspace;
pub mod workspace_member;
