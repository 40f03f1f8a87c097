//! `certgate ssh list` and `export`.

use serde_json::{Value, json};

use crate::harness::Folder;

/// What an authority is called by the API.
const ID: &str = "sshca_2sXyMf7vVbN4kQeTzRw8Lh1cJdA";

/// Two authorities, two keys, four certificates: valid, over, yet to come, revoked.
fn world() -> Folder {
    let folder = Folder::with_authority();
    folder.authority("others", &["--key-type", "ecdsa-p256"]);
    folder.key("db", &["ecdsa"]);
    let (tomorrow, later) = (folder.moment("1 day"), folder.moment("20 days"));
    let out = ["--out", "x"];
    folder.issue("host", &["web.example.com", "192.0.2.7"], &[&["--ca", "hosts"], &out[..]].concat());
    folder.issue("db", &["db.example.com"], &[&["--ca", "hosts", "--valid-for", "61s"], &out[..]].concat());
    let times = ["--valid-after", &tomorrow, "--valid-until", &later, "--ca", "others"];
    folder.issue("db", &["db.example.com"], &[&times, &out[..]].concat());
    folder.issue("host", &["web.example.com"], &[&["--ca", "others", "--key-id", "web"], &out[..]].concat());
    let why = "it \"moved\"\nto \u{1b}[31manother place";
    folder.certgate(["revoke", "--ca", "others", "--serial", "2", "--reason", why]).exits(0);
    std::fs::remove_file(folder.path("x")).unwrap();
    folder
}

/// Authority and serial of each that is listed.
#[track_caller]
fn found(folder: &Folder, more: &[&str]) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let listed = folder.listed(more);
    listed.iter().map(|entry| text(&entry["authority"]) + " " + &text(&entry["serial"])).collect()
}

#[test]
fn every_selection_lists_what_it_says_and_nothing_else() {
    let folder = world();
    let key = folder.keygen_ok(&["-l", "-f", "db.pub"]).split(' ').nth(1).unwrap().to_owned();
    let (soon, never) = (folder.moment("1 hour"), "2100-01-01");
    let cases: [(&[&str], &[&str]); 17] = [
        (&[], &["hosts 1", "hosts 2", "others 1", "others 2"]),
        (&["--ca", "hosts"], &["hosts 1", "hosts 2"]),
        (&["--serial", "1"], &["hosts 1", "others 1"]),
        (&["--key-id", "web"], &["others 2"]),
        (&["--principal", "192.0.2.7"], &["hosts 1"]),
        (&["--principal", "example.com"], &[]),
        (&["--host-key", &key], &["hosts 2", "others 1"]),
        (&["--host-key", &key, "--ca", "others"], &["others 1"]),
        (&["--status", "valid", "--at", &soon], &["hosts 1"]),
        (&["--status", "expired", "--at", &soon], &["hosts 2"]),
        (&["--status", "not-yet-valid", "--at", &soon], &["others 1"]),
        (&["--status", "revoked"], &["others 2"]),
        (&["--status", "expired", "--at", never], &["hosts 1", "hosts 2", "others 1"]),
        (&["--status", "unfinished"], &[]),
        (&["--status", "abandoned"], &[]),
        (&["--expiring-before", &soon], &["hosts 2"]),
        (&["--expiring-before", never], &["hosts 2", "others 1", "hosts 1", "others 2"]),
    ];
    for (arguments, expected) in cases {
        assert_eq!(found(&folder, arguments), expected, "{arguments:?}");
    }
    assert_eq!(folder.certgate(["list", "--serial", "99"]).exits(0).stdout, "no certificates\n");
    for (arguments, message) in [
        (["--ca", "nobody"], "no authority is called nobody"),
        (["--serial", "x"], "--serial"),
        (["--at", "soon"], "--at"),
        (["--host-key", "nonsense"], "--host-key"),
        (["--host-key", &key.to_lowercase()], "--host-key"),
        (["--state", "nowhere"], "there is no ledger"),
    ] {
        let run = folder.certgate(["list"]).arguments(arguments).exits(2);
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn the_text_is_one_line_each_whatever_the_reason_says() {
    let folder = world();
    let run = folder.certgate(["list"]).exits(0);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{}", run.stdout);
    assert!(
        lines[0].starts_with("hosts 1 valid ")
            && lines[0].ends_with("  web.example.com  web.example.com 192.0.2.7")
    );
    assert!(lines[3].starts_with("others 2 revoked "), "{}", lines[3]);
    assert!(!run.stdout.contains('\u{1b}') && lines[3].contains("it \"moved\""), "{}", lines[3]);
    assert_eq!(
        folder.listed(&["--status", "revoked"])[0]["revocation_reason"],
        "it \"moved\"\nto \u{1b}[31manother place"
    );
}

#[test]
fn an_export_for_the_api_is_the_body_of_its_request_and_as_json_the_list() {
    let folder = world();
    let export = |more: &[&str]| folder.certgate(["export"]).arguments(more);
    let run =
        export(&["--as", "api-request", "--authority-id", ID, "--ca", "hosts", "--serial", "1"]).exits(0);
    let entry = &folder.listed(&["--ca", "hosts", "--serial", "1"])[0];
    let expected = json!({
        "ssh_certificate_authority_id": ID,
        "public_key": entry["public_key"],
        "principals": ["web.example.com", "192.0.2.7"],
        "valid_after": entry["valid_after"],
        "valid_until": entry["valid_until"],
        "description": "web.example.com",
    });
    assert_eq!(serde_json::from_str::<Value>(&run.stdout).unwrap(), expected);
    assert!(folder.line("host.pub").starts_with(entry["public_key"].as_str().unwrap()));
    let all = export(&["--as", "api-request", "--authority-id", ID]).exits(1);
    assert_eq!(all.stdout.lines().count(), 3);
    assert!(all.stderr.contains("serial 2: not written, for it is revoked"), "{all:?}");
    let run = export(&["--as", "api-request", "--authority-id", "sshca_x"]).exits(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("authority-id-malformed"), "{run:?}");
    let json = export(&["--as", "json", "--ca", "others"]).exits(0).json();
    assert_eq!(json, json!({ "version": 1, "certificates": folder.listed(&["--ca", "others"]) }));
    std::fs::create_dir(folder.path("out")).unwrap();
    export(&["--as", "files", "--out-dir", "out"]).exits(0);
    for (name, serial) in [("hosts-1", "1"), ("hosts-2", "2"), ("others-1", "1"), ("others-2", "2")] {
        assert!(
            folder.facts(format!("out/{name}-cert.pub")).contains(&format!("Serial: {serial}\n")),
            "{name}"
        );
    }
    for (arguments, message) in [
        (&["--as", "api-request"][..], "--authority-id"),
        (&["--as", "files"], "--out-dir"),
        (&["--as", "files", "--out-dir", "missing"], "cannot write `missing/"),
        (&["--as", "paper"], "paper"),
    ] {
        let run = export(arguments).exits(2);
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_certificate_without_an_end_is_valid_forever_and_no_request_to_the_api() {
    let folder = Folder::new();
    folder.key("ca", &["ed25519"]);
    folder.key("host", &["ed25519"]);
    folder.certify(
        "ca",
        "host",
        &["-h", "-I", "old", "-z", "7", "-n", "old.example.com", "-V", "always:forever"],
    );
    let imported = ["--key", "ca", "--certificate", "host-cert.pub"];
    folder.certgate(["ca", "import", "grown"]).arguments(imported).exits(0);
    let text = folder.certgate(["list"]).exits(0).stdout;
    assert_eq!(text, "grown 7 valid         until forever  old  old.example.com\n");
    let entry = &folder.listed(&[])[0];
    assert_eq!((&entry["valid_after"], &entry["valid_until"]), (&Value::Null, &Value::Null));
    let run = folder.certgate(["export", "--as", "api-request", "--authority-id", ID]).exits(1);
    assert!(run.stdout.is_empty(), "{run:?}");
    assert!(run.stderr.contains("serial 7: not written, for the API has none without an end"), "{run:?}");
}
