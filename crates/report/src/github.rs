//! Verdicts for GitHub's runners: workflow commands, which become annotations, and the table that a step shows below its log.

use std::borrow::Cow;
use std::io::{self, Write};

use certgate_rules::{Finding, Level};

use crate::judged::Judged;
use crate::place::{Region, path};
use crate::printable::printable;
use crate::sentence;
use crate::tally::{Tally, counted};

/// The most annotations of a kind that GitHub shows of a step; it drops the others without a word.
pub const ANNOTATIONS_MAX: usize = 10;

/// The most bytes of a table: GitHub takes a mebibyte for all that a step writes, and drops it all where it is more.
pub const SUMMARY_BYTES_MAX: usize = 900 * 1024;

/// Writes a command for each finding, the worst first and at most [`ANNOTATIONS_MAX`] of a kind, then a line that counts them.
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Judged]) -> io::Result<()> {
    let findings = worst_first(verdicts);
    let mut left_out = 0;
    for level in [Level::Error, Level::Warning] {
        let of_level: Vec<_> = findings.iter().filter(|finding| finding.level() == level).collect();
        left_out += of_level.len().saturating_sub(ANNOTATIONS_MAX);
        for finding in of_level.into_iter().take(ANNOTATIONS_MAX) {
            command(out, finding)?;
        }
    }
    let tally = Tally::of(verdicts);
    let cases = counted(tally.cases, "case");
    match left_out {
        0 => writeln!(out, "certgate: {cases}, {tally}"),
        _ => writeln!(out, "certgate: {cases}, {tally}; {left_out} of them not shown as annotations"),
    }
}

/// Writes the table of all findings, in Markdown.
///
/// # Errors
/// What `out` answers.
pub fn write_summary(out: &mut dyn Write, verdicts: &[Judged]) -> io::Result<()> {
    let findings = worst_first(verdicts);
    let tally = Tally::of(verdicts);
    writeln!(out, "### certgate: {}, {tally}\n", counted(tally.cases, "case"))?;
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "| severity | rule | where | what |\n|---|---|---|---|")?;
    let mut written = 0;
    for (index, finding) in findings.iter().enumerate() {
        let row = row(finding);
        written += row.len();
        if written > SUMMARY_BYTES_MAX {
            return writeln!(out, "\nand {} more", findings.len() - index);
        }
        out.write_all(row.as_bytes())?;
    }
    writeln!(out)
}

fn worst_first(verdicts: &[Judged]) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = verdicts.iter().flat_map(Judged::findings).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level()));
    findings
}

fn command(out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
    let rule = finding.rule();
    write!(out, "::{} ", sentence::severity(finding))?;
    if let Some(path) = path(finding.primary()) {
        let Region { line, column, end_line, end_column } = Region::of(finding.primary());
        write!(out, "file={},line={line},endLine={end_line},", property(path))?;
        // Columns of several lines are ignored.
        if line == end_line {
            write!(out, "col={column},endColumn={end_column},")?;
        }
    }
    let title = format!("{} {}", rule.code(), rule.name());
    writeln!(out, "title={}::{}", property(&title), data(&sentence::lines(finding).join("\n")))
}

/// What stands behind the second `::`, escaped as the runner undoes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands in a property, escaped as the runner undoes it; nothing in it steers the terminal that shows the log.
fn property(text: &str) -> String {
    data(&printable(text)).replace(':', "%3A").replace(',', "%2C")
}

fn row(finding: &Finding) -> String {
    let rule = finding.rule();
    let place = match path(finding.primary()) {
        Some(path) => format!("{}:{}", cell(path), Region::of(finding.primary()).line),
        None => "standard input".to_owned(),
    };
    let lines: Vec<String> = sentence::lines(finding).iter().map(|line| cell(line).into_owned()).collect();
    format!(
        "| {} | {} {} | {place} | {} |\n",
        sentence::severity(finding),
        rule.code(),
        rule.name(),
        lines.join("<br>")
    )
}

/// Text in a cell of a table: nothing of it is Markdown or HTML.
fn cell(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    if !text.contains(|letter: char| letter.is_ascii_punctuation()) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            // What would be a person or a link to GitHub.
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                escaped.extend(['\\', letter])
            }
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}
