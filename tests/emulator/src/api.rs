//! The document, ready to serve. In: its text. Out: routes, contracts, and what each operation
//! does with records. Knows no requests yet.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::check::Check;
use super::form;
use super::job::{Stage, Statuses};
use super::record::Shape;
use super::request::Contract;
use super::spec::{self, Operation, ParameterLocation, Spec};
use super::synthesis::Synthesis;
use super::translate::Direction;

#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) spec: Spec,
    /// One for each operation, in the same order.
    pub(crate) plans: Vec<Plan>,
    pub(crate) resources: Vec<Resource>,
    /// Paths by the number of their parts, those with fewer variables first.
    routes: BTreeMap<usize, Vec<Route>>,
    pub(crate) seed: u64,
    /// Where files are served from.
    pub(crate) media: String,
}

/// Everything that one tag is about.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) tag: String,
    /// None when its records are no jobs.
    pub(crate) statuses: Option<Statuses>,
}

/// What is done for an operation.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) action: Action,
    pub(crate) resource: u32,
    pub(crate) contract: Contract,
    pub(crate) response: Option<Check>,
    /// How one record looks in the response.
    pub(crate) shape: Shape,
    /// The schema of one record, flattened.
    pub(crate) item: Value,
    /// What the service takes for members that are not sent.
    pub(crate) defaults: Map<String, Value>,
    /// The path parameter that names a record.
    pub(crate) key: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Makes a record, a job where the resource has a lifecycle.
    Create(Stage),
    /// Goes on with a job.
    Continue(Stage),
    Retrieve,
    /// A whole array.
    List,
    /// An object with `results`.
    Page,
    /// Changes members of a record.
    Update,
    Delete,
    /// A value that is no record.
    Compute,
}

#[derive(Debug)]
struct Route {
    parts: Vec<Part>,
    /// Operations by method.
    methods: BTreeMap<String, usize>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Word(String),
    Variable(String),
}

/// Where a path leads.
#[derive(Debug)]
pub(crate) enum Target {
    Operation(usize, Vec<(String, String)>),
    /// The path is known, the method is not; these are.
    WrongMethod(String),
    /// The path would be known with a slash at its end.
    MissingSlash,
    Unknown,
}

impl Api {
    pub(crate) fn read(text: &str, seed: u64, media: String) -> Result<Self, String> {
        let spec = spec::read(text)?;
        let mut api = Self {
            plans: Vec::new(),
            resources: Vec::new(),
            routes: BTreeMap::new(),
            seed,
            media,
            spec,
        };
        for index in 0..api.spec.operations.len() {
            let plan = api.plan(index)?;
            api.plans.push(plan);
            api.add_route(index);
        }
        for routes in api.routes.values_mut() {
            routes.sort_by(|left, right| left.parts.cmp(&right.parts));
        }
        Ok(api)
    }

    pub(crate) fn synthesis(&self) -> Synthesis<'_> {
        Synthesis {
            schemas: &self.spec.schemas,
            seed: self.seed,
            media: &self.media,
        }
    }

    pub(crate) fn statuses(&self, resource: u32) -> Option<&Statuses> {
        self.resources.get(resource as usize)?.statuses.as_ref()
    }

    fn plan(&mut self, index: usize) -> Result<Plan, String> {
        let resource = self.resource(index);
        let operation = &self.spec.operations[index];
        let schemas = &self.spec.schemas;
        let complain = |error: String| format!("{}: {error}", operation.id);
        let flat = schemas.flat(operation.response.as_ref().unwrap_or(&Value::Null));
        let action = action(operation, &flat, &self.spec);
        let item = match action {
            Action::List => schemas.flat(&flat["items"]),
            Action::Page => schemas.flat(&flat["properties"]["results"]["items"]),
            _ => flat,
        };
        let response = operation.response.as_ref();
        let response = response.map(|schema| Check::compile(schemas, schema, Direction::Response));
        let statuses = self.statuses(resource);
        let place = &self.resources[resource as usize].tag;
        let variables = operation.parameters.iter();
        let mut variables =
            variables.filter(|parameter| parameter.location == ParameterLocation::Path);
        Ok(Plan {
            action,
            resource,
            contract: Contract::compile(operation, schemas).map_err(complain)?,
            response: response.transpose().map_err(complain)?,
            shape: Shape::read(&item, statuses, self.synthesis(), place).map_err(complain)?,
            defaults: defaults(operation, &self.spec),
            key: variables.next().map(|parameter| parameter.name.clone()),
            item,
        })
    }

    fn resource(&mut self, index: usize) -> u32 {
        let tag = &self.spec.operations[index].tag;
        let known = self.resources.iter().position(|known| known.tag == *tag);
        let known = known.unwrap_or_else(|| {
            let statuses = self.spec.lifecycles.get(tag).map(|lifecycle| Statuses {
                lifecycle: lifecycle.clone(),
                open: open(&self.spec, tag),
            });
            let tag = tag.clone();
            self.resources.push(Resource { tag, statuses });
            self.resources.len() - 1
        });
        known as u32
    }

    fn add_route(&mut self, index: usize) {
        let operation = &self.spec.operations[index];
        let parts: Vec<_> = operation.path.split('/').map(part).collect();
        let routes = self.routes.entry(parts.len()).or_default();
        let known = routes.iter().position(|route| route.parts == parts);
        let known = known.unwrap_or_else(|| {
            let methods = BTreeMap::new();
            routes.push(Route { parts, methods });
            routes.len() - 1
        });
        routes[known]
            .methods
            .insert(operation.method.clone(), index);
    }

    /// Looks a path up.
    pub(crate) fn route(&self, method: &str, path: &str) -> Target {
        if let Some((route, values)) = self.find(path) {
            return match route.methods.get(method) {
                Some(index) => Target::Operation(*index, values),
                None => {
                    let known: Vec<_> = route.methods.keys().map(String::as_str).collect();
                    Target::WrongMethod(known.join(", "))
                }
            };
        }
        match !path.ends_with('/') && self.find(&format!("{path}/")).is_some() {
            true => Target::MissingSlash,
            false => Target::Unknown,
        }
    }

    fn find(&self, path: &str) -> Option<(&Route, Vec<(String, String)>)> {
        let parts: Vec<_> = path.split('/').collect();
        let mut routes = self.routes.get(&parts.len())?.iter();
        let route = routes.find(|route| {
            let mut pairs = route.parts.iter().zip(&parts);
            pairs.all(|(part, text)| match part {
                Part::Word(word) => *word == form::decode_path(text),
                Part::Variable(_) => !text.is_empty(),
            })
        })?;
        let values = route
            .parts
            .iter()
            .zip(parts)
            .filter_map(|(part, text)| match part {
                Part::Word(_) => None,
                Part::Variable(name) => Some((name.clone(), text.to_owned())),
            });
        Some((route, values.collect()))
    }
}

fn part(text: &str) -> Part {
    match text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
    {
        Some(name) => Part::Variable(name.to_owned()),
        None => Part::Word(text.to_owned()),
    }
}

fn action(operation: &Operation, flat: &Value, spec: &Spec) -> Action {
    let last = operation.path.trim_end_matches('/').rsplit('/').next();
    let names_record = last.is_some_and(|last| last.starts_with('{'));
    let has_variable = operation.path.contains('{');
    let stage = Stage::of(&operation.path);
    let lifecycle = spec.lifecycles.get(&operation.tag);
    let starts = lifecycle.is_some_and(|lifecycle| lifecycle.started_by.contains(&operation.id));
    match operation.method.as_str() {
        "POST" if starts && has_variable => Action::Continue(stage),
        "POST" if starts => Action::Create(stage),
        "POST" if has_variable => Action::Update,
        "POST" => Action::Create(Stage::Create),
        "PUT" | "PATCH" => Action::Update,
        "DELETE" => Action::Delete,
        "GET" if names_record => Action::Retrieve,
        "GET" if flat["type"] == "array" => Action::List,
        "GET" if flat["properties"]["results"].is_object() => Action::Page,
        _ => Action::Compute,
    }
}

/// The statuses of a resource that are not final, in document order.
fn open(spec: &Spec, tag: &str) -> Vec<String> {
    let lifecycle = &spec.lifecycles[tag];
    let operations = spec.operations.iter();
    let mut lists = operations
        .filter(|operation| operation.tag == tag)
        .filter_map(|operation| {
            let flat = spec.schemas.flat(operation.response.as_ref()?);
            let status = spec.schemas.flat(&flat["properties"][&lifecycle.status]);
            let values = status["enum"]
                .as_array()
                .or(status["x-known-values"].as_array());
            let names = values?.iter().filter_map(Value::as_str).map(str::to_owned);
            Some(names.collect::<Vec<_>>())
        });
    let names = lists.next().unwrap_or_default();
    let is_final = |name: &String| *name == lifecycle.success || lifecycle.failures.contains(name);
    names.into_iter().filter(|name| !is_final(name)).collect()
}

fn defaults(operation: &Operation, spec: &Spec) -> Map<String, Value> {
    let mut defaults = Map::new();
    let Some((_, schema)) = operation
        .body
        .as_ref()
        .and_then(|body| body.contents.first())
    else {
        return defaults;
    };
    let flat = spec.schemas.flat(schema);
    for (name, property) in flat["properties"].as_object().into_iter().flatten() {
        let property = spec.schemas.flat(property);
        let default = property.get("default").filter(|default| !default.is_null());
        if let (Some(default), false) = (default, property["readOnly"] == true) {
            defaults.insert(name.clone(), default.clone());
        }
    }
    defaults
}
