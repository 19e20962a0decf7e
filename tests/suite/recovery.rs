//! What each operation says of its recovery. In: the operations of the client and the table in spec/COVERAGE.md. Out: a
//! panic where one says something else than the other.

use creatify_api::operation::{self, Operation, Recovery};

const COVERAGE: &str = include_str!("../../spec/COVERAGE.md");

#[test]
fn operations_say_themselves_what_the_table_says_of_them() {
    let (_, section) = COVERAGE.split_once("\n## Recovery\n").expect("the section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let said = operation::all().iter().copied().filter_map(row);
    let written = section.lines().filter(|line| line.starts_with("| `"));
    assert_eq!(
        said.collect::<Vec<_>>(),
        written.collect::<Vec<_>>(),
        "run `cargo xtask codegen`, or let the runtime and the generator decide alike"
    );
}

#[test]
fn speech_has_no_name_and_a_render_has_its_job() {
    let recovery = |id| operation::find(id).map(|operation| operation.recovery());
    assert_eq!(recovery("text_to_speech_create"), Some(Recovery::Undecided));
    assert_eq!(recovery("lipsyncs_v2_create"), Some(Recovery::ByName));
    assert_eq!(
        recovery("lipsyncs_v2_render_create"),
        Some(Recovery::BySubject)
    );
    assert_eq!(
        recovery("custom_template_jobs_render_create"),
        Some(Recovery::BySubject)
    );
    assert_eq!(recovery("lipsyncs_list"), Some(Recovery::NotNeeded));
    assert_eq!(recovery("lipsyncs_destroy"), None);
}

/// The operation as a row of the table; nothing for what needs no recovery.
fn row(operation: &Operation) -> Option<String> {
    let how = match operation.recovery() {
        Recovery::NotNeeded => return None,
        Recovery::ByName => format!("by name: `{}`", operation.job_name.expect("a name")),
        Recovery::BySubject => "by subject".to_owned(),
        Recovery::Undecided => "undecided".to_owned(),
        other => panic!("{other:?} has no words in the table"),
    };
    let cost = match operation.prices {
        [] => "not known",
        prices if prices.iter().all(|price| price.credits == 0.0) => "no",
        _ => "yes",
    };
    Some(format!("| `{}` | {cost} | {how} |", operation.id))
}
