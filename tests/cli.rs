//! The command line: exit codes, levels, words, colours.

use std::process::Command;

use crate::harness::{Card, Certgate, cards, fixtures, matches_file, workspace};

const GOOD: [&str; 2] = ["chain/p256-depth-1.pem", "chain/p256-depth-1.key"];
const WARNED: [&str; 2] = ["seed/example.com.pem", "seed/example.com.key"];
const BAD: [&str; 2] =
    ["rules/key-does-not-match-leaf/bad-same-curve.pem", "rules/key-does-not-match-leaf/bad-same-curve.key"];

fn check(files: [&str; 2], arguments: &[&str]) -> Certgate {
    Certgate::check(files).arguments(arguments)
}

#[test]
fn the_exit_code_is_0_where_nothing_is_found_or_warnings_only() {
    let run = check(GOOD, &[]).exits(0);
    assert_eq!(run.stderr, "");
    assert!(run.stdout.contains("API accepts"), "{}", run.stdout);
    check(WARNED, &[]).exits(0);
}

#[test]
fn the_exit_code_is_1_where_an_error_is_found() {
    let run = check(BAD, &[]).exits(1);
    assert_eq!(run.stderr, "");
    assert!(run.stdout.contains("ERR_NGROK_1923"), "{}", run.stdout);
}

#[test]
fn fail_on_says_what_makes_the_exit_code_1() {
    check(GOOD, &["--fail-on", "warning"]).exits(0);
    check(WARNED, &["--fail-on", "warning"]).exits(1);
    check(WARNED, &["--fail-on", "error"]).exits(0);
    check(BAD, &["--fail-on", "error"]).exits(1);
    check(BAD, &["--fail-on", "never"]).exits(0);
    check(BAD, &["--fail-on", "sometimes"]).exits(2);
}

#[test]
fn usage_that_makes_no_sense_is_exit_code_2_and_leaves_standard_output_alone() {
    let wrong: [&[&str]; 9] = [
        &[],
        &["frobnicate"],
        &["check"],
        &["check", "--certificate"],
        &["check", "--no-such-flag", GOOD[0]],
        &["check", "--format", "yaml", GOOD[0]],
        &["check", GOOD[0], "--certificate", GOOD[0]],
        &["check", "--color", "sometimes", GOOD[0]],
        &["explain"],
    ];
    for arguments in wrong {
        let run = Certgate::new(arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_read_is_exit_code_2_and_named() {
    for (arguments, name) in [
        (vec!["check", "no/such/file.pem"], "no/such/file.pem"),
        (vec!["check", GOOD[0], "no/such/file.key"], "no/such/file.key"),
        (vec!["check", "--certificate", "no/such/file.pem"], "no/such/file.pem"),
        (vec!["check", "--certificate", "chain"], "chain"),
        (vec!["show", "no/such/file.pem"], "no/such/file.pem"),
    ] {
        let run = Certgate::new(&arguments).exits(2);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.contains(&format!("`{name}`")), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn names_of_files_cannot_steer_the_terminal() {
    let run = Certgate::new(["check", "\u{1b}[31mred\n.pem"]).exits(2);
    assert!(!run.stderr.contains('\u{1b}') && run.stderr.contains(r"\u{1b}[31mred\n.pem"), "{}", run.stderr);
}

#[test]
fn allow_warn_and_deny_change_what_a_rule_weighs() {
    check(BAD, &["--allow", "key-does-not-match-leaf"]).exits(0);
    check(BAD, &["--warn", "CG301"]).exits(0);
    check(BAD, &["--warn", "cg301", "--fail-on", "warning"]).exits(1);
    check(WARNED, &["--deny", "leaf-expired"]).exits(1);
    let allowed = ["leaf-expired", "leaf-has-no-san", "leaf-is-a-ca"].map(|rule| format!("--allow={rule}"));
    let run = Certgate::check(WARNED)
        .arguments(allowed)
        .arguments(["--fail-on", "warning", "--format", "json"])
        .exits(0);
    assert_eq!(run.case().rules(), Vec::<&str>::new());
}

#[test]
fn what_is_allowed_is_still_refused_by_the_api() {
    let case = check(BAD, &["--allow", "key-does-not-match-leaf", "--format", "json"]).exits(0).case();
    assert_eq!((case.is_accepted(), case.api_code()), (false, Some("ERR_NGROK_1923")));
    assert!(case.finding("key-does-not-match-leaf").is_none());
}

#[test]
fn of_several_levels_for_one_rule_the_gravest_counts() {
    check(BAD, &["--allow", "CG301", "--warn", "CG301"]).exits(0);
    check(BAD, &["--allow", "CG301", "--warn", "CG301", "--fail-on", "warning"]).exits(1);
    check(BAD, &["--deny", "key-does-not-match-leaf", "--allow", "CG301"]).exits(1);
}

#[test]
fn every_rule_is_known_by_its_name_and_by_its_code() {
    let words = |word: fn(&Card) -> &str| {
        cards().iter().flat_map(|card| ["--allow".to_owned(), word(card).to_owned()]).collect::<Vec<_>>()
    };
    for words in [words(Card::name), words(Card::code)] {
        let run = Certgate::check(WARNED).arguments(words).arguments(["--fail-on=warning", "--format=json"]);
        assert_eq!(run.exits(0).case().rules(), Vec::<&str>::new());
    }
}

#[test]
fn an_unknown_rule_is_exit_code_2_with_the_nearest_one_as_hint() {
    for flag in ["--allow", "--warn", "--deny"] {
        let run = check(GOOD, &[flag, "leaf-expird"]).exits(2);
        assert!(run.stderr.contains("`leaf-expird`"), "{}", run.stderr);
        assert!(run.stderr.contains("hint: did you mean `leaf-expired`?"), "{}", run.stderr);
    }
    let run = check(GOOD, &["--allow", "zzz"]).exits(2);
    assert!(run.stderr.contains("hint: `certgate rules`"), "{}", run.stderr);
}

#[test]
fn quiet_writes_the_summary_alone() {
    let (loud, quiet) = (check(BAD, &[]).exits(1).stdout, check(BAD, &["--quiet"]).exits(1).stdout);
    assert_eq!(quiet.lines().count(), 1, "{quiet}");
    assert!(loud.ends_with(&quiet) && loud.lines().count() > 5, "{loud}");
    assert_eq!(check(BAD, &["-q"]).exits(1).stdout, quiet);
}

#[test]
fn quiet_writes_one_line_for_each_upload_and_one_for_all() {
    let [one, other] = [GOOD[0], "chain/rsa-2048-depth-1.pem"];
    let run = Certgate::check([one, other, "--quiet"]).exits(1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines.len() == 3 && lines[0].starts_with(one) && lines[1].starts_with(other), "{lines:#?}");
    assert!(lines[2].starts_with("2 uploads: 0 accepted, 2 refused"), "{lines:#?}");
}

#[test]
fn explain_takes_names_codes_and_codes_of_the_api() {
    let page = Certgate::new(["explain", "leaf-expired"]).exits(0).stdout;
    assert!(page.starts_with("# leaf-expired\n"), "{page}");
    for word in ["CG101", "cg101", "LEAF-EXPIRED"] {
        assert_eq!(Certgate::new(["explain", word]).exits(0).stdout, page);
    }
    for card in cards() {
        assert_eq!(
            Certgate::new(["explain", card.code()]).exits(0).stdout.lines().next(),
            Some(format!("# {}", card.name()).as_str())
        );
        if let Some(code) = card.api_code() {
            let text = Certgate::new(["explain", code]).exits(0).stdout;
            assert!(text.contains(card.name()) && text.contains(card.code()), "{text}");
        }
    }
}

#[test]
fn explain_takes_a_code_of_the_api_as_a_bare_number_and_in_any_case() {
    for (code, number) in [("ERR_NGROK_1923", "1923"), ("ERR_NGROK_1904", "1904")] {
        let text = Certgate::new(["explain", code]).exits(0).stdout;
        for word in [number, &code.to_lowercase()] {
            assert_eq!(Certgate::new(["explain", word]).exits(0).stdout, text, "{word}");
        }
    }
}

#[test]
fn explain_knows_codes_that_no_rule_can_foretell() {
    let text = Certgate::new(["explain", "ERR_NGROK_1904"]).exits(0).stdout;
    assert!(text.contains("ERR_NGROK_1904"), "{text}");
}

#[test]
fn explain_of_an_unknown_word_is_exit_code_2_with_a_hint() {
    for word in ["leaf-expird", "CG999", "ERR_NGROK_99999", ""] {
        let run = Certgate::new(["explain", word]).exits(2);
        assert!(run.stderr.contains("hint: "), "{word}: {}", run.stderr);
        assert_eq!(run.stdout, "");
    }
}

#[test]
fn rules_lists_every_rule_in_a_line() {
    let text = Certgate::new(["rules"]).exits(0).stdout;
    let (rules, lists) = text.split_once("\n\n").expect("lists come after the rules");
    assert!(lists.starts_with("lists that these rest on: Mozilla's roots (2"), "{lists}");
    assert_eq!(rules.lines().count(), cards().len());
    for (line, card) in rules.lines().zip(cards()) {
        assert!(line.starts_with(card.code()), "{line}");
        for word in [card.name(), card.level(), card.summary(), card.api_code().unwrap_or("-")] {
            assert!(line.contains(word), "{line} lacks {word}");
        }
    }
}

#[test]
fn rules_as_json_are_of_version_1_and_hold_what_the_text_holds() {
    let json = Certgate::new(["rules", "--format", "json"]).exits(0).json();
    assert_eq!(json["version"], 1);
    let text = Certgate::new(["rules"]).exits(0).stdout;
    let (rules, _) = text.split_once("\n\n").expect("lists come after the rules");
    let in_text: Vec<&str> = rules.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let in_json: Vec<&str> = json["rules"]
        .as_array()
        .expect("there are rules")
        .iter()
        .filter_map(|rule| rule["code"].as_str())
        .collect();
    assert_eq!(in_json, in_text);
}

#[test]
fn the_time_of_the_judgement_is_what_at_says() {
    let severities = |time: &str| {
        let run = Certgate::new(["check", "--at", time, "--format", "json"]).arguments(GOOD).exits(0);
        run.case().rules().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(severities("2026-12-30T00:00:00Z"), ["leaf-expires-soon"]);
    assert_eq!(severities("2026-12-30T00:00:01Z"), ["leaf-expired"]);
    assert_eq!(severities("2026-12-30T01:00:01+01:00"), ["leaf-expired"]);
    assert_eq!(severities("2026-09-30"), ["leaf-not-yet-valid"]);
    assert_eq!(severities("2026-10-01"), Vec::<String>::new());
}

#[test]
fn a_time_that_is_none_is_exit_code_2() {
    for time in ["tomorrow", "2026-13-01", "2026-11-31", "01.11.2026", "2026-11-01T25:00:00Z", ""] {
        let run = Certgate::new(["check", "--at", time]).arguments(GOOD).exits(2);
        assert!(run.stderr.contains("--at") && run.stderr.contains("RFC 3339"), "{time}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{time}");
    }
}

#[test]
fn there_are_no_colours_where_there_is_no_terminal_unless_asked_for() {
    for arguments in
        [&["check", BAD[0], BAD[1]][..], &["show", BAD[0]], &["rules"], &["explain", "CG101"], &["check"]]
    {
        for color in [&[][..], &["--color", "auto"], &["--color", "never"]] {
            let run = Certgate::new(arguments).arguments(color).run();
            assert!(
                !run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'),
                "{arguments:?} {color:?}"
            );
        }
    }
    assert!(check(BAD, &["--color", "always"]).exits(1).stdout.contains("\u{1b}["));
}

#[test]
fn no_color_wins_over_everything_but_always() {
    let run = check(BAD, &[]).variable("NO_COLOR", "1").exits(1);
    assert!(!run.stdout.contains('\u{1b}'));
    assert!(check(BAD, &["--color", "always"]).variable("NO_COLOR", "1").exits(1).stdout.contains("\u{1b}["));
}

#[test]
fn colours_add_nothing_but_escape_sequences() {
    let plain = check(BAD, &[]).exits(1).stdout;
    let colored = check(BAD, &["--color", "always"]).exits(1).stdout;
    let stripped: String = colored
        .split("\u{1b}[")
        .enumerate()
        .map(
            |(index, part)| if index == 0 { part } else { part.split_once('m').expect("colours end in m").1 },
        )
        .collect();
    assert_eq!(stripped, plain);
    let run = check(["no/such/file.pem", GOOD[1]], &["--color", "always"]).exits(2);
    assert!(run.stdout.is_empty() && run.stderr.contains("\u{1b}["), "{run:?}");
}

#[test]
fn json_has_no_colours_even_where_they_are_asked_for() {
    let arguments = ["--color", "always", "--format", "json"];
    assert!(!check(BAD, &arguments).exits(1).stdout.contains('\u{1b}'));
}

#[test]
fn whoever_reads_no_further_is_no_error() {
    let commands = [
        "rules".to_owned(),
        "rules --format json".to_owned(),
        "explain CG101".to_owned(),
        "--help".to_owned(),
        format!("check {} {}", GOOD[0], GOOD[1]),
        format!("show {} --format json", GOOD[0]),
    ];
    // `:` ends at once and leaves a pipe that nobody reads.
    for (command, reader) in
        commands.iter().flat_map(|command| ["head -1", ":"].map(|reader| (command, reader)))
    {
        let script =
            format!("set -o pipefail; certgate=$0; {{ sleep 0.1; \"$certgate\" {command}; }} | {reader}");
        let output = Command::new("bash")
            .args(["-c", &script, env!("CARGO_BIN_EXE_certgate")])
            .current_dir(fixtures())
            .output()
            .expect("bash starts");
        let talk = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && talk.is_empty(), "{command} | {reader}: {} {talk}", output.status);
    }
}

#[test]
fn a_verdict_stays_what_it_is_when_nobody_reads_it() {
    let (pem, key) = ("rules/key-encrypted/bad-legacy-ec.pem", "rules/key-encrypted/bad-legacy-ec.key");
    assert!(fixtures().join(pem).exists());
    let script =
        format!("set -o pipefail; certgate=$0; {{ sleep 0.1; \"$certgate\" check {pem} {key}; }} | :");
    let output = Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_certgate")])
        .current_dir(fixtures())
        .output()
        .expect("bash starts");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn one_file_may_go_into_both_slots() {
    let folder = tempfile::tempdir().expect("there is room");
    let both = folder.path().join("both.pem");
    let texts = GOOD.map(|name| std::fs::read_to_string(fixtures().join(name)).expect("fixtures are there"));
    std::fs::write(&both, texts.concat()).expect("there is room");
    let both = both.to_str().expect("the name is plain");
    let slots = |path| ["--certificate", path, "--private-key", path, "--format", "json"];
    let case = Certgate::check(slots(both)).exits(1).case();
    assert!(case.finding("certificate-slot-holds-key").is_some(), "{:?}", case.rules());
    assert!(case.finding("key-slot-holds-certificate").is_some(), "{:?}", case.rules());
    let piped = Certgate::check(slots("-")).stdin(texts.concat()).exits(1).case();
    assert_eq!(piped.rules(), case.rules());
    let case = Certgate::check(slots(GOOD[0])).exits(1).case();
    assert!(case.finding("key-slot-holds-certificate").is_some(), "{:?}", case.rules());
}

#[test]
fn files_do_not_go_with_slots() {
    for slot in ["--certificate", "--private-key"] {
        let run = check(GOOD, &[slot, GOOD[1]]).exits(2);
        assert!(run.stderr.contains(slot) && run.stdout.is_empty(), "{run:?}");
    }
}

#[test]
fn data_goes_to_standard_output_and_talk_to_standard_error() {
    let asked_for: [&[&str]; 5] = [
        &["--help"],
        &["--version"],
        &["rules"],
        &["show", GOOD[0]],
        &["check", "--fail-on=never", BAD[0], BAD[1]],
    ];
    for arguments in asked_for {
        let run = Certgate::new(arguments).exits(0);
        assert!(run.stderr.is_empty() && !run.stdout.is_empty(), "{arguments:?}: {run:?}");
    }
    for word in ["nothing-like-it", "leaf-expird"] {
        let run = check(BAD, &["--deny", word]).exits(2);
        assert!(run.stdout.is_empty() && run.stderr.starts_with("error: "), "{run:?}");
    }
}

/// The names under `Commands:`, which stand two columns from the edge.
fn subcommands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = lines.take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = names.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_reference_says_what_the_help_says() {
    let mut text = "# The command line, as `--help` prints it\n".to_owned();
    let mut commands = vec![Vec::new()];
    while let Some(command) = commands.pop() {
        let help = Certgate::new(&command).arguments(["--help"]).exits(0).stdout;
        let below = subcommands(&help).into_iter().rev();
        commands.extend(below.map(|name| [command.as_slice(), &[name]].concat()));
        let lines: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        let words = [command.as_slice(), &["--help".to_owned()]].concat().join(" ");
        text.push_str(&format!("\n```console\n$ certgate {words}\n{lines}```\n"));
    }
    matches_file(&workspace().join("tests/cli_reference.md"), &text);
}
