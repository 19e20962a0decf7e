//! Unit tests of the overlay. In: a document and actions as YAML. Out: the corrected document, or the complaint.

use super::*;
use serde_json::json;

const HEAD: &str = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n";

fn document() -> Value {
    json!({
        "paths": {"/a/": {"get": {"tags": ["x", "y", "z"], "description": "old"}, "post": {"tags": ["x"]}}},
        "schemas": {"Retrive": {"type": "object", "required": ["id"]}, "Other": {"type": "string"}},
    })
}

fn run(actions: &str) -> Result<Applied, String> {
    apply(
        document(),
        &Spec::new("overlay.yaml", format!("{HEAD}{actions}")),
    )
    .map_err(|found| found.to_string())
}

#[track_caller]
fn gives(actions: &str, pointer: &str, expected: Value) -> Applied {
    let applied = run(actions).unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(applied.document.pointer(pointer), Some(&expected));
    applied
}

#[track_caller]
fn fails(actions: &str, place_and_message: &str) {
    let found = run(actions)
        .map(|applied| applied.document)
        .expect_err("a complaint");
    assert!(found.contains(place_and_message), "{found}");
}

#[track_caller]
fn corrected(applied: &Applied, expected: &[&str]) {
    let places: Vec<_> = applied.corrections.keys().map(Pointer::to_string).collect();
    assert_eq!(places, expected);
}

#[test]
fn objects_merge_arrays_append_and_scalars_are_replaced() {
    let update = "- target: $.paths['/a/'].get\n  description: why\n  update: {tags: [n], description: new, x: {y: 1}}\n";
    let expected = json!({"tags": ["x", "y", "z", "n"], "description": "new", "x": {"y": 1}});
    let applied = gives(update, "/paths/~1a~1/get", expected);
    let get = "#/paths/~1a~1/get";
    let places = ["/description", "/tags/3", "/x", "/x/y"].map(|place| format!("{get}{place}"));
    corrected(&applied, &places.each_ref().map(String::as_str));
    assert_eq!(
        applied.corrections.values().next(),
        Some(&vec!["why".to_owned()])
    );
}

#[test]
fn a_target_may_be_an_array_or_a_scalar_or_many() {
    let one = "- target: $.paths['/a/'].get.tags\n  description: d\n  update: n\n";
    gives(one, "/paths/~1a~1/get/tags", json!(["x", "y", "z", "n"]));
    let scalar = "- target: $.paths['/a/'].get.description\n  description: d\n  update: new\n";
    gives(scalar, "/paths/~1a~1/get/description", json!("new"));
    let many = "- target: $.paths.*.*.tags\n  description: d\n  update: [n]\n";
    let applied = gives(many, "/paths/~1a~1/post/tags", json!(["x", "n"]));
    corrected(
        &applied,
        &["#/paths/~1a~1/get/tags/3", "#/paths/~1a~1/post/tags/1"],
    );
}

#[test]
fn copy_and_remove_rename_a_schema() {
    let rename = "- target: $.schemas\n  description: d\n  update: {Retrieve: {}}\n\
                  - target: $.schemas.Retrieve\n  description: misspelt\n  copy: $.schemas.Retrive\n\
                  - target: $.schemas.Retrive\n  description: misspelt\n  remove: true\n";
    let applied = gives(
        rename,
        "/schemas/Retrieve",
        json!({"type": "object", "required": ["id"]}),
    );
    let names: Vec<_> = applied.document["schemas"]
        .as_object()
        .expect("schemas")
        .keys()
        .collect();
    assert_eq!(
        names,
        ["Other", "Retrieve"],
        "removal must keep the order of the rest"
    );
    let retrieve = "#/schemas/Retrieve";
    let places =
        ["", "/required", "/required/0", "/type"].map(|place| format!("{retrieve}{place}"));
    corrected(&applied, &places.each_ref().map(String::as_str));
}

#[test]
fn several_elements_are_removed_and_corrections_behind_them_move_up() {
    let actions = "- target: $.paths['/a/'].get.tags\n  description: d\n  update: n\n\
                   - target: $.paths['/a/'].get.tags[2, 0]\n  description: d\n  remove: true\n";
    let applied = gives(actions, "/paths/~1a~1/get/tags", json!(["y", "n"]));
    corrected(&applied, &["#/paths/~1a~1/get/tags/1"]);
}

#[test]
fn a_correction_that_no_longer_applies_fails_at_its_place() {
    let stale = "- target: $.schemas.Gone\n  description: d\n  remove: true\n";
    fails(
        stale,
        "overlay.yaml:4:3: error: the target `$.schemas.Gone` matches nothing\n  at: #/actions/0/target\n",
    );
    let healed = "- target: $.schemas.Other\n  description: d\n  x-was: {type: integer}\n  update: {type: number}\n";
    fails(
        healed,
        "overlay.yaml:6:3: error: `x-was` is out of date: `#/schemas/Other/type` is `\"string\"`, the action expects \
         `\"integer\"`\n  at: #/actions/0/x-was\n",
    );
    let still = "- target: $.schemas.Other\n  description: d\n  x-was: {type: string, items: null}\n  remove: true\n";
    assert!(run(still).is_ok());
}

#[test]
fn all_failing_actions_are_reported() {
    let actions = "- {target: $.a, description: d, remove: true}\n- {target: $.b, description: d, remove: true}\n";
    fails(actions, "2 errors");
}

#[test]
fn values_of_different_kinds_do_not_merge() {
    let clash = "- target: $.schemas.Other\n  description: d\n  update: {type: [string]}\n";
    fails(
        clash,
        "overlay.yaml:6:3: error: `#/schemas/Other/type` is a scalar, the new value is a sequence",
    );
    let mixed = "- target: $.paths['/a/'].get.*\n  description: d\n  update: x\n";
    fails(mixed, "matches nodes of different kinds");
    let two = "- target: $.schemas.Other\n  description: d\n  copy: $.schemas.*\n";
    fails(
        two,
        "the source `$.schemas.*` of the copy matches 2 nodes, not one",
    );
}

#[test]
fn malformed_actions_are_refused() {
    for (action, message) in [
        ("{target: $.a, remove: true}", "does not say why"),
        (
            "{target: $.a, description: ' ', remove: true}",
            "does not say why",
        ),
        ("{target: $.a, description: d}", "changes nothing"),
        (
            "{target: $.a, description: d, remove: false}",
            "`remove` is not `true`",
        ),
        (
            "{target: $.a, description: d, remove: true, update: 1}",
            "more than one of",
        ),
        (
            "{target: $.a, description: d, remove: true, x-wass: 1}",
            "did you mean `x-was`?",
        ),
        (
            "{target: $.a, description: d, updte: 1}",
            "did you mean `update`?",
        ),
        (
            "{target: $.a, description: d, zzz: 1, remove: true}",
            "remove it; known are target",
        ),
        ("{description: d, remove: true}", "`target` is missing"),
        (
            "{target: '$.a[', description: d, remove: true}",
            "`$.a[` is no JSONPath: at character",
        ),
        ("[]", "an action is a mapping"),
    ] {
        fails(&format!("- {action}\n"), message);
    }
}

#[test]
fn the_head_of_an_overlay_is_checked() {
    for (text, message) in [
        (
            "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: []\n",
            "a.yaml:1:1: error: only version 1.1",
        ),
        (
            "overlay: 1.1.0\ninfo: {title: t}\nactions: []\n",
            "`info` lacks `version`",
        ),
        (
            "overlay: 1.1.0\ninfo: {title: t, version: '1'}\n",
            "`actions` is missing",
        ),
        (
            "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions: []\naction: 1\n",
            "did you mean `actions`?",
        ),
        ("[]\n", "an overlay is a mapping"),
    ] {
        let found = apply(document(), &Spec::new("a.yaml", text))
            .expect_err("a complaint")
            .to_string();
        assert!(found.contains(message), "{found}");
    }
}
