//! What a configuration says of single findings.

use std::collections::{BTreeMap, BTreeSet};

use certgate_facts::Timestamp;
use certgate_rules::{Exceptions, Finding, Level, Rule, RuleCode, Suppression};

use super::ignore::IgnoreEntry;
use super::pattern::Pattern;
use super::settings::{Override, Settings};
use crate::place::Folder;

/// The overrides and the ignores that are in force.
#[derive(Debug)]
pub(super) struct Said {
    folder: Folder,
    overrides: Vec<Override>,
    /// Those of each rule, with their numbers.
    ignores: BTreeMap<RuleCode, Vec<(usize, IgnoreEntry)>>,
    /// The rules whose level the command line says.
    given: BTreeSet<RuleCode>,
}

impl Said {
    pub(super) fn of(
        settings: &Settings,
        folder: Folder,
        given: &[(&'static Rule, Level)],
        at: Timestamp,
    ) -> Self {
        let mut ignores: BTreeMap<RuleCode, Vec<(usize, IgnoreEntry)>> = BTreeMap::new();
        for (number, entry) in settings.ignores.iter().enumerate().filter(|(_, entry)| entry.is_in_force(at))
        {
            ignores.entry(entry.rule.code()).or_default().push((number, entry.clone()));
        }
        let given = given.iter().map(|(rule, _)| rule.code()).collect();
        Self { folder, overrides: settings.overrides.clone(), ignores, given }
    }
}

/// Where a finding is, as patterns see it.
pub(super) struct Seen {
    whole: Vec<String>,
    below: Option<Vec<String>>,
}

impl Seen {
    pub(super) fn of(name: &str, folder: &Folder) -> Self {
        Self { whole: folder.whole(name), below: folder.below(name) }
    }

    pub(super) fn is_at(&self, path: &Pattern) -> bool {
        if path.is_whole() {
            path.matches(&self.whole)
        } else {
            self.below.as_ref().is_some_and(|below| path.matches(below))
        }
    }
}

impl Exceptions for Said {
    fn level(&self, finding: &Finding) -> Option<Level> {
        let code = finding.rule().code();
        if self.overrides.is_empty() || self.given.contains(&code) {
            return None;
        }
        let seen = Seen::of(finding.primary().path(), &self.folder);
        let here = self.overrides.iter().rev().filter(|one| seen.is_at(&one.path));
        let mut set = here.filter_map(|one| one.levels.iter().find(|set| set.rule.code() == code));
        set.next().map(|set| set.level.value)
    }

    fn ignored(&self, finding: &Finding) -> Option<Suppression> {
        let entries = self.ignores.get(&finding.rule().code())?;
        let seen = Seen::of(finding.primary().path(), &self.folder);
        let fingerprint = finding.fingerprint().to_string();
        let is_meant = |entry: &IgnoreEntry| {
            entry.fingerprint.as_ref().is_none_or(|digits| *digits == fingerprint)
                && entry.path.as_ref().is_none_or(|path| seen.is_at(path))
        };
        let (number, entry) = entries.iter().find(|(_, entry)| is_meant(entry))?;
        Some(Suppression::Ignored { entry: *number, reason: entry.reason.clone() })
    }
}
