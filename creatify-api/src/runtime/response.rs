//! Successful responses. In: the raw response and its decoded value. Out: access to both. Depends on no
//! type.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::raw_response::RawResponse;
use super::redact::Redacted;

/// A successful response: its value, and all that came with it.
#[derive(Clone)]
pub struct Response<T> {
    raw: RawResponse,
    value: T,
}

impl<T> Response<T> {
    pub(crate) fn new(response: RawResponse, value: T) -> Self {
        Self {
            raw: response,
            value,
        }
    }

    /// The status: 200, 201 or another success.
    pub fn status(&self) -> StatusCode {
        self.raw.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.raw.headers
    }

    /// The bytes, as they came.
    pub fn body(&self) -> &[u8] {
        &self.raw.body
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
