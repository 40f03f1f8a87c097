//! An authority whose key is in a real `ssh-agent`.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use certgate_sign::{Agent, Signer as _};
use certgate_store::{CertificateFilter, Custody, Ledger as _, NewAuthority, NotIssued};

use super::Folder;
use crate::harness::{Keygen, found, key, new_authority, now, try_issue, wish};

/// An agent that does not outlive the test.
struct Running {
    process: Child,
    folder: tempfile::TempDir,
}

impl Running {
    /// With the key of this seed in it.
    fn with_key(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let process = Command::new("ssh-agent")
            .args(["-D", "-a", "socket"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("install openssh-client: {error}"));
        let running = Self { process, folder };
        while UnixStream::connect(running.folder.path().join("socket")).is_err() {
            thread::sleep(Duration::from_millis(5));
        }
        let keygen = Keygen::with_key(seed);
        running.run("ssh-add", &["-q", &keygen.authority_file()]);
        running
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let socket = self.folder.path().join("socket");
        let status = Command::new(program).args(arguments).env("SSH_AUTH_SOCK", socket).status().unwrap();
        assert!(status.success());
    }

    fn connect(&self) -> Agent<UnixStream> {
        Agent::over(UnixStream::connect(self.folder.path().join("socket")).unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_key_in_an_agent_signs_for_the_ledger_and_its_loss_loses_nothing() {
    let agent = Running::with_key(1);
    let folder = Folder::new();
    let mut ledger = folder.ledger();
    let new = NewAuthority { custody: Custody::Agent, ..new_authority("prod", 1) };
    ledger.add_authority(&new, now()).unwrap();
    let signer = agent.connect().authority(key(1).public_key()).unwrap();
    let wishes: Vec<_> = (1..=30).map(wish).collect();
    for outcome in try_issue(&mut ledger, "prod", &signer, &wishes).unwrap() {
        outcome.unwrap().certificate.certificate().verify_signature().unwrap();
    }
    agent.run("ssh-add", &["-q", "-D"]);
    for outcome in try_issue(&mut ledger, "prod", &signer, &wishes).unwrap() {
        assert!(matches!(outcome, Err(NotIssued::SignatureFailed(..))), "{outcome:?}");
    }
    assert_eq!(found(&ledger, CertificateFilter::unfinished()).len(), 30);
    ledger.verify_audit().unwrap();
}
