//! What is not issued, with the reason and the exit code.

use std::os::unix::fs::symlink;

use super::issue;
use crate::harness::Folder;

/// What the rules refuse is exit code 1, with the rule: arguments after `issue`.
const REFUSED: [(&[&str], &str); 16] = [
    (&["--public-key", "host.pub"], "principals-empty"),
    (&["--public-key", "host.pub", "--principal", "*.example.com"], "principal-is-wildcard"),
    (&["--public-key", "host.pub", "--principal", "*", "--allow-wildcard"], "principal-is-any-host"),
    (&["--public-key", "host.pub", "--principal", "[web.example.com]:22"], "principal-has-port"),
    (&["--public-key", "host.pub", "--principal", "a.example.com,b.example.com"], "principal-has-comma"),
    (&["--public-key", "host.pub", "--principal", "web example"], "principal-has-whitespace"),
    (&["--public-key", "host.pub", "--principal", ""], "principal-empty-text"),
    (&["--public-key", "host.pub", "--principal", "web", "--valid-for", "31d"], "lifetime-over-policy"),
    (
        &["--public-key", "host.pub", "--principal", "web", "--valid-for", "367d", "--max-lifetime", "366d"],
        "lifetime-over-policy",
    ),
    (&["--public-key", "host.pub", "--principal", "web", "--valid-until", "soon"], "time-unreadable"),
    (&["--public-key", "host.pub", "--principal", "web", "--valid-after", "1969-12-31"], "time-unreadable"),
    (
        &["--public-key", "host.pub", "--principal", "web", "--valid-until", "2020-01-01T00:00:00Z"],
        "lifetime-not-positive",
    ),
    (&["--public-key", "host", "--principal", "web"], "public-key-unreadable"),
    (&["--public-key", "made-cert.pub", "--principal", "web"], "public-key-is-certificate"),
    (&["--public-key", "weak.pub", "--principal", "web"], "public-key-weak"),
    (&["--public-key", "empty", "--principal", "web"], "public-key-missing"),
];

#[test]
fn what_the_rules_refuse_is_exit_code_1_and_no_serial_is_used_up() {
    let folder = Folder::with_authority();
    folder.key("weak", &["rsa", "-b", "1024"]);
    folder.write("empty", "");
    folder.copy("host.pub", "made.pub");
    folder.certify("state/authorities/hosts", "made", &["-h", "-I", "x", "-n", "x"]);
    let before = folder.contents();
    for (arguments, rule) in REFUSED {
        let run = folder.certgate(["issue"]).arguments(arguments).arguments(["--out", "out"]).exits(1);
        assert!(run.stdout.contains(&format!(" {rule}]")), "{rule}: {}", run.stdout);
        assert!(run.stdout.contains("help: "), "{rule}: {}", run.stdout);
        assert!(run.stdout.ends_with("refused; nothing was signed\n"), "{rule}: {}", run.stdout);
        assert_eq!(folder.contents(), before, "{rule}");
    }
    issue(&folder, &[]).exits(0);
    assert_eq!(folder.listed(&[])[0]["serial"], "1");
}

#[test]
fn what_cannot_be_done_is_exit_code_2_with_a_way_out_and_nothing_is_changed() {
    let folder = Folder::with_authority();
    folder.authority("other", &[]);
    folder.authority("third", &[]);
    folder.certgate(["ca", "retire", "third"]).exits(0);
    let before = folder.contents();
    let cases: [(&[&str], &str); 17] = [
        (&[], "--public-key"),
        (&["--public-key", "host.pub", "--max-lifetime", "367d"], "longer than 366d"),
        (&["--public-key", "host.pub"], "several authorities sign\nhint: name one with --ca: hosts, other\n"),
        (&["--public-key", "missing", "--ca", "hosts"], "cannot read `missing`"),
        (&["--public-key", ".", "--ca", "hosts"], "cannot read `.`"),
        (&["--public-key", "/dev/zero", "--ca", "hosts"], "larger than the limit of"),
        (&["--public-key", "host.pub", "--ca", "nobody"], "no authority is called nobody"),
        (&["--public-key", "host.pub", "--ca", "third"], "authority third does not sign: it is retired"),
        (&["--public-key", "host.pub", "--ca", "No Name"], "--ca <NAME>"),
        (&["--public-key", "host.pub", "--ca", "hosts", "--valid-for", "30"], "not a length of time"),
        (&["--public-key", "host.pub", "--ca", "hosts", "--valid-for", "0d"], "not a length of time"),
        (&["--public-key", "host.pub", "--valid-for", "1d", "--valid-until", "2027-01-01"], "cannot be used"),
        (&["--public-key", "host.pub", "--inventory", "hosts.toml"], "cannot be used with"),
        (&["--public-key", "host.pub", "--ca", "hosts", "--due", "0.5"], "cannot be used with"),
        (&["--public-key", "host.pub", "--ca", "hosts", "--threads", "0"], "0 is not in 1..=256"),
        (&["--public-key", "host.pub", "--ca", "hosts", "--state", "nowhere"], "no ledger in `"),
        (&["--public-key", "host.pub", "--ca", "hosts", "--state", "host.pub"], "no ledger in `"),
    ];
    for (arguments, message) in cases {
        let run = folder.certgate(["issue", "--principal", "web"]).arguments(arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
        assert_eq!(folder.contents(), before, "{arguments:?}");
    }
}

#[test]
fn a_place_that_cannot_be_written_to_is_left_alone_and_the_ledger_has_the_certificate() {
    let folder = Folder::with_authority();
    symlink(folder.path("host.pub"), folder.path("link")).unwrap();
    std::fs::create_dir(folder.path("folder")).unwrap();
    let keys = [folder.read("host.pub"), folder.read("host")];
    for (out, message) in [
        ("link", "`link` is no plain file"),
        ("folder", "`folder` is no plain file"),
        ("host", "`host` is there and is no certificate"),
        ("host.pub", "`host.pub` is there and is no certificate"),
    ] {
        let run = issue(&folder, &["--out", out]).exits(2);
        assert!(run.stdout.contains(message), "{out}: {run:?}");
        assert!(folder.listed(&[]).is_empty(), "nothing was signed");
    }
    assert_eq!([folder.read("host.pub"), folder.read("host")], keys);
    let run = issue(&folder, &["--out", "missing/file"]).exits(2);
    assert!(run.stdout.contains("cannot write `missing/file`"), "{run:?}");
    assert!(run.stdout.contains("the certificate is in the ledger"), "{run:?}");
    let run = folder.certgate(["export", "--as", "files", "--out-dir", "folder"]).exits(0);
    assert!(run.stderr.contains("1 certificates written"), "{run:?}");
    assert!(folder.facts("folder/hosts-1-cert.pub").contains("Serial: 1\n"));
}

#[test]
fn warnings_are_told_and_do_not_stop_anything() {
    let folder = Folder::with_authority();
    issue(&folder, &[]).exits(0);
    let run = issue(&folder, &["--key-id", "mail", "--principal", "mail.example.com"]).exits(0);
    assert!(run.stdout.contains("warning[CG406 host-key-shared]"), "{run:?}");
    assert!(run.stdout.contains("`web.example.com`"), "{run:?}");
    let later = [&folder.moment("3 days"), "--valid-until", &folder.moment("4 days")].map(str::to_owned);
    let run = issue(&folder, &["--valid-after", &later[0], &later[1], &later[2]]).exits(0);
    assert!(run.stdout.contains("certificate-not-yet-valid"), "{run:?}");
    let run = issue(&folder, &["--allow-no-principals", "--allow-wildcard", "--principal", "*.example.com"]);
    assert!(run.exits(0).stdout.contains("warning[CG412 principal-is-wildcard]"));
    assert_eq!(folder.listed(&["--status", "not-yet-valid"]).len(), 1);
}
