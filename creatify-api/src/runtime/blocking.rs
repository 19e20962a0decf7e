//! Use without an async runtime. In: whatever can be awaited, or read as a stream. Out: its value,
//! when it is there; the calling thread waits. Knows no operation.

use std::future::{IntoFuture, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::OnceLock;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use super::{Error, process};

/// Waits for calls, jobs and downloads on the calling thread, in programs without async code.
///
/// ```no_run
/// use creatify_api::{Blocking, Client};
///
/// # fn main() -> Result<(), creatify_api::Error> {
/// let client = Client::from_env()?;
/// let balance = client.remaining_credits().retrieve().blocking()?;
/// println!("{balance:?}");
/// # Ok(())
/// # }
/// ```
///
/// Inside an async runtime this is an error ([`Error::is_configuration`]) and nothing is sent: it
/// would hold up everything else that runs there. Use `.await` in async code. The threads of
/// `spawn_blocking` belong to the runtime too: there, `Handle::current().block_on(..)` waits.
///
/// After `fork` the child has a runtime of its own. A client that was used before is refused there
/// ([`Error::is_configuration`]), also by `.await`: build another one in the child.
pub trait Blocking<T>: IntoFuture<Output = Result<T, Error>> + Sized {
    /// Waits on the calling thread.
    fn blocking(self) -> Result<T, Error> {
        outside()?.block_on(self.into_future())
    }
}

impl<T, F: IntoFuture<Output = Result<T, Error>>> Blocking<T> for F {}

/// Waits on the calling thread for something that is no `Result`, such as `settle_all(..)`.
///
/// Inside an async runtime this is an error, as for [`Blocking`].
pub fn wait<F: IntoFuture>(future: F) -> Result<F::Output, Error> {
    Ok(outside()?.block_on(future.into_future()))
}

/// Reads a stream on the calling thread: the items of all pages, jobs as they end.
///
/// Inside an async runtime this is an error, as for [`Blocking`], and reading ends there.
pub fn iter<S: Stream>(stream: S) -> Result<Iter<S>, Error> {
    outside()?;
    Ok(Iter {
        stream: Box::pin(stream),
        thread: PhantomData,
    })
}

/// The items of a stream; each `next` waits for one.
pub struct Iter<S> {
    stream: Pin<Box<S>>,
    /// It was made outside of async code, and stays on that thread.
    thread: PhantomData<*const ()>,
}

impl<S: Stream> Iterator for Iter<S> {
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        // To wait here would hold up what else runs on this thread; tokio panics at that.
        let runtime = outside().ok()?;
        let stream = &mut self.stream;
        runtime.block_on(poll_fn(|context| stream.as_mut().poll_next(context)))
    }
}

impl<S> std::fmt::Debug for Iter<S> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Iter")
    }
}

/// The runtime of all blocking calls of this process. It lives as long as the process, because the connections
/// of a client belong to it.
fn outside() -> Result<&'static Runtime, Error> {
    static FIRST: OnceLock<Owned> = OnceLock::new();
    if Handle::try_current().is_ok() {
        return Err(Error::configuration(
            "this is a blocking call inside an async runtime, which it would hold up; use `.await`",
        ));
    }
    let runtime = Owned::of(&FIRST, process::id()).runtime.as_ref();
    runtime.map_err(|message| Error::configuration(message.as_str()))
}

/// The runtime of a process. A process that was forked has a copy of that of its parent, whose threads were
/// not copied: it starts another.
struct Owned {
    process: u32,
    runtime: Result<Runtime, String>,
    /// That of a process that was forked from this one.
    next: OnceLock<Box<Owned>>,
}

impl Owned {
    /// That of this process, which is started unless it was.
    fn of(first: &OnceLock<Self>, process: u32) -> &Self {
        let mut owned = first.get_or_init(|| Self::start(process));
        while owned.process != process {
            owned = owned.next.get_or_init(|| Box::new(Self::start(process)));
        }
        owned
    }

    fn start(process: u32) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("creatify-api")
            .enable_all()
            .build()
            .map_err(|error| format!("the runtime of blocking calls cannot be started: {error}"));
        Self {
            process,
            runtime,
            next: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_process_has_a_runtime_of_its_own() {
        let first = OnceLock::new();
        let id = |process| {
            let runtime = Owned::of(&first, process).runtime.as_ref();
            let runtime = runtime.expect("a runtime");
            assert_eq!(runtime.block_on(async { 7 }), 7);
            runtime.handle().id()
        };
        let parent = id(1);
        let child = id(2);
        assert!(parent != child && id(3) != child);
        assert_eq!((id(1), id(2)), (parent, child));
    }
}
