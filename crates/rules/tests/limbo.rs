//! x509-limbo: 9,780 chains that other people made, each with what a verifier should say.
//!
//! `CERTGATE_LIMBO` names the suite's `limbo.json.xz`, which is not part of this repository. Every disagreement stands
//! in `limbo/exceptions.json`, with its reason; one that is not there fails, and one that no longer occurs fails too.
//! `cargo test -p certgate-rules --test limbo -- --nocapture` prints the figures.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]
#![expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says where the suite lies; cases have a time limit"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path as FilePath;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certgate_facts::{Certificate, CertificateRevocationList, Timestamp};
use certgate_rules::Anchor;
use certgate_rules::path::{PathQuestion, Profile, Purpose, ReferenceName};
use serde_json::Value;

/// The moment for cases that name none: that of most of the others.
const NOW: &str = "2026-11-21T06:41:30Z";
/// No case may take longer.
const CASE_TIME_MAX: Duration = Duration::from_secs(1);
/// Intermediates where a case names no limit: more than any of them needs.
const INTERMEDIATES_MAX: usize = 16;

#[test]
fn every_case_is_answered_as_expected_but_for_the_exceptions() {
    let Some(suite) = std::env::var_os("CERTGATE_LIMBO").filter(|path| !path.is_empty()) else {
        eprintln!("CERTGATE_LIMBO is not set: PATHS ARE NOT COMPARED WITH x509-limbo");
        return;
    };
    let suite = decompressed(FilePath::new(&suite));
    let cases = suite["testcases"].as_array().unwrap();
    let exceptions = exceptions();
    let mut slowest = (Duration::ZERO, "");
    let mut faults = Vec::new();
    for profile in [Profile::WebPki, Profile::Rfc5280] {
        let name = format!("{profile:?}").to_lowercase();
        let mut disagreements = 0;
        for case in cases {
            let id = text(&case["id"]);
            let begun = Instant::now();
            let (actual, reason) = answer(case, profile);
            let took = begun.elapsed();
            if took > slowest.0 {
                slowest = (took, id);
            }
            let expected = text(&case["expected_result"]);
            let exception = exceptions.get(&(name.clone(), id.to_owned()));
            match (actual == expected, exception) {
                (true, None) => {}
                (false, Some(_)) => disagreements += 1,
                (true, Some(_)) => faults.push(format!("{name} {id}: agrees now: take its exception out")),
                (false, _) => faults.push(format!("{name} {id}: expected {expected}: {reason}")),
            }
        }
        println!("{name}: {} of {} cases agree, none skipped", cases.len() - disagreements, cases.len());
    }
    println!("slowest: {} in {:?}", slowest.1, slowest.0);
    assert!(faults.is_empty(), "{} cases:\n{}", faults.len(), faults.join("\n"));
    assert!(slowest.0 < CASE_TIME_MAX);
    let known: BTreeSet<&str> = cases.iter().map(|case| text(&case["id"])).collect();
    assert!(
        exceptions.keys().all(|(_, id)| known.contains(id.as_str())),
        "an exception for a case that is not there"
    );
}

/// What the library says, in the suite's words, and why.
fn answer(case: &Value, profile: Profile) -> (&'static str, String) {
    match judged(case, profile) {
        Ok(()) => ("SUCCESS", "accepted".to_owned()),
        Err(reason) => ("FAILURE", reason),
    }
}

fn judged(case: &Value, profile: Profile) -> Result<(), String> {
    let leaf = certificates(&case["peer_certificate"])?.remove(0);
    // What cannot be read can be on no path.
    let readable = |list: &Value| -> Vec<Certificate> {
        list.as_array().unwrap().iter().filter_map(|pem| certificates(pem).ok()).flatten().collect()
    };
    let others = readable(&case["untrusted_intermediates"]);
    let anchors: Vec<Anchor> = readable(&case["trusted_certs"])
        .into_iter()
        .map(|anchor| Anchor::Certificate(Arc::new(anchor)))
        .collect();
    let peers = case["expected_peer_names"].as_array().unwrap().iter();
    let names: Vec<ReferenceName> = peers
        .chain(Some(&case["expected_peer_name"]).filter(|name| !name.is_null()))
        .map(reference_name)
        .collect();
    let key_usages: Vec<&str> = case["key_usage"].as_array().unwrap().iter().map(key_usage).collect();
    let lists = case["crls"].as_array().unwrap().iter().map(|list| {
        CertificateRevocationList::from_der(&der(text(list))).ok_or("a revocation list cannot be read")
    });
    let lists: Vec<CertificateRevocationList> = lists.collect::<Result<_, _>>()?;
    let others: Vec<&Certificate> = others.iter().collect();
    let depth = case["max_chain_depth"].as_u64().map(|depth| usize::try_from(depth).unwrap());
    let question = PathQuestion {
        leaf: &leaf,
        others: &others,
        anchors: &anchors,
        at: case["validation_time"].as_str().unwrap_or(NOW).parse::<Timestamp>().unwrap(),
        profile,
        purpose: match text(&case["validation_kind"]) {
            "CLIENT" => Purpose::ClientAuth,
            "SERVER" => Purpose::ServerAuth,
            other => panic!("{other}"),
        },
        names: &names,
        key_usages: &key_usages,
        intermediates_max: depth.unwrap_or(INTERMEDIATES_MAX),
        revocation_lists: &lists,
    };
    question.answer().map(|_| ()).map_err(|fault| format!("{:?}: {}", fault.place, fault.reason))
}

fn reference_name(name: &Value) -> ReferenceName {
    let value = text(&name["value"]).to_owned();
    match text(&name["kind"]) {
        "DNS" => ReferenceName::Dns(value),
        "IP" => ReferenceName::Ip(value.parse().unwrap()),
        "RFC822" => ReferenceName::Email(value),
        other => panic!("{other}"),
    }
}

fn key_usage(name: &Value) -> &'static str {
    match text(name) {
        "digitalSignature" => "digital_signature",
        other => panic!("{other}"),
    }
}

fn certificates(pem: &Value) -> Result<Vec<Certificate>, String> {
    let der = der(text(pem));
    Certificate::from_der(&der).map(|certificate| vec![certificate]).map_err(|error| format!("{error:?}"))
}

/// The bytes of the one PEM block in `pem`.
fn der(pem: &str) -> Vec<u8> {
    use base64::Engine as _;
    let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    base64::engine::general_purpose::STANDARD.decode(lines.trim()).unwrap()
}

fn decompressed(path: &FilePath) -> Value {
    let output = Command::new("xz").arg("--decompress").arg("--stdout").arg(path).output().unwrap();
    assert!(output.status.success(), "xz: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// By profile and case.
fn exceptions() -> BTreeMap<(String, String), Value> {
    let path = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("tests/limbo/exceptions.json");
    let exceptions: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let entry = |exception: &Value| {
        assert!(!text(&exception["reason"]).is_empty());
        assert_ne!(exception["expected"], exception["actual"]);
        ((text(&exception["profile"]).to_owned(), text(&exception["id"]).to_owned()), exception.clone())
    };
    exceptions.as_array().unwrap().iter().map(entry).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
