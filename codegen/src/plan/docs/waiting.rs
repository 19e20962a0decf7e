//! Decides what is documented of waiting, settling and pages. In: meaning. Out: paragraphs. Knows no tokens.

use super::code;
use crate::api::{Lifecycle, Operation, Outcome, Paging, Resource};
use crate::krate::{Docs, JobVerb, Paragraph};

/// A method for jobs, without its example. `started` are the methods that start a job.
pub(in crate::plan) fn method(
    resource: &Resource,
    lifecycle: &Lifecycle,
    verb: JobVerb,
    started: &[String],
) -> Vec<Paragraph> {
    let texts = match verb {
        JobVerb::Wait => vec![
            "Waits until a job has ended, and gives it.".to_owned(),
            end(lifecycle),
            polls(resource, lifecycle),
            "Nothing happens before this is awaited. `.timeout(..)` limits the time. A wait that is \
             given up changes nothing about its job, which can be waited for again."
                .to_owned(),
        ],
        JobVerb::Resume => vec![
            "Goes on to wait for a job that an earlier run of the program, or another process, began \
             to wait for."
                .to_owned(),
            "The handle of a job can be stored and sent. What counts as the end of the job, and what \
             as an error, is said at `wait`."
                .to_owned(),
        ],
        JobVerb::WaitAll => wait_all(resource, lifecycle),
        JobVerb::Settle => settle(resource, lifecycle, started),
        JobVerb::SettlePending => vec![
            "Finds out what became of a call that was kept as data, as `settle` does for the error of one: in \
             another process too, after the one that made the call has ended."
                .to_owned(),
            "It takes a client with the API id and the base URL of the one that made the call."
                .to_owned(),
        ],
        JobVerb::SettleAll => vec![
            "Finds out what became of many calls whose answers were lost, as `settle` does for one, \
             with one list for all of them. Each call comes with a key that its job shares, such as the \
             name that it was given; `.by(..)` says how the key is read from a job."
                .to_owned(),
        ],
    };
    texts.into_iter().map(Paragraph::Ours).collect()
}

/// The stream over all pages.
pub(in crate::plan) fn items(paging: &Paging) -> Docs {
    let texts = [
        "Every item of every page, requested page by page as the stream is read.".to_owned(),
        format!(
            "{} says how many items one request brings.",
            code(paging.size.as_str())
        ),
    ];
    Docs(texts.into_iter().map(Paragraph::Ours).collect())
}

/// How a job ends, and what is an error.
fn end(lifecycle: &Lifecycle) -> String {
    let last = |wanted: Outcome| {
        let states = lifecycle.terminal.iter();
        let wanted = states.filter(|(_, outcome)| *outcome == wanted);
        alternatives(wanted.map(|(state, _)| state.as_str()))
    };
    let preview = match &lifecycle.preview {
        Some(preview) => format!(" (a preview in {})", code(preview.as_str())),
        None => String::new(),
    };
    let mut text = format!(
        "The job has its result in {}{preview} when its {} is {}.",
        code(lifecycle.output.as_str()),
        code(lifecycle.status.as_str()),
        last(Outcome::Success)
    );
    let failed = last(Outcome::Failure);
    if !failed.is_empty() {
        let held = match &lifecycle.reason {
            Some(reason) => format!("the job and its {}", code(reason.as_str())),
            None => "the job".to_owned(),
        };
        text.push_str(&format!(
            " When it is {failed}, waiting fails with an error that holds {held}."
        ));
    }
    let running = alternatives(lifecycle.running.iter().map(|state| state.as_str()));
    if !running.is_empty() {
        text.push_str(&format!(" Until then it is {running}."));
    }
    text
}

fn polls(resource: &Resource, lifecycle: &Lifecycle) -> String {
    let poll = find(resource, lifecycle.poll.as_str());
    let free = if poll.is_some_and(is_free) {
        ", which is free of charge"
    } else {
        ""
    };
    format!("The job is asked for again and again, often at first and then less and less{free}.")
}

fn wait_all(resource: &Resource, lifecycle: &Lifecycle) -> Vec<String> {
    let mut texts = vec![
        "Waits until each of these jobs has ended, and gives them in the order in which they end."
            .to_owned(),
    ];
    if let Some(list) = &lifecycle.list {
        let free = if find(resource, list.operation.as_str()).is_some_and(is_free) {
            ", free of charge"
        } else {
            ""
        };
        texts.push(format!(
            "One request asks for up to {} jobs{free}, so this is the way to wait for many. A job \
             that fails is an error of its own and keeps no other from being waited for.",
            list.most
        ));
    }
    texts
}

fn settle(resource: &Resource, lifecycle: &Lifecycle, started: &[String]) -> Vec<String> {
    let calls = if started.is_empty() {
        String::new()
    } else {
        let methods = alternatives(started.iter().map(String::as_str));
        format!(" of {methods}")
    };
    let list = lifecycle.list.as_ref();
    let free = if list
        .and_then(|list| find(resource, list.operation.as_str()))
        .is_some_and(is_free)
    {
        ", which is free of charge,"
    } else {
        ""
    };
    vec![
        format!("Finds out what became of a call{calls} when its answer was lost."),
        "When a connection breaks after the request was sent, nobody on this side knows whether the \
         job exists: `Error::is_ambiguous` says so. To send the request again could mean to pay \
         twice."
            .to_owned(),
        format!(
            "This lists the jobs{free} and gives the job of that call, or says that the call did \
             nothing and can safely be sent again. `.matching(..)` says which job is that of a call \
             that makes one."
        ),
    ]
}

/// `a`, `b` or `c`
fn alternatives<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(code).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn find<'a>(resource: &'a Resource, id: &str) -> Option<&'a Operation> {
    resource
        .operations
        .iter()
        .find(|operation| operation.id.as_str() == id)
}

fn is_free(operation: &Operation) -> bool {
    let prices = &operation.prices;
    !prices.is_empty() && prices.iter().all(|price| price.credits == 0.0)
}
