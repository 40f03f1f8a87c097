//! Counts over verdicts.

use std::fmt;

use certgate_rules::{Level, Suppression};

use crate::judged::Judged;

/// How much was judged, and what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases judged.
    pub cases: usize,
    /// Cases the API, or the target that they go to, would accept.
    pub accepted: usize,
    /// Cases it would refuse; what goes nowhere is counted in neither.
    pub refused: usize,
    /// Findings that weigh [`Level::Error`].
    pub errors: usize,
    /// Findings that weigh [`Level::Warning`].
    pub warnings: usize,
    /// Findings that the configuration ignores.
    pub ignored: usize,
    /// Findings that a baseline knows.
    pub known: usize,
}

impl Tally {
    /// Counts verdicts and their findings.
    #[must_use]
    pub fn of(verdicts: &[Judged]) -> Self {
        let mut tally = Self::default();
        verdicts.iter().for_each(|verdict| tally.add(verdict));
        tally
    }

    /// Counts one more verdict.
    pub fn add(&mut self, verdict: &Judged) {
        self.cases += 1;
        match verdict.is_accepted() {
            Some(true) => self.accepted += 1,
            Some(false) => self.refused += 1,
            None => {}
        }
        let errors = verdict.findings().iter().filter(|finding| finding.level() == Level::Error).count();
        self.errors += errors;
        self.warnings += verdict.findings().len() - errors;
        for suppressed in verdict.suppressed() {
            match suppressed.by {
                Suppression::Allowed => {}
                Suppression::Ignored { .. } => self.ignored += 1,
                Suppression::Known => self.known += 1,
            }
        }
    }
}

/// The findings, such as `1 error, 2 warnings, 1 ignored`, or `nothing found`.
impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [(self.errors, "error"), (self.warnings, "warning")];
        let reported = counts.map(|(count, noun)| (count > 0).then(|| counted(count, noun)));
        let counts = [(self.ignored, "ignored"), (self.known, "known")];
        let suppressed = counts.map(|(count, word)| (count > 0).then(|| format!("{count} {word}")));
        let said: Vec<String> = reported.into_iter().chain(suppressed).flatten().collect();
        if said.is_empty() {
            formatter.write_str("nothing found")
        } else {
            formatter.write_str(&said.join(", "))
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
        let verdicts =
            [fixture::seed(), fixture::rule("key-does-not-match-leaf", "bad-same-size")].map(Judged::from);
        let tally = Tally::of(&verdicts);
        assert_eq!((tally.cases, tally.accepted, tally.refused, tally.errors), (2, 1, 1, 1));
        assert!(tally.warnings >= 3);
    }

    #[test]
    fn what_goes_to_no_api_is_neither_accepted_nor_refused() {
        let tally = |name: &str| Tally::of(&fixture::documents(name));
        let certificate = tally("ssh/ed25519-host-cert.pub");
        assert_eq!((certificate.cases, certificate.accepted, certificate.refused), (1, 0, 0));
        let key = tally("ssh/ed25519.pub");
        assert_eq!((key.cases, key.accepted, key.refused), (1, 1, 0));
        let known_hosts = tally("rules/trust-line-key-revoked/bad-authority.known_hosts");
        assert_eq!((known_hosts.cases, known_hosts.accepted, known_hosts.warnings), (2, 0, 1));
    }

    #[test]
    fn counts_take_the_singular_and_the_plural() {
        let tally = |errors, warnings| Tally { errors, warnings, ..Tally::default() }.to_string();
        assert_eq!(tally(0, 0), "nothing found");
        assert_eq!(tally(1, 0), "1 error");
        assert_eq!(tally(2, 1), "2 errors, 1 warning");
        assert_eq!(tally(0, 3), "3 warnings");
        let tally = Tally { warnings: 1, ignored: 2, known: 3, ..Tally::default() };
        assert_eq!(tally.to_string(), "1 warning, 2 ignored, 3 known");
    }
}
