//! The public types of the client. In: its sources. Out: where users find each type, and which parameters it takes.
//! Knows modules, `use` and names, and nothing of what a type holds.

use crate::workspace;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::{GenericParam, Generics, Item, UseTree, Visibility};

/// A module and the modules inside it.
#[derive(Default)]
struct Module {
    items: Vec<Item>,
    inside: BTreeMap<String, Module>,
}

/// A type: the shortest path to it, and its parameters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Public {
    /// `creatify_api::jobs::Wait`
    pub(crate) path: String,
    /// The names of its type parameters without a default, a lifetime as `'_`.
    pub(crate) parameters: Vec<String>,
}

/// The place of a definition: its modules, and its name last.
type Place = Vec<String>;

/// Every public struct and enum of the client, once.
pub(crate) fn types() -> Vec<Public> {
    let source = workspace("creatify-api/src");
    let root = read(&source.join("lib.rs"), &source);
    let mut found: BTreeMap<Place, String> = BTreeMap::new();
    let mut visited = BTreeSet::new();
    visit(&root, &Vec::new(), "creatify_api", &mut visited, &mut found);
    let mut types: Vec<Public> = found
        .into_iter()
        .map(|(place, path)| Public {
            path,
            parameters: parameters(definition(&root, &place).expect("a definition")),
        })
        .collect();
    types.sort();
    types
}

fn read(file: &Path, folder: &Path) -> Module {
    let text =
        fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let parsed =
        syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    module(parsed.items, folder)
}

fn module(items: Vec<Item>, folder: &Path) -> Module {
    let mut module = Module::default();
    for item in items {
        if let Item::Mod(inner) = item {
            let name = inner.ident.to_string();
            let name = name.trim_start_matches("r#").to_owned();
            let is_test = inner
                .attrs
                .iter()
                .any(|one| one.path().is_ident("cfg") && tests_only(one));
            if is_test {
                continue;
            }
            let content = match inner.content.clone() {
                Some((_, items)) => self::module(items, &folder.join(&name)),
                None => read(&file_of(&name, folder), &folder.join(&name)),
            };
            module.inside.insert(name, content);
            module.items.push(Item::Mod(inner));
        } else {
            module.items.push(item);
        }
    }
    module
}

fn tests_only(attribute: &syn::Attribute) -> bool {
    attribute
        .parse_args::<syn::Ident>()
        .is_ok_and(|ident| ident == "test")
}

fn file_of(name: &str, folder: &Path) -> PathBuf {
    let file = folder.join(format!("{name}.rs"));
    match file.exists() {
        true => file,
        false => folder.join(name).join("mod.rs"),
    }
}

fn at<'a>(root: &'a Module, path: &[String]) -> Option<&'a Module> {
    path.iter()
        .try_fold(root, |module, name| module.inside.get(name))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Goes through what a module shows.
fn visit(
    root: &Module,
    path: &[String],
    shown: &str,
    visited: &mut BTreeSet<(Place, String)>,
    found: &mut BTreeMap<Place, String>,
) {
    if !visited.insert((path.to_vec(), shown.to_owned())) {
        return;
    }
    let Some(module) = at(root, path) else { return };
    for item in &module.items {
        match item {
            Item::Struct(one) if is_public(&one.vis) => {
                note(path, &one.ident.to_string(), shown, found)
            }
            Item::Enum(one) if is_public(&one.vis) => {
                note(path, &one.ident.to_string(), shown, found)
            }
            Item::Mod(one) if is_public(&one.vis) => {
                let name = one.ident.to_string();
                let inner = [path, &[name.trim_start_matches("r#").to_owned()]].concat();
                visit(root, &inner, &format!("{shown}::{name}"), visited, found);
            }
            Item::Use(one) if is_public(&one.vis) => {
                for (target, name) in uses(&one.tree, &[]) {
                    let Some(place) = absolute(root, path, &target) else {
                        continue;
                    };
                    match name {
                        None => visit(root, &place, shown, visited, found),
                        Some(name) => reexport(root, &place, &name, shown, visited, found),
                    }
                }
            }
            _ => {}
        }
    }
}

/// Shows what stands at a place, a module or a type, under a name.
fn reexport(
    root: &Module,
    place: &[String],
    name: &str,
    shown: &str,
    visited: &mut BTreeSet<(Place, String)>,
    found: &mut BTreeMap<Place, String>,
) {
    let Some(place) = resolve(root, place, 0) else {
        return;
    };
    if at(root, &place).is_some() {
        visit(root, &place, &format!("{shown}::{name}"), visited, found);
    } else if let Some((_, modules)) = place.split_last() {
        let defined = place.last().cloned().unwrap_or_default();
        if definition(root, &place).is_some() {
            let path = format!("{shown}::{name}");
            keep(found, [modules, &[defined]].concat(), path);
        }
    }
}

fn note(path: &[String], name: &str, shown: &str, found: &mut BTreeMap<Place, String>) {
    let place = [path, &[name.to_owned()]].concat();
    keep(found, place, format!("{shown}::{name}"));
}

/// The shortest path is the one that users write.
fn keep(found: &mut BTreeMap<Place, String>, place: Place, path: String) {
    let known = found.entry(place).or_insert_with(|| path.clone());
    if (path.len(), &path) < (known.len(), known) {
        *known = path;
    }
}

/// What a `use` names: the path, and the name it gets; none for everything inside.
fn uses(tree: &UseTree, before: &[String]) -> Vec<(Place, Option<String>)> {
    let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
    match tree {
        UseTree::Path(one) => uses(&one.tree, &with(&one.ident)),
        UseTree::Name(one) if one.ident == "self" => {
            vec![(before.to_vec(), before.last().cloned())]
        }
        UseTree::Name(one) => vec![(with(&one.ident), Some(one.ident.to_string()))],
        UseTree::Rename(one) => vec![(with(&one.ident), Some(one.rename.to_string()))],
        UseTree::Glob(_) => vec![(before.to_vec(), None)],
        UseTree::Group(group) => group
            .items
            .iter()
            .flat_map(|one| uses(one, before))
            .collect(),
    }
}

/// A path from the root; none for what other crates define.
fn absolute(root: &Module, path: &[String], target: &[String]) -> Option<Place> {
    let mut base = path.to_vec();
    let mut rest = target;
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop();
            }
            name if base.len() < path.len() || rest.len() < target.len() => {
                let _ = name;
                break;
            }
            name => {
                at(root, path)?.inside.get(name)?;
                break;
            }
        }
        rest = after;
    }
    Some([base.as_slice(), rest].concat())
}

/// The definition behind however many re-exports.
fn resolve(root: &Module, place: &[String], depth: usize) -> Option<Place> {
    if depth > 20 {
        return None;
    }
    if at(root, place).is_some() || definition(root, place).is_some() {
        return Some(place.to_vec());
    }
    let (name, modules) = place.split_last()?;
    let modules = resolve(root, modules, depth + 1)?;
    let module = at(root, &modules)?;
    let direct = [modules.as_slice(), std::slice::from_ref(name)].concat();
    if at(root, &direct).is_some() || definition(root, &direct).is_some() {
        return Some(direct);
    }
    for item in &module.items {
        let Item::Use(one) = item else { continue };
        for (target, as_name) in uses(&one.tree, &[]) {
            let Some(target) = absolute(root, &modules, &target) else {
                continue;
            };
            let found = match as_name {
                Some(as_name) if as_name == *name => resolve(root, &target, depth + 1),
                Some(_) => None,
                None => {
                    let inner = [target.as_slice(), std::slice::from_ref(name)].concat();
                    (target != modules)
                        .then(|| resolve(root, &inner, depth + 1))
                        .flatten()
                }
            };
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// The parameters of the type that is defined at a place.
fn definition<'a>(root: &'a Module, place: &[String]) -> Option<&'a Generics> {
    let (name, modules) = place.split_last()?;
    at(root, modules)?.items.iter().find_map(|item| match item {
        Item::Struct(one) if one.ident == name.as_str() => Some(&one.generics),
        Item::Enum(one) if one.ident == name.as_str() => Some(&one.generics),
        _ => None,
    })
}

fn parameters(generics: &Generics) -> Vec<String> {
    let parameters = generics.params.iter();
    parameters
        .filter_map(|one| match one {
            GenericParam::Lifetime(_) => Some("'_".to_owned()),
            GenericParam::Type(one) => one.default.is_none().then(|| one.ident.to_string()),
            _ => None,
        })
        .collect()
}
