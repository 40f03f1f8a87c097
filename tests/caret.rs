//! Where a finding points: every file of `fixtures/damaged/` has one fault at a known place.

use certgate_fixtures::{Damaged, damaged};

use crate::harness::Certgate;

/// `certgate check` with the damaged file in its slot and a sound one in the other.
fn check(damaged: &Damaged) -> Certgate {
    let (certificate, key) = match damaged.path.ends_with(".key") {
        true => ("chain/p256-depth-3.pem", damaged.path),
        false => (damaged.path, "chain/p256-depth-3.key"),
    };
    Certgate::check(["--certificate", certificate, "--private-key", key])
}

#[test]
fn there_are_enough_damaged_files() {
    assert!(damaged().len() >= 20);
}

#[test]
fn a_finding_points_at_the_very_character_that_is_wrong() {
    let mut missed = Vec::new();
    for damaged in damaged() {
        let case = check(&damaged).arguments(["--format", "json"]).run().case();
        let expected = (u64::try_from(damaged.line).unwrap(), u64::try_from(damaged.column).unwrap());
        let places: Vec<_> =
            case.findings().iter().map(|finding| (finding.path().to_owned(), finding.place())).collect();
        if !places.contains(&(damaged.path.to_owned(), expected)) {
            missed.push(format!("{} ({}) at {expected:?}, not at {places:?}", damaged.path, damaged.what));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn the_text_names_path_line_and_column() {
    let mut missed = Vec::new();
    for damaged in damaged() {
        let run = check(&damaged).run();
        let place = format!("{}:{}:{}", damaged.path, damaged.line, damaged.column);
        let is_named = run.stdout.lines().any(|line| line.split_whitespace().any(|word| word == place));
        if !is_named {
            missed.push(format!("{place} ({})\n{}", damaged.what, run.stdout));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
