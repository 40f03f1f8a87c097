//! Verdicts for people, in the manner of rustc.
//!
//! Each finding is its message, the lines it is about with what stands there, what the API would answer, and what to
//! do about it; each case ends in one line that sums it up.

mod excerpt;
mod summary;

use std::io::{self, Write};

use annotate_snippets::{Group, Level, Renderer};
use certgate_rules::Finding;

use crate::judged::Judged;
use crate::printable::shortened;

pub(crate) use summary::title as case_title;

/// How text is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to write ANSI escape sequences for colours.
    pub color: bool,
    /// Whether to leave out the findings and write only the lines that sum up.
    pub quiet: bool,
    /// Columns of the terminal; source lines that do not fit are cut around what they are shown for.
    pub width: usize,
}

impl Style {
    /// No colours, everything, 100 columns: what goes into a file.
    pub const PLAIN: Self = Self { color: false, quiet: false, width: 100 };
}

/// The most findings shown of one case: who mends these will ask again.
const FINDINGS_SHOWN_MAX: usize = 50;

/// Source lines are cut to no less and no more than this, whatever the terminal.
const WIDTHS: (usize, usize) = (60, 140);

/// The most cases shown of one run; where there are more, those without findings are left out first.
const CASES_SHOWN_MAX: usize = 500;

/// Writes verdicts: the findings of each case and a line that sums it up; of several, a last line on all.
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Judged], style: Style) -> io::Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width.clamp(WIDTHS.0, WIDTHS.1));
    let are_few = verdicts.len() <= CASES_SHOWN_MAX;
    let worth_showing = verdicts.iter().filter(|verdict| are_few || !verdict.findings().is_empty());
    let mut shown = 0;
    for verdict in worth_showing.take(CASES_SHOWN_MAX) {
        if !style.quiet {
            if shown > 0 {
                writeln!(out)?;
            }
            for finding in verdict.findings().iter().take(FINDINGS_SHOWN_MAX) {
                writeln!(out, "{}\n", renderer.render(&[group(finding)]))?;
            }
            let left_out = verdict.findings().len().saturating_sub(FINDINGS_SHOWN_MAX);
            if left_out > 0 {
                writeln!(out, "and {left_out} more; `--format json` has them all\n")?;
            }
        }
        writeln!(out, "{}", summary::of_case(verdict, style.color))?;
        shown += 1;
    }
    if verdicts.len() > shown {
        writeln!(out, "and {} more cases; `--format json` has them all", verdicts.len() - shown)?;
    }
    if verdicts.len() > 1 {
        if !style.quiet {
            writeln!(out)?;
        }
        writeln!(out, "{}", summary::of_all(verdicts))?;
    }
    Ok(())
}

/// Writes findings that belong to no upload, each with an empty line behind it.
///
/// # Errors
/// What `out` answers.
pub fn write_findings(out: &mut dyn Write, findings: &[Finding], color: bool) -> io::Result<()> {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(Style::PLAIN.width);
    for finding in findings.iter().take(FINDINGS_SHOWN_MAX) {
        writeln!(out, "{}\n", renderer.render(&[group(finding)]))?;
    }
    Ok(())
}

fn group(finding: &Finding) -> Group<'_> {
    let level = match finding.level() {
        certgate_rules::Level::Error => Level::ERROR,
        certgate_rules::Level::Warning | certgate_rules::Level::Allow => Level::WARNING,
    };
    let rule = finding.rule();
    let title =
        level.primary_title(shortened(finding.message())).id(format!("{} {}", rule.code(), rule.name()));
    let mut group = Group::with_title(title).elements(excerpt::of(finding));
    if let Some(code) = finding.api_code() {
        group = group.element(Level::NOTE.with_name("API").message(format!("would be refused with {code}")));
    }
    if let Some(help) = finding.help() {
        group = group.element(Level::HELP.message(shortened(help)));
    }
    group
}

#[cfg(test)]
mod tests;
