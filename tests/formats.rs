//! What `check` writes for pipelines: beside each other, into files, whatever the exit code.

use std::fs;

use serde_json::Value;

use crate::harness::{Certgate, fixtures};

const BAD: [&str; 2] =
    ["rules/key-does-not-match-leaf/bad-same-curve.pem", "rules/key-does-not-match-leaf/bad-same-curve.key"];
const FORMATS: [&str; 6] = ["text", "json", "sarif", "junit", "github", "gitlab"];

#[test]
fn every_format_has_the_same_exit_codes_and_only_data_on_standard_output() {
    for format in FORMATS {
        let run = Certgate::check(BAD).arguments(["--format", format]).exits(1);
        assert!(!run.stdout.is_empty() && run.stderr.is_empty(), "{format}: {run:#?}");
        Certgate::check(BAD).arguments(["--format", format, "--fail-on", "never"]).exits(0);
        let run = Certgate::check(["no/such/file.pem"]).arguments(["--format", format]).exits(2);
        assert_eq!(run.stdout, "", "{format}");
        let quiet = Certgate::check(BAD).arguments(["--format", format, "--quiet"]).exits(1);
        let whole = Certgate::check(BAD).arguments(["--format", format]).exits(1);
        assert_eq!(quiet.stdout == whole.stdout, format != "text", "{format}");
    }
}

#[test]
fn files_are_written_beside_standard_output_as_standard_output_would_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = |format: &str| folder.path().join(format).display().to_string();
    let outputs = FORMATS.map(|format| format!("--output={format}={}", path(format)));
    let run = Certgate::check(BAD).arguments(&outputs).exits(1);
    assert!(run.stdout.contains("ERR_NGROK_1923"), "{}", run.stdout);
    for format in FORMATS {
        let alone = Certgate::check(BAD).arguments(["--format", format]).exits(1).stdout;
        assert_eq!(fs::read_to_string(path(format)).unwrap(), alone, "{format}");
    }
}

#[test]
fn an_output_that_makes_no_sense_is_refused_before_anything_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("chain.pem");
    fs::copy(fixtures().join(BAD[0]), &input).unwrap();
    let before = fs::read(&input).unwrap();
    let twice = ["--output=sarif=a", "--output=junit=./a"];
    let over = ["--output=text=../x/chain.pem".replace("../x", &folder.path().display().to_string())];
    let refused = |arguments: &[&str]| {
        let run = Certgate::check(["chain.pem"]).arguments(arguments).folder(folder.path()).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty());
    };
    refused(&twice);
    refused(&[&over[0]]);
    for wrong in ["--output=sarif", "--output=yaml=a", "--output=sarif=", "--output=sarif=-"] {
        refused(&[wrong]);
    }
    assert_eq!(fs::read(&input).unwrap(), before);
    assert!(!folder.path().join("a").exists());
}

#[test]
fn the_summary_of_a_step_is_appended_for_github_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary.md");
    fs::write(&path, "before\n").unwrap();
    let name = path.display().to_string();
    let check = || Certgate::check(BAD).variable("GITHUB_STEP_SUMMARY", &name);
    check().exits(1);
    assert_eq!(fs::read_to_string(&path).unwrap(), "before\n");
    check().arguments(["--format", "github"]).exits(1);
    let summary = fs::read_to_string(&path).unwrap();
    assert!(summary.starts_with("before\n### certgate: 1 case") && summary.contains("CG301"), "{summary}");
}

#[test]
fn fingerprints_are_the_same_a_day_later() {
    let fingerprints = |at: &str| -> Vec<Value> {
        let arguments =
            ["check", "--at", at, "--format", "sarif", "seed/example.com.pem", "seed/example.com.key"];
        let sarif = Certgate::new(arguments).exits(0).json();
        let results = sarif["runs"][0]["results"].as_array().unwrap().clone();
        results.into_iter().map(|result| result["partialFingerprints"].clone()).collect()
    };
    let today = fingerprints("2026-11-01");
    assert!(today.len() >= 3);
    assert_eq!(today, fingerprints("2026-11-02"));
}
