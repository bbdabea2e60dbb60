//! The readers of outside input, for the fuzz targets in `fuzz/`. Each panics where what it read
//! breaks a promise; that it panics nowhere else is what the targets look for.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{HeaderMap, HeaderValue};

use crate::net::client::{Network, client};

/// `X-Forwarded-For`, behind a proxy that is trusted.
pub fn forwarded(bytes: &[u8]) {
    let peer = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append("x-forwarded-for", value);
        }
    }
    let proxies: Vec<Network> = "127.0.0.1".parse().into_iter().collect();
    assert_eq!(client(peer, &headers, &[]), peer, "nobody is believed who is not trusted");
    client(peer, &headers, &proxies);
}
