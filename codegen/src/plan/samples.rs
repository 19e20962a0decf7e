//! Makes values for examples. In: Rust types. Out: the simplest value of each. Knows no document.

use crate::krate::{Check, Field, Format, Ident, Item, Presence, Rule, Sample, Ty, TypeModule};

/// How many values an example shows at most, and how deep they stand in each other.
const MOST: usize = 30;
const DEEPEST: usize = 8;

/// The simplest value of a type that keeps `rule`, unless it is more than an example can show.
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
    fn sample(&mut self, ty: &Ty, rule: Option<&Rule>) -> Sample {
        self.made += 1;
        if self.made > MOST || self.open.len() > DEEPEST {
            // The whole sample is thrown away, so anything will do.
            self.made = MOST + 1;
            return Sample::Json;
        }
        match ty {
            Ty::Unit | Ty::Json => Sample::Json,
            Ty::Boolean => Sample::Boolean,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "an example needs no more than the whole part"
            )]
            Ty::Integer => Sample::Integer(least(rule).ceil() as i64),
            Ty::Float => Sample::Float(least(rule)),
            Ty::Text => Sample::Text(text(rule)),
            Ty::Uuid => Sample::Uuid,
            Ty::Timestamp => Sample::Timestamp,
            Ty::List(item) => Sample::List(Box::new(self.sample(item, None))),
            Ty::Map(_) => Sample::EmptyMap,
            Ty::Nullable(inner) => Sample::Some(Box::new(self.sample(inner, rule))),
            Ty::Boxed(inner) => self.sample(inner, rule),
            Ty::Named(name) => self.named(name),
        }
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
                let fields = item.fields.iter().filter(|field| is_argument(field));
                let arguments = fields.map(|field| self.field(field)).collect();
                self.open.pop();
                Sample::New(item.name.clone(), arguments)
            }
            None => Sample::Json,
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
            return Sample::EmptyList;
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

fn least(rule: Option<&Rule>) -> f64 {
    let checks = rule.map(|rule| rule.checks.as_slice()).unwrap_or_default();
    let minimum = checks.iter().find_map(|check| match check {
        Check::Minimum(value, exclusive) => Some(if *exclusive { value + 1.0 } else { *value }),
        _ => None,
    });
    minimum.filter(|value| value.abs() < 1e15).unwrap_or(1.0)
}

fn text(rule: Option<&Rule>) -> String {
    let checks = rule.map(|rule| rule.checks.as_slice()).unwrap_or_default();
    let uri = checks.contains(&Check::Format(Format::Uri));
    let decimal = checks.contains(&Check::Format(Format::Decimal));
    match (uri, decimal) {
        (true, _) => "https://example.com/".to_owned(),
        (false, true) => "0.1".to_owned(),
        (false, false) => {
            rule.map_or_else(|| "text".to_owned(), |rule| rule.wire.0.replace('_', " "))
        }
    }
}
