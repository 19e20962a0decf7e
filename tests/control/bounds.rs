//! Absurd orders. In: clocks and faults that make no sense. Out: 400 and a sentence; time passes, and
//! jobs are made and finish, after all of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault, Options, Speed};
use serde_json::Value;

use crate::raw::{order, send, start};

const BODY: &str = r#"{"text": "Hello", "aspect_ratio": "9x16"}"#;

async fn create(emulator: &Emulator) -> u16 {
    let headers = [
        "X-API-ID: bounds",
        "X-API-KEY: any",
        "Content-Type: application/json",
    ];
    send(emulator, "POST /api/lipsyncs/", &headers, BODY)
        .await
        .status
}

async fn now(emulator: &Emulator) -> String {
    let state = order(emulator, "GET /_emulator/state", "").await;
    let state: Value = serde_json::from_str(&state.body).expect("JSON");
    state["clock"]["now"].as_str().expect("a time").to_owned()
}

#[tokio::test]
async fn no_order_breaks_the_clock() {
    let emulator = start(Options::default().strict().speed(Speed::Stepped)).await;
    for body in [
        r#"{"speed": 1e308}"#,
        r#"{"speed": 1e999}"#,
        r#"{"speed": NaN}"#,
        r#"{"speed": Infinity}"#,
        r#"{"speed": -1}"#,
        r#"{"speed": 10001}"#,
        r#"{"speed": "1"}"#,
        r#"{"speed": null}"#,
        r#"{"advance": 1e18}"#,
        r#"{"advance": 3e11}"#,
        r#"{"advance": 1e308}"#,
        r#"{"advance": -1}"#,
        r#"{"advance": 1e999}"#,
        r#"{"advance": true}"#,
        r#"{"stepped": false}"#,
        r#"{"stepped": 1}"#,
        r#"{"advance": 1, "speed": 1}"#,
        r#"{"speeed": 1}"#,
        "{}",
        "[]",
        "1",
        "",
        "\u{0}",
    ] {
        let response = order(&emulator, "POST /_emulator/clock", body).await;
        assert_eq!(response.status, 400, "{body}: {}", response.body);
        assert!(response.detail().contains(' '), "{body}: {}", response.body);
        let before = now(&emulator).await;
        let response = order(&emulator, "POST /_emulator/clock", r#"{"advance": 60}"#).await;
        assert_eq!(response.status, 200, "{body}: {}", response.body);
        assert!(now(&emulator).await > before, "{body}");
        assert_eq!(create(&emulator).await, 201, "{body}");
    }
    // Many steps that add up.
    let mut refused = 0;
    for _ in 0..20 {
        let response = order(&emulator, "POST /_emulator/clock", r#"{"advance": 1e10}"#).await;
        refused += usize::from(response.status == 400);
        assert_eq!(create(&emulator).await, 201, "{}", response.body);
    }
    assert!((10..20).contains(&refused), "{refused}");
    let before = now(&emulator).await;
    let response = order(&emulator, "POST /_emulator/clock", r#"{"speed": 10000}"#).await;
    assert_eq!(response.status, 200, "{}", response.body);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(now(&emulator).await > before);
    assert_eq!(create(&emulator).await, 201);
    assert_eq!(
        order(&emulator, "POST /_emulator/reset", "").await.status,
        204
    );
    assert!(
        now(&emulator).await.starts_with("20"),
        "{}",
        now(&emulator).await
    );
}

#[tokio::test]
async fn faults_that_make_no_sense_are_refused_with_words() {
    let emulator = start(Options::default().strict()).await;
    for fault in [
        r#"{"kind": "status", "status": 99}"#,
        r#"{"kind": "status", "status": 100}"#,
        r#"{"kind": "status", "status": 1000}"#,
        r#"{"kind": "status", "status": 0}"#,
        r#"{"kind": "status", "status": -1}"#,
        r#"{"kind": "status", "status": 500, "procesed": true}"#,
        r#"{"kind": "html", "status": 99}"#,
        r#"{"kind": "html", "status": 65535}"#,
        r#"{"kind": "redirect", "location": "/", "status": 200}"#,
        r#"{"kind": "redirect", "location": "/", "status": 304}"#,
        r#"{"kind": "redirect", "location": "/", "status": 400}"#,
        r#"{"kind": "redirect", "location": "a\r\nSet-Cookie: b=c"}"#,
        r#"{"kind": "redirect", "location": "a\nb"}"#,
        r#"{"kind": "redirect", "location": "a\u0000b"}"#,
        r#"{"kind": "redirect", "location": "a b"}"#,
        r#"{"kind": "redirect", "location": "/ä"}"#,
        r#"{"kind": "redirect", "location": ""}"#,
        r#"{"kind": "delay", "milliseconds": 18446744073709551615}"#,
        r#"{"kind": "delay", "milliseconds": 3600001}"#,
        r#"{"kind": "delay", "milliseconds": -1}"#,
        r#"{"kind": "delay_before", "milliseconds": 18446744073709551615}"#,
        r#"{"kind": "explode"}"#,
        r#"{}"#,
    ] {
        refused(
            &emulator,
            &format!(r#"{{"operation": "*", "fault": {fault}}}"#),
        )
        .await;
    }
    for when in [
        r#""nth": 0"#,
        r#""nth": -1"#,
        r#""rate": -0.1"#,
        r#""rate": 1.1"#,
        r#""rate": 1e308"#,
        r#""nth": 1, "rate": 0.5"#,
        r#""seed": 1"#,
        r#""often": 1"#,
    ] {
        refused(
            &emulator,
            &format!(r#"{{"operation": "*", {when}, "fault": {{"kind": "truncate"}}}}"#),
        )
        .await;
    }
    for operation in ["", "lipsync_create", "**", "MEDIA"] {
        refused(
            &emulator,
            &format!(r#"{{"operation": "{operation}", "fault": {{"kind": "truncate"}}}}"#),
        )
        .await;
    }
    assert_eq!(
        order(&emulator, "GET /_emulator/faults", "").await.body,
        "[]"
    );
    let whole = r#"{"operation": "lipsyncs_create", "rate": 1, "seed": 2, "fault": {"kind": "redirect", "location": "/a?b=%20", "status": 308}}"#;
    assert_eq!(
        order(&emulator, "POST /_emulator/faults", whole)
            .await
            .status,
        201
    );
    assert_eq!(create(&emulator).await, 308);
}

async fn refused(emulator: &Emulator, body: &str) {
    let response = order(emulator, "POST /_emulator/faults", body).await;
    assert_eq!(response.status, 400, "{body}: {}", response.body);
    assert!(response.detail().contains(' '), "{body}: {}", response.body);
}

#[tokio::test]
async fn a_test_that_orders_nonsense_is_told_where_it_does() {
    let emulator = start(Options::default().strict()).await;
    let fault = |operation: &str, when, kind| {
        let operation = operation.to_owned();
        let fault = Fault::new(operation, when, kind);
        catch_unwind(AssertUnwindSafe(|| emulator.state().fault(fault))).is_err()
    };
    let kind = || Kind::Status {
        status: 99,
        retry_after: None,
        processed: true,
    };
    assert!(fault("*", When::Always, kind()));
    assert!(fault("*", When::Nth(0), Kind::Truncate));
    assert!(fault(
        "*",
        When::Rate {
            rate: f64::NAN,
            seed: 1
        },
        Kind::Truncate
    ));
    assert!(fault("lipsync_create", When::Always, Kind::Truncate));
    assert!(!fault("lipsyncs_create", When::Nth(9), Kind::Truncate));
    let speed =
        |speed: f64| catch_unwind(AssertUnwindSafe(|| emulator.state().set_speed(speed))).is_err();
    assert!(speed(f64::NAN) && speed(-1.0) && speed(1e308) && !speed(1.0));
    let advance = |by| catch_unwind(AssertUnwindSafe(|| emulator.state().advance(by))).is_err();
    assert!(advance(Duration::MAX) && !advance(Duration::from_secs(1)));
    let balance = |credits| {
        let set = || emulator.state().set_balance("poor", credits);
        catch_unwind(AssertUnwindSafe(set)).is_err()
    };
    assert!(balance(f64::NAN) && balance(-0.001) && balance(1e13) && !balance(0.5));
    assert_eq!(emulator.state().balance("poor"), 0.5);
    assert_eq!(create(&emulator).await, 201);
}
