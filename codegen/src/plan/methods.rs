//! Decides handles and methods. In: resources and their operations. Out: methods with arguments, setters and output. Knows no fields.

use super::usage::Way;
use super::waiting::Jobs;
use super::{Planner, docs, examples, names, paging, recovery};
use crate::api::{self};
use crate::krate::{
    Argument, CallSetter, Docs, HttpMethod, Ident, Location, MediaType, Method, Operation,
    Paragraph, Parameter, Price, Recovery, Resource, Rule, Style, TypeModule,
};
use crate::wire::WireName;
use std::collections::BTreeSet;

impl<'a> Planner<'a> {
    /// All handles. The types are needed for examples.
    pub(super) fn resources(&mut self, types: &[TypeModule]) -> Vec<Resource> {
        let api = self.api;
        let mut resources: Vec<Resource> = Vec::new();
        for resource in &api.resources {
            let Some(planned) = self.resource(resource, types) else {
                let help = "rename the tag in spec/overlay.yaml";
                self.diagnostics.push(
                    &resource.at,
                    format!("the tag `{}` gives no Rust name", resource.tag),
                    help,
                );
                continue;
            };
            if let Some(first) = resources
                .iter()
                .find(|first| first.module == planned.module)
            {
                let message = format!(
                    "the tag `{}` would be called as {} is",
                    resource.tag, first.at
                );
                self.diagnostics.push(
                    &resource.at,
                    message,
                    "rename one of the tags in spec/overlay.yaml",
                );
            }
            resources.push(planned);
        }
        resources
    }

    fn resource(&mut self, resource: &'a api::Resource, types: &[TypeModule]) -> Option<Resource> {
        let module = names::free_handle(names::field(resource.tag.as_str())?);
        // What a resource holds is often called as the resource is; its type is used more often than the handle's.
        let is_type = |handle: &str| type_names(types).any(|name| name == handle);
        let handle = names::handle(resource.tag.as_str(), is_type)?;
        let methods = self.methods(resource, (&module, &handle), types);
        let waiting = resource.lifecycle.as_ref().and_then(|lifecycle| {
            let jobs = Jobs {
                resource,
                lifecycle,
                module: &module,
                methods: &methods,
            };
            self.waiting(&jobs, types)
        });
        Some(Resource {
            at: resource.at.clone(),
            module,
            handle,
            docs: docs::resource(resource),
            methods,
            waiting,
        })
    }

    fn methods(
        &mut self,
        resource: &'a api::Resource,
        (module, handle): (&Ident, &Ident),
        types: &[TypeModule],
    ) -> Vec<Method> {
        let proposed: Vec<String> = resource
            .operations
            .iter()
            .map(|operation| proposal(resource, operation))
            .collect();
        let mut methods: Vec<Method> = Vec::new();
        for (operation, name) in resource.operations.iter().zip(&proposed) {
            // Two operations that would share a short name both keep their long one.
            let unique = proposed.iter().filter(|other| *other == name).count() == 1;
            let name = if unique {
                name.as_str()
            } else {
                operation.id.as_str()
            };
            let Some(name) = names::field(name).map(names::free_method) else {
                self.unnameable(&operation.at, "operation", operation.id.as_str());
                continue;
            };
            if let Some(first) = methods.iter().find(|first| first.name == name) {
                let message = format!(
                    "the operation would be called `{}`, as {} is",
                    name.as_str(),
                    first.at
                );
                self.diagnostics.push(
                    &operation.at,
                    message,
                    "name one of them with `x-rust-name` in spec/overlay.yaml",
                );
            }
            let taken: BTreeSet<&str> = type_names(types).chain([handle.as_str()]).collect();
            let marker = marker(&name, &taken);
            let mut method = self.method(operation, name, marker);
            method.operation.answers_jobs = recovery::answers_jobs(resource, operation);
            method.operation.job_name = recovery::job_name(resource, operation);
            method.operation.recovery = recovery::planned(resource, operation);
            method.items = operation
                .paging
                .as_ref()
                .and_then(|paging| self.items(paging, &method.output, types));
            let needed = method.body.as_ref();
            let needed = needed.and_then(|body| docs::requirements::of_body(body, types));
            method.docs.0.extend(needed);
            method.docs.0.extend(docs::recovery(&method.operation));
            let example = examples::answer(module, &method, types).map(Paragraph::Example);
            method.docs.0.extend(example);
            methods.push(method);
        }
        methods
    }

    fn method(
        &mut self,
        operation: &'a api::Operation,
        name: Ident,
        marker: Option<Ident>,
    ) -> Method {
        let body = operation.body.as_ref().and_then(|body| self.body(body));
        let (body, media_types) =
            body.map_or((None, Vec::new()), |(body, types)| (Some(body), types));
        let mut arguments: Vec<Argument> = Vec::new();
        let mut setters: Vec<CallSetter> = Vec::new();
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            self.supported(&parameter.schema);
            let Some(rust) = names::field(
                parameter
                    .rust_name
                    .as_deref()
                    .unwrap_or(parameter.name.as_str()),
            ) else {
                self.unnameable(&parameter.at, "parameter", parameter.name.as_str());
                continue;
            };
            parameters.push(self.parameter(parameter));
            if parameter.required {
                arguments.push(self.argument(parameter, rust));
            } else {
                setters.push(self.setter(parameter, names::free_setter(rust)));
            }
        }
        for media_type in media_types.iter().skip(1) {
            let at = operation
                .body
                .as_ref()
                .map(|body| body.at.clone())
                .unwrap_or_default();
            let at = at.key("content").key(media_type.as_str());
            setters.extend(setter_name(*media_type).map(|name| CallSetter::MediaType {
                at,
                name,
                media_type: *media_type,
            }));
        }
        self.unique_names(operation, &arguments, &setters);
        let needed: Vec<(String, &api::Parameter, &Rule)> = arguments
            .iter()
            .filter_map(|argument| {
                let parameter = operation
                    .parameters
                    .iter()
                    .find(|one| one.at == argument.at)?;
                let planned: &Parameter = parameters
                    .iter()
                    .find(|one: &&Parameter| one.rule.wire == argument.wire)?;
                Some((argument.name.as_str().to_owned(), parameter, &planned.rule))
            })
            .collect();
        let told: Vec<String> = setters
            .iter()
            .map(|setter| setter_ident(setter).as_str().to_owned())
            .collect();
        Method {
            at: operation.at.clone(),
            constant: names::constant(name.as_str())
                .map_or_else(|| name.clone(), names::free_constant),
            name,
            marker: marker.filter(|_| !setters.is_empty()),
            docs: Docs(docs::method(operation, &needed, &told)),
            deprecated: operation.deprecated,
            arguments,
            body,
            setters,
            items: None,
            output: self.output(operation),
            operation: Operation {
                id: operation.id.clone(),
                method: http_method(operation.method),
                path: WireName(operation.path.clone()),
                parameters,
                body: media_types,
                security: self.security(operation),
                prices: operation.prices.iter().map(price).collect(),
                idempotent: operation.idempotent,
                answers_jobs: false,
                job_name: None,
                recovery: Recovery::NotNeeded,
                paging: operation.paging.as_ref().map(paging::planned),
            },
        }
    }

    fn unique_names(
        &mut self,
        operation: &api::Operation,
        arguments: &[Argument],
        setters: &[CallSetter],
    ) {
        let arguments = arguments
            .iter()
            .map(|argument| (&argument.name, &argument.at));
        let setters = setters.iter().map(|setter| match setter {
            CallSetter::Parameter { at, name, .. } | CallSetter::MediaType { at, name, .. } => {
                (name, at)
            }
        });
        let named: Vec<_> = arguments.chain(setters).collect();
        for (index, (name, at)) in named.iter().enumerate() {
            let body = operation.body.is_some() && name.as_str() == "body";
            let items = operation.paging.is_some() && name.as_str() == "items";
            if body || items || named[..index].iter().any(|(earlier, _)| earlier == name) {
                let message = format!(
                    "two things of this operation would be called `{}` in Rust",
                    name.as_str()
                );
                self.diagnostics.push(
                    at,
                    message,
                    "name the parameter with `x-rust-name` in spec/overlay.yaml",
                );
            }
        }
    }

    fn argument(&self, parameter: &'a api::Parameter, name: Ident) -> Argument {
        let ty = self.ty(&parameter.schema, Way::Sent);
        Argument {
            at: parameter.at.clone(),
            name,
            wire: parameter.name.clone(),
            ty,
        }
    }

    fn setter(&self, parameter: &'a api::Parameter, name: Ident) -> CallSetter {
        let rule = self.rule(&parameter.name, &parameter.schema);
        CallSetter::Parameter {
            at: parameter.at.clone(),
            name,
            wire: parameter.name.clone(),
            ty: self.ty(&parameter.schema, Way::Sent),
            docs: docs::parameter(parameter, &rule),
            deprecated: parameter.deprecated,
        }
    }

    fn parameter(&self, parameter: &'a api::Parameter) -> Parameter {
        let location = match parameter.location {
            api::Location::Path => Location::Path,
            // Cookies are refused by the step before.
            api::Location::Query | api::Location::Cookie => Location::Query,
            api::Location::Header => Location::Header,
        };
        let style = match parameter.style {
            api::Style::Form => Style::Form,
            api::Style::SpaceDelimited => Style::SpaceDelimited,
            api::Style::PipeDelimited => Style::PipeDelimited,
            api::Style::DeepObject => Style::DeepObject,
            api::Style::Simple | api::Style::Label | api::Style::Matrix => Style::Simple,
        };
        let usual = match location {
            Location::Query => (Style::Form, true),
            Location::Path | Location::Header => (Style::Simple, false),
        };
        Parameter {
            location,
            style: (style != usual.0).then_some(style),
            explode: (parameter.explode != usual.1).then_some(parameter.explode),
            rule: self.rule(&parameter.name, &parameter.schema),
        }
    }

    fn security(&self, operation: &api::Operation) -> Vec<Vec<Ident>> {
        let alternatives = operation.security.iter();
        alternatives
            .map(|names| {
                names
                    .iter()
                    .filter_map(|name| names::constant(name.as_str()))
                    .collect()
            })
            .collect()
    }
}

fn proposal(resource: &api::Resource, operation: &api::Operation) -> String {
    match &operation.rust_name {
        Some(name) => name.clone(),
        None => names::method(resource.tag.as_str(), operation.id.as_str()),
    }
}

/// The marker's name: that of the method, unless a type has it.
fn marker(method: &Ident, taken: &BTreeSet<&str>) -> Option<Ident> {
    let name = names::free_type(names::camel(method.as_str())?.as_str());
    let name = if taken.contains(name.as_str()) {
        format!("{name}Call")
    } else {
        name
    };
    names::identifier(&name)
}

fn type_names(types: &[TypeModule]) -> impl Iterator<Item = &str> {
    types
        .iter()
        .flat_map(|module| &module.items)
        .map(|item| item.name().as_str())
}

fn setter_name(media_type: MediaType) -> Option<Ident> {
    match media_type {
        MediaType::Json => names::identifier("json"),
        MediaType::Form => names::identifier("form"),
        MediaType::Multipart => names::identifier("multipart"),
    }
}

fn setter_ident(setter: &CallSetter) -> &Ident {
    match setter {
        CallSetter::Parameter { name, .. } | CallSetter::MediaType { name, .. } => name,
    }
}

fn price(price: &api::Price) -> Price {
    Price {
        credits: price.credits,
        per_seconds: price
            .per_seconds
            .and_then(|seconds| u32::try_from(seconds).ok()),
        when: price.when.clone(),
        default: price.default,
    }
}

fn http_method(method: api::Method) -> HttpMethod {
    match method {
        api::Method::Get => HttpMethod::Get,
        api::Method::Put => HttpMethod::Put,
        api::Method::Post => HttpMethod::Post,
        api::Method::Delete => HttpMethod::Delete,
        api::Method::Options => HttpMethod::Options,
        api::Method::Head => HttpMethod::Head,
        api::Method::Patch => HttpMethod::Patch,
        api::Method::Trace => HttpMethod::Trace,
    }
}
