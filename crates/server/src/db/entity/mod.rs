//! The tables.

pub mod access_token;
pub mod account;
pub mod invitation;
pub mod invitation_workspace;
pub mod member;
pub mod organization;
pub mod resource;
pub mod role;
pub mod session;
pub mod setup_intent;
pub mod workspace;
pub mod workspace_member;
