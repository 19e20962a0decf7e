//! Members of a request that name a record of another resource. In: the texts of a body. Out: those
//! that name none. Knows which members mean which resource: the document does not say it.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::Shared;
use super::api::{Action, Api};
use super::check::Finding;
use super::ignored::Text;
use super::listing;

/// A member that holds an id.
#[derive(Debug)]
struct Reference {
    member: &'static str,
    /// The tag of the resource.
    tag: &'static str,
    /// The path of members at which its records have the id.
    path: &'static [&'static str],
    /// Whether it means the same where no schema names the member, as in the variables of a template.
    anywhere: bool,
}

const REFERENCES: [Reference; 5] = [
    reference("creator", "personas", &["id"], false),
    reference("avatar_id", "personas", &["id"], true),
    reference("accent", "voices", &["accents", "id"], false),
    reference("voice_id", "voices", &["accents", "id"], true),
    reference("template_id", "custom_templates", &["template_id"], false),
];

const fn reference(
    member: &'static str,
    tag: &'static str,
    path: &'static [&'static str],
    anywhere: bool,
) -> Reference {
    Reference {
        member,
        tag,
        path,
        anywhere,
    }
}

/// The ids that the lists of the emulator give, by tag; a resource without a list has no entry.
#[derive(Debug, Default)]
pub(crate) struct Ids(BTreeMap<&'static str, HashSet<String>>);

impl Ids {
    pub(crate) fn of(api: &Api) -> Self {
        let mut ids = BTreeMap::new();
        for reference in &REFERENCES {
            let mut plans = api.plans.iter();
            let list = plans.find(|plan| {
                let resource = &api.resources[plan.resource as usize];
                let lists = matches!(plan.action, Action::List | Action::Page);
                lists && resource.tag == reference.tag && resource.statuses.is_none()
            });
            if let Some(plan) = list.filter(|_| !ids.contains_key(reference.tag)) {
                let mut known = HashSet::new();
                for entry in listing::catalogue(api, plan) {
                    collect(&entry, reference.path, &mut known);
                }
                ids.insert(reference.tag, known);
            }
        }
        Self(ids)
    }
}

fn collect(value: &Value, path: &[&str], known: &mut HashSet<String>) {
    match (value, path) {
        (Value::Array(items), path) => items.iter().for_each(|item| collect(item, path, known)),
        (Value::Object(members), [name, rest @ ..]) => {
            if let Some(member) = members.get(*name) {
                collect(member, rest, known);
            }
        }
        (Value::String(id), []) => {
            known.insert(id.to_lowercase());
        }
        _ => {}
    }
}

/// The members that name nothing of which the emulator knows.
pub(crate) fn unknown(shared: &Shared, account: u32, texts: &[Text]) -> Vec<Finding> {
    if shared.any_id {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for text in texts {
        let mut references = REFERENCES.iter();
        let reference = references
            .find(|one| one.member == text.name && (text.known || one.anywhere))
            .and_then(|one| Some((one.tag, shared.ids.0.get(one.tag)?)));
        let Some((tag, known)) = reference else {
            continue;
        };
        if !known.contains(&text.value.to_lowercase()) && !is_own(shared, account, tag, &text.value)
        {
            let reason = format!(
                "Invalid pk \"{}\" - object does not exist. (The emulator knows what its lists of {tag} \
                 give; started with --any-id it takes every id.)",
                text.value
            );
            findings.push(Finding::new(text.pointer.clone(), reason));
        }
    }
    findings
}

/// Whether it is a record that the account has made.
fn is_own(shared: &Shared, account: u32, tag: &str, id: &str) -> bool {
    let mut resources = shared.api.resources.iter();
    let resource = resources.position(|resource| resource.tag == tag);
    let (Some(resource), Ok(id)) = (resource, id.parse()) else {
        return false;
    };
    let mut state = shared.lock();
    state.records.find(account, resource as u32, id).is_some()
}
