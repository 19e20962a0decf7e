//! Finds fields of planned types. In: a type and a wire name. Out: the field. Knows no document.

use crate::krate::{Field, Item, Ty, TypeModule};

/// The field of an object's type.
pub(super) fn find<'a>(ty: &Ty, wire: &str, types: &'a [TypeModule]) -> Option<&'a Field> {
    let Ty::Named(name) = ty else { return None };
    let items = types.iter().flat_map(|module| &module.items);
    let mut structs = items.filter_map(|item| match item {
        Item::Struct(one) => Some(one),
        Item::Enum(_) => None,
    });
    let found = structs.find(|one| one.name == *name)?;
    found.fields.iter().find(|one| one.wire.as_str() == wire)
}
