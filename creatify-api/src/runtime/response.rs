//! A successful answer. In: the answer as it came and its value. Out: both. Knows no type.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::answer::Answer;
use super::redact::Redacted;

/// A successful answer: its value, and all that came with it.
#[derive(Clone)]
pub struct Response<T> {
    answer: Answer,
    value: T,
}

impl<T> Response<T> {
    pub(crate) fn new(answer: Answer, value: T) -> Self {
        Self { answer, value }
    }

    /// The status: 200, 201 or another success.
    pub fn status(&self) -> StatusCode {
        self.answer.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.answer.headers
    }

    /// The bytes, as they came.
    pub fn body(&self) -> &[u8] {
        &self.answer.body
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value, by move.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    /// The value is shown without the keys of any client of this process, which a server may repeat in it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status())
            .field("value", &Redacted(&self.value))
            .finish_non_exhaustive()
    }
}
