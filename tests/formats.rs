//! What `check` writes for pipelines: beside each other, into files, whatever the exit code.

mod many;
mod packed;

use std::fs;

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

/// A mebibyte is all that a step may write; more, and nothing of it is shown.
#[test]
fn runs_of_one_step_share_the_room_of_its_summary() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summary.md");
    let name = path.display().to_string();
    let check = || {
        Certgate::check(BAD)
            .variable("GITHUB_STEP_SUMMARY", &name)
            .arguments(["--format", "github"])
            .exits(1);
        fs::read_to_string(&path).unwrap()
    };
    let once = check();
    assert_eq!(check(), once.repeat(2));
    for (left, is_headed) in [(100, false), (300, true), (once.len() + 100, true)] {
        fs::write(&path, "x".repeat(1024 * 1024 - left)).unwrap();
        let summary = check();
        assert!(summary.len() <= 1024 * 1024, "{}", summary.len());
        assert_eq!(summary.contains("### certgate"), is_headed, "{left}");
    }
}

#[test]
fn what_was_piped_in_points_to_no_file_of_that_name() {
    let chain = fs::read(fixtures().join(BAD[0])).unwrap();
    for (format, nowhere) in [
        ("sarif", "\"uri\": \"-\""),
        ("junit", "classname=\"-\""),
        ("github", "file=-"),
        ("gitlab", "\"path\": \"-\""),
    ] {
        let beside = ["--certificate", "-", "--private-key", BAD[1], "--format", format];
        let run = Certgate::check(beside).stdin(chain.clone()).exits(1);
        assert!(run.stdout.contains(BAD[1]) && !run.stdout.contains(nowhere), "{format}: {}", run.stdout);
        let alone = Certgate::check(["-", "--format", format]).stdin(chain.clone()).exits(1).stdout;
        assert!(alone.contains("of standard input") && !alone.contains(nowhere), "{format}: {alone}");
    }
}
