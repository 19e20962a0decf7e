//! Reads the types of the client. In: items of `generated/types`. Out: structs and enums as they are declared, taken,
//! sent, checked and received. Knows no operations.

use crate::client::{Client, Enum, Line};
use crate::rust::{self, Rule, Type, arguments, docs, functions, last};
use syn::{Expr, Fields, ImplItem, ImplItemFn, Item, ItemImpl, Pat, Stmt};

impl Client {
    /// Reads one item of a file of types.
    pub(crate) fn item(&mut self, item: &Item) -> Result<(), String> {
        match item {
            Item::Struct(one) => {
                let Fields::Named(fields) = &one.fields else {
                    return Err(format!("the struct `{}` has no named fields", one.ident));
                };
                let target = self.structs.entry(one.ident.to_string()).or_default();
                for field in &fields.named {
                    let name = field
                        .ident
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default();
                    target
                        .fields
                        .insert(name, (Type::read(&field.ty)?, docs(&field.attrs)));
                }
            }
            Item::Enum(one) => {
                let target = self.enums.entry(one.ident.to_string()).or_default();
                let plain = one
                    .variants
                    .iter()
                    .filter(|variant| matches!(variant.fields, Fields::Unit));
                target.variants = plain.map(|variant| variant.ident.to_string()).collect();
            }
            Item::Impl(one) => self.implementation(one)?,
            Item::Use(_) | Item::Macro(_) => {}
            _ => return Err("an item that this test cannot read".to_owned()),
        }
        Ok(())
    }

    fn implementation(&mut self, one: &ItemImpl) -> Result<(), String> {
        let name = Type::read(&one.self_ty)?.name;
        let implemented = one
            .trait_
            .as_ref()
            .and_then(|(path, _)| path.segments.last());
        let implemented = implemented
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        if let Some(target) = self.enums.get_mut(&name) {
            return enumeration(target, one);
        }
        let target = self
            .structs
            .get_mut(&name)
            .ok_or(format!("`{name}` is implemented before it is there"))?;
        for function in functions(one) {
            match (
                implemented.as_str(),
                function.sig.ident.to_string().as_str(),
            ) {
                ("", "new") => {
                    target.is_sent = true;
                    target.arguments = arguments(function)?.into_iter().collect();
                }
                // What the caller adds to any request.
                ("", "extra_member") => {}
                ("", _) => {
                    let (field, ty) = field_setter(function)?;
                    target.setters.insert(field, ty);
                }
                ("Encode", "encode") => target.written = encoded(function)?,
                ("Encode", "rules") => {
                    let [Stmt::Expr(list, None)] = function.block.stmts.as_slice() else {
                        return Err(format!("the rules of `{name}` are no list"));
                    };
                    target.rules = rust::elements(list)?
                        .into_iter()
                        .map(Rule::read)
                        .collect::<Result<_, _>>()?;
                }
                ("Decode", "decode") => target.read = decoded(function)?,
                (other, function) => {
                    return Err(format!("`{name}` has a function {other}::{function}"));
                }
            }
        }
        Ok(())
    }
}

/// The values of an enum, in `as_str`, in `From` and in `KNOWN`.
fn enumeration(target: &mut Enum, one: &ItemImpl) -> Result<(), String> {
    for item in &one.items {
        match item {
            ImplItem::Const(constant) => {
                target.known = rust::elements(&constant.expr)?
                    .into_iter()
                    .map(rust::literal)
                    .collect::<Result<_, _>>()?;
            }
            ImplItem::Fn(function) => {
                let Expr::Match(cases) = last(function)? else {
                    return Err("an enum's function that is no match".to_owned());
                };
                for case in &cases.arms {
                    match (&case.pat, rust::text(&case.body)) {
                        (Pat::Path(variant), Ok(value)) => {
                            let variant = rust::literal(&Expr::Path(variant.clone()))?;
                            target.written.insert(variant, value);
                        }
                        (Pat::Lit(value), Err(_)) => {
                            let value = rust::text(&Expr::Lit(value.clone()))?;
                            target.read.insert(rust::literal(&case.body)?, value);
                        }
                        // The arm for values that are not known.
                        (Pat::TupleStruct(_) | Pat::Ident(_), Err(_)) => {}
                        _ => return Err("an enum's arm that this test cannot read".to_owned()),
                    }
                }
            }
            _ => return Err("an enum's item that this test cannot read".to_owned()),
        }
    }
    Ok(())
}

/// The lines `object.required("wire", &self.field);`.
fn encoded(function: &ImplItemFn) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    for statement in &function.block.stmts {
        let Stmt::Expr(Expr::MethodCall(call), Some(_)) = statement else {
            continue;
        };
        match call.args.iter().collect::<Vec<_>>().as_slice() {
            [wire, Expr::Reference(value)] => {
                let Expr::Field(field) = &*value.expr else {
                    return Err("an encoded value that is no field".to_owned());
                };
                let syn::Member::Named(name) = &field.member else {
                    return Err("an encoded field without a name".to_owned());
                };
                let how = call.method.to_string();
                lines.push(Line {
                    wire: rust::text(wire)?,
                    field: name.to_string(),
                    how,
                });
            }
            _ => return Err("a line of `encode` that this test cannot read".to_owned()),
        }
    }
    Ok(lines)
}

/// The lines `field: fields.required("wire")?` of `Ok(Self { .. })`.
fn decoded(function: &ImplItemFn) -> Result<Vec<Line>, String> {
    let (_, Expr::Call(call)) = ((), last(function)?) else {
        return Err("a `decode` that does not end with `Ok`".to_owned());
    };
    let Some(Expr::Struct(literal)) = call.args.first() else {
        return Err("a `decode` of no struct".to_owned());
    };
    let mut lines = Vec::new();
    for field in &literal.fields {
        let syn::Member::Named(name) = &field.member else {
            return Err("a decoded field without a name".to_owned());
        };
        let Expr::Try(tried) = &field.expr else {
            // `extra: fields.rest()`: what this version does not know.
            continue;
        };
        let Expr::MethodCall(call) = &*tried.expr else {
            return Err("a decoded field that calls nothing".to_owned());
        };
        let wire = rust::text(
            call.args
                .first()
                .ok_or("a decoded field without a wire name")?,
        )?;
        lines.push(Line {
            wire,
            field: name.to_string(),
            how: call.method.to_string(),
        });
    }
    Ok(lines)
}

/// `self.field = ..`: the field, and what the setter takes.
fn field_setter(function: &ImplItemFn) -> Result<(String, Type), String> {
    let (_, ty) = arguments(function)?
        .pop()
        .ok_or("a setter without an argument")?;
    match function.block.stmts.first() {
        Some(Stmt::Expr(Expr::Assign(assignment), Some(_))) => match &*assignment.left {
            Expr::Field(syn::ExprField {
                member: syn::Member::Named(name),
                ..
            }) => Ok((name.to_string(), ty)),
            _ => Err("a setter that sets no field".to_owned()),
        },
        _ => Err(format!("`{}` sets nothing", function.sig.ident)),
    }
}
