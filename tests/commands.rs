//! What the tasks say and do. In: a copy of the spec, spoilt in one place. Out: the complaint, or the repaired files.

mod scratch;
#[path = "commands/workflows.rs"]
mod workflows;

use scratch::{copy, task};
use std::fs;
use std::path::Path;
use xtask::Outcome;

const RENDER: &str = "spec/upstream/lipsyncs_v2_render.yaml";

fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).expect("read a file");
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(path, text.replacen(from, to, 1)).expect("write a file");
}

#[track_caller]
fn fails(root: &Path, arguments: &[&str], expected: &[&str]) {
    let (outcome, _) = task(root, arguments);
    let Outcome::Failed(message) = outcome else {
        panic!("not a failure: {outcome:?}")
    };
    for expected in expected {
        assert!(
            message.contains(expected),
            "{expected:?} is not in\n{message}"
        );
    }
}

#[track_caller]
fn is_refused(root: &Path, arguments: &[&str], expected: &[&str]) {
    let (outcome, _) = task(root, arguments);
    let Outcome::Refused(message) = outcome else {
        panic!("not refused: {outcome:?}")
    };
    for expected in expected {
        assert!(
            message.contains(expected),
            "{expected:?} is not in\n{message}"
        );
    }
}

#[track_caller]
fn succeeds(root: &Path, arguments: &[&str]) -> String {
    let (outcome, said) = task(root, arguments);
    assert_eq!(outcome, Outcome::Done);
    said
}

#[test]
fn one_changed_character_in_the_bundle_is_reported_and_repaired() {
    let root = copy("drift-bundle");
    edit(&root, "spec/openapi.yaml", "\ninfo:\n", "\ninfos:\n");
    let report = [
        "out of date: spec/openapi.yaml",
        "\n-infos:\n+info:\n",
        "help: run `cargo xtask codegen`",
    ];
    fails(&root, &["codegen", "--check"], &report);
    fails(&root, &["spec", "bundle", "--check"], &report);
    assert!(succeeds(&root, &["codegen"]).contains("wrote spec/openapi.yaml"));
    assert!(succeeds(&root, &["codegen", "--check"]).contains("up to date"));
}

#[test]
fn the_emulators_copy_of_the_bundle_is_held_and_repaired() {
    let root = copy("drift-copy");
    let file = "tests/emulator/openapi.yaml";
    let report = [
        "out of date: tests/emulator/openapi.yaml",
        "1 generated file is not up to date",
    ];
    for repair in [&["codegen"][..], &["spec", "bundle"]] {
        edit(&root, file, "\ninfo:\n", "\ninfos:\n");
        fails(&root, &["codegen", "--check"], &report);
        fails(&root, &["spec", "bundle", "--check"], &report);
        assert!(succeeds(&root, repair).contains("wrote tests/emulator/openapi.yaml"));
        let text = |file| fs::read_to_string(root.join(file)).expect("read a file");
        assert_eq!(text(file), text("spec/openapi.yaml"));
    }
}

#[test]
fn one_changed_character_in_any_generated_file_is_reported() {
    let root = copy("drift-client");
    let mut files = Vec::new();
    spoil(&root, "creatify-api/src/generated", &mut files);
    edit(&root, "spec/COVERAGE.md", "e", "E");
    files.push("spec/COVERAGE.md".to_owned());
    let mut report: Vec<_> = files
        .iter()
        .map(|file| format!("out of date: {file}\n--- on disk\n"))
        .collect();
    report.push(format!(
        "{} generated files are not up to date\nhelp: run `cargo xtask codegen`",
        files.len()
    ));
    fails(
        &root,
        &["codegen", "--check"],
        &report.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

/// Changes one character of every file below a folder.
fn spoil(root: &Path, folder: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(root.join(folder)).expect("read a folder") {
        let entry = entry.expect("read an entry");
        let name = format!(
            "{folder}/{}",
            entry.file_name().to_str().expect("a name in UTF-8")
        );
        if entry.file_type().expect("the type of an entry").is_dir() {
            spoil(root, &name, files);
        } else {
            edit(root, &name, "//", "/*");
            files.push(name);
        }
    }
}

#[test]
fn one_changed_character_in_a_fragment_is_reported_even_where_it_has_no_effect() {
    let root = copy("drift-fragment");
    // A newer fragment defines the same schema, and its prose is taken.
    let outdone = "spec/upstream/lipsyncs_v2_create.yaml";
    edit(
        &root,
        outdone,
        "Free label of the job.",
        "Free Label of the job.",
    );
    let line = format!(" {outdone}\n");
    fails(
        &root,
        &["codegen", "--check"],
        &[
            "out of date: spec/openapi.yaml",
            &line,
            "help: run `cargo xtask codegen`",
        ],
    );
    let said = succeeds(&root, &["spec", "bundle"]);
    assert!(
        said.contains(&format!(
            "that of {outdone} is older (#/properties/name/description)"
        )),
        "{said}"
    );
}

#[test]
fn missing_and_stray_files_are_reported_and_repaired() {
    let root = copy("drift-files");
    let generated = root.join("creatify-api/src/generated");
    fs::remove_file(root.join("spec/COVERAGE.md")).expect("remove a file");
    let header = "// @generated by `cargo xtask codegen` from spec/openapi.yaml. Do not edit.\n";
    fs::write(generated.join("gone.rs"), header).expect("write a file");
    fs::write(generated.join("by_hand.rs"), "// Nobody generated this.\n").expect("write a file");
    let report = [
        "missing: spec/COVERAGE.md",
        "no longer generated: creatify-api/src/generated/gone.rs",
        "2 generated files",
    ];
    fails(&root, &["codegen", "--check"], &report);
    let said = succeeds(&root, &["codegen"]);
    assert!(
        said.contains("removed creatify-api/src/generated/gone.rs"),
        "{said}"
    );
    assert!(
        generated.join("by_hand.rs").exists(),
        "a hand-written file must survive"
    );
}

#[test]
fn a_checkout_with_crlf_is_fresh() {
    let root = copy("crlf");
    for file in ["spec/openapi.yaml", "spec/COVERAGE.md", RENDER] {
        let path = root.join(file);
        let text = fs::read_to_string(&path)
            .expect("read a file")
            .replace("\r\n", "\n")
            .replace('\n', "\r\n");
        fs::write(path, text).expect("write a file");
    }
    assert!(succeeds(&root, &["codegen", "--check"]).contains("up to date"));
}

#[test]
fn a_stale_correction_fails_at_its_place() {
    let root = copy("stale");
    let overlay = root.join("spec/overlay.yaml");
    let mut text = fs::read_to_string(&overlay).expect("read a file");
    let line = text.lines().count() + 1;
    text.push_str("- target: $.components.schemas.Healed\n  description: It was broken once.\n  remove: true\n");
    fs::write(overlay, text).expect("write a file");
    let place = format!("spec/overlay.yaml:{line}:");
    let message = "error: the target `$.components.schemas.Healed` matches nothing";
    is_refused(
        &root,
        &["codegen"],
        &[&place, message, "help: upstream has changed"],
    );
    is_refused(&root, &["spec", "bundle", "--check"], &[message]);
}

#[test]
fn contradicting_fragments_are_refused_with_both_places() {
    let root = copy("contradiction");
    edit(&root, RENDER, "maxLength: 255", "maxLength: 254");
    let both = [
        RENDER,
        "this contradicts spec/upstream/lipsyncs_v2_",
        "`#/properties/name/maxLength`, which is `254` here",
    ];
    is_refused(&root, &["codegen"], &both);
}

#[test]
fn nothing_is_written_while_an_input_is_broken() {
    let root = copy("broken");
    let before = fs::read_to_string(root.join("spec/openapi.yaml")).expect("read a file");
    edit(
        &root,
        "spec/upstream/voices_list.yaml",
        "openapi: 3.0.3",
        "openapi: 3.1.0",
    );
    is_refused(
        &root,
        &["codegen"],
        &["spec/upstream/voices_list.yaml:1:1: error: this is OpenAPI 3.1.0, not 3.0"],
    );
    assert_eq!(
        fs::read_to_string(root.join("spec/openapi.yaml")).expect("read a file"),
        before
    );
}

#[test]
fn both_forms_of_a_page_are_imported() {
    let root = copy("import");
    let text = fs::read_to_string(root.join(RENDER))
        .expect("read a file")
        .replace("\r\n", "\n");
    let changed = text.replace("Render the final video", "Renders the final video");
    let markdown = root.join("page.md");
    let block =
        format!("# Render\n\n````yaml post /api/lipsyncs_v2/{{id}}/render/\n{changed}````\n");
    fs::write(&markdown, block.replace('\n', "\r\n")).expect("write a page");
    let plain = root.join("plain.yaml");
    let other = text
        .replace(
            "/api/lipsyncs_v2/{id}/render/",
            "/api/lipsyncs_v2/{id}/share/",
        )
        .replace("_render_create", "_share_create");
    fs::write(&plain, &other).expect("write a page");

    let pages = [&markdown, &plain].map(|page| page.to_str().expect("a path in UTF-8"));
    let said = succeeds(&root, &["spec", "import", pages[0], pages[1]]);

    let expected = "spec/upstream/lipsyncs_v2_render.yaml: replaced (POST /api/lipsyncs_v2/{id}/render/)\n\
                    spec/upstream/lipsyncs_v2_share.yaml: new (POST /api/lipsyncs_v2/{id}/share/)\nnext: ";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(
        fs::read_to_string(root.join(RENDER)).expect("read a file"),
        changed
    );
    assert_eq!(
        fs::read_to_string(root.join("spec/upstream/lipsyncs_v2_share.yaml")).expect("read a file"),
        other
    );
    let provenance = fs::read_to_string(root.join("spec/provenance.yaml")).expect("read a file");
    let fragments: Vec<_> = provenance
        .lines()
        .filter_map(|line| line.strip_prefix("- fragment: "))
        .collect();
    assert!(
        fragments.ends_with(&["lipsyncs_v2_render.yaml", "lipsyncs_v2_share.yaml"]),
        "{provenance}"
    );
    assert_eq!(provenance.matches("lipsyncs_v2_render.yaml").count(), 1);
}

#[test]
fn a_faulty_page_stops_the_import_of_all() {
    let root = copy("import-faulty");
    let good = root.join("good.yaml");
    fs::write(
        &good,
        fs::read_to_string(root.join(RENDER)).expect("read a file") + "# new\n",
    )
    .expect("write a page");
    let bad = root.join("bad.md");
    fs::write(&bad, "# A page without a document\n").expect("write a page");
    let pages = [&good, &bad].map(|page| page.to_str().expect("a path in UTF-8"));
    let before = fs::read_to_string(root.join(RENDER)).expect("read a file");
    is_refused(
        &root,
        &["spec", "import", pages[0], pages[1]],
        &["bad.md: error: this page has no OpenAPI document"],
    );
    assert_eq!(
        fs::read_to_string(root.join(RENDER)).expect("read a file"),
        before
    );
}

#[test]
fn bad_usage_is_refused_and_help_is_given() {
    let root = copy("usage");
    is_refused(&root, &["codgen"], &["unrecognized subcommand", "codegen"]);
    is_refused(&root, &["spec", "import"], &["<PAGE>..."]);
    let help = succeeds(&root, &["--help"]);
    for task in ["codegen", "spec", "ci", "emulator", "demo", "bench"] {
        assert!(help.contains(task), "{help}");
    }
}
