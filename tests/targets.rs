//! Uploads that go elsewhere than to the API: judged by what is taken there, and by nothing that only the API minds.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::harness::{
    Certgate, Folder, Kind, RuleFixture, Run, cards, fixtures, openssl_says, rule_fixtures,
};

const TARGETS: [&str; 5] = ["aws-acm", "azure-key-vault", "cloudflare", "fastly", "gcp"];

fn uploads() -> Vec<RuleFixture> {
    rule_fixtures().into_iter().filter(|fixture| fixture.kind == Kind::TargetUpload).collect()
}

fn target_of(fixture: &RuleFixture) -> String {
    let text = std::fs::read_to_string(fixtures().join(format!("{}.target", fixture.stem()))).unwrap();
    text.trim_end().to_owned()
}

/// The files of a fixture: two, or one with both.
fn files(fixture: &RuleFixture) -> Vec<PathBuf> {
    let path = fixtures().join(&fixture.path);
    let key = path.with_extension("key");
    std::iter::once(path).chain(Some(key).filter(|key| key.exists())).collect()
}

/// `certgate VERB --for` the target of a fixture, over these files.
fn run(verb: &str, fixture: &RuleFixture, files: &[PathBuf], options: &[&str]) -> Run {
    let beside = |extension: &str| fixtures().join(format!("{}.{extension}", fixture.stem()));
    let at = std::fs::read_to_string(beside("at")).unwrap_or_else(|_| "2026-11-01".to_owned());
    let mut run = Certgate::new([verb, "--for", &target_of(fixture)])
        .arguments(["--at", at.trim_end()])
        .arguments(options);
    if verb == "check" && beside("trust").exists() {
        run = run.arguments([OsString::from("--trust"), beside("trust").into()]);
    }
    if verb == "check" && beside("public").exists() {
        run = run.arguments(["--public"]);
    }
    run.arguments(files).run()
}

fn check(fixture: &RuleFixture) -> Run {
    run("check", fixture, &files(fixture), &["--format", "json"])
}

#[test]
fn what_a_target_does_not_take_is_found_and_says_who_does_not_and_where_that_is_written() {
    let bad = uploads().into_iter().filter(RuleFixture::is_bad);
    let mut count = 0;
    for fixture in bad {
        let run = check(&fixture);
        let case = run.case();
        let (json, target) = (case.json(), target_of(&fixture));
        assert_eq!(run.code, 1, "{}", fixture.path);
        assert_eq!(
            (json["target"]["name"].as_str(), json["target"]["accepted"].as_bool()),
            (Some(&*target), Some(false))
        );
        assert!(json["api"].is_null() && case.findings().iter().all(|finding| finding.api_code().is_none()));
        let found = json["findings"].as_array().unwrap();
        let own = found.iter().find(|finding| finding["rule"] == fixture.rule());
        let own = own.unwrap_or_else(|| panic!("{}: {:?}", fixture.path, case.rules()));
        assert_eq!(own["refused_by"]["target"], *target, "{}", fixture.path);
        assert!(own["refused_by"]["url"].as_str().unwrap().starts_with("https://"), "{}", fixture.path);
        count += 1;
    }
    assert!(count >= 16, "{count}");
}

#[test]
fn their_twins_are_taken_and_the_exit_code_says_so() {
    for fixture in uploads().into_iter().filter(|fixture| !fixture.is_bad()) {
        let run = check(&fixture);
        let case = run.case();
        assert_eq!(run.code, 0, "{}: {:?}", fixture.path, case.rules());
        assert_eq!(case.json()["target"]["accepted"], true, "{}: {:?}", fixture.path, case.rules());
        assert!(case.finding(fixture.rule()).is_none(), "{}", fixture.path);
    }
}

#[test]
fn the_text_speaks_of_the_target_and_not_of_the_api() {
    let joined = RuleFixture {
        kind: Kind::TargetUpload,
        path: "rules/files-not-for-target/bad-joined.pem".to_owned(),
    };
    let of = |path: &str| {
        Certgate::check(["--for", "aws-acm", "--quiet", path, &path.replace(".pem", ".key")]).run()
    };
    insta::assert_snapshot!(of(&joined.path).stdout, @"rules/files-not-for-target/bad-joined.pem + rules/files-not-for-target/bad-joined.key: aws-acm refuses (CG524), clients not asked; 1 error, 1 warning");
    insta::assert_snapshot!(of("rules/files-not-for-target/good-joined.pem").stdout, @"rules/files-not-for-target/good-joined.pem + rules/files-not-for-target/good-joined.key: aws-acm: no objection found, clients refuse; 1 warning");
    let said = run("check", &joined, &files(&joined), &[]).stdout;
    assert!(!said.contains("API"), "{said}");
    let cited =
        "= aws-acm: would be refused: Certificate and key format for importing, https://docs.aws.amazon.com/";
    assert!(said.contains(cited), "{said}");
}

#[test]
fn every_error_of_the_api_is_asked_of_no_other_target() {
    // The API minds the length of a description; nobody else has the field.
    let stem = "rules/description-too-long/bad-one-over";
    let text = std::fs::read_dir(fixtures().join("rules/description-too-long")).unwrap();
    let any = text
        .map(|file| file.unwrap().path())
        .find(|path| path.extension().is_some_and(|found| found == "pem"));
    let path = any.unwrap_or_else(|| panic!("{stem}"));
    let long = "d".repeat(300);
    let check = |target: &str| {
        let run = Certgate::check(["--format", "json", "--for", target, "--description", &long]);
        run.arguments([&path, &path.with_extension("key")]).run().case()
    };
    assert!(check("ngrok").finding("description-too-long").is_some());
    for target in TARGETS {
        assert!(check(target).finding("description-too-long").is_none(), "{target}");
    }
}

#[test]
fn a_target_that_is_none_names_the_nearest() {
    let run = Certgate::check(["--for", "azure-keyvault", "a.pem"]).exits(2);
    assert!(run.stderr.contains("did you mean `azure-key-vault`?"), "{}", run.stderr);
    let run = Certgate::check(["--for", "heroku", "a.pem"]).exits(2);
    assert!(
        run.stderr.contains("there are ngrok, aws-acm, azure-key-vault, cloudflare, fastly, gcp"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_rules_name_the_targets_that_refuse_by_them() {
    let listed = Certgate::new(["rules"]).exits(0).stdout;
    let line = listed.lines().find(|line| line.starts_with("CG523 ")).unwrap();
    assert!(line.ends_with("(gcp)"), "{line}");
    for card in cards().iter().filter(|card| card.name().ends_with("-not-for-target")) {
        let line = listed.lines().find(|line| line.starts_with(card.code())).unwrap();
        assert!(line.ends_with(')'), "{line}");
    }
}

#[test]
fn code_scanning_is_told_the_target() {
    let path = "rules/files-not-for-target/bad-joined.pem";
    let sarif = |target: &str| {
        Certgate::check(["--format", "sarif", "--for", target, path, &path.replace(".pem", ".key")])
            .run()
            .json()
    };
    let results = sarif("aws-acm")["runs"][0]["results"].clone();
    let targets: Vec<_> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["properties"]["uploadTarget"].clone())
        .collect();
    assert!(!targets.is_empty() && targets.iter().all(|target| target == "aws-acm"), "{targets:?}");
    let to_api = sarif("ngrok").to_string();
    assert!(!to_api.contains("uploadTarget"), "{to_api}");
}

/// A project with a chain and its key in each of two folders, and this configuration.
fn project(text: &str) -> Folder {
    let folder = Folder::new();
    for name in [".git", "edge", "vault"] {
        std::fs::create_dir(folder.path(name)).unwrap();
    }
    for (name, from) in [("edge/a", "chain/p384-depth-3"), ("vault/b", "chain/rsa-2048-depth-3")] {
        for extension in ["pem", "key"] {
            let from = fixtures().join(format!("{from}.{extension}"));
            std::fs::copy(from, folder.path(&format!("{name}.{extension}"))).unwrap();
        }
    }
    folder.write("certgate.toml", text);
    folder
}

#[test]
fn the_configuration_names_the_target_of_all_files_and_of_some() {
    let folder = project("for = \"gcp\"\n[[override]]\npath = \"vault\"\nfor = \"azure-key-vault\"\n");
    let names = |options: &[&str]| -> Vec<String> {
        let check = Certgate::check(["--format", "json", "."]).arguments(options).folder(folder.root()).run();
        let name = |case: &crate::harness::Case| case.json()["target"]["name"].as_str().unwrap().to_owned();
        check.cases().iter().map(name).collect()
    };
    assert_eq!(names(&[]), ["gcp", "azure-key-vault"]);
    assert_eq!(names(&["--for", "ngrok"]), ["ngrok", "ngrok"]);
    assert_eq!(names(&["--isolated"]), ["ngrok", "ngrok"]);
    let shown = Certgate::new(["config", "show"]).folder(folder.root()).exits(0).stdout;
    assert!(shown.contains("for = \"gcp\""), "{shown}");
    assert!(shown.contains("override.for at \"vault\" = \"azure-key-vault\""), "{shown}");
}

/// The same file elsewhere, to be written to.
fn copied(fixture: &RuleFixture, folder: &Path) -> Vec<PathBuf> {
    let copy = |path: PathBuf| {
        let to = folder.join(path.file_name().unwrap());
        std::fs::copy(path, &to).unwrap();
        to
    };
    files(fixture).into_iter().map(copy).collect()
}

#[test]
fn what_is_repaired_for_a_target_is_taken_there_and_openssl_reads_it() {
    let mut repaired = Vec::new();
    for fixture in uploads().into_iter().filter(RuleFixture::is_bad) {
        let folder = tempfile::tempdir().unwrap();
        let files = copied(&fixture, folder.path());
        let done = run("fix", &fixture, &files, &["--write", "--unsafe"]);
        assert_eq!(done.code, 0, "{}: {}", fixture.path, done.stderr);
        let case = run("check", &fixture, &files, &["--format", "json"]).case();
        let is_mended = case.finding(fixture.rule()).is_none();
        if !done.stdout.is_empty() && is_mended {
            repaired.push(fixture.stem().trim_start_matches("rules/").to_owned());
            for file in &files {
                let file = file.to_str().unwrap();
                let reads = if std::fs::read_to_string(file).unwrap().contains("PRIVATE KEY") {
                    openssl_says(["pkey", "-in", file, "-noout"])
                } else {
                    openssl_says(["x509", "-in", file, "-noout"])
                };
                assert!(reads.is_some(), "{}", fixture.path);
            }
        }
    }
    insta::assert_snapshot!(repaired.join("\n"), @"
    key-format-not-for-target/bad-pkcs1
    key-format-not-for-target/bad-sec1
    lines-not-for-target/bad-blanks
    lines-not-for-target/bad-carriage-returns
    lines-not-for-target/bad-tabs-in-key
    ");
}
