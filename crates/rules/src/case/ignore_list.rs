//! What a configuration says is to be ignored, after a run.

use certgate_facts::Timestamp;

use super::Field;
use crate::rule::Rule;

/// The ignores of a configuration, and what became of them in a run.
pub struct IgnoreList {
    path: String,
    entries: Vec<Ignore>,
}

/// One ignore of a configuration, and what became of it in a run.
#[derive(Clone)]
pub struct Ignore {
    rule: &'static Rule,
    what: Field,
    end: Option<(Field, Timestamp)>,
    has_matched: bool,
}

impl IgnoreList {
    /// The ignores of the configuration at `path`.
    #[must_use]
    pub fn new(path: impl Into<String>, entries: Vec<Ignore>) -> Self {
        Self { path: path.into(), entries }
    }

    /// Where the configuration is.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The ignores.
    #[must_use]
    pub fn entries(&self) -> &[Ignore] {
        &self.entries
    }
}

impl Ignore {
    /// That findings of `rule` are ignored; `what` is the path or the fingerprint of these, as it is written.
    #[must_use]
    pub fn new(rule: &'static Rule, what: Field) -> Self {
        Self { rule, what, end: None, has_matched: false }
    }

    /// That they are no longer from `end` on, the first moment after the last day; `last` is that day, as it is written.
    #[must_use]
    pub fn until(mut self, last: Field, end: Timestamp) -> Self {
        self.end = Some((last, end));
        self
    }

    /// Whether anything was ignored because of it.
    #[must_use]
    pub fn with_matches(mut self, has_matched: bool) -> Self {
        self.has_matched = has_matched;
        self
    }

    /// The rule whose findings are ignored.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// The path or the fingerprint, as it is written.
    #[must_use]
    pub fn what(&self) -> &Field {
        &self.what
    }

    /// Whether anything was ignored because of it.
    #[must_use]
    pub fn has_matched(&self) -> bool {
        self.has_matched
    }

    /// Its last day, as it is written, if that is over at a moment.
    #[must_use]
    pub fn ended(&self, at: Timestamp) -> Option<&Field> {
        self.end.as_ref().filter(|(_, end)| *end <= at).map(|(last, _)| last)
    }
}
