//! What a report is made of. In: small documents. Out: complaints about its changes, their operations and their places.

use codegen::diff::{Direction, Level, Report, Side, compare};
use codegen::{Pointer, Position};

fn read(name: &str, text: &str) -> Side {
    Side::read(name, text).unwrap_or_else(|diagnostics| panic!("{diagnostics}\n{text}"))
}

/// Two operations that send one schema and get it back.
fn shared(schemas: &str) -> String {
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}";
    let operation = format!(
        "{{requestBody: {{{content}}}, responses: {{'200': {{description: Done., {content}}}}}}}"
    );
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a/:\n    put: {operation}\n    post: {operation}\n\
         components:\n  schemas:\n    {schemas}\n"
    )
}

fn compared(old: &str, new: &str) -> Report {
    compare(
        &read("old.yaml", &shared(old)),
        &read("new.yaml", &shared(new)),
    )
}

/// A reviewer who sees four findings for one line looks for four edits.
#[test]
fn one_edit_of_a_shared_schema_is_one_change() {
    let report = compared(
        "Thing: {type: string, enum: [a]}",
        "Thing: {type: string, enum: [a, b]}",
    );
    let [change] = report.changes.as_slice() else {
        panic!("{report}")
    };
    assert_eq!(change.level, Level::Breaking);
    assert_eq!(change.direction, Some(Direction::Response));
    assert_eq!(change.operations, ["PUT /a/", "POST /a/"]);
    assert_eq!(change.text, "`Thing` may be `b` now");
    let [also] = change.also.as_slice() else {
        panic!("{report}")
    };
    assert_eq!(
        (also.rule, also.level),
        ("request-property-enum-value-added", Level::Info)
    );
}

#[test]
fn a_type_that_holds_itself_is_compared_to_its_end() {
    let node = |kind: &str| {
        format!(
            "Thing: {{type: object, properties: {{next: {{$ref: '#/components/schemas/Thing'}}, value: {{type: {kind}}}}}}}"
        )
    };
    let report = compared(&node("string"), &node("integer"));
    assert_eq!(report.changes.len(), 1, "{report}");
    let union = |kind: &str| {
        format!("Thing: {{anyOf: [{{$ref: '#/components/schemas/Thing'}}, {{type: {kind}}}]}}")
    };
    assert!(compared(&union("string"), &union("integer")).is_breaking());
    assert!(
        compared(&union("string"), &union("string"))
            .changes
            .is_empty()
    );
}

/// What grows with the square of the document, or with the depth of its references, would not end here, or not well.
#[test]
fn giant_documents_are_compared() {
    let chain = |last: &str| {
        let links = (0..3_000).map(|number| {
            let next = number + 1;
            format!("    S{number}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/S{next}'}}}}}}\n")
        });
        format!(
            "Thing: {{$ref: '#/components/schemas/S0'}}\n{}    S3000: {{type: {last}}}",
            links.collect::<String>()
        )
    };
    let report = compared(&chain("string"), &chain("integer"));
    assert_eq!(report.changes.len(), 1, "{report}");
    let values = |count: usize| {
        let values: Vec<String> = (0..count).map(|value| format!("v{value}")).collect();
        format!("Thing: {{type: string, enum: [{}]}}", values.join(", "))
    };
    assert_eq!(compared(&values(20_000), &values(20_001)).changes.len(), 1);
    let lists = |first: usize| {
        let list = |values: std::ops::Range<usize>| {
            let values: Vec<String> = values.map(|value| format!("v{value}")).collect();
            format!("{{type: string, enum: [{}]}}", values.join(", "))
        };
        format!(
            "Thing: {{oneOf: [{}, {}]}}",
            list(0..first),
            list(first..20_000)
        )
    };
    let report = compared(&lists(10_000), &lists(9_000));
    assert!(!report.is_breaking(), "{report}");
    let union = |kind: &str| {
        let branches: Vec<String> = (0..200)
            .map(|n| {
                format!(
                    "{{type: object, required: [p{n}], properties: {{p{n}: {{type: {kind}}}}}}}"
                )
            })
            .collect();
        format!("Thing: {{oneOf: [{}]}}", branches.join(", "))
    };
    assert_eq!(
        compared(&union("string"), &union("integer")).changes.len(),
        200
    );
}

/// Every kind of an expression holds others: each of them is compared with each once, not anew below each.
#[test]
fn kinds_that_hold_each_other_are_compared_once() {
    let expression = |least: u32| {
        let kinds = (0..40).map(|n| {
            format!(
                "    K{n}: {{type: object, required: [kind, v], properties: {{kind: {{type: string, enum: [k{n}]}}, \
                 v: {{type: string, minLength: {}}}, one: {{$ref: '#/components/schemas/Thing'}}, \
                 other: {{$ref: '#/components/schemas/Thing'}}}}}}\n",
                if n == 3 { least } else { 0 }
            )
        });
        let kinds: String = kinds.collect();
        let list: Vec<String> = (0..40)
            .map(|n| format!("{{$ref: '#/components/schemas/K{n}'}}"))
            .collect();
        format!("Thing: {{oneOf: [{}]}}\n{kinds}", list.join(", "))
    };
    assert_eq!(compared(&expression(1), &expression(2)).changes.len(), 1);
}

#[test]
fn many_components_may_extend_one() {
    let family = |count: usize| {
        let members = (0..count).map(|n| {
            format!("    Sub{n}: {{allOf: [{{$ref: '#/components/schemas/Thing'}}, {{type: object, properties: {{p{n}: {{type: string}}}}}}]}}\n")
        });
        format!(
            "Thing: {{type: object, required: [kind], properties: {{kind: {{type: string}}}}, discriminator: {{propertyName: kind}}}}\n{}",
            members.collect::<String>()
        )
    };
    let report = compared(&family(300), &family(301));
    let [change] = report.changes.as_slice() else {
        panic!("{report}")
    };
    assert_eq!(change.text, "`Thing` can be `Sub300` too");
}

#[test]
fn json_has_places_too() {
    let document = |kind: &str| {
        format!(
            "{{\"openapi\": \"3.0.3\",\n \"info\": {{\"title\": \"T\", \"version\": \"1\"}},\n \"paths\": {{\"/a/\": {{\"get\": {{\n  \
             \"responses\": {{\"200\": {{\"description\": \"\", \"content\": {{\"application/json\": {{\n   \
             \"schema\": {{\"type\": \"{kind}\"}}}}}}}}}}}}}}}}}}"
        )
    };
    let report = compare(
        &read("old.json", &document("string")),
        &read("new.json", &document("integer")),
    );
    let [change] = report.changes.as_slice() else {
        panic!("{report}")
    };
    let place = change.new.as_ref().expect("a place in the new document");
    let pointer =
        Pointer::parse("/paths/~1a~1/get/responses/200/content/application~1json/schema/type");
    assert_eq!(Some(&place.pointer), pointer.as_ref());
    assert_eq!(
        place.position,
        Position {
            line: 5,
            column: 15
        }
    );
}
