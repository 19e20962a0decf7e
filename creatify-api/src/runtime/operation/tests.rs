//! What is known of operations. In: operations of every kind. Out: how they are recovered, and whether they are free.

use super::*;
use crate::runtime::JobList;

static POLL: Operation = operation(Method::Get, "/films/{id}/");

static FILMS: Jobs = films(Some(JobList {
    operation: &POLL,
    ids: "ids",
    most: 100,
}));

static FILMS_WITHOUT_A_LIST: Jobs = films(None);

const fn operation(method: Method, path: &'static str) -> Operation {
    Operation {
        id: "test",
        method,
        path,
        parameters: &[],
        body: &[],
        security: &[],
        prices: &[],
        idempotent: false,
        jobs: None,
        job_name: None,
        paging: None,
    }
}

const fn films(list: Option<JobList>) -> Jobs {
    Jobs {
        resource: "films",
        states: &[],
        status: "status",
        output: "output",
        reason: None,
        preview: None,
        credits: None,
        created: None,
        name: Some("name"),
        poll: &POLL,
        list,
    }
}

fn post(
    path: &'static str,
    jobs: Option<&'static Jobs>,
    job_name: Option<&'static str>,
) -> Operation {
    Operation {
        jobs,
        job_name,
        ..operation(Method::Post, path)
    }
}

#[test]
fn a_call_is_recovered_by_what_identifies_its_effect() {
    let (name, jobs) = (Some("name"), Some(&FILMS));
    let unlisted = Some(&FILMS_WITHOUT_A_LIST);
    let table = [
        (operation(Method::Get, "/films/"), Recovery::NotNeeded),
        (post("/films/", jobs, name), Recovery::ByName),
        (post("/films/", jobs, None), Recovery::Undecided),
        (post("/films/", unlisted, name), Recovery::Undecided),
        (post("/films/", None, None), Recovery::Undecided),
        (
            post("/films/{film}/render/", jobs, None),
            Recovery::BySubject,
        ),
        (post("/films/{id}/render/", None, None), Recovery::Undecided),
        // The id is that of a script, not of a film.
        (post("/scripts/{id}/films/", jobs, name), Recovery::ByName),
    ];
    for (operation, expected) in table {
        assert_eq!(operation.recovery(), expected, "{operation:?}");
    }
}

#[test]
fn a_call_is_about_the_job_whose_id_is_where_the_job_is_read() {
    let subject = |path, jobs| post(path, jobs, None).subject();
    let jobs = Some(&FILMS);
    assert_eq!(subject("/films/{film}/parts/{id}/", jobs), Some("film"));
    assert_eq!(subject("/scripts/{id}/films/", jobs), None);
    assert_eq!(subject("/films/", jobs), None);
    assert_eq!(subject("/films/{id}/render/", None), None);
}

#[test]
fn every_operation_is_listed_once_and_found_by_its_name() {
    for (index, operation) in all().iter().enumerate() {
        let same = all().iter().position(|other| other.id == operation.id);
        assert_eq!(same, Some(index), "{}", operation.id);
        let found = find(operation.id).map(|found| found.path);
        assert_eq!(found, Some(operation.path));
    }
    assert!(find("films_create").is_none());
}

#[test]
fn free_of_credits_is_not_free_to_repeat() {
    let methods = [
        (Method::Get, true),
        (Method::Head, true),
        (Method::Options, true),
        (Method::Trace, true),
        (Method::Post, false),
        (Method::Put, false),
        (Method::Patch, false),
        (Method::Delete, false),
    ];
    const FREE: &[Price] = &[Price::new(0.0)];
    const PAID: &[Price] = &[Price::new(0.0), Price::new(5.0)];
    for (method, is_safe) in methods {
        for (prices, is_free) in [(&[][..], is_safe), (FREE, true), (PAID, false)] {
            for idempotent in [false, true] {
                let operation = Operation {
                    prices,
                    idempotent,
                    ..operation(method, "/films/")
                };
                let is_repeatable = is_safe || idempotent;
                assert_eq!(operation.is_free(), is_free, "{operation:?}");
                assert_eq!(operation.is_repeatable(), is_repeatable, "{operation:?}");
                let harmless = is_free && is_repeatable;
                assert_eq!(operation.needs_settling(), !harmless, "{operation:?}");
            }
        }
    }
}
