//! Whose certificates are trusted. In: the system, its environment variables and the features of this crate. Out: whether
//! there is anybody to trust, who stands in, and what to do when nobody does. Reads no certificate of a server.

use std::error::Error as StdError;
use std::sync::OnceLock;

use super::Roots;
use crate::runtime::Error;

/// The variables that name certificates in place of the system's own; nothing else is looked at when one is set.
const VARIABLES: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// Whether a client could not be built because the system trusts nobody.
pub(super) fn are_missing(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(found) = cause {
        if found.is::<rustls::Error>() {
            return !system_has_any();
        }
        cause = found.source();
    }
    false
}

/// Whether reqwest can build a client that trusts whom the operating system trusts.
fn system_has_any() -> bool {
    static KNOWN: OnceLock<bool> = OnceLock::new();
    *KNOWN.get_or_init(|| {
        let builder = reqwest::Client::builder().no_proxy();
        builder.tls_backend_rustls().build().is_ok()
    })
}

/// Who is trusted where the system trusts nobody.
#[cfg(feature = "bundled-roots")]
pub(super) fn substitute() -> Option<Roots> {
    Some(Roots::Bundled)
}

/// Who is trusted where the system trusts nobody: no one is.
#[cfg(not(feature = "bundled-roots"))]
pub(super) fn substitute() -> Option<Roots> {
    None
}

/// The authorities that Mozilla trusts, as of the release of `webpki-root-certs`.
#[cfg(feature = "bundled-roots")]
pub(super) fn bundled() -> Vec<reqwest::Certificate> {
    let certificates = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let certificates = certificates.map(|one| reqwest::Certificate::from_der(one));
    // reqwest reads them when the client is built.
    certificates.filter_map(Result::ok).collect()
}

/// The error for a system without certificates.
pub(super) fn missing(error: reqwest::Error) -> Error {
    let set = VARIABLES.into_iter().find(|name| {
        let value = std::env::var_os(name);
        value.is_some_and(|value| !value.is_empty() || *name == VARIABLES[0])
    });
    Error::configuration_by(&advice(set), error)
}

/// What to do when this variable, or none, is set.
fn advice(set: Option<&str>) -> String {
    let found = match set {
        Some(name) => format!(
            "`{name}` is set, and no certificate of an authority can be read from what it names (PEM); nothing else is \
             looked at then. Correct or unset it"
        ),
        None => "this system has no certificates of authorities. Install them (the package `ca-certificates` of most \
                 distributions), name a file of them in the environment variable `SSL_CERT_FILE` or their folders in \
                 `SSL_CERT_DIR` (PEM)"
            .to_owned(),
    };
    format!(
        "no `https://` server can be trusted: {found}, or build creatify-api with its feature `bundled-roots`"
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::Command;

    use super::*;
    use crate::runtime::Client;

    /// Set for the program that has no certificates.
    const VARIABLE: &str = "CREATIFY_TEST_WITHOUT_CERTIFICATES";

    /// The program of the tests below. By itself it does nothing.
    #[test]
    fn program_without_certificates() {
        if std::env::var_os(VARIABLE).is_none() {
            return;
        }
        assert!(
            !system_has_any(),
            "the test is about a system without certificates"
        );
        let built = Client::new("id", "key");
        match substitute() {
            Some(_) => assert!(built.is_ok(), "{built:?}"),
            None => {
                let said = built.expect_err("nobody can be trusted");
                writeln!(std::io::stdout(), "{said}").expect("an output");
            }
        }
    }

    fn run(variable: &str) -> String {
        let nowhere = std::env::temp_dir().join("creatify-no-such-certificates");
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        let name = concat!(module_path!(), "::program_without_certificates");
        let name = name.split_once("::").map_or(name, |(_, path)| path);
        command.args(["--exact", name, "--nocapture"]);
        for name in VARIABLES {
            command.env_remove(name);
        }
        command.env(variable, nowhere).env(VARIABLE, "yes");
        let output = command.output().expect("a program");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{text}"
        );
        text
    }

    #[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
    #[test]
    fn a_system_without_certificates_is_helped_or_told_what_to_do() {
        for variable in VARIABLES {
            let said = run(variable);
            if substitute().is_none() {
                let wanted = format!("`{variable}` is set");
                assert!(
                    said.contains(&wanted) && said.contains("`bundled-roots`"),
                    "{said}"
                );
            }
        }
    }

    #[test]
    fn the_advice_names_what_to_install_and_what_to_set() {
        let advice = advice(None);
        for wanted in [
            "ca-certificates",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "bundled-roots",
        ] {
            assert!(advice.contains(&format!("`{wanted}`")), "{advice}");
        }
    }

    /// What cannot be read is left out: that must be none of them.
    #[cfg(feature = "bundled-roots")]
    #[test]
    fn every_bundled_authority_can_be_read() {
        let all = webpki_root_certs::TLS_SERVER_ROOT_CERTS.len();
        assert!(all > 50 && bundled().len() == all, "{all}");
        let client = Roots::Bundled.apply(reqwest::Client::builder().no_proxy());
        client.build().expect("a client");
    }

    /// Whoever says whom to trust is believed: nobody else is asked, and nobody added.
    #[test]
    fn other_roots_are_tried_only_where_there_are_none() {
        use std::cell::RefCell;

        use crate::runtime::transport::Scheme;

        for scheme in [Scheme::Http, Scheme::Https, Scheme::Either] {
            let tried = RefCell::new(Vec::new());
            let attempt = |roots: Roots| {
                tried.borrow_mut().push(roots);
                // The caller's own choice.
                roots.apply(reqwest::Client::builder()).tls_certs_only([])
            };
            super::super::build(scheme, attempt).expect("a client");
            assert_eq!(tried.borrow().len(), 1, "{scheme:?}");
        }
    }
}
