//! Connections that can be reset. In: a socket, the time limit of a request head. Out: a stream, and its
//! control, which resets it; a head that is late gets a 408 response. Parses no HTTP.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// A connection of a client.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    control: ConnectionControl,
    /// How long the head of a request may take, and when the present one has to be there.
    head_timeout: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

/// Controls a connection: after `reset` the next write sends a TCP reset instead.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionControl(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    is_reset: AtomicBool,
    /// Between the end of a head and the response.
    is_busy: AtomicBool,
    local: Option<SocketAddr>,
}

impl ConnectionControl {
    pub(crate) fn reset(&self) {
        self.0.is_reset.store(true, Ordering::Release);
    }

    fn is_reset(&self) -> bool {
        self.0.is_reset.load(Ordering::Acquire)
    }

    /// Says whether the head of a request was read and its response was not begun yet.
    pub(crate) fn set_busy(&self, is_busy: bool) {
        self.0.is_busy.store(is_busy, Ordering::Release);
    }

    /// The address that the client connected to.
    pub(crate) fn local(&self) -> Option<SocketAddr> {
        self.0.local
    }
}

impl Connection {
    /// The time of the first head runs from now on, that of every other from its first byte.
    pub(crate) fn new(stream: TcpStream, head_timeout: Duration) -> Self {
        // Small responses are not to wait for the next ones. A failure costs time only.
        let _ = stream.set_nodelay(true);
        let shared = Shared {
            is_reset: AtomicBool::new(false),
            is_busy: AtomicBool::new(false),
            local: stream.local_addr().ok(),
        };
        Self {
            stream,
            control: ConnectionControl(Arc::new(shared)),
            head_timeout,
            deadline: Some(Box::pin(tokio::time::sleep(head_timeout))),
        }
    }

    pub(crate) fn control(&self) -> ConnectionControl {
        self.control.clone()
    }

    /// Ends the stream when the head has not come in time.
    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(deadline) = &mut self.deadline else {
            return Poll::Pending;
        };
        ready!(deadline.as_mut().poll(context));
        // Nothing else is being written; a client that does not read it loses nothing.
        let response =
            b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let _ = self.stream.try_write(response);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn check(&self) -> io::Result<()> {
        if !self.control.is_reset() {
            return Ok(());
        }
        // With no time to linger, closing sends a reset instead of an orderly end.
        let _ = self.stream.set_zero_linger();
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if self.control.0.is_busy.load(Ordering::Acquire) {
            self.deadline = None;
            return read;
        }
        if read.is_pending() {
            return self.poll_deadline(context);
        }
        if self.deadline.is_none() && buffer.filled().len() > before {
            self.deadline = Some(Box::pin(tokio::time::sleep(self.head_timeout)));
        }
        read
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
