//! The server as a client meets it: each test starts the real program on a port and a database of
//! its own and talks HTTP to it.
// A test that cannot go on ends by panicking; the workspace refuses these in the server itself.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access_rules;
mod audit;
mod authz;
mod authz_keys;
mod backups;
mod basic;
mod bodies;
mod client;
mod commands;
mod common;
mod connections;
mod contract;
mod copies;
mod database;
mod disabled;
mod drain;
mod fields;
mod files;
mod gate;
mod giving;
mod idempotency;
mod invitations;
mod job;
mod key_scope;
mod keys;
mod keys_audit;
mod kills;
mod lists;
mod lost_database;
mod members;
mod metrics;
mod openapi;
mod races;
mod requests;
mod roles;
mod search;
mod sessions;
mod sign_in_limits;
mod stripe;
mod two_servers;
mod upgrades;
mod workspace_invitations;
mod workspaces;
