//! Unit tests of the bundler. In: fragments as YAML. Out: the bundle, or the complaint.

use super::*;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n";
const NO_OVERLAY: &str = "overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions: []\n";

/// Sources with these fragments, the later the newer; the first line of each is its name.
fn sources(fragments: &[(&str, &str)]) -> Sources {
    let origins: String = fragments
        .iter()
        .map(|(name, _)| format!("- {{fragment: {name}, page: https://docs/{name}}}\n"))
        .collect();
    Sources {
        fragments: fragments
            .iter()
            .map(|(name, text)| Spec::new(format!("up/{name}"), format!("{HEAD}{text}")))
            .collect(),
        provenance: Spec::new(
            "provenance.yaml",
            if origins.is_empty() {
                "[]\n".to_owned()
            } else {
                origins
            },
        ),
        overlay: Spec::new("overlay.yaml", NO_OVERLAY),
    }
}

#[track_caller]
fn complains(sources: &Sources, expected: &[&str]) {
    let found = bundle(sources)
        .map(|bundle| bundle.text)
        .expect_err("a complaint")
        .to_string();
    for expected in expected {
        assert!(found.contains(expected), "{expected} is not in\n{found}");
    }
}

#[test]
fn paths_merge_by_method_and_components_by_name() {
    let first = "paths: {/b/: {post: {operationId: b}}}\ncomponents: {schemas: {Z: {type: string}, A: {type: object}}}\n";
    let second = "paths: {/b/: {get: {operationId: c}}, /a/: {get: {operationId: d}}}\n\
                  components: {schemas: {Z: {type: string}, M: {enum: [no, 'on', 16x9]}}}\n";
    let bundle = bundle(&sources(&[("2.yaml", second), ("1.yaml", first)])).expect("a bundle");
    let expected = "openapi: 3.0.3\ninfo:\n  title: t\n  version: '1'\npaths:\n  /b/:\n    post:\n      operationId: b\n    \
                    get:\n      operationId: c\n  /a/:\n    get:\n      operationId: d\ncomponents:\n  schemas:\n    A:\n      \
                    type: object\n    M:\n      enum:\n      - 'no'\n      - 'on'\n      - 16x9\n    Z:\n      type: string\n";
    let fingerprints = "# d79f9dcccf28bb23 up/1.yaml\n# 15a6c4e917b1e6d1 up/2.yaml\n";
    assert_eq!(bundle.text, format!("{HEADER}{fingerprints}{expected}"));
    assert_eq!(bundle.notes, Vec::<String>::new());
}

#[test]
fn the_order_of_the_fragments_given_means_nothing() {
    let mut sources = sources(&[
        ("1.yaml", "paths: {/a/: {get: {}}}\n"),
        ("2.yaml", "paths: {/b/: {get: {}}}\n"),
    ]);
    let before = bundle(&sources).expect("a bundle");
    sources.fragments.reverse();
    assert_eq!(bundle(&sources).expect("a bundle"), before);
}

#[test]
fn prose_is_taken_from_the_newest_fragment_and_noted() {
    let old = "components:\n  schemas:\n    A: {type: object, description: old, properties: {title: {type: string}}}\n";
    let new = "components:\n  schemas:\n    A: {type: object, description: new, properties: {title: {type: string, title: T}}}\n";
    let bundle = bundle(&sources(&[("2.yaml", old), ("1.yaml", new)])).expect("a bundle");
    assert!(bundle.text.contains("description: new"), "{}", bundle.text);
    assert!(bundle.text.contains("title: T"), "{}", bundle.text);
    let note = "#/components/schemas/A: the prose of up/1.yaml was taken, that of up/2.yaml is older \
                (#/description, #/properties/title/title)";
    assert_eq!(bundle.notes, [note]);
}

#[test]
fn every_change_to_a_fragment_shows_in_the_bundle() {
    let outdone = "components: {schemas: {A: {description: old}}}\n";
    let newest = "components: {schemas: {A: {description: new}}}\n";
    let mut sources = sources(&[("1.yaml", outdone), ("2.yaml", newest)]);
    let before = bundle(&sources).expect("a bundle").text;
    sources.fragments[0].text = sources.fragments[0].text.replace('\n', "\r\n");
    assert_eq!(
        bundle(&sources).expect("a bundle").text,
        before,
        "line ends are the checkout's affair"
    );
    sources.fragments[0].text = sources.fragments[0].text.replace("old", "odd");
    assert_ne!(bundle(&sources).expect("a bundle").text, before);
}

#[test]
fn contradictions_name_both_places_and_the_first_difference() {
    let schema = |kind: &str| {
        format!("components:\n  schemas:\n    A:\n      properties:\n        title: {kind}\n")
    };
    let (left, right) = (schema("{type: string}"), schema("{type: integer}"));
    complains(
        &sources(&[("old.yaml", &left), ("new.yaml", &right)]),
        &[
            "up/new.yaml:5:5: error: this contradicts up/old.yaml:5:5 (#/components/schemas/A): first at \
             `#/properties/title/type`, which is `\"integer\"` here and `\"string\"` there\n  at: #/components/schemas/A\n  \
             help: one of the two pages is out of date",
            "1 error\n",
        ],
    );
}

#[test]
fn every_kind_of_contradiction_is_found_at_once() {
    let old = "servers: []\npaths: {/a/: {get: {operationId: a}}}\n\
               components: {schemas: {A: {properties: {title: {}}}, B: {enum: [a, b]}, C: {default: {title: x}}}}\n";
    let new = "servers: [{url: u}]\npaths: {/a/: {get: {operationId: b}}}\n\
               components: {schemas: {A: {properties: {}}, B: {enum: [b, a]}, C: {default: {title: y}}}}\n";
    complains(
        &sources(&[("1.yaml", old), ("2.yaml", new)]),
        &[
            "(#/servers): first at `#`",
            "(#/paths/~1a~1/get): first at `#/operationId`, which is `\"b\"` here and `\"a\"` there",
            "(#/components/schemas/A): first at `#/properties/title`, which is absent here and `{}` there",
            "(#/components/schemas/B): first at `#/enum/0`",
            "(#/components/schemas/C): first at `#/default/title`",
            "5 errors\n",
        ],
    );
}

#[test]
fn one_older_definition_in_many_fragments_is_one_complaint() {
    let old = "components: {schemas: {A: {type: string}}}\n";
    let new = "components: {schemas: {A: {type: integer}}}\n";
    let sources = sources(&[
        ("1.yaml", old),
        ("2.yaml", old),
        ("3.yaml", old),
        ("4.yaml", new),
    ]);
    complains(&sources, &["1 error\n"]);
}

#[test]
fn other_documents_than_openapi_3_0_are_refused() {
    for (text, message) in [
        (
            "openapi: 3.1.0\n",
            "up/a.yaml:1:1: error: this is OpenAPI 3.1.0, not 3.0",
        ),
        (
            "swagger: '2.0'\n",
            "up/a.yaml:1:1: error: this is Swagger 2, not OpenAPI 3.0",
        ),
        ("info: {}\n", "`openapi: 3.0.x` is missing"),
        ("openapi: 3\n", "this is OpenAPI 3, not 3.0"),
        ("- 1\n", "an OpenAPI document is a mapping"),
        (
            "openapi: 3.0.3\npaths: []\n",
            "up/a.yaml:2:1: error: `paths` is no mapping",
        ),
        ("openapi: 3.0.3\npaths: {/a/: 1}\n", "`/a/` is no mapping"),
        ("a: [\n", "this is not readable YAML"),
        (
            "openapi: 3.0.3\nopenapi: 3.0.3\n",
            "up/a.yaml:2:1: error: the key `openapi` stands twice",
        ),
    ] {
        let mut sources = sources(&[("a.yaml", "")]);
        sources.fragments[0].text = text.to_owned();
        complains(&sources, &[message]);
    }
}

#[test]
fn fragments_and_their_provenance_must_match() {
    let mut sources = sources(&[("a.yaml", "")]);
    sources.fragments.push(Spec::new("up/b.yaml", HEAD));
    sources
        .provenance
        .text
        .push_str("- {fragment: c.yaml, page: p}\n");
    complains(
        &sources,
        &[
            "up/b.yaml:1:1: error: this fragment is not listed in provenance.yaml",
            "provenance.yaml:2:4: error: there is no fragment `c.yaml`",
            "2 errors\n",
        ],
    );
}

#[test]
fn a_malformed_provenance_is_refused() {
    for (text, message) in [
        ("{}\n", "this is no sequence"),
        (
            "- {fragment: a.yaml}\n",
            "an entry has `fragment` and `page`",
        ),
        (
            "- {fragment: a.yaml, page: p, x: 1}\n",
            "an entry has `fragment` and `page`",
        ),
        (
            "- {fragment: a.yaml, page: p}\n- {fragment: a.yaml, page: q}\n",
            "2:4: error: `a.yaml` is listed twice",
        ),
    ] {
        let found = provenance(&Spec::new("provenance.yaml", text))
            .expect_err("a complaint")
            .to_string();
        assert!(found.contains(message), "{found}");
    }
}

#[test]
fn the_provenance_survives_writing_and_reading() {
    let origins = [Origin {
        fragment: "a.yaml".to_owned(),
        page: "https://docs/a".to_owned(),
    }];
    let text = write_provenance(&origins).expect("text");
    assert_eq!(
        provenance(&Spec::new("provenance.yaml", text)).as_deref(),
        Ok(&origins[..])
    );
}

#[test]
fn corrections_apply_to_the_merged_document() {
    let mut sources = sources(&[("a.yaml", "servers: []\n")]);
    sources.overlay.text = NO_OVERLAY.replace(
        "[]",
        "[{target: $.servers, description: upstream has none, update: {url: u}}]",
    );
    let bundle = bundle(&sources).expect("a bundle");
    assert!(
        bundle.text.contains("servers:\n- url: u\n"),
        "{}",
        bundle.text
    );
    let reason = vec!["upstream has none".to_owned()];
    assert_eq!(
        bundle
            .corrections
            .get(&Pointer::root().key("servers").index(0).key("url")),
        Some(&reason)
    );
}
