//! The options of `atrium-server serve` that bound what clients can take.

use std::time::Duration;

use atrium_words::mark;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use clap::Args;
use clap::value_parser;

use super::client::Network;
use crate::error::ApiError;

/// What keeps one client from taking the server from all others. Times are in seconds.
#[derive(Args, Clone, Debug)]
pub struct Limits {
    /// Sign-ins and sign-ups that one network address may try in a minute
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = value_parser!(u32).range(1..))]
    pub sign_in_limit: u32,
    /// A proxy whose X-Forwarded-For is believed: an address or a network, such as 10.0.0.0/8; may
    /// be given several times
    #[arg(long, value_name = "NETWORK")]
    pub trust_proxy: Vec<Network>,
    /// Connections at a time; more wait until one ends
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_connections: u32,
    /// How long a client may take to send the head of a request, and to begin the next one
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = value_parser!(u64).range(1..=3_600))]
    pub idle_timeout: u64,
    /// How long a client may pause while it sends a body or takes an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = value_parser!(u64).range(1..=3_600))]
    pub stall_timeout: u64,
    /// How long a request may take, its body included
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = value_parser!(u64).range(1..=3_600))]
    pub request_timeout: u64,
    /// How long requests that are under way may take to finish after SIGTERM
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = value_parser!(u64).range(0..=3_600))]
    pub drain_timeout: u64,
}

impl Limits {
    /// [`Limits::idle_timeout`]
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_timeout)
    }

    /// [`Limits::stall_timeout`]
    pub fn stall(&self) -> Duration {
        Duration::from_secs(self.stall_timeout)
    }

    /// [`Limits::request_timeout`]
    pub fn request(&self) -> Duration {
        Duration::from_secs(self.request_timeout)
    }

    /// [`Limits::drain_timeout`]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_timeout)
    }
}

/// Ends a request that takes too long. What it had begun to change is rolled back, unless it was
/// being committed at that moment: the sentence leaves it open.
pub async fn within(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!(seconds = limit.as_secs(), "a request took too long");
            ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                mark!("This took too long, and was given up. It may or may not have been done; look before you try again."),
            )
            .with_header(header::CONNECTION, HeaderValue::from_static("close"))
            .into_response()
        }
    }
}
