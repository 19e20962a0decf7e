//! Reads documents to compare. In: names of files and git revisions. Out: texts. Reads git's objects and touches no work
//! tree; knows no document.

use crate::Fault;
use crate::workspace::{BUNDLE, SPEC};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// One document to compare.
pub(crate) struct Document {
    /// What reports call it.
    pub(crate) name: String,
    /// The file within the work tree, or within the revision.
    pub(crate) file: String,
    /// The commit that it stands in; `None` for a file on disk.
    pub(crate) commit: Option<String>,
    pub(crate) text: String,
}

/// The bundle as it is on disk.
pub(crate) fn work_tree(root: &Path) -> Result<Document, Fault> {
    let file = format!("{SPEC}/{BUNDLE}");
    on_disk(&root.join(&file), &file)
}

/// The document that an argument names: a file, `REVISION:PATH`, or a revision, whose bundle is meant.
pub(crate) fn document(root: &Path, argument: &str) -> Result<Document, Fault> {
    let path = Path::new(argument);
    if path.is_file() {
        return on_disk(path, argument);
    }
    let (revision, file) = match argument.split_once(':') {
        Some((revision, file)) => (revision, file.to_owned()),
        None => (argument, format!("{SPEC}/{BUNDLE}")),
    };
    let commit = commit(root, revision)?;
    let name = format!("{revision}:{file}");
    let Some(text) = show(root, &commit, &file)? else {
        let help =
            format!("`git ls-tree -r --name-only {revision}` lists the files that are there");
        return refuse(
            &name,
            &format!("there is no file `{file}` at this revision"),
            &help,
        );
    };
    Ok(Document {
        name,
        file,
        commit: Some(commit),
        text,
    })
}

/// A file as it was at a commit, `None` when it was not there. The path is one below `root`.
pub(crate) fn show(root: &Path, commit: &str, file: &str) -> Result<Option<String>, Fault> {
    // Without `./` git takes a path as one below the repository's folder, whichever folder it runs in.
    let object = format!("{commit}:./{file}");
    let output = git(root, &["cat-file", "blob", &object])?;
    if !output.status.success() {
        return Ok(None);
    }
    match String::from_utf8(output.stdout) {
        Ok(text) => Ok(Some(text)),
        Err(_) => refuse(
            &format!("{commit}:{file}"),
            "this file is no text in UTF-8",
            "name another one",
        ),
    }
}

/// The tag that stands nearest before the work tree's commit.
pub(crate) fn latest_tag(root: &Path) -> Result<Option<String>, Fault> {
    let output = git(root, &["describe", "--tags", "--abbrev=0"])?;
    let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok((output.status.success() && !name.is_empty()).then_some(name))
}

fn on_disk(path: &Path, name: &str) -> Result<Document, Fault> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Document {
            name: name.to_owned(),
            file: name.to_owned(),
            commit: None,
            text,
        }),
        Err(error) => refuse(
            name,
            &format!("cannot read this file: {error}"),
            "name an OpenAPI document in YAML or JSON",
        ),
    }
}

fn commit(root: &Path, revision: &str) -> Result<String, Fault> {
    // An argument of git that begins with a dash would be an option.
    let wanted = format!("{revision}^{{commit}}");
    let output = git(
        root,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &wanted,
        ],
    )?;
    if output.status.success() && !revision.is_empty() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    if Path::new(revision).is_dir() {
        let help = "name the OpenAPI document in it";
        return refuse(revision, "this is a folder, and no git revision", help);
    }
    let looks_like_file = [".yaml", ".yml", ".json"]
        .iter()
        .any(|end| revision.ends_with(end));
    let help = match (looks_like_file, revision.split_once('/')) {
        (true, _) => "paths are read from the current folder".to_owned(),
        (false, Some(("origin", branch))) => fetch(root, branch)?,
        (false, Some(_) | None) => fetch(root, "main")?,
    };
    refuse(revision, "this is neither a file nor a git revision", &help)
}

fn fetch(root: &Path, branch: &str) -> Result<String, Fault> {
    let output = git(root, &["rev-parse", "--is-shallow-repository"])?;
    let shallow = output.stdout.starts_with(b"true");
    let why = if shallow {
        "this clone is shallow and lacks it"
    } else {
        "it may not have been fetched"
    };
    Ok(format!("{why}: `git fetch origin {branch}`"))
}

fn git(root: &Path, arguments: &[&str]) -> Result<Output, Fault> {
    let mut command = Command::new("git");
    command.current_dir(root).args(arguments);
    command
        .output()
        .map_err(|error| Fault::Refused(format!("git: error: cannot start it: {error}")))
}

fn refuse<T>(name: &str, message: &str, help: &str) -> Result<T, Fault> {
    Err(Fault::Refused(format!(
        "{name}: error: {message}\n  help: {help}"
    )))
}
