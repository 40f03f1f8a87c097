//! An authority that signed before it came here, with its certificates.

use std::os::unix::fs::PermissionsExt;

use crate::harness::{Agent, Folder};

/// An authority `ca` of `ssh-keygen`, a host, and three certificates: with serial 5, with 9, and with 0.
fn world() -> Folder {
    let folder = Folder::new();
    folder.key("ca", &["ed25519"]);
    folder.key("host", &["ed25519"]);
    for (name, serial) in [("five", "5"), ("nine", "9"), ("zero", "0")] {
        folder.copy("host.pub", &format!("{name}.pub"));
        let principals = ["-n", "web.example.com", "-V", "-1d:+10d"];
        folder.certify("ca", name, &[&["-h", "-I", name, "-z", serial], &principals[..]].concat());
    }
    folder
}

const ALL: [&str; 6] =
    ["--certificate", "five-cert.pub", "--certificate", "nine-cert.pub", "--certificate", "zero-cert.pub"];

#[test]
fn imported_certificates_are_listed_renewed_revoked_and_their_serials_not_given_again() {
    let folder = world();
    let run = folder
        .certgate(["ca", "import", "grown", "--key", "ca", "--first-serial", "1"])
        .arguments(ALL)
        .exits(0);
    assert!(
        run.stderr.contains("3 certificates imported, 0 completed, 0 known already, 0 refused"),
        "{run:?}"
    );
    assert_eq!(format!("{} ca", run.stdout.trim_end()), folder.line("ca.pub"));
    let run = folder.certgate(["ca", "import", "grown"]).arguments(ALL).exits(0);
    assert!(run.stderr.contains("0 certificates imported, 0 completed, 3 known already"), "{run:?}");
    let listed = folder.listed(&[]);
    let of = |field: &str| -> Vec<String> {
        listed.iter().map(|entry| entry[field].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (of("serial"), of("key_id")),
        (["5", "9", "0"].map(String::from).into(), ["five", "nine", "zero"].map(String::from).into())
    );
    for (entry, name) in listed.iter().zip(["five", "nine", "zero"]) {
        let line = folder.line(&format!("{name}-cert.pub"));
        assert!(line.starts_with(entry["certificate"].as_str().unwrap()), "{name}");
    }
    let run = folder.certgate(["renew", "five-cert.pub"]).exits(0);
    assert!(run.stdout.contains("five: issued serial 10"), "{run:?}");
    assert!(folder.facts("five-cert.pub").contains("Key ID: \"five\"\n"));
    folder.certgate(["revoke", "--principal", "web.example.com", "--reason", "a test"]).exits(0);
    folder.certgate(["krl", "build", "--from-ledger", "--out", "list"]).exits(0);
    for name in ["five", "nine", "zero"] {
        let output = folder.openssh("ssh-keygen", &["-Q", "-f", "list", &format!("{name}-cert.pub")]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("REVOKED"), "{name}");
    }
    let output = folder.openssh("ssh-keygen", &["-Q", "-f", "list", "host.pub"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains(": ok"), "the key itself is not");
    folder.is_sound();
}

#[test]
fn what_is_not_the_authoritys_is_refused_one_by_one_and_the_rest_imported() {
    let folder = world();
    folder.key("stranger", &["ed25519"]);
    for name in ["foreign", "user", "twin"] {
        folder.copy("host.pub", &format!("{name}.pub"));
    }
    folder.certify("stranger", "foreign", &["-h", "-I", "foreign", "-z", "1", "-n", "x"]);
    folder.certify("ca", "user", &["-I", "user", "-z", "2", "-n", "x"]);
    folder.certify("ca", "twin", &["-h", "-I", "twin", "-z", "5", "-n", "x"]);
    let more = ["foreign", "user", "twin"].map(|name| format!("{name}-cert.pub"));
    let more = more.iter().flat_map(|file| ["--certificate", file]);
    let run =
        folder.certgate(["ca", "import", "grown", "--key", "ca"]).arguments(ALL).arguments(more).exits(1);
    for part in [
        "`foreign-cert.pub`: ",
        "`user-cert.pub`: the certificate is not for a host",
        "`twin-cert.pub`: another certificate of the authority has serial 5",
        "3 certificates imported, 0 completed, 0 known already, 3 refused",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(folder.listed(&[]).len(), 3);
    folder.is_sound();
}

#[test]
fn a_key_that_is_no_authoritys_is_not_imported() {
    let folder = world();
    folder.key("rsa-1024", &["rsa", "-b", "1024"]);
    folder.keygen_ok(&["-q", "-t", "ed25519", "-N", "a passphrase", "-f", "locked"]);
    folder.write_secret("wrong", "another passphrase");
    folder.write("damaged", String::from_utf8(folder.read("ca")).unwrap().replacen("b3Blb", "b3Blc", 1));
    folder.copy("ca", "open");
    for (name, mode) in [("open", 0o644), ("damaged", 0o600), ("host.pub", 0o644)] {
        std::fs::set_permissions(folder.path(name), PermissionsExt::from_mode(mode)).unwrap();
    }
    let cases: [(&[&str], &str); 9] = [
        (&["--key", "rsa-1024"], "1024 bits, fewer than 2048"),
        (&["--key", "open"], "0644"),
        (&["--key", "locked", "--passphrase-file", "wrong"], "passphrase"),
        (&["--key", "damaged"], "`damaged`"),
        (&["--key", "host.pub"], "name the private key"),
        (&["--key", "missing"], "cannot read the key file `missing`"),
        (&["--key", "ca", "--certificate", "host.pub"], "-cert.pub"),
        (&["--certificate", "five-cert.pub"], "there is no ledger"),
        (&[], "--key"),
    ];
    for (arguments, message) in cases {
        let run = folder.certgate(["ca", "import", "grown"]).arguments(arguments).exits(2);
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    assert!(!folder.path("state").exists(), "what fails makes no ledger");
}

#[test]
fn a_weak_key_is_imported_with_a_warning() {
    let folder = Folder::new();
    for (bits, is_warned_of) in [("2048", true), ("3072", false)] {
        folder.key(bits, &["rsa", "-b", bits]);
        let name = format!("rsa-{bits}");
        let run = folder.certgate(["ca", "import", &name, "--key", bits, "--first-serial", "1"]).exits(0);
        let warning = "warning: the authority's rsa key has 2048 bits, fewer than 3072";
        assert_eq!(run.stderr.contains(warning), is_warned_of, "{}", run.stderr);
    }
}

#[test]
fn a_key_that_an_agent_holds_signs_without_ever_being_in_a_file() {
    let folder = world();
    let agent = Agent::start(&folder);
    agent.take(&folder, "ca");
    let run = folder.certgate(["ca", "import", "grown", "--agent", "ca.pub"]).exits(2);
    assert!(run.stderr.contains("SSH_AUTH_SOCK is not set"), "{run:?}");
    let import = ["ca", "import", "grown", "--agent", "ca.pub", "--first-serial", "1"];
    let import = folder.certgate(import).arguments(ALL);
    agent.with(import).exits(0);
    let json = folder.certgate(["ca", "show", "grown", "--format", "json"]).exits(0).json();
    assert_eq!(
        (&json["authorities"][0]["custody"], &json["authorities"][0]["key_file"]),
        (&"agent".into(), &serde_json::Value::Null)
    );
    let issue = || folder.certgate(["issue", "--public-key", "host.pub", "--principal", "web.example.com"]);
    agent.with(issue()).exits(0);
    assert!(folder.facts("host-cert.pub").contains("Serial: 10\n"));
    assert!(!folder.path("state/authorities").exists(), "no key file");
    agent.add(&folder, &["-d", "ca.pub"]);
    let run = agent.with(issue()).exits(2);
    assert!(run.stderr.contains("the agent holds no key") && run.stderr.contains("ssh-add"), "{run:?}");
    agent.add(&folder, &["host"]);
    drop(agent);
    let run = issue().variable("SSH_AUTH_SOCK", folder.path("agent.socket").to_str().unwrap()).exits(2);
    assert!(run.stderr.contains("cannot reach the ssh-agent"), "{run:?}");
    assert_eq!(folder.listed(&[]).len(), 4);
    assert_eq!(folder.listed(&["--status", "unfinished"]).len(), 0);
}
