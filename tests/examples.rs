//! The programs in `creatify-api/examples`, run. In: the programs as cargo builds them. Out: that each does what it says.
//! Knows what a newcomer sees.

use std::path::{Path, PathBuf};
use std::process::Output;

use creatify_emulator::{Emulator, Options};
use tokio::process::Command;

const VIDEO: &[u8] = include_bytes!("emulator/sample.mp4");

/// Builds the programs and gives the path of one. Nothing is built anew where all targets were built with the tests.
async fn example(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    // All examples, as those of one package alone would build what they depend on with other settings.
    build.current_dir(root).args([
        "build",
        "--workspace",
        "--offline",
        "--locked",
        "--message-format=json",
        "--examples",
    ]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    // Build scripts run again when what cargo told this test of its package differs from what they saw.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            build.env_remove(&*name);
        }
    }
    let output = build.output().await.expect("run cargo");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let messages = String::from_utf8(output.stdout).expect("text");
    let messages = messages.lines().map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).expect("JSON from cargo");
        message
    });
    let mut built = messages.filter(|message| {
        message["target"]["name"] == name && message["target"]["kind"][0] == "example"
    });
    let built = built.next_back().expect("a program");
    built["executable"].as_str().expect("its path").into()
}

/// An empty folder to run a program in.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("remove what an earlier run left");
    }
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

async fn demo(folder: &Path, arguments: &[&str], task: Option<&str>) -> Output {
    let mut command = Command::new(example("demo").await);
    command.current_dir(folder).args(arguments);
    match task {
        Some(task) => command.env("XTASK_TASK", task),
        None => command.env_remove("XTASK_TASK"),
    };
    command.output().await.expect("it starts")
}

#[tokio::test]
async fn the_demo_says_what_it_does_while_it_makes_a_video() {
    let folder = folder("demo");
    let output = demo(&folder, &[], None).await;
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    let mut rest = said.as_str();
    for words in [
        "[1/5] Starting",
        "http://127.0.0.1:",
        "[2/5] Making a preview",
        "preview.mp4",
        "[3/5] Rendering",
        "[4/5] Waiting",
        "\n      done\n",
        "[5/5] Downloading",
        "target/demo.mp4",
        "What it cost:",
        "lipsyncs_preview_create",
        "lipsyncs_render_create",
        "total",
        "5 credits",
    ] {
        let at = rest.find(words);
        let at = at.unwrap_or_else(|| panic!("{words:?} is missing or out of order in\n{said}"));
        rest = &rest[at + words.len()..];
    }
    let file = std::fs::read(folder.join("target/demo.mp4")).expect("the video");
    assert_eq!(file, VIDEO);
}

#[tokio::test]
async fn the_demo_puts_its_video_where_it_is_told_to() {
    let folder = folder("demo-elsewhere");
    for (arguments, file) in [
        (&["--output", "a/b.mp4"][..], "a/b.mp4"),
        (&["--output=c.mp4"], "c.mp4"),
    ] {
        let output = demo(&folder, arguments, None).await;
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(std::fs::read(folder.join(file)).expect("a file"), VIDEO);
    }
}

#[tokio::test]
async fn wrong_usage_of_the_demo_ends_with_2_and_names_what_was_called() {
    let folder = folder("demo-usage");
    for (arguments, task, words) in [
        (
            &["--outptu", "x"][..],
            None,
            ["--outptu", "Usage: demo [--output FILE]"],
        ),
        (
            &["--output"],
            Some("cargo xtask demo"),
            ["--output", "Usage: cargo xtask demo [--output FILE]"],
        ),
        (&["--output="], None, ["--output", "Usage: demo"]),
        (&["x.mp4"], None, ["x.mp4", "Usage: demo"]),
    ] {
        let output = demo(&folder, arguments, task).await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        assert!(output.stdout.is_empty(), "nothing was begun");
    }
    let output = demo(&folder, &["--help"], Some("cargo xtask demo")).await;
    let said = text(&output.stdout);
    assert!(
        output.status.success() && said.contains("Usage: cargo xtask demo [--output FILE]"),
        "{said}"
    );
}

#[tokio::test]
async fn the_readmes_program_makes_a_video_on_the_emulator() {
    let options = Options::default().strict().speed(1000.0);
    let emulator = Emulator::start(options).await.expect("an emulator");
    let folder = folder("first-video");
    let mut command = Command::new(example("first_video").await);
    command
        .current_dir(&folder)
        .env("CREATIFY_BASE_URL", emulator.base_url())
        .env("CREATIFY_API_ID", "newcomer")
        .env("CREATIFY_API_KEY", "any");
    let output = command.output().await.expect("it starts");
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}{}", text(&output.stderr));
    assert_eq!(said, format!("video.mp4 has {} bytes\n", VIDEO.len()));
    let file = std::fs::read(folder.join("video.mp4")).expect("the video");
    assert_eq!(file, VIDEO);
    assert_eq!(emulator.state().violations(), []);
    assert_eq!(emulator.state().ledger().len(), 2);
}

/// The programs of the guide, and what each is to have charged, in this order.
const CHAPTERS: &[(&str, &[&str])] = &[
    ("avatar_and_voice", &["lipsyncs_create"]),
    (
        "scenes",
        &["lipsyncs_v2_preview_create", "lipsyncs_v2_render_create"],
    ),
    ("tested_program", &["lipsyncs_create"]),
];

#[tokio::test]
async fn the_programs_of_the_guide_do_what_they_say() {
    // At the same time, as each waits between its polls.
    futures_util::future::join_all(CHAPTERS.iter().map(|(name, charged)| async move {
        let options = Options::default().strict().speed(1000.0);
        let emulator = Emulator::start(options).await.expect("an emulator");
        let mut command = Command::new(example(name).await);
        command
            .current_dir(folder(name))
            .env("CREATIFY_BASE_URL", emulator.base_url())
            .env("CREATIFY_API_ID", "newcomer")
            .env("CREATIFY_API_KEY", "any");
        let output = command.output().await.expect("it starts");
        let said = text(&output.stdout);
        assert!(
            output.status.success(),
            "{name}: {said}{}",
            text(&output.stderr)
        );
        assert!(said.contains(".mp4"), "{name}: {said}");
        let ledger = emulator.state().ledger();
        let operations: Vec<_> = ledger
            .iter()
            .map(|charge| charge.operation.as_str())
            .collect();
        assert_eq!(operations, *charged, "{name}: {said}");
        assert_eq!(emulator.state().violations(), [], "{name}");
    }))
    .await;
}

#[test]
fn no_program_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../creatify-api/examples");
    for file in std::fs::read_dir(folder).expect("the examples") {
        let file = file.expect("an entry").path();
        let name = file.file_stem().expect("a name").to_string_lossy();
        let is_chapter = CHAPTERS.iter().any(|(chapter, _)| *chapter == name);
        assert!(
            is_chapter || ["demo", "first_video"].contains(&&*name),
            "{name} is run by no test"
        );
    }
}
