//! Reads the actions of an overlay. In: its tree. Out: actions that can be tried. Knows no document.

use crate::diagnostic::Diagnostics;
use crate::pointer::Pointer;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

/// One action, read and found to be well-formed.
pub(super) struct Action {
    /// Where it stands in the overlay.
    pub(super) at: Pointer,
    /// Why it is there.
    pub(super) description: String,
    /// What it changes.
    pub(super) target: JsonPath,
    /// What the target must be beforehand.
    pub(super) was: Option<Value>,
    /// What it does.
    pub(super) change: Change,
}

/// The three things that an action can do.
pub(super) enum Change {
    Update(Value),
    Copy(JsonPath),
    Remove,
}

/// The keys that a mapping may have.
struct Keys {
    known: &'static [&'static str],
    extensions: Extensions,
}

/// Whether other keys may start with `x-`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extensions {
    Allowed,
    Refused,
}

const ROOT: Keys = Keys {
    known: &["overlay", "info", "extends", "actions"],
    extensions: Extensions::Allowed,
};

// A misspelt `x-was` would switch its check off.
const ACTION: Keys = Keys {
    known: &["target", "description", "update", "copy", "remove", "x-was"],
    extensions: Extensions::Refused,
};

/// All actions, or everything that is wrong with the overlay's form.
pub(super) fn read(overlay: &Value, name: &str) -> Result<Vec<Action>, Diagnostics> {
    let mut diagnostics = Diagnostics::new(name);
    let root = Pointer::root();
    let Some(members) = overlay.as_object() else {
        diagnostics.push(
            &root,
            "an overlay is a mapping",
            "start with `overlay: 1.1.0`, `info` and `actions`",
        );
        return Err(diagnostics);
    };
    check_keys(members, &root, &ROOT, &mut diagnostics);
    if !members
        .get("overlay")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("1.1."))
    {
        let message = "only version 1.1 of the OpenAPI Overlay Specification is understood here";
        diagnostics.push(&root.key("overlay"), message, "write `overlay: 1.1.0`");
    }
    for key in ["title", "version"] {
        if members.get("info").and_then(|info| info.get(key)).is_none() {
            diagnostics.push(
                &root.key("info").key(key),
                format!("`info` lacks `{key}`"),
                format!("add `{key}`"),
            );
        }
    }
    let at = root.key("actions");
    let Some(actions) = members.get("actions").and_then(Value::as_array) else {
        diagnostics.push(
            &at,
            "`actions` is missing or no sequence",
            "list the actions; `[]` when there is none",
        );
        return Err(diagnostics);
    };
    let read = actions.iter().enumerate();
    let read = read
        .filter_map(|(index, action)| one(action, at.index(index), &mut diagnostics))
        .collect();
    diagnostics.or(read)
}

fn one(action: &Value, at: Pointer, diagnostics: &mut Diagnostics) -> Option<Action> {
    let Some(members) = action.as_object() else {
        diagnostics.push(
            &at,
            "an action is a mapping",
            "write `target`, `description` and `update` or `remove`",
        );
        return None;
    };
    check_keys(members, &at, &ACTION, diagnostics);
    let description = members
        .get("description")
        .and_then(Value::as_str)
        .map(str::trim)
        .unwrap_or_default();
    if description.is_empty() {
        diagnostics.push(
            &at,
            "this action does not say why it is needed",
            "add a `description` with the reason",
        );
    }
    let target = path(members, "target", &at, diagnostics);
    let change = change(members, &at, diagnostics);
    Some(Action {
        description: description.to_owned(),
        target: target?,
        was: members.get("x-was").cloned(),
        change: change?,
        at,
    })
}

fn change(
    members: &Map<String, Value>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<Change> {
    let update = members.get("update");
    let copy = members.get("copy");
    let remove = members.get("remove");
    match (update, copy, remove) {
        (Some(value), None, None) => Some(Change::Update(value.clone())),
        (None, Some(_), None) => path(members, "copy", at, diagnostics).map(Change::Copy),
        (None, None, Some(Value::Bool(true))) => Some(Change::Remove),
        (None, None, Some(_)) => {
            diagnostics.push(
                &at.key("remove"),
                "`remove` is not `true`",
                "write `remove: true`, or another change",
            );
            None
        }
        (None, None, None) => {
            diagnostics.push(
                at,
                "this action changes nothing",
                "add `update`, `copy` or `remove: true`",
            );
            None
        }
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) | (_, Some(_), Some(_)) => {
            let message = "this action has more than one of `update`, `copy` and `remove`";
            diagnostics.push(at, message, "split it into one action per change");
            None
        }
    }
}

fn path(
    members: &Map<String, Value>,
    key: &str,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<JsonPath> {
    let Some(text) = members.get(key).and_then(Value::as_str) else {
        let help = "write a JSONPath (RFC 9535), `$.components.schemas.Lipsync` for instance";
        diagnostics.push(&at.key(key), format!("`{key}` is missing or no text"), help);
        return None;
    };
    match JsonPath::parse(text) {
        Ok(path) => Some(path),
        Err(error) => {
            let message = format!(
                "`{text}` is no JSONPath: at character {}, {}",
                error.position(),
                error.message()
            );
            let help = "see RFC 9535; a name with other characters than letters, digits and `_` stands in brackets: \
                        `$.paths['/api/lipsyncs/']`";
            diagnostics.push(&at.key(key), message, help);
            None
        }
    }
}

fn check_keys(
    members: &Map<String, Value>,
    at: &Pointer,
    keys: &Keys,
    diagnostics: &mut Diagnostics,
) {
    for key in members.keys() {
        let is_extension = key.starts_with("x-") && keys.extensions == Extensions::Allowed;
        if is_extension || keys.known.contains(&key.as_str()) {
            continue;
        }
        let help = match nearest(key, keys.known) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("remove it; known are {}", keys.known.join(", ")),
        };
        diagnostics.push(&at.key(key), format!("unknown key `{key}`"), help);
    }
}

/// The known key that `key` was probably meant to be.
fn nearest<'a>(key: &str, known: &[&'a str]) -> Option<&'a str> {
    let ratio = |name: &str| similar::TextDiff::from_chars(key, name).ratio();
    let (ratio, nearest) = known
        .iter()
        .map(|name| (ratio(name), *name))
        .max_by(|left, right| left.0.total_cmp(&right.0))?;
    (ratio > 0.6).then_some(nearest)
}
