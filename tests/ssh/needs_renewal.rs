//! `certgate ssh needs-renewal`.

use crate::harness::{Certgate, Folder, base64, base64_bytes};

fn needs_renewal(folder: &Folder, arguments: &[&str]) -> Certgate {
    folder.certgate(["needs-renewal"]).arguments(arguments)
}

/// Certificates valid for 100 days from 2026-01-01 on, forever, and from always to 2027.
fn world() -> Folder {
    let folder = Folder::with_certificate("web.example.com");
    let made = |name: &str, validity: &str| {
        folder.copy("host.pub", &format!("{name}.pub"));
        folder.certify("ca", name, &["-h", "-I", name, "-n", "web.example.com", "-V", validity]);
    };
    made("hundred", "20260101000000Z:20260411000000Z");
    made("forever", "always:forever");
    made("always", "always:20270101000000Z");
    folder
}

#[test]
fn a_certificate_is_due_from_the_second_on_at_which_the_fraction_begins() {
    let folder = world();
    let file = "hundred-cert.pub";
    for (at, more, code) in [
        ("2026-01-01", &[][..], 0),
        ("2026-03-08T23:59:59Z", &[], 0),
        ("2026-03-09", &[], 1),
        ("2026-05-01", &[], 1),
        ("2026-03-09", &["--fraction", "0.1"], 0),
        ("2026-04-01T00:00:00Z", &["--fraction", "0.1"], 1),
        ("2026-01-01", &["--fraction", ".999999"], 0),
        ("2026-01-02", &["--fraction", "0.999999"], 1),
    ] {
        let run = needs_renewal(&folder, &[file, "--at", at]).arguments(more).exits(code);
        assert_eq!(run.stderr, "");
        assert!(run.stdout.contains("valid until 2026-04-11T00:00:00Z"), "{}", run.stdout);
    }
    let run = needs_renewal(&folder, &[file, "--at", "2026-03-10"]).exits(1);
    assert_eq!(
        run.stdout,
        "hundred-cert.pub: due since 2026-03-09T00:00:00Z, valid until 2026-04-11T00:00:00Z\n"
    );
}

#[test]
fn of_several_the_gravest_answer_is_the_exit_code_and_each_is_told() {
    let folder = world();
    let at = ["--at", "2026-12-01", "--format", "json"];
    let states = |files: &[&str], code: i32| {
        let json = needs_renewal(&folder, files).arguments(at).exits(code).json();
        let certificates = json["certificates"].as_array().unwrap().iter();
        certificates.map(|one| one["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(states(&["forever-cert.pub"], 0), "fine");
    assert_eq!(states(&["forever-cert.pub", "hundred-cert.pub"], 1), "fine due");
    assert_eq!(states(&["forever-cert.pub", "always-cert.pub", "hundred-cert.pub"], 2), "fine unknown due");
    assert_eq!(states(&["missing", "hundred-cert.pub"], 2), "unknown due");
    let run = needs_renewal(&folder, &["always-cert.pub", "--at", "2027-01-01"]).exits(1);
    assert!(run.stdout.starts_with("always-cert.pub: due since 2027-01-01"), "{}", run.stdout);
}

#[test]
fn what_cannot_be_told_is_exit_code_2_with_its_reason() {
    let folder = world();
    folder.copy("host.pub", "user.pub");
    folder.certify("ca", "user", &["-I", "user", "-n", "root", "-V", "always:forever"]);
    let line = folder.line("forever-cert.pub");
    let words: Vec<&str> = line.split(' ').collect();
    // The signature comes last.
    let mut blob = base64_bytes(words[1]);
    *blob.last_mut().unwrap() ^= 1;
    folder.write("forged-cert.pub", format!("{} {}\n", words[0], base64(&blob)));
    for (file, message) in [
        ("user-cert.pub", "for users, not for a host"),
        ("forged-cert.pub", "it is not to be believed: the signature was not made by this key"),
        ("missing", "cannot read `missing`"),
        ("host.pub", "a certificate is due"),
        ("host", "no line with an OpenSSH"),
        ("always-cert.pub", "it was always valid"),
    ] {
        let run = needs_renewal(&folder, &[file, "--at", "2026-07-01"]).exits(2);
        assert!(run.stdout.starts_with(&format!("{file}: could not tell: ")), "{}", run.stdout);
        assert!(run.stdout.contains(message), "{}", run.stdout);
    }
    for fraction in ["0", "1", "33%", "-0.3", "0.0000001"] {
        let fraction = format!("--fraction={fraction}");
        let run = needs_renewal(&folder, &["hundred-cert.pub", &fraction]).exits(2);
        assert!(run.stderr.contains("not a fraction"), "{}", run.stderr);
    }
}
