//! Verdicts for GitHub's runners: workflow commands, which become annotations, and the table that a step shows below its log.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

use certgate_rules::{Finding, Level};

use crate::judged::Judged;
use crate::place::{Place, Region};
use crate::printable::printable;
use crate::sentence;
use crate::tally::{Tally, counted};

/// The most annotations of a kind that GitHub shows of a step; it drops the others without a word.
pub const ANNOTATIONS_MAX: usize = 10;

/// The most bytes of the summary of a step: where there are more, GitHub drops it all.
pub const SUMMARY_BYTES_MAX: usize = 1024 * 1024;

/// What is left free of it for the line that counts the rest.
const REST_BYTES_MAX: usize = 64;

/// Writes a command for each finding, the worst first and at most [`ANNOTATIONS_MAX`] of a kind, then a line that counts them.
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Judged]) -> io::Result<()> {
    let reported = worst_first(verdicts);
    let mut left_out = 0;
    for level in [Level::Error, Level::Warning] {
        let of_level: Vec<_> = reported.iter().filter(|(finding, _)| finding.level() == level).collect();
        left_out += of_level.len().saturating_sub(ANNOTATIONS_MAX);
        for (finding, judged) in of_level.into_iter().take(ANNOTATIONS_MAX) {
            command(out, finding, judged)?;
        }
    }
    let tally = Tally::of(verdicts);
    let cases = counted(tally.cases, "case");
    match left_out {
        0 => writeln!(out, "certgate: {cases}, {tally}"),
        _ => writeln!(out, "certgate: {cases}, {tally}; {left_out} of them not shown as annotations"),
    }
}

/// Writes the table of all findings, in Markdown: as much of it as fits into `room`, in bytes, of which there are
/// [`SUMMARY_BYTES_MAX`] for all that a step writes.
///
/// # Errors
/// What `out` answers.
pub fn write_summary(out: &mut dyn Write, verdicts: &[Judged], room: usize) -> io::Result<()> {
    let reported = worst_first(verdicts);
    let tally = Tally::of(verdicts);
    let mut table = format!("### certgate: {}, {tally}\n\n", counted(tally.cases, "case"));
    if !reported.is_empty() {
        table.push_str("| severity | rule | where | what |\n|---|---|---|---|\n");
    }
    if table.len() + REST_BYTES_MAX > room {
        return Ok(());
    }
    for (index, (finding, judged)) in reported.iter().enumerate() {
        let row = row(finding, judged);
        if table.len() + row.len() + REST_BYTES_MAX > room {
            table.push_str(&format!("\nand {} more\n", reported.len() - index));
            return out.write_all(table.as_bytes());
        }
        table.push_str(&row);
    }
    table.push('\n');
    out.write_all(table.as_bytes())
}

fn worst_first(verdicts: &[Judged]) -> Vec<(&Finding, &Judged)> {
    let of_case = |judged| Judged::findings(judged).iter().map(move |finding| (finding, judged));
    let mut findings: Vec<_> = verdicts.iter().flat_map(of_case).collect();
    findings.sort_by_key(|(finding, _)| Reverse(finding.level()));
    findings
}

fn command(out: &mut dyn Write, finding: &Finding, judged: &Judged) -> io::Result<()> {
    let rule = finding.rule();
    write!(out, "::{} ", sentence::severity(finding))?;
    let Place { path, region } = Place::of(finding.primary(), judged);
    if let Some(path) = path {
        write!(out, "file={},", property(&path))?;
    }
    if let Some(Region { line, column, end_line, end_column }) = region {
        write!(out, "line={line},endLine={end_line},")?;
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

fn row(finding: &Finding, judged: &Judged) -> String {
    let rule = finding.rule();
    let Place { path, region } = Place::of(finding.primary(), judged);
    let line = region.map_or_else(String::new, |region| format!(":{}", region.line));
    let place = path.map_or_else(|| "standard input".to_owned(), |path| format!("{}{line}", cell(&path)));
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
