//! Where an address leads. In: URLs and IP addresses. Out: this machine, a private network or the public one, and whether
//! a file may be asked for there. Knows no resolver. The ranges are those of IANA's registries of special-purpose
//! addresses (RFC 6890), the names those of RFC 6761, RFC 6762 and RFC 8375.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// Which URLs are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// `https://`, and `http://` to this machine.
    Required,
    /// `http://` to any machine as well.
    Optional,
}

impl Encryption {
    /// Whether the URL may be asked for.
    pub(crate) fn allows(self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => self == Self::Optional || is_loopback(url),
            _ => false,
        }
    }
}

/// Where a redirect of a file may lead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RedirectPolicy {
    pub(crate) encryption: Encryption,
    /// Whether it may lead from the public network to this machine or into a private network.
    pub(crate) private: bool,
}

impl RedirectPolicy {
    /// What is wrong with a redirect from one address to another, if anything is. Each is compared with the one
    /// before it, so that a file that once came from the public network, or encrypted, never comes from elsewhere.
    pub(crate) fn problem(&self, from: &Url, to: &Url) -> Option<&'static str> {
        if !matches!(to.scheme(), "https" | "http") {
            return Some("its address is neither `https://` nor `http://`");
        }
        if !to.username().is_empty() || to.password().is_some() {
            return Some("its address carries a user name or password");
        }
        let downgrade = from.scheme() == "https" && to.scheme() == "http";
        if self.encryption == Encryption::Required && (downgrade || !self.encryption.allows(to)) {
            return Some(
                "nothing is encrypted there; `allow_http` of the client's builder allows it",
            );
        }
        let network = Network::of(to);
        if !self.private && network != Network::Public && network != Network::of(from) {
            return Some(
                "it leads to this machine or into a private network; `allow_private_redirects` of the \
                 client's builder allows it",
            );
        }
        None
    }
}

/// The network of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// This machine.
    Loopback,
    /// Whatever is on the same cable, the services of a cloud for its machines among it.
    LinkLocal,
    /// A network of somebody's own, or an address that is not for hosts of the Internet.
    Private,
    /// The Internet, as far as the address tells.
    Public,
}

impl Network {
    /// That of the host of a URL; of a name only what its spelling says.
    pub(crate) fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        match ip(host) {
            Some(address) => Self::of_address(address),
            None => Self::of_name(host),
        }
    }

    pub(crate) fn of_address(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }

    fn of_name(name: &str) -> Self {
        /// Behind the last dot, or the whole name.
        const LOOPBACK: &[&str] = &[
            "localhost",
            "localhost.localdomain",
            "ip6-localhost",
            "ip6-loopback",
        ];
        /// The second half by RFC 6762, appendix G: not reserved, and in use.
        const PRIVATE: &[&str] = &[
            "local",
            "internal",
            "home.arpa",
            "localdomain",
            "intranet",
            "private",
            "corp",
            "home",
            "lan",
        ];
        let name = name.strip_suffix('.').unwrap_or(name);
        let within = |zone: &&str| {
            name.strip_suffix(*zone)
                .is_some_and(|front| front.is_empty() || front.ends_with('.'))
        };
        if LOOPBACK.iter().any(within) {
            Self::Loopback
        } else if PRIVATE.iter().any(within) || !name.contains('.') {
            // A name without a dot is looked up in the domain of this machine.
            Self::Private
        } else {
            Self::Public
        }
    }
}

fn of_v4(address: Ipv4Addr) -> Network {
    /// Networks that are not public: the first address, and how many of its bits count.
    const RANGES: &[([u8; 4], u32, Network)] = &[
        // To connect to it is to connect to this machine.
        ([0, 0, 0, 0], 8, Network::Loopback),
        ([10, 0, 0, 0], 8, Network::Private),
        ([100, 64, 0, 0], 10, Network::Private),
        ([127, 0, 0, 0], 8, Network::Loopback),
        ([169, 254, 0, 0], 16, Network::LinkLocal),
        ([172, 16, 0, 0], 12, Network::Private),
        ([192, 0, 0, 0], 24, Network::Private),
        ([192, 0, 2, 0], 24, Network::Private),
        ([192, 88, 99, 0], 24, Network::Private),
        ([192, 168, 0, 0], 16, Network::Private),
        ([198, 18, 0, 0], 15, Network::Private),
        ([198, 51, 100, 0], 24, Network::Private),
        ([203, 0, 113, 0], 24, Network::Private),
        ([224, 0, 0, 0], 3, Network::Private),
    ];
    let address = u32::from(address);
    let range = RANGES.iter().find(|(first, bits, _)| {
        let mask = u32::MAX << (32 - bits);
        address & mask == u32::from_be_bytes(*first)
    });
    range.map_or(Network::Public, |(_, _, network)| *network)
}

fn of_v6(address: Ipv6Addr) -> Network {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| of_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => Network::Loopback,
        // Mapped and compatible addresses, and those that are translated: what they contain is meant.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => v4(high, low),
        [0xfe80..=0xfebf, ..] => Network::LinkLocal,
        // Protocols' own and documentation, in the midst of what is public.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Network::Private,
        [0x2000..=0x3fff, ..] => Network::Public,
        _ => Network::Private,
    }
}

fn ip(host: &str) -> Option<IpAddr> {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    address.parse().ok()
}

/// Whether the URL certainly leads to this machine: `localhost`, or an address of it.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || ip(host).is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
