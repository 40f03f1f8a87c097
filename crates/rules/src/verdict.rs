//! The sum of all findings.

use crate::anchor::TrustAnchors;
use crate::case::Case;
use crate::catalog::RULES;
use crate::cleared::{Cleared, Refusal};
use crate::code::ApiCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::Level;

/// A case that was judged, and what was found.
pub struct Verdict<T> {
    case: T,
    findings: Vec<Finding>,
    allowed: Vec<Finding>,
    api_code: Option<ApiCode>,
    clients_refuse: bool,
    anchors: TrustAnchors,
}

/// Judges a case by every rule of the [catalog](crate::RULES) that is about its kind.
#[must_use]
pub fn judge<C: Case>(case: C, policy: &Policy) -> Verdict<C> {
    let rank =
        |code: ApiCode| C::API_ORDER.iter().position(|known| *known == code).unwrap_or(C::API_ORDER.len());
    let findings: Vec<Finding> = RULES.iter().flat_map(|rule| case.judged_by(rule, policy)).collect();
    let api_code = findings.iter().filter_map(Finding::api_code).min_by_key(|code| rank(*code));
    let clients_refuse = findings.iter().any(Finding::clients_refuse);
    let (allowed, findings): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| policy.allows(finding.rule()));
    let weighed = findings
        .into_iter()
        .map(|finding| match policy.level_of(finding.rule()) {
            Some(level) => finding.at_level(level),
            None => finding,
        })
        .filter(|finding| finding.level() != Level::Allow);
    let in_order = |mut findings: Vec<Finding>| {
        findings.sort_by_key(|finding| {
            let rank = finding.api_code().map_or(usize::MAX, rank);
            (std::cmp::Reverse(finding.level()), rank, finding.rule().code(), finding.primary().span())
        });
        findings
    };
    Verdict {
        case,
        findings: in_order(weighed.collect()),
        allowed: in_order(allowed),
        api_code,
        clients_refuse,
        anchors: policy.anchors(),
    }
}

impl<T> Verdict<T> {
    /// What was judged.
    #[must_use]
    pub fn case(&self) -> &T {
        &self.case
    }

    /// Those under which was judged.
    pub(crate) fn anchors(&self) -> TrustAnchors {
        self.anchors
    }

    /// What was found: errors first, in the order in which the API would meet them, then warnings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What was found and is not reported, because the policy allows it; each at its rule's own level. It is in the way of clearing as
    /// far as the API minds it.
    #[must_use]
    pub fn allowed(&self) -> &[Finding] {
        &self.allowed
    }

    /// The code the API would answer, whatever the policy says of it; `None` where it would accept.
    #[must_use]
    pub fn api_code(&self) -> Option<ApiCode> {
        self.api_code
    }

    /// Whether clients would trust it: `Some(false)` where a finding says why not; `None` where none does, which is
    /// no promise.
    #[must_use]
    pub fn clients_trust(&self) -> Option<bool> {
        self.clients_refuse.then_some(false)
    }

    /// Whether any finding weighs as much as `level`.
    #[must_use]
    pub fn has(&self, level: Level) -> bool {
        self.findings.iter().any(|finding| finding.level() >= level)
    }

    /// The proof that the case passed: the API would accept it, and nothing weighs [`Level::Error`].
    ///
    /// # Errors
    /// [`Refusal`] gives the verdict back.
    pub fn clear(self) -> Result<Cleared<T>, Refusal<T>> {
        if self.api_code.is_some() || self.has(Level::Error) {
            return Err(Refusal::of(self));
        }
        Ok(Cleared::of(self.case))
    }
}
