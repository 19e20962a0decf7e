//! Gives one schema its meaning. In: an `openapiv3` schema and its place. Out: an `api` schema. Knows no operations.

use super::{Resolver, literal, prose};
use crate::api::{
    Additional, List, Number, Object, Property, Schema, Shape, Travel, Union, UnionKind,
};
use crate::pointer::Pointer;
use crate::wire::WireName;
use openapiv3::{
    AdditionalProperties, AnySchema, ReferenceOr, SchemaData, SchemaKind, Type,
    VariantOrUnknownOrEmpty,
};

impl Resolver<'_> {
    pub(super) fn schema(
        &mut self,
        schema: &ReferenceOr<openapiv3::Schema>,
        at: &Pointer,
    ) -> Schema {
        match schema {
            ReferenceOr::Reference { reference } => {
                let shape = self.reference(reference, at);
                plain(at, shape)
            }
            ReferenceOr::Item(schema) => self.item(schema, at),
        }
    }

    fn boxed(&mut self, schema: &ReferenceOr<Box<openapiv3::Schema>>, at: &Pointer) -> Schema {
        match schema {
            ReferenceOr::Reference { reference } => {
                let shape = self.reference(reference, at);
                plain(at, shape)
            }
            ReferenceOr::Item(schema) => self.item(schema, at),
        }
    }

    fn reference(&mut self, reference: &str, at: &Pointer) -> Shape {
        match self.local(reference, "#/components/schemas/", at) {
            Some(name) if self.document.schemas.contains_key(&name) => {
                Shape::Reference(WireName(name))
            }
            Some(_) => {
                self.missing(reference, at);
                Shape::Any
            }
            None => Shape::Any,
        }
    }

    fn item(&mut self, schema: &openapiv3::Schema, at: &Pointer) -> Schema {
        let openapiv3::Schema {
            schema_data: data,
            schema_kind: kind,
        } = schema;
        let SchemaData {
            nullable,
            read_only,
            write_only,
            deprecated,
            external_docs: _,
            example: _,
            title,
            description,
            discriminator,
            default,
            extensions,
        } = data;
        if discriminator.is_some() {
            self.unsupported(&at.key("discriminator"), "discriminators");
        }
        let inner = self.kind(kind, data, at);
        self.extensions_in_place(extensions, &inner.shape, at);
        let rust_name = self.text_extension(extensions, "x-rust-name", at);
        let description = match (&inner.shape, kind) {
            // The list of its values has been taken out of the description of an enumeration.
            (Shape::Enumeration(_), SchemaKind::Type(_) | SchemaKind::Any(_)) => inner.description,
            _ => prose(description.as_ref()).or(inner.description),
        };
        Schema {
            at: at.clone(),
            title: prose(title.as_ref()).or(inner.title),
            description,
            deprecated: *deprecated || inner.deprecated,
            default: default.as_ref().map(literal).or(inner.default),
            rust_name: rust_name.or(inner.rust_name),
            nullable: *nullable || inner.nullable,
            travel: self.travel(*read_only, *write_only, at, inner.travel),
            shape: inner.shape,
        }
    }

    fn travel(&mut self, read_only: bool, write_only: bool, at: &Pointer, inner: Travel) -> Travel {
        match (read_only, write_only) {
            (true, true) => {
                let help = "such a property travels in no direction; remove one of the two";
                self.diagnostics
                    .push(at, "a schema is both `readOnly` and `writeOnly`", help);
                inner
            }
            (true, false) => Travel::ResponseOnly,
            (false, true) => Travel::RequestOnly,
            (false, false) => inner,
        }
    }

    /// The shape, with what a single `allOf` member or an enumeration says about documentation.
    fn kind(&mut self, kind: &SchemaKind, data: &SchemaData, at: &Pointer) -> Schema {
        match kind {
            SchemaKind::Type(typ) => self.typed(typ, data, at),
            SchemaKind::AllOf { all_of } => match all_of.as_slice() {
                [only] => self.schema(only, &at.key("allOf").index(0)),
                _ => {
                    self.unsupported(&at.key("allOf"), "an `allOf` of several schemas");
                    plain(at, Shape::Any)
                }
            },
            SchemaKind::OneOf { one_of } => {
                self.union(UnionKind::One, one_of, &at.key("oneOf"), at)
            }
            SchemaKind::AnyOf { any_of } => {
                self.union(UnionKind::Any, any_of, &at.key("anyOf"), at)
            }
            SchemaKind::Not { .. } => {
                self.unsupported(&at.key("not"), "`not`");
                plain(at, Shape::Any)
            }
            SchemaKind::Any(any) => self.untyped(any, data, at),
        }
    }

    fn union(
        &mut self,
        kind: UnionKind,
        members: &[ReferenceOr<openapiv3::Schema>],
        list: &Pointer,
        at: &Pointer,
    ) -> Schema {
        let variants = members
            .iter()
            .enumerate()
            .map(|(index, member)| self.schema(member, &list.index(index)));
        let variants = variants.collect();
        plain(
            at,
            Shape::Union(Union {
                kind,
                variants,
                discriminator: None,
            }),
        )
    }

    fn typed(&mut self, typ: &Type, data: &SchemaData, at: &Pointer) -> Schema {
        let shape = match typ {
            Type::Boolean(boolean) => {
                self.no_enumeration(boolean.enumeration.is_empty(), at);
                Shape::Boolean
            }
            Type::Integer(integer) => {
                self.no_enumeration(integer.enumeration.is_empty(), at);
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "a limit beyond 2^53 is no limit that a JSON number can tell"
                )]
                let limit = |value: i64| value as f64;
                Shape::Integer(Number {
                    format: format_name(&integer.format),
                    minimum: integer
                        .minimum
                        .map(|value| (limit(value), integer.exclusive_minimum)),
                    maximum: integer
                        .maximum
                        .map(|value| (limit(value), integer.exclusive_maximum)),
                    multiple_of: integer.multiple_of.map(limit),
                })
            }
            Type::Number(number) => {
                self.no_enumeration(number.enumeration.is_empty(), at);
                Shape::Number(Number {
                    format: format_name(&number.format),
                    minimum: number
                        .minimum
                        .map(|value| (value, number.exclusive_minimum)),
                    maximum: number
                        .maximum
                        .map(|value| (value, number.exclusive_maximum)),
                    multiple_of: number.multiple_of,
                })
            }
            Type::String(string) => return self.text(string, data, at),
            Type::Array(array) => self.list(array, at),
            Type::Object(object) => self.object(object, data, at),
        };
        plain(at, shape)
    }

    fn no_enumeration(&mut self, is_empty: bool, at: &Pointer) {
        if !is_empty {
            self.unsupported(&at.key("enum"), "an `enum` of other values than texts");
        }
    }

    fn list(&mut self, array: &openapiv3::ArrayType, at: &Pointer) -> Shape {
        let openapiv3::ArrayType {
            items,
            min_items,
            max_items,
            unique_items,
        } = array;
        let items_at = at.key("items");
        let items = match items {
            Some(items) => self.boxed(items, &items_at),
            None => plain(&items_at, Shape::Any),
        };
        Shape::List(Box::new(List {
            items,
            min_items: min_items.map(|count| count as u64),
            max_items: max_items.map(|count| count as u64),
            unique_items: *unique_items,
        }))
    }

    fn object(&mut self, object: &openapiv3::ObjectType, data: &SchemaData, at: &Pointer) -> Shape {
        let openapiv3::ObjectType {
            properties,
            required,
            additional_properties,
            min_properties,
            max_properties,
        } = object;
        let likely = self
            .list_extension(&data.extensions, "x-likely-required", at)
            .unwrap_or_default();
        self.unknown_members("required", required, properties, at);
        self.unknown_members("x-likely-required", &likely, properties, at);
        let properties_at = at.key("properties");
        let mut resolved = Vec::new();
        for (name, property) in properties {
            let schema = self.boxed(property, &properties_at.key(name));
            let (required, likely_required) = (required.contains(name), likely.contains(name));
            resolved.push(Property {
                name: WireName(name.clone()),
                required,
                likely_required,
                schema,
            });
        }
        let requirements = self.requirements(&data.extensions, &resolved, at);
        let additional = match additional_properties {
            None => Additional::Unsaid,
            Some(AdditionalProperties::Any(true)) => Additional::Any,
            Some(AdditionalProperties::Any(false)) => Additional::Forbidden,
            Some(AdditionalProperties::Schema(schema)) => Additional::Schema(Box::new(
                self.schema(schema, &at.key("additionalProperties")),
            )),
        };
        Shape::Object(Object {
            properties: resolved,
            additional,
            min_properties: min_properties.map(|count| count as u64),
            max_properties: max_properties.map(|count| count as u64),
            requirements,
        })
    }

    fn unknown_members<T>(
        &mut self,
        key: &str,
        names: &[String],
        properties: &indexmap::IndexMap<String, T>,
        at: &Pointer,
    ) {
        for (index, name) in names.iter().enumerate() {
            if !properties.contains_key(name) {
                let message = format!("`{name}` is in `{key}` but is no property");
                self.diagnostics.push(
                    &at.key(key).index(index),
                    message,
                    "correct the name, or add the property",
                );
            }
        }
    }

    /// A schema whose keywords belong to no single type.
    fn untyped(&mut self, any: &AnySchema, data: &SchemaData, at: &Pointer) -> Schema {
        if any.enumeration.iter().any(|value| !value.is_string()) {
            self.odd_values(&any.enumeration, at);
            return plain(at, Shape::Any);
        }
        let bare = AnySchema {
            typ: None,
            ..AnySchema::default()
        };
        if *any == bare && !self.raw_has(at, "enum") {
            return plain(at, Shape::Any);
        }
        let enumerated = AnySchema {
            enumeration: any.enumeration.clone(),
            ..bare.clone()
        };
        if *any == enumerated {
            let values = any
                .enumeration
                .iter()
                .filter_map(|value| value.as_str().map(str::to_owned));
            return self.enumeration(values.collect(), false, data, &at.key("enum"), at);
        }
        let object = AnySchema {
            properties: any.properties.clone(),
            required: any.required.clone(),
            additional_properties: any.additional_properties.clone(),
            min_properties: any.min_properties,
            max_properties: any.max_properties,
            ..bare.clone()
        };
        if *any == object {
            let object = openapiv3::ObjectType {
                properties: any.properties.clone(),
                required: any.required.clone(),
                additional_properties: any.additional_properties.clone(),
                min_properties: any.min_properties,
                max_properties: any.max_properties,
            };
            let shape = self.object(&object, data, at);
            return plain(at, shape);
        }
        let keywords = self.raw_keywords(at).join("`, `");
        let message = format!("no single type has the keywords `{keywords}`");
        let help = "give it the `type` that it has, or split it, in spec/overlay.yaml";
        self.diagnostics.push(at, message, help);
        plain(at, Shape::Any)
    }

    fn unsupported(&mut self, at: &Pointer, what: &str) {
        let help =
            "describe what the API really takes or sends in simpler words in spec/overlay.yaml";
        self.diagnostics
            .push(at, format!("{what}: not supported yet"), help);
    }
}

fn format_name<T: serde::Serialize>(format: &VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => serde_json::to_value(known)
            .ok()?
            .as_str()
            .map(str::to_owned),
        VariantOrUnknownOrEmpty::Unknown(name) => Some(name.clone()),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}

/// A schema that says nothing but its shape.
pub(super) fn plain(at: &Pointer, shape: Shape) -> Schema {
    Schema {
        at: at.clone(),
        title: None,
        description: None,
        deprecated: false,
        default: None,
        rust_name: None,
        nullable: false,
        travel: Travel::Both,
        shape,
    }
}
