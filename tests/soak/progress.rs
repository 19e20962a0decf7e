//! How far a soak is. In: what its calls count while they end. Out: one line of a terminal that is written over, or a line
//! every few seconds where there is no terminal. Knows no client.

use std::fmt;
use std::future::Future;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Counters that everything which runs at the same time shares.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    counts: Arc<Counts>,
}

#[derive(Debug)]
struct Counts {
    step: Mutex<&'static str>,
    done: AtomicUsize,
    total: AtomicUsize,
    wrong: AtomicUsize,
    settled: AtomicUsize,
    /// What the last two count.
    names: [&'static str; 2],
}

impl Progress {
    /// Nothing is done yet; the names say what `wrong` and `settled` count.
    pub(crate) fn new(names: [&'static str; 2]) -> Self {
        let counts = Counts {
            step: Mutex::new(""),
            done: AtomicUsize::new(0),
            total: AtomicUsize::new(0),
            wrong: AtomicUsize::new(0),
            settled: AtomicUsize::new(0),
            names,
        };
        Self {
            counts: Arc::new(counts),
        }
    }

    /// Begins to count something else: this many of them.
    pub(crate) fn begin(&self, step: &'static str, total: usize) {
        *self
            .counts
            .step
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = step;
        self.counts.total.store(total, Ordering::Relaxed);
        self.counts.done.store(0, Ordering::Relaxed);
    }

    /// So many of the step are done.
    pub(crate) fn done(&self, count: usize) {
        self.counts.done.store(count, Ordering::Relaxed);
    }

    /// One more of the step is done.
    pub(crate) fn one_done(&self) {
        self.counts.done.fetch_add(1, Ordering::Relaxed);
    }

    /// One more went wrong.
    pub(crate) fn one_wrong(&self) {
        self.counts.wrong.fetch_add(1, Ordering::Relaxed);
    }

    /// What became of so many more that went wrong is known.
    pub(crate) fn settled(&self, count: usize) {
        self.counts.settled.fetch_add(count, Ordering::Relaxed);
    }

    /// Shows it while something runs.
    pub(crate) async fn shown<T>(&self, work: impl Future<Output = T>) -> T {
        let terminal = io::stderr().is_terminal();
        let every = match terminal {
            true => Duration::from_millis(200),
            false => Duration::from_secs(5),
        };
        let started = Instant::now();
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                result = &mut work => {
                    if terminal {
                        clear();
                    }
                    return result;
                }
                () = tokio::time::sleep(every) => self.write(terminal, started.elapsed()),
            }
        }
    }

    fn write(&self, terminal: bool, elapsed: Duration) {
        let line = format!("{self}, {} s", elapsed.as_secs());
        // A stream that is closed is no reason to stop.
        let _ = match terminal {
            true => write!(io::stderr(), "\r\u{1b}[K{line}"),
            false => writeln!(io::stderr(), "{line}"),
        };
    }
}

fn clear() {
    let _ = write!(io::stderr(), "\r\u{1b}[K");
}

impl fmt::Display for Progress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            step,
            done,
            total,
            wrong,
            settled,
            names: [went_wrong, settled_as],
        } = &*self.counts;
        let step = *step.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let (done, total) = (count(done), count(total));
        let (wrong, settled) = (count(wrong), count(settled));
        write!(
            formatter,
            "{step} {done} of {total}, {wrong} {went_wrong}, {settled} {settled_as}"
        )
    }
}
