//! Documents that cannot be compared. In: texts. Out: complaints where one is taken, or its place is not told.

use codegen::diff::Side;

#[track_caller]
fn is_refused(text: &str, expected: &str) {
    let diagnostics = Side::read("a.yaml", text)
        .expect_err("a complaint")
        .to_string();
    assert!(diagnostics.contains(expected), "{diagnostics}");
}

const START: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

#[test]
fn other_versions_are_refused_with_their_place() {
    is_refused(
        "swagger: '2.0'\n",
        "a.yaml:1:1: error: this is a Swagger 2 document",
    );
    is_refused(
        "{\"openapi\": \"3.1.0\"}",
        "a.yaml:1:2: error: the OpenAPI version is `3.1.0`",
    );
    is_refused("a: b\n", "there is no `openapi` version");
    is_refused("[]", "the document is not a mapping");
    is_refused("{\"openapi\": ", "this is not readable YAML");
    is_refused("", "the document is not a mapping");
}

#[test]
fn nodes_of_the_wrong_kind_are_refused_with_their_place() {
    is_refused("openapi: 3.0.3\n", "there is no `paths`");
    is_refused(
        &format!("{START}paths: []\n"),
        "a.yaml:3:1: error: this is not a mapping",
    );
    let schema =
        |schema: &str| format!("{START}paths: {{}}\ncomponents:\n  schemas:\n    A: {schema}\n");
    is_refused(
        &schema("{type: [string, 'null']}"),
        "this is not a text\n  at: #/components/schemas/A/type",
    );
    is_refused(&schema("{type: text}"), "`text` is no type of OpenAPI 3.0");
    is_refused(
        &schema("{properties: {a: {required: true}}}"),
        "this is not a list\n  at: #/components/schemas/A/properties/a/required",
    );
    is_refused(
        &schema("{additionalProperties: [1]}"),
        "this is not a mapping",
    );
}

/// Two readers would fill the gap in two ways: nothing that is said of such a document holds.
#[test]
fn references_that_lead_nowhere_are_refused_with_their_place() {
    let text = format!(
        "{START}paths: {{}}\ncomponents:\n  schemas:\n    A: {{$ref: '#/components/schemas/B'}}\n"
    );
    is_refused(
        &text,
        "a.yaml:6:9: error: `#/components/schemas/B` leads nowhere",
    );
}

/// A generator cannot plan these; they are valid all the same.
#[test]
fn what_cannot_be_generated_can_be_compared() {
    let text = format!(
        "{START}paths:\n  /a/:\n    get:\n      parameters: [{{name: a, in: cookie, content: {{application/json: {{}}}}}}]\n      \
         responses: {{default: {{$ref: 'https://example.com/a.yaml'}}}}\n\
         components:\n  schemas:\n    A: {{oneOf: [{{$ref: '#/components/schemas/A'}}, {{$ref: 'other.yaml#/A'}}], not: {{}}}}\n    \
         B: {{$ref: '#/components/schemas/C'}}\n    C: {{$ref: '#/components/schemas/B'}}\n"
    );
    Side::read("a.yaml", &text).expect("a document");
}
