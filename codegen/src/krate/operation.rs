//! Operations as data. In: nothing. Out: plain data that can always be printed. Knows no document.

use super::{Ident, Rule};
use crate::wire::WireName;

/// How a body can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MediaType {
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
}

impl MediaType {
    /// The content type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
        }
    }
}

/// An operation as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its `operationId`.
    pub id: WireName,
    /// Its method.
    pub method: HttpMethod,
    /// Its path template.
    pub path: WireName,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// How its body can be written, preferred first.
    pub body: Vec<MediaType>,
    /// Alternatives of keys that are needed together.
    pub security: Vec<Vec<Ident>>,
    /// What a call costs.
    pub prices: Vec<Price>,
    /// Whether the document says that sending it twice has the effect of once.
    pub idempotent: bool,
    /// Whether it answers a job of its resource, or a list of them.
    pub answers_jobs: bool,
    /// The property of the body in which a caller names the job that the operation makes.
    pub job_name: Option<WireName>,
    /// How it is found out what became of a call whose response was lost.
    pub recovery: Recovery,
    /// How its pages follow each other, when it answers one of several.
    pub paging: Option<Paging>,
}

/// How it is found out what became of a call whose response was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// Nothing needs to be found out: the call can be sent again.
    NotNeeded,
    /// The job that it made is found by its name.
    ByName,
    /// The existing job that it is about shows its effect.
    BySubject,
    /// Nothing identifies its effect.
    Undecided,
}

/// How the pages of a list follow each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Paging {
    /// The query parameter with the number of the page.
    pub page: WireName,
    /// The query parameter with the number of items of a page.
    pub size: WireName,
    /// The property that holds the items; `None`: the answer is the list of them.
    pub results: Option<WireName>,
    /// The property that holds the address of the next page.
    pub next: Option<WireName>,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of RFC 9110")]
pub enum HttpMethod {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

/// A parameter as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Where it travels.
    pub location: Location,
    /// How a list is written; `None`: as is usual there.
    pub style: Option<Style>,
    /// Whether the items of a list are written apart; `None`: as is usual there.
    pub explode: Option<bool>,
    /// Its name and limits.
    pub rule: Rule,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum Location {
    Path,
    Query,
    Header,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum Style {
    Simple,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// A price as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// Credits, per period or per call.
    pub credits: f64,
    /// The period in seconds.
    pub per_seconds: Option<u32>,
    /// The property and the value for which it holds.
    pub when: Option<(WireName, WireName)>,
    /// Whether it also holds when that property is left out.
    pub default: bool,
}
