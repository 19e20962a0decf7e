//! What a call costs, in words. In: `x-credits` of both sides. Out: the rest of a sentence. Knows no rule.

use super::super::finding::Both;
use serde_json::{Map, Value};

/// One way to call, and its price.
#[derive(PartialEq)]
struct Price<'a> {
    credits: &'a Value,
    /// How long a started stretch is that costs this much; absent where a call does.
    seconds: Option<&'a Value>,
    /// What a request has to say to cost this; nothing where all do.
    when: Option<&'a Map<String, Value>>,
    /// Whether a request that leaves that out costs the same.
    default: bool,
}

/// `costs 6 credits instead of 5 per 30 s`
pub(super) fn changed(at: Both<'_>) -> String {
    let (old, new) = (at.0.map(read), at.1.map(read));
    match (old, new) {
        (None, Some(Some(new))) => format!("says its price now: {}", list(&new)),
        (Some(Some(old)), None) => format!("no longer says its price, which was {}", list(&old)),
        (Some(Some(old)), Some(Some(new))) => compared(&old, &new),
        (None | Some(None), _) | (_, Some(None)) => "has another price".to_owned(),
    }
}

/// `None` for what is written in another way than ours.
fn read(value: &Value) -> Option<Vec<Price<'_>>> {
    match value {
        Value::Number(_) => Some(vec![Price {
            credits: value,
            seconds: None,
            when: None,
            default: false,
        }]),
        Value::Array(entries) => entries.iter().map(one).collect(),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Object(_) => None,
    }
}

fn one(entry: &Value) -> Option<Price<'_>> {
    Some(Price {
        credits: entry.get("credits")?,
        seconds: entry.get("per_seconds"),
        when: entry.get("when").and_then(Value::as_object),
        default: entry.get("default") == Some(&Value::Bool(true)),
    })
}

fn compared(old: &[Price<'_>], new: &[Price<'_>]) -> String {
    let like = |price: &Price<'_>, all: &[Price<'_>]| {
        all.iter().position(|other| other.when == price.when)
    };
    let mut says = Vec::new();
    for price in new {
        match like(price, old).map(|index| &old[index]) {
            Some(before) if before == price => {}
            Some(before) => says.push(format!("costs {}", instead(before, price))),
            None => says.push(format!(
                "costs {}, and said no price for that",
                whole(price)
            )),
        }
    }
    for price in old.iter().filter(|price| like(price, new).is_none()) {
        says.push(format!("no longer says the price {}", whole(price)));
    }
    match says.is_empty() {
        true => "lists its prices in another way".to_owned(),
        false => says.join("; "),
    }
}

fn instead(before: &Price<'_>, after: &Price<'_>) -> String {
    let amounts = match before.seconds == after.seconds {
        true if before.credits == after.credits => amount(after),
        true => format!(
            "{} instead of {}{}",
            credits(after),
            before.credits,
            stretch(after)
        ),
        false => format!("{} instead of {}", amount(after), amount(before)),
    };
    let default = match (before.default, after.default) {
        (false, true) => ", and so it does now when that is left out",
        (true, false) => ", and no longer when that is left out",
        (true, true) if after.when.is_some() => " or left out",
        (true, true) | (false, false) => "",
    };
    format!("{amounts}{}{default}", condition(after))
}

fn list(prices: &[Price<'_>]) -> String {
    let texts: Vec<String> = prices.iter().map(whole).collect();
    texts.join("; ")
}

fn whole(price: &Price<'_>) -> String {
    let default = match price.default && price.when.is_some() {
        true => " or left out",
        false => "",
    };
    format!("{}{}{default}", amount(price), condition(price))
}

fn amount(price: &Price<'_>) -> String {
    format!("{}{}", credits(price), stretch(price))
}

fn credits(price: &Price<'_>) -> String {
    let unit = match price.credits.as_f64() == Some(1.0) {
        true => "credit",
        false => "credits",
    };
    format!("{} {unit}", price.credits)
}

fn stretch(price: &Price<'_>) -> String {
    price
        .seconds
        .map(|seconds| format!(" per {seconds} s"))
        .unwrap_or_default()
}

fn condition(price: &Price<'_>) -> String {
    let conditions = price.when.into_iter().flatten();
    let texts: Vec<String> = conditions
        .map(|(name, value)| match value {
            Value::String(text) => format!("`{name}` is `{text}`"),
            other => format!("`{name}` is `{other}`"),
        })
        .collect();
    match texts.is_empty() {
        true => String::new(),
        false => format!(" when {}", texts.join(" and ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prices_are_told_as_people_tell_them() {
        let tiers = |standard: f64, default: bool| {
            json!([
                {"credits": standard, "per_seconds": 30, "when": {"model": "standard"}, "default": default},
                {"credits": 1, "per_seconds": 1, "when": {"model": "fast"}},
            ])
        };
        let table = [
            (json!(5), json!(9), "costs 9 credits instead of 5"),
            (
                json!([{"credits": 5, "per_seconds": 30}]),
                json!([{"credits": 6, "per_seconds": 30}]),
                "costs 6 credits instead of 5 per 30 s",
            ),
            (
                json!([{"credits": 5}]),
                json!([{"credits": 1, "per_seconds": 30}]),
                "costs 1 credit per 30 s instead of 5 credits",
            ),
            (
                tiers(5.0, true),
                tiers(5.5, true),
                "costs 5.5 credits instead of 5.0 per 30 s when `model` is `standard` or left out",
            ),
            (
                tiers(5.0, false),
                tiers(5.0, true),
                "costs 5.0 credits per 30 s when `model` is `standard`, and so it does now when that is left out",
            ),
            (
                json!([{"credits": 1, "when": {"model": "fast"}}]),
                json!([{"credits": 2, "when": {"model": "slow"}}]),
                "costs 2 credits when `model` is `slow`, and said no price for that; \
                 no longer says the price 1 credit when `model` is `fast`",
            ),
            (json!("cheap"), json!(5), "has another price"),
        ];
        for (old, new, expected) in table {
            assert_eq!(changed((Some(&old), Some(&new))), expected);
        }
        let price = json!([{"credits": 5}]);
        assert_eq!(
            changed((None, Some(&price))),
            "says its price now: 5 credits"
        );
        assert_eq!(
            changed((Some(&price), None)),
            "no longer says its price, which was 5 credits"
        );
    }
}
