//! Authentication. In: the headers of a request. Out: the id of an account, or a 401 or 403 response.
//! Keys are compared and not stored.

use axum::http::HeaderMap;

use super::check::Finding;
use super::response::Reply;

/// The response to a request that is not authenticated or not authorized.
#[derive(Debug)]
pub(crate) struct AuthError {
    pub(crate) reply: Reply,
    pub(crate) findings: Vec<Finding>,
}

/// The key that no account has.
const WRONG_KEY: &str = "wrong";
/// The account without a plan that includes the API.
const NO_PLAN: &str = "no-plan";

/// The account's id. Every other pair of keys opens an account, so that anybody can just try it.
pub(crate) fn authenticate<'a>(
    names: &[String],
    headers: &'a HeaderMap,
) -> Result<&'a str, Box<AuthError>> {
    let mut findings = Vec::new();
    let mut id = None;
    let mut key = None;
    for name in names {
        let mut values = headers.get_all(name.as_str()).iter();
        let (first, second) = (values.next(), values.next());
        let value = first.and_then(|value| value.to_str().ok());
        let reason = match (value.map(str::trim), second) {
            (Some(value), None) if !value.is_empty() => {
                // Of two keys the one that is named an id names the account.
                let slot = if name.to_ascii_lowercase().ends_with("id") || names.len() == 1 {
                    &mut id
                } else {
                    &mut key
                };
                *slot = Some(value);
                continue;
            }
            (_, Some(_)) => "is given more than once",
            (Some(_), None) => "is empty",
            (None, None) => "is missing",
        };
        findings.push(Finding::new(format!("/headers/{name}"), reason));
    }
    if !findings.is_empty() {
        let detail = "Authentication credentials were not provided.";
        return Err(Box::new(AuthError {
            reply: Reply::detail(401, detail),
            findings,
        }));
    }
    if key == Some(WRONG_KEY) {
        let name = names
            .iter()
            .find(|name| !name.to_ascii_lowercase().ends_with("id"));
        let pointer = format!("/headers/{}", name.map_or("", String::as_str));
        return Err(Box::new(AuthError {
            reply: Reply::detail(401, "Invalid API key."),
            findings: vec![Finding::new(pointer, "is not the key of this account")],
        }));
    }
    if id == Some(NO_PLAN) {
        let detail = "Your plan does not include access to the API.";
        return Err(Box::new(AuthError {
            reply: Reply::detail(403, detail),
            findings: Vec::new(),
        }));
    }
    Ok(id.unwrap_or("anonymous"))
}
