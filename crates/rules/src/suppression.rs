//! Findings that are not reported, and why.

use std::fmt;
use std::sync::Arc;

use crate::finding::Finding;
use crate::rule::Level;

/// Why a finding is not reported. It is in the way of clearing all the same, as far as the API minds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// The policy lets the rule weigh nothing.
    Allowed,
    /// Somebody accepts it as it is.
    Ignored {
        /// Which of the policy's [exceptions](Exceptions) says so, counted from 0.
        entry: usize,
        /// Why it is accepted.
        reason: Arc<str>,
    },
    /// It was there before: a baseline has it.
    Known,
}

/// The justification, in one line.
impl fmt::Display for Suppression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed => formatter.write_str("allowed by the policy"),
            Self::Ignored { reason, .. } => write!(formatter, "ignored: {reason}"),
            Self::Known => formatter.write_str("known before: the baseline has it"),
        }
    }
}

/// A finding that is not reported.
#[derive(Clone)]
pub struct Suppressed {
    /// The finding, at its rule's own level.
    pub finding: Finding,
    /// Why it is not reported.
    pub by: Suppression,
}

/// What a policy says of single findings, by where they are and what they are about; asked of every finding.
///
/// The same finding is always answered the same.
pub trait Exceptions: fmt::Debug + Send + Sync {
    /// How it weighs where it is, if that is said: before what the policy says of the rule.
    fn level(&self, finding: &Finding) -> Option<Level>;

    /// Why it is accepted as it is, if it is: [`Suppression::Ignored`].
    fn ignored(&self, finding: &Finding) -> Option<Suppression>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{policy, upload};
    use crate::{Policy, TlsUpload, judge};

    /// Ignores what one rule finds, and lets another weigh an error.
    #[derive(Debug)]
    struct Ignoring(&'static str, &'static str);

    impl Exceptions for Ignoring {
        fn level(&self, finding: &Finding) -> Option<Level> {
            (finding.rule().name() == self.1).then_some(Level::Error)
        }

        fn ignored(&self, finding: &Finding) -> Option<Suppression> {
            let ignored = Suppression::Ignored { entry: 0, reason: "known".into() };
            (finding.rule().name() == self.0).then_some(ignored)
        }
    }

    fn ignoring(ignored: &'static str, error: &'static str) -> Policy {
        policy().with_exceptions(Arc::new(Ignoring(ignored, error)))
    }

    fn case(name: &str) -> TlsUpload {
        upload(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name))
    }

    #[test]
    fn what_is_ignored_is_not_reported_and_keeps_its_reason() {
        let verdict = judge(case("seed/example.com.pem"), &ignoring("leaf-expired", ""));
        assert!(verdict.findings().iter().all(|finding| finding.rule().name() != "leaf-expired"));
        let [suppressed] = verdict.suppressed() else { panic!("one is ignored") };
        assert_eq!(suppressed.by.to_string(), "ignored: known");
        assert_eq!(verdict.clients_trust(), Some(false), "they refuse all the same");
    }

    #[test]
    fn an_ignore_clears_what_was_an_error_to_the_policy_alone() {
        assert!(judge(case("seed/example.com.pem"), &ignoring("", "leaf-expired")).clear().is_err());
        assert!(
            judge(case("seed/example.com.pem"), &ignoring("leaf-expired", "leaf-expired")).clear().is_ok()
        );
    }

    #[test]
    fn nothing_that_is_ignored_or_known_clears_what_the_api_refuses() {
        let bad = || case("rules/key-does-not-match-leaf/bad-another-type");
        let verdict = judge(bad(), &ignoring("key-does-not-match-leaf", ""));
        assert!(!verdict.has(Level::Error) && verdict.api_code().is_some());
        assert!(verdict.clear().is_err());
        let mut verdict = judge(bad(), &policy());
        verdict.suppress(|_| Some(Suppression::Known));
        assert!(verdict.findings().is_empty() && verdict.clear().is_err());
    }
}
