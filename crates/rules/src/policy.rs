//! What a case is judged by: a moment, whom clients know, and how rules weigh.

use std::collections::BTreeMap;

use certgate_facts::Timestamp;

use crate::anchor::TrustAnchors;
use crate::rule::{Level, Rule};

/// The circumstances of a judgement; the same case under the same policy is always judged the same.
#[derive(Clone, Debug)]
pub struct Policy {
    at: Timestamp,
    anchors: TrustAnchors,
    levels: BTreeMap<&'static str, Level>,
}

impl Policy {
    /// Every rule at its own level.
    #[must_use]
    pub fn new(at: Timestamp, anchors: TrustAnchors) -> Self {
        Self { at, anchors, levels: BTreeMap::new() }
    }

    /// Lets a rule weigh otherwise. What the API would answer stays as it is: [`Level::Allow`] silences a finding, it
    /// clears nothing.
    #[must_use]
    pub fn with_level(mut self, rule: &'static Rule, level: Level) -> Self {
        self.levels.insert(rule.name(), level);
        self
    }

    /// The moment at which validity is judged.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The issuers clients know without being sent them.
    #[must_use]
    pub fn anchors(&self) -> TrustAnchors {
        self.anchors
    }

    /// How a rule weighs, if it was said.
    pub(crate) fn level_of(&self, rule: &Rule) -> Option<Level> {
        self.levels.get(rule.name()).copied()
    }
}
