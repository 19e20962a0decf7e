//! The parts of a Markdown file that a reader types. In: its text. Out: blocks of commands and of code, and the commands that stand
//! in sentences, in their order. Runs nothing.

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A fenced block of commands.
    Console,
    /// A fenced block of Rust.
    Rust,
    /// A fenced block of something else.
    Other,
    /// Code in a sentence.
    Inline,
}

/// A part of a file.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// The line where it begins, from 1.
    pub(crate) line: usize,
    /// What a fence says besides the language, such as `no_run`.
    pub(crate) attributes: String,
    /// Its lines, each with its line end.
    pub(crate) text: String,
}

impl Block {
    /// The commands in it, without comments.
    pub(crate) fn commands(&self) -> Vec<String> {
        match self.kind {
            Kind::Console => {
                let lines = self.text.lines().map(without_comment);
                lines.filter(|line| !line.is_empty()).collect()
            }
            Kind::Inline if self.text.starts_with("cargo ") => vec![self.text.clone()],
            Kind::Inline | Kind::Rust | Kind::Other => Vec::new(),
        }
    }
}

fn without_comment(line: &str) -> String {
    let command = line.split_once(" # ").map_or(line, |(command, _)| command);
    command.trim().to_owned()
}

/// The parts of a file.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut fence: Option<Block> = None;
    for (index, line) in text.lines().enumerate() {
        let opening = line.trim_start().strip_prefix("```");
        match (&mut fence, opening) {
            (Some(_), Some(_)) => found.extend(fence.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(language)) => {
                fence = Some(Block {
                    kind: kind(language),
                    line: index + 1,
                    attributes: language.to_owned(),
                    text: String::new(),
                });
            }
            (None, None) => {
                // Every second part between backticks is code.
                let inline = line.split('`').skip(1).step_by(2);
                found.extend(inline.map(|code| Block {
                    kind: Kind::Inline,
                    line: index + 1,
                    attributes: String::new(),
                    text: code.replace(r"\|", "|"),
                }));
            }
        }
    }
    found
}

fn kind(language: &str) -> Kind {
    match language.split(',').next().unwrap_or_default().trim() {
        "console" | "sh" | "shell" | "bash" => Kind::Console,
        "rust" => Kind::Rust,
        _ => Kind::Other,
    }
}
