//! Decides every Rust name and type. In: an [`Api`]. Out: a [`Crate`]. Knows no document and no tokens.

mod contents;
mod cycles;
mod docs;
mod examples;
mod fields;
mod methods;
mod names;
mod paging;
mod recovery;
mod rules;
mod samples;
mod types;
mod usage;
mod uses;
mod waiting;

use crate::api::{self, Api};
use crate::diagnostic::Diagnostics;
use crate::krate::{Crate, Key};
use crate::pointer::Pointer;
use crate::wire::WireName;
use std::collections::BTreeSet;
use usage::Usage;

/// API to crate. `file` is what complaints call the document.
pub fn krate(api: &Api, file: &str) -> Result<Crate, Diagnostics> {
    let mut planner = Planner {
        api,
        usage: usage::find(api),
        diagnostics: Diagnostics::new(file),
    };
    let base_url = planner.base_url();
    let keys = planner.keys();
    let mut types = planner.types();
    let resources = planner.resources(&types);
    uses::describe(&mut types, &resources);
    let krate = Crate {
        docs: docs::krate(api),
        base_url,
        keys,
        resources,
        types,
    };
    planner.diagnostics.or(krate)
}

/// What all parts of this step share.
struct Planner<'a> {
    api: &'a Api,
    usage: Usage<'a>,
    diagnostics: Diagnostics,
}

impl Planner<'_> {
    fn base_url(&mut self) -> Option<String> {
        let at = Pointer::root().key("servers");
        let Some(server) = self.api.servers.first() else {
            let help = "add the server in spec/overlay.yaml: `servers: [{url: https://…}]`";
            self.diagnostics.push(
                &at,
                "the document names no server, so calls would go nowhere",
                help,
            );
            return None;
        };
        let rest = server
            .url
            .strip_prefix("https://")
            .or_else(|| server.url.strip_prefix("http://"));
        let host = rest
            .and_then(|rest| rest.split('/').next())
            .unwrap_or_default();
        if host.is_empty() || server.url.contains(['?', '#', ' ']) {
            let message = format!("the server `{}` is no absolute URL", server.url);
            let help = "write it as `https://host/path`, without a query, in spec/overlay.yaml";
            self.diagnostics.push(&server.at.key("url"), message, help);
        }
        Some(server.url.trim_end_matches('/').to_owned())
    }

    fn keys(&mut self) -> Vec<Key> {
        let operations = self
            .api
            .resources
            .iter()
            .flat_map(|resource| &resource.operations);
        let used: BTreeSet<&WireName> = operations
            .flat_map(|operation| operation.security.iter().flatten())
            .collect();
        let mut keys: Vec<Key> = Vec::new();
        for scheme in self
            .api
            .security_schemes
            .iter()
            .filter(|scheme| used.contains(&scheme.name))
        {
            let api::SecurityScheme {
                at,
                name,
                header,
                description: _,
            } = scheme;
            let Some(constant) = names::constant(name.as_str()) else {
                let help = "rename it in spec/overlay.yaml";
                self.diagnostics.push(
                    at,
                    format!("the security scheme `{name}` gives no Rust name"),
                    help,
                );
                continue;
            };
            // The address of the server is a constant of the same file.
            if constant.as_str() == "DEFAULT_BASE_URL"
                || keys.iter().any(|key| key.constant == constant)
            {
                let help = "rename it in spec/overlay.yaml";
                self.diagnostics.push(
                    at,
                    format!("two constants would be called `{}`", constant.as_str()),
                    help,
                );
            }
            keys.push(Key {
                at: at.clone(),
                constant,
                header: header.clone(),
                docs: docs::key(scheme),
            });
        }
        keys
    }
}
