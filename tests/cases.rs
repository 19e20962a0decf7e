//! What the generator makes of small documents, and what it says about bad ones. In: the folders below `tests/cases`.
//! Out: a complaint with the command that repairs. Knows only the public functions of `codegen`.
//!
//! `generate/<case>` holds a document and the client generated from it, which has to compile without a warning;
//! `reject/<case>` holds a document and the complaints about it. The name of a folder says what it is about.

#[path = "cases/compile.rs"]
#[expect(
    dead_code,
    reason = "only the witnesses of `diff_rust` are judged one by one"
)]
mod compile;

use codegen::files::{self, DifferenceKind, Drift, Files};
use codegen::{Diagnostics, Output, Spec};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The command that takes over what the generator says now.
const BLESS: &str = "UPDATE_EXPECT=1 cargo test -p tests --test cases";

/// The packages of all generate cases, laid out once for all tests.
static PACKAGES: LazyLock<compile::Workspace> = LazyLock::new(|| {
    let clients: BTreeMap<String, Files> = cases("generate")
        .iter()
        .filter_map(|case| Some((name(case), client(case).ok()?.files)))
        .collect();
    compile::Workspace::new("packages", &clients, &Files::new())
});

#[test]
fn documents_become_the_client_beside_them() {
    let complaints = cases("generate")
        .into_iter()
        .map(|case| match client(&case) {
            Ok(output) => matches(&case, below("generated", output.files)),
            Err(diagnostics) => format!("should be accepted, but:\n{diagnostics}"),
        });
    report("generate", complaints);
}

#[test]
fn bad_documents_get_the_complaints_beside_them() {
    let complaints = cases("reject").into_iter().map(|case| match client(&case) {
        Ok(_) => "should be refused, but a client was generated\n".to_owned(),
        Err(diagnostics) => {
            let expected = ("diagnostics.txt".to_owned(), diagnostics.to_string());
            incomplete(&diagnostics) + &matches(&case, Files::from([expected]))
        }
    });
    report("reject", complaints);
}

#[test]
fn every_client_compiles_without_a_warning() {
    PACKAGES.check();
}

#[test]
fn what_is_no_document_is_refused_without_a_panic() {
    let texts = [
        "\0",
        "openapi: \0",
        "\u{7}",
        "\u{FEFF}",
        "\u{FFFE}",
        "\u{1F600}",
        "---",
        "...",
        "- - -",
        "{{{{",
        "]",
        "? ",
        "%YAML 9.9",
        "&a [*a]",
        "!!binary x",
        "*a",
        "<<: x",
        "| ",
        "'",
        "\"\\x",
        "null",
        "0",
        "~",
        "\t",
        "\r",
    ];
    for text in texts {
        let diagnostics = generate(text.to_owned()).expect_err("no client");
        assert!(!diagnostics.is_empty(), "{text:?}");
    }
}

/// A document with these schemas, of which `S0` is answered.
fn with_schemas(schemas: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://example.com'}}]\npaths:\n  /a/:\n    \
         post:\n      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}\n      \
         responses: {{'200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}}}\n\
         components:\n  schemas:\n{schemas}"
    )
}

/// What grows with the square of the document, or with the depth of its references, would not end here, or not well.
#[test]
fn giant_documents_become_a_client() {
    let values: Vec<String> = (0..20_000).map(|value| format!("v{value}")).collect();
    let enumeration = format!("    S0: {{type: string, enum: [{}]}}\n", values.join(", "));
    let properties: Vec<String> = (0..5_000)
        .map(|name| format!("p{name}: {{type: string}}"))
        .collect();
    let object = format!(
        "    S0: {{type: object, properties: {{{}}}}}\n",
        properties.join(", ")
    );
    let chain: String = (0..3_000)
        .map(|number| {
            let next = (number + 1) % 3_000;
            let nullable = if next == 0 { "nullable: true, " } else { "" };
            format!(
                "    S{number}: {{type: object, required: [next], properties: \
                 {{next: {{{nullable}allOf: [{{$ref: '#/components/schemas/S{next}'}}]}}}}}}\n"
            )
        })
        .collect();
    for schemas in [enumeration, object, chain] {
        if let Err(diagnostics) = generate(with_schemas(&schemas)) {
            panic!("should become a client:\n{diagnostics}");
        }
    }
}

#[test]
fn documentation_of_hostile_documents_is_only_text() {
    PACKAGES.documentation("hostile_prose");
}

#[test]
fn examples_compile() {
    PACKAGES.examples(&[
        "header_and_path_parameters",
        "hostile_prose",
        "inline_objects_and_enums",
        "lifecycle_without_a_list",
        "many_required_fields",
        "nullable_and_optional_are_three_states",
        "prices_and_lifecycle",
        "rust_keywords_as_names",
    ]);
}

/// Holds the files of a case against what the generator says now, or takes that over.
fn matches(case: &Path, mut expected: Files) -> String {
    expected.insert("spec.yaml".to_owned(), text(&case.join("spec.yaml")));
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        assert!(
            std::env::var_os("CI").is_none(),
            "expectations are never updated under CI"
        );
        files::write(case, &expected).expect("write the expected files");
    }
    let mut complaints = match files::verify(case, &expected) {
        Ok(()) => String::new(),
        Err(Drift::Unreadable(error)) => format!("cannot read the expected files: {error}\n"),
        Err(Drift::Differs(differences)) => differences
            .into_iter()
            .map(|one| described(&one.file, one.kind))
            .collect(),
    };
    for stray in below_folder(case)
        .into_iter()
        .filter(|file| !expected.contains_key(file))
    {
        complaints.push_str(&format!("does not belong here: {stray}\n"));
    }
    complaints
}

fn described(file: &str, kind: DifferenceKind) -> String {
    match kind {
        DifferenceKind::Missing => format!("missing: {file}\n"),
        // Listed with the other files that do not belong there.
        DifferenceKind::Stray => String::new(),
        DifferenceKind::Changed(diff) => format!("not as expected: {file}\n{diff}"),
    }
}

/// What a complaint needs: a place in the text, and what to do.
fn incomplete(diagnostics: &Diagnostics) -> String {
    let incomplete = diagnostics
        .iter()
        .filter(|one| one.position.is_none() || one.help.is_empty());
    incomplete
        .map(|one| format!("a complaint without place or help: {one}"))
        .collect()
}

#[track_caller]
fn report(kind: &str, complaints: impl Iterator<Item = String>) {
    let complaints = cases(kind)
        .into_iter()
        .zip(complaints)
        .filter(|(_, complaints)| !complaints.is_empty());
    let complaints: String = complaints
        .map(|(case, complaints)| format!("== {kind}/{}\n{complaints}\n", name(&case)))
        .collect();
    assert!(
        complaints.is_empty(),
        "\n{complaints}when these are improvements: {BLESS}"
    );
}

fn client(case: &Path) -> Result<Output, Diagnostics> {
    generate(text(&case.join("spec.yaml")))
}

fn generate(text: String) -> Result<Output, Diagnostics> {
    codegen::client(&Spec::new("spec.yaml", text), &Default::default())
}

/// The folders of one kind of case, sorted.
fn cases(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("cases")
        .join(kind);
    let entries = fs::read_dir(folder).expect("read the folder of the cases");
    let mut cases: Vec<PathBuf> = entries
        .map(|entry| entry.expect("read an entry").path())
        .collect();
    cases.sort();
    cases
}

fn name(case: &Path) -> String {
    case.file_name()
        .and_then(|name| name.to_str())
        .expect("a name in UTF-8")
        .to_owned()
}

/// A file's text with the line ends of the repository, whatever the checkout made of them.
fn text(path: &Path) -> String {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

/// The same files from one folder further up.
fn below(folder: &str, files: Files) -> Files {
    files
        .into_iter()
        .map(|(name, text)| (format!("{folder}/{name}"), text))
        .collect()
}

/// All files below a folder, by their path.
fn below_folder(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("read the folder of a case") {
        let path = entry.expect("read an entry").path();
        if path.is_dir() {
            found.extend(
                below_folder(&path)
                    .into_iter()
                    .map(|file| format!("{}/{file}", name(&path))),
            );
        } else {
            found.push(name(&path));
        }
    }
    found.sort();
    found
}
