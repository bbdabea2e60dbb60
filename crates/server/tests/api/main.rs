//! The server as a client meets it: each test starts the real program on a port and a database of
//! its own and talks HTTP to it.
// A test that cannot go on ends by panicking; the workspace refuses these in the server itself.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit;
mod authz;
mod authz_keys;
mod basic;
mod bodies;

mod client;
mod commands;
mod common;
mod connections;
mod disabled;
mod drain;
mod files;
mod gate;
mod idempotency;
mod invitations;
mod job;
mod key_scope;
mod keys;
mod keys_audit;
mod lists;
mod members;
mod metrics;
mod races;
mod requests;
mod roles;
mod search;
mod sessions;
mod sign_in_limits;
mod stripe;
mod workspace_invitations;
mod workspaces;
