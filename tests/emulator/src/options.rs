//! How an emulator is started. In: settings one by one. Out: all of them, or a sentence for what makes no sense.
//! Knows no running emulator.

use std::net::IpAddr;
use std::time::Duration;

use super::bounds;
use super::clock::Speed;
use super::origin::Allowlist;

/// How an emulator is started.
///
/// ```
/// use creatify_emulator::Options;
///
/// let options = Options::default().strict().port(8787).credits(5.0).speed(1.0);
/// assert_eq!(options.credits, 5.0);
/// ```
///
/// Nothing is checked before [`Emulator::start`](crate::Emulator::start), which refuses settings that make no sense.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The address that it listens on; none for 127.0.0.1 and, where this machine has it, `[::1]`.
    pub address: Option<IpAddr>,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// How time passes: a hundred times as fast as the wall clock unless told otherwise.
    pub speed: Speed,
    /// The seed of the random numbers: the same seed gives the same ids, records and accidents.
    pub seed: u64,
    /// The text of an OpenAPI 3.0 document, in YAML or JSON; none for the one that this crate was built with.
    pub spec: Option<String>,
    /// What a new account has, from 0 to 1e12.
    pub credits: f64,
    /// Hosts that it serves besides `localhost`, loopback addresses and the address that it listens
    /// on; `*` for all of them, which lets any web page use it.
    pub allow_hosts: Vec<String>,
    /// Origins whose web pages may use it, such as `http://localhost:3000`; `*` for all of them.
    pub allow_origins: Vec<String>,
    /// How long the head of a request may take to arrive; then the connection is closed (408).
    pub head_timeout: Duration,
    /// How long the body of a request may take to arrive; then it is refused (408).
    pub body_timeout: Duration,
    /// Whether what the service would ignore is refused: unknown parameters in the query, unknown and
    /// `readOnly` members of a body, a body where none is due. Otherwise it is a violation, and the
    /// request is answered as if it were not there.
    pub strict: bool,
    /// Whether the ids of avatars, accents and templates in a body may be any. Otherwise they are
    /// those that the emulator's own lists give.
    pub any_id: bool,
}

impl Default for Options {
    /// Any free port of this machine, time a hundred times as fast, 1,000 credits, 30 s for a head and 60 s for a body.
    fn default() -> Self {
        Self {
            address: None,
            port: 0,
            speed: Speed::Times(100.0),
            seed: 1,
            spec: None,
            credits: 1000.0,
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(60),
            strict: false,
            any_id: false,
        }
    }
}

impl Options {
    /// A clock that stands still until it is advanced, and starts at the same moment in every run.
    pub fn stepped() -> Self {
        Self::default().speed(Speed::Stepped)
    }

    /// Sets the address that it listens on; that of all interfaces (`0.0.0.0`, `::`) opens it to the network.
    #[must_use]
    pub fn address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// Sets the port; 0 for any that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets how time passes: a number of times as fast as the wall clock, from 0 to 10,000, or a [`Speed`].
    #[must_use]
    pub fn speed(mut self, speed: impl Into<Speed>) -> Self {
        self.speed = speed.into();
        self
    }

    /// Sets the seed of the random numbers.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the document, by its text.
    #[must_use]
    pub fn spec(mut self, text: impl Into<String>) -> Self {
        self.spec = Some(text.into());
        self
    }

    /// Sets what a new account has, from 0 to 1e12.
    #[must_use]
    pub fn credits(mut self, credits: f64) -> Self {
        self.credits = credits;
        self
    }

    /// Adds a host that it serves: a name or an address without scheme and port, or `*` for all.
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allow_hosts.push(host.into());
        self
    }

    /// Adds an origin whose web pages may use it: scheme, host and port, `null`, or `*` for all.
    #[must_use]
    pub fn allow_origin(mut self, origin: impl Into<String>) -> Self {
        self.allow_origins.push(origin.into());
        self
    }

    /// Sets how long the head of a request may take to arrive; more than zero.
    #[must_use]
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.head_timeout = timeout;
        self
    }

    /// Sets how long the body of a request may take to arrive; more than zero.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

    /// Refuses what the service would ignore, so that no mistake of a program goes unseen in its tests.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Lets bodies name any avatar, accent or template.
    #[must_use]
    pub fn any_id(mut self) -> Self {
        self.any_id = true;
        self
    }

    pub(crate) fn allowlist(&self) -> Allowlist {
        Allowlist {
            hosts: self.allow_hosts.clone(),
            origins: self.allow_origins.clone(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        self.speed.check()?;
        bounds::credits(self.credits)?;
        if self.head_timeout.is_zero() || self.body_timeout.is_zero() {
            return Err("no request arrives within no time: give longer timeouts".to_owned());
        }
        self.allowlist().check()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;

    use super::Options;
    use crate::clock::Speed;

    #[test]
    fn each_setter_sets_its_own_field_and_nothing_else() {
        let set = Options::stepped()
            .address(Ipv4Addr::UNSPECIFIED.into())
            .port(1)
            .speed(2.0)
            .seed(3)
            .spec("4")
            .credits(5.0)
            .allow_host("a")
            .allow_host("b")
            .allow_origin("c")
            .head_timeout(Duration::from_secs(6))
            .body_timeout(Duration::from_secs(7))
            .strict()
            .any_id();
        let expected = Options {
            address: Some(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
            port: 1,
            speed: Speed::Times(2.0),
            seed: 3,
            spec: Some("4".to_owned()),
            credits: 5.0,
            allow_hosts: vec!["a".to_owned(), "b".to_owned()],
            allow_origins: vec!["c".to_owned()],
            head_timeout: Duration::from_secs(6),
            body_timeout: Duration::from_secs(7),
            strict: true,
            any_id: true,
        };
        assert_eq!(format!("{set:?}"), format!("{expected:?}"));
        assert_eq!(Options::stepped().speed, Speed::Stepped);
    }
}
