//! What errors say. In: refusals in every shape that the service uses. Out: which question is
//! answered with yes, what is said of which field, and nothing that is secret.

use std::error::Error as _;

use creatify_api::Error;
use serde_json::{Value, json};

use crate::scripted_transport::{Part, ScriptedTransport, paid};

async fn refused(part: Part) -> Error {
    let outcome = ScriptedTransport::new([part])
        .client()
        .lipsyncs()
        .create(&paid())
        .await;
    outcome.expect_err("a refusal")
}

#[test]
fn an_error_is_small() {
    assert!(size_of::<Error>() <= 2 * size_of::<usize>());
}

type Question = (&'static str, fn(&Error) -> bool);

/// The names of the questions that are answered with yes.
fn yes(error: &Error) -> Vec<&'static str> {
    let questions: [Question; 14] = [
        ("ambiguous", Error::is_ambiguous),
        ("authentication", Error::is_authentication),
        ("configuration", Error::is_configuration),
        ("connect", Error::is_connect),
        ("decode", Error::is_decode),
        ("not found", Error::is_not_found),
        ("out of credits", Error::is_out_of_credits),
        ("rate limited", Error::is_rate_limited),
        ("redirect", Error::is_redirect),
        ("server", Error::is_server),
        ("spend limit", Error::is_spend_limit),
        ("status", Error::is_status),
        ("timeout", Error::is_timeout),
        ("validation", Error::is_validation),
    ];
    let answered = questions.iter().filter(|(_, question)| question(error));
    answered.map(|(name, _)| *name).collect()
}

#[tokio::test(start_paused = true)]
async fn each_failure_answers_its_questions_and_no_others() {
    let credits = json!({"detail": "Insufficient credits: this call costs 5, 0 are left."});
    let moved = vec![("location", "https://elsewhere.example/".to_owned())];
    let table: Vec<(Part, &[&str])> = vec![
        (Part::status(400), &["status"]),
        (Part::status(401), &["authentication", "status"]),
        (Part::status(403), &["authentication", "status"]),
        (
            Part::json(400, credits.clone()),
            &["out of credits", "status"],
        ),
        (Part::json(403, credits), &["out of credits", "status"]),
        (Part::status(402), &["out of credits", "status"]),
        (Part::status(404), &["not found", "status"]),
        (Part::status(429), &["rate limited", "status"]),
        (Part::status(500), &["ambiguous", "server", "status"]),
        (
            Part::Answer(307, moved, String::new()),
            &["redirect", "status"],
        ),
        (Part::status(304), &["ambiguous", "redirect", "status"]),
        (Part::NotSent, &["connect"]),
        (Part::Interrupted, &["ambiguous"]),
        (Part::Silence, &["ambiguous", "timeout"]),
        (Part::json(201, json!([])), &["ambiguous", "decode"]),
    ];
    for (part, expected) in table {
        let error = refused(part.clone()).await;
        assert_eq!(yes(&error), expected, "{part:?}");
    }
}

#[tokio::test]
async fn field_errors_of_every_shape() {
    let table: &[(Value, &[(&str, &str)])] = &[
        (
            json!(["Failed to scrape url: "]),
            &[("", "Failed to scrape url: ")],
        ),
        (json!({"detail": "Not found."}), &[("", "Not found.")]),
        (
            json!({"name": ["Too long."], "non_field_errors": ["Text or audio."]}),
            &[("name", "Too long."), ("", "Text or audio.")],
        ),
        (
            json!({"video_inputs": [{}, {"voice": {"input_text": ["Too long."]}}]}),
            &[("video_inputs[1].voice.input_text", "Too long.")],
        ),
    ];
    for (body, expected) in table {
        let error = refused(Part::json(400, body.clone())).await;
        let found = error.field_errors();
        let found: Vec<_> = found
            .iter()
            .map(|field| (field.path(), field.message()))
            .collect();
        assert_eq!(found, *expected, "{body}");
    }
    let html = refused(Part::Answer(502, Vec::new(), "<html>".to_owned())).await;
    assert!(html.field_errors().is_empty());
    assert_eq!(html.body(), Some(b"<html>".as_slice()));
}

#[tokio::test]
async fn chains_of_causes_are_complete() {
    let error = refused(Part::Interrupted).await;
    let mut chain = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push(cause.to_string());
        source = cause.source();
    }
    let [first, root] = &chain[..] else {
        panic!("{chain:?}");
    };
    assert!(
        first.starts_with("lipsyncs_create: the connection failed: reset"),
        "{first}"
    );
    assert_eq!(root, "reset");
}

/// Who prints an error for debugging reads the message first, on one line in a log, and over several when asked to.
#[tokio::test]
async fn debug_output_begins_with_the_message() {
    for part in [
        Part::status(400),
        Part::status(500),
        Part::NotSent,
        Part::Interrupted,
        Part::json(201, json!({"id": 5})),
    ] {
        let error = refused(part).await;
        let (message, line, lines) = (
            error.to_string(),
            format!("{error:?}"),
            format!("{error:#?}"),
        );
        assert!(line.starts_with(&format!("{message} {{ kind: ")), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(
            lines.starts_with(&format!("{message} {{\n    kind: ")),
            "{lines}"
        );
        assert_eq!(
            line.contains("ambiguous: true"),
            error.is_ambiguous(),
            "{line}"
        );
        let status = error
            .status()
            .map(|status| format!("status: {}", status.as_u16()));
        assert!(status.is_none_or(|status| line.contains(&status)), "{line}");
    }
}

/// What the server repeats of the keys is not repeated by the error, in any of its forms.
#[tokio::test]
async fn a_server_that_repeats_the_keys_reveals_nothing() {
    let echo = "key-b1946ac92492 id-6d0e1f52";
    let location = vec![(
        "location",
        "https://x.example/?key=key-b1946ac92492".to_owned(),
    )];
    for part in [
        Part::json(400, json!({"detail": echo})),
        Part::json(500, json!({"detail": echo})),
        Part::json(201, json!({"id": 5, "status": echo, echo: 1})),
        Part::Answer(201, Vec::new(), echo.to_owned()),
        Part::Answer(302, location, String::new()),
        Part::Cut(201, echo.to_owned()),
    ] {
        let error = refused(part.clone()).await;
        let mut shown = format!("{error} {error:?} {error:#?}");
        let mut source = error.source();
        while let Some(cause) = source {
            shown.push_str(&format!("{cause} {cause:?}"));
            source = cause.source();
        }
        assert!(
            !shown.contains("b1946ac92492") && !shown.contains("6d0e1f52"),
            "{shown}"
        );
    }
}
