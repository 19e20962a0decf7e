//! The lowest versions of dependencies that the published packages can be built with. In: manifests, and a lock file of these
//! versions. Out: a workspace of the published packages alone, to be checked, or that lock file, written anew. Knows no code.

use crate::Fault;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The lock file. Not called `Cargo.lock`: nothing that is shipped is built with it.
const LOCK: &str = "tests/lowest.lock";

/// Where the workspace of the published packages is put together.
pub(crate) const FOLDER: &str = "target/lowest";

/// The published packages and their folders.
pub(crate) const PUBLISHED: [(&str, &str); 2] = [
    ("creatify-emulator", "tests/emulator"),
    ("creatify-api", "creatify-api"),
];

/// A dependency, and the lowest version that its requirement lets pass.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Bound {
    name: String,
    version: String,
}

/// Puts the workspace together with the lock file, which has to hold the lowest versions.
pub(crate) fn prepare(root: &Path) -> Result<(), Fault> {
    let folder = put_together(root, Some(LOCK))?;
    let lock = fs::read_to_string(folder.join("Cargo.lock"))?;
    let lock: BTreeSet<Bound> = locked(&lock).collect();
    let others: Vec<String> = bounds(&folder)?
        .difference(&lock)
        .map(|Bound { name, version }| {
            format!("{LOCK}: {name} is not {version}, the lowest version")
        })
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    let help = "help: a lower bound in Cargo.toml has changed; run `cargo xtask lowest`";
    Err(Fault::Failed(format!("{}\n{help}", others.join("\n"))))
}

/// Writes the lock file anew: every direct dependency at its lowest version, the others as in `Cargo.lock` where these let
/// them, so that they are built once for both.
pub(crate) fn renew(root: &Path, out: &mut dyn Write) -> Result<(), Fault> {
    let folder = put_together(root, None)?;
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    fs::write(folder.join("Cargo.toml"), pinned(&manifest))?;
    let output = cargo(&folder, &["generate-lockfile"])?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let help = "help: raise the lower bound in Cargo.toml that is too low for the others";
        return Err(Fault::Failed(format!("{}\n{help}", said.trim_end())));
    }
    align(&folder, &fs::read_to_string(root.join("Cargo.lock"))?)?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::copy(folder.join("Cargo.lock"), root.join(LOCK))?;
    writeln!(
        out,
        "{LOCK}: {} dependencies at their lowest versions; `cargo xtask ci` builds with them",
        bounds(&folder)?.len()
    )?;
    Ok(())
}

/// Takes the versions of our own lock file over, wherever cargo does not refuse it.
fn align(folder: &Path, ours: &str) -> Result<(), Fault> {
    let lock = fs::read_to_string(folder.join("Cargo.lock"))?;
    let ours: BTreeSet<Bound> = locked(ours).collect();
    for Bound { name, version } in locked(&lock).filter(|other| !ours.contains(other)) {
        let same = |other: &&Bound| other.name == name && line(&other.version) == line(&version);
        if let Some(wanted) = ours.iter().find(same) {
            let package = format!("{name}@{version}");
            // Refused is what the lowest versions do not go with, and what has changed in the meantime.
            let precise = [
                "update",
                "--package",
                &package,
                "--precise",
                &wanted.version,
            ];
            cargo(folder, &precise)?;
        }
    }
    Ok(())
}

/// The packages of a lock file.
fn locked(lock: &str) -> impl Iterator<Item = Bound> {
    let packages = lock.split("[[package]]\n").skip(1);
    packages.filter_map(|package| {
        let rest = package.strip_prefix("name = \"")?;
        let (name, rest) = rest.split_once("\"\nversion = \"")?;
        let (version, _) = rest.split_once('"')?;
        Some(Bound {
            name: name.to_owned(),
            version: version.to_owned(),
        })
    })
}

/// What versions that are compatible with each other begin with: `1`, `0.4`.
fn line(version: &str) -> String {
    let count = if version.starts_with("0.") { 2 } else { 1 };
    let parts: Vec<&str> = version.split('.').take(count).collect();
    parts.join(".")
}

/// Copies the published packages, and writes a manifest that has no other members.
fn put_together(root: &Path, lock: Option<&str>) -> Result<PathBuf, Fault> {
    let folder = root.join(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for (_, package) in PUBLISHED {
        copy(&root.join(package), &folder.join(package))?;
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    fs::write(folder.join("Cargo.toml"), reduced(&manifest)?)?;
    if let Some(lock) = lock {
        fs::copy(root.join(lock), folder.join("Cargo.lock"))
            .map_err(|error| Fault::Failed(format!("{lock}: {error}; run `cargo xtask lowest`")))?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The manifest of the workspace with the published packages for members, and without profiles, which name others.
fn reduced(manifest: &str) -> Result<String, Fault> {
    let members = PUBLISHED
        .map(|(_, folder)| format!("\"{folder}\""))
        .join(", ");
    let (before, rest) = manifest
        .split_once("\nmembers = [")
        .ok_or_else(|| Fault::Failed("Cargo.toml: no line begins with `members = [`".to_owned()))?;
    let after = rest.split_once(']').map_or("", |(_, after)| after);
    let after = after.split("\n[profile").next().unwrap_or_default();
    Ok(format!("{before}\nmembers = [{members}]{after}\n"))
}

/// The manifest with the lowest version alone in place of each requirement of its table of dependencies.
fn pinned(manifest: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        }
        let pinned = (inside && !line.starts_with('#')).then(|| pinned_line(line));
        text.push_str(&pinned.flatten().unwrap_or_else(|| line.to_owned()));
        text.push('\n');
    }
    text
}

/// `a = "=1.0.0"` for `a = "1"`, and the same within `a = { version = "1" }`.
fn pinned_line(line: &str) -> Option<String> {
    let before = if line.contains('{') {
        "version = \""
    } else {
        " = \""
    };
    let (start, rest) = line.split_once(before)?;
    let (version, end) = rest.split_once('"')?;
    Some(format!("{start}{before}={}\"{end}", least(version)))
}

/// The lower bounds of everything that the packages are built with, tests aside.
fn bounds(folder: &Path) -> Result<BTreeSet<Bound>, Fault> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let output = cargo(folder, &arguments)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Fault::Failed(said));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Fault::Failed(format!("cargo metadata: {error}")))?;
    Ok(stated(&metadata))
}

fn stated(metadata: &Value) -> BTreeSet<Bound> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let dependencies =
        packages.flat_map(|package| package["dependencies"].as_array().into_iter().flatten());
    // A dependency within the workspace has no source.
    let built = dependencies
        .filter(|dependency| dependency["kind"] != "dev" && !dependency["source"].is_null());
    built
        .filter_map(|dependency| {
            let name = dependency["name"].as_str()?.to_owned();
            // A requirement of another kind has no lowest version; `cargo xtask lowest` would not know it either.
            let version = least(dependency["req"].as_str()?.strip_prefix('^')?);
            Some(Bound { name, version })
        })
        .collect()
}

/// The lowest version that a requirement lets pass: of `0.4` it is `0.4.0`.
fn least(requirement: &str) -> String {
    let mut parts: Vec<&str> = requirement.split('.').collect();
    parts.resize(parts.len().max(3), "0");
    parts.join(".")
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<Output, Fault> {
    let mut command = Command::new("cargo");
    command.current_dir(folder).args(arguments);
    command
        .output()
        .map_err(|error| Fault::Failed(format!("cannot run cargo: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_published_packages_are_the_members() {
        let manifest = "[workspace]\nmembers = [\"a\", \"b\"]\n\n[workspace.package]\nversion = \"1\"\n\n# Fast.\n[profile.dev]\nx = 1\n";
        let expected = "[workspace]\nmembers = [\"tests/emulator\", \"creatify-api\"]\n\n[workspace.package]\nversion = \"1\"\n\n# Fast.\n";
        assert_eq!(reduced(manifest).expect("a manifest"), expected);
        assert!(reduced("[workspace]\n").is_err());
    }

    #[test]
    fn the_lowest_version_is_what_a_requirement_begins_with() {
        let dependency = |name, req, kind: Option<&str>, source: Option<&str>| json!({"name": name, "req": req, "kind": kind, "source": source});
        let registry = Some("registry+https://example.org/index");
        let metadata = json!({"packages": [{"dependencies": [
            dependency("a", "^1", None, registry),
            dependency("b", "^0.4.31", Some("build"), registry),
            dependency("c", "^1.2", Some("dev"), registry),
            dependency("d", "^1.2", None, None),
        ]}]});
        let bound = |name: &str, version: &str| Bound {
            name: name.to_owned(),
            version: version.to_owned(),
        };
        let expected = BTreeSet::from([bound("a", "1.0.0"), bound("b", "0.4.31")]);
        assert_eq!(stated(&metadata), expected);
    }

    #[test]
    fn each_requirement_of_the_table_is_pinned() {
        let manifest = "[workspace.package]\nversion = \"1\"\n[workspace.dependencies]\n# a = \"1\"\na = \"1\"\n\
                        b = { package = \"c\", version = \"0.4.31\", features = [\"d\"] }\ne = { path = \"f\" }\n[workspace.lints.rust]\ng = \"warn\"\n";
        let expected = "[workspace.package]\nversion = \"1\"\n[workspace.dependencies]\n# a = \"1\"\na = \"=1.0.0\"\n\
                        b = { package = \"c\", version = \"=0.4.31\", features = [\"d\"] }\ne = { path = \"f\" }\n[workspace.lints.rust]\ng = \"warn\"\n";
        assert_eq!(pinned(manifest), expected);
    }

    #[test]
    fn the_lock_file_tells_which_versions_there_are() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\n[[package]]\nname = \"b\"\nversion = \"0.4.0\"\nsource = \"x\"\n";
        let found: Vec<_> = locked(lock)
            .map(|Bound { name, version }| format!("{name} {version} of {}", line(&version)))
            .collect();
        assert_eq!(found, ["a 1.2.3 of 1", "b 0.4.0 of 0.4"]);
    }
}
