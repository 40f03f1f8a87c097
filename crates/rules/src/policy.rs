//! What a case is judged by: a moment, whom clients know, and how rules weigh.

use std::collections::BTreeMap;
use std::sync::Arc;

use certgate_facts::Timestamp;

use crate::anchor::TrustAnchors;
use crate::census::KeyCensus;
use crate::finding::Finding;
use crate::fraction::Fraction;
use crate::path::ReferenceName;
use crate::rule::{Level, Rule};
use crate::suppression::{Exceptions, Suppression};

/// How long an SSH host certificate may be valid where nothing else is said: 30 days.
pub const SSH_LIFETIME_SECS_DEFAULT: u64 = 30 * 86_400;
/// The longest that a policy lets an SSH host certificate be valid: a year, and be it a leap year.
pub const SSH_LIFETIME_SECS_CAP: u64 = 366 * 86_400;
/// How long before the moment it is made an SSH host certificate begins where nothing else is said, for clients whose
/// clocks are slow: a minute.
pub const SSH_BACKDATING_SECS_DEFAULT: u64 = 60;

/// The circumstances of a judgement; the same case under the same policy is always judged the same.
#[derive(Clone, Debug)]
pub struct Policy {
    at: Timestamp,
    anchors: TrustAnchors,
    hosts: Vec<ReferenceName>,
    is_every_chain_public: bool,
    census: Arc<KeyCensus>,
    lifetime_secs_max: u64,
    expires_soon: Fraction,
    levels: BTreeMap<&'static str, Level>,
    level_of_others: Option<Level>,
    exceptions: Option<Arc<dyn Exceptions>>,
}

impl Policy {
    /// Every rule at its own level.
    #[must_use]
    pub fn new(at: Timestamp, anchors: TrustAnchors) -> Self {
        Self {
            at,
            anchors,
            hosts: Vec::new(),
            is_every_chain_public: false,
            census: Arc::default(),
            lifetime_secs_max: SSH_LIFETIME_SECS_DEFAULT,
            expires_soon: Fraction::THIRD,
            levels: BTreeMap::new(),
            level_of_others: None,
            exceptions: None,
        }
    }

    /// Lets SSH host certificates be valid for this many seconds, at most [`SSH_LIFETIME_SECS_CAP`].
    #[must_use]
    pub fn with_lifetime_secs_max(mut self, secs: u64) -> Self {
        self.lifetime_secs_max = secs.min(SSH_LIFETIME_SECS_CAP);
        self
    }

    /// Says of a TLS certificate that it expires soon when no more than this part of its lifetime is left;
    /// [`Fraction::THIRD`] where nothing is said.
    #[must_use]
    pub fn with_expires_soon(mut self, left: Fraction) -> Self {
        self.expires_soon = left;
        self
    }

    /// Lets clients know these issuers instead.
    #[must_use]
    pub fn with_anchors(mut self, anchors: TrustAnchors) -> Self {
        self.anchors = anchors;
        self
    }

    /// Asks of every TLS upload that it covers these names.
    #[must_use]
    pub fn with_hosts(mut self, hosts: impl IntoIterator<Item = ReferenceName>) -> Self {
        self.hosts.extend(hosts);
        self
    }

    /// Judges every chain by what binds public authorities, whatever root it ends at.
    #[must_use]
    pub fn with_every_chain_public(mut self) -> Self {
        self.is_every_chain_public = true;
        self
    }

    /// Judges keys beside all others of the same run.
    #[must_use]
    pub fn with_census(mut self, census: KeyCensus) -> Self {
        self.census = Arc::new(census);
        self
    }

    /// Lets a rule weigh otherwise. What the API would answer stays as it is: [`Level::Allow`] silences a finding, it
    /// clears nothing.
    #[must_use]
    pub fn with_level(mut self, rule: &'static Rule, level: Level) -> Self {
        self.levels.insert(rule.name(), level);
        self
    }

    /// Lets every rule weigh the same, but for those of which something else is said.
    #[must_use]
    pub fn with_every_level(mut self, level: Level) -> Self {
        self.level_of_others = Some(level);
        self
    }

    /// Asks `exceptions` about every finding. As with levels, what the API would answer stays as it is.
    #[must_use]
    pub fn with_exceptions(mut self, exceptions: Arc<dyn Exceptions>) -> Self {
        self.exceptions = Some(exceptions);
        self
    }

    /// The moment at which validity is judged.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The issuers clients know without being sent them.
    #[must_use]
    pub fn anchors(&self) -> &TrustAnchors {
        &self.anchors
    }

    /// Names that every TLS upload should cover.
    #[must_use]
    pub fn hosts(&self) -> &[ReferenceName] {
        &self.hosts
    }

    /// Whether chains that end at a root of one's own are judged by what binds public authorities too.
    #[must_use]
    pub fn is_every_chain_public(&self) -> bool {
        self.is_every_chain_public
    }

    pub(crate) fn census(&self) -> &KeyCensus {
        &self.census
    }

    /// How long an SSH host certificate may be valid, in seconds.
    #[must_use]
    pub fn lifetime_secs_max(&self) -> u64 {
        self.lifetime_secs_max
    }

    /// A TLS certificate expires soon when no more than this part of its lifetime is left.
    #[must_use]
    pub fn expires_soon(&self) -> Fraction {
        self.expires_soon
    }

    /// How a finding weighs; why it is not reported where that was said.
    pub(crate) fn weigh(&self, finding: &Finding) -> Result<Level, Suppression> {
        let exceptions = self.exceptions.as_deref();
        if let Some(ignored) = exceptions.and_then(|exceptions| exceptions.ignored(finding)) {
            return Err(ignored);
        }
        let here = exceptions.and_then(|exceptions| exceptions.level(finding));
        match here.or_else(|| self.level_of(finding.rule())) {
            Some(Level::Allow) => Err(Suppression::Allowed),
            said => Ok(said.unwrap_or_else(|| finding.level())),
        }
    }

    /// How a rule weighs, if it was said.
    fn level_of(&self, rule: &Rule) -> Option<Level> {
        self.levels.get(rule.name()).copied().or(self.level_of_others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::RULES;

    #[test]
    fn what_is_said_of_one_rule_counts_before_what_is_said_of_all() {
        let policy = Policy::new(Timestamp::from_unix_secs(0), TrustAnchors::Mozilla);
        assert!(RULES.iter().all(|rule| policy.level_of(rule).is_none()));
        let [first, others @ ..] = RULES else { panic!("there are rules") };
        for policy in [
            policy.clone().with_level(first, Level::Error).with_every_level(Level::Allow),
            policy.with_every_level(Level::Allow).with_level(first, Level::Error),
        ] {
            assert_eq!(policy.level_of(first), Some(Level::Error));
            assert!(others.iter().all(|rule| policy.level_of(rule) == Some(Level::Allow)));
        }
    }
}
