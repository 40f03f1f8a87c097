//! The command line: exit codes, levels, words, colours.

use crate::harness::{Certgate, cards, matches_file, workspace};

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
        (vec!["check", "chain"], "chain"),
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
    assert_eq!(text.lines().count(), cards().len());
    for (line, card) in text.lines().zip(cards()) {
        assert!(line.starts_with(card.code()), "{line}");
        for word in [card.name(), card.level(), card.summary(), card.api_code().unwrap_or("-")] {
            assert!(line.contains(word), "{line} lacks {word}");
        }
    }
}

#[test]
fn the_time_of_the_judgement_is_what_at_says() {
    let severities = |time: &str| {
        let run = Certgate::new(["check", "--at", time, "--format", "json"]).arguments(GOOD).exits(0);
        run.case().rules().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(severities("2026-12-30T00:00:00Z"), Vec::<String>::new());
    assert_eq!(severities("2026-12-30T00:00:01Z"), ["leaf-expired"]);
    assert_eq!(severities("2026-12-30T01:00:01+01:00"), ["leaf-expired"]);
    assert_eq!(severities("2026-09-30"), ["leaf-not-yet-valid"]);
    assert_eq!(severities("2026-10-01"), Vec::<String>::new());
}

#[test]
fn a_time_that_is_none_is_exit_code_2() {
    for time in ["tomorrow", "2026-13-01", "2026-11-31", "01.11.2026", "2026-11-01T25:00:00Z", ""] {
        let run = Certgate::new(["check", "--at", time]).arguments(GOOD).exits(2);
        assert!(run.stderr.contains("--at"), "{time}: {}", run.stderr);
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
fn openssh_keys_are_shown_but_not_judged() {
    let run = Certgate::check(["ssh/ed25519.pub"]).exits(2);
    assert!(run.stderr.contains("hint: `certgate show ssh/ed25519.pub`"), "{}", run.stderr);
    assert!(Certgate::new(["show", "ssh/ed25519.pub"]).exits(0).stdout.contains("ed25519"));
}

#[test]
fn the_reference_says_what_the_help_says() {
    let mut text = "# The command line, as `--help` prints it\n".to_owned();
    for command in ["", "check", "show", "explain", "rules"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let help = Certgate::new(&arguments).exits(0).stdout;
        let lines: String = help.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        text.push_str(&format!("\n```console\n$ certgate {}\n{lines}```\n", arguments.join(" ")));
    }
    matches_file(&workspace().join("tests/cli_reference.md"), &text);
}
