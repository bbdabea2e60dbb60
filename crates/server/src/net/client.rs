//! Which network address a request comes from, behind proxies too.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::error::{ApiError, Result};
use crate::serve::AppState;

/// Where a proxy says whose request it passes on: addresses with commas between, each proxy's at
/// the end.
const FORWARDED: &str = "x-forwarded-for";
/// The part of an IPv6 address that is one customer's: a home or a server gets a whole /64.
const IPV6_PREFIX: u8 = 64;

/// The proxies that stand before the server.
#[derive(Clone, Debug)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
        text.parse::<IpNet>()
            .ok()
            .or_else(one)
            .map(Self)
            .ok_or_else(|| "this is neither an address nor a network, such as 10.0.0.0/8".to_owned())
    }
}

/// The network address of a request's client, as limits count it: an IPv6 address stands for its
/// /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Client(pub IpAddr);

impl FromRequestParts<AppState> for Client {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .ok_or_else(|| ApiError::internal("a request without the address of its connection"))?;
        Ok(Self(counted(client(peer.0.ip(), &parts.headers, &state.proxies))))
    }
}

/// The client behind trusted proxies: from the last address on, the first one that is no trusted
/// proxy's. What stands before it the client may have written itself.
pub fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.0.contains(&address));
    let mut found = peer.to_canonical();
    let lines: Vec<_> = headers.get_all(FORWARDED).iter().collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    while trusted(found) {
        // A proxy that says nothing that can be read is the last thing that is known.
        match hops.next().and_then(hop) {
            Some(next) => found = next,
            None => break,
        }
    }
    found
}

/// An address as proxies write it: some add the port.
fn hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let prefix = u128::MAX << (128 - IPV6_PREFIX);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & prefix))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn behind(peer: &str, lines: &[&'static str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED, HeaderValue::from_static(line));
        }
        let proxies: Vec<Network> = proxies.iter().map(|text| text.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        assert_eq!(behind("203.0.113.9", &["198.51.100.1"], &[]), "203.0.113.9");
        assert_eq!(behind("203.0.113.9", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_no_further() {
        let proxies = ["10.0.0.0/8", "127.0.0.1"];
        assert_eq!(behind("127.0.0.1", &["198.51.100.1"], &proxies), "198.51.100.1");
        // The first address is the client's own invention.
        assert_eq!(behind("127.0.0.1", &["1.1.1.1, 198.51.100.1, 10.0.0.7"], &proxies), "198.51.100.1");
        assert_eq!(behind("127.0.0.1", &["1.1.1.1", "198.51.100.1", "10.0.0.7"], &proxies), "198.51.100.1");
        assert_eq!(behind("::ffff:127.0.0.1", &["198.51.100.1:4711"], &proxies), "198.51.100.1");
        assert_eq!(behind("127.0.0.1", &["[2001:db8::1]:4711"], &proxies), "2001:db8::1");
        assert_eq!(behind("127.0.0.1", &["[2001:db8::1]"], &proxies), "2001:db8::1");
    }

    #[test]
    fn what_cannot_be_read_is_the_proxys_own() {
        for line in ["", "unknown", "1.2.3", ",", "198.51.100.1, _hidden"] {
            assert_eq!(behind("127.0.0.1", &[line], &["127.0.0.1"]), "127.0.0.1", "{line:?}");
        }
        assert_eq!(behind("127.0.0.1", &[], &["127.0.0.1"]), "127.0.0.1");
    }

    #[test]
    fn an_ipv6_customer_is_one() {
        let counted = |text: &str| super::counted(text.parse().unwrap());
        assert_eq!(counted("2001:db8:1:2::3"), counted("2001:db8:1:2:ffff::9"));
        assert_ne!(counted("2001:db8:1:2::3"), counted("2001:db8:1:3::3"));
        assert_ne!(counted("192.0.2.1"), counted("192.0.2.2"));
    }

    #[test]
    fn networks() {
        for good in ["10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8"] {
            assert!(good.parse::<Network>().is_ok(), "{good}");
        }
        for bad in ["", "true", "10.0.0.0/33", "proxy.example.com"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
