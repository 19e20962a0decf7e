//! What the document means. In: nothing. Out: plain data without `$ref`: wire names, one meaning per shape, a place for every node. Knows no Rust.

mod lifecycle;
mod requirement;

pub use lifecycle::{JobList, Lifecycle, Outcome};
pub use requirement::{Condition, Requirement};

use crate::pointer::Pointer;
use crate::wire::{Literal, WireName};

/// A whole API.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// Its title.
    pub title: String,
    /// The version of the description.
    pub version: String,
    /// What it is.
    pub description: Option<String>,
    /// Where it is served, most usual first.
    pub servers: Vec<Server>,
    /// How callers prove who they are.
    pub security_schemes: Vec<SecurityScheme>,
    /// Its operations, grouped by tag in the order in which the tags first occur.
    pub resources: Vec<Resource>,
    /// Its named schemas, in document order.
    pub components: Vec<Component>,
}

/// A place where the API is served.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// Where it stands.
    pub at: Pointer,
    /// The base URL.
    pub url: String,
}

/// A key that travels in a header.
#[derive(Debug, Clone, PartialEq)]
pub struct SecurityScheme {
    /// Where it stands.
    pub at: Pointer,
    /// What requirements call it.
    pub name: WireName,
    /// The header's name.
    pub header: WireName,
    /// What it is.
    pub description: Option<String>,
}

/// The operations of one tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Where the tag, or else its first operation, stands.
    pub at: Pointer,
    /// The tag.
    pub tag: WireName,
    /// What it is.
    pub description: Option<String>,
    /// How its jobs live, when it has jobs.
    pub lifecycle: Option<Lifecycle>,
    /// Its operations, in document order.
    pub operations: Vec<Operation>,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of RFC 9110")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Where it stands.
    pub at: Pointer,
    /// Its `operationId`, or one made of method and path.
    pub id: WireName,
    /// Its method.
    pub method: Method,
    /// Its path template, as written.
    pub path: String,
    /// In a few words.
    pub summary: Option<String>,
    /// In more words.
    pub description: Option<String>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Its parameters; those of the whole path first.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What is answered.
    pub responses: Vec<Response>,
    /// Alternatives; all schemes of one alternative are needed together.
    pub security: Vec<Vec<WireName>>,
    /// What a call costs; the first entry that applies counts.
    pub prices: Vec<Price>,
    /// Whether sending it twice has the effect of once, so that it may be repeated (`x-idempotent`).
    pub idempotent: bool,
    /// How its pages follow each other, when it answers one of several.
    pub paging: Option<Paging>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
}

/// How the pages of a list follow each other (`x-pagination`).
#[derive(Debug, Clone, PartialEq)]
pub struct Paging {
    /// Where it stands.
    pub at: Pointer,
    /// The query parameter with the number of the page, from 1.
    pub page: WireName,
    /// The query parameter with the number of items of a page.
    pub size: WireName,
    /// The property that holds the items. `None`: the answer is the list of them.
    pub results: Option<WireName>,
    /// The property that holds the address of the next page, empty on the last one.
    pub next: Option<WireName>,
}

/// What a call costs (`x-credits`).
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// Where it stands.
    pub at: Pointer,
    /// Credits, per period or per call.
    pub credits: f64,
    /// The period in seconds of the product; a started one counts whole. `None`: per call.
    pub per_seconds: Option<u64>,
    /// The property of the request and the value for which this price holds. `None`: always.
    pub when: Option<(WireName, WireName)>,
    /// Whether it also holds when that property is left out.
    pub default: bool,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Where it stands.
    pub at: Pointer,
    /// Its name.
    pub name: WireName,
    /// Where it travels.
    pub location: Location,
    /// How it is written.
    pub style: Style,
    /// Whether the items of a list are written apart.
    pub explode: bool,
    /// Whether every call needs it.
    pub required: bool,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What it is.
    pub description: Option<String>,
    /// Its type and limits.
    pub schema: Schema,
    /// `x-rust-name`
    pub rust_name: Option<String>,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// Where it stands.
    pub at: Pointer,
    /// Whether every call needs it.
    pub required: bool,
    /// How it can be written, in document order.
    pub contents: Vec<Content>,
}

/// One way to write a body.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// Where it stands.
    pub at: Pointer,
    /// Its content type.
    pub media_type: String,
    /// What it holds; `None`: not said.
    pub schema: Option<Schema>,
}

/// For which status codes an answer is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// One code.
    Code(u16),
    /// All codes of one class: `2XX`.
    Class(u8),
    /// All that no other answer names.
    Default,
}

impl Status {
    /// Whether it speaks of success.
    pub fn is_success(self) -> bool {
        match self {
            Self::Code(code) => (200..300).contains(&code),
            Self::Class(class) => class == 2,
            Self::Default => false,
        }
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Where it stands.
    pub at: Pointer,
    /// When it comes.
    pub status: Status,
    /// What it may hold; empty: nothing.
    pub contents: Vec<Content>,
}

/// A schema with a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Its name.
    pub name: WireName,
    /// What it is.
    pub schema: Schema,
}

/// In which direction a property travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travel {
    /// Both.
    Both,
    /// `readOnly`: only from the server.
    ResponseOnly,
    /// `writeOnly`: only to the server.
    RequestOnly,
}

/// One schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Where it stands.
    pub at: Pointer,
    /// Its heading.
    pub title: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What the server assumes when it is left out.
    pub default: Option<Literal>,
    /// `x-rust-name`
    pub rust_name: Option<String>,
    /// Whether `null` is a value.
    pub nullable: bool,
    /// In which direction it travels.
    pub travel: Travel,
    /// What it is made of.
    pub shape: Shape,
}

/// What a schema is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Anything.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Number),
    /// A number.
    Number(Number),
    /// A text.
    Text(Text),
    /// One of some texts.
    Enumeration(Enumeration),
    /// A list.
    List(Box<List>),
    /// An object.
    Object(Object),
    /// The component of this name.
    Reference(WireName),
    /// One (or some) of several.
    Union(Union),
}

/// Limits of a number. Bounds keep their text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Number {
    /// `format`
    pub format: Option<String>,
    /// The least value, and whether it is excluded.
    pub minimum: Option<(f64, bool)>,
    /// The greatest value, and whether it is excluded.
    pub maximum: Option<(f64, bool)>,
    /// What it is a multiple of.
    pub multiple_of: Option<f64>,
}

/// Limits of a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// `format`
    pub format: Option<String>,
    /// A regular expression (ECMA-262).
    pub pattern: Option<String>,
    /// In characters.
    pub min_length: Option<u64>,
    /// In characters.
    pub max_length: Option<u64>,
}

/// One of some texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Enumeration {
    /// The values, in document order.
    pub values: Vec<EnumValue>,
    /// Whether the document says that there may be others (`x-known-values`).
    pub open: bool,
}

/// One value of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// Where it stands.
    pub at: Pointer,
    /// The value.
    pub value: WireName,
    /// What it means.
    pub description: Option<String>,
    /// From `x-enum-varnames`.
    pub rust_name: Option<String>,
}

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// Its items; `None`: anything.
    pub items: Schema,
    /// Its least length.
    pub min_items: Option<u64>,
    /// Its greatest length.
    pub max_items: Option<u64>,
    /// Whether no item may stand twice.
    pub unique_items: bool,
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its properties, in document order.
    pub properties: Vec<Property>,
    /// What other members may hold.
    pub additional: Additional,
    /// The least number of members.
    pub min_properties: Option<u64>,
    /// The greatest number of members.
    pub max_properties: Option<u64>,
    /// What a request must hold beside the required properties.
    pub requirements: Vec<Requirement>,
}

/// What the members of an object may hold that are no properties.
#[derive(Debug, Clone, PartialEq)]
pub enum Additional {
    /// Not said: anything.
    Unsaid,
    /// There are none.
    Forbidden,
    /// Anything, said so.
    Any,
    /// This.
    Schema(Box<Schema>),
}

/// One property.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// Its name.
    pub name: WireName,
    /// Whether it is always there.
    pub required: bool,
    /// Whether every caller sends it, though the document does not require it (`x-likely-required`).
    pub likely_required: bool,
    /// What it holds.
    pub schema: Schema,
}

/// How many members of a union hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnionKind {
    /// `oneOf`: exactly one.
    One,
    /// `anyOf`: at least one.
    Any,
}

/// One (or some) of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// How many hold at once.
    pub kind: UnionKind,
    /// Its members.
    pub variants: Vec<Schema>,
    /// The property that tells which one, and its values by component.
    pub discriminator: Option<Discriminator>,
}

/// The property that tells the members of a union apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Discriminator {
    /// Its name.
    pub property: WireName,
    /// Its values, with the reference each stands for.
    pub mapping: Vec<(WireName, WireName)>,
}
