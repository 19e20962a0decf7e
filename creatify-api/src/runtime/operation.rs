//! Operations as data. In: what the specification says of an endpoint. Out: constants that the
//! engine reads. Knows neither clients nor values.

mod parameter;
mod price;

use super::{Jobs, Paging};

pub use parameter::{Location, Parameter, Style};
pub use price::Price;

/// One operation of the API.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// Its name in the specification.
    pub id: &'static str,
    /// Its HTTP method.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// How its body can be written, the preferred way first; empty when it takes none.
    pub body: &'static [MediaType],
    /// Its ways to authenticate: one of these, with every key in it. Empty when it needs none.
    pub security: &'static [&'static [ApiKey]],
    /// What it costs; empty when it is free or the price is not known.
    pub prices: &'static [Price],
    /// Whether sending it twice has the effect of once, as the specification says of it.
    pub idempotent: bool,
    /// How the jobs of its resource live, when it answers such a job or a list of them.
    pub jobs: Option<&'static Jobs>,
    /// The member of its JSON body in which the caller names the job that it makes, when a job of its
    /// resource has such a name.
    pub job_name: Option<&'static str>,
    /// How its pages follow each other, when it answers one of several.
    pub paging: Option<Paging>,
}

impl Operation {
    /// Whether a call costs no credits: the specification says so, or gives no price for a method that only
    /// reads (`GET`, `HEAD`, `OPTIONS`, `TRACE`). What costs no credits may still use up something else, such
    /// as a quota of avatars: see [`is_repeatable`](Self::is_repeatable).
    pub fn is_free(&self) -> bool {
        let costs_nothing = self.prices.iter().all(|price| price.credits == 0.0);
        costs_nothing && (self.method.is_safe() || !self.prices.is_empty())
    }

    /// Whether a call may be sent again after it may have been processed: its method is safe (`GET`, `HEAD`,
    /// `OPTIONS`, `TRACE`; RFC 9110, 9.2.1), or the specification says that sending it twice has the effect of
    /// once. That it is free of credits is not enough, nor is the method `PUT` or `DELETE`: what a
    /// service makes of those is for its specification to say.
    pub fn is_repeatable(&self) -> bool {
        self.method.is_safe() || self.idempotent
    }

    /// Whether a call that may have been processed is ambiguous: it may have cost something, or has an effect
    /// that happens again when it is sent again.
    pub(crate) fn needs_settling(&self) -> bool {
        !self.is_free() || !self.is_repeatable()
    }

    /// How a later process finds out what became of a call whose outcome is not known.
    pub fn recovery(&self) -> Recovery {
        if self.is_repeatable() {
            return Recovery::NotNeeded;
        }
        let Some(jobs) = self.jobs else {
            return Recovery::Undecided;
        };
        if self.subject().is_some() {
            return Recovery::BySubject;
        }
        match (self.job_name, jobs.name, jobs.list) {
            (Some(_), Some(_), Some(_)) => Recovery::ByName,
            (_, _, _) => Recovery::Undecided,
        }
    }

    /// The path parameter with the id of the existing job that a call is about: it stands where that id stands in
    /// the path of the operation that reads one job. An id elsewhere is that of something else.
    pub(crate) fn subject(&self) -> Option<&'static str> {
        let (before, rest) = self.path.split_once('{')?;
        let (before_id, _) = self.jobs?.poll.path.split_once('{')?;
        let (name, _) = rest.split_once('}')?;
        (before == before_id).then_some(name)
    }
}

/// Every operation of the API: resource by resource, in the order of the specification.
///
/// ```
/// use creatify_api::operation::{self, Recovery};
///
/// let undecided = operation::all().iter().filter(|one| one.recovery() == Recovery::Undecided);
/// for operation in undecided {
///     println!("{} {}", operation.method.as_str(), operation.path);
/// }
/// ```
pub fn all() -> &'static [&'static Operation] {
    crate::generated::resources::OPERATIONS
}

/// The operation with this name in the specification.
pub fn find(id: &str) -> Option<&'static Operation> {
    all().iter().copied().find(|operation| operation.id == id)
}

/// How a later process finds out what became of a call whose outcome is not known: its process ended
/// before the response came, or the response was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recovery {
    /// There is nothing to find out: the call [can be sent again](Operation::is_repeatable).
    NotNeeded,
    /// The call makes a job. It is looked up by its name in the list of all jobs, which decides only
    /// if the caller gave it a name ([`job_name`](Operation::job_name)) that no other job has.
    ByName,
    /// The call is about an existing job, whose id is in its path: whether it took effect is read from
    /// that job.
    BySubject,
    /// Nothing that the API returns identifies the effect of the call: it stays undecided.
    Undecided,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `HEAD`
    Head,
    /// `OPTIONS`
    Options,
    /// `TRACE`
    Trace,
}

impl Method {
    /// Whether it only reads (RFC 9110, 9.2.1).
    pub(crate) fn is_safe(self) -> bool {
        match self {
            Self::Get | Self::Head | Self::Options | Self::Trace => true,
            Self::Post | Self::Put | Self::Patch | Self::Delete => false,
        }
    }

    /// The method as it is sent.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Trace => "TRACE",
        }
    }
}

impl From<Method> for reqwest::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Patch => Self::PATCH,
            Method::Delete => Self::DELETE,
            Method::Head => Self::HEAD,
            Method::Options => Self::OPTIONS,
            Method::Trace => Self::TRACE,
        }
    }
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaType {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
}

impl MediaType {
    /// The media type as it is written in a `Content-Type` header, without parameters.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
        }
    }
}

/// A key that is sent with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiKey {
    /// The header with this name.
    Header(&'static str),
}

impl ApiKey {
    pub(crate) const fn header(name: &'static str) -> Self {
        Self::Header(name)
    }
}

#[cfg(test)]
mod tests;
