//! Makes values for examples. In: Rust types and their limits. Out: the simplest value of each that keeps them. Knows no
//! document.

mod kept;

use crate::krate::{
    Field, Ident, Item, Nested, Presence, Requirement, Rule, Sample, Struct, Ty, TypeModule,
};
use crate::wire::WireName;

/// How many values an example shows at most, and how deep they stand in each other.
const MOST: usize = 30;
const DEEPEST: usize = 8;

/// The simplest value of a type that keeps `rule`; none where that is more than an example can show, or where this step
/// finds no value that keeps all rules.
pub(super) fn of(ty: &Ty, rule: Option<&Rule>, types: &[TypeModule]) -> Option<Sample> {
    let mut maker = Maker {
        types,
        open: Vec::new(),
        made: 0,
    };
    let sample = maker.sample(ty, rule);
    (maker.made <= MOST).then_some(sample)
}

struct Maker<'a> {
    types: &'a [TypeModule],
    /// The types that are being made: a list of one of them stays empty, or the example would never end.
    open: Vec<&'a Ident>,
    made: usize,
}

impl<'a> Maker<'a> {
    /// Gives up: the whole sample is thrown away, so anything will do.
    fn nothing(&mut self) -> Sample {
        self.made = MOST + 1;
        Sample::Json
    }

    fn sample(&mut self, ty: &Ty, rule: Option<&Rule>) -> Sample {
        self.made += 1;
        if self.made > MOST || self.open.len() > DEEPEST {
            return self.nothing();
        }
        let checks = rule.map(|rule| rule.checks.as_slice()).unwrap_or_default();
        let sample = match ty {
            Ty::Unit | Ty::Json => Some(Sample::Json),
            Ty::Boolean => Some(Sample::Boolean),
            Ty::Integer => kept::integer(checks).map(Sample::Integer),
            Ty::Float => kept::number(checks).map(Sample::Float),
            Ty::Text => {
                let name = rule.map_or("text", |rule| rule.wire.as_str());
                kept::text(name, checks).map(Sample::Text)
            }
            Ty::Uuid => Some(Sample::Uuid),
            Ty::Timestamp => Some(Sample::Timestamp),
            Ty::List(item) => self.list(item, rule),
            Ty::Map(_) => kept::least_members(checks)
                .eq(&0)
                .then_some(Sample::EmptyMap),
            Ty::Nullable(inner) => Some(Sample::Some(Box::new(self.sample(inner, rule)))),
            Ty::Boxed(inner) => Some(self.sample(inner, rule)),
            Ty::Named(name) => Some(self.named(name)),
        };
        sample.unwrap_or_else(|| self.nothing())
    }

    /// One item, or as many as there must be.
    fn list(&mut self, item: &Ty, rule: Option<&Rule>) -> Option<Sample> {
        let checks = rule.map(|rule| rule.checks.as_slice()).unwrap_or_default();
        let count = kept::items(checks)?;
        let each = match rule.and_then(|rule| rule.nested.as_ref()) {
            Some(Nested::EachItem(each)) => Some(&**each),
            Some(
                Nested::Object(_) | Nested::Items(_) | Nested::Values(_) | Nested::EachValue(_),
            )
            | None => None,
        };
        let items = (0..count).map(|_| self.sample(item, each));
        Some(Sample::List(items.collect()))
    }

    fn named(&mut self, name: &Ident) -> Sample {
        let types = self.types;
        let item = types
            .iter()
            .flat_map(|module| &module.items)
            .find(|item| item.name() == name);
        match item {
            Some(Item::Enum(item)) => match item.variants.first() {
                Some(variant) => Sample::Variant(item.name.clone(), variant.name.clone()),
                None => Sample::Json,
            },
            Some(Item::Struct(item)) => {
                self.open.push(&item.name);
                let sample = self.structure(item);
                self.open.pop();
                sample
            }
            None => Sample::Json,
        }
    }

    fn structure(&mut self, structure: &'a Struct) -> Sample {
        let fields = structure.fields.iter().filter(|field| is_argument(field));
        let mut set: Vec<(&Field, Sample)> =
            fields.map(|field| (field, self.field(field))).collect();
        let arguments = set.len();
        // One that is set may require another; each round sets one, so that this ends.
        for _ in 0..structure.fields.len() {
            let Some(field) = self.lacking(structure, &set) else {
                break;
            };
            let sample = self.field(field);
            set.push((field, sample));
        }
        let setters = set.split_off(arguments).into_iter();
        let setters = setters.map(|(field, sample)| (field.name.clone(), sample));
        let arguments = set.into_iter().map(|(_, sample)| sample);
        Sample::New(
            structure.name.clone(),
            arguments.collect(),
            setters.collect(),
        )
    }

    /// The next field that some requirement asks for.
    fn lacking(&self, structure: &'a Struct, set: &[(&Field, Sample)]) -> Option<&'a Field> {
        let is_set = |name: &WireName| set.iter().any(|(field, _)| field.wire == *name);
        let missing = structure.requirements.iter().find_map(|one| match one {
            Requirement::Any(groups) => {
                let is_met = groups.iter().any(|group| group.iter().all(is_set));
                let first = groups.first().filter(|_| !is_met)?;
                first.iter().find(|name| !is_set(name))
            }
            Requirement::When {
                field,
                equals,
                then,
            } => {
                let (_, value) = set.iter().find(|(one, _)| one.wire == *field)?;
                let applies = self.wire(value) == Some(equals.as_str());
                then.iter().filter(|_| applies).find(|name| !is_set(name))
            }
        })?;
        let mut fields = structure.fields.iter();
        fields.find(|field| field.wire == *missing)
    }

    /// A text as it is sent.
    fn wire<'s>(&self, sample: &'s Sample) -> Option<&'s str>
    where
        'a: 's,
    {
        match sample {
            Sample::Text(text) => Some(text),
            Sample::Some(inner) => self.wire(inner),
            Sample::Variant(name, variant) => {
                let mut items = self.types.iter().flat_map(|module| &module.items);
                let variants = items.find_map(|item| match item {
                    Item::Enum(item) if item.name == *name => Some(&item.variants),
                    Item::Enum(_) | Item::Struct(_) => None,
                })?;
                let variant = variants.iter().find(|one| one.name == *variant)?;
                Some(variant.wire.as_str())
            }
            Sample::Boolean
            | Sample::Integer(_)
            | Sample::Float(_)
            | Sample::Uuid
            | Sample::Timestamp
            | Sample::Json
            | Sample::EmptyMap
            | Sample::EmptyList
            | Sample::Null
            | Sample::List(_)
            | Sample::New(..)
            | Sample::Borrowed(_) => None,
        }
    }

    fn is_open(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Named(name) => self.open.contains(&name),
            Ty::Boxed(inner) => self.is_open(inner),
            _ => false,
        }
    }

    fn field(&mut self, field: &Field) -> Sample {
        if let Ty::List(item) = &field.ty
            && let Ty::Named(name) = &**item
            && self.open.contains(&name)
        {
            return match kept::least_items(&field.rule.checks) {
                0 => Sample::EmptyList,
                _ => self.nothing(),
            };
        }
        if field.presence == Presence::RequiredNullable && self.is_open(&field.ty) {
            return Sample::Null;
        }
        let sample = self.sample(&field.ty, Some(&field.rule));
        match field.presence {
            Presence::RequiredNullable => Sample::Some(Box::new(sample)),
            Presence::Required | Presence::Optional | Presence::Patch => sample,
        }
    }
}

/// Whether the constructor takes the field.
pub(super) fn is_argument(field: &Field) -> bool {
    match field.presence {
        Presence::Required | Presence::RequiredNullable => true,
        Presence::Optional | Presence::Patch => false,
    }
}
