//! Every generated type as JSON: what is read and written again is the same. In: values made from the sources of the types.
//! Out: a type that loses or changes something. Knows no operation.

use crate::{table, workspace};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use syn::{Expr, Fields, GenericArgument, ImplItem, Item, PathArguments, Stmt, Type};

/// Reads a value as a type and writes it again: as a value, by way of text, and by way of another format.
pub(crate) type Again = fn(&Value) -> Result<[Value; 3], String>;

/// The way there and back for one type.
pub(crate) fn again<T: Serialize + DeserializeOwned + PartialEq>(
    value: &Value,
) -> Result<[Value; 3], String> {
    let read: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let text = serde_json::to_string(&read).map_err(|error| error.to_string())?;
    let by_text: T = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let yaml = serde_yaml::to_string(&read).map_err(|error| error.to_string())?;
    let by_yaml: T = serde_yaml::from_str(&yaml).map_err(|error| format!("{error}: {yaml}"))?;
    if by_text != read || by_yaml != read {
        return Err("another value comes back".to_owned());
    }
    let written = |value: &T| serde_json::to_value(value).map_err(|error| error.to_string());
    Ok([written(&read)?, written(&by_text)?, written(&by_yaml)?])
}

/// A field: how it is declared, and whether it is always written.
#[derive(Clone)]
struct Field {
    ty: Type,
    wire: String,
    required: bool,
}

/// The generated types as their sources have them.
#[derive(Default)]
struct Types {
    structs: BTreeMap<String, Vec<Field>>,
    enums: BTreeMap<String, Vec<String>>,
}

/// Which of the values that a type has is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Every field is there.
    Full,
    /// Only required fields are there, nullable ones as null.
    Least,
    /// Every field that tells null from absent is null.
    Null,
    /// Enumerations have values that no list has.
    Unknown,
}

const KINDS: [Kind; 4] = [Kind::Full, Kind::Least, Kind::Null, Kind::Unknown];

/// How deep types that hold themselves are filled.
const DEEPEST: usize = 4;

fn types() -> Types {
    let mut types = Types::default();
    let folder = workspace("creatify-api/src/generated/types");
    for entry in fs::read_dir(folder).expect("the generated types") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a source");
        for item in syn::parse_file(&text).expect("Rust").items {
            types.read(item);
        }
    }
    types
}

impl Types {
    fn read(&mut self, item: Item) {
        match item {
            Item::Struct(one) => {
                let Fields::Named(fields) = one.fields else {
                    panic!("{} has no named fields", one.ident)
                };
                let fields = fields.named.into_iter().map(|field| Field {
                    wire: field.ident.expect("a name").to_string(),
                    ty: field.ty,
                    required: false,
                });
                self.structs.insert(one.ident.to_string(), fields.collect());
            }
            Item::Enum(one) => {
                self.enums.insert(one.ident.to_string(), Vec::new());
            }
            Item::Impl(one) => self.implementation(&one),
            _ => {}
        }
    }

    /// The lines of `encode`, and the cases of `as_str`.
    fn implementation(&mut self, one: &syn::ItemImpl) {
        let name = last(&one.self_ty);
        for item in &one.items {
            let ImplItem::Fn(function) = item else {
                continue;
            };
            if function.sig.ident == "encode" {
                let fields = self
                    .structs
                    .get_mut(&name)
                    .expect("a struct before its `encode`");
                encoded(fields, &function.block.stmts);
            }
            if let (true, Some(values)) =
                (function.sig.ident == "as_str", self.enums.get_mut(&name))
            {
                let Some(Stmt::Expr(Expr::Match(cases), None)) = function.block.stmts.last() else {
                    panic!("`as_str` of {name} is no match")
                };
                let texts = cases.arms.iter().filter_map(|case| text(&case.body));
                values.extend(texts);
            }
        }
    }

    /// A value of a type.
    fn value(&self, ty: &Type, kind: Kind, depth: usize) -> Value {
        let name = last(ty);
        match name.as_str() {
            "bool" => json!(true),
            "i64" => json!(7),
            "f64" => json!(1.5),
            "String" => json!("text: \u{e4}\n1x1"),
            "Uuid" => json!("67e55044-10b1-426f-9247-bb680e5fe0c8"),
            "Timestamp" => json!("2025-09-01T10:00:00.123456Z"),
            "Value" => json!({"any": [null, 1, "x"]}),
            "Option" | "Patch" | "Box" => self.value(&inner(ty, 0), kind, depth),
            "Vec" => {
                let item = self.value(&inner(ty, 0), kind, depth + 1);
                match depth < DEEPEST {
                    true => json!([item.clone(), item]),
                    false => json!([]),
                }
            }
            "BTreeMap" => json!({"a key": self.value(&inner(ty, 1), kind, depth + 1)}),
            _ => self.named(&name, kind, depth + 1),
        }
    }

    fn named(&self, name: &str, kind: Kind, depth: usize) -> Value {
        if let Some(values) = self.enums.get(name) {
            return match (kind, values.first()) {
                (Kind::Unknown, _) => json!("a value of next year"),
                (_, first) => json!(first.unwrap_or_else(|| panic!("{name} has no values"))),
            };
        }
        let fields = self.structs.get(name);
        let fields = fields.unwrap_or_else(|| panic!("no value is known for the type `{name}`"));
        let mut object = Map::new();
        for field in fields {
            let (wraps, always) = (last(&field.ty), field.required);
            let value = match (kind, wraps.as_str()) {
                _ if !always && depth > DEEPEST => continue,
                (Kind::Least, "Option") if always => Value::Null,
                (Kind::Least, _) if !always => continue,
                (Kind::Null, "Patch") => Value::Null,
                (Kind::Null, "Option") if always => Value::Null,
                _ => self.value(&field.ty, kind, depth),
            };
            object.insert(field.wire.clone(), value);
        }
        object.insert(
            "a_member_of_next_year".to_owned(),
            json!({"deep": [null, 1.5]}),
        );
        Value::Object(object)
    }

    /// The type of a name.
    fn of(&self, name: &str, kind: Kind) -> Value {
        self.named(name, kind, 1)
    }
}

/// Gives fields the names that they have on the wire.
fn encoded(fields: &mut Vec<Field>, statements: &[Stmt]) {
    let mut written = Vec::new();
    for statement in statements {
        let Stmt::Expr(Expr::MethodCall(call), Some(_)) = statement else {
            continue;
        };
        let wire = call
            .args
            .first()
            .and_then(text)
            .expect("a name on the wire");
        let Some(Expr::Reference(value)) = call.args.get(1) else {
            panic!("`{wire}` is no field")
        };
        let Expr::Field(field) = &*value.expr else {
            panic!("`{wire}` is no field")
        };
        let syn::Member::Named(name) = &field.member else {
            panic!("`{wire}` has no name")
        };
        let field = fields
            .iter()
            .find(|one| *name == one.wire)
            .expect("a field");
        written.push(Field {
            ty: field.ty.clone(),
            wire,
            required: call.method == "required",
        });
    }
    // `extra` is the one that is no member.
    assert_eq!(written.len() + 1, fields.len(), "a field is not written");
    *fields = written;
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The last name of a path.
fn last(ty: &Type) -> String {
    let Type::Path(path) = ty else {
        panic!("a type that is no path")
    };
    let segment = path.path.segments.last().expect("a name");
    segment.ident.to_string()
}

/// A parameter of a type.
fn inner(ty: &Type, index: usize) -> Type {
    let Type::Path(path) = ty else {
        panic!("a type that is no path")
    };
    let segment = path.path.segments.last().expect("a name");
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        panic!("{} has no parameters", segment.ident)
    };
    match arguments.args.iter().nth(index) {
        Some(GenericArgument::Type(ty)) => ty.clone(),
        _ => panic!("{} has too few parameters", segment.ident),
    }
}

/// A finished job that is stored and answered with again would otherwise lose what this version does not know.
#[test]
fn what_is_read_and_written_again_is_the_same() {
    let types = types();
    let mut complaints = String::new();
    let mut seen = BTreeSet::new();
    for (path, again) in table::KEPT {
        let name = path.rsplit("::").next().expect("a name");
        for kind in KINDS {
            let value = types.of(name, kind);
            match again(&value) {
                Ok(written) if written.iter().all(|one| *one == value) => {}
                Ok([written, ..]) => {
                    complaints += &format!("{name} {kind:?}:\n  {value}\n  {written}\n");
                }
                Err(error) => complaints += &format!("{name} {kind:?}: {error}\n  {value}\n"),
            }
        }
        seen.insert(name.to_owned());
    }
    assert!(complaints.is_empty(), "{complaints}");
    let declared: BTreeSet<String> = types
        .structs
        .into_keys()
        .chain(types.enums.into_keys())
        .collect();
    assert_eq!(seen, declared, "a type that no value was made for");
}

/// What a response may hold as null or leave out is `None` either way. Written again it is left out, unless the document
/// requires it: then it is null. Both can be read again as the same value.
#[test]
fn null_in_a_response_is_left_out_unless_it_is_required() {
    let types = types();
    let mut left_out = 0;
    for (path, again) in table::KEPT {
        let name = path.rsplit("::").next().expect("a name");
        let Some(fields) = types.structs.get(name) else {
            continue;
        };
        let full = types.of(name, Kind::Full);
        for field in fields.iter().filter(|field| last(&field.ty) == "Option") {
            let mut value = full.clone();
            value[&field.wire] = Value::Null;
            let [written, ..] = again(&value).unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut expected = value.clone();
            if !field.required {
                expected
                    .as_object_mut()
                    .expect("an object")
                    .remove(&field.wire);
                left_out += 1;
            }
            assert_eq!(written, expected, "{name}.{}", field.wire);
        }
    }
    assert!(left_out > 50, "{left_out}");
}

/// The other spellings that are not kept: all of them are the same value.
#[test]
fn other_spellings_of_a_value_become_the_usual_one() {
    let job = |changes: Value| {
        let mut job = types().of("Lipsync", Kind::Full);
        for (name, value) in changes.as_object().expect("an object") {
            job[name] = value.clone();
        }
        job
    };
    let table = [
        (
            "created_at",
            json!("2025-09-01T12:00:00+02:00"),
            json!("2025-09-01T10:00:00Z"),
        ),
        (
            "created_at",
            json!("2025-09-01T10:00:00"),
            json!("2025-09-01T10:00:00Z"),
        ),
        (
            "created_at",
            json!("2025-09-01T10:00:00.100Z"),
            json!("2025-09-01T10:00:00.100Z"),
        ),
        ("credits_used", json!(5), json!(5.0)),
        ("duration", json!(3.0), json!(3)),
        (
            "id",
            json!("67E5504410B1426F9247BB680E5FE0C8"),
            json!("67e55044-10b1-426f-9247-bb680e5fe0c8"),
        ),
    ];
    for (name, came, expected) in table {
        let written = again::<creatify_api::types::Lipsync>(&job(json!({name: came})));
        assert_eq!(written.expect("a job")[0][name], expected, "{came}");
    }
}
