//! A media host without a network. In: what to answer to the n-th request. Out: a transport that does, and remembers
//! what it was asked. Knows nothing of downloads.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use creatify_api::StatusCode;
use creatify_api::transport::{Body, BoxFuture, Request, Response, Transport, TransportError};
use creatify_api::{Client, Credentials};
use futures_util::{StreamExt, future, stream};

/// An address with something in its query that must not be printed.
pub(crate) const ADDRESS: &str = "https://media.example.com/videos/a.mp4?signature=very-secret";

/// What becomes of a request.
pub(crate) enum Step {
    Answer(Box<Response>),
    /// No connection.
    Refused,
    /// The connection breaks before there is an answer.
    Broken,
    /// Nothing, for ever.
    Silence,
}

type Script = Box<dyn Fn(usize, &Request) -> Step + Send + Sync>;

/// A host that plays a script.
#[derive(Clone)]
pub(crate) struct Media {
    script: Arc<Script>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Media {
    /// Answers as this says, given the number of the request, from 1, and the request.
    pub(crate) fn new(script: impl Fn(usize, &Request) -> Step + Send + Sync + 'static) -> Self {
        Self {
            script: Arc::new(Box::new(script)),
            requests: Arc::default(),
        }
    }

    /// A client whose downloads go to this host.
    pub(crate) fn client(&self) -> Client {
        Client::builder()
            .credentials(Credentials::new("id-6d0e1f52", "key-b1946ac92492"))
            .media_transport(self.clone())
            .build()
            .expect("a client")
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.lock().clone()
    }

    /// What each request asked for: its `Range`, or nothing for the whole.
    pub(crate) fn ranges(&self) -> Vec<String> {
        let requests = self.requests();
        let ranges = requests.iter().map(|request| header(request, "range"));
        ranges.map(str::to_owned).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Request>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Media {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let number = {
            let mut requests = self.lock();
            requests.push(request.clone());
            requests.len()
        };
        match (self.script)(number, &request) {
            Step::Answer(response) => Box::pin(async { Ok(*response) }),
            Step::Refused => Box::pin(async { Err(TransportError::not_sent("no route")) }),
            Step::Broken => Box::pin(async { Err(TransportError::interrupted("reset")) }),
            Step::Silence => Box::pin(future::pending()),
        }
    }
}

/// A header of a request; empty when there is none.
pub(crate) fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    let value = request.headers.get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

/// An answer with these headers.
pub(crate) fn answer(
    status: u16,
    headers: &[(&'static str, &str)],
    body: impl Into<Body>,
) -> Box<Response> {
    let status = StatusCode::from_u16(status).expect("a status");
    let mut response = Response::new(status, body);
    for (name, value) in headers {
        let value = value.parse().expect("a value");
        response.headers.insert(*name, value);
    }
    Box::new(response)
}

/// How a body ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As it should.
    Well,
    /// The connection breaks.
    Break,
    /// Nothing more comes.
    Stall,
}

/// Bytes, in pieces of this length, and then the end.
pub(crate) fn body(bytes: &Bytes, piece: usize, ending: Ending) -> Body {
    let pieces: Vec<_> = bytes
        .chunks(piece)
        .map(|piece| bytes.slice_ref(piece))
        .collect();
    let pieces = stream::iter(pieces).map(Ok);
    match ending {
        Ending::Well => Body::stream(pieces),
        Ending::Break => {
            let cut = stream::once(async { Err(TransportError::interrupted("reset")) });
            Body::stream(pieces.chain(cut))
        }
        Ending::Stall => Body::stream(pieces.chain(stream::pending())),
    }
}

/// A file whose every byte tells where it belongs.
pub(crate) fn file(length: usize) -> Bytes {
    (0..length).map(|at| (at * 7 + at / 251) as u8).collect()
}

/// A host that knows ranges and tags, and sends at most so many bytes before it ends a body in that way.
pub(crate) fn serve(
    request: &Request,
    file: &Bytes,
    tag: &str,
    (most, ending): (usize, Ending),
) -> Step {
    let range = header(request, "range").strip_prefix("bytes=");
    let start = range.and_then(|range| range.strip_suffix('-'));
    let start: usize = start.map_or(0, |start| start.parse().expect("a number"));
    let current = [tag, ""].contains(&header(request, "if-range"));
    let (status, rest) = match start {
        1.. if current => (206, file.slice(start..)),
        _ => (200, file.clone()),
    };
    let range = format!("bytes {start}-{}/{}", file.len() - 1, file.len());
    let length = rest.len().to_string();
    let mut headers: Vec<(&'static str, &str)> = vec![
        ("content-length", length.as_str()),
        ("content-type", "video/mp4"),
    ];
    if !tag.is_empty() {
        headers.push(("etag", tag));
    }
    if status == 206 {
        headers.push(("content-range", &range));
    }
    let body = match rest.len() <= most {
        true => body(&rest, 1000, Ending::Well),
        false => body(&rest.slice(..most), 1000, ending),
    };
    Step::Answer(answer(status, &headers, body))
}
