//! What stands in `.github` and `.ci`. In: these files. Out: what GitHub would refuse, and commands that are none. Runs no
//! workflow: that the tasks do what they should is for their own tests to say.

use crate::scratch::{copy, task, workspace};
use serde_yaml::{Mapping, Value};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use xtask::Outcome;

/// Tasks that hand `--help` on to a program, which would have to be built.
const PROGRAMS: [&str; 3] = ["emulator", "demo", "soak"];

/// The files of a folder of `.github`, by their names, parsed.
fn parsed(folder: &str) -> Vec<(String, Mapping)> {
    let path = workspace().join(".github").join(folder);
    let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut found: Vec<_> = entries
        .map(|entry| {
            let path = entry.expect("an entry of a folder").path();
            let name = path.display().to_string();
            let text = fs::read_to_string(&path).expect("read a file");
            let value = serde_yaml::from_str(&text);
            (
                name.clone(),
                value.unwrap_or_else(|error| panic!("{name}: {error}")),
            )
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

/// The steps of every job, each with the place.
fn steps() -> Vec<(String, Mapping)> {
    let mut found = Vec::new();
    for (file, workflow) in parsed("workflows") {
        let jobs = workflow["jobs"].as_mapping().expect("jobs").clone();
        for (name, job) in jobs {
            let place = format!("{file}: {}", name.as_str().expect("a name"));
            for step in job["steps"].as_sequence().expect("steps") {
                found.push((place.clone(), step.as_mapping().expect("a step").clone()));
            }
        }
    }
    found
}

#[test]
fn workflows_are_what_github_takes_and_may_do_little() {
    for (file, workflow) in parsed("workflows") {
        for key in ["name", "on", "permissions", "jobs"] {
            assert!(workflow.contains_key(key), "{file} has no `{key}`");
        }
        let permissions = workflow["permissions"].as_mapping().expect("permissions");
        let granted: Vec<_> = permissions.iter().collect();
        let read = (&Value::from("contents"), &Value::from("read"));
        assert_eq!(granted, [read], "{file}: reading is all that is needed");
        for (name, job) in workflow["jobs"].as_mapping().expect("jobs") {
            for key in ["runs-on", "timeout-minutes", "steps"] {
                assert!(job.get(key).is_some(), "{file}: {name:?} has no `{key}`");
            }
            if let Some(before) = job.get("needs").and_then(Value::as_str) {
                assert!(workflow["jobs"].get(before).is_some(), "{file}: {before}");
            }
        }
    }
    for (place, step) in steps() {
        let what = (step.get("uses"), step.get("run"));
        match (
            what.0.and_then(Value::as_str),
            what.1.and_then(Value::as_str),
        ) {
            (Some(action), None) => {
                let major = action.split_once("@v").map(|(_, version)| version);
                let pinned = major.is_some_and(|version| version.parse::<u32>().is_ok());
                assert!(
                    pinned,
                    "{place}: `{action}` is not pinned to a major version"
                );
            }
            // What others can write, such as the name of a branch, reaches a shell as a variable, never as a part of the script.
            (None, Some(script)) => assert!(!script.contains("${{"), "{place}: {script}"),
            (Some(_), Some(_)) | (None, None) => panic!("{place}: neither an action nor a script"),
        }
    }
}

#[test]
fn every_task_that_a_workflow_runs_exists_with_its_options() {
    let root = copy("workflows");
    let mut scripts: Vec<(String, String)> = steps()
        .into_iter()
        .filter_map(|(place, step)| Some((place, step.get("run")?.as_str()?.to_owned())))
        .collect();
    let run = fs::read_to_string(workspace().join(".ci/run")).expect("read a file");
    scripts.push((".ci/run".to_owned(), run));
    let mut tasks = BTreeSet::new();
    for (place, script) in &scripts {
        for line in script
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
        {
            let Some((_, command)) = line.split_once("cargo xtask ") else {
                continue;
            };
            let command = command.split(['>', '|', ';']).next().unwrap_or_default();
            let words: Vec<&str> = command
                .split_whitespace()
                .take_while(|word| *word != "&&")
                // All arguments of the script: a call of it may have options, which are looked at below.
                .filter(|word| *word != "\"$@\"")
                .collect();
            is_a_task(&root, place, &words);
            tasks.insert(words[0].to_owned());
        }
        if let Some((_, options)) = script.split_once(".ci/run ") {
            let words: Vec<&str> = ["ci"]
                .into_iter()
                .chain(options.split_whitespace())
                .collect();
            is_a_task(&root, place, &words);
        }
    }
    let expected = ["changelog", "ci", "diff", "soak"].map(str::to_owned);
    assert_eq!(tasks, BTreeSet::from(expected));
}

/// Has the command line read, but nothing run: help comes when all before it was understood.
fn is_a_task(root: &Path, place: &str, words: &[&str]) {
    let arguments: Vec<&str> = match PROGRAMS.contains(&words[0]) {
        true => vec!["help", words[0]],
        false => words.iter().copied().chain(["--help"]).collect(),
    };
    let (outcome, help) = task(root, &arguments);
    assert_eq!(outcome, Outcome::Done, "{place}: cargo xtask {words:?}");
    assert!(help.contains("Usage: cargo xtask"), "{place}: {help}");
}

#[test]
fn forms_for_issues_are_what_github_takes() {
    for (file, form) in parsed("ISSUE_TEMPLATE") {
        if file.ends_with("config.yml") {
            assert!(form["blank_issues_enabled"].is_bool(), "{file}");
            continue;
        }
        for key in ["name", "description"] {
            assert!(form[key].is_string(), "{file} has no `{key}`");
        }
        let mut ids = BTreeSet::new();
        let mut fields = 0;
        for element in form["body"].as_sequence().expect("a body") {
            let attributes = &element["attributes"];
            match element["type"].as_str() {
                Some("markdown") => assert!(attributes["value"].is_string(), "{file}"),
                Some("input" | "textarea" | "dropdown") => {
                    fields += 1;
                    assert!(attributes["label"].is_string(), "{file}: {element:?}");
                    let id = element["id"].as_str().expect("an id").to_owned();
                    assert!(ids.insert(id), "{file}: {element:?}");
                    if element["type"] == "dropdown" {
                        let options = attributes["options"].as_sequence().expect("options");
                        assert!(options.iter().all(Value::is_string), "{file}: {options:?}");
                    }
                }
                other => panic!("{file}: {other:?}"),
            }
        }
        assert!(fields > 0, "{file}: GitHub wants a field");
    }
}

#[test]
fn dependabot_is_told_where_to_look_and_when() {
    let text = fs::read_to_string(workspace().join(".github/dependabot.yml"));
    let rules: Value = serde_yaml::from_str(&text.expect("read a file")).expect("YAML");
    assert_eq!(rules["version"], 2);
    let updates = rules["updates"].as_sequence().expect("updates");
    let ecosystems = updates.iter().map(|update| {
        assert_eq!(update["directory"], "/");
        assert_eq!(update["schedule"]["interval"], "weekly");
        update["package-ecosystem"].as_str().expect("an ecosystem")
    });
    assert_eq!(ecosystems.collect::<Vec<_>>(), ["cargo", "github-actions"]);
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let folder = workspace().join(".github");
    let mut links = 0;
    for document in ["CONTRIBUTING.md", "SECURITY.md", "PULL_REQUEST_TEMPLATE.md"] {
        let text = fs::read_to_string(folder.join(document)).expect("read a document");
        for rest in text.split("](").skip(1) {
            let link = rest.split(')').next().unwrap_or_default();
            assert!(folder.join(link).exists(), "{document}: {link}");
            links += 1;
        }
    }
    assert!(links > 0, "the documents link to nothing");
}
