//! Attempts of a download. In: an address and a sink. Out: the whole file in the sink, over as many
//! attempts as the retry policy allows. Writes no file.

use std::mem;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, IF_RANGE, RANGE, USER_AGENT,
};

use super::head::{self, Head, Version};
use super::sink::Sink;
use super::{Download, Downloaded, Progress, Settings, address};
use crate::runtime::error::{CallContext, Kind, Source};
use crate::runtime::raw_response::RawResponse;
use crate::runtime::redact::{self, ServerText};
use crate::runtime::times::CallTimes;
use crate::runtime::transport::{Body, BoxFuture, RefusedRedirect, Request, TransportError};
use crate::runtime::{Client, Error, RetryPolicy, clock, trace};

/// What an attempt must have brought for the attempts to count anew. A server that always breaks off after
/// the first few bytes is given up.
const ENOUGH: u64 = 64 * 1024;

/// Brings the file into the sink. Boxed, so that a caller's crate compiles none of it.
pub(super) fn run<'a>(
    download: Download,
    sink: &'a mut dyn Sink,
) -> BoxFuture<'a, Result<Downloaded, Error>> {
    Box::pin(async move {
        let Download {
            client,
            address,
            settings,
        } = download;
        let can_wait = clock::can_wait().and_then(|()| client.inner.process.enter());
        can_wait.map_err(Error::configuration)?;
        let url = address::checked(&address, client.inner.redirects.encryption)?;
        let transfer = Transfer {
            client,
            url,
            settings,
            sink,
            written: 0,
            begun: 0,
            version: Version::default(),
        };
        trace::download(&transfer.url.clone(), transfer.run()).await
    })
}

struct Transfer<'a> {
    client: Client,
    url: Url,
    settings: Settings,
    sink: &'a mut dyn Sink,
    /// The bytes in the sink.
    written: u64,
    /// How often the file was read from its beginning.
    begun: u32,
    /// What they are the beginning of.
    version: Version,
}

/// Why an attempt did not bring the rest of the file.
struct Failure {
    message: String,
    source: Option<Source>,
    response: Option<Box<RawResponse>>,
    /// Whether another attempt can have another end.
    is_transient: bool,
}

impl Failure {
    fn transient(message: impl Into<String>) -> Self {
        Self {
            is_transient: true,
            ..Self::permanent(message)
        }
    }

    fn permanent(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
            response: None,
            is_transient: false,
        }
    }

    fn by(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    fn with(mut self, response: RawResponse) -> Self {
        self.response = Some(Box::new(response));
        self
    }
}

/// How often it was tried.
struct Tries {
    all: u32,
    /// Since enough bytes came.
    fruitless: u32,
    /// How much of the file had come then.
    furthest: u64,
}

impl Tries {
    /// Counts a failed attempt; whether it has brought enough to begin counting anew.
    fn count(&mut self, written: u64) -> bool {
        self.all += 1;
        // What is read a second time is no progress.
        let fruitful = written >= self.furthest.saturating_add(ENOUGH);
        if fruitful {
            self.furthest = written;
            self.fruitless = 1;
        } else {
            self.fruitless += 1;
        }
        fruitful
    }
}

impl Transfer<'_> {
    async fn run(mut self) -> Result<Downloaded, Error> {
        let times = CallTimes::now(&self.client.inner.server_clock);
        let mut tries = Tries {
            all: 0,
            fruitless: 0,
            furthest: 0,
        };
        loop {
            let failure = match self.attempt().await {
                Ok(()) => {
                    self.client.inner.retry_budget.succeeded(tries.all + 1);
                    return self.finish().await;
                }
                Err(failure) => failure,
            };
            if tries.count(self.written) {
                // It was worth its price.
                self.client.inner.retry_budget.succeeded(2);
            }
            let is_transient = failure.is_transient;
            let stuck = is_transient && self.is_stuck();
            let error = self.error(failure, stuck).with_context(CallContext {
                attempts: tries.all,
                times,
                ended: clock::Instant::now(),
                may_last: Some(clock::Instant::now()),
                operation: None,
                account: self.client.inner.account.clone(),
                ambiguous: false,
                subject: None,
                reservation: None,
                pending: None,
                entry: None,
            });
            match self.wait(&error, &tries) {
                Some(wait) if is_transient && !stuck => {
                    trace::retry(&error, wait);
                    clock::sleep(wait).await;
                }
                Some(_) | None => return Err(error),
            }
        }
    }

    /// Whether the rest of the file cannot be asked for: nobody would vouch that it is of the same file.
    fn must_begin_anew(&self) -> bool {
        self.written > 0 && self.version.validator.is_none()
    }

    /// Whether the file would have to be read from its beginning, and cannot be.
    fn is_stuck(&self) -> bool {
        self.must_begin_anew() && !self.sink.can_restart()
    }

    /// Whether it may be read from its beginning once more. Progress does not count here: a server that breaks off
    /// a little later each time would have a long file sent more often than anybody wants.
    fn may_begin(&self) -> bool {
        self.policy().wait(self.begun, None).is_some() || self.begun == 0
    }

    fn policy(&self) -> &RetryPolicy {
        let own = self.settings.retry.as_ref();
        own.unwrap_or(&self.client.inner.retry)
    }

    fn wait(&self, error: &Error, tries: &Tries) -> Option<Duration> {
        if self.must_begin_anew() && !self.may_begin() {
            return None;
        }
        let wait = self.policy().wait(tries.fruitless, error.retry_after())?;
        self.client.inner.retry_budget.take().then_some(wait)
    }

    /// One request, and what comes of it into the sink.
    async fn attempt(&mut self) -> Result<(), Failure> {
        if self.must_begin_anew() {
            self.restart().await?;
        }
        let client = self.client.clone();
        let request = self.request();
        let stall_timeout = self.settings.stall_timeout;
        let mut incoming =
            match clock::within(stall_timeout, client.inner.media.send(request)).await {
                Some(Ok(incoming)) => incoming,
                Some(Err(error)) => return Err(broken(error)),
                None => return Err(self.stalled()),
            };
        // A transport of the caller's, or a browser, may have followed redirects by itself.
        if let Some(url) = incoming.url.as_ref().filter(|url| **url != self.url)
            && let Some(problem) = client.inner.redirects.problem(&self.url, url)
        {
            return Err(misled(url, problem));
        }
        let response = RawResponse {
            status: incoming.status,
            headers: mem::take(&mut incoming.headers),
            body: Vec::new(),
        };
        let asked = (self.written > 0).then_some((self.written, &self.version));
        let url = incoming.url.as_ref();
        match head::read(response.status, &response.headers, url, asked) {
            Head::Whole(version) => {
                self.begin(version).await?;
                let end = self.version.total;
                self.receive(incoming.body, end).await
            }
            Head::Rest { end, total } => {
                self.version.total = Some(total);
                self.check_size(total)?;
                self.receive(incoming.body, Some(end)).await
            }
            Head::Nothing => Ok(()),
            Head::Anew(problem) => {
                // Without it the next attempt asks for the whole.
                self.version.validator = None;
                Err(Failure::transient(problem).with(response))
            }
            Head::RetryLater => Err(Failure::transient("the server refused").with(response)),
            Head::Permanent(problem) => Err(Failure::permanent(problem).with(response)),
        }
    }

    /// Headers are written down here from nothing, so that none can slip in that holds a key.
    fn request(&self) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(user_agent) = self.client.inner.headers.get(USER_AGENT) {
            headers.insert(USER_AGENT, user_agent.clone());
        }
        if let (1.., Some(validator)) = (self.written, &self.version.validator) {
            let range = HeaderValue::try_from(format!("bytes={}-", self.written));
            if let Ok(range) = range {
                headers.insert(RANGE, range);
                headers.insert(IF_RANGE, validator.clone());
            }
        }
        let mut request = Request::new(reqwest::Method::GET, self.url.clone());
        request.headers = headers;
        request
    }

    /// The whole file comes, whatever was asked for.
    async fn begin(&mut self, version: Version) -> Result<(), Failure> {
        if self.written > 0 {
            if !self.sink.can_restart() {
                let problem = "the server sends the file from its beginning, whose first bytes were already \
                               given to the writer (`to_file` and `bytes` can start over)";
                return Err(Failure::permanent(problem));
            }
            if !self.may_begin() {
                let problem = "the server ignores `Range` and sends the file from its beginning again and again";
                return Err(Failure::permanent(problem));
            }
            self.restart().await?;
        }
        self.begun = self.begun.saturating_add(1);
        self.version = version;
        self.check_size(self.version.total.unwrap_or(0))
    }

    async fn restart(&mut self) -> Result<(), Failure> {
        let restarted = self.sink.restart().await;
        restarted.map_err(|error| Failure::permanent("the file cannot be written").by(error))?;
        self.settings.checksum.restart();
        self.written = 0;
        self.version = Version::default();
        Ok(())
    }

    fn check_size(&self, bytes: u64) -> Result<(), Failure> {
        match self.settings.max_size {
            Some(most) if bytes > most => {
                let problem = format!(
                    "the file has more than the {most} bytes that are allowed (`max_size`)"
                );
                Err(Failure::permanent(problem))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Reads a body that ends before this position of the file.
    async fn receive(&mut self, mut body: Body, end: Option<u64>) -> Result<(), Failure> {
        loop {
            let next = clock::within(self.settings.stall_timeout, body.chunk()).await;
            match next {
                Some(Some(Ok(piece))) => self.take(&piece, end).await?,
                Some(None) => break,
                // All that was promised has come: how the connection ends does not matter.
                Some(Some(Err(_))) | None if end == Some(self.written) => break,
                Some(Some(Err(error))) => return Err(broken(error)),
                None => return Err(self.stalled()),
            }
        }
        let whole = self.version.total.or(end).unwrap_or(self.written);
        if self.written < whole {
            let problem = format!("the file broke off after {} of {whole} bytes", self.written);
            return Err(Failure::transient(problem));
        }
        Ok(())
    }

    async fn take(&mut self, piece: &[u8], end: Option<u64>) -> Result<(), Failure> {
        let written = self.written.saturating_add(piece.len() as u64);
        if let Some(end) = end
            && written > end
        {
            let problem = format!("the server sent more than the {end} bytes that it promised");
            return Err(Failure::permanent(problem));
        }
        self.check_size(written)?;
        let result = self.sink.write(piece).await;
        result.map_err(|error| Failure::permanent("the file cannot be written").by(error))?;
        self.written = written;
        self.settings.checksum.update(piece);
        if let Some(call) = &mut self.settings.progress {
            call(Progress {
                received: written,
                total: self.version.total,
            });
        }
        Ok(())
    }

    fn stalled(&self) -> Failure {
        let seconds = self.settings.stall_timeout.as_secs_f64();
        Failure::transient(format!("no bytes arrived for {seconds} s"))
    }

    async fn finish(mut self) -> Result<Downloaded, Error> {
        let sum = self.settings.checksum.finish();
        let sum = sum.map_err(|problem| self.error(Failure::permanent(problem), false))?;
        let finished = self.sink.finish().await;
        finished.map_err(|error| {
            let failure = Failure::permanent("the file cannot be written").by(error);
            self.error(failure, false)
        })?;
        #[cfg(not(feature = "checksum"))]
        let _: Option<()> = sum;
        Ok(Downloaded {
            bytes: self.written,
            content_type: self.version.content_type,
            etag: self.version.etag,
            path: None,
            #[cfg(feature = "checksum")]
            sha256: sum,
        })
    }

    fn error(&self, failure: Failure, stuck: bool) -> Error {
        let place = address::shown(&self.url);
        let stuck = if stuck {
            ", and now the file can only be read from its beginning, whose first bytes were already given to the \
             writer (`to_file` and `bytes` can start over)"
        } else {
            ""
        };
        // A redirect's target is in it as well.
        let message = format!("{place}: {}{stuck}", failure.message);
        let error = Error::new(Kind::Download(
            ServerText::new(message),
            failure.source.map(redact::source),
        ));
        match failure.response {
            Some(response) => error.with_response(*response),
            None => error,
        }
    }
}

/// A connection that could not be made, or that broke, or a redirect that is not followed.
fn broken(error: TransportError) -> Failure {
    let source = std::error::Error::source(&error);
    match source.and_then(|source| source.downcast_ref::<RefusedRedirect>()) {
        Some(refused) => misled(&refused.target, refused.problem),
        None => Failure::transient(error.to_string()).by(error.into_source()),
    }
}

/// A redirect that would lead there the next time as well.
fn misled(target: &Url, problem: &str) -> Failure {
    let target = address::shown(target);
    Failure::permanent(format!(
        "the redirect to {target} was not followed: {problem}"
    ))
}
