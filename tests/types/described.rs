//! What the documentation says of each type first. In: the sources of the types. Out: types that a reader of the overview
//! cannot tell apart. Knows no operation.

use crate::workspace;
use std::collections::BTreeMap;
use std::fs;
use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta};

/// How each first sentence begins: it says which way the type goes, or what it is a part of.
const BEGINNINGS: [&str; 5] = [
    "Request body of `",
    "Response of `",
    "Item of the response of `",
    "Parameter `",
    "Field `",
];

/// The first paragraph of each type, and whether it has a constructor.
fn described() -> BTreeMap<String, (String, bool)> {
    let mut found: BTreeMap<String, (String, bool)> = BTreeMap::new();
    for entry in fs::read_dir(workspace("creatify-api/src/generated/types")).expect("types") {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a source");
        for item in syn::parse_file(&text).expect("Rust").items {
            let (name, attributes) = match &item {
                Item::Struct(one) => (one.ident.to_string(), &one.attrs),
                Item::Enum(one) => (one.ident.to_string(), &one.attrs),
                Item::Impl(one) => {
                    let is_new = |item: &ImplItem| matches!(item, ImplItem::Fn(one) if one.sig.ident == "new");
                    if let (true, syn::Type::Path(path)) =
                        (one.items.iter().any(is_new), &*one.self_ty)
                    {
                        let name = path.path.segments.last().expect("a name").ident.to_string();
                        found.get_mut(&name).expect("a type before its `new`").1 = true;
                    }
                    continue;
                }
                _ => continue,
            };
            found.insert(name, (first_paragraph(attributes), false));
        }
    }
    found
}

fn first_paragraph(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|one| match &one.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    lines.join(" ")
}

/// Two types with one sentence, as a request and its response had, are told apart only by opening both.
#[test]
fn no_two_types_have_the_same_first_sentence() {
    let mut sentences: BTreeMap<String, String> = BTreeMap::new();
    let mut complaints = String::new();
    for (name, (text, _)) in described() {
        let sentence = text
            .split_once(". ")
            .map_or(text.as_str(), |(first, _)| first);
        if !BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
        {
            complaints += &format!("{name} does not say where it is used: {text}\n");
        }
        if let Some(other) = sentences.insert(sentence.to_owned(), name.clone()) {
            complaints += &format!("{name} and {other}: {sentence}\n");
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// What is only received has no constructor, and nothing that has none is called a request.
#[test]
fn requests_and_responses_are_told_apart() {
    let described = described();
    let bodies = described
        .values()
        .filter(|(text, _)| text.starts_with("Request body of"));
    assert!(bodies.clone().count() >= 4, "{described:#?}");
    for (text, has_new) in bodies {
        assert!(has_new, "{text}");
    }
    let responses = described
        .iter()
        .filter(|(_, (text, _))| text.starts_with("Response of"));
    assert!(responses.clone().count() >= 8, "{described:#?}");
    for (name, (text, has_new)) in responses {
        assert!(!has_new, "{name}: {text}");
    }
}

/// The overview of the module lists each type once, by the way it goes.
#[test]
fn the_overview_lists_each_type_once() {
    let overview = workspace("creatify-api/src/generated/types/mod.rs");
    let overview = fs::read_to_string(overview).expect("the overview");
    let listed = overview
        .lines()
        .filter_map(|line| line.strip_prefix("//! - [`")?.strip_suffix("`]"));
    let mut listed: Vec<&str> = listed.collect();
    listed.sort_unstable();
    let described = described();
    let declared: Vec<&str> = described.keys().map(String::as_str).collect();
    assert_eq!(listed, declared);
}
