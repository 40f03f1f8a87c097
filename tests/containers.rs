//! What people have instead of PEM, judged by what is inside: a verdict as on the PEM that it converts to.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::harness::{Certgate, Run, fixtures, openssl};

const CHAIN: &str = "chain/p256-depth-3";

/// A folder with a passphrase file.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().unwrap());
        bench.write("pass", "secret\n");
        bench.write("wrong", "secrets\n");
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        std::fs::set_permissions(self.path(name), PermissionsExt::from_mode(0o600)).unwrap();
        self.path(name)
    }

    /// Seals a chain and its key with openssl.
    fn seal(&self, name: &str, chain: &str, key: &str) {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let pass = format!("file:{}", text(&self.path("pass")));
        let arguments = ["pkcs12", "-export", "-in", chain, "-inkey", key, "-passout", &pass, "-out"];
        let output = openssl(arguments.into_iter().map(str::to_owned).chain([text(&self.path(name))]));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Without a terminal, so that nobody is asked.
    fn check(&self, arguments: &[&str]) -> Certgate {
        let check = ["check", "--at", certgate_fixtures::JUDGED_AT];
        Certgate::after(&["setsid", "--wait"], check).arguments(arguments).folder(self.0.path())
    }
}

fn rules_found(run: &Run) -> Vec<String> {
    let case = run.json()["cases"][0].clone();
    let findings = case["findings"].as_array().unwrap().clone();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_bundle_is_judged_by_what_is_inside() {
    let bench = Bench::new();
    bench.seal("bundle.p12", &format!("{CHAIN}.pem"), &format!("{CHAIN}.key"));
    let run = bench.check(&["bundle.p12", "--passphrase-file", "pass"]).exits(0);
    insta::assert_snapshot!(run.stdout, @r#"
    warning[CG012 input-needs-converting]: this is PKCS#12: judged is the PEM that it converts to
    --> bundle.p12
     = help: write it as PEM, leaf first: `certgate convert FILE --to pem --output NEW.pem`

    warning[CG202 chain-includes-root]: the chain includes its root, `Test root p256-c`
    --> bundle.p12, certificate 3 "Test root p256-c"
     = note: self-signed: clients trust it because they have it, not because it is sent
     = help: leave it out: it is sent with every handshake for nothing

    bundle.p12: API accepts, clients: no objection found; 2 warnings
    "#);
    let json = bench.check(&["bundle.p12", "--passphrase-file", "pass", "--format", "json"]).exits(0).json();
    let case = &json["cases"][0];
    assert_eq!(case["api"]["accepted"], true);
    assert_eq!(case["facts"]["certificates"].as_array().unwrap().len(), 3);
    let quiet =
        bench.check(&["bundle.p12", "--passphrase-file", "pass", "--allow", "CG012", "--fail-on", "warning"]);
    quiet.arguments(["--allow", "chain-includes-root"]).exits(0);
}

#[test]
fn a_fault_inside_is_found_where_it_is() {
    let bench = Bench::new();
    bench.seal("expired.p12", "rules/leaf-expired/bad-last-year.pem", "rules/leaf-expired/bad-last-year.key");
    let run = bench.check(&["expired.p12", "--passphrase-file", "pass"]).exits(0);
    assert!(run.stdout.contains("expired.p12, certificate 1 \"gate.example.com\""), "{}", run.stdout);
    assert!(!run.stdout.contains("MII"), "{}", run.stdout);
}

#[test]
fn three_ways_to_stay_closed_are_told_apart() {
    let bench = Bench::new();
    bench.seal("bundle.p12", &format!("{CHAIN}.pem"), &format!("{CHAIN}.key"));
    let bytes = std::fs::read(bench.path("bundle.p12")).unwrap();
    std::fs::write(bench.path("cut.p12"), &bytes[..bytes.len() / 2]).unwrap();
    let unsupported = fixtures().join("rules/container-unreadable/bad-gost.p12");
    for (arguments, said) in [
        (&["bundle.p12"][..], "is under a passphrase, and none was given"),
        (&["bundle.p12", "--passphrase-file", "wrong"], "is not opened by the passphrase given"),
        (&["cut.p12", "--passphrase-file", "pass"], "is malformed: the data is cut off inside a value"),
        (&[unsupported.to_str().unwrap()], "is protected with GOST 28147-89, which is not read here"),
    ] {
        let run = bench.check(arguments).exits(1);
        assert!(run.stdout.contains(said), "{}", run.stdout);
        let json = bench.check(arguments).arguments(["--format", "json"]).exits(1);
        assert_eq!(rules_found(&json), ["container-unreadable"], "{arguments:?}");
        assert_eq!(json.json()["cases"][0]["api"]["code"], "ERR_NGROK_1922");
    }
}

#[test]
fn passphrases_are_tried_in_turn_and_asked_for_by_nobody_without_a_terminal() {
    let bench = Bench::new();
    bench.seal("bundle.p12", &format!("{CHAIN}.pem"), &format!("{CHAIN}.key"));
    bench.check(&["bundle.p12", "--passphrase-file", "wrong", "--passphrase-file", "pass"]).exits(0);
    std::fs::set_permissions(bench.path("pass"), PermissionsExt::from_mode(0o644)).unwrap();
    let run = bench.check(&["bundle.p12", "--passphrase-file", "pass"]).exits(2);
    assert!(run.stderr.contains("mode 0644") && !run.stderr.contains("secret"), "{}", run.stderr);
}

/// On a terminal of its own, where a passphrase is typed once it is asked for: what was on it, and the exit code.
fn typed(bench: &Bench, command: &str, passphrase: &str) -> (String, i32) {
    let line = format!("{} {command}", env!("CARGO_BIN_EXE_certgate"));
    let mut script = Command::new("script")
        .args(["-q", "-e", "-c", &line, "/dev/null"])
        .current_dir(bench.0.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
    let (mut shown, mut byte) = (Vec::new(), [0]);
    while !shown.ends_with(b"`bundle.p12`: ") {
        output.read_exact(&mut byte).unwrap();
        shown.extend(byte);
    }
    // The question comes first, then the terminal is told to show nothing.
    std::thread::sleep(Duration::from_millis(300));
    writeln!(input, "{passphrase}").unwrap();
    output.read_to_end(&mut shown).unwrap();
    (String::from_utf8(shown).unwrap(), script.wait().unwrap().code().unwrap())
}

#[test]
fn a_terminal_is_asked_once_and_shows_nothing_of_what_is_typed() {
    let bench = Bench::new();
    bench.seal("bundle.p12", &format!("{CHAIN}.pem"), &format!("{CHAIN}.key"));
    let at = certgate_fixtures::JUDGED_AT;
    for command in [format!("check --at {at} bundle.p12"), "show bundle.p12".to_owned()] {
        let (shown, code) = typed(&bench, &command, "secret");
        assert_eq!(code, 0, "{shown}");
        assert!(shown.contains("gate.example.com") || shown.contains("API accepts"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
        assert_eq!(shown.matches("Passphrase for ").count(), 1, "{shown}");
    }
    let (shown, code) = typed(&bench, "check bundle.p12", "secrets");
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("is not opened by the passphrase given") && !shown.contains("secrets"), "{shown}");
    let (shown, code) = typed(&bench, "convert bundle.p12 --to pem --output out.pem --split", "secret");
    assert_eq!(code, 0, "{shown}");
    let written = std::fs::read_to_string(bench.path("out.pem")).unwrap();
    assert_eq!(written.matches("BEGIN CERTIFICATE").count(), 3);
}

#[test]
fn facts_of_a_bundle_are_those_of_what_is_inside() {
    let bench = Bench::new();
    bench.seal("bundle.p12", &format!("{CHAIN}.pem"), &format!("{CHAIN}.key"));
    for suffix in ["pem", "key"] {
        std::fs::copy(fixtures().join(format!("{CHAIN}.{suffix}")), bench.path(&format!("open.{suffix}")))
            .unwrap();
    }
    let show = |files: &[&str]| {
        let options = ["--passphrase-file", "pass", "--format", "json"];
        let show = Certgate::after(&["setsid", "--wait"], ["show"]).arguments(files).arguments(options);
        let mut shown = show.folder(bench.0.path()).exits(0).json();
        // With comments in one, without in the other.
        let pem = shown.as_object_mut().unwrap().remove("certificate_pem").unwrap();
        assert_eq!(pem.as_str().unwrap().matches("-----BEGIN CERTIFICATE-----").count(), 3);
        shown
    };
    let packed = show(&["bundle.p12"]);
    assert_eq!(packed["subject_common_name"], "gate.example.com");
    assert_eq!(packed, show(&["open.pem", "open.key"]));
}

#[test]
fn given_for_a_field_it_is_what_the_api_would_see() {
    let bench = Bench::new();
    bench.seal("bundle.p12", &format!("{CHAIN}.pem"), &format!("{CHAIN}.key"));
    let key = fixtures().join(format!("{CHAIN}.key"));
    let slots =
        ["--certificate", "bundle.p12", "--private-key", key.to_str().unwrap(), "--passphrase-file", "pass"];
    let run = bench.check(&slots).arguments(["--format", "json"]).exits(1);
    assert_eq!(rules_found(&run), ["certificate-missing"]);
}

#[test]
fn leaf_and_issuers_in_files_of_their_own_are_one_chain() {
    let bench = Bench::new();
    let chain = std::fs::read_to_string(fixtures().join(format!("{CHAIN}.pem"))).unwrap();
    let (leaf, rest) = chain.split_once("-----END CERTIFICATE-----\n").unwrap();
    bench.write("cert.pem", &format!("{leaf}-----END CERTIFICATE-----\n"));
    bench.write("chain.pem", rest);
    let key = fixtures().join(format!("{CHAIN}.key"));
    let key = key.to_str().unwrap();
    for order in [["cert.pem", "chain.pem", key], [key, "chain.pem", "cert.pem"]] {
        let run = bench.check(&order).arguments(["--format", "json"]).exits(0);
        let json = run.json();
        assert_eq!(json["cases"].as_array().unwrap().len(), 1, "{order:?}");
        let certificates = json["cases"][0]["facts"]["certificates"].as_array().unwrap().clone();
        let places: Vec<String> = certificates
            .iter()
            .map(|certificate| format!("{}:{}", certificate["path"].as_str().unwrap(), certificate["line"]))
            .collect();
        let line = |text: &str, nth: usize| {
            let lines = text.lines().enumerate().filter(|(_, line)| line.starts_with("-----BEGIN"));
            1 + lines.map(|(index, _)| index).nth(nth).unwrap()
        };
        let expected = [
            format!("cert.pem:{}", line(leaf, 0)),
            format!("chain.pem:{}", line(rest, 0)),
            format!("chain.pem:{}", line(rest, 1)),
        ];
        assert_eq!(places, expected);
        assert!(rules_found(&run).contains(&"input-needs-converting".to_owned()));
    }
}

#[test]
fn secrets_of_a_manifest_are_pairs_whatever_else_is_there() {
    let text =
        std::fs::read_to_string(fixtures().join("rules/container-unreadable/good-secret.yaml")).unwrap();
    let bench = Bench::new();
    let other_key = std::fs::read(fixtures().join("chain/rsa-2048-depth-2.key")).unwrap();
    let (head, _) = text.split_once("  tls.key: ").unwrap();
    let swapped = format!("{head}  tls.key: {}\n", crate::harness::base64(&other_key));
    bench.write("secrets.yaml", &format!("{text}---\nkind: ConfigMap\n---\n{swapped}"));
    let run = bench.check(&["secrets.yaml", "--format", "json"]).exits(1);
    let json = run.json();
    let codes: Vec<_> =
        json["cases"].as_array().unwrap().iter().map(|case| case["api"]["code"].clone()).collect();
    assert_eq!(codes, [serde_json::Value::Null, "ERR_NGROK_1923".into()]);
    let place = &json["cases"][1]["findings"][0]["primary"];
    let line =
        1 + text.lines().count() + 2 + 1 + text.lines().position(|line| line.contains("tls.key")).unwrap();
    assert_eq!((&place["line"], &place["part"]), (&line.into(), &"tls.key of gate".into()));
}
