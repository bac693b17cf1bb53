//! Where a request comes from (AUTH-13).

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};

/// Set by nginx, which overwrites what clients send.
const REAL_IP: &str = "x-real-ip";

/// The client's address; `0.0.0.0` when a proxy's header cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// The network that limits are counted for: /32 of version 4, /64 of version 6.
    pub(crate) fn prefix(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }

    fn resolve(peer: IpAddr, headers: &HeaderMap) -> Self {
        let peer = peer.to_canonical();
        let mut given = headers.get_all(REAL_IP).iter();
        let Some(first) = given.next() else { return Self(peer) };
        if !peer.is_loopback() {
            return Self(peer);
        }
        let parsed = first.to_str().ok().and_then(|text| text.parse::<IpAddr>().ok());
        match (parsed, given.next()) {
            (Some(address), None) => Self(address.to_canonical()),
            _ => {
                tracing::error!("the proxy's X-Real-IP is not exactly one address; check its configuration");
                Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self::resolve(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, given: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in given {
            headers.append(REAL_IP, HeaderValue::from_str(value).unwrap());
        }
        ClientAddress::resolve(peer.parse().unwrap(), &headers).0.to_string()
    }

    #[test]
    fn only_a_loopback_peer_may_name_exactly_one_address() {
        assert_eq!(seen("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("::ffff:127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("127.0.0.1", &["::ffff:203.0.113.7"]), "203.0.113.7");
        assert_eq!(seen("198.51.100.1", &["203.0.113.7"]), "198.51.100.1");
        assert_eq!(seen("127.0.0.1", &["203.0.113.7", "203.0.113.8"]), "0.0.0.0");
        assert_eq!(seen("127.0.0.1", &["203.0.113.7, 203.0.113.8"]), "0.0.0.0");
        assert_eq!(seen("127.0.0.1", &["example.org"]), "0.0.0.0");
    }

    #[test]
    fn version_six_is_counted_by_its_network() {
        let address = ClientAddress("2001:db8:1:2:3:4:5:6".parse().unwrap());
        assert_eq!(address.prefix(), "2001:db8:1:2::/64");
    }
}
