//! Use without an async runtime. In: a program that never heard of one. Out: the same answers, and
//! a polite refusal where it would hold up others.

use creatify_api::Blocking;
use creatify_api::blocking;
use serde_json::json;

use crate::scripted_transport::{Part, ScriptedTransport, job, paid};

#[test]
fn a_plain_program_calls_like_an_async_one() {
    // By a real connection, whose tasks need a runtime.
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let emulator = runtime
        .block_on(creatify_emulator::Emulator::start(Default::default()))
        .expect("an emulator");
    let client = creatify_api::Client::builder()
        .credentials(creatify_api::Credentials::new("id", "key"))
        .base_url(emulator.base_url())
        .build()
        .expect("a client");
    let made = client
        .lipsyncs()
        .create(&paid().text("Hello"))
        .blocking()
        .expect("a job");
    let found = client
        .lipsyncs()
        .retrieve(made.id)
        .blocking()
        .expect("a job");
    assert_eq!(found.id, made.id);
    // From another thread, by the same client.
    let list = std::thread::scope(|scope| {
        let list = scope.spawn(|| client.lipsyncs().list().blocking());
        list.join().expect("no panic")
    });
    assert_eq!(list.expect("a list").len(), 1);
    let voices = blocking::iter(client.voices().paginated().items()).expect("no runtime here");
    for voice in voices {
        voice.expect("a voice");
    }
}

#[tokio::test]
async fn inside_a_runtime_it_is_an_error_and_nothing_is_sent() {
    let scripted = ScriptedTransport::new([Part::json(201, job(json!({})))]);
    let client = scripted.client();
    let error = client
        .lipsyncs()
        .create(&paid())
        .blocking()
        .expect_err("refused");
    assert!(
        error.is_configuration() && error.to_string().contains(".await"),
        "{error}"
    );
    let voices = client.voices().paginated().items();
    assert!(blocking::iter(voices).is_err_and(|error| error.is_configuration()));
    assert_eq!(scripted.attempts(), 0);
}

/// A reader made in plain code can find its way into a runtime; tokio panics when that is waited for.
#[test]
fn a_reader_that_comes_into_a_runtime_ends() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let scripted = ScriptedTransport::new([Part::json(200, json!({"results": [], "next": null}))]);
    let items = scripted.client().voices().paginated().items();
    let mut voices = blocking::iter(items).expect("no runtime here");
    let _inside = runtime.enter();
    assert!(voices.next().is_none());
    assert_eq!(scripted.attempts(), 0);
}
