//! Which addresses may be connected to. Pure: an address in, why it is refused out.
//! Refuses everything that is not public by the registries of IANA (RFC 6890 and its successors), and whatever hides such an
//! address inside another one: IPv4-mapped, IPv4-compatible, NAT64, 6to4, Teredo, ISATAP. A network that an operator names
//! with `--target-network` is admitted, in the spelling in which a connection would reach it.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// Addresses that share a prefix, in CIDR notation (RFC 4632): `10.0.0.0/8`, `fd00::/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a network such as 10.0.0.0/8, fd00::/8 or 192.0.2.7/32, with no bit set after the prefix")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = text.split_once('/').ok_or(NotANetwork)?;
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u8 = prefix.parse().ok().filter(|_| digits).ok_or(NotANetwork)?;
        let (bits, length) = bits(address);
        if prefix > length || bits & !mask(prefix, length) != 0 {
            return Err(NotANetwork);
        }
        Ok(Self { address, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.address, self.prefix)
    }
}

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        let ((own, length), (other, of)) = (bits(self.address), bits(address));
        length == of && (own ^ other) & mask(self.prefix, length) == 0
    }
}

fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (address.to_bits().into(), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

fn mask(prefix: u8, length: u8) -> u128 {
    let host = u32::from(length - prefix);
    u128::MAX.checked_shl(host).unwrap_or(0)
}

/// Whether a connection may go there: public, or in a network that was admitted by name.
pub fn admits(address: IpAddr, networks: &[Network]) -> bool {
    is_in(address, networks) || kind(address) == Kind::Public
}

/// Whether it lies in a network that was admitted by name.
pub fn is_in(address: IpAddr, networks: &[Network]) -> bool {
    networks.iter().any(|network| network.contains(address))
}

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Public,
    /// Anything else; the word names the registry's entry.
    Special(&'static str),
}

/// By the registries of IANA for special-purpose addresses.
pub fn kind(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(address) => of_v4(address),
        IpAddr::V6(address) => of_v6(address),
    }
}

/// https://www.iana.org/assignments/iana-ipv4-special-registry
const V4: [(&str, &str); 18] = [
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a carrier"),
    ("127.0.0.0/8", "loopback"),
    // Also 169.254.169.254: where clouds tell their machines secrets.
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
];

/// https://www.iana.org/assignments/iana-ipv6-special-registry; what is not global unicast (2000::/3) is refused as a whole.
const V6: [(&str, &str); 7] = [
    ("2001::/23", "protocol assignments"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
    ("5f00::/16", "segment routing"),
    ("64:ff9b::/96", "NAT64"),
];

fn find(table: &[(&str, &'static str)], address: IpAddr) -> Option<&'static str> {
    let lies_in = |network: &str| network.parse().is_ok_and(|network: Network| network.contains(address));
    let mut found = table.iter().filter(|(network, _)| lies_in(network));
    found.next().map(|(_, word)| *word)
}

fn of_v4(address: Ipv4Addr) -> Kind {
    // Azure's metadata and DNS stand at a public address of Microsoft's, reachable from every machine there.
    if address == Ipv4Addr::new(168, 63, 129, 16) {
        return Kind::Special("metadata");
    }
    find(&V4, IpAddr::V4(address)).map_or(Kind::Public, Kind::Special)
}

fn of_v6(address: Ipv6Addr) -> Kind {
    if let Some(word) = find(&V6, IpAddr::V6(address)) {
        return Kind::Special(word);
    }
    let segments = address.segments();
    if segments[0] & 0xe000 != 0x2000 {
        // Loopback, unspecified, IPv4-mapped and -compatible, unique local, link-local, site-local, multicast, NAT64 of a
        // local prefix, and everything that nobody has assigned.
        return Kind::Special("not global unicast");
    }
    // RFC 5214 §6.1: an IPv4 address behind 0:5efe or 200:5efe.
    if matches!((segments[4], segments[5]), (0 | 0x0200, 0x5efe)) {
        return Kind::Special("ISATAP");
    }
    Kind::Public
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn nothing_but_public_addresses_is_reached() {
        let refused = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.254",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.0.1",
            "169.254.169.254",
            "168.63.129.16",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "192.168.255.255",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::10.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:169.254.169.254",
            "::ffff:0:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2002:808:808::1",
            "2620:4f:8000::1",
            "3fff::1",
            "5f00::1",
            "2a00:1450::5efe:7f00:1",
            "2a00:1450:0:0:200:5efe:a00:1",
            "fc00::1",
            "fd00:ec2::254",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
            "4000::1",
            "8000::1",
            "e000::1",
        ];
        for text in refused {
            assert_ne!(kind(address(text)), Kind::Public, "{text}");
            assert!(!admits(address(text), &[]), "{text}");
        }
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2003::1",
            "2606:4700:4700::1111",
            "2a00:1450:4007:80e::200e",
        ];
        for text in public {
            assert_eq!(kind(address(text)), Kind::Public, "{text}");
        }
    }

    #[test]
    fn a_network_that_was_named_is_admitted_and_nothing_beside_it() {
        let check = |network: &str, text: &str, expected: bool| {
            let networks = [network.parse().expect("a network")];
            assert_eq!(admits(address(text), &networks), expected, "{text} with {network}");
        };
        check("127.0.0.0/8", "127.0.0.1", true);
        check("127.0.0.1/32", "127.0.0.2", false);
        check("10.0.0.0/8", "10.255.255.255", true);
        check("10.0.0.0/8", "11.0.0.1", true);
        check("10.0.0.0/8", "192.168.0.1", false);
        check("10.0.0.0/8", "::ffff:10.0.0.1", false);
        check("0.0.0.0/0", "169.254.169.254", true);
        check("0.0.0.0/0", "::1", false);
        check("::/0", "::1", true);
        check("::/0", "127.0.0.1", false);
        check("fd00::/8", "fd12::1", true);
        check("fd00::/8", "fe80::1", false);
    }

    #[test]
    fn networks_are_read_strictly() {
        for good in ["10.0.0.0/8", "0.0.0.0/0", "192.0.2.7/32", "::/0", "::1/128", "fd00::/8"] {
            assert_eq!(
                good.parse::<Network>().map(|network| network.to_string()),
                Ok(good.to_owned())
            );
        }
        for wrong in [
            "",
            "/",
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.1/8",
            "10.0.0/8",
            "010.0.0.0/8",
            "::/129",
            "fd00::1/8",
            "host/8",
            "10.0.0.0/8 ",
            "10.0.0.0/8/8",
            "10.0.0.0/256",
        ] {
            assert_eq!(wrong.parse::<Network>(), Err(NotANetwork), "{wrong}");
        }
    }
}
