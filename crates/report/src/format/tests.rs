//! One set of findings in every format, and what must hold of each.

mod schemas;

use std::collections::BTreeSet;

use certgate_rules::{Policy, Slot, Suppression, TlsUpload, TrustAnchors, judge, rule};
use serde_json::Value;

use super::*;
use crate::Tally;
use crate::fixture;

/// The rule that is allowed where the set is judged.
const ALLOWED: &str = "leaf-has-no-san";

fn run() -> Run {
    Run { at: fixture::at(), fails_at: Some(Level::Error) }
}

/// The rule whose finding is ignored where the set is judged, and why.
const IGNORED: (&str, &str) = ("chain-includes-root", "pinned by <old> clients\n\u{202e}");

/// Every level, labels in other places, a name of a file with all that has to be escaped, no file at all, no findings.
fn canonical() -> Vec<Judged> {
    let seed = |certificate: &str, key: &str| {
        let slot = |path, name| Slot::whole(fixture::named(path, name));
        let upload =
            TlsUpload::new(slot("seed/example.com.pem", certificate), slot("seed/example.com.key", key));
        let allowed = rule(ALLOWED).unwrap();
        let policy = Policy::new(fixture::at(), TrustAnchors::Mozilla);
        judge(upload, &policy.with_level(allowed, Level::Allow)).into()
    };
    let mut verdicts = vec![
        fixture::rule("key-does-not-match-leaf", "bad-of-the-intermediate").into(),
        fixture::judged(fixture::upload("chain/p256-depth-1.pem", "chain/p256-depth-1.key")).into(),
        seed("./certs/straße 100%, a:b\n\u{1b}\u{202e}<&\"].pem", "-"),
        seed("-", "/etc/ssl/example.com.key"),
        fixture::host_request("ssh/ed25519.pub", "*.example.com"),
    ];
    verdicts[0].suppress(|finding| {
        let ignored = Suppression::Ignored { entry: 0, reason: IGNORED.1.into() };
        (finding.rule().name() == IGNORED.0).then_some(ignored)
    });
    verdicts.extend(fixture::documents("rules/trust-line-key-revoked/bad-authority.known_hosts"));
    verdicts.push(fixture::ignores());
    verdicts
}

fn written(format: Format, verdicts: &[Judged]) -> String {
    let mut out = Vec::new();
    format.write(&mut out, verdicts, run()).unwrap();
    String::from_utf8(out).unwrap()
}

fn sarif(verdicts: &[Judged]) -> Value {
    serde_json::from_str(&written(Format::Sarif, verdicts)).unwrap()
}

fn results(sarif: &Value) -> &Vec<Value> {
    sarif["runs"][0]["results"].as_array().unwrap()
}

/// A file beside this one that holds what is written.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a test asks whether to rewrite what it compares with")]
fn is_golden(name: &str, text: &str) {
    let path = format!("{}/src/format/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).unwrap();
    } else {
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{path}: run again with UPDATE=1");
    }
}

#[test]
fn one_set_of_findings_is_written_in_every_format() {
    let verdicts = canonical();
    is_golden("canonical.sarif", &written(Format::Sarif, &verdicts));
    is_golden("canonical.junit.xml", &written(Format::Junit, &verdicts));
    is_golden("canonical.gitlab.json", &written(Format::Gitlab, &verdicts));
    is_golden("canonical.github.txt", &written(Format::Github, &verdicts));
    is_golden("canonical.txt", &written(Format::Text(text::Style::PLAIN), &verdicts));
    let mut summary = Vec::new();
    github::write_summary(&mut summary, &verdicts, github::SUMMARY_BYTES_MAX).unwrap();
    is_golden("canonical.github.md", &String::from_utf8(summary).unwrap());
    let mut json: Value = serde_json::from_str(&written(Format::Json, &verdicts)).unwrap();
    for case in json["cases"].as_array_mut().unwrap() {
        case.as_object_mut().unwrap().remove("facts");
    }
    is_golden("canonical.json", &(serde_json::to_string_pretty(&json).unwrap() + "\n"));
}

#[test]
fn a_result_of_sarif_has_all_that_code_scanning_asks_for() {
    let sarif = sarif(&canonical());
    let run = &sarif["runs"][0];
    let (rules, artifacts) = (&run["tool"]["driver"]["rules"], &run["artifacts"]);
    assert!(results(&sarif).len() > 8);
    for result in results(&sarif) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert!(!result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().is_empty());
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for location in result["locations"].as_array().unwrap().iter().chain(related) {
            let place = &location["physicalLocation"];
            let corner = |name: &str| place["region"][name].as_u64().unwrap();
            let (start, end) =
                ((corner("startLine"), corner("startColumn")), (corner("endLine"), corner("endColumn")));
            assert!(start.0 >= 1 && start.1 >= 1 && start <= end, "{place}");
            let file = &place["artifactLocation"];
            let index = usize::try_from(file["index"].as_u64().unwrap()).unwrap();
            assert_eq!(artifacts[index]["location"]["uri"], file["uri"]);
            let uri = file["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()) && !uri.starts_with("./"), "{uri}");
        }
    }
    assert_eq!(run["invocations"][0]["exitCode"], 1);
}

#[test]
fn what_is_allowed_or_ignored_is_suppressed_with_its_reason_and_nothing_else() {
    let sarif = sarif(&canonical());
    let suppressed: BTreeSet<(&str, &str)> = results(&sarif)
        .iter()
        .filter_map(|result| {
            let justification = result["suppressions"][0]["justification"].as_str()?;
            Some((result["ruleId"].as_str().unwrap(), justification))
        })
        .collect();
    let ignored = "ignored: pinned by <old> clients\\u{a}\\u{202e}";
    assert_eq!(suppressed, BTreeSet::from([("CG103", "allowed by the policy"), ("CG202", ignored)]));
    assert_eq!(rule(ALLOWED).unwrap().code().to_string(), "CG103");
    assert!(results(&sarif).iter().any(|result| result["ruleId"] == "CG101"));
}

/// Rule and fingerprint of each result.
fn fingerprints(verdicts: &[Judged]) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |result: &Value| {
        (text(&result["ruleId"]), text(&result["partialFingerprints"]["primaryLocationLineHash"]))
    };
    results(&sarif(verdicts)).iter().map(of).collect()
}

fn bundle(pem: String, at: &str) -> Vec<Judged> {
    let upload = TlsUpload::new(
        Slot::whole(fixture::text("all.pem", &pem)),
        Slot::whole(fixture::reading("seed/example.com.key")),
    );
    vec![judge(upload, &Policy::new(at.parse().unwrap(), TrustAnchors::Mozilla)).into()]
}

#[test]
fn fingerprints_outlive_the_order_of_blocks_lines_and_days() {
    let read = |path: &str| std::fs::read_to_string(fixture::folder().join(path)).unwrap();
    let (a, b) = (read("seed/example.com.pem"), read("chain/p256-depth-1.pem"));
    let before = bundle(format!("{a}{b}"), "2026-11-01");
    assert!(fingerprints(&before).len() >= 4);
    let moved = bundle(format!("# a line\n\n{a}{b}"), "2026-11-01");
    let later = bundle(format!("{a}{b}"), "2026-11-02");
    assert_ne!(before[0].findings()[0].primary().location(), moved[0].findings()[0].primary().location());
    assert_eq!(fingerprints(&before), fingerprints(&moved));
    let messages = |verdicts: &[Judged]| -> Vec<String> {
        verdicts[0].findings().iter().map(|finding| finding.message().to_owned()).collect()
    };
    assert_ne!(messages(&before), messages(&later));
    assert_eq!(fingerprints(&before), fingerprints(&later));
    let twice = |pem: String| fingerprints(&bundle(pem, "2026-11-01"));
    assert_eq!(twice(format!("{a}{a}{b}")), twice(format!("{a}{b}{a}")));
}

/// More than 500 findings, over all the fixtures.
fn many() -> Vec<Judged> {
    let uploads = fixture::all().into_iter().map(|(_, verdict)| Judged::from(verdict));
    let lines = fixture::openssh_files();
    let mut many: Vec<Judged> =
        uploads.chain(lines.iter().flat_map(|path| fixture::documents(path))).collect();
    many.extend((0..400).map(|_| fixture::seed().into()));
    assert!(Tally::of(&many).errors + Tally::of(&many).warnings > 500);
    many
}

#[test]
fn each_issue_of_gitlab_has_a_fingerprint_of_its_own() {
    let issues: Value = serde_json::from_str(&written(Format::Gitlab, &many())).unwrap();
    let issues = issues.as_array().unwrap();
    let fingerprints: BTreeSet<&str> =
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(fingerprints.len(), issues.len());
}

#[test]
fn results_of_a_file_have_fingerprints_of_their_own() {
    let verdicts = many();
    let sarif = sarif(&verdicts);
    let own: BTreeSet<String> = results(&sarif)
        .iter()
        .map(|result| {
            let file = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            format!("{file} {}", result["partialFingerprints"])
        })
        .collect();
    assert_eq!(own.len(), results(&sarif).len());
}

#[test]
fn github_is_shown_ten_of_a_kind_the_worst_first_and_the_rest_is_counted() {
    let verdicts = many();
    let text = written(Format::Github, &verdicts);
    let kinds: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("::")?.split(' ').next()).collect();
    assert_eq!(kinds, [["error"; 10], ["warning"; 10]].concat());
    let tally = Tally::of(&verdicts);
    let rest = tally.errors + tally.warnings - 20;
    let last = format!("certgate: {} cases, {tally}; {rest} of them not shown as annotations\n", tally.cases);
    assert!(text.ends_with(&last), "{text}");
}

#[test]
fn the_summary_of_a_step_stays_within_the_room_that_is_left() {
    let verdicts = many();
    let summary = |room: usize| {
        let mut summary = Vec::new();
        github::write_summary(&mut summary, &verdicts, room).unwrap();
        assert!(summary.len() <= room);
        String::from_utf8(summary).unwrap()
    };
    let whole = summary(github::SUMMARY_BYTES_MAX);
    assert!(!whole.contains("more\n"));
    let cut = summary(whole.len() / 2);
    let rows =
        cut.lines().filter(|line| line.starts_with("| error") || line.starts_with("| warning")).count();
    let tally = Tally::of(&verdicts);
    assert!(cut.ends_with(&format!("\nand {} more\n", tally.errors + tally.warnings - rows)), "{cut}");
    assert_eq!(summary(100), "", "no heading without a table");
    assert_eq!(summary(0), "");
}

#[test]
fn names_of_files_cannot_give_commands_to_a_runner() {
    let text = written(Format::Github, &canonical());
    let are_ours = |line: &str| {
        line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("certgate: ")
    };
    assert!(text.lines().all(are_ours), "{text}");
    assert!(text.contains(r"file=certs/straße 100%25%2C a%3Ab\u{a}\u{1b}"), "{text}");
}

#[test]
fn nothing_found_is_written_in_every_format() {
    let good = || {
        vec![Judged::from(fixture::judged(fixture::upload(
            "chain/p256-depth-1.pem",
            "chain/p256-depth-1.key",
        )))]
    };
    assert_eq!(written(Format::Gitlab, &good()), "[]\n");
    assert_eq!(written(Format::Github, &good()), "certgate: 1 case, nothing found\n");
    assert!(results(&sarif(&good())).is_empty());
    assert!(written(Format::Junit, &good()).contains("tests=\"1\" failures=\"0\""));
    assert!(results(&sarif(&[])).is_empty());
}
