//! The committed inputs of each rule, judged, for the tests.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, Source};

use crate::{Level, Policy, Rule, Slot, TlsUpload, TrustAnchors, Verdict, judge};

/// What a rule finds in each of its `bad-*` fixtures, for a snapshot; its `good-*` ones must not make it say anything.
pub(crate) fn findings(rule: &'static Rule) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules").join(rule.name());
    let mut stems: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pem"))
        .map(|path| path.with_extension(""))
        .collect();
    stems.sort();
    let mut text = String::new();
    for stem in stems {
        let name = stem.file_name().unwrap().to_str().unwrap().to_owned();
        let verdict = judged(&stem);
        let own: Vec<_> =
            verdict.findings().iter().filter(|finding| finding.rule().name() == rule.name()).collect();
        if name.starts_with("good-") {
            assert!(own.is_empty(), "{} is found in {}", rule.name(), stem.display());
            assert_eq!(verdict.api_code(), None, "the API refuses {}", stem.display());
            continue;
        }
        assert!(!own.is_empty(), "{} is not found in {}", rule.name(), stem.display());
        if rule.api_code().is_some() {
            assert_eq!(verdict.api_code(), rule.api_code(), "what the API answers to {}", stem.display());
        }
        for finding in own {
            let place = finding.primary().location();
            let path = Path::new(finding.primary().path()).file_name().unwrap().to_str().unwrap();
            writeln!(text, "{path}:{}:{} {}", place.line, place.column, finding.message()).unwrap();
            writeln!(text, "    {}", finding.help().unwrap_or("(no help)")).unwrap();
        }
    }
    text
}

fn judged(stem: &Path) -> Verdict<TlsUpload> {
    let slot = |extension: &str| Slot::whole(Arc::new(read(&stem.with_extension(extension))));
    let text = |extension: &str| std::fs::read_to_string(stem.with_extension(extension)).unwrap_or_default();
    let upload = TlsUpload::new(slot("pem"), slot("key"))
        .with_description(text("description"))
        .with_metadata(text("metadata"));
    judge(upload, &Policy::new("2026-11-01".parse().unwrap(), TrustAnchors::Mozilla))
}

fn read(path: &Path) -> Reading {
    Reading::of(Source::read(path.to_str().unwrap(), std::fs::File::open(path).unwrap()).unwrap())
}

#[test]
fn nothing_is_cleared_that_the_api_would_refuse_even_where_the_policy_allows_it() {
    let stem = |name: &str| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
    assert!(judged(&stem("rules/key-does-not-match-leaf/good-another-type")).clear().is_ok());
    let refusal = judged(&stem("rules/key-does-not-match-leaf/bad-another-type")).clear().err().unwrap();
    assert_eq!(refusal.to_string(), "not cleared: the API would answer ERR_NGROK_1923");
    assert!(refusal.verdict().has(Level::Error));
}
