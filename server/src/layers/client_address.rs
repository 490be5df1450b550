//! Who is calling, as far as an address can tell: the key of the limits.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

/// The address limits are counted by: an IPv4 address, or the /64 network of an IPv6 address (one customer).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientAddress(pub IpAddr);

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether a proxy in front writes `X-Forwarded-For`.
#[derive(Clone, Copy, Debug)]
pub struct TrustProxy(pub bool);

/// Puts the [`ClientAddress`] into the request's extensions.
pub async fn find(
    State(TrustProxy(trust_proxy)): State<TrustProxy>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip());
    let forwarded = if trust_proxy {
        forwarded_for(request.headers())
    } else {
        None
    };
    let address = forwarded
        .or(peer)
        .unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
    request
        .extensions_mut()
        .insert(ClientAddress(network_of(address)));
    next.run(request).await
}

/// The last address in the header: the one our own proxy wrote. Earlier ones are whatever the client claims.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?
        .rsplit(',')
        .next()?
        .trim()
        .parse()
        .ok()
}

fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_forwarded_address_counts() {
        let mut headers = HeaderMap::new();
        headers.append(
            "x-forwarded-for",
            "6.6.6.6, 203.0.113.9".parse().expect("a header"),
        );
        assert_eq!(forwarded_for(&headers), "203.0.113.9".parse().ok());
        headers.append(
            "x-forwarded-for",
            "not an address".parse().expect("a header"),
        );
        assert_eq!(forwarded_for(&headers), None);
    }

    #[test]
    fn one_ipv6_customer_has_one_key_and_a_mapped_ipv4_address_is_itself() {
        let network = |text: &str| network_of(text.parse().expect("an address")).to_string();
        assert_eq!(
            network("2001:db8:1:2:3:4:5:6"),
            network("2001:db8:1:2:ffff::1")
        );
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
    }
}
