use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use certgate_facts::{Reading, Source};
use proptest::prelude::*;

use super::*;
use crate::{
    Field, HostCertificateRequest, Moment, NormalForm, Policy, SshDocument, TrustAnchors, Verdict, judge,
    principal,
};

/// The line of a file in `fixtures/ssh/`.
fn line(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/ssh").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().find(|line| !line.starts_with('#')).unwrap().to_owned()
}

fn reading(text: &str) -> Arc<Reading> {
    Arc::new(Reading::of(Source::from_bytes("test.pub", text.as_bytes().to_vec()).unwrap()))
}

fn policy() -> Policy {
    Policy::new("2026-11-01".parse().unwrap(), TrustAnchors::Mozilla)
}

fn judged(principals: &[&str]) -> Verdict<HostCertificateRequest> {
    judged_by(&policy(), principals)
}

fn judged_by(policy: &Policy, principals: &[&str]) -> Verdict<HostCertificateRequest> {
    let field = |text: &&str| Field::new("--principal", *text).unwrap();
    let request = HostCertificateRequest::new(
        reading(&line("ed25519.pub")),
        field(&"web-1"),
        principals.iter().map(field).collect(),
        Moment::at(1_793_491_140),
        Moment::at(1_793_577_540),
    );
    judge(request, policy)
}

/// A certificate of the fixtures with other principals, and a signature that does not fit any more.
fn certified(name: &str, principals: &[&str]) -> Verdict<SshDocument> {
    let line = line(name);
    let [kind, blob] = line.split(' ').take(2).collect::<Vec<_>>()[..] else { panic!("{line}") };
    let blob = BASE64_STANDARD.decode(blob).unwrap();
    let length =
        |at: usize| usize::try_from(u32::from_be_bytes(blob[at..at + 4].try_into().unwrap())).unwrap();
    let behind = |at: usize| at + 4 + length(at);
    // Type, nonce and key; serial and role; key id.
    let start = behind(behind(behind(behind(0))) + 8 + 4);
    let wire = |text: &[u8]| [&u32::try_from(text.len()).unwrap().to_be_bytes(), text].concat();
    let list: Vec<u8> = principals.iter().flat_map(|principal| wire(principal.as_bytes())).collect();
    let blob = [&blob[..start], &wire(&list), &blob[behind(start)..]].concat();
    let reading = reading(&format!("{kind} {}", BASE64_STANDARD.encode(blob)));
    judge(SshDocument::all_of(&reading).next().unwrap(), &policy())
}

/// What is found of the principals, whatever else is.
fn of_principals<T>(verdict: &Verdict<T>) -> impl Iterator<Item = &Finding> {
    verdict.findings().iter().filter(|finding| finding.rule().name().starts_with("principal"))
}

fn names<T>(verdict: &Verdict<T>) -> Vec<&'static str> {
    of_principals(verdict).map(|finding| finding.rule().name()).collect()
}

/// What is said of the principals of a host certificate: rule, level, and whether clients refuse.
fn said(principals: &[&str]) -> Vec<(&'static str, Level, bool)> {
    let verdict = certified("ed25519-host-cert.pub", principals);
    let said = |finding: &Finding| (finding.rule().name(), finding.level(), finding.clients_refuse());
    of_principals(&verdict).map(said).collect()
}

#[test]
fn a_principal_gets_one_finding_and_its_repair_none() {
    for (given, rule) in [
        ("*.example.com", "principal-is-wildcard"),
        ("*.*", "principal-is-any-host"),
        ("[WEB.example.com.]:22", "principal-has-port"),
        ("[2001:DB8::1]", "principal-has-brackets"),
        ("Web, 010.1", "principal-has-comma"),
        (" WEB.example.com.", "principal-has-whitespace"),
        ("\u{202E}WEB:22", "principal-has-control-character"),
        ("WEB.example.com", "principal-not-lower-case"),
        ("WEB.example.com.", "principal-has-trailing-dot"),
        ("BÜCHER.example.", "principal-not-ascii"),
        ("2001:DB8::1", "principal-address-not-canonical"),
        (" ", "principal-empty-text"),
    ] {
        assert_eq!(names(&judged(&[given])), [rule], "{given}");
        for repaired in NormalForm::of(given).texts().iter().filter(|_| !given.contains('*')) {
            assert_eq!(names(&judged(&[repaired])), [""; 0], "{given}");
            let finding = judged(&[given]).findings()[0].clone();
            assert!(finding.help().unwrap().contains(&format!("`{repaired}`")), "{given}");
        }
    }
}

#[test]
fn a_pattern_that_is_allowed_has_no_other_fault() {
    let rule = crate::rule("principal-is-wildcard").unwrap();
    let policy = policy().with_level(rule, Level::Warning);
    assert!(judged_by(&policy, &["*.example.com"]).clear().is_ok());
    for faulty in
        ["*", "*.*", "*.EXAMPLE.com", "*.example.com:22", "*.example.com.", "[*.example.com]", "*.ü"]
    {
        assert!(judged_by(&policy, &[faulty]).clear().is_err(), "{faulty}");
    }
}

#[test]
fn what_is_signed_is_weighed_by_what_clients_make_of_it() {
    let (error, warning) = (Level::Error, Level::Warning);
    assert_eq!(said(&["web.example.com", "192.0.2.7"]), []);
    assert_eq!(said(&["WEB.example.com"]), [("principal-not-lower-case", error, true)]);
    // Clients find the host by the other principal.
    let repeated = ("principal-repeated", warning, false);
    let expected = [("principal-not-lower-case", warning, false), repeated];
    assert_eq!(said(&["WEB.example.com", "web.example.com"]), expected);
    assert_eq!(said(&["web,db", "db", "web"]), [("principal-has-comma", warning, false)]);
    assert_eq!(said(&["web,db", "db"]), [("principal-has-comma", error, true)]);
    assert_eq!(said(&["*.example.com"]), [("principal-is-wildcard", warning, true)]);
    assert_eq!(said(&["*"]), [("principal-is-any-host", error, true)]);
    assert_eq!(said(&[""]), [("principal-empty-text", error, true)]);
    assert_eq!(said(&["", "web"]), [("principal-empty-text", warning, false)]);
    assert_eq!(said(&["web", "web"]), [repeated]);
}

#[test]
fn names_of_users_are_not_names_of_hosts() {
    for names_given in [&["Alice", "EXAMPLE\\alice", "alice@example.com:22", "*", ""][..], &[]] {
        assert_eq!(names(&certified("ed25519-user-cert.pub", names_given)), [""; 0]);
    }
    assert_eq!(names(&certified("ed25519-host-cert.pub", &[])), ["principals-empty"]);
}

#[test]
fn messages_are_one_line_of_limited_length_however_long_the_principal() {
    for unit in ["A", "é", "\0", "\u{202E}", "[", "a,", "1.", "F:", "*", " x", ":22"] {
        let text = unit.repeat(1_000_000 / unit.len());
        let verdict = judged(&[&text, "web"]);
        let findings = verdict.findings();
        assert_eq!(findings.len(), 1, "{unit:?}");
        for words in [findings[0].message(), findings[0].help().unwrap()] {
            assert!(words.len() < 1000, "{unit:?}: {}", words.len());
            assert!(!words.contains(char::is_control) && !words.contains('\u{202E}'), "{unit:?}: {words}");
        }
    }
}

#[test]
fn a_rule_tells_of_eight_principals_and_counts_the_rest() {
    let many: Vec<String> = (0..1000).map(|number| format!("WEB-{number}")).collect();
    let verdict = judged(&many.iter().map(String::as_str).collect::<Vec<_>>());
    let of = |rule: &str| verdict.findings().iter().filter(|finding| finding.rule().name() == rule).count();
    assert_eq!((of("principal-not-lower-case"), of("principals-over-limit")), (FINDINGS_MAX, 1));
    let helps = verdict.findings().iter().filter_map(Finding::help);
    assert_eq!(helps.filter(|help| help.ends_with("; 992 more principals have the same fault")).count(), 1);
    assert_eq!(names(&judged(&["web"; 12])), ["principal-repeated"; FINDINGS_MAX]);
}

#[test]
fn nothing_of_a_private_key_is_shown() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keys/ed25519-a.key");
    let key = std::fs::read_to_string(path).unwrap();
    let block = &key[key.find("-----BEGIN").unwrap()..];
    for given in [block.to_owned(), block.replace('\n', " "), block.replace('\n', ",")] {
        let verdict = judged(&[&given, &given]);
        assert_eq!(verdict.findings().len(), 3);
        for finding in verdict.findings() {
            let words = format!("{} {}", finding.message(), finding.help().unwrap());
            assert!(words.contains("a private key "), "{words}");
            let secret = block.lines().nth(1).unwrap();
            assert!(!words.to_lowercase().contains(&secret[..8].to_lowercase()), "{words}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_principal_gets_one_finding_at_most_and_its_repairs_none(text in principal::tests::texts()) {
        let form = NormalForm::of(&text);
        prop_assert_eq!(judged(&[&text]).findings().len(), usize::from(form.fault().is_some()));
        let repaired: Vec<&str> = form.texts().iter().map(String::as_str).collect();
        let left = judged(&repaired);
        let is_pattern = |name: &&str| *name == "principal-is-wildcard";
        let is_none = |name: &&str| repaired.is_empty() && *name == "principals-empty";
        prop_assert!(names(&left).iter().all(|name| is_pattern(name) || is_none(name)), "{:?}", names(&left));
    }
}
