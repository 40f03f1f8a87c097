//! What was found before is not reported again.

use std::fs;

use serde_json::Value;

use crate::harness::{Certgate, Folder, fixtures};

const BAD: &str = "rules/key-does-not-match-leaf/bad-same-curve";

/// `certs/` with what is expired, and with a key that does not match.
fn folder() -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path("certs")).unwrap();
    for extension in ["pem", "key"] {
        for (from, to) in [("seed/example.com", "old"), (BAD, "bad")] {
            let from = fixtures().join(format!("{from}.{extension}"));
            fs::copy(from, folder.path(&format!("certs/{to}.{extension}"))).unwrap();
        }
    }
    folder
}

fn check(folder: &Folder, arguments: &[&str]) -> Certgate {
    let files = ["certs/old.pem", "certs/old.key", "certs/bad.pem", "certs/bad.key"];
    Certgate::check(files)
        .arguments(["--baseline", "baseline.json"])
        .arguments(arguments)
        .folder(folder.root())
}

#[test]
fn what_is_known_does_not_fail_and_what_is_new_does() {
    let folder = folder();
    let run = check(&folder, &["--write-baseline", "--fail-on=warning"]).exits(0);
    let count = Certgate::check(["old.pem", "old.key", "bad.pem", "bad.key", "--format=json"]);
    let summary = count.folder(&folder.path("certs")).exits(1).json()["summary"].clone();
    let all = summary["errors"].as_u64().unwrap() + summary["warnings"].as_u64().unwrap();
    assert_eq!(run.stderr, format!("`baseline.json`: known from now on: {all} findings\n"));
    let run = check(&folder, &["--fail-on=warning"]).exits(0);
    assert_eq!(run.stderr, "");
    assert!(
        run.stdout.ends_with(&format!("2 uploads: 1 accepted, 1 refused; {all} known\n")),
        "{}",
        run.stdout
    );
    // One more fault in a file that is known.
    let chain = fs::read_to_string(folder.path("certs/old.pem")).unwrap();
    folder.write("certs/old.pem", format!("\n{chain}{chain}"));
    let run = check(&folder, &["--fail-on=warning", "--format=json"]).exits(1);
    let found: Vec<_> = run
        .cases()
        .iter()
        .flat_map(|case| case.rules().into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(found, ["chain-duplicate"]);
}

#[test]
fn it_is_the_same_file_each_time_whatever_the_files_are_called_and_wherever_we_are() {
    let folder = folder();
    check(&folder, &["--write-baseline"]).exits(0);
    let first = folder.read("baseline.json");
    let json: Value = serde_json::from_slice(&first).unwrap();
    let schema = fs::read_to_string(
        crate::harness::workspace().join("crates/report/src/baseline/baseline.schema.json"),
    );
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema.unwrap()).unwrap()).unwrap();
    assert!(validator.is_valid(&json));
    let files = ["./bad.key", "../certs/bad.pem", "old.key", "old.pem"];
    let run = Certgate::new(["check", "--at", "2026-11-09"])
        .arguments(files)
        .arguments(["--baseline", "../baseline.json"]);
    let run = run.folder(&folder.path("certs")).exits(0);
    assert_eq!(run.stderr, "");
    let again = Certgate::check(files).arguments(["--baseline=../baseline.json", "--write-baseline"]);
    again.folder(&folder.path("certs")).exits(0);
    assert_eq!(folder.read("baseline.json"), first);
}

#[test]
fn what_is_known_stays_in_sarif_as_suppressed_and_in_json_as_a_count() {
    let folder = folder();
    check(&folder, &["--write-baseline"]).exits(0);
    let sarif = check(&folder, &["--format=sarif"]).exits(0).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() >= 4);
    for result in results {
        assert_eq!(result["suppressions"][0]["justification"], "known before: the baseline has it");
    }
    let json = check(&folder, &["--format=json"]).exits(0).json();
    assert_eq!(json["summary"]["known"], results.len());
    assert_eq!((&json["summary"]["errors"], &json["summary"]["refused"]), (&0.into(), &1.into()));
}

#[test]
fn what_is_not_found_any_more_is_told_and_taken_out() {
    let folder = folder();
    check(&folder, &["--write-baseline"]).exits(0);
    for extension in ["pem", "key"] {
        let good = fixtures().join(format!("chain/p384-depth-1.{extension}"));
        fs::copy(good, folder.path(&format!("certs/old.{extension}"))).unwrap();
    }
    let run = check(&folder, &[]).exits(0);
    let told = "`baseline.json`: known and not found any more: 3 findings, the first `leaf-expired` in `certs/old.pem`; --write-baseline takes them out\n";
    assert_eq!(run.stderr, told);
    check(&folder, &["--write-baseline"]).exits(0);
    assert_eq!(check(&folder, &[]).exits(0).stderr, "");
    assert!(!String::from_utf8(folder.read("baseline.json")).unwrap().contains("old.pem"));
}

#[test]
fn what_is_ignored_is_not_written() {
    let folder = folder();
    folder
        .write("certgate.toml", "[[ignore]]\nrule = \"CG101\"\npath = \"certs\"\nreason = \"so it came\"\n");
    check(&folder, &["--write-baseline"]).exits(0);
    let text = String::from_utf8(folder.read("baseline.json")).unwrap();
    assert!(!text.contains("leaf-expired") && text.contains("leaf-has-no-san"), "{text}");
}

#[test]
fn what_is_no_baseline_is_refused_and_never_written_over() {
    let folder = folder();
    let run = check(&folder, &[]).exits(2);
    assert!(
        run.stderr.contains("`baseline.json`") && run.stderr.contains("hint: `--write-baseline` makes"),
        "{run:#?}"
    );
    folder.write("baseline.json", "{\n  \"version\": 1,\n  \"finding\": []\n}\n");
    for more in [&[][..], &["--write-baseline"]] {
        let run = check(&folder, more).exits(2);
        assert!(
            run.stderr.contains("is no baseline: unknown field") && run.stderr.contains("line 3"),
            "{run:#?}"
        );
    }
    let before = folder.read("certs/old.pem");
    let over = ["--baseline", "certs/old.pem", "--write-baseline"];
    Certgate::check(["certs/old.pem"]).arguments(over).folder(folder.root()).exits(2);
    assert_eq!(folder.read("certs/old.pem"), before);
    let without = Certgate::check(["certs/old.pem", "--write-baseline"]).folder(folder.root()).exits(2);
    assert!(without.stderr.contains("--baseline"), "{without:#?}");
    let output = ["--baseline=b.json", "--write-baseline", "--output=json=b.json"];
    folder.write("b.json", "{\"version\":1,\"findings\":[]}");
    Certgate::check(["certs/old.pem"]).arguments(output).folder(folder.root()).exits(2);
}
