//! Compares one security scheme. In: its nodes on both sides. Out: findings; none where callers send the same. Knows no operation.

use super::super::finding::{Both, Finding};
use serde_json::Value;

/// What differs in meaning between two schemes, of which the old one has this name.
pub(super) fn differences<'a>(name: &str, old: &'a Value, new: &'a Value) -> Vec<Finding<'a>> {
    let mut found = Vec::new();
    let about = format!("The security scheme `{name}`");
    let keys = |key: &str| (old.get(key), new.get(key));
    let text = |value: Option<&Value>| {
        value
            .and_then(Value::as_str)
            .unwrap_or("nothing")
            .to_owned()
    };
    let differs = |key: &str| {
        let (before, after) = keys(key);
        // The names of HTTP's schemes and headers have no case.
        let in_headers = [old, new].iter().all(|one| text(one.get("in")) == "header");
        let has_no_case = key == "scheme" || (key == "name" && in_headers);
        let same =
            before == after || (has_no_case && text(before).eq_ignore_ascii_case(&text(after)));
        (!same).then_some((before, after))
    };
    if let Some(at) = differs("type") {
        let says = format!("is of type {} instead of {}", text(at.1), text(at.0));
        let at = (Some(old), Some(new));
        let finding = Finding::whole("api-security-component-type-changed", at, says);
        return vec![finding.about(about)];
    }
    let rows = [
        ("name", "api-security-component-key-changed", "is called"),
        ("in", "api-security-component-key-changed", "travels in the"),
        (
            "scheme",
            "api-security-component-scheme-changed",
            "uses the HTTP scheme",
        ),
        (
            "openIdConnectUrl",
            "api-security-component-oauth-url-changed",
            "is described at",
        ),
    ];
    for (key, rule, verb) in rows {
        if let Some(at) = differs(key) {
            let says = format!("{verb} `{}` instead of `{}`", text(at.1), text(at.0));
            let shown = (at.0.or(Some(old)), at.1.or(Some(new)));
            let finding = Finding::new(rule, shown, says).about(about.clone());
            found.push(finding.claim(at));
        }
    }
    flows(&mut found, &about, keys("flows"));
    found
}

fn flows<'a>(found: &mut Vec<Finding<'a>>, about: &str, at: Both<'a>) {
    let (Some(old), Some(new)) = at else { return };
    for flow in [
        "implicit",
        "password",
        "clientCredentials",
        "authorizationCode",
    ] {
        let pair = (old.get(flow), new.get(flow));
        let (before, after) = match pair {
            (Some(before), Some(after)) => (before, after),
            (None, None) => continue,
            (Some(before), None) => {
                let says = format!("no longer has the OAuth flow `{flow}`");
                let shown = (Some(before), Some(new));
                found.push(
                    Finding::new("api-security-component-oauth-flow-removed", shown, says)
                        .about(about)
                        .claim(pair),
                );
                continue;
            }
            (None, Some(after)) => {
                let says = format!("has the OAuth flow `{flow}` too");
                let shown = (Some(old), Some(after));
                found.push(
                    Finding::new("api-security-component-oauth-flow-added", shown, says)
                        .about(about)
                        .claim(pair),
                );
                continue;
            }
        };
        urls(found, about, (before, after));
        scopes(found, about, (before, after));
    }
}

fn urls<'a>(found: &mut Vec<Finding<'a>>, about: &str, (old, new): (&'a Value, &'a Value)) {
    let rows = [
        (
            "authorizationUrl",
            "api-security-component-oauth-url-changed",
        ),
        ("tokenUrl", "api-security-component-oauth-token-url-changed"),
        ("refreshUrl", "api-security-component-oauth-url-changed"),
    ];
    for (key, rule) in rows {
        let at = (old.get(key), new.get(key));
        if at.0 != at.1 {
            let text =
                |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("none").to_owned();
            let says = format!("has the {key} {} instead of {}", text(at.1), text(at.0));
            let shown = (at.0.or(Some(old)), at.1.or(Some(new)));
            found.push(Finding::new(rule, shown, says).about(about).claim(at));
        }
    }
}

fn scopes<'a>(found: &mut Vec<Finding<'a>>, about: &str, (old, new): (&'a Value, &'a Value)) {
    let scopes = |flow: &'a Value| {
        flow.get("scopes")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    };
    let find = |flow: &'a Value, name: &str| flow.get("scopes").and_then(|scopes| scopes.get(name));
    for (name, scope) in scopes(old) {
        if find(new, name).is_none() {
            let at = (Some(scope), Some(new));
            let finding = Finding::new(
                "api-security-component-oauth-scope-removed",
                at,
                format!("no longer knows the scope `{name}`"),
            );
            found.push(finding.about(about).claim_old([scope]));
        }
    }
    for (name, scope) in scopes(new) {
        if find(old, name).is_none() {
            let at = (Some(old), Some(scope));
            let finding = Finding::new(
                "api-security-component-oauth-scope-added",
                at,
                format!("knows the scope `{name}`"),
            );
            found.push(finding.about(about).claim_new([scope]));
        }
    }
}
