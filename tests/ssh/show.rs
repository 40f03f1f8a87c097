//! `certgate ssh show`.

use serde_json::{Value, json};

use crate::harness::{Certgate, Folder, base64, base64_bytes, fixtures};

fn show(folder: &Folder, arguments: &[&str]) -> Certgate {
    folder.certgate(["show"]).arguments(arguments)
}

/// The certificate in the example of the API's documentation.
const EXAMPLE: &str = "ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNhLXNoYTItbmlzdHAyNTYtY2VydC12MDFAb3Bl\
    bnNzaC5jb20AAAAgZbVW4wll1VBiXbcK74gKSqHFvjb3CSHVbia1N4FkU+kAAAAIbmlzdHAyNTYAAABBBI3oSgxrOEJ+tIJ/n6VYtxQIFvyn\
    qlOHpfOAJ4x4OfmMYDkbf8dr6RAuUSf+ZC2HMCujta7EjZ9t+6v08Ue+CgkAAAAAAAAAAAAAAAIAAAAhc2hjcnRfMnJ3d2w0WTgxUncyQzlD\
    YmxlV1dmbDd2M0pzAAAAJAAAABNpbmNvbnNocmV2ZWFibGUuY29tAAAACTEwLjIuNDIuOQAAAABnj+VIAAAAAGgGjEgAAAAAAAAAAAAAAAAA\
    AAAzAAAAC3NzaC1lZDI1NTE5AAAAIOTGLrrbnfikf6VlqhI/Uo5WuDTqakUXBTStcsu1gdSHAAAAUwAAAAtzc2gtZWQyNTUxOQAAAECkyQ8n\
    Zc9oqJiTnT2malTztr/ZXeOI0G/cTC5nDv7YLQ8hMthXkVrt6tDVWFsxv5L9k8HbNNzeJ578xAIS+CcB \
    shcrt_2rwwl4Y81Rw2C9CbleWWfl7v3Js";
/// The key in it, but for the comment, which no certificate holds.
const EXAMPLE_KEY: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBI3oSgxrOEJ+tIJ\
    /n6VYtxQIFvynqlOHpfOAJ4x4OfmMYDkbf8dr6RAuUSf+ZC2HMCujta7EjZ9t+6v08Ue+Cgk=";

#[test]
fn the_example_of_the_api_shows_with_the_fields_that_the_api_gave_it() {
    let folder = Folder::new();
    folder.write("example-cert.pub", format!("{EXAMPLE}\n"));
    let json = show(&folder, &["example-cert.pub", "--format", "json"]).exits(0).json();
    let line = &json["lines"][0];
    let expected = json!({
        "certificate": EXAMPLE,
        "key_type": "ecdsa",
        "principals": ["inconshreveable.com", "10.2.42.9"],
        "public_key": EXAMPLE_KEY,
        "valid_after": "2025-01-21T18:19:52Z",
        "valid_until": "2025-04-21T18:19:52Z",
    });
    assert_eq!(line["resource"], expected);
    assert_eq!(line["signature"], json!({ "state": "valid", "reason": null }));
    assert_eq!(line["facts"]["certificate"]["key_id"], "shcrt_2rwwl4Y81Rw2C9CbleWWfl7v3Js");
}

#[test]
fn a_key_with_leading_zeros_has_the_fingerprint_that_ssh_keygen_gives_it() {
    let folder = Folder::new();
    folder.key("rsa", &["rsa", "-b", "3072"]);
    let line = folder.line("rsa.pub");
    let words: Vec<&str> = line.split(' ').collect();
    let mut blob = base64_bytes(words[1]);
    // The modulus comes last: its length in four bytes, a zero and 384 more.
    let length = blob.len() - 389;
    assert_eq!(blob[length..length + 5], [0, 0, 1, 129, 0]);
    blob[length + 3] += 2;
    blob.splice(length + 4..length + 4, [0, 0]);
    folder.write("padded.pub", format!("{} {}\n", words[0], base64(&blob)));
    let theirs = folder.keygen_ok(&["-l", "-f", "padded.pub"]);
    let run = show(&folder, &["padded.pub"]).exits(0);
    let fingerprint = theirs.split(' ').nth(1).unwrap();
    assert!(run.stdout.contains(fingerprint), "{theirs} {run:?}");
    assert!(folder.keygen_ok(&["-l", "-f", "rsa.pub"]).contains(fingerprint));
}

#[test]
fn every_fixture_shows_what_ssh_keygen_says_of_it() {
    let folder = Folder::new();
    let mut certificates = 0;
    for entry in std::fs::read_dir(fixtures().join("ssh")).unwrap() {
        let path = entry.unwrap().path();
        let path = path.to_str().unwrap();
        let json = show(&folder, &[path, "--format", "json"]).exits(0).json();
        let line = &json["lines"][0];
        if line["facts"]["certificate"].is_null() {
            continue;
        }
        certificates += 1;
        let theirs = folder.keygen_ok(&["-L", "-f", path]);
        let facts = &line["facts"]["certificate"];
        for (label, value) in [("Serial", &facts["serial"]), ("Key ID", &facts["key_id"])] {
            let said =
                theirs.lines().find_map(|line| line.trim().strip_prefix(&format!("{label}: "))).unwrap();
            assert_eq!(said.trim_matches('"'), value.as_str().unwrap(), "{path}");
        }
        assert!(theirs.contains(facts["authority_key"]["fingerprint"].as_str().unwrap()), "{path}");
        // What ssh-keygen reads has a signature that holds; SHA-1 is not verified here.
        let state = if path.contains("sha1") { "unknown" } else { "valid" };
        assert_eq!(line["signature"]["state"], state, "{path}");
    }
    assert!(certificates > 10, "{certificates}");
}

#[test]
fn a_signature_that_does_not_hold_or_is_not_verified_is_told() {
    let folder = Folder::with_certificate("web.example.com");
    let line = folder.line("host-cert.pub");
    let (rest, comment) = line.rsplit_once(' ').unwrap();
    let at = rest.len() - 9;
    let altered = if rest[at..].starts_with('A') { "B" } else { "A" };
    folder.write("altered", format!("{}{altered}{} {comment}\n", &rest[..at], &rest[at + 1..]));
    folder.key("rsa", &["rsa", "-b", "2048"]);
    folder.copy("host.pub", "sha1.pub");
    folder.certify("rsa", "sha1", &["-h", "-t", "ssh-rsa", "-I", "x", "-n", "web.example.com"]);
    for (file, state) in [("host-cert.pub", "valid"), ("altered", "invalid"), ("sha1-cert.pub", "unknown")] {
        let json = show(&folder, &[file, "--format", "json"]).exits(0).json();
        assert_eq!(json["lines"][0]["signature"]["state"], state, "{file}");
        let text = show(&folder, &[file]).exits(0).stdout;
        assert!(text.contains(&format!(", {state}")), "{text}");
    }
}

#[test]
fn keys_known_hosts_and_lists_are_told_apart_by_content() {
    let folder = Folder::with_certificate("web.example.com");
    let (ca, host) = (folder.line("ca.pub"), folder.line("host.pub"));
    let hosts = format!(
        "# ours\n@cert-authority *.example.com,!old.example.com {ca}\n@revoked * {host}\nssh-gw {host}\n\
        broken\n|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAAAAAAAAAAAAAAAAAAAAAAAAA= {host}\n"
    );
    folder.write("hosts", hosts);
    folder.keygen_ok(&["-q", "-k", "-f", "krl", "host-cert.pub"]);
    let json = show(&folder, &["hosts", "--format", "json"]).exits(0).json();
    let lines: Vec<&Value> = json["lines"].as_array().unwrap().iter().map(|line| &line["facts"]).collect();
    let numbers: Vec<&Value> = lines.iter().map(|line| &line["line"]).collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6]);
    let markers: Vec<&Value> = lines.iter().map(|line| &line["known_host"]["marker"]).collect();
    assert_eq!(
        markers,
        [&json!("cert-authority"), &json!("revoked"), &Value::Null, &Value::Null, &Value::Null]
    );
    assert_eq!(lines[0]["known_host"]["hosts"], json!(["*.example.com", "!old.example.com"]));
    assert_eq!(lines[3]["unreadable"], "the line ends before the key");
    assert_eq!(lines[4]["known_host"]["hashed"], true);
    let krl = show(&folder, &["krl", "--format", "json"]).exits(0).json();
    assert_eq!(krl["sections"][0]["kind"], "certificates");
    let text = show(&folder, &["hosts", "krl", "host.pub", "-"]).stdin(format!("{ca}\n")).exits(0).stdout;
    for part in [
        "hosts:2: ssh authority for hosts",
        "krl: ssh key revocation list",
        "host.pub:1: ssh public key",
        "-:1: ssh",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_holds_nothing_of_openssh_is_exit_code_2() {
    let folder = Folder::with_certificate("web.example.com");
    folder.write("empty", "");
    folder.write("cut.krl", b"SSHKRL\n\0\0\0\0\x01");
    for (file, message) in [
        ("missing", "cannot read `missing`"),
        ("empty", "no line with an OpenSSH"),
        ("host", "give the public half"),
        ("cut.krl", "the list ends inside the value at byte 12"),
        (".", "cannot read `.`"),
        ("/dev/zero", "larger than the limit"),
    ] {
        let run = show(&folder, &[file]).exits(2);
        assert_eq!(run.stdout, "", "{file}");
        assert!(run.stderr.contains(message), "{file}: {}", run.stderr);
    }
    let key = String::from_utf8(folder.read("host")).unwrap();
    let run = show(&folder, &["host"]).run();
    assert!(
        key.lines().skip(1).all(|line| line.starts_with('-') || !run.stderr.contains(line)),
        "{}",
        run.stderr
    );
}
