//! `certgate ssh verify`.

use crate::harness::{Certgate, Folder};

const AT: [&str; 2] = ["--at", "2026-07-01"];

fn verify(folder: &Folder, host: &str, more: &[&str]) -> Certgate {
    folder.certgate(["verify", "host-cert.pub", "--host", host]).arguments(AT).arguments(more)
}

/// Decision and step over all, and of each client.
fn decided(folder: &Folder, host: &str, more: &[&str]) -> (i32, String, Vec<(String, String, String)>) {
    let run = verify(folder, host, more).arguments(["--format", "json"]).run();
    let json = run.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let of_client = |client: &serde_json::Value| {
        (text(&client["client"]), text(&client["decision"]), text(&client["step"]))
    };
    let clients = json["clients"].as_array().unwrap().iter().map(of_client).collect();
    (run.code, format!("{} {}", text(&json["decision"]), text(&json["step"])), clients)
}

#[test]
fn a_good_certificate_is_exit_code_0_and_every_step_is_explained() {
    let folder = Folder::with_certificate("web.example.com");
    folder.write("known_hosts", format!("@cert-authority *.example.com {}\n", folder.line("ca.pub")));
    let run = verify(&folder, "WEB.example.com", &["--known-hosts", "known_hosts"]).exits(0);
    assert_eq!(run.stderr, "");
    let words: Vec<Vec<&str>> =
        run.stdout.lines().skip(1).map(|line| line.split_whitespace().take(2).collect()).collect();
    let steps = [
        "key-exchange",
        "revocation-list",
        "revoked-line",
        "authority",
        "role",
        "valid-after",
        "valid-before",
        "principals",
        "critical-options",
        "signature-algorithm",
    ];
    assert_eq!(words, steps.map(|step| vec!["passed", step]));
    assert!(run.stdout.contains("is an authority for this host (known_hosts:1)"), "{}", run.stdout);
    assert!(run.stdout.starts_with("host-cert.pub for web.example.com at 2026-07-01T00:00:00Z, all clients"));
}

#[test]
fn clients_that_differ_are_told_apart_and_all_must_accept() {
    let folder = Folder::with_certificate("*.example.com");
    let (code, over_all, clients) = decided(&folder, "web.example.com", &["--authority", "ca.pub"]);
    assert_eq!((code, over_all.as_str()), (1, "refused principals"));
    let expected = [("10.2", "refused", "principals"), ("10.3", "certificate", "signature-algorithm")];
    assert_eq!(clients, expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
    let run = verify(&folder, "web.example.com", &["--authority", "ca.pub"]).exits(1);
    assert!(run.stdout.contains("clients 9.4 to 10.2: refused"), "{}", run.stdout);
    assert!(run.stdout.contains("clients from 10.3 on: certificate"), "{}", run.stdout);
    for (version, code) in [("10.3p1", 0), ("9.2", 1), ("OpenSSH_10.4", 0)] {
        let run = verify(&folder, "web.example.com", &["--authority", "ca.pub", "--client-version", version]);
        run.exits(code);
    }
}

#[test]
fn each_step_that_fails_is_named_and_hints_at_a_repair() {
    let folder = Folder::with_certificate("web.example.com,[db.example.com]:2222,MAIL.example.com");
    folder.key("other", &["ed25519"]);
    let made = |name: &str, more: &[&str]| {
        folder.copy("host.pub", &format!("{name}.pub"));
        folder.certify("ca", name, more);
    };
    made("user", &["-I", "user", "-n", "web.example.com"]);
    made("over", &["-h", "-I", "over", "-n", "web.example.com", "-V", "20200101000000Z:20200201000000Z"]);
    made("later", &["-h", "-I", "later", "-n", "web.example.com", "-V", "20900101000000Z:20910101000000Z"]);
    let option = "critical:x@example.com=1";
    made("option", &["-h", "-I", "option", "-n", "web.example.com", "-O", option]);
    for (file, host, authority, step, hint) in [
        ("user-cert.pub", "web.example.com", "ca.pub", "role", "`-h`"),
        ("over-cert.pub", "web.example.com", "ca.pub", "valid-before", "renew it"),
        ("later-cert.pub", "web.example.com", "ca.pub", "valid-after", "clocks"),
        ("option-cert.pub", "web.example.com", "ca.pub", "critical-options", "without options"),
        (
            "host-cert.pub",
            "web.example.com",
            "other.pub",
            "authority",
            "@cert-authority web.example.com ssh-ed25519",
        ),
        (
            "host-cert.pub",
            "db.example.com",
            "ca.pub",
            "principals",
            "which names are compared without: write `db.example.com`",
        ),
        ("host-cert.pub", "mail.example.com", "ca.pub", "principals", "write `mail.example.com`"),
        ("host-cert.pub", "web.example.com.", "ca.pub", "principals", "leave the dot"),
        ("host-cert.pub", "x.example.com", "ca.pub", "principals", "with the principal `x.example.com`"),
    ] {
        let run = folder
            .certgate(["verify", file, "--host", host, "--authority", authority])
            .arguments(AT)
            .exits(1);
        let failed = run.stdout.lines().find(|line| line.trim_start().starts_with("failed")).unwrap();
        assert!(failed.contains(step), "{file} {host}: {}", run.stdout);
        assert!(run.stdout.contains(hint), "{file} {host}: {}", run.stdout);
    }
}

#[test]
fn an_altered_certificate_is_refused_whatever_else_is_right() {
    let folder = Folder::with_certificate("web.example.com");
    let line = folder.line("host-cert.pub");
    // The last symbols are of the signature.
    let (rest, comment) = line.rsplit_once(' ').unwrap();
    let at = rest.len() - 9;
    let altered = if rest[at..].starts_with('A') { "B" } else { "A" };
    folder.write("host-cert.pub", format!("{}{altered}{} {comment}\n", &rest[..at], &rest[at + 1..]));
    let (code, over_all, _) = decided(&folder, "web.example.com", &["--authority", "ca.pub"]);
    assert_eq!((code, over_all.as_str()), (1, "refused key-exchange"));
    let output = folder.openssh("ssh-keygen", &["-L", "-f", "host-cert.pub"]);
    assert!(!output.status.success(), "ssh-keygen takes it");
}

#[test]
fn revocation_lists_of_ssh_keygen_decide_and_several_count_together() {
    let folder = Folder::with_certificate("web.example.com");
    folder.key("other", &["ed25519"]);
    folder.keygen_ok(&["-q", "-k", "-f", "other.krl", "other.pub"]);
    folder.keygen_ok(&["-q", "-k", "-f", "host.krl", "host-cert.pub"]);
    let trusted = ["--authority", "ca.pub", "--krl", "other.krl"];
    assert_eq!(decided(&folder, "web.example.com", &trusted).1, "certificate signature-algorithm");
    let both = [&trusted[..], &["--krl", "host.krl"]].concat();
    let (code, over_all, _) = decided(&folder, "web.example.com", &both);
    assert_eq!((code, over_all.as_str()), (1, "refused revocation-list"));
}

#[test]
fn a_known_plain_key_is_not_the_certificate() {
    let folder = Folder::with_certificate("web.example.com");
    folder.write("known_hosts", format!("[db.example.com]:2222 {}\n", folder.line("host.pub")));
    let more = ["--known-hosts", "known_hosts", "--port", "2222", "--authority", "ca.pub"];
    let (code, over_all, _) = decided(&folder, "db.example.com", &more);
    assert_eq!((code, over_all.as_str()), (1, "plain-key key"));
}

#[test]
fn signatures_with_sha_1_are_refused_and_of_clients_that_take_them_nothing_is_said() {
    let folder = Folder::new();
    folder.key("ca", &["rsa", "-b", "2048"]);
    folder.key("host", &["ed25519"]);
    folder.certify("ca", "host", &["-h", "-t", "ssh-rsa", "-I", "x", "-n", "web.example.com"]);
    let (code, over_all, _) = decided(&folder, "web.example.com", &["--authority", "ca.pub"]);
    assert_eq!((code, over_all.as_str()), (1, "refused signature-algorithm"));
    let run =
        verify(&folder, "web.example.com", &["--authority", "ca.pub", "--client-version", "8.1"]).exits(2);
    assert!(run.stderr.contains("SHA-1"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_asked_is_exit_code_2_with_a_way_out() {
    let folder = Folder::with_certificate("web.example.com");
    folder.write("empty", "");
    folder.write("not.krl", "SSHKRL but no list");
    for (arguments, message) in [
        (vec!["host-cert.pub", "--host", "web"], "--known-hosts"),
        (vec!["host.pub", "--host", "web", "--authority", "ca.pub"], "-cert.pub"),
        (vec!["host", "--host", "web", "--authority", "ca.pub"], "private key"),
        (vec!["empty", "--host", "web", "--authority", "ca.pub"], "no line with an OpenSSH"),
        (vec!["missing", "--host", "web", "--authority", "ca.pub"], "cannot read `missing`"),
        (vec!["host-cert.pub", "--host", "web", "--authority", "host-cert.pub"], "plain public key is due"),
        (vec!["host-cert.pub", "--host", "web:2222", "--authority", "ca.pub"], "alone, without the port"),
        (vec!["host-cert.pub", "--host", "[web]:2222", "--authority", "ca.pub"], "has brackets or a port"),
        (vec!["host-cert.pub", "--host", "", "--authority", "ca.pub"], "no host"),
        (vec!["host-cert.pub", "--host", "web", "--authority", "ca.pub", "--krl", "not.krl"], "not.krl"),
        (
            vec!["host-cert.pub", "--host", "web", "--authority", "ca.pub", "--client-version", "new"],
            "10.3p1",
        ),
        (vec!["host-cert.pub", "--host", "web", "--authority", "ca.pub", "--at", "1960-01-01"], "1970"),
        (vec!["host-cert.pub", "--host", "web", "--authority", "ca.pub", "--port", "0"], "port 0"),
    ] {
        let run = folder.certgate(["verify"]).arguments(&arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
}
