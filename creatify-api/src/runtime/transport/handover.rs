//! Whether the HTTP library has begun to write a request. In: its body, wrapped so that reads and drops
//! are recorded. Out: certainty that no byte was sent, where there is one. Sees the body only, not the
//! connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Who has the body of a request.
///
/// An HTTP library takes the body to the connection along with the head, and asks whether it is empty before it
/// writes either. So a body that was dropped without having been asked belonged to a request of which nothing
/// was written, whatever the library then says of it, or when it says nothing because its time is over.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handover(Arc<BodyState>);

#[derive(Debug, Default)]
struct BodyState {
    asked: AtomicBool,
    dropped: AtomicBool,
}

impl Handover {
    /// Whether the request is gone and no connection had begun to write it. False when that is not certain.
    pub(crate) fn never_happened(&self) -> bool {
        self.0.dropped.load(Ordering::Acquire) && !self.0.asked.load(Ordering::Acquire)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod observed {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::Ordering;
    use std::task::{Context, Poll};

    use bytes::Bytes;
    use http_body::{Body, Frame, SizeHint};

    use super::{BodyState, Handover};

    /// A body that tells when it is asked for.
    pub(crate) struct ObservedBody {
        bytes: Bytes,
        state: Arc<BodyState>,
    }

    impl Handover {
        /// The body, observed.
        pub(crate) fn observe(&self, bytes: Bytes) -> ObservedBody {
            ObservedBody {
                bytes,
                state: Arc::clone(&self.0),
            }
        }
    }

    impl Body for ObservedBody {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.state.asked.store(true, Ordering::Release);
            let bytes = std::mem::take(&mut self.bytes);
            Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
        }

        fn is_end_stream(&self) -> bool {
            self.state.asked.store(true, Ordering::Release);
            self.bytes.is_empty()
        }

        /// Says nothing of a connection: redirects are decided by it beforehand.
        fn size_hint(&self) -> SizeHint {
            SizeHint::with_exact(self.bytes.len() as u64)
        }
    }

    impl Drop for ObservedBody {
        fn drop(&mut self) {
            self.state.dropped.store(true, Ordering::Release);
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::Handover;
    use http_body::Body;

    #[test]
    fn only_a_body_that_was_dropped_unasked_was_never_written() {
        let handover = Handover::default();
        assert!(!handover.never_happened(), "nobody watches");
        let body = handover.observe("text".into());
        assert!(!handover.never_happened(), "somebody holds it");
        assert_eq!(body.size_hint().exact(), Some(4));
        drop(body);
        assert!(handover.never_happened());
        let handover = Handover::default();
        assert!(!handover.observe("text".into()).is_end_stream());
        assert!(!handover.never_happened());
    }
}
