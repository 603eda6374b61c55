//! Whose address a request has, where others stand between: `X-Forwarded-For`, as far as it was written by those who are
//! trusted. Refuses what anybody could have written in front of that. For limits alone; never logged nor stored.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};

use crate::net::guard::Network;

/// Who is believed about the address of somebody else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Proxies {
    /// Nobody: whoever connects is the client.
    #[default]
    None,
    /// Whoever connects, about the one that it names last: a single proxy that nobody can go round.
    Peer,
    /// Those in these networks, as many as there are in a row.
    Networks(Vec<Network>),
}

impl Proxies {
    /// The client of a request that came from that peer.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        match self {
            Self::None => peer,
            Self::Peer => forwarded(headers).next().flatten().unwrap_or(peer),
            Self::Networks(networks) => {
                let is_proxy = |address: IpAddr| networks.iter().any(|network| network.contains(address));
                let mut client = peer;
                for address in forwarded(headers) {
                    // Each is believed about the one before it.
                    match address.filter(|_| is_proxy(client)) {
                        Some(before) => client = before,
                        None => break,
                    }
                }
                client
            }
        }
    }
}

/// The addresses of `X-Forwarded-For`, the last first, as the next proxy appends what it saw; nothing for what is none.
fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(HeaderName::from_static("x-forwarded-for"));
    let lines = lines.iter().collect::<Vec<_>>().into_iter().rev();
    lines.flat_map(|line| {
        let entries = line.to_str().unwrap_or_default().rsplit(',');
        entries.map(address).collect::<Vec<_>>()
    })
}

/// An address, as proxies write it: some add the port, and that of IPv6 stands in brackets then.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim().trim_matches('"');
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bare.unwrap_or(entry).parse::<IpAddr>().ok();
    let address = address.or_else(|| entry.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&'static str]) -> HeaderMap {
        let name = HeaderName::from_static("x-forwarded-for");
        let lines = lines.iter();
        lines
            .map(|line| (name.clone(), http::HeaderValue::from_static(line)))
            .collect()
    }

    fn networks(texts: &[&str]) -> Proxies {
        let parsed = texts.iter().map(|text| text.parse().expect("a network"));
        Proxies::Networks(parsed.collect())
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_is_believed() {
        let check = |proxies: &Proxies, peer: &str, lines: &[&'static str], client: &str| {
            let found = proxies.client(peer.parse().expect("an address"), &headers(lines));
            assert_eq!(found.to_string(), client, "{proxies:?} {peer} {lines:?}");
        };
        check(&Proxies::None, "192.0.2.1", &["198.51.100.9"], "192.0.2.1");
        check(&Proxies::None, "::ffff:192.0.2.1", &[], "192.0.2.1");

        check(&Proxies::Peer, "10.0.0.1", &["198.51.100.9"], "198.51.100.9");
        check(
            &Proxies::Peer,
            "10.0.0.1",
            &["203.0.113.5, 198.51.100.9"],
            "198.51.100.9",
        );
        check(
            &Proxies::Peer,
            "10.0.0.1",
            &["203.0.113.5", "198.51.100.9"],
            "198.51.100.9",
        );
        check(&Proxies::Peer, "10.0.0.1", &["203.0.113.5,unknown"], "10.0.0.1");
        check(&Proxies::Peer, "10.0.0.1", &[], "10.0.0.1");

        let own = networks(&["10.0.0.0/8", "2001:db8:ff::/48"]);
        check(&own, "10.0.0.1", &["198.51.100.9"], "198.51.100.9");
        check(&own, "::ffff:10.0.0.1", &["198.51.100.9"], "198.51.100.9");
        check(&own, "192.0.2.1", &["198.51.100.9"], "192.0.2.1");
        check(
            &own,
            "10.0.0.1",
            &["203.0.113.5, 198.51.100.9, 10.9.9.9"],
            "198.51.100.9",
        );
        check(
            &own,
            "10.0.0.1",
            &["203.0.113.5, 198.51.100.9", "2001:db8:ff::7"],
            "198.51.100.9",
        );
        check(&own, "10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3");
        check(&own, "10.0.0.1", &["198.51.100.9, nonsense, 10.0.0.2"], "10.0.0.2");
    }

    #[test]
    fn an_address_is_read_as_proxies_write_it() {
        let check = |entry: &str, found: Option<&str>| {
            let address = address(entry).map(|address| address.to_string());
            assert_eq!(address.as_deref(), found, "{entry:?}");
        };
        check(" 198.51.100.9 ", Some("198.51.100.9"));
        check("198.51.100.9:4711", Some("198.51.100.9"));
        check("2001:db8::1", Some("2001:db8::1"));
        check("[2001:db8::1]", Some("2001:db8::1"));
        check("[2001:db8::1]:443", Some("2001:db8::1"));
        check("\"198.51.100.9\"", Some("198.51.100.9"));
        check("::ffff:198.51.100.9", Some("198.51.100.9"));
        for none in ["", "unknown", "_hidden", "[", "198.51.100.9:", "198.51.100.256"] {
            check(none, None);
        }
    }
}
