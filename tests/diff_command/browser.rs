//! The page in a browser. In: a report as HTML. Out: that its filters work, and that names of a document are only text.

use crate::reports::reviewed;
use codegen::diff::{Direction, Level, print};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser of this machine; without one the test is skipped, except where it has to run.
fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file());
    assert!(
        found.is_some() || std::env::var_os("CI").is_none(),
        "no browser on this machine: install one, such as the package `chromium`"
    );
    if found.is_none() {
        let message = "skipped: no browser on this machine (install `chromium`)";
        writeln!(std::io::stderr(), "{message}").expect("an error stream");
    }
    found
}

/// The document of a report's page when its script has run, opened with these filters.
fn opened(browser: &Path, case: &str, filters: &str) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let page = folder.join(format!("diff-{case}.html"));
    fs::write(&page, print::html(&reviewed(case))).expect("write a page");
    let profile = folder.join(format!("diff-browser-{case}"));
    let output = Command::new(browser)
        // The sandbox needs rights that a container lacks, and all that is opened here is our own.
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-dev-shm-usage",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("--virtual-time-budget=2000")
        .arg(format!("file://{}#{filters}", page.display()))
        .stdin(Stdio::null())
        .output()
        .expect("the browser starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("a document in UTF-8")
}

/// How many edits the page says that it shows. Empty when its script did not run: then the hash in its policy is stale.
fn shown(document: &str) -> &str {
    let output = document
        .split_once("<output class=\"dim\">")
        .expect("an output")
        .1;
    output.split_once("</output>").expect("its end").0
}

#[test]
fn the_filters_work() {
    let Some(browser) = browser() else { return };
    let review = reviewed("mixed");
    let all = review.items.len();
    let breaking = review
        .items
        .iter()
        .filter(|item| item.ruling.level == Level::Breaking)
        .count();
    let answers = review
        .items
        .iter()
        .filter(|item| {
            item.ruling.level == Level::Breaking
                && item.ruling.direction == Some(Direction::Response)
        })
        .count();
    assert!(0 < answers && answers < breaking && breaking < all);
    let table = [
        ("", format!("{all} of {all}")),
        ("level=breaking", format!("{breaking} of {all}")),
        (
            "level=breaking&direction=response",
            format!("{answers} of {all}"),
        ),
        ("text=personas", format!("1 of {all}")),
        ("text=no+such+thing", format!("0 of {all}")),
    ];
    for (filters, expected) in table {
        let document = opened(&browser, "mixed", filters);
        assert_eq!(
            shown(&document),
            expected,
            "{filters}: the script did not run, or filters wrongly"
        );
    }
}

#[test]
fn names_of_a_hostile_document_are_only_text() {
    let Some(browser) = browser() else { return };
    let document = opened(&browser, "hostile", "");
    assert!(!shown(&document).is_empty(), "{document}");
    assert!(!document.contains("<img"), "{document}");
    assert_eq!(document.matches("<script").count(), 1, "{document}");
    assert!(document.contains("&lt;/script&gt;"), "{document}");
}
