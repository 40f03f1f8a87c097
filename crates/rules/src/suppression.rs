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
