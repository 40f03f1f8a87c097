//! Verdicts for GitLab: the findings of its code quality report.

use std::io::{self, Write};

use certgate_rules::Level;
use serde::Serialize;

use crate::identity::{Found, found};
use crate::json::pretty;
use crate::judged::Judged;
use crate::place::{Place, Region};
use crate::sentence;

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub struct Issue {
    /// The fault, and what to do about it.
    pub description: String,
    /// The rule, such as `CG301 key-does-not-match-leaf`.
    pub check_name: String,
    /// The same for the same fault in the same file, and no other's.
    pub fingerprint: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub location: Location,
}

/// How bad a finding is, in GitLab's words; `blocker` and `info` are not used.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// An error that the API refuses, or the target that the upload goes to.
    Critical,
    /// Another error.
    Major,
    /// A warning.
    Minor,
}

/// Where a finding is.
#[derive(Clone, Debug, Serialize)]
pub struct Location {
    /// The path as given, without a leading `./`; `stdin` where all was piped in.
    pub path: String,
    /// The lines.
    pub lines: Lines,
}

/// Lines, counted from 1.
#[derive(Clone, Debug, Serialize)]
pub struct Lines {
    /// The first.
    pub begin: usize,
    /// The last.
    pub end: usize,
}

/// Writes the findings of all verdicts; those that the policy allows are left out, for there is no word for them.
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Judged]) -> io::Result<()> {
    let reported = found(verdicts).into_iter().flatten().filter(Found::is_reported);
    let issues: Vec<Issue> = reported.map(|found| Issue::of(&found)).collect();
    out.write_all(pretty(&issues)?.as_bytes())
}

impl Issue {
    fn of(found: &Found<'_>) -> Self {
        let finding = found.finding;
        let Place { path, region } = Place::of(finding.primary(), found.judged);
        let region = region.unwrap_or(Region::BEGINNING);
        Self {
            description: sentence::lines(finding).join("; "),
            check_name: format!("{} {}", finding.rule().code(), finding.rule().name()),
            fingerprint: found.in_this_file(),
            severity: match (finding.level(), finding.api_code().is_some() || finding.refusal().is_some()) {
                (Level::Error, true) => Severity::Critical,
                (Level::Error, false) => Severity::Major,
                (Level::Warning | Level::Allow, _) => Severity::Minor,
            },
            location: Location {
                path: path.unwrap_or_else(|| Place::STANDARD_INPUT.to_owned()),
                lines: Lines { begin: region.line, end: region.end_line },
            },
        }
    }
}
