//! `certgate.toml`: where it is found, what counts before what, what is ignored, and that nothing is cleared by it.

use std::fs;

use serde_json::Value;

use crate::harness::{Certgate, Folder, Kind, Run, fixtures, rule_fixtures, workspace};

/// The example of the API's documentation, in `certs/`: expired, without SAN, an authority.
const SEED: [&str; 2] = ["certs/example.com.pem", "certs/example.com.key"];
const IGNORE: &str =
    "[[ignore]]\nrule = \"leaf-expired\"\npath = \"certs\"\nreason = \"kept to reproduce a report\"\n";

/// A repository with `certs/`, and this configuration.
fn project(text: &str) -> Folder {
    let folder = Folder::new();
    for name in [".git", "certs"] {
        fs::create_dir(folder.path(name)).unwrap();
    }
    for name in SEED {
        fs::copy(fixtures().join(name.replace("certs", "seed")), folder.path(name)).unwrap();
    }
    folder.write("certgate.toml", text);
    folder
}

fn check(folder: &Folder, arguments: &[&str]) -> Certgate {
    Certgate::check(SEED).arguments(arguments).folder(folder.root())
}

/// The names of the rules that are reported, case by case.
fn rules(run: &Run) -> Vec<Vec<String>> {
    run.cases().iter().map(|case| case.rules().into_iter().map(str::to_owned).collect()).collect()
}

#[test]
fn levels_and_what_fails_are_those_of_the_file_unless_the_command_line_says_otherwise() {
    let folder = project("fail_on = \"never\"\n[levels]\nleaf-expired = \"error\"\nCG103 = \"allow\"\n");
    let run = check(&folder, &["--format=json"]).exits(0);
    assert_eq!(rules(&run), [["leaf-expired", "leaf-is-a-ca"]]);
    assert_eq!(run.case().findings()[0].severity(), "error");
    check(&folder, &["--fail-on=error"]).exits(1);
    check(&folder, &["--fail-on=error", "--warn=leaf-expired"]).exits(0);
    check(&folder, &["--fail-on=warning", "--warn=leaf-expired"]).exits(1);
    assert_eq!(rules(&check(&folder, &["--format=json", "--warn=CG103"]).exits(0))[0].len(), 3);
    check(&folder, &["--isolated"]).exits(0);
    check(&folder, &["--isolated", "--fail-on=warning"]).exits(1);
}

#[test]
fn the_nearest_one_is_found_and_its_paths_are_from_its_folder() {
    let folder = project(IGNORE);
    let names = ["example.com.pem", "example.com.key"];
    let inside = || Certgate::check(names).folder(&folder.path("certs"));
    assert!(inside().exits(0).stdout.contains("2 warnings, 1 ignored"));
    assert!(inside().arguments(["--isolated"]).exits(0).stdout.contains("3 warnings\n"));
    // By their whole names, from elsewhere.
    let whole = names.map(|name| folder.path("certs").join(name));
    let elsewhere = || Certgate::check(&whole);
    assert!(elsewhere().exits(0).stdout.contains("3 warnings\n"));
    let named = elsewhere().arguments(["--config".into(), folder.path("certgate.toml")]).exits(0);
    assert!(named.stdout.contains("1 ignored"), "{named:#?}");
    folder.write("certs/certgate.toml", "fail_on = \"warning\"\n");
    inside().exits(1);
}

#[test]
fn overrides_are_for_their_files_and_the_last_one_counts() {
    let text = "[levels]\nleaf-is-a-ca = \"error\"\n[[override]]\npath = \"certs/*.pem\"\nlevels.leaf-expired = \"allow\"\nlevels.CG104 = \"error\"\n\n[[override]]\npath = \"**\"\nlevels.CG104 = \"warning\"\n\n[[override]]\npath = \"other\"\nlevels.CG104 = \"error\"\n";
    let folder = project(text);
    let run = check(&folder, &["--format=json"]).exits(0);
    assert_eq!(rules(&run), [["leaf-has-no-san", "leaf-is-a-ca"]]);
    check(&folder, &["--deny=CG104"]).exits(1);
}

#[test]
fn what_is_ignored_is_not_reported_and_keeps_its_reason() {
    let folder = project(&format!(
        "fail_on = \"warning\"\n[levels]\nleaf-has-no-san = \"allow\"\nleaf-is-a-ca = \"allow\"\n{IGNORE}"
    ));
    let run = check(&folder, &[]).exits(0);
    assert_eq!(run.stdout, format!("{} + {}: API accepts, clients refuse; 1 ignored\n", SEED[0], SEED[1]));
    let json = check(&folder, &["--format=json"]).exits(0).json();
    assert_eq!((&json["summary"]["ignored"], &json["summary"]["warnings"]), (&1.into(), &0.into()));
    let sarif = check(&folder, &["--format=sarif"]).exits(0).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let expired = results.iter().find(|result| result["ruleId"] == "CG101").unwrap();
    assert_eq!(expired["suppressions"][0]["justification"], "ignored: kept to reproduce a report");
    let junit = check(&folder, &["--format=junit"]).exits(0).stdout;
    assert!(junit.contains("<skipped message=\"ignored: kept to reproduce a report: "), "{junit}");
    assert_eq!(check(&folder, &["--format=gitlab"]).exits(0).stdout, "[]\n");
}

#[test]
fn an_ignore_takes_the_fingerprint_that_json_and_sarif_show() {
    let folder = project("");
    let json = check(&folder, &["--format=json"]).exits(0).json();
    let shown = json["cases"][0]["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    let sarif = check(&folder, &["--format=sarif"]).exits(0).json();
    let result = &sarif["runs"][0]["results"][0];
    let numbered = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
    assert_eq!((&result["ruleId"], numbered), (&"CG101".into(), format!("{shown}:1").as_str()));
    for digits in [&shown, numbered, &shown.to_uppercase()] {
        let ignore = IGNORE.replace("path = \"certs\"", &format!("fingerprint = \"{digits}\""));
        folder.write("certgate.toml", &ignore);
        assert!(check(&folder, &[]).exits(0).stdout.contains("1 ignored"));
        // Moved lines and another name change nothing.
        let text = fs::read_to_string(folder.path(SEED[0])).unwrap();
        folder.write("moved.pem", format!("a note\n\n{text}"));
        let moved = Certgate::check(["moved.pem", SEED[1]]).folder(folder.root());
        assert!(moved.exits(0).stdout.contains("1 ignored"));
        folder.write("certgate.toml", format!("{ignore}path = \"other\"\n"));
        assert!(check(&folder, &[]).exits(0).stdout.contains("ignore-matches-nothing"));
    }
}

#[test]
fn an_ignore_that_matches_nothing_or_is_over_is_found_itself() {
    let folder =
        project(&format!("{IGNORE}until = 2026-10-31\n{}", IGNORE.replace("\"certs\"", "\"*.pem\"")));
    let run = check(&folder, &["--format=json"]).exits(0);
    let cases = run.cases();
    assert_eq!(cases[0].rules()[0], "leaf-expired", "it is reported again");
    assert_eq!(cases[1].json()["kind"], "configuration");
    assert_eq!(cases[1].rules(), ["ignore-matches-nothing", "ignore-expired"]);
    let place = |rule: &str| cases[1].finding(rule).unwrap().place();
    assert_eq!((place("ignore-expired"), place("ignore-matches-nothing")), ((5, 9), (8, 8)));
    check(&folder, &["--fail-on=warning"]).exits(1);
    check(&folder, &["--deny=CG701"]).exits(1);
    let allowed = check(&folder, &["--allow=CG701", "--allow=CG702", "--format=json"]).exits(0);
    assert_eq!(rules(&allowed)[1], Vec::<String>::new());
    // The day before it was in force.
    let earlier =
        Certgate::new(["check", "--at", "2026-10-31T23:00:00Z"]).arguments(SEED).folder(folder.root());
    assert!(earlier.exits(0).stdout.contains("1 ignored"));
}

#[test]
fn every_fixture_of_a_configuration_is_found_or_is_not() {
    let all: Vec<_> =
        rule_fixtures().into_iter().filter(|fixture| fixture.kind == Kind::Configuration).collect();
    assert!(all.len() >= 10);
    for fixture in all {
        let seed = ["seed/example.com.pem", "seed/example.com.key", "--format=json"];
        let run = Certgate::check(seed).arguments(["--config", &fixture.path]).exits(0);
        let cases = run.cases();
        let found = cases.iter().any(|case| case.finding(fixture.rule()).is_some());
        assert_eq!(found, fixture.is_bad(), "{}: {:?}", fixture.path, rules(&run));
        assert_eq!(cases.len(), if fixture.is_bad() { 2 } else { 1 }, "{}", fixture.path);
    }
}

#[test]
fn what_is_ignored_is_refused_by_the_api_all_the_same() {
    let folder = project("[[ignore]]\nrule = \"CG301\"\npath = \"**\"\nreason = \"it will fit\"\n");
    for extension in ["pem", "key"] {
        let name = format!("rules/key-does-not-match-leaf/bad-same-curve.{extension}");
        fs::copy(fixtures().join(name), folder.path(&format!("bad.{extension}"))).unwrap();
    }
    let run = Certgate::check(["bad.pem", "bad.key"]).folder(folder.root()).exits(0);
    assert!(
        run.stdout.contains("API refuses (ERR_NGROK_1923), clients not asked; 1 warning, 1 ignored"),
        "{run:#?}"
    );
    let create = [
        "api",
        "tls-certificates",
        "create",
        "--certificate-pem",
        "bad.pem",
        "--private-key-pem",
        "bad.key",
        "--dry-run",
    ];
    let run = Certgate::new(create).folder(folder.root()).exits(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("ERR_NGROK_1923; nothing was sent"), "{run:#?}");
}

#[test]
fn fix_leaves_alone_what_is_ignored_or_allowed() {
    let ignore = "[[ignore]]\nrule = \"chain-out-of-order\"\npath = \"bad.pem\"\nreason = \"as it came\"\n";
    let folder = project(ignore);
    for extension in ["pem", "key"] {
        let name = format!("rules/chain-out-of-order/bad-reversed.{extension}");
        fs::copy(fixtures().join(name), folder.path(&format!("bad.{extension}"))).unwrap();
    }
    let fix = |arguments: &[&str]| {
        Certgate::new(["fix", "bad.pem", "bad.key"]).arguments(arguments).folder(folder.root())
    };
    assert!(!fix(&[]).exits(0).stdout.contains("bad.pem: can be repaired"));
    assert!(fix(&["--isolated"]).exits(1).stdout.contains("bad.pem: can be repaired"));
}

#[test]
fn a_configuration_that_is_none_is_exit_code_2_wherever_it_counts() {
    for (text, place) in [
        ("fail_no = \"error\"\n", "certgate.toml:1:1: `fail_no` is unknown here"),
        ("[[ignore]]\nrule = \"leaf-expird\"\n", "certgate.toml:2:8: there is no rule `leaf-expird`"),
        (&IGNORE.replace("kept to reproduce a report", " "), "certgate.toml:4:10: the reason is empty"),
        ("[levels\n", "certgate.toml:1:"),
    ] {
        let folder = project(text);
        let create = [
            "api",
            "tls-certificates",
            "create",
            "--certificate-pem",
            SEED[0],
            "--private-key-pem",
            SEED[1],
            "--dry-run",
        ];
        for command in [
            &["check", SEED[0]][..],
            &["fix", SEED[0]],
            &create,
            &["plan"],
            &["push"],
            &["export", "json"],
            &["config", "show"],
        ] {
            let run = Certgate::new(command).folder(folder.root()).exits(2);
            assert_eq!(run.stdout, "", "{command:?}");
            let of_plan = "a manifest without project";
            assert!(
                run.stderr.contains(place) || run.stderr.contains(of_plan),
                "{command:?}: {}",
                run.stderr
            );
        }
        assert!(Certgate::new(["check", SEED[0], "--isolated"]).folder(folder.root()).run().code < 2);
    }
    let folder = project("fail_no = 1\n");
    let run = check(&folder, &[]).exits(2);
    assert!(run.stderr.contains("hint: did you mean `fail_on`?"), "{run:#?}");
    let run = check(&folder, &["--config", "no.toml"]).exits(2);
    assert!(run.stderr.contains("`no.toml`") && run.stderr.contains("certgate config schema"), "{run:#?}");
    check(&folder, &["--config", "no.toml", "--isolated"]).exits(2);
}

#[test]
fn show_says_what_is_in_force_and_what_says_so() {
    let text = format!(
        "max_lifetime = \"90d\"\n[levels]\nCG101 = \"error\"\nCG103 = \"allow\"\n\n[[override]]\npath = \"other/**\"\nlevels.CG101 = \"allow\"\n\n{IGNORE}until = 2026-10-31\n"
    );
    let folder = project(&text);
    let show = |arguments: &[&str]| {
        Certgate::new(["config", "show", "--at", "2026-11-01"])
            .arguments(arguments)
            .folder(folder.root())
            .exits(0)
    };
    insta::assert_snapshot!(show(&["--deny=CG103", "--fail-on=warning"]).stdout, @r#"
    certgate.toml: the nearest one

    fail_on = "warning"                                                                             command line
    max_lifetime = "90d"                                                                            certgate.toml:1
    for = "ngrok"                                                                                   default
    expires_soon = "0.333333"                                                                       default
    levels.leaf-expired = "error"                                                                   certgate.toml:3
    levels.leaf-has-no-san = "error"                                                                command line
    override.levels.leaf-expired at "other/**" = "allow"                                            certgate.toml:8
    ignore.leaf-expired at "certs" = "kept to reproduce a report (not in force: until 2026-10-31)"  certgate.toml:10

    other rules weigh what `certgate rules` says
    "#);
    let of_file = show(&[SEED[0]]).stdout;
    assert!(!of_file.contains("other/**") && of_file.contains("ignore.leaf-expired"), "{of_file}");
    let json = show(&["--format=json"]).json();
    assert_eq!((&json["version"], &json["file"]), (&1.into(), &"certgate.toml".into()));
    let row = |key: &str| -> Value {
        let rows = json["settings"].as_array().unwrap();
        rows.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key}")).clone()
    };
    assert_eq!(
        (&row("levels.leaf-expired")["from"], &row("levels.leaf-expired")["line"]),
        (&"file".into(), &3.into())
    );
    assert_eq!((&row("fail_on")["value"], &row("fail_on")["from"]), (&"error".into(), &"default".into()));
    let isolated = show(&["--isolated", "--deny=CG101"]).stdout;
    assert!(
        isolated.starts_with("no configuration: --isolated\n") && isolated.contains("command line"),
        "{isolated}"
    );
}

#[test]
fn the_schema_is_the_one_that_is_committed() {
    let path = workspace().join("crates/cli/src/config/certgate.schema.json");
    assert_eq!(Certgate::new(["config", "schema"]).exits(0).stdout, fs::read_to_string(path).unwrap());
}
