//! Parameters as data. In: what the specification says of a parameter. Out: constants that the address of a request is
//! built from. Knows no value.

use crate::runtime::Rule;

/// A parameter of an operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether each item of a list or object is a parameter of its own.
    pub explode: bool,
    /// Its limits.
    pub rule: Option<Rule>,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Location {
    /// In the path, in place of its name in braces.
    Path,
    /// After the question mark.
    Query,
    /// As a header.
    Header,
}

/// How lists and objects are written in a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// `a,b` in a path or header.
    Simple,
    /// `name=a,b`, or `name=a&name=b` when exploded.
    Form,
    /// `name=a%20b`
    SpaceDelimited,
    /// `name=a%7Cb`
    PipeDelimited,
    /// `name[key]=value`
    DeepObject,
}

impl Parameter {
    pub(crate) const fn path(name: &'static str) -> Self {
        Self {
            name,
            location: Location::Path,
            style: Style::Simple,
            explode: false,
            rule: None,
        }
    }

    pub(crate) const fn query(name: &'static str) -> Self {
        Self {
            name,
            location: Location::Query,
            style: Style::Form,
            explode: true,
            rule: None,
        }
    }

    pub(crate) const fn header(name: &'static str) -> Self {
        Self {
            name,
            location: Location::Header,
            style: Style::Simple,
            explode: false,
            rule: None,
        }
    }

    pub(crate) const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    pub(crate) const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    pub(crate) const fn rule(mut self, rule: Rule) -> Self {
        self.rule = Some(rule);
        self
    }
}
