//! Where a file goes. In: its bytes in order. Out: bytes in a writer or in memory. Knows no
//! network.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::runtime::transport::{BoxFuture, MaybeSend};

/// Takes the bytes of a file.
pub(super) trait Sink: MaybeSend {
    /// Takes the next bytes.
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>>;

    /// All bytes are there.
    fn finish(&mut self) -> BoxFuture<'_, io::Result<()>>;

    /// Whether [`restart`](Self::restart) can work.
    fn can_restart(&self) -> bool;

    /// Forgets all bytes until now.
    fn restart(&mut self) -> BoxFuture<'_, io::Result<()>>;
}

/// A writer of the caller.
pub(super) struct Writer<'w, W: ?Sized>(pub(super) &'w mut W);

impl<W: AsyncWrite + Unpin + MaybeSend + ?Sized> Sink for Writer<'_, W> {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        Box::pin(self.0.write_all(bytes))
    }

    fn finish(&mut self) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(self.0.flush())
    }

    fn can_restart(&self) -> bool {
        false
    }

    fn restart(&mut self) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(async { Err(io::ErrorKind::Unsupported.into()) })
    }
}

/// Memory.
#[derive(Default)]
pub(super) struct Memory(Vec<u8>);

impl Memory {
    pub(super) fn into_bytes(self) -> Bytes {
        self.0.into()
    }
}

impl Sink for Memory {
    fn write<'a>(&'a mut self, bytes: &'a [u8]) -> BoxFuture<'a, io::Result<()>> {
        self.0.extend_from_slice(bytes);
        Box::pin(async { Ok(()) })
    }

    fn finish(&mut self) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn can_restart(&self) -> bool {
        true
    }

    fn restart(&mut self) -> BoxFuture<'_, io::Result<()>> {
        self.0.clear();
        Box::pin(async { Ok(()) })
    }
}
