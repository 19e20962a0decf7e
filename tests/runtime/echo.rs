//! What is printed of a server that repeats the keys. In: answers that hold both keys in every place, in
//! every way a server may write them. Out: texts of this crate, in none of which eight characters of a key
//! are to be read.

use std::error::Error as _;
use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use creatify_api::jobs::{Settled, UnknownStatus};
use creatify_api::transport::{
    Body, BoxFuture, HeaderMap, HeaderName, HeaderValue, Request, Response, Transport,
    TransportError, Url,
};
use creatify_api::types::Lipsync;
use creatify_api::webhook::Event;
use creatify_api::{
    Client, Credentials, Error, Interceptor, Outcome, RetryPolicy, StatusCode, Uuid,
};
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber;
use tracing_subscriber::layer::SubscriberExt;

use crate::scripted_transport::{JOB, job, paid};
use crate::tracing::Notes;

const ID: &str = "5f1c7b0e-2d94-4c6b-9e83-a7d0f4b81c26";
const KEY: &str = "q8Zt4+Vb1946ac92/492d2347c6235b4d26911184";

/// A key as a server may write it in a text.
fn ways(key: &str) -> Vec<String> {
    let each = |write: &dyn Fn(u8) -> String| key.bytes().map(write).collect::<String>();
    let (start, end) = key.split_at(key.len() / 2);
    vec![
        key.to_owned(),
        key.to_uppercase(),
        key[..30].to_owned(),
        format!("{}{key}", "a".repeat(25)),
        format!("{start}\n{end}"),
        each(&|byte| format!("\\u{byte:04x}")),
        each(&|byte| format!("%{byte:02X}")),
        each(&|byte| format!("&#{byte};")),
        each(&|byte| format!("{byte:02x}")),
        base64(&format!("{ID}:{KEY}")),
    ]
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |bytes: &[u8]| {
        let number = (0..3).fold(0, |number, at| {
            number << 8 | usize::from(bytes.get(at).copied().unwrap_or(0))
        });
        let digits = (0..=bytes.len()).map(move |at| DIGITS[number >> (18 - 6 * at) & 63]);
        digits.map(char::from).collect::<String>()
    };
    text.as_bytes().chunks(3).map(group).collect()
}

/// Everything that was printed.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<String>>>);

impl Printed {
    fn add(&self, text: String) {
        self.0.lock().expect("no panic").push(text);
    }

    fn debug(&self, value: &dyn Debug) {
        self.add(format!("{value:?}"));
        self.add(format!("{value:#?}"));
    }

    fn text(&self, value: &dyn Display) {
        self.add(value.to_string());
    }

    /// An error, with all that it says when it is asked, and what is below it.
    fn error(&self, error: &Error) {
        self.text(error);
        self.debug(error);
        let texts = [error.failed_reason(), error.location(), error.job_id()];
        texts.iter().flatten().for_each(|text| self.text(text));
        for error in error.field_errors() {
            self.text(&error);
            self.text(&format!("{}{}", error.path(), error.message()));
            self.debug(&error);
        }
        if let Some(error) = error.decode_error() {
            self.text(&format!("{error} {} {}", error.path(), error.message()));
            self.debug(error);
        }
        if let Some(Err(error)) = error.job::<Lipsync>() {
            self.text(&error);
            self.debug(&error);
        }
        let mut source = error.source();
        while let Some(error) = source {
            self.text(&error);
            self.debug(&error);
            source = error.source();
        }
    }

    /// That nothing was printed which shows a key, or the way in which it was written.
    fn assert_shows_none_of(&self, ways: &[String]) {
        let printed = self.0.lock().expect("no panic");
        for way in ways.iter().map(String::as_str).chain([ID, KEY]) {
            let length = if way.contains(ID) || way == ID || way == KEY {
                8
            } else {
                24
            };
            let way = way.trim_start_matches('a').to_lowercase();
            let parts: Vec<&str> = (0..=way.len().saturating_sub(length))
                .filter_map(|at| way.get(at..at + length))
                .collect();
            for text in printed.iter() {
                let lower = text.to_lowercase();
                let shown = parts.iter().find(|part| lower.contains(**part));
                assert_eq!(shown, None, "of {way} in:\n{text}");
            }
        }
        assert!(printed.iter().any(|text| text.contains("[redacted]")));
    }
}

impl Interceptor for Printed {
    fn after(&self, outcome: &Outcome<'_>) {
        self.debug(outcome);
    }
}

/// Answers every request in the same way, but for the paid ones, which it leaves in doubt.
#[derive(Clone)]
struct Server {
    status: u16,
    headers: HeaderMap,
    body: String,
    url: Option<Url>,
    printed: Printed,
}

impl Transport for Server {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.printed.add(format!("{request:?}"));
        let (status, body) = match request.method.as_str() {
            "POST" => (500, "{}".to_owned()),
            _ => (self.status, self.body.clone()),
        };
        // In pieces, so that no key comes whole.
        let pieces: Vec<_> = body
            .as_bytes()
            .chunks(7)
            .map(|piece| Ok(piece.to_vec().into()))
            .collect();
        let body = Body::stream(futures_util::stream::iter(pieces));
        let mut response = Response::new(StatusCode::from_u16(status).expect("a status"), body);
        response.headers = self.headers.clone();
        response.url = self.url.clone();
        self.printed.add(format!("{response:?}"));
        Box::pin(async { Ok(response) })
    }
}

/// A server that repeats a text in its headers and in this body.
fn server(echo: &str, (status, body): (u16, Value), printed: &Printed) -> Server {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(echo) {
        for name in [
            "location",
            "content-type",
            "content-encoding",
            "etag",
            "retry-after",
            "x-request-id",
        ] {
            headers.insert(name, value.clone());
        }
    }
    // Names are in lower case, in which Base64 says nothing.
    if let Ok(name) = HeaderName::try_from(format!("x-{ID}-{}", KEY.replace('/', ""))) {
        headers.insert(name, HeaderValue::from_static("1"));
    }
    Server {
        status,
        headers,
        body: body.to_string(),
        url: None,
        printed: printed.clone(),
    }
}

fn client(server: &Server) -> Client {
    Client::builder()
        .credentials(Credentials::new(ID, KEY))
        .retry(RetryPolicy::off())
        .interceptor(server.printed.clone())
        .media_transport(server.clone())
        .transport(server.clone())
        .build()
        .expect("a client")
}

/// What a server may answer that repeats a text.
fn bodies(echo: &str) -> Vec<(u16, Value)> {
    let named = |name: &str, value: Value| json!({ name: value });
    let deep = json!({"video_inputs": [{}, {"voice": {echo: [echo, {echo: echo}]}}]});
    let mut bodies = vec![
        (
            400,
            json!({"detail": echo, "name": [echo], "non_field_errors": [echo]}),
        ),
        (400, deep.clone()),
        (404, named(echo, json!([echo]))),
        (404, json!(echo)),
        (500, json!([echo, deep])),
        (301, json!({"detail": echo})),
        (200, json!(echo)),
        (200, json!([echo])),
        (200, json!([job(json!({"id": echo}))])),
        (200, named(echo, json!({"status": echo}))),
        (200, json!({"variables": {echo: 5}})),
        (
            200,
            json!({"count": 1, "next": null, "results": [{"name": "a", "accents": echo}, echo]}),
        ),
    ];
    for changes in [
        json!({"name": echo, "text": echo, "failed_reason": echo, "output": echo}),
        json!({"created_at": echo, "status": "done", "output": "https://media.example/a"}),
        json!({"duration": echo, "status": "failed", "failed_reason": echo}),
        json!({"status": "failed", "failed_reason": echo}),
        json!({"status": echo}),
        json!({"status": "done", "duration": {echo: echo}, "credits_used": echo, "id": echo}),
    ] {
        bodies.push((200, job(changes.clone())));
        bodies.push((200, json!([job(changes)])));
    }
    bodies
}

/// Asks in every way there is, and prints whatever comes of it.
async fn ask(client: &Client, printed: &Printed) {
    let id: Uuid = JOB.parse().expect("an id");
    let lipsyncs = client.lipsyncs();
    macro_rules! print {
        ($outcome:expr) => {
            match $outcome {
                Ok(value) => printed.debug(&value),
                Err(error) => printed.error(&error),
            }
        };
    }
    print!(lipsyncs.retrieve(id).send().await);
    print!(lipsyncs.list().send().await);
    print!(client.custom_templates().retrieve(id).send().await);
    let mut items = client.voices().paginated().items();
    while let Some(item) = items.next().await {
        if let Err(error) = item {
            printed.error(&error);
        }
    }
    for policy in [
        UnknownStatus::Fail,
        UnknownStatus::KeepWaiting(Duration::MAX),
    ] {
        let time = Duration::from_secs(20);
        let wait = || {
            lipsyncs
                .wait(id)
                .unknown_status(policy)
                .timeout(time)
                .tolerate(1)
        };
        if let Err(error) = wait().await {
            printed.error(&error);
        }
        let mut updates = wait().updates();
        while let Some(update) = updates.next().await {
            print!(update);
        }
        let all = lipsyncs
            .wait_all([id])
            .unknown_status(policy)
            .timeout(time)
            .tolerate(1);
        for outcome in all.await.into_values() {
            if let Err(error) = outcome {
                printed.error(&error);
            }
        }
    }
    let lost = lipsyncs.create(&paid()).await.expect_err("in doubt");
    print!(lipsyncs.settle(&lost).matching(|_| true).await);
    let calls = [((), &lost)];
    for settled in lipsyncs.settle_all(calls).by(|_| Some(())).await {
        print!(settled);
    }
    let lost = lipsyncs.render(id).await.expect_err("in doubt");
    let settled: Result<Settled<Lipsync>, Error> = lipsyncs.settle(&lost).await;
    print!(settled);
    let event = json!({"id": JOB, "status": "done", "output": ""}).to_string();
    let event = Event::parse(event.as_bytes()).expect("an event");
    match event.confirm(client).await {
        Ok(job) => {
            printed.debug(&job);
            printed.text(&format!("{} {:?}", job.status(), job.failed_reason()));
            if let Err(error) = job.job::<Lipsync>() {
                printed.text(&error);
            }
        }
        Err(error) => printed.error(&error),
    }
    let mut file = Vec::new();
    print!(
        client
            .download("https://media.example/a.mp4")
            .to_writer(&mut file)
            .await
    );
}

#[tokio::test(start_paused = true)]
async fn no_text_shows_a_key_that_the_server_repeats() {
    let ways = ways(ID).into_iter().chain(ways(KEY));
    // Plainly in every place, and in every other way in some of them.
    let echoes = [format!("{ID} {KEY}")].into_iter().chain(ways);
    for (number, echo) in echoes.enumerate() {
        let (printed, notes) = (Printed::default(), Notes::default());
        let subscriber = tracing_subscriber::registry().with(notes.clone());
        let bodies = bodies(&echo).into_iter().enumerate();
        let bodies = bodies.filter(|(place, _)| number == 0 || (place + number) % 7 == 0);
        let asking = async {
            for (_, body) in bodies {
                let server = server(&echo, body, &printed);
                ask(&client(&server), &printed).await;
            }
        };
        asking.with_subscriber(subscriber).await;
        printed.add(format!("{:?}", notes.0.lock().expect("no panic")));
        printed.assert_shows_none_of(&[echo]);
    }
}

/// Bodies that are no JSON, or JSON in other characters than were meant, and answers from elsewhere.
#[tokio::test(start_paused = true)]
async fn neither_does_what_is_no_json_or_from_elsewhere() {
    let escaped: String = KEY.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    for body in [
        format!("<html>\n<p>{ID}:{KEY}</p></html>"),
        format!("{{\"id\": \"{escaped}\", \"detail\": \"{escaped}\", \"{escaped}\": 5}}"),
        format!("{{\"detail\": \"{}{KEY}\"}}", "ä ".repeat(90)),
    ] {
        for status in [200, 400] {
            let printed = Printed::default();
            let mut server = server(KEY, (status, Value::Null), &printed);
            server.body = body.clone();
            ask(&client(&server), &printed).await;
            server.url = Url::parse(&format!("https://elsewhere.example/{ID}/?key={KEY}")).ok();
            ask(&client(&server), &printed).await;
            for address in [
                format!(
                    "https://{ID}.example/{KEY}/{}.mp4",
                    escaped.replace('\\', "%5C")
                ),
                format!("https://media.example/{}{KEY}", "a".repeat(180)),
                format!("https://user:{KEY}@media.example/"),
            ] {
                match client(&server).download(address).bytes().await {
                    Ok(bytes) => assert_eq!(bytes, body),
                    Err(error) => printed.error(&error),
                }
            }
            printed.assert_shows_none_of(std::slice::from_ref(&escaped));
        }
    }
}

#[tokio::test]
async fn neither_does_a_webhook() {
    let printed = Printed::default();
    let server = server(KEY, (200, json!({})), &printed);
    let _client = client(&server);
    for way in ways(KEY) {
        let bodies = [
            json!({"id": JOB, "status": way, "failed_reason": way}),
            json!({"id": way, "status": "done"}),
            json!(way),
        ];
        let texts = bodies.iter().map(Value::to_string);
        for text in texts.chain([
            way.clone(),
            format!("{{\"{way}\": 1, \"{way}\": 2}}"),
            format!("{{'{way}'}}"),
        ]) {
            match Event::parse(text.as_bytes()) {
                Ok(event) => printed.debug(&event),
                Err(error) => printed.error(&error),
            }
        }
        printed.assert_shows_none_of(&[way]);
    }
}

/// A terminal that shows a log obeys nobody.
#[tokio::test(start_paused = true)]
async fn nothing_that_a_server_sends_controls_a_terminal() {
    let evil = "a\u{1b}[31mb\r\nc\u{202e}d\u{7}e\u{9b}f\u{2028}g\u{200b}h";
    let printed = Printed::default();
    for body in bodies(evil) {
        ask(&client(&server(evil, body, &printed)), &printed).await;
    }
    let printed = printed.0.lock().expect("no panic");
    for text in printed.iter() {
        // Only what is laid out over several lines has line breaks of its own.
        let unsafe_character = text.chars().find(|character| {
            character.is_control() && *character != '\n'
                || matches!(character, '\u{202e}' | '\u{2028}' | '\u{200b}')
        });
        assert_eq!(unsafe_character, None, "{text:?}");
    }
    assert!(
        printed
            .iter()
            .any(|text| text.contains("\\u{1b}[31mb\\r\\nc\\u{202e}"))
    );
}
