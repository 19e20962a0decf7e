//! Prints handles, methods and the data of operations. In: a planned resource. Out: items.

use super::{docs, rule, ty, waiting};
use crate::krate::{
    CallSetter, Docs, HttpMethod, Items, Location, MediaType, Method, Operation, Paging, Parameter,
    Price, Resource, Style, Ty,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// All items of a resource's file.
pub(super) fn items(resource: &Resource) -> Vec<TokenStream> {
    let docs = docs::attributes(&resource.docs);
    let summary = docs::attributes(&Docs(resource.docs.0.iter().take(1).cloned().collect()));
    let (module, handle) = (ty::ident(&resource.module), ty::ident(&resource.handle));
    let methods = resource.methods.iter().map(method);
    let waiting = resource.waiting.iter().flat_map(waiting::methods);
    let mut items = vec![
        quote! {
            impl Client {
                #summary
                pub fn #module(&self) -> #handle<'_> {
                    #handle { client: self }
                }
            }
        },
        quote! {
            #docs
            #[derive(Debug, Clone, Copy)]
            pub struct #handle<'a> {
                client: &'a Client,
            }
        },
        quote! {
            impl #handle<'_> {
                #(#methods)*
                #(#waiting)*
            }
        },
    ];
    for method in &resource.methods {
        items.extend(marker(resource, method));
    }
    items.extend(resource.methods.iter().map(|method| {
        let constant = ty::ident(&method.constant);
        let operation = operation(&method.operation);
        quote!(pub(super) static #constant: Operation = #operation;)
    }));
    items.extend(resource.waiting.as_ref().map(waiting::data));
    items
}

fn method(method: &Method) -> TokenStream {
    let docs = docs::attributes(&method.docs);
    let deprecated = docs::deprecated(method.deprecated);
    let (name, constant) = (ty::ident(&method.name), ty::ident(&method.constant));
    let mut arguments = Vec::new();
    let mut conversions = Vec::new();
    let mut calls = Vec::new();
    for argument in &method.arguments {
        let name = ty::ident(&argument.name);
        let wire = argument.wire.as_str();
        let (taken, conversion) = argument_type(&argument.ty, &name);
        conversions.extend(conversion);
        arguments.push(quote!(#name: #taken));
        calls.push(quote!(.parameter(#wire, &#name)));
    }
    if let Some(body) = &method.body {
        let taken = ty::stored(&body.ty);
        arguments.push(quote!(body: &#taken));
        calls.push(quote!(.body(body)));
    }
    let call = call_type(method);
    quote! {
        #docs
        #deprecated
        pub fn #name(&self, #(#arguments),*) -> #call {
            #(#conversions)*
            Call::new(self.client, &#constant)#(#calls)*
        }
    }
}

/// The type of an argument, and the statement that makes it what is encoded where they differ.
fn argument_type(ty: &Ty, name: &proc_macro2::Ident) -> (TokenStream, Option<TokenStream>) {
    if *ty == Ty::Text {
        // A text is only read here, so callers need not own it.
        return (quote!(&str), None);
    }
    let (taken, conversion) = ty::taken(ty, name);
    let stored = ty::stored(ty);
    (
        taken,
        conversion.map(|value| quote!(let #name: #stored = #value;)),
    )
}

fn call_type(method: &Method) -> TokenStream {
    let output = ty::stored(&method.output);
    match &method.marker {
        Some(marker) => {
            let marker = ty::ident(marker);
            quote!(Call<#output, #marker>)
        }
        None => quote!(Call<#output>),
    }
}

fn marker(resource: &Resource, method: &Method) -> Vec<TokenStream> {
    let Some(name) = &method.marker else {
        return Vec::new();
    };
    let name = ty::ident(name);
    let text = format!(
        " Marks the calls of [`{}::{}`](crate::resources::{}::{}::{}), which have setters of their own.",
        resource.handle.as_str(),
        method.name.as_str(),
        resource.module.as_str(),
        resource.handle.as_str(),
        method.name.as_str(),
    );
    let call = call_type(method);
    let setters = method.setters.iter().map(setter);
    let pages = method.items.as_ref().map(pages);
    vec![
        quote! {
            #[doc = #text]
            #[derive(Debug, Clone, Copy)]
            pub struct #name;
        },
        quote! {
            impl #call {
                #(#setters)*
                #pages
            }
        },
    ]
}

fn pages(items: &Items) -> TokenStream {
    let docs = docs::attributes(&items.docs);
    let item = ty::stored(&items.ty);
    quote! {
        #docs
        pub fn items(self) -> Items<#item> {
            Items::new(self)
        }
    }
}

fn setter(setter: &CallSetter) -> TokenStream {
    match setter {
        CallSetter::Parameter {
            at: _,
            name,
            wire,
            ty,
            docs,
            deprecated,
        } => {
            let docs = docs::attributes(docs);
            let deprecated = docs::deprecated(*deprecated);
            let name = ty::ident(name);
            let wire = wire.as_str();
            let (taken, conversion) = argument_type(ty, &name);
            quote! {
                #docs
                #deprecated
                pub fn #name(self, #name: #taken) -> Self {
                    #conversion
                    self.parameter(#wire, &#name)
                }
            }
        }
        CallSetter::MediaType {
            at: _,
            name,
            media_type,
        } => {
            let text = format!(" Sends the body as `{}`.", media_type.as_str());
            let name = ty::ident(name);
            let media_type = self::media_type(*media_type);
            quote! {
                #[doc = #text]
                pub fn #name(self) -> Self {
                    self.content_type(#media_type)
                }
            }
        }
    }
}

fn operation(operation: &Operation) -> TokenStream {
    let Operation {
        id,
        method,
        path,
        parameters,
        body,
        security,
        prices,
        idempotent,
        answers_jobs,
        job_name,
        recovery: _,
        paging,
    } = operation;
    let (id, path) = (id.as_str(), path.as_str());
    let method = http_method(*method);
    let parameters = parameters.iter().map(parameter);
    let body = body.iter().map(|media_type| self::media_type(*media_type));
    let security = security.iter().map(|keys| {
        let keys = keys.iter().map(ty::ident);
        quote!(&[#(#keys),*])
    });
    let prices = prices.iter().map(price);
    let jobs = if *answers_jobs {
        quote!(Some(&JOBS))
    } else {
        quote!(None)
    };
    let job_name = ty::name(job_name.as_ref().map(|name| name.as_str()));
    let paging = ty::optional(paging.as_ref().map(self::paging));
    quote! {
        Operation {
            id: #id,
            method: #method,
            path: #path,
            parameters: &[#(#parameters),*],
            body: &[#(#body),*],
            security: &[#(#security),*],
            prices: &[#(#prices),*],
            idempotent: #idempotent,
            jobs: #jobs,
            job_name: #job_name,
            paging: #paging,
        }
    }
}

fn paging(paging: &Paging) -> TokenStream {
    let Paging {
        page,
        size,
        results,
        next,
    } = paging;
    let (page, size) = (page.as_str(), size.as_str());
    let (results, next) = (
        ty::name(results.as_ref().map(|name| name.as_str())),
        ty::name(next.as_ref().map(|name| name.as_str())),
    );
    quote! {
        Paging {
            page: #page,
            size: #size,
            results: #results,
            next: #next,
        }
    }
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let name = parameter.rule.wire.as_str();
    let base = match parameter.location {
        Location::Path => quote!(Parameter::path(#name)),
        Location::Query => quote!(Parameter::query(#name)),
        Location::Header => quote!(Parameter::header(#name)),
    };
    let style = parameter.style.map(|style| {
        let style = match style {
            Style::Simple => quote!(Simple),
            Style::Form => quote!(Form),
            Style::SpaceDelimited => quote!(SpaceDelimited),
            Style::PipeDelimited => quote!(PipeDelimited),
            Style::DeepObject => quote!(DeepObject),
        };
        quote!(.style(Style::#style))
    });
    let explode = parameter.explode.map(|explode| quote!(.explode(#explode)));
    let limited = !parameter.rule.checks.is_empty() || parameter.rule.nested.is_some();
    let rule = limited.then(|| {
        let rule = rule::rule(&parameter.rule);
        quote!(.rule(#rule))
    });
    quote!(#base #style #explode #rule)
}

fn price(price: &Price) -> TokenStream {
    let credits = Literal::f64_unsuffixed(price.credits);
    let per_seconds = price.per_seconds.map(|seconds| {
        let seconds = Literal::u32_unsuffixed(seconds);
        quote!(.per_seconds(#seconds))
    });
    let when = price.when.as_ref().map(|(property, value)| {
        let (property, value) = (property.as_str(), value.as_str());
        quote!(.when(#property, #value))
    });
    let default = price.default.then(|| quote!(.by_default()));
    quote!(Price::new(#credits)#per_seconds #when #default)
}

fn media_type(media_type: MediaType) -> TokenStream {
    match media_type {
        MediaType::Json => quote!(MediaType::Json),
        MediaType::Form => quote!(MediaType::Form),
        MediaType::Multipart => quote!(MediaType::Multipart),
    }
}

fn http_method(method: HttpMethod) -> TokenStream {
    match method {
        HttpMethod::Get => quote!(Method::Get),
        HttpMethod::Put => quote!(Method::Put),
        HttpMethod::Post => quote!(Method::Post),
        HttpMethod::Delete => quote!(Method::Delete),
        HttpMethod::Options => quote!(Method::Options),
        HttpMethod::Head => quote!(Method::Head),
        HttpMethod::Patch => quote!(Method::Patch),
        HttpMethod::Trace => quote!(Method::Trace),
    }
}
