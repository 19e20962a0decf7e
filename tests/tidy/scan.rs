//! Finds what a source uses. In: its text, and the names there are. Out: modules, packages and the parts of `std` that
//! reach outside the program. Knows no rules.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// The parts of `std` that reach outside the program.
const OUTSIDE: &[&str] = &["env", "fs", "net", "process", "thread", "time"];

/// Looks for paths in tokens.
pub(crate) struct Scan<'a> {
    /// Every other package, as code names it.
    packages: &'a BTreeSet<String>,
    /// The modules at the top of this package.
    siblings: &'a BTreeSet<String>,
    /// What is used.
    pub(crate) found: BTreeSet<String>,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(packages: &'a BTreeSet<String>, siblings: &'a BTreeSet<String>) -> Self {
        Self {
            packages,
            siblings,
            found: BTreeSet::new(),
        }
    }

    /// Reads a source, whose module is `here`.
    pub(crate) fn text(&mut self, text: &str, here: &[String]) -> Result<(), String> {
        let tokens: TokenStream = text.parse().map_err(|error| format!("no Rust: {error}"))?;
        self.tokens(tokens, here);
        Ok(())
    }

    fn tokens(&mut self, stream: TokenStream, here: &[String]) {
        let tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    let inline = tokens
                        .get(at + 1)
                        .map(ToString::to_string)
                        .zip(tokens.get(at + 2));
                    match inline {
                        // What is quoted is the code of the client, not of the generator.
                        Some((mark, TokenTree::Group(_)))
                            if mark == "!" && name.contains("quote") =>
                        {
                            at += 2
                        }
                        Some((module, TokenTree::Group(body))) if name == "mod" => {
                            let below: Vec<String> = here.iter().cloned().chain([module]).collect();
                            self.tokens(body.stream(), &below);
                            at += 2;
                        }
                        _ if continues(&tokens, at) || !double_colon(&tokens, at + 1) => {}
                        _ => self.path(&name, &tokens, at + 3, here),
                    }
                }
                TokenTree::Group(group) => self.tokens(group.stream(), here),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            at += 1;
        }
    }

    /// The path `first::..`, whose second part stands at `next`.
    fn path(&mut self, first: &str, tokens: &[TokenTree], next: usize, here: &[String]) {
        match first {
            "crate" => self.below_root(tokens, next),
            "super" => {
                let mut base = here.len().saturating_sub(1);
                let mut next = next;
                while tokens
                    .get(next)
                    .is_some_and(|token| token.to_string() == "super")
                {
                    base = base.saturating_sub(1);
                    next += 3;
                }
                match here.first() {
                    Some(top) if base > 0 => {
                        self.found.insert(top.clone());
                    }
                    Some(_) | None => self.below_root(tokens, next),
                }
            }
            "std" => {
                let parts = heads(tokens, next)
                    .into_iter()
                    .filter(|part| OUTSIDE.contains(&part.as_str()));
                self.found.extend(parts.map(|part| format!("std::{part}")));
            }
            _ if here.is_empty() && self.siblings.contains(first) => {
                self.found.insert(first.to_owned());
            }
            _ if self.packages.contains(first) && !self.siblings.contains(first) => {
                self.found.insert(first.to_owned());
            }
            _ => {}
        }
    }

    fn below_root(&mut self, tokens: &[TokenTree], next: usize) {
        // Each test is a package of its own, whose modules are all its own parts.
        if self.siblings.is_empty() {
            return;
        }
        for head in heads(tokens, next) {
            if head == "generated" {
                let below = heads(tokens, next + 3).into_iter();
                self.found
                    .extend(below.map(|part| format!("generated::{part}")));
            } else if self.siblings.contains(&head) {
                self.found.insert(head);
            } else {
                // Something that the root of the package declares.
                self.found.insert("lib".to_owned());
            }
        }
    }
}

/// The first parts of what follows `::`, one or, in braces, several.
fn heads(tokens: &[TokenTree], next: usize) -> Vec<String> {
    match tokens.get(next) {
        Some(TokenTree::Ident(ident)) => vec![ident.to_string()],
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let starts = inner.iter().enumerate().filter(|(at, _)| {
                *at == 0
                    || inner
                        .get(at - 1)
                        .is_some_and(|before| before.to_string() == ",")
            });
            starts.map(|(_, token)| token.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

fn double_colon(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| tokens.get(at).is_some_and(|token| token.to_string() == ":");
    colon(at) && colon(at + 1)
}

/// Whether the name at `at` belongs to a path that began before, or to a method call.
fn continues(tokens: &[TokenTree], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at));
    if before(1).is_some_and(|token| token.to_string() == ".") {
        return true;
    }
    at >= 2
        && double_colon(tokens, at - 2)
        && match before(3) {
            Some(TokenTree::Ident(ident)) => {
                !["use", "return", "as", "in", "dyn", "impl"].contains(&ident.to_string().as_str())
            }
            Some(token) => token.to_string() == ">",
            None => false,
        }
}

#[test]
fn uses_are_found_wherever_they_stand() {
    let packages = BTreeSet::from(["serde".to_owned(), "syn".to_owned()]);
    let siblings = BTreeSet::from(["api".to_owned(), "krate".to_owned(), "plan".to_owned()]);
    let table: &[(&str, &[&str], &[&str])] = &[
        ("use crate::api::Schema;", &["plan", "types"], &["api"]),
        (
            "use crate::{api::{self, Schema}, krate};",
            &["plan"],
            &["api", "krate"],
        ),
        ("use crate::Spec;", &["plan"], &["lib"]),
        ("use super::names;", &["plan", "types"], &["plan"]),
        ("use super::super::krate;", &["plan", "types"], &["krate"]),
        ("use super::api;", &["plan"], &["api"]),
        (
            "mod tests { use super::*; use super::super::api; }",
            &["plan"],
            &["plan", "api"],
        ),
        (
            "fn f() -> crate::api::Schema { api::read() }",
            &["plan"],
            &["api"],
        ),
        ("fn f() { plan::krate(); }", &[], &["plan"]),
        (
            "#[derive(serde::Serialize)] struct A;",
            &["plan"],
            &["serde"],
        ),
        (
            "macro_rules! m { () => { ::serde::x($crate::api::y) } }",
            &["plan"],
            &["serde", "api"],
        ),
        ("use std::{fmt, fs};", &["plan"], &["std::fs"]),
        (
            "fn f() { std::env::var(\"X\").serde::<u8>(); a::syn::b(); }",
            &["plan"],
            &["std::env"],
        ),
        (
            "fn f() -> TokenStream { quote!(use crate::api::A; ::syn::b()) }",
            &["plan"],
            &[],
        ),
        (
            "/// Not [`crate::api`].\nfn f() { \"crate::api\"; }",
            &["plan"],
            &[],
        ),
        (
            "use crate::generated::security::KEY; use crate::generated::types;",
            &["plan"],
            &["generated::security", "generated::types"],
        ),
    ];
    for (text, here, expected) in table {
        let mut scan = Scan::new(&packages, &siblings);
        let here: Vec<String> = here.iter().map(|part| (*part).to_owned()).collect();
        scan.text(text, &here).expect("Rust");
        let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(scan.found, expected, "{text}");
    }
}
