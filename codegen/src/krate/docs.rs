//! Documentation and examples as data. In: nothing. Out: plain data that can always be printed. Knows no document.

use super::Ident;

/// Documentation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Docs(pub Vec<Paragraph>);

/// A part of some documentation.
#[derive(Debug, Clone, PartialEq)]
pub enum Paragraph {
    /// Text of the document, to be made safe for rustdoc.
    Prose(String),
    /// Markdown of this generator.
    Ours(String),
    /// Where a type is used: said before what the document says of it, in one paragraph. It follows from the methods and
    /// the other types.
    Uses(String),
    /// Rust code that compiles.
    Example(Example),
}

/// The code of an example.
#[derive(Debug, Clone, PartialEq)]
pub enum Example {
    /// A call, and a look at its answer.
    Answer(ExampleCall),
    /// A call that answers nothing.
    Silent(ExampleCall),
    /// A call that starts a job, the wait for its end, and a look at its result.
    Job {
        /// The call.
        start: ExampleCall,
        /// The field of its answer that holds the job's id.
        id: Ident,
        /// The field of the job that holds the result.
        output: Ident,
    },
}

/// A call in an example.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleCall {
    /// The method of the client that gives the handle.
    pub resource: Ident,
    /// The method of the handle.
    pub method: Ident,
    /// Its arguments.
    pub arguments: Vec<Sample>,
}

/// A value for an example.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// `true`
    Boolean,
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A text.
    Text(String),
    /// A UUID.
    Uuid,
    /// A moment.
    Timestamp,
    /// Any JSON.
    Json,
    /// An empty map.
    EmptyMap,
    /// A list.
    List(Vec<Sample>),
    /// A value of an enumeration.
    Variant(Ident, Ident),
    /// A request type's constructor with its arguments, and the setters called after it.
    New(Ident, Vec<Sample>, Vec<(Ident, Sample)>),
    /// A reference to a value.
    Borrowed(Box<Sample>),
    /// A value where there might be null.
    Some(Box<Sample>),
    /// An empty list.
    EmptyList,
    /// No value where there might be one.
    Null,
}
