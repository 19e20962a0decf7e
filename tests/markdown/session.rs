//! A reader at a terminal. In: commands. Out: what they said when they failed. Has a checkout of its own, with an `origin`, in a folder
//! that no workspace is around; builds into the folder of this workspace, so that dependencies are built once.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::exceptions;

/// The paths of all files that git has or would take.
pub(crate) fn tracked(root: &Path) -> Vec<String> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .expect("git");
    assert!(output.status.success(), "git ls-files: {output:?}");
    let text = String::from_utf8(output.stdout).expect("paths");
    let paths = text.split('\0').filter(|path| !path.is_empty());
    // One that was removed and is not committed yet is still listed.
    paths
        .filter(|path| root.join(path).is_file())
        .map(str::to_owned)
        .collect()
}

/// Another port, if the one of the files is taken: by an emulator that somebody uses, say.
fn free_port() -> Option<u16> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match bind(exceptions::PORT) {
        Ok(_) => None,
        Err(_) => {
            let free = bind(0).and_then(|listener| listener.local_addr());
            Some(free.expect("a port").port())
        }
    }
}

/// A terminal, closed when it is dropped.
pub(crate) struct Session {
    folder: PathBuf,
    checkout: PathBuf,
    /// Where the next command runs.
    current: PathBuf,
    /// Where the workspace that this is a copy of is built.
    build: PathBuf,
    /// The port that stands for the one of the files, where that is taken.
    port: Option<u16>,
    /// What goes on in other terminals.
    servers: Vec<(String, Child)>,
}

impl Session {
    /// Copies the workspace.
    pub(crate) fn start(workspace: &Path) -> Self {
        let test = std::env::current_exe().expect("this program");
        let build = test
            .ancestors()
            .nth(3)
            .expect("the build folder")
            .to_owned();
        // The same in each run, so that what was built is found again, and another one for each checkout.
        let mut hasher = DefaultHasher::new();
        build.hash(&mut hasher);
        let name = format!("creatify-markdown-{:016x}", hasher.finish());
        let folder = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&folder);
        let (origin, checkout) = (folder.join("origin"), folder.join("checkout"));
        for path in tracked(workspace) {
            let target = origin.join(&path);
            fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
            fs::copy(workspace.join(&path), target).expect("a copy");
        }
        let git = |arguments: &[&str], folder: &Path| {
            let identity = [
                "-c",
                "user.name=reader",
                "-c",
                "user.email=reader@example.com",
            ];
            let mut command = Command::new("git");
            command.args(identity).args(arguments).current_dir(folder);
            let output = command.output().expect("git");
            assert!(output.status.success(), "git {arguments:?}: {output:?}");
        };
        git(&["init", "--quiet", "--initial-branch=main"], &origin);
        git(&["add", "--all"], &origin);
        git(&["commit", "--quiet", "--message=all"], &origin);
        git(&["tag", "v0.1.0"], &origin);
        git(&["clone", "--quiet", "origin", "checkout"], &folder);
        Self {
            current: checkout.clone(),
            checkout,
            folder,
            build,
            port: free_port(),
            servers: Vec::new(),
        }
    }

    /// Another file is read: in a checkout as it was, with no program running.
    pub(crate) fn open(&mut self) {
        self.close();
    }

    /// Another block is read: from the folder of the checkout.
    pub(crate) fn enter(&mut self) {
        self.current = self.checkout.clone();
    }

    /// Ends what runs in other terminals.
    pub(crate) fn close(&mut self) {
        for (_, mut server) in self.servers.drain(..) {
            // The program is a grandchild of the command: its whole group is told to end.
            let group = format!("-{}", server.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            let _ = server.wait();
        }
        let mut restore = Command::new("git");
        restore
            .args(["checkout", "--quiet", "."])
            .current_dir(&self.checkout);
        let _ = restore.status();
    }

    /// Types a command.
    pub(crate) fn run(&mut self, line: &str) -> Result<(), String> {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.current.push(folder);
            return match self.current.is_dir() {
                true => Ok(()),
                false => Err(format!("no folder {}", self.current.display())),
            };
        }
        for prepared in exceptions::PREPARED {
            if prepared.command == line {
                let file = self.current.join(prepared.file);
                fs::write(file, (prepared.text)()).map_err(|error| error.to_string())?;
            }
        }
        if let Some((_, sign)) = exceptions::SERVERS
            .iter()
            .find(|(command, _)| *command == line)
        {
            return match self.port {
                Some(port) => {
                    let sign = sign.replace(&exceptions::PORT.to_string(), &port.to_string());
                    let dashes = if line.starts_with("cargo run") {
                        " --"
                    } else {
                        ""
                    };
                    self.serve(&format!("{line}{dashes} --port {port}"), &sign)
                }
                None => self.serve(line, sign),
            };
        }
        let line = match self.port {
            Some(port) => line.replace(&exceptions::PORT.to_string(), &port.to_string()),
            None => line.to_owned(),
        };
        let output = self
            .command(&line)
            .output()
            .map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!(
                "{}\n{}{}",
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )),
        }
    }

    /// Types a command in another terminal, and waits for the sign that it is ready.
    fn serve(&mut self, line: &str, sign: &str) -> Result<(), String> {
        // A reader who comes to it again has it running.
        if self.servers.iter().any(|(command, _)| command == line) {
            return Ok(());
        }
        let mut command = self.command(line);
        let command = command
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let mut said = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        while !said.contains(sign) {
            let read = output
                .read_line(&mut said)
                .map_err(|error| error.to_string())?;
            if read == 0 {
                let mut complaint = String::new();
                let mut errors = child.stderr.take().expect("its errors");
                let _ = errors.read_to_string(&mut complaint);
                return Err(format!(
                    "it ended before it said {sign:?}\n{said}{complaint}"
                ));
            }
        }
        // What it says later goes nowhere, and does not stop it.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        self.servers.push((line.to_owned(), child));
        Ok(())
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .current_dir(&self.current)
            .stdin(Stdio::null())
            .env("CARGO_BUILD_BUILD_DIR", &self.build)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            // What was downloaded for this workspace is enough.
            .env("CARGO_NET_OFFLINE", "true");
        // Set by the cargo that runs this test, and read by programs that are started from it.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy().into_owned();
            // Build scripts would run again, too.
            let foreign = ["CARGO_PKG_", "CARGO_MANIFEST_", "CREATIFY_"];
            if foreign.iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
