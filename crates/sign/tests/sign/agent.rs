//! A real `ssh-agent`, and ones that lie.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use certgate_facts::{SshPublicKey, SshSignature, SshSignatureFault};
use certgate_sign::{
    AGENT_IDENTITIES_MAX, AGENT_REPLY_BYTES_MAX, Agent, Error, Signer as _, algorithm_of_authority, issue,
};

use crate::any_bytes::{Canned, list};
use crate::harness::{Wish, ed25519, folder, host_line, keygen, public_line, rng, run_well, string, text};

/// `ssh-agent` with a socket of its own; ends with the value.
struct RealAgent {
    child: Child,
    socket: PathBuf,
}

impl RealAgent {
    fn start(folder: &Path) -> Self {
        let socket = folder.join("agent");
        let child = Command::new("ssh-agent")
            .args(["-D", "-a", text(&socket)])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("ssh-agent: {error}; install openssh-client"));
        let agent = Self { child, socket };
        for _ in 0..500 {
            if UnixStream::connect(&agent.socket).is_ok() {
                return agent;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("ssh-agent made no socket");
    }

    fn add(&self, arguments: &[&str]) {
        let status = Command::new("ssh-add")
            .arg("-q")
            .args(arguments)
            .env("SSH_AUTH_SOCK", &self.socket)
            .stderr(Stdio::null())
            .status()
            .unwrap_or_else(|error| panic!("ssh-add: {error}; install openssh-client"));
        assert!(status.success(), "ssh-add {arguments:?}");
    }

    fn client(&self) -> Agent<UnixStream> {
        let stream = UnixStream::connect(&self.socket).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Agent::over(stream)
    }
}

impl Drop for RealAgent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn key_of(private: &Path) -> SshPublicKey {
    SshPublicKey::read(public_line(private).trim_end()).unwrap()
}

#[test]
fn a_real_agent_lists_and_signs_though_it_holds_a_certificate_valid_forever() {
    let folder = folder();
    let agent = RealAgent::start(folder.path());
    assert_eq!(agent.client().identities().unwrap(), []);
    let keys = [("ed25519", "0"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "3072")]
        .map(|(key_type, bits)| keygen(folder.path(), key_type, bits, ""));
    // A certificate without -V is valid forever; ssh-add takes it along with its key.
    let other = keygen(folder.path(), "ed25519", "0", "other");
    run_well(
        "ssh-keygen",
        &[
            "-q",
            "-P",
            "other",
            "-s",
            text(&other),
            "-I",
            "me",
            "-n",
            "me",
            text(&keys[0].with_extension("pub")),
        ],
    );
    for key in &keys {
        agent.add(&[text(key)]);
    }
    let identities = agent.client().identities().unwrap();
    assert_eq!(identities.len(), 6);
    assert_eq!(identities.iter().filter(|identity| identity.public_key().is_none()).count(), 1);
    assert!(identities.iter().all(|identity| identity.comment().contains("a comment")));

    let certificate = folder.path().join("host-cert.pub");
    for key in &keys {
        let public_key = key_of(key);
        let authority = agent.client().authority(&public_key).unwrap();
        // More than one over the same connection.
        for serial in 1..4 {
            let wish = Wish::new(host_line(), &["web-1.example.com"]);
            let issued = issue(wish.cleared(), &authority, serial, &mut rng(serial)).unwrap();
            fs::write(&certificate, issued.line()).unwrap();
            let listed = run_well("ssh-keygen", &["-L", "-f", text(&certificate)]);
            let algorithm = algorithm_of_authority(&public_key).unwrap();
            let due = format!("{} (using {algorithm})", public_key.fingerprint());
            assert!(listed.contains(&due), "{due} is not in {listed}");
        }
    }
    let error = agent.client().authority(ed25519(1).public_key()).err().unwrap();
    assert!(matches!(error, Error::AgentHoldsNoSuchKey { .. }), "{error}");
}

#[test]
fn a_key_that_is_gone_is_a_refusal_after_which_the_conversation_goes_on() {
    let folder = folder();
    let agent = RealAgent::start(folder.path());
    let key = keygen(folder.path(), "ed25519", "0", "");
    agent.add(&["-t", "600", text(&key)]);
    let authority = agent.client().authority(&key_of(&key)).unwrap();
    authority.sign(b"message").unwrap();
    agent.add(&["-D"]);
    assert!(matches!(authority.sign(b"message"), Err(Error::AgentRefused)));
    agent.add(&[text(&key)]);
    authority.sign(b"message").unwrap();
}

#[test]
fn an_agent_that_has_died_is_unreachable() {
    let folder = folder();
    let agent = RealAgent::start(folder.path());
    let client = agent.client();
    drop(agent);
    assert!(matches!(client.identities(), Err(Error::AgentUnreachable(_))));
    assert!(matches!(client.identities(), Err(Error::AgentDisconnected)));
}

#[test]
fn what_an_agent_signs_with_another_key_or_over_other_bytes_is_refused() {
    let (ours, other) = (ed25519(1), ed25519(2));
    let sign = |signature: &SshSignature| {
        let reply = [&[14][..], &string(&signature.blob())].concat();
        let agent = Canned::agent(&[&list(&[ours.public_key().blob()]), &reply]);
        agent.authority(ours.public_key()).unwrap().sign(b"message")
    };
    assert!(sign(&ours.sign(b"message").unwrap()).is_ok());
    assert!(matches!(
        sign(&other.sign(b"message").unwrap()),
        Err(Error::Signature(SshSignatureFault::Invalid))
    ));
    assert!(matches!(sign(&ours.sign(b"other").unwrap()), Err(Error::Signature(SshSignatureFault::Invalid))));
}

#[test]
fn an_agent_that_signs_with_sha1_instead_is_refused_by_name() {
    let ours = crate::harness::authority(certgate_sign::AuthorityKeyType::Rsa3072);
    for (name, is_refused) in [("ssh-rsa", true), ("rsa-sha2-256", false)] {
        let blob = [string(name.as_bytes()), string(&[1; 384])].concat();
        let reply = [&[14][..], &string(&blob)].concat();
        let agent = Canned::agent(&[&list(&[ours.public_key().blob()]), &reply]);
        let error = agent.authority(ours.public_key()).unwrap().sign(b"message").unwrap_err();
        let as_due = match error {
            Error::Signature(SshSignatureFault::AlgorithmRefused { .. }) => is_refused,
            Error::Signature(SshSignatureFault::OfOtherAlgorithm { found: "rsa-sha2-256", .. }) => {
                !is_refused
            }
            _ => false,
        };
        assert!(as_due, "{name}: {error}");
    }
}

#[test]
fn sizes_and_counts_are_capped() {
    let too_long =
        Agent::over(Canned(std::io::Cursor::new((AGENT_REPLY_BYTES_MAX + 1).to_be_bytes().to_vec())));
    assert!(matches!(too_long.identities(), Err(Error::AgentReplyTooLong { bytes: 262_145 })));
    let empty: Vec<&[u8]> = vec![b""; usize::try_from(AGENT_IDENTITIES_MAX).unwrap() + 1];
    let most = Canned::agent(&[&list(&empty[1..])]).identities().unwrap();
    assert_eq!(most.len(), 2048);
    assert!(matches!(Canned::agent(&[&list(&empty)]).identities(), Err(Error::AgentReplyMalformed { .. })));
}

#[test]
fn malformed_replies_end_the_conversation_and_refusals_do_not() {
    let good = list(&[b"\0\0\0\x03new"]);
    let malformed: [&[u8]; 5] =
        [b"", b"\x0e\0\0\0\0", b"\x0c\0\0\0\x01", &good[..good.len() - 1], b"\x0c\0\0\0\0!"];
    for reply in malformed {
        let agent = Canned::agent(&[reply, &good]);
        assert!(matches!(agent.identities(), Err(Error::AgentReplyMalformed { .. })), "{reply:?}");
        assert!(matches!(agent.identities(), Err(Error::AgentDisconnected)), "{reply:?}");
    }
    let agent = Canned::agent(&[b"\x05", &good]);
    assert!(matches!(agent.identities(), Err(Error::AgentRefused)));
    let opaque = agent.identities().unwrap();
    assert_eq!((opaque.len(), opaque[0].public_key().is_some()), (1, true));
}
