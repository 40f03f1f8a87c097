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
use crate::tally::Tally;

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
    let mut sheet = Sheet::begin(style, verdicts.len());
    verdicts.iter().try_for_each(|verdict| sheet.add(out, verdict))?;
    sheet.end(out)
}

/// The same, written case by case: nothing is kept but counts.
pub struct Sheet {
    style: Style,
    renderer: Renderer,
    cases: usize,
    shown: usize,
    tally: Tally,
    are_uploads: bool,
}

impl Sheet {
    /// For so many cases.
    #[must_use]
    pub fn begin(style: Style, cases: usize) -> Self {
        let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.term_width(style.width.clamp(WIDTHS.0, WIDTHS.1));
        Self { style, renderer, cases, shown: 0, tally: Tally::default(), are_uploads: true }
    }

    /// Writes the next case.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn add(&mut self, out: &mut dyn Write, verdict: &Judged) -> io::Result<()> {
        self.tally.add(verdict);
        self.are_uploads &= verdict.upload().is_some();
        let is_worth_showing = self.cases <= CASES_SHOWN_MAX || !verdict.findings().is_empty();
        if self.shown == CASES_SHOWN_MAX || !is_worth_showing {
            return Ok(());
        }
        if !self.style.quiet {
            if self.shown > 0 {
                writeln!(out)?;
            }
            for finding in verdict.findings().iter().take(FINDINGS_SHOWN_MAX) {
                writeln!(out, "{}\n", self.renderer.render(&[group(finding)]))?;
            }
            let left_out = verdict.findings().len().saturating_sub(FINDINGS_SHOWN_MAX);
            if left_out > 0 {
                writeln!(out, "and {left_out} more; `--format json` has them all\n")?;
            }
        }
        self.shown += 1;
        writeln!(out, "{}", summary::of_case(verdict, self.style.color))
    }

    /// Writes what is to be said of all.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn end(self, out: &mut dyn Write) -> io::Result<()> {
        let cases = self.tally.cases;
        if cases > self.shown {
            writeln!(out, "and {} more cases; `--format json` has them all", cases - self.shown)?;
        }
        if cases > 1 {
            if !self.style.quiet {
                writeln!(out)?;
            }
            writeln!(out, "{}", summary::of_all(self.tally, self.are_uploads))?;
        }
        Ok(())
    }
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
    if let Some(refusal) = finding.refusal() {
        let document = refusal.document();
        let said = format!("would be refused: {}, {}", document.title(), document.url());
        group = group.element(Level::NOTE.with_name(refusal.target().name()).message(said));
    }
    if let Some(help) = finding.help() {
        group = group.element(Level::HELP.message(shortened(help)));
    }
    group
}

#[cfg(test)]
mod tests;
