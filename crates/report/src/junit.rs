//! Verdicts as results of tests: the XML that JUnit began and Jenkins, GitLab and others read.
//!
//! A case is a suite, a finding is a test. One that fails the run is a failure, one that does not has passed with a note, one that is
//! not reported was skipped. A case in which nothing was found is a test that passed.

use std::io::{self, Write};

use crate::format::Run;
use crate::identity::{Found, found};
use crate::judged::Judged;
use crate::place::{self, Place};
use crate::printable::printable;
use crate::sentence;
use crate::text::case_title;

/// How a test ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Failed,
    Passed,
    Skipped,
}

impl Outcome {
    fn of(found: &Found<'_>, run: Run) -> Self {
        match run.fails_at {
            _ if !found.is_reported() => Self::Skipped,
            Some(level) if found.finding.level() >= level => Self::Failed,
            _ => Self::Passed,
        }
    }
}

/// Writes the verdicts of a run.
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Judged], run: Run) -> io::Result<()> {
    let cases = found(verdicts);
    let tests: usize = cases.iter().map(|found| found.len().max(1)).sum();
    let failures: usize = cases.iter().map(|found| count(found, run, Outcome::Failed)).sum();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"certgate\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">")?;
    for (judged, found) in verdicts.iter().zip(&cases) {
        suite(out, judged, found, run)?;
    }
    writeln!(out, "</testsuites>")
}

fn count(found: &[Found<'_>], run: Run, outcome: Outcome) -> usize {
    found.iter().filter(|found| Outcome::of(found, run) == outcome).count()
}

fn suite(out: &mut dyn Write, judged: &Judged, found: &[Found<'_>], run: Run) -> io::Result<()> {
    let name = escaped(&case_title(judged));
    let failures = count(found, run, Outcome::Failed);
    let skipped = count(found, run, Outcome::Skipped);
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" timestamp=\"{}\">",
        found.len().max(1),
        run.at
    )?;
    if found.is_empty() {
        writeln!(out, "    <testcase name=\"nothing found\" classname=\"{name}\"/>")?;
    }
    for found in found {
        test(out, found, Outcome::of(found, run))?;
    }
    writeln!(out, "  </testsuite>")
}

fn test(out: &mut dyn Write, found: &Found<'_>, outcome: Outcome) -> io::Result<()> {
    let (rule, label) = (found.finding.rule(), found.finding.primary());
    let Place { path, region } = Place::of(label, found.judged);
    let path = path.unwrap_or_else(|| Place::STANDARD_INPUT.to_owned());
    let line = region.map(|region| format!("{}:{}", region.line, region.column));
    let inside = place::inside(label);
    // The same name twice in a file would be the same test.
    let within = [&inside, &line].into_iter().flatten().map(|part| format!(" ({part})")).collect::<String>();
    let rule = format!("{} {}", rule.code(), rule.name());
    let (place, within) = (escaped(&printable(&path)), escaped(&within));
    writeln!(out, "    <testcase name=\"{rule}{within}\" classname=\"{place}\">")?;
    let message = escaped(&printable(found.finding.message()));
    let body = escaped(&sentence::lines(found.finding).join("\n"));
    let line = line.map_or_else(String::new, |line| format!(":{line}"));
    let text = format!("{place}{line}\n{}: {body}", sentence::severity(found.finding));
    match outcome {
        Outcome::Failed => {
            writeln!(out, "      <failure type=\"{rule}\" message=\"{message}\">{text}</failure>")?;
        }
        Outcome::Passed => writeln!(out, "      <system-out>{text}</system-out>")?,
        Outcome::Skipped => {
            let why = found.suppression.map(ToString::to_string).unwrap_or_default();
            writeln!(out, "      <skipped message=\"{}: {message}\"/>", escaped(&printable(&why)))?;
        }
    }
    writeln!(out, "    </testcase>")
}

/// Text as it may stand in XML 1.0, in an attribute too: what XML cannot hold becomes `\u{…}`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            letter if is_illegal(letter) => escaped.extend(letter.escape_unicode()),
            letter => escaped.push(letter),
        }
    }
    escaped
}

fn is_illegal(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}')
}
