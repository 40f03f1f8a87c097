//! `certgate ssh ca rotate` and `retire`: each step, its way back, and what is refused.

use crate::harness::{Folder, Run};

const PREPARE: [&str; 6] = ["ca", "rotate", "prepare", "next", "--replacing", "hosts"];

fn world() -> Folder {
    let folder = Folder::with_authority();
    folder.issue("host", &["web.example.com"], &[]);
    folder.certgate(PREPARE).arguments(["--without-passphrase"]).exits(0);
    folder
}

#[track_caller]
fn rotate(folder: &Folder, step: &str, name: &str, code: i32) -> Run {
    folder.certgate(["ca", "rotate", step, name]).exits(code)
}

/// How far the authorities are.
fn states(folder: &Folder) -> [String; 2] {
    ["hosts", "next"].map(|name| {
        let json = folder.certgate(["ca", "show", name, "--format", "json"]).exits(0).json();
        json["authorities"][0]["state"].as_str().unwrap().to_owned()
    })
}

/// Who signs where nobody is named, and how many authorities clients are told of.
fn signs(folder: &Folder) -> (String, usize) {
    folder.issue("host", &["web.example.com"], &["--dry-run"]);
    folder.issue("host", &["web.example.com"], &[]);
    let listed = folder.listed(&[]);
    let lines = folder.certgate(["known-hosts", "--from-ledger", "--host", "*.example.com"]).exits(0).stdout;
    let authority = listed.last().unwrap()["authority"].as_str().unwrap().to_owned();
    (authority, lines.lines().count())
}

#[test]
fn each_step_says_what_comes_next_and_every_step_can_be_taken_back() {
    let folder = world();
    assert_eq!(states(&folder), ["signing", "prepared"]);
    assert_eq!(signs(&folder), ("hosts".to_owned(), 1));
    let run = rotate(&folder, "publish", "next", 0);
    assert!(run.stderr.contains("certgate ssh ca rotate switch next"), "{run:?}");
    assert_eq!(states(&folder), ["signing", "published"]);
    assert_eq!(signs(&folder), ("hosts".to_owned(), 2));
    rotate(&folder, "back", "next", 0);
    assert_eq!(states(&folder), ["signing", "prepared"]);
    rotate(&folder, "publish", "next", 0);
    let run = rotate(&folder, "switch", "next", 0);
    let what_next = "wait until the old ones have ended or revoke them, then: certgate ssh ca retire hosts";
    assert!(run.stderr.contains(what_next), "{run:?}");
    assert_eq!(states(&folder), ["published", "signing"]);
    rotate(&folder, "back", "next", 0);
    assert_eq!(states(&folder), ["signing", "published"]);
    assert_eq!(signs(&folder), ("hosts".to_owned(), 2));
    rotate(&folder, "switch", "next", 0);
    assert_eq!(signs(&folder), ("next".to_owned(), 2));
    folder.certgate(["ca", "retire", "hosts", "--despite-valid-certificates"]).exits(0);
    assert_eq!(states(&folder), ["retired", "signing"]);
    assert_eq!(signs(&folder), ("next".to_owned(), 1));
    rotate(&folder, "back", "hosts", 0);
    assert_eq!(states(&folder), ["published", "signing"]);
    folder.is_sound();
    let json = folder.certgate(["ca", "show", "next", "--format", "json"]).exits(0).json();
    assert_eq!(json["authorities"][0]["succeeds"], "hosts");
}

#[test]
fn an_authority_retires_only_once_nothing_valid_is_left_or_when_that_is_spelled() {
    let folder = world();
    rotate(&folder, "publish", "next", 0);
    rotate(&folder, "switch", "next", 0);
    let before = folder.contents();
    let run = folder.certgate(["ca", "retire", "hosts"]).exits(2);
    assert!(run.stderr.contains("1 certificates of authority hosts can still be used"), "{run:?}");
    assert_eq!(folder.contents(), before);
    // That the host has a new one does not take the old one out of the world.
    folder.certgate(["renew", "host-cert.pub"]).exits(0);
    folder.certgate(["ca", "retire", "hosts"]).exits(2);
    folder.certgate(["revoke", "--ca", "hosts", "--serial", "1", "--reason", "replaced"]).exits(0);
    let run = folder.certgate(["ca", "retire", "hosts"]).exits(0);
    assert!(run.stderr.contains("authority hosts is retired"), "{run:?}");
    assert_eq!(states(&folder), ["retired", "signing"]);
    folder.certgate(["ca", "retire", "next"]).exits(2);
    folder.certgate(["ca", "retire", "next", "--despite-valid-certificates"]).exits(0);
    let run = folder.certgate(["issue", "--public-key", "host.pub", "--principal", "web"]).exits(2);
    assert!(run.stderr.contains("no authority signs"), "{run:?}");
    let run = folder.certgate(["known-hosts", "--from-ledger", "--host", "*.example.com"]).exits(2);
    assert!(run.stderr.contains("no authority of the ledger is published"), "{run:?}");
}

#[test]
fn steps_out_of_order_are_refused_and_change_nothing() {
    let folder = world();
    let refused = |arguments: &[&str], message: &str| {
        let before = folder.contents();
        let run = folder.certgate(["ca"]).arguments(arguments).exits(2);
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
        assert_eq!(folder.contents(), before, "{arguments:?}");
    };
    refused(
        &["rotate", "switch", "next"],
        "authority next is prepared, from where there is no step to switch",
    );
    refused(
        &["rotate", "publish", "hosts"],
        "authority hosts is signing, from where there is no step to publish",
    );
    refused(&["rotate", "back", "next"], "authority next is prepared, from where there is no step to");
    refused(&["rotate", "back", "hosts"], "");
    refused(&["rotate", "publish", "nobody"], "no authority is called nobody");
    refused(&["retire", "nobody"], "no authority is called nobody");
    let prepare = ["rotate", "prepare", "third", "--without-passphrase", "--replacing"];
    refused(&[&prepare[..], &["nobody"]].concat(), "no authority is called nobody");
    refused(
        &["rotate", "prepare", "next", "--without-passphrase", "--replacing", "hosts"],
        "called next already",
    );
    let issue = ["issue", "--ca", "next", "--public-key", "host.pub", "--principal", "web.example.com"];
    for state in ["prepared", "published"] {
        let run = folder.certgate(issue).exits(2);
        assert!(run.stderr.contains(&format!("authority next does not sign: it is {state}")), "{run:?}");
        folder.certgate(["ca", "rotate", "publish", "next"]).run();
    }
    rotate(&folder, "switch", "next", 0);
    let issue = ["issue", "--ca", "hosts", "--public-key", "host.pub", "--principal", "web.example.com"];
    let run = folder.certgate(issue).exits(2);
    assert!(run.stderr.contains("authority hosts does not sign: it is published"), "{run:?}");
    folder.issue("host", &["web.example.com"], &[]);
    refused(&["rotate", "switch", "next"], "authority next is signing");
    folder.is_sound();
}

#[test]
fn a_second_successor_leaves_no_key_behind() {
    let folder = world();
    let before = folder.contents();
    let prepare = ["ca", "rotate", "prepare", "third", "--without-passphrase", "--replacing", "hosts"];
    let run = folder.certgate(prepare).exits(2);
    assert!(run.stderr.contains("authority next is the successor already"), "{run:?}");
    assert_eq!(folder.contents(), before);
}

#[test]
fn rotation_in_a_folder_without_a_ledger_makes_none() {
    let folder = Folder::new();
    folder.certgate(PREPARE).arguments(["--without-passphrase"]).exits(2);
    rotate(&folder, "publish", "next", 2);
    folder.certgate(["ca", "retire", "hosts"]).exits(2);
    assert!(!folder.path("state").exists());
}
