//! Counts over verdicts.

use std::fmt;

use certgate_rules::{Level, TlsUpload, Verdict};

/// How many uploads were judged, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Uploads judged.
    pub cases: usize,
    /// Uploads the API would accept.
    pub accepted: usize,
    /// Uploads the API would refuse.
    pub refused: usize,
    /// Findings that weigh [`Level::Error`].
    pub errors: usize,
    /// Findings that weigh [`Level::Warning`].
    pub warnings: usize,
}

impl Tally {
    /// Counts verdicts and their findings.
    #[must_use]
    pub fn of(verdicts: &[Verdict<TlsUpload>]) -> Self {
        let count = |level| {
            let findings = verdicts.iter().flat_map(Verdict::findings);
            findings.filter(|finding| finding.level() == level).count()
        };
        let refused = verdicts.iter().filter(|verdict| verdict.api_code().is_some()).count();
        Self {
            cases: verdicts.len(),
            accepted: verdicts.len() - refused,
            refused,
            errors: count(Level::Error),
            warnings: count(Level::Warning),
        }
    }
}

/// The findings, such as `1 error, 2 warnings`, or `nothing found`.
impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.errors, self.warnings) {
            (0, 0) => formatter.write_str("nothing found"),
            (errors, 0) => formatter.write_str(&counted(errors, "error")),
            (0, warnings) => formatter.write_str(&counted(warnings, "warning")),
            (errors, warnings) => {
                write!(formatter, "{}, {}", counted(errors, "error"), counted(warnings, "warning"))
            }
        }
    }
}

/// A number and its noun, with an `s` where there is not one.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn uploads_and_findings_are_counted() {
        let verdicts = [fixture::seed(), fixture::rule("key-does-not-match-leaf", "bad-same-size")];
        let tally = Tally::of(&verdicts);
        assert_eq!((tally.cases, tally.accepted, tally.refused, tally.errors), (2, 1, 1, 1));
        assert!(tally.warnings >= 3);
    }

    #[test]
    fn counts_take_the_singular_and_the_plural() {
        let tally = |errors, warnings| Tally { errors, warnings, ..Tally::default() }.to_string();
        assert_eq!(tally(0, 0), "nothing found");
        assert_eq!(tally(1, 0), "1 error");
        assert_eq!(tally(2, 1), "2 errors, 1 warning");
        assert_eq!(tally(0, 3), "3 warnings");
    }
}
