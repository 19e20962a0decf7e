//! Reports of every format. In: the folders of `tests/cases/report`. Out: the files beside the documents.

use crate::scratch::workspace;
use codegen::Pointer;
use codegen::Spec;
use codegen::diff::print::{self, Look};
use codegen::diff::{
    Bump, Date, Policy, Review, RustChange, Side, Verdict, Version, changelog, judge, review,
};
use std::fs;
use std::path::{Path, PathBuf};

/// The command that takes over what is printed now.
const BLESS: &str = "UPDATE_EXPECT=1 cargo test -p tests --test diff_command";

/// The day on which every report of these tests is printed.
const TODAY: Date = Date::from_ymd_opt(2026, 11, 21).expect("a day that exists");

pub(crate) fn cases() -> PathBuf {
    workspace().join("tests/cases/report")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn side(case: &Path, name: &str) -> Side {
    Side::read(name, &read(&case.join(name))).unwrap_or_else(|complaints| panic!("{complaints}"))
}

/// The review of a case. What happens in Rust is stated here, so that these files show how it is printed and not what it is.
pub(crate) fn reviewed(name: &str) -> Review {
    let case = cases().join(name);
    // The real change of this API is a case of the Rust verdict, too.
    let documents = match case.join("old.yaml").exists() {
        true => case.clone(),
        false => workspace().join("tests/cases/diff_rust").join(name),
    };
    let accepted = case.join("accepted.yaml");
    let policy = match accepted.exists() {
        true => Policy::read(&Spec::new("accepted.yaml", read(&accepted)))
            .unwrap_or_else(|complaints| panic!("{complaints}")),
        false => Policy::default(),
    };
    let mut verdict = judge(
        &side(&documents, "old.yaml"),
        &side(&documents, "new.yaml"),
        TODAY,
    );
    if name == "mixed" {
        state_rust(&mut verdict);
    }
    let mut review = review(verdict, &policy, TODAY);
    if name == "mixed" {
        review.released = Version::parse("0.1.3");
    }
    review
}

fn state_rust(verdict: &mut Verdict) {
    let change = |bump, item: &str, text: &str, pointer: &str| RustChange {
        bump,
        item: item.to_owned(),
        text: text.to_owned(),
        old: None,
        new: Pointer::parse(pointer),
    };
    let request = "/components/schemas/VideoRequest/properties";
    verdict.rust = Ok(vec![
        change(
            Bump::Major,
            "types::VideoRequest::new",
            "`VideoRequest::new` takes one more argument, `voice`",
            &format!("{request}/voice"),
        ),
        change(
            Bump::Minor,
            "types::VideoRequest::speed",
            "the setter `VideoRequest::speed` is new",
            &format!("{request}/speed"),
        ),
        change(
            Bump::Minor,
            "features",
            "the feature `fast` is new",
            "/info",
        ),
    ]);
    verdict.krate = Some(Bump::Major);
}

fn printed(review: &Review) -> [(&'static str, String); 7] {
    [
        ("report.txt", print::text(review, Look::Plain)),
        ("report.md", print::markdown(review)),
        ("report.json", print::json(review)),
        ("report.github.txt", print::github(review, "spec/new.yaml")),
        ("report.sarif", print::sarif(review, "spec/new.yaml")),
        ("report.html", print::html(review)),
        ("changelog.md", changelog(review)),
    ]
}

const INPUTS: [&str; 3] = ["old.yaml", "new.yaml", "accepted.yaml"];

#[test]
fn every_format_prints_what_stands_beside_the_documents() {
    let bless = std::env::var_os("UPDATE_EXPECT").is_some();
    assert!(
        !bless || std::env::var_os("CI").is_none(),
        "nothing is blessed on a build server"
    );
    let mut complaints = Vec::new();
    for case in fs::read_dir(cases()).expect("the cases") {
        let name = case
            .expect("a case")
            .file_name()
            .into_string()
            .expect("a name in UTF-8");
        let folder = cases().join(&name);
        let expected = printed(&reviewed(&name));
        for (file, text) in &expected {
            let path = folder.join(file);
            if bless {
                fs::write(&path, text).expect("write a file");
            } else if fs::read_to_string(&path).ok().as_ref() != Some(text) {
                complaints.push(format!("{name}/{file} is not what is printed now:\n{text}"));
            }
        }
        for entry in fs::read_dir(&folder).expect("a case") {
            let file = entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name in UTF-8");
            if !INPUTS.contains(&file.as_str()) && !expected.iter().any(|(known, _)| *known == file)
            {
                complaints.push(format!("{name}/{file} is a stray"));
            }
        }
    }
    assert!(
        complaints.is_empty(),
        "{}\n=> read it, then `{BLESS}`",
        complaints.join("\n")
    );
}

#[test]
fn colours_change_nothing_but_colour() {
    let review = reviewed("mixed");
    let mut text = print::text(&review, Look::Coloured);
    assert!(text.contains("\u{1b}[1;31mbreaking"), "{text}");
    for code in ["0", "1", "2", "36", "1;31", "1;33"] {
        text = text.replace(&format!("\u{1b}[{code}m"), "");
    }
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(plain(&text), plain(&print::text(&review, Look::Plain)));
}

/// Who opens a report of a hostile document in a terminal, a log, a comment or a browser.
#[test]
fn hostile_names_stay_text_in_every_format() {
    for (file, text) in printed(&reviewed("hostile")) {
        assert!(
            !text.contains('\u{1b}'),
            "{file}: a terminal would obey\n{text}"
        );
        if file != "report.json" && file != "report.sarif" {
            assert!(
                !text.contains('\u{202e}'),
                "{file}: what follows would read backwards\n{text}"
            );
        }
        if file.ends_with("github.txt") {
            assert!(
                text.lines()
                    .all(|line| line.starts_with("::") && !line.starts_with("::error::")),
                "{text}"
            );
        }
        if file == "report.html" {
            assert_eq!(text.matches("<script>").count(), 1, "{text}");
            assert!(!text.contains("<img"), "{text}");
        }
    }
}

#[test]
fn a_comment_is_never_too_long_and_says_what_it_lacks() {
    let mut review = reviewed("mixed");
    let items = review.items.clone();
    while review.items.len() < 3_000 {
        review.items.extend(items.iter().cloned());
    }
    review.items[0].ruling.text = "x".repeat(100_000);
    review
        .items
        .sort_by_key(|item| std::cmp::Reverse(item.ruling.level));
    let text = print::markdown(&review);
    let length = text.chars().count();
    assert!((50_000..=60_000).contains(&length), "{length} characters");
    assert!(
        text.contains("more are not shown here"),
        "{}",
        &text[text.len() - 500..]
    );
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
}

/// What an upload service refuses: the parts of SARIF 2.1.0 that it requires (3.13, 3.14, 3.27, 3.29, 3.30).
#[test]
fn sarif_has_the_members_that_the_standard_requires() {
    for case in ["mixed", "hostile", "equal"] {
        let text = print::sarif(&reviewed(case), "spec/new.yaml");
        let log: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        assert!(run["tool"]["driver"]["name"].is_string());
        for result in run["results"].as_array().expect("results") {
            let index = result["ruleIndex"].as_u64().expect("an index");
            let rule = &rules[usize::try_from(index).expect("a small number")];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(result["message"]["text"].is_string(), "{result}");
            assert!(
                ["error", "warning", "note"]
                    .contains(&result["level"].as_str().unwrap_or_default()),
                "{result}"
            );
            let physical = &result["locations"][0]["physicalLocation"];
            assert!(physical["artifactLocation"]["uri"].is_string(), "{result}");
            if let Some(region) = physical.get("region") {
                assert!(
                    region["startLine"].as_u64() >= Some(1)
                        && region["startColumn"].as_u64() >= Some(1),
                    "{result}"
                );
            }
        }
    }
}
