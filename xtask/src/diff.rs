//! Compares two documents. In: files or git revisions. Out: a report in one of six formats, and whether it lets a change
//! pass. Knows the clock, which `codegen` does not.

use crate::git::{self, Document};
use crate::workspace::{BUNDLE, SPEC};
use crate::{Fault, version};
use clap::ValueEnum;
use codegen::diff::print::{self, Look};
use codegen::diff::{self, Bump, Date, Level, Mirror, Policy, Review, Rule, Side};
use codegen::{Diagnostics, Spec};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What is compared, and how it is shown.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The old document: a file, a git revision (its spec/openapi.yaml), or REVISION:PATH
    #[arg(required_unless_present_any = ["explain", "rules"])]
    base: Option<String>,
    /// The new document, named in the same ways [default: spec/openapi.yaml as it is on disk]
    head: Option<String>,
    /// What is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The least finding that is not accepted and makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Breaking)]
    fail_on: FailOn,
    /// Where to write it, in place of the standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The accepted changes and the levels of rules [default: spec/accepted-changes.yaml]
    #[arg(long, value_name = "FILE")]
    accepted: Option<PathBuf>,
    /// The day on which accepted changes and announced removals are judged, as YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// Exit with 1 when the version of creatify-api in the work tree is not raised enough since BASE, a revision
    #[arg(long)]
    check_version: bool,
    /// Say what a rule reports, and why it has its level
    #[arg(long, value_name = "RULE", exclusive = true)]
    explain: Option<String>,
    /// List all rules
    #[arg(long, exclusive = true)]
    rules: bool,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a comment or a job summary on GitHub
    Markdown,
    /// For programs; spec/README.md describes it
    Json,
    /// Annotations of a pull request
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// One page for a browser
    Html,
}

/// From which level on a finding is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// What breaks callers
    Breaking,
    /// That, and what a person has to look at
    Warning,
    /// Every change
    Any,
    /// Nothing
    None,
}

/// The accepted changes.
const ACCEPTED: &str = "spec/accepted-changes.yaml";

/// Compares, or explains the catalogue.
pub(crate) fn diff(
    root: &Path,
    arguments: &Arguments,
    look: Look,
    out: &mut dyn Write,
) -> Result<(), Fault> {
    if let Some(id) = &arguments.explain {
        return explain(id, out);
    }
    if arguments.rules {
        for Rule {
            id, level, meaning, ..
        } in diff::rules()
        {
            writeln!(out, "{level:<8} {id}: {meaning}", level = level.to_string())?;
        }
        return Ok(());
    }
    let base = git::document(root, arguments.base.as_deref().unwrap_or_default())?;
    let head = match &arguments.head {
        Some(head) => git::document(root, head)?,
        None => git::work_tree(root)?,
    };
    let day = day(arguments.date.as_deref())?;
    let review = review(root, (&base, &head), arguments.accepted.as_deref(), day)?;
    let look = if arguments.output.is_some() {
        Look::Plain
    } else {
        look
    };
    let text = match arguments.format {
        Format::Text => print::text(&review, look),
        Format::Markdown => print::markdown(&review),
        Format::Json => print::json(&review),
        Format::Github => print::github(&review, &head.file),
        Format::Sarif => print::sarif(&review, &head.file),
        Format::Html => print::html(&review),
    };
    match &arguments.output {
        Some(path) => fs::write(path, text)
            .map_err(|error| Fault::Failed(format!("{}: {error}", path.display())))?,
        None => write!(out, "{text}")?,
    }
    verdict(root, arguments, &base, &review)
}

/// Reads both documents, judges them, and applies the accepted changes.
pub(crate) fn review(
    root: &Path,
    (base, head): (&Document, &Document),
    accepted: Option<&Path>,
    day: Date,
) -> Result<Review, Fault> {
    let (old, new) = sides(base, head)?;
    let policy = policy(root, accepted)?;
    let mut review = diff::review(diff::judge(&old, &new, day), &policy, day);
    if let Some(commit) = &base.commit {
        review.released = version::at(root, commit)?;
    }
    Ok(review)
}

/// Both documents, or the complaints about both.
fn sides(base: &Document, head: &Document) -> Result<(Side, Side), Diagnostics> {
    match (
        Side::read(&base.name, &base.text),
        Side::read(&head.name, &head.text),
    ) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (Err(mut complaints), Err(others)) => {
            complaints.append(others);
            Err(complaints)
        }
        (Err(complaints), Ok(_)) | (Ok(_), Err(complaints)) => Err(complaints),
    }
}

fn policy(root: &Path, named: Option<&Path>) -> Result<Policy, Fault> {
    let (path, name) = match named {
        Some(path) => (path.to_owned(), path.display().to_string()),
        None => (root.join(ACCEPTED), ACCEPTED.to_owned()),
    };
    // Nobody has to have a list; who names one means it.
    if named.is_none() && !path.exists() {
        return Ok(Policy::default());
    }
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Policy::read(&Spec::new(name, text))?),
        Err(error) => {
            let help = "a list of accepted changes is YAML; spec/README.md describes it";
            Err(Fault::Refused(format!(
                "{name}: error: cannot read this file: {error}\n  help: {help}"
            )))
        }
    }
}

/// The day that somebody named, or this one.
fn day(named: Option<&str>) -> Result<Date, Fault> {
    let Some(named) = named else {
        return Ok(today());
    };
    diff::day(named).ok_or_else(|| {
        let help = "write a day as 2027-01-31";
        Fault::Refused(format!(
            "--date: error: `{named}` is no day\n  help: {help}"
        ))
    })
}

pub(crate) fn today() -> Date {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    diff::day_since_1970(since.as_secs() / (24 * 60 * 60))
}

/// Whether the change may pass.
fn verdict(
    root: &Path,
    arguments: &Arguments,
    base: &Document,
    review: &Review,
) -> Result<(), Fault> {
    let (least, what) = match arguments.fail_on {
        FailOn::Breaking => (Some(Level::Breaking), "breaking"),
        FailOn::Warning => (Some(Level::Warning), "breaking, or need a look,"),
        FailOn::Any => (Some(Level::Info), "changes"),
        FailOn::None => (None, ""),
    };
    let mut failures = Vec::new();
    let count = least.map_or(0, |level| review.pending(level));
    if count > 0 {
        let findings = if count == 1 {
            "finding is"
        } else {
            "findings are"
        };
        failures.push(format!(
            "{count} {findings} {what} and not accepted\n  help: if that is meant, add the rule and the pointer \
             (`--format json` shows them) to {ACCEPTED}, with a reason and a last day"
        ));
    }
    if arguments.check_version {
        failures.extend(version_too_low(root, base, review)?);
    }
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Fault::Failed(failures.join("\n"))),
    }
}

/// What is wrong with the version in the work tree.
fn version_too_low(root: &Path, base: &Document, review: &Review) -> Result<Option<String>, Fault> {
    let cannot = |why: &str| {
        Err(Fault::Refused(format!(
            "--check-version: error: cannot check the version: {why}"
        )))
    };
    if base.commit.is_none() {
        return cannot("BASE is a file; name a git revision");
    }
    let Some(old) = &review.released else {
        return cannot("the manifest of creatify-api at BASE states none");
    };
    let Some(new) = version::in_work_tree(root)? else {
        return cannot("the manifest of creatify-api in the work tree states none");
    };
    let Some(bump) = review.krate else {
        return cannot("no client can be planned from one of the documents");
    };
    if new.suffices(old, bump) {
        return Ok(None);
    }
    let least = match bump {
        Bump::None => old.clone(),
        Bump::Patch | Bump::Minor | Bump::Major => old.raised(bump),
    };
    Ok(Some(format!(
        "creatify-api is {new} and was {old} at {base}: after a {bump} change it has to be {least} at least\n  \
         help: raise `version` in Cargo.toml",
        base = base.name.trim_end_matches(&format!(":{SPEC}/{BUNDLE}")),
    )))
}

fn explain(id: &str, out: &mut dyn Write) -> Result<(), Fault> {
    let Some(rule) = diff::find(id) else {
        let help = match diff::nearest_rule(id) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`cargo xtask diff --rules` lists all".to_owned(),
        };
        return Err(Fault::Refused(format!(
            "error: there is no rule `{id}`\n  help: {help}"
        )));
    };
    let Rule {
        id,
        level,
        direction,
        meaning,
        rationale,
        mirror,
    } = rule;
    writeln!(out, "{id}\n")?;
    writeln!(out, "  meaning    {meaning}")?;
    writeln!(out, "  level      {level}: {rationale}")?;
    match direction {
        Some(direction) => writeln!(out, "  direction  {direction}")?,
        None => writeln!(out, "  direction  none")?,
    }
    match mirror {
        Mirror::Of(mirror) => writeln!(
            out,
            "  mirror     {mirror} judges the same edit in the other direction"
        )?,
        Mirror::Waived(reason) => writeln!(out, "  mirror     none: {reason}")?,
    }
    Ok(())
}
