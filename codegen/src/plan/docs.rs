//! Decides what is documented. In: meaning. Out: paragraphs. Knows no tokens; escaping is the printer's.

pub(super) mod requirements;
pub(super) mod waiting;

use crate::api::{self, Api, EnumValue, Lifecycle, Operation, Outcome, Property, Resource, Schema};
use crate::krate::{self, Check, Direction, Docs, Format, Paragraph, Presence, Recovery, Rule};

/// The generated module.
pub(super) fn krate(api: &Api) -> Docs {
    let mut docs = vec![Paragraph::Ours(format!(
        "The operations and types of the API, from its description {}.",
        code(&api.version)
    ))];
    docs.extend(api.description.clone().map(Paragraph::Prose));
    Docs(docs)
}

/// A key.
pub(super) fn key(scheme: &api::SecurityScheme) -> Docs {
    Docs(
        scheme
            .description
            .clone()
            .map(Paragraph::Prose)
            .into_iter()
            .collect(),
    )
}

/// A file of types.
pub(super) fn type_module(name: &str) -> Docs {
    Docs(vec![Paragraph::Ours(match name {
        "shared" => "Types that several resources use.".to_owned(),
        name => format!("Types of the resource {}.", code(name)),
    })])
}

/// An object. Where it is used is said when the methods are known.
pub(super) fn structure(schema: &Schema, object: &api::Object, direction: Direction) -> Docs {
    let mut docs = described(schema);
    if direction.is_sent() {
        docs.extend(requirements::of_object(&object.requirements));
    }
    Docs(docs)
}

/// An enumeration. Where it is used is said when the methods are known.
pub(super) fn enumeration(schema: &Schema, (open, sent): (bool, bool)) -> Docs {
    let mut docs = described(schema);
    let text = match (open, sent) {
        (true, _) => "The values known; the service may use others.",
        (false, true) => {
            "Where the document's list is closed, another value is refused before a request is sent, unless the call says `allow_unknown_values()`."
        }
        (false, false) => return Docs(docs),
    };
    docs.push(Paragraph::Ours(text.to_owned()));
    Docs(docs)
}

/// A value of an enumeration.
pub(super) fn variant(value: &EnumValue) -> Docs {
    Docs(vec![match &value.description {
        Some(description) => Paragraph::Prose(description.clone()),
        None => Paragraph::Ours(code(value.value.as_str())),
    }])
}

/// A field, with its limits where it is sent. `target` is the property's schema behind references.
pub(super) fn field(
    property: &Property,
    target: &Schema,
    rule: &Rule,
    (direction, presence): (Direction, Presence),
) -> Docs {
    let schema = &property.schema;
    let text = schema
        .description
        .clone()
        .or_else(|| schema.title.clone())
        .or_else(|| target.description.clone());
    let mut docs = vec![match text {
        Some(text) => Paragraph::Prose(text),
        None => Paragraph::Ours(format!("The field {}.", code(property.name.as_str()))),
    }];
    if direction.is_sent() {
        match presence {
            Presence::Required | Presence::RequiredNullable => {}
            Presence::Optional | Presence::Patch => docs.extend(default(schema)),
        }
        docs.extend(limits(rule));
    }
    Docs(docs)
}

/// A parameter.
pub(super) fn parameter(parameter: &api::Parameter, rule: &Rule) -> Docs {
    let text = parameter
        .description
        .clone()
        .or_else(|| parameter.schema.description.clone());
    let mut docs = vec![match text {
        Some(text) => Paragraph::Prose(text),
        None => Paragraph::Ours(format!("The parameter {}.", code(parameter.name.as_str()))),
    }];
    docs.extend(default(&parameter.schema));
    docs.extend(limits(rule));
    Docs(docs)
}

/// A handle.
pub(super) fn resource(resource: &Resource) -> Docs {
    let mut docs = vec![match &resource.description {
        Some(description) => Paragraph::Prose(description.clone()),
        None => Paragraph::Ours(format!(
            "The operations tagged {}.",
            code(resource.tag.as_str())
        )),
    }];
    docs.extend(resource.lifecycle.as_ref().map(lifecycle));
    Docs(docs)
}

fn lifecycle(lifecycle: &Lifecycle) -> Paragraph {
    let states = |wanted: Outcome| {
        let states = lifecycle
            .terminal
            .iter()
            .filter(|(_, outcome)| *outcome == wanted);
        states
            .map(|(state, _)| code(state.as_str()))
            .collect::<Vec<_>>()
            .join(" or ")
    };
    let mut text = format!(
        "A job is finished when its {} is {}: {} then holds the result.",
        code(lifecycle.status.as_str()),
        states(Outcome::Success),
        code(lifecycle.output.as_str())
    );
    let failed = states(Outcome::Failure);
    if !failed.is_empty() {
        text.push_str(&format!(" It has failed when it is {failed}"));
        match &lifecycle.reason {
            Some(reason) => text.push_str(&format!("; {} says why.", code(reason.as_str()))),
            None => text.push('.'),
        }
    }
    Paragraph::Ours(text)
}

/// A method, without its example: `needed` are its required parameters, `setters` the names of the others.
pub(super) fn method(
    operation: &Operation,
    needed: &[(String, &api::Parameter, &Rule)],
    setters: &[String],
) -> Vec<Paragraph> {
    let mut docs: Vec<Paragraph> = Vec::new();
    docs.extend(operation.summary.clone().map(Paragraph::Prose));
    docs.extend(
        operation
            .description
            .clone()
            .filter(|text| operation.summary.as_ref() != Some(text))
            .map(Paragraph::Prose),
    );
    docs.push(Paragraph::Ours(code(&format!(
        "{} {}",
        http_method(operation.method),
        operation.path
    ))));
    docs.extend(prices(operation));
    if operation.idempotent {
        let text =
            "Repeated after it may have been processed: sent twice it has the effect of once.";
        docs.push(Paragraph::Ours(text.to_owned()));
    }
    for (name, parameter, rule) in needed {
        let text = parameter
            .description
            .clone()
            .or_else(|| parameter.schema.description.clone());
        let deprecated = if parameter.deprecated {
            " Deprecated."
        } else {
            ""
        };
        docs.extend(
            text.map(|text| Paragraph::Prose(format!("{}: {text}{deprecated}", code(name)))),
        );
        docs.extend(limits(rule).map(|limits| match limits {
            Paragraph::Ours(text) => Paragraph::Ours(format!("{}: {text}", code(name))),
            other => other,
        }));
    }
    if !setters.is_empty() {
        docs.push(Paragraph::Ours(format!(
            "Optional setters of the call: {}.",
            enumerated(setters)
        )));
    }
    docs
}

/// How it is found out what became of a call when its response is lost.
pub(super) fn recovery(operation: &krate::Operation) -> Option<Paragraph> {
    let text = match operation.recovery {
        Recovery::NotNeeded => return None,
        Recovery::ByName => {
            let name = operation.job_name.as_ref();
            let name = name.map(|name| code(name.as_str())).unwrap_or_default();
            format!(
                "When the response is lost, the job is found by its name ({name}), if the caller gave it a unique one."
            )
        }
        Recovery::BySubject => {
            "When the response is lost, the job itself shows whether the call took effect."
                .to_owned()
        }
        Recovery::Undecided => {
            "When the response is lost, nothing shows whether the call took effect: it stays undecided."
                .to_owned()
        }
    };
    Some(Paragraph::Ours(text))
}

fn prices(operation: &Operation) -> Option<Paragraph> {
    let prices = &operation.prices;
    if prices.is_empty() {
        return None;
    }
    if prices.iter().all(|price| price.credits == 0.0) {
        return Some(Paragraph::Ours("Free of charge.".to_owned()));
    }
    let prices: Vec<String> = prices.iter().map(price).collect();
    Some(Paragraph::Ours(format!("Costs {}.", prices.join("; "))))
}

fn price(price: &api::Price) -> String {
    let unit = if price.credits == 1.0 {
        "credit"
    } else {
        "credits"
    };
    let mut text = format!("{} {unit}", price.credits);
    match price.per_seconds {
        Some(1) => text.push_str(" per started second"),
        Some(seconds) => text.push_str(&format!(" per started {seconds} s")),
        None => text.push_str(" per call"),
    }
    if let Some((property, value)) = &price.when {
        text.push_str(&format!(
            " when {} is {}",
            code(property.as_str()),
            code(value.as_str())
        ));
        if price.default {
            text.push_str(" or left out");
        }
    }
    text
}

fn described(schema: &Schema) -> Vec<Paragraph> {
    let text = schema.description.clone().or_else(|| schema.title.clone());
    text.map(Paragraph::Prose).into_iter().collect()
}

fn default(schema: &Schema) -> Option<Paragraph> {
    let default = schema.default.as_ref()?.to_string();
    let text = format!("When left out, the service assumes {}.", code(&default));
    Some(Paragraph::Ours(text))
}

fn limits(rule: &Rule) -> Option<Paragraph> {
    let limits: Vec<String> = rule.checks.iter().filter_map(limit).collect();
    (!limits.is_empty())
        .then(|| Paragraph::Ours(format!("Checked before sending: {}.", limits.join("; "))))
}

fn limit(check: &Check) -> Option<String> {
    Some(match check {
        Check::MinLength(1) => "not empty".to_owned(),
        Check::MinLength(length) => format!("at least {length} characters"),
        Check::MaxLength(length) => format!("at most {length} characters"),
        Check::Pattern(pattern) if pattern == r"\S" => "not blank".to_owned(),
        Check::Pattern(pattern) => format!("the pattern {}", code(pattern)),
        Check::Minimum(value, false) => format!("at least {value}"),
        Check::Minimum(value, true) => format!("more than {value}"),
        Check::Maximum(value, false) => format!("at most {value}"),
        Check::Maximum(value, true) => format!("less than {value}"),
        Check::MultipleOf(value) => format!("a multiple of {value}"),
        Check::MinItems(1) => "at least one item".to_owned(),
        Check::MinItems(count) => format!("at least {count} items"),
        Check::MaxItems(count) => format!("at most {count} items"),
        Check::UniqueItems => "no item twice".to_owned(),
        Check::MinProperties(1) => "at least one member".to_owned(),
        Check::MinProperties(count) => format!("at least {count} members"),
        Check::MaxProperties(count) => format!("at most {count} members"),
        Check::Format(Format::Uri) => "an absolute URL".to_owned(),
        Check::Format(Format::Decimal) => "a decimal number as text".to_owned(),
        // The type has the values and says so.
        Check::OneOf(_) => return None,
    })
}

/// `a`, `b` and `c`
fn enumerated(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| code(name)).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// Text as inline code, whatever backticks it holds.
pub(super) fn code(text: &str) -> String {
    if text.trim().is_empty() {
        return "an empty text".to_owned();
    }
    let text = text.replace(['\r', '\n'], " ");
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

fn http_method(method: api::Method) -> &'static str {
    match method {
        api::Method::Get => "GET",
        api::Method::Put => "PUT",
        api::Method::Post => "POST",
        api::Method::Delete => "DELETE",
        api::Method::Options => "OPTIONS",
        api::Method::Head => "HEAD",
        api::Method::Patch => "PATCH",
        api::Method::Trace => "TRACE",
    }
}
