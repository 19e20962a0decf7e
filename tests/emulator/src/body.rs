//! Reads request bodies within limits of size, time and memory. In: a body as it arrives. Out: its
//! bytes, or why there are none. Knows no paths.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::response::Reply;

/// The largest body that is read: files in a form.
const MAX_FORM: usize = 32 * MEBIBYTE;
/// The largest body of any other kind. A tree of JSON takes many times the memory of its text.
const MAX_TEXT: usize = 4 * MEBIBYTE;
/// A body up to this size waits for no other.
const SMALL: usize = 64 * 1024;
const MEBIBYTE: usize = 1024 * 1024;

/// What all bodies share.
#[derive(Debug)]
pub(crate) struct Bodies {
    /// Large bodies are in memory one at a time.
    permit: Arc<Semaphore>,
    /// How long a body may take, without the wait for the permit.
    timeout: Duration,
}

/// A body that was read. Dropping it releases the permit, so that memory made from the body counts too.
#[derive(Debug, Default)]
pub(crate) struct BufferedBody {
    pub(crate) bytes: Bytes,
    _permit: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug)]
pub(crate) enum BodyError {
    /// With the most that is read, in bytes.
    TooLarge(usize),
    TooLate(Duration),
    /// It breaks off, or its chunks are malformed.
    Broken(String),
}

impl Bodies {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self {
            permit: Arc::new(Semaphore::new(1)),
            timeout,
        }
    }

    /// The whole body; its headers say how large it may be.
    pub(crate) async fn read(
        &self,
        body: Incoming,
        headers: &HeaderMap,
    ) -> Result<BufferedBody, BodyError> {
        let content_type = headers.get(header::CONTENT_TYPE);
        let content_type = content_type.map_or(&b""[..], |value| value.as_bytes());
        let is_form = content_type
            .get(..10)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/"));
        let mut reader = Reader {
            length: content_length(&body)?,
            body,
            received: 0,
        };
        let most = if is_form { MAX_FORM } else { MAX_TEXT };
        let mut bytes = Vec::new();
        if self
            .in_time(reader.collect(&mut bytes, SMALL.min(most)))
            .await?
        {
            return Ok(BufferedBody::new(bytes, None));
        }
        if reader.length.is_none_or(|length| length <= most) {
            let permit = Arc::clone(&self.permit).acquire_owned().await.ok();
            if self.in_time(reader.collect(&mut bytes, most)).await? {
                return Ok(BufferedBody::new(bytes, permit));
            }
        }
        drop(bytes);
        self.in_time(reader.discard()).await?;
        Err(BodyError::TooLarge(most))
    }

    /// Lets a body arrive and discards it: a client reads its response only when it has sent everything.
    pub(crate) async fn discard(&self, body: Incoming) -> Result<(), BodyError> {
        let mut reader = Reader {
            length: content_length(&body)?,
            body,
            received: 0,
        };
        self.in_time(reader.discard()).await
    }

    async fn in_time<T>(
        &self,
        reading: impl Future<Output = Result<T, BodyError>>,
    ) -> Result<T, BodyError> {
        let read = tokio::time::timeout(self.timeout, reading).await;
        read.unwrap_or(Err(BodyError::TooLate(self.timeout)))
    }
}

impl BufferedBody {
    fn new(bytes: Vec<u8>, permit: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            bytes: bytes.into(),
            _permit: permit,
        }
    }
}

impl BodyError {
    pub(crate) fn reply(&self) -> Reply {
        match self {
            Self::TooLarge(most) => {
                let most = most / MEBIBYTE;
                let detail = format!("The request body is larger than {most} MiB.");
                Reply::detail(413, &detail)
            }
            Self::TooLate(timeout) => Reply::detail(
                408,
                &format!("The request body did not arrive within {timeout:?}."),
            ),
            Self::Broken(reason) => Reply::detail(
                400,
                &format!("The request body cannot be read to its end: {reason}."),
            ),
        }
    }
}

/// A body that is arriving.
struct Reader {
    body: Incoming,
    /// The length that was announced; none for chunks.
    length: Option<usize>,
    received: usize,
}

impl Reader {
    /// Adds to the bytes until the body has ended, or until they are more than `most`, and says which.
    async fn collect(&mut self, bytes: &mut Vec<u8>, most: usize) -> Result<bool, BodyError> {
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

    async fn discard(&mut self) -> Result<(), BodyError> {
        while self.next().await?.is_some() {
            if self.received > MAX_FORM {
                return Err(BodyError::TooLarge(MAX_FORM));
            }
        }
        Ok(())
    }

    /// The next bytes; trailers say nothing to anyone.
    async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        loop {
            let body = &mut self.body;
            let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context));
            match frame.await {
                None => return self.end(),
                Some(Err(error)) => return Err(BodyError::Broken(error.to_string())),
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
    fn end(&self) -> Result<Option<Bytes>, BodyError> {
        match self.length {
            Some(length) if length != self.received => {
                let reason = format!("{} of {length} bytes arrived", self.received);
                Err(BodyError::Broken(reason))
            }
            Some(_) | None => Ok(None),
        }
    }
}

/// The length that the client has announced; none for chunks.
fn content_length(body: &Incoming) -> Result<Option<usize>, BodyError> {
    let length = body.size_hint().exact();
    match length.map(usize::try_from) {
        Some(Ok(length)) if length <= MAX_FORM => Ok(Some(length)),
        Some(_) => Err(BodyError::TooLarge(MAX_FORM)),
        None => Ok(None),
    }
}
