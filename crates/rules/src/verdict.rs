//! The sum of all findings.

use std::cmp::Reverse;

use certgate_facts::Span;

use crate::anchor::TrustAnchors;
use crate::case::Case;
use crate::catalog::RULES;
use crate::cleared::{Cleared, Refusal};
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Level, Rule};
use crate::suppression::{Suppressed, Suppression};

/// A case that was judged, and what was found.
pub struct Verdict<T> {
    case: T,
    findings: Vec<Finding>,
    suppressed: Vec<Suppressed>,
    api_code: Option<ApiCode>,
    refusal: Option<&'static Rule>,
    clients_trust: Option<bool>,
    anchors: TrustAnchors,
}

/// Judges a case by every rule of the [catalog](crate::RULES) that is about its kind.
#[must_use]
pub fn judge<C: Case>(mut case: C, policy: &Policy) -> Verdict<C> {
    case.prepare(policy);
    let found: Vec<Finding> = RULES.iter().flat_map(|rule| case.judged_by(rule, policy)).collect();
    let api_code = found.iter().filter_map(Finding::api_code).min_by_key(|code| rank::<C>(*code));
    let refusing = found.iter().filter(|finding| finding.refusal().is_some());
    let refusal = refusing.map(Finding::rule).min_by_key(|rule| rule.code());
    let clients_trust = match found.iter().any(Finding::clients_refuse) {
        true => Some(false),
        false => case.is_trusted(),
    };
    let (mut findings, mut suppressed) = (Vec::new(), Vec::new());
    for finding in found {
        match policy.weigh(&finding) {
            Ok(Level::Allow) => {}
            Ok(level) => findings.push(finding.at_level(level)),
            Err(by) => suppressed.push(Suppressed { finding, by }),
        }
    }
    findings.sort_by_key(order::<C>);
    suppressed.sort_by_key(|suppressed| order::<C>(&suppressed.finding));
    let anchors = policy.anchors().clone();
    Verdict { case, findings, suppressed, api_code, refusal, clients_trust, anchors }
}

/// How early the API looks for what it answers with a code.
fn rank<C: Case>(code: ApiCode) -> usize {
    C::API_ORDER.iter().position(|known| *known == code).unwrap_or(C::API_ORDER.len())
}

/// The worst first; of these what the API meets first; then by rule and place.
fn order<C: Case>(finding: &Finding) -> (Reverse<Level>, usize, RuleCode, Span) {
    let rank = finding.api_code().map_or(usize::MAX, rank::<C>);
    (Reverse(finding.level()), rank, finding.rule().code(), finding.primary().span())
}

impl<T> Verdict<T> {
    /// What was judged.
    #[must_use]
    pub fn case(&self) -> &T {
        &self.case
    }

    /// Those under which was judged.
    pub(crate) fn anchors(&self) -> &TrustAnchors {
        &self.anchors
    }

    /// What was found: errors first, in the order in which the API would meet them, then warnings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What was found and is not reported, and why; each at its rule's own level. It is in the way of clearing as far as the API
    /// minds it.
    #[must_use]
    pub fn suppressed(&self) -> &[Suppressed] {
        &self.suppressed
    }

    /// Reports what is found no longer where `by` says why. What the API would answer stays as it is.
    pub fn suppress(&mut self, mut by: impl FnMut(&Finding) -> Option<Suppression>) {
        for finding in std::mem::take(&mut self.findings) {
            match by(&finding) {
                Some(by) => self.suppressed.push(Suppressed { finding, by }),
                None => self.findings.push(finding),
            }
        }
    }

    /// The code the API would answer, whatever the policy says of it; `None` where it would accept.
    #[must_use]
    pub fn api_code(&self) -> Option<ApiCode> {
        self.api_code
    }

    /// The first rule by which the target of the upload would refuse it, whatever the policy says of that; `None` where its
    /// documents have nothing against it, and for what goes to no other target than the API.
    #[must_use]
    pub fn refused_by(&self) -> Option<&'static Rule> {
        self.refusal
    }

    /// Whether clients would trust it: `Some(false)` where a finding says why not; `Some(true)` where the path to an anchor
    /// that they know was found and holds, and nothing else speaks against it; `None` where neither is known.
    #[must_use]
    pub fn clients_trust(&self) -> Option<bool> {
        self.clients_trust
    }

    /// Whether any finding weighs as much as `level`.
    #[must_use]
    pub fn has(&self, level: Level) -> bool {
        self.findings.iter().any(|finding| finding.level() >= level)
    }

    /// The proof that the case passed: the API, or the target that it goes to, would accept it, and nothing weighs [`Level::Error`].
    ///
    /// # Errors
    /// [`Refusal`] gives the verdict back.
    pub fn clear(self) -> Result<Cleared<T>, Refusal<T>> {
        if self.api_code.is_some() || self.refusal.is_some() || self.has(Level::Error) {
            return Err(Refusal::of(self));
        }
        Ok(Cleared::of(self.case))
    }
}
