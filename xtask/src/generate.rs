//! Generates the bundle, the coverage ledger and the client. In: the spec. Out: files, written or verified.

use crate::Fault;
use crate::workspace::{self, BUNDLE, COVERAGE, EMULATOR, GENERATED, SPEC};
use codegen::Spec;
use codegen::bundle::Bundle;
use codegen::files::{self, Drift, Files, Mode, Written};
use std::io::Write;
use std::path::Path;

/// Everything that is generated.
pub(crate) fn codegen(root: &Path, mode: Mode, out: &mut dyn Write) -> Result<(), Fault> {
    let sources = workspace::sources(root)?;
    let fragments = sources.fragments.len();
    let Bundle {
        text,
        notes,
        corrections,
    } = codegen::bundle::bundle(&sources)?;
    let spec = Spec::new(format!("{SPEC}/{BUNDLE}"), text);
    let output = codegen::client(&spec, &corrections)?;
    let copy = Files::from([(BUNDLE.to_owned(), spec.text.clone())]);
    let spec_files = Files::from([
        (BUNDLE.to_owned(), spec.text),
        (COVERAGE.to_owned(), output.coverage),
    ]);
    let changes = sync(
        root,
        &[
            (SPEC, &spec_files),
            (EMULATOR, &copy),
            (GENERATED, &output.files),
        ],
        mode,
    )?;
    let count = spec_files.len() + copy.len() + output.files.len();
    writeln!(
        out,
        "{fragments} fragments, {count} generated files: {changes}"
    )?;
    if mode == Mode::Write && !notes.is_empty() {
        writeln!(
            out,
            "{} notes about prose: `cargo xtask spec bundle` lists them",
            notes.len()
        )?;
    }
    Ok(())
}

/// The bundle alone, with its copy.
pub(crate) fn bundle(root: &Path, mode: Mode, out: &mut dyn Write) -> Result<(), Fault> {
    let sources = workspace::sources(root)?;
    let fragments = sources.fragments.len();
    let Bundle { text, notes, .. } = codegen::bundle::bundle(&sources)?;
    for note in notes {
        writeln!(out, "note: {note}")?;
    }
    let copy = Files::from([(BUNDLE.to_owned(), text)]);
    let mut files = copy.clone();
    // The coverage ledger is generated too, though not by this task: as it is, it is no stray.
    if let Ok(coverage) = workspace::spec(root, &format!("{SPEC}/{COVERAGE}")) {
        files.insert(COVERAGE.to_owned(), coverage.text.replace("\r\n", "\n"));
    }
    let changes = sync(root, &[(SPEC, &files), (EMULATOR, &copy)], mode)?;
    writeln!(out, "{fragments} fragments: {changes}")?;
    Ok(())
}

/// Writes or verifies the files of several folders; says what changed.
fn sync(root: &Path, folders: &[(&str, &Files)], mode: Mode) -> Result<String, Fault> {
    let mut changes = Vec::new();
    let mut differences = Vec::new();
    for (folder, files) in folders {
        let path = root.join(folder);
        match mode {
            Mode::Write => changes.push(describe(&files::write(&path, files)?, folder)),
            Mode::Check => match files::verify(&path, files).map_err(|drift| drift.below(folder)) {
                Ok(()) => {}
                Err(Drift::Differs(found)) => differences.extend(found),
                Err(unreadable @ Drift::Unreadable(_)) => return Err(unreadable.into()),
            },
        }
    }
    if !differences.is_empty() {
        return Err(Drift::Differs(differences).into());
    }
    changes.retain(|change| change != UNCHANGED);
    Ok(if changes.is_empty() {
        UNCHANGED.to_owned()
    } else {
        changes.join(", ")
    })
}

const UNCHANGED: &str = "up to date";

/// How many files are named before they are only counted.
const NAMED_FILES: usize = 3;

fn describe(written: &Written, folder: &str) -> String {
    let changes = [("wrote", &written.changed), ("removed", &written.removed)];
    let present = changes.iter().filter(|(_, files)| !files.is_empty());
    let changes: Vec<_> = present
        .map(|(verb, files)| {
            if files.len() > NAMED_FILES {
                return format!("{verb} {} files below {folder}", files.len());
            }
            let files: Vec<_> = files
                .iter()
                .map(|file| format!("{folder}/{file}"))
                .collect();
            format!("{verb} {}", files.join(", "))
        })
        .collect();
    if changes.is_empty() {
        UNCHANGED.to_owned()
    } else {
        changes.join(", ")
    }
}
