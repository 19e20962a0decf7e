//! Pairs the types and keys of two clients. In: both. Out: which became which. Knows no fields but their names.
//!
//! User code names a type, so equal names are a pair whatever they hold. What is left is paired by its place in the
//! document (`x-rust-name` changed) and then by what it holds (a component was renamed). A type may also become two, one
//! per direction, or two may become one.

use super::keys;
use crate::krate::{Crate, Enum, Ident, Item, Struct, Ty};
use crate::pointer::Pointer;
use std::collections::BTreeMap;

/// In which direction a type is used in some place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// What is sent.
    Sent,
    /// What is received.
    Received,
}

/// What became of a type.
#[derive(Debug)]
pub(super) enum Fate<'a> {
    /// It is there on both sides, perhaps under another name.
    Kept(&'a Item, &'a Item),
    /// It is gone, and in its place stands one that was there before: `LipsyncRequest` became `Lipsync`.
    Joined(&'a Item, &'a Item),
    /// It is new, and stands in the place of one that is still there: `Lipsync` gave `LipsyncRequest`.
    Parted(&'a Item, &'a Item),
    /// It is gone.
    Removed(&'a Item),
    /// It is new.
    Added(&'a Item),
}

/// All names of two clients.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    pub(super) fates: Vec<Fate<'a>>,
    sent: BTreeMap<&'a Ident, &'a Ident>,
    received: BTreeMap<&'a Ident, &'a Ident>,
    keys: BTreeMap<&'a Ident, &'a Ident>,
}

/// Pairs them.
pub(super) fn pair<'a>(old: &'a Crate, new: &'a Crate) -> Names<'a> {
    let named: BTreeMap<&Ident, &Item> = items(new).map(|item| (item.name(), item)).collect();
    let keys = keys::paired(&old.keys, &new.keys).into_iter();
    let mut names = Names {
        keys: keys
            .map(|(old, new)| (&old.constant, &new.constant))
            .collect(),
        ..Names::default()
    };
    let mut gone: Vec<&Item> = Vec::new();
    for item in items(old) {
        match named.get(item.name()) {
            Some(now) => names.fates.push(Fate::Kept(item, now)),
            None => gone.push(item),
        }
    }
    let before: BTreeMap<&Ident, &Item> = items(old).map(|item| (item.name(), item)).collect();
    let mut come: Vec<&Item> = items(new)
        .filter(|item| !before.contains_key(item.name()))
        .collect();
    for alike in [same_place, same_shape] {
        names.renamed(&mut gone, &mut come, alike);
    }
    for item in gone {
        let heir = items(new).find(|now| shares_place(item, now));
        names.fates.push(match heir {
            Some(heir) => {
                names.sent.insert(item.name(), heir.name());
                Fate::Joined(item, heir)
            }
            None => Fate::Removed(item),
        });
    }
    for item in come {
        let source = items(old).find(|was| shares_place(was, item) && is_sent(item));
        names.fates.push(match source {
            Some(source) => {
                names.sent.insert(source.name(), item.name());
                Fate::Parted(source, item)
            }
            None => Fate::Added(item),
        });
    }
    names
}

impl<'a> Names<'a> {
    /// An old type with the new names.
    pub(super) fn translated(&self, ty: &Ty, way: Way) -> Ty {
        let inner = |ty: &Ty| Box::new(self.translated(ty, way));
        match ty {
            Ty::Named(name) => Ty::Named(self.name(name, way).clone()),
            Ty::List(item) => Ty::List(inner(item)),
            Ty::Map(value) => Ty::Map(inner(value)),
            Ty::Nullable(value) => Ty::Nullable(inner(value)),
            Ty::Boxed(value) => Ty::Boxed(inner(value)),
            Ty::Unit
            | Ty::Boolean
            | Ty::Integer
            | Ty::Float
            | Ty::Text
            | Ty::Uuid
            | Ty::Timestamp
            | Ty::Json => ty.clone(),
        }
    }

    /// The constant of an old key as it is called now.
    pub(super) fn key<'n>(&'n self, constant: &'n Ident) -> &'n Ident {
        self.keys.get(constant).copied().unwrap_or(constant)
    }

    fn name<'n>(&'n self, name: &'n Ident, way: Way) -> &'n Ident {
        let names = match way {
            Way::Sent => &self.sent,
            Way::Received => &self.received,
        };
        names.get(name).copied().unwrap_or(name)
    }

    /// Takes the pairs that are alike and have no other partner.
    fn renamed(
        &mut self,
        gone: &mut Vec<&'a Item>,
        come: &mut Vec<&'a Item>,
        alike: fn(&Item, &Item) -> bool,
    ) {
        gone.retain(|item| {
            let Some(place) = only(come, |now| alike(item, now)) else {
                return true;
            };
            let now = come.remove(place);
            self.sent.insert(item.name(), now.name());
            self.received.insert(item.name(), now.name());
            self.fates.push(Fate::Kept(item, now));
            false
        });
    }
}

/// The place of the one item that is wanted.
fn only(items: &[&Item], wanted: impl Fn(&Item) -> bool) -> Option<usize> {
    let mut places = (0..items.len()).filter(|place| wanted(items[*place]));
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

fn items(krate: &Crate) -> impl Iterator<Item = &Item> {
    krate.types.iter().flat_map(|module| &module.items)
}

/// Where a type stands.
pub(super) fn place(item: &Item) -> Pointer {
    match item {
        Item::Struct(item) => item.at.clone(),
        Item::Enum(item) => item.at.first().cloned().unwrap_or_default(),
    }
}

fn is_sent(item: &Item) -> bool {
    match item {
        Item::Struct(item) => item.direction.is_sent(),
        Item::Enum(_) => true,
    }
}

/// One node of the document, one direction.
fn same_place(old: &Item, new: &Item) -> bool {
    let same_way = match (old, new) {
        (Item::Struct(old), Item::Struct(new)) => old.direction == new.direction,
        (Item::Enum(_), Item::Enum(_)) => true,
        (Item::Struct(_), Item::Enum(_)) | (Item::Enum(_), Item::Struct(_)) => false,
    };
    same_way && shares_place(old, new)
}

fn shares_place(old: &Item, new: &Item) -> bool {
    match (old, new) {
        (Item::Struct(old), Item::Struct(new)) => old.at == new.at,
        (Item::Enum(old), Item::Enum(new)) => old.at.iter().any(|at| new.at.contains(at)),
        (Item::Struct(_), Item::Enum(_)) | (Item::Enum(_), Item::Struct(_)) => false,
    }
}

/// The same fields in the same direction, or the same values.
fn same_shape(old: &Item, new: &Item) -> bool {
    match (old, new) {
        (Item::Struct(old), Item::Struct(new)) => {
            old.direction == new.direction && fields(old) == fields(new)
        }
        (Item::Enum(old), Item::Enum(new)) => values(old) == values(new),
        (Item::Struct(_), Item::Enum(_)) | (Item::Enum(_), Item::Struct(_)) => false,
    }
}

fn fields(structure: &Struct) -> Vec<(&str, &str)> {
    let fields = structure.fields.iter();
    let mut names: Vec<_> = fields
        .map(|field| (field.wire.as_str(), field.name.as_str()))
        .collect();
    names.sort_unstable();
    names
}

fn values(enumeration: &Enum) -> Vec<(&str, &str)> {
    let variants = enumeration.variants.iter();
    let mut values: Vec<_> = variants
        .map(|variant| (variant.wire.as_str(), variant.name.as_str()))
        .collect();
    values.sort_unstable();
    values
}
