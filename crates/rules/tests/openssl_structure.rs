//! OpenSSL as the witness of keys, digests and structure: it refuses each `bad-*` fixture and verifies its twin.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The moment at which fixtures are judged.
const AT_UNIX_SECS: &str = "1793491200";

/// A rule; the options under which OpenSSL minds what it finds; and where it says otherwise, and why.
type Row = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const OWN: (&str, &str) = ("good-public", "which authorities are public is no question of openssl's");

const ROWS: [Row; 6] = [
    ("authority-key-id-missing", &["-x509_strict"], &[OWN]),
    ("critical-extension-unknown", &[], &[]),
    ("key-ids-contradict", &[], &[]),
    ("rsa-key-size-refused", &["-auth_level", "2"], &[]),
    ("signature-digest-broken", &["-auth_level", "1"], &[]),
    ("version-without-extensions", &["-x509_strict"], &[]),
];

fn uploads(rule: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules").join(rule);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "pem")).collect()
}

/// Under the last certificate of the file.
fn is_verified(path: &Path, name: &str, options: &[&str]) -> bool {
    let text = fs::read_to_string(path).unwrap();
    let last = text.rfind("-----BEGIN CERTIFICATE-----").unwrap();
    let trusted = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&trusted, &text[last..]).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args(["verify", "-purpose", "sslserver", "-attime", AT_UNIX_SECS]).args(options);
    openssl.arg("-CAfile").arg(trusted).arg("-untrusted").arg(path).arg(path);
    openssl.output().unwrap().status.success()
}

#[test]
fn what_rules_find_is_what_openssl_refuses() {
    let mut faults = Vec::new();
    for (rule, options, exceptions) in ROWS {
        for path in uploads(rule) {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let differs = exceptions.iter().any(|(known, _)| *known == name);
            let is_good = name.starts_with("good-") != differs;
            if is_verified(&path, &format!("{rule}-{name}.pem"), options) != is_good {
                faults.push(format!("{rule}/{name}"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:?}");
}
