//! What was found wrong with the certificates of a server.

use std::io::{self, Write};

use certgate_facts::Timestamp;
use certgate_sign::doctor::{self, Severity};
use certgate_sign::sshd_config::ConfigPlace;
use serde::Serialize;

use super::decision::LineOf;
use crate::json::pretty;
use crate::printable::printable;

/// What was found wrong with a server.
#[derive(Clone, Debug, Serialize)]
pub struct Examination {
    /// The version of this format: 1.
    pub version: u8,
    /// The path of the configuration as given.
    pub config: String,
    /// The instant asked about, RFC 3339 in UTC.
    pub at: String,
    /// How many keys the server has.
    pub host_keys: usize,
    /// How many certificates it has for them.
    pub certificates: usize,
    /// Where `Match` blocks begin, which say nothing about keys.
    pub match_blocks: Vec<LineOf>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// Counts of the findings.
    pub summary: Summary,
}

/// Something found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// What it is, such as `certificate-expired`.
    pub kind: String,
    /// The line of the configuration; `null` for what `sshd` has without one.
    pub line: Option<LineOf>,
    /// The fact, in words.
    pub fact: String,
    /// What to do about it.
    pub hint: String,
}

/// Counts of findings.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Summary {
    /// Of errors.
    pub errors: usize,
    /// Of warnings.
    pub warnings: usize,
    /// Of notes.
    pub notes: usize,
}

impl Examination {
    /// What was found with the configuration at `config`, at `at`.
    #[must_use]
    pub fn of(config: &str, at: Timestamp, found: &doctor::Examination) -> Self {
        let count = |severity| found.findings.iter().filter(|finding| finding.severity() == severity).count();
        Self {
            version: 1,
            config: config.to_owned(),
            at: at.to_string(),
            host_keys: found.host_keys,
            certificates: found.certificates,
            match_blocks: found.match_blocks.iter().map(line).collect(),
            findings: found.findings.iter().map(Finding::of).collect(),
            summary: Summary {
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                notes: count(Severity::Note),
            },
        }
    }

    /// As JSON.
    ///
    /// # Errors
    /// None that is known; those of the JSON writer.
    pub fn json(&self) -> io::Result<String> {
        pretty(self)
    }

    /// Writes each finding with its place and what to do, and counts.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        for finding in &self.findings {
            let place = match &finding.line {
                Some(line) => format!("{}:{}", line.path, line.line),
                None => self.config.clone(),
            };
            let title = format!("{}[{}]: {place}: {}", finding.severity, finding.kind, finding.fact);
            writeln!(out, "{}\n  hint: {}", printable(&title), printable(&finding.hint))?;
        }
        let Summary { errors, warnings, notes } = self.summary;
        let counted =
            |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let counts = [
            counted(self.host_keys, "host key"),
            counted(self.certificates, "certificate"),
            counted(self.match_blocks.len(), "Match block"),
        ];
        let found = [counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")];
        let title = format!("{}: {}; {}", self.config, counts.join(", "), found.join(", "));
        writeln!(out, "{}", printable(&title))
    }
}

impl Finding {
    fn of(finding: &doctor::Finding) -> Self {
        Self {
            severity: finding.severity().to_string(),
            kind: finding.kind().to_string(),
            line: finding.place().map(line),
            fact: finding.fact().to_owned(),
            hint: finding.hint().to_owned(),
        }
    }
}

fn line(place: &ConfigPlace) -> LineOf {
    LineOf { path: place.path.clone(), line: place.line }
}
