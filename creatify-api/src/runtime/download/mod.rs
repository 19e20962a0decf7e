//! Files of jobs: videos, pictures, speech. In: an address from a response. Out: the file, on the
//! disk, in a writer or in memory, whole or not at all. Knows no operation, and sends no key.
//!
//! ```no_run
//! # async fn example(client: creatify_api::Client, id: creatify_api::Uuid) -> Result<(), creatify_api::Error> {
//! let job = client.lipsyncs().retrieve(id).await?;
//! if let Some(address) = job.output {
//!     let file = client
//!         .download(address)
//!         .max_size(2 * 1024 * 1024 * 1024)
//!         .progress(|progress| println!("{} of {:?} bytes", progress.received, progress.total))
//!         .to_file("video.mp4")
//!         .await?;
//!     println!("{} bytes of {:?}", file.bytes, file.content_type);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The service keeps results for some days only, and some addresses for less: download soon, and
//! when an address has expired take it from the job anew.
//!
//! # What is sent
//!
//! `GET` requests by the client's [media transport](crate::ClientBuilder::media_transport), which never
//! sees a key, also when the file is on the API's own host. The address must be `https://`, or `http://`
//! to this machine unless the client [allows it](crate::ClientBuilder::allow_http). Interceptors see API calls
//! only.
//!
//! A request for this machine (`localhost`, `*.localhost`, and every spelling of 127.0.0.0/8, 0.0.0.0/8, `::1` and `::`)
//! is never sent to a proxy, whatever the environment or
//! [`configure_http`](crate::ClientBuilder::configure_http) says. All others take the proxies that these name, also
//! when the base URL of the client is on this machine.
//!
//! # Redirects
//!
//! At most ten are followed, and each is checked before anything is sent:
//!
//! - not from `https://` to `http://`, and to `http://` only on this machine, unless the client
//!   [allows it](crate::ClientBuilder::allow_http);
//! - not to this machine, nor into private, shared (CGNAT), link-local, unique-local and reserved networks, however their
//!   addresses are written, nor to names such as `localhost`, `printer.local`, `db.internal` or `intranet`, unless
//!   the address that redirects is itself in the same of these networks (as the emulator is, on the same machine), or the
//!   client [allows it](crate::ClientBuilder::allow_private_redirects). The base URL does not matter here;
//! - not to an address with a user name or password.
//!
//! The name of another host must also stand for a public address, as far as this machine looks it up: a proxy that is
//! asked for the name does that itself, and a resolver that
//! [`configure_http`](crate::ClientBuilder::configure_http) sets is taken at its word. Addresses that callers give
//! are not held to this: they may well be in a network of one's own. A browser and a
//! [`media_transport`](crate::ClientBuilder::media_transport) follow redirects by themselves; there only
//! the address at the end is checked, and a response from elsewhere is not used.
//!
//! # When the connection breaks
//!
//! An attempt that fails in a way that another may mend (no connection, a connection that breaks or
//! stalls, the statuses 408, 425, 429 and 5xx) is repeated as the [`RetryPolicy`] says. What comes of it is
//! one version of the file, never the beginning of one and the end of another.
//!
//! The rest of a file is asked for where it broke off, and put behind what there is, only under these
//! conditions (RFC 9110, 15.3.7.3); the first must hold of both responses:
//!
//! - It has an `ETag` that is strong, well-formed and not empty, no `Content-Encoding` but `identity`, and comes from
//!   the same address after all redirects. The two tags are equal, byte for byte.
//! - The second is a 206 of one range that begins where the first broke off, with the complete length of
//!   the file, which is the one that the first told, if it told one.
//!
//! Without a tag, with a weak one, or with nothing but a `Last-Modified` the file is read from its
//! beginning, which [`to_file`](Download::to_file) and [`bytes`](Download::bytes) can and
//! [`to_writer`](Download::to_writer) cannot: it fails, and says so. The file is read from its beginning at
//! most as often as the policy has attempts. Otherwise attempts count anew whenever at least 64 KiB more of the
//! file have come, so a long file survives many cuts.
//!
//! Files are asked for without a coding (`Accept-Encoding: identity`); one that is sent compressed all the same is
//! an error. Where a server tells neither the length of a file nor its end, as HTTP/1.0 allowed, the end of the
//! connection is taken for the end of the file: `expect_sha256`, of the feature `checksum`, finds out when
//! the sum is known.
//!
//! # Giving up
//!
//! A download that is dropped stops and leaves nothing behind. There is no limit on the whole time:
//! put a timeout around it.
//!
//! # Errors
//!
//! Failures are [`is_download`](Error::is_download); [`status`](Error::status) tells the
//! server's, and [`source`](std::error::Error::source) the transport's or the disk's. No message repeats the query of
//! an address, which may be the key to the file.

mod address;
mod checksum;
#[cfg(not(target_arch = "wasm32"))]
mod file;
mod head;
mod sink;
mod transfer;

use std::fmt;
#[cfg(not(target_arch = "wasm32"))]
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWrite;

use super::error::{Kind, Source};
use super::redact::{self, ServerText};
use super::transport::MaybeSend;
use super::{Client, Error, RetryPolicy};
#[cfg(feature = "checksum")]
pub use checksum::Sha256;
use checksum::Wanted;
use sink::{Memory, Writer};

/// How long a transfer may bring nothing.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);

/// What is put into memory unless another limit is set.
const MAX_IN_MEMORY: u64 = 256 * 1024 * 1024;

impl Client {
    /// Downloads a file: the `output`, `preview` or thumbnail of a job.
    ///
    /// Nothing happens before one of the ends is awaited: [`Download::to_file`],
    /// [`Download::to_writer`] or [`Download::bytes`]. See [the module](crate::download).
    pub fn download(&self, address: impl Into<String>) -> Download {
        Download {
            client: self.clone(),
            address: address.into(),
            settings: Settings {
                progress: None,
                max_size: None,
                stall_timeout: STALL_TIMEOUT,
                retry: None,
                checksum: Wanted::default(),
            },
        }
    }
}

/// A download that has been described and not begun. See [the module](crate::download).
#[must_use = "nothing is downloaded before `to_file`, `to_writer` or `bytes` is awaited"]
pub struct Download {
    client: Client,
    address: String,
    settings: Settings,
}

struct Settings {
    progress: Option<OnProgress>,
    max_size: Option<u64>,
    stall_timeout: Duration,
    retry: Option<RetryPolicy>,
    checksum: Wanted,
}

#[cfg(not(target_arch = "wasm32"))]
type OnProgress = Box<dyn FnMut(Progress) + Send>;
#[cfg(target_arch = "wasm32")]
type OnProgress = Box<dyn FnMut(Progress)>;

/// How far a download has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The bytes of the file that are written. It begins anew when the file is read from its beginning again.
    pub received: u64,
    /// The bytes of the whole file, when the server tells.
    pub total: Option<u64>,
}

/// A file that was downloaded.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// How many bytes it has.
    pub bytes: u64,
    /// What the server says that it is, such as `video/mp4`.
    pub content_type: Option<String>,
    /// The server's name for this version of the file.
    pub etag: Option<String>,
    /// Where it was written to; only for [`Download::to_file`].
    pub path: Option<PathBuf>,
    /// The SHA-256 of what was written, when it was [asked for](Download::checksum).
    #[cfg(feature = "checksum")]
    pub sha256: Option<Sha256>,
}

impl Download {
    /// Calls this after every piece that is written, which is some kilobytes: often. It runs between
    /// the pieces, so it should not take long.
    pub fn progress(mut self, call: impl FnMut(Progress) + MaybeSend + 'static) -> Self {
        self.settings.progress = Some(Box::new(call));
        self
    }

    /// The most bytes that the file may have. A larger one is refused before it is read when the
    /// server tells its size, else as soon as it passes the limit. Without limit unless set, except for
    /// [`bytes`](Self::bytes).
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.settings.max_size = Some(bytes);
        self
    }

    /// How long to wait for the first or the next byte before the attempt counts as failed; 30
    /// seconds unless set.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.settings.stall_timeout = timeout;
        self
    }

    /// How often the download is tried, and how long it waits in between. In place of the client's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = Some(policy);
        self
    }

    /// Computes the SHA-256 of what is written, for [`Downloaded::sha256`].
    #[cfg(feature = "checksum")]
    pub fn checksum(mut self) -> Self {
        self.settings.checksum.compute();
        self
    }

    /// Fails unless the file has this SHA-256. With [`to_file`](Self::to_file) there is no file
    /// then; a writer has the wrong bytes by then.
    #[cfg(feature = "checksum")]
    pub fn expect_sha256(mut self, expected: impl Into<Sha256>) -> Self {
        self.settings.checksum.expect(expected.into());
        self
    }

    /// Writes the file to this path, where it stands at the end, whole, or not at all.
    ///
    /// It is written beside the path, to a file called `.creatify-` and 16 digits and `.part`, which
    /// is brought to the disk and then takes the place of the file or the link that was there before. It is
    /// removed when the download fails or is dropped; only a process that is killed leaves it behind.
    ///
    /// On Unix it has the permissions (`rwx` of owner, group and others) of the file that it replaces, also while it is
    /// written, and belongs to whoever runs the process. A new file has those that [`File::create`](std::fs::File::create)
    /// would give it. A symbolic link is replaced by a new file: what it led to stays as it was, with its
    /// permissions. Other names of the same file (hard links) keep the old content.
    ///
    /// Before anything is requested it fails when the folder does not exist, and when there is something that
    /// is no ordinary file, or that may not be written.
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn to_file(self, path: impl AsRef<Path>) -> Result<Downloaded, Error> {
        file::download(self, path.as_ref().to_owned()).await
    }

    /// Writes the file to a writer, and flushes it.
    ///
    /// What is written cannot be taken back: when the download breaks off and the server cannot give
    /// the rest of the same file, or the file turns out to be too large or another one than expected,
    /// it fails, and the writer has got a part of the file. Writers that lose what was not flushed
    /// keep no promise either when the future is dropped.
    pub async fn to_writer<W>(self, writer: &mut W) -> Result<Downloaded, Error>
    where
        W: AsyncWrite + Unpin + MaybeSend + ?Sized,
    {
        let mut sink = Writer(writer);
        transfer::run(self, &mut sink).await
    }

    /// Gives the file as bytes. Files of more than 256 MiB are refused, unless
    /// [`max_size`](Self::max_size) sets another limit.
    ///
    /// For what else is known of the file use [`to_writer`](Self::to_writer) with a `Vec<u8>`.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        self.settings.max_size.get_or_insert(MAX_IN_MEMORY);
        let mut sink = Memory::default();
        transfer::run(self, &mut sink).await?;
        Ok(sink.into_bytes())
    }
}

impl fmt::Debug for Downloaded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Downloaded");
        shown
            .field("bytes", &self.bytes)
            .field(
                "content_type",
                &self.content_type.as_ref().map(ServerText::new),
            )
            .field("etag", &self.etag.as_ref().map(ServerText::new))
            .field("path", &self.path);
        #[cfg(feature = "checksum")]
        shown.field("sha256", &self.sha256);
        shown.finish()
    }
}

impl fmt::Debug for Download {
    /// The address stays out: its query may be the key to the file.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Download")
            .field("max_size", &self.settings.max_size)
            .field("stall_timeout", &self.settings.stall_timeout)
            .field("retry", &self.settings.retry)
            .finish_non_exhaustive()
    }
}

fn failed(message: impl AsRef<str>) -> Error {
    Error::new(Kind::Download(ServerText::ours(message), None))
}

fn failed_by(message: impl AsRef<str>, source: impl Into<Source>) -> Error {
    let source = redact::source(source.into());
    Error::new(Kind::Download(ServerText::ours(message), Some(source)))
}
