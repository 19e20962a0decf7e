//! What is wrong with a TLS connection. In: an error of rustls. Out: the reason on one line. Knows no connection.

use chrono::DateTime;
use rustls::pki_types::UnixTime;
use rustls::{CertificateError, Error};

/// The reason that a handshake failed.
pub(super) fn reason(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(problem) => of_certificate(problem),
        Error::NoCertificatesPresented => "the server shows no certificate".to_owned(),
        Error::AlertReceived(alert) => format!("the server ends the TLS handshake ({alert:?})"),
        Error::InvalidMessage(_) => {
            "what listens there does not speak TLS; is it an `http://` server?".to_owned()
        }
        other => format!("TLS failed: {other}"),
    }
}

fn of_certificate(problem: &CertificateError) -> String {
    const SERVER: &str = "the certificate of the server";
    match problem {
        CertificateError::Expired => format!("{SERVER} has expired, by the clock of this machine"),
        CertificateError::ExpiredContext { time, not_after } => format!(
            "{SERVER} has expired: it was valid until {}, and the clock of this machine says {}",
            date(*not_after),
            date(*time)
        ),
        CertificateError::NotValidYet => {
            format!("{SERVER} is not valid yet, by the clock of this machine")
        }
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "{SERVER} is not valid yet: it will be from {}, and the clock of this machine says {}",
            date(*not_before),
            date(*time)
        ),
        CertificateError::UnknownIssuer => format!(
            "{SERVER} is of an unknown issuer: it is self-signed, or of an authority that this machine does not trust"
        ),
        CertificateError::NotValidForName => format!("{SERVER} is not for this host"),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names = match presented.is_empty() {
                true => "no host".to_owned(),
                false => presented
                    .iter()
                    .map(|name| plain(name))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            let host = expected.to_str();
            format!("{SERVER} is not for the host {host}, it is for: {names}")
        }
        CertificateError::Revoked => format!("{SERVER} has been revoked"),
        // webpki's word for a self-signed certificate that may sign others, as many tools make them.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            format!(
                "{SERVER} is self-signed: it is that of an authority, which is no certificate for a server"
            )
        }
        other => format!("{SERVER} is not valid: {other}"),
    }
}

/// A name of a certificate, of which rustls says the kind as well: `DnsName("localhost")`, `IpAddress(127.0.0.1)`.
fn plain(name: &str) -> &str {
    let inner = name
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

/// The day and the time, in UTC.
fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    match seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
        Some(moment) => moment.format("%Y-%m-%d %H:%M UTC").to_string(),
        None => "a time that no calendar has".to_owned(),
    }
}
