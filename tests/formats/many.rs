//! Hundreds of findings in one run.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::harness::{Certgate, fixtures, workspace};

const FILES: usize = 130;

/// A folder with many chains, of an expired leaf and with a certificate twice; `arranged` puts the blocks of each in order.
fn folder_of(arranged: impl Fn(&[&str]) -> String) -> tempfile::TempDir {
    let chain = fs::read_to_string(fixtures().join("rules/leaf-expired/bad-last-year.pem")).unwrap();
    let mut blocks: Vec<&str> = chain.split_inclusive("-----END CERTIFICATE-----\n").collect();
    blocks.push(blocks[1]);
    let text = arranged(&blocks);
    let folder = tempfile::tempdir().unwrap();
    for number in 0..FILES {
        fs::write(folder.path().join(format!("{number}.pem")), &text).unwrap();
    }
    folder
}

fn log(folder: &tempfile::TempDir, at: &str) -> Value {
    let files = (0..FILES).map(|number| format!("{number}.pem"));
    let check = Certgate::new(["check", "--at", at, "--format", "sarif"]).arguments(files);
    check.folder(folder.path()).exits(1).json()
}

/// File, rule and fingerprint of each result.
fn known_by(log: &Value) -> BTreeSet<[String; 3]> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let fingerprint = &result["partialFingerprints"]["primaryLocationLineHash"];
        [text(&place["artifactLocation"]["uri"]), text(&result["ruleId"]), text(fingerprint)]
    };
    log["runs"][0]["results"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn five_hundred_results_are_as_the_schema_says_and_keep_their_fingerprints() {
    let day = "2026-11-01";
    let before = log(&folder_of(|blocks| blocks.concat()), day);
    let results = before["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() >= 500, "{}", results.len());
    let path = workspace().join("crates/report/src/format/schemas/sarif-2.1.0.schema.json");
    let text = fs::read_to_string(path).unwrap();
    // A bracket in it closes nothing, which not every reader of patterns takes.
    let schema: Value = serde_json::from_str(&text.replace("{2}]?$", "{2}$")).unwrap();
    let faults: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&before)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let known = known_by(&before);
    assert_eq!(known.len(), results.len(), "no two are the same");

    let moved = log(&folder_of(|blocks| format!("# moved\n\n\n{}", blocks.join("\n# and more\n"))), day);
    let lines =
        |log: &Value| log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"].clone();
    assert_ne!(lines(&moved), lines(&before));
    assert_eq!(known_by(&moved), known);

    let reordered = log(&folder_of(|blocks| [blocks[0], blocks[2], blocks[3], blocks[1]].concat()), day);
    assert_eq!(known_by(&reordered), known);

    let later = log(&folder_of(|blocks| blocks.concat()), "2026-11-02");
    assert!(later["runs"][0]["results"] != before["runs"][0]["results"], "days are counted in the messages");
    assert_eq!(known_by(&later), known);
}

#[test]
fn of_thirty_findings_github_is_shown_ten_of_a_kind_and_the_rest_counted() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<String> = (0..15).map(|number| format!("{number}.pem")).collect();
    for file in &files {
        fs::copy(fixtures().join("chain/p256-depth-3.pem"), folder.path().join(file)).unwrap();
    }
    let summary = folder.path().join("summary.md");
    let run = Certgate::check(["--format", "github"])
        .arguments(&files)
        .folder(folder.path())
        .variable("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())
        .exits(1);
    let kinds: Vec<&str> =
        run.stdout.lines().filter_map(|line| line.strip_prefix("::")?.split(' ').next()).collect();
    assert_eq!(kinds, [["error"; 10], ["warning"; 10]].concat());
    let last = run.stdout.lines().last().unwrap();
    assert_eq!(last, "certgate: 15 cases, 15 errors, 15 warnings; 10 of them not shown as annotations");
    let rows = fs::read_to_string(summary).unwrap();
    let rows = rows.lines().filter(|line| line.starts_with("| error |") || line.starts_with("| warning |"));
    assert_eq!(rows.count(), 30);
}
