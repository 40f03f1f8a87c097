//! Real clients and servers: what becomes of certificates that were issued here is what `verify` foretold.

mod foreign;
mod lists;
mod names;
mod rotation;
mod times;
mod types;

use crate::harness::{Folder, Handshake, client_version};

/// Every meeting is one of the tables below, each of which is counted where it is gone through.
const HANDSHAKES: usize = types::HANDSHAKES
    + names::HANDSHAKES
    + times::HANDSHAKES
    + foreign::HANDSHAKES
    + lists::HANDSHAKES
    + rotation::HANDSHAKES;

#[test]
fn there_are_more_than_34_handshakes() {
    let counted = [
        types::HANDSHAKES,
        names::HANDSHAKES,
        times::HANDSHAKES,
        foreign::HANDSHAKES,
        lists::HANDSHAKES,
        rotation::HANDSHAKES,
    ];
    assert!(HANDSHAKES >= 90 && counted.iter().all(|count| *count >= 8), "{counted:?}");
}

const ACCEPTED: &str = "certificate signature-algorithm";

/// A meeting and what is expected of it: decision and step.
type Case<'a> = (Handshake<'a>, &'a str);

/// At `web.example.com`, with the known hosts in `known_hosts`.
fn meeting<'a>(key: &'a str, certificate: &'a str) -> Handshake<'a> {
    let (host, known_hosts) = ("web.example.com", "known_hosts");
    Handshake { key, certificate, host, port: 22, known_hosts, krl: None }
}

/// The server shows the key `host`.
fn shown(certificate: &str) -> Handshake<'_> {
    meeting("host", certificate)
}

/// Writes the lines of the ledger for these hosts.
#[track_caller]
fn write_known_hosts(folder: &Folder, name: &str, arguments: &[&str]) {
    let run = folder.certgate(["known-hosts", "--from-ledger"]).arguments(arguments).exits(0);
    folder.write(name, run.stdout);
}

/// Has each happen, and compares it with what was foretold and with what is expected; gives how many there were.
#[track_caller]
fn meet(folder: &Folder, cases: &[Case<'_>]) -> usize {
    let version = client_version(folder);
    for (handshake, expected) in cases {
        let (decision, step, code) = handshake.predicted(folder, &version);
        let (happened, output) = handshake.happens(folder);
        assert_eq!(decision, happened, "{handshake:?}: foretold for {step}, then ssh: {output}");
        assert_eq!(code, i32::from(happened != "certificate"), "{handshake:?}");
        // The tables are written for clients before 10.3, which differ in principals from later ones.
        if is_before_10_3(&version) {
            assert_eq!(format!("{decision} {step}"), *expected, "{handshake:?}: {output}");
        }
    }
    cases.len()
}

fn is_before_10_3(version: &str) -> bool {
    let numbers = version.trim_start_matches("OpenSSH_");
    let (major, rest) = numbers.split_once('.').unwrap();
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    (major.parse::<u32>().unwrap(), minor.parse::<u32>().unwrap()) < (10, 3)
}
