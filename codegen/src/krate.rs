//! The client as data: every Rust name and type decided. In: nothing. Out: plain data that can always be printed. Knows no document.

mod docs;
mod operation;
mod rule;
mod waiting;

pub use docs::{Docs, Example, ExampleCall, Paragraph, Sample};
pub use operation::{
    HttpMethod, Location, MediaType, Operation, Paging, Parameter, Price, Recovery, Style,
};
pub use rule::{Check, Format, Nested, Requirement, Rule};
pub use waiting::{JobList, JobMethod, JobOutcome, JobState, JobVerb, Waiting};

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
    /// How its jobs are waited for, when it has jobs.
    pub waiting: Option<Waiting>,
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
    /// The items of all pages as one stream, where it answers one of several pages.
    pub items: Option<Items>,
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

/// The items of all pages as one stream.
#[derive(Debug, Clone, PartialEq)]
pub struct Items {
    /// The type of an item.
    pub ty: Ty,
    /// Documentation.
    pub docs: Docs,
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
    /// What it must hold beside the required fields; empty where it is only received.
    pub requirements: Vec<Requirement>,
}

impl Struct {
    /// Whether a value exists without anything given: no field is required.
    pub fn has_default(&self) -> bool {
        self.fields.iter().all(|field| match field.presence {
            Presence::Required | Presence::RequiredNullable => false,
            Presence::Optional | Presence::Patch => true,
        })
    }
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
    /// When it is set; in a type that is only received null counts as absent.
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
