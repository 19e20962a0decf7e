//! Traces. In: calls under a real subscriber. Out: the attributes that OpenTelemetry's
//! conventions for HTTP clients name, and no secret.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber, instrument::WithSubscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::scripted_transport::{JOB, Part, ScriptedTransport, job, paid};

pub(crate) type Fields = BTreeMap<&'static str, String>;

/// Writes down spans with their parents, and events.
#[derive(Clone, Default)]
pub(crate) struct Notes(pub(crate) Arc<Mutex<Vec<(String, Fields)>>>);

struct Visitor<'a>(&'a mut Fields);

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(
            field.name(),
            format!("{value:?}").trim_matches('"').to_owned(),
        );
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Notes {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).expect("a span");
        let mut fields = Fields::new();
        attributes.record(&mut Visitor(&mut fields));
        if let Some(parent) = span.parent() {
            fields.insert("parent", parent.name().to_owned());
        }
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).expect("a span");
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(&mut Visitor(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Visitor(&mut fields));
        self.0
            .lock()
            .expect("no panic")
            .push(("event".to_owned(), fields));
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let span = context.span(&id).expect("a span");
        let fields = span.extensions_mut().remove::<Fields>().unwrap_or_default();
        self.0
            .lock()
            .expect("no panic")
            .push((span.name().to_owned(), fields));
    }
}

/// What is traced of a call.
async fn traced(scripted: &ScriptedTransport) -> Vec<(String, Fields)> {
    let notes = Notes::default();
    let client = scripted.client();
    let id = JOB.parse().expect("an id");
    let call = async { drop(client.lipsyncs().retrieve(id).await) };
    call.with_subscriber(tracing_subscriber::registry().with(notes.clone()))
        .await;
    let notes = notes.0.lock().expect("no panic");
    notes.clone()
}

#[tokio::test(start_paused = true)]
async fn every_attempt_is_a_span_with_the_conventional_attributes() {
    let scripted = ScriptedTransport::new([
        Part::status(503),
        Part::NotSent,
        Part::json(200, job(json!({}))),
    ]);
    let notes = traced(&scripted).await;
    let names: Vec<_> = notes.iter().map(|(name, _)| name.as_str()).collect();
    let attempt = "creatify.attempt";
    assert_eq!(
        names,
        [attempt, "event", attempt, "event", attempt, "creatify.call"]
    );
    let path = format!("/api/lipsyncs/{JOB}/");
    for (name, fields) in &notes {
        if name == attempt {
            let field = |name| fields.get(name).map(String::as_str);
            assert_eq!(field("http.request.method"), Some("GET"));
            assert_eq!(field("url.template"), Some("/api/lipsyncs/{id}/"));
            assert_eq!(field("url.path"), Some(path.as_str()));
            assert_eq!(field("otel.name"), Some("GET /api/lipsyncs/{id}/"));
            assert_eq!(field("otel.kind"), Some("client"));
            assert_eq!(field("server.address"), Some("api.creatify.ai"));
            assert_eq!(field("server.port"), Some("443"));
            assert_eq!(field("parent"), Some("creatify.call"));
        }
    }
    let attempts = notes.iter().filter(|(name, _)| name == attempt);
    let outcome = |name| move |(_, fields): &(String, Fields)| fields.get(name).cloned();
    let some = |text: &str| Some(text.to_owned());
    let column = |name| attempts.clone().map(outcome(name)).collect::<Vec<_>>();
    assert_eq!(
        column("http.request.resend_count"),
        [None, some("1"), some("2")]
    );
    assert_eq!(
        column("http.response.status_code"),
        [some("503"), None, some("200")]
    );
    assert_eq!(column("error.type"), [some("503"), some("connect"), None]);
    assert_eq!(
        column("otel.status_code"),
        [some("ERROR"), some("ERROR"), None]
    );
    assert_eq!(notes[5].1["creatify.operation"], "lipsyncs_retrieve");
}

/// Addresses of files are signed: who reads a trace must not be able to load them.
#[tokio::test(start_paused = true)]
async fn a_download_is_a_span_of_its_own_without_the_address() {
    let scripted = ScriptedTransport::new([Part::status(503), Part::status(404)]);
    let notes = Notes::default();
    let builder = scripted.builder().media_transport(scripted.clone());
    let client = builder.build().expect("a client");
    let download = client.download("https://media.example/secret/a.mp4?signature=secret");
    let download = async { drop(download.bytes().await) };
    download
        .with_subscriber(tracing_subscriber::registry().with(notes.clone()))
        .await;
    let notes = notes.0.lock().expect("no panic").clone();
    let names: Vec<_> = notes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["event", "creatify.download"]);
    let fields = &notes[1].1;
    for (name, value) in [
        ("http.request.method", "GET"),
        ("http.response.status_code", "404"),
        ("server.address", "media.example"),
        ("server.port", "443"),
        ("otel.status_code", "ERROR"),
        ("error.type", "404"),
    ] {
        assert_eq!(fields.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(!format!("{fields:?}").contains("secret"), "{fields:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_secret_is_traced() {
    let echo = Part::json(500, json!({"detail": "you sent key-b1946ac92492"}));
    let scripted = ScriptedTransport::new([echo.clone(), echo]);
    let notes = Notes::default();
    let client = scripted.client();
    let request = paid().name("a name of the caller");
    let call = async {
        drop(client.lipsyncs().create(&request).await);
        drop(client.lipsyncs().list().await);
    };
    call.with_subscriber(tracing_subscriber::registry().with(notes.clone()))
        .await;
    let shown = format!("{:?}", notes.0.lock().expect("no panic"));
    for secret in ["b1946ac92492", "6d0e1f52", "a name of the caller"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("[redacted]"), "{shown}");
}
