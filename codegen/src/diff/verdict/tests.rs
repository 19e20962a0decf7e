//! Which version is raised how far, and which change in Rust belongs to which on the wire.

use super::super::report::Place;
use super::*;

fn pointer(text: &str) -> Option<Pointer> {
    Pointer::parse(text)
}

fn place(text: &str) -> Option<Place> {
    let position = Position { line: 1, column: 1 };
    pointer(text).map(|pointer| Place { pointer, position })
}

fn wire(old: Option<Place>, new: Option<Place>) -> Change {
    Change {
        rule: "other-change",
        level: Level::Info,
        direction: None,
        operations: Vec::new(),
        old,
        new,
        text: String::new(),
        also: Vec::new(),
    }
}

fn rust(old: Option<Pointer>, new: Option<Pointer>) -> RustChange {
    RustChange {
        bump: Bump::Major,
        item: String::new(),
        text: String::new(),
        old,
        new,
    }
}

const SCHEMA: &str = "/components/schemas/A";
const PROPERTY: &str = "/components/schemas/A/properties/b";

#[test]
fn the_same_node_is_nearer_than_one_above_or_below() {
    let list = [
        wire(place("/info"), place("/info")),
        wire(place(SCHEMA), place(SCHEMA)),
        wire(place(PROPERTY), place(PROPERTY)),
    ];
    assert_eq!(owner(&rust(None, pointer(PROPERTY)), &list), Some(2));
    assert_eq!(owner(&rust(pointer(SCHEMA), None), &list), Some(1));
    let below = format!("{PROPERTY}/items");
    assert_eq!(owner(&rust(None, pointer(&below)), &list), Some(2));
    assert_eq!(
        owner(&rust(None, pointer("/components/schemas/AB")), &list),
        None
    );
}

/// A new field is that of its own edit, and not of what happens to the object that lacked it.
#[test]
fn what_is_new_belongs_to_the_edit_that_brought_it() {
    let list = [
        wire(place(SCHEMA), place(SCHEMA)),
        wire(place(SCHEMA), place(PROPERTY)),
    ];
    let added = rust(pointer(SCHEMA), pointer(PROPERTY));
    assert_eq!(owner(&added, &list), Some(1));
}

/// A removed operation would else take whatever happens to the operations that stay.
#[test]
fn a_place_that_only_says_where_something_is_missing_owns_nothing() {
    let removed = [wire(place("/paths/~1a/get"), place("/paths"))];
    assert_eq!(
        owner(&rust(pointer("/paths/~1a/get"), None), &removed),
        Some(0)
    );
    assert_eq!(
        owner(&rust(None, pointer("/paths/~1b/get")), &removed),
        None
    );
}

#[test]
fn additions_are_what_callers_can_use() {
    let table = [
        ("endpoint-added", true),
        ("new-optional-request-parameter", true),
        ("request-body-added-optional", true),
        ("request-property-enum-value-added", true),
        ("request-property-max-increased", true),
        ("request-property-became-optional", true),
        ("response-optional-property-added", true),
        ("response-required-property-added", true),
        ("response-property-open-enum-value-added", true),
        ("response-property-pattern-added", false),
        ("response-property-max-set", false),
        ("request-property-default-value-added", false),
        ("request-property-deprecated", false),
        ("api-tag-added", false),
        ("api-schema-added", false),
        ("api-operation-id-added", false),
        ("documentation-changed", false),
        ("no-such-rule", false),
    ];
    for (id, expected) in table {
        assert_eq!(is_addition(id), expected, "{id}");
        assert_eq!(rules::find(id).is_some(), id != "no-such-rule", "{id}");
    }
}

#[test]
fn the_worst_finding_raises_the_version() {
    let table: [(&[(&str, Level)], Bump); 6] = [
        (&[], Bump::None),
        (&[("documentation-changed", Level::Info)], Bump::Patch),
        (
            &[
                ("documentation-changed", Level::Info),
                ("endpoint-added", Level::Info),
            ],
            Bump::Minor,
        ),
        (&[("endpoint-deprecated", Level::Info)], Bump::Minor),
        (&[("price-changed", Level::Warning)], Bump::Minor),
        (
            &[
                ("endpoint-added", Level::Info),
                ("callback-removed", Level::Breaking),
            ],
            Bump::Major,
        ),
    ];
    for (rulings, expected) in table {
        assert_eq!(bump(rulings.iter().copied()), expected, "{rulings:?}");
    }
}

#[test]
fn what_cannot_be_planned_is_judged_on_the_wire_alone() {
    let text = |maximum: u8| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a/:\n    get:\n      parameters:\n      - {{name: q, in: query, \
             schema: {{type: integer, maximum: {maximum}}}}}\n      responses: {{'200': {{description: ok}}}}\n"
        )
    };
    let side = |name: &str, maximum| Side::read(name, &text(maximum)).expect("a document");
    let today = Date::default();
    let verdict = judge(&side("old.yaml", 9), &side("new.yaml", 5), today);
    assert!(verdict.wire.is_breaking(), "{}", verdict.wire);
    assert_eq!((verdict.api, verdict.krate), (Bump::Major, None));
    let reason = verdict.rust.expect_err("no server is named");
    assert!(
        reason.starts_with("old.yaml:") && reason.contains("names no server"),
        "{reason}"
    );
    // Equal documents give equal clients, also where none can be planned.
    let equal = judge(&side("old.yaml", 9), &side("new.yaml", 9), today);
    assert_eq!(
        (equal.rust, equal.api, equal.krate),
        (Ok(Vec::new()), Bump::None, Some(Bump::None))
    );
}
