//! The laws of the verdict, on the client of the real document and on one edit per field of the model.

use super::{Bump, RustChange, compare};
use crate::diagnostic::Spec;
use crate::krate::*;
use crate::pointer::Pointer;
use crate::wire::WireName;
use crate::{document, plan, resolve};
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../../../spec/openapi.yaml");

fn planned(text: &str) -> Crate {
    let spec = Spec::new("openapi.yaml", text.to_owned());
    let document = document::read(&spec).expect("a document");
    let api = resolve::api(&document).expect("an API");
    plan::krate(&api, "openapi.yaml").expect("a client")
}

/// The client of the real document.
fn real() -> Crate {
    planned(DOCUMENT)
}

fn elsewhere() -> Pointer {
    Pointer::root().key("elsewhere")
}

fn name(text: &str) -> Ident {
    Ident::checked(text.to_owned())
}

fn wire(text: &str) -> WireName {
    WireName(text.to_owned())
}

fn docs() -> Docs {
    Docs(vec![Paragraph::Prose("Something else.".to_owned())])
}

fn resource(krate: &mut Crate) -> &mut Resource {
    let mut resources = krate.resources.iter_mut();
    resources
        .find(|one| one.module.as_str() == "lipsyncs")
        .expect("a resource with jobs")
}

fn waiting(krate: &mut Crate) -> &mut Waiting {
    resource(krate).waiting.as_mut().expect("jobs")
}

fn methods(krate: &mut Crate) -> impl Iterator<Item = &mut Method> {
    krate.resources.iter_mut().flat_map(|one| &mut one.methods)
}

fn method(krate: &mut Crate) -> &mut Method {
    let called = |one: &&mut Method| one.name.as_str() == "create";
    resource(krate)
        .methods
        .iter_mut()
        .find(called)
        .expect("a method")
}

fn argument(krate: &mut Crate) -> &mut Argument {
    let mut arguments = methods(krate).flat_map(|one| &mut one.arguments);
    arguments.next().expect("an argument")
}

fn items(krate: &mut Crate) -> &mut Items {
    let mut items = methods(krate).filter_map(|one| one.items.as_mut());
    items.next().expect("pages")
}

fn paging(krate: &mut Crate) -> &mut Paging {
    let mut paging = methods(krate).filter_map(|one| one.operation.paging.as_mut());
    paging.next().expect("pages")
}

fn call(krate: &mut Crate) -> &mut ExampleCall {
    let paragraphs = method(krate).docs.0.iter_mut();
    let mut examples = paragraphs.filter_map(|one| match one {
        Paragraph::Example(Example::Answer(call) | Example::Silent(call)) => Some(call),
        Paragraph::Example(Example::Job { .. })
        | Paragraph::Prose(_)
        | Paragraph::Ours(_)
        | Paragraph::Uses(_) => None,
    });
    examples.next().expect("an example")
}

/// A parameter in the query with limits.
fn parameter(krate: &mut Crate) -> &mut Parameter {
    let mut parameters = methods(krate).flat_map(|one| &mut one.operation.parameters);
    parameters
        .find(|one| one.location == Location::Query)
        .expect("a parameter")
}

fn price(krate: &mut Crate) -> &mut Price {
    method(krate).operation.prices.first_mut().expect("a price")
}

/// The type that `create` takes.
fn structure(krate: &mut Crate) -> &mut Struct {
    let types = krate.types.iter_mut().flat_map(|one| &mut one.items);
    let mut structs = types.filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        Item::Enum(_) => None,
    });
    let called = |one: &&mut Struct| one.name.as_str() == "LipsyncRequest";
    structs.find(called).expect("a struct")
}

/// An optional field that is a text.
fn field(krate: &mut Crate) -> &mut Field {
    let mut fields = structure(krate).fields.iter_mut();
    let wanted = |one: &&mut Field| one.presence == Presence::Optional && one.ty == Ty::Text;
    fields.find(wanted).expect("a field")
}

fn enumeration(krate: &mut Crate) -> &mut Enum {
    let types = krate.types.iter_mut().flat_map(|one| &mut one.items);
    let mut enums = types.filter_map(|item| match item {
        Item::Enum(item) => Some(item),
        Item::Struct(_) => None,
    });
    enums.next().expect("an enum")
}

fn variant(krate: &mut Crate) -> &mut Variant {
    // Examples show the first one.
    enumeration(krate).variants.last_mut().expect("a variant")
}

/// Gives the first key another constant, also where it is used.
fn rename_key(krate: &mut Crate) {
    let old = std::mem::replace(&mut krate.keys[0].constant, name("OTHER"));
    let used = methods(krate).flat_map(|one| one.operation.security.iter_mut().flatten());
    for constant in used.filter(|constant| **constant == old) {
        *constant = name("OTHER");
    }
}

/// One edit of one field, and how far it raises the version.
type Edit = (&'static str, Bump, fn(&mut Crate));

#[rustfmt::skip]
const EDITS: &[Edit] = &[
    ("Crate.docs", Bump::Patch, |k| k.docs = docs()),
    ("Crate.base_url", Bump::Patch, |k| k.base_url = None),
    ("Crate.keys", Bump::Patch, |k| { k.keys.pop(); }),
    ("Crate.resources", Bump::Major, |k| { k.resources.pop(); }),
    ("Crate.types", Bump::Major, |k| { k.types.pop(); }),
    ("Key.at", Bump::None, |k| k.keys[0].at = elsewhere()),
    ("Key.constant", Bump::None, rename_key),
    ("Key.header", Bump::Patch, |k| k.keys[0].header = wire("other")),
    ("Key.docs", Bump::Patch, |k| k.keys[0].docs = docs()),
    ("Resource.at", Bump::None, |k| resource(k).at = elsewhere()),
    ("Resource.module", Bump::Major, |k| resource(k).module = name("other")),
    ("Resource.handle", Bump::Major, |k| resource(k).handle = name("Other")),
    ("Resource.docs", Bump::Patch, |k| resource(k).docs = docs()),
    ("Resource.methods", Bump::Major, |k| { resource(k).methods.pop(); }),
    ("Resource.waiting", Bump::Major, |k| resource(k).waiting = None),
    ("Method.at", Bump::None, |k| method(k).at = elsewhere()),
    ("Method.name", Bump::Major, |k| method(k).name = name("other")),
    ("Method.constant", Bump::None, |k| method(k).constant = name("OTHER")),
    ("Method.marker", Bump::Major, |k| method(k).marker = Some(name("Other"))),
    ("Method.docs", Bump::Patch, |k| method(k).docs = docs()),
    ("Method.deprecated", Bump::Minor, |k| method(k).deprecated = true),
    ("Method.arguments", Bump::Major, |k| { let more = argument(k).clone(); method(k).arguments.push(more) }),
    ("Method.body", Bump::Major, |k| method(k).body = None),
    ("Method.setters", Bump::Major, |k| { method(k).setters.pop(); }),
    ("Method.items", Bump::Major, |k| methods(k).for_each(|one| one.items = None)),
    ("Method.output", Bump::Major, |k| method(k).output = Ty::Unit),
    ("Method.operation", Bump::Patch, |k| method(k).operation.answers_jobs = false),
    ("Argument.at", Bump::None, |k| argument(k).at = elsewhere()),
    ("Argument.name", Bump::Patch, |k| argument(k).name = name("other")),
    ("Argument.wire", Bump::Patch, |k| argument(k).wire = wire("other")),
    ("Argument.ty", Bump::Major, |k| argument(k).ty = Ty::Float),
    ("BodyArgument.at", Bump::None, |k| if let Some(body) = &mut method(k).body { body.at = elsewhere() }),
    ("BodyArgument.ty", Bump::Major, |k| if let Some(body) = &mut method(k).body { body.ty = Ty::Json }),
    ("Items.ty", Bump::Major, |k| items(k).ty = Ty::Json),
    ("Items.docs", Bump::Patch, |k| items(k).docs = docs()),
    ("TypeModule.name", Bump::None, |k| k.types[0].name = name("other")),
    ("TypeModule.docs", Bump::None, |k| k.types[0].docs = docs()),
    ("TypeModule.items", Bump::Major, |k| { k.types[0].items.pop(); }),
    ("Struct.at", Bump::None, |k| structure(k).at = elsewhere()),
    ("Struct.name", Bump::Major, |k| structure(k).name = name("Other")),
    ("Struct.docs", Bump::Patch, |k| structure(k).docs = docs()),
    ("Struct.deprecated", Bump::Minor, |k| structure(k).deprecated = true),
    ("Struct.direction", Bump::Major, |k| structure(k).direction = Direction::Response),
    ("Struct.fields", Bump::Major, |k| { structure(k).fields.pop(); }),
    ("Struct.requirements", Bump::Patch, |k| structure(k).requirements.clear()),
    ("Field.at", Bump::None, |k| field(k).at = elsewhere()),
    ("Field.wire", Bump::Patch, |k| field(k).wire = wire("other")),
    ("Field.name", Bump::Major, |k| field(k).name = name("other")),
    ("Field.docs", Bump::Patch, |k| field(k).docs = docs()),
    ("Field.deprecated", Bump::Minor, |k| field(k).deprecated = true),
    ("Field.ty", Bump::Major, |k| field(k).ty = Ty::Json),
    ("Field.presence", Bump::Major, |k| field(k).presence = Presence::Required),
    ("Field.rule", Bump::Patch, |k| field(k).rule.checks = vec![Check::UniqueItems]),
    ("Enum.at", Bump::None, |k| enumeration(k).at = vec![elsewhere()]),
    ("Enum.name", Bump::Major, |k| enumeration(k).name = name("Other")),
    ("Enum.docs", Bump::Patch, |k| enumeration(k).docs = docs()),
    ("Enum.deprecated", Bump::Minor, |k| enumeration(k).deprecated = true),
    ("Enum.variants", Bump::Major, |k| { enumeration(k).variants.pop(); }),
    ("Variant.at", Bump::None, |k| variant(k).at = vec![elsewhere()]),
    ("Variant.wire", Bump::Patch, |k| variant(k).wire = wire("other")),
    ("Variant.name", Bump::Major, |k| variant(k).name = name("Other")),
    ("Variant.docs", Bump::Patch, |k| variant(k).docs = docs()),
    ("ExampleCall.resource", Bump::Patch, |k| call(k).resource = name("other")),
    ("ExampleCall.method", Bump::Patch, |k| call(k).method = name("other")),
    ("ExampleCall.arguments", Bump::Patch, |k| call(k).arguments.clear()),
    ("Operation.id", Bump::Patch, |k| method(k).operation.id = wire("other")),
    ("Operation.method", Bump::Patch, |k| method(k).operation.method = HttpMethod::Put),
    ("Operation.path", Bump::Patch, |k| method(k).operation.path = wire("/other/")),
    ("Operation.parameters", Bump::Patch, |k| parameter(k).rule.checks.push(Check::UniqueItems)),
    ("Operation.body", Bump::Patch, |k| { method(k).operation.body.remove(0); }),
    ("Operation.security", Bump::Patch, |k| { method(k).operation.security.pop(); }),
    ("Operation.prices", Bump::Patch, |k| method(k).operation.prices.clear()),
    ("Operation.idempotent", Bump::Patch, |k| method(k).operation.idempotent ^= true),
    ("Operation.answers_jobs", Bump::Patch, |k| method(k).operation.answers_jobs = false),
    ("Operation.job_name", Bump::Patch, |k| method(k).operation.job_name = Some(wire("other"))),
    ("Operation.recovery", Bump::Patch, |k| method(k).operation.recovery = Recovery::BySubject),
    ("Operation.paging", Bump::Patch, |k| methods(k).for_each(|one| one.operation.paging = None)),
    ("Paging.page", Bump::Patch, |k| paging(k).page = wire("other")),
    ("Paging.size", Bump::Patch, |k| paging(k).size = wire("other")),
    ("Paging.results", Bump::Patch, |k| paging(k).results = Some(wire("other"))),
    ("Paging.next", Bump::Patch, |k| paging(k).next = Some(wire("other"))),
    ("Parameter.location", Bump::Patch, |k| parameter(k).location = Location::Header),
    ("Parameter.style", Bump::Patch, |k| parameter(k).style = Some(Style::PipeDelimited)),
    ("Parameter.explode", Bump::Patch, |k| parameter(k).explode = Some(parameter(k).explode == Some(false))),
    ("Parameter.rule", Bump::Patch, |k| parameter(k).rule.checks.push(Check::UniqueItems)),
    ("Price.credits", Bump::Patch, |k| price(k).credits += 1.0),
    ("Price.per_seconds", Bump::Patch, |k| price(k).per_seconds = Some(7)),
    ("Price.when", Bump::Patch, |k| price(k).when = None),
    ("Price.default", Bump::Patch, |k| price(k).default ^= true),
    ("Rule.wire", Bump::None, |k| field(k).rule.wire = wire("other")),
    ("Rule.checks", Bump::Patch, |k| field(k).rule.checks = vec![Check::MaxLength(3), Check::MinLength(2)]),
    ("Rule.nested", Bump::Patch, |k| {
        let each = Rule { wire: wire(""), checks: vec![Check::MaxLength(3)], nested: None };
        field(k).rule.nested = Some(Nested::EachItem(Box::new(each)));
    }),
    ("Waiting.resource", Bump::Patch, |k| waiting(k).resource = wire("other")),
    ("Waiting.states", Bump::Patch, |k| { waiting(k).states.pop(); }),
    ("Waiting.status", Bump::Patch, |k| waiting(k).status = wire("other")),
    ("Waiting.output", Bump::Patch, |k| waiting(k).output = wire("other")),
    ("Waiting.reason", Bump::Patch, |k| waiting(k).reason = None),
    ("Waiting.preview", Bump::Patch, |k| waiting(k).preview = Some(wire("other"))),
    ("Waiting.credits", Bump::Patch, |k| waiting(k).credits = Some(wire("other"))),
    ("Waiting.created", Bump::Patch, |k| waiting(k).created = Some(wire("other"))),
    ("Waiting.name", Bump::Patch, |k| waiting(k).name = Some(wire("other"))),
    ("Waiting.poll", Bump::Patch, |k| waiting(k).poll = name("OTHER")),
    ("Waiting.list", Bump::Patch, |k| waiting(k).list = None),
    ("Waiting.methods", Bump::Major, |k| { waiting(k).methods.pop(); }),
    ("JobState.name", Bump::Patch, |k| waiting(k).states[0].name = wire("other")),
    ("JobState.outcome", Bump::Patch, |k| waiting(k).states[0].outcome = JobOutcome::Failed),
    ("JobList.constant", Bump::Patch, |k| if let Some(list) = &mut waiting(k).list { list.constant = name("OTHER") }),
    ("JobList.ids", Bump::Patch, |k| if let Some(list) = &mut waiting(k).list { list.ids = wire("other") }),
    ("JobList.most", Bump::Patch, |k| if let Some(list) = &mut waiting(k).list { list.most += 1 }),
    ("JobMethod.name", Bump::Major, |k| waiting(k).methods[0].name = name("other")),
    ("JobMethod.verb", Bump::Major, |k| waiting(k).methods[0].verb = JobVerb::Settle),
    ("JobMethod.job", Bump::Major, |k| waiting(k).methods[0].job = Ty::Json),
    ("JobMethod.docs", Bump::Patch, |k| waiting(k).methods[0].docs = docs()),
];

fn worst(changes: &[RustChange]) -> Bump {
    let bumps = changes.iter().map(|change| change.bump);
    bumps.max().unwrap_or(Bump::None)
}

#[test]
fn equal_clients_do_not_differ() {
    assert_eq!(compare(&real(), &real()), []);
}

/// A field that the comparison forgets would be a change that users meet and no report names.
#[test]
fn an_edit_of_any_field_is_found() {
    let old = real();
    let mut complaints = String::new();
    for (field, bump, edit) in EDITS {
        let mut new = old.clone();
        edit(&mut new);
        if old == new {
            complaints += &format!("{field}: edits nothing\n");
        }
        let (done, undone) = (compare(&old, &new), compare(&new, &old));
        if done.is_empty() || undone.is_empty() || worst(&done) != *bump {
            complaints +=
                &format!("{field} is no {bump}, or not when undone: {done:#?}\n{undone:#?}\n");
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// What one edit of one value does is said once, also where it shows in many places.
#[test]
fn one_edit_is_one_change() {
    // These edit several things, or leave a client that no document gives.
    let many = [
        "Crate.types",
        "Enum.name",
        "JobMethod.verb",
        "Method.items",
        "Operation.paging",
        "Struct.direction",
        "Struct.name",
    ];
    let old = real();
    let mut complaints = String::new();
    for (field, _, edit) in EDITS.iter().filter(|(field, _, _)| !many.contains(field)) {
        let mut new = old.clone();
        edit(&mut new);
        let changes = compare(&old, &new);
        if changes.len() != 1 {
            complaints += &format!("{field}: {changes:#?}\n");
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// A field that the model gains needs an edit above.
#[test]
fn every_field_of_the_model_is_edited() {
    let sources = [
        include_str!("../../krate.rs"),
        include_str!("../../krate/docs.rs"),
        include_str!("../../krate/operation.rs"),
        include_str!("../../krate/rule.rs"),
        include_str!("../../krate/waiting.rs"),
    ];
    let mut fields = BTreeSet::new();
    for source in sources {
        let file = syn::parse_file(source).expect("Rust");
        for item in file.items {
            let syn::Item::Struct(item) = item else {
                continue;
            };
            for field in item.fields.iter().filter_map(|field| field.ident.as_ref()) {
                fields.insert(format!("{}.{field}", item.ident));
            }
        }
    }
    let edited: BTreeSet<String> = EDITS
        .iter()
        .map(|(field, _, _)| (*field).to_owned())
        .collect();
    assert_eq!(edited, fields);
}

#[test]
fn a_type_that_is_renamed_everywhere_is_one_change() {
    for (name, other) in [("JobStatus", "CatStatus"), ("VoiceAccent", "CatAccent")] {
        let changes = compare(&real(), &planned(&DOCUMENT.replace(name, other)));
        let found: Vec<_> = changes
            .iter()
            .map(|one| (one.bump, one.text.as_str()))
            .collect();
        let text = format!("`{name}` is now called `{other}`");
        assert_eq!(found, [(Bump::Major, text.as_str())]);
    }
}

/// Types and resources that stand elsewhere in the document are the same for users.
#[test]
fn the_order_of_types_and_methods_says_nothing() {
    let old = real();
    let mut new = old.clone();
    new.types.reverse();
    new.resources.reverse();
    for module in &mut new.types {
        module.items.reverse();
    }
    for resource in &mut new.resources {
        resource.methods.reverse();
    }
    assert_eq!(worst(&compare(&old, &new)), Bump::None);
    for (field, _, edit) in EDITS {
        let mut one = old.clone();
        edit(&mut one);
        let mut other = one.clone();
        other.resources.reverse();
        for resource in &mut other.resources {
            resource.methods.reverse();
        }
        assert_eq!(compare(&old, &one), compare(&old, &other), "{field}");
    }
}
