//! Decides every Rust name and type. In: an [`Api`]. Out: a [`Crate`]. Knows no document and no tokens.

mod contents;
mod cycles;
mod docs;
mod methods;
mod names;
mod rules;
mod samples;
mod types;
mod usage;

use crate::api::{self, Api};
use crate::diagnostic::Diagnostics;
use crate::krate::{Crate, Key};
use crate::pointer::Pointer;
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
    let types = planner.types();
    let resources = planner.resources(&types);
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
        if !server.url.starts_with("https://") && !server.url.starts_with("http://") {
            let message = format!("the server `{}` is no absolute URL", server.url);
            self.diagnostics.push(
                &server.at.key("url"),
                message,
                "write it with `https://` in spec/overlay.yaml",
            );
        }
        Some(server.url.trim_end_matches('/').to_owned())
    }

    fn keys(&mut self) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        for scheme in &self.api.security_schemes {
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
            if keys.iter().any(|key| key.constant == constant) {
                let help = "rename it in spec/overlay.yaml";
                self.diagnostics.push(
                    at,
                    format!(
                        "two security schemes would be called `{}`",
                        constant.as_str()
                    ),
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
