//! The README: every command in a `console` block is run, and its output is what stands there.

use std::ffi::OsString;

use super::read;
use crate::harness::{Certgate, matches_file, workspace};

/// The README with the output of its commands as it is now, and how many commands there are.
fn replayed(readme: &str) -> (String, usize) {
    let (mut text, mut count, mut in_console) = (String::new(), 0, false);
    for line in readme.lines() {
        match line {
            "```console" => in_console = true,
            "```" if in_console => in_console = false,
            _ if !in_console => {}
            line => {
                // Old output is left out: what a command prints now follows it.
                if let Some(command) = line.strip_prefix("$ ") {
                    count += 1;
                    text.push_str(&format!("{line}\n{}", output_of(command)));
                }
                continue;
            }
        }
        text.push_str(line);
        text.push('\n');
    }
    (text, count)
}

/// What a command prints, run at the top of the workspace; `echo $?` is left to shells.
fn output_of(command: &str) -> String {
    let from_source = ["cargo run --release --quiet -- ", "cargo run --release -- ", "cargo run -- "];
    let arguments = from_source.iter().chain(&["certgate "]).find_map(|start| command.strip_prefix(start));
    let arguments = arguments.unwrap_or_else(|| panic!("`{command}` runs something other than certgate"));
    let is_timeless = !arguments.starts_with("check") || arguments.contains(" --at ");
    assert!(is_timeless, "`{command}` prints something else tomorrow: give it an `--at`");
    let run = Certgate::new(words(arguments)).folder(&workspace()).run();
    let printed = [run.stdout, run.stderr].concat();
    printed.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The words of a command line; quotes keep spaces together.
fn words(line: &str) -> Vec<OsString> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in line.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            (' ', None) => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word).into())),
            _ => word.push(letter),
        }
    }
    words.extend((!word.is_empty()).then(|| word.into()));
    words
}

#[test]
fn every_command_in_the_readme_prints_what_stands_there() {
    let path = workspace().join("README.md");
    let (text, count) = replayed(&read(&path));
    assert!(count > 0, "the README shows no command");
    matches_file(&path, &text);
}

#[test]
fn the_readme_names_the_test_command_and_every_command() {
    let readme = read(&workspace().join("README.md"));
    for word in ["./tests/run", "certgate check", "certgate show", "certgate explain", "certgate rules"] {
        assert!(readme.contains(word), "{word}");
    }
}

#[test]
fn command_lines_are_split_like_in_a_shell() {
    assert_eq!(words("check --at  '2026-11-01 x' \"a b\" c"), ["check", "--at", "2026-11-01 x", "a b", "c"]);
}
