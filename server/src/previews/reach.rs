//! What may be reached: the web on its usual ports, at addresses that belong to everyone. Nothing inside the operator's network is
//! asked for a stranger, however it is spelled, wherever a name points, whatever leads there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use url::{Host, Url};

/// The ports of the web. What listens on others was not put there for strangers.
const PORTS: [u16; 2] = [80, 443];

/// The rules of a server.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// The sites of tests, which may be reached although they are on this machine.
    pub(super) sites: Vec<SocketAddr>,
}

/// Where a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) host: Host<String>,
    pub(super) port: u16,
    pub(super) is_secure: bool,
}

impl Reach {
    /// Where an address leads, as far as its text says; `None` where it may not lead. A URL has its numbers in the usual form
    /// already (URL Standard, section 3.5), so that no spelling hides an address.
    pub(super) fn place(&self, url: &Url) -> Option<Place> {
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let port = url.port_or_known_default()?;
        let host = url.host()?.to_owned();
        let is_plain = url.username().is_empty() && url.password().is_none();
        let may = match &host {
            Host::Domain(_) => PORTS.contains(&port) || self.sites.iter().any(|site| site.port() == port),
            Host::Ipv4(address) => self.may((*address, port).into()),
            Host::Ipv6(address) => self.may((*address, port).into()),
        };
        (is_plain && may).then_some(Place { host, port, is_secure })
    }

    /// Whether an address may be connected to.
    pub(super) fn may(&self, at: SocketAddr) -> bool {
        let address = at.ip().to_canonical();
        let is_public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
        (is_public && PORTS.contains(&at.port())) || self.sites.contains(&SocketAddr::new(address, at.port()))
    }

    /// Whether a connection that stands may be used. Its own end tells what no list of blocks can: that the other is this machine,
    /// or one in its network of public IPv6 addresses.
    pub(super) fn may_use(&self, own: SocketAddr, other: SocketAddr) -> bool {
        let network = |at: SocketAddr| match at.ip().to_canonical() {
            IpAddr::V4(address) => u128::from(address.to_bits()),
            IpAddr::V6(address) => address.to_bits() >> 64,
        };
        self.may(other) && network(own) != network(other)
    }
}

/// Blocks that are not for everyone (IANA IPv4 Special-Purpose Address Registry), multicast, and what is reserved.
const NOT_PUBLIC_V4: [([u8; 4], u32); 16] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([192, 175, 48, 0], 24),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 3),
];

/// The block that is for everyone (RFC 4291, section 2.4), and those in it that are not (IANA IPv6 Special-Purpose Address
/// Registry). 2002::/16 has IPv4 addresses in it.
const PUBLIC_V6: (u128, u32) = (0x2000 << 112, 3);
const NOT_PUBLIC_V6: [(u128, u32); 5] = [
    (0x2001 << 112, 23),
    (0x2001_0db8 << 96, 32),
    (0x2002 << 112, 16),
    (0x2620_004f_8000 << 80, 48),
    (0x3fff << 112, 20),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_in = |(block, bits): ([u8; 4], u32)| {
        let differ = address.to_bits() ^ Ipv4Addr::from(block).to_bits();
        differ.leading_zeros() >= bits
    };
    !NOT_PUBLIC_V4.into_iter().any(is_in)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let is_in = |(block, bits): (u128, u32)| (address.to_bits() ^ block).leading_zeros() >= bits;
    is_in(PUBLIC_V6) && !NOT_PUBLIC_V6.into_iter().any(is_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(address: &str) -> bool {
        let reach = Reach { sites: vec!["127.0.0.2:8080".parse().expect("an address")] };
        Url::parse(address).ok().and_then(|url| reach.place(&url)).is_some()
    }

    #[test]
    fn the_web_may_be_reached() {
        for address in [
            "http://example.org/",
            "https://example.org:443/a?b#c",
            "http://1.1.1.1/",
            "http://[2606:4700:4700::1111]/",
            "https://회의.example/",
            "http://127.0.0.2:8080/",
            "http://[::ffff:1.1.1.1]/",
        ] {
            assert!(may(address), "{address}");
        }
    }

    #[test]
    fn no_spelling_of_an_inner_address_may_be_reached() {
        for address in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://127.0.0.1./",
            "http://１２７.0.0.1/",
            "http://127。0。0。1/",
            "http://%31%32%37.0.0.1/",
            "http://0/",
            "http://0.0.0.0/",
            "http://10.1.2.3/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://172.16.0.1/",
            "http://172.31.255.255/",
            "http://192.168.0.1/",
            "http://192.0.0.192/",
            "http://198.18.0.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001::1]/",
            "http://[fe80::1]/",
            "http://[fe80::1%25eth0]/",
            "http://[fc00::1]/",
            "http://[fd12:3456::1]/",
            "http://[ff02::1]/",
            "http://[100::1]/",
        ] {
            assert!(!may(address), "{address}");
        }
    }

    #[test]
    fn other_schemes_ports_and_names_before_the_host_may_not() {
        for address in [
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org:80/",
            "javascript:alert(1)",
            "http://example.org:22/",
            "https://example.org:8443/",
            "http://ada@example.org/",
            "http://:secret@example.org/",
            "http://example.org@127.0.0.1/",
            "http:///",
            "example.org",
            "",
        ] {
            assert!(!may(address), "{address}");
        }
    }
}
