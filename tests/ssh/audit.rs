//! `certgate ssh audit`: the chain of records, recomputed here from what is exported.

mod close;

use serde_json::Value;

use crate::harness::{Folder, base64_bytes, hex};

/// A ledger with records of many kinds.
fn world() -> Folder {
    let folder = Folder::with_authority();
    for key_id in ["marked-key-id-1", "marked-key-id-2"] {
        folder.issue("host", &["web.example.com"], &["--key-id", key_id]);
    }
    folder.certgate(["revoke", "--ca", "hosts", "--serial", "1", "--reason", "marked-reason"]).exits(0);
    folder.certgate(["krl", "build", "--from-ledger", "--out", "list"]).exits(0);
    folder
}

const KINDS: [&str; 7] = [
    "authority-added",
    "serial-reserved",
    "certificate-recorded",
    "serial-reserved",
    "certificate-recorded",
    "revoked",
    "krl-published",
];

fn exported(folder: &Folder) -> Vec<Value> {
    let run = folder.certgate(["audit", "export"]).exits(0);
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn head(folder: &Folder) -> String {
    folder.certgate(["audit", "head"]).exits(0).stdout.trim().to_owned()
}

/// SHA-256 by another program, in hexadecimal.
fn sha256(folder: &Folder, bytes: &[u8]) -> String {
    folder.write("hashed", bytes);
    let output = folder.openssh("sha256sum", &["hashed"]);
    String::from_utf8(output.stdout).unwrap()[..64].to_owned()
}

fn bytes_of_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn whoever_has_the_export_can_recompute_every_hash_up_to_the_head() {
    let folder = world();
    let records = exported(&folder);
    assert_eq!(records.iter().map(|record| record["kind"].as_str().unwrap()).collect::<Vec<_>>(), KINDS);
    let mut previous = hex(&[0; 32]);
    for (number, record) in (1_u64..).zip(&records) {
        let text = |field: &str| record[field].as_str().unwrap();
        assert_eq!(record["number"], number);
        assert_eq!(text("previous"), previous);
        let output = folder.openssh("date", &["-u", "-d", text("at"), "+%s"]);
        let seconds: i64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
        let kind = text("kind").as_bytes();
        let length = u32::try_from(kind.len()).unwrap();
        let hashed = [
            &bytes_of_hex(&previous)[..],
            &number.to_be_bytes(),
            &seconds.to_be_bytes(),
            &length.to_be_bytes(),
            kind,
            &base64_bytes(text("body")),
        ];
        previous = sha256(&folder, &hashed.concat());
        assert_eq!(text("hash"), previous, "record {number}");
    }
    assert_eq!(head(&folder), format!("{}:{previous}", records.len()));
}

#[test]
fn a_head_that_was_kept_is_found_in_the_chain_for_ever_and_another_is_not() {
    let folder = world();
    let run = folder.certgate(["audit", "verify"]).exits(0);
    let kept = head(&folder);
    assert_eq!(run.stdout, format!("sound: {} records, head {kept}\n", KINDS.len()));
    folder.issue("host", &["web.example.com"], &[]);
    assert_ne!(head(&folder), kept);
    let contains = |head: &str, code| folder.certgate(["audit", "verify", "--contains", head]).exits(code);
    for head in [&kept, &kept.to_uppercase(), &format!(" {kept}\n")] {
        assert!(contains(head, 0).stdout.ends_with("the head that was kept is in it\n"));
    }
    let (number, hash) = kept.split_once(':').unwrap();
    let other = hash.replace(|letter: char| letter.is_ascii_digit(), "0");
    for head in [format!("{number}:{other}"), format!("6:{hash}"), format!("8:{hash}"), format!("99:{hash}")]
    {
        let run = contains(&head, 1);
        assert!(run.stdout.ends_with("broken: the head that was kept is not in it\n"), "{run:?}");
    }
    for head in ["", "7", hash, &format!("0:{hash}"), &format!("seven:{hash}"), &format!("7:{hash}0")] {
        assert!(contains(head, 2).stderr.contains("is no head"), "{head}");
    }
}

#[test]
fn an_older_copy_of_the_ledger_is_sound_and_lacks_the_head_that_was_kept() {
    let folder = world();
    let old = folder.read("state/ledger.sqlite3");
    folder.issue("host", &["web.example.com"], &[]);
    let kept = head(&folder);
    folder.write("state/ledger.sqlite3", old);
    folder.is_sound();
    folder.certgate(["audit", "verify", "--contains", &kept]).exits(1);
    let folder = Folder::new();
    folder.certgate(["audit", "head"]).exits(2);
    folder.certgate(["audit", "verify"]).exits(2);
    folder.certgate(["audit", "export"]).exits(2);
    assert!(!folder.path("state").exists(), "asking makes no ledger");
}

/// Where the marks stand in the ledger's file.
fn places(bytes: &[u8], mark: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|at| bytes[*at..].starts_with(mark)).collect()
}

#[test]
fn whatever_is_changed_in_the_ledgers_file_is_found() {
    let folder = world();
    let sound = folder.read("state/ledger.sqlite3");
    let mut count = 0;
    for mark in
        ["marked-key-id-1", "marked-key-id-2", "marked-reason", "web.example.com", "authorities/hosts"]
    {
        let places = places(&sound, mark.as_bytes());
        count += places.len();
        for at in places {
            let mut changed = sound.clone();
            changed[at + 1] ^= 1;
            folder.write("state/ledger.sqlite3", &changed);
            let run = folder.certgate(["audit", "verify"]).exits(1);
            // Indexes are compared by SQLite itself.
            let says = [" was changed from outside: table ", " is damaged: "];
            let is_said =
                says.iter().any(|words| run.stdout.starts_with(&format!("broken: the ledger{words}")));
            assert!(is_said && run.stdout.contains("restore it from a copy"), "{mark} at {at}: {run:?}");
        }
    }
    assert!(count >= 13, "{count}");
    folder.write("state/ledger.sqlite3", &sound);
    folder.is_sound();
}

#[test]
fn what_is_no_ledger_is_refused_and_left_alone() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("state")).unwrap();
    for bytes in
        [&b"a text that is long enough to be something else than a ledger ............"[..], &[0; 4096]]
    {
        folder.write("state/ledger.sqlite3", bytes);
        let run = folder.certgate(["audit", "verify"]).exits(2);
        assert!(run.stderr.contains("ledger"), "{run:?}");
        folder.certgate(["ca", "create", "hosts", "--without-passphrase"]).exits(2);
        assert_eq!(folder.read("state/ledger.sqlite3"), bytes);
    }
}
