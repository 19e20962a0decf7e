//! What a test cannot type as a reader does. Out: commands that are not run, each with its reason; files that a reader has and a checkout has
//! not; commands that do not end. Knows the files by what stands in them.

/// Commands that are not run, and why. One that no file has is a failure.
pub(crate) const NOT_RUN: &[(&str, &str)] = &[
    ("cargo add creatify-api", "the crate is not published yet"),
    (
        "cargo install --path tests/emulator",
        "it installs into the reader's own folder",
    ),
    ("cargo xtask ci", "it runs this test"),
    ("cargo xtask soak", LONG),
    ("cargo xtask soak --kill", LONG),
    ("cargo xtask bench waiting", MEASURED),
    ("cargo xtask bench journal", MEASURED),
    ("cargo xtask bench emulator", MEASURED),
    ("cargo build -p aws-lc-rs", MEASURED),
    (
        "cargo doc --package creatify-api --features full --no-deps --open",
        "it opens a browser",
    ),
    ("cargo run", NAME),
    ("cargo xtask", NAME),
    ("cargo xtask bench", NAME),
    ("cargo xtask changelog TAG", NAME),
    ("cargo xtask diff TAG --check-version --fail-on none", NAME),
    (
        "cargo xtask lowest",
        "it needs the network and a nightly toolchain",
    ),
    ("cargo xtask spec import", NAME),
    ("cargo xtask spec import PAGE...", NAME),
    ("cargo xtask diff", NAME),
    ("cargo xtask diff BASE [HEAD]", NAME),
    ("cargo xtask bench diff OLD NEW --peer oasdiff", NAME),
];

const LONG: &str = "it takes minutes; a workflow runs it every night";
const MEASURED: &str = "it measures for minutes, and a figure is no test";
const NAME: &str = "it names a command, whose arguments are the reader's";

/// A file that a reader has before a command.
pub(crate) struct Prepared {
    pub(crate) command: &'static str,
    pub(crate) file: &'static str,
    pub(crate) text: fn() -> String,
}

/// What a reader has, and a checkout has not.
pub(crate) const PREPARED: &[Prepared] = &[Prepared {
    command: "cargo xtask spec import page.md",
    file: "page.md",
    text: page,
}];

/// The port that the files name.
pub(crate) const PORT: u16 = 8787;

/// Commands that do not end, and what they say when they are ready.
pub(crate) const SERVERS: &[(&str, &str)] = &[
    ("cargo xtask emulator", "http://127.0.0.1:8787"),
    (
        "cargo run --package creatify-emulator",
        "http://127.0.0.1:8787",
    ),
];

/// A documentation page as a reader saves it: one that is known already, with a changed sentence.
fn page() -> String {
    let published = include_str!("../../spec/upstream/voices_list.yaml");
    let fragment = published.replace("description: List.", "description: The voices.");
    assert_ne!(fragment, published, "the page has another sentence now");
    format!("# Voices\n\n```yaml\n{fragment}```\n")
}
