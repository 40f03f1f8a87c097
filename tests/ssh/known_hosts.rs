//! `certgate ssh known-hosts`.

use crate::harness::{Certgate, Folder};

fn known_hosts(folder: &Folder, arguments: &[&str]) -> Certgate {
    folder.certgate(["known-hosts"]).arguments(arguments)
}

/// The decision about the certificate with these lines as known hosts.
fn decision(folder: &Folder, lines: &str, host: &str, port: &str) -> String {
    folder.write("hosts", lines);
    let arguments = ["verify", "host-cert.pub", "--host", host, "--port", port, "--known-hosts", "hosts"];
    let run = folder.certgate(arguments).arguments(["--at", "2026-07-01", "--format", "json"]).run();
    run.json()["decision"].as_str().unwrap().to_owned()
}

#[test]
fn authorities_are_trusted_for_the_hosts_named_and_for_no_others() {
    let folder = Folder::with_certificate("web.example.com,old.example.com,web.example.net");
    folder.key("next", &["ecdsa"]);
    let arguments = [
        "--authority",
        "ca.pub",
        "--authority",
        "next.pub",
        "--host",
        "*.Example.com",
        "--host",
        "!old.example.com",
    ];
    let run = known_hosts(&folder, &arguments).exits(0);
    let line = |key: &str| format!("@cert-authority *.example.com,!old.example.com {}\n", folder.line(key));
    assert_eq!(run.stdout, line("ca.pub") + &line("next.pub"));
    for (host, port, expected) in [
        ("web.example.com", "22", "certificate"),
        ("web.example.com", "2222", "certificate"),
        ("old.example.com", "22", "refused"),
        ("web.example.net", "22", "refused"),
    ] {
        assert_eq!(decision(&folder, &run.stdout, host, port), expected, "{host}:{port}");
    }
}

#[test]
fn a_port_narrows_the_trust_to_it() {
    let folder = Folder::with_certificate("web.example.com");
    let arguments =
        ["--authority", "ca.pub", "--host", "*.example.com", "--host", "!old.example.com", "--port", "2222"];
    let run = known_hosts(&folder, &arguments).exits(0);
    assert!(
        run.stdout.starts_with("@cert-authority [*.example.com]:2222,![old.example.com]:2222 ssh-"),
        "{run:?}"
    );
    assert_eq!(decision(&folder, &run.stdout, "web.example.com", "2222"), "certificate");
    assert_eq!(decision(&folder, &run.stdout, "web.example.com", "22"), "refused");
    let plain =
        known_hosts(&folder, &["--authority", "ca.pub", "--host", "a.example.com", "--port", "22"]).exits(0);
    assert!(plain.stdout.starts_with("@cert-authority a.example.com ssh-"), "{plain:?}");
}

#[test]
fn revoked_keys_are_revoked_on_every_port() {
    let folder = Folder::with_certificate("web.example.com");
    let trusted = known_hosts(&folder, &["--authority", "ca.pub", "--host", "*.example.com"]).exits(0).stdout;
    for key in ["ca.pub", "host.pub"] {
        let revoked = known_hosts(&folder, &["--revoked", key]).exits(0).stdout;
        assert_eq!(revoked, format!("@revoked * {}\n", folder.line(key)));
        for port in ["22", "2222"] {
            let lines = format!("{trusted}{revoked}web.example.com {}\n", folder.line("host.pub"));
            assert_eq!(decision(&folder, &lines, "web.example.com", port), "refused");
        }
    }
}

#[test]
fn every_host_must_be_spelled_and_what_is_no_pattern_is_refused() {
    let folder = Folder::with_certificate("web.example.com");
    let run = known_hosts(&folder, &["--authority", "ca.pub", "--for-every-host"]).exits(0);
    assert_eq!(run.stdout, format!("@cert-authority * {}\n", folder.line("ca.pub")));
    for (arguments, message) in [
        (vec![], "--authority"),
        (vec!["--authority", "ca.pub"], "--host"),
        (vec!["--authority", "ca.pub", "--host", "*"], "--for-every-host"),
        (vec!["--authority", "ca.pub", "--host", "!a"], "none matches"),
        (vec!["--authority", "ca.pub", "--host", "a,b"], "',', which no host pattern can have"),
        (vec!["--authority", "ca.pub", "--host", "a\nb"], "which no host pattern can have"),
        (vec!["--authority", "ca.pub", "--host", "", "--port", "2222"], "a host pattern is empty"),
        (vec!["--authority", "ca.pub", "--host", "[a]:22", "--port", "2222"], "has brackets"),
        (vec!["--authority", "ca.pub", "--host", "*", "--port", "2222"], "matches every host"),
        (vec!["--authority", "ca.pub", "--host", "a", "--port", "0"], "port 0"),
        (vec!["--authority", "host-cert.pub", "--host", "a"], "plain public key is due"),
        (vec!["--authority", "ca", "--host", "a"], "private key"),
        (vec!["--revoked", "host-cert.pub"], "--revoke-certificate"),
        (vec!["--revoked", "missing"], "cannot read `missing`"),
    ] {
        let run = known_hosts(&folder, &arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}
