//! Revisions. In: repositories of a few commits. Out: that reports read git's objects, and that versions are held to them.

use crate::scratch::{copy, task};
use crate::{LOOSE, TIGHT, document, file, folder};
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::Outcome;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let settings = [
        "user.name=T",
        "user.email=t@example.com",
        "commit.gpgsign=false",
        "init.defaultBranch=main",
        "protocol.file.allow=always",
    ];
    let mut command = Command::new("git");
    for setting in settings {
        command.args(["-c", setting]);
    }
    let output = command
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("git");
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}

fn version(folder: &Path, version: &str) {
    file(
        folder,
        "creatify-api/Cargo.toml",
        "[package]\nname = \"creatify-api\"\nversion.workspace = true\n",
    );
    file(
        folder,
        "Cargo.toml",
        &format!("[workspace.package]\nversion = \"{version}\"\n"),
    );
}

/// A repository whose first commit has the loose document, and whose work tree has the tight one.
fn repository(name: &str) -> PathBuf {
    let root = folder(name);
    git(&root, &["init", "--quiet"]);
    version(&root, "0.1.3");
    file(&root, "spec/openapi.yaml", &document(LOOSE));
    file(
        &root,
        "old/api.json",
        "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {}}",
    );
    commit(&root, "loose");
    file(&root, "spec/openapi.yaml", &document(TIGHT));
    root
}

#[test]
fn a_revision_is_compared_with_the_work_tree_without_touching_it() {
    let root = repository("revision");
    let (outcome, said) = task(&root, &["diff", "HEAD"]);
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}\n{said}");
    assert!(
        said.contains("spec/openapi.yaml:") && said.contains("(was HEAD:spec/openapi.yaml:"),
        "{said}"
    );
    assert_eq!(
        git(&root, &["status", "--porcelain"]),
        " M spec/openapi.yaml\n"
    );
    commit(&root, "tight");
    for arguments in [
        ["diff", "HEAD~1", "HEAD"],
        ["diff", "HEAD~1:spec/openapi.yaml", "main"],
    ] {
        let (outcome, said) = task(&root, &arguments);
        assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}\n{said}");
        assert!(
            said.contains("HEAD:spec/openapi.yaml:") || said.contains("main:spec/openapi.yaml:"),
            "{said}"
        );
    }
    assert_eq!(task(&root, &["diff", "HEAD"]).0, Outcome::Done);
    let (outcome, _) = task(&root, &["diff", "HEAD:old/api.json", "--fail-on", "none"]);
    assert_eq!(outcome, Outcome::Done);
}

#[test]
fn the_bundle_and_the_accepted_changes_of_this_workspace_can_be_read() {
    let root = copy("diff-own");
    let bundle = root.join("spec/openapi.yaml");
    let arguments = [
        "diff",
        bundle.to_str().expect("a path in UTF-8"),
        "--fail-on",
        "breaking",
    ];
    let (outcome, said) = task(&root, &arguments);
    assert_eq!(outcome, Outcome::Done);
    assert!(
        said.contains("no changes\nAPI: none\ncreatify-api: none\n"),
        "{said}"
    );
}

#[test]
fn what_a_revision_lacks_is_refused() {
    let root = repository("lacks");
    for (argument, expected) in [
        ("v9", "v9: error: this is neither a file nor a git revision"),
        (
            "HEAD:spec/nothing.yaml",
            "HEAD:spec/nothing.yaml: error: there is no file `spec/nothing.yaml` at this revision",
        ),
        ("HEAD:spec", "there is no file `spec` at this revision"),
        (":spec/openapi.yaml", "neither a file nor a git revision"),
    ] {
        let (outcome, _) = task(&root, &["diff", argument]);
        let Outcome::Refused(message) = outcome else {
            panic!("{argument}: not refused: {outcome:?}")
        };
        assert!(message.contains(expected), "{message}");
    }
}

/// A build server clones the last commit only.
#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let root = repository("deep");
    commit(&root, "tight");
    let clone = folder("shallow");
    let from = format!("file://{}", root.display());
    git(
        &clone,
        &["clone", "--quiet", "--depth", "1", &from, "clone"],
    );
    let (outcome, _) = task(&clone.join("clone"), &["diff", "HEAD~1"]);
    let Outcome::Refused(message) = outcome else {
        panic!("not refused: {outcome:?}")
    };
    assert!(
        message.contains("this clone is shallow and lacks it: `git fetch origin main`"),
        "{message}"
    );
}

#[test]
fn the_version_has_to_follow_the_change() {
    let root = repository("version");
    let check = |root: &Path| {
        task(
            root,
            &["diff", "HEAD", "--check-version", "--fail-on", "none"],
        )
    };
    // What is generated differs, so the same version would be two crates.
    let (outcome, said) = check(&root);
    let Outcome::Failed(message) = outcome else {
        panic!("passes: {outcome:?}\n{said}")
    };
    assert!(
        message.contains("creatify-api is 0.1.3 and was 0.1.3 at HEAD"),
        "{message}"
    );
    version(&root, "0.2.0");
    assert_eq!(check(&root).0, Outcome::Done);
    version(&root, "0.1.2");
    assert!(matches!(check(&root).0, Outcome::Failed(_)));
    file(&root, "spec/openapi.yaml", &document(LOOSE));
    version(&root, "0.1.3");
    assert_eq!(check(&root).0, Outcome::Done);
}

#[test]
fn a_version_that_cannot_be_checked_is_refused() {
    let root = repository("uncheckable");
    let old = file(&root, "old.yaml", &document(LOOSE));
    let unplannable = document(LOOSE).replace("servers: [{url: 'https://example.com'}]\n", "");
    for (arguments, text, expected) in [
        (
            ["diff", old.as_str(), "--check-version"],
            document(LOOSE),
            "BASE is a file",
        ),
        (
            ["diff", "HEAD", "--check-version"],
            unplannable,
            "no client can be planned",
        ),
    ] {
        file(&root, "spec/openapi.yaml", &text);
        let (outcome, _) = task(&root, &[&arguments[..], &["--fail-on", "none"]].concat());
        let Outcome::Refused(message) = outcome else {
            panic!("not refused: {outcome:?}")
        };
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn the_changelog_starts_at_the_latest_tag() {
    let root = repository("changelog");
    let (outcome, _) = task(&root, &["changelog"]);
    let Outcome::Refused(message) = outcome else {
        panic!("not refused: {outcome:?}")
    };
    assert!(
        message.contains("there is no tag") && message.contains("cargo xtask changelog BASE"),
        "{message}"
    );
    git(&root, &["tag", "v0.1.3"]);
    for arguments in [&["changelog"][..], &["changelog", "HEAD"]] {
        let (outcome, said) = task(&root, arguments);
        assert_eq!(outcome, Outcome::Done);
        assert!(said.starts_with("### Breaking\n\n- `GET /a/`: "), "{said}");
    }
    file(&root, "spec/openapi.yaml", &document(LOOSE));
    assert!(
        task(&root, &["changelog"])
            .1
            .starts_with("Nothing that users notice")
    );
}
