//! `certgate check` and `show` of what lies there of SSH: public keys, certificates, known hosts.

use serde_json::Value;

use crate::harness::{
    Case, Certgate, Folder, Kind, RuleFixture, cards, fixtures, rule_fixtures, rules_about,
};

const CHAIN: &str = "chain/p256-depth-3.pem";
const KEY: &str = "chain/p256-depth-3.key";
const HOST_KEY: &str = "ssh/ed25519.pub";
const HOST_CERTIFICATE: &str = "ssh/ed25519-host-cert.pub";
const KNOWN_HOSTS: &str = "rules/trust-line-key-revoked/bad-authority.known_hosts";

fn cases(paths: &[&str]) -> Vec<Case> {
    Certgate::check(paths).arguments(["--format", "json"]).run().cases()
}

fn openssh_files() -> Vec<RuleFixture> {
    rule_fixtures().into_iter().filter(|fixture| fixture.kind == Kind::OpensshFile).collect()
}

fn has_error(cases: &[Case]) -> bool {
    cases.iter().flat_map(Case::findings).any(|finding| finding.severity() == "error")
}

fn kinds(cases: &[Case]) -> Vec<&str> {
    cases.iter().map(|case| case.json()["kind"].as_str().expect("every case is of a kind")).collect()
}

#[test]
fn every_bad_file_is_found_and_every_good_twin_is_free_of_the_fault() {
    let mut bad = 0;
    for file in openssh_files() {
        let run = Certgate::check([&file.path]).arguments(["--format", "json"]).run();
        let cases = run.cases();
        let is_found = cases.iter().any(|case| case.finding(file.rule()).is_some());
        assert_eq!(is_found, file.is_bad(), "{}", file.path);
        assert_eq!(run.code, i32::from(has_error(&cases)), "{}", file.path);
        assert!(file.is_bad() || run.code == 0, "{} is not sound", file.path);
        assert_eq!(run.stderr, "");
        bad += usize::from(file.is_bad());
    }
    assert!(bad > 30 && rules_about(Kind::OpensshFile).len() >= 12);
}

/// What `ssh-keygen -L` does not read, by the rules that say so where they find an error.
const UNREADABLE: [&str; 4] = [
    "authority-key-is-certificate",
    "authority-key-weak",
    "authority-signature-invalid",
    "ssh-certificate-unreadable",
];

/// Where we say less than ssh-keygen: SHA-1 is never verified, and some algorithms are not known here.
const UNVERIFIED: [&str; 2] = [
    "rules/authority-signature-invalid/bad-webauthn-cert.pub",
    "rules/authority-signature-sha1/bad-false-cert.pub",
];

#[test]
fn ssh_keygen_reads_the_certificates_that_no_rule_calls_unreadable() {
    let folder = Folder::new();
    let certificates = openssh_files().into_iter().filter(|file| file.path.ends_with("-cert.pub"));
    let (mut read, mut refused) = (0, 0);
    for file in certificates {
        let path = fixtures().join(&file.path);
        let output = folder.openssh("ssh-keygen", &["-L".as_ref(), "-f".as_ref(), path.as_os_str()]);
        let case = cases(&[&file.path]).remove(0);
        let findings = case.findings();
        let is_unreadable =
            findings.iter().any(|found| UNREADABLE.contains(&found.rule()) && found.severity() == "error");
        let is_expected = is_unreadable || UNVERIFIED.contains(&file.path.as_str());
        assert_eq!(!output.status.success(), is_expected, "{}: {:?}", file.path, case.rules());
        if output.status.success() { read += 1 } else { refused += 1 }
    }
    assert!(read > 20 && refused > 10, "{read} read, {refused} refused");
}

/// `ssh-keygen -F` shows this line, and `ssh` makes nothing of it.
const SHOWN_WITHOUT_EFFECT: &str = "rules/trust-line-unreadable/bad-certificate.known_hosts";

#[test]
fn ssh_keygen_finds_no_key_in_the_lines_that_clients_pass_over() {
    let folder = Folder::new();
    let of_rule = openssh_files().into_iter().filter(|file| file.rule() == "trust-line-unreadable");
    let mut found = 0;
    for file in of_rule.filter(|file| file.path != SHOWN_WITHOUT_EFFECT) {
        // ssh-keygen may write beside what it reads.
        folder.write("known_hosts", std::fs::read(fixtures().join(&file.path)).unwrap());
        let arguments = ["-l", "-F", "web-1.example.com", "-f", "known_hosts"];
        let shown = String::from_utf8(folder.openssh("ssh-keygen", &arguments).stdout).unwrap();
        let has_key = shown.lines().any(|line| !line.starts_with('#') && line.contains("SHA256:"));
        // The name that was hashed is another.
        let is_expected = !file.is_bad() && !file.path.contains("/good-hash");
        assert_eq!(has_key, is_expected, "{}: {shown}", file.path);
        found += usize::from(has_key);
    }
    assert!(found >= 6, "{found}");
}

#[test]
fn tls_and_ssh_are_judged_in_one_run_with_one_output_and_one_exit_code() {
    let orders = [
        [CHAIN, KEY, HOST_KEY, HOST_CERTIFICATE, KNOWN_HOSTS],
        [HOST_KEY, KEY, KNOWN_HOSTS, HOST_CERTIFICATE, CHAIN],
    ];
    for order in orders {
        let run = Certgate::check(order).arguments(["--format", "json"]).exits(0);
        let mut found = kinds(&run.cases()).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(found.remove(0), "tls-upload");
        found.sort();
        assert_eq!(found, ["ssh-certificate", "ssh-known-hosts", "ssh-known-hosts", "ssh-public-key"]);
        let summary = &run.json()["summary"];
        assert_eq!(
            (&summary["cases"], &summary["accepted"], &summary["refused"]),
            (&5.into(), &2.into(), &0.into())
        );
    }
    let bad = "rules/certificate-has-options/bad-critical-cert.pub";
    Certgate::check([CHAIN, KEY, bad]).exits(1);
    Certgate::check([bad, "rules/key-does-not-match-leaf/good-another-type.pem"]).exits(1);
    Certgate::check([CHAIN, KEY, HOST_CERTIFICATE, "--fail-on", "warning"]).exits(1);
    Certgate::check([CHAIN, KEY, bad, "--warn", "certificate-has-options"]).exits(0);
}

#[test]
fn the_api_has_a_say_about_plain_keys_alone() {
    let of = |path: &str| cases(&[path]).remove(0);
    let key = of(HOST_KEY);
    assert!(key.is_accepted());
    assert_eq!(key.json()["inputs"][0]["slot"], "public_key");
    assert_eq!(key.json()["facts"]["public_key"]["kind"], "ed25519");
    for path in [HOST_CERTIFICATE, KNOWN_HOSTS, "rules/ssh-certificate-unreadable/bad-cut-off-cert.pub"] {
        let case = of(path);
        assert_eq!(
            (&case.json()["api"], &case.json()["inputs"][0]["slot"]),
            (&Value::Null, &Value::Null),
            "{path}"
        );
        let text = Certgate::check([path]).run().stdout;
        assert!(!text.contains("API"), "{path}: {text}");
    }
    let damaged = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\n";
    let run = Certgate::check(["-", "--format", "json"]).stdin(damaged).exits(1);
    assert_eq!((run.case().is_accepted(), run.case().api_code()), (false, Some("ERR_NGROK_1934")));
}

#[test]
fn a_certificate_just_signed_is_judged_by_what_ssh_keygen_wrote_into_it() {
    let folder = Folder::with_certificate("web-1.example.com");
    let check = |name: &str, at: &str| {
        Certgate::new(["check", "--at", at, "--format", "json", name]).folder(folder.root()).run().case()
    };
    let case = check("host-cert.pub", "2026-11-01");
    assert_eq!(case.rules(), ["lifetime-over-policy"]);
    assert_eq!(case.json()["facts"]["certificate"]["serial"], "7");
    assert_eq!(check("host-cert.pub", "2027-01-01").rules()[0], "certificate-expired");
    folder.key("old", &["ed25519"]);
    folder.certify("ca", "old", &["-I", "", "-n", "web-1.example.com"]);
    folder.copy("old-cert.pub", "ssh_host_ed25519_key-cert.pub");
    let case = check("ssh_host_ed25519_key-cert.pub", "2026-11-01");
    for rule in ["certificate-is-for-users", "serial-zero", "key-id-empty"] {
        assert!(case.finding(rule).is_some(), "{rule}: {:?}", case.rules());
    }
    assert_eq!(case.finding("certificate-is-for-users").map(|found| found.severity()), Some("error"));
}

#[test]
fn files_of_other_kinds_are_no_known_hosts() {
    let folder = Folder::new();
    folder.key("key", &["ed25519"]);
    let key = folder.line("key.pub");
    for (name, text) in [
        ("authorized_keys", format!("no-pty,from=\"192.0.2.1\" {key}\nrestrict {key}\n")),
        ("allowed_signers", format!("alice@example.com {key}\n")),
        (
            "notes",
            "@cert-authority lines are for hosts, @revoked ones too\nthe ssh-ed25519 key is best\n"
                .to_owned(),
        ),
    ] {
        folder.write(name, text);
        let run =
            Certgate::new(["check", "--at", "2026-11-01", "--format", "json", name]).folder(folder.root());
        let cases = run.run().cases();
        assert_eq!(kinds(&cases), ["tls-upload"], "{name}");
    }
    folder.write("authorized_keys", format!("# mine\n{key}\nrestrict {key}\n"));
    let run = Certgate::new(["check", "--format", "json", "authorized_keys"]).folder(folder.root());
    assert_eq!(kinds(&run.run().cases()), ["ssh-public-key"]);
}

#[test]
fn show_tells_what_clients_know() {
    let text = Certgate::new(["show", KNOWN_HOSTS]).exits(0).stdout;
    assert!(text.contains(":2: ssh authority for hosts\n") && text.contains("*.example.com"), "{text}");
    let json = Certgate::new(["show", "--format", "json", KNOWN_HOSTS]).exits(0).json();
    assert_eq!(json["ssh_lines"][0]["known_host"]["marker"], "cert-authority");
    assert_eq!(json["ssh_lines"][1]["known_host"]["marker"], "revoked");
    let both = Certgate::new(["show", CHAIN, HOST_KEY]).exits(0).stdout;
    assert!(both.contains("certificate 1, leaf") && both.contains("ssh public key"), "{both}");
}

#[test]
fn rules_about_openssh_files_are_all_met_by_one() {
    let about = rules_about(Kind::OpensshFile);
    let of_files: Vec<String> = cards()
        .iter()
        .filter(|card| ("CG440".."CG460").contains(&card.code()))
        .map(|card| card.name().to_owned())
        .collect();
    assert_eq!(of_files.len(), 13);
    assert!(of_files.iter().all(|rule| about.contains(rule)), "{about:?}");
}
