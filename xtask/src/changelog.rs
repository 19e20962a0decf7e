//! Writes the API part of the changelog's next entry. In: a revision, the latest tag by default. Out: Markdown.

use crate::{Fault, diff, git};
use std::io::Write;
use std::path::Path;

/// Prints what users of the client notice since `base`.
pub(crate) fn changelog(root: &Path, base: Option<&str>, out: &mut dyn Write) -> Result<(), Fault> {
    let base = match base {
        Some(base) => base.to_owned(),
        None => match git::latest_tag(root)? {
            Some(tag) => tag,
            None => {
                let message = "error: there is no tag to compare with\n  help: name what the last entry was about: \
                               `cargo xtask changelog BASE`, a git revision or a file";
                return Err(Fault::Refused(message.to_owned()));
            }
        },
    };
    let (base, head) = (git::document(root, &base)?, git::work_tree(root)?);
    let review = diff::review(root, (&base, &head), None, diff::today())?;
    let text = codegen::diff::changelog(&review);
    match text.is_empty() {
        true => writeln!(
            out,
            "Nothing that users notice has changed since {}.",
            base.name
        )?,
        false => write!(out, "{text}")?,
    }
    Ok(())
}
