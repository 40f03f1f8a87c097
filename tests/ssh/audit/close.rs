//! `certgate ssh audit close`: what was reserved, and perhaps signed.

use super::exported;
use crate::harness::{Agent, Folder, base64, base64_bytes};

/// An authority whose agent asks before each use, with nobody there to say yes; two certificates were asked for in vain.
/// The authority's key is in `ca`, in a form that OpenSSL reads.
fn world() -> (Folder, Agent) {
    let folder = Folder::new();
    folder.key("host", &["ed25519"]);
    folder.key("ca", &["rsa", "-b", "3072", "-m", "PEM"]);
    let agent = Agent::start(&folder);
    agent.add(&folder, &["-c", "ca"]);
    agent.with(folder.certgate(["ca", "create", "token", "--agent", "ca.pub"])).exits(0);
    for key_id in ["first", "second"] {
        let issue =
            ["issue", "--public-key", "host.pub", "--principal", "web.example.com", "--key-id", key_id];
        let run = agent.with(folder.certgate(issue)).exits(2);
        assert!(run.stdout.contains("the agent refused"), "{run:?}");
        assert!(run.stdout.contains("its serial is reserved as number"), "{run:?}");
    }
    assert!(!folder.path("host-cert.pub").exists());
    (folder, agent)
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// Signs what was reserved under this number with OpenSSL, as on another machine, and writes the certificate.
fn signed_elsewhere(folder: &Folder, number: u64) {
    let records = exported(folder);
    let record = records.iter().find(|record| record["number"] == number).unwrap();
    assert_eq!(record["kind"], "serial-reserved");
    let body = base64_bytes(record["body"].as_str().unwrap());
    // A version byte, the authority's number, and the bytes to be signed, each of the two behind its length.
    let to_be_signed = &body[1 + 4 + 8 + 4..];
    folder.write("to-be-signed", to_be_signed);
    let output = folder.openssh("openssl", &["dgst", "-sha512", "-sign", "ca", "to-be-signed"]);
    assert!(output.status.success(), "{output:?}");
    let signature = [string(b"rsa-sha2-512"), string(&output.stdout)].concat();
    let blob = [to_be_signed, &string(&signature)].concat();
    folder.write("signed-cert.pub", format!("ssh-ed25519-cert-v01@openssh.com {}\n", base64(&blob)));
}

#[test]
fn what_was_reserved_is_listed_can_be_revoked_and_keeps_its_authority_from_retiring() {
    let (folder, _agent) = world();
    let unfinished = folder.listed(&["--status", "unfinished"]);
    assert_eq!(unfinished.len(), 2);
    assert_eq!((&unfinished[0]["serial"], &unfinished[1]["serial"]), (&"1".into(), &"2".into()));
    assert!(unfinished.iter().all(|entry| entry["certificate"].is_null() && entry["closed_at"].is_null()));
    let run = folder.certgate(["ca", "retire", "token"]).exits(2);
    assert!(run.stderr.contains("2 certificates of authority token can still be used"), "{run:?}");
    folder.certgate(["revoke", "--key-id", "first", "--reason", "it may have been signed"]).exits(0);
    folder.certgate(["revoke", "--host", "web.example.com", "--reason", "so may this"]).exits(0);
    folder.certgate(["krl", "build", "--from-ledger", "--out", "list"]).exits(0);
    let shown = folder.keygen_ok(&["-Q", "-l", "-f", "list"]);
    assert!(shown.contains("id: first"), "{shown}");
    folder.certgate(["ca", "retire", "token"]).exits(0);
    folder.is_sound();
}

#[test]
fn a_certificate_that_was_signed_after_all_completes_its_reservation_and_no_other() {
    let (folder, agent) = world();
    let unfinished = folder.listed(&["--status", "unfinished"]);
    let number = |index: usize| unfinished[index]["number"].as_u64().unwrap();
    signed_elsewhere(&folder, number(0));
    let close = |number: u64, code| {
        folder
            .certgate(["audit", "close", &number.to_string(), "--certificate", "signed-cert.pub"])
            .exits(code)
    };
    let run = close(number(1), 2);
    assert!(run.stderr.contains("the certificate is not the one that was reserved"), "{run:?}");
    let run = close(999, 2);
    assert!(run.stderr.contains("there is no certificate 999"), "{run:?}");
    close(number(0), 0);
    let run = close(number(0), 2);
    assert!(run.stderr.contains("is recorded or abandoned already"), "{run:?}");
    let listed = folder.listed(&["--key-id", "first"]);
    assert_eq!(listed[0]["status"], "valid");
    assert_eq!(listed[0]["certificate"], folder.line("signed-cert.pub"));
    assert!(folder.facts("signed-cert.pub").contains("Key ID: \"first\""));
    // The next ones have other serials.
    agent.add(&folder, &["-d", "ca.pub"]);
    agent.add(&folder, &["ca"]);
    let issue = folder.certgate(["issue", "--public-key", "host.pub", "--principal", "web.example.com"]);
    agent.with(issue).exits(0);
    assert!(folder.facts("host-cert.pub").contains("Serial: 3\n"));
    folder.is_sound();
}

#[test]
fn what_is_given_up_keeps_its_reason_and_its_serial() {
    let (folder, _agent) = world();
    let number = folder.listed(&["--status", "unfinished"])[0]["number"].as_u64().unwrap().to_string();
    folder.certgate(["audit", "close", &number]).exits(2);
    folder.certgate(["audit", "close", &number, "--abandon", "x", "--certificate", "y"]).exits(2);
    for unfit in [&["--all"][..], &["--all", "--abandon", "x", &number], &["--all", "--certificate", "x"]] {
        folder.certgate(["audit", "close"]).arguments(unfit).exits(2);
    }
    // A run in progress may have reserved what is this young.
    let run = folder.certgate(["audit", "close", "--all", "--abandon", "x"]).exits(0);
    assert_eq!(
        run.stderr,
        "0 certificates are given up\n2 stay: they were reserved less than an hour ago, and may be on their way\n"
    );
    assert_eq!(folder.listed(&["--status", "unfinished"]).len(), 2);
    folder.certgate(["audit", "close", &number, "--abandon", "nobody was there"]).exits(0);
    let run = folder.certgate(["audit", "close", &number, "--abandon", "again"]).exits(2);
    assert!(run.stderr.contains("is recorded or abandoned already"), "{run:?}");
    assert_eq!(folder.listed(&["--status", "abandoned"])[0]["serial"], "1");
    let records = exported(&folder);
    let last = records.last().unwrap();
    assert_eq!(last["kind"], "certificate-abandoned");
    assert!(base64_bytes(last["body"].as_str().unwrap()).ends_with(b"nobody was there"));
    folder.is_sound();
}
