//! Prints the code of examples. In: a planned call. Out: lines of Rust for a doc comment.

use crate::krate::{Example, ExampleCall, Ident, Sample};
use std::collections::BTreeSet;

/// The lines between the fences of an example. Those that begin with `# ` are hidden by rustdoc.
pub(super) fn lines(example: &Example) -> Vec<String> {
    let (call, statements) = match example {
        Example::Answer(call) => (
            call,
            statement("let answer = ", call) + "println!(\"{answer:?}\");\n",
        ),
        Example::Silent(call) => (call, statement("", call)),
        Example::Job { start, id, output } => (start, job(start, id, output)),
    };
    let (mut types, mut others) = (BTreeSet::new(), BTreeSet::new());
    for argument in &call.arguments {
        imports(argument, &mut types, &mut others);
    }
    let mut code = String::from(
        "# async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {\n",
    );
    code.push_str(&use_item("creatify_api", &others));
    code.push_str(&use_item("creatify_api::types", &types));
    if !others.is_empty() || !types.is_empty() {
        code.push('\n');
    }
    code.push_str(&statements);
    code.push_str("# Ok(())\n# }");
    code.lines().map(str::to_owned).collect()
}

/// `let answer = client.resource().method(arguments).await?;`
fn statement(prefix: &str, call: &ExampleCall) -> String {
    let ExampleCall {
        resource,
        method,
        arguments,
    } = call;
    let arguments = arguments
        .iter()
        .map(|argument| source(argument, false))
        .collect();
    let name = format!("client.{}().{}", resource.as_str(), method.as_str());
    let call = Source::Call(name, arguments);
    let around = prefix.len() + ".await?;".len();
    format!("{prefix}{}.await?;\n", call.print(0, around))
}

/// A call that starts a job, and its end.
fn job(start: &ExampleCall, id: &Ident, output: &Ident) -> String {
    let (resource, id, output) = (start.resource.as_str(), id.as_str(), output.as_str());
    let start = statement("let job = ", start);
    format!(
        "{start}let job = client.{resource}().wait(job.{id}).await?;\nprintln!(\"{{:?}}\", job.{output});\n"
    )
}

/// An expression that can be printed in one line or over several.
enum Source {
    /// Something short.
    Plain(String),
    /// `name(arguments)`
    Call(String, Vec<Source>),
    /// `prefix[items]`
    List(&'static str, Vec<Source>),
    /// `value.setter(argument)`, and so on.
    Chain(Box<Source>, Vec<(String, Source)>),
    /// `&value`
    Borrowed(Box<Source>),
}

/// The widest line of an example.
const WIDTH: usize = 88;

impl Source {
    fn flat(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Call(name, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(Self::flat).collect();
                format!("{name}({})", arguments.join(", "))
            }
            Self::List(prefix, items) => {
                let items: Vec<String> = items.iter().map(Self::flat).collect();
                format!("{prefix}[{}]", items.join(", "))
            }
            Self::Chain(value, setters) => {
                let setters = setters
                    .iter()
                    .map(|(name, argument)| format!(".{name}({})", argument.flat()));
                setters.fold(value.flat(), |text, setter| text + &setter)
            }
            Self::Borrowed(inner) => format!("&{}", inner.flat()),
        }
    }

    /// Prints the expression at an indentation, with `around` more characters on its first line.
    fn print(&self, indent: usize, around: usize) -> String {
        let flat = self.flat();
        if indent + around + flat.len() <= WIDTH {
            return flat;
        }
        let (inner, outer) = (" ".repeat(indent + 4), " ".repeat(indent));
        match self {
            Self::Plain(_) => flat,
            // A single argument that breaks on its own stays on the line of its call.
            Self::Call(name, arguments) => match arguments.as_slice() {
                [only @ (Self::Borrowed(_) | Self::List(..))] if !only.is_chain() => {
                    format!("{name}({})", only.print(indent, around + name.len() + 2))
                }
                several => format!("{name}(\n{}{outer})", Self::lines(several, indent)),
            },
            Self::List(prefix, items) => match items.as_slice() {
                [only] if !only.is_chain() => {
                    let only = only.print(indent, around + prefix.len() + 2);
                    format!("{prefix}[{only}]")
                }
                several => format!("{prefix}[\n{}{outer}]", Self::lines(several, indent)),
            },
            Self::Chain(value, setters) => {
                let setters = setters.iter().map(|(name, argument)| {
                    let argument = argument.print(indent + 4, name.len() + 3);
                    format!("\n{inner}.{name}({argument})")
                });
                setters.fold(value.print(indent, around), |text, setter| text + &setter)
            }
            Self::Borrowed(value) => format!("&{}", value.print(indent, around + 1)),
        }
    }

    /// One expression a line.
    fn lines(sources: &[Self], indent: usize) -> String {
        let inner = " ".repeat(indent + 4);
        let lines = sources
            .iter()
            .map(|source| format!("{inner}{},\n", source.print(indent + 4, 1)));
        lines.collect()
    }

    /// Whether it begins with a chain, which has a line of its own when it does not fit.
    fn is_chain(&self) -> bool {
        match self {
            Self::Chain(..) => true,
            Self::Borrowed(inner) => inner.is_chain(),
            Self::Plain(_) | Self::Call(..) | Self::List(..) => false,
        }
    }
}

fn use_item(path: &str, names: &BTreeSet<String>) -> String {
    let list: Vec<&str> = names.iter().map(String::as_str).collect();
    match list.as_slice() {
        [] => String::new(),
        [only] => format!("use {path}::{only};\n"),
        several => {
            let line = format!("use {path}::{{{}}};\n", several.join(", "));
            if line.len() <= WIDTH {
                return line;
            }
            let mut lines = vec![String::new()];
            for name in several {
                let last = lines.last_mut().map_or(0, |line| line.len());
                if last + name.len() + 6 > WIDTH {
                    lines.push(String::new());
                }
                if let Some(line) = lines.last_mut() {
                    line.push_str(if line.is_empty() { "    " } else { " " });
                    line.push_str(name);
                    line.push(',');
                }
            }
            format!("use {path}::{{\n{}\n}};\n", lines.join("\n"))
        }
    }
}

fn imports(sample: &Sample, types: &mut BTreeSet<String>, others: &mut BTreeSet<String>) {
    match sample {
        Sample::Uuid => {
            others.insert("Uuid".to_owned());
        }
        Sample::Timestamp => {
            others.insert("Timestamp".to_owned());
        }
        Sample::Json => {
            others.insert("Value".to_owned());
        }
        Sample::Variant(name, _) => {
            types.insert(name.as_str().to_owned());
        }
        Sample::New(name, arguments, setters) => {
            types.insert(name.as_str().to_owned());
            let set = setters.iter().map(|(_, value)| value);
            for argument in arguments.iter().chain(set) {
                imports(argument, types, others);
            }
        }
        Sample::List(items) => {
            for item in items {
                imports(item, types, others);
            }
        }
        Sample::Borrowed(inner) | Sample::Some(inner) => imports(inner, types, others),
        Sample::Boolean
        | Sample::Integer(_)
        | Sample::Float(_)
        | Sample::Text(_)
        | Sample::EmptyMap
        | Sample::EmptyList
        | Sample::Null => {}
    }
}

/// `owned`: the place takes exactly the type, not what can become it.
fn source(sample: &Sample, owned: bool) -> Source {
    Source::Plain(match sample {
        Sample::Boolean => "true".to_owned(),
        Sample::Integer(value) => value.to_string(),
        Sample::Float(value) => format!("{value:?}"),
        Sample::Text(text) if owned => format!("{text:?}.to_owned()"),
        Sample::Text(text) => format!("{text:?}"),
        Sample::Uuid => "Uuid::nil()".to_owned(),
        Sample::Timestamp => "Timestamp::default()".to_owned(),
        Sample::Json => "Value::Null".to_owned(),
        Sample::EmptyMap => "Default::default()".to_owned(),
        Sample::EmptyList => "[]".to_owned(),
        Sample::Null => "None".to_owned(),
        Sample::Variant(name, variant) => format!("{}::{}", name.as_str(), variant.as_str()),
        Sample::List(items) => {
            let items = items.iter().map(|item| source(item, true)).collect();
            return Source::List(if owned { "vec!" } else { "" }, items);
        }
        Sample::Some(inner) => return Source::Call("Some".to_owned(), vec![source(inner, true)]),
        Sample::New(name, arguments, setters) => {
            let arguments = arguments
                .iter()
                .map(|argument| source(argument, false))
                .collect();
            let new = Source::Call(format!("{}::new", name.as_str()), arguments);
            if setters.is_empty() {
                return new;
            }
            let setters = setters.iter().map(|(name, value)| {
                // A setter takes what becomes a text, and of everything else the value.
                let owned = !matches!(value, Sample::Text(_));
                (name.as_str().to_owned(), source(value, owned))
            });
            return Source::Chain(Box::new(new), setters.collect());
        }
        Sample::Borrowed(inner) => return Source::Borrowed(Box::new(source(inner, true))),
    })
}
