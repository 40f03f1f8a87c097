//! `certgate ssh krl`: lists of `ssh-keygen` that we read, lists of ours that it reads.

use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::Value;

use crate::harness::{Certgate, Folder};

/// An authority, another one, a host with three certificates, and another host.
fn world() -> Folder {
    let folder = Folder::with_certificate("web.example.com");
    folder.key("other-ca", &["ecdsa", "-b", "384"]);
    folder.key("other", &["rsa", "-b", "2048"]);
    let made = |name: &str, ca: &str, id: &str, serial: &str| {
        folder.copy("host.pub", &format!("{name}.pub"));
        folder.certify(ca, name, &["-h", "-I", id, "-z", serial, "-n", "web.example.com"]);
    };
    made("zero", "ca", "web-0", "0");
    made("twelve", "ca", "web-12", "12");
    made("foreign", "other-ca", "web-1", "7");
    folder
}

const SUBJECTS: [&str; 8] = [
    "ca.pub",
    "other-ca.pub",
    "host.pub",
    "other.pub",
    "host-cert.pub",
    "zero-cert.pub",
    "twelve-cert.pub",
    "foreign-cert.pub",
];

fn krl(folder: &Folder, arguments: &[&str]) -> Certgate {
    folder.certgate(["krl"]).arguments(arguments)
}

/// What `ssh-keygen -Q` and `krl query` say is revoked: the same.
#[track_caller]
fn revoked(folder: &Folder, list: &str) -> Vec<&'static str> {
    let theirs = |subject: &&str| {
        let output = folder.openssh("ssh-keygen", &["-Q", "-f", list, subject]);
        String::from_utf8_lossy(&output.stdout).contains("REVOKED")
    };
    let theirs: Vec<&str> = SUBJECTS.into_iter().filter(theirs).collect();
    let run = krl(folder, &["query", list, "--format", "json"]).arguments(SUBJECTS).run();
    assert_eq!(run.code, i32::from(!theirs.is_empty()), "{run:?}");
    let json = run.json();
    let answers = json["answers"].as_array().unwrap().iter();
    let ours: Vec<&str> = answers
        .filter(|answer| answer["revoked"] == Value::Bool(true))
        .map(|answer| SUBJECTS.into_iter().find(|subject| *subject == answer["path"]).unwrap())
        .collect();
    assert_eq!(ours, theirs);
    ours
}

/// Specifications for `ssh-keygen -k`, with the authority for `-s` if there is one.
const SPECIFICATIONS: [(Option<&str>, &str); 8] = [
    (None, ""),
    (Some("ca.pub"), "serial: 5\nserial: 10-15\nserial: 18446744073709551615\n"),
    (Some("none"), "serial: 1-4\nserial: 30000-40000\nserial: 10\nserial: 999\nserial: 7\n"),
    (
        Some("ca.pub"),
        "serial: 1\nserial: 3\nserial: 5\nserial: 7\nserial: 9\nserial: 12\nserial: 14\nserial: 17\n",
    ),
    (Some("other-ca.pub"), "id: web-1\nid: another, with words\n"),
    (None, "{host.pub}\n{other-ca.pub}\n"),
    (None, "sha1: {host.pub}\nsha256: {other.pub}\nsha256: {ca.pub}\n"),
    (Some("ca.pub"), "{zero-cert.pub}\n{twelve-cert.pub}\nsha1: {other.pub}\n{host.pub}\n"),
];

fn written_by_ssh_keygen(folder: &Folder, (authority, specification): (Option<&str>, &str)) {
    let mut specification = specification.to_owned();
    for subject in SUBJECTS {
        specification = specification.replace(&format!("{{{subject}}}"), &folder.line(subject));
    }
    folder.write("specification", specification);
    let _ = std::fs::remove_file(folder.path("theirs"));
    let mut arguments = vec!["-q", "-k", "-f", "theirs", "-z", "41"];
    arguments.extend(authority.into_iter().flat_map(|authority| ["-s", authority]));
    arguments.push("specification");
    folder.keygen_ok(&arguments);
}

#[test]
fn lists_of_ssh_keygen_come_back_from_their_json_byte_for_byte_and_say_what_it_says() {
    let folder = world();
    let mut found = 0;
    for specification in SPECIFICATIONS {
        written_by_ssh_keygen(&folder, specification);
        let run = krl(&folder, &["show", "theirs", "--format", "json"]).exits(0);
        folder.write("theirs.json", &run.stdout);
        let build = ["build", "--from-json", "theirs.json", "--out", "again", "--overwrite"];
        krl(&folder, &build).exits(0);
        assert_eq!(folder.read("again"), folder.read("theirs"), "{specification:?}");
        assert_eq!(run.json()["krl_version"], "41");
        found += revoked(&folder, "theirs").len();
        krl(&folder, &["show", "theirs"]).exits(0);
    }
    assert!(found > 15, "{found}");
}

#[test]
fn show_says_what_is_in_a_list() {
    let folder = world();
    let authority = folder.keygen_ok(&["-l", "-f", "ca.pub"]);
    let fingerprint = authority.split(' ').nth(1).unwrap();
    written_by_ssh_keygen(&folder, SPECIFICATIONS[1]);
    let run = krl(&folder, &["show", "-"]).stdin(folder.read("theirs")).exits(0);
    for part in ["version        41", "5, 10-15, 18446744073709551615", fingerprint] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
}

#[test]
fn query_says_by_which_entry_something_is_revoked() {
    let folder = world();
    for (specification, subject, by, about_authority) in [
        (SPECIFICATIONS[2], "host-cert.pub", "serial", false),
        (SPECIFICATIONS[4], "foreign-cert.pub", "key-id", false),
        (SPECIFICATIONS[5], "host-cert.pub", "key", false),
        (SPECIFICATIONS[5], "foreign-cert.pub", "key", false),
        (SPECIFICATIONS[6], "host.pub", "sha1", false),
        (SPECIFICATIONS[6], "other.pub", "sha256", false),
        ((None, "{other-ca.pub}"), "foreign-cert.pub", "key", true),
    ] {
        written_by_ssh_keygen(&folder, specification);
        let json = krl(&folder, &["query", "theirs", subject, "--format", "json"]).exits(1).json();
        let answer = &json["answers"][0];
        assert_eq!((&answer["by"], &answer["about_authority"]), (&by.into(), &about_authority.into()));
    }
    let run = krl(&folder, &["query", "theirs", "host.pub", "foreign-cert.pub"]).exits(1);
    assert_eq!(
        run.stdout,
        "host.pub:1: not revoked\nforeign-cert.pub:1: revoked: the authority's key is in the list\n"
    );
}

#[test]
fn ssh_keygen_reads_the_lists_that_are_built_and_says_what_was_meant() {
    let folder = world();
    let cases: [(&[&str], &[&str]); 9] = [
        (&[], &[]),
        (&["--authority", "ca.pub", "--revoke-serial", "7"], &["host-cert.pub"]),
        (&["--authority", "ca.pub", "--revoke-serial", "2-12"], &["host-cert.pub", "twelve-cert.pub"]),
        (&["--any-authority", "--revoke-serial", "7"], &["host-cert.pub", "foreign-cert.pub"]),
        (&["--authority", "other-ca.pub", "--revoke-key-id", "web-1"], &["foreign-cert.pub"]),
        (&["--revoke-certificate", "twelve-cert.pub"], &["twelve-cert.pub"]),
        (&["--revoke-certificate", "zero-cert.pub"], &["zero-cert.pub"]),
        (&["--revoke-key", "other-ca.pub", "--keys-as", "sha256"], &["other-ca.pub", "foreign-cert.pub"]),
        (&["--revoke-key", "other.pub", "--keys-as", "sha1"], &["other.pub"]),
    ];
    for (arguments, expected) in cases {
        let run = krl(&folder, &["build", "--out", "ours", "--overwrite"]).arguments(arguments).exits(0);
        assert!(run.stdout.starts_with("ours: ssh key revocation list\n"), "{}", run.stdout);
        assert_eq!(revoked(&folder, "ours"), expected, "{arguments:?}");
    }
}

#[test]
fn an_update_keeps_what_is_revoked_and_raises_the_version() {
    let folder = world();
    written_by_ssh_keygen(&folder, SPECIFICATIONS[6]);
    let before = revoked(&folder, "theirs");
    let update = ["build", "--update", "theirs", "--out", "theirs", "--at", "2026-07-01"];
    let more =
        ["--revoke-certificate", "foreign-cert.pub", "--comment", "after the fire", "--format", "json"];
    let json = krl(&folder, &update).arguments(more).exits(0).json();
    assert_eq!((&json["krl_version"], &json["generated_at"]), (&"42".into(), &"2026-07-01T00:00:00Z".into()));
    assert_eq!(json["comment"]["text"], "after the fire");
    let after = revoked(&folder, "theirs");
    assert!(before.iter().all(|subject| after.contains(subject)) && after.contains(&"foreign-cert.pub"));
    let json = krl(&folder, &update).arguments(["--krl-version", "50", "--format", "json"]).exits(0).json();
    assert_eq!((&json["krl_version"], &json["comment"]["text"]), (&"50".into(), &"after the fire".into()));
    let run = krl(&folder, &update).arguments(["--krl-version", "50"]).exits(2);
    assert!(run.stderr.contains("version 50 does not come after version 50"), "{}", run.stderr);
}

#[test]
fn a_list_that_is_there_is_replaced_only_where_that_is_spelled_and_then_by_a_higher_version() {
    let folder = world();
    krl(&folder, &["build", "--out", "list", "--revoke-key", "host.pub"]).exits(0);
    let before = folder.read("list");
    let run = krl(&folder, &["build", "--out", "list", "--revoke-key", "other.pub"]).exits(2);
    assert!(run.stderr.contains("`--update list` continues it"), "{}", run.stderr);
    assert_eq!(folder.read("list"), before);
    let arguments = ["build", "--out", "list", "--overwrite", "--format", "json"];
    assert_eq!(krl(&folder, &arguments).exits(0).json()["krl_version"], "2");
    assert_eq!(revoked(&folder, "list"), Vec::<&str>::new());
}

#[test]
fn what_is_written_takes_the_place_of_a_plain_file_and_of_nothing_else() {
    let folder = world();
    folder.write("list", "whatever it was");
    std::fs::set_permissions(folder.path("list"), PermissionsExt::from_mode(0o600)).unwrap();
    krl(&folder, &["build", "--out", "list", "--overwrite"]).exits(0);
    assert_eq!(std::fs::metadata(folder.path("list")).unwrap().permissions().mode() & 0o777, 0o600);
    symlink(folder.path("list"), folder.path("link")).unwrap();
    std::fs::create_dir(folder.path("folder")).unwrap();
    for (out, message) in [
        ("link", "not a plain file"),
        ("folder", "not a plain file"),
        ("/dev/null", "not a plain file"),
        ("missing/list", "cannot write `missing/list`"),
        ("..", "not a plain file"),
    ] {
        let run = krl(&folder, &["build", "--out", out, "--overwrite"]).exits(2);
        assert!(run.stderr.contains(message), "{out}: {}", run.stderr);
    }
    assert!(std::fs::symlink_metadata(folder.path("link")).unwrap().is_symlink());
    let names = std::fs::read_dir(folder.root()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with('.')).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_is_no_list_and_what_makes_none_is_exit_code_2_with_its_reason() {
    let folder = world();
    written_by_ssh_keygen(&folder, SPECIFICATIONS[1]);
    let whole = folder.read("theirs");
    folder.write("cut", &whole[..whole.len() - 3]);
    folder.write("extension", [&whole[..], &[255, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]].concat());
    folder.write("critical", [&whole[..], &[255, 0, 0, 0, 9, 0, 0, 0, 0, 1, 0, 0, 0, 0]].concat());
    folder.write("{}.json", "{}");
    let cases: [(&[&str], &str); 18] = [
        (&["show", "missing"], "cannot read `missing`"),
        (&["show", "host.pub"], "not a key revocation list"),
        (&["show", "cut"], "ends inside the value"),
        (&["show", "/dev/zero"], "larger than the limit of 67108864 bytes"),
        (&["query", "theirs"], "<KEYS>"),
        (&["query", "theirs", "missing"], "cannot read `missing`"),
        (&["query", "theirs", "theirs"], "no line with an OpenSSH"),
        (&["query", "critical", "host.pub"], "no client reads the list"),
        (&["build", "--revoke-key", "host.pub"], "--out"),
        (&["build", "--out", "new", "--revoke-serial", "7"], "--authority"),
        (&["build", "--out", "new", "--revoke-serial", "0", "--any-authority"], "serial 0 cannot be revoked"),
        (&["build", "--out", "new", "--revoke-serial", "9-7", "--any-authority"], "ends before it starts"),
        (&["build", "--out", "new", "--revoke-serial=-1", "--any-authority"], "not a serial"),
        (&["build", "--out", "new", "--revoke-key", "host-cert.pub"], "--revoke-certificate"),
        (&["build", "--out", "new", "--revoke-certificate", "host.pub"], "-cert.pub"),
        (&["build", "--out", "new", "--update", "extension"], "cannot be carried over: an extension"),
        (&["build", "--out", "new", "--from-json", "{}.json"], "missing field `version`"),
        (
            &["build", "--out", "new", "--from-json", "{}.json", "--revoke-key", "host.pub"],
            "cannot be used with",
        ),
    ];
    for (arguments, message) in cases {
        let run = krl(&folder, arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
    assert!(!folder.path("new").exists());
}
