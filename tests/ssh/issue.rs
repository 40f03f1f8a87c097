//! `certgate ssh issue` for one host.

mod refused;

use serde_json::json;

use crate::harness::{Certgate, Folder};

/// `issue` for `host.pub` as `web.example.com`.
fn issue(folder: &Folder, more: &[&str]) -> Certgate {
    let web = ["issue", "--public-key", "host.pub", "--principal", "web.example.com"];
    folder.certgate(web).arguments(more)
}

/// `20260101000000Z` for `2026-01-01T00:00:00Z`.
fn compact(moment: &str) -> String {
    moment.replace(['-', ':', 'T'], "")
}

#[test]
fn what_is_not_asked_for_is_the_usual() {
    let folder = Folder::with_authority();
    let run = issue(&folder, &[]).exits(0);
    let entry = &folder.listed(&[])[0];
    let (after, until) = (entry["valid_after"].as_str().unwrap(), entry["valid_until"].as_str().unwrap());
    assert_eq!(
        run.stdout,
        format!("web.example.com: issued serial 1, valid until {until}, to host-cert.pub\n")
    );
    assert_eq!(run.stderr, "");
    let seconds = |moment: &str| {
        let output = folder.openssh("date", &["-u", "-d", moment, "+%s"]);
        String::from_utf8(output.stdout).unwrap().trim().parse::<u64>().unwrap()
    };
    assert_eq!(seconds(until) - seconds(after), 30 * 86_400, "thirty days");
    let now = seconds("now");
    assert!((now - 120..=now - 60).contains(&seconds(after)), "a minute back: {after}");
    assert_eq!(entry["key_id"], "web.example.com");
    assert_eq!(entry["principals"], json!(["web.example.com"]));
    assert_eq!((&entry["serial"], &entry["authority"]), (&json!("1"), &json!("hosts")));
    assert_eq!((&entry["status"], &entry["key_type"]), (&json!("valid"), &json!("ed25519")));
    // The file has the comment of the key, the ledger has none.
    let line = folder.line("host-cert.pub");
    assert_eq!(line.strip_suffix(" host"), entry["certificate"].as_str());
}

/// Requests as `issue` and `ssh-keygen -s` take them: a key, the key id, principals, first and last moment.
const REQUESTS: [(&str, &str, &[&str], &str, &str); 8] = [
    ("host", "web-1", &["web.example.com"], "-1 hour", "1 hour"),
    (
        "host",
        "several names",
        &["web.example.com", "192.0.2.1", "2001:db8::7", "intern"],
        "-2 min",
        "30 days",
    ),
    ("host-p256", "web-2", &["web.example.com"], "1 min", "2 min"),
    ("host-p384", "web-3 \u{e9}\u{4e16} \"quoted\" \\ $HOME", &["web.example.com"], "-2 min", "1 day"),
    ("host-p521", "web-4", &["a.example.com", "b.example.com"], "-29 days", "1 hour"),
    ("host-rsa", "web-5", &["web.example.com"], "-2 min", "365 days"),
    ("host-rsa", "key id without principals", &[], "-2 min", "1 day"),
    ("host", "*", &["*.example.com"], "-2 min", "1 day"),
];

fn keys_of_every_type(folder: &Folder) {
    for (name, kind) in [
        ("host-p256", &["ecdsa", "-b", "256"][..]),
        ("host-p384", &["ecdsa", "-b", "384"]),
        ("host-p521", &["ecdsa", "-b", "521"]),
        ("host-rsa", &["rsa", "-b", "3072"]),
    ] {
        folder.key(name, kind);
    }
}

#[test]
fn ssh_keygen_makes_a_certificate_with_the_same_facts_of_every_request() {
    let folder = Folder::with_authority();
    keys_of_every_type(&folder);
    let many: Vec<String> = (1..=256).map(|number| format!("host-{number}.example.com")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let requests = REQUESTS.into_iter().chain([("host", "many", &many[..], "-2 min", "1 day")]);
    let spelled = ["--allow-wildcard", "--allow-no-principals", "--max-lifetime", "366d"];
    let mut count = 0;
    for authority in ["hosts", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-3072"] {
        if authority != "hosts" {
            folder.authority(authority, &["--key-type", authority]);
        }
        for (key, key_id, principals, from, to) in requests.clone() {
            let (from, to) = (folder.moment(from), folder.moment(to));
            let times = ["--valid-after", &from, "--valid-until", &to, "--key-id", key_id];
            let more = [&times[..], &spelled, &["--out", "ours", "--ca", authority]].concat();
            folder.issue(key, principals, &more);
            let serial = folder.listed(&["--ca", authority]).last().unwrap()["serial"].clone();
            let validity = format!("{}:{}", compact(&from), compact(&to));
            let names = principals.join(",");
            let mut theirs = vec!["-h", "-I", key_id, "-z", serial.as_str().unwrap(), "-V", &validity];
            theirs.extend(if principals.is_empty() { vec![] } else { vec!["-n", &names] });
            folder.certify(&format!("state/authorities/{authority}"), key, &theirs);
            let ours = folder.facts("ours");
            assert_eq!(ours, folder.facts(format!("{key}-cert.pub")), "{authority} {key_id}");
            assert!(ours.contains("host certificate") && ours.contains("Critical Options: (none)"), "{ours}");
            assert!(ours.contains("Extensions: (none)"), "{ours}");
            std::fs::remove_file(folder.path("ours")).unwrap();
            count += 1;
        }
    }
    assert_eq!(count, 45);
    folder.is_sound();
}

#[test]
fn the_outcome_is_one_json_object_of_a_known_shape() {
    let folder = Folder::with_authority();
    let run = issue(&folder, &["--format", "json", "--valid-until", &folder.moment("1 day")]).exits(0);
    let until = folder.listed(&[])[0]["valid_until"].clone();
    let host = |serial: serde_json::Value, until: serde_json::Value| {
        json!({
            "key_id": "web.example.com", "action": "issue", "reasons": [], "serial": serial,
            "valid_until": until, "file": "host-cert.pub", "findings": [],
        })
    };
    assert_eq!(run.json(), json!({ "version": 1, "dry_run": false, "hosts": [host(json!("1"), until)] }));
    let run = issue(&folder, &["--format", "json", "--dry-run"]).exits(0);
    let nothing = serde_json::Value::Null;
    assert_eq!(
        run.json(),
        json!({ "version": 1, "dry_run": true, "hosts": [host(nothing.clone(), nothing)] })
    );
    let run = issue(&folder, &["--format", "json", "--principal", "WEB.example.com"]).exits(1);
    let host = &run.json()["hosts"][0];
    assert_eq!(host["action"], "refuse");
    assert_eq!(host["findings"][0]["rule"], "principal-not-lower-case");
    assert_eq!(host["findings"][0]["severity"], "error");
}

#[test]
fn a_certificate_goes_to_standard_output_alone_and_a_key_comes_from_standard_input() {
    let folder = Folder::with_authority();
    let key = folder.read("host.pub");
    for (key_file, out) in [("host.pub", Some("-")), ("-", Some("-")), ("-", None)] {
        let run = folder
            .certgate(["issue", "--public-key", key_file, "--principal", "web.example.com"])
            .arguments(out.into_iter().flat_map(|out| ["--out", out]))
            .stdin(key.clone())
            .exits(0);
        folder.write("from-output-cert.pub", &run.stdout);
        assert!(folder.facts("from-output-cert.pub").contains("Key ID: \"web.example.com\""));
        assert!(run.stderr.contains("to standard output"), "{run:?}");
        assert!(run.stdout.ends_with(" host\n") && run.stdout.lines().count() == 1, "{run:?}");
    }
    let run = folder
        .certgate(["issue", "--public-key", "-", "--principal", "web.example.com", "--out", "to-file"])
        .stdin(key)
        .exits(0);
    assert!(run.stdout.contains("to to-file") && run.stderr.is_empty(), "{run:?}");
    assert!(folder.facts("to-file").contains("Serial: 4"));
    assert!(!folder.path("host-cert.pub").exists());
}

#[test]
fn a_dry_run_changes_no_byte_anywhere_and_says_what_would_be_done() {
    let folder = Folder::with_authority();
    issue(&folder, &[]).exits(0);
    folder.write_secret("passphrase", "not to be asked for");
    folder.certgate(["ca", "create", "locked", "--passphrase-file", "passphrase"]).exits(0);
    let before = folder.contents();
    let run = issue(&folder, &["--ca", "hosts", "--dry-run", "--key-id", "other", "--out", "new"]).exits(0);
    assert!(run.stdout.contains("host-key-shared"), "{run:?}");
    assert!(run.stdout.ends_with("other: would be issued, to new\n"), "{run:?}");
    let run = issue(&folder, &["--ca", "hosts", "--dry-run", "--principal", "*"]).exits(1);
    assert!(run.stdout.contains("principal-is-any-host"), "{run:?}");
    // Nothing is signed, and so nothing is unlocked.
    issue(&folder, &["--ca", "locked", "--dry-run"]).exits(0);
    assert_eq!(folder.contents(), before);
}

#[test]
fn the_state_is_where_the_argument_says_and_else_where_the_environment_does() {
    let folder = Folder::new();
    folder.key("host", &["ed25519"]);
    let home = folder.path("home").to_str().unwrap().to_owned();
    let create = |run: Certgate, name: &str| {
        run.arguments(["ssh", "ca", "create", name, "--without-passphrase"]).folder(folder.root()).exits(0)
    };
    let none: [&str; 0] = [];
    create(Certgate::new(none).variable("CERTGATE_STATE", "by-variable"), "a");
    create(Certgate::new(none).variable("CERTGATE_STATE", "").variable("XDG_DATA_HOME", &home), "b");
    create(Certgate::new(none).variable("HOME", &home), "c");
    folder.certgate(["ca", "create", "d", "--without-passphrase", "--state", "by-argument"]).exits(0);
    for (state, name) in [
        ("by-variable", "a"),
        ("home/certgate", "b"),
        ("home/.local/share/certgate", "c"),
        ("by-argument", "d"),
    ] {
        folder.certgate(["ca", "show", name, "--state", state]).exits(0);
        assert!(folder.path(&format!("{state}/authorities/{name}")).exists());
    }
    assert!(!folder.path("state").exists());
    let run = Certgate::new(["ssh", "ca", "list"]).exits(2);
    assert!(run.stderr.contains("there is no state folder") && run.stderr.contains("--state"), "{run:?}");
}
