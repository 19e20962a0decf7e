//! Why a request failed below HTTP. In: the chain of errors of the libraries below. Out: the reason on one line, such as
//! a refused connection, an unknown host or what is wrong with a certificate. Decides nothing.

use std::error::Error as StdError;
use std::io;

#[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
mod certificate;

type Cause<'a> = &'a (dyn StdError + 'static);

/// More causes are not looked at: an error of somebody else's may be its own cause.
const MOST_CAUSES: usize = 32;

/// The reason, as the first error in the chain that says one; else the words of the last.
pub(super) fn of(error: Cause<'_>) -> String {
    let causes = causes(error);
    let known = causes.iter().rev().find_map(|cause| known(*cause));
    let reason = known.unwrap_or_else(|| last_words(&causes));
    // What a proxy could not reach says nothing of this machine's way to the server.
    match causes.iter().any(|cause| is_of_a_tunnel(*cause)) {
        true => format!("the proxy gave no connection ({})", of_a_tunnel(&reason)),
        false if is_of_a_lookup(error) => format!("its name could not be looked up ({reason})"),
        false => reason,
    }
}

/// The errors of a chain, the outermost first. An `io::Error` hides the one that it was made of from its own `source`.
fn causes(error: Cause<'_>) -> Vec<Cause<'_>> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next.filter(|_| causes.len() < MOST_CAUSES) {
        causes.push(error);
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    causes
}

/// What an error of a known type says.
fn known(cause: Cause<'_>) -> Option<String> {
    #[cfg(all(feature = "rustls", not(target_arch = "wasm32")))]
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(certificate::reason(error));
    }
    let kind = cause.downcast_ref::<io::Error>()?.kind();
    let reason = match kind {
        io::ErrorKind::ConnectionRefused => "connection refused, nothing listens there",
        io::ErrorKind::ConnectionReset => "the connection was reset by the other side",
        io::ErrorKind::ConnectionAborted => "the connection was aborted",
        io::ErrorKind::BrokenPipe => "the other side has closed the connection",
        io::ErrorKind::UnexpectedEof => "the other side has closed the connection too early",
        io::ErrorKind::HostUnreachable => "the host cannot be reached",
        io::ErrorKind::NetworkUnreachable => "the network cannot be reached",
        io::ErrorKind::TimedOut => "no response in time",
        _ => return None,
    };
    Some(reason.to_owned())
}

/// The text of the last error, or of one before it that says the same and more.
fn last_words(causes: &[Cause<'_>]) -> String {
    let mut texts = causes.iter().rev().map(ToString::to_string);
    let mut words = texts.next().unwrap_or_default();
    for text in texts {
        if !text.contains(&words) {
            break;
        }
        words = text;
    }
    words
}

/// How errors of connections by way of a proxy begin: their type has no public name. A test with a proxy holds this.
const TUNNEL: &str = "tunnel error: ";

fn is_of_a_tunnel(cause: Cause<'_>) -> bool {
    cause.to_string().starts_with(TUNNEL)
}

fn of_a_tunnel(reason: &str) -> &str {
    reason.strip_prefix(TUNNEL).unwrap_or(reason)
}

#[cfg(not(target_arch = "wasm32"))]
fn is_of_a_lookup(error: Cause<'_>) -> bool {
    let error = error.downcast_ref::<reqwest::Error>();
    error.is_some_and(reqwest::Error::is_dns)
}

/// A browser does not tell.
#[cfg(target_arch = "wasm32")]
fn is_of_a_lookup(_: Cause<'_>) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_found_however_deep_it_is() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let wrapped = io::Error::other(io::Error::other(refused()));
        assert!(of(&wrapped).starts_with("connection refused"));
        assert_eq!(of(&io::Error::other("reset")), "reset");
        // The outer one says what the inner says, and why.
        let outer = io::Error::other("certificate verify failed (self-signed)");
        let inner = io::Error::other("certificate verify failed");
        assert_eq!(
            last_words(&[&outer, &inner]),
            "certificate verify failed (self-signed)"
        );
        assert_eq!(last_words(&[&inner, &refused()]), refused().to_string());
    }

    /// Its own cause: a chain without an end.
    #[derive(Debug)]
    struct Endless;

    impl std::fmt::Display for Endless {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("again")
        }
    }

    impl StdError for Endless {
        fn source(&self) -> Option<Cause<'static>> {
            Some(&Endless)
        }
    }

    #[test]
    fn a_chain_without_an_end_has_a_reason() {
        assert_eq!(of(&Endless), "again");
    }
}
