//! What a change of the document does to users of the generated crate. In: two planned clients. Out: every change of the
//! surface that their code can name, call, match and read. Knows no document and no tokens.
//!
//! ```text
//! names::pair        types of both sides, so that a renamed type is one change and not one per use
//! types::compare     structs and enums: fields, constructors, setters, variants, traits
//! resources::compare handles, their methods, and what a call sends and costs
//! ```
//!
//! A change is major when some code that compiled against the old client no longer does, or now sends something else than
//! it says. All structs and enums are `#[non_exhaustive]` and all enums are open, so additions are minor. What is only
//! written differently in the document is no change of the surface, and is said once, as [`Bump::None`].

mod changes;
mod constructor;
mod docs;
mod examples;
mod fields;
mod keys;
mod limits;
mod methods;
mod names;
mod operation;
mod resources;
mod setters;
mod signature;
mod structs;
mod types;
mod variants;
mod waiting;
mod words;

use crate::krate;
use crate::pointer::Pointer;
use changes::{Changes, Spot};
use std::fmt;
use words::code;

/// How far a version has to be raised, by [Cargo's reading](https://doc.rust-lang.org/cargo/reference/semver.html) of
/// Semantic Versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// Not at all: users see nothing of it.
    None,
    /// Code compiles as before; documentation, or what a call sends, checks or costs, is another.
    Patch,
    /// Code compiles as before, and there is more to use, or something was deprecated.
    Minor,
    /// Code that compiled may no longer compile, or says something else than before.
    Major,
}

impl fmt::Display for Bump {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// One change of the crate's public surface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RustChange {
    /// How far it raises the crate's version.
    pub bump: Bump,
    /// The item, as its users write it: `types::LipsyncRequest::new`, `lipsyncs().create`.
    pub item: String,
    /// What happened to it, in one sentence without full stop.
    pub text: String,
    /// The node of the old document that it was generated from, where there was one.
    pub old: Option<Pointer>,
    /// The node of the new document that it is generated from.
    pub new: Option<Pointer>,
}

/// Every change between the public surfaces of two clients: the gravest first, then by item.
///
/// Empty for equal clients, and for no others.
pub fn compare(old: &krate::Crate, new: &krate::Crate) -> Vec<RustChange> {
    let mut changes = Changes::default();
    let names = names::pair(old, new);
    root(old, new, &mut changes);
    types::compare(&names, &mut changes);
    resources::compare((old, new), &names, &mut changes);
    examples::compare(&mut changes);
    if changes.list.is_empty() && old != new {
        let spot = Spot::both("crate", &Pointer::root(), &Pointer::root());
        let text = "what users see is the same; only places in the document, its order or private names differ";
        changes.push(Bump::None, &spot, text.to_owned());
    }
    changes.sorted()
}

/// What belongs to no resource and no type.
fn root(old: &krate::Crate, new: &krate::Crate, changes: &mut Changes) {
    let krate::Crate {
        docs,
        base_url,
        keys,
        resources: _,
        types: _,
    } = old;
    let servers = Pointer::root().key("servers");
    let spot = Spot::both("Client", &servers, &servers);
    if *base_url != new.base_url {
        let url = |url: &Option<String>| code(url.as_deref().unwrap_or_default());
        let text = format!(
            "by default, calls go to {} instead of {}",
            url(&new.base_url),
            url(base_url)
        );
        changes.push(Bump::Patch, &spot, text);
    }
    keys::compare(keys, &new.keys, changes);
    let info = Pointer::root().key("info");
    let spot = Spot::both("crate", &info, &info);
    changes.docs(&spot, (docs, &new.docs));
}

#[cfg(test)]
mod tests;
