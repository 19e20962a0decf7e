//! Writes or verifies generated files. In: a folder and texts. Out: what changed, or how the disk drifted. Knows no meaning.
//!
//! The only module of this crate that touches the disk.

use similar::TextDiff;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Texts by their path below some folder; segments are parted by `/`.
pub type Files = BTreeMap<String, String>;

/// What to do with generated files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Bring the disk up to date.
    Write,
    /// Leave the disk alone and report where it is not up to date.
    Check,
}

/// What every generated file has in its first line, whatever marks a comment there.
const MARK: &str = "enerated by `cargo xtask codegen`";

/// How many lines of one file's diff are shown.
const SHOWN_LINES: usize = 60;

/// What a write changed, as paths below its folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Files that are new or have another text.
    pub changed: Vec<String>,
    /// Generated files that are no longer generated.
    pub removed: Vec<String>,
}

/// How the disk differs from what should be there.
#[derive(Debug)]
pub enum Drift {
    /// A file or folder could not be read.
    Unreadable(io::Error),
    /// The files that are not as they should be.
    Differs(Vec<Difference>),
}

/// How one file differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its path below the folder.
    pub file: String,
    /// In which way.
    pub kind: DifferenceKind,
}

/// The ways in which a generated file can be out of date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It should be there.
    Missing,
    /// It was generated once, and no longer is.
    Stray,
    /// It has another text; the unified diff from the disk's text to the generated one.
    Changed(String),
}

impl Drift {
    /// The same, with the files named from one folder further up.
    #[must_use]
    pub fn below(self, folder: &str) -> Self {
        match self {
            Self::Unreadable(error) => Self::Unreadable(error),
            Self::Differs(files) => Self::Differs(
                files
                    .into_iter()
                    .map(|difference| Difference {
                        file: format!("{folder}/{}", difference.file),
                        ..difference
                    })
                    .collect(),
            ),
        }
    }
}

impl fmt::Display for Drift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = match self {
            Self::Unreadable(error) => {
                return write!(formatter, "cannot read the generated files: {error}");
            }
            Self::Differs(files) => files,
        };
        for Difference { file, kind } in files {
            match kind {
                DifferenceKind::Missing => writeln!(formatter, "missing: {file}")?,
                DifferenceKind::Stray => writeln!(formatter, "no longer generated: {file}")?,
                DifferenceKind::Changed(diff) => write!(formatter, "out of date: {file}\n{diff}")?,
            }
        }
        let count = files.len();
        writeln!(
            formatter,
            "{count} generated {} not up to date",
            if count == 1 { "file is" } else { "files are" }
        )?;
        write!(formatter, "help: run `cargo xtask codegen`")
    }
}

impl std::error::Error for Drift {}

/// Writes `files` below `folder`. Files with the same text stay untouched; generated files that are not among `files` are
/// removed, hand-written ones never.
///
/// # Errors
/// Those of the disk; a path that leads out of `folder`.
pub fn write(folder: &Path, files: &Files) -> io::Result<Written> {
    let mut written = Written::default();
    for (name, text) in files {
        let path = inside(folder, name)?;
        if read(&path)?.as_deref() == Some(text.as_str()) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, text)?;
        written.changed.push(name.clone());
    }
    for name in strays(folder, files)? {
        fs::remove_file(inside(folder, &name)?)?;
        written.removed.push(name);
    }
    Ok(written)
}

/// Compares `files` with what stands below `folder`; line ends of a checkout with CRLF count as equal.
///
/// # Errors
/// [`Drift`] when anything is missing, stray, different or unreadable.
pub fn verify(folder: &Path, files: &Files) -> Result<(), Drift> {
    let differences = differences(folder, files).map_err(Drift::Unreadable)?;
    if differences.is_empty() {
        Ok(())
    } else {
        Err(Drift::Differs(differences))
    }
}

fn differences(folder: &Path, files: &Files) -> io::Result<Vec<Difference>> {
    let mut found = Vec::new();
    for (name, expected) in files {
        let kind = match read(&inside(folder, name)?)? {
            Some(actual) if actual == *expected => continue,
            Some(actual) => DifferenceKind::Changed(unified(&actual, expected)),
            None => DifferenceKind::Missing,
        };
        found.push(Difference {
            file: name.clone(),
            kind,
        });
    }
    let strays = strays(folder, files)?.into_iter();
    found.extend(strays.map(|file| Difference {
        file,
        kind: DifferenceKind::Stray,
    }));
    Ok(found)
}

/// The unified diff, cut to its first lines.
fn unified(actual: &str, expected: &str) -> String {
    let diff = TextDiff::from_lines(actual, expected);
    let text = diff
        .unified_diff()
        .context_radius(2)
        .header("on disk", "as generated")
        .to_string();
    let lines: Vec<_> = text.lines().collect();
    let mut shown: String = lines
        .iter()
        .take(SHOWN_LINES)
        .flat_map(|line| [line, "\n"])
        .collect();
    if let Some(hidden) = lines
        .len()
        .checked_sub(SHOWN_LINES)
        .filter(|hidden| *hidden > 0)
    {
        shown.push_str(&format!("... and {hidden} more lines of this diff\n"));
    }
    shown
}

/// The text of a file with `\n` as line end, `None` when there is no file.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            Ok(Some(if text.contains('\r') {
                text.replace("\r\n", "\n")
            } else {
                text.into_owned()
            }))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io::Error::new(
            error.kind(),
            format!("{}: {error}", path.display()),
        )),
    }
}

fn inside(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let is_plain = |segment: &str| {
        !segment.is_empty() && segment != "." && segment != ".." && !segment.contains('\\')
    };
    if name.split('/').all(is_plain) {
        Ok(name
            .split('/')
            .fold(folder.to_owned(), |path, segment| path.join(segment)))
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("`{name}` is no path below a folder"),
        ))
    }
}

/// The generated files below `folder` that are not among `files`, sorted.
fn strays(folder: &Path, files: &Files) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    collect_generated(folder, "", &mut found)?;
    found.retain(|name| !files.contains_key(name));
    found.sort();
    Ok(found)
}

fn collect_generated(folder: &Path, prefix: &str, found: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let name = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            collect_generated(&entry.path(), &format!("{name}/"), found)?;
        } else if kind.is_file() && is_generated(&entry.path())? {
            found.push(name);
        }
    }
    Ok(())
}

fn is_generated(path: &Path) -> io::Result<bool> {
    let text = read(path)?.unwrap_or_default();
    Ok(text.lines().next().is_some_and(|line| line.contains(MARK)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_must_stay_below_its_folder() {
        let folder = Path::new("a");
        assert_eq!(
            inside(folder, "b/c.rs").expect("a path"),
            Path::new("a").join("b").join("c.rs")
        );
        for name in ["../b", "/b", "b//c", "", "b/./c", "b\\..\\c"] {
            assert!(inside(folder, name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_report_names_every_file_and_ends_with_the_repair() {
        let changed = DifferenceKind::Changed(unified("a\nb\n", "a\nc\n"));
        let kinds = [DifferenceKind::Missing, DifferenceKind::Stray, changed];
        let files = kinds
            .into_iter()
            .map(|kind| Difference {
                file: "b.rs".to_owned(),
                kind,
            })
            .collect();
        let expected = "missing: g/b.rs\nno longer generated: g/b.rs\nout of date: g/b.rs\n--- on disk\n+++ as generated\n\
                        @@ -1,2 +1,2 @@\n a\n-b\n+c\n3 generated files are not up to date\nhelp: run `cargo xtask codegen`";
        assert_eq!(Drift::Differs(files).below("g").to_string(), expected);
    }

    #[test]
    fn long_diffs_are_cut_with_a_count() {
        let diff = unified(&"a\n".repeat(100), &"b\n".repeat(100));
        assert_eq!(diff.lines().count(), SHOWN_LINES + 1);
        assert!(
            diff.ends_with("... and 143 more lines of this diff\n"),
            "{diff}"
        );
    }
}
