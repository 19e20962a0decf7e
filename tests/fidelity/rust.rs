//! Reads small pieces of Rust. In: `syn` expressions and types. Out: plain data, or what was not understood. Knows
//! neither operations nor structs.

use std::collections::BTreeMap;
use std::fmt;
use syn::{Expr, ImplItem, ImplItemFn, ItemImpl, Lit, Pat, Stmt};

/// A Rust type without paths, lifetimes and `Box`: `Option<Vec<Uuid>>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) of: Vec<Type>,
}

/// The limits on one field or parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) field: String,
    /// The method of the rule and what it was given.
    pub(crate) limits: BTreeMap<String, String>,
    pub(crate) nested: Option<Nested>,
}

/// The limits on what a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Nested {
    /// `object`, `items` or `values`, and the type whose rules hold.
    Of(String, String),
    /// `each_item` or `each_value`, and the rule that holds.
    Each(String, Box<Rule>),
}

/// One link of a chain `base(..).name(..)`: the name, and what it was given.
pub(crate) struct Link<'a> {
    pub(crate) name: String,
    pub(crate) given: Vec<&'a Expr>,
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        if !self.of.is_empty() {
            let of: Vec<String> = self.of.iter().map(Type::to_string).collect();
            write!(formatter, "<{}>", of.join(", "))?;
        }
        Ok(())
    }
}

impl Type {
    pub(crate) fn of(name: &str, of: Vec<Type>) -> Self {
        Self {
            name: name.to_owned(),
            of,
        }
    }

    pub(crate) fn plain(name: &str) -> Self {
        Self::of(name, Vec::new())
    }

    /// The type inside all `Option`, `Patch`, `Vec` and `BTreeMap`.
    pub(crate) fn innermost(&self) -> &Type {
        self.of.last().map_or(self, Type::innermost)
    }

    pub(crate) fn read(ty: &syn::Type) -> Result<Self, String> {
        match ty {
            syn::Type::Reference(reference) => Self::read(&reference.elem),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Self::plain("()")),
            syn::Type::ImplTrait(one) => match one.bounds.first() {
                Some(syn::TypeParamBound::Trait(bound)) => Self::path(&bound.path),
                _ => Err("a bound that is no trait".to_owned()),
            },
            syn::Type::Path(path) => Self::path(&path.path),
            _ => Err("a type that is no path".to_owned()),
        }
    }

    fn path(path: &syn::Path) -> Result<Self, String> {
        let segment = path.segments.last().ok_or("an empty path")?;
        let mut of = Vec::new();
        if let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments {
            for argument in &arguments.args {
                if let syn::GenericArgument::Type(ty) = argument {
                    of.push(Self::read(ty)?);
                }
            }
        }
        let name = segment.ident.to_string();
        match (name.as_str(), of.pop()) {
            // What an argument may be is no difference, only what it becomes.
            ("Box" | "Into", Some(inner)) => Ok(inner),
            ("str", None) => Ok(Self::plain("String")),
            (_, last) => {
                of.extend(last);
                Ok(Self { name, of })
            }
        }
    }
}

impl Rule {
    /// `Rule::new("field").max_length(3)`, or `Rule::requires_any(&[&["field"]])` of a whole object.
    pub(crate) fn read(expression: &Expr) -> Result<Self, String> {
        let (base, links) = chain(expression)?;
        if let Some(kind) = base.name.strip_prefix("Rule::requires_") {
            let given = base.given.iter().map(|given| names(given));
            let given = given.collect::<Result<Vec<_>, _>>()?;
            return Ok(Self {
                field: String::new(),
                limits: BTreeMap::from([(kind.to_owned(), given.join(", "))]),
                nested: None,
            });
        }
        if base.name != "Rule::new" {
            return Err(format!("a rule that begins with `{}`", base.name));
        }
        let field = text(base.given.first().copied().ok_or("a rule without a name")?)?;
        let mut rule = Self {
            field,
            limits: BTreeMap::new(),
            nested: None,
        };
        for link in links {
            let given = link.given.first().copied();
            match (link.name.as_str(), given) {
                ("object" | "items" | "values", Some(given)) => {
                    let target = path(given)?;
                    let owner = target
                        .strip_suffix("::rules")
                        .ok_or("a nested rule of no type")?;
                    rule.nested = Some(Nested::Of(link.name, owner.to_owned()));
                }
                ("each_item" | "each_value", Some(given)) => {
                    rule.nested = Some(Nested::Each(link.name, Box::new(Self::read(given)?)));
                }
                ("one_of", Some(given)) => {
                    rule.limits.insert(link.name, names(given)?);
                }
                (_, Some(given)) => {
                    rule.limits.insert(link.name, literal(given)?);
                }
                (_, None) => {
                    rule.limits.insert(link.name, "true".to_owned());
                }
            }
        }
        Ok(rule)
    }
}

/// A name, names that belong together, or groups of them.
fn names(expression: &Expr) -> Result<String, String> {
    let Ok(elements) = elements(expression) else {
        return text(expression);
    };
    let groups = elements.iter().any(|element| text(element).is_err());
    let elements = elements.iter().map(|element| names(element));
    let elements = elements.collect::<Result<Vec<_>, _>>()?;
    Ok(elements.join(if groups { " | " } else { " + " }))
}

/// The function that a chain begins with, and the methods called on what it gives.
pub(crate) fn chain(expression: &Expr) -> Result<(Link<'_>, Vec<Link<'_>>), String> {
    match expression {
        Expr::MethodCall(call) => {
            let (base, mut links) = chain(&call.receiver)?;
            links.push(Link {
                name: call.method.to_string(),
                given: call.args.iter().collect(),
            });
            Ok((base, links))
        }
        Expr::Call(call) => Ok((
            Link {
                name: path(&call.func)?,
                given: call.args.iter().collect(),
            },
            Vec::new(),
        )),
        Expr::Path(_) => Ok((
            Link {
                name: path(expression)?,
                given: Vec::new(),
            },
            Vec::new(),
        )),
        // `const { &Rule::new(..) }`, so that the rule lives long enough.
        Expr::Const(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(inner, None)] => chain(inner),
            _ => Err("a constant of several statements".to_owned()),
        },
        Expr::Reference(reference) => chain(&reference.expr),
        _ => Err("an expression that is no chain of calls".to_owned()),
    }
}

/// The elements of `&[..]`, also inside `const { .. }`.
pub(crate) fn elements(expression: &Expr) -> Result<Vec<&Expr>, String> {
    match expression {
        Expr::Reference(reference) => elements(&reference.expr),
        Expr::Array(array) => Ok(array.elems.iter().collect()),
        Expr::Const(block) => match block.block.stmts.as_slice() {
            [syn::Stmt::Expr(inner, None)] => elements(inner),
            _ => Err("a constant of several statements".to_owned()),
        },
        _ => Err("an expression that is no array".to_owned()),
    }
}

/// A path as text: `Format::Uri`.
pub(crate) fn path(expression: &Expr) -> Result<String, String> {
    match expression {
        Expr::Path(path) => {
            let segments = path.path.segments.iter();
            Ok(segments
                .map(|segment| segment.ident.to_string())
                .collect::<Vec<_>>()
                .join("::"))
        }
        _ => Err("an expression that is no path".to_owned()),
    }
}

/// A text literal.
pub(crate) fn text(expression: &Expr) -> Result<String, String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Ok(text.value()),
            _ => Err("a literal that is no text".to_owned()),
        },
        _ => Err("an expression that is no text literal".to_owned()),
    }
}

/// Any literal, or the last name of a path, as text. Numbers are written as short as can be.
pub(crate) fn literal(expression: &Expr) -> Result<String, String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Ok(text.value()),
            Lit::Int(number) => shortest(number.base10_digits()),
            Lit::Float(number) => shortest(number.base10_digits()),
            Lit::Bool(truth) => Ok(truth.value.to_string()),
            _ => Err("a literal of another kind".to_owned()),
        },
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            Ok(format!("-{}", literal(&unary.expr)?))
        }
        _ => path(expression).map(|path| path.rsplit("::").next().unwrap_or_default().to_owned()),
    }
}

fn shortest(digits: &str) -> Result<String, String> {
    digits
        .parse::<f64>()
        .map(|number| number.to_string())
        .map_err(|error| error.to_string())
}

/// The functions of an implementation.
pub(crate) fn functions(one: &ItemImpl) -> impl Iterator<Item = &ImplItemFn> {
    one.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}

/// Names and types of the arguments, without `self`.
pub(crate) fn arguments(function: &ImplItemFn) -> Result<Vec<(String, Type)>, String> {
    let mut found = Vec::new();
    for argument in &function.sig.inputs {
        if let syn::FnArg::Typed(typed) = argument {
            let Pat::Ident(name) = &*typed.pat else {
                return Err("an argument without a name".to_owned());
            };
            found.push((name.ident.to_string(), Type::read(&typed.ty)?));
        }
    }
    Ok(found)
}

/// What a function gives.
pub(crate) fn last(function: &ImplItemFn) -> Result<&Expr, String> {
    match function.block.stmts.last() {
        Some(Stmt::Expr(expression, None)) => Ok(expression),
        _ => Err(format!("`{}` gives nothing", function.sig.ident)),
    }
}

/// The text of `#[doc = ".."]`, on one line.
pub(crate) fn docs(attributes: &[syn::Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => text(&pair.value).ok(),
            _ => None,
        });
    lines
        .map(|line| line.trim().to_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
