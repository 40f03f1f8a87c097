//! What is written, held against schemas that others published; `schemas/LICENSES` says whose they are.

use std::io::Write;
use std::process::{Command, Stdio};

use super::*;

const SARIF: &str = include_str!("../schemas/sarif-2.1.0.schema.json");
const GITLAB: &str = include_str!("../schemas/gitlab-code-quality.schema.json");

fn validator(schema: &str) -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    // In SARIF's, a bracket that closes nothing, which not every reader of patterns takes; no log here says a language.
    for of in ["run", "toolComponent"] {
        if let Some(language) = schema.pointer_mut(&format!("/definitions/{of}/properties/language")) {
            language.as_object_mut().unwrap().remove("pattern").unwrap();
        }
    }
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[track_caller]
fn is_valid(schema: &str, text: &str) {
    let value = serde_json::from_str(text).unwrap();
    let faults: Vec<String> = validator(schema)
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What `xmllint` says against a text, nothing if it is as the schema wants it.
fn faults_of_xml(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("junit.xml");
    std::fs::write(&file, text).unwrap();
    let schema = format!("{}/src/format/schemas/junit-10.xsd", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema", &schema])
        .arg(&file)
        .stdin(Stdio::null())
        .output()
        .expect("install xmllint (libxml2-utils)");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.success(), said.trim_end().ends_with(" validates"), "{said}");
    if output.status.success() { String::new() } else { said }
}

#[test]
fn what_is_written_is_as_its_schema_says() {
    for verdicts in [canonical(), many(), named_badly(), Vec::new()] {
        is_valid(SARIF, &written(Format::Sarif, &verdicts));
        is_valid(GITLAB, &written(Format::Gitlab, &verdicts));
        assert_eq!(faults_of_xml(&written(Format::Junit, &verdicts)), "");
    }
}

#[test]
fn the_schemas_see_what_is_missing() {
    let sarif = written(Format::Sarif, &canonical());
    let validator = validator(SARIF);
    for (path, name) in [("/runs/0/results/0", "message"), ("/runs/0/tool/driver", "name"), ("", "version")] {
        let mut value: Value = serde_json::from_str(&sarif).unwrap();
        value.pointer_mut(path).unwrap().as_object_mut().unwrap().remove(name).unwrap();
        assert!(!validator.is_valid(&value), "{path} {name}");
    }
    let uri = sarif.replacen("bad-of-the-intermediate.key", "no reference", 1);
    assert!(!validator.is_valid(&serde_json::from_str(&uri).unwrap()), "addresses are looked at");
    let junit = written(Format::Junit, &canonical());
    let without = junit.replacen(" errors=\"0\" skipped", " skipped", 1);
    assert!(faults_of_xml(&without).contains("'errors' is required"), "{}", faults_of_xml(&without));
}

/// Findings of files whose names no format can hold as they are, and with as much of everything as there may be.
fn named_badly() -> Vec<Judged> {
    let every_ascii: String = (1..128).map(|byte: u8| char::from(byte)).collect();
    let names = [
        every_ascii.as_str(),
        "\u{FFFE}\u{FFFF}\u{85}\u{2028}\u{202E}\u{61C}\u{10FFFF}\u{200B}",
        "]]><!-- --><x y='z'>&amp;&#0;",
        r"C:\certs\web 1\chain.pem",
        "//host/share//a.pem",
        &"very-long/".repeat(1_000),
    ];
    let pair = |name: &str| {
        let slot = |path| Slot::whole(fixture::named(path, name));
        let rule = "rules/key-does-not-match-leaf/bad-same-curve";
        fixture::judged(TlsUpload::new(slot(&format!("{rule}.pem")), slot(&format!("{rule}.key")))).into()
    };
    names.map(pair).into()
}

#[test]
fn no_letter_gets_into_xml_that_it_cannot_hold() {
    let junit = written(Format::Junit, &named_badly());
    let is_held =
        |letter: char| letter == '\n' || !(letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}'));
    assert!(junit.chars().all(is_held));
    assert!(junit.contains(r"\u{1f} !&quot;#$%&amp;'()*+,-./0123456789:;&lt;=&gt;?@"));
    assert!(junit.contains(r"\u{fffe}\u{ffff}\u{85}\u{2028}\u{202e}\u{61c}"));
}

#[test]
fn of_more_findings_than_code_scanning_takes_the_worst_are_written_and_the_rest_counted() {
    let verdicts = canonical();
    let all = results(&sarif(&verdicts)).len();
    let log = serde_json::to_value(sarif::Log::with_at_most(3, &verdicts, run())).unwrap();
    let levels: Vec<&str> = results(&log).iter().map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "warning", "error"], "errors first, in the order in which they were");
    let notification = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    let text = format!("{} findings are left out: code scanning takes no more", all - 3);
    assert_eq!(notification["message"]["text"], text);
    is_valid(SARIF, &log.to_string());
}

/// Code scanning takes ten megabytes of a log that is packed with gzip.
#[test]
fn as_many_results_as_code_scanning_takes_are_well_below_its_bytes() {
    let verdicts = many();
    let log = written(Format::Sarif, &verdicts);
    let results = results(&sarif(&verdicts)).len();
    let mut gzip =
        Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = gzip.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || stdin.write_all(log.as_bytes()).unwrap());
    let packed = gzip.wait_with_output().unwrap().stdout.len();
    feeding.join().unwrap();
    assert!(packed * sarif::RESULTS_MAX / results < 10 * 1024 * 1024, "{packed} bytes for {results}");
}
