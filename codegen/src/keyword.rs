//! Every keyword of OpenAPI 3.0 and what this generator does with it. In: a context and a key. Out: a row. Knows no document.
//!
//! The table is the ledger that `spec/COVERAGE.md` prints and the reason why nothing is ignored silently: a key that is
//! not in it is a complaint, and a key that is ignored says why.

/// The kinds of node in an OpenAPI document that have keywords of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    /// The document itself.
    Root,
    /// `info`
    Info,
    /// An element of `servers`.
    Server,
    /// An element of `tags`.
    Tag,
    /// `components`
    Components,
    /// One path.
    PathItem,
    /// One method of one path.
    Operation,
    /// A parameter.
    Parameter,
    /// A request body.
    RequestBody,
    /// One content type of a body.
    MediaType,
    /// One answer.
    Response,
    /// A security scheme.
    SecurityScheme,
    /// A schema.
    Schema,
}

impl Context {
    /// The context in words.
    pub fn title(self) -> &'static str {
        match self {
            Self::Root => "document",
            Self::Info => "info",
            Self::Server => "server",
            Self::Tag => "tag",
            Self::Components => "components",
            Self::PathItem => "path",
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::MediaType => "media type",
            Self::Response => "response",
            Self::SecurityScheme => "security scheme",
            Self::Schema => "schema",
        }
    }
}

impl Context {
    /// The context in words, with its article.
    pub fn article(self) -> String {
        let title = self.title();
        match self {
            Self::Info | Self::Components => format!("`{title}`"),
            Self::Operation => format!("an {title}"),
            _ => format!("a {title}"),
        }
    }
}

/// What stands below a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// Nothing with keywords: a scalar, a list of names, an extension's own structure.
    Nothing,
    /// One node.
    One(Context),
    /// A list of nodes.
    List(Context),
    /// Nodes by name.
    Map(Context),
    /// One node, or `true` or `false`.
    OneOrBoolean(Context),
}

/// What becomes of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It shapes the client; how.
    Read(&'static str),
    /// It does not; why.
    Ignored(&'static str),
    /// It would change the client, and that isn't written yet; what to do meanwhile.
    Unsupported(&'static str),
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Keyword {
    /// Where it may stand.
    pub context: Context,
    /// The key.
    pub name: &'static str,
    /// What stands below it.
    pub below: Below,
    /// What becomes of it.
    pub fate: Fate,
}

/// The row of `name` in `context`.
pub fn find(context: Context, name: &str) -> Option<&'static Keyword> {
    KEYWORDS
        .iter()
        .find(|keyword| keyword.context == context && keyword.name == name)
}

/// The known keyword of `context` that is nearest to a misspelt one, when one is near.
pub fn nearest(context: Context, name: &str) -> Option<&'static str> {
    let names = KEYWORDS
        .iter()
        .filter(|keyword| keyword.context == context)
        .map(|keyword| keyword.name);
    names
        .map(|known| (distance(known, name), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min()
        .map(|(_, known)| known)
}

/// The Levenshtein distance of two short words.
pub(crate) fn distance(left: &str, right: &str) -> usize {
    // Nothing that long is a slip of the pen, and the work grows with both lengths.
    if right.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (index, one) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in right.chars().enumerate() {
            let substituted = diagonal + usize::from(one != other);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

const fn read(context: Context, name: &'static str, how: &'static str) -> Keyword {
    Keyword {
        context,
        name,
        below: Below::Nothing,
        fate: Fate::Read(how),
    }
}

const fn below(context: Context, name: &'static str, below: Below, how: &'static str) -> Keyword {
    Keyword {
        context,
        name,
        below,
        fate: Fate::Read(how),
    }
}

const fn ignored(context: Context, name: &'static str, why: &'static str) -> Keyword {
    Keyword {
        context,
        name,
        below: Below::Nothing,
        fate: Fate::Ignored(why),
    }
}

const fn unsupported(context: Context, name: &'static str, help: &'static str) -> Keyword {
    Keyword {
        context,
        name,
        below: Below::Nothing,
        fate: Fate::Unsupported(help),
    }
}

use Below::{List, Map, One, OneOrBoolean};
use Context::{
    Components, Info, MediaType, Operation, Parameter, PathItem, RequestBody, Response, Root,
    Schema, SecurityScheme, Server, Tag,
};

const EXAMPLE: &str = "an example changes nothing in the client";
const LINK: &str = "a link to further documentation; the description stands on its own";
const PROVENANCE: &str = "where the page was found and how sure that is; for maintainers";
const SUNSET: &str =
    "the day on which it goes, for reviewers: `cargo xtask diff` judges its changes";
const REQUIREMENT: &str =
    "checked before a request is sent, and kept by every example; never enforced on an answer";
const CHECKED: &str = "checked before a request is sent; never enforced on an answer";

/// All keywords.
pub const KEYWORDS: &[Keyword] = &[
    read(Root, "openapi", "must be 3.0.x"),
    below(Root, "info", One(Info), "module documentation"),
    below(
        Root,
        "servers",
        List(Server),
        "the default base URL is the first one",
    ),
    below(Root, "paths", Map(PathItem), "operations"),
    below(Root, "components", One(Components), "types"),
    read(
        Root,
        "security",
        "the requirement of operations that state none",
    ),
    below(Root, "tags", List(Tag), "one handle per tag"),
    ignored(Root, "externalDocs", LINK),
    read(Info, "title", "module documentation"),
    read(Info, "version", "module documentation"),
    read(Info, "description", "module documentation"),
    ignored(
        Info,
        "termsOfService",
        "legal text; changes nothing in the client",
    ),
    ignored(Info, "contact", "changes nothing in the client"),
    ignored(
        Info,
        "license",
        "the licence of the description; changes nothing in the client",
    ),
    read(Server, "url", "the default base URL is the first server's"),
    ignored(Server, "description", "the base URL speaks for itself"),
    unsupported(
        Server,
        "variables",
        "write the URL out in spec/overlay.yaml",
    ),
    read(Tag, "name", "the handle's name"),
    read(Tag, "description", "documentation of the handle"),
    ignored(Tag, "externalDocs", LINK),
    read(
        Tag,
        "x-lifecycle",
        "documentation of the handle; how its jobs are waited for",
    ),
    below(Components, "schemas", Map(Schema), "types"),
    below(
        Components,
        "responses",
        Map(Response),
        "answers that operations refer to",
    ),
    below(
        Components,
        "parameters",
        Map(Parameter),
        "parameters that operations refer to",
    ),
    below(
        Components,
        "requestBodies",
        Map(RequestBody),
        "bodies that operations refer to",
    ),
    below(
        Components,
        "securitySchemes",
        Map(SecurityScheme),
        "the key headers",
    ),
    ignored(
        Components,
        "headers",
        "answers keep all their headers, untyped",
    ),
    ignored(Components, "examples", EXAMPLE),
    ignored(
        Components,
        "links",
        "describe follow-up calls; changes nothing in the client",
    ),
    ignored(
        Components,
        "callbacks",
        "requests that the server sends; the client sends none of them",
    ),
    ignored(
        PathItem,
        "summary",
        "each operation has its own documentation",
    ),
    ignored(
        PathItem,
        "description",
        "each operation has its own documentation",
    ),
    below(PathItem, "get", One(Operation), "a method of a handle"),
    below(PathItem, "put", One(Operation), "a method of a handle"),
    below(PathItem, "post", One(Operation), "a method of a handle"),
    below(PathItem, "delete", One(Operation), "a method of a handle"),
    below(PathItem, "options", One(Operation), "a method of a handle"),
    below(PathItem, "head", One(Operation), "a method of a handle"),
    below(PathItem, "patch", One(Operation), "a method of a handle"),
    below(PathItem, "trace", One(Operation), "a method of a handle"),
    below(
        PathItem,
        "parameters",
        List(Parameter),
        "parameters of every operation of the path",
    ),
    unsupported(
        PathItem,
        "servers",
        "one base URL serves all paths; remove it in spec/overlay.yaml",
    ),
    read(Operation, "tags", "the first one names the handle"),
    read(Operation, "summary", "documentation of the method"),
    read(Operation, "description", "documentation of the method"),
    read(
        Operation,
        "operationId",
        "the method's name, and the operation's name in errors",
    ),
    below(
        Operation,
        "parameters",
        List(Parameter),
        "arguments and setters of the call",
    ),
    below(
        Operation,
        "requestBody",
        One(RequestBody),
        "the `body` argument",
    ),
    below(Operation, "responses", Map(Response), "the output type"),
    read(Operation, "deprecated", "`#[deprecated]`"),
    read(Operation, "security", "which key headers are sent"),
    read(Operation, "x-rust-name", "the method's name"),
    read(
        Operation,
        "x-credits",
        "documentation and `Operation::prices`",
    ),
    read(
        Operation,
        "x-idempotent",
        "whether a call is repeated after it may have been processed: `Operation::is_repeatable`",
    ),
    read(
        Operation,
        "x-pagination",
        "`Operation::paging`, and the items of all pages as one stream",
    ),
    ignored(Operation, "externalDocs", LINK),
    ignored(
        Operation,
        "callbacks",
        "requests that the server sends; the client sends none of them",
    ),
    ignored(Operation, "x-sunset", SUNSET),
    ignored(Operation, "x-source", PROVENANCE),
    ignored(Operation, "x-confidence", PROVENANCE),
    unsupported(
        Operation,
        "servers",
        "one base URL serves all operations; remove it in spec/overlay.yaml",
    ),
    read(Parameter, "name", "its name on the wire and in Rust"),
    read(Parameter, "in", "where the engine writes it"),
    read(Parameter, "description", "documentation"),
    read(
        Parameter,
        "required",
        "an argument when true, a setter of the call otherwise",
    ),
    read(Parameter, "deprecated", "`#[deprecated]` on its setter"),
    ignored(Parameter, "x-sunset", SUNSET),
    read(Parameter, "style", "how a list is written"),
    read(Parameter, "explode", "how a list is written"),
    below(Parameter, "schema", One(Schema), "its type and limits"),
    read(Parameter, "x-rust-name", "its name in Rust"),
    ignored(Parameter, "example", EXAMPLE),
    ignored(Parameter, "examples", EXAMPLE),
    ignored(
        Parameter,
        "allowEmptyValue",
        "deprecated by the standard; an empty text can be sent",
    ),
    unsupported(
        Parameter,
        "allowReserved",
        "values are always percent-encoded; remove it in spec/overlay.yaml",
    ),
    unsupported(
        Parameter,
        "content",
        "describe the parameter by a `schema` in spec/overlay.yaml",
    ),
    ignored(
        RequestBody,
        "description",
        "the body's type has its own documentation",
    ),
    below(
        RequestBody,
        "content",
        Map(MediaType),
        "how the body can be written; JSON is preferred",
    ),
    read(RequestBody, "required", "must be true: the `body` argument"),
    below(MediaType, "schema", One(Schema), "the type of the body"),
    ignored(MediaType, "example", EXAMPLE),
    ignored(MediaType, "examples", EXAMPLE),
    unsupported(
        MediaType,
        "encoding",
        "parts are written as text; remove it in spec/overlay.yaml",
    ),
    ignored(
        Response,
        "description",
        "the output type has its own documentation",
    ),
    ignored(
        Response,
        "headers",
        "answers keep all their headers, untyped",
    ),
    below(
        Response,
        "content",
        Map(MediaType),
        "the output type of 2xx; other answers are kept whole in the error",
    ),
    ignored(
        Response,
        "links",
        "describe follow-up calls; changes nothing in the client",
    ),
    read(SecurityScheme, "type", "must be `apiKey`"),
    read(SecurityScheme, "in", "must be `header`"),
    read(SecurityScheme, "name", "the header that carries the key"),
    read(SecurityScheme, "description", "documentation"),
    ignored(
        SecurityScheme,
        "scheme",
        "belongs to a type that is refused",
    ),
    ignored(
        SecurityScheme,
        "bearerFormat",
        "belongs to a type that is refused",
    ),
    ignored(SecurityScheme, "flows", "belongs to a type that is refused"),
    ignored(
        SecurityScheme,
        "openIdConnectUrl",
        "belongs to a type that is refused",
    ),
    read(Schema, "type", "the Rust type"),
    read(
        Schema,
        "format",
        "`uuid`, `date-time`: the Rust type; `uri`, `decimal`: checked before a request is sent",
    ),
    read(
        Schema,
        "title",
        "documentation where there is no description",
    ),
    read(Schema, "description", "documentation"),
    read(
        Schema,
        "nullable",
        "`Option` in answers, `Patch` in requests",
    ),
    read(Schema, "readOnly", "left out of the request type"),
    read(Schema, "writeOnly", "left out of the answer type"),
    read(Schema, "deprecated", "`#[deprecated]`"),
    read(Schema, "default", "documentation; never sent unasked"),
    read(Schema, "enum", "an open enum"),
    read(
        Schema,
        "pattern",
        "checked before a request is sent, where the client's regular expressions know its constructs",
    ),
    read(Schema, "minLength", CHECKED),
    read(Schema, "maxLength", CHECKED),
    read(Schema, "minimum", CHECKED),
    read(Schema, "maximum", CHECKED),
    read(Schema, "exclusiveMinimum", CHECKED),
    read(Schema, "exclusiveMaximum", CHECKED),
    read(Schema, "multipleOf", CHECKED),
    read(Schema, "minItems", CHECKED),
    read(Schema, "maxItems", CHECKED),
    read(Schema, "uniqueItems", CHECKED),
    read(Schema, "minProperties", CHECKED),
    read(Schema, "maxProperties", CHECKED),
    read(
        Schema,
        "required",
        "constructor arguments of a request; plain fields of an answer",
    ),
    below(Schema, "properties", Map(Schema), "fields"),
    below(Schema, "items", One(Schema), "the element type"),
    below(
        Schema,
        "additionalProperties",
        OneOrBoolean(Schema),
        "a map, or the `extra` fields",
    ),
    below(
        Schema,
        "allOf",
        List(Schema),
        "around one schema: that schema, with the outer documentation",
    ),
    below(Schema, "oneOf", List(Schema), "a union"),
    below(Schema, "anyOf", List(Schema), "a union"),
    below(Schema, "not", One(Schema), "a negation"),
    read(Schema, "discriminator", "which variant of a union"),
    read(Schema, "x-rust-name", "the Rust name of the type or field"),
    read(Schema, "x-enum-varnames", "the Rust names of the values"),
    read(Schema, "x-enum-descriptions", "documentation of the values"),
    read(Schema, "x-known-values", "an open enum"),
    read(
        Schema,
        "x-likely-required",
        "constructor arguments of the request type",
    ),
    read(Schema, "x-requires-any", REQUIREMENT),
    read(Schema, "x-requires-when", REQUIREMENT),
    ignored(Schema, "example", EXAMPLE),
    ignored(Schema, "externalDocs", LINK),
    ignored(Schema, "xml", "the client speaks JSON"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_keyword_has_two_rows() {
        for (index, keyword) in KEYWORDS.iter().enumerate() {
            let first = KEYWORDS
                .iter()
                .position(|other| other.context == keyword.context && other.name == keyword.name);
            assert_eq!(first, Some(index), "{keyword:?}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        assert_eq!(nearest(Context::Schema, "propertees"), Some("properties"));
        assert_eq!(nearest(Context::Schema, "x-rust-nmae"), Some("x-rust-name"));
        assert_eq!(nearest(Context::Schema, "colour"), None);
    }
}
