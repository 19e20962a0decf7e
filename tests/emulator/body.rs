//! Reads request bodies within limits of size, time and memory. In: a body as it arrives. Out: its
//! bytes, or why there are none. Knows no paths.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::answer::Reply;

/// The largest body that is read: files in a form.
const LARGEST: usize = 32 * MEBIBYTE;
/// The largest body of any other kind. A tree of JSON takes many times the memory of its text.
const LARGEST_TEXT: usize = 4 * MEBIBYTE;
/// A body up to this size waits for no other.
const SMALL: usize = 64 * 1024;
const MEBIBYTE: usize = 1024 * 1024;

/// What all bodies share.
#[derive(Debug)]
pub(crate) struct Bodies {
    /// Large bodies are in memory one at a time.
    turn: Arc<Semaphore>,
    /// How long a body may take, waiting for its turn left aside.
    time: Duration,
}

/// A body that was read. The turn is over when it is dropped, so that what is made of it counts.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) bytes: Vec<u8>,
    turn: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// With the most that is read, in bytes.
    TooLarge(usize),
    TooLate(Duration),
    /// It breaks off, or its chunks are malformed.
    Broken(String),
}

impl Bodies {
    pub(crate) fn new(time: Duration) -> Self {
        Self {
            turn: Arc::new(Semaphore::new(1)),
            time,
        }
    }

    /// The whole body; its headers say how large it may be.
    pub(crate) async fn read(&self, body: Incoming, headers: &HeaderMap) -> Result<Held, Unread> {
        let content_type = headers.get(header::CONTENT_TYPE);
        let content_type = content_type.map_or(&b""[..], |value| value.as_bytes());
        let is_form = content_type
            .get(..10)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"));
        let mut reader = Reader {
            length: announced(&body)?,
            body,
            received: 0,
        };
        let most = if is_form { LARGEST } else { LARGEST_TEXT };
        let mut held = Held::default();
        let small = reader.collect(&mut held.bytes, SMALL.min(most));
        if self.in_time(small).await? {
            return Ok(held);
        }
        if reader.length.is_none_or(|length| length <= most) {
            held.turn = Arc::clone(&self.turn).acquire_owned().await.ok();
            if self.in_time(reader.collect(&mut held.bytes, most)).await? {
                return Ok(held);
            }
        }
        drop(held);
        self.in_time(reader.forget()).await?;
        Err(Unread::TooLarge(most))
    }

    /// Lets a body arrive and forgets it: a client reads its answer only when it has sent everything.
    pub(crate) async fn discard(&self, body: Incoming) -> Result<(), Unread> {
        let mut reader = Reader {
            length: announced(&body)?,
            body,
            received: 0,
        };
        self.in_time(reader.forget()).await
    }

    async fn in_time<T>(
        &self,
        reading: impl Future<Output = Result<T, Unread>>,
    ) -> Result<T, Unread> {
        let read = tokio::time::timeout(self.time, reading).await;
        read.unwrap_or(Err(Unread::TooLate(self.time)))
    }
}

impl Unread {
    pub(crate) fn reply(&self) -> Reply {
        match self {
            Self::TooLarge(most) => {
                let most = most / MEBIBYTE;
                let detail = format!("The request body is larger than {most} MiB.");
                Reply::detail(413, &detail)
            }
            Self::TooLate(time) => Reply::detail(
                408,
                &format!("The request body did not arrive within {time:?}."),
            ),
            Self::Broken(reason) => Reply::detail(
                400,
                &format!("The request body cannot be read to its end: {reason}."),
            ),
        }
    }
}

/// A body on its way.
struct Reader {
    body: Incoming,
    /// The length that was announced; none for chunks.
    length: Option<usize>,
    received: usize,
}

impl Reader {
    /// Adds to the bytes until the body has ended, or until they are more than `most`, and says which.
    async fn collect(&mut self, bytes: &mut Vec<u8>, most: usize) -> Result<bool, Unread> {
        if let Some(length) = self.length.filter(|length| *length <= most) {
            bytes.reserve_exact(length - bytes.len());
        }
        while bytes.len() <= most {
            match self.next().await? {
                Some(data) => bytes.extend_from_slice(&data),
                None => return Ok(true),
            }
        }
        Ok(false)
    }

    async fn forget(&mut self) -> Result<(), Unread> {
        while self.next().await?.is_some() {
            if self.received > LARGEST {
                return Err(Unread::TooLarge(LARGEST));
            }
        }
        Ok(())
    }

    /// The next bytes; trailers say nothing to anyone.
    async fn next(&mut self) -> Result<Option<Bytes>, Unread> {
        loop {
            let body = &mut self.body;
            let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context));
            match frame.await {
                None => return self.end(),
                Some(Err(error)) => return Err(Unread::Broken(error.to_string())),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.received += data.len();
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    /// A connection that is dropped can end a body early without an error.
    fn end(&self) -> Result<Option<Bytes>, Unread> {
        match self.length {
            Some(length) if length != self.received => {
                let reason = format!("{} of {length} bytes arrived", self.received);
                Err(Unread::Broken(reason))
            }
            Some(_) | None => Ok(None),
        }
    }
}

/// The length that the client has announced; none for chunks.
fn announced(body: &Incoming) -> Result<Option<usize>, Unread> {
    let length = body.size_hint().exact();
    match length.map(usize::try_from) {
        Some(Ok(length)) if length <= LARGEST => Ok(Some(length)),
        Some(_) => Err(Unread::TooLarge(LARGEST)),
        None => Ok(None),
    }
}
