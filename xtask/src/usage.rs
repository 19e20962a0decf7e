//! Says which task was called wrongly. In: clap's complaint and the command line. Out: the complaint with the usage of the
//! task that is meant. Knows no task.

use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};
use std::ffi::OsString;

/// Adds the usage where clap shows none, as with values that cannot be read: a message of several builds deep in a log has to
/// name the command that was wrong.
pub(crate) fn named(mut error: Error, command: Command, arguments: &[OsString]) -> Error {
    if error.get(ContextKind::Usage).is_none() {
        let usage = meant(command, arguments).render_usage();
        error.insert(ContextKind::Usage, ContextValue::StyledStr(usage));
    }
    error
}

/// The command that the first words name.
fn meant(mut command: Command, arguments: &[OsString]) -> Command {
    command.build();
    for word in arguments.iter().skip(1) {
        match command.find_subcommand(word) {
            Some(found) => command = found.clone(),
            None => break,
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::value_parser;

    #[test]
    fn every_complaint_names_the_task() {
        let command = || {
            let port = clap::Arg::new("port")
                .long("port")
                .value_parser(value_parser!(u16));
            let inner = Command::new("inner").arg(port);
            Command::new("outer")
                .bin_name("cargo outer")
                .subcommand(inner)
                .subcommand_required(true)
        };
        for (words, usage) in [
            (
                &["outer", "inner", "--port", "70000"][..],
                "cargo outer inner",
            ),
            (&["outer", "inner", "--bad"], "cargo outer inner"),
            (&["outer", "nosuch"], "cargo outer <COMMAND>"),
            (&["outer"], "cargo outer <COMMAND>"),
        ] {
            let arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
            let error = command().try_get_matches_from(&arguments);
            let error = error.expect_err("a command line that is wrong");
            let text = named(error, command(), &arguments).render().to_string();
            assert!(text.contains(&format!("Usage: {usage}")), "{text}");
        }
    }
}
