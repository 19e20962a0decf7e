//! Reads the resources of the client. In: a file of `generated/resources`. Out: its operations, each with the method
//! that calls it. Knows no structs.

use crate::client::{Client, Operation, Parameter, Setters};
use crate::rust::{self, Rule, Type, arguments, docs, functions, last};
use std::collections::{BTreeMap, BTreeSet};
use syn::{Expr, ImplItemFn, Item, ItemImpl};

impl Client {
    /// Reads the file of the resource `name`.
    pub(crate) fn resource(&mut self, name: &str, file: &syn::File) -> Result<(), String> {
        let mut constants: BTreeMap<String, (String, Operation)> = BTreeMap::new();
        let mut calls: BTreeMap<String, Setters> = BTreeMap::new();
        for item in &file.items {
            match item {
                // How jobs live is ours, not the pages'.
                Item::Static(one) if Type::read(&one.ty)?.name == "Jobs" => {}
                Item::Static(one) => {
                    constants.insert(one.ident.to_string(), self.operation(name, &one.expr)?);
                }
                Item::Impl(one) => {
                    let ty = Type::read(&one.self_ty)?;
                    if let ("Call", Some(marker)) = (ty.name.as_str(), ty.of.last()) {
                        calls.insert(marker.name.clone(), setters(one)?);
                    }
                }
                Item::Struct(_) | Item::Use(_) => {}
                _ => return Err("an item that this test cannot read".to_owned()),
            }
        }
        for method in methods(&file.items)? {
            // An operation without a method cannot be called, so it stays out.
            let Some((id, mut operation)) = constants.remove(&method.constant) else {
                return Err(format!(
                    "two methods call `{}`, or there is no such constant",
                    method.constant
                ));
            };
            operation.arguments = method.arguments;
            operation.body_type = method.body;
            operation.setters = method
                .marker
                .and_then(|marker| calls.get(&marker).cloned())
                .unwrap_or_default();
            operation.output = Some(method.output);
            self.operations.insert(id, operation);
        }
        Ok(())
    }

    fn operation(&self, resource: &str, expression: &Expr) -> Result<(String, Operation), String> {
        let Expr::Struct(literal) = expression else {
            return Err("an operation that is no struct literal".to_owned());
        };
        let mut id = String::new();
        let mut operation = Operation {
            resource: resource.to_owned(),
            ..Operation::default()
        };
        for field in &literal.fields {
            let syn::Member::Named(name) = &field.member else {
                return Err("an operation with unnamed fields".to_owned());
            };
            match name.to_string().as_str() {
                "id" => id = rust::text(&field.expr)?,
                "method" => operation.method = rust::literal(&field.expr)?.to_uppercase(),
                "path" => operation.path = rust::text(&field.expr)?,
                "parameters" => {
                    operation.parameters = rust::elements(&field.expr)?
                        .into_iter()
                        .map(parameter)
                        .collect::<Result<_, _>>()?;
                }
                "body" => {
                    operation.body = rust::elements(&field.expr)?
                        .into_iter()
                        .map(rust::literal)
                        .collect::<Result<_, _>>()?;
                }
                "security" => {
                    for keys in rust::elements(&field.expr)? {
                        operation.security.push(self.headers(keys)?);
                    }
                }
                // What calls cost, how jobs live and how pages follow each other is ours, not the pages'.
                "prices" | "idempotent" | "jobs" | "job_name" | "paging" => {}
                other => return Err(format!("an operation with a field `{other}`")),
            }
        }
        Ok((id, operation))
    }

    fn headers(&self, keys: &Expr) -> Result<BTreeSet<String>, String> {
        let keys = rust::elements(keys)?.into_iter().map(|key| {
            let name = rust::path(key)?;
            self.keys
                .get(&name)
                .cloned()
                .ok_or(format!("no key `{name}` in security.rs"))
        });
        keys.collect()
    }
}

/// A method of a handle.
struct Method {
    constant: String,
    arguments: BTreeMap<String, Type>,
    body: Option<Type>,
    output: Type,
    marker: Option<String>,
}

/// The methods of the handle in a resource's file.
fn methods(items: &[Item]) -> Result<Vec<Method>, String> {
    let mut found = Vec::new();
    for item in items {
        let Item::Impl(one) = item else { continue };
        let ty = Type::read(&one.self_ty)?;
        if ty.name == "Client" || ty.name == "Call" {
            continue;
        }
        for function in functions(one) {
            if !gives_a_call(function)? {
                continue;
            }
            found.push(
                method(function).map_err(|error| format!("`{}`: {error}", function.sig.ident))?,
            );
        }
    }
    Ok(found)
}

/// Whether a method calls an operation. The others wait for jobs, which no page describes.
fn gives_a_call(function: &ImplItemFn) -> Result<bool, String> {
    let syn::ReturnType::Type(_, output) = &function.sig.output else {
        return Ok(true);
    };
    let waits = ["Wait", "WaitAll", "Settle", "SettleAll"];
    Ok(!waits.contains(&Type::read(output)?.name.as_str()))
}

fn method(function: &ImplItemFn) -> Result<Method, String> {
    let given: BTreeMap<String, Type> = arguments(function)?.into_iter().collect();
    let syn::ReturnType::Type(_, output) = &function.sig.output else {
        return Err("a method that gives nothing".to_owned());
    };
    let mut call = Type::read(output)?;
    let marker = (call.of.len() > 1)
        .then(|| call.of.pop())
        .flatten()
        .map(|marker| marker.name);
    let output = call.of.pop().ok_or("a call of no type")?;
    let (base, links) = rust::chain(last(function)?)?;
    let constant = match base.given.as_slice() {
        [_, Expr::Reference(constant)] => rust::path(&constant.expr)?,
        _ => return Err("a call of no operation".to_owned()),
    };
    let mut method = Method {
        constant,
        arguments: BTreeMap::new(),
        body: None,
        output,
        marker,
    };
    for link in links {
        match (link.name.as_str(), link.given.as_slice()) {
            ("parameter", [wire, Expr::Reference(value)]) => {
                let name = rust::path(&value.expr)?;
                let ty = given.get(&name).ok_or(format!("no argument `{name}`"))?;
                method.arguments.insert(rust::text(wire)?, ty.clone());
            }
            ("body", _) => method.body = given.get("body").cloned(),
            (other, _) => return Err(format!("a call with `.{other}(..)`")),
        }
    }
    Ok(method)
}

/// The setters of a call: `self.parameter("wire", &name)` or `self.content_type(MediaType::Form)`.
fn setters(one: &ItemImpl) -> Result<Setters, String> {
    let mut setters = Setters::default();
    for function in functions(one) {
        // The stream over all pages sets nothing.
        if function.sig.ident == "items" && arguments(function)?.is_empty() {
            continue;
        }
        let Expr::MethodCall(call) = last(function)? else {
            return Err("a setter that calls nothing".to_owned());
        };
        let given: Vec<&Expr> = call.args.iter().collect();
        match (call.method.to_string().as_str(), given.as_slice()) {
            ("parameter", [wire, _]) => {
                let (_, ty) = arguments(function)?
                    .pop()
                    .ok_or("a setter without an argument")?;
                setters
                    .parameters
                    .insert(rust::text(wire)?, (ty, docs(&function.attrs)));
            }
            ("content_type", [media_type]) => {
                setters.media_types.insert(rust::literal(media_type)?);
            }
            (other, _) => return Err(format!("a setter that calls `{other}`")),
        }
    }
    Ok(setters)
}

fn parameter(expression: &Expr) -> Result<Parameter, String> {
    let (base, links) = rust::chain(expression)?;
    let mut parameter = Parameter {
        location: base.name.trim_start_matches("Parameter::").to_owned(),
        name: rust::text(
            base.given
                .first()
                .copied()
                .ok_or("a parameter without a name")?,
        )?,
        rule: None,
        written: BTreeMap::new(),
    };
    for link in links {
        let given = link
            .given
            .first()
            .copied()
            .ok_or("a parameter's method without an argument")?;
        match link.name.as_str() {
            "rule" => parameter.rule = Some(Rule::read(given)?),
            _ => {
                parameter.written.insert(link.name, rust::literal(given)?);
            }
        }
    }
    Ok(parameter)
}
