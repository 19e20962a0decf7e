//! Compares what stands at the top of two documents. In: both trees. Out: findings that belong to no operation. Knows no schema.

use super::finding::Finding;
use super::judge::Judge;

pub(super) fn walk(judge: &mut Judge<'_>) {
    let (old, new) = (judge.old, judge.new);
    judge.see(Some(&old.root));
    judge.see(Some(&new.root));
    let both = |pointer: &str| (old.root.pointer(pointer), new.root.pointer(pointer));
    for (pointer, rule, name) in [
        (
            "/openapi",
            "openapi-version-changed",
            "The document's OpenAPI version",
        ),
        ("/info/version", "api-version-changed", "The API's version"),
    ] {
        let at = both(pointer);
        if let (Some(before), Some(after)) = at
            && before != after
        {
            let text =
                |value: &serde_json::Value| value.as_str().map_or(value.to_string(), str::to_owned);
            let says = format!("is {} instead of {}", text(after), text(before));
            judge.report(Finding::whole(rule, at, says).about(name));
        }
    }
}
