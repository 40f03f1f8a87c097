//! A server that is a process of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// Ended when it is dropped.
pub(crate) struct Server {
    process: Child,
    /// Where it listens.
    pub(crate) address: String,
}

impl Server {
    /// `certgate serve` in this place, its log in a file beside it.
    pub(crate) fn certgate(place: &Place) -> Self {
        let log = File::create(place.state.with_extension("log")).expect("the folder can be written to");
        let mut command = place.certgate();
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limit", "off"]).stderr(log);
        Self::of(&mut command)
    }

    /// A program that says where it listens.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("standard output is a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        let address = line.trim_end().trim_start_matches("http://").to_owned();
        assert!(!address.is_empty(), "{command:?} failed");
        Self { process, address }
    }

    /// The most memory that it had up to now.
    pub(crate) fn peak_mib(&self) -> f64 {
        let status = self.said_by_the_system("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the system says it");
        let kib: f64 = line.trim().trim_end_matches(" kB").parse().expect("it is a number");
        kib / 1024.0
    }

    /// A file that the system has about the process.
    pub(crate) fn said_by_the_system(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.process.id())).expect("it runs")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended is nobody's fault here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where a server keeps what it keeps.
pub(crate) struct Place {
    /// The state folder.
    pub(crate) state: PathBuf,
    /// The URL of a database, for what is not to be in the folder.
    pub(crate) database: Option<String>,
}

impl Place {
    fn certgate(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certgate"));
        command.env("CERTGATE_STATE", &self.state);
        if let Some(database) = &self.database {
            command.env("CERTGATE_STORE", database);
        }
        command
    }

    /// A new API key; the store is made with it.
    pub(crate) fn api_key(&self) -> String {
        let output = self.certgate().args(["api-key", "create"]).output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is letters and digits").trim_end().to_owned()
    }
}
