//! Paid calls to keep. In: a call before it is sent, or the error after it. Out: everything that
//! settling needs, as JSON and back. Holds no key and no body.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Account, tag};
use crate::runtime::callee::Callee;
use crate::runtime::decode::{DecodeError, FieldReader};
use crate::runtime::serde_impl::json_with_serde;
use crate::runtime::{Decode, Encode, Timestamp};

/// A paid call that may have been processed: everything that is needed to find out, now or after a restart, here or
/// elsewhere.
///
/// [`Call::pending`](crate::Call::pending) gives it before a call is sent, and
/// [`Error::pending_call`](crate::Error::pending_call) after one whose outcome is not known. It is plain data: store it as
/// JSON, and give it to `settle_pending` of its resource, by a client of the same account.
///
/// It holds the name that the caller gave the job, which may be personal data; it holds no key, and nothing else of the body. The account
/// is a SHA-256 of the base URL and the API id.
///
/// The JSON can be read by every later version of this crate; members that are added to it are ignored by earlier ones.
#[derive(Clone, PartialEq)]
pub struct PendingCall {
    pub(crate) key: u128,
    pub(crate) operation: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) subject: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) is_unique: bool,
    pub(crate) began: Timestamp,
    pub(crate) server_began: Option<Timestamp>,
    pub(crate) timeout: Duration,
    pub(crate) account: String,
    pub(crate) estimate: Option<f64>,
}

/// What is known of a call when it begins.
pub(crate) struct Beginning {
    /// By the clock of this machine.
    pub(crate) began: Timestamp,
    /// By the clock of the server, as far as its responses have shown it.
    pub(crate) server_began: Option<Timestamp>,
    /// How long the server may be at work on an attempt.
    pub(crate) timeout: Duration,
}

impl PendingCall {
    pub(crate) fn new(key: u128, callee: &Callee, account: &Account, beginning: Beginning) -> Self {
        Self {
            key,
            operation: callee.name().into_owned(),
            method: callee.method().as_str().to_owned(),
            path: callee.path().to_owned(),
            subject: None,
            name: None,
            is_unique: false,
            began: beginning.began,
            server_began: beginning.server_began.filter(is_writable),
            timeout: beginning.timeout,
            account: account.as_str().to_owned(),
            estimate: None,
        }
    }

    /// What tells this call from every other one, in hexadecimal. Of the same call it is the same before it is sent, in a journal and in
    /// its error.
    pub fn key(&self) -> String {
        format!("{:032x}", self.key)
    }

    /// The operation, by its name in the specification (the operationId); of a [raw call](crate::Client::request) its method and
    /// path.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The HTTP method, such as `POST`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path of the operation, with parameters in braces; of a [raw call](crate::Client::request) the path itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it is a [raw call](crate::Client::request), of which no resource can say what became of it.
    pub fn is_raw(&self) -> bool {
        // So every version of this crate can tell, and no operation of a document has such a name.
        self.operation == format!("{} {}", self.method, self.path)
    }

    /// The id of the job that the call is about, if it is about one that existed before.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The name that was sent for the job, with the tag of
    /// [`unique_names`](crate::ClientBuilder::unique_names) if there is one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The name that the caller gave the job, without the tag of
    /// [`unique_names`](crate::ClientBuilder::unique_names).
    pub fn given_name(&self) -> Option<&str> {
        let name = self.name.as_deref()?;
        let name = match self.is_unique {
            true => tag::given_name(name, self.key),
            false => name,
        };
        Some(name).filter(|name| !name.is_empty())
    }

    /// Whether the client made the name unique, so that it proves whose job is whose.
    pub fn has_unique_name(&self) -> bool {
        self.is_unique
    }

    /// When the call began, by the clock of the machine that made it.
    pub fn began(&self) -> Timestamp {
        self.began
    }

    /// When the call began, by the clock of the server, as far as its responses had shown it by then.
    pub fn server_began(&self) -> Option<Timestamp> {
        self.server_began
    }

    /// The account: the SHA-256 of the base URL and the API id, in hexadecimal.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What the call costs at least, in credits, as estimated before it was sent; none when its price is not known.
    pub fn estimate(&self) -> Option<f64> {
        self.estimate
    }
}

/// Whether RFC 3339 has a text for it: a server may say anything of its time.
fn is_writable(moment: &Timestamp) -> bool {
    use chrono::Datelike as _;
    (0..=9999).contains(&moment.year())
}

/// The version of the JSON.
const VERSION: i64 = 1;

impl Encode for PendingCall {
    fn encode(&self) -> Value {
        let milliseconds = i64::try_from(self.timeout.as_millis()).unwrap_or(i64::MAX);
        json!({
            "version": VERSION,
            "key": self.key(),
            "operation": self.operation,
            "method": self.method,
            "path": self.path,
            "subject": self.subject,
            "name": self.name,
            "unique": self.is_unique,
            "began": self.began.encode(),
            "server_began": self.server_began.map(|moment| moment.encode()),
            "timeout_ms": milliseconds,
            "account": self.account,
            "estimate": self.estimate,
        })
    }
}

impl Decode for PendingCall {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        let mut fields = FieldReader::new(value)?;
        let version: i64 = fields.required("version")?;
        if version > VERSION {
            let problem = format!(
                "version {version} is of a later release of this crate, which is needed to settle the call"
            );
            return Err(DecodeError::new(problem));
        }
        let timeout: i64 = fields.required("timeout_ms")?;
        let key: String = fields.required("key")?;
        let key = u128::from_str_radix(&key, 16);
        Ok(Self {
            key: key.map_err(|error| DecodeError::new(format!("the key: {error}")))?,
            operation: fields.required("operation")?,
            method: fields.required("method")?,
            path: fields.required("path")?,
            subject: fields.optional("subject")?,
            name: fields.optional("name")?,
            is_unique: fields.optional::<Option<bool>>("unique")?.unwrap_or(false),
            began: fields.required("began")?,
            server_began: fields.optional("server_began")?,
            timeout: Duration::from_millis(u64::try_from(timeout).unwrap_or(0)),
            account: fields.required("account")?,
            estimate: fields.optional("estimate")?,
        })
    }
}

json_with_serde!(PendingCall);

impl fmt::Debug for PendingCall {
    /// The name stays out: it is the caller's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PendingCall")
            .field("operation", &self.operation)
            .field("subject", &self.subject)
            .field("began", &self.began)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
