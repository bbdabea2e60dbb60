//! The connections that clients make, and what keeps one client from taking the server from all
//! others.

pub mod client;
pub mod connections;
pub mod limits;
