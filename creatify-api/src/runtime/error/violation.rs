//! What is wrong with a request before it is sent. In: a path and a message. Out: both, as one.

use std::fmt;

use serde_json::{Value, json};

use crate::runtime::decode::{DecodeError, FieldReader};
use crate::runtime::serde_impl::json_with_serde;
use crate::runtime::{Decode, Encode};

/// A limit of the API that a request breaks.
///
/// As JSON it is `{"path":"video_inputs[0].voice.input_text","message":"is blank"}`, in this and every later version;
/// members that are added to it are ignored when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: String,
    message: String,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }

    /// The field or parameter, such as `video_inputs[0].voice.input_text`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl Encode for Violation {
    fn encode(&self) -> Value {
        json!({"path": self.path, "message": self.message})
    }
}

impl Decode for Violation {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        let mut fields = FieldReader::new(value)?;
        Ok(Self {
            path: fields.required("path")?,
            message: fields.required("message")?,
        })
    }
}

json_with_serde!(Violation);

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.message)
    }
}
