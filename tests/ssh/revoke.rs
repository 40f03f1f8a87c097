//! `certgate ssh revoke`, and the lists that are built of what the ledger revokes.

mod list;

use serde_json::Value;

use crate::harness::{Certgate, Folder, base64, base64_bytes};

/// Certificates 1 to 4 of `hosts`: for `web` twice, for `db` and for `mail`, the last two with keys of their own. And one of `others`.
fn world() -> Folder {
    let folder = Folder::with_authority();
    folder.authority("others", &["--key-type", "ecdsa-p256"]);
    for key in ["db", "mail"] {
        folder.key(key, &["ed25519"]);
    }
    for (key, names, more) in [
        ("host", ["web.example.com", "shared.example.com"], ["--out", "web-1-cert.pub", "--ca", "hosts"]),
        ("host", ["web.example.com", "192.0.2.7"], ["--out", "web-2-cert.pub", "--ca", "hosts"]),
        ("db", ["db.example.com", "shared.example.com"], ["--out", "db-cert.pub", "--ca", "hosts"]),
        ("mail", ["mail.example.com", "192.0.2.9"], ["--out", "mail-cert.pub", "--ca", "hosts"]),
        ("db", ["db.example.com", "old-db.example.com"], ["--out", "other-cert.pub", "--ca", "others"]),
    ] {
        folder.issue(key, &names, &more);
    }
    folder
}

const CERTIFICATES: [&str; 5] =
    ["web-1-cert.pub", "web-2-cert.pub", "db-cert.pub", "mail-cert.pub", "other-cert.pub"];

fn revoke(folder: &Folder, target: &[&str]) -> Certgate {
    folder.certgate(["revoke", "--reason", "the fire of 2026"]).arguments(target)
}

/// The certificates that the list of the ledger revokes, of which `ssh-keygen -Q` says the same as the ledger.
#[track_caller]
fn revoked(folder: &Folder) -> Vec<&'static str> {
    folder.certgate(["krl", "build", "--from-ledger", "--out", "list"]).exits(0);
    let is_revoked = |file: &&str| {
        let output = folder.openssh("ssh-keygen", &["-Q", "-f", "list", file]);
        String::from_utf8_lossy(&output.stdout).contains("REVOKED")
    };
    let found: Vec<&str> = CERTIFICATES.into_iter().filter(is_revoked).collect();
    let listed = folder.listed(&["--status", "revoked"]);
    assert_eq!(listed.len(), found.len(), "{listed:?}");
    assert!(listed.iter().all(|entry| entry["revocation_reason"] == "the fire of 2026"), "{listed:?}");
    assert!(listed.iter().all(|entry| entry["revoked_at"].as_str().is_some_and(|at| at.ends_with('Z'))));
    found
}

#[test]
fn each_target_revokes_what_it_means_and_nothing_else() {
    let cases: [(&[&str], &[&str]); 12] = [
        (&["--ca", "hosts", "--serial", "1"], &["web-1-cert.pub"]),
        (&["--ca", "hosts", "--serial", "2-3"], &["web-2-cert.pub", "db-cert.pub"]),
        (&["--ca", "hosts", "--serial", "4-4000"], &["mail-cert.pub"]),
        (&["--key-id", "web.example.com"], &["web-1-cert.pub", "web-2-cert.pub"]),
        (&["--key-id", "db.example.com"], &["db-cert.pub", "other-cert.pub"]),
        (&["--key-id", "db.example.com", "--ca", "others"], &["other-cert.pub"]),
        (&["--principal", "shared.example.com"], &["web-1-cert.pub", "db-cert.pub"]),
        (&["--principal", "192.0.2.9", "--ca", "hosts"], &["mail-cert.pub"]),
        (&["--host", "old-db.example.com"], &["db-cert.pub", "other-cert.pub"]),
        (&["--host", "192.0.2.7"], &["web-1-cert.pub", "web-2-cert.pub"]),
        (&["--key", "db.pub"], &["db-cert.pub", "other-cert.pub"]),
        (&["--key", "hosts.pub"], &CERTIFICATES[..4]),
    ];
    for (target, expected) in cases {
        let folder = world();
        let run = revoke(&folder, target).exits(0);
        assert!(run.stderr.starts_with("revoked: ") && run.stdout.is_empty(), "{run:?}");
        assert_eq!(revoked(&folder), expected, "{target:?}");
        assert_eq!(run.stderr.contains("hint: its keys may have new"), target[0] == "--host", "{run:?}");
        folder.is_sound();
    }
}

#[test]
fn what_is_revoked_already_is_said_to_be_and_adds_nothing() {
    let folder = world();
    for target in [
        &["--ca", "hosts", "--serial", "1-3"][..],
        &["--key-id", "db.example.com"],
        &["--principal", "mail.example.com"],
        &["--host", "mail.example.com"],
        &["--key", "host.pub"],
    ] {
        revoke(&folder, target).run();
        let head = folder.certgate(["audit", "head"]).exits(0).stdout;
        let run = revoke(&folder, target).exits(0);
        assert_eq!(run.stderr, "all of it was revoked before\n", "{target:?}");
        assert_eq!(folder.certgate(["audit", "head"]).exits(0).stdout, head);
    }
}

#[test]
fn a_host_key_or_key_id_that_is_revoked_gets_no_certificate_and_uses_up_no_serial() {
    let folder = world();
    revoke(&folder, &["--key", "db.pub"]).exits(0);
    revoke(&folder, &["--key-id", "web.example.com"]).exits(0);
    let before = folder.contents();
    for (key, name, reason) in [
        ("db.pub", "new.example.com", "the host's key is revoked"),
        ("host.pub", "web.example.com", "its key id is revoked"),
    ] {
        let issue = ["issue", "--ca", "hosts", "--public-key", key, "--principal", name, "--out", "new"];
        for dry_run in [&["--dry-run"][..], &[]] {
            let run = folder.certgate(issue).arguments(dry_run).exits(2);
            assert!(run.stdout.contains(reason), "{run:?}");
        }
        let run = folder.certgate(["renew", "web-2-cert.pub"]).exits(2);
        assert!(run.stdout.contains("it is revoked"), "{run:?}");
        assert!(!folder.path("new").exists());
    }
    folder.issue("host", &["new.example.com"], &["--ca", "hosts", "--out", "new"]);
    assert!(folder.facts("new").contains("Serial: 5\n"));
    assert_eq!(folder.contents().len(), before.len() + 1);
}

#[test]
fn serials_that_were_revoked_in_advance_are_not_given() {
    let folder = world();
    revoke(&folder, &["--ca", "hosts", "--serial", "5-8"]).exits(0);
    let serial = || {
        folder.issue("mail", &["mail.example.com"], &["--ca", "hosts"]);
        folder.listed(&["--ca", "hosts"]).last().unwrap()["serial"].clone()
    };
    assert_eq!(serial(), "9");
    assert_eq!(serial(), "10");
    folder.is_sound();
}

#[test]
fn an_authority_whose_key_is_revoked_signs_no_more_and_clients_are_told() {
    let folder = world();
    revoke(&folder, &["--key", "hosts.pub"]).exits(0);
    let issue = ["issue", "--ca", "hosts", "--public-key", "host.pub", "--principal", "web.example.com"];
    let run = folder.certgate(issue).exits(2);
    assert!(run.stdout.contains("the key of authority hosts is revoked"), "{run:?}");
    let key = |name: &str| folder.line(name).split(' ').take(2).collect::<Vec<_>>().join(" ");
    let run = folder.certgate(["known-hosts", "--from-ledger", "--host", "*.example.com"]).exits(0);
    let trusted = format!("@cert-authority *.example.com {} others\n", key("others.pub"));
    assert_eq!(run.stdout, trusted + &format!("@revoked * {}\n", key("hosts.pub")));
    assert_eq!(run.stderr, "no line trusts authority hosts: its key is revoked\n");
    folder.issue("host", &["web.example.com"], &["--ca", "others"]);
}

#[test]
fn a_key_is_revoked_in_whichever_encoding_it_comes() {
    let folder = Folder::with_authority();
    folder.key("rsa", &["rsa", "-b", "2048"]);
    folder.issue("rsa", &["web.example.com"], &[]);
    // The modulus with two zeros more: the last of three strings, behind `ssh-rsa` and 65537.
    let mut blob = base64_bytes(folder.line("rsa.pub").split(' ').nth(1).unwrap());
    let modulus = 4 + 7 + 4 + 3 + 4;
    let length = u32::try_from(blob.len() - modulus + 2).unwrap();
    blob.splice(modulus - 4..modulus, [&length.to_be_bytes()[..], &[0, 0]].concat());
    folder.write("padded.pub", format!("ssh-rsa {}\n", base64(&blob)));
    let fingerprint = folder.keygen_ok(&["-l", "-f", "padded.pub"]).split(' ').nth(1).unwrap().to_owned();
    assert_eq!(folder.listed(&["--host-key", &fingerprint]).len(), 1);
    revoke(&folder, &["--key", "padded.pub"]).exits(0);
    assert_eq!(folder.listed(&["--status", "revoked"]).len(), 1);
    for key in ["rsa.pub", "padded.pub"] {
        let issue = ["issue", "--public-key", key, "--principal", "db.example.com", "--out", "new-cert.pub"];
        let run = folder.certgate(issue).exits(2);
        assert!(run.stdout.contains("the host's key is revoked"), "{run:?}");
    }
    folder.is_sound();
}

#[test]
fn what_cannot_be_revoked_is_exit_code_2_and_changes_nothing() {
    let folder = world();
    let before = folder.contents();
    let long = "x".repeat(100_000);
    let cases: [(&[&str], &str); 16] = [
        (&[], "--serial"),
        (&["--serial", "1"], "--ca"),
        (&["--ca", "nobody", "--serial", "1"], "no authority is called nobody"),
        (&["--ca", "hosts", "--serial", "one"], "`one` is no serial"),
        (&["--ca", "hosts", "--serial", "0"], "serials 0 to 0 are no range"),
        (&["--ca", "hosts", "--serial", "9-7"], "serials 9 to 7 are no range"),
        (&["--ca", "hosts", "--serial", "18446744073709551616"], "is no serial"),
        (&["--ca", "hosts", "--serial", "-1"], "-1"),
        (&["--ca", "hosts", "--serial", "1", "--key-id", "x"], "cannot be used with"),
        (&["--principal", "nobody.example.com"], "no certificate in the ledger is meant by this principal"),
        (&["--host", "nobody.example.com"], "no certificate in the ledger is meant by this host"),
        (&["--principal", "db.example.com", "--ca", "nobody"], "no authority is called nobody"),
        (&["--key", "missing"], "cannot read `missing`"),
        (&["--key", "db-cert.pub"], "a certificate, where a plain public key is due"),
        (&["--key", "db"], "private key"),
        (&["--key-id", &long], ""),
    ];
    for (target, message) in cases {
        let run = revoke(&folder, target).exits(2);
        assert!(run.stderr.contains(message) && run.stdout.is_empty(), "{target:?}: {}", run.stderr);
        assert_eq!(folder.contents(), before, "{target:?}");
    }
    let run = folder.certgate(["revoke", "--key", "db.pub"]).exits(2);
    assert!(run.stderr.contains("--reason"), "{run:?}");
    let run = revoke(&folder, &["--key", "db.pub", "--state", "nowhere"]).exits(2);
    assert!(run.stderr.contains("there is no ledger"), "{run:?}");
    assert_eq!(folder.listed(&["--status", "revoked"]), Vec::<Value>::new());
}
