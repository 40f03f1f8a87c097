//! `certgate ssh doctor`, beside `sshd -t`, which finds next to nothing.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::harness::{Certgate, Folder};

/// Keys and certificates of every kind, all for the key `host` unless called otherwise.
fn world() -> Folder {
    let folder = Folder::with_certificate("web.example.com,192.0.2.1");
    folder.key("rsa-ca", &["rsa", "-b", "2048"]);
    folder.key("second", &["ecdsa"]);
    folder.key("other", &["ed25519"]);
    folder.key("open", &["ed25519"]);
    folder.keygen_ok(&["-q", "-t", "ed25519", "-N", "for tests alone", "-f", "encrypted"]);
    folder.certify("ca", "other", &["-h", "-I", "other", "-n", "web.example.com"]);
    folder.certify("ca", "open", &["-h", "-I", "open", "-n", "web.example.com"]);
    let made = |name: &str, more: &[&str]| {
        folder.copy("host.pub", &format!("{name}.pub"));
        folder.certify("ca", name, &[&["-I", name], more].concat());
    };
    let names = ["-h", "-n", "web.example.com"];
    made("user", &["-n", "web.example.com"]);
    made("over", &[&names[..], &["-V", "20200101000000Z:20200201000000Z"]].concat());
    made("later", &[&names[..], &["-V", "20900101000000Z:20910101000000Z"]].concat());
    made("option", &[&names[..], &["-O", "critical:x@example.com=1"]].concat());
    made("none", &["-h"]);
    made("upper", &["-h", "-n", "WEB.example.com"]);
    made("port", &["-h", "-n", "[web.example.com]:2222"]);
    made("mixed", &["-h", "-n", "web.example.com,WEB.example.com,db.example.com."]);
    made("wild", &["-h", "-n", "*.example.com"]);
    folder.copy("host.pub", "sha1.pub");
    folder.certify("rsa-ca", "sha1", &["-h", "-t", "ssh-rsa", "-I", "sha1", "-n", "web.example.com"]);
    let line = folder.line("host-cert.pub");
    let at = line.len() - 40;
    let altered = if line[at..].starts_with('A') { "B" } else { "A" };
    folder.write("altered", format!("{}{altered}{}\n", &line[..at], &line[at + 1..]));
    folder.write("garbage", "no certificate at all\n");
    std::fs::create_dir(folder.path("folder")).unwrap();
    std::fs::set_permissions(folder.path("open"), PermissionsExt::from_mode(0o640)).unwrap();
    folder
}

/// A configuration with absolute paths: `HostKey host` becomes that of the file here.
fn config(folder: &Folder, name: &str, text: &str) {
    let absolute = |line: &str| match line.split_once(' ') {
        Some((keyword @ ("HostKey" | "HostCertificate" | "Include"), path)) => {
            format!("{keyword} {}\n", folder.path(path).display())
        }
        _ => format!("{line}\n"),
    };
    folder.write(name, text.lines().map(absolute).collect::<String>());
}

fn doctor(folder: &Folder, more: &[&str]) -> Certgate {
    let arguments = ["doctor", "--sshd-config", "sshd_config", "--at", "2026-07-01"];
    folder.certgate(arguments).arguments(more)
}

/// `kind severity line` of each finding but notes.
fn found(json: &Value) -> Vec<String> {
    let findings = json["findings"].as_array().unwrap().iter();
    let shown = |finding: &Value| {
        let word = |field: &str| finding[field].as_str().unwrap().to_owned();
        format!("{} {} {}", word("kind"), word("severity"), finding["line"]["line"])
    };
    findings.filter(|finding| finding["severity"] != "note").map(shown).collect()
}

const GOOD: &str = "HostKey host\nHostCertificate host-cert.pub";

/// Configurations that `sshd -t` takes, and what is wrong with them.
const TAKEN: [(&str, &[&str]); 27] = [
    (GOOD, &[]),
    ("HostKey host\nHostCertificate host-cert", &[]),
    ("Match all\nHostKey host\nHostCertificate over-cert.pub", &["certificate-expired error 3"]),
    ("HostKey host\nHostCertificate missing", &["certificate-missing error 2"]),
    ("HostKey host\nHostCertificate folder", &["certificate-unreadable error 2"]),
    ("HostKey host\nHostCertificate garbage", &["certificate-damaged error 2"]),
    ("HostKey host\nHostCertificate host.pub", &["not-a-certificate error 2"]),
    ("HostKey host\nHostCertificate altered", &["signature-invalid error 2"]),
    ("HostKey host\nHostCertificate other-cert.pub", &["certificate-for-another-key error 2"]),
    ("HostKey host\nHostCertificate over-cert.pub", &["certificate-expired error 2"]),
    ("HostKey host\nHostCertificate later-cert.pub", &["certificate-not-yet-valid error 2"]),
    ("HostKey host\nHostCertificate user-cert.pub", &["certificate-for-users error 2"]),
    ("HostKey host\nHostCertificate option-cert.pub", &["critical-options error 2"]),
    ("HostKey host\nHostCertificate sha1-cert.pub", &["signature-algorithm error 2"]),
    ("HostKey host\nHostCertificate none-cert.pub", &["principals-empty error 2"]),
    ("HostKey host\nHostCertificate upper-cert.pub", &["principal-not-matched error 2"]),
    ("HostKey host\nHostCertificate port-cert.pub", &["principal-not-matched error 2"]),
    ("HostKey host\nHostCertificate wild-cert.pub", &["principal-not-matched warning 2"]),
    (
        "HostKey host\nHostCertificate mixed-cert.pub",
        &["principal-not-matched warning 2", "principal-not-matched warning 2"],
    ),
    (
        "HostKey host\nHostCertificate over-cert.pub\nHostCertificate host-cert.pub",
        &["certificate-replaced error 2"],
    ),
    ("HostKey open\nHostKey second\nHostCertificate open-cert.pub", &["host-key-mode-too-open error 1"]),
    ("HostKey second\nHostKey missing", &["host-key-missing error 2"]),
    ("HostKey second\nHostKey encrypted", &["host-key-encrypted error 2"]),
    ("HostKey second\nHostKey host.pub", &["host-key-not-private error 2"]),
    ("HostKey second\nHostKey garbage", &["host-key-unreadable error 2"]),
    (
        "HostKeyAlgorithms ssh-ed25519,ecdsa-*\nHostKey host\nHostCertificate host-cert.pub\nHostKeyAlgorithms *",
        &["algorithm-not-offered error 1"],
    ),
    ("HostKey host\nHostCertificate host-cert.pub\nHostKeyAlgorithms +ssh-rsa", &[]),
];

#[test]
fn what_sshd_passes_over_is_found_at_its_line() {
    let folder = world();
    for (text, expected) in TAKEN {
        config(&folder, "sshd_config", text);
        let sshd = folder.sshd(&["-t", "-f", folder.path("sshd_config").to_str().unwrap()]);
        assert!(sshd.status.success(), "{text}: {sshd:?}");
        let errors = expected.iter().any(|finding| finding.contains(" error "));
        let json = doctor(&folder, &["--format", "json"]).exits(i32::from(errors)).json();
        assert_eq!(found(&json), expected, "{text}");
    }
}

#[test]
fn what_sshd_does_not_take_is_found_too_or_is_exit_code_2() {
    let folder = world();
    for (text, code, message) in [
        (
            "HostKey host\nMatch User x\nHostCertificate host-cert.pub",
            1,
            "error[directive-in-match]: sshd_config:3",
        ),
        ("HostKey", 2, "sshd_config:1: `hostkey` has no argument"),
        ("HostKey \"host", 2, "sshd_config:1: quotes do not end"),
        ("HostKey host\nInclude sshd_config", 2, "more than 16 includes inside of each other"),
    ] {
        config(&folder, "sshd_config", text);
        let sshd = folder.sshd(&["-t", "-f", folder.path("sshd_config").to_str().unwrap()]);
        assert!(!sshd.status.success(), "{text}: {sshd:?}");
        let run = doctor(&folder, &[]).exits(code);
        assert!([run.stdout, run.stderr].concat().contains(message), "{text}");
    }
    for path in ["missing", "folder", "/dev/zero"] {
        let run = folder.certgate(["doctor", "--sshd-config", path]).exits(2);
        assert!(run.stderr.contains(&format!("cannot read `{path}`")), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    let run = doctor(&folder, &["--host", "web:22"]).exits(2);
    assert!(run.stderr.contains("without the port"), "{}", run.stderr);
}

#[test]
fn what_is_included_has_its_own_lines_and_what_comes_first_wins() {
    let folder = world();
    std::fs::create_dir(folder.path("d")).unwrap();
    config(
        &folder,
        "sshd_config",
        "Include d/*.conf\nHostKey host\nHostKeyAlgorithms *\nMatch User x\nX11Forwarding no",
    );
    config(&folder, "d/20.conf", "# ours\nHostCertificate over-cert.pub\n");
    config(&folder, "d/10.conf", "HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519\n");
    let json = doctor(&folder, &["--format", "json"]).exits(1).json();
    assert_eq!(found(&json), ["certificate-expired error 2"]);
    assert!(json["findings"][0]["line"]["path"].as_str().unwrap().ends_with("/d/20.conf"));
    assert_eq!((&json["match_blocks"][0]["line"], &json["certificates"]), (&4.into(), &1.into()));
}

#[test]
fn names_of_the_server_must_be_among_the_principals() {
    let folder = world();
    config(&folder, "sshd_config", GOOD);
    doctor(&folder, &["--host", "WEB.example.com", "--host", "192.0.2.1"]).exits(0);
    let json = doctor(&folder, &["--host", "db.example.com", "--format", "json"]).exits(1).json();
    assert_eq!(found(&json), ["host-not-covered error 2"]);
    config(&folder, "sshd_config", "HostKey host\nHostCertificate wild-cert.pub");
    let json = doctor(&folder, &["--host", "db.example.com", "--format", "json"]).exits(0).json();
    assert_eq!(found(&json), ["principal-not-matched warning 2", "host-not-covered warning 2"]);
}

#[test]
fn keys_of_others_and_keys_without_certificates_are_told() {
    let folder = world();
    config(&folder, "sshd_config", "HostKey host\nHostKey second\nHostCertificate host-cert.pub");
    let run = doctor(&folder, &[]).exits(0);
    assert!(run.stdout.contains("note[host-key-without-certificate]: sshd_config:2: "), "{}", run.stdout);
    assert!(run.stdout.ends_with(
        "sshd_config: 2 host keys, 1 certificate, 0 Match blocks; 0 errors, 0 warnings, 1 note\n"
    ));
    if folder.openssh("id", &["-u"]).stdout == b"0\n" {
        folder.openssh("chown", &["65534", "host"]);
        let json = doctor(&folder, &["--format", "json"]).exits(0).json();
        assert_eq!(found(&json), ["host-key-owner warning 1"]);
    }
}

#[test]
fn nothing_of_a_private_key_is_shown() {
    let folder = world();
    config(&folder, "sshd_config", "HostKey host\nHostKey encrypted\nHostKey second\nHostCertificate host");
    for format in ["text", "json"] {
        let run = doctor(&folder, &["--format", format]).exits(1);
        for key in ["host", "encrypted", "second"] {
            let key = String::from_utf8(folder.read(key)).unwrap();
            let secret = key.lines().filter(|line| !line.starts_with('-'));
            assert!(secret.clone().all(|line| !run.stdout.contains(line) && !run.stderr.contains(line)));
        }
    }
}
