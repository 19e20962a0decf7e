//! The version of the client. In: manifests, of the work tree or of a commit. Out: a version. Knows no document.

use crate::{Fault, git};
use codegen::diff::Version;
use std::fs;
use std::path::Path;

/// The manifest of the client, and the one of the workspace, from which it may inherit.
const MANIFESTS: [(&str, &str); 2] = [
    ("creatify-api/Cargo.toml", "[package]"),
    ("Cargo.toml", "[workspace.package]"),
];

/// The version in the work tree.
pub(crate) fn in_work_tree(root: &Path) -> Result<Option<Version>, Fault> {
    found(|file| Ok(fs::read_to_string(root.join(file)).ok()))
}

/// The version at a commit.
pub(crate) fn at(root: &Path, commit: &str) -> Result<Option<Version>, Fault> {
    found(|file| git::show(root, commit, file))
}

fn found(read: impl Fn(&str) -> Result<Option<String>, Fault>) -> Result<Option<Version>, Fault> {
    for (file, section) in MANIFESTS {
        if let Some(version) = read(file)?.and_then(|text| stated(&text, section)) {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

/// The version that a section of a manifest states as a text of its own line, as cargo writes it. An inherited one is none.
fn stated(manifest: &str, section: &str) -> Option<Version> {
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == section;
        }
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        if inside && key.trim() == "version" {
            let value = value.trim().strip_prefix('"')?;
            return Version::parse(value.split_once('"')?.0);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_sections_own_version_counts() {
        let manifest = "[package]\nname = \"x\"\nversion = \"1.2.3\" # ours\n[dependencies.y]\nversion = \"4.5.6\"\n";
        let version = |section| stated(manifest, section).map(|version| version.to_string());
        assert_eq!(version("[package]").as_deref(), Some("1.2.3"));
        assert_eq!(version("[workspace.package]"), None);
        let inherited = "[package]\nversion.workspace = true\n";
        assert_eq!(stated(inherited, "[package]"), None);
    }
}
