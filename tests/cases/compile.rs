//! Compiles generated clients. In: clients by case. Out: a panic with what the compiler said. Knows nothing of documents.
//!
//! Every case becomes a package of one cargo workspace below the target directory: the generated files beside the
//! hand-written runtime of the product, with its dependencies in the versions that this workspace has locked.

use codegen::files::{self, Files};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The crate around a client: the product's own, without the guide, in its documentation and beside it, which is about
/// the client of the product.
fn crate_around(lib: &str, runtime: &Path) -> String {
    let module = format!(
        "#[path = {:?}]\nmod runtime;",
        runtime.display().to_string()
    );
    let guide = "pub mod guide;";
    assert!(lib.lines().any(|line| line == guide));
    let code = lib.lines();
    let code = code.filter(|line| !line.starts_with("//!") && *line != guide);
    let code = code.collect::<Vec<_>>().join("\n");
    let (code, _readme) = code
        .split_once("// The program in the README")
        .expect("the README is compiled at the end");
    let denied = "#![deny(missing_docs)]";
    assert!(code.contains(denied) && code.contains("mod runtime;"));
    let code = code
        .replace(denied, "#![deny(warnings, missing_docs, unreachable_pub)]")
        .replace("mod runtime;", &module);
    format!("//! The client of one case.\n\n{code}")
}

/// A cargo workspace with one package per case.
pub(crate) struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// Lays out the packages, in the folder `name`. Files that are as they should be stay untouched, so that a second run
    /// compiles little. `programs` use the clients: each package has all of them as its examples.
    pub(crate) fn new(name: &str, clients: &BTreeMap<String, Files>, programs: &Files) -> Self {
        let product = Path::new(env!("CARGO_MANIFEST_DIR"));
        let product = product.parent().expect("the workspace around this package");
        let read = |file: &str| {
            fs::read_to_string(product.join(file)).expect("read a file of the product")
        };
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = folder.join("cases").join(name);
        let runtime = product.join("creatify-api/src/runtime/mod.rs");
        let lib = crate_around(&read("creatify-api/src/lib.rs"), &runtime);
        let package = package(&read("creatify-api/Cargo.toml"));
        let manifest = workspace(&read("Cargo.toml"), clients.keys());
        let mut packages = Files::from([("Cargo.toml".to_owned(), manifest)]);
        for (case, client) in clients {
            packages.insert(format!("{case}/Cargo.toml"), package.replace("CASE", case));
            packages.insert(format!("{case}/src/lib.rs"), lib.clone());
            packages.extend(
                client
                    .iter()
                    .map(|(file, text)| (format!("{case}/src/generated/{file}"), text.clone())),
            );
            packages.extend(
                programs
                    .iter()
                    .map(|(file, text)| (format!("{case}/examples/{file}"), text.clone())),
            );
        }
        files::write(&folder, &packages).expect("write the packages");
        // Cargo completes the file with the packages of the cases, so it is written anew only when it is another.
        let (locked, source) = (folder.join("Cargo.lock"), folder.join("Cargo.lock.source"));
        let lock = read("Cargo.lock");
        if fs::read_to_string(&source).ok().as_deref() != Some(lock.as_str()) {
            fs::write(&locked, &lock).expect("write the lock file");
            fs::write(&source, &lock).expect("note the lock file");
        }
        Self { folder }
    }

    /// Checks all packages.
    pub(crate) fn check(&self) {
        self.cargo(&["check", "--workspace", "--keep-going"]);
    }

    /// Builds the documentation of one package, and compiles the examples in it.
    pub(crate) fn documentation(&self, case: &str) {
        self.cargo(&["doc", "--no-deps", "--package", case]);
    }

    /// Compiles the examples in the documentation of some packages.
    pub(crate) fn examples(&self, cases: &[&str]) {
        let packages = cases.iter().flat_map(|case| ["--package", case]);
        // The examples of the runtime are about the client of the product.
        let generated = ["--", "src/generated"];
        let words = ["test", "--doc"].into_iter().chain(packages);
        self.cargo(&words.chain(generated).collect::<Vec<_>>());
    }

    /// Checks the programs of one package, and gives what the compiler says as JSON, one message a line.
    pub(crate) fn judged(&self, case: &str) -> String {
        let targets = ["--package", case, "--lib", "--examples"];
        let manner = ["--keep-going", "--message-format=json"];
        let words: Vec<&str> = ["check"].into_iter().chain(targets).chain(manner).collect();
        let output = self.run(&words);
        let messages = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            messages.contains("build-finished"),
            "cargo checked nothing:\n{said}"
        );
        messages
    }

    fn cargo(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "cargo {} failed:\n{printed}{said}",
            arguments.join(" ")
        );
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let (task, rest) = arguments.split_first().expect("a task");
        Command::new(cargo)
            .arg(task)
            .args([
                "--offline",
                "--quiet",
                "--no-default-features",
                "--target-dir",
            ])
            .arg(self.folder.with_file_name("target"))
            .args(rest)
            .current_dir(&self.folder)
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .expect("run cargo")
    }
}

/// The table of what a browser does not have.
const NATIVE: &str = "target.'cfg(not(target_arch = \"wasm32\"))'.dependencies";

/// The manifest of a package, `CASE` standing for its name: the product's dependencies, without TLS, which no case needs.
fn package(product: &str) -> String {
    format!(
        "[package]\nname = \"CASE\"\nedition.workspace = true\nrust-version.workspace = true\n\n\
         [lib]\nname = \"creatify_api\"\n\n[features]\n{}\n[dependencies]\n{}\n[{NATIVE}]\n{}",
        section(product, "features"),
        section(product, "dependencies"),
        section(product, NATIVE)
    )
}

/// The manifest of the workspace: what its members share with those of this workspace.
fn workspace<'a>(product: &str, cases: impl Iterator<Item = &'a String>) -> String {
    let members: Vec<String> = cases.map(|case| format!("{case:?}")).collect();
    let dependencies = section(product, "workspace.dependencies");
    let published = dependencies
        .lines()
        .filter(|line| !line.contains("path = "));
    let published: String = published.flat_map(|line| [line, "\n"]).collect();
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[workspace.package]\n{}\n[workspace.dependencies]\n{published}\n\
         [profile.dev]\ndebug = false\n",
        members.join(", "),
        section(product, "workspace.package"),
    )
}

/// The lines of a table of a manifest.
fn section(manifest: &str, table: &str) -> String {
    let header = format!("[{table}]");
    let lines = manifest.lines().skip_while(|line| *line != header).skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .flat_map(|line| [line, "\n"])
        .collect()
}
