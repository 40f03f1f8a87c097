//! Baselines, written, read and applied.

use serde_json::Value;

use super::*;
use crate::fixture;

fn verdicts() -> Vec<Judged> {
    vec![
        fixture::seed().into(),
        fixture::rule("key-does-not-match-leaf", "bad-of-the-intermediate").into(),
        fixture::ignores(),
    ]
}

fn as_given(path: &str) -> String {
    path.to_owned()
}

fn written(baseline: &Baseline) -> String {
    let mut out = Vec::new();
    baseline.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_baseline_is_sorted_and_has_a_line_for_each_finding() {
    let baseline = Baseline::of(&verdicts(), as_given);
    insta::assert_snapshot!(written(&baseline), @r#"
    {
      "version": 1,
      "findings": [
        {"path":"bad-of-the-intermediate.key","rule":"key-does-not-match-leaf","fingerprint":"0d25d0f95e71bf10236c2c59c86b7c93:1"},
        {"path":"bad-of-the-intermediate.pem","rule":"chain-includes-root","fingerprint":"90e196cf725ef3754f179d3f9f95b19e:1"},
        {"path":"certgate.toml","rule":"ignore-matches-nothing","fingerprint":"952185d314e5f53dd6bc54cbb2f1a627:1"},
        {"path":"example.com.pem","rule":"leaf-expired","fingerprint":"e7f27e3975e09079a8f2d785a5072663:1"},
        {"path":"example.com.pem","rule":"leaf-has-no-san","fingerprint":"0c7e3d84702d63ec57246d4e07ec8c30:1"},
        {"path":"example.com.pem","rule":"leaf-is-a-ca","fingerprint":"3c413eef0a30ed886dae98002fc71ed4:1"}
      ]
    }
    "#);
    let mut reversed = verdicts();
    reversed.reverse();
    assert_eq!(written(&Baseline::of(&reversed, as_given)), written(&baseline));
    assert_eq!(Baseline::read(written(&baseline).as_bytes()).unwrap(), baseline);
    let none = Baseline::default();
    assert_eq!(Baseline::read(written(&none).as_bytes()).unwrap(), none);
}

#[test]
fn what_is_known_is_not_reported_and_what_is_gone_is_told() {
    let baseline = Baseline::of(&verdicts(), as_given);
    let mut all = verdicts();
    assert!(baseline.suppress(&mut all, as_given).is_empty());
    assert!(all.iter().all(|judged| judged.findings().is_empty() && !judged.suppressed().is_empty()));
    assert!(
        matches!(&all[1], Judged::TlsUpload(verdict) if verdict.api_code().is_some()),
        "it is refused still"
    );
    let mut fewer = verdicts();
    drop(fewer.remove(0));
    let gone = baseline.suppress(&mut fewer, as_given);
    assert_eq!(gone.len(), 3);
    assert!(gone.iter().all(|known| known.path == "example.com.pem"));
}

#[test]
fn one_more_of_a_kind_and_the_same_in_another_file_are_new() {
    let once = || vec![Judged::from(fixture::seed())];
    let baseline = Baseline::of(&once(), as_given);
    let mut twice = vec![Judged::from(fixture::seed()), fixture::seed().into()];
    assert!(baseline.suppress(&mut twice, as_given).is_empty());
    assert_eq!((twice[0].findings().len(), twice[1].findings().len()), (0, 3));
    let mut elsewhere = once();
    assert_eq!(baseline.suppress(&mut elsewhere, |path| format!("other/{path}")).len(), 3);
    assert_eq!(elsewhere[0].findings().len(), 3);
}

#[test]
fn fingerprints_do_not_change_by_what_is_known() {
    let numbers = |verdicts: &[Judged]| -> BTreeSet<String> {
        found(verdicts)
            .iter()
            .flatten()
            .map(|found| format!("{:?} {}", found.finding.rule(), found.in_any_file()))
            .collect()
    };
    let mut all = verdicts();
    let before = numbers(&all);
    let mut part = Baseline::of(&all, as_given);
    let last = part.findings.pop_last();
    assert!(last.is_some());
    part.suppress(&mut all, as_given);
    assert_eq!(numbers(&all), before);
}

#[test]
fn what_is_no_baseline_says_what_is_wrong_and_where() {
    for (text, expected) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("{\"version\": 2, \"findings\": []}", "version 2, where only 1 is known"),
        ("{\n  \"version\": 1\n}", "missing field `findings` at line 3 column 1"),
        (
            "{\"version\": 1,\n\"findings\": [{\"path\": \"a\", \"line\": 1}]}",
            "unknown field `line`, expected",
        ),
    ] {
        let message = Baseline::read(text.as_bytes()).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{text}: {message}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test asks whether to rewrite what it compares with")]
fn the_committed_schema_is_the_one_the_structs_say() {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<BaselineFile>();
    schema.insert("title".to_owned(), "certgate check --baseline, version 1".into());
    let generated = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/baseline/baseline.schema.json");
        std::fs::write(path, generated).unwrap();
    } else {
        assert!(generated == SCHEMA, "baseline.schema.json is out of date: run again with UPDATE=1");
    }
}

#[test]
fn what_is_written_is_as_the_schema_says_and_what_is_altered_is_not() {
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let good: Value = serde_json::from_str(&written(&Baseline::of(&verdicts(), as_given))).unwrap();
    assert!(validator.is_valid(&good));
    let altered = |alter: fn(&mut Value)| {
        let mut altered = good.clone();
        alter(&mut altered);
        validator.is_valid(&altered)
    };
    assert!(!altered(|file| file["version"] = 2.into()));
    assert!(!altered(|file| file["findings"][0]["line"] = 1.into()));
    assert!(!altered(|file| file["findings"][0]["rule"] = Value::Null));
}
