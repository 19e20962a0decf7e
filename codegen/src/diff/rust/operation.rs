//! Judges what a call sends, checks and costs. In: a pair of methods. Out: changes that compile. Knows no signatures.

use super::Bump;
use super::changes::Changes;
use super::limits;
use super::methods::Pair;
use super::words::{code, listed};
use crate::krate::{
    HttpMethod, Ident, Location, MediaType, Operation, Paging, Parameter, Price, Recovery,
};
use crate::wire::WireName;

/// Judges the data of one operation. `before`: how many changes there were before this method was looked at.
pub(super) fn compare(pair: &Pair<'_>, before: usize, changes: &mut Changes) {
    let Operation {
        id,
        method,
        path,
        parameters: _,
        body,
        security,
        prices,
        idempotent,
        answers_jobs,
        job_name,
        recovery,
        paging,
    } = &pair.old.operation;
    let new = &pair.new.operation;
    let name = pair.method();
    let mut patch = |text: String| changes.push(Bump::Patch, &pair.spot, text);
    if (method, template(path)) != (&new.method, template(&new.path)) {
        patch(format!(
            "{name} calls {} instead of {}",
            code(&format!("{} {}", verb(new.method), new.path)),
            code(&format!("{} {path}", verb(*method)))
        ));
    }
    if *prices != new.prices {
        patch(format!(
            "{name} costs {} instead of {}",
            cost(&new.prices),
            cost(prices)
        ));
    }
    if *idempotent != new.idempotent {
        let no = if new.idempotent { "" } else { "no longer " };
        patch(format!(
            "{name} is {no}repeated after it may have been processed"
        ));
    }
    let keys = |names: &Vec<Ident>| -> Vec<Ident> {
        let names = names.iter();
        names.map(|name| pair.names.key(name).clone()).collect()
    };
    if security.iter().map(keys).collect::<Vec<_>>() != new.security {
        patch(format!("{name} is called with other keys"));
    }
    if body.first() != new.body.first()
        && let (Some(was), Some(now)) = (body.first(), new.body.first())
    {
        patch(format!(
            "{name} sends its body as {} instead of {}",
            media_type(*now),
            media_type(*was)
        ));
    }
    if pair.at_home && *answers_jobs != new.answers_jobs {
        let no = if new.answers_jobs { "" } else { "no " };
        patch(format!(
            "the answer of {name} is known as {no}job of its resource"
        ));
    }
    if pair.at_home && *job_name != new.job_name {
        let place = match &new.job_name {
            Some(name) => format!("in {}", code(name.as_str())),
            None => "nowhere".to_owned(),
        };
        patch(format!("a job that {name} makes is named {place}"));
    }
    if pair.at_home && *recovery != new.recovery {
        let how = match new.recovery {
            Recovery::NotNeeded => "by sending it again",
            Recovery::ByName => "by the name of its job",
            Recovery::BySubject => "by the job that it is about",
            Recovery::Undecided => "by nothing",
        };
        patch(format!(
            "what became of a lost call of {name} is found out {how}"
        ));
    }
    parameters(pair, changes);
    // The stream of the pages, the name and the ways to send the body have been judged where they show.
    if changes.none_since(before) && *paging != new.paging {
        let text = format!(
            "the pages of {name} are read otherwise: {}",
            pages(new.paging.as_ref())
        );
        changes.push(Bump::Patch, &pair.spot, text);
    }
    if changes.none_since(before) && *body != new.body {
        let text = format!("the body of {name} can be sent in other ways");
        changes.push(Bump::Patch, &pair.spot, text);
    }
    if pair.at_home && changes.none_since(before) && *id != new.id {
        let (was, now) = (code(id.as_str()), code(new.id.as_str()));
        let text = format!("the operation of {name} is {now} instead of {was}");
        changes.push(Bump::Patch, &pair.spot, text);
    }
}

/// The limits of a parameter that changed.
pub(super) fn limits(pair: &Pair<'_>, wire: &WireName) -> Option<String> {
    let find = |operation: &'_ Operation| {
        let parameters = operation.parameters.iter();
        let found = parameters.clone().find(|one| one.rule.wire == *wire);
        found.map(|parameter| parameter.rule.clone())
    };
    limits::changed(&find(&pair.old.operation)?, &find(&pair.new.operation)?)
}

/// A path without the names of its parameters.
fn template(path: &WireName) -> String {
    let parts = path.as_str().split('{').enumerate();
    parts
        .map(|(index, part)| match (index, part.split_once('}')) {
            (0, _) | (_, None) => part,
            (_, Some((_, rest))) => rest,
        })
        .collect::<Vec<_>>()
        .join("{}")
}

/// Parameters that came, went or changed their names have been judged as arguments and setters.
fn parameters(pair: &Pair<'_>, changes: &mut Changes) {
    for old in &pair.old.operation.parameters {
        let Parameter {
            location,
            style,
            explode,
            rule,
        } = old;
        let parameters = pair.new.operation.parameters.iter();
        let same: Vec<&Parameter> = parameters
            .filter(|other| other.rule.wire == rule.wire)
            .collect();
        // Two parameters may have one name in two places.
        let Some(new) = same
            .iter()
            .find(|other| other.location == *location)
            .or(same.first())
        else {
            continue;
        };
        let parameter = format!(
            "the parameter {} of {}",
            code(rule.wire.as_str()),
            pair.method()
        );
        if *location != new.location {
            let text = format!(
                "{parameter} is sent in the {} instead of the {}",
                place(new.location),
                place(*location)
            );
            changes.push(Bump::Patch, &pair.spot, text);
        }
        if (*style, *explode) != (new.style, new.explode) {
            let text = format!("{parameter} is written in another style");
            changes.push(Bump::Patch, &pair.spot, text);
        }
        if let Some(text) = limits::changed(rule, &new.rule) {
            let text = format!("the limits of {parameter}, checked before sending: {text}");
            changes.push(Bump::Patch, &pair.spot, text);
        }
    }
}

fn cost(prices: &[Price]) -> String {
    let prices: Vec<String> = prices.iter().map(price).collect();
    if prices.is_empty() {
        "what nobody has said".to_owned()
    } else {
        prices.join("; ")
    }
}

fn price(price: &Price) -> String {
    let Price {
        credits,
        per_seconds,
        when,
        default,
    } = price;
    let unit = if *credits == 1.0 { "credit" } else { "credits" };
    let mut text = format!("{credits} {unit}");
    if let Some(seconds) = per_seconds {
        text.push_str(&format!(" per started {seconds} s"));
    }
    if let Some((property, value)) = when {
        let (property, value) = (code(property.as_str()), code(value.as_str()));
        text.push_str(&format!(" when {property} is {value}"));
    }
    if *default {
        text.push_str(" or left out");
    }
    text
}

fn pages(paging: Option<&Paging>) -> String {
    let Some(Paging {
        page,
        size,
        results,
        next,
    }) = paging
    else {
        return "not at all".to_owned();
    };
    let names = [Some(page), Some(size), results.as_ref(), next.as_ref()];
    listed(names.into_iter().flatten().map(|name| name.as_str()))
}

fn media_type(media_type: MediaType) -> String {
    code(media_type.as_str())
}

fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "headers",
    }
}

fn verb(method: HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Put => "PUT",
        HttpMethod::Post => "POST",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Head => "HEAD",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Trace => "TRACE",
    }
}
