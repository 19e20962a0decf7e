//! Takes the fragment out of a saved documentation page. In: Markdown or YAML. Out: a fragment and the file name it
//! deserves. Knows no files.

use crate::action;
use crate::diagnostic::{Diagnostics, Spec};
use crate::pointer::Pointer;
use crate::yaml;
use serde_json::Value;

/// The fragment of one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The file in `spec/upstream`, named after the tag and what the operation does.
    pub file_name: String,
    /// The document as published; only the line ends are ours.
    pub text: String,
    /// The operations that it describes.
    pub operations: Vec<Operation>,
    /// The page's address, when the document states it.
    pub address: Option<String>,
}

/// A method of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// In lower case.
    pub method: String,
    /// The template, with its trailing slash.
    pub path: String,
}

/// Takes the fragment out of a page: Markdown with one fenced OpenAPI document, or the document itself as YAML or JSON.
///
/// # Errors
/// No document or several; a document without a tagged operation; an info string that names another operation.
pub fn fragment(page: &Spec) -> Result<Fragment, Diagnostics> {
    let normalised = Spec::new(&page.name, normalise(&page.text));
    let Document { text, line, info } = document(&normalised)?;
    // Lines are kept before the document, so that complaints about it point into the page.
    let padded = Spec::new(&page.name, "\n".repeat(line) + &text);
    let tree = yaml::read(&padded)?;
    let mut diagnostics = Diagnostics::new(&page.name);
    if tree.get("openapi").is_none() {
        let help = "save the page that has the OpenAPI document, as Markdown or the document alone";
        diagnostics.push(
            &Pointer::root(),
            "this is no OpenAPI document: `openapi` is missing",
            help,
        );
        return Err(diagnostics.located(&padded));
    }
    let operations = operations(&tree);
    if let Some(info) = info {
        check_info(&info, &operations, &mut diagnostics);
    }
    let name = file_name(&tree, &operations, &mut diagnostics);
    let fragment = Fragment {
        file_name: name,
        text,
        address: address(&tree, &operations),
        operations,
    };
    diagnostics.located(&padded).or(fragment)
}

/// The methods of every path of a document.
pub fn operations(tree: &Value) -> Vec<Operation> {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let paths = tree
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let mut found = Vec::new();
    for (path, item) in paths {
        let methods = item.as_object().into_iter().flat_map(|item| item.keys());
        for method in methods.filter(|key| METHODS.contains(&key.as_str())) {
            found.push(Operation {
                method: method.clone(),
                path: path.clone(),
            });
        }
    }
    found
}

/// A document found in a page.
struct Document {
    text: String,
    /// The number of lines before it.
    line: usize,
    /// What stands behind the opening fence.
    info: Option<String>,
}

/// A fenced block of Markdown.
struct Block {
    info: String,
    line: usize,
    text: String,
}

fn normalise(text: &str) -> String {
    let text = text
        .strip_prefix('\u{FEFF}')
        .unwrap_or(text)
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    format!("{}\n", text.trim_end_matches('\n'))
}

fn document(page: &Spec) -> Result<Document, Diagnostics> {
    // A document's own descriptions may hold fenced blocks, so the whole text is looked at first.
    let unfenced = page
        .text
        .lines()
        .take_while(|line| Fence::opening(line).is_none());
    if is_document(&unfenced.collect::<Vec<_>>().join("\n")) {
        return Ok(Document {
            text: page.text.clone(),
            line: 0,
            info: None,
        });
    }
    let blocks: Vec<Block> = blocks(&page.text).into_iter().filter(is_openapi).collect();
    let mut diagnostics = Diagnostics::new(&page.name);
    match <[Block; 1]>::try_from(blocks) {
        Ok([block]) => Ok(Document {
            text: block.text,
            line: block.line,
            info: Some(block.info),
        }),
        Err(blocks) => {
            let lines: Vec<_> = blocks.iter().map(|block| block.line.to_string()).collect();
            let (message, help) = if blocks.is_empty() {
                let help = "save the page as Markdown with its fenced `yaml` block, or the OpenAPI document alone";
                ("this page has no OpenAPI document".to_owned(), help)
            } else {
                let help = "keep the block of the operation that the page is about";
                (
                    format!(
                        "this page has {} OpenAPI documents, at lines {}",
                        blocks.len(),
                        lines.join(", ")
                    ),
                    help,
                )
            };
            diagnostics.push(&Pointer::root(), message, help);
            Err(diagnostics)
        }
    }
}

fn is_openapi(block: &Block) -> bool {
    let language = block
        .info
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    ["yaml", "yml", "json", ""].contains(&language.as_str()) && is_document(&block.text)
}

/// Whether a text looks like an OpenAPI document; cheap, and true for broken ones too, so that they are complained about.
fn is_document(text: &str) -> bool {
    let is_head = |line: &str| {
        let line = line.trim_start_matches(['{', ' ', '"', '\'']);
        line.strip_prefix("openapi")
            .or_else(|| line.strip_prefix("swagger"))
            .is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    };
    text.lines().any(|line| {
        let indented = line.starts_with(' ') && !text.trim_start().starts_with('{');
        !indented && is_head(line)
    })
}

/// The fenced blocks of a page, with the fence's own indentation taken off their lines.
fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(fence) = Fence::opening(line) else {
            continue;
        };
        let mut block = Block {
            info: fence.info.to_owned(),
            line: number + 1,
            text: String::new(),
        };
        for (_, line) in lines.by_ref() {
            if fence.is_closed_by(line) {
                break;
            }
            let spaces = line.len() - line.trim_start_matches(' ').len();
            block.text.push_str(&line[spaces.min(fence.indent)..]);
            block.text.push('\n');
        }
        found.push(block);
    }
    found
}

/// The opening line of a fenced block (CommonMark 0.31, 4.5), also inside a list or a component's indentation.
struct Fence<'a> {
    indent: usize,
    marker: char,
    length: usize,
    info: &'a str,
}

impl<'a> Fence<'a> {
    fn opening(line: &'a str) -> Option<Self> {
        let body = line.trim_start_matches(' ');
        let marker = body
            .chars()
            .next()
            .filter(|marker| ['`', '~'].contains(marker))?;
        let info = body.trim_start_matches(marker);
        let length = body.len() - info.len();
        let is_fence = length >= 3 && !(marker == '`' && info.contains('`'));
        is_fence.then(|| Self {
            indent: line.len() - body.len(),
            marker,
            length,
            info: info.trim(),
        })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let body = line.trim();
        body.len() >= self.length && body.chars().all(|character| character == self.marker)
    }
}

/// The info string of a page's block ends in the method and the path: `yaml post /api/lipsyncs/{id}/render/`.
fn check_info(info: &str, operations: &[Operation], diagnostics: &mut Diagnostics) {
    let mut words = info
        .split_whitespace()
        .skip_while(|word| !word.starts_with('/'));
    let Some(path) = words.next() else { return };
    let method = info
        .split_whitespace()
        .take_while(|word| *word != path)
        .last()
        .unwrap_or_default();
    let method = method.to_ascii_lowercase();
    if operations
        .iter()
        .any(|operation| operation.method == method && operation.path == path)
    {
        return;
    }
    let message =
        format!("the block is said to describe `{method} {path}`, but its document does not");
    let help = "save the page again: its block and its heading do not belong together";
    diagnostics.push(&Pointer::root().key("paths"), message, help);
}

/// `{tag}_{action}.yaml`
fn file_name(tree: &Value, operations: &[Operation], diagnostics: &mut Diagnostics) -> String {
    let at = Pointer::root().key("paths");
    let Some(first) = operations.first() else {
        diagnostics.push(
            &at,
            "the document has no operation",
            "save the page of an operation",
        );
        return String::new();
    };
    let at = at.key(&first.path).key(&first.method);
    let operation = &tree["paths"][&first.path][&first.method];
    let (Some(id), Some(tag)) = (
        operation["operationId"].as_str(),
        operation["tags"][0].as_str(),
    ) else {
        diagnostics.push(
            &at,
            "the operation has no `operationId` or no tag to name the file after",
            "add both by hand",
        );
        return String::new();
    };
    let action = action::of(tag, id);
    let name = format!("{tag}_{action}");
    // The name becomes a path, and a page could hold anything.
    if !name
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || "_-".contains(character))
    {
        let message = format!("`{name}` is no name for a file");
        diagnostics.push(
            &at,
            message,
            "rename the tag or the operationId to letters, digits and `_`",
        );
    }
    format!("{name}.yaml")
}

/// The address that the first operation's `x-source` holds.
fn address(tree: &Value, operations: &[Operation]) -> Option<String> {
    let first = operations.first()?;
    let source = tree["paths"][&first.path][&first.method]["x-source"].as_str()?;
    let start = source.find("https://")?;
    source[start..].split([' ', ';']).next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "openapi: 3.0.3\npaths:\n  /api/lipsyncs/:\n    post:\n      tags:\n      - lipsyncs\n      \
                        operationId: lipsyncs_create\n";

    fn read(text: &str) -> Result<Fragment, String> {
        fragment(&Spec::new("page.md", text)).map_err(|found| found.to_string())
    }

    fn fenced(info: &str) -> String {
        format!("# Title\n\n````{info}\n{YAML}````\n\nAfter.\n")
    }

    #[track_caller]
    fn gives_the_yaml(page: &str) {
        let fragment = read(page).expect("a fragment");
        assert_eq!(
            (fragment.file_name.as_str(), fragment.text.as_str()),
            ("lipsyncs_create.yaml", YAML)
        );
    }

    #[test]
    fn both_forms_of_a_page_give_the_same_fragment() {
        gives_the_yaml(YAML);
        gives_the_yaml(&fenced("yaml post /api/lipsyncs/"));
        gives_the_yaml(&fenced("yaml POST /api/lipsyncs/").replace('\n', "\r\n"));
        gives_the_yaml(&fenced("yaml").replace('\n', "\n  "));
        gives_the_yaml(&fenced("yaml openapi.json post /api/lipsyncs/").replace("````", "~~~"));
        gives_the_yaml(&format!(
            "```bash\ncurl x\n```\n```yaml\na: 1\n```\n{}",
            fenced("yaml")
        ));
        gives_the_yaml(YAML.trim_end());
    }

    #[test]
    fn a_document_that_quotes_a_document_is_one_document() {
        let quoting = format!(
            "{YAML}      description: |\n        ```yaml\n        openapi: 3.0.3\n        ```\n"
        );
        assert_eq!(read(&quoting).expect("a fragment").text, quoting);
    }

    #[test]
    fn json_is_taken_as_published() {
        let json = "{\n  \"openapi\": \"3.0.3\",\n  \"paths\": {\"/a/\": {\"get\": {\"tags\": [\"a\"], \"operationId\": \"a_list\"}}}\n}\n";
        let fragment = read(json).expect("a fragment");
        assert_eq!(
            (fragment.file_name.as_str(), fragment.text.as_str()),
            ("a_list.yaml", json)
        );
    }

    #[test]
    fn file_names_drop_the_noise() {
        for (tag, id, expected) in [
            (
                "lipsyncs_v2",
                "lipsyncs_v2_render_create",
                "lipsyncs_v2_render.yaml",
            ),
            ("lipsyncs", "lipsyncs_create", "lipsyncs_create.yaml"),
            ("lipsyncs", "lipsyncs_retrieve", "lipsyncs_retrieve.yaml"),
            (
                "personas",
                "personas_paginated_retrieve",
                "personas_paginated.yaml",
            ),
            ("personas", "other_list", "personas_other_list.yaml"),
        ] {
            let page = YAML
                .replace("lipsyncs_create", id)
                .replace("- lipsyncs\n", &format!("- {tag}\n"));
            assert_eq!(read(&page).expect("a fragment").file_name, expected);
        }
    }

    #[test]
    fn other_pages_are_refused() {
        let wrong_slash = fenced("yaml post /api/lipsyncs");
        let twice = fenced("yaml") + &fenced("yaml");
        let unnamed = YAML.replace("lipsyncs_create", "../../x");
        let broken = fenced("yaml").replace("  /api/lipsyncs/:", "  [");
        for (page, message) in [
            (
                "# Title\n\nNothing here.\n",
                "this page has no OpenAPI document",
            ),
            (
                "```yaml\nname: x\nopenapi_url: y\n```\n",
                "this page has no OpenAPI document",
            ),
            (&twice, "this page has 2 OpenAPI documents, at lines 3, 16"),
            (
                &wrong_slash,
                "page.md:5:1: error: the block is said to describe `post /api/lipsyncs`",
            ),
            (
                "openapi: 3.0.3\npaths: {}\n",
                "the document has no operation",
            ),
            (
                "openapi: 3.0.3\npaths: {/a: {get: {operationId: x}}}\n",
                "no `operationId` or no tag",
            ),
            (&unnamed, "is no name for a file"),
            (&broken, "page.md:8:11: error: this is not readable YAML"),
            (
                "swagger: '2.0'\n",
                "this is no OpenAPI document: `openapi` is missing",
            ),
        ] {
            let found = read(page)
                .map(|fragment| fragment.file_name)
                .expect_err("a complaint");
            assert!(found.contains(message), "{message} is not in\n{found}");
        }
    }

    #[test]
    fn the_address_of_the_page_is_found() {
        let page = format!(
            "{YAML}      x-source: fragment x; https://docs.creatify.ai/a.md (list page)\n"
        );
        assert_eq!(
            read(&page).expect("a fragment").address.as_deref(),
            Some("https://docs.creatify.ai/a.md")
        );
    }
}
