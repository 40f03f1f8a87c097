//! OpenSSL as the witness of rules: whether it verifies what a rule finds, and which hosts it says that names cover.
//!
//! Where the two differ on purpose the case stands in a table with its reason; to agree there is a failure too.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use certgate_facts::{Entry, Reading, Source};
use certgate_rules::path::ReferenceName;
use certgate_rules::{Policy, Slot, TlsUpload, TrustAnchors, judge};

/// The moment at which fixtures are judged, and the same for `-attime`.
const AT: &str = "2026-11-01T00:00:00Z";
const AT_UNIX_SECS: &str = "1793491200";

/// A fixture of a rule on which the two differ, and why.
type Row = (&'static str, &'static str);

const USAGES: [Row; 3] = [
    ("bad-ecdsa-encipherment", "what a key cannot do is let be, where it can do what TLS needs"),
    ("bad-ed25519-agreement", "key agreement is taken for a usage of TLS, whatever the key"),
    ("bad-rsa-encipherment", "the exchange of keys by RSA alone is a usage of TLS, until version 1.2"),
];
const DATES: [Row; 1] =
    [("good-expired", "the last second of validity counts as expired; by RFC 5280 it is included")];

fn folder(rule: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules").join(rule)
}

fn read(path: &Path) -> Reading {
    Reading::of(Source::read(path.to_str().unwrap(), fs::File::open(path).unwrap()).unwrap())
}

/// Whether the rule finds anything.
fn is_found(rule: &str, path: &Path) -> bool {
    let slot = |extension| Slot::whole(Arc::new(read(&path.with_extension(extension))));
    let trust = path.with_extension("trust");
    let anchors = if trust.exists() { TrustAnchors::of(&[read(&trust)]) } else { TrustAnchors::Mozilla };
    let verdict = judge(TlsUpload::new(slot("pem"), slot("key")), &Policy::new(AT.parse().unwrap(), anchors));
    verdict.findings().iter().any(|finding| finding.rule().name() == rule)
}

/// Whether OpenSSL takes the chain for a server's, under the root beside it or under its last certificate.
fn is_verified(rule: &str, path: &Path, strict: bool) -> bool {
    let text = fs::read_to_string(path).unwrap();
    let last = text.rfind("-----BEGIN CERTIFICATE-----").unwrap();
    let trust = path.with_extension("trust");
    let trusted = if trust.exists() {
        trust
    } else {
        let name = format!("{rule}-{}", path.file_name().unwrap().to_str().unwrap());
        let trusted = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&trusted, &text[last..]).unwrap();
        trusted
    };
    let mut openssl = Command::new("openssl");
    openssl.args(["verify", "-purpose", "sslserver", "-partial_chain", "-attime", AT_UNIX_SECS]);
    openssl.args(strict.then_some("-x509_strict"));
    openssl.arg("-trusted").arg(trusted).arg("-untrusted").arg(path).arg(path);
    openssl.output().unwrap().status.success()
}

/// Every fixture of the rule, but for those of the table: found is what does not verify.
#[track_caller]
fn agree(rule: &str, strict: bool, rows: &[Row]) {
    let mut differing = BTreeSet::new();
    for entry in fs::read_dir(folder(rule)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pem")
            && is_found(rule, &path) == is_verified(rule, &path, strict)
        {
            differing.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    let known: BTreeSet<String> = rows.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(differing, known, "{rule}: where the two differ, and where the table says so");
}

#[test]
fn leaves_that_are_not_for_servers_are_those_that_openssl_refuses() {
    agree("server-auth-missing", false, &[]);
}

#[test]
fn key_usages_that_leave_nothing_for_tls_are_those_that_openssl_refuses() {
    agree("key-usage-unfit", false, &USAGES);
}

#[test]
fn leaves_that_sign_certificates_are_those_that_openssl_refuses_when_strict() {
    agree("leaf-signs-certificates", true, &[]);
}

#[test]
fn members_out_of_date_are_those_that_openssl_refuses() {
    agree("chain-member-out-of-date", false, &DATES);
}

#[test]
fn issuers_that_may_not_sign_are_those_that_openssl_refuses() {
    agree("issuer-signs-no-certificates", false, &[]);
}

/// Why OpenSSL lets a name cover a host that it does not cover here.
const PARTIAL: &str = "a `*` beside other characters of its label counts, unless a flag forbids it";
const NO_LIST: &str = "it knows no list of public suffixes";

/// A fixture, a host, whether a name of its leaf covers the host here, and why OpenSSL says otherwise, if it does.
const HOSTS: [(&str, &str, bool, Option<&str>); 17] = [
    ("common-name-not-a-san/bad-forgotten", "gate.example.com", false, None),
    ("common-name-not-a-san/good-forgotten", "gate.example.com", true, None),
    ("dns-name-has-underscore/good-host", "gate-1.example.com", true, None),
    ("dns-name-is-address/bad-ipv4", "192.0.2.77", false, None),
    ("dns-name-is-address/bad-ipv6", "2001:db8::77", false, None),
    ("dns-name-is-address/good-ipv4", "192.0.2.77", true, None),
    ("dns-name-is-address/good-ipv6", "2001:db8::77", true, None),
    ("dns-name-malformed/bad-several", "a.example.com", false, None),
    ("dns-name-malformed/good-several", "a.example.com", true, None),
    ("dns-name-malformed/good-a-label", "xn--zrich-kva.example.com", true, None),
    ("wildcard-malformed/bad-inner", "www.a.example.com", false, None),
    ("wildcard-malformed/bad-partial", "www1.gate.example.com", false, Some(PARTIAL)),
    ("wildcard-malformed/good-partial", "www1.gate.example.com", true, None),
    ("wildcard-malformed/bad-several", "a.b.example.com", false, None),
    ("wildcard-on-public-suffix/bad-country", "shop.co.uk", false, Some(NO_LIST)),
    ("wildcard-on-public-suffix/bad-private", "shop.github.io", false, Some(NO_LIST)),
    ("wildcard-on-public-suffix/good-country", "shop.example.co.uk", true, None),
];

#[test]
fn names_cover_the_hosts_that_openssl_says_but_for_those_with_a_reason() {
    for (fixture, host, expected, difference) in HOSTS {
        let path = folder(fixture).with_extension("pem");
        let reading = read(&path);
        let leaf = reading.entries().iter().find_map(Entry::certificate).unwrap();
        let reference = ReferenceName::host(host).unwrap();
        assert_eq!(reference.is_covered_by(leaf), expected, "{fixture} {host}");
        let option = if matches!(reference, ReferenceName::Ip(_)) { "-checkip" } else { "-checkhost" };
        let mut openssl = Command::new("openssl");
        openssl.args(["x509", "-noout", option, host, "-in"]).arg(&path);
        let said = String::from_utf8(openssl.output().unwrap().stdout).unwrap();
        let openssl_covers = said.contains("does match");
        assert_eq!(openssl_covers, expected ^ difference.is_some(), "{fixture}: {said}");
    }
}
