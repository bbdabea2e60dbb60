//! Atrium's reference backend, as the program `atrium-server` (`main.rs`) runs it: the organization
//! API of LangSmith's contract, on SQLite or PostgreSQL. A library so that the fuzz targets reach
//! the readers of outside input; nothing else is meant to use it.

pub mod accounts;
mod answers;
mod audit;
mod auth;
pub mod backup;
mod billing;
mod contract;
pub mod copy;
mod db;
pub mod demo;
mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod metrics;
mod net;
mod operations;
pub mod plan;
mod request;
mod routes;
pub mod serve;
mod static_files;
mod sweep;
mod validate;

pub use billing::reconcile;
pub use net::limits::Limits;
