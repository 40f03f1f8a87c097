//! How long things may be.

use std::path::Path;

use super::{none, read, sources};
use crate::harness::{files_below, workspace};

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const RULE_LINES_MAX: usize = 120;
const LIB_LINES_MAX: usize = 120;
const README_LINES_MAX: usize = 119;

/// Crossed on purpose, with the reason.
const LONGER: [(&str, &str); 0] = [];

fn over(path: &Path, lines_max: usize) -> Option<String> {
    let inside = path.strip_prefix(workspace()).unwrap().to_string_lossy().into_owned();
    let lines = read(path).lines().count();
    let is_excused = LONGER.iter().any(|(excused, _)| *excused == inside);
    (lines > lines_max && !is_excused).then(|| format!("{inside} has {lines} lines, more than {lines_max}"))
}

#[test]
fn no_source_file_is_longer_than_400_lines() {
    none(sources().iter().filter_map(|path| over(path, FILE_LINES_MAX)).collect());
}

#[test]
fn no_rule_is_longer_than_120_lines() {
    let rules = files_below(&workspace().join("crates/rules/src/rules"), "rs");
    none(rules.iter().filter_map(|path| over(path, RULE_LINES_MAX)).collect());
}

#[test]
fn no_crate_root_is_longer_than_120_lines() {
    let roots = sources().into_iter().filter(|path| path.ends_with("lib.rs"));
    none(roots.filter_map(|path| over(&path, LIB_LINES_MAX)).collect());
}

#[test]
fn the_readme_is_shorter_than_120_lines() {
    none(over(&workspace().join("README.md"), README_LINES_MAX).into_iter().collect());
}

#[test]
fn no_function_is_longer_than_70_lines() {
    let mut faults = Vec::new();
    for path in sources() {
        for (name, line, length) in functions(&read(&path)) {
            if length > FUNCTION_LINES_MAX {
                faults.push(format!("{}:{line}: fn {name} has {length} lines", path.display()));
            }
        }
    }
    none(faults);
}

/// Name, line and length of each function. In formatted source a body ends with the first `}` as far to the left as
/// the line that began it.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let in_snapshot = in_snapshot(&lines);
    let margin = |line: &str| line.len() - line.trim_start().len();
    let mut functions = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line.trim_start()) else { continue };
        if line.ends_with(';') || line.ends_with('}') {
            continue;
        }
        let ends = |other: &&str| {
            // A function of a trait may end with its signature.
            let is_declared = other.trim_start().starts_with(')') && other.ends_with(';');
            margin(other) == margin(line) && (other.trim() == "}" || is_declared)
        };
        let end = lines[index + 1..].iter().position(ends).map_or(lines.len(), |below| index + below + 2);
        let length = (index..end).filter(|line| !in_snapshot[*line]).count();
        functions.push((name, index + 1, length));
    }
    functions
}

/// Which lines are expected output, and no code.
fn in_snapshot(lines: &[&str]) -> Vec<bool> {
    let mut inside = false;
    let is_inside = |line: &&str| {
        let was_inside = inside;
        inside = match inside {
            false => ["@\"", "@r\"", "@r#\""].iter().any(|opening| line.ends_with(opening)),
            true => !matches!(line.trim(), "\");" | "\"#);"),
        };
        was_inside
    };
    lines.iter().map(is_inside).collect()
}

fn function_name(line: &str) -> Option<String> {
    let mut rest = line;
    for word in ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "unsafe "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name: String = rest
        .strip_prefix("fn ")?
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    Some(name)
}

#[test]
fn functions_are_measured() {
    let text = "fn one() {\n    if true {\n    }\n}\n\nimpl A {\n    pub(crate) const fn two(\n        a: u8,\n    ) -> u8 {\n        a\n    }\n    fn three() {}\n}\n\ntrait B {\n    fn four(\n        &self,\n    ) -> u8;\n}\n";
    let measured = [("one".to_owned(), 1, 4), ("two".to_owned(), 7, 5), ("four".to_owned(), 16, 3)];
    assert_eq!(functions(text), measured);
}
