//! The client as data: every Rust name and type decided. In: nothing. Out: plain data that can always be printed. Knows no document.

use crate::pointer::Pointer;
use crate::wire::WireName;

/// A Rust identifier. Made by the planning step only, which has checked it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

impl Ident {
    /// An identifier that is known to be one: a raw one (`r#type`) included.
    pub(crate) fn checked(text: String) -> Self {
        Self(text)
    }

    /// The identifier as it is written, `r#` included.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

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
    /// Rust code that compiles.
    Example(Example),
}

/// The code of an example: one call.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The method of the client that gives the handle.
    pub resource: Ident,
    /// The method of the handle.
    pub method: Ident,
    /// Its arguments.
    pub arguments: Vec<Sample>,
    /// Whether there is an answer to look at.
    pub answers: bool,
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
    /// A list of one.
    List(Box<Sample>),
    /// A value of an enumeration.
    Variant(Ident, Ident),
    /// A request type's constructor.
    New(Ident, Vec<Sample>),
    /// A reference to a value.
    Borrowed(Box<Sample>),
    /// A value where there might be null.
    Some(Box<Sample>),
    /// An empty list.
    EmptyList,
    /// No value where there might be one.
    Null,
}

/// A whole client.
#[derive(Debug, Clone, PartialEq)]
pub struct Crate {
    /// Documentation of the generated module.
    pub docs: Docs,
    /// Where calls go by default.
    pub base_url: Option<String>,
    /// The keys that travel in headers.
    pub keys: Vec<Key>,
    /// One handle per tag.
    pub resources: Vec<Resource>,
    /// The types, by file.
    pub types: Vec<TypeModule>,
}

/// A key that travels in a header.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Where it stands.
    pub at: Pointer,
    /// The constant's name.
    pub constant: Ident,
    /// The header.
    pub header: WireName,
    /// Documentation.
    pub docs: Docs,
}

/// The handle of a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// Where the tag stands.
    pub at: Pointer,
    /// The module, which is also the client's method.
    pub module: Ident,
    /// The handle's type.
    pub handle: Ident,
    /// Documentation.
    pub docs: Docs,
    /// Its methods.
    pub methods: Vec<Method>,
}

/// One operation as a method.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// Where the operation stands.
    pub at: Pointer,
    /// The method's name.
    pub name: Ident,
    /// The constant that describes the operation.
    pub constant: Ident,
    /// The type that tells this call from others, where it has setters of its own.
    pub marker: Option<Ident>,
    /// Documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What every call needs, in order.
    pub arguments: Vec<Argument>,
    /// What the body is, when there is one; the last argument.
    pub body: Option<BodyArgument>,
    /// What a call may be told besides.
    pub setters: Vec<CallSetter>,
    /// What is answered.
    pub output: Ty,
    /// The operation as data.
    pub operation: Operation,
}

/// A required parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Where it stands.
    pub at: Pointer,
    /// Its name in Rust.
    pub name: Ident,
    /// Its name on the wire.
    pub wire: WireName,
    /// Its type.
    pub ty: Ty,
}

/// The body of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyArgument {
    /// Where it stands.
    pub at: Pointer,
    /// Its type.
    pub ty: Ty,
}

/// A setter of one operation's call.
#[derive(Debug, Clone, PartialEq)]
pub enum CallSetter {
    /// Sets an optional parameter.
    Parameter {
        /// Where it stands.
        at: Pointer,
        /// Its name in Rust.
        name: Ident,
        /// Its name on the wire.
        wire: WireName,
        /// Its type.
        ty: Ty,
        /// Documentation.
        docs: Docs,
        /// Whether it should no longer be used.
        deprecated: bool,
    },
    /// Chooses how the body is written.
    MediaType {
        /// Where it stands.
        at: Pointer,
        /// Its name in Rust.
        name: Ident,
        /// Which way.
        media_type: MediaType,
    },
}

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

/// The limits of one field or parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name on the wire.
    pub wire: WireName,
    /// Its limits.
    pub checks: Vec<Check>,
    /// The limits of what it holds.
    pub nested: Option<Nested>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// In characters.
    MinLength(u64),
    /// In characters.
    MaxLength(u64),
    /// A regular expression.
    Pattern(String),
    /// The least value, and whether it is excluded.
    Minimum(f64, bool),
    /// The greatest value, and whether it is excluded.
    Maximum(f64, bool),
    /// What it is a multiple of.
    MultipleOf(f64),
    /// The least length of a list.
    MinItems(u64),
    /// The greatest length of a list.
    MaxItems(u64),
    /// No item stands twice.
    UniqueItems,
    /// The least number of members.
    MinProperties(u64),
    /// The greatest number of members.
    MaxProperties(u64),
    /// The format of a text.
    Format(Format),
}

/// The format of a text that has no Rust type of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An absolute URI.
    Uri,
    /// A decimal number.
    Decimal,
}

/// The limits of what a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Nested {
    /// An object of this type.
    Object(Ident),
    /// A list of objects of this type.
    Items(Ident),
    /// A map to objects of this type.
    Values(Ident),
    /// A list of values with limits.
    EachItem(Box<Rule>),
    /// A map to values with limits.
    EachValue(Box<Rule>),
}

/// A file of types.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeModule {
    /// Its name.
    pub name: Ident,
    /// Documentation.
    pub docs: Docs,
    /// Its types.
    pub items: Vec<Item>,
}

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// An object.
    Struct(Struct),
    /// An enumeration.
    Enum(Enum),
}

impl Item {
    /// The type's name.
    pub fn name(&self) -> &Ident {
        match self {
            Self::Struct(item) => &item.name,
            Self::Enum(item) => &item.name,
        }
    }
}

/// In which directions a type travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// To the server.
    Request,
    /// From the server.
    Response,
    /// Both.
    Both,
}

impl Direction {
    /// Whether it is sent.
    pub fn is_sent(self) -> bool {
        match self {
            Self::Request | Self::Both => true,
            Self::Response => false,
        }
    }

    /// Whether it is received.
    pub fn is_received(self) -> bool {
        match self {
            Self::Response | Self::Both => true,
            Self::Request => false,
        }
    }
}

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// Where it stands.
    pub at: Pointer,
    /// Its name.
    pub name: Ident,
    /// Documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// In which directions it travels.
    pub direction: Direction,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Whether it keeps members that are no fields.
    pub extra: bool,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where it stands.
    pub at: Pointer,
    /// Its name on the wire.
    pub wire: WireName,
    /// Its name in Rust.
    pub name: Ident,
    /// Documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// What it holds.
    pub ty: Ty,
    /// When it is there.
    pub presence: Presence,
    /// Its limits.
    pub rule: Rule,
}

/// When a field is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// Always, but it may be null.
    RequiredNullable,
    /// When it is set; an answer may also hold null.
    Optional,
    /// Absent, null and set are three things.
    Patch,
}

/// An open enumeration of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// Where it stands; every schema that became this type.
    pub at: Vec<Pointer>,
    /// Its name.
    pub name: Ident,
    /// Documentation.
    pub docs: Docs,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// Its values.
    pub variants: Vec<Variant>,
}

/// A value of an enumeration.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Where it stands; every value that became this variant.
    pub at: Vec<Pointer>,
    /// The value.
    pub wire: WireName,
    /// Its name in Rust.
    pub name: Ident,
    /// Documentation.
    pub docs: Docs,
}

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// Nothing: `()`
    Unit,
    /// `bool`
    Boolean,
    /// `i64`
    Integer,
    /// `f64`
    Float,
    /// `String`
    Text,
    /// A UUID.
    Uuid,
    /// A moment.
    Timestamp,
    /// Any JSON.
    Json,
    /// A generated type.
    Named(Ident),
    /// A list.
    List(Box<Ty>),
    /// An object with any keys.
    Map(Box<Ty>),
    /// A value that is or may be null.
    Nullable(Box<Ty>),
    /// A generated type that holds itself, behind a pointer.
    Boxed(Box<Ty>),
}

impl Ty {
    /// The type as Rust text.
    pub fn rust(&self) -> String {
        match self {
            Self::Unit => "()".to_owned(),
            Self::Boolean => "bool".to_owned(),
            Self::Integer => "i64".to_owned(),
            Self::Float => "f64".to_owned(),
            Self::Text => "String".to_owned(),
            Self::Uuid => "Uuid".to_owned(),
            Self::Timestamp => "Timestamp".to_owned(),
            Self::Json => "Value".to_owned(),
            Self::Named(name) => name.as_str().to_owned(),
            Self::List(item) => format!("Vec<{}>", item.rust()),
            Self::Map(value) => format!("BTreeMap<String, {}>", value.rust()),
            Self::Nullable(inner) => format!("Option<{}>", inner.rust()),
            Self::Boxed(inner) => format!("Box<{}>", inner.rust()),
        }
    }
}

impl Field {
    /// The type of the field as Rust text.
    pub fn rust(&self) -> String {
        match self.presence {
            Presence::Required => self.ty.rust(),
            Presence::RequiredNullable | Presence::Optional => {
                format!("Option<{}>", self.ty.rust())
            }
            Presence::Patch => format!("Patch<{}>", self.ty.rust()),
        }
    }
}
