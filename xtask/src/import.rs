//! Takes over documentation pages. In: saved pages. Out: their fragments in `spec/upstream`, and where they came from.

use crate::Fault;
use crate::workspace::{self, PROVENANCE, UPSTREAM};
use codegen::bundle::{self, Origin};
use codegen::page::{self, Fragment, Operation};
use codegen::{Spec, yaml};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Imports pages, the oldest first; nothing is written when any of them is faulty.
pub(crate) fn import(root: &Path, pages: &[PathBuf], out: &mut dyn Write) -> Result<(), Fault> {
    let mut existing = existing(root)?;
    let mut origins = bundle::provenance(&workspace::spec(root, PROVENANCE)?)?;
    let mut writes = Vec::new();
    for path in pages {
        let page = read(path)?;
        let fragment = page::fragment(&page)?;
        let file = place(&fragment, &existing, &page.name)?;
        let change = change(&file, &fragment, &existing);
        remember(&mut origins, &file, &fragment, path);
        existing.retain(|known| known.file != file);
        existing.push(Existing {
            file: file.clone(),
            text: fragment.text.clone(),
            operations: fragment.operations,
        });
        writes.push((file, fragment.text, change));
    }
    for (file, text, change) in writes {
        fs::write(root.join(UPSTREAM).join(&file), text)?;
        writeln!(out, "{UPSTREAM}/{file}: {change}")?;
    }
    fs::write(
        root.join(PROVENANCE),
        bundle::write_provenance(&origins).map_err(Fault::Failed)?,
    )?;
    writeln!(
        out,
        "next: look at `git diff spec`, then run `cargo xtask codegen`"
    )?;
    Ok(())
}

/// A fragment that is there already, or was imported just before.
struct Existing {
    file: String,
    text: String,
    operations: Vec<Operation>,
}

fn existing(root: &Path) -> Result<Vec<Existing>, Fault> {
    let read = |spec: Spec| {
        let file = spec.name.rsplit('/').next().unwrap_or_default().to_owned();
        // A page may be imported to replace a fragment that is broken; such a one describes no operation.
        let operations = yaml::read(&spec)
            .map(|tree| page::operations(&tree))
            .unwrap_or_default();
        Existing {
            file,
            text: spec.text,
            operations,
        }
    };
    Ok(workspace::fragments(root)?.into_iter().map(read).collect())
}

fn read(path: &Path) -> Result<Spec, Fault> {
    let name = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Ok(Spec::new(name, text)),
        Err(error) => Err(Fault::Refused(format!(
            "{name}: error: cannot read this page: {error}"
        ))),
    }
}

/// The file that a fragment belongs to: the one that has its operations already, or a new one.
fn place(fragment: &Fragment, existing: &[Existing], page: &str) -> Result<String, Fault> {
    let shares = |known: &&Existing| {
        known
            .operations
            .iter()
            .any(|operation| fragment.operations.contains(operation))
    };
    let holders: Vec<_> = existing.iter().filter(shares).collect();
    let refuse = |message: String, help: &str| {
        Err(Fault::Refused(format!(
            "{page}: error: {message}\n  help: {help}"
        )))
    };
    match holders[..] {
        [] => match existing
            .iter()
            .find(|known| known.file == fragment.file_name && !known.operations.is_empty())
        {
            None => Ok(fragment.file_name.clone()),
            Some(known) => {
                let message = format!(
                    "{UPSTREAM}/{} describes another operation already",
                    known.file
                );
                refuse(
                    message,
                    "rename that file and its entry in spec/provenance.yaml first",
                )
            }
        },
        [holder] => Ok(holder.file.clone()),
        [..] => {
            let files: Vec<_> = holders.iter().map(|holder| holder.file.as_str()).collect();
            let message = format!(
                "its operations stand in several fragments: {}",
                files.join(", ")
            );
            refuse(
                message,
                "import a page per operation, or remove all but one of these fragments first",
            )
        }
    }
}

fn change(file: &str, fragment: &Fragment, existing: &[Existing]) -> String {
    let operations: Vec<_> = fragment
        .operations
        .iter()
        .map(|operation| format!("{} {}", operation.method.to_uppercase(), operation.path))
        .collect();
    let what = match existing.iter().find(|known| known.file == file) {
        None => "new",
        Some(known) if known.text.replace("\r\n", "\n") == fragment.text => "as it was",
        Some(_) => "replaced",
    };
    format!("{what} ({})", operations.join(", "))
}

/// Moves the entry of a fragment to the end: its page is the newest.
fn remember(origins: &mut Vec<Origin>, file: &str, fragment: &Fragment, path: &Path) {
    let known = origins
        .iter()
        .position(|origin| origin.fragment == file)
        .map(|index| origins.remove(index));
    let saved_as = || {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let page = fragment
        .address
        .clone()
        .or(known.map(|origin| origin.page))
        .unwrap_or_else(saved_as);
    origins.push(Origin {
        fragment: file.to_owned(),
        page,
    });
}
