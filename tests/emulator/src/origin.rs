//! Refuses what a web page of elsewhere asks for. In: the head of a request, the address that it came
//! to, the names that are allowed besides. Out: a sentence, or the origin that may read the response.
//! A browser sends `Origin` and `Sec-Fetch-Site` truthfully; whoever is no browser needs neither.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, Response, header};

use super::check::shorten;
use super::response::Reply;

/// Who may ask, besides those who name this machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allowlist {
    pub(crate) hosts: Vec<String>,
    pub(crate) origins: Vec<String>,
}

/// All hosts, or all origins.
const ANY: &str = "*";

impl Allowlist {
    /// What is wrong with the lists themselves.
    pub(crate) fn check(&self) -> Result<(), String> {
        let is_host = |host: &str| split(host).is_some_and(|(_, port)| port.is_none());
        if let Some(host) = self.hosts.iter().find(|it| *it != ANY && !is_host(it)) {
            return Err(format!(
                "`{host}` is no host to allow: give a name or an address without scheme and port, or `*`"
            ));
        }
        let is_origin = |origin: &str| origin == "null" || address(origin).is_some();
        match self.origins.iter().find(|it| *it != ANY && !is_origin(it)) {
            Some(origin) => Err(format!(
                "`{origin}` is no origin to allow: give scheme, host and port as in `http://localhost:3000`, `null`, or `*`"
            )),
            None => Ok(()),
        }
    }

    /// Refuses a request that a foreign page can have made. `local` is the address that it came to.
    pub(crate) fn refusal(&self, parts: &Parts, local: Option<IpAddr>) -> Option<Reply> {
        let sentence = self
            .foreign_host(parts, local)
            .or_else(|| self.foreign_origin(parts))?;
        Some(Reply::detail(403, &sentence))
    }

    fn foreign_host(&self, parts: &Parts, local: Option<IpAddr>) -> Option<String> {
        let host = hosts(parts).find(|host| {
            let name = split(host).map(|(name, _)| name);
            !name.is_some_and(|name| is_own(&name, local) || contains(&self.hosts, &name))
        })?;
        let name = split(&host).map_or_else(|| host.clone(), |(name, _)| name);
        let (host, name) = (shorten(host, 100), shorten(name, 100));
        Some(format!(
            "The emulator answers to `localhost`, to loopback addresses and to the address that it listens on, not to \
             the host `{host}`: any web page can let a name of its own lead here. If this name is yours, start the \
             emulator with `--allow-host {name}` (`Options::allow_hosts`)."
        ))
    }

    fn foreign_origin(&self, parts: &Parts) -> Option<String> {
        let mut explicit = false;
        for origin in parts.headers.get_all(header::ORIGIN) {
            let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
            if contains(&self.origins, &origin) {
                explicit = true;
            } else if !is_same(&origin, parts) {
                let origin = shorten(origin, 100);
                return Some(format!(
                    "A web page of the origin `{origin}` sent this request, and pages of other origins may not use the \
                     emulator. If this page is yours, start the emulator with `--allow-origin {origin}` \
                     (`Options::allow_origins`)."
                ));
            }
        }
        if explicit || contains(&self.origins, ANY) {
            return None;
        }
        let mut sites = parts.headers.get_all("sec-fetch-site").iter();
        let site = sites.find(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"))?;
        let site = shorten(String::from_utf8_lossy(site.as_bytes()).into_owned(), 100);
        Some(format!(
            "A web page of another origin sent this request or led here (`Sec-Fetch-Site: {site}`). To open the \
             emulator type its address; to let other pages use it start it with `--allow-origin '*'` \
             (`Options::allow_origins`)."
        ))
    }

    /// What a browser wants to know before it sends a request of an allowed origin.
    pub(crate) fn preflight(&self, parts: &Parts) -> Option<Reply> {
        let asked = parts.headers.get("access-control-request-method")?;
        let methods = asked.to_str().ok()?;
        let is_preflight =
            parts.method == Method::OPTIONS && self.allowed_origin(&parts.headers).is_some();
        let names = parts.headers.get("access-control-request-headers");
        let names = names.and_then(|names| names.to_str().ok());
        is_preflight.then(|| {
            Reply::empty(204)
                .header(header::ACCESS_CONTROL_ALLOW_METHODS, methods)
                .header(
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    names.unwrap_or_default(),
                )
        })
    }

    /// The origin, allowed by name, whose pages may read the response.
    fn allowed_origin<'a>(&self, headers: &'a HeaderMap) -> Option<&'a HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        contains(&self.origins, origin.to_str().ok()?).then_some(origin)
    }

    /// Lets an allowed origin read the response.
    pub(crate) fn add_cors_headers(
        &self,
        headers: &HeaderMap,
        mut response: Response<Body>,
    ) -> Response<Body> {
        if let Some(origin) = self.allowed_origin(headers) {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let any = HeaderValue::from_static(ANY);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, any);
            headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        }
        response
    }
}

/// Every host that the request names: in its headers, and in its target where that is a whole address.
fn hosts(parts: &Parts) -> impl Iterator<Item = String> {
    let written = parts.headers.get_all(header::HOST).into_iter();
    let written = written.map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    let target = parts.uri.authority();
    written.chain(target.map(ToString::to_string))
}

/// Whether the page came from the emulator itself: its origin is the host that the request is for.
fn is_same(origin: &str, parts: &Parts) -> bool {
    let Some((name, port)) = address(origin) else {
        return false;
    };
    let default = if origin.starts_with("https:") {
        443
    } else {
        80
    };
    let port = port.unwrap_or(default);
    hosts(parts).any(|host| {
        split(&host).is_some_and(|(host, own)| host == name && own.unwrap_or(default) == port)
    })
}

/// Whether a list has a text, or all of them.
fn contains(list: &[String], text: &str) -> bool {
    list.iter()
        .any(|known| known == ANY || known.eq_ignore_ascii_case(text))
}

/// Host and port of an origin.
fn address(origin: &str) -> Option<(String, Option<u16>)> {
    let rest = origin.strip_prefix("http://");
    split(rest.or_else(|| origin.strip_prefix("https://"))?)
}

/// The host in small letters, and the port.
fn split(authority: &str) -> Option<(String, Option<u16>)> {
    let parsed: Authority = authority.parse().ok()?;
    let host = parsed.host();
    // Without user and password: `localhost@evil.example` names another host.
    let rest = authority.strip_prefix(host).filter(|_| !host.is_empty())?;
    let port = match rest.strip_prefix(':') {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Some(port.parse().ok()?),
        None if rest.is_empty() => None,
        Some(_) | None => return None,
    };
    Some((host.to_ascii_lowercase(), port))
}

/// Whether a host is this machine for everyone who can reach it: no name server can say otherwise.
fn is_own(host: &str, local: Option<IpAddr>) -> bool {
    let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let address = match bare {
        Some(bare) => bare.parse::<Ipv6Addr>().ok().map(|it| it.to_canonical()),
        None => host.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    };
    if let Some(address) = address {
        return address.is_loopback() || local.map(|local| local.to_canonical()) == Some(address);
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::{Allowlist, is_own, split};

    fn is_right(authority: &str) -> bool {
        let local = "192.0.2.7".parse().ok();
        split(authority).is_some_and(|(host, _)| is_own(&host, local))
    }

    #[test]
    fn only_loopback_and_the_own_address_are_right_hosts() {
        for host in [
            "localhost",
            "LocalHost:1",
            "localhost.:8787",
            "app.localhost:3000",
            "127.0.0.1",
            "127.9.9.9:65535",
            "[::1]",
            "[::1]:8787",
            "[::ffff:127.0.0.1]:1",
            "[0:0:0:0:0:0:0:1]",
            "192.0.2.7:8787",
        ] {
            assert!(is_right(host), "{host}");
        }
        for host in [
            "",
            ":8787",
            "evil.example",
            "evil.example:8787",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1.nip.io:8787",
            "evil-localhost",
            "notlocalhost:1",
            ".localhost.evil",
            "localhost@evil.example",
            "evil.example@localhost",
            "0.0.0.0:8787",
            "[::]:8787",
            "192.0.2.8",
            "2130706433",
            "0x7f.0.0.1",
            "127.1",
            "localhost:x",
            "localhost:99999",
            "localhost:1:2",
            "[::1",
            "::1",
            "local host",
            "localhost/a",
            "localhost#",
        ] {
            assert!(!is_right(host), "{host}");
        }
    }

    #[test]
    fn lists_of_what_is_allowed_are_checked() {
        let check = |hosts: &[&str], origins: &[&str]| {
            let own = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
            let (hosts, origins) = (own(hosts), own(origins));
            Allowlist { hosts, origins }.check()
        };
        assert_eq!(
            check(
                &["emulator.test", "*", "[fd00::1]"],
                &["http://a.test:3000", "null", "*"]
            ),
            Ok(())
        );
        for (hosts, origins) in [
            (&["http://a.test"][..], &[][..]),
            (&["a.test:80"], &[]),
            (&[""], &[]),
            (&[], &["a.test"]),
            (&[], &["http://a.test/"]),
            (&[], &["ftp://a.test"]),
        ] {
            assert!(check(hosts, origins).is_err(), "{hosts:?} {origins:?}");
        }
    }
}
