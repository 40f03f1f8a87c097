//! What the system tells about a process while it runs.

use std::fs::File;
use std::io::Write;
use std::os::unix::net::UnixListener;
use std::process::Child;
use std::thread;
use std::time::Duration;

use super::{Hidden, PASSPHRASE, world};

/// What everyone can see of a process: how it was called, and its environment.
#[track_caller]
fn shows_nothing(hidden: &Hidden, process: &Child) {
    let seen: Vec<u8> = ["cmdline", "environ", "comm"]
        .iter()
        .flat_map(|name| std::fs::read(format!("/proc/{}/{name}", process.id())).unwrap())
        .collect();
    assert!(String::from_utf8_lossy(&seen).contains("CERTGATE_STATE"), "it runs");
    assert_eq!(hidden.found_in(&seen), None);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.id())).unwrap();
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size")).unwrap();
    let core: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(core, ["0", "0", "bytes"], "its memory would be written to a file if it crashed");
}

/// Ends it, and looks at what it said.
#[track_caller]
fn ends_silently(hidden: &Hidden, mut process: Child) {
    process.kill().unwrap();
    let output = process.wait_with_output().unwrap();
    assert_eq!(hidden.found_in(&[output.stdout, output.stderr].concat()), None);
}

#[test]
fn a_process_that_waits_for_an_agent_shows_nothing() {
    let (folder, hidden) = world();
    folder.key("held", &["ed25519"]);
    let socket = folder.path("silent.socket");
    let listener = UnixListener::bind(&socket).unwrap();
    let create = folder.certgate(["ca", "create", "held", "--agent", "held.pub"]);
    let process = create.variable("SSH_AUTH_SOCK", socket.to_str().unwrap()).start();
    let _connected = listener.accept().unwrap();
    shows_nothing(&hidden, &process);
    assert!(folder.path("state/ledger.sqlite3-wal").exists(), "the ledger is open");
    hidden.is_in_no_file(&folder);
    ends_silently(&hidden, process);
    hidden.is_in_no_file(&folder);
}

#[test]
fn a_process_that_has_a_passphrase_in_its_memory_shows_nothing_and_neither_does_it_when_it_is_killed() {
    let (folder, hidden) = world();
    let output = folder.openssh("mkfifo", &["pipe"]);
    assert!(output.status.success(), "{output:?}");
    let issue = ["issue", "--ca", "locked", "--public-key", "host.pub", "--principal", "web.example.com"];
    let process = folder.certgate(issue).arguments(["--passphrase-file", "pipe"]).start();
    // It opens once somebody reads; as long as it is open, the reader waits for more.
    let mut pipe = File::options().write(true).open(folder.path("pipe")).unwrap();
    pipe.write_all(PASSPHRASE.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(100));
    shows_nothing(&hidden, &process);
    ends_silently(&hidden, process);
    std::fs::remove_file(folder.path("pipe")).unwrap();
    hidden.is_in_no_file(&folder);
    assert_eq!(folder.listed(&[]).len(), 0, "it had not come to signing");
}
