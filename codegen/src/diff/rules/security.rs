//! Rows about authentication and servers. In: nothing. Out: rows. Knows no document.

use super::super::report::Level;
use super::{Rule, plain};

/// Rows about authentication and servers.
pub(super) const RULES: &[Rule] = &[
    plain(
        "api-security-required",
        Level::Breaking,
        "an operation that was open to all needs authentication",
        "calls without it are refused",
    ),
    plain(
        "api-security-added",
        Level::Info,
        "one more way to authenticate is accepted",
        "the others work as before",
    ),
    plain(
        "api-security-removed",
        Level::Breaking,
        "a way to authenticate is no longer accepted",
        "calls that use it are refused",
    ),
    plain(
        "api-security-scope-added",
        Level::Breaking,
        "a way to authenticate needs one more scope",
        "tokens without it are refused",
    ),
    plain(
        "api-security-scope-removed",
        Level::Info,
        "a way to authenticate needs one scope less",
        "tokens with it work as before",
    ),
    plain(
        "api-security-component-added",
        Level::Info,
        "a security scheme is new",
        "operations say where it is used",
    ),
    plain(
        "api-security-component-removed",
        Level::Info,
        "a security scheme is gone",
        "operations say where it was used",
    ),
    plain(
        "api-security-component-type-changed",
        Level::Breaking,
        "a security scheme is of another type",
        "what callers send is not what is looked for",
    ),
    plain(
        "api-security-component-key-changed",
        Level::Breaking,
        "a key has another name or travels elsewhere",
        "what callers send is not found",
    ),
    plain(
        "api-security-component-scheme-changed",
        Level::Breaking,
        "another scheme of HTTP authentication is used",
        "what callers send is not understood",
    ),
    plain(
        "api-security-component-oauth-url-changed",
        Level::Warning,
        "the address of the authorization server is another one",
        "whether the old one still works, the document does not say",
    ),
    plain(
        "api-security-component-oauth-token-url-changed",
        Level::Warning,
        "the address for tokens is another one",
        "whether the old one still works, the document does not say",
    ),
    plain(
        "api-security-component-oauth-flow-added",
        Level::Info,
        "one more OAuth flow can be used",
        "the others work as before",
    ),
    plain(
        "api-security-component-oauth-flow-removed",
        Level::Breaking,
        "an OAuth flow can no longer be used",
        "callers that use it get no token",
    ),
    plain(
        "api-security-component-oauth-scope-added",
        Level::Info,
        "one more scope is known",
        "operations say where it is needed",
    ),
    plain(
        "api-security-component-oauth-scope-removed",
        Level::Info,
        "a scope is no longer known",
        "operations say where it was needed",
    ),
    plain(
        "api-server-added",
        Level::Info,
        "the API is served at one more address",
        "the others work as before",
    ),
    plain(
        "api-server-removed",
        Level::Breaking,
        "the API is no longer served at an address",
        "calls to it fail, as far as the document says",
    ),
    plain(
        "server-variable-default-changed",
        Level::Warning,
        "an address has another default for a part of it",
        "who states nothing reaches another place",
    ),
    plain(
        "server-variable-value-added",
        Level::Info,
        "a part of an address has one more value",
        "the others work as before",
    ),
    plain(
        "server-variable-value-removed",
        Level::Breaking,
        "a part of an address has one value less",
        "calls to it fail, as far as the document says",
    ),
    plain(
        "server-variable-became-enum",
        Level::Breaking,
        "a part of an address was free and has a list of values",
        "calls to it with any other value fail, as far as the document says",
    ),
    plain(
        "server-variable-enum-dropped",
        Level::Info,
        "a part of an address had a list of values and is free",
        "the values of the list work as before",
    ),
    plain(
        "server-variable-renamed",
        Level::Info,
        "a part of an address has another name",
        "the name never travels",
    ),
];
