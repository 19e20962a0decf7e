//! Repetitions. In: events that come again. Out: each is new once, for as long as it is remembered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use creatify_api::Uuid;
use creatify_api::webhook::{Deduplicator, Event};
use serde_json::json;

use crate::parse::{JOB, event};

fn numbered(number: u128) -> Event {
    event(&json!({"id": Uuid::from_u128(number).to_string(), "status": "done"}))
}

/// A second mail to the customer for every repetition, else.
#[test]
fn the_same_news_is_new_once() {
    let seen = Deduplicator::new(100);
    let first = event(
        &json!({"id": JOB.to_string(), "status": "done", "output": "a", "extra": {"x": 1, "y": 2}}),
    );
    assert!(seen.is_new(&first));
    assert!(!seen.is_new(&first));
    let turned = format!(
        "{{\"extra\":{{\"y\":2,\"x\":1}}, \"output\":\"a\", \"status\":\"done\", \"id\":\"{JOB}\"}}"
    );
    assert!(
        !seen.is_new(&Event::parse(turned.as_bytes()).expect("an event")),
        "the order does not matter"
    );
}

/// News must not be dropped because it looks like older news.
#[test]
fn whatever_differs_is_new() {
    let seen = Deduplicator::new(100);
    for body in [
        json!({"id": JOB.to_string(), "status": "running", "output": null}),
        json!({"id": JOB.to_string(), "status": "done", "output": null}),
        json!({"id": JOB.to_string(), "status": "done", "output": "a"}),
        json!({"id": JOB.to_string(), "status": "done", "output": "b"}),
        json!({"id": JOB.to_string(), "status": "done", "video_output": "b"}),
        json!({"id": JOB.to_string(), "status": "failed", "failed_reason": "b"}),
        json!({"id": Uuid::nil().to_string(), "status": "failed", "failed_reason": "b"}),
    ] {
        assert!(seen.is_new(&event(&body)), "{body}");
    }
}

#[test]
fn the_oldest_are_forgotten_first() {
    let seen = Deduplicator::new(3);
    assert!((0..4).all(|number| seen.is_new(&numbered(number))));
    assert!(
        (1..4).all(|number| !seen.is_new(&numbered(number))),
        "the last three are remembered"
    );
    assert!(seen.is_new(&numbered(0)), "the first is forgotten");
    let least = Deduplicator::new(0);
    assert!(least.is_new(&numbered(0)) && !least.is_new(&numbered(0)));
    assert!(least.is_new(&numbered(1)) && least.is_new(&numbered(0)));
    // Memory is taken as events come.
    assert!(Deduplicator::new(usize::MAX).is_new(&numbered(0)));
}

/// Handling failed: the repetition is the second chance.
#[test]
fn an_event_can_be_forgotten() {
    let seen = Deduplicator::new(2);
    assert!(seen.is_new(&numbered(0)));
    seen.forget(&numbered(0));
    seen.forget(&numbered(9));
    assert!(seen.is_new(&numbered(0)) && seen.is_new(&numbered(1)));
    assert!(
        !seen.is_new(&numbered(0)),
        "the forgotten one takes no room"
    );
}

/// Two workers that get the same news at the same moment: one of them handles it.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_new() {
    let seen = Arc::new(Deduplicator::new(10_000));
    let count = Arc::new(AtomicUsize::new(0));
    let workers = (0..8).map(|_| {
        let (seen, count) = (Arc::clone(&seen), Arc::clone(&count));
        tokio::spawn(async move {
            for number in 0..1_000 {
                count.fetch_add(
                    usize::from(seen.is_new(&numbered(number))),
                    Ordering::Relaxed,
                );
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.expect("a worker");
    }
    assert_eq!(count.load(Ordering::Relaxed), 1_000);
}
