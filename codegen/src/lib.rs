//! Turns an OpenAPI 3.0 document into the source of a typed Rust client.
//!
//! Pure: no disk (but for [`files`]), no network, no clock, no environment. The same text gives the same bytes.

// A library speaks to its caller alone.
#![warn(clippy::print_stderr, clippy::print_stdout)]

pub mod action;
pub mod api;
pub mod bundle;
pub mod coverage;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod files;
pub mod format;
pub mod keyword;
pub mod krate;
pub mod locate;
pub mod overlay;
pub mod page;
pub mod plan;
pub mod pointer;
pub mod render;
pub mod resolve;
pub mod walk;
pub mod wire;
pub mod yaml;

pub use diagnostic::{Diagnostic, Diagnostics, Position, Spec};
pub use pointer::Pointer;

use coverage::Corrections;
use files::Files;

/// What the generator makes of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The client, by path below `src/generated`.
    pub files: Files,
    /// What became of everything in the document, as Markdown.
    pub coverage: String,
}

/// Text to client. `corrections` says which nodes were corrected, for the coverage ledger.
///
/// # Errors
///
/// All complaints at once, each with its place; never a partial client.
pub fn client(spec: &Spec, corrections: &Corrections) -> Result<Output, Diagnostics> {
    generate(spec, corrections).map_err(|diagnostics| diagnostics.located(spec))
}

fn generate(spec: &Spec, corrections: &Corrections) -> Result<Output, Diagnostics> {
    let document = document::read(spec)?; // text     -> Document   parsed, and nothing lost
    let api = resolve::api(&document)?; //   Document -> Api        no $ref; wire names; one meaning per shape
    let krate = plan::krate(&api, &spec.name)?; // Api -> Crate     every Rust name and type decided
    let coverage = coverage::report(&document, &krate, corrections)?;
    Ok(Output {
        files: render::files(&krate),
        coverage,
    }) // Crate -> Files   total: it cannot fail
}
