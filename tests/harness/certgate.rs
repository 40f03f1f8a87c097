//! The built program, started with nothing of this process's surroundings.

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::{Case, fixtures};

/// A run of `certgate` to be.
pub(crate) struct Certgate {
    command: Command,
    stdin: Vec<u8>,
}

/// A run that ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Certgate {
    /// In the folder `fixtures/`, with an empty environment except for a fixed language and terminal.
    pub(crate) fn new<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Self {
        Self::of(Command::new(env!("CARGO_BIN_EXE_certgate"))).arguments(arguments)
    }

    /// The same under a limit of the address space, and of the processor's time: what hangs is to fail.
    pub(crate) fn within_kib<I: AsRef<OsStr>>(kib: u32, arguments: impl IntoIterator<Item = I>) -> Self {
        let mut shell = Command::new("/bin/sh");
        shell.args([
            "-c",
            &format!("ulimit -v {kib} && ulimit -t 20 && exec \"$0\" \"$@\""),
            env!("CARGO_BIN_EXE_certgate"),
        ]);
        Self::of(shell).arguments(arguments)
    }

    /// The same, started by other words: a shell with limits, another session, other rights.
    pub(crate) fn after<I: AsRef<OsStr>>(words: &[&str], arguments: impl IntoIterator<Item = I>) -> Self {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(env!("CARGO_BIN_EXE_certgate"));
        Self::of(command).arguments(arguments)
    }

    /// Another program that starts it in its own way, with the same surroundings.
    pub(crate) fn command(program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.args(arguments);
        Self::of(command)
    }

    /// `certgate check` at the instant that every fixture is judged at.
    pub(crate) fn check<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Self {
        Self::new(["check", "--at", certgate_fixtures::JUDGED_AT]).arguments(arguments)
    }

    fn of(mut command: Command) -> Self {
        command.env_clear().env("LANG", "C.UTF-8").env("TERM", "xterm-256color").current_dir(fixtures());
        Self { command, stdin: Vec::new() }
    }

    pub(crate) fn arguments<I: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Starts it, and leaves it running.
    pub(crate) fn start(mut self) -> Child {
        let started = self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        started.expect("certgate was built and starts")
    }

    /// Runs it to its end; the test fails where it ends by a signal or writes what is not UTF-8.
    pub(crate) fn run(mut self) -> Run {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("certgate was built and starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        // Whoever does not read its input closes the pipe: not our business.
        let _ = stdin.write_all(&self.stdin);
        drop(stdin);
        let output = child.wait_with_output().expect("certgate ends");
        Run {
            code: output.status.code().unwrap_or_else(|| panic!("certgate was ended by {}", output.status)),
            stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }

    /// Runs it, expects this exit code, and gives the run.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Run {
        let run = self.run();
        assert_eq!(run.code, code, "{run:#?}");
        run
    }
}

impl Run {
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON: {error}\n{self:#?}"))
    }

    /// The cases of `check --format json`.
    #[track_caller]
    pub(crate) fn cases(&self) -> Vec<Case> {
        let json = self.json();
        json["cases"].as_array().expect("there are cases").iter().cloned().map(Case::new).collect()
    }

    /// The only case of `check --format json`.
    #[track_caller]
    pub(crate) fn case(&self) -> Case {
        let mut cases = self.cases();
        assert_eq!(cases.len(), 1, "{self:#?}");
        cases.remove(0)
    }
}
