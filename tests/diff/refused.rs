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
    is_refused(
        &schema("{discriminator: kind}"),
        "this is not a mapping\n  at: #/components/schemas/A/discriminator",
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

/// Which of two readings a service has, no comparison can know.
#[test]
fn what_can_be_read_in_two_ways_is_refused_with_its_place() {
    let paths = |paths: &str| format!("{START}paths:\n{paths}");
    is_refused(
        &paths("  /a/{x}: {get: {responses: {}}}\n  /a/{y}: {get: {responses: {}}}\n"),
        "a.yaml:5:12: error: `/a/{y}` and `/a/{x}` are the same address\n  at: #/paths/~1a~1{y}/get",
    );
    is_refused(
        &paths(
            "  /a:\n    get:\n      parameters: [{name: q, in: query}, {$ref: '#/components/parameters/Q'}]\n      \
             responses: {}\ncomponents: {parameters: {Q: {name: q, in: query}}}\n",
        ),
        "a.yaml:6:42: error: the query parameter `q` stands twice in this list",
    );
    is_refused(
        &paths("  /a: {get: {security: [{key: []}], responses: {}}}\n"),
        "a.yaml:4:26: error: there is no security scheme `key`\n  at: #/paths/~1a/get/security/0/key",
    );
    for section in [
        "parameters",
        "headers",
        "requestBodies",
        "responses",
        "callbacks",
    ] {
        let circle = format!(
            "{START}paths: {{}}\ncomponents:\n  {section}:\n    A: {{$ref: '#/components/{section}/B'}}\n    \
             B: {{$ref: '#/components/{section}/A'}}\n"
        );
        is_refused(&circle, "a.yaml:6:9: error: this only refers to itself");
        is_refused(&circle, "a.yaml:7:9: error: this only refers to itself");
    }
}

/// Who receives a callback has to know what it means, as callers do.
#[test]
fn callbacks_are_held_to_the_same() {
    let callback = |item: &str| {
        format!(
            "{START}paths:\n  /a:\n    post:\n      callbacks:\n        done:\n          here: {item}\n      responses: {{}}\n"
        )
    };
    is_refused(
        &callback("{post: {security: [{key: []}], responses: {}}}"),
        "a.yaml:8:37: error: there is no security scheme `key`",
    );
    is_refused(
        &callback("{parameters: [{name: q, in: query}, {name: q, in: query}]}"),
        "a.yaml:8:53: error: the query parameter `q` stands twice in this list",
    );
    is_refused(
        &callback("{post: {requestBody: {$ref: '#/components/requestBodies/B'}, responses: {}}}"),
        "a.yaml:8:39: error: `#/components/requestBodies/B` leads nowhere",
    );
    is_refused(
        &callback("{post: {responses: []}}"),
        "a.yaml:8:25: error: this is not a mapping",
    );
    is_refused(
        &callback("{post: {callbacks: {again: {there: []}}, responses: {}}}"),
        "callbacks/done/here/post/callbacks/again/there",
    );
    is_refused(
        &format!(
            "{START}paths: {{}}\ncomponents: {{callbacks: {{done: {{here: {{post: {{deprecated: 1}}}}}}}}}}\n"
        ),
        "this is not `true` or `false`",
    );
    let extended = callback("{post: {responses: {}}}\n          x-sent: once");
    Side::read("a.yaml", &extended).expect("a document");
}

/// The standard forbids these too; what they mean is clear, and many documents have them.
#[test]
fn what_can_be_read_in_one_way_only_is_compared() {
    let text = format!(
        "{START}paths:\n  /a/{{x}}:\n    parameters: [{{name: q, in: query}}]\n    \
         get: {{operationId: a, parameters: [{{name: q, in: query}}, {{name: q, in: header}}], responses: {{}}}}\n  \
         /a/{{y}}:\n    post: {{operationId: a, responses: {{}}, security: [{{}}]}}\n"
    );
    Side::read("a.yaml", &text).expect("a document");
}

/// Rounded, two limits that differ would be one.
#[test]
fn numbers_that_would_be_rounded_are_refused_in_both_syntaxes() {
    let yaml = format!("{START}paths: {{}}\nx-limit: 18446744073709551616\n");
    is_refused(
        &yaml,
        "a.yaml:4:10: error: the number 18446744073709551616 needs more than 64 bits",
    );
    let json = r#"{"openapi": "3.0.3", "info": {}, "paths": {}, "x-limit": 18446744073709551616}"#;
    is_refused(
        json,
        "a.yaml:1:58: error: the number 18446744073709551616 needs more than 64 bits",
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
