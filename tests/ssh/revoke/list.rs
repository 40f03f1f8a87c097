//! `certgate ssh krl build --from-ledger`.

use super::{revoke, world};
use crate::harness::Folder;

#[track_caller]
fn version(folder: &Folder, more: &[&str]) -> u64 {
    let build = ["krl", "build", "--from-ledger", "--format", "json"];
    let json = folder.certgate(build).arguments(more).exits(0).json();
    json["krl_version"].as_str().unwrap().parse().unwrap()
}

#[test]
fn versions_go_up_with_every_list_wherever_it_is_written() {
    let folder = world();
    assert_eq!(version(&folder, &["--out", "a"]), 1);
    assert_eq!(version(&folder, &["--out", "a"]), 2);
    revoke(&folder, &["--key", "db.pub"]).exits(0);
    assert_eq!(version(&folder, &["--out", "b", "--ca", "hosts", "--comment", "of hosts"]), 3);
    assert_eq!(version(&folder, &["--out", "a"]), 4);
    let shown = folder.keygen_ok(&["-Q", "-l", "-f", "b"]);
    assert!(shown.contains("# KRL version 3") && shown.contains("# Comment: of hosts"), "{shown}");
    folder.is_sound();
}

#[test]
fn a_list_for_one_authority_has_what_is_its_own_and_what_is_of_any() {
    let folder = world();
    revoke(&folder, &["--ca", "hosts", "--serial", "1"]).exits(0);
    revoke(&folder, &["--ca", "others", "--serial", "1"]).exits(0);
    revoke(&folder, &["--key-id", "mail.example.com"]).exits(0);
    for (authority, expected) in [
        ("hosts", &["web-1-cert.pub", "mail-cert.pub"][..]),
        ("others", &["mail-cert.pub", "other-cert.pub"]),
    ] {
        version(&folder, &["--out", authority, "--ca", authority]);
        let query = folder.certgate(["krl", "query", authority, "--format", "json"]);
        let json = query.arguments(super::CERTIFICATES).exits(1).json();
        let answers = json["answers"].as_array().unwrap().iter();
        let found: Vec<&str> = answers
            .filter(|answer| answer["revoked"] == true)
            .map(|answer| answer["path"].as_str().unwrap())
            .collect();
        assert_eq!(found, expected, "{authority}");
    }
}

#[test]
fn the_list_of_another_ledger_and_what_is_no_list_are_left_alone() {
    let folder = world();
    let file_based = ["krl", "build", "--out", "other", "--krl-version", "50", "--revoke-key", "db.pub"];
    folder.certgate(file_based).exits(0);
    folder.write("text", "no list");
    let before = ["other", "text"].map(|name| folder.read(name));
    for (name, message) in [("other", "a list of version 50"), ("text", "not a key revocation list")] {
        let run = folder.certgate(["krl", "build", "--from-ledger", "--out", name]).exits(2);
        assert!(run.stderr.contains(message), "{run:?}");
    }
    assert_eq!(["other", "text"].map(|name| folder.read(name)), before);
    version(&folder, &["--out", "other", "--overwrite"]);
    assert_ne!(folder.read("other"), before[0]);
    for (more, message) in [
        (&["--revoke-key", "db.pub"][..], "cannot be used with"),
        (&["--krl-version", "9"], "cannot be used with"),
        (&["--ca", "nobody"], "no authority is called nobody"),
        (&["--state", "nowhere"], "there is no ledger"),
    ] {
        let run = folder.certgate(["krl", "build", "--from-ledger", "--out", "new"]).arguments(more).exits(2);
        assert!(run.stderr.contains(message), "{more:?}: {}", run.stderr);
    }
    assert!(!folder.path("new").exists());
    folder.is_sound();
}

#[test]
fn a_list_that_revokes_more_than_the_ledger_says_is_not_replaced_unless_that_is_spelled() {
    let folder = world();
    revoke(&folder, &["--ca", "hosts", "--serial", "1"]).exits(0);
    revoke(&folder, &["--ca", "others", "--serial", "1"]).exits(0);
    version(&folder, &["--out", "all"]);
    folder.keygen_ok(&["-k", "-f", "by-hand", "db.pub"]);
    for (out, more) in [("all", &["--ca", "hosts"][..]), ("by-hand", &[])] {
        let before = folder.read(out);
        let build = folder.certgate(["krl", "build", "--from-ledger", "--out", out]);
        let run = build.arguments(more).exits(2);
        assert!(run.stderr.contains("a list that revokes more than the ledger says"), "{run:?}");
        assert_eq!(folder.read(out), before);
        version(&folder, &[&["--out", out, "--overwrite"], more].concat());
    }
}
