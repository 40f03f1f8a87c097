//! Key revocation lists of every kind, out of the ledger and out of files.

use super::{ACCEPTED, Case, meet, shown, write_known_hosts};
use crate::harness::{Folder, Handshake};

pub(super) const HANDSHAKES: usize = OUT_OF_THE_LEDGER + OUT_OF_FILES.len();
const OUT_OF_THE_LEDGER: usize = 14;

const REVOKED: &str = "refused revocation-list";

/// What the ledger revokes, each time something else.
const REVOCATIONS: [&[&str]; 7] = [
    &["--serial", "1", "--ca", "hosts"],
    &["--serial", "2-4", "--ca", "hosts"],
    &["--key-id", "by-key-id"],
    &["--principal", "by-principal.example.com"],
    &["--host", "by-host.example.com"],
    &["--key", "by-key.pub"],
    &["--key", "gone.pub"],
];

fn revoked_in_the_ledger() -> Folder {
    let folder = Folder::with_authority();
    folder.authority("gone", &["--key-type", "ecdsa-p256"]);
    folder.key("by-key", &["ed25519"]);
    folder.key("by-host", &["ed25519"]);
    let issue = |name: &str, key: &str, ca: &str| {
        let principals = ["web.example.com".to_owned(), format!("{name}.example.com")];
        let out = format!("{name}-cert.pub");
        folder.issue(
            key,
            &principals.each_ref().map(String::as_str),
            &["--ca", ca, "--key-id", name, "--out", &out],
        );
    };
    // Their serials are 1, 2, 3 and so on.
    for name in ["by-serial", "by-range", "in-range", "range-end", "by-key-id", "by-principal", "untouched"] {
        issue(name, "host", "hosts");
    }
    issue("by-host", "by-host", "hosts");
    issue("by-key", "by-key", "hosts");
    issue("gone", "host", "gone");
    write_known_hosts(&folder, "known_hosts", &["--host", "*.example.com"]);
    folder.certgate(["krl", "build", "--from-ledger", "--out", "empty"]).exits(0);
    for target in REVOCATIONS {
        folder.certgate(["revoke", "--reason", "a test"]).arguments(target).exits(0);
    }
    folder.certgate(["krl", "build", "--from-ledger", "--out", "list"]).exits(0);
    folder.certgate(["krl", "build", "--from-ledger", "--ca", "hosts", "--out", "of-hosts"]).exits(0);
    write_known_hosts(&folder, "revoked-lines", &["--host", "*.example.com"]);
    folder
}

#[test]
fn what_the_ledger_revokes_is_refused_by_its_list_and_its_lines_and_nothing_else_is() {
    let folder = revoked_in_the_ledger();
    let under = |krl, certificate| Handshake { krl: Some(krl), ..shown(certificate) };
    let of_key = |key, certificate| Handshake { key, ..under("list", certificate) };
    let by_lines = |key, certificate| Handshake { key, known_hosts: "revoked-lines", ..shown(certificate) };
    let cases: [Case<'_>; OUT_OF_THE_LEDGER] = [
        (under("empty", "by-serial-cert.pub"), ACCEPTED),
        (under("list", "by-serial-cert.pub"), REVOKED),
        (under("list", "by-range-cert.pub"), REVOKED),
        (under("list", "in-range-cert.pub"), REVOKED),
        (under("list", "range-end-cert.pub"), REVOKED),
        (under("list", "by-key-id-cert.pub"), REVOKED),
        (under("list", "by-principal-cert.pub"), REVOKED),
        (of_key("by-host", "by-host-cert.pub"), REVOKED),
        (of_key("by-key", "by-key-cert.pub"), REVOKED),
        (under("list", "gone-cert.pub"), REVOKED),
        (under("list", "untouched-cert.pub"), ACCEPTED),
        (under("of-hosts", "by-key-id-cert.pub"), REVOKED),
        (by_lines("by-key", "by-key-cert.pub"), "refused revoked-line"),
        (by_lines("host", "untouched-cert.pub"), ACCEPTED),
    ];
    assert_eq!(meet(&folder, &cases), OUT_OF_THE_LEDGER);
}

const BY_HOSTS: [&str; 2] = ["--authority", "hosts.pub"];

/// A list of one kind, the section that `krl show` names, and whether the certificate with serial 7 is in it.
const OUT_OF_FILES: [(&[&str], &[&str], &str, bool); 13] = [
    (&BY_HOSTS, &["--revoke-serial", "7"], "serial-list", true),
    (&BY_HOSTS, &["--revoke-serial", "8"], "serial-list", false),
    (&BY_HOSTS, &["--revoke-serial", "2-7000"], "serial-range", true),
    (
        &BY_HOSTS,
        &[
            "--revoke-serial",
            "1",
            "--revoke-serial",
            "3-5",
            "--revoke-serial",
            "7",
            "--revoke-serial",
            "9-12",
        ],
        "serial-bitmap",
        true,
    ),
    (
        &BY_HOSTS,
        &[
            "--revoke-serial",
            "1",
            "--revoke-serial",
            "3-5",
            "--revoke-serial",
            "8",
            "--revoke-serial",
            "10-12",
        ],
        "serial-bitmap",
        false,
    ),
    (&["--any-authority"], &["--revoke-serial", "7"], "serial-list", true),
    (&["--authority", "other.pub"], &["--revoke-serial", "7"], "serial-list", false),
    (&BY_HOSTS, &["--revoke-key-id", "web-7"], "key-ids", true),
    (&[], &["--revoke-key", "host.pub"], "keys", true),
    (&[], &["--revoke-key", "host.pub", "--keys-as", "sha1"], "sha1", true),
    (&[], &["--revoke-key", "host.pub", "--keys-as", "sha256"], "sha256", true),
    (&[], &["--revoke-key", "hosts.pub"], "keys", true),
    (&[], &["--revoke-certificate", "web-cert.pub"], "serial-list", true),
];

#[test]
fn lists_of_every_kind_are_refused_for_what_is_in_them_and_for_nothing_else() {
    let folder = Folder::with_authority();
    folder.key("other", &["ed25519"]);
    for serial in 1..=7 {
        let id = format!("web-{serial}");
        folder.issue("host", &["web.example.com"], &["--key-id", &id, "--out", "web-cert.pub"]);
    }
    write_known_hosts(&folder, "known_hosts", &["--host", "*.example.com"]);
    let mut count = 0;
    for (scope, what, section, is_revoked) in OUT_OF_FILES {
        let build = ["krl", "build", "--out", "list", "--overwrite", "--format", "json"];
        let run = folder.certgate(build).arguments(scope).arguments(what).exits(0);
        assert!(run.stdout.contains(&format!("\"{section}\"")), "{section}: {}", run.stdout);
        let expected = if is_revoked { REVOKED } else { ACCEPTED };
        let handshake = Handshake { krl: Some("list"), ..shown("web-cert.pub") };
        count += meet(&folder, &[(handshake, expected)]);
    }
    assert_eq!(count, OUT_OF_FILES.len());
}
