//! Reads the fragments and their provenance. In: texts. Out: trees in their fixed order, each with its age. Knows no merging.

use crate::diagnostic::{Diagnostics, Spec};
use crate::pointer::Pointer;
use crate::yaml;
use serde_json::{Map, Value, json};

/// A fragment that can be merged.
pub(super) struct Fragment<'a> {
    pub(super) spec: &'a Spec,
    /// The members of its root.
    pub(super) members: Map<String, Value>,
    /// Its place in `spec/provenance.yaml`: the larger, the newer.
    pub(super) age: usize,
}

/// Where one fragment came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file in `spec/upstream`.
    pub fragment: String,
    /// The documentation page.
    pub page: String,
}

/// The head of `spec/provenance.yaml`.
pub const PROVENANCE_HEADER: &str = "\
# Which documentation page each fragment of spec/upstream was taken from, the oldest first: where two fragments differ in
# prose, the one further down is believed. Kept by `cargo xtask spec import`.
";

/// The version that is understood.
const VERSION: &str = "3.0.";

/// All fragments sorted by file name, or everything that is wrong with one of them on its own.
pub(super) fn read<'a>(
    specs: &'a [Spec],
    origins: &Spec,
) -> Result<Vec<Fragment<'a>>, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let origins_read = provenance(origins).unwrap_or_else(|found| {
        diagnostics.append(found);
        Vec::new()
    });
    let provenance_is_readable = diagnostics.is_empty();
    let mut fragments = Vec::new();
    for spec in specs {
        match members(spec) {
            Ok(members) => {
                let age = origins_read
                    .iter()
                    .position(|origin| origin.fragment == file_name(spec));
                if age.is_none() && provenance_is_readable {
                    diagnostics.append(without_origin(spec, origins));
                }
                fragments.push(Fragment {
                    spec,
                    members,
                    age: age.unwrap_or_default(),
                });
            }
            Err(found) => diagnostics.append(found),
        }
    }
    diagnostics.append(without_file(&origins_read, specs, origins));
    fragments.sort_by(|left, right| left.spec.name.cmp(&right.spec.name));
    diagnostics.or(fragments)
}

/// Reads `spec/provenance.yaml`, the oldest fragment first.
///
/// # Errors
/// Anything else than a sequence of `{fragment, page}`; a fragment that is listed twice.
pub fn provenance(spec: &Spec) -> Result<Vec<Origin>, Diagnostics> {
    let tree = yaml::read(spec)?;
    let mut diagnostics = Diagnostics::new(&spec.name);
    let root = Pointer::root();
    let help =
        "write `- fragment: lipsyncs_create.yaml` and below it `page:` with the page's address";
    let mut origins: Vec<Origin> = Vec::new();
    let Value::Array(entries) = tree else {
        diagnostics.push(&root, "this is no sequence of fragments", help);
        return Err(diagnostics.located(spec));
    };
    for (index, entry) in entries.iter().enumerate() {
        let at = root.index(index);
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let known = entry.as_object().is_some_and(|members| members.len() == 2);
        match (text("fragment"), text("page")) {
            (Some(fragment), Some(_))
                if origins.iter().any(|origin| origin.fragment == fragment) =>
            {
                let message = format!("`{fragment}` is listed twice");
                diagnostics.push(
                    &at.key("fragment"),
                    message,
                    "keep the entry of the newer page",
                );
            }
            (Some(fragment), Some(page)) if known => origins.push(Origin { fragment, page }),
            (Some(_), Some(_)) | (None, _) | (_, None) => {
                diagnostics.push(
                    &at,
                    "an entry has `fragment` and `page`, both text, and nothing else",
                    help,
                );
            }
        }
    }
    diagnostics.located(spec).or(origins)
}

/// Writes `spec/provenance.yaml`.
///
/// # Errors
/// Those of the YAML emitter; plain text gives none.
pub fn write_provenance(origins: &[Origin]) -> Result<String, String> {
    let entries: Vec<_> = origins
        .iter()
        .map(|origin| json!({"fragment": origin.fragment, "page": origin.page}))
        .collect();
    let text = yaml::write(&Value::Array(entries)).map_err(|error| error.to_string())?;
    Ok(format!("{PROVENANCE_HEADER}{text}"))
}

/// The members of the root of an OpenAPI 3.0 document.
fn members(spec: &Spec) -> Result<Map<String, Value>, Diagnostics> {
    let mut diagnostics = Diagnostics::new(&spec.name);
    let root = Pointer::root();
    let Value::Object(members) = yaml::read(spec)? else {
        diagnostics.push(
            &root,
            "an OpenAPI document is a mapping",
            "import the page again: this is not its document",
        );
        return Err(diagnostics.located(spec));
    };
    let help = "only OpenAPI 3.0 is understood here: import a page that has it";
    match members.get("openapi") {
        Some(Value::String(version)) if version.starts_with(VERSION) => {}
        Some(version) => {
            let version = version
                .as_str()
                .map_or_else(|| version.to_string(), str::to_owned);
            diagnostics.push(
                &root.key("openapi"),
                format!("this is OpenAPI {version}, not 3.0"),
                help,
            );
        }
        None if members.contains_key("swagger") => {
            diagnostics.push(
                &root.key("swagger"),
                "this is Swagger 2, not OpenAPI 3.0",
                help,
            );
        }
        None => diagnostics.push(&root, "`openapi: 3.0.x` is missing", help),
    }
    for key in ["paths", "components"] {
        if members.get(key).is_some_and(|value| !value.is_object()) {
            diagnostics.push(
                &root.key(key),
                format!("`{key}` is no mapping"),
                "import the page again",
            );
        }
    }
    for key in ["paths", "components"] {
        let below = members
            .get(key)
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        for (name, _) in below.filter(|(name, value)| !value.is_object() && !name.starts_with("x-"))
        {
            let at = root.key(key).key(name);
            diagnostics.push(
                &at,
                format!("`{name}` is no mapping"),
                "import the page again",
            );
        }
    }
    diagnostics.located(spec).or(members)
}

fn without_origin(spec: &Spec, origins: &Spec) -> Diagnostics {
    let mut diagnostics = Diagnostics::new(&spec.name);
    let message = format!("this fragment is not listed in {}", origins.name);
    let help = format!(
        "add `fragment: {}` with its `page`; the end of the list is the newest",
        file_name(spec)
    );
    diagnostics.push(&Pointer::root(), message, help);
    diagnostics.located(spec)
}

fn without_file(listed: &[Origin], specs: &[Spec], origins: &Spec) -> Diagnostics {
    let mut diagnostics = Diagnostics::new(&origins.name);
    for (index, origin) in listed.iter().enumerate() {
        if !specs.iter().any(|spec| file_name(spec) == origin.fragment) {
            let message = format!("there is no fragment `{}`", origin.fragment);
            let help = "remove the entry, or bring the file back to spec/upstream";
            diagnostics.push(&Pointer::root().index(index).key("fragment"), message, help);
        }
    }
    diagnostics.located(origins)
}

fn file_name(spec: &Spec) -> &str {
    spec.name.rsplit('/').next().unwrap_or(&spec.name)
}
