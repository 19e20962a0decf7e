//! Lists in pages. In: pages as the service gives them. Out: every item once, and one request per
//! page.

use creatify_api::Error;
use creatify_api::types::Voice;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::scripted_transport::{Part, ScriptedTransport};

fn page(names: &[&str], next: Option<&str>) -> Part {
    let results: Vec<Value> = names
        .iter()
        .map(|name| json!({"name": name, "accents": []}))
        .collect();
    Part::json(
        200,
        json!({"count": 9, "next": next, "previous": null, "results": results}),
    )
}

/// The queries that were sent, and what came of the items.
async fn read(parts: Vec<Part>) -> (Vec<String>, Vec<Result<Voice, Error>>) {
    let scripted = ScriptedTransport::new(parts);
    let items = scripted.client().voices().paginated().page_size(2).items();
    let items = items.collect().await;
    let queries = scripted.requests();
    let queries = queries
        .iter()
        .map(|request| request.url.query().unwrap_or_default().to_owned());
    (queries.collect(), items)
}

#[tokio::test]
async fn every_page_is_asked_for_once_until_the_service_says_that_it_was_the_last() {
    let (queries, items) = read(vec![
        page(&["a", "b"], Some("https://anything.example/?page=2")),
        page(&["c", "d"], Some("")),
        page(&["e"], None),
    ])
    .await;
    assert_eq!(
        queries,
        [
            "page=1&page_size=2",
            "page=2&page_size=2",
            "page=3&page_size=2"
        ]
    );
    assert_eq!(items.len(), 5);
}

#[tokio::test]
async fn a_service_that_always_names_a_next_page_does_not_hold_us_for_ever() {
    let again = Some("https://anything.example/");
    let (queries, items) = read(vec![page(&["a", "b"], again), page(&[], again)]).await;
    assert_eq!((queries.len(), items.len()), (2, 2));
}

#[tokio::test]
async fn one_bad_item_is_one_error_and_a_bad_page_ends_the_stream() {
    let bad = json!({"next": "more", "results": [5, {"name": "b", "accents": []}]});
    let (queries, items) = read(vec![Part::json(200, bad), Part::status(400)]).await;
    let outcomes: Vec<_> = items.iter().map(Result::is_ok).collect();
    assert_eq!((queries.len(), outcomes), (2, vec![false, true, false]));
    assert!(items[0].as_ref().expect_err("no object").is_decode());
    assert!(items[2].as_ref().expect_err("refused").is_status());
    let (_, items) = read(vec![Part::json(200, json!({"results": "none"}))]).await;
    assert!(items[0].as_ref().expect_err("no list").is_decode());
}

#[tokio::test]
async fn it_begins_where_the_caller_says() {
    let scripted = ScriptedTransport::new([page(&["a"], None)]);
    let client = scripted.client();
    let mut items = client.voices().paginated().page(7).items();
    assert_eq!(
        scripted.attempts(),
        0,
        "nothing is requested before it is read"
    );
    while items.next().await.is_some() {}
    assert!(items.next().await.is_none(), "the end is no panic");
    assert_eq!(scripted.requests()[0].url.query(), Some("page=7"));
}
